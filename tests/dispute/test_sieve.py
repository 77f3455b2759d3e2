"""The sieve: cheap, blind to row order, and never the one to drop a plain objection."""

import pandas as pd

from threadkit.dispute.sieve import N_HASHES, features, load_sieve


def targets(*texts):
    rows = [
        {"text": text, "target_text": "We should ban cars from the old town.", "evidence": "parent"} for text in texts
    ]
    return pd.DataFrame(rows)


PLAIN = [
    "No, that is wrong, shops would lose their customers.",
    "I disagree. You have no evidence for that claim.",
    "That is simply not true, the survey says the opposite.",
]


def test_plain_objections_pass():
    assert load_sieve().keep(targets(*PLAIN)).all()


def test_it_drops_something():
    calm = ["Thanks, that was very helpful!", "Great post, I agree completely.", "Thank you so much."]
    assert not load_sieve().keep(targets(*calm)).any()


def test_rows_are_judged_one_by_one():
    sieve, texts = load_sieve(), [*PLAIN, "Thanks!", "Why?", ""]
    together = sieve.keep(targets(*texts))
    assert together.tolist() == [bool(sieve.keep(targets(text))[0]) for text in texts]


def test_shapes():
    assert features(targets(*PLAIN)).shape == (3, N_HASHES + 10)
    assert load_sieve().keep(targets(*PLAIN).head(0)).shape == (0,)
