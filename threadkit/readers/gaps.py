"""What an export states and does not hold: posts without their text, comments that are counted or listed only."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from threadkit.base.keys import all_hashes
from threadkit.readers.comment_rows import Rows
from threadkit.readers.json_columns import as_bools

if TYPE_CHECKING:
    from collections.abc import Iterator

    from threadkit.readers.draft import Draft, Stub

# Posts of a file without their text that are told one by one; of more, their number: a dump of comments alone has
# as many as posts that were commented on.
_MANY = 1000


def name_posts(draft: Draft) -> None:
    """Name the forum of every post, and tell which posts lack their text."""
    for row in draft.posts.values():
        row["site"] = row.get("site") or draft.site or row.get("family") or draft.family
    rows = Rows(draft.packed_posts, draft.posts.values())
    partial: Counter[str] = Counter()
    for source, _ in _partial(rows):
        partial[source] += 1
    for source, n in partial.items():
        if n > _MANY:
            draft.problem(
                f"the text of {n:,} posts is not in the export, only comments under them or their titles are",
                "it was left empty and cannot be a target; add the files that hold these posts",
                source=source,
                loss="posts",
                n_lost=n,
            )
    told = [(source, post_id) for source, post_id in _partial(rows) if partial[source] <= _MANY]
    answered = {row["post_id"] for row in draft.comments.values()}
    answered |= draft.packed.among("post_id", [post_id for _, post_id in told])
    for source, post_id in told:
        there = "only comments under it are" if post_id in answered else "only its title is"
        draft.problem(
            f"the text of post {post_id!r} is not in the export, {there}",
            "it was left empty and cannot be a target; add a file that holds it",
            place=f"post {post_id}",
            source=source,
            loss="posts",
        )


def _partial(rows: Rows) -> Iterator[tuple[str, str]]:
    """Yield file and id of every post without its text."""
    for part in rows.tables("post_id", "source", "partial"):
        some = part.filter(part["partial"])
        yield from zip(some["source"].to_pylist(), some["post_id"].to_pylist(), strict=True)


class _Found:
    """How many comments stand under each post, found by 64 bits of its id; and the ids of those that are asked for."""

    def __init__(self, draft: Draft) -> None:
        self.ids: dict[str, set[str]] = defaultdict(set)
        for row in draft.comments.values():
            self.ids[row["post_id"]].add(row["stated_id"])
        self._own = {name: len(ids) for name, ids in self.ids.items()}
        asked = {stub.post_id for stub in draft.stubs if stub.ids} | {name for name, ids in draft.listed.items() if ids}
        for post_id, comment_id in draft.packed.pairs("post_id", "comment_id", asked):
            self.ids[post_id].add(comment_id)
        self._asked = asked
        parts = [
            np.unique(all_hashes(batch.left("post_id")["post_id"]), return_counts=True)
            for batch in draft.packed.batches
        ]
        none = np.empty(0, dtype=np.uint64), np.empty(0, dtype=np.int64)
        keys, n = (np.concatenate(columns) for columns in zip(none, *parts, strict=True))
        order = np.argsort(keys, kind="stable")
        self._keys, first = np.unique(keys[order], return_index=True)
        self._n = np.add.reduceat(n[order], first) if len(first) else n

    def counts(self, posts: pa.ChunkedArray) -> np.ndarray:
        """Return how many comments stand under each of some posts (n,)."""
        names = posts.to_pylist() if self._own or self._asked else []
        own = np.array([len(self.ids[name]) if name in self._asked else self._own.get(name, 0) for name in names])
        if not len(self._keys):
            return own if names else np.zeros(len(posts), dtype=np.int64)
        wanted = all_hashes(posts)
        at = np.minimum(np.searchsorted(self._keys, wanted), len(self._keys) - 1)
        packed = np.where(self._keys[at] == wanted, self._n[at], 0)
        if names:
            packed[[name in self._asked for name in names]] = 0
            packed += own
        return packed


def tell_gaps(draft: Draft) -> None:
    """Tell which comments the export states, or hides behind a link, and does not hold."""
    draft.posts |= {row["post_id"]: row for row in draft.packed_posts.take_named("post_id", draft.listed)}
    found = _Found(draft)
    inferred = {row["post_id"] for row in draft.comments.values() if row["origin"] == "inferred"}
    for stub in draft.stubs:
        _report_stub(draft, stub, found.ids[stub.post_id])
    for rows in Rows(draft.packed_posts, draft.posts.values()).tables("post_id", "source", "n_comments_stated"):
        lacks = pc.fill_null(pc.subtract(rows["n_comments_stated"], pa.array(found.counts(rows["post_id"]))), 0)
        asked = as_bools(pc.is_in(rows["post_id"], value_set=pa.array(draft.listed, pa.string())).combine_chunks())
        for n in np.flatnonzero(asked | (lacks.to_numpy() > 0)).tolist():
            post_id, total = rows["post_id"][n].as_py(), rows["n_comments_stated"][n].as_py()
            missing = lacks[n].as_py()
            if draft.listed.get(post_id, set()) - draft.held.get(post_id, set()):
                missing, total = _unlisted(draft, post_id, found.ids[post_id])
            elif post_id in inferred:
                continue
            if missing > 0:
                _tell_missing(draft, post_id, rows["source"][n].as_py(), missing, total)


def _unlisted(draft: Draft, post_id: str, found: set[str]) -> tuple[int, int]:
    """Return how many of the comments that a post lists are not held, and how many it lists: that many it states."""
    listed = draft.listed[post_id] - draft.held.get(post_id, set())
    row = draft.posts[post_id]
    row["n_comments_stated"] = len(listed) if row.get("n_comments_stated") is None else row["n_comments_stated"]
    return len(listed - found), len(listed)


def _tell_missing(draft: Draft, post_id: str, source: str, missing: int, total: int) -> None:
    draft.problem(
        f"post {post_id!r}: {missing:,} of its {total:,} comments are not in the export",
        "export it again with every page or branch opened, and read both files",
        place=f"post {post_id}",
        severity="error",
        source=source,
        loss="missing",
        n_lost=missing,
    )


def _report_stub(draft: Draft, stub: Stub, found: set[str]) -> None:
    absent = len(stub.ids - found)
    if stub.ids and not absent:
        return
    number = max(absent, stub.n_stated - len(stub.ids & found))
    count = "replies, nobody knows how many," if not number else "1 reply" if number == 1 else f"{number:,} replies"
    draft.problem(
        f"not in the export: {count} behind a link ('load more', 'continue this thread')",
        "open the branch before exporting, or export it too and read both files",
        place=stub.place,
        severity="error",
        source=stub.source,
        loss="folded",
        n_lost=number or 1,
    )
