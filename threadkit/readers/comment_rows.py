"""All comments of a draft as one table in the order of the files, and that table as the corpus has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from threadkit.corpus.tables import COMMENTS
from threadkit.readers.packed import SCHEMA, Batch

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from threadkit.readers.draft import Draft

# What only a row that had a second look may tell.
_RARE = {"origin": pa.string(), "confidence": pa.float32()}
_COLUMNS = pa.schema([*(field for field in SCHEMA if field.name != "edited_at"), pa.field("source", pa.string())])
_COLUMNS = pa.schema([*_COLUMNS, *(pa.field(name, kind) for name, kind in _RARE.items())])
_PANDAS = {pa.string(): pd.StringDtype(), pa.int32(): pd.Int32Dtype()}


def comment_rows(draft: Draft) -> pa.Table:
    """Return every comment, those of a file in its order; of the text of packed ones no copy is made."""
    if not len(draft.packed):
        return _table(list(draft.comments.values()))
    looked_at = _table(sorted(draft.comments.values(), key=lambda row: row["at"]))
    return pa.concat_tables(_woven(draft.packed.batches, looked_at))


def _woven(batches: Sequence[Batch], rows: pa.Table) -> Iterator[pa.Table]:
    """Yield the batches, the other rows put in where they stood."""
    places, start = rows["at"].to_numpy(), 0
    for batch in batches:
        held = _whole(batch)
        last = batch.rows["at"][-1].as_py()
        stop = int(np.searchsorted(places, last, side="right"))
        if stop > start:
            both = pa.concat_tables([held, rows.slice(start, stop - start)]).combine_chunks()
            held = both.take(pc.sort_indices(both, sort_keys=[("at", "ascending")]))
        start = stop
        yield held
    yield rows.slice(start)


def _whole(batch: Batch) -> pa.Table:
    rows = batch.left()
    n = len(rows)
    held: dict[str, Any] = {name: rows[name] for name in rows.column_names if name in _COLUMNS.names}
    held["source"] = pa.repeat(batch.source, n)
    held["origin"], held["confidence"] = pa.repeat("stated", n), pa.repeat(pa.scalar(1.0, pa.float32()), n)
    return pa.table([held[name] for name in _COLUMNS.names], schema=_COLUMNS)


def _table(rows: Sequence[dict[str, Any]]) -> pa.Table:
    columns = [_column([row.get(field.name) for row in rows], field.type) for field in _COLUMNS]
    return pa.table(columns, schema=_COLUMNS)


def _column(values: list[Any], kind: pa.DataType) -> pa.Array:
    try:
        return pa.array(values, kind)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        if kind != pa.string():
            raise
        return pa.array([None if value is None else str(value) for value in values], kind)


def as_comments(rows: pa.Table, parents: np.ndarray, depth: np.ndarray) -> pd.DataFrame:
    """Return the table of comments; `parents` are row numbers (n,), −1 where a comment answers the post.

    What the rows name as their parents must be the ids of these.
    """
    above = pc.if_else(pa.array(parents >= 0), rows["parent_id"], pa.scalar(None, pa.string()))
    rows = rows.set_column(rows.column_names.index("parent_id"), "parent_id", above).drop_columns(["at", "source"])
    frame = rows.to_pandas(types_mapper=_PANDAS.get).set_index("comment_id")
    return COMMENTS.cast(frame.assign(depth=depth))
