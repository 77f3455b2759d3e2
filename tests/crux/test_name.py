"""Names: a title is a proposition in the objectors' own words."""

import time

import numpy as np
import pandas as pd
import pytest

from threadkit.crux.name import contrast_words, most_targeted, name_cruxes, where
from threadkit.crux.proposition import as_proposition, faults, fitness
from threadkit.crux.wording import N_SENTENCES, Middles


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("But I think that the study is too small.", "The study is too small."),
        ("No, the poor pay for it.", "The poor pay for it."),
        ("Yes, but honestly, nobody will enforce it.", "Nobody will enforce it."),
        ("My main problem with this is that it shifts the cars.", "It shifts the cars."),
        ("\u201cNobody asked us.\u201d", "Nobody asked us."),
        ("Nothing here needs care.", "Nothing here needs care."),
        ("Oh, and no. The toll falls on the poor. :)", "The toll falls on the poor."),
        ("@bo_77, the toll falls on the poor.", "The toll falls on the poor."),
        ("b) The toll falls on the poor.", "The toll falls on the poor."),
        ("Related: the toll falls on the poor.", "The toll falls on the poor."),
        ("Overall my guess is that the toll falls on the poor.", "The toll falls on the poor."),
        ("The thing is they never asked us.", "They never asked us."),
        ("For one thing, the toll falls on the poor.", "The toll falls on the poor."),
        ("Second, the toll falls on the poor (as in York)", "The toll falls on the poor (as in York)"),
        ("(The toll falls on the poor)", "The toll falls on the poor"),
        # Of two marks that belong together both go, or none.
        ('"Reserved" seats are a gift.', '"Reserved" seats are a gift.'),
        ("(Bad) It breaks.", "(Bad) It breaks."),
        ('The crane is not "faster"', 'The crane is not "faster"'),
        ('"Old" seats are not "reserved"', '"Old" seats are not "reserved"'),
        ('But ("reserved" seats are a gift)', '"Reserved" seats are a gift'),
        ("'The drivers' union pays'", "The drivers' union pays"),
        ("\u2018The drivers\u2019 union pays\u2019", "The drivers\u2019 union pays"),
        ("\u2018Old\u2019 seats don\u2019t fit.", "\u2018Old\u2019 seats don\u2019t fit."),
        ("((Old) seats are a gift)", "(Old) seats are a gift"),
        ('Nobody asked us."', "Nobody asked us."),
        # What would not be a sentence stays whole.
        ("So far nobody has paid.", "So far nobody has paid."),
        ("So many drivers will leave.", "So many drivers will leave."),
        ("Because of the toll, drivers will leave.", "Because of the toll, drivers will leave."),
        ("Besides the toll there is a tax.", "Besides the toll there is a tax."),
        ("The problem is money.", "The problem is money."),
        ("Related work is not named.", "Related work is not named."),
        ("I. Newton would not pay.", "I. Newton would not pay."),
        # What denies stays: without it the sentence would say the opposite.
        ("No study shows that.", "No study shows that."),
        ("I disagree that the toll falls on the poor.", "I disagree that the toll falls on the poor."),
        ("Right turns are forbidden there.", "Right turns are forbidden there."),
    ],
)
def test_ties_to_the_talk_are_dropped(sentence, expected):
    assert as_proposition(sentence) == expected


@pytest.mark.parametrize(
    "worse",
    ["Is the study too small for this?", "It is too small.", "Wrong!", "https://example.org/study shows the study is small",
     "The study, as I said above, " + "and again, " * 20 + "is too small.", "Look at the size of the study they made.",
     "Read the study before you talk.", "Is the study too small to show that", "If they had made it larger, it would do.",
     "Too small a study for anything.", "Would never show that with such a study.", "Perhaps the study is too small for it.",
     "His study is too small to show that.", "This study is too small to show that.", "The study is too small to show that\u2026"],
)  # fmt: skip
def test_what_cannot_stand_alone_loses(worse):
    assert fitness(worse) < fitness("The study is too small to show that.")


@pytest.mark.parametrize(
    ("worse", "fault"),
    [
        ("Despite the lack of proof of a new bridge.", "adverbial"),
        ("Only if the town builds a second bridge.", "adverbial"),
        ("Dont give up on the second bridge of the town.", "order"),
        ("Ann -- you should check out the study of bridges.", "order"),
        ("Ann, you linked to the study of another bridge.", "addressed"),
        ("The reason you gave is that you said bridges are dear.", "addressed"),
        ("Your argument was that bridges are too dear.", "addressed"),
        ("Toll: money that is paid for crossing a bridge", "entry"),
        ("Toll (noun) money that is paid for crossing a bridge", "entry"),
        ("Kings 3:7 The town shall build a second bridge.", "entry"),
        ("How much the town pays for the bridge, and", "broken"),
    ],
)
def test_what_nobody_can_deny_has_its_fault(worse, fault):
    assert faults(worse)[fault]


