"""Idioms of assent and dissent: looked up where a reply begins with one, mixed with what the model tells."""

import csv

import numpy as np
import pytest

from threadkit.base.weights import shipped
from threadkit.dispute.idioms import _LONGEST, _OPENING, SURE, WEIGHT, _openings, heard, stance_of
from threadkit.dispute.stance import StanceClassifier

NEUTRAL = "I keep an open mind about it for now."


@pytest.mark.parametrize(
    ("reply", "stance"),
    [
        ("Yeah, right.", "disagree"),
        ("yeah right", "disagree"),
        ("Spot on. The pump has leaked since May.", "agree"),
        ("Spot on. But the pump is new.", None),
        ("Spot on the ceiling, again.", None),
        ("The pump has leaked since May. Spot on.", None),
        ("Can\u2019t argue with that.", "agree"),
        (NEUTRAL, "neutral"),
        (f"{NEUTRAL} It says the opposite of what you claim.", None),
        ("", None),
        ("+1", "agree"),
        ("\u22121", "disagree"),
        ("Big +1", "agree"),
        ("+1 for the second pump.", "agree"),
        ("-1 from me. The pump is new.", "disagree"),
        ("+1 for the pump but not for the well.", None),
        ("+1. However, the pump leaks.", None),
        ("-1 degrees at the pump.", None),
        ("-1, 0 and 1 are all that the pump knows.", None),
        ("-1 to 1 is its range.", None),
        ("+1 555 0100", None),
        ("The pump gets a +1", None),
        ("Concept ACK", "agree"),
        ("utACK 3f9c2ab", "agree"),
        ("ACK. Works with the old pump.", "agree"),
        ("Concept NACK. The pump leaks.", "disagree"),
        ("ACK. But mend the pump first.", None),
        ("Concept ACK, approach NACK", None),
        ("ack, the pump", None),
        ("\U0001f44d\U0001f3fd", "agree"),
        (":+1:", "agree"),
        ("\U0001f4af \u2705", "agree"),
        ("\U0001f44e\U0001f44e", "disagree"),
        ("\U0001f44d\U0001f44e", None),
        ("\U0001f44d the pump", None),
        ("\U0001f644", None),
    ],
)
def test_a_reply_is_told_by_the_idiom_with_which_it_begins(reply, stance):
    assert stance_of(reply) == stance


def test_what_the_gate_scores_is_not_looked_up():
    with (shipped("corpora") / "phrases/phrases.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    held = [row["text"] for row in rows if row["part"] == "gate"]
    assert len(held) > 500
    assert max(len(row["text"]) for row in rows) <= _LONGEST
    assert max(map(len, _openings())) < _OPENING - 10  # quotation marks and stars may stand before them
    assert sum(stance_of(text) is not None for text in held) < 0.02 * len(held)


def test_an_idiom_outweighs_the_model_and_other_replies_stay_as_they_are():
    logs = np.log([[0.1, 0.1, 0.8], [0.1, 0.1, 0.8]])
    shares = np.exp(heard(logs, ["Yeah, right.", "The pump leaks."]))
    assert np.allclose(shares.sum(axis=1), 1)
    assert np.allclose(shares[0, 0], (1 - WEIGHT) * 0.1 + WEIGHT * SURE)
    assert np.allclose(shares[1], [0.1, 0.1, 0.8])


def test_the_shipped_classifier_knows_them():
    target = "We should close the old bridge to cars."
    pairs = [
        (target, "Yeah, right."),
        (target, "Can't argue with that."),
        (target, "Couldn't have said it better myself."),
    ]
    assert StanceClassifier().predict(pairs).tolist() == ["disagree", "agree", "agree"]
