"""Comments of Reddit by the thousand: those of the usual kind become columns without a look at each.

The usual comment has each of its fields as Reddit gives it; `reddit_json` reads every other, and tests hold both to
the same result.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from threadkit.readers.body import from_markdown
from threadkit.readers.draft import BOTS
from threadkit.readers.json_columns import Column, as_bools, integers, matches, texts
from threadkit.readers.markdown_column import canonical, put
from threadkit.readers.packed import SCHEMA, TIME
from threadkit.readers.reddit_json import HOST, unescape
from threadkit.readers.values import GONE, moment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from threadkit.readers.json_lines import Block

_ID = r"^[0-9A-Za-z]+$"
_POST = r"^t3_[0-9A-Za-z]+$"
_PARENT = r"^t[13]_[0-9A-Za-z]+$"
_USER = r"^(?:[0-9A-Za-z_-]+|\[deleted\])$"
_PATH = r"^/[ -~]*$"
# Characters of "t1_" and "t3_", before an id.
_MARK = 3
_TAKEN = pa.array(["[deleted]", "[removed]"])
_STATUSES = pa.array(["deleted", "removed"])
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
    read = {name: [None] * n for name in _FIELDS} | block.fields(*_FIELDS)
    words = {name: texts(read[name]) for name in _TEXTS}
    score = integers(read["score"], -_LARGEST_SCORE, _LARGEST_SCORE).values
    written = integers(read["created_utc"], _FIRST, _LAST).values
    fits = _fit(words) & as_bools(pc.is_valid(score)) & as_bools(pc.is_valid(written))
    fits &= np.array([value is None for value in read["link_title"]], dtype=bool)
    held = {name: column.values for name, column in words.items()}
    taken = pc.index_in(held["body"], value_set=_TAKEN)
    text, fits = _texts(held["body"], read["body_html"], taken, fits)
    columns = {
        "at": pa.array(np.arange(block.first, block.first + n)),
        "comment_id": held["id"],
        "post_id": pc.utf8_slice_codeunits(held["link_id"], _MARK),
        "parent_id": _where(
            pc.starts_with(held["parent_id"], "t1_"), pc.utf8_slice_codeunits(held["parent_id"], _MARK)
        ),
        "author": _where(pc.not_equal(held["author"], "[deleted]"), held["author"]),
        "posted_at": pc.multiply(written, _MICRO).cast(TIME),
        "edited_at": _edited(read["edited"], written),
        "karma": _karma(read["score_hidden"], score),
        "agreement": pa.nulls(n, pa.int32()),
        "af_karma": pa.nulls(n, pa.int32()),
        "status": pc.fill_null(pc.take(_STATUSES, taken), "live"),
        "url": _address(held["permalink"], held["link_id"], held["id"]),
        "text": text,
    }
    table = pa.table([columns[name] for name in SCHEMA.names], schema=SCHEMA)
    table = table if fits.all() else table.filter(pa.array(fits))
    return Usual(table, np.flatnonzero(~fits).tolist(), _n_early(read, written))


def _fit(words: Mapping[str, Column]) -> np.ndarray:
    """Return which rows hold in every field of text what the usual comment does."""
    author, path = words["author"].values, words["permalink"]
    fits: np.ndarray = matches(words["id"].values, _ID) & matches(words["link_id"].values, _POST)
    fits &= matches(words["parent_id"].values, _PARENT) & as_bools(pc.is_valid(words["body"].values))
    fits &= matches(author, _USER) & ~as_bools(pc.is_in(pc.ascii_lower(author), value_set=_NOBODY))
    fits &= matches(path.values, _PATH) | as_bools(pc.is_null(path.values))
    fits[path.odd] = False
    return fits


def _where(condition: pa.Array, values: pa.Array) -> pa.Array:
    return pc.if_else(condition, values, pa.scalar(None, values.type))


def _texts(body: pa.Array, html: Sequence[Any], taken: pa.Array, fits: np.ndarray) -> tuple[pa.Array, np.ndarray]:
    """Return bodies as canonical text, empty where they are gone, and which rows are still of the usual kind."""
    body = _where(pa.array(fits & as_bools(pc.is_null(taken))), body)
    marked = np.flatnonzero(~canonical(body))
    raw = body.take(pa.array(marked)).to_pylist()
    said = [
        from_markdown(unescape(text, {"body_html": html[n]}, "body_html") if "&" in text else text)
        for n, text in zip(marked.tolist(), raw, strict=True)
    ]
    text = put(body, marked, said)
    short = np.flatnonzero(as_bools(pc.less(pc.binary_length(text), _LONGER_THAN_GONE)))
    gone = [said.strip().lower() in GONE for said in text.take(pa.array(short)).to_pylist()]
    fits[short[np.array(gone, dtype=bool)]] = False
    return pc.fill_null(text, ""), fits


def _edited(edited: Sequence[Any], written: pa.Array) -> pa.Array:
    """Return when each was last changed: when it was written, where it never was; old ones say only that they were."""
    times = pc.multiply(written, _MICRO).cast(TIME)
    if not any(edited):
        return times
    mask = np.array([bool(value) for value in edited])
    known = [None if value is True else moment(value) for value in edited if value]
    return pc.replace_with_mask(times, pa.array(mask), pa.array(known, TIME))


def _karma(hidden: Sequence[Any], score: pa.Array) -> pa.Array:
    unknown = pa.array(np.array([value is True for value in hidden], dtype=bool))
    return pc.if_else(unknown, pa.scalar(None, pa.int64()), score).cast(pa.int32())


def _address(path: pa.Array, post: pa.Array, name: pa.Array) -> pa.Array:
    if path.null_count:
        short = pc.utf8_slice_codeunits(post, _MARK)
        path = pc.coalesce(path, pc.binary_join_element_wise("/comments", short, "_", name, "", "/"))
    return pc.binary_join_element_wise(HOST, path, "")


def _n_early(read: Mapping[str, Sequence[Any]], written: pa.Array) -> int:
    """Count the objects that were fetched within an hour of being written, as `is_early` tells."""
    soon: Sequence[int] = range(len(written))
    if not written.null_count and set(map(type, read["retrieved_on"])) == {int} and not any(read["retrieved_utc"]):
        soon = np.flatnonzero(np.array(read["retrieved_on"], dtype=object) - written.to_numpy() < EARLY).tolist()
    elif not any(read["retrieved_on"]) and not any(read["retrieved_utc"]):
        return 0
    return sum(is_early({name: read[name][n] for name in _TIMES}) for n in soon)


def is_early(data: Mapping[str, Any]) -> bool:
    """Tell whether an object was fetched within an hour of being written, before readers voted, and not again."""
    fetched, written = data.get("retrieved_on") or data.get("retrieved_utc"), data.get("created_utc")
    if not isinstance(fetched, int) or not isinstance(written, int) or fetched - written >= EARLY:
        return False
    again = data.get("_meta")
    return not (isinstance(again, dict) and again.get("retrieved_2nd_on"))
