"""Count where each crux comes back, and whether it was taken up: distinct posts and authors, no copies."""

from __future__ import annotations

import numpy as np
import pandas as pd

from threadkit.corpus.tables import CRUXES, RECURRENCE

# A crux recurs from this many distinct posts and this many distinct authors on.
MIN_POSTS = 2
MIN_AUTHORS = 2


def n_known(authors: pd.Series) -> int:
    """Count distinct known authors; if none is known, somebody wrote it all the same: 1.

    >>> n_known(pd.Series(["a", None, "a"])), n_known(pd.Series([None, None]))
    (1, 1)
    """
    return max(int(authors.nunique()), 1)


def answers(objections: pd.DataFrame, comments: pd.DataFrame, posts: pd.DataFrame) -> pd.Series:
    """Return, for each objection, the comment that first took it up; NA = nobody.

    A reply takes an objection up when the post's author wrote it, or when the readers scored it higher
    than the objection. Replies of the objector, of bots, and deleted ones do not count.
    """
    replies = comments[comments["parent_id"].notna() & (comments["status"] == "live")]
    objecting = comments.reindex(objections["comment_id"].unique())
    pairs = replies.assign(reply=replies.index).merge(
        objecting[["author", "karma"]], left_on="parent_id", right_index=True, suffixes=("", "_objector")
    )
    poster = posts["author"].reindex(pairs["post_id"]).to_numpy()
    by_poster = (pairs["author"] == poster).fillna(False)
    higher = (pairs["karma"] > pairs["karma_objector"]).fillna(False)
    own = (pairs["author"] == pairs["author_objector"]).fillna(False)
    pairs = pairs[(by_poster | higher).astype(bool) & ~own.astype(bool)]
    first = pairs.sort_values(["posted_at", "reply"], na_position="last").drop_duplicates("parent_id")
    return first.set_index("parent_id")["reply"].reindex(objections["comment_id"]).set_axis(objections.index)


def recur(objections: pd.DataFrame, comments: pd.DataFrame, posts: pd.DataFrame) -> pd.DataFrame:
    """Count on which posts each crux comes up, and return the recurrence table.

    Scores are those of the objecting comments, each counted once a post.
    """
    own = _counted(objections, comments)
    own["answered_by"] = answers(own, comments, posts)
    groups = own.groupby(["crux_id", "post_id"], sort=True)
    once = own.drop_duplicates(["crux_id", "post_id", "comment_id"]).groupby(["crux_id", "post_id"], sort=True)
    table = pd.DataFrame(
        {
            "n_objections": groups.size(),
            "n_authors": groups["author"].agg(n_known),
            "first_at": groups["posted_at"].min(),
            "karma_sum": once["karma"].sum(min_count=1),
            "agreement_sum": once["agreement"].sum(min_count=1),
            "answered_by": groups["answered_by"].first(),
        }
    )
    return RECURRENCE.cast(table) if len(table) else RECURRENCE.empty()


def count_cruxes(
    names: pd.DataFrame, objections: pd.DataFrame, recurrence: pd.DataFrame, sides: pd.DataFrame, comments: pd.DataFrame
) -> pd.DataFrame:
    """Add each crux's counts to its names and return the cruxes table."""
    own = _counted(objections, comments)
    groups = own.groupby("crux_id", sort=True)
    once = own.drop_duplicates(["crux_id", "comment_id"]).groupby("crux_id", sort=True)
    copies = objections[objections["copy_of"].notna() & objections["crux_id"].notna()].groupby("crux_id").size()
    defenders = sides[sides["side"] == "defender"].groupby("crux_id")["author"].nunique()
    answered = recurrence["answered_by"].notna().groupby("crux_id").sum()
    table = names.assign(
        n_objections=groups.size(),
        n_copies=copies.reindex(names.index, fill_value=0),
        n_posts=groups["post_id"].nunique(),
        n_authors=groups["author"].agg(n_known),
        n_defenders=defenders.reindex(names.index, fill_value=0),
        n_answered=answered.reindex(names.index, fill_value=0),
        karma_sum=once["karma"].sum(min_count=1),
        karma_median=once["karma"].median(),
        agreement_sum=once["agreement"].sum(min_count=1),
        agreement_median=once["agreement"].median(),
        first_at=groups["posted_at"].min(),
        last_at=groups["posted_at"].max(),
        stability=np.nan,
    )
    table["recurring"] = (table["n_posts"] >= MIN_POSTS) & (table["n_authors"] >= MIN_AUTHORS)
    return CRUXES.cast(table)


def rank(cruxes: pd.DataFrame) -> pd.Series:
    """Return the place of each crux, most recurrent first: posts, then authors, then objections, then the title."""
    keys = cruxes.assign(id=cruxes["example_id"])
    order = keys.sort_values(
        ["recurring", "n_posts", "n_authors", "n_objections", "title", "id"],
        ascending=[False, False, False, False, True, True],
    ).index
    return pd.Series(range(len(order)), index=order, dtype="int32").sort_index()


def _counted(objections: pd.DataFrame, comments: pd.DataFrame) -> pd.DataFrame:
    """Return the objections that count (in a crux, no copies) with their comment's scores and time."""
    own = objections[objections["crux_id"].notna() & objections["copy_of"].isna()]
    facts = comments[["karma", "agreement", "posted_at"]].reindex(own["comment_id"]).set_axis(own.index)
    return own[["crux_id", "post_id", "comment_id", "author"]].join(facts)
