"""Fields of many JSON objects as columns; what is not of the kind asked for is told, and null."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from threadkit.base.keys import letters
from threadkit.base.text import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

NO_ROWS = np.empty(0, dtype=np.int64)


class Column(NamedTuple):
    """A field's values, and the rows where it holds something of another kind."""

    values: pa.Array
    odd: np.ndarray


def texts(held: Sequence[Any]) -> Column:
    """Return values that should be text; null where one is None or odd."""
    try:
        return Column(pa.array(held, pa.string()), NO_ROWS)
    except (pa.ArrowInvalid, pa.ArrowTypeError, UnicodeEncodeError):
        fit = [value if type(value) is str and clean(value) == value else None for value in held]
        odd = [n for n, (value, kept) in enumerate(zip(held, fit, strict=True)) if value is not kept]
        return Column(pa.array(fit, pa.string()), np.array(odd, dtype=np.int64))


def integers(held: Sequence[Any], low: int, high: int) -> Column:
    """Return values that should be whole numbers between two others, or their digits; null where one is None or odd."""
    if held.count(None) == len(held):
        return Column(pa.nulls(len(held), pa.int64()), NO_ROWS)
    plain = _whole_numbers(held)
    if plain is not None and low < plain.min() and plain.max() < high:
        return Column(pa.array(plain), NO_ROWS)
    fit = [_integer(value, low, high) for value in held]
    odd = [n for n, value in enumerate(fit) if value is None and held[n] is not None]
    return Column(pa.array(fit, pa.int64()), np.array(odd, dtype=np.int64))


def _whole_numbers(held: Sequence[Any]) -> np.ndarray | None:
    """Return numbers (n,) int64; None where one is missing, or something else."""
    if set(map(type, held)) != {int}:
        return None
    try:
        return np.fromiter(held, np.int64, len(held))
    except OverflowError:
        return None


def _integer(value: Any, low: int, high: int) -> int | None:
    if type(value) is str and value.isascii() and value.isdigit() and len(value) <= len(str(high)):
        value = int(value)
    return value if type(value) is int and low < value < high else None


def matches(column: pa.Array, pattern: str) -> np.ndarray:
    """Return where a column matches a regular expression of RE2, (n,) bool; false where it is null."""
    return as_bools(pc.match_substring_regex(column, pattern))


def as_texts(data: bytes | np.ndarray, stops: np.ndarray) -> pa.Array:
    """Return a column of texts that stand one after another, from where each ends.

    >>> as_texts(b"teahot", np.array([3, 3, 6])).to_pylist()
    ['tea', '', 'hot']
    """
    offsets = np.concatenate([[0], stops]).astype(np.int32)
    return pa.StringArray.from_buffers(len(stops), pa.py_buffer(offsets), pa.py_buffer(data))


def spelt(column: pa.Array, pattern: str, signs: bytes) -> np.ndarray:
    """Return as `matches`; quick where every value is made of some signs, for which the pattern must hold.

    >>> spelt(pa.array(["ab", "a-b", "", None]), "^[a-z]+$", b"abc").tolist()
    [True, False, False, False]
    """
    data, starts, stops = letters(column)
    filled = stops > starts
    if data.translate(None, signs) or filled.sum() + column.null_count < len(column):
        return matches(column, pattern)
    return filled


def as_bools(column: pa.Array) -> np.ndarray:
    """Return truth values (n,) bool, false for null."""
    column = pc.fill_null(column, pa.scalar(False)) if column.null_count else column
    bits = np.frombuffer(column.buffers()[1], dtype=np.uint8)
    return np.unpackbits(bits, count=column.offset + len(column), bitorder="little")[column.offset :].view(bool)
