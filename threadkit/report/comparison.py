"""A comparison → comparison.html, comparison.md, and what a terminal shows: what both share, what only one has."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from threadkit.base.output import folder, write_text
from threadkit.corpus.tables import MAX_Q
from threadkit.report.coverage import flat
from threadkit.report.markdown import render
from threadkit.report.page import asset, environment
from threadkit.report.show import MISSING, count, label, line, plural, share, value

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from threadkit.corpus.comparison import Comparison

# Rows of a list; the rest stand in comparison.parquet. A terminal shows the first few.
MAX_ROWS, MAX_BRIEF_ROWS = 100, 10
# Columns of a terminal from which odds and q stand beside the posts.
WIDE = 110
# Characters of a title in a terminal's table.
MAX_TITLE = 100


@dataclass(frozen=True)
class Row:
    """One crux beside itself: the words that say how it differs, and its figures as they are printed."""

    title: str
    other_title: str
    raised: str
    posts: tuple[str, str]
    odds: str
    sure: str
    q: str
    differs: bool
    karma: tuple[str, str]
    karma_differs: bool
    karma_q: str
    answered: tuple[str, str]
    answered_by: str
    answered_differs: bool
    similarity: str


@dataclass(frozen=True)
class Listed:
    """The rows of one list that are shown, and how many more there are."""

    rows: tuple[Row, ...]
    more: int

    @property
    def n(self) -> int:
        """All rows of the list."""
        return len(self.rows) + self.more


@dataclass(frozen=True)
class Compared:
    """Everything that is shown, in the order it is shown."""

    names: tuple[str, str]
    sides: tuple[tuple[tuple[str, str], ...], ...]
    differs: Listed
    shared: Listed
    only: tuple[Listed, Listed]
    received: Listed
    answered: Listed
    not_comparable: tuple[str, ...]
    made: tuple[tuple[str, str], ...]


def compared(comparison: Comparison, limit: int = MAX_ROWS) -> Compared:
    """Arrange a comparison for reading, at most `limit` rows a list."""
    table, run = comparison.table, comparison.run
    names = (label(run["names"][0], 60) or "A", label(run["names"][1], 60) or "B")
    n_posts = tuple(side["posts"] for side in run["sides"])

    def listed(rows: pd.DataFrame) -> Listed:
        shown = tuple(_row(row, names, n_posts) for row in rows.head(limit).itertuples())
        return Listed(shown, len(rows) - len(shown))

    # The surest difference first: the end of the interval that is nearer to none.
    near = table[["log_odds_low", "log_odds_high"]].abs().min(axis=1)
    differs = table.assign(near=near)[(table["q_value"] <= MAX_Q).fillna(value=False)]
    liked = (table["karma_q_value"] <= MAX_Q).fillna(value=False)
    away = ((table["answered_low"] > 0) | (table["answered_high"] < 0)).fillna(value=False)
    only_made = {key: entry for key, entry in run.items() if key not in {"names", "sides", "not_comparable", "kinds"}}
    return Compared(
        names=names,
        sides=tuple(tuple(_facts(side)) for side in run["sides"]),
        differs=listed(differs.sort_values("near", ascending=False, kind="stable")),
        shared=listed(table[table["kind"] == "shared"]),
        only=(listed(table[table["kind"] == "only A"]), listed(table[table["kind"] == "only B"])),
        received=listed(table[liked].sort_values("karma_q_value", kind="stable")),
        answered=listed(table[away].sort_values("answered_difference", key=abs, ascending=False, kind="stable")),
        not_comparable=tuple(label(words, 400) for words in run["not_comparable"]),
        made=tuple(flat(only_made)),
    )


def comparison_page(comparison: Comparison) -> str:
    """Return a comparison as HTML: one file without any script."""
    template = environment().get_template("comparison.html.j2")
    shown = compared(comparison)
    return template.render(compared=shown, summary=summary(shown), style=asset("report.css"))


def comparison_markdown(comparison: Comparison) -> str:
    """Return a comparison as Markdown."""
    shown = compared(comparison)
    return render("comparison.md.j2", compared=shown, summary=summary(shown))


def write_comparison(comparison: Comparison, where: Path) -> Path:
    """Write comparison.html and comparison.md into the folder `where`; returns the path of the first."""
    write_text(where / "comparison.md", comparison_markdown(comparison))
    return write_text(where / "comparison.html", comparison_page(comparison))


def save_comparison(comparison: Comparison, path: Path, *, force: bool = False) -> Path:
    """Write the table, the report and run.json into the folder `path`; returns it.

    Raises OutputError where it cannot be written, or holds a run.
    """
    with folder(path, force=force) as new:
        comparison.save(new)
        write_comparison(comparison, new)
    return path


def print_comparison(comparison: Comparison, console: Console | None = None) -> None:
    """Print what both share, what only one has, what differs most, and what was not comparable."""
    console = console or Console()
    shown = compared(comparison, MAX_BRIEF_ROWS)
    for name, side in zip(shown.names, shown.sides, strict=True):
        console.print(Text(f"{name}: {', '.join(f'{key} {words}' for key, words in side)}"))
    console.print(Text(summary(shown)))
    lists = (
        ("What differs most", shown.differs),
        ("Shared", shown.shared),
        (f"Only in {shown.names[0]}", shown.only[0]),
        (f"Only in {shown.names[1]}", shown.only[1]),
    )
    for title, listed in lists:
        if listed.rows:
            console.print(_terminal_table(title, listed, shown.names, wide=console.width >= WIDE))
    for words in shown.not_comparable:
        console.print(Text(f"Note: {words}"))


def summary(shown: Compared) -> str:
    """Say in a sentence or two what a comparison found."""
    a, b = shown.names
    if not shown.shared.n and not shown.only[0].n and not shown.only[1].n:
        return "No crux was found on either side."
    found = (
        f"{plural(shown.shared.n, 'point was', 'points were')} raised in both, {count(shown.only[0].n)} only in {a}, "
        f"{count(shown.only[1].n)} only in {b}."
    )
    if not shown.differs.n:
        return f"{found} No point differs by more than chance gives."
    return f"{found} {plural(shown.differs.n, 'point differs', 'points differ')} by more than chance gives."


def times(odds: float) -> str:
    """Write a ratio with the digits a reader needs.

    >>> times(0.041), times(0.5), times(1.26), times(9.04), times(1234.5)
    ('0.041', '0.5', '1.3', '9', '1,234')
    """
    if odds < 1:
        return f"{odds:.2g}"
    return f"{odds:.1f}".removesuffix(".0") if odds < 10 else f"{odds:,.0f}"


def probability(q: float | None) -> str:
    """Write a q-value.

    >>> probability(0.00001), probability(0.0312), probability(None)
    ('under 0.001', '0.031', '–')
    """
    if q is None:
        return MISSING
    return "under 0.001" if q < 0.001 else f"{q:.3f}" if q < 0.1 else f"{q:.2f}"


def _odds(row: Any, names: tuple[str, str]) -> str:
    """Say how many times the odds are, on the side where they are higher."""
    log, low, high = (value(cell) for cell in (row.log_odds, row.log_odds_low, row.log_odds_high))
    if log is None:
        return MISSING
    if log < 0:
        log, low, high = -log, -high, -low
        names = (names[1], names[0])
    ratio, ends = times(math.exp(log)), f"{times(math.exp(low))} to {times(math.exp(high))}"
    return f"about the same odds in both ({ends})" if ratio == "1" else f"{ratio} times the odds in {names[1]} ({ends})"


def _row(row: Any, names: tuple[str, str], n_posts: tuple[int, ...]) -> Row:
    titles = [line(row.title_a), line(row.title_b)]
    if (row.n_posts_b, titles[0]) > (row.n_posts_a, ""):
        titles.reverse()
    first = titles[0] or titles[1] or f"Crux {row.Index}"
    posts = tuple(f"{count(n)} of {count(of)}" for n, of in zip((row.n_posts_a, row.n_posts_b), n_posts, strict=True))
    noun = "post" if n_posts[0] == 1 else "posts"
    q, karma_q = value(row.q_value), value(row.karma_q_value)
    differs = q is not None and q <= MAX_Q
    answered = [value(cell) for cell in (row.answered_difference, row.answered_low, row.answered_high)]
    return Row(
        title=first,
        other_title=titles[1] if titles[1] != first else "",
        raised=f"raised on {posts[0]} {noun} in {names[0]} and {posts[1]} in {names[1]}",
        posts=(posts[0], posts[1]),
        odds=_odds(row, names),
        sure="more than chance gives" if differs else "can be chance" if q is not None else "cannot be told",
        q=probability(q),
        differs=differs,
        karma=(_percent(row.karma_a), _percent(row.karma_b)),
        karma_differs=karma_q is not None and karma_q <= MAX_Q,
        karma_q=probability(karma_q),
        answered=(_percent(row.answered_a), _percent(row.answered_b)),
        answered_by=MISSING if answered[0] is None else _points(*answered),
        answered_differs=answered[0] is not None and (answered[1] > 0 or answered[2] < 0),
        similarity=MISSING if value(row.similarity) is None else f"{row.similarity:.2f}",
    )


def _percent(part: Any) -> str:
    known = value(part)
    return MISSING if known is None else share(round(10_000 * float(known)), 10_000)


def _points(difference: float, low: float, high: float) -> str:
    """Write a difference of shares in percentage points with its interval."""
    shown = [f"{100 * end:+.0f}".replace("-", "−") for end in (difference, low, high)]
    return f"{shown[0]} points ({shown[1]} to {shown[2]})"


def _facts(side: dict[str, Any]) -> list[tuple[str, str]]:
    days = [at[:10] for at in (side["first_at"], side["last_at"]) if at]
    return [
        ("posts with objections", count(side["posts"])),
        ("comments", count(side["comments"])),
        ("objections", count(side["objections"])),
        ("cruxes", count(side["cruxes"])),
        ("days", " to ".join(dict.fromkeys(days)) or MISSING),
    ]


def _terminal_table(title: str, listed: Listed, names: tuple[str, str], *, wide: bool) -> Table:
    more = f"and {count(listed.more)} more in comparison.parquet" if listed.more else None
    table = Table(
        title=Text(title), title_justify="left", caption=more, box=None, padding=(0, 2, 0, 0), header_style="bold"
    )
    table.add_column("", ratio=1)
    for name in names:
        table.add_column(Text(name), justify="right")
    if wide:
        table.add_column("Odds")
        table.add_column("q", justify="right")
    for row in listed.rows:
        cells = (line(row.title, MAX_TITLE), *row.posts, *((row.odds, row.q) if wide else ()))
        # Text, not str: rich would read "[red]" in a forum's words as markup.
        table.add_row(*(Text(cell) for cell in cells))
    return table
