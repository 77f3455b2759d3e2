"""What stands behind each crux: threads, authors, chance, prevalence, reception. One row a crux."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from threadkit.corpus.tree import parent_rows, roots
from threadkit.crux.chance import against_chance, effective_authors, spread
from threadkit.crux.prevalence import prevalence, reception

if TYPE_CHECKING:
    import numpy as np


def weigh(objections: pd.DataFrame, vectors: np.ndarray, comments: pd.DataFrame, seed: int = 0) -> pd.DataFrame:
    """Return the columns of the cruxes table that tell how far a crux can be trusted to recur; index crux_id.

    `vectors` (n_objections, dim): row i belongs to objections.iloc[i].
    """
    counted = objections["copy_of"].isna().to_numpy()
    every = objections[counted]
    facts = comments[["karma", "agreement"]].reindex(every["comment_id"]).set_axis(every.index)
    every = every[["crux_id", "post_id", "comment_id", "author"]].join(facts)
    own = every[every["crux_id"].notna()].astype({"crux_id": "int32"})
    n_posts = own.groupby("crux_id")["post_id"].nunique()
    parts: list[pd.Series | pd.DataFrame] = [
        n_threads(own, comments).rename("n_threads"),
        effective_authors(own).rename("n_authors_effective"),
        against_chance(every, vectors[counted], seed),
        spread(n_posts, own.groupby("crux_id").size(), every.groupby("post_id").size().to_numpy()).rename("spread"),
        prevalence(own, every),
        reception(own, comments).rename("reception"),
    ]
    return pd.concat(parts, axis=1).rename_axis("crux_id")


def n_threads(own: pd.DataFrame, comments: pd.DataFrame) -> pd.Series:
    """Count, for each crux, the threads it was raised in: a comment that answers the post, with all below it."""
    above = roots(parent_rows(comments))
    thread = above[comments.index.get_indexer(pd.Index(own["comment_id"]))]
    return pd.Series(thread, index=own.index).groupby(own["crux_id"]).nunique()
