"""Copies: the same words again count once, edited or not; short phrases and turned meanings never."""

import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from threadkit.corpus.tables import COMMENTS
from threadkit.crux.copies import MIN_NEAR_WORDS, fold_copies

TEXT = (
    "The committee asked eleven shops in one street whether the lamps help, and it asked them in June, "
    "when nobody lights a lamp before ten in the evening, so their answer tells you nothing about winter."
)
OTHER = "Whoever walks home from the late tram knows that the corner by the bakery stays dark from autumn to spring."


def fold(*rows):
    comments = COMMENTS.build(
        [{"comment_id": c, "post_id": "p", "depth": 0, "confidence": 1, "posted_at": at} for c, at, _ in rows]
    )
    objections = pd.DataFrame(
        {"comment_id": [c for c, _, _ in rows], "text": [t for _, _, t in rows]}, index=[f"{c}:0" for c, _, _ in rows]
    )
    return fold_copies(objections, comments).dropna().to_dict()


def is_copy(later, earlier=TEXT):
    return fold(("a", "2024-01-01T00:00Z", earlier), ("b", "2024-01-02T00:00Z", later)) == {"b:0": "a:0"}


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


def test_a_known_time_comes_before_an_unknown_one():
    assert fold(("a", None, TEXT), ("b", "2024-05-02T00:00Z", TEXT + " Or so.")) == {"a:0": "b:0"}


@pytest.mark.parametrize(
    "later",
    [
        TEXT.replace("committee", "council").replace("street", "lane"),
        f"I will say it here again for those who missed it. {TEXT}",
        f"{TEXT} {OTHER}",
        TEXT.split(", so their")[0],
        TEXT.replace(" in June,", ""),
    ],
)
def test_small_edits_additions_and_excerpts_are_copies(later):
    assert is_copy(later)
    assert is_copy(TEXT, later)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("lamps help", "lamps do not help"),
        ("tells you nothing", "tells you everything"),
        ("nobody lights", "everybody lights"),
        ("eleven shops", "900 shops"),
        ("asked them", "never asked them"),
        ("The committee asked", "The committee didn't ask"),
        ("so their answer", "so their increase"),
        ("eleven shops", "most shops"),
    ],
)
def test_a_turned_meaning_is_no_copy(old, new):
    assert old in TEXT
    assert not is_copy(TEXT.replace(old, new))


def test_the_same_negation_in_other_words_stays_a_copy():
    assert is_copy(f"{TEXT} That does not help me.", f"{TEXT} That doesn't help me.")


def test_a_short_text_with_another_word_is_its_own_objection():
    assert not is_copy(
        "Paving costs far too much for a village like ours.", "Draining costs far too much for a village like ours."
    )


def test_a_text_that_mostly_says_something_else_is_no_copy():
    assert not is_copy(f"{TEXT} {OTHER} {OTHER.replace('tram', 'bus')} And here is more that I want to say to you all.")
    assert not is_copy(OTHER)


def test_edited_copies_of_a_copy_lead_to_the_first():
    second = TEXT.replace("committee", "council")
    third = second.replace("street", "lane").replace("lights", "burns")
    rows = [(c, f"2024-01-0{i}T00:00Z", t) for i, (c, t) in enumerate([("z", TEXT), ("y", second), ("x", third)], 1)]
    assert fold(*rows, ("w", None, third)) == {"y:0": "z:0", "x:0": "z:0", "w:0": "z:0"}


def test_nothing_and_empty_texts_fold_to_nothing():
    assert fold() == {}
    assert fold(("a", None, ""), ("b", None, "")) == {}


@st.composite
def edited_texts(draw):
    """Return rows of edits of two texts, some without a time."""
    rows = []
    for i in range(draw(st.integers(2, 8))):
        parts = draw(st.sampled_from([TEXT, OTHER])).split()
        for place in draw(st.lists(st.integers(0, len(parts) - 1), max_size=8)):
            parts[place] = draw(st.sampled_from(["lamp", "not", "tram", "7", ""]))
        day = draw(st.none() | st.integers(1, 28))
        rows.append((f"c{i}", day and f"2024-01-{day:02d}T00:00Z", " ".join(parts)))
    return rows


@settings(deadline=None, max_examples=60)
@given(edited_texts(), st.randoms(use_true_random=False))
def test_copies_have_one_earlier_original_whatever_the_order(rows, random):
    found = fold(*rows)
    shuffled = random.sample(rows, len(rows))
    assert fold(*shuffled) == found
    assert not set(found) & set(found.values())
    when = {f"{c}:0": (at is None, at or "", c) for c, at, _ in rows}
    assert all(when[original] < when[copy] for copy, original in found.items())


@settings(deadline=None, max_examples=60)
@given(st.integers(0, len(TEXT.split())), st.sampled_from(["not", "never", "no", "12", "less"]))
def test_one_turning_word_anywhere_makes_an_objection_of_its_own(place, word):
    parts = TEXT.split()
    assert not is_copy(" ".join([*parts[:place], word, *parts[place:]]))


def flood(n, rng):
    """Return one text and n copies of it, each with three words replaced."""
    parts = np.array((TEXT + " " + OTHER).replace("nobody", "they").split(), dtype=object)
    rows = [("c00000", "2024-01-01T00:00Z", " ".join(parts))]
    for i in range(1, n + 1):
        copy = parts.copy()
        copy[rng.integers(len(parts), size=3)] = ["lantern", "alley", f"w{'abcdefghij'[i % 10]}"]
        rows.append((f"c{i:05d}", "2024-01-02T00:00Z", " ".join(copy)))
    return rows


def test_a_flood_of_edited_copies_takes_time_in_proportion():
    rng = np.random.default_rng(0)
    small, large = flood(500, rng), flood(4000, rng)
    took = []
    for rows in (small, large):
        begun = time.process_time()
        found = fold(*rows)
        took.append(time.process_time() - begun)
        # An edit that takes away a negation or a number leaves an objection of its own.
        assert len(found) > 0.8 * (len(rows) - 1)
    assert sum(original == "c00000:0" for original in found.values()) > 0.8 * 4000
    assert took[1] < 8 * 3 * took[0] + 0.5


def test_arguments_for_one_key_point_are_no_copies(shared):
    import gzip

    import orjson

    with gzip.open(shared / "data/grouping/kpa2021_train_dev.jsonl.gz") as lines:
        texts = sorted({row["text"] for row in map(orjson.loads, lines) if row["split"] == "dev"})
    long = [text for text in texts if len(text.split()) >= MIN_NEAR_WORDS]
    found = fold(*((f"c{i:04d}", None, text) for i, text in enumerate(long)))
    assert len(long) > 500
    assert len(found) <= 0.01 * len(long)
