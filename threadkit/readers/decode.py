"""Bytes to text and text to JSON, whatever state the file is in: damaged, cut off, or nested without end."""

from __future__ import annotations

import codecs
import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from threadkit.readers.draft import Draft

# A mapping whose end was never reached holds this key: its other values are good, but some may be absent.
CUT = "\x00cut"
# What a line holds that holds no value.
NOTHING = object()

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_GAP = re.compile(r"[\s\x00\ufeff]*")
_BLANK = " \t\r\n\x00\ufeff"
_SCALAR = json.JSONDecoder(strict=False).raw_decode


class Decoded(NamedTuple):
    """One JSON value, where it ended, and what was wrong there (empty where nothing was)."""

    value: Any
    stop: int
    error: str


def _windows(error: UnicodeError) -> tuple[str, int]:
    """Read the bytes that are not UTF-8 as Windows-1252, the usual culprit."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("threadkit-windows", _windows)


def mark_of(data: bytes) -> tuple[bytes, str]:
    """Return the byte-order mark at the beginning, and the encoding it stands for; none stands for UTF-8."""
    return next(((mark, name) for mark, name in _BOMS if data.startswith(mark)), (b"", "utf-8"))


def as_text(data: bytes) -> tuple[str, bool]:
    r"""Return bytes as text without byte-order mark, and whether all of them were UTF-8 (or what the mark says).

    >>> as_text(b"na\xefve"), as_text("naïve".encode("utf-16"))
    (('naïve', False), ('naïve', True))
    """
    mark, encoding = mark_of(data)
    body = data[len(mark) :]
    try:
        return body.decode(encoding), True
    except UnicodeDecodeError:
        return body.decode(encoding, "threadkit-windows" if encoding == "utf-8" else "replace"), False


def read_text(path: Path, draft: Draft) -> str:
    """Return a file's text; bytes in a wrong encoding become a row in problems."""
    text, clean = as_text(path.read_bytes())
    if not clean:
        tell_wrong_bytes(draft)
    return text


def tell_wrong_bytes(draft: Draft) -> None:
    """Note that a file is in another encoding than UTF-8."""
    draft.problem(
        "some bytes are not UTF-8", "they were read as Windows-1252; save the file as UTF-8 if letters look wrong"
    )


def values(path: Path, draft: Draft) -> Iterator[tuple[str, Any]]:
    """Yield each JSON value at the top of a file (one, or one a line) with its place in it.

    What is damaged becomes a row in problems; what stands before the damage is yielded, and in JSON Lines
    what stands after it too. A mapping that was cut off holds the key `CUT`.
    """
    try:
        yield "", orjson.loads(path.read_bytes().removeprefix(codecs.BOM_UTF8))
    except orjson.JSONDecodeError:
        # Not strict JSON, or nested deeper than orjson goes (1024): the slow way reads either.
        text = read_text(path, draft)
        if one_a_line(text):
            yield from _lines(text, draft)
        else:
            yield from _stream(text, draft)


# Enough lines to tell one object a line from one object on many, though some of them be damaged.
_LINES_TRIED = 20


def one_a_line(text: str) -> bool:
    """Tell whether a text, or the beginning of one, is JSON Lines: an object a line, some of them perhaps damaged."""
    lines = [line.strip(_BLANK) for line in text.lstrip(_BLANK).split("\n", _LINES_TRIED + 1)[: _LINES_TRIED + 1]]
    lines = [line for line in lines if line][:_LINES_TRIED]
    begun = [line for line in lines if line.startswith("{") and not line.endswith((",", "[", "{"))]
    if len(lines) < 2 or len(begun) < len(lines) / 2:
        return False
    return any(decode(line)[1:] == (len(line), "") for line in begun)


def _lines(text: str, draft: Draft) -> Iterator[tuple[str, Any]]:
    for n, line in enumerate(text.split("\n"), start=1):
        value = line_value(line, n, draft)
        if value is not NOTHING:
            yield f"line {n}", value


