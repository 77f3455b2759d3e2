"""Compare two communities or periods: which cruxes both raise, which only one, how much oftener, how received.

The unit is the post: objections under one post provoke each other, so that ten of them there are no ten signs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from threadkit.base.errors import ModelError, SettingError
from threadkit.corpus.comparison import Comparison
from threadkit.corpus.tables import COMPARISON
from threadkit.crux import members
from threadkit.crux.alike import same_points
from threadkit.crux.cluster import DISTANCE, centers, unit
from threadkit.crux.contrast import adjusted, contrast, counted, differ, places

if TYPE_CHECKING:
    from threadkit.corpus.analysis import Analysis

KINDS = ("shared", "only A", "only B")


@dataclass(frozen=True)
class Part:
    """The part of a run in a period, as `compare` reads it; row i of `vectors` belongs to ``objections.iloc[i]``."""

    posts: pd.DataFrame
    comments: pd.DataFrame
    objections: pd.DataFrame
    answers: pd.DataFrame
    cruxes: pd.DataFrame
    vectors: np.ndarray = field(repr=False)
    run: Mapping[str, Any] = field(repr=False)


def part(analysis: Analysis, since: Any = None, until: Any = None) -> Part:
    """Return what was posted from `since` on and before `until` (times or their words, UTC unless they say so).

    Cruxes keep their ids, so that two parts of one run need no matching. An answer belongs to the part of its
    objection. Undated comments are in no part. Raises SettingError where a time cannot be read.
    """
    at = analysis.comments["posted_at"]
    inside = at.notna()
    if since is not None:
        inside &= at >= _time(since)
    if until is not None:
        inside &= at < _time(until)
    comments = analysis.comments[inside]
    kept = analysis.objections["comment_id"].isin(comments.index).to_numpy()
    undated = at.reindex(analysis.objections["comment_id"]).isna().to_numpy() & analysis.objections["copy_of"].isna()
    # The same grouping is the same lineage, whoever took a part of it.
    grouping = int(pd.util.hash_pandas_object(analysis.objections["crux_id"], index=True).to_numpy().sum())
    lineage = analysis.run.get("lineage") or f"{grouping:016x}"
    return Part(
        posts=analysis.posts,
        comments=comments,
        objections=analysis.objections[kept],
        answers=analysis.answers[analysis.answers.index.isin(analysis.objections.index[kept])],
        cruxes=analysis.cruxes,
        vectors=analysis.vectors[kept],
        run={**analysis.run, "lineage": lineage, "n_undated": int(undated.sum())},
    )


def compare(
    a: Analysis | Part, b: Analysis | Part, *, distance: float | None = None, names: tuple[str, str] = ("A", "B")
) -> Comparison:
    """Compare the cruxes of two runs, or of two parts of one.

    Parameters
    ----------
    a, b : Analysis or Part
        What `analyze`, `match` or `part` returned. Where one continues the other, or both are parts of one run,
        cruxes of one id are the same; else the vectors tell, and both must come from one encoder.
    distance : float or None
        Mean cosine distance at which cruxes of A and B are the same, told by vectors; None takes the one
        that both runs used.
    names : tuple of str
        What a reader calls the two sides.

    Returns
    -------
    Comparison
        One row a crux: shared ones first, then those only in A, then those only in B; on most posts first.
        Raised on both sides is shared; an objection that is in no crux of its own run counts where it makes
        the point of one.
    """
    sides = (a, b)
    by_ids = distance is None and bool(a.run.get("lineage")) and a.run.get("lineage") == b.run.get("lineage")
    used = None if by_ids else _distance(a, b, distance)
    if not by_ids:
        _check_encoders(a, b, names)
    own, vectors = zip(*(_own(side, lone=not by_ids) for side in sides), strict=True)
    # Either may continue the other: what merged there is one crux here.
    merged = {int(gone): to for side in sides for gone, to in side.run.get("merged", {}).items()}
    points = _points(own, vectors, used, merged)
    own = tuple(each.assign(point=point) for each, point in zip(own, points, strict=True))
    n_a, n_b = (int(side.objections.loc[side.objections["copy_of"].isna(), "post_id"].nunique()) for side in sides)
    counts = [counted(each, side.comments, side.answers, side.cruxes) for each, side in zip(own, sides, strict=True)]
    table = contrast(counts[0], counts[1], n_a, n_b)
    liked = differ(*(places(each, side.comments) for each, side in zip(own, sides, strict=True)))
    table["karma_q_value"] = adjusted(liked.reindex(table.index))
    table["similarity"] = _similarity(points, vectors).reindex(table.index)
    run = {
        "names": list(names),
        "matched_by": "ids" if by_ids else "vectors",
        "distance": used,
        "sides": [_described(side, n) for side, n in zip(sides, (n_a, n_b), strict=True)],
        "overlap_posts": _overlap(a, b),
        "kinds": {kind: int((table["kind"] == kind).sum()) for kind in KINDS},
        "threadkit": version("threadkit"),
    }
    return Comparison(_ordered(table), {**run, "not_comparable": _caveats(sides, run)})


def compare_periods(analysis: Analysis, at: Any, *, distance: float | None = None) -> Comparison:
    """Compare a run before the time `at` with the same run from then on; cruxes are the same by their ids."""
    names = (f"the time before {at}", f"the time since {at}")
    return compare(part(analysis, until=at), part(analysis, since=at), distance=distance, names=names)


def _own(side: Analysis | Part, *, lone: bool) -> tuple[pd.DataFrame, np.ndarray]:
    """Return the objections in a crux, and `lone` ones that make a point, by id, and their vectors; no copies."""
    objections = side.objections
    own = (objections["copy_of"].isna() & objections["crux_id"].notna()).to_numpy(copy=True)
    if lone:
        rest = np.flatnonzero((objections["copy_of"].isna() & objections["crux_id"].isna()).to_numpy())
        own[rest] = members.counted(objections.iloc[rest])
    # Sums run in the order of the ids, so that the order of the rows changes no bit.
    order = np.argsort(objections.index.to_numpy(dtype=object), kind="stable")
    order = order[own[order]]
    return objections.iloc[order], side.vectors[order]


def _points(
    own: tuple[pd.DataFrame, ...],
    vectors: tuple[np.ndarray, ...],
    distance: float | None,
    merged: Mapping[int, int],
) -> tuple[np.ndarray, ...]:
    """Return for each objection of each side the number of its point; −1 = none. No distance: the ids tell."""
    if distance is None:
        return tuple(each["crux_id"].replace(merged).fillna(-1).to_numpy(dtype=np.int64) for each in own)
    codes = tuple(pd.factorize(each["crux_id"], sort=True)[0].astype(np.int64) for each in own)
    if not all(map(len, own)):
        return codes
    return same_points((vectors[0], vectors[1]), (codes[0], codes[1]), distance)


def _similarity(points: tuple[np.ndarray, ...], vectors: tuple[np.ndarray, ...]) -> pd.Series:
    """Return the mean cosine between a point's objections in A and in B, for those that have both."""
    (a, b), (in_a, in_b) = points, (point >= 0 for point in points)
    shared = np.intersect1d(a[in_a], b[in_b])
    if not len(shared) or vectors[0].shape[1] != vectors[1].shape[1]:
        return pd.Series(dtype="float64")
    mean_a, mean_b = centers(unit(vectors[0][in_a]), a[in_a]), centers(unit(vectors[1][in_b]), b[in_b])
    return pd.Series(np.einsum("ij,ij->i", mean_a[shared], mean_b[shared]), index=shared)


