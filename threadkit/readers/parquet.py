"""threadkit's own format as a Parquet table, one row a post or comment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from threadkit.base.errors import FormatError
from threadkit.readers.decode import tell_wrong_bytes
from threadkit.readers.given_columns import tell_absent
from threadkit.readers.records import add, columns, is_ours
from threadkit.readers.values import string

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pyarrow import RecordBatch, Scalar

    from threadkit.readers.draft import Draft
    from threadkit.readers.formats import Sample

TITLE = "threadkit's own format, Parquet"

_MAGIC = b"PAR1"
# Rows that are looked at together.
_ROWS = 4096


def detect(sample: Sample) -> bool:
    """Tell whether this is a Parquet file with our columns, or one too damaged to tell its columns."""
    if not sample.head.startswith(_MAGIC):
        return False
    from pyarrow import ArrowException
    from pyarrow.parquet import read_schema

    try:
        return is_ours(columns(read_schema(sample.path).names, sample.columns))
    except (ArrowException, OSError):
        return True


def read(path: Path, draft: Draft) -> None:
    """Add every row of the file; raises FormatError where Parquet's own checks fail."""
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile

    try:
        with ParquetFile(path) as file:
            found = columns(file.schema_arrow.names, draft.columns)
            if not is_ours(found):
                raise FormatError(
                    f"{path.name}: a Parquet file without our columns: give id, text, and kind or post_id"
                )
            tell_absent(draft, file.schema_arrow.names)
            names = [file.schema_arrow.names[at] for at in found.values()]
            if "kind" not in found:
                draft.problem("the file has no column 'kind'", "every row was read as a comment", severity="info")
            draft.unit, clean = "row", True
            for batch in file.iter_batches(_ROWS, columns=names):
                readable, good = _readable(batch)
                clean &= good
                rows = [dict(zip(found, cells, strict=True)) for cells in zip(*_cells(readable, names), strict=True)]
                draft.block(site=next((string(row["site"]) for row in rows if row.get("site")), None))
                for row in rows:
                    draft.at += 1
                    add(draft, {"kind": "comment"} | row, f"row {draft.at}")
            if not clean:
                tell_wrong_bytes(draft)
    except (ArrowException, OSError) as error:
        reason = str(error).splitlines()[0][:200]
        raise FormatError(f"{path.name}: damaged Parquet file ({reason}): write it again") from error


def _cells(batch: RecordBatch, names: list[str]) -> Iterator[list[Any]]:
    """Yield the cells of each column."""
    for name in names:
        column = batch.column(batch.schema.get_all_field_indices(name)[-1])
        try:
            yield column.to_pylist()
        except (OverflowError, ValueError):
            # One cell holds a time that Python's calendar does not reach.
            yield [_cell(held) for held in column]


def _cell(held: Scalar[Any]) -> Any:
    """Return what a cell holds; of a time beyond all calendars the bare number, which is no time to `moment` either."""
    try:
        return held.as_py()
    except (OverflowError, ValueError):
        return str(held.value)


def _readable(batch: RecordBatch) -> tuple[RecordBatch, bool]:
    """Return a batch whose texts are UTF-8, as Parquet demands and not every writer keeps, and whether they were."""
    import pyarrow as pa
    import pyarrow.types as kinds

    try:
        batch.validate(full=True)
    except pa.ArrowInvalid:
        for n, column in enumerate(batch.columns):
            if kinds.is_string(column.type) or kinds.is_large_string(column.type):
                cells = column.cast(pa.large_binary()).to_pylist()
                told = [None if cell is None else cell.decode("utf-8", "threadkit-windows") for cell in cells]
                batch = batch.set_column(n, batch.schema.field(n).name, pa.array(told, pa.large_string()))
        batch.validate(full=True)
        return batch, False
    return batch, True
