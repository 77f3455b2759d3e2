"""What kind of disagreement an objection is: of fact, inference, framing, values, consequences, or a call for evidence.

A logistic regression over the objection's same-point vector and its hashed words, trained by scripts/train_kinds.py on
sentences written for it (corpora/kinds). Where it is unsure, or sees none of the six, there is no kind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from threadkit.base.features import BLOCK, words_and_vectors
from threadkit.base.weights import resolve
from threadkit.corpus.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Sequence

MODEL = "threadkit-kinds"
# The encoders whose vectors it was trained on, and the weights for each; no other's will do, and the first is asked.
WEIGHTS = {"threadkit-point": "weights.npz", "threadkit-static": "static.npz"}
ENCODER = "threadkit-point"

# What is none of the six: an insult, a question about something else, a bare "no".
OTHER = "other"
CLASSES = (*KINDS, OTHER)

# Probability below which an objection has no kind. scripts/train_kinds.py prints how often the kind is right, and how
# many have one, from several on.
MIN_KIND = 0.5


class Kinds(NamedTuple):
    """A fitted model: weights (features, 7), biases (7,), what the vector weighs beside the words."""

    weights: np.ndarray
    bias: np.ndarray
    scale: float

    def predict_proba(self, texts: Sequence[str], vectors: np.ndarray) -> np.ndarray:
        """Return the probability of each of CLASSES (n, 7) from objections and their vectors (n, dim)."""
        shares = np.zeros((len(texts), len(CLASSES)))
        for start in range(0, len(texts), BLOCK):
            part = slice(start, start + BLOCK)
            scores = words_and_vectors(texts[part], vectors[part], self.scale) @ self.weights + self.bias
            odds = np.exp(scores - scores.max(axis=1, keepdims=True))
            shares[part] = odds / odds.sum(axis=1, keepdims=True)
        return shares


def load_kinds(encoder: str = ENCODER) -> Kinds:
    """Return the model that ships with threadkit, for vectors by one of WEIGHTS; raises ModelError where damaged."""
    folder, _ = resolve(MODEL, "kinds")
    with np.load(f"{folder}/{WEIGHTS[encoder]}", allow_pickle=False) as stored:
        return Kinds(stored["weights"].astype(np.float64), stored["bias"].astype(np.float64), float(stored["scale"]))


def tell(texts: pd.Series, vectors: np.ndarray, encoder: str = ENCODER) -> pd.DataFrame:
    """Return the columns kind and p_kind of objections: NA below MIN_KIND, and where none of the six is likeliest."""
    shares = load_kinds(encoder).predict_proba(texts.tolist(), vectors)
    best = shares.argmax(axis=1) if len(shares) else np.zeros(0, dtype=int)
    p = shares.max(axis=1, initial=0)
    known = (p >= MIN_KIND) & (best != CLASSES.index(OTHER))
    kind = pd.Series(np.array(CLASSES, dtype=object)[best], index=texts.index, dtype="string").where(known)
    return pd.DataFrame({"kind": kind, "p_kind": pd.Series(p, index=texts.index, dtype="Float32").where(known)})
