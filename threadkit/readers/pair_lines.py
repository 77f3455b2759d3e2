"""What a file of pairs is made of, before anybody asks what it says: bytes at rest, lines of text, rows of CSV."""

from __future__ import annotations

import csv
import io
import re
import shutil
import sys
import warnings
from contextlib import contextmanager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from threadkit.base.errors import FormatError
from threadkit.readers.decode import mark_of
from threadkit.readers.unpack import head, open_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

# How Python marks a byte that is not UTF-8 (surrogateescape).
_BYTE = re.compile("[\udc80-\udcff]")
_LONGEST_MARK = 4
# Blanks between a quoted cell and what parts it from the next: sloppy, but nothing is lost by it.
# A first line that tells a spreadsheet how the table is cut.
_HOW_CUT = re.compile(r"sep=.?$", re.IGNORECASE)
_TRAILING = re.compile(r'(?<=") +(?=[,;\t|\r\n]|$)')


class WrongBytesWarning(UserWarning):
    """Some bytes of a file are not in the encoding that it was taken for."""


@contextmanager
def at_rest(path: Path) -> Iterator[Path]:
    """Give a file that can be read twice: `path`, or for as long as it is needed a copy of what comes in by a pipe.

    `-` is standard input. A FormatError that is raised within names `path`, not the copy.
    """
    if str(path) != "-" and (path.is_file() or path.is_dir() or not path.exists()):
        yield path
        return
    with TemporaryDirectory(prefix="threadkit-") as folder:
        copy = Path(folder, path.name)
        coming = nullcontext(sys.stdin.buffer) if str(path) == "-" else path.open("rb")
        with coming as source, copy.open("wb") as target:
            shutil.copyfileobj(source, target)
        try:
            yield copy
        except FormatError as error:
            raise FormatError(str(error).replace(str(copy), str(path))) from error


def lines(path: Path) -> Iterator[str]:
    """Yield a file's lines with their ends, unpacked and decoded by its mark; a warning tells the first wrong bytes."""
    sign, encoding = mark_of(head(path, _LONGEST_MARK))
    told = False
    with open_bytes(path) as file:
        file.read(len(sign))
        wrong = "surrogateescape" if encoding == "utf-8" else "replace"
        for n, line in enumerate(io.TextIOWrapper(file, encoding, errors=wrong, newline=""), start=1):
            if line.isascii() or not _BYTE.search(line):
                yield line
                continue
            if not told:
                told = True
                warnings.warn(
                    f"{path.name}:{n}: some bytes are not UTF-8; they were read as Windows-1252; save the file as "
                    "UTF-8 if letters look wrong",
                    WrongBytesWarning,
                    stacklevel=2,
                )
            yield line.encode("utf-8", "surrogateescape").decode("utf-8", "threadkit-windows")


def csv_rows(path: Path, mark: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the cells of each row and the number of its last line, blank lines left out.

    Cells are read as leniently as csv does, but a row of several lines must be well quoted: else a quote that is not
    closed takes in the rows below it, and nobody is told. Raises FormatError with the line where such a row begins.
    """
    held: list[str] = []

    def noted() -> Iterator[str]:
        for line in lines(path):
            held.append(line)
            yield line
        held.append("")  # who asks for more than the last line stands within a quoted cell

    rows = csv.reader(noted(), delimiter=mark)
    try:
        for row in rows:
            if len(held) > 1:
                _check_quotes(path, held, mark, rows.line_num)
            held.clear()
            how = rows.line_num == 1 and _HOW_CUT.match(mark.join(row))
            if not how and (len(row) > 1 or any(cell.strip() for cell in row)):
                yield rows.line_num, row
    except csv.Error as error:
        raise FormatError(f"{path}:{rows.line_num}: {error}; save the file as CSV again") from error


def _check_quotes(path: Path, held: list[str], mark: str, last: int) -> None:
    try:
        next(csv.reader((_TRAILING.sub("", line) for line in held), delimiter=mark, strict=True))
    except csv.Error as error:
        first = last + 1 - sum(line != "" for line in held)
        raise FormatError(
            f"{path}:{first}: a quote in the row that begins here is not closed as it should be ({error}); close it, "
            "and double each quote within a quoted text"
        ) from error
