"""What an earlier run holds of a corpus already, and may be taken over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from threadkit.corpus.analysis import Analysis
    from threadkit.corpus.corpus import Corpus

# What a post's and a comment's words, and who answers whom, depend on; scores may change without any of it changing.
POST_COLUMNS = ["title", "author", "text"]
COMMENT_COLUMNS = ["post_id", "parent_id", "author", "status", "text"]


def changed_posts(corpus: Corpus, known: Analysis) -> pd.Index:
    """Return the posts that are new, or whose words or comments are not those of the earlier run."""
    posts, comments = corpus.posts, corpus.comments
    same_post = same(posts, known.posts, POST_COLUMNS)
    same_comment = same(comments, known.comments, COMMENT_COLUMNS)
    return posts.index[~same_post | posts.index.isin(comments["post_id"][~same_comment])]


def same(now: pd.DataFrame, before: pd.DataFrame, columns: list[str]) -> np.ndarray:
    """Tell which rows stand in `before` too, with the same values (n,); missing equals missing."""
    old, new = before[columns].reindex(now.index), now[columns]
    equal = (old == new).fillna(value=False).astype(bool) | (old.isna() & new.isna())
    return np.asarray(equal.all(axis=1).to_numpy() & now.index.isin(before.index))


def beside(old: pd.DataFrame, new: pd.DataFrame, comments: pd.DataFrame, fresh: pd.Index) -> pd.DataFrame:
    """Return the earlier rows of comments that are not `fresh`, and the new rows, in the order of the comments."""
    kept = old[~old["comment_id"].isin(fresh) & old["comment_id"].isin(comments.index)]
    both = pd.concat([kept, new])
    return both.iloc[np.argsort(comments.index.get_indexer(pd.Index(both["comment_id"])), kind="stable")]


def rows_before(objections: pd.DataFrame, known: Analysis) -> np.ndarray:
    """Return the row of each objection in the earlier run (n,), −1 where it was none or its words have changed."""
    before = known.objections["text"]
    row = before.index.get_indexer(objections.index)
    differs = (before.reindex(objections.index) != objections["text"]).fillna(value=True).to_numpy(dtype=bool)
    return np.where(differs, -1, row)