def _ordered(table: pd.DataFrame) -> pd.DataFrame:
    """Return the comparison table: shared cruxes first, each kind on most posts first."""
    keys = {
        "kind": table["kind"].map({kind: i for i, kind in enumerate(KINDS)}),
        "posts": -(table["n_posts_a"] + table["n_posts_b"]),
        "objections": -(table["n_objections_a"] + table["n_objections_b"]),
        "a": table["crux_ids_a"].astype("string").fillna(""),
        "b": table["crux_ids_b"].astype("string").fillna(""),
    }
    table = table.reindex(pd.DataFrame(keys).sort_values([*keys]).index)
    return COMPARISON.cast(table.set_axis(pd.RangeIndex(len(table), name="shared_id")))


def _distance(a: Analysis | Part, b: Analysis | Part, distance: float | None) -> float:
    """Return the distance given, else the one both runs used; raises SettingError."""
    if distance is not None:
        if not 0 < distance <= 2:
            raise SettingError(f"distance is {distance}: give a cosine distance above 0 and at most 2")
        return distance
    used = {float(_settings(side).get("distance", DISTANCE)) for side in (a, b)}
    if len(used) > 1:
        raise SettingError(
            f"one run grouped its objections at distance {min(used):g}, the other at {max(used):g}: "
            "analyze both with one --distance, or say with --distance from where on cruxes are the same"
        )
    return used.pop()


