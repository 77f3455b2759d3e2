"""Score vectors and groups against what people judged to be the same point: shared by training and the gate."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from sklearn.cluster import AgglomerativeClustering
from sklearn.metrics import adjusted_rand_score, average_precision_score, f1_score, v_measure_score

if TYPE_CHECKING:
    from collections.abc import Callable

    from point_sources import Group

    from threadkit.crux.encode import Encoder

    Encode = Callable[[list[str]], np.ndarray]


def truth(arguments: list[dict[str, Any]]) -> np.ndarray:
    """Return one label an argument: its first key point; an argument without one is alone."""
    return np.array([a["key_points"][0] if a["key_points"] else f"alone {a['id']}" for a in arguments])


def of_one_point(arguments: list[dict[str, Any]]) -> np.ndarray:
    """Return the row numbers of the arguments that people saw to make exactly one key point."""
    return np.flatnonzero([len(a["key_points"]) == 1 for a in arguments])


def b_cubed(gold: np.ndarray, found: np.ndarray) -> float:
    """Return the B-cubed F1 of two partitions (Amigó et al. 2009)."""
    same_gold, same_found = gold[:, None] == gold, found[:, None] == found
    both = (same_gold & same_found).sum(1)
    precision, recall = (both / same_found.sum(1)).mean(), (both / same_gold.sum(1)).mean()
    return float(2 * precision * recall / (precision + recall))


def by_topic_and_side(arguments: list[dict[str, Any]]) -> dict[tuple[str, int], np.ndarray]:
    """Return the row numbers of each topic and side."""
    keys = [(a["topic"], a["stance"]) for a in arguments]
    return {key: np.flatnonzero([k == key for k in keys]) for key in dict.fromkeys(keys)}


def alone(labels: np.ndarray) -> np.ndarray:
    """Give each ungrouped row (−1) a label of its own."""
    return np.where(labels < 0, labels.max(initial=0) + 1 + np.arange(len(labels)), labels)


def compare(gold: np.ndarray, found: np.ndarray) -> dict[str, float]:
    """Return adjusted Rand, V-measure, B-cubed F1 and the ungrouped share of one partition (−1 = ungrouped)."""
    parts = alone(found)
    return {
        "ari": adjusted_rand_score(gold, parts),
        "v": v_measure_score(gold, parts),
        "b3": b_cubed(gold, parts),
        "ungrouped": float((found < 0).mean()),
    }


def score_groups(
    arguments: list[dict[str, Any]],
    vectors: np.ndarray,
    distances: tuple[float, ...] = (0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6),
) -> list[dict[str, float]]:
    """Score average linkage cut at each distance; figures are means over topics and sides."""
    gold = truth(arguments)
    out = []
    for distance in distances:
        each = []
        for index in by_topic_and_side(arguments).values():
            tree = AgglomerativeClustering(None, metric="cosine", linkage="average", distance_threshold=distance)
            each.append(compare(gold[index], tree.fit_predict(vectors[index])))
        mean = {name: round(float(np.mean([e[name] for e in each])), 4) for name in each[0]}
        out.append({"distance": distance, **mean})
    return out


def rank_pairs(points: list[frozenset[str]], groups: list[np.ndarray], vectors: np.ndarray) -> float:
    """Return the mean over groups of how well cosines rank the pairs of a group that share a point: average precision.

    `points` (n) are those that each text makes, `groups` row numbers. Pairs without a known point are left out.
    """
    scores = []
    for rows in groups:
        i, j = np.triu_indices(len(rows), 1)
        known = np.array([bool(points[a] or points[b]) for a, b in zip(rows[i], rows[j], strict=True)], dtype=bool)
        same = np.array([bool(points[a] & points[b]) for a, b in zip(rows[i], rows[j], strict=True)], dtype=bool)
        if same.any() and not same[known].all():
            cosine = np.einsum("ij,ij->i", vectors[rows[i]], vectors[rows[j]])
            scores.append(average_precision_score(same[known], cosine[known]))
    return float(np.mean(scores))


def titled(arguments: list[dict[str, Any]], encoder: Encoder) -> pd.DataFrame:
    """Name the groups within each topic and side; one row a group.

    Columns: title; size; right (whether the title is taken from an argument for the group's most frequent key point,
    the first by the alphabet where several are); tied (whether several are).
    """
    vectors, gold = encoder.encode([a["text"] for a in arguments]), truth(arguments)
    found = [
        _titled([arguments[i] for i in rows], vectors[rows], gold[rows], encoder)
        for rows in by_topic_and_side(arguments).values()
    ]
    return pd.concat(found, ignore_index=True)


def _titled(arguments: list[dict[str, Any]], vectors: np.ndarray, gold: np.ndarray, encoder: Encoder) -> pd.DataFrame:
    from threadkit.crux.cluster import CruxClusterer
    from threadkit.crux.name import name_cruxes

    clusterer = CruxClusterer(random_state=0).fit(vectors)
    point = pd.Series(gold, index=pd.Index([a["id"] for a in arguments], dtype="string"))
    ids = point.index
    objections = pd.DataFrame(
        {
            "crux_id": pd.arrays.IntegerArray(clusterer.labels_, clusterer.labels_ < 0),
            "strength": clusterer.strengths_,
            "text": [a["text"] for a in arguments],
            "target_text": [a["topic"] for a in arguments],
            "target_id": "topic",
            "evidence": "post",
            "copy_of": pd.array([None] * len(arguments), dtype="string"),
            "comment_id": ids, "post_id": ids, "author": ids,
        },
        index=ids,
    )  # fmt: skip
    names = name_cruxes(objections, vectors, encoder)
    counts = [point[clusterer.labels_ == crux].value_counts() for crux in names.index]
    most = [sorted(count.index[count == count.max()]) for count in counts]
    return pd.DataFrame(
        {
            "title": names["title"],
            "size": [int(count.sum()) for count in counts],
            "right": point[names["title_id"]].to_numpy() == [first for first, *_ in most],
            "tied": [len(several) > 1 for several in most],
        }
    )


def aspect_cosines(pairs: list[dict[str, Any]], encode: Encode) -> tuple[np.ndarray, np.ndarray]:
    """Return of UKP ASPECT pairs whether people saw the same aspect (n,), and the cosines (n,)."""
    left, right = encode([p["sentence_1"] for p in pairs]), encode([p["sentence_2"] for p in pairs])
    return np.array([p["label"] in ("HS", "SS") for p in pairs]), (left * right).sum(axis=1)


def score_aspects(pairs: list[dict[str, Any]], encode: Encode) -> dict[str, float]:
    """Return the macro F1 of telling the same aspect at the best threshold on the cosine, and that threshold."""
    same, cosine = aspect_cosines(pairs, encode)
    scores = {t: f1_score(same, cosine >= t, average="macro") for t in np.arange(0.3, 0.8, 0.02).round(2).tolist()}
    best = max(scores, key=lambda t: scores[t])
    return {"threshold": best, "macro_f1": float(scores[best])}


def general_pairs(judgements: list[dict[str, Any]]) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Return sentences (n) that voice a general-purpose claim, and which pairs on different motions voice the same.

    The second is a truth value for each pair (p,), the third the pairs as row numbers (p, 2).
    """
    voiced: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in judgements:
        if row["label"]:
            voiced[row["motion_id"], row["sentence"]].add(row["gp_id"])
    keys = sorted(voiced)
    pairs = np.array([(i, j) for j, b in enumerate(keys) for i, a in enumerate(keys[:j]) if a[0] != b[0]])
    same = np.array([bool(voiced[keys[i]] & voiced[keys[j]]) for i, j in pairs])
    return [sentence for _, sentence in keys], same, pairs


