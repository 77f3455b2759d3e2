"""Write docs/reference/tables.md from threadkit/corpus/tables.py: every table, column, dtype and meaning.

python scripts/tables_page.py           # print the page
python scripts/tables_page.py --write   # and write it; tests/test_docs.py holds that it is current
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pages

from threadkit.corpus.tables import ANALYSIS_TABLES, COMPARISON

if TYPE_CHECKING:
    from threadkit.corpus.schema import Table

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "tables.md"
OPENING = """\
<!-- Written by scripts/tables_page.py: change threadkit/corpus/tables.py, then run it with --write. -->

# Tables

Every table is an attribute of an analysis (`analysis.cruxes`), a Parquet file of a saved run (`DIR/cruxes.parquet`),
and a table in `threadkit sql`. `comparison` alone belongs to `threadkit compare`. Columns marked *index* are the
DataFrame's index, and the first columns in SQL. NA means missing: unknown, hidden, or not applicable, and never 0."""
# What one row of each table is.
ROWS = {
    "posts": "a post",
    "comments": "a comment",
    "problems": "something that was skipped, repaired or guessed at while reading",
    "segments": "a paragraph or list item of a comment",
    "quotes": "a segment that repeats words, marked as a quote or not",
    "stances": "a segment that answers somebody else's words, and was judged",
    "objections": "a segment that disagrees",
    "cruxes": "a point that objections share",
    "sides": "a statement of one side of a crux",
    "recurrence": "a crux on a post",
    "answers": "an objection of a crux, copies left out, and what became of it",
    "trends": "a crux in a month",
    "matches": "an objection that a match added; empty after `analyze`",
    "changes": "what became of a crux in a match; empty after `analyze`",
    "comparison": "a crux of either run, or one of both",
}


def described(table: Table) -> str:
    """Return a table's section: what a row is, then one line a column."""
    keys = [f"| `{name}` | `{dtype}` | *index* |" for name, dtype in zip(table.index, table.index_dtypes, strict=True)]
    columns = [
        f"| `{name}` | `{column.dtype}` | {column.meaning.replace('|', chr(92) + '|')} |"
        for name, column in table.columns.items()
    ]
    lines = ["| column | dtype | meaning |", "| :- | :- | :- |", *keys, *columns]
    return f"## {table.name}\n\nOne row is {ROWS[table.name]}.\n\n" + "\n".join(lines)


def page() -> str:
    """Return the page: the tables of an analysis in their order, then that of a comparison."""
    return "\n\n".join([OPENING, *map(described, [*ANALYSIS_TABLES.values(), COMPARISON])]) + "\n"


if __name__ == "__main__":
    pages.offer(page(), PAGE, __doc__)