def _check_encoders(a: Analysis | Part, b: Analysis | Part, names: tuple[str, str]) -> None:
    """Refuse vectors that cannot be compared: raises ModelError."""
    if not len(a.vectors) or not len(b.vectors):
        return
    encoders = []
    for side in (a, b):
        models, name = side.run.get("models"), _settings(side).get("encoder")
        revision = models.get(name) if isinstance(models, Mapping) else None
        encoders.append((revision or name, side.vectors.shape[1], f"{name or 'an unknown encoder'} ({revision})"))
    if encoders[0][:2] != encoders[1][:2]:
        said = (
            f"those of {n}, of {dim} dimensions, by {words}" for n, (_, dim, words) in zip(names, encoders, strict=True)
        )
        raise ModelError(
            f"vectors of two encoders cannot be compared: {', '.join(said)}; "
            "analyze both again with the same --encoder and the same version of threadkit"
        )


def _settings(side: Analysis | Part) -> Mapping[str, Any]:
    return side.run.get("settings") or {}


def _time(words: Any) -> pd.Timestamp:
    try:
        at = pd.Timestamp(words)
    except (ValueError, TypeError) as error:
        raise SettingError(f"{words!r} is no time: write it as 2024-05-01 or 2024-05-01T12:00:00Z") from error
    if pd.isna(at):
        raise SettingError(f"{words!r} is no time: write it as 2024-05-01 or 2024-05-01T12:00:00Z")
    return at.tz_localize("UTC") if at.tzinfo is None else at.tz_convert("UTC")


def _described(side: Analysis | Part, n_active: int) -> dict[str, Any]:
    """Return what a side holds."""
    own = side.objections[side.objections["copy_of"].isna()]
    times = side.comments["posted_at"].reindex(own["comment_id"]).dropna()
    return {
        "posts": n_active,
        "comments": int((side.comments["status"] == "live").sum()),
        "objections": len(own),
        "cruxes": int(own["crux_id"].nunique()),
        "first_at": times.min().isoformat() if len(times) else None,
        "last_at": times.max().isoformat() if len(times) else None,
        "karma_known": bool(side.comments["karma"].notna().any()),
        "undated": int(side.run.get("n_undated", 0)),
    }


def _overlap(a: Analysis | Part, b: Analysis | Part) -> int:
    """Count the posts with objections that stand in both: the same address, or the same id on the same site."""
    found = []
    for side in (a, b):
        active = side.objections.loc[side.objections["copy_of"].isna(), "post_id"].unique()
        found.append(side.posts.reindex(active).assign(post_id=active)[["site", "post_id", "url"]].fillna(""))
    same = pd.MultiIndex.from_frame(found[0][["site", "post_id"]]).isin(
        pd.MultiIndex.from_frame(found[1][["site", "post_id"]])
    )
    return int((same | (found[0]["url"].isin(found[1]["url"]) & (found[0]["url"] != ""))).sum())


def _caveats(sides: tuple[Analysis | Part, Analysis | Part], run: Mapping[str, Any]) -> list[str]:
    """Say in plain words what was not, or not surely, comparable."""
    out = []
    if n := run["overlap_posts"]:
        out.append(f"{n} posts stand on both sides; each counts on both, which makes the sides look more alike.")
    models = [(_settings(side).get("stance_model"), side.run.get("models")) for side in sides]
    stance = [each.get(name) if isinstance(each, Mapping) else None for name, each in models]
    if stance[0] != stance[1]:
        out.append("Different stance models found the objections, so that shares of posts differ for that reason too.")
    for name, side, own in zip(run["names"], sides, run["sides"], strict=True):
        if not own["posts"]:
            out.append(f"{name} holds no objection: nothing can be told about differences.")
        elif not own["karma_known"]:
            out.append(f"{name} gives no karma: how its cruxes were received is not compared.")
        if len(side.objections) and side.answers.empty:
            out.append(f"Answers were not looked for in {name}, or no crux was found: answering is not compared.")
        if own["undated"]:
            out.append(f"{own['undated']} objections without a time belong to no period and are left out.")
    if run["matched_by"] == "vectors":
        out.append("Cruxes were taken for the same by the likeness of their words; a reader should check the pairs.")
    return [*dict.fromkeys(out)]