def score_general(judgements: list[dict[str, Any]], encode: Encode) -> dict[str, float]:
    """Return how well cosines rank pairs of the same claim on different motions, and the share of such pairs."""
    sentences, same, pairs = general_pairs(judgements)
    vectors = encode(sentences)
    cosine = np.einsum("ij,ij->i", vectors[pairs[:, 0]], vectors[pairs[:, 1]])
    best = max(f1_score(same, cosine >= t) for t in np.arange(0.2, 0.8, 0.02))
    return {"average_precision": float(average_precision_score(same, cosine)), "best_f1": best, "chance": same.mean()}


def score_sets(sets: list[Group], encode: Encode) -> dict[str, float]:
    """Score sets of objections of real debates, near ones put before whoever told which of them make the same point.

    All objections of a topic are grouped together; a pair is known within its set alone. Returns the average precision
    of cosines over all pairs, the precision and recall of pairs in one group, and the share of pairs that are the same.
    """
    from threadkit.crux.cluster import CruxClusterer

    same, cosine, together = [], [], []
    for topic in dict.fromkeys(each.topic for each in sets):
        own = [each.members for each in sets if each.topic == topic]
        vectors = encode([text for members in own for text, _ in members])
        parts = alone(CruxClusterer(random_state=0).fit_predict(vectors))
        start = 0
        for members in own:
            i, j = start + np.array(np.triu_indices(len(members), 1))
            points = [point for _, point in members]
            same += [bool(points[a - start] & points[b - start]) for a, b in zip(i, j, strict=True)]
            cosine.append(np.einsum("ij,ij->i", vectors[i], vectors[j]))
            together.append(parts[i] == parts[j])
            start += len(members)
    truly, joined = np.array(same), np.concatenate(together)
    return {
        "average_precision": float(average_precision_score(truly, np.concatenate(cosine))),
        "precision": float(truly[joined].mean()) if joined.any() else 0.0,
        "recall": float(joined[truly].mean()),
        "chance": float(truly.mean()),
    }
