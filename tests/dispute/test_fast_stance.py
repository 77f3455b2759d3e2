"""The static stance model: cheap, blind to row order, and the first look never drops a plain objection."""

import sys

import numpy as np
import pytest

from threadkit.base.static import MODEL as ENCODER
from threadkit.base.static import StaticEncoder
from threadkit.dispute.judges import open_judge
from threadkit.dispute.labels import CLASSES
from threadkit.dispute.stance import StanceClassifier
from threadkit.dispute.static import StaticStance, features

TARGET = "We should ban cars from the old town."
PLAIN = [
    "No, that is wrong, shops would lose their customers.",
    "I disagree. You have no evidence for that claim.",
    "That is simply not true, the survey says the opposite.",
]
CALM = ["Thanks, that was very helpful!", "Great post, I agree completely.", "Yes, exactly, well said!"]


def pairs(texts):
    return [(TARGET, text) for text in texts]


@pytest.fixture(scope="module")
def static():
    return StaticStance()


def test_plain_objections_disagree_and_pass_the_first_look(static):
    shares = np.exp(static.log_shares(pairs(PLAIN)))
    assert (shares.argmax(axis=1) == CLASSES.index("disagree")).all()
    assert static.may_disagree(pairs(PLAIN)).all()


def test_thanks_and_praise_do_neither(static):
    shares = np.exp(static.log_shares(pairs(CALM)))
    assert (shares.argmax(axis=1) != CLASSES.index("disagree")).all()
    assert not static.may_disagree(pairs(CALM)).any()


def test_rows_are_judged_one_by_one(static):
    texts = [*PLAIN, *CALM, "Why?", "", "No, that is wrong, shops would lose their customers."]
    together = static.log_shares(pairs(texts))
    assert np.array_equal(together, np.concatenate([static.log_shares(pairs([text])) for text in texts]))
    assert np.allclose(np.exp(together).sum(axis=1), 1)


def test_no_pairs_and_empty_texts(static):
    assert static.log_shares([]).shape == (0, 3)
    assert features([("", "")], StaticEncoder(ENCODER)).shape[0] == 1


def test_the_classifier_takes_it_by_name_and_loads_no_network():
    judge = open_judge("threadkit-stance-static")
    assert isinstance(judge, StaticStance)
    classifier = StanceClassifier("threadkit-stance-static")
    assert classifier.predict(pairs(PLAIN)).tolist() == ["disagree"] * 3
    found = classifier.explain([(TARGET, PLAIN[0])])
    assert found["weight"].abs().max() > 0


def test_no_torch_is_needed():
    import subprocess

    code = (
        "import sys; from threadkit.dispute.static import StaticStance; "
        f"StaticStance().log_shares([({TARGET!r}, 'No.')]); assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
