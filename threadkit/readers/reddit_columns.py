"""Comments of Reddit by the thousand: those of the usual kind become columns without a look at each.

The usual comment has each of its fields as Reddit gives it; `reddit_json` reads every other, and tests hold both to
the same result.
"""

from __future__ import annotations

import string
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from threadkit.base.keys import letters
from threadkit.readers.body import from_markdown
from threadkit.readers.draft import BOTS
from threadkit.readers.json_columns import as_bools, as_texts, integers, spelt, texts
from threadkit.readers.markdown_column import put, unlike
from threadkit.readers.packed import SCHEMA, TIME
from threadkit.readers.reddit_json import HOST, unescape
from threadkit.readers.values import GONE, moment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from threadkit.readers.json_columns import Column
    from threadkit.readers.json_lines import Block

_LETTERS = string.ascii_letters + string.digits
_ID = r"^[0-9A-Za-z]+$"
_USER = r"^[0-9A-Za-z_-]+$"
_PATH = r"^[ -~]+$"
# Of these signs alone each of the patterns above is made.
_ID_SIGNS, _USER_SIGNS, _PATH_SIGNS = _LETTERS.encode(), f"{_LETTERS}_-".encode(), bytes(range(0x20, 0x7F))
# Characters of "t1_" and "t3_", before an id.
_MARK = 3
_COMMENT, _POST = ord("1"), ord("3")
_STATUSES = {"[deleted]": "deleted", "[removed]": "removed"}
_NOBODY = pa.array(sorted((GONE | BOTS) - {"[deleted]"}))
_LONGER_THAN_GONE = 2 * max(map(len, GONE))
_LARGEST_SCORE = 2**31
# Seconds since 1970 from the first year of Reddit to the year 2100.
_FIRST, _LAST = 1_104_537_600, 4_102_444_800
_MICRO = 10**6
# An archive that fetched comments sooner than this after they were written saw them before readers voted.
EARLY = 3600
_TEXTS = ("id", "link_id", "parent_id", "author", "body", "permalink")
_TIMES = ("created_utc", "edited", "retrieved_on", "retrieved_utc", "_meta")
_FIELDS = (*_TEXTS, "body_html", "score", "score_hidden", "link_title", *_TIMES)


class Usual(NamedTuple):
    """The comments of the usual kind as a batch has them, and the numbers of the other values."""

    rows: pa.Table
    others: list[int]
    n_early: int
    """Objects of all kinds that were fetched before readers voted."""


def usual(block: Block) -> Usual:
    """Part the comments of the usual kind from everything else that stands in a block of lines."""
    n = len(block)
    read = block.fields(*_FIELDS)
    name, link, parent, author, body, path = (texts(read[field]) for field in _TEXTS)
    post, above = _bare(link.values), _bare(parent.values)
    score = integers(read["score"], -_LARGEST_SCORE, _LARGEST_SCORE).values
    written = integers(read["created_utc"], _FIRST, _LAST).values
    fits = (post.kinds == _POST) & ((above.kinds == _POST) | (above.kinds == _COMMENT)) & _is_path(path)
    for ids in (name.values, post.ids, above.ids):
        fits &= spelt(ids, _ID, _ID_SIGNS)
    for column in (body.values, score, written):
        fits &= as_bools(pc.is_valid(column)) if column.null_count else True
    if any(read["link_title"]):
        fits &= np.array([value is None for value in read["link_title"]], dtype=bool)
    somebody = _authors(author.values, fits)
    text, status = _texts(read["body"], body.values, read["body_html"], fits)
    times = pc.multiply(written, _MICRO).cast(TIME)
    columns = {
        "at": pa.array(block.numbers),
        "comment_id": name.values,
        "post_id": post.ids,
        "parent_id": _where(above.kinds == _COMMENT, above.ids),
        "author": somebody,
        "posted_at": times,
        "edited_at": _edited(read["edited"], times),
        "karma": _karma(read["score_hidden"], score),
        "agreement": pa.nulls(n, pa.int32()),
        "af_karma": pa.nulls(n, pa.int32()),
        "status": status,
        "url": _addresses(read["permalink"], path.values, post.ids, name.values),
        "text": text,
    }
    table = pa.table([columns[name] for name in SCHEMA.names], schema=SCHEMA)
    table = table if fits.all() else table.filter(pa.array(fits))
    return Usual(table, np.flatnonzero(~fits).tolist(), _n_early(read, written))


class _Bare(NamedTuple):
    """Names of things without Reddit's marks, and what kind of thing the mark tells: a letter, 0 where none does."""

    ids: pa.Array
    kinds: np.ndarray


