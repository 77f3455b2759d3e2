"""A cheap first look: which segments may disagree at all. Only they are shown to the cross-encoder.

A logistic regression over the words of the segment, how it meets its target, and how the target was found. It
was trained on the cross-encoder's own verdicts by scripts/train_sieve.py, which also set the threshold, on recall.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import sparse

from threadkit.base.text import fold, prose_only
from threadkit.base.weights import resolve

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

MODEL = "threadkit-sieve"

# Columns that words and pairs of words are hashed to.
N_HASHES = 2**15

_WORD = r"[^\W_]+(?:'\w+)?|[?!]"
_EVIDENCE = ("quote", "parent", "thread", "post", "claim")


class Sieve(NamedTuple):
    """A fitted sieve: one weight a feature, the bias, and the score from which a segment is judged."""

    weights: np.ndarray
    bias: float
    threshold: float

    def keep(self, targets: pd.DataFrame) -> np.ndarray:
        """Tell for each row of `dispute.target.aim`'s table whether it may disagree (n,) bool."""
        if targets.empty:
            return np.zeros(0, dtype=bool)
        return np.asarray(features(targets) @ self.weights + self.bias >= self.threshold)


def load_sieve() -> Sieve:
    """Return the sieve that ships with threadkit; raises ModelError where it is damaged."""
    folder, _ = resolve(MODEL, "sieve")
    with np.load(f"{folder}/weights.npz", allow_pickle=False) as stored:
        return Sieve(stored["weights"].astype(np.float32), float(stored["bias"]), float(stored["threshold"]))


def features(targets: pd.DataFrame) -> sparse.csr_matrix:
    """Return the features (n, N_HASHES + 10): hashed words, kind of target, length, what target and reply share."""
    from sklearn.feature_extraction.text import HashingVectorizer

    hashed = HashingVectorizer(
        n_features=N_HASHES, ngram_range=(1, 2), preprocessor=fold, token_pattern=_WORD,
        alternate_sign=False, binary=True, dtype=np.float32,
    )  # fmt: skip
    replies = [prose_only(text) for text in targets["text"]]
    evidence = np.array([[kind == name for name in _EVIDENCE] for kind in targets["evidence"]], dtype=np.float32)
    shape = _shape(replies, targets["target_text"].fillna("").tolist())
    return sparse.csr_matrix(
        sparse.hstack([hashed.transform(replies), evidence, shape], format="csr", dtype=np.float32)
    )


def _shape(replies: Sequence[str], targets: Sequence[str]) -> np.ndarray:
    rows = []
    for reply, target in zip(replies, targets, strict=True):
        ours, theirs = set(fold(reply).split()), set(fold(target).split())
        shared = len(ours & theirs) / max(1, min(len(ours), len(theirs)))
        rows.append((
            np.log1p(len(reply)) / 5, np.log1p(len(target)) / 5, shared, reply.endswith("?"), target.endswith("?"),
        ))  # fmt: skip
    return np.array(rows, dtype=np.float32)
