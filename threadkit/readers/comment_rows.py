"""All posts and all comments of a draft in the order of the files, a table at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from threadkit.readers.block_rows import table
from threadkit.readers.packed import POST_SCHEMA, SCHEMA

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from threadkit.readers.packed import Batch, Packed

# What only a row that had a second look may tell otherwise than all others.
_RARE = {"origin": pa.string(), "confidence": pa.float32(), "source": pa.string()}
_COMMENT = pa.schema([*SCHEMA, *(pa.field(name, kind) for name, kind in _RARE.items())])
_POST = pa.schema([*POST_SCHEMA, pa.field("source", pa.string())])


class Rows:
    """Packed rows and others, woven into the order of the files: read as often as needed, and never held as a whole."""

    def __init__(self, packed: Packed, others: Collection[Mapping[str, Any]]) -> None:
        self._packed = packed
        schema = _POST if packed.kind.schema is POST_SCHEMA else _COMMENT
        self._others = table(sorted(others, key=lambda row: row["at"]), schema)

    def __len__(self) -> int:
        return len(self._packed) + len(self._others)

    def tables(self, *names: str) -> Iterator[pa.Table]:
        """Yield some columns of all rows, or all, some thousand rows at once."""
        names = names or tuple(self._others.column_names)
        asked = tuple(dict.fromkeys(("at", *names)))
        others = self._others.select(list(asked))
        places, start = others["at"].to_numpy(), 0
        for batch in self._packed.batches:
            held = _whole(batch, asked, others.schema)
            if start < len(others) and len(held):
                stop = int(np.searchsorted(places, held["at"][-1].as_py(), side="right"))
                if stop > start:
                    both = pa.concat_tables([held, others.slice(start, stop - start)]).combine_chunks()
                    held = both.take(pc.sort_indices(both, sort_keys=[("at", "ascending")]))
                start = stop
            yield held.select(list(names))
        yield others.slice(start).select(list(names))

    def at(self, numbers: np.ndarray, *names: str) -> list[dict[str, Any]]:
        """Return some columns of the rows of these numbers, which are ascending."""
        found: list[dict[str, Any]] = []
        start = 0
        for rows in self.tables(*names):
            inside = numbers[(numbers >= start) & (numbers < start + len(rows))] - start
            found += rows.take(pa.array(inside)).to_pylist() if len(inside) else []
            start += len(rows)
        return found


def _whole(batch: Batch, names: Iterable[str], schema: pa.Schema) -> pa.Table:
    """Return columns of a batch, those among them that all of its rows share."""
    shared = {"source": batch.source, "origin": "stated", "confidence": 1.0}
    rows = batch.left(*(name for name in names if name not in shared))
    n = len(rows)
    return pa.table(
        [
            pa.repeat(pa.scalar(shared[field.name], field.type), n) if field.name in shared else rows[field.name]
            for field in schema
        ],
        schema=schema,
    )