def _bare(names: pa.Array) -> _Bare:
    """Part ``t1_`` and the like from the ids; where there is no such mark the name stays whole."""
    data, starts, stops = held = letters(names)
    signs = held.signs()
    kinds = np.zeros(len(starts), dtype=np.uint8)
    longer = np.flatnonzero(stops - starts > _MARK)
    at = starts[longer]
    marked = (signs[at] == ord("t")) & (signs[at + 2] == ord("_"))
    longer, at = longer[marked], at[marked]
    kinds[longer] = signs[at + 1]
    kept = np.ones(len(data), dtype=bool)
    for n in range(_MARK):
        kept[at + n] = False
    return _Bare(as_texts(signs[kept], stops - _MARK * np.cumsum(kinds > 0)), kinds)


def _where(condition: np.ndarray, values: pa.Array) -> pa.Array:
    return values if condition.all() else pc.if_else(pa.array(condition), values, pa.scalar(None, values.type))


def _authors(printed: pa.Array, fits: np.ndarray) -> pa.Array:
    """Return the authors, null where they are gone; those of no usual spelling no longer fit."""
    gone = as_bools(pc.equal(printed, "[deleted]"))
    author = _where(~gone, printed)
    fits &= spelt(author, _USER, _USER_SIGNS) | gone
    fits &= ~as_bools(pc.is_in(pc.ascii_lower(author), value_set=_NOBODY))
    return author


def _is_path(path: Column) -> np.ndarray:
    """Return which paths are of the usual spelling, or absent."""
    held = letters(path.values)
    fits = spelt(path.values, _PATH, _PATH_SIGNS)
    fits[fits] = held.signs()[held.starts[fits]] == ord("/")
    fits |= as_bools(pc.is_null(path.values)) if path.values.null_count else False
    fits[path.odd] = False
    return fits


def _texts(bodies: Sequence[Any], body: pa.Array, html: Sequence[Any], fits: np.ndarray) -> tuple[pa.Array, pa.Array]:
    """Return bodies as canonical text, empty where they are gone, and their statuses; others no longer fit."""
    _, starts, stops = letters(body)
    short = np.flatnonzero(fits & (stops - starts < _LONGER_THAN_GONE)).tolist()
    taken = {n: _STATUSES[bodies[n]] for n in short if bodies[n] in _STATUSES}
    said = {
        n: _said(bodies[n], html[n]) if read is None else read
        for n, read in unlike(body).items()
        if fits[n] and n not in taken
    }
    gone = {n for n, text in said.items() if len(text) < _LONGER_THAN_GONE and text.strip().lower() in GONE}
    gone |= {n for n in short if n not in said and n not in taken and bodies[n].strip().lower() in GONE}
    fits[list(gone)] = False
    return put(body, said | dict.fromkeys(taken, "")), put(pa.repeat("live", len(body)), taken)


def _said(markdown: str, html: Any) -> str:
    return from_markdown(unescape(markdown, {"body_html": html}, "body_html") if "&" in markdown else markdown)


def _edited(edited: Sequence[Any], times: pa.Array) -> pa.Array:
    """Return when each was last changed: when it was written, where it never was; old ones say only that they were."""
    if not any(edited):
        return times
    mask = np.array([bool(value) for value in edited])
    known = [None if value is True else moment(value) for value in edited if value]
    return pc.replace_with_mask(times, pa.array(mask), pa.array(known, TIME))


def _karma(hidden: Sequence[Any], score: pa.Array) -> pa.Array:
    score = score.cast(pa.int32())
    return _where(np.array([value is not True for value in hidden]), score) if any(hidden) else score


def _addresses(printed: Sequence[Any], path: pa.Array, post: pa.Array, name: pa.Array) -> pa.Array:
    """Return where each comment stands: `path` is what is `printed`, null where that is no text."""
    if path.null_count:
        path = pc.coalesce(path, pc.binary_join_element_wise("/comments", post, "_", name, "", "/"))
        return pc.binary_join_element_wise(HOST, path, "")
    stops = letters(path).stops + len(HOST) * np.arange(1, len(path) + 1)
    return as_texts(HOST.join(["", *printed]).encode(), stops)


def _n_early(read: Mapping[str, Sequence[Any]], written: pa.Array) -> int:
    """Count the objects that were fetched within an hour of being written, as `is_early` tells."""
    soon: Sequence[int] = range(len(written))
    if not any(read["retrieved_utc"]):
        fetched = integers(read["retrieved_on"], 0, _LAST)
        if not any(read["retrieved_on"]):
            return 0
        if not (written.null_count or fetched.values.null_count):
            soon = np.flatnonzero(fetched.values.to_numpy() - written.to_numpy() < EARLY).tolist()
    return sum(is_early({name: read[name][n] for name in _TIMES}) for n in soon)


def is_early(data: Mapping[str, Any]) -> bool:
    """Tell whether an object was fetched within an hour of being written, before readers voted, and not again."""
    fetched, written = data.get("retrieved_on") or data.get("retrieved_utc"), data.get("created_utc")
    if not isinstance(fetched, int) or not isinstance(written, int) or fetched - written >= EARLY:
        return False
    again = data.get("_meta")
    return not (isinstance(again, dict) and again.get("retrieved_2nd_on"))
