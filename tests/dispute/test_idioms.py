"""Idioms of assent and dissent: looked up where a reply begins with one, mixed with what the model tells."""

import csv
import time

import numpy as np
import pytest

from threadkit.base.weights import shipped
from threadkit.dispute.idioms import (
    _LONGEST,
    _OPENING,
    SURE,
    WEIGHT,
    _openings,
    _unopposed,
    _vote,
    heard,
    stance_of,
)
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
        ("+1 for the second pump.", None),
        ("+1 to Ana's objection.", None),
        ("-1 to closing the well.", None),
        ("+1 for this.", "agree"),
        ("+1, the well is dry too.", "agree"),
        ("+1 - the well is dry too.", "agree"),
        ("+1: the well is dry too.", "agree"),
        ("+1 because the well is dry too.", "agree"),
        ("+1 (binding)", "agree"),
        ("-1 (non-binding), it leaks.", "disagree"),
        ("-1, the well is dry.", "disagree"),
        ("-1 - 3 is what the pump shows.", None),
        ("-1, -2 and -3 are all that the pump knows.", None),
        ("-1,  0 and 1 are all that the pump knows.", None),
        ("+1, though -1 for the well.", None),
        ("LGTM, ship the pump.", "agree"),
        ("LGTM once the pump runs.", None),
        ("Acked-by: Ana Well <ana@example.org>", "agree"),
        ("Nacked-by: Ana Well <ana@example.org>", "disagree"),
        ("NAK. The pump leaks.", "disagree"),
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
        ("\U0001f44d Works for me", "agree"),
        ("\U0001f44e, it leaks", "disagree"),
        ("\U0001f44d, but it leaks", None),
        ("Exactly?", None),
        ("This?!", None),
        ("Agreed?", None),
        ('"Spot on"? Hardly.', None),
        ('"Spot on."', None),
        ("Exactly. Wrong.", None),
        ("Exactly. No notes.", "agree"),
        ("Correct? Not even close.", None),
        ("Spot on. Not the pump.", None),
        ("Spot on. Nobody else would have seen that the pump leaks.", "agree"),
        ("Proof?", "disagree"),
        ("Proof?!", "disagree"),
        ("Proof. By induction on n.", None),
        ("says who", "disagree"),
        ("No objections from my side.", "agree"),
        ("I have no objection to that.", "agree"),
        ("No argument there, the pump leaks.", "agree"),
        ("I wouldn't oppose that.", "agree"),
        ("Can\u2019t fault that reasoning.", "agree"),
        ("No objections here, but the pump leaks.", None),
        ("No objection here. That is wrong about the pump, though.", None),
        ("I have no objection to the new pump.", None),
        ("No objection that I know of answers this.", None),
        ("I wouldn't oppose that? Think again.", None),
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
    # A vote and dissent that is denied are told by how they are built, not by a list of phrases.
    listed = [text for text in held if not _vote(text) and not _unopposed(text)]
    assert sum(stance_of(text) is not None for text in listed) < 0.02 * len(held)


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


HOSTILE = [
    "+1 ",
    "+1, ",
    "no objection ",
    "no objection to that ",
    "?!",
    '"',
    "\U0001f44d ",
    "-1 - ",
    "no objection to what you ",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_long_text_takes_no_time(words):
    start = time.process_time()
    stance_of(words * (100_000 // len(words)))
    assert time.process_time() - start < 1
