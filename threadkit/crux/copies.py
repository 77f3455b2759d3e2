"""Fold copies: the same words posted again are no new objection."""

from __future__ import annotations

import pandas as pd

from threadkit.base.text import words

# Shorter texts repeat by chance ("That is simply wrong."): they are no copies.
MIN_WORDS = 5


def fold_copies(objections: pd.DataFrame, comments: pd.DataFrame) -> pd.Series:
    """Return, for each objection, the earlier one that it repeats word for word; NA where it stands alone.

    `objections` has the columns comment_id and text. The earliest by time of posting is the original,
    then the lowest id: the order of rows does not matter.
    """
    listed = objections["text"].map(words)
    posted = comments["posted_at"].reindex(objections["comment_id"]).to_numpy()
    frame = pd.DataFrame(
        {"key": listed.map(" ".join), "posted": posted, "id": objections.index.astype("string")}, index=objections.index
    )
    frame = frame[listed.map(len) >= MIN_WORDS].sort_values(["posted", "id"], na_position="last")
    original = frame.groupby("key", sort=False)["id"].transform("first")
    return original.where(original != frame["id"]).reindex(objections.index).astype("string")
