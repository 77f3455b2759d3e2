"""JSON Lines of any size, packed or not: about a megabyte of lines is held, whatever state the others are in."""

from __future__ import annotations

import io
import re
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import orjson
from msgspec.structs import astuple

from threadkit.base.errors import FormatError
from threadkit.readers.decode import NOTHING, as_text, line_value, mark_of, tell_wrong_bytes
from threadkit.readers.unpack import open_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from typing import BinaryIO

    from threadkit.readers.draft import Draft

# Reddit's longest objects have a megabyte: what is longer is no line of a forum's export.
_MAX_LINE = 2**26
# Bytes read at once: some thousand lines, so that work by columns pays, and little to hold.
_BLOCK = 2**20
# Lines at once of a file in another encoding.
_LINES = 5000
_LINE_ENDS = re.compile(rb"\n\n+")


class Block:
    """Some thousand lines of a file, without the blank ones; only the fields that are asked for are held."""

    def __init__(self, first: int, raw: bytes, reader: _Reader) -> None:
        ends = _line_ends(raw)
        filled = np.diff(ends, prepend=-1) > 1
        self.stop = first + len(ends)
        """The number of the first line behind them."""
        self.numbers = np.flatnonzero(filled) + first
        """The numbers of the lines on which anything stands (n,)."""
        self.raw = raw if filled.all() else _LINE_ENDS.sub(b"\n", raw).strip(b"\n")
        """What stands on these lines."""
        self._ends = ends if filled.all() else _line_ends(self.raw)
        self._reader = reader

    def __len__(self) -> int:
        return len(self.numbers)

    def fields(self, *names: str) -> dict[str, Sequence[Any]]:
        """Return fields of the objects, n values each: None where one is absent, or the line holds no object."""
        n = len(self) if self._is_apart() else 0
        columns = _fields(self.raw, n, names) or _fields_one_by_one(self.raw, names)
        return dict(zip(names, columns, strict=True))

    def value(self, n: int) -> Any:
        """Return the value of one line; `decode.NOTHING` where, with a row in problems, there is none."""
        start = self._ends[n - 1] + 1 if n else 0
        return self._reader.value(self.raw[start : self._ends[n]], int(self.numbers[n]))

    def _is_apart(self) -> bool:
        """Tell whether no line can hold a part of an object: each ends one, and the next begins another."""
        data, ends = np.frombuffer(self.raw, dtype=np.uint8), self._ends[:-1]
        whole = self.raw[:1] == b"{" and self.raw[-1:] == b"}"
        return bool(whole and ((data[ends - 1] == ord("}")) & (data[ends + 1] == ord("{"))).all())


def _line_ends(raw: bytes) -> np.ndarray:
    """Return where each line ends (n,)."""
    return np.append(np.flatnonzero(np.frombuffer(raw, dtype=np.uint8) == ord("\n")), len(raw))


@cache
def _decoder(names: tuple[str, ...]) -> Callable[[bytes], list[Any]]:
    """Return a reader of objects, one a line, that keeps fields of theirs, and passes over the others."""
    shape = [(f"f{n}", Any, msgspec.field(name=name, default=None)) for n, name in enumerate(names)]
    return msgspec.json.Decoder(msgspec.defstruct("Fields", shape, gc=False)).decode_lines


def _fields(lines: bytes, n: int, names: tuple[str, ...]) -> Sequence[Sequence[Any]]:
    """Return fields of n objects, each on a line of its own; nothing where that is not what stands there."""
    try:
        # The bytes of what is passed over nobody else looks at.
        rows = _decoder(names)(lines) if n and (lines.isascii() or lines.decode()) else []
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ()
    return tuple(zip(*map(astuple, rows), strict=True)) if len(rows) == n else ()


def _fields_one_by_one(lines: bytes, names: tuple[str, ...]) -> Sequence[Sequence[Any]]:
    return tuple(zip(*(map(_object(line).get, names) for line in lines.split(b"\n")), strict=True))


def _object(line: bytes) -> dict[str, Any]:
    """Return the object on a line; an empty one where there is none."""
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError:
        return {}
    return value if isinstance(value, dict) else {}


def json_lines(path: Path, draft: Draft) -> Iterator[tuple[int, Any]]:
    """Yield each value of a file with the number of its line; a damaged line becomes a row in problems.

    Raises FormatError where a packed file is damaged or cut off, after the lines before the damage.
    """
    for block in json_blocks(path, draft):
        for n in range(len(block)):
            value = block.value(n)
            if value is not NOTHING:
                yield int(block.numbers[n]), value


def json_blocks(path: Path, draft: Draft) -> Iterator[Block]:
    """Yield some thousand lines at once; otherwise as `json_lines`."""
    first, reader = 1, _Reader(draft)
    with open_bytes(path) as file:
        for raw in _blocks(file):
            block = Block(first, raw, reader)
            first = block.stop
            if len(block):
                yield block


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
            if not line or line.isspace():
                return NOTHING
            if len(line) >= _MAX_LINE:
                what = f"the line is longer than {_MAX_LINE:,} bytes"
                self._draft.problem(what, "it was left out", place=f"line {n}", severity="error")
                return NOTHING
            text, clean = as_text(line)
            if not (clean or self._told):
                self._told = True
                tell_wrong_bytes(self._draft)
            return line_value(text, n, self._draft)


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    """Yield some thousand lines at once in UTF-8, without the last line's end, whatever the byte-order mark says."""
    mark, encoding = mark_of(file.peek(4)[:4])  # type: ignore[attr-defined]
    file.read(len(mark))
    if encoding != "utf-8":
        texts = io.TextIOWrapper(file, encoding, errors="replace", newline="\n")
        while some := list(islice(texts, _LINES)):
            yield "".join(some).removesuffix("\n").encode("utf-8", "replace")
        return
    begun = b""
    for data in _pieces(file):
        end = data.rfind(b"\n")
        if end < 0:
            # Of a line too long only the beginning is held.
            begun = (begun + data)[:_MAX_LINE] if len(begun) < _MAX_LINE else begun
            continue
        lines, begun = b"".join((begun, memoryview(data)[:end])), data[end + 1 :]
        del data
        yield _shortened(lines)
    if begun:
        yield _shortened(begun)


def _shortened(lines: bytes) -> bytes:
    """Return lines of which none is longer than it may be."""
    if len(lines) < _MAX_LINE:
        return lines
    return b"\n".join(line[:_MAX_LINE] for line in lines.split(b"\n"))


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    """Yield the bytes of a file, about a block at once; those before damage are given before it is told."""
    held: list[bytes] = []
    size = 0
    while True:
        try:
            data = file.read1(_BLOCK - size)  # type: ignore[attr-defined]
        except FormatError:
            # What stands behind the last whole line is part of the damage.
            whole = b"".join(held)
            yield whole[: whole.rfind(b"\n") + 1]
            raise
        held.append(data)
        size += len(data)
        if not data or size >= _BLOCK:
            whole, held, size = b"".join(held), [], 0
            yield whole
            del whole
        if not data:
            return
