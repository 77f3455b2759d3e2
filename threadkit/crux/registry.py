"""The memory of cruxes: ids that stay when threads are added, and what became of each crux.

All objections, old and new, are grouped afresh, exactly as a full run groups them; then the groups are given the
ids of the cruxes that they continue. An old objection stays in its crux, whatever wanders at its edges, unless the
crux as a whole has merged with another or a part of it has split off.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from threadkit.base.lookup import looked_up
from threadkit.corpus.tables import CHANGES, MATCHES
from threadkit.crux.trends import clock

# Judgement, not measurement, set the next three; scripts/bench_match.py prints how many cruxes merge and split.
# Share of a crux's earlier objections that must have gone over to another crux's group for the two to be one.
MERGED = 0.8
# Share of a crux's earlier objections that must make a group of their own to be split off; and how many, at least.
SPLIT, MIN_SPLIT = 0.25, 2
# A crux has gone quiet when so long a silence had at most this probability, its posts coming at a steady rate.
P_QUIET = 0.05

# The kinds of change, in the order in which they are told.
ORDER = ("come back", "new", "grown", "answered since", "merged", "split", "gone quiet")


class Continued(NamedTuple):
    """Crux ids of objections (n,), −1 = none; what merged into what; what split off from what; the next free id."""

    ids: np.ndarray
    merged: dict[int, int]
    split: dict[int, int]
    next_id: int


def carry_on(groups: np.ndarray, known: np.ndarray, next_id: int) -> Continued:
    """Give groups (n,) the ids of the cruxes that they continue.

    `known` (n,) holds the earlier crux of each objection, −1 where it is new or was in none. A group continues
    the crux that most of its earlier members belong to; a crux that makes up less of a group than another, but
    has gone over to it with a share of MERGED, is merged into it; a group that holds a share of SPLIT of a crux,
    but not most of it, has split off and gets an id of its own, like a group with no earlier member. Ids of
    cruxes are never given twice.

    >>> carry_on(np.array([0, 0, 0, 1, 1]), np.array([7, 7, -1, -1, -1]), 9)
    Continued(ids=array([7, 7, 7, 9, 9]), merged={}, split={}, next_id=10)
    """
    shared = _shared(groups, known)
    owner = shared.sort_values(["group", "n", "crux"], ascending=[True, False, True]).drop_duplicates("group")
    owners = dict(zip(owner["group"].tolist(), owner["crux"].tolist(), strict=True))
    # A crux stands where it is most of a group, if anywhere: so to match the same threads again changes nothing.
    own = shared["group"].map(owners) == shared["crux"]
    first = shared.loc[(~own).sort_values(kind="stable").index].drop_duplicates("crux").set_index("crux")
    homes = dict(zip(first.index.tolist(), first["group"].tolist(), strict=True))
    merged = {
        crux: owners[group]
        for crux, group, share in first[["group", "share"]].itertuples()
        if owners[group] != crux and homes[owners[group]] == group and share >= MERGED
    }
    off = shared[
        (shared["group"].map(owners) == shared["crux"])
        & (shared["crux"].map(homes) != shared["group"])
        & (shared["share"] >= SPLIT)
        & (shared["n"] >= MIN_SPLIT)
        & ~shared["crux"].isin(list(merged))
    ].sort_values(["crux", "group"])
    split_ids = {(int(c), int(g)): next_id + i for i, (c, g) in enumerate(zip(off["crux"], off["group"], strict=True))}
    next_id += len(split_ids)
    fresh = np.setdiff1d(groups[groups >= 0], list(owners))
    names = {int(group): next_id + i for i, group in enumerate(fresh)}
    names |= {g: split_ids.get((c, g), merged.get(c, c)) for g, c in owners.items()}
    ids = [
        split_ids.get((crux, group), merged.get(crux, crux)) if crux >= 0 else names.get(group, -1)
        for crux, group in zip(known.tolist(), groups.tolist(), strict=True)
    ]
    split = {new: crux for (crux, _), new in split_ids.items()}
    return Continued(np.array(ids, dtype=np.int64), merged, split, next_id + len(fresh))


def _shared(groups: np.ndarray, known: np.ndarray) -> pd.DataFrame:
    """Return how many earlier members of each crux each group holds; a crux's largest part first."""
    frame = pd.DataFrame({"crux": known, "group": groups})[(known >= 0) & (groups >= 0)]
    shared = frame.groupby(["crux", "group"]).size().rename("n").reset_index()
    size = pd.Series(known[known >= 0]).value_counts()
    shared["share"] = shared["n"] / size.reindex(shared["crux"]).to_numpy()
    return shared.sort_values(["crux", "n", "group"], ascending=[True, False, True], kind="stable")


