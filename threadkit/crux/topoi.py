"""Which general points an objection voices: "It costs too much" comes back on any topic, in words that share none.

Cruxes hold what is said of one thing; the points of corpora/topoi can be said of anything. A logistic regression for
each of them over the objection's same-point vector and its static one, trained by scripts/train_topoi.py on texts of
which it was told which of them they voice (corpora/judged).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from scipy.special import expit

from threadkit.base.static import MODEL as TABLE
from threadkit.base.weights import resolve

if TYPE_CHECKING:
    from pathlib import Path

MODEL = "threadkit-topoi"
# The encoders whose vectors it was trained on beside the static ones, and the weights for each.
WEIGHTS = {"threadkit-point": "weights.npz", "threadkit-static": "static.npz"}

# Probability from which on a point is voiced, and how many an objection voices at most. scripts/train_topoi.py prints
# how often they are right, and how many have one, for several.
MIN_TOPOS, MOST = 0.05, 2

# What a static vector weighs beside the other, and how many are looked at at once.
SCALE, BLOCK = 0.5, 65_536


class Topoi(NamedTuple):
    """A fitted model: the points' names, in order; weights (features, points); biases (points,)."""

    names: list[str]
    weights: np.ndarray
    bias: np.ndarray

    def predict_proba(self, features: np.ndarray) -> np.ndarray:
        """Return how likely each text voices each point (n, points), 0 to 1, from its `both` (n, features)."""
        return np.asarray(expit(features @ self.weights + self.bias))

    def save(self, path: Path) -> None:
        """Write the model, its weights in half precision."""
        weights, bias = self.weights.astype(np.float16), self.bias.astype(np.float32)
        np.savez_compressed(path, names=np.array(self.names), weights=weights, bias=bias)


def load_topoi(encoder: str) -> Topoi:
    """Return the model that ships with threadkit, for vectors by one of WEIGHTS; raises ModelError where damaged."""
    folder, _ = resolve(MODEL, "topoi")
    with np.load(f"{folder}/{WEIGHTS[encoder]}", allow_pickle=False) as stored:
        return Topoi(stored["names"].tolist(), stored["weights"].astype(np.float32), stored["bias"])


def both(vectors: np.ndarray, roughly: np.ndarray, encoder: str) -> np.ndarray:
    """Return what the model for an encoder reads (n, features): its vectors, and beside others' static ones."""
    return roughly if encoder == TABLE else np.hstack([vectors, SCALE * roughly])


def voiced(vectors: np.ndarray, roughly: np.ndarray, encoder: str) -> pd.DataFrame:
    """Return the columns topoi (their names, the likeliest first, parted by blanks) and p_topos (that one's); NA: none.

    `vectors` (n, dim) by `encoder`, `roughly` (n, static dim) static ones, all of unit length; the rows are in order.
    """
    model = load_topoi(encoder)
    names: list[str | None] = []
    p = np.zeros(len(vectors), dtype=np.float32)
    for start in range(0, len(vectors), BLOCK):
        part = slice(start, start + BLOCK)
        shares = model.predict_proba(both(vectors[part], roughly[part], encoder))
        best = np.argsort(-shares, axis=1, kind="stable")[:, :MOST]
        likely = np.take_along_axis(shares, best, axis=1)
        p[part] = likely[:, 0]
        for row, told in zip(best.tolist(), (likely >= MIN_TOPOS).tolist(), strict=True):
            names.append(" ".join(model.names[k] for k, sure in zip(row, told, strict=True) if sure) or None)
    topoi = pd.Series(names, dtype="string")
    return pd.DataFrame({"topoi": topoi, "p_topos": pd.Series(p, dtype="Float32").where(topoi.notna())})
