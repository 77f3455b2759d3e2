"""How far a sentence states a point as such, instead of telling a case of it: a title is read without the talk around.

"Rules that nobody checks are not kept." states what "The machine at the station won't take a card." tells a case of. A
logistic regression over a sentence's words, its static vector and its shape, trained by scripts/train_statement.py on
points and what people say to make them (corpora/arguments, written for threadkit).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from threadkit.base.features import Linear
from threadkit.base.weights import resolve

if TYPE_CHECKING:
    from collections.abc import Sequence

MODEL = "threadkit-statement"
WEIGHTS = "weights.npz"

# What states a point with less than this probability tells a case. Where a sentence is in between, as many arguments
# are, what is told of it is of no use to a title (models/TRIED.md).
SURE = 0.1


@cache
def load_statements() -> Linear:
    """Return the model that ships with threadkit, of what states a point; raises ModelError where damaged."""
    folder, _ = resolve(MODEL, "statement")
    return Linear.load(Path(folder) / WEIGHTS)


def case(sentences: Sequence[str], vectors: np.ndarray) -> np.ndarray:
    """Return how surely each sentence tells a case (n,): 0 (states a point at SURE or likelier) to 1.

    `vectors` (n, dim) are static ones.
    """
    return np.asarray(np.maximum(0, 1 - load_statements().predict_proba(sentences, vectors) / SURE))
