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
from threadkit.readers.csv import checked_rows
from threadkit.readers.decode import mark_of
from threadkit.readers.unpack import head, open_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

# How Python marks a byte that is not UTF-8 (surrogateescape).
_BYTE = re.compile("[\udc80-\udcff]")
_LONGEST_MARK = 4
# A first line that tells a spreadsheet how the table is cut.
_HOW_CUT = re.compile(r"sep=.?$", re.IGNORECASE)


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

    Raises FormatError with the line where a row begins whose quotes are not closed as they should be.
    """
    last = 0
    try:
        for line, row, wrong in checked_rows(lines(path), mark):
            if wrong:
                raise FormatError(
                    f"{path}:{last + 1}: a quote in the row that begins here is not closed as it should be ({wrong}); "
                    "close it, and double each quote within a quoted text"
                )
            how = line == 1 and _HOW_CUT.match(mark.join(row))
            if not how and (len(row) > 1 or any(cell.strip() for cell in row)):
                yield line, row
            last = line
    except csv.Error as error:
        raise FormatError(f"{path}:{last + 1}: {error}; save the file as CSV again") from error
