"""Fragments: what only names, heads or leads to something objects to nothing."""

import time

import pytest

from threadkit.dispute.fragments import says_nothing


@pytest.mark.parametrize(
    "text",
    [
        "Harbour",
        "Toll keepers",
        "How to Sail",
        "Oh captain,",
        "anna:",
        "Anna~",
        '"\u2026" ---Anna',
        "(Source: https://example.org/toll)",
        "You write:",
        "The table for reference:",
        "Quoting myself,",
    ],
)
def test_says_nothing(text):
    assert says_nothing(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Nope",
        "nonsense",
        "Source?",
        "Harbour?",
        "Toll keepers lie.",
        "Not the harbour",
        "Wrong harbour",
        "They sink",
        "PIER TOLL",
        "utter drivel",
        "Harbour ;)",
        "You are wrong:",
        "I disagree with this part:",
        "There is a place in the harbour where all the boats sink:",
        'Table 4 "\u2026"',
    ],
)
def test_may_say_something(text):
    assert not says_nothing(text)


def test_what_is_a_whole_comment_may_be_a_reply():
    assert says_nothing("Cope harder")
    assert not says_nothing("Cope harder", alone=True)


@pytest.mark.parametrize("text", ["Anna,", "You write:"])
def test_a_name_called_and_a_lead_in_are_no_reply_anywhere(text):
    assert says_nothing(text, alone=True)


@pytest.mark.parametrize("words", ["A ", "a:", "\u2026", '"\u2026"', "-"])
def test_long_text_takes_no_time(words):
    start = time.process_time()
    says_nothing(words * (100_000 // len(words)))
    assert time.process_time() - start < 1
