"""What an earlier run holds of a corpus already, and may be taken over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from threadkit.base.lookup import among, looked_up, places_of

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
    changed: pd.Index = posts.index[~same_post | among(posts.index, comments["post_id"][~same_comment])]
    return changed


def same(now: pd.DataFrame, before: pd.DataFrame, columns: list[str]) -> np.ndarray:
    """Tell which rows stand in `before` too, with the same values (n,); missing equals missing."""
    old, new = looked_up(before[columns], now.index), now[columns]
    equal = (old == new).fillna(value=False).astype(bool) | (old.isna() & new.isna())
    return np.asarray(equal.all(axis=1).to_numpy() & among(now.index, before.index))


def beside(old: pd.DataFrame, new: pd.DataFrame, comments: pd.DataFrame, fresh: pd.Index) -> pd.DataFrame:
    """Return the earlier rows of comments that are not `fresh`, and the new rows, in the order of the comments."""
    kept: pd.DataFrame = old[~among(old["comment_id"], fresh) & among(old["comment_id"], comments.index)]
    both = pd.concat([kept, new])
    return both.iloc[np.argsort(places_of(both["comment_id"], comments.index), kind="stable")]


def rows_before(objections: pd.DataFrame, known: Analysis) -> np.ndarray:
    """Return the row of each objection in the earlier run (n,), −1 where it was none or its words have changed."""
    before = known.objections["text"]
    row = places_of(objections.index, before.index)
    differs = (before.array.take(row, allow_fill=True) != objections["text"].array).to_numpy(dtype=bool, na_value=True)
    return np.where(differs, -1, row)
