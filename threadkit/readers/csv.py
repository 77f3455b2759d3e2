"""threadkit's own format as a table in a text file: comma, semicolon, tab or bar, one row a post or comment.

A file without the column `kind` holds comments. A cell that a spreadsheet was kept from running, by an
apostrophe before ``=``, ``+``, ``-`` or ``@``, is read without the apostrophe.
"""

from __future__ import annotations

import csv
import io
import re
import sys
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING

from threadkit.readers.decode import read_text
from threadkit.readers.given_columns import tell_absent
from threadkit.readers.records import NOTHING, add, columns, is_ours

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from threadkit.readers.draft import Draft
    from threadkit.readers.formats import Sample

TITLE = "threadkit's own format, CSV"

DELIMITERS = ",;\t|"
# What stands before the table, and a first line that tells a spreadsheet how it is cut.
_BEFORE = re.compile(r"[\ufeff\r\n ]*(?:sep=.\r?\n)?", re.IGNORECASE)
# Rows that are looked at together.
_ROWS = 4096
# Blanks between a quoted cell and what parts it from the next: sloppy, but nothing is lost by it.
_TRAILING = re.compile(r'(?<=") +(?=[,;\t|\r\n]|$)')
_IDS = ("id", "post_id", "parent_id")
_FLOAT = re.compile(r"\d+\.0")
_GUARDED = re.compile(r"\A'(?=[=+\-@])")


def detect(sample: Sample) -> bool:
    """Tell whether the first row names our columns."""
    return delimiter(sample.text, sample.columns) is not None


def delimiter(text: str, given: Mapping[str, str] = NOTHING) -> str | None:
    r"""Return what parts the columns of the first row so that ours are among them; None where nothing does.

    >>> delimiter('id;"post_id";text\n1;p;Yes, no')
    ';'
    """
    for mark in DELIMITERS:
        header = next(_rows(text[:4000], mark), [])
        if is_ours(columns(header, given)):
            return mark
    return None


def read(path: Path, draft: Draft) -> None:
    """Add every row of the file."""
    text = read_text(path, draft).replace("\x00", "")
    mark = delimiter(text, draft.columns) or ","
    with wide_cells():
        rows = _told_rows(draft, text, mark)
        header = next(rows, [])
        found = columns(header, draft.columns)
        tell_absent(draft, header)
        floats = _as_floats(text, mark, found)
        if "kind" not in found:
            draft.problem("the file has no column 'kind'", "every row was read as a comment", severity="info")
        draft.unit = "row"
        for n, row in enumerate(rows, start=2):
            place, draft.at = f"row {n}", n
            if n % _ROWS == 2:
                draft.block(site=cell(row[found["site"]]) if found.get("site", len(row)) < len(row) else None)
            if not any(held.strip() for held in row):
                continue
            if len(row) != len(header):
                what = f"the row has {len(row)} cells, the header {len(header)}"
                cure = "it was read as far as it goes; put texts that hold line ends or commas in double quotes"
                draft.problem(what, cure, place=place)
            cells = {"kind": "comment"} | {name: cell(row[at]) for name, at in found.items() if at < len(row)}
            cells |= {name: held.removesuffix(".0") for name in floats if (held := cells.get(name))}
            add(draft, cells, place)


def cell(value: str) -> str | None:
    """Return what a cell holds, None where nothing, without the apostrophe that guards a spreadsheet.

    >>> cell("'=1+1"), cell("'It holds'- he said"), cell("")
    ('=1+1', "'It holds'- he said", None)
    """
    return _GUARDED.sub("", value) or None


def table(text: str) -> str:
    r"""Return a CSV file's text from its header on.

    >>> table("sep=;\ntarget;reply")
    'target;reply'
    """
    return _BEFORE.sub("", text, count=1)


def _rows(text: str, mark: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(table(text), newline=""), delimiter=mark)


def checked_rows(lines: Iterable[str], mark: str) -> Iterator[tuple[int, list[str], str]]:
    """Yield of each row the number of its last line, its cells, and what is wrong with its quotes (empty = nothing).

    Cells are read as leniently as csv does, but a row of several lines must be well quoted: else a quote that is not
    closed takes in the rows below it, up to the end of the file, and nobody is told.
    """
    held: list[str] = []

    def noted() -> Iterator[str]:
        for line in lines:
            held.append(line)
            yield line
        held.append("")  # who asks for more than the last line stands within a quoted cell

    rows = csv.reader(noted(), delimiter=mark)
    for row in rows:
        wrong = _quoting_error(held, mark) if len(held) > 1 else ""
        held.clear()
        yield rows.line_num, row, wrong


def _told_rows(draft: Draft, text: str, mark: str) -> Iterator[list[str]]:
    """Yield the rows of a file; a row in problems tells of one whose quotes may have made it too long."""
    for n, (_, row, wrong) in enumerate(checked_rows(io.StringIO(table(text), newline=""), mark), start=1):
        if wrong:
            draft.problem(
                f"a quote in the row is not closed as it should be ({wrong})",
                "it was read to where the next quote ends, which may take in rows below it; close it, double each "
                "quote within a quoted text, or export the file again",
                place=f"row {n}",
                severity="error",
            )
        yield row


def _quoting_error(lines: list[str], mark: str) -> str:
    """Return what is wrong with the quotes of one row; empty where nothing is."""
    try:
        next(csv.reader((_TRAILING.sub("", line) for line in lines), delimiter=mark, strict=True))
    except csv.Error as error:
        return str(error)
    return ""


def _as_floats(text: str, mark: str, found: Mapping[str, int]) -> list[str]:
    """Return the columns of ids that a data frame wrote as floats, 1 as ``1.0``, for some of their cells are empty."""
    if ".0" not in text:
        return []
    places = {name: found[name] for name in _IDS if name in found}
    held: dict[str, set[str]] = {name: set() for name in places}
    others: set[str] = set()
    for row in islice(_rows(text, mark), 1, None):
        for name, at in places.items():
            if at < len(row) and _FLOAT.fullmatch(row[at]):
                held[name].add(row[at])
            elif at < len(row) and row[at]:
                others.add(name)
    floats = [name for name, ids in held.items() if ids and name not in others]
    # Where the ids themselves are written so, all that name them are.
    return [name for name in floats if "id" in floats or held[name].isdisjoint(held["id"])]


@contextmanager
def wide_cells() -> Iterator[None]:
    """Let a cell be of any length; the module's own limit is 128 KiB."""
    before = csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    try:
        yield
    finally:
        csv.field_size_limit(before)