def matches(objections: pd.DataFrame, old: pd.Index, before: pd.Index) -> pd.DataFrame:
    """Return the matches table: where each objection that the earlier run did not hold now belongs.

    `old` names the objections of the earlier run, `before` its cruxes.
    """
    new = objections[~objections.index.isin(old)]
    known = new["crux_id"].isin(before)
    how = np.select([new["crux_id"].isna(), known], ["none", "known"], "new")
    return MATCHES.cast(pd.DataFrame({"crux_id": new["crux_id"], "similarity": new["strength"], "how": how}))


class State(NamedTuple):
    """The tables of a run that tell how its cruxes stand."""

    cruxes: pd.DataFrame
    answers: pd.DataFrame
    objections: pd.DataFrame
    comments: pd.DataFrame


def changes(before: State, now: State, continued: Continued) -> pd.DataFrame:
    """Return the changes table: what became of each crux, kind by kind, the most recurrent first."""
    ids, earlier = now.cruxes.index, before.cruxes.index
    both = ids.intersection(earlier)
    more = now.cruxes.loc[both, "n_objections"] > before.cruxes.loc[both, "n_objections"]
    was, is_ = (gone_quiet(s.objections, s.comments).reindex(ids, fill_value=False) for s in (before, now))
    open_before = before.answers.index[~before.answers["answered"]]
    taken_up = now.answers.loc[now.answers["answered"] & now.answers.index.isin(open_before), "crux_id"]
    kinds = {
        "come back": ids[was & ~is_],
        "new": ids.difference(earlier).difference(list(continued.split)),
        "grown": both[more.to_numpy()],
        "answered since": ids.intersection(pd.Index(taken_up.unique())),
        "gone quiet": ids[is_ & ~was].intersection(earlier),
    }
    rows: list[tuple[str, int, int | None]] = [(kind, crux, None) for kind, some in kinds.items() for crux in some]
    rows += [("merged", to, gone) for gone, to in continued.merged.items()]
    rows += [("split", new, crux) for new, crux in continued.split.items()]
    return _counted(pd.DataFrame(rows, columns=["kind", "crux_id", "other_id"]), before.cruxes, now.cruxes)


def _counted(rows: pd.DataFrame, before: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    for name in ("n_posts", "n_objections"):
        rows[f"{name}_before"] = before[name].reindex(rows["crux_id"]).fillna(0).to_numpy()
        rows[name] = now[name].reindex(rows["crux_id"]).to_numpy()
    rows["title"] = now["title"].reindex(rows["crux_id"]).to_numpy()
    keys = rows.assign(rank=rows["kind"].map({kind: i for i, kind in enumerate(ORDER)}))
    by = ["rank", "n_posts", "n_objections", "crux_id", "other_id"]
    keys = keys.sort_values(by, ascending=[True, False, False, True, True])
    return CHANGES.build({"change": np.arange(len(rows)), **{c: keys[c].to_numpy() for c in CHANGES.columns}})


def gone_quiet(objections: pd.DataFrame, comments: pd.DataFrame) -> pd.Series:
    """Tell of each crux whether it has gone quiet; index crux_id.

    Beside the forum's own activity: were its n posts spread evenly over all that are objected to, none would fall
    into the last share s of them (`trends.clock`) with probability (1 − s)^(n − 1), the first being given. Undated
    objections do not count.
    """
    counted = objections[objections["copy_of"].isna()]
    at = looked_up(comments["posted_at"], counted["comment_id"]).set_axis(counted.index)
    dated = counted.assign(at=at)[at.notna()]
    since = 1 - clock(dated["at"], dated["post_id"])["end"]
    own = dated.assign(since=since)[dated["crux_id"].notna()]
    groups = own.groupby("crux_id")
    probability = (1 - groups["since"].min()) ** (groups["post_id"].nunique() - 1)
    return (probability <= P_QUIET).rename_axis("crux_id")
