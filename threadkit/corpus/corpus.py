"""The corpus: posts, comments, and what was not clean about them."""

from __future__ import annotations

import re
from copy import copy
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import orjson
import pandas as pd

from threadkit.base.columns import values
from threadkit.base.errors import TableError
from threadkit.base.lookup import among, looked_up
from threadkit.corpus.tables import COMMENTS, POSTS, PROBLEMS
from threadkit.corpus.views import VIEWS

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True)
class Corpus:
    """Posts, comments and problems, checked once, at this door.

    `sources` holds one mapping a file: its name, its sha256, its format, and the counts of what was
    stated, found, inferred, deleted and stubbed.

    Raises TableError where a table lacks a column, an id stands twice, or a comment's post is absent.
    """

    posts: pd.DataFrame
    comments: pd.DataFrame
    problems: pd.DataFrame = field(default_factory=PROBLEMS.empty)
    sources: tuple[dict[str, object], ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "posts", POSTS.check(self.posts))
        object.__setattr__(self, "comments", COMMENTS.check(self.comments))
        object.__setattr__(self, "problems", PROBLEMS.check(self.problems))
        orphans = ~among(self.comments["post_id"], self.posts.index)
        if orphans.any():
            row = self.comments[orphans].iloc[0]
            raise TableError(
                f"comment {row.name!r} stands under post {row['post_id']!r}, which the posts table does not hold: "
                "add a row for that post (an id is enough)"
            )

    def from_sources(self, sources: Iterable[dict[str, object]]) -> Corpus:
        """Return this corpus with other `sources`; the tables are good already, and are not checked again."""
        told = copy(self)
        object.__setattr__(told, "sources", tuple(sources))
        return told

    def __repr__(self) -> str:
        return (
            f"Corpus({len(self.posts):,} posts, {len(self.comments):,} comments, "
            f"{self.comments['author'].nunique():,} authors, {len(self.problems):,} problems)"
        )

    def _repr_html_(self) -> str:
        return str(VIEWS.load("corpus")(self))

    def save(self, folder: str | Path) -> Path:
        """Write posts, comments and problems as Parquet files, and run.json with the sources; returns `folder`."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("posts", "comments", "problems"):
            getattr(self, name).to_parquet(folder / f"{name}.parquet", compression="zstd")
        return save_sources(folder, self.sources)

    def join(self, newer: Corpus) -> Corpus:
        """Return this corpus with a newer one: of a post or comment that both hold, the newer row stands.

        A post of the same id on another site is another post: it and its comments get the id ``site:id``, and so
        does a comment of the same id under another post, and one, old or new, whose id is a post's of the other.
        """
        posts, comments = newer.posts, newer.comments
        sites = pd.concat([self.posts["site"].rename("old"), posts["site"].rename("new")], axis=1, join="inner")
        other = sites.index[(sites["old"] != sites["new"]).fillna(value=False)]
        names = {name: f"{site}:{name}" for name, site in posts["site"].reindex(other).items()}
        posts = posts.rename(index=names)
        comments = comments.assign(post_id=comments["post_id"].replace(names))
        old, said_of_old = _apart(self.comments, self.posts, posts.index)
        comments, said_of_new = _apart(comments, posts, self.posts.index)
        both = comments.index[among(comments.index, old.index)]
        moved = both[(old.loc[both, "post_id"] != comments.loc[both, "post_id"]).to_numpy()]
        homes = posts["site"].reindex(comments.loc[moved, "post_id"]).fillna("new")
        names = {name: f"{site}:{name}" for name, site in zip(moved, homes, strict=True)}
        comments = comments.rename(index=names)
        comments = comments.assign(parent_id=comments["parent_id"].replace(names))
        return Corpus(
            _newest(self.posts, posts),
            _newest(old, comments),
            pd.concat([self.problems, newer.problems, said_of_old, said_of_new], ignore_index=True),
            (*self.sources, *(source for source in newer.sources if source not in self.sources)),
        )


def save_sources(folder: Path, sources: Iterable[dict[str, object]]) -> Path:
    """Write run.json with the sources of a corpus; returns `folder`."""
    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    (folder / "run.json").write_bytes(orjson.dumps({"sources": tuple(sources)}, option=options))
    return folder


def _apart(comments: pd.DataFrame, posts: pd.DataFrame, others: pd.Index) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rename the comments whose ids are posts of `others` too; returns the comments, and a problem for each.

    A comment gets the same new id in whichever corpus it comes: a newer export of it is still the same comment.
    """
    shared = comments.index[among(comments.index, others)]
    if not len(shared):
        return comments, PROBLEMS.empty()
    sites = looked_up(posts["site"], comments.loc[shared, "post_id"]).fillna("comment")
    taken = {*values(posts.index), *values(others), *values(comments.index)}
    names = {}
    for name, site in zip(shared, sites, strict=True):
        names[name] = f"{site}:{name}"
        while names[name] in taken:
            names[name] += "~2"
        taken.add(names[name])
    told = [
        {
            "problem": n,
            "comment_id": new,
            "severity": "info",
            "what": f"id {name!r} names both a post and a comment",
            "cure": f"the comment was renamed {new}",
        }
        for n, (name, new) in enumerate(names.items())
    ]
    comments = comments.rename(index=names)
    return comments.assign(parent_id=comments["parent_id"].replace(names)), PROBLEMS.build(told)


def _newest(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([old[~among(old.index, new.index)], new])


def in_order(table: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Sort a table by columns, then by id with its numbers read as numbers: the order it came in does not matter.

    A table that is in order is returned as it is.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    keys = table[list(columns)].reset_index(drop=True)
    # Ids part those only that the columns do not.
    alike = keys.duplicated(keep=False).tolist() if columns else [True] * len(table)
    ids = [name if among_others else "" for name, among_others in zip(values(table.index), alike, strict=True)]
    natural = [re.sub(r"\d+", lambda m: m.group().zfill(20), name) for name in ids]
    sorted_by = pa.table({**{name: keys[name] for name in columns}, "natural": natural, "id": ids})
    by = [(name, "ascending") for name in sorted_by.column_names]
    rows = pc.sort_indices(sorted_by, by).to_numpy()
    return table if (rows[1:] > rows[:-1]).all() else table.take(rows)
