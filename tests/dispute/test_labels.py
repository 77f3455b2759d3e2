"""Which output is which class: told by the model's own names, or refused."""

import pytest

from threadkit.base.errors import ModelError
from threadkit.dispute.labels import outputs


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ({0: "disagree", 1: "neutral", 2: "agree"}, [0, 1, 2]),
        ({0: "contradiction", 1: "entailment", 2: "neutral"}, [0, 2, 1]),
        ({0: "ENTAILMENT", 1: "NEUTRAL", 2: "CONTRADICTION"}, [2, 1, 0]),
        ({0: "FAVOR", 1: "AGAINST", 2: "NONE"}, [1, 2, 0]),
        ({0: "support", 1: "deny", 2: "comment"}, [1, 2, 0]),
        ({0: "LABEL_0", 1: "LABEL_1", 2: "LABEL_2"}, [0, 1, 2]),
        ({0: "LABEL_0", 1: "LABEL_1"}, [0, 1, 2]),
        ({}, [0, 1, 2]),
        (None, [0, 1, 2]),
    ],
)
def test_order(names, expected):
    assert outputs("m", 3, names) == expected


@pytest.mark.parametrize(
    ("n", "names", "words"),
    [
        (1, {0: "LABEL_0"}, "'m' has 1 output; a stance model has three"),
        (2, {0: "not_entailment", 1: "entailment"}, "'m' has 2 outputs"),
        (3, {0: "negative", 1: "neutral", 2: "positive"}, "calls its outputs 'negative', 'neutral', 'positive'"),
        (3, {0: "contradiction", 1: "entailment"}, "cannot be told"),
        (3, {0: "entailment", 1: "entails", 2: "neutral"}, "cannot be told"),
    ],
)
def test_what_cannot_be_told_is_refused(n, names, words):
    with pytest.raises(ModelError, match=words):
        outputs("m", n, names)
