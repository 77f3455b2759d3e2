"""Sentences that name what would change a mind, and questions that nobody answered, found by their words."""

import pandas as pd
import pytest
from disputes import disputed

from threadkit.corpus.openings import asks, would_change

MOVABLE = [
    "What would change my mind is a second count of the wells.",
    "Nothing short of a trial would change my mind.",
    "A map of the pipes could shift my view on this.",
    "I would change my mind if the count were repeated.",
    "I\u2019d happily reconsider my position, given one good harvest.",
    "I'd update toward you if the lamps stayed lit all winter.",
    "I might be persuaded by a map of the pipes.",
    "I would be convinced if two towns had tried it.",
    "I'll concede if you can show me one such street.",
    "If the ledger shows a loss, I will withdraw this.",
    "That would persuade me.",
    "Convince me that the gate holds.",
    "Prove me wrong.",
    "Show me one town where it worked and I will agree.",
    "I would need to see the accounts before I believe it.",
    "I'd want to see a second winter to be sure, to change course now.",
    "If it turned out that the wells are dry, I'd be wrong.",
    "I would be mistaken if the toll had gone down.",
    "My crux is whether the ferry pays for itself.",
    "The crux for me is the price of sand.",
    "The data that would settle it lies in the town hall.",
    "What evidence would convince you?",
]
FIRM = [
    "You have changed my mind, thank you.",
    "I changed my mind about the ferry last year.",
    "I wish the council would change its mind.",
    "I would be surprised if it rained.",
    "I would like to see the sea.",
    "They were convinced by the mayor.",
    "Show me the way to the harbour.",
    "I will update the page tomorrow.",
    "The mind is a strange place.",
    "If you are right, the toll is a bargain.",
    "He would withdraw from the race if he lost.",
]


@pytest.mark.parametrize("sentence", MOVABLE)
def test_what_would_change_a_mind_is_found(sentence):
    assert would_change(sentence)


@pytest.mark.parametrize("sentence", FIRM)
def test_other_sentences_are_left_alone(sentence):
    assert not would_change(sentence)


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        ("Who pays for the second bridge?", True),
        ("“Where does the sand come from?”", True),
        ("Why?", False),
        ("Are you kidding me right now?", False),
        ("I asked who pays.", False),
    ],
)
def test_questions_that_can_be_answered(sentence, question):
    assert asks(sentence) == question


@pytest.fixture(scope="module")
def town():
    """A crux of three objections: one with an open question, one with an answered one, one by a quoter."""
    return disputed(
        {
            "c1": (None, "Bo", 3, "It costs too much. Who pays for the second bridge?", True),
            "c2": (None, "Cy", 9, "It costs far too much. What does the sand cost us here?", True),
            "c3": ("c2", "Ada", 1, "Forty a load. I'd be convinced if the ferry ran at a loss.", False),
            "c4": ("c1", "Bo", 0, "I forgot: it is my own money as well.", False),
            "c5": (
                None,
                "Di",
                5,
                "> Who pays for the third bridge?\n\nToo dear. I would concede if one town had paid.",
                True,
            ),
            "c6": (None, "Ed", 8, "What has this to do with the moon and the tides?", False),
        }
    )


def test_openings_are_those_around_the_crux_best_received_first(town):
    from threadkit.corpus.openings import Openings

    found = Openings(town).would_change(0)
    assert list(zip(found["comment_id"], found["text"], strict=True)) == [
        ("c5", "I would concede if one town had paid."),
        ("c3", "I'd be convinced if the ferry ran at a loss."),
    ]


def test_a_question_is_open_until_somebody_else_replies(town):
    from threadkit.corpus.openings import Openings

    found = Openings(town).questions(0)
    # c2 has a reply by Ada, c1 one by its own author only; c5 only quotes; c6 stands outside the crux.
    assert found["text"].tolist() == ["Who pays for the second bridge?"]
    assert isinstance(found, pd.DataFrame)
