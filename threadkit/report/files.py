"""A corpus → a table with one row a file: how many comments it states, and what became of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from threadkit.corpus.losses import COUNTS, losses, said, totals
from threadkit.corpus.tally import tally_of
from threadkit.report.show import MISSING, count, label

if TYPE_CHECKING:
    from rich.console import Console

    from threadkit.corpus.corpus import Corpus
    from threadkit.corpus.tally import Tally

# Columns of a terminal from which the formats stand beside the figures.
_WIDE = 100


def files_table(corpus: Corpus | Tally, *, wide: bool = True) -> Table:
    """Return one row a file and one for all: comments stated, found, inferred, deleted, stubbed, and its problems.

    A dash under "stated" says that the file names no number. In the last row a comment of two files counts once.
    """
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="bold", footer_style="bold", show_footer=True)
    tally = tally_of(corpus)
    whole, n = totals(tally), len(tally.sources)
    table.add_column("File", Text("1 file" if n == 1 else f"all {count(n)} files"), overflow="fold", ratio=1)
    if wide:
        table.add_column("Format")
    for name in COUNTS:
        table.add_column(name.capitalize(), _figure(whole[name]), justify="right")
    table.add_column("Problems", count(tally.problems), justify="right")
    for source in tally.sources:
        known = source.get("format")
        file = label(source.get("name"), 200) + ("" if known else " (not read)")
        figures = [_figure(source.get(f"comments_{name}")) for name in COUNTS]
        # Text, not str: rich would read "[red]" in the name of a file as markup.
        cells = [file, *([label(known, 40) or MISSING] if wide else []), *figures, _figure(source.get("problems"))]
        table.add_row(*map(Text, cells))
    return table


def print_files(corpus: Corpus | Tally, console: Console) -> None:
    """Print the table of files, and in words what was lost."""
    if corpus.sources:
        console.print(files_table(corpus, wide=console.width >= _WIDE))
        console.print(Text(f"Lost: {said(losses(corpus)) or 'nothing'}"))


def _figure(number: Any) -> str:
    return MISSING if number is None else count(int(number))
