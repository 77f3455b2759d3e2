"""JSON Lines of any size, packed or not: some megabytes of lines are held, whatever state the others are in."""

from __future__ import annotations

import io
from itertools import islice
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import orjson

from threadkit.base.errors import FormatError
from threadkit.readers.decode import NOTHING, as_text, line_value, mark_of, tell_wrong_bytes
from threadkit.readers.unpack import open_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from typing import BinaryIO

    from threadkit.readers.draft import Draft

# Reddit's longest objects have a megabyte: what is longer is no line of a forum's export.
_MAX_LINE = 2**26
# Bytes read at once: some thousand lines, so that work by columns pays, and little to hold.
_BLOCK = 2**21
# Lines at once of a file in another encoding.
_LINES = 5000


class Block:
    """Some thousand lines of a file.

    Only the fields that are asked for are held of each object: dropping an object before the next one is read
    keeps the processor's caches, and doubles the speed.
    """

    def __init__(self, first: int, lines: list[bytes], reader: _Reader) -> None:
        self.first = first
        """The number of the first line."""
        self._lines = lines
        self._reader = reader
        self._values: list[Any] | None = None

    def __len__(self) -> int:
        return len(self._lines)

    def fields(self, *names: str) -> dict[str, Sequence[Any]]:
        """Return fields of the objects, n values each: None where one is absent, or the line holds no object.

        A field that no line names is absent from the answer.
        """
        raw = b"\n".join(self._lines)
        named = [name for name in names if b'"%s"' % name.encode() in raw]
        if self._values is None and len(named) > 1:
            taken = itemgetter(*named)
            try:
                rows = [taken(orjson.loads(line)) for line in self._lines]
                return dict(zip(named, zip(*rows, strict=True), strict=True))
            except (orjson.JSONDecodeError, KeyError, TypeError, IndexError):
                pass
        values = self.values()
        return {name: [value.get(name) if type(value) is dict else None for value in values] for name in named}

    def values(self) -> list[Any]:
        """Return the value of each line; `decode.NOTHING` where, with a row in problems, there is none."""
        if self._values is None:
            try:
                self._values = list(map(orjson.loads, self._lines))
            except orjson.JSONDecodeError:
                self._values = [self._reader.value(line, n) for n, line in enumerate(self._lines, start=self.first)]
        return self._values

    def value(self, n: int) -> Any:
        """Return the value of one line, as `values` does."""
        return self.values()[n] if self._values is not None else self._reader.value(self._lines[n], self.first + n)


def json_lines(path: Path, draft: Draft) -> Iterator[tuple[int, Any]]:
    """Yield each value of a file with the number of its line; a damaged line becomes a row in problems.

    Raises FormatError where a packed file is damaged or cut off, after the lines before the damage.
    """
    for block in json_blocks(path, draft):
        for n, value in enumerate(block.values(), start=block.first):
            if value is not NOTHING:
                yield n, value


def json_blocks(path: Path, draft: Draft) -> Iterator[Block]:
    """Yield some thousand lines at once; otherwise as `json_lines`."""
    first, reader = 1, _Reader(draft)
    with open_bytes(path) as file:
        for lines in _blocks(file):
            yield Block(first, lines, reader)
            first += len(lines)


class _Reader:
    """Lines one by one, in whatever state."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._told = False

    def value(self, line: bytes, n: int) -> Any:
        """Return the value of a line; NOTHING where, with a row in problems, there is none."""
        try:
            return orjson.loads(line)
        except orjson.JSONDecodeError:
            if len(line) >= _MAX_LINE:
                what = f"the line is longer than {_MAX_LINE:,} bytes"
                self._draft.problem(what, "it was left out", place=f"line {n}", severity="error")
                return NOTHING
            text, clean = as_text(line)
            if not (clean or self._told):
                self._told = True
                tell_wrong_bytes(self._draft)
            return line_value(text, n, self._draft)


def _blocks(file: BinaryIO) -> Iterator[list[bytes]]:
    """Yield lines in UTF-8, some thousand at once, whatever the byte-order mark says of the file."""
    mark, encoding = mark_of(file.peek(4)[:4])  # type: ignore[attr-defined]
    file.read(len(mark))
    if encoding != "utf-8":
        texts = io.TextIOWrapper(file, encoding, errors="replace", newline="\n")
        while lines := [text.encode("utf-8", "replace") for text in islice(texts, _LINES)]:
            yield lines
        return
    begun = b""
    for data in _pieces(file):
        lines = (begun + data).split(b"\n")
        # Of a line too long only the beginning is held.
        begun = lines.pop()[:_MAX_LINE]
        if max(map(len, lines), default=0) > _MAX_LINE:
            lines = [line[:_MAX_LINE] for line in lines]
        if lines:
            yield lines
    if begun:
        yield [begun]


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    """Yield the bytes of a file, about a block at once; those before damage are given before it is told."""
    held: list[bytes] = []
    while True:
        try:
            data = file.read1(_BLOCK)  # type: ignore[attr-defined]
        except FormatError:
            # What stands behind the last whole line is part of the damage.
            yield b"".join(held)[: b"".join(held).rfind(b"\n") + 1]
            raise
        held.append(data)
        if not data or sum(map(len, held)) >= _BLOCK:
            yield b"".join(held)
            held = []
        if not data:
            return
