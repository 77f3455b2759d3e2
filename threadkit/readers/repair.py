"""Rows in, a clean corpus out: a post for every comment, a forest of replies, and what the export lacks."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from threadkit.base.keys import all_hashes, hashes
from threadkit.corpus.corpus import Corpus
from threadkit.corpus.tables import COMMENTS, POSTS, PROBLEMS
from threadkit.corpus.tree import cycle_entries, depths
from threadkit.readers.comment_rows import Rows
from threadkit.readers.gaps import name_posts, tell_gaps
from threadkit.readers.json_columns import as_bools
from threadkit.readers.loose import settle
from threadkit.readers.packed import POST_SCHEMA, Batch

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from threadkit.readers.draft import Draft

# The posts of a file that only comments name stand behind the others: files are twice as many lines apart (merge.py).
_BEHIND = 2**39


class Mended:
    """What a draft holds once it is mended, a table at a time: posts, comments, problems."""

    def __init__(self, draft: Draft) -> None:
        """Mend what can be mended in a draft, and note it."""
        draft.unpack_repeated()
        add_missing_posts(draft)
        settle(draft)
        name_posts(draft)
        _hide_karma(draft)
        stated = _name_parents(draft, _part_ids(draft))
        self._draft = draft
        self._rows = Rows(draft.packed, draft.comments.values())
        parents = _find_parents(draft, self._rows, stated)
        _tell_stubs(draft)
        tell_gaps(draft)
        self._parents, self._depths = _unroll(draft, self._rows, parents)

    def comments(self) -> Iterator[pa.Table]:
        """Yield the comments, with the columns of the table comments and their id in front."""
        start = 0
        for rows in self._rows.tables():
            stop = start + len(rows)
            held = pa.array(self._parents[start:stop] >= 0)
            above = pc.if_else(held, rows["parent_id"], pa.scalar(None, pa.string()))
            rows = rows.set_column(rows.column_names.index("parent_id"), "parent_id", above)
            rows = rows.append_column("depth", pa.array(self._depths[start:stop]))
            start = stop
            yield rows.drop_columns(["at", "edited_at", "source"])

    def posts(self) -> Iterator[pa.Table]:
        """Yield the posts, with the columns of the table posts and their id in front."""
        draft = self._draft
        home = pa.scalar(draft.site or draft.family, pa.string())
        for rows in Rows(draft.packed_posts, draft.posts.values()).tables():
            rows = rows.set_column(rows.column_names.index("site"), "site", pc.coalesce(rows["site"], home))
            yield rows.drop_columns(["at", "partial", "edited_at", "source"])

    def problems(self) -> Iterator[pa.Table]:
        """Yield the problems with their numbers; no reading adds to them any more."""
        for rows in self._draft.problems.tables():
            yield rows.drop_columns(["loss", "n_lost"])

    def corpus(self) -> Corpus:
        """Return everything as a corpus."""
        return Corpus(
            POSTS.from_arrow(pa.concat_tables(self.posts())),
            COMMENTS.from_arrow(pa.concat_tables(self.comments())),
            PROBLEMS.from_arrow(pa.concat_tables(self.problems())),
        )


def repair(draft: Draft) -> Corpus:
    """Mend what can be mended in a draft, note it, and return the corpus."""
    return Mended(draft).corpus()


def _hide_karma(draft: Draft) -> None:
    for row in draft.comments.values() if draft.karma_hidden else ():
        if row["post_id"] in draft.karma_hidden:
            row.pop("karma", None)
            row.pop("af_karma", None)


def add_missing_posts(draft: Draft) -> None:
    """Give every comment whose post is absent an empty post to stand under."""
    packed = list(_missing(draft))
    others = [row for row in draft.comments.values() if not draft.has_post(row["post_id"])]
    names = pa.array({row["post_id"] for row in others}, pa.string())
    first: dict[str, dict[str, Any]] = {}
    for n, rows in enumerate(packed):
        both = pc.is_in(rows["post_id"], value_set=names)
        first |= {row["post_id"]: row for row in rows.filter(both).to_pylist()}
        packed[n] = rows.filter(pc.invert(both))
    for row in sorted(others, key=itemgetter("at")):
        name = row["post_id"]
        if name not in draft.posts:
            begun = min(row, first.get(name, row), key=itemgetter("at"))
            draft.post(name, partial=True, site=begun.get("site"), loose=row.get("loose"))
            draft.posts[name]["at"] = begun["at"] + _BEHIND
    for rows in packed:
        behind = rows.set_column(0, "at", pc.add(rows["at"], _BEHIND))
        draft.packed_posts.add(Batch(behind, draft.source))


def _missing(draft: Draft) -> Iterator[pa.Table]:
    """Yield the posts of packed comments that are not held, each where the first comment under it stands."""
    known = np.sort(np.concatenate([draft.packed_posts.keys(), hashes(pa.array(draft.posts, pa.string()))]))
    batches = draft.packed.batches
    found = [_strange(np.unique(all_hashes(batch.left("post_id")["post_id"])), known) for batch in batches]
    owners = np.repeat(np.arange(len(found)), [len(keys) for keys in found])
    keys, first = np.unique(np.concatenate([known[:0], *found]), return_index=True)
    order = np.argsort(owners[first], kind="stable")
    numbers, begins = np.unique(owners[first][order], return_index=True)
    for n, wanted in zip(numbers.tolist(), np.split(keys[order], begins[1:]), strict=False):
        rows = batches[n].left("at", "post_id")
        held, at = np.unique(all_hashes(rows["post_id"]), return_index=True)
        rows = rows.take(pa.array(np.sort(at[np.isin(held, wanted)])))
        yield _bare(rows, batches[n].site)


def _strange(keys: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Return those of some keys that are not among others, which are sorted."""
    if not len(known):
        return keys
    there: np.ndarray = known[np.minimum(np.searchsorted(known, keys), len(known) - 1)] == keys
    strange: np.ndarray = keys[~there]
    return strange


