"""Which posts stand where readers score comments: without scores nobody can say that a reply was scored higher."""

from __future__ import annotations

from typing import TYPE_CHECKING

from threadkit.base.lookup import looked_up

if TYPE_CHECKING:
    import pandas as pd


def is_scored(comments: pd.DataFrame, posts: pd.DataFrame) -> pd.Series:
    """Tell for each post whether its site scores comments: bool per post_id.

    It does where two karmas differ: none tells nothing, nor does one that all comments have.
    """
    # A post whose site is not known stands with the others of which nothing is known.
    site = posts["site"].fillna("")
    karma = comments["karma"].groupby(looked_up(site, comments["post_id"]).to_numpy(dtype=object))
    told = karma.min() < karma.max()
    return site.isin(told.index[told.fillna(value=False).to_numpy(dtype=bool)]).astype(bool)
