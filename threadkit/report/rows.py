"""Rows, block by block, into a CSV, JSON Lines or Parquet file: nothing is held but a block."""

from __future__ import annotations

import csv
import re
import sys
from itertools import chain
from typing import IO, TYPE_CHECKING, Any

import orjson

from threadkit.base.errors import OutputError
from threadkit.base.output import new_file
from threadkit.report.sheets import neutral

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

Row = dict[str, Any]

# What a file is by the end of its name.
_ENDINGS = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet"}
# A spreadsheet takes a number for a number, whatever its sign: it needs no guard.
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?(?:[eE][+-]?\d+)?")


def form_of(path: Path) -> str:
    """Return the form of a file by its name's end: csv, jsonl or parquet; raises OutputError."""
    form = _ENDINGS.get(path.suffix.lower())
    if form is None:
        raise OutputError(
            f"{path}: what form it is to have is not told by its name; end it with .csv, .jsonl or .parquet"
        )
    return form


def put_rows(
    blocks: Iterable[Sequence[Row]],
    path: Path | None,
    form: str,
    columns: Sequence[str],
    added: Sequence[str],
    schema: Any = None,
) -> int:
    """Write blocks of rows into a file, whole or not at all, or print them where `path` is None; return how many.

    `form` is what the rows came in: JSON Lines are printed as such, all else as CSV. `columns` are those that they
    came with, `added` those that they got, `schema` is the pyarrow schema of the former, None = told from the first
    block. Raises OutputError where a column is there already, or a row does not fit.
    """  # fmt: skip
    taken = sorted(set(columns) & set(added))
    if taken:
        raise OutputError(f"the rows already have a column {taken[0]!r}; rename it, or take it out")
    if path is None:
        return _print(blocks, sys.stdout, "jsonl" if form == "jsonl" else "csv", columns, added)
    form = form_of(path)
    with new_file(path) as aside:
        if form == "parquet":
            return _parquet(blocks, aside, path, columns, added, schema)
        with aside.open("w", encoding="utf-8-sig" if form == "csv" else "utf-8", newline="") as stream:
            return _print(blocks, stream, form, columns, added)


def _print(
    blocks: Iterable[Sequence[Row]], stream: IO[str], form: str, columns: Sequence[str], added: Sequence[str]
) -> int:
    n = 0
    rest = iter(blocks)
    # Before the header: where not even these can be had, nothing is written.
    first = next(rest, [])
    blocks = chain([first], rest)
    if form == "jsonl":
        for rows in blocks:
            stream.write("".join(_json(row) + "\n" for row in rows))
            n += len(rows)
        return n
    names = [*columns, *added]
    known = set(names)
    table = csv.writer(stream, lineterminator="\n")
    table.writerow(map(_cell, names))
    for rows in blocks:
        for row in rows:
            strange = row.keys() - known
            if strange:
                raise OutputError(f"column {min(strange)!r} is none of the first rows'; write .jsonl, not CSV")
        table.writerows([_cell(row.get(name)) for name in names] for row in rows)
        n += len(rows)
    return n


def _json(value: Any) -> str:
    return orjson.dumps(value, default=_as_text).decode()


def _as_text(value: Any) -> str:
    return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else str(value)


def _cell(value: Any) -> Any:
    if isinstance(value, bytes):
        value = _as_text(value)
    if isinstance(value, str):
        # As one line end, not two: `neutral` leaves no carriage return.
        return value if _NUMBER.fullmatch(value) else neutral(value.replace("\r\n", "\n"))
    if isinstance(value, (dict, list)):
        return neutral(_json(value))
    return value


def _parquet(
    blocks: Iterable[Sequence[Row]], aside: Path, path: Path, columns: Sequence[str], added: Sequence[str], schema: Any
) -> int:
    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter

    n = 0
    rows = iter(blocks)
    first = next(rows, [])
    try:
        whole = _schema(first, columns, added, schema)
        # Opened here: Arrow takes no name that is not UTF-8.
        with aside.open("wb") as file, ParquetWriter(file, whole) as writer:
            for block in chain([first], rows):
                if schema is None:
                    _check_room(block, whole)
                writer.write_table(pa.Table.from_pylist(list(block), schema=whole))
                n += len(block)
    except pa.ArrowException as error:
        raise OutputError(f"{path}: a row does not fit its column ({error}); write .jsonl, not Parquet") from error
    return n


def _check_room(rows: Sequence[Row], schema: Any) -> None:
    """Raise OutputError where a row holds a key that the schema has no room for: pyarrow would drop it untold."""
    kinds = {field.name: field.type for field in schema}
    for row in rows:
        for name, value in row.items():
            found = _homeless(value, kinds[name]) if name in kinds else ()
            if found is not None:
                inner = ".".join([name, *found])
                raise OutputError(f"column {inner!r} is none of the first rows'; write .jsonl, not Parquet")


def _homeless(value: Any, kind: Any) -> tuple[str, ...] | None:
    """Return the path of a key within a value that its pyarrow type has no room for; None where all have."""
    from pyarrow import types

    if isinstance(value, list) and types.is_list(kind):
        return next((found for item in value if (found := _homeless(item, kind.value_type)) is not None), None)
    if isinstance(value, dict) and types.is_struct(kind):
        for key, inner in value.items():
            at = kind.get_field_index(key)
            found = () if at < 0 else _homeless(inner, kind.field(at).type)
            if found is not None:
                return (key, *found)
    return None


def _schema(rows: Sequence[Row], columns: Sequence[str], added: Sequence[str], schema: Any) -> Any:
    import pyarrow as pa

    if schema is None:
        told = pa.Table.from_pylist([{name: row.get(name) for name in columns} for row in rows]).schema
        kinds = {field.name: field.type for field in told if field.type != pa.null()}
        schema = pa.schema([(name, kinds.get(name, pa.string())) for name in columns])
    new = [(name, pa.float32() if name.startswith("p_") else pa.string()) for name in added]
    return pa.schema([*schema, *(pa.field(name, kind) for name, kind in new)])