def _bare(rows: pa.Table, site: str | None) -> pa.Table:
    n = len(rows)
    known = {
        "site": pa.repeat(pa.scalar(site, pa.string()), n),
        "partial": pa.repeat(True, n),
        "text": pa.repeat("", n),
    }
    known |= {name: rows[name] for name in rows.column_names}
    return pa.table([known.get(field.name, pa.nulls(n, field.type)) for field in POST_SCHEMA], schema=POST_SCHEMA)


def _part_ids(draft: Draft) -> dict[str, str]:
    """Rename each comment whose id is a post's too: a quote's source or a target may be either."""
    renamed = {}
    rows = draft.packed.take_named("comment_id", draft.posts)
    rows += draft.packed.take_at(draft.packed.places_of(np.sort(draft.packed_posts.keys())))
    draft.comments |= {row["comment_id"]: row for row in rows}
    for comment_id in [name for name in draft.comments if draft.has_post(name)]:
        row = draft.comments[comment_id]
        new = f"{draft.prefix(draft.post_row(row['post_id']))}:{comment_id}"
        while new in draft.comments or draft.has_post(new):
            new += "~2"
        row["comment_id"] = renamed[comment_id] = new
        draft.problem(
            f"id {comment_id!r} names both a post and a comment",
            f"the comment was renamed {new}; a reply to {comment_id!r} was read as an answer to the post",
            comment_id=new,
            severity="info",
            source=row["source"],
        )
    if renamed:
        draft.comments = {row["comment_id"]: row for row in draft.comments.values()}
    return renamed


