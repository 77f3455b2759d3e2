"""Put two sides' counts of the same points beside each other, and tell which differences chance does not give."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control, norm

from threadkit.crux.shares import difference, fisher, log_odds

COUNTS = ("n_posts", "n_authors", "n_objections")


def counted(own: pd.DataFrame, comments: pd.DataFrame, answers: pd.DataFrame, cruxes: pd.DataFrame) -> pd.DataFrame:
    """Count each point on one side; the row of a point says where it was raised, by whom, how received, how answered.

    `own` holds the side's objections that count, with a column `point` (−1 = none). `taken_up` are the posts on
    which one of its objections was answered, `judged` those for which that is known.
    """
    own = own[own["point"] >= 0]
    groups = own.groupby("point")
    sizes = own[own["crux_id"].notna()].groupby(["point", "crux_id"]).size().rename("n").reset_index()
    ids = sizes.assign(word=sizes["crux_id"].astype("string")).groupby("point")["word"].agg(" ".join)
    largest = sizes.sort_values(["n", "crux_id"], ascending=[False, True]).drop_duplicates("point")
    title = pd.Series(cruxes["title"].reindex(largest["crux_id"]).array, index=largest["point"])
    judged = own.assign(answered=answers["answered"].reindex(own.index)).dropna(subset="answered")
    on_post = judged.groupby(["point", "post_id"])["answered"].any()
    return pd.DataFrame(
        {
            "crux_ids": ids,
            "title": title,
            "n_posts": groups["post_id"].nunique(),
            # If no author is known, somebody wrote it all the same.
            "n_authors": groups["author"].nunique().clip(lower=1),
            "n_objections": groups.size(),
            "karma": places(own, comments).groupby("point")["place"].mean(),
            "taken_up": on_post.groupby("point").sum(),
            "judged": on_post.groupby("point").size(),
        }
    )


def places(own: pd.DataFrame, comments: pd.DataFrame) -> pd.DataFrame:
    """Return point and place of each objecting comment: the share of its side's comments with less karma, 0 to 1.

    Forums vote on different scales, so that karma itself cannot be compared; ties stand in the middle of their
    place, and comments of unknown karma nowhere.
    """
    known = comments["karma"].dropna()
    place = (known.rank().astype("float64") - 0.5) / max(len(known), 1)
    once = own.loc[own["point"] >= 0, ["point", "comment_id"]].drop_duplicates()
    return once.assign(place=place.reindex(once["comment_id"]).to_numpy(dtype="float64")).dropna(subset="place")


def contrast(a: pd.DataFrame, b: pd.DataFrame, n_a: int, n_b: int) -> pd.DataFrame:
    """Return the columns of the comparison that counts tell, one row a point of `a` or `b` (see `counted`).

    `n_a` and `n_b` are the posts of each side that hold any objection.
    """
    points = a.index.union(b.index)
    table = pd.concat([a.reindex(points).add_suffix("_a"), b.reindex(points).add_suffix("_b")], axis=1)
    for name in COUNTS:
        for side in "ab":
            table[f"{name}_{side}"] = table[f"{name}_{side}"].fillna(0).astype("int64")
    raised_a, raised_b = table["n_posts_a"].to_numpy(), table["n_posts_b"].to_numpy()
    table["kind"] = np.select([raised_b == 0, raised_a == 0], ["only A", "only B"], "shared")
    table["prevalence_a"], table["prevalence_b"] = raised_a / (n_a or np.nan), raised_b / (n_b or np.nan)
    unknown = (np.full(len(table), np.nan),) * 3
    ends = log_odds(raised_a, np.array(n_a), raised_b, np.array(n_b)) if n_a and n_b else unknown
    table["log_odds"], table["log_odds_low"], table["log_odds_high"] = ends
    table["p_value"] = fisher(raised_a, n_a, raised_b, n_b) if n_a and n_b else np.nan
    table["q_value"] = adjusted(table["p_value"])
    table["karma_difference"] = table["karma_b"] - table["karma_a"]
    counts = [table[name].fillna(0).to_numpy() for name in ("taken_up_a", "judged_a", "taken_up_b", "judged_b")]
    with np.errstate(invalid="ignore", divide="ignore"):
        table["answered_a"], table["answered_b"] = counts[0] / counts[1], counts[2] / counts[3]
    table["answered_difference"], table["answered_low"], table["answered_high"] = difference(*counts)
    return table


def differ(a: pd.DataFrame, b: pd.DataFrame) -> pd.Series:
    """Return for each point with places on both sides the two-sided p-value that they come from one population.

    Mann, H. B. and Whitney, D. R. (1947), On a test of whether one of two random variables is stochastically
    larger than the other; normal approximation with the corrections for ties and continuity.
    """
    both = pd.concat([a.assign(in_b=0.0), b.assign(in_b=1.0)], ignore_index=True)
    both["rank"] = both.groupby("point")["place"].rank()
    groups = both.groupby("point")
    n, m = groups.size(), groups["in_b"].sum()
    ranks = (both["rank"] * both["in_b"]).groupby(both["point"]).sum()
    tied = both.groupby(["point", "place"]).size().astype("float64")
    ties = (tied**3 - tied).groupby("point").sum()
    middle = m * (n - m) / 2
    off = (ranks - m * (m + 1) / 2 - middle).abs() - 0.5
    spread = np.sqrt(m * (n - m) / 12 * (n + 1 - ties / (n * (n - 1)).clip(lower=1)))
    # Where every place is the same there is no spread, and no difference.
    score = np.divide(off.clip(lower=0), spread, out=np.zeros(len(n)), where=spread > 0)
    p = pd.Series(np.minimum(2 * norm.sf(score), 1), index=n.index)
    return p[(m > 0) & (m < n)]


def adjusted(p: pd.Series) -> pd.Series:
    """Return the q-values of p-values, unknown ones left out.

    Benjamini, Y. and Hochberg, Y. (1995), Controlling the false discovery rate. JRSS B 57.

    >>> adjusted(pd.Series([0.01, None, 0.04])).tolist()
    [0.02, nan, 0.04]
    """
    known = p.notna()
    out = pd.Series(np.nan, index=p.index)
    if known.any():
        out[known] = false_discovery_control(p[known].to_numpy(dtype=float))
    return out
