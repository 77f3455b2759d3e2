"""Copies: the same words again count once, short phrases never."""

import pandas as pd

from threadkit.corpus.tables import COMMENTS
from threadkit.crux.copies import fold_copies


def fold(*rows):
    comments = COMMENTS.build(
        [{"comment_id": c, "post_id": "p", "depth": 0, "confidence": 1, "posted_at": at} for c, at, _ in rows]
    )
    objections = pd.DataFrame(
        {"comment_id": [c for c, _, _ in rows], "text": [t for _, _, t in rows]}, index=[f"{c}:0" for c, _, _ in rows]
    )
    return fold_copies(objections, comments).dropna().to_dict()


def test_the_earliest_is_the_original_whatever_the_order():
    text = "The survey asked eleven shops and no more."
    late, early = (
        ("b", "2024-05-02T00:00Z", text),
        ("c", "2024-05-01T00:00Z", "THE survey asked  eleven shops; and no more!"),
    )
    assert fold(late, early) == fold(early, late) == {"b:0": "c:0"}


def test_short_phrases_are_no_copies():
    assert fold(("a", None, "No, wrong."), ("b", None, "No, wrong.")) == {}


def test_without_times_the_lowest_id_is_the_original():
    text = "Nobody has measured this at night yet."
    assert fold(("b", None, text), ("a", None, text)) == {"b:0": "a:0"}