def _name_parents(draft: Draft, renamed: dict[str, str]) -> dict[str, str]:
    """Give every parent the id it has in the corpus; returns what the export called those that it calls otherwise."""
    rows = draft.packed.take_named("post_id", {post_id for post_id, _ in draft.aliases})
    rows += draft.packed.take_named("parent_id", renamed)
    draft.comments |= {row["comment_id"]: row for row in rows}
    called = {}
    for comment_id, row in draft.comments.items():
        stated = row.get("parent_id")
        if stated is None or stated == row["post_id"]:
            row["parent_id"] = None
            continue
        parent = draft.aliases.get((row["post_id"], stated), stated)
        row["parent_id"] = renamed.get(parent, parent)
        if row["parent_id"] != stated:
            called[comment_id] = stated
    return called


class _Places:
    """Where each comment stands (its number), found by 64 bits of its id; and under which post, likewise."""

    def __init__(self, rows: Rows) -> None:
        ids, posts = [], []
        for part in rows.tables("comment_id", "post_id"):
            ids.append(all_hashes(part["comment_id"]))
            posts.append(all_hashes(part["post_id"]))
        keys = np.concatenate(ids)
        self.posts = np.concatenate(posts)
        order = np.argsort(keys, kind="stable")
        self._keys = keys[order]
        self._numbers = order if len(keys) >= 2**31 else order.astype(np.int32)

    def find(self, names: pa.ChunkedArray) -> np.ndarray:
        """Return the numbers of the comments of these ids (n,), −1 where there is none."""
        if not len(self._keys):
            return np.full(len(names), -1, dtype=np.int32)
        wanted = all_hashes(names)
        at = np.minimum(np.searchsorted(self._keys, wanted), len(self._keys) - 1)
        return np.where(self._keys[at] == wanted, self._numbers[at], self._numbers.dtype.type(-1))


def _find_parents(draft: Draft, rows: Rows, called: Mapping[str, str]) -> np.ndarray:
    """Return each comment's parent as a row number (n,), −1 where it answers the post or what is not held."""
    there, parents, start = _Places(rows), [], 0
    for part in rows.tables("comment_id", "post_id", "parent_id", "source"):
        asked = as_bools(pc.not_equal(part["parent_id"], part["post_id"]).combine_chunks())
        found = there.find(part["parent_id"])
        held = asked & (found >= 0)
        same = held & (there.posts[found] == there.posts[start : start + len(part)])
        _tell_lost(draft, part, asked & ~same, held, called)
        parents.append(np.where(same, found, found.dtype.type(-1)))
        start += len(part)
    return np.concatenate(parents)


def _tell_lost(draft: Draft, rows: pa.Table, lost: np.ndarray, held: np.ndarray, called: Mapping[str, str]) -> None:
    """Note the comments of which the parent stands under another post, or is not there."""
    places = np.flatnonzero(lost)
    for n, row in zip(places, rows.take(pa.array(places)).to_pylist(), strict=True):
        name = row["comment_id"]
        elsewhere = "which stands under another post" if held[n] else "which the export does not hold"
        draft.problem(
            f"comment {name!r} answers {called.get(name, row['parent_id'])!r}, {elsewhere}",
            "it was read as an answer to the post",
            comment_id=name,
            source=row["source"],
            loss=None if held[n] else "parents",
        )


def _tell_stubs(draft: Draft) -> None:
    for comment_id, row in draft.comments.items():
        if row["status"] == "stub":
            draft.problem(
                f"comment {comment_id!r} is named without its text",
                "it was kept in its place and cannot be judged; export it opened",
                comment_id=comment_id,
                source=row["source"],
                loss="stubs",
            )


def _unroll(draft: Draft, rows: Rows, parents: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Cut each cycle at one place; returns the parents without it, and the depths."""
    depth = depths(parents)
    if (depth >= 0).all():
        return parents, depth
    cut = cycle_entries(parents)
    for row in rows.at(cut, "comment_id", "source"):
        draft.problem(
            f"comment {row['comment_id']!r} answers itself or one of its own replies",
            "it was read as an answer to the post",
            comment_id=row["comment_id"],
            source=row["source"],
        )
    parents[cut] = -1
    return parents, np.maximum(depths(parents), 0)
