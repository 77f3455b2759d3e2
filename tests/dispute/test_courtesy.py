"""Courtesies: what objects to nothing, and what only begins so."""

import time

import pytest

from threadkit.dispute.courtesy import MAX_COURTESY, adds, objects_to_nothing

COURTEOUS = [
    "IIUC, the toll is paid by the captain.",
    "If I understand you correctly, the toll doubles. Is that right?",
    "If I understood this, the pier closes in May.",
    "Just to make sure I understand: you want to close the pier at night?",
    "To paraphrase you, the pier is too short.",
    "I have no opinion on the toll.",
    "I honestly don't have an opinion about the pier.",
    "I'm so sorry for your loss.",
    "Very sorry for your loss. My father sailed with him for years.",
    "My condolences to you all.",
    "Hang in there!",
    "Hugs!",
    "Stay strong.",
    "Best wishes from the harbour.",
    "Good luck with your exams!",
    "Get well soon, Anna.",
    "Welcome back!",
    "Happy birthday, captain!",
    "Congratulations on the new job!",
    "Thanks.",
    "Thanks, Anna!",
    "@anna Thanks for the **detailed** write-up!",
    "Thank you, will read.",
    "Thanks for the link. Very useful!",
    "Thanks for the link, it was very helpful.",
    "I have no opinion on the toll. Thanks for the link.",
]

NOT_COURTEOUS = [
    "",
    "The toll doubles.",
    "If I understand you correctly, the toll falls. But it rose last year.",
    "If I understand you correctly, the toll falls. Who pays for the pier?",
    "IIUC, this is wrong.",
    "If I understood nothing else, the pier is too short.",
    "So you're saying that the toll doubles?",
    "I have no opinion on the toll, but the pier is too short.",
    "I have no view of the sea.",
    "Sorry for your loss of reason.",
    "I'm sorry to hear that you can't count.",
    "I'm so sorry for your loss, however the toll is the toll.",
    "Good luck with that.",
    "Good luck finding a ferry at night.",
    "Congratulations, you can read a map.",
    "Welcome back. The table you gave us is from 1987.",
    "Thanks for nothing.",
    "Thanks for proving my point.",
    "Thanks for the link. Where is the evidence?",
    "Thanks for the link. The table is from 1987.",
    "thanks for the link. the table is from 1987.",
    "Thanks to the toll, nobody sails.",
    "Thanks for the advice. /s",
    "Thanks for the link, it says the opposite of what you wrote.",
    "Thanks for the link: the table is from 1987.",
    "I have no opinion on the toll. The pier is awful and should go.",
    "I have no opinion on the toll, the pier is awful.",
    "Thanks. " * (MAX_COURTESY // 8 + 1),
]


@pytest.mark.parametrize("text", COURTEOUS)
def test_objects_to_nothing(text):
    assert objects_to_nothing(text)


@pytest.mark.parametrize("text", NOT_COURTEOUS)
def test_may_object(text):
    assert not objects_to_nothing(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Not only that, the crew was drunk.", True),
        ("And what's even stranger is that nobody asked the crew.", True),
        ("Even worse, the crew was drunk.", True),
        ("Not just the pier. The ferry is too small as well.", True),
        ("Not just yet. The ferry is too small.", False),
        ("Not only is that wrong, it is dangerous.", False),
        ("Not that I know of.", False),
    ],
)
def test_what_goes_on_where_another_stopped_adds_to_it(text, expected):
    assert adds(text, "The pier is far too short.") is expected


@pytest.mark.parametrize("words", ["thanks ", "so ", "hi ", "very ", "thanks for the ", "hugs. ", "@", "!"])
def test_long_text_takes_no_time(words):
    start = time.process_time()
    objects_to_nothing(words * (100_000 // len(words)))
    adds(f"not only {words * (100_000 // len(words))}", "The pier is far too short.")
    assert time.process_time() - start < 1
