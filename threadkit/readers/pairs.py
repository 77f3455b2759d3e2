"""A file of pairs, target and reply: CSV, JSON Lines or Parquet, some thousand rows at once, each column kept.

Not an export of a forum: a mistake in it is told with its line, and ends the reading.
"""

from __future__ import annotations

import csv
import io
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from threadkit.base.errors import FormatError
from threadkit.base.text import shorten
from threadkit.readers.csv import DELIMITERS, cell, table, wide_cells
from threadkit.readers.decode import as_text
from threadkit.readers.pair_lines import csv_rows, lines
from threadkit.readers.unpack import SAMPLE_BYTES, head

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

Row = dict[str, Any]

# What a pair's columns are called where the user says nothing else.
NAMES = ("target", "reply")
# Rows at once: room for batches of equal length, and a few megabytes.
BLOCK = 4096

_PARQUET = b"PAR1"
# How a workbook begins, .xlsx and .ods (a zip archive) or .xls.
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
# Names of columns that a message lists, and characters of one.
_LISTED, _SHOWN = 20, 40


class Pairs(NamedTuple):
    """A file of pairs that was begun: its form, what it calls target and reply, its columns, its rows in blocks."""

    form: str
    target: str
    reply: str
    columns: list[str]
    blocks: Iterator[list[Row]]
    schema: Any = None


def read_pairs(path: Path, given: Mapping[str, str] | None = None) -> Pairs:
    """Begin to read a file of pairs, packed or not; `given` says what it calls the columns target and reply.

    Raises FormatError, at once or while the blocks are read, naming file, line and cure.
    """
    if not path.is_file():
        raise FormatError(
            f"{path}: {'is a folder' if path.is_dir() else 'there is no such file'}; give a file of pairs"
        )
    sample = head(path, SAMPLE_BYTES)
    if sample.startswith(_WORKBOOKS):
        raise FormatError(f"{path}: is a workbook or archive; save the sheet as CSV (UTF-8) and give that file")
    text = as_text(sample)[0].lstrip("\ufeff\r\n\t ")
    if sample.startswith(_PARQUET):
        return _parquet(path, given or {})
    if text.startswith("["):
        raise FormatError(f"{path}: holds a JSON array; write one object a line (JSON Lines)")
    if not text:
        raise FormatError(f"{path}: is empty; give a table with the columns target and reply")
    return (_json_lines if text.startswith("{") else _csv)(path, given or {})


def _named(path: Path, header: Sequence[str], given: Mapping[str, str]) -> tuple[str, str]:
    """Return what the header calls target and reply."""
    found = _found(header, given)
    for ours in NAMES:
        if ours not in found:
            names = [repr(shorten(name, _SHOWN)) for name in header[:_LISTED]]
            more = f" and {len(header) - _LISTED} more" if len(header) > _LISTED else ""
            raise FormatError(
                f"{path}: no column {given.get(ours, ours)!r}; it has {', '.join(names)}{more}; say which holds the "
                f"{ours}: --columns {ours}=NAME"
            )
    return found["target"], found["reply"]


def _found(header: Sequence[str], given: Mapping[str, str]) -> dict[str, str]:
    """Return what the header calls ours, those that it has; case and blanks matter only where they part two names."""
    folded = {name.strip().casefold(): name for name in reversed(header)}
    wanted = {ours: given.get(ours, ours) for ours in NAMES}
    found = {ours: name if name in header else folded.get(name.strip().casefold()) for ours, name in wanted.items()}
    return {ours: name for ours, name in found.items() if name is not None}


def _csv(path: Path, given: Mapping[str, str]) -> Pairs:
    sample = table(as_text(head(path, SAMPLE_BYTES))[0])
    headers = {mark: next(csv.reader(io.StringIO(sample, newline=""), delimiter=mark), []) for mark in DELIMITERS}
    # The mark that parts the header so that our names stand in it, else into most cells; the comma where none does.
    mark = max(headers, key=lambda mark: (len(_found(headers[mark], given)), len(headers[mark])))
    header = _all_named(headers[mark])
    twice = next((name for n, name in enumerate(header) if name in header[:n]), None)
    if twice is not None:
        raise FormatError(f"{path}: the column {shorten(twice, _SHOWN)!r} stands twice in the header; rename one")
    return Pairs("csv", *_named(path, header, given), header, _csv_blocks(path, mark, header))


def _all_named(header: list[str]) -> list[str]:
    """Return the header, its columns without a name called by their place where there are several, as Excel leaves."""
    if sum(not name.strip() for name in header) < 2:
        return header
    return [name if name.strip() else f"column {n}" for n, name in enumerate(header, start=1)]


def _csv_blocks(path: Path, mark: str, header: list[str]) -> Iterator[list[Row]]:
    def records() -> Iterator[Row]:
        for line, row in islice(csv_rows(path, mark), 1, None):
            # A row of blank cells stays one: else no row below it stands where it stood.
            cells = row if any(held.strip() for held in row) else [""] * len(header)
            if len(cells) != len(header):
                raise FormatError(
                    f"{path}:{line}: the row that ends here has {len(cells)} cells, the header {len(header)}; put "
                    f"texts that hold line ends, quotes or {mark!r} in double quotes"
                )
            yield dict(zip(header, map(cell, cells), strict=True))

    found = records()
    with wide_cells():
        while block := list(islice(found, BLOCK)):
            yield block


def _json_lines(path: Path, given: Mapping[str, str]) -> Pairs:
    blocks = _json_blocks(path)
    first = next(blocks)
    header = list(dict.fromkeys(name for row in first for name in row))
    target, reply = _named(path, header, given)

    def every() -> Iterator[list[Row]]:
        yield first
        yield from blocks

    return Pairs("jsonl", target, reply, header, every())


def _json_blocks(path: Path) -> Iterator[list[Row]]:
    def records() -> Iterator[Row]:
        for n, line in enumerate(lines(path), start=1):
            stripped = line.strip("\ufeff\r\n\t ")
            if not stripped:
                continue
            try:
                value = orjson.loads(stripped)
            except orjson.JSONDecodeError as error:
                raise FormatError(f"{path}:{n}: not JSON ({error}); mend the line or take it out") from error
            if not isinstance(value, dict):
                raise FormatError(f"{path}:{n}: a {type(value).__name__}, expected an object; take the line out")
            yield value

    found = records()
    while block := list(islice(found, BLOCK)):
        yield block


def _parquet(path: Path, given: Mapping[str, str]) -> Pairs:
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile

    def damaged(error: Exception) -> FormatError:
        return FormatError(f"{path}: damaged Parquet file ({str(error).splitlines()[0][:200]}); write it again")

    try:
        schema = ParquetFile(path).schema_arrow
    except (ArrowException, OSError) as error:
        raise damaged(error) from error

    def blocks() -> Iterator[list[Row]]:
        try:
            with ParquetFile(path) as file:
                for batch in file.iter_batches(batch_size=BLOCK):
                    yield batch.to_pylist()
        except (ArrowException, OSError) as error:
            raise damaged(error) from error

    return Pairs("parquet", *_named(path, schema.names, given), schema.names, blocks(), schema)