def line_value(raw: str, n: int, draft: Draft) -> Any:
    """Return the value on a line of JSON Lines; NOTHING where it is blank or, with a row in problems, damaged."""
    line = raw.strip(_BLANK)
    if not line:
        return NOTHING
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        value, stop, error = decode(line)
    if error or stop < len(line):
        error = error or f"more stands after the object, at {line[stop : stop + 20]!r}"
        cure = "the line was left out; export it again, or mend the line"
        draft.problem(f"not JSON: {error}", cure, place=f"line {n}", severity="error")
        return NOTHING
    return value


def _stream(text: str, draft: Draft) -> Iterator[tuple[str, Any]]:
    at = skip(text, 0)
    while at < len(text):
        value, at, error = decode(text, at)
        if not error or isinstance(value, (dict, list)):
            yield "", value
        if error:
            line = text.count("\n", 0, at) + 1
            share = f"{at:,} of {len(text):,} characters were read"
            draft.problem(
                f"the file is cut off or damaged: {error}",
                f"{share}, the rest is lost; export it again",
                place=f"line {line}",
                severity="error",
            )
            return
        at = skip(text, at)


@lru_cache(maxsize=1)
def peek(text: str) -> Any:
    """Return the first JSON value of a text that may be only the beginning of a file; None where it is no JSON.

    For detection: the value may be cut off, and must not be changed.
    """
    at = skip(text, 0)
    return decode(text, at).value if text[at : at + 1] in {"{", "["} else None


def skip(text: str, at: int) -> int:
    """Return the first place from `at` on that is not white space."""
    gap = _GAP.match(text, at)
    return gap.end() if gap else at


def decode(text: str, at: int = 0) -> Decoded:
    """Read one JSON value from `at` on, without recursion, and as much of it as there is.

    >>> decode('[1, {"a": 2}, {"b": "cut of').value[:2]
    [1, {'a': 2}]
    >>> decode("[" * 5000 + "]" * 5000).error
    ''
    """
    top: list[Any] = []
    open_: list[list[Any] | dict[str, Any]] = [top]
    keys: list[str | None] = [None]
    try:
        while not top or len(open_) > 1:
            at = skip(text, at)
            inner, key, char = open_[-1], keys[-1], text[at : at + 1]
            if char in {"}", "]"} and len(open_) > 1:
                open_.pop()
                keys.pop()
                at += 1
            elif char == "," and len(open_) > 1:
                at += 1
            elif isinstance(inner, dict) and key is None:
                at = _read_key(text, at, keys)
            else:
                value, at = ({}, at + 1) if char == "{" else ([], at + 1) if char == "[" else _SCALAR(text, at)
                if isinstance(inner, list):
                    inner.append(value)
                else:
                    inner[str(key)], keys[-1] = value, None
                if char in {"{", "["}:
                    open_.append(value)
                    keys.append(None)
    except ValueError as error:
        return Decoded(_close(open_, keys), at, _say(error, text, at))
    return Decoded(top[0], at, "")


def _read_key(text: str, at: int, keys: list[str | None]) -> int:
    if text[at : at + 1] != '"':
        raise ValueError("a name in double quotes was expected")
    keys[-1], at = _SCALAR(text, at)
    at = skip(text, at)
    if text[at : at + 1] != ":":
        raise ValueError("a colon was expected")
    return at + 1


def _close(open_: list[list[Any] | dict[str, Any]], keys: list[str | None]) -> Any:
    """Mark the mappings that were open at the end, and return the value."""
    for inner, key in zip(open_, keys, strict=True):
        if isinstance(inner, dict):
            if key is not None:
                inner[key] = None
            inner[CUT] = True
    return open_[0][0] if open_[0] else None  # type: ignore[index]


def _say(error: ValueError, text: str, at: int) -> str:
    if at >= len(text) or '"' in text[at : at + 1]:
        return "it ends in the middle of a value"
    return f"{error.msg if isinstance(error, json.JSONDecodeError) else error} at {text[at : at + 20]!r}"
