"""Score vectors and groups against human key points (KPA-2021): shared by training, sweeps and the gate."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.cluster import AgglomerativeClustering
from sklearn.metrics import adjusted_rand_score, v_measure_score
from training import DATA, rows


def read_kpa(split: str) -> list[dict[str, Any]]:
    """Return the KPA arguments of a split: 'train' or 'dev'."""
    return [row for row in rows(DATA / "grouping/kpa2021_train_dev.jsonl.gz") if row["split"] == split]


def truth(arguments: list[dict[str, Any]]) -> np.ndarray:
    """Return one label an argument: its first key point; an argument without one is alone."""
    return np.array([a["key_points"][0] if a["key_points"] else f"alone {a['id']}" for a in arguments])


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
