"""Addressed: who names another author at the beginning answers what that author said last."""

import time

import pytest

from threadkit.dispute.addressed import addressed
from threadkit.readers.draft import Draft


def thread(*comments, poster="Ada"):
    draft = Draft("t")
    draft.post("p", author=poster, text="The ferry should run all night.")
    for n, (author, text) in enumerate(comments):
        draft.comment(f"c{n}", "p", author=author, text=text)
    corpus = draft.finish()
    found = addressed(corpus.comments, corpus.posts)
    return {name: [call.said for call in calls] for name, calls in found.items()}


SAID = (("Eva Lund", "The pier is too short."), ("hans", "No, it is long enough."), ("Eva Lund", "By whose measure?"))


@pytest.mark.parametrize(
    "text", ["@eva lund that is false.", "@Eva Lund: no.", "Eva Lund, you measured at low tide.", "**Eva Lund**: no."]
)
def test_the_latest_comment_of_whoever_is_named_is_answered(text):
    assert thread(*SAID, ("Ole", text)) == {"c3": ["c2"]}


@pytest.mark.parametrize(
    "text",
    [
        "Eva\n\nThat is false.", "Eva~\n\nThat is false.", "Eva. That is false.", "Eva\u2026 no.", "Eva... no.", "Eva! No.",
        "Eva - no.", "Eva \u2013 no.", "Eva- no.", "listen eva, no.", "Thanks, Eva. But no.", "Dear Eva,\n\nno.", "To Eva: no.",
        "@EvaLund no it is not.", "@eva no.", "Hi @EvaLund, no.", "Hey @eva", "@Eva's pier is long enough.",
    ],
)  # fmt: skip
def test_a_name_may_stand_behind_a_greeting_be_shortened_and_end_in_many_ways(text):
    assert thread(*SAID, ("Ole", text)) == {"c3": ["c2"]}


@pytest.mark.parametrize(("author", "text"), [("gilligan8503", "gilligan, no."), ("gilligan8503", "@gilligan no.")])
def test_the_first_word_of_a_name_stands_for_it(author, text):
    assert thread((author, "The pier is too short."), ("Ole", text)) == {"c1": ["c0"]}


def test_a_shortened_name_that_two_have_is_nobodys():
    assert thread(*SAID, ("Eva Berg", "No."), ("Ole", "Eva, no.")) == {}


@pytest.mark.parametrize("text", ["@ole that is false.", "Well, no.", "Eva Lund measured it.", "hans", "@", ""])
def test_nobody_else_is_answered(text):
    assert thread(*SAID, ("Ole", text or "No.")) == {}


@pytest.mark.parametrize(
    "text", ["Right, and who pays?", "True. Who pays?", "Well\n\nWho pays?", "@everyone: who pays?"]
)
def test_how_replies_begin_is_no_name(text):
    said = (("rightwinger", "It leaks."), ("True North", "It leaks."), ("Well", "It leaks."))
    assert thread(*said, ("Ole", text)) == {}


def test_each_paragraph_may_speak_to_somebody_else():
    text = "@Eva Lund: it is long.\n\nMeasure it.\n\n@hans: it is short."
    assert thread(*SAID, ("Ole", text)) == {"c3": ["c2", "c1"]}


def test_who_is_mentioned_further_down_only_is_not_spoken_to():
    assert thread(*SAID, ("Ole", "The ferry is slow.\n\nThanks @hans for the figures.\n\nIt leaks too.")) == {}


def test_the_poster_is_answered_where_they_have_said_nothing_since():
    assert thread(*SAID, ("Ole", "@Ada no."), poster="Ada Moe") == {"c3": ["post p"]}


@pytest.mark.parametrize("text", ["@ylva that is false.", "@Ylva, no."])
def test_whoever_is_not_there_is_answered_nowhere(text):
    assert thread(*SAID, ("Ole", text)) == {"c3": [None]}


def test_a_stated_parent_stands():
    draft = Draft("t")
    draft.post("p", author="Ada", text="The ferry should run all night.")
    draft.comment("a", "p", author="Eva", text="The pier is too short.")
    draft.comment("b", "p", author="Bo", text="It is long enough.")
    draft.comment("c", "p", parent_id="b", author="Ole", text="@Eva measured it, you did not.")
    corpus = draft.finish()
    assert addressed(corpus.comments, corpus.posts) == {}


@pytest.mark.parametrize(
    "text", ["@" * 50_000, "- " * 50_000, "\n" * 50_000 + "a", "*" * 50_000, "@a " * 30_000, "Hi " * 30_000]
)
def test_hostile_text_takes_no_longer(text):
    began = time.perf_counter()
    thread(*SAID, ("Ole", text))
    assert time.perf_counter() - began < 5
