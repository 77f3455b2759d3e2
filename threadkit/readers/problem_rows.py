"""What was not clean about an export, row by row: thousands of rows are held as columns, or laid aside."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from threadkit.readers.shelf import Place, Shelf

_SCHEMA = pa.schema(
    {
        **dict.fromkeys(("source", "place", "comment_id", "severity", "what", "cure", "loss"), pa.string()),
        "n_lost": pa.int64(),
    }
)
# Rows that are held as mappings before they become columns.
_MANY = 4096


class ProblemRows:
    """Rows of the table of problems in the order in which they were met, with the loss that each tells of."""

    def __init__(self, shelf: Shelf | None = None) -> None:
        self._shelf = shelf
        self._packed: list[pa.Table | Place] = []
        self._rows: list[dict[str, Any]] = []
        self._n = 0

    def __len__(self) -> int:
        return self._n

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for n in range(len(self._packed)):
            yield from self._table(n).to_pylist()
        yield from self._rows

    def __getitem__(self, n: int) -> dict[str, Any]:
        return list(self)[n]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, (list, ProblemRows)) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    def append(self, row: dict[str, Any]) -> None:
        """Add a row."""
        self._rows.append(row)
        self._n += 1
        if len(self._rows) >= _MANY:
            table = pa.Table.from_pylist(self._rows, schema=_SCHEMA)
            self._packed.append(table if self._shelf is None else self._shelf.put(table))
            self._rows = []

    def __iadd__(self, rows: Iterable[dict[str, Any]]) -> ProblemRows:
        for row in rows:
            self.append(row)
        return self

    def tables(self) -> Iterator[pa.Table]:
        """Yield the rows as tables, with the number of each."""
        start = 0
        for n in range(len(self._packed) + 1):
            table = self._table(n) if n < len(self._packed) else pa.Table.from_pylist(self._rows, schema=_SCHEMA)
            numbers = pa.array(range(start, start + len(table)), pa.int64())
            start += len(table)
            yield table.add_column(0, "problem", numbers)

    def tally(self) -> tuple[Counter[str], defaultdict[str, Counter[str]]]:
        """Return how many rows each file has, and how much of each kind was lost of it."""
        rows: Counter[str] = Counter()
        lost: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for row in self:
            rows[row["source"]] += 1
            if row["loss"]:
                lost[row["source"]][row["loss"]] += row["n_lost"]
        return rows, lost

    def _table(self, n: int) -> pa.Table:
        held = self._packed[n]
        return held if isinstance(held, pa.Table) else self._shelf.get(held)  # type: ignore[union-attr]
