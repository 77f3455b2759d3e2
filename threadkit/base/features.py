"""What linear models over short texts read: hashed words and pairs of words, the texts' vectors, and their shape."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import sparse
from scipy.special import expit

from threadkit.base.text import fold, prose_only
from threadkit.base.weights import resolve

if TYPE_CHECKING:
    from collections.abc import Sequence

# Columns that words and pairs of words are hashed to.
N_HASHES = 2**13

# Texts whose features are held at once: a vector in a sparse row takes many times the room that it takes by itself.
BLOCK = 4096

# The file of a `Linear` in its model's folder.
WEIGHTS = "weights.npz"

# A text longer than so many words is as long as one can be.
_LONG = 40

_WORD = r"[^\W_]+(?:'\w+)?|[?!]"


def words_and_vectors(texts: Sequence[str], vectors: np.ndarray, scale: float) -> sparse.csr_matrix:
    """Return the features (n, N_HASHES + dim): hashed words and pairs of words, then `scale` times the vectors."""
    from sklearn.feature_extraction.text import HashingVectorizer

    hashed = HashingVectorizer(
        n_features=N_HASHES, ngram_range=(1, 2), preprocessor=fold, token_pattern=_WORD,
        alternate_sign=False, binary=True, dtype=np.float64,
    )  # fmt: skip
    words = hashed.transform([prose_only(text) for text in texts])
    return sparse.csr_matrix(sparse.hstack([words, scale * vectors.astype(np.float64)], format="csr"))


def shape_too(texts: Sequence[str], vectors: np.ndarray, scale: float) -> sparse.csr_matrix:
    """Return these features and length, and the shares of names, figures and past tense (n, N_HASHES + dim + 4)."""
    shape = np.array([_shape(text.split()) for text in texts])
    return sparse.csr_matrix(sparse.hstack([words_and_vectors(texts, vectors, scale), shape], format="csr"))


def _shape(said: list[str]) -> tuple[float, float, float, float]:
    n = max(len(said), 1)
    return (
        min(n, _LONG) / 10,
        5 * sum(word[:1].isupper() for word in said[1:]) / n,
        5 * sum(word[:1].isdigit() for word in said) / n,
        5 * sum(word.endswith("ed") for word in said) / n,
    )


class Linear(NamedTuple):
    """A logistic regression over words, vectors and shape: weights (features,), bias, what the vector weighs."""

    weights: np.ndarray
    bias: float
    scale: float

    def predict_proba(self, texts: Sequence[str], vectors: np.ndarray) -> np.ndarray:
        """Return how likely each text is of the kind that was learnt (n,), 0 to 1; vectors (n, dim)."""
        scores = np.zeros(len(texts))
        for start in range(0, len(texts), BLOCK):
            part = slice(start, start + BLOCK)
            scores[part] = shape_too(texts[part], vectors[part], self.scale) @ self.weights + self.bias
        return np.asarray(expit(scores))

    def save(self, folder: Path) -> None:
        """Write the model into a folder, its weights in half precision."""
        folder.mkdir(exist_ok=True)
        np.savez_compressed(
            folder / WEIGHTS,
            weights=self.weights.astype(np.float16),
            bias=np.float32(self.bias),
            scale=float(self.scale),
        )


@cache
def shipped_linear(model: str, kind: str) -> Linear:
    """Return a model that ships with threadkit, as `save` wrote it; raises ModelError where it is damaged."""
    with np.load(Path(resolve(model, kind)[0]) / WEIGHTS, allow_pickle=False) as stored:
        return Linear(stored["weights"].astype(np.float64), float(stored["bias"]), float(stored["scale"]))
