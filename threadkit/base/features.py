"""What linear models over short texts read: hashed words and pairs of words, and the texts' vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from threadkit.base.text import fold, prose_only

if TYPE_CHECKING:
    from collections.abc import Sequence

# Columns that words and pairs of words are hashed to.
N_HASHES = 2**13

# Texts whose features are held at once: a vector in a sparse row takes many times the room that it takes by itself.
BLOCK = 4096

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
