"""How much of the disagreement a crux is, and how readers received it: karma and agreement, told apart."""

from __future__ import annotations

import numpy as np
import pandas as pd

RECEPTIONS = {
    (True, True): "liked, agreed with",
    (True, False): "liked, disagreed with",
    (False, True): "not liked, agreed with",
    (False, False): "not liked, disagreed with",
}


def prevalence(own: pd.DataFrame, every: pd.DataFrame) -> pd.DataFrame:
    """Return each crux's share of all objections: plain, weighted by karma, weighted by agreement.

    `own` holds the objections of the cruxes, `every` all objections, both without copies, with comment_id,
    karma, agreement. A comment weighs once, by its score where that is positive and 0 else: a vote against an
    objection is no prevalence. NA where no comment of the crux has a known score, or none a positive one.
    """
    out = pd.DataFrame({"prevalence": own.groupby("crux_id").size() / max(len(every), 1)})
    once = own.drop_duplicates(["crux_id", "comment_id"])
    all_once = every.drop_duplicates("comment_id")
    for score in ("karma", "agreement"):
        total = float(all_once[score].clip(lower=0).sum())
        mass = once[score].clip(lower=0).groupby(once["crux_id"]).sum(min_count=1).astype("Float64")
        out[f"prevalence_{score}"] = mass / total if total else pd.NA
    return out.astype("Float32")


def reception(own: pd.DataFrame, comments: pd.DataFrame) -> pd.Series:
    """Tell, for each crux, whether its comments were liked and whether they were agreed with; NA = not known.

    Liked: their median karma is above the median of all comments that are scored both ways; every forum starts
    its counts elsewhere. Agreed with: their median agreement is above 0, where the count of agreement starts;
    at 0 it is neither, and nothing is said.
    """
    both = comments["karma"].notna() & comments["agreement"].notna()
    usual = comments.loc[both, "karma"].median() if both.any() else np.nan
    once = own.drop_duplicates(["crux_id", "comment_id"])
    once = once[once["karma"].notna() & once["agreement"].notna()]
    middle = once.groupby("crux_id")[["karma", "agreement"]].median().astype("float64")
    middle = middle[middle["agreement"] != 0]
    said = [RECEPTIONS[k, a] for k, a in zip(middle["karma"] > usual, middle["agreement"] > 0, strict=True)]
    return pd.Series(said, index=middle.index, dtype="string").reindex(np.sort(own["crux_id"].unique()))
