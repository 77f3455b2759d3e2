"""A saved run, or one crux of it → tables on a terminal, with links where it can follow them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.style import Style
from rich.table import Table
from rich.text import Text

from threadkit.base.text import shorten
from threadkit.corpus.crux import only
from threadkit.corpus.ranking import by_recurrence
from threadkit.corpus.tables import MAX_Q
from threadkit.report.case import Cases, one_each, words_of
from threadkit.report.changes import changes, summary
from threadkit.report.evidence import evidence
from threadkit.report.kinds import kinds_by_crux
from threadkit.report.ledger import ledger_line
from threadkit.report.show import MISSING, address, count, day, days, label, narrow, plural, score, value
from threadkit.report.view import crux_name
from threadkit.report.voice import Link

if TYPE_CHECKING:
    import pandas as pd

    from threadkit.corpus.analysis import Analysis
    from threadkit.report.case import Statement

# The tables that each view needs: the others are not read, so that it is there in less than a second.
OVERVIEW = frozenset({"cruxes", "comments", "changes"})
CRUX = frozenset({"cruxes", "objections", "sides", "answers", "recurrence", "comments", "posts"})
# Columns of a terminal beyond which lines are hard to read, and of a pipe that says nothing of its width.
MAX_WIDTH, PIPE_WIDTH = 140, 120
# Columns from which all figures stand beside the words.
WIDE = 110
# Statements a side, posts of a crux, and characters of one statement.
MAX_STATEMENTS, MAX_POSTS, MAX_WORDS = 8, 12, 600


def console() -> Console:
    """Return the console of this process: never wider than can be read; plain where it is a pipe."""
    made = Console(highlight=False)
    if made.is_terminal:
        return Console(highlight=False, width=min(made.width, MAX_WIDTH))
    return made if os.environ.get("COLUMNS") else Console(highlight=False, width=PIPE_WIDTH)


def print_overview(analysis: Analysis, out: Console, limit: int = 20) -> None:
    """Print how much a run holds, what changed, and its cruxes, the most recurrent first."""
    out.print(Text(_held(analysis)))
    if since := changes(analysis):
        out.print(Text(f"Since the earlier run: {summary(since)}"))
    if analysis.cruxes.empty:
        out.print("No crux was found.")
        return
    out.print(_overview(analysis, limit, out))
    out.print(Text(f"q up to {MAX_Q}: more than chance gives. Answered: on so many of its posts."))
    out.print(Text("One crux with both sides: threadkit show DIR --crux NUMBER"))


def print_crux(analysis: Analysis, crux_id: int, out: Console) -> None:
    """Print one crux: its claim, both sides in their own words, its answers, the posts on which it came up.

    Raises SettingError where there is none of this number.
    """
    alone = only(analysis, crux_id)
    case = Cases(alone).case(crux_id)
    told = evidence(case.row)
    out.print(Text(f"Crux {crux_id}: {case.title}", style="bold"))
    for name, words in (
        ("Claim", case.proposition),
        ("Kinds of objection", kinds_by_crux(alone.objections).get(crux_id, "")),
        ("", f"{told.where}; {ledger_line(case.row) or 'never answered'}."),
        ("", f"{told.beside_chance}." if told.beside_chance else ""),
    ):
        if words:
            out.print(Text(f"{name}: {words}" if name else words))
    sides = (("Those who deny it", case.objections), ("Those who hold it", case.defences), ("Answers", case.answers))
    for title, said in sides:
        _print_side(title, said, out)
    out.print(_posts(alone.crux(crux_id).posts, out))


def _held(analysis: Analysis) -> str:
    """Say how much a run holds, in the report's numbers: comments that were read, objections without their copies."""
    found = analysis.run.get("counts", {})
    if not {"posts", "objections"} <= found.keys():
        return repr(analysis)
    read, copies = int((analysis.comments["status"] == "live").sum()), found.get("copies", 0)
    told = {"posts": found["posts"], "comments": read, "objections": found["objections"] - copies}
    left = f" ({plural(copies, 'copy', 'copies')} left out)" if copies else ""
    words = ", ".join(f"{name} {count(n)}" for name, n in told.items())
    return f"{words}{left}, cruxes {count(len(analysis.cruxes))}"


