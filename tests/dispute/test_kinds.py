"""The kinds of disagreement: plain cases, what is none of them, and that each is judged by itself."""

import numpy as np
import pandas as pd
import pytest

from threadkit.corpus.kinds import KINDS
from threadkit.crux.encode import SentenceEncoder
from threadkit.dispute.kinds import CLASSES, ENCODER, MIN_KIND, load_kinds, tell

PLAIN = {
    "No, that is false, the harbour was never closed in 2014.": "fact",
    "That ferries got cheaper afterwards doesn't show that the tunnel was the reason, it does not follow.": "inference",
    "You call it a tax, but a fee for a service is by definition not a tax.": "framing",
    "It is simply unfair to the old, and their dignity matters more to me than any saving.": "values",
    "It would never work, they'd have to hire fifty guards and the ferries would all be late.": "consequences",
    "Do you have a source for that? Please link the study.": "evidence",
}
GIVEN = [
    "There is plenty of evidence against this: see the Cochrane review.",
    "it is: see the p99 graphs",
    "The source you link says the opposite.",
]
NONE = ["You clown.", "See you all on Friday at the harbour!", "lol"]


def told(texts):
    series = pd.Series(texts, index=[f"s{n}" for n in range(len(texts))], dtype="string")
    return tell(series, SentenceEncoder(ENCODER).encode(list(texts)))


@pytest.fixture(scope="module")
def plain():
    return told(list(PLAIN))


def test_plain_cases(plain):
    assert plain["kind"].tolist() == list(PLAIN.values())
    assert plain["p_kind"].between(MIN_KIND, 1).all()


def test_who_gives_evidence_does_not_call_for_it():
    assert told(GIVEN)["kind"].tolist() == ["fact"] * len(GIVEN)


def test_what_is_none_of_them_has_no_kind():
    found = told(NONE)
    assert found["kind"].isna().all()
    assert found["p_kind"].isna().all()


def test_each_is_judged_by_itself(plain):
    back = told(list(PLAIN)[::-1])
    assert back["kind"].tolist() == plain["kind"].tolist()[::-1]
    assert np.allclose(back["p_kind"].to_numpy(float), plain["p_kind"].to_numpy(float)[::-1], atol=1e-3)


def test_shapes():
    assert told([]).shape == (0, 2)
    assert load_kinds().predict_proba(["No."], np.zeros((1, 384))).shape == (1, len(CLASSES))
    assert tuple(KINDS) == CLASSES[:-1]
