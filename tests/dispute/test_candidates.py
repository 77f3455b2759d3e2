"""Candidates: which passages say something, which stands for its owner, and by which words each is found."""

import pytest

from threadkit.dispute.candidates import passages, wordless
from threadkit.dispute.segment import segment
from threadkit.readers.draft import Draft


def collected(*paragraphs, title=None, comment="The ferry is late."):
    draft = Draft("t")
    draft.post("p", title=title, author="Ada", text="\n\n".join(paragraphs))
    draft.comment("a", "p", author="Bo", text=comment)
    corpus = draft.finish()
    return passages(segment(corpus.comments), corpus.comments, corpus.posts)


def candidates(found):
    return [text for text, stands in zip(found.texts, found.stands, strict=True) if stands]


@pytest.mark.parametrize("text", ["https://ferry.example/plan", ";)", "…", "\U0001f44d"])
def test_what_has_no_word_is_no_candidate(text):
    assert wordless(text)
    assert text not in candidates(collected("The ferry runs twice a day.", text))


def test_headings_and_what_leads_to_the_next_are_no_candidates():
    found = collected(
        "The ferry", "It carries forty people and nine bicycles.", "What it costs:", "Four crowns a trip."
    )
    assert candidates(found)[1:] == ["It carries forty people and nine bicycles.", "Four crowns a trip."]


def test_a_heading_lends_its_words_to_the_passage_below():
    found = collected("The ferry", "It carries forty people and nine bicycles.")
    assert found.compared[-1] == "The ferry It carries forty people and nine bicycles."
    assert found.texts[-1] == "It carries forty people and nine bicycles."


def test_what_is_granted_before_a_turn_is_no_candidate():
    found = collected("The ferry runs.", comment="I agree with most of this, but the pier is too short for it.")
    assert candidates(found)[0] == "but the pier is too short for it."


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("The ferry should run all night until the spring", "The ferry should run all night until the spring"),
        ("Ferry", "Nobody gets home after ten."),
        (None, "Nobody gets home after ten."),
    ],
)
def test_a_post_is_what_its_title_says_if_it_says_something(title, expected):
    found = collected("Hi all,", "Nobody gets home after ten.", "The last ferry leaves then.", title=title)
    assert found.texts[found.opening["post p"]] == expected


def test_a_comment_is_what_its_longest_passage_says():
    found = collected(
        "A claim.", comment="Thanks, Ada.\n\nThe pier is too short for a ferry of that size.\n\nJust saying."
    )
    assert found.texts[found.opening["a"]] == "The pier is too short for a ferry of that size."