@pytest.mark.parametrize("hostile", ['"', "(", '" ', "a (b ", "you're ", "you have ", "Ann ", "only ", "1:", "Ann: "])
def test_hostile_marks_take_no_longer_than_words(hostile):
    text = hostile * (100_000 // len(hostile))
    start = time.perf_counter()
    faults(as_proposition(text))
    assert time.perf_counter() - start < 2


@pytest.mark.parametrize(
    "alone",
    [
        "Despite the cost the town needs a second bridge.",
        "In winter the ferry leaves at 10:30 every day.",
        "Problem: The town pays for a bridge.",
        "It is wrong to build a bridge for tourists.",
        "Use of the bridge falls every winter.",
        "Not every town needs a second bridge.",
        "The town pays for the bridge because it needs one.",
        "No study shows that bridges pay for themselves.",
    ],
)
def test_what_only_looks_like_a_fault_costs_nothing(alone):
    assert fitness(alone) == 0, faults(alone)


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
            "target_id": "t:0",
            "comment_id": pd.array(list("vwxyz"), dtype="string"),
            "evidence": "post",
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


def test_a_title_says_where_it_stands(objections):
    names = name_cruxes(objections, Words().encode(objections["text"]), Words())
    for title, segment_id, start, stop in names[["title", "title_id", "title_start", "title_stop"]].to_numpy():
        assert objections["text"][segment_id][start:stop] == title


@pytest.mark.parametrize(
    ("title", "text", "part"),
    [
        ("The wall is damp.", "Well, the wall\nis damp.", "the wall\nis damp."),
        ("It doesn't hold.", "No. It doesn\u2019t hold.", "It doesn\u2019t hold."),
    ],
)
def test_a_title_is_found_though_its_letters_differ(title, text, part):
    start, stop = where(title, text)
    assert text[start:stop].strip(". ") == part.strip(". ")
    assert where("Something else altogether was said.", text) is None


def test_the_claim_is_what_most_objectors_answer(objections):
    quoted = objections.assign(
        crux_id=pd.array([0] * 5, dtype="Int32"),
        copy_of=pd.array([None] * 5, dtype="string"),
        author=pd.array(["Bo", "Cy", "Di", "Bo", "Bo"], dtype="string"),
        target_id=["t:0", "t:1", "t:1", "t:2", "t:2"],
        target_text=["The study is small.", "One study settles this.", "One study settles this.", "Rent?", "Rent?"],
    )
    ranked = most_targeted(quoted)
    assert ranked["target_id"].tolist() == ["t:1", "t:2", "t:0"], "two authors, then the strongest of one author each"
    assert ranked["asked"].tolist() == [2, 1, 1]
    # Who quotes a passage counts twice.
    again = most_targeted(quoted.assign(evidence=["quote", "post", "post", "post", "post"]))
    assert again.set_index("target_id")["asked"].to_dict() == {"t:0": 2, "t:1": 2, "t:2": 1}


def test_words_set_a_crux_apart(objections):
    words = contrast_words(objections)
    assert "small" in words[0]
    assert "poor" in words[1]
    assert "poor" not in words[0]


class Counting(Words):
    """Words that tell how many texts they were asked to encode."""

    asked = 0

    def encode(self, texts, done=None):
        self.asked += len(texts)
        return super().encode(texts, done)


def test_a_paragraph_of_one_sentence_is_not_encoded_again(objections):
    counting = Counting()
    alone = objections.drop(index="a")
    names = name_cruxes(alone, Words().encode(alone["text"]), counting)
    # No title has a rival that is no paragraph of its own; of the claim of the one crux that two raised on two posts,
    # two sentences are compared.
    assert counting.asked == 2
    assert names["title"].tolist()[1] == "Higher rent hits the poor before all others."


def test_few_sentences_are_encoded_however_much_was_said(objections):
    counting = Counting()
    long = objections.assign(
        text=[f"{text} Trams are late on Sunday. Who asked the town?" * 5 for text in objections["text"]]
    )
    names = name_cruxes(long, Words().encode(objections["text"]), counting)
    assert counting.asked <= 2 * 2 * N_SENTENCES, "two cruxes, a title and a claim each"
    assert names["title"].str.contains("small|rent", regex=True).all()


@pytest.mark.parametrize("which", ["no objection", "none in a crux", "no crux wanted", "nothing but marks"])
def test_nothing_to_name(objections, which):
    only = pd.Index([], dtype="int64") if which == "no crux wanted" else None
    if which == "no objection":
        objections = objections.iloc[:0]
    elif which == "none in a crux":
        objections = objections.assign(crux_id=pd.array([None] * 5, dtype="Int32"))
    elif which == "nothing but marks":
        objections = objections.assign(text="--")
    names = name_cruxes(objections, Words().encode(objections["text"]), Words(), only=only)
    assert names["title"].isna().all()
    assert names["claim"].notna().sum() == (2 if which == "nothing but marks" else 0)


def test_between_neighbours_a_title_says_what_only_its_own_crux_says():
    vectors = np.array([[1, 0, 0], [0.8, 0.6, 0], [0.8, 0, 0.6], [0.6, 0, 0.8], [0.7, 0, 0.71]])
    middles = Middles.of(vectors, np.array([0, 0, 1, 1, 1]), 2)
    both = np.array([[0.95, 0.15, 0.27], [0.95, 0.3, -0.08]])
    near, off = middles.near(both, np.array([0, 0])), middles.off(both, np.array([0, 0]))
    assert abs(near[0] - near[1]) < 0.06
    assert off[0] < off[1] - 0.1, "the first leans to the neighbour"
    assert Middles.of(vectors, np.zeros(5, dtype=int), 1).off(both, np.array([0, 0])).tolist() == pytest.approx(
        Middles.of(vectors, np.zeros(5, dtype=int), 1).near(both, np.array([0, 0])).tolist()
    ), "a crux alone has no neighbours"


def test_row_order_does_not_matter(objections):
    vectors = Words().encode(objections["text"])
    order = [3, 0, 4, 2, 1]
    assert name_cruxes(objections, vectors, Words()).equals(
        name_cruxes(objections.iloc[order], vectors[order], Words())
    )
