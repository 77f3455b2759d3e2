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
from threadkit.readers.json_columns import as_bools, integers, matches, texts
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
_FIELDS = (
    *_TEXTS, "body_html", "score", "score_hidden", "created_utc", "edited", "link_title", "retrieved_on", "retrieved_utc",
    "_meta",
)  # fmt: skip


class Usual(NamedTuple):
    """The comments of the usual kind as a batch has them, and the numbers of the other values."""

    rows: pa.Table
    others: list[int]
    n_early: int
    """Objects of all kinds that were fetched before readers voted."""


def usual(block: Block) -> Usual:
    """Part the comments of the usual kind from everything else that stands in a block of lines."""
    read, n = block.fields(*_FIELDS), len(block)
    nothing = [None] * n
    name, post, parent, author, body, path = (texts(read.get(each, nothing)) for each in _TEXTS)
    score = integers(read.get("score", nothing), -_LARGEST_SCORE, _LARGEST_SCORE)
    written = integers(read.get("created_utc", nothing), _FIRST, _LAST)
    fits = matches(name.values, _ID) & matches(post.values, _POST) & matches(parent.values, _PARENT)
    fits &= matches(author.values, _USER) & ~as_bools(pc.is_in(pc.ascii_lower(author.values), value_set=_NOBODY))
    fits &= matches(path.values, _PATH) | as_bools(pc.is_null(path.values))
    for column in (score, written, body):
        fits &= as_bools(pc.is_valid(column.values))
    fits[path.odd] = False
    fits &= np.array([value is None for value in read.get("link_title", nothing)], dtype=bool)
    taken = pc.index_in(body.values, value_set=_TAKEN)
    text, fits = _texts(body.values, read.get("body_html"), taken, fits)
    columns = {
        "at": pa.array(np.arange(block.first, block.first + n)),
        "comment_id": name.values,
        "post_id": pc.utf8_slice_codeunits(post.values, _MARK),
        "parent_id": _where(pc.starts_with(parent.values, "t1_"), pc.utf8_slice_codeunits(parent.values, _MARK)),
        "author": _where(pc.not_equal(author.values, "[deleted]"), author.values),
        "posted_at": pc.multiply(written.values, _MICRO).cast(TIME),
        "edited_at": _edited(read.get("edited", nothing), written.values),
        "karma": _karma(read.get("score_hidden", nothing), score.values),
        "agreement": pa.nulls(n, pa.int32()),
        "af_karma": pa.nulls(n, pa.int32()),
        "status": pc.fill_null(pc.take(_STATUSES, taken), "live"),
        "url": _address(path.values, post.values, name.values),
        "text": text,
    }
    table = pa.table([columns[each] for each in SCHEMA.names], schema=SCHEMA)
    table = table if fits.all() else table.filter(pa.array(fits))
    return Usual(table, np.flatnonzero(~fits).tolist(), _n_early(read, written.values))


def _where(condition: pa.Array, values: pa.Array) -> pa.Array:
    return pc.if_else(condition, values, pa.scalar(None, values.type))


def _texts(
    body: pa.Array, html: Sequence[Any] | None, taken: pa.Array, fits: np.ndarray
) -> tuple[pa.Array, np.ndarray]:
    """Return bodies as canonical text, empty where they are gone, and which rows are still of the usual kind."""
    body = _where(pa.array(fits & as_bools(pc.is_null(taken))), body)
    marked = np.flatnonzero(~canonical(body))
    raw = body.take(pa.array(marked)).to_pylist()
    said = [
        from_markdown(unescape(text, {"body_html": html[n]} if html else {}, "body_html") if "&" in text else text)
        for n, text in zip(marked, raw, strict=True)
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
    names = ("retrieved_on", "retrieved_utc", "created_utc", "_meta")
    held = {name: read[name] for name in names if name in read}
    fetched = read.get("retrieved_on", ())
    if written.null_count or "retrieved_utc" in read or set(map(type, fetched)) != {int}:
        soon: Sequence[int] = range(len(written))
    else:
        soon = np.flatnonzero(np.array(fetched, dtype=object) - written.to_numpy() < EARLY).tolist()
    return sum(is_early({name: values[n] for name, values in held.items()}) for n in soon)


def is_early(data: Mapping[str, Any]) -> bool:
    """Tell whether an object was fetched within an hour of being written, before readers voted, and not again."""
    fetched, written = data.get("retrieved_on") or data.get("retrieved_utc"), data.get("created_utc")
    if not isinstance(fetched, int) or not isinstance(written, int) or fetched - written >= EARLY:
        return False
    again = data.get("_meta")
    return not (isinstance(again, dict) and again.get("retrieved_2nd_on"))
