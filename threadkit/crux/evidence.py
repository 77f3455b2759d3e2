"""What stands behind each crux: threads, authors, chance, prevalence, reception. One row a crux."""

from __future__ import annotations

import numpy as np
import pandas as pd

from threadkit.base.lookup import looked_up, places_of, true
from threadkit.corpus.tree import parent_rows, roots
from threadkit.crux.chance import against_chance, effective_authors, spread
from threadkit.crux.prevalence import prevalence, reception


def weigh(objections: pd.DataFrame, vectors: np.ndarray, comments: pd.DataFrame, seed: int = 0) -> pd.DataFrame:
    """Return the columns of the cruxes table that tell how far a crux can be trusted to recur; index crux_id.

    `vectors` (n_objections, dim): row i belongs to objections.iloc[i].
    """
    counted = true(objections["copy_of"].isna())
    every = objections.loc[counted, ["crux_id", "post_id", "comment_id", "author"]]
    every = every.assign(**looked_up(comments[["karma", "agreement"]], every["comment_id"]).set_axis(every.index))
    own = every[true(every["crux_id"].notna())].astype({"crux_id": "int32"})
    n_posts = own.groupby("crux_id")["post_id"].nunique()
    parts: list[pd.Series | pd.DataFrame] = [
        n_threads(own, comments).rename("n_threads"),
        effective_authors(own).rename("n_authors_effective"),
        against_chance(every, vectors, seed, np.flatnonzero(counted)),
        spread(n_posts, own.groupby("crux_id").size(), every.groupby("post_id").size().to_numpy()).rename("spread"),
        prevalence(own, every),
        reception(own, comments).rename("reception"),
    ]
    return pd.concat(parts, axis=1).rename_axis("crux_id")


def n_threads(own: pd.DataFrame, comments: pd.DataFrame) -> pd.Series:
    """Count, for each crux, the threads it was raised in: a comment that answers the post, with all below it."""
    above = roots(parent_rows(comments))
    thread = above[places_of(own["comment_id"], comments.index)]
    return pd.Series(thread, index=own.index).groupby(own["crux_id"]).nunique()
