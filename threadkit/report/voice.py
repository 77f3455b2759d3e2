"""Somebody's words, and the way to where they stand."""

from __future__ import annotations

from collections import namedtuple
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from threadkit.base.columns import cells
from threadkit.base.lookup import places_of, true
from threadkit.report.passage import Block, passage
from threadkit.report.show import address, author, label, line, value

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from threadkit.corpus.analysis import Analysis


# Posts whose texts are held at once while they are named.
_AT_ONCE = 10_000


@dataclass(frozen=True)
class Link:
    """Words, and the address they lead to, None where there is none."""

    words: str
    href: str | None


@dataclass(frozen=True)
class Voice:
    """One person's words on one side of a crux."""

    author: str
    blocks: tuple[Block, ...]
    karma: int | None
    agreement: int | None
    at: pd.Timestamp | None
    source: Link


@dataclass(frozen=True)
class Side:
    """The voices of one side that are shown, and how many more there are."""

    voices: tuple[Voice, ...]
    more: int


def post_name(row: Any, limit: int = 120) -> str:
    """Return a post's title, else its first words, else its id."""
    return _post(row["title"], row["text"], row.name, limit)


def post_names(posts: pd.DataFrame, limit: int = 120) -> list[str]:
    """Return the name of each post, in the order of the rows."""
    names: list[str] = []
    for start in range(0, len(posts), _AT_ONCE):
        part = posts[["title", "text"]].iloc[start : start + _AT_ONCE]
        told = zip(*cells(part), part.index.to_numpy(object), strict=True)
        names.extend(_post(title, text, post_id, limit) for title, text, post_id in told)
    return names


def _post(title: Any, text: Any, post_id: Any, limit: int) -> str:
    return label(title, limit) or line(text, limit) or label(post_id, limit)


def held(table: pd.DataFrame, ids: Any) -> pd.DataFrame:
    """Return those rows of a table that some ids name, each once: to look among few asks less of a large one."""
    found = places_of(ids, table.index)
    return table.take(np.unique(found[found >= 0]))


def post_link(post_id: Any, posts: pd.DataFrame) -> Link | None:
    """Return the name and the address of a post, None where it is not known."""
    if value(post_id) is None or post_id not in posts.index:
        return None
    post = posts.loc[post_id]
    return Link(post_name(post), address(post["url"]))


def place_of(frame: pd.DataFrame, analysis: Analysis) -> pd.DataFrame:
    """Add karma, agreement, posted_at, comment_url and post_url to rows that name a comment, else its post."""
    # Column by column: a reindexed table is made whole, with all texts.
    comment = places_of(frame["comment_id"], analysis.comments.index)
    post = places_of(frame["post_id"], analysis.posts.index)
    of_post = frame["comment_id"].isna().to_numpy()
    found: dict[str, Any] = {
        name: analysis.comments[name].array.take(comment, allow_fill=True)
        for name in ("url", "karma", "posted_at", "agreement")
    }
    for name in ("karma", "posted_at"):
        if of_post.any():
            found[name][of_post] = analysis.posts[name].array.take(post[of_post], allow_fill=True)
    post_url = analysis.posts["url"].array.take(post, allow_fill=True)
    return frame.assign(comment_url=found.pop("url"), post_url=post_url, **found)


def still_objecting(objections: pd.DataFrame, sides: pd.DataFrame) -> np.ndarray:
    """Tell which objections are not by a defender of their crux, bool (n,): who says more for it stands there.

    Where the sides name no objector at all, nobody is taken from them.
    """
    cruxes = sides.index.get_level_values("crux_id")
    known = sides["author"].notna().to_numpy()
    stands = {
        side: set(zip(cruxes[own], sides["author"][own], strict=True))
        for side in ("objector", "defender")
        for own in [known & true(sides["side"] == side)]
    }
    told = {crux_id for crux_id, _ in stands["objector"]}
    turned = {pair for pair in stands["defender"] - stands["objector"] if pair[0] in told}
    pairs = zip(objections["crux_id"], objections["author"], strict=True)
    return np.array([pair not in turned for pair in pairs], dtype=bool)


def by_crux(frame: pd.DataFrame) -> dict[Any, pd.DataFrame]:
    """Part rows by their crux."""
    return dict(iter(frame.groupby("crux_id", sort=False)))


class First(NamedTuple):
    """The first rows of a crux, and how many rows it has."""

    rows: tuple[Any, ...]
    n: int

    def beyond(self, limit: int) -> int:
        """How many rows stand beyond the first `limit`."""
        return max(0, self.n - limit)


NONE = First((), 0)


def first_by_crux(frame: pd.DataFrame, most: int, analysis: Analysis | None = None) -> dict[Any, First]:
    """Return the first `most` rows of each crux as named tuples, None where a cell is missing.

    All are made at once, which is far cheaper; with an `analysis` they are as `place_of` leaves them, the others are
    not looked up.
    """
    by = frame.groupby("crux_id", sort=False)
    head = by.head(most) if analysis is None else place_of(by.head(most), analysis)
    found: dict[Any, list[Any]] = {}
    for row in rows_of(head):
        found.setdefault(row.crux_id, []).append(row)
    sizes = by.size().to_dict()
    return {crux_id: First(tuple(rows), sizes[crux_id]) for crux_id, rows in found.items()}


def rows_of(frame: pd.DataFrame) -> Iterator[Any]:
    """Yield the rows as named tuples, as itertuples does but for its index and for what is missing: that is None."""
    row = namedtuple("Row", frame.columns)  # type: ignore[misc]  # mypy wants to read the names
    return map(row._make, zip(*cells(frame), strict=True))


def side(held: First, limit: int) -> Side:
    """Return the first `limit` voices of one side; the rows are as `place_of` leaves them."""
    return Side(tuple(voice(row) for row in held.rows[:limit]), held.beyond(limit))


def voice(row: Any) -> Voice:
    """Return one row, as `place_of` leaves it, as a voice."""
    return Voice(
        author=author(row.author),
        blocks=passage(value(row.text) or ""),
        karma=value(row.karma),
        agreement=value(row.agreement),
        at=value(row.posted_at),
        source=source(row),
    )


def source(row: Any) -> Link:
    """Return the link to the original: the comment's address, else its post's, else the id in words."""
    comment_id = value(row.comment_id)
    if href := address(row.comment_url):
        return Link("original", href)
    if href := address(row.post_url):
        return Link("post" if comment_id is None else f"post (comment {label(comment_id, 60)})", href)
    return Link(f"post {label(row.post_id, 60)}" if comment_id is None else f"comment {label(comment_id, 60)}", None)
