"""How far a sentence states a point as such, instead of telling a case of it: a title is read without the talk around.

"Rules that nobody checks are not kept." states what "The machine at the station won't take a card." tells a case of. A
logistic regression over a sentence's words, its static vector and its shape, trained by scripts/train_statement.py on
points and what people say to make them (corpora/arguments, written for threadkit).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import sparse
from scipy.special import expit

from threadkit.base.features import BLOCK, words_and_vectors
from threadkit.base.weights import resolve

if TYPE_CHECKING:
    from collections.abc import Sequence

MODEL = "threadkit-statement"
WEIGHTS = "weights.npz"

# What states a point with less than this probability tells a case. Where a sentence is in between, as many arguments
# are, what is told of it is of no use to a title (models/TRIED.md).
SURE = 0.1

# A sentence longer than so many words is as long as one can be.
_LONG = 40


class Statements(NamedTuple):
    """A fitted model: weights (features,), bias, what the vector weighs beside the words."""

    weights: np.ndarray
    bias: float
    scale: float

    def predict_proba(self, sentences: Sequence[str], vectors: np.ndarray) -> np.ndarray:
        """Return how likely each sentence states a point (n,), as if every other one did; static vectors (n, dim)."""
        scores = np.zeros(len(sentences))
        for start in range(0, len(sentences), BLOCK):
            part = slice(start, start + BLOCK)
            scores[part] = features(sentences[part], vectors[part], self.scale) @ self.weights + self.bias
        return np.asarray(expit(scores))

    def case(self, sentences: Sequence[str], vectors: np.ndarray) -> np.ndarray:
        """Return how surely each sentence tells a case instead (n,): 0 (states a point at SURE or likelier) to 1."""
        return np.asarray(np.maximum(0, 1 - self.predict_proba(sentences, vectors) / SURE))


@cache
def load_statements() -> Statements:
    """Return the model that ships with threadkit; raises ModelError where damaged."""
    folder, _ = resolve(MODEL, "statement")
    with np.load(f"{folder}/{WEIGHTS}", allow_pickle=False) as stored:
        return Statements(stored["weights"].astype(np.float64), float(stored["bias"]), float(stored["scale"]))


def features(sentences: Sequence[str], vectors: np.ndarray, scale: float) -> sparse.csr_matrix:
    """Return the features (n, width): words, vector; length, and the shares of names, figures and past tense."""
    shape = np.array([_shape(sentence.split()) for sentence in sentences])
    return sparse.csr_matrix(sparse.hstack([words_and_vectors(sentences, vectors, scale), shape], format="csr"))


def _shape(said: list[str]) -> tuple[float, float, float, float]:
    n = max(len(said), 1)
    return (
        min(n, _LONG) / 10,
        5 * sum(word[:1].isupper() for word in said[1:]) / n,
        5 * sum(word[:1].isdigit() for word in said) / n,
        5 * sum(word.endswith("ed") for word in said) / n,
    )
