"""A corpus or an analysis → what a terminal shows: what was read, what was not, and what keeps coming back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from threadkit.base.lookup import true
from threadkit.corpus.ranking import by_recurrence
from threadkit.corpus.tally import tally_of
from threadkit.report.answerers import answerers
from threadkit.report.changes import changes, summary
from threadkit.report.coverage import Item, coverage, problem_rows, read, severities, unread
from threadkit.report.show import count, days, narrow, plural, score, value
from threadkit.report.view import crux_name

if TYPE_CHECKING:
    from threadkit.corpus.analysis import Analysis
    from threadkit.corpus.corpus import Corpus
    from threadkit.corpus.tally import Tally

# Problems that a terminal shows; the rest stand in the table.
MAX_PROBLEMS = 8
# Columns of a terminal from which all figures stand beside the words.
WIDE = 110
_COUNTS = ("Posts", "Authors", "Objections", "Karma", "First to last", "q")
_NARROW = ("Posts", "Authors", "q")
# Changes of one kind whose titles a terminal shows.
MAX_CHANGES = 3


def recurring_table(analysis: Analysis, limit: int = 20, *, wide: bool = True) -> Table:
    """Return the first `limit` recurring cruxes as a table, in `rank`'s order; with fewer columns unless `wide`."""
    cruxes = by_recurrence(analysis.cruxes)
    cruxes = cruxes[cruxes["recurring"]]
    more = len(cruxes) - limit
    table = Table(
        title="No objection came back on a second post." if cruxes.empty else None,
        caption=f"and {count(more)} more in cruxes.parquet" if more > 0 else None,
        show_header=not cruxes.empty,
        box=None,
        padding=(0, 2, 0, 0),
        header_style="bold",
    )
    table.add_column("", justify="right")
    table.add_column("What keeps coming back", ratio=1)
    names = _COUNTS if wide else _NARROW
    for name in names:
        table.add_column(name, justify="right")
    table.add_column("Answered")
    for i, (_, row) in enumerate(cruxes.head(limit).iterrows(), start=1):
        figures = {
            "Posts": count(row["n_posts"]),
            "Authors": count(row["n_authors"]),
            "Objections": count(row["n_objections"]),
            "Karma": score(value(row["karma_sum"])),
            "First to last": days(value(row["first_at"]), value(row["last_at"])),
            "q": narrow(value(row["q_value"])),
        }
        answered = f"{count(row['n_answered'])}/{count(row['n_posts'])}" if row["n_answered"] else "never"
        # Text, not str: rich would read "[red]" in a forum's words as markup.
        cells = (count(i), crux_name(row, 120), *(figures[name] for name in names), answered)
        table.add_row(*(Text(cell) for cell in cells))
    return table


def print_corpus(corpus: Corpus | Tally, console: Console | None = None) -> None:
    """Print what was read, what was not, and the worst problems."""
    console = console or Console()
    tally = tally_of(corpus)
    _print_read(console, read(tally), unread(tally), severities(tally.severities))
    shown = problem_rows(tally.worst, MAX_PROBLEMS)
    for problem in shown:
        console.print(Text(f"  {problem.severity}: {problem.what} ({problem.where}): {problem.cure}"))
    if tally.problems > len(shown):
        console.print(
            f"  and {count(tally.problems - len(shown))} more; -o DIR writes all to problems.parquet", highlight=False
        )


def print_analysis(analysis: Analysis, console: Console | None = None) -> None:
    """Print what was read, what was not, and the recurring cruxes."""
    console = console or Console()
    found = coverage(analysis)
    _print_read(console, found.read, found.unread, found.problem_counts)
    if len(analysis.objections):
        n = plural(int(analysis.objections["copy_of"].isna().sum()), "objection", "objections")
        console.print(Text(f"Found: {n}, {plural(len(analysis.cruxes), 'crux', 'cruxes')}"))
        _print_changes(console, analysis)
        console.print(recurring_table(analysis, wide=console.width >= WIDE))
        if true(analysis.cruxes["recurring"] & (analysis.cruxes["n_answered"] == 0)).any():
            console.print(Text(f"never: not answered {answerers(analysis).by}"))
    else:
        console.print("No disagreement was found.")


def _print_changes(console: Console, analysis: Analysis) -> None:
    """Print what changed since the earlier run, where this one continued one."""
    found = changes(analysis)
    if found:
        console.print(Text(f"Since the earlier run: {summary(found)}"))
    for each in found:
        for change in each.shown[:MAX_CHANGES]:
            told = ", ".join(filter(None, (change.words, change.other)))
            console.print(Text(f"  {each.kind}: {change.title} ({told})"))


def _print_read(console: Console, done: tuple[Item, ...], left: tuple[Item, ...], problems: tuple[Item, ...]) -> None:
    _print_items(console, "Read", done)
    missed = [item for item in left if item.n]
    console.print(Text(f"Not read, or not surely:{'' if missed else ' none'}"))
    width = max((len(count(item.n)) for item in missed), default=0)
    for item in missed:
        console.print(Text(f"  {count(item.n):>{width}} {item.noun}"))
    _print_items(console, "Problems", tuple(item for item in problems if item.n))


def _print_items(console: Console, name: str, items: tuple[Item, ...]) -> None:
    listed = ", ".join(f"{item.label} {count(item.n)}" for item in items)
    console.print(Text(f"{name}: {listed or 'none'}"))
