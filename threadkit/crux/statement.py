"""How far a sentence states a point as such, instead of telling a case of it: a title is read without the talk around.

"Rules that nobody checks are not kept." states what "The machine at the station won't take a card." tells a case of. A
logistic regression over a sentence's words, its static vector and its shape, trained by scripts/train_statement.py on
points and what people say to make them (corpora/arguments, written for threadkit).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from threadkit.base.features import shipped_linear

if TYPE_CHECKING:
    from collections.abc import Sequence

MODEL = "threadkit-statement"

# What states a point with less than this probability tells a case. Where a sentence is in between, as many arguments
# are, what is told of it is of no use to a title (models/TRIED.md).
SURE = 0.1


def case(sentences: Sequence[str], vectors: np.ndarray) -> np.ndarray:
    """Return how surely each sentence tells a case (n,): 0 (states a point at SURE or likelier) to 1.

    `vectors` (n, dim) are static ones.
    """
    return np.asarray(np.maximum(0, 1 - shipped_linear(MODEL, "statement").predict_proba(sentences, vectors) / SURE))
