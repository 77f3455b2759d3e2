"""Rows in, a clean corpus out: a post for every comment, a forest of replies, and what the export lacks."""

from __future__ import annotations

from collections import defaultdict
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from threadkit.base.keys import places
from threadkit.corpus.corpus import Corpus
from threadkit.corpus.tables import POSTS, PROBLEMS
from threadkit.corpus.tree import cycle_entries, depths
from threadkit.readers.comment_rows import as_comments, comment_rows
from threadkit.readers.json_columns import as_bools
from threadkit.readers.loose import settle

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from threadkit.readers.draft import Draft, Stub


def repair(draft: Draft) -> Corpus:
    """Mend what can be mended in a draft, note it, and return the corpus."""
    draft.unpack_repeated()
    add_missing_posts(draft)
    settle(draft)
    _name_posts(draft)
    stated = _name_parents(draft, _part_ids(draft))
    rows = comment_rows(draft)
    parents = _find_parents(draft, rows, stated)
    _tell_stubs(draft)
    _count_gaps(draft)
    parents, depth = _unroll(draft, rows, parents)
    comments = as_comments(rows, parents, depth)
    return Corpus(POSTS.build(list(draft.posts.values())), comments, numbered(draft.problems))


def numbered(problems: list[dict[str, Any]]) -> pd.DataFrame:
    """Return problem rows as the problems table."""
    return PROBLEMS.build([{"problem": i, **row} for i, row in enumerate(problems)])


def add_missing_posts(draft: Draft) -> None:
    """Give every comment whose post is absent an empty post to stand under."""
    missing = [(row["at"], row["post_id"], row) for row in draft.comments.values() if row["post_id"] not in draft.posts]
    for batch in draft.packed.batches:
        posts = batch.rows["post_id"].combine_chunks().dictionary_encode()
        absent = {n: name for n, name in enumerate(posts.dictionary.to_pylist()) if name not in draft.posts}
        if absent:
            named, first = np.unique(posts.indices, return_index=True)
            at = dict(zip(named.tolist(), batch.rows["at"].take(pa.array(first)).to_pylist(), strict=True))
            missing += [(at[n], name, {"site": batch.site}) for n, name in absent.items()]
    for _, post_id, row in sorted(missing, key=itemgetter(0)):
        if post_id not in draft.posts:
            draft.post(post_id, partial=True, site=row.get("site"), loose=row.get("loose"))


def _name_posts(draft: Draft) -> None:
    answered = {row["post_id"] for row in draft.comments.values()} | draft.packed.counts("post_id").keys()
    for post_id, row in draft.posts.items():
        row["site"] = row.get("site") or draft.site or row.get("family") or draft.family
        if row["partial"]:
            there = "only comments under it are" if post_id in answered else "only its title is"
            draft.problem(
                f"the text of post {post_id!r} is not in the export, {there}",
                "it was left empty and cannot be a target; add a file that holds it",
                place=f"post {post_id}",
                source=row["source"],
                loss="posts",
            )


def _part_ids(draft: Draft) -> dict[str, str]:
    """Rename each comment whose id is a post's too: a quote's source or a target may be either."""
    renamed = {}
    draft.comments |= {row["comment_id"]: row for row in draft.packed.take_named("comment_id", draft.posts)}
    for comment_id in [name for name in draft.comments if name in draft.posts]:
        row = draft.comments[comment_id]
        new = f"{draft.prefix(draft.posts[row['post_id']])}:{comment_id}"
        while new in draft.comments or new in draft.posts:
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


def _find_parents(draft: Draft, rows: pa.Table, called: Mapping[str, str]) -> np.ndarray:
    """Return each comment's parent as a row number (n,), −1 where it answers the post or what is not held."""
    posts = rows["post_id"].combine_chunks().dictionary_encode().indices.to_numpy()
    asked = as_bools(pc.not_equal(rows["parent_id"], rows["post_id"]).combine_chunks())
    found = places(rows["comment_id"], rows["parent_id"])
    held = asked & (found >= 0)
    same = held & (posts[found] == posts)
    lost = np.flatnonzero(asked & ~same)
    for n, row in zip(lost, rows.take(pa.array(lost)).to_pylist(), strict=True):
        name = row["comment_id"]
        elsewhere = "which stands under another post" if held[n] else "which the export does not hold"
        draft.problem(
            f"comment {name!r} answers {called.get(name, row['parent_id'])!r}, {elsewhere}",
            "it was read as an answer to the post",
            comment_id=name,
            source=row["source"],
            loss=None if held[n] else "parents",
        )
    return np.where(same, found, -1)


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


def _count_gaps(draft: Draft) -> None:
    found: dict[str, set[str]] = defaultdict(set)
    inferred = set()
    for row in draft.comments.values():
        found[row["post_id"]].add(row["stated_id"])
        if row["origin"] == "inferred":
            inferred.add(row["post_id"])
    asked = {stub.post_id for stub in draft.stubs if stub.ids} | {name for name, ids in draft.listed.items() if ids}
    for post_id, comment_id in draft.packed.pairs("post_id", "comment_id", asked):
        found[post_id].add(comment_id)
    n_found = {post_id: len(ids) for post_id, ids in found.items()}
    n_found |= {
        post_id: n + n_found.get(post_id, 0)
        for post_id, n in draft.packed.counts("post_id").items()
        if post_id not in asked
    }
    for stub in draft.stubs:
        _report_stub(draft, stub, found[stub.post_id])
    for post_id, row in draft.posts.items():
        listed = draft.listed.get(post_id, set())
        listed = listed - draft.held.get(post_id, set())
        lost = listed - found[post_id]
        stated = row.get("n_comments_stated")
        if listed:
            missing, total = len(lost), len(listed)
            row["n_comments_stated"] = total if stated is None else stated
        elif stated is not None and post_id not in inferred:
            missing, total = max(0, stated - n_found.get(post_id, 0)), stated
        else:
            continue
        if missing:
            draft.problem(
                f"post {post_id!r}: {missing:,} of its {total:,} comments are not in the export",
                "export it again with every page or branch opened, and read both files",
                place=f"post {post_id}",
                severity="error",
                source=row["source"],
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


def _unroll(draft: Draft, rows: pa.Table, parents: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Cut each cycle at one place; returns the parents without it, and the depths."""
    depth = depths(parents)
    if (depth >= 0).all():
        return parents, depth
    cut = cycle_entries(parents)
    for row in rows.take(pa.array(cut)).to_pylist():
        draft.problem(
            f"comment {row['comment_id']!r} answers itself or one of its own replies",
            "it was read as an answer to the post",
            comment_id=row["comment_id"],
            source=row["source"],
        )
    parents[cut] = -1
    return parents, np.maximum(depths(parents), 0)
