"""The data of the page's linked views: an objection is a row of small numbers, in columns.

Names stand once, in tables; a row holds their places there. What is unknown is null, and a column in which nothing is
known is null as a whole, so that the page offers no filter for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from threadkit.base.columns import cells
from threadkit.base.lookup import looked_up, true
from threadkit.corpus.ranking import by_recurrence
from threadkit.report.looks import FURTHER, HUES, OWN_LOOKS, SHAPES
from threadkit.report.show import UNKNOWN_AUTHOR, address, author, label, line
from threadkit.report.view import crux_names
from threadkit.report.voice import place_of, post_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from threadkit.corpus.analysis import Analysis

# Bytes that all texts may take together, and the characters of one: with the rest of the page, ten thousand
# objections stay under five megabytes (tests/report/test_large.py), and a hundred thousand still say what they are.
TEXT_BYTES = 2_000_000
MIN_TEXT, MAX_TEXT = 80, 240
MAX_NAME = 90
# Objections that a page holds: a hundred thousand are there within three seconds (tests/report/test_browser_large.py).
MAX_ROWS = 200_000
# What a row shows of an objection.
_DRAWN = ["comment_id", "post_id", "crux_id", "author", "text", "kind", "x", "y"]
# The map's longer side, in steps: finer than a screen at the deepest zoom.
MAP_STEPS = 9999
# Bytes of the data that are made ready at once, and texts that are shortened at once.
PIECE, _AT_ONCE = 2**20, 10_000
# JSON inside HTML: a browser would end the script at "</script" and old ones break lines at U+2028/9.
_IN_SCRIPT = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


def block(analysis: Analysis, anchors: set[int]) -> dict[str, Any]:
    """Return what the script of the page draws; `anchors` are the cruxes that have a place of their own in it.

    Copies are left out: they are counted nowhere. Rows are in the order of their ids; of more than MAX_ROWS so many
    are taken, evenly.
    """
    own = np.flatnonzero(true(analysis.objections["copy_of"].isna()))
    own = own[analysis.objections.index[own].argsort()]
    if len(own) > MAX_ROWS:
        own = own[np.linspace(0, len(own) - 1, MAX_ROWS).astype(int)]
    rows = place_of(analysis.objections[_DRAWN].take(own).reset_index(), analysis)
    cruxes = by_recurrence(analysis.cruxes)
    posts = _Names(rows["post_id"])
    authors, kind = _Names(rows["author"], author), _Names(rows["kind"])
    x, y = _places(rows)
    return {
        "authors": authors.names,
        "unknown": UNKNOWN_AUTHOR,
        "posts": _posts(posts, analysis),
        "cruxes": {
            "id": cruxes.index.tolist(),
            "name": list(crux_names(cruxes, MAX_NAME).values()),
            "here": [int(crux_id in anchors) for crux_id in cruxes.index],
        },
        "kinds": kind.names,
        "looks": {"hues": HUES, "shapes": SHAPES, "own": OWN_LOOKS, "further": FURTHER},
        "rows": {
            "text": _texts(rows["text"]),
            "url": _addresses(rows),
            "author": authors.places,
            "post": posts.places,
            "crux": _or_null(cruxes.index.get_indexer(pd.Index(rows["crux_id"].fillna(-1).astype("int64"))), -1),
            "kind": kind.places if kind.names else None,
            "day": _numbers(_days(rows["posted_at"])),
            "karma": _numbers(rows["karma"]),
            "agreement": _numbers(rows["agreement"]),
            "answered": _numbers(looked_up(analysis.answers["answered"].astype("Int8"), rows["segment_id"])),
            "x": x,
            "y": y,
        },
    }


def embedded(data: bytes) -> Iterator[str]:
    """Yield JSON (UTF-8) as it may stand inside a script element, piece by piece.

    As one text it would take four bytes a letter as soon as one emoji is in it.
    """
    start = 0
    while start < len(data):
        stop = start + PIECE
        while stop < len(data) and data[stop] & 0xC0 == 0x80:  # within a letter
            stop += 1
        yield data[start:stop].decode().translate(_IN_SCRIPT)
        start = stop


class _Names:
    """The different values of a column in order, shown by `say`, and the place of each row's value among them."""

    def __init__(self, column: pd.Series, say: Callable[[Any], str] = label) -> None:
        codes, self.values = pd.factorize(column, sort=True)
        self.names = [say(each) for each in self.values.to_numpy(object)]
        self.places = _or_null(codes, -1)


def _posts(posts: _Names, analysis: Analysis) -> dict[str, list[Any]]:
    found = looked_up(analysis.posts[["title", "text", "url"]], posts.values)
    return {
        "id": posts.names,
        "name": post_names(found, MAX_NAME),
        "url": [address(url) for url in found["url"].to_numpy(object)],
    }


def _texts(texts: pd.Series) -> list[str]:
    """Shorten every text so that all of them together keep to their share of the page."""
    import pyarrow as pa
    import pyarrow.compute as pc

    whole = pa.array(texts.fillna("").array)
    n_bytes, n_letters = (pc.sum(size(whole)).as_py() or 0 for size in (pc.binary_length, pc.utf8_length))
    wide = max(1.0, n_bytes / max(1, n_letters))
    limit = int(np.clip(TEXT_BYTES / wide / max(1, len(whole)), MIN_TEXT, MAX_TEXT))
    return [
        line(text, limit)
        for start in range(0, len(whole), _AT_ONCE)
        for text in whole.slice(start, _AT_ONCE).to_pylist()
    ]


def _addresses(rows: pd.DataFrame) -> list[str | None]:
    """Return each comment's address, only what follows its post's address where it begins with that."""
    found = []
    starts = {post: address(post) for post in rows["post_url"].dropna().unique()}
    for comment, post in zip(*cells(rows[["comment_url", "post_url"]]), strict=True):
        url, start = address(comment), starts.get(post)
        rest = url[len(start) :] if url and start and url.startswith(start) else ""
        found.append(rest if rest and not rest.startswith("http") else url)
    return found


def _days(times: pd.Series) -> pd.Series:
    """Return the days since the beginning of 1970, missing where the time is."""
    return ((times - pd.Timestamp(0, tz="UTC")) // pd.Timedelta(days=1)).astype("Int64")


def _places(rows: pd.DataFrame) -> tuple[list[int | None] | None, list[int | None] | None]:
    """Return x and y as whole steps of one scale, up on the map being up on the screen."""
    known = rows[["x", "y"]].notna().all(axis=1)
    at = rows[["x", "y"]].astype("float64").where(known)
    size = float((at.max() - at.min()).max()) or 1.0
    steps = ((at - at.min()) / size * MAP_STEPS).round().astype("Int64")
    return _numbers(steps["x"]), _numbers(steps["y"].max() - steps["y"] if known.any() else steps["y"])


def _numbers(column: pd.Series) -> list[int | None] | None:
    """Return whole numbers, None for each that is missing, and None for a column of nothing else."""
    return None if column.isna().all() else column.astype("object").where(column.notna(), None).tolist()


def _or_null(places: np.ndarray, missing: int) -> list[int | None]:
    return [None if place == missing else place for place in places.tolist()]
