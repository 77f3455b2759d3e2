"""What is talk about the debate and no point in it: "You did not read what I wrote" could answer anything.

A logistic regression over an objection's words, its static vector and its shape, trained by scripts/train_talk.py on
objections of real debates of which it was told whether they make a point that one could name (corpora/judged).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from threadkit.base.features import shipped_linear

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

MODEL = "threadkit-talk"

# From this probability on a text is talk. scripts/train_talk.py prints how often that is right, and how much of the
# talk is found, from several on.
SURE = 0.3


def is_talk(texts: Sequence[str], vectors: np.ndarray) -> np.ndarray:
    """Tell which English texts are talk about the debate (n,); `vectors` (n, dim) are static ones."""
    return shipped_linear(MODEL, "talk").predict_proba(texts, vectors) >= SURE
