"""What is talk about the debate, and what makes a point."""

import numpy as np

from threadkit.base.static import StaticEncoder
from threadkit.corpus.tables import OBJECTIONS
from threadkit.crux.members import counted
from threadkit.crux.talk import is_talk

TALK = [
    "You clearly have not read a single word of what I wrote, have you?",
    "I'm sorry, but you obviously don't know what you are talking about.",
    "I'm not sure I understand what you are trying to say here.",
    "We have been over this before and I won't explain it to you again.",
]
POINTS = [
    "A toll takes more from a cleaner's wage than from a banker's.",
    "The ferry already carries twice as many people as the bridge would.",
    "Who pays for the guards once the grant runs out?",
    "My uncle opened his shop at six for eleven years and buried two of his clerks.",
    "That study counted tourists, so it says nothing about those who live there.",
    "You would be fining people for being ill.",
]
FOREIGN = [
    "Die Maut trifft vor allem jene, die jeden Tag zur Arbeit fahren müssen.",
    "Ce péage frappe surtout ceux qui doivent traverser la rivière chaque matin.",
    "La tasa cae sobre quienes no tienen otro camino para llegar al trabajo.",
]


def told(texts):
    return is_talk(texts, StaticEncoder().encode(texts)).tolist()


def test_talk_is_told_from_points():
    assert told(TALK) == [True] * len(TALK)
    assert told(POINTS) == [False] * len(POINTS)


def test_what_it_cannot_read_is_no_talk():
    assert told(FOREIGN) == [False] * len(FOREIGN)


def test_nothing_asked_is_nothing_told():
    assert is_talk([], np.zeros((0, 256))).shape == (0,)


def test_talk_counts_in_no_crux():
    text = "A toll takes more from a cleaner's wage than from a banker's."
    rows = [{"segment_id": str(talk), "text": text, "talk": talk} for talk in (True, False, None)]
    assert counted(OBJECTIONS.build(rows)).tolist() == [False, True, True]
