"""How each segment stands to its target: disagree, neutral or agree."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from threadkit.base.errors import TableError
from threadkit.base.inference import load, run
from threadkit.base.text import prose_only, shorten
from threadkit.corpus.tables import STANCES

if TYPE_CHECKING:
    from collections.abc import Callable

CLASSES = ("disagree", "neutral", "agree")
DEFAULT_MODEL = "threadkit-stance"

# Characters of a paragraph that are judged, about 75 tokens: who disagrees says so early, and the cost grows with
# every token.
MAX_REPLY = 320

# Probability from which a text counts as disagreeing, if agreement is not likelier still. By submission, on the folds
# that the gate does not score (scripts/train_stance.py --claims 0 --folds 1,2,3,4 prints them), F1 is flat within
# 0.01 from 0.20 to 0.40; of that the lower half, for an objection that is passed over nobody can find again.
MIN_DISAGREE = 0.25


class StanceClassifier:
    """Judge a reply's stance toward its target, both read together by a cross-encoder.

    Parameters
    ----------
    model : str
        A model of ours, or any sentence-transformers CrossEncoder name or path with three outputs in
        the order disagree, neutral, agree.
    threads : int or None
        Threads to use; None takes all that the process may use. The result does not depend on it.

    Examples
    --------
    >>> pairs = pd.DataFrame({"target": ["We should ban cars."], "reply": ["No, that is a terrible idea."]})
    >>> StanceClassifier().predict_proba(pairs).idxmax(axis=1).tolist()
    ['disagree']
    """

    classes_ = CLASSES

    def __init__(self, model: str = DEFAULT_MODEL, threads: int | None = None) -> None:
        self.model = model
        self.threads = threads

    @cached_property
    def _network(self) -> Any:
        return load("CrossEncoder", self.model, "stance")

    def predict_proba(self, pairs: pd.DataFrame, done: Callable[[int], None] | None = None) -> pd.DataFrame:
        """Return probabilities (0 to 1, rows sum to 1) with columns disagree, neutral, agree and the index of `pairs`.

        `pairs` has the columns target and reply; raises TableError where one is missing.
        """
        absent = {"target", "reply"} - set(pairs.columns)
        if absent:
            raise TableError(f"pairs need the columns target and reply; {', '.join(sorted(absent))} is missing")
        known = pairs[["target", "reply"]].astype("string").fillna("")
        texts = [(prose_only(t), prose_only(r)) for t, r in zip(known["target"], known["reply"], strict=True)]
        scores = run(self._network, texts, "scores", self.threads, done) if texts else np.zeros((0, 3))
        odds = np.exp(scores - scores.max(axis=1, keepdims=True, initial=-np.inf)).astype(np.float64)
        shares = odds / odds.sum(axis=1, keepdims=True)
        return pd.DataFrame(shares.astype(np.float32), index=pairs.index, columns=list(CLASSES))

    def predict(self, pairs: pd.DataFrame) -> pd.Series:
        """Return each pair's stance, as `decide` tells it from the probabilities."""
        shares = self.predict_proba(pairs)
        return pd.Series(decide(shares), index=pairs.index, dtype="string")


def decide(shares: pd.DataFrame, least: float = MIN_DISAGREE) -> np.ndarray:
    """Return the stance of each row (n,): disagree from `least` on unless agree is likelier, else the likelier rest."""
    rest = np.where(shares["agree"] > shares["neutral"], "agree", "neutral")
    return np.where((shares["disagree"] >= least) & (shares["disagree"] > shares["agree"]), "disagree", rest)


def judge(
    targets: pd.DataFrame,
    classifier: StanceClassifier,
    done: Callable[[int], None] | None = None,
    known: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Judge each segment against its target and return the stances table.

    `targets` is what `dispute.target.aim` returns. `known` holds rows of an earlier stances table with the
    column text: where a segment stands in it with the same words and target, its probabilities are taken over.
    """
    replies = targets["text"].map(lambda text: shorten(text, MAX_REPLY))
    pairs = pd.DataFrame({"target": targets["target_text"], "reply": replies}, index=targets.index)
    if known is None or known.empty:
        shares = classifier.predict_proba(pairs, done)
    else:
        earlier = known.reindex(targets.index)
        same = (earlier["text"] == targets["text"]) & (earlier["target_text"] == targets["target_text"])
        same = same.fillna(value=False).astype(bool)
        shares = earlier[[f"p_{name}" for name in CLASSES]].set_axis(list(CLASSES), axis=1)
        shares.loc[~same] = classifier.predict_proba(pairs[~same], done)
    return STANCES.build(
        {
            **{
                name: targets[name]
                for name in ("comment_id", "target_id", "target_text", "post_id", "author", "evidence")
            },
            "segment_id": targets.index,
            **{f"p_{name}": shares[name] for name in CLASSES},
            "stance": decide(shares),
        }
    )
