"""The stance classifier: what it must get right, and what its answer must not depend on."""

import numpy as np
import pandas as pd
import pytest

from threadkit.base.errors import ModelError, TableError
from threadkit.dispute.stance import StanceClassifier


@pytest.fixture(scope="module")
def classifier():
    return StanceClassifier()


PAIRS = pd.DataFrame(
    {
        "target": ["We should ban cars.", "Taxes are theft.", "Nuclear power is safe.", "The moon landing was staged."],
        "reply": [
            "No, that is a terrible idea, you are completely wrong.",
            "I agree with you completely, well said.",
            "That is simply false, look at Chernobyl.",
            "No it wasn't, this is nonsense.",
        ],
    },
    index=["a", "b", "c", "d"],
)


def test_plain_cases(classifier):
    assert classifier.predict(PAIRS).to_dict() == {"a": "disagree", "b": "agree", "c": "disagree", "d": "disagree"}


def test_probabilities(classifier):
    shares = classifier.predict_proba(PAIRS)
    assert shares.columns.tolist() == ["disagree", "neutral", "agree"]
    assert shares.index.tolist() == ["a", "b", "c", "d"]
    assert np.allclose(shares.sum(axis=1), 1, atol=1e-5)


def test_order_threads_and_repeats_do_not_matter(classifier):
    once = classifier.predict_proba(PAIRS)
    shuffled = pd.concat([PAIRS, PAIRS]).iloc[[7, 2, 5, 0, 3, 1, 6, 4]]
    again = StanceClassifier(threads=2).predict_proba(shuffled)
    assert once.loc[again.index].to_numpy().tobytes() == again.to_numpy().tobytes()


def test_empty_and_missing_texts(classifier):
    assert classifier.predict_proba(PAIRS.head(0)).shape == (0, 3)
    blank = pd.DataFrame({"target": ["", None], "reply": ["", "No."]})
    assert classifier.predict_proba(blank).notna().all(axis=None)


def test_a_missing_column_is_named(classifier):
    with pytest.raises(TableError, match="reply is missing"):
        classifier.predict_proba(PAIRS[["target"]])


def test_an_encoder_is_no_classifier():
    with pytest.raises(ModelError, match="encoder model, a stance model is needed"):
        StanceClassifier("threadkit-point").predict_proba(PAIRS)
