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
from threadkit.readers.csv import cell, wide_cells
from threadkit.readers.decode import as_text, mark_of
from threadkit.readers.unpack import SAMPLE_BYTES, head, open_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

Row = dict[str, Any]

# What a pair's columns are called where the user says nothing else.
NAMES = ("target", "reply")
# Rows at once: room for batches of equal length, and a few megabytes.
BLOCK = 4096

_DELIMITERS = ",;\t"
_PARQUET = b"PAR1"


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
    text = as_text(sample)[0].lstrip("\ufeff\r\n\t ")
    if sample.startswith(_PARQUET):
        return _parquet(path, given or {})
    if text.startswith("["):
        raise FormatError(f"{path}: holds a JSON array; write one object a line (JSON Lines)")
    if not text:
        raise FormatError(f"{path}: is empty; give a table with the columns target and reply")
    return (_json_lines if text.startswith("{") else _csv)(path, given or {})


def _named(path: Path, header: Iterable[str], given: Mapping[str, str]) -> tuple[str, str]:
    """Return what the header calls target and reply; case and blanks around a name do not matter."""
    places = {name.strip().casefold(): name for name in reversed(list(header))}
    found = []
    for ours in NAMES:
        theirs = given.get(ours, ours)
        if theirs.strip().casefold() not in places:
            raise FormatError(
                f"{path}: no column {theirs!r}; it has {', '.join(map(repr, header))}; say which holds the {ours}: "
                f"--columns {ours}=NAME"
            )
        found.append(places[theirs.strip().casefold()])
    return found[0], found[1]


def _csv(path: Path, given: Mapping[str, str]) -> Pairs:
    sample = as_text(head(path, SAMPLE_BYTES))[0].lstrip("\r\n ")
    headers = {mark: next(csv.reader(io.StringIO(sample, newline=""), delimiter=mark), []) for mark in _DELIMITERS}
    # The mark that parts the header into most cells, the comma where none does.
    mark = max(headers, key=lambda mark: len(headers[mark]))
    header = headers[mark]
    twice = next((name for n, name in enumerate(header) if name in header[:n]), None)
    if twice is not None:
        raise FormatError(f"{path}: the column {twice!r} stands twice in the header; rename one")
    return Pairs("csv", *_named(path, header, given), header, _csv_blocks(path, mark, header))


def _csv_blocks(path: Path, mark: str, header: list[str]) -> Iterator[list[Row]]:
    with open_bytes(path) as file:
        sign, encoding = mark_of(file.peek(4)[:4])  # type: ignore[attr-defined]
        file.read(len(sign))
        wrong = "threadkit-windows" if encoding == "utf-8" else "replace"
        rows = csv.reader(io.TextIOWrapper(file, encoding, errors=wrong, newline=""), delimiter=mark)

        def records() -> Iterator[Row]:
            begun = False
            try:
                for row in rows:
                    if not any(held.strip() for held in row):
                        continue
                    if not begun:  # the header
                        begun = True
                        continue
                    if len(row) != len(header):
                        raise FormatError(
                            f"{path}:{rows.line_num}: the row that ends here has {len(row)} cells, the header "
                            f"{len(header)}; put texts that hold line ends, quotes or {mark!r} in double quotes"
                        )
                    yield dict(zip(header, map(cell, row), strict=True))
            except csv.Error as error:
                raise FormatError(f"{path}:{rows.line_num}: {error}; save the file as CSV again") from error

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
    with open_bytes(path) as file:

        def records() -> Iterator[Row]:
            for n, line in enumerate(file, start=1):
                stripped = line.removeprefix(b"\xef\xbb\xbf").strip()
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
