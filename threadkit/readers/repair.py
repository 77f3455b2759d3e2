"""Rows in, a clean corpus out: a post for every comment, a forest of replies, and what the export lacks."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from threadkit.corpus.corpus import Corpus
from threadkit.corpus.tables import COMMENTS, POSTS, PROBLEMS
from threadkit.corpus.tree import cycle_entries, depths, parent_rows
from threadkit.readers.loose import settle

if TYPE_CHECKING:
    from threadkit.readers.draft import Draft, Stub


def repair(draft: Draft) -> Corpus:
    """Mend what can be mended in a draft, note it, and return the corpus."""
    add_missing_posts(draft)
    settle(draft)
    _name_posts(draft)
    renamed = _part_ids(draft)
    _find_parents(draft, renamed)
    _tell_stubs(draft)
    _count_gaps(draft)
    comments = COMMENTS.build([{"depth": 0, **row} for row in draft.comments.values()])
    comments = _unroll(draft, comments)
    return Corpus(POSTS.build(list(draft.posts.values())), comments, numbered(draft.problems))


def numbered(problems: list[dict[str, Any]]) -> pd.DataFrame:
    """Return problem rows as the problems table."""
    return PROBLEMS.build([{"problem": i, **row} for i, row in enumerate(problems)])


def add_missing_posts(draft: Draft) -> None:
    """Give every comment whose post is absent an empty post to stand under."""
    for row in draft.comments.values():
        if row["post_id"] not in draft.posts:
            draft.post(row["post_id"], partial=True, site=row.get("site"), loose=row.get("loose"))


def _name_posts(draft: Draft) -> None:
    answered = {row["post_id"] for row in draft.comments.values()}
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


def _find_parents(draft: Draft, renamed: dict[str, str]) -> None:
    for comment_id, row in draft.comments.items():
        stated = row.get("parent_id")
        if stated is None or stated == row["post_id"]:
            row["parent_id"] = None
            continue
        parent = draft.aliases.get((row["post_id"], stated), stated)
        parent = renamed.get(parent, parent)
        row["parent_id"] = parent
        if parent in draft.comments and draft.comments[parent]["post_id"] == row["post_id"]:
            continue
        row["parent_id"] = None
        held = parent in draft.comments
        elsewhere = "which stands under another post" if held else "which the export does not hold"
        draft.problem(
            f"comment {comment_id!r} answers {stated!r}, {elsewhere}",
            "it was read as an answer to the post",
            comment_id=comment_id,
            source=row["source"],
            loss=None if held else "parents",
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


def _count_gaps(draft: Draft) -> None:
    found: dict[str, set[str]] = defaultdict(set)
    inferred = set()
    for row in draft.comments.values():
        found[row["post_id"]].add(row["stated_id"])
        if row["origin"] == "inferred":
            inferred.add(row["post_id"])
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
            missing, total = max(0, stated - len(found[post_id])), stated
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


def _unroll(draft: Draft, comments: pd.DataFrame) -> pd.DataFrame:
    parents = parent_rows(comments)
    cut = cycle_entries(parents)
    if len(cut):
        for name in comments.index[cut]:
            draft.problem(
                f"comment {name!r} answers itself or one of its own replies",
                "it was read as an answer to the post",
                comment_id=name,
                source=draft.comments[name]["source"],
            )
        parents[cut] = -1
        comments.loc[comments.index[cut], "parent_id"] = pd.NA
    return comments.assign(depth=np.maximum(depths(parents), 0))
