"""Addressed: who names another author at the beginning answers what that author said last."""

import pytest

from threadkit.dispute.addressed import addressed
from threadkit.readers.draft import Draft


def thread(*comments):
    draft = Draft("t")
    draft.post("p", author="Ada", text="The ferry should run all night.")
    for n, (author, text) in enumerate(comments):
        draft.comment(f"c{n}", "p", author=author, text=text)
    return addressed(draft.finish().comments)


SAID = (("Eva Lund", "The pier is too short."), ("hans", "No, it is long enough."), ("Eva Lund", "By whose measure?"))


@pytest.mark.parametrize(
    "text", ["@eva lund that is false.", "@Eva Lund: no.", "Eva Lund, you measured at low tide.", "**Eva Lund**: no."]
)
def test_the_latest_comment_of_whoever_is_named_is_answered(text):
    assert thread(*SAID, ("Ole", text)) == {"c3": "c2"}


@pytest.mark.parametrize("text", ["@ole that is false.", "Well, no.", "Eva Lund measured it.", "hans", "@", ""])
def test_nobody_else_is_answered(text):
    assert thread(*SAID, ("Ole", text or "No.")) == {}


def test_a_stated_parent_stands():
    draft = Draft("t")
    draft.post("p", author="Ada", text="The ferry should run all night.")
    draft.comment("a", "p", author="Eva", text="The pier is too short.")
    draft.comment("b", "p", author="Bo", text="It is long enough.")
    draft.comment("c", "p", parent_id="b", author="Ole", text="@Eva measured it, you did not.")
    assert addressed(draft.finish().comments) == {}
