"""Names: a title is a proposition in the objectors' own words."""

import numpy as np
import pandas as pd
import pytest

from threadkit.crux.name import as_proposition, contrast_words, fitness, name_cruxes


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("But I think that the study is too small.", "The study is too small."),
        ("No, the poor pay for it.", "The poor pay for it."),
        ("Yes, but honestly, nobody will enforce it.", "Nobody will enforce it."),
        ("My main problem with this is that it shifts the cars.", "It shifts the cars."),
        ("\u201cNobody asked us.\u201d", "Nobody asked us."),
        ("Nothing here needs care.", "Nothing here needs care."),
    ],
)
def test_ties_to_the_talk_are_dropped(sentence, expected):
    assert as_proposition(sentence) == expected


@pytest.mark.parametrize(
    "worse",
    ["Is the study too small for this?", "It is too small.", "Wrong!", "https://example.org/study shows the study is small",
     "The study, as I said above, " + "and again, " * 20 + "is too small."],
)  # fmt: skip
def test_what_cannot_stand_alone_loses(worse):
    assert fitness(worse) < fitness("The study is too small to show that.")


class Words:
    """Encode a text as a count of a few words: enough to tell two points apart."""

    vocabulary = ("small", "poor", "study", "rent")

    def encode(self, texts, done=None):
        rows = np.array([[1e-3 + text.lower().count(word) for word in self.vocabulary] for text in texts]).reshape(
            -1, 4
        )
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture
def objections():
    texts = [
        ("Hello there. The study is too small to show that.", 0, None),
        ("Such a small study shows nothing at all to anybody.", 0, None),
        ("The poor pay for it with their rent.", 1, None),
        ("Higher rent hits the poor before all others.", 1, None),
        ("The study is too small to show that, that, that.", 0, "a"),
    ]
    return pd.DataFrame(
        {
            "text": [t for t, _, _ in texts],
            "target_text": "The study settles it. Also, rent is low.",
            "post_id": pd.array(["p", "q", "p", "q", "p"], dtype="string"),
            "author": pd.array(["Bo", "Cy", "Bo", "Cy", "Bo"], dtype="string"),
            "crux_id": pd.array([k for _, k, _ in texts], dtype="Int32"),
            "copy_of": pd.array([c for _, _, c in texts], dtype="string"),
            "strength": [0.9, 0.8, 0.9, 0.7, 1.0],
        },
        index=pd.Index(list("abcde"), name="segment_id", dtype="string"),
    )


def test_names(objections):
    names = name_cruxes(objections, Words().encode(objections["text"]), Words())
    # All sentences that name the point are equally near; the alphabet decides. "Hello there" is not one of them.
    assert names["title"].tolist() == [
        "Such a small study shows nothing at all to anybody.",
        "Higher rent hits the poor before all others.",
    ]
    assert names["claim"].tolist() == ["The study settles it.", "Rent is low."]
    assert names["example_id"].tolist() == ["a", "c"], "a copy is no example, however strong"


def test_words_set_a_crux_apart(objections):
    words = contrast_words(objections)
    assert "small" in words[0]
    assert "poor" in words[1]
    assert "poor" not in words[0]


def test_row_order_does_not_matter(objections):
    vectors = Words().encode(objections["text"])
    order = [3, 0, 4, 2, 1]
    assert name_cruxes(objections, vectors, Words()).equals(
        name_cruxes(objections.iloc[order], vectors[order], Words())
    )
