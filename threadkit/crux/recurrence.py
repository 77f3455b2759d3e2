"""Count where each crux comes back, and whether it was taken up: distinct posts and authors, no copies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from threadkit.base.lookup import looked_up, true
from threadkit.corpus.tables import CRUXES, RECURRENCE
from threadkit.crux.answers import best_first, sum_up

if TYPE_CHECKING:
    from pandas.core.groupby import SeriesGroupBy

# A crux recurs from this many distinct posts and this many distinct authors on.
MIN_POSTS = 2
MIN_AUTHORS = 2


def n_known(authors: SeriesGroupBy[Any, Any]) -> pd.Series:
    """Count distinct known authors of each group; where none is known, somebody wrote it all the same: 1.

    >>> n_known(pd.Series(["a", None, "a", None]).groupby([0, 0, 0, 1])).tolist()
    [1, 1]
    """
    return authors.nunique().clip(lower=1)


def recur(objections: pd.DataFrame, comments: pd.DataFrame, ledger: pd.DataFrame) -> pd.DataFrame:
    """Count on which posts each crux comes up, and return the recurrence table.

    Scores are those of the objecting comments, each counted once a post. `ledger` is the table answers: of
    several answers on a post the best one counts.
    """
    own = _counted(objections, comments)
    best = best_first(ledger[true(ledger["answered"])]).drop_duplicates(["crux_id", "post_id"])
    groups = own.groupby(["crux_id", "post_id"], sort=True)
    once = own.drop_duplicates(["crux_id", "post_id", "comment_id"]).groupby(["crux_id", "post_id"], sort=True)
    table = pd.DataFrame(
        {
            "n_objections": groups.size(),
            "n_authors": n_known(groups["author"]),
            "first_at": groups["posted_at"].min(),
            "karma_sum": once["karma"].sum(min_count=1),
            "agreement_sum": once["agreement"].sum(min_count=1),
            "answered_by": best.set_index(["crux_id", "post_id"])["answer_id"],
        }
    )
    return RECURRENCE.cast(table) if len(table) else RECURRENCE.empty()


def count_cruxes(
    names: pd.DataFrame, objections: pd.DataFrame, ledger: pd.DataFrame, sides: pd.DataFrame, comments: pd.DataFrame
) -> pd.DataFrame:
    """Add to each crux's names the counts of objections, sides and answers, and whether it recurs.

    Columns have the dtypes of the table cruxes; its other columns are other steps' to add.
    """
    own = _counted(objections, comments)
    groups = own.groupby("crux_id", sort=True)
    once = own.drop_duplicates(["crux_id", "comment_id"]).groupby("crux_id", sort=True)
    copies = objections[true(objections["copy_of"].notna() & objections["crux_id"].notna())].groupby("crux_id").size()
    defending = sides[true(sides["side"] == "defender")]
    defenders = defending.groupby("crux_id")["author"].nunique()
    answered = sum_up(ledger)
    table = names.assign(
        n_objections=groups.size(),
        n_copies=copies.reindex(names.index, fill_value=0),
        n_posts=groups["post_id"].nunique(),
        n_authors=n_known(groups["author"]),
        n_comments=once.size(),
        load_bearing=load_bearing(objections),
        n_defenders=defenders.reindex(names.index, fill_value=0),
        **_defence(defending, comments, names.index),
        best_answer_id=answered["best_answer_id"].reindex(names.index),
        **{
            name: answered[name].reindex(names.index, fill_value=0)
            for name in ("n_answered", "n_conceded", "n_after_answer")
        },
        karma_sum=once["karma"].sum(min_count=1),
        karma_median=once["karma"].median(),
        agreement_sum=once["agreement"].sum(min_count=1),
        agreement_median=once["agreement"].median(),
        first_at=groups["posted_at"].min(),
        last_at=groups["posted_at"].max(),
    )
    table["recurring"] = (table["n_posts"] >= MIN_POSTS) & (table["n_authors"] >= MIN_AUTHORS)
    return table.astype({name: column.dtype for name, column in CRUXES.columns.items() if name in table})


def load_bearing(objections: pd.DataFrame) -> pd.Series:
    """Return of each crux, of the objecting comments on its posts, the share that make it (0 to 1), by crux_id."""
    own = objections.loc[true(objections["copy_of"].isna()), ["crux_id", "post_id", "comment_id"]]
    on_post = own.groupby("post_id")["comment_id"].nunique()
    inside = own[true(own["crux_id"].notna())].drop_duplicates(["crux_id", "comment_id"])
    posts = inside.drop_duplicates(["crux_id", "post_id"])
    whole = posts.assign(n=looked_up(on_post, posts["post_id"]).to_numpy(dtype="float64")).groupby("crux_id")["n"].sum()
    return inside.groupby("crux_id").size() / whole


def _defence(defending: pd.DataFrame, comments: pd.DataFrame, cruxes: pd.Index) -> dict[str, pd.Series]:
    """Return how many comments hold each crux's claim, their karma and agreement."""
    once = defending.reset_index().dropna(subset=["comment_id"]).drop_duplicates(["crux_id", "comment_id"])
    scores = looked_up(comments[["karma", "agreement"]], once["comment_id"]).set_axis(once.index)
    groups = scores.groupby(once["crux_id"])
    return {
        "n_comments_defending": groups.size().reindex(cruxes, fill_value=0),
        "karma_defending": groups["karma"].sum(min_count=1).reindex(cruxes),
        "agreement_defending": groups["agreement"].sum(min_count=1).reindex(cruxes),
    }


def _counted(objections: pd.DataFrame, comments: pd.DataFrame) -> pd.DataFrame:
    """Return the objections that count (in a crux, no copies) with their comment's scores and time."""
    counted = true(objections["crux_id"].notna() & objections["copy_of"].isna())
    own = objections.loc[counted, ["crux_id", "post_id", "comment_id", "author"]]
    return own.assign(**looked_up(comments[["karma", "agreement", "posted_at"]], own["comment_id"]).set_axis(own.index))
