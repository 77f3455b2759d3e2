"""JSON Lines of any size, packed or not: one line at a time is held, whatever state the others are in."""

from __future__ import annotations

import io
from functools import partial
from typing import TYPE_CHECKING, Any

import orjson

from threadkit.readers.decode import NOTHING, as_text, line_value, mark_of, tell_wrong_bytes
from threadkit.readers.unpack import open_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

    from threadkit.readers.draft import Draft

# Reddit's longest objects have a megabyte: what is longer is no line of a forum's export.
_MAX_LINE = 2**26


def json_lines(path: Path, draft: Draft) -> Iterator[tuple[int, Any]]:
    """Yield each value of a file with the number of its line; a damaged line becomes a row in problems.

    Raises FormatError where a packed file is damaged or cut off, after the lines before the damage.
    """
    wrong = False
    with open_bytes(path) as file:
        for n, line in enumerate(_lines(file), start=1):
            try:
                value = orjson.loads(line)
            except orjson.JSONDecodeError:
                if line.isspace():
                    continue
                if len(line) == _MAX_LINE:
                    what = f"the line is longer than {_MAX_LINE:,} bytes"
                    draft.problem(what, "it was left out", place=f"line {n}", severity="error")
                    continue
                text, clean = as_text(line)
                if not (clean or wrong):
                    wrong = True
                    tell_wrong_bytes(draft)
                value = line_value(text, n, draft)
                if value is NOTHING:
                    continue
            yield n, value


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """Yield lines in UTF-8, whatever the byte-order mark says of the file; of a line too long only its beginning."""
    mark, encoding = mark_of(file.peek(4)[:4])  # type: ignore[attr-defined]
    if encoding != "utf-8":
        file.read(len(mark))
        for text in io.TextIOWrapper(file, encoding, errors="replace", newline="\n"):
            yield text.encode("utf-8", "replace")
        return
    for line in iter(partial(file.readline, _MAX_LINE), b""):
        yield line
        if len(line) == _MAX_LINE:
            while (rest := file.readline(_MAX_LINE)) and not rest.endswith(b"\n"):
                pass
