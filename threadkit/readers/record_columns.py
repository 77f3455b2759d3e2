"""Records of threadkit's own format by the thousand: comments of the usual kind become columns without a look at each.

`records.add` reads every other record, and tests hold both to the same result.
"""

from __future__ import annotations

import string
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from threadkit.base.keys import letters
from threadkit.readers.draft import BOTS
from threadkit.readers.json_columns import Column, as_bools, integers, matches, spelt, texts
from threadkit.readers.packed import SCHEMA, TIME
from threadkit.readers.values import GONE, NOTHING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from threadkit.readers.json_lines import Block

_LETTERS = string.ascii_letters + string.digits
_ID = r"^[0-9A-Za-z_.:~#/-]+$"
_NAME = r"^[\pL\pN_.@-]+(?: [\pL\pN_.@-]+)*$"
_WORD = r"^[!-~]+$"
_TIMES = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)$"
# Of these signs alone each of the patterns above is made; of a name only some.
_ID_SIGNS, _NAME_SIGNS = f"{_LETTERS}_.:~#/-".encode(), f"{_LETTERS}_.@-".encode()
_WORD_SIGNS = bytes(range(0x21, 0x7F))
_NO_ID = pa.array(sorted(NOTHING))
_NOBODY = pa.array(sorted(GONE | BOTS))
_LONGER_THAN_GONE = 2 * max(map(len, GONE))
_SCORES = ("karma", "agreement", "af_karma")
_LARGEST_SCORE = 2**31
# Seconds since 1970 below which a number may be a day (20240301), and from which on milliseconds (values.moment).
_FIRST, _LAST = 10**8, 10**11
_MICRO = 10**6
_TEXTS = ("kind", "id", "post_id", "parent_id", "author", "url", "text", "status", "site")
_FIELDS = (*_TEXTS, *_SCORES, "posted_at")
# What may end a typed quote (quote_marks.py).
_QUOTE_END = b"[/"
# What clean text does not hold.
_UNCLEAN = (b"\r", b"\0")


class Usual(NamedTuple):
    """The comments of the usual kind, the numbers of the other values, and the forum that all of the first name."""

    rows: pa.Table
    others: list[int]
    site: str | None


def usual(block: Block, given: Mapping[str, str]) -> Usual:
    """Part the comments of the usual kind from everything else in a block; `given`: what the file calls our columns."""
    n = len(block)
    read, fits = _fields(block, given)
    for name in ("id", "post_id", "parent_id"):
        read[name] = _as_ids(read[name])
    words = {name: texts(read[name]) for name in _TEXTS}
    if any(mark in letters(column.values).data for column in words.values() for mark in _UNCLEAN):
        return Usual(SCHEMA.empty_table(), list(range(n)), None)
    scores = {name: integers(read[name], -_LARGEST_SCORE, _LARGEST_SCORE) for name in _SCORES}
    times, late = _times(read["posted_at"])
    home = next((site for site in read["site"] if type(site) is str and site), None) if any(read["site"]) else None
    fits &= _fit(words, home) & _speaks(words["text"].values, read["text"])
    fits[np.concatenate([late, *(column.odd for column in (*words.values(), *scores.values()))])] = False
    columns = {name: column.values for name, column in words.items()}
    columns |= {name: column.values.cast(pa.int32()) for name, column in scores.items()}
    columns |= {"at": pa.array(block.numbers), "comment_id": columns["id"]}
    columns |= {"posted_at": times, "edited_at": pa.nulls(n, TIME), "status": pa.repeat("live", n)}
    rows = pa.table([columns[name] for name in SCHEMA.names], schema=SCHEMA).filter(pa.array(fits))
    return Usual(rows, np.flatnonzero(~fits).tolist(), home)


def _fit(words: Mapping[str, Column], home: str | None) -> np.ndarray:
    """Return which rows hold in every field of text what the usual comment does."""
    empty = {name: as_bools(pc.is_null(column.values)) for name, column in words.items()}
    fits: np.ndarray = as_bools(pc.equal(words["kind"].values, "comment"))
    for name in ("id", "post_id", "parent_id"):
        ids = words[name].values
        named = spelt(ids, _ID, _ID_SIGNS) & ~as_bools(pc.is_in(pc.utf8_lower(ids), value_set=_NO_ID))
        fits &= named | (empty[name] if name == "parent_id" else False)
    author = words["author"].values
    known = spelt(author, _NAME, _NAME_SIGNS) & ~as_bools(pc.is_in(pc.utf8_lower(author), value_set=_NOBODY))
    fits &= (known | empty["author"]) & (spelt(words["url"].values, _WORD, _WORD_SIGNS) | empty["url"])
    fits &= as_bools(pc.equal(words["status"].values, "live")) | empty["status"]
    fits &= empty["site"] if home is None else as_bools(pc.equal(words["site"].values, home))
    return fits


def _fields(block: Block, given: Mapping[str, str]) -> tuple[dict[str, Sequence[Any]], np.ndarray]:
    """Return our fields by our names, and the rows in which each that has another name is there."""
    held = block.fields(*dict.fromkeys((*_FIELDS, *given.values())))
    n = len(block)
    fits = np.ones(n, dtype=bool)
    read = {name: held[name] for name in _FIELDS}
    if given and b'"kind"' not in block.raw:
        read["kind"] = ["comment"] * n
    for ours, theirs in given.items():
        if ours in read:
            read[ours] = held[theirs]
            fits &= np.array([value is not None for value in read[ours]], dtype=bool)
    return read, fits


def _as_ids(held: Sequence[Any]) -> Sequence[Any]:
    if int not in set(map(type, held)):
        return held
    return [str(value) if type(value) is int else value for value in held]


def _speaks(text: pa.Array, held: Sequence[Any]) -> np.ndarray:
    """Return which texts are words alone: not what forums print where they are gone, and without quotes in tags."""
    _, starts, stops = letters(text)
    fits = as_bools(pc.is_valid(text))
    if _QUOTE_END in letters(text).data:
        fits &= ~as_bools(pc.fill_null(pc.match_substring(text, _QUOTE_END.decode()), False))
    short = np.flatnonzero(fits & (stops - starts < _LONGER_THAN_GONE)).tolist()
    fits[[n for n in short if held[n].strip().lower() in GONE]] = False
    return fits


def _times(held: Sequence[Any]) -> tuple[pa.Array, np.ndarray]:
    """Return seconds since 1970, or ISO 8601 with its zone, as times; and which values are something else."""
    kinds = set(map(type, held)) - {type(None)}
    if kinds == {str}:
        printed = texts(held)
        fine = matches(printed.values, _TIMES)
        odd = np.flatnonzero(~fine & as_bools(pc.is_valid(printed.values)))
        kept = pc.if_else(pa.array(fine), printed.values, pa.scalar(None, pa.string()))
        try:
            return kept.cast(TIME), np.concatenate([odd, printed.odd])
        except pa.ArrowInvalid:
            # A day or an hour that no calendar has.
            return pa.nulls(len(held), TIME), np.arange(len(held))
    seconds = integers(held, _FIRST, _LAST)
    return pc.multiply(seconds.values, _MICRO).cast(TIME), seconds.odd