def _overview(analysis: Analysis, limit: int, out: Console) -> Table:
    ranked = by_recurrence(analysis.cruxes)
    more = len(ranked) - limit
    table = _table(f"and {count(more)} more: --limit {len(ranked)}" if more > 0 else "")
    wide = out.width >= WIDE
    table.add_column("Crux", justify="right")
    table.add_column("The point, in an objector's words", ratio=1)
    names = ("Posts", "Authors", "Objections", "Karma", "First to last", "q") if wide else ("Posts", "Authors", "q")
    for name in names:
        table.add_column(name, justify="right")
    table.add_column("Answered")
    comments = ranked["example_id"].str.rpartition(":")[0]
    urls = analysis.comments["url"].reindex(comments)
    for (crux_id, row), url in zip(ranked.head(limit).iterrows(), urls, strict=False):
        figures = {
            "Posts": count(row["n_posts"]),
            "Authors": count(row["n_authors"]),
            "Objections": count(row["n_objections"]),
            "Karma": score(value(row["karma_sum"])),
            "First to last": days(value(row["first_at"]), value(row["last_at"])),
            "q": narrow(value(row["q_value"])),
        }
        answered = f"{count(row['n_answered'])}/{count(row['n_posts'])}" if row["n_answered"] else "never"
        title = _linked(Link(crux_name(row, 120), address(url)), out, told=False)
        table.add_row(str(crux_id), title, *(figures[name] for name in names), answered)
    return table


def _print_side(title: str, said: tuple[Statement, ...], out: Console) -> None:
    shown = one_each(said, MAX_STATEMENTS)
    more = len(said) - len(shown)
    table = _table(f"and {count(more)} more" if more else "", title)
    table.add_column("Karma", justify="right")
    agreed = any(each.agreement is not None for each in shown)
    if agreed:
        table.add_column("Agreement", justify="right")
    table.add_column("Author", max_width=20, overflow="fold")
    table.add_column("Date")
    table.add_column("Words", ratio=1, overflow="fold")
    for each in shown:
        scores = [score(each.karma), *([score(each.agreement)] if agreed else [])]
        words = _linked(Link(shorten(words_of(each), MAX_WORDS), each.source.href), out)
        # Text, not str: rich would read "[red]" in a forum's words as markup.
        table.add_row(*map(Text, [*scores, each.author, day(each.at)]), words)
    out.print(table if shown else Text(f"{title}: nobody was found."))


def _posts(posts: pd.DataFrame, out: Console) -> Table:
    rows = posts.sort_values(["n_objections", "first_at"], ascending=[False, True], kind="stable")
    more = len(rows) - MAX_POSTS
    title = f"Raised on {plural(len(rows), 'post', 'posts')}"
    table = _table(f"and {count(more)} more in recurrence.parquet" if more > 0 else "", title)
    table.add_column("Objections", justify="right")
    table.add_column("Authors", justify="right")
    table.add_column("First")
    table.add_column("Answered by")
    table.add_column("Post", ratio=1, overflow="fold")
    for post_id, row in rows.head(MAX_POSTS).iterrows():
        name = label(row["title"], 100) or label(post_id, 60)
        answered = value(row["answered_by"])
        cells: list[Any] = [count(row["n_objections"]), count(row["n_authors"]), day(value(row["first_at"]))]
        cells.append(f"comment {label(answered, 60)}" if answered else MISSING)
        table.add_row(*(Text(cell) for cell in cells), _linked(Link(name, address(row["url"])), out))
    return table


def _table(caption: str, title: str = "") -> Table:
    return Table(
        title=Text(title, style="bold") if title else None,
        title_justify="left",
        caption=Text(caption) if caption else None,
        caption_justify="left",
        box=None,
        padding=(0, 2, 0, 0),
        header_style="bold",
    )


def _linked(to: Link, out: Console, *, told: bool = True) -> Text:
    """Return words that link to an address on a terminal; in a pipe the address follows them, if it is to be told."""
    words = Text(to.words)
    if not to.href:
        return words
    if out.is_terminal:
        words.stylize(Style(link=to.href))
    elif told:
        words.append(f" {to.href}")
    return words
