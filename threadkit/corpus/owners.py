"""Whose words a target is: a target may be a segment, a comment or a post, and its id alone tells which."""

from __future__ import annotations

import pandas as pd

from threadkit.base.lookup import among, looked_up, true

# What a segment's id adds to that of its comment or post; words in quotation marks inside it have a second number.
_PART = r":\d+(?:\.\d+)?$"


def owners(said: pd.DataFrame, comments: pd.DataFrame, posts: pd.DataFrame) -> pd.DataFrame:
    """Return the comment (owner_id; NA = the post itself) and author (owner) of each row's target; index as `said`.

    `said` has the columns target_id and post_id. A whole id goes before its parts: a comment may be called ``site:1``.

    >>> comments = pd.DataFrame({"author": ["Bo", "Cy"]}, index=["c", "site:1"])
    >>> said = pd.DataFrame({"target_id": ["c:0", "site:1", "p:1"], "post_id": "p"})
    >>> owners(said, comments, pd.DataFrame({"author": ["Ada"]}, index=["p"]))["owner"].tolist()
    ['Bo', 'Cy', 'Ada']
    """
    target = said["target_id"].astype("string")
    cut = target.str.replace(_PART, "", regex=True)
    whole = target.where(among(target, comments.index))
    of_post = true(target == said["post_id"]) | (whole.isna().to_numpy() & true(cut == said["post_id"]))
    owner = whole.fillna(cut.where(among(cut, comments.index))).mask(of_post)
    wrote = looked_up(comments["author"], owner).set_axis(said.index)
    poster = looked_up(posts["author"], said["post_id"]).set_axis(said.index)
    return pd.DataFrame({"owner_id": owner, "owner": wrote.where(owner.notna(), poster).astype("string")})
