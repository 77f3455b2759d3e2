"""Records of threadkit's own format by the thousand: comments of the usual kind become columns without a look at each.

`records.add` reads every other record, and tests hold both to the same result.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from threadkit.readers.draft import BOTS
from threadkit.readers.json_columns import as_bools, integers, matches, texts
from threadkit.readers.packed import SCHEMA, TIME
from threadkit.readers.values import GONE, NOTHING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from threadkit.readers.json_lines import Block

_ID = r"^[0-9A-Za-z_.:~#/-]+$"
_NAME = r"^[\pL\pN_.@-]+(?: [\pL\pN_.@-]+)*$"
_WORD = r"^[!-~]+$"
_TIMES = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)$"
_NO_ID = pa.array(sorted(NOTHING))
_NOBODY = pa.array(sorted(GONE | BOTS))
_LONGER_THAN_GONE = 2 * max(map(len, GONE))
_SCORES = ("karma", "agreement", "af_karma")
_LARGEST_SCORE = 2**31
# Seconds since 1970 below which a number cannot be milliseconds (values.moment).
_LAST = 10**11
_MICRO = 10**6
_FIELDS = ("kind", "id", "post_id", "parent_id", "author", *_SCORES, "posted_at", "url", "text", "status", "site")
# How JSON writes what clean text does not hold: carriage returns and control characters.
_UNCLEAN = (b"\\r", b"\\u000")


class Usual(NamedTuple):
    """The comments of the usual kind, the numbers of the other values, and the forum that all of the first name."""

    rows: pa.Table
    others: list[int]
    site: str | None


def usual(block: Block, given: Mapping[str, str]) -> Usual:
    """Part the comments of the usual kind from everything else in a block; `given`: what the file calls our columns."""
    n = len(block)
    if any(mark in block.raw for mark in _UNCLEAN):
        return Usual(SCHEMA.empty_table(), list(range(n)), None)
    read, fits = _fields(block, given)
    name, post, parent = (texts(_as_ids(read[each])) for each in ("id", "post_id", "parent_id"))
    author, url, text, kind, status, site = (
        texts(read[each]) for each in ("author", "url", "text", "kind", "status", "site")
    )
    for column in (name, post, parent):
        nothing = as_bools(pc.is_in(pc.utf8_lower(column.values), value_set=_NO_ID))
        fits &= (matches(column.values, _ID) & ~nothing) | _absent(column)
    fits &= ~_absent(name) & ~_absent(post) & as_bools(pc.equal(kind.values, "comment"))
    known = matches(author.values, _NAME) & ~as_bools(pc.is_in(pc.utf8_lower(author.values), value_set=_NOBODY))
    fits &= (known | _absent(author)) & (matches(url.values, _WORD) | _absent(url))
    fits &= as_bools(pc.equal(status.values, "live")) | _absent(status)
    home = next((each for each in site.values.to_pylist() if each), None)
    fits &= _absent(site) if home is None else as_bools(pc.equal(site.values, home))
    fits &= _speaks(text.values)
    scores = {each: integers(read[each], -_LARGEST_SCORE, _LARGEST_SCORE) for each in _SCORES}
    times, late = _times(read["posted_at"])
    fits[
        np.concatenate(
            [late, *(column.odd for column in (*scores.values(), name, post, parent, author, url, status, site))]
        )
    ] = False
    columns = {
        "at": pa.array(np.arange(block.first, block.first + n)),
        **{"comment_id": name.values, "post_id": post.values, "parent_id": parent.values, "author": author.values},
        **{"posted_at": times, "edited_at": pa.nulls(n, TIME), "status": pa.repeat("live", n)},
        **{each: column.values.cast(pa.int32()) for each, column in scores.items()},
        **{"url": url.values, "text": text.values},
    }
    rows = pa.table([columns[each] for each in SCHEMA.names], schema=SCHEMA).filter(pa.array(fits))
    return Usual(rows, np.flatnonzero(~fits).tolist(), home)


def _fields(block: Block, given: Mapping[str, str]) -> tuple[dict[str, Sequence[Any]], np.ndarray]:
    """Return our fields by our names, and the rows in which each that has another name is there."""
    held = block.fields(*dict.fromkeys((*_FIELDS, *given.values())))
    n = len(block)
    fits = np.ones(n, dtype=bool)
    read = {name: held.get(name, [None] * n) for name in _FIELDS}
    if given and "kind" not in held:
        read["kind"] = ["comment"] * n
    for ours, theirs in given.items():
        if ours in read:
            read[ours] = held.get(theirs, [None] * n)
            fits &= np.array([value is not None for value in read[ours]], dtype=bool)
    return read, fits


def _as_ids(held: Sequence[Any]) -> Sequence[Any]:
    if int not in set(map(type, held)):
        return held
    return [str(value) if type(value) is int else value for value in held]


def _absent(column: Any) -> np.ndarray:
    return as_bools(pc.is_null(column.values))


def _speaks(text: pa.Array) -> np.ndarray:
    """Return which texts are words, and not what forums print where they are gone."""
    fits = as_bools(pc.is_valid(text))
    short = np.flatnonzero(as_bools(pc.less(pc.binary_length(text), _LONGER_THAN_GONE)))
    gone = [said.strip().lower() in GONE for said in text.take(pa.array(short)).to_pylist()]
    fits[short[np.array(gone, dtype=bool)]] = False
    return fits


def _times(held: Sequence[Any]) -> tuple[pa.Array, np.ndarray]:
    """Return seconds since 1970 or times of ISO 8601 with their zone as times, and which values are neither nor None."""
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
    seconds = integers(held, 0, _LAST)
    return pc.multiply(seconds.values, _MICRO).cast(TIME), seconds.odd
