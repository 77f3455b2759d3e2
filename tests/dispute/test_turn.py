"""The turn in a paragraph: found where both cues stand, and nowhere else."""

import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.corpus.tables import COMMENTS
from threadkit.dispute.segment import goes_on, segment
from threadkit.dispute.turn import turn

TURNS = [
    ("I agree with most of this,", "but the survey is far too small."),
    ("Agreed.", "However, nobody has paid for the second pump yet."),
    ("Fair point about the noise.", "But the night bus still runs through our street."),
    ("Fair enough,", "but that is still the wrong bridge."),
    ("You're right that it costs money.", "But so does everything else in this town."),
    ("You are right about the pit;", "however, the tunnel floods every spring."),
    ("That's true,", "but it says nothing about the poor."),
    ("True \u2014", "but who is going to pay for it?"),
    ("Yes, good post.", "That said, the table on page two is from 2009."),
    ("I totally agree that trams are quieter", "but they cannot climb our hill."),
    ("I was wrong about the tram, it runs until midnight.", "But the bus is still late every night."),
    ("Granted, the old lamps waste power.", "Still, dark streets frighten people who walk home."),
    ("I see your point and I would sign most of it.", "Yet the sum in the last line is wrong."),
    ("I really like the plan.", "My only concern is that the school has no yard."),
    ("This makes sense to me.", "On the other hand, it has failed in every harbour so far."),
    ("While I agree that shops matter,", "the count was done on a Sunday."),
    ("Although you are right about the price,", "the price is not what people complain about."),
    ("Thanks for writing this!", "However, I think that the main claim does not follow."),
    ("I agree (but only in part) with the first half,", "but the second half is plainly invented."),
    ("While I agree with you on sand, gravel and tar,", "the road is the wrong cure."),
    ("While I agree that, in general, piers are loud,", "this is not the cure."),
    ("While I agree,", "you miss something, namely the price of it all."),
    ("thats true", "but nobody sails at night"),
    ("youre right", "but nobody sails at night"),
    ("I think you're right that trams are quiet,", "but they cannot climb our hill."),
    ("I think I agree,", "but first I would like to see the sum."),
    ("You might be right,", "but I have never seen a ferry on time."),
    ("You may very well be right.", "But the ferry is late again."),
    ("You have a point,", "but the ferry is late again."),
    ("Absolutely,", "but somebody has to pay the crew."),
    ("Yep.", "But the crew has not been paid."),
    ("I agree \U0001f44d", "but the crew has not been paid"),
    ("I agree,", "though I think that the crew comes first."),
    ("I agree with the second half,", "although the first one is invented."),
    ("I have to agree", "but the crew has not been paid."),
    ("haha true", "but the crew has not been paid"),
    ("I agree that it's not cheap", "but we need it all the same."),
    ("I like the plan.", "My worry was the price of sand."),
    ("I see the idea.", "I just don't believe in the sum."),
    ("@oz I agree with most of this,", "but the crew has not been paid."),
    ("Hi oz, I agree with most of this,", "but the crew has not been paid."),
    ("oz: I agree with most of this,", "but the crew has not been paid."),
    ("Oz, you're right,", "but the crew has not been paid."),
    ("FWIW I agree with most of this,", "but the crew has not been paid."),
    ("EDIT: I agree with most of this,", "but the crew has not been paid."),
    ("**Re 2:** I agree,", "but the crew has not been paid."),
    ("(1) I agree,", "but the crew has not been paid."),
    ("Personally I agree with most of this,", "but the crew has not been paid."),
    ("So while I agree that shops matter,", "the count was done on a Sunday."),
    ("Sounds good to me.", "However, the crew has not been paid."),
    ("LGTM overall,", "but the crew has not been paid."),
    ("+1,", "but the crew has not been paid."),
    ("Nice work,", "but the crew has not been paid."),
    ("This is great,", "but the crew has not been paid."),
    ("Love it,", "but the crew has not been paid."),
    ("Maybe,", "but the crew has not been paid."),
    ("Strong agree,", "except that the crew has not been paid."),
    ("Possibly true,", "but the crew has not been paid."),
    ("Upvoted,", "but the crew has not been paid."),
    ("I don't disagree,", "but the crew has not been paid."),
    ("I'm all for a ferry,", "but the crew has not been paid."),
    ("You're not wrong,", "but the crew has not been paid."),
    ("As much as I'd love a ferry,", "the crew has not been paid."),
    ("I mostly agree.", "The one thing I'd push back on is the toll."),
    ("I agree with the first half.", "The second half is wrong: the toll fell."),
    ("Good write-up.", "One nitpick: the toll fell."),
    ("I like it.", "My only gripe: the toll is too high."),
    ("Agreed on the ferry.", "Disagree on the toll: it fell."),
    ("Good catch. I agree,", "but the crew has not been paid."),
    ("Agreed. The toll fell in May.", "But the crew has not been paid."),
    ("I agree with Dr. Kern on the toll,", "but the crew has not been paid."),
    ("You're right about the toll,", "however, the crew has not been paid."),
    ("It's a good harbour,", "but the crew has not been paid."),
    ("Great plan!", "But the crew has not been paid."),
    ("Love the ferry", "but the crew has not been paid."),
    ("The idea is good,", "but the crew has not been paid."),
    ("I don't oppose a ferry.", "I just don't believe in the sum."),
    ("[I agree](https://example.org/a),", "but the crew has not been paid."),
]  # fmt: skip

NO_TURNS = [
    "I disagree, but politely and at some length.",
    "But I agree with you about everything.",
    "The survey is small, but it is the only one we have.",
    "I agree, and so does everybody on our street.",
    "I agree, but okay.",
    "I agree with nothing but the title of this post.",
    "I agree that it is not only the noise, but also the smell that drives them away.",
    "I would agree with you, but then we would both be wrong.",
    "If you are right, however, we lose the harbour.",
    "You're right-wing, but you can count.",
    "True believers are few, but they are loud.",
    "I agree to disagree, but only about the harbour.",
    "Do you agree? But why would anybody do that?",
    "I don't agree, but I see why you would say it.",
    "I agree that by land, but not by sea, they can be stopped.",
    "\u201cI agree with most of it, but who pays\u201d is what they all said.",
    "I agree that we have no choice but to close the pier.",
    "I agree that nobody but the harbour master can close it.",
    "I agree it's not about the pier but about the view from it.",
    "I agree. Yet another reason to close the pier.",
    "I agree, however you want to put it, it is a bad pier.",
    "Indeed. However hard they try, the pier sinks.",
    "Thanks! I just tried it and it floats.",
    "Thanks, that worked! My problem was the rusty anchor.",
    "I agree. My concern is exactly the same as yours.",
    "I agree, it creaks. I'm not sure but it may be the rudder.",
    "I agree. On Sundays, though I like the sea, I stay on land.",
    "Yes, we have a pier like that, but it is a small one.",
    "While I agree with Mr. Kern, the pier is closed for now.",
    "Oz said: I agree with most of this, but the crew has not been paid.",
    "Cool, dry weather helps the crew, but they want to be paid.",
    "Interesting times for the harbour, but the crew has not been paid.",
    "I agree. I disagree with people who close piers for fun.",
    "I agree. The one thing that helps is a second pier.",
    "I agree. The rest is up to the captain and his crew.",
    "I agree. The harbour is one nit of many in this town.",
    "Good catch. I first read it as a pier, but it is indeed a raft.",
    "Thanks for the plan! I have not read it all yet, but it looks good to me.",
    "Exactly. They praise the ferry, but they never take it.",
    "I agree with you. Pier No. 4 is a ruin \u2014 but a ruin with a view of the sea.",
    "I agree you never said it was free. The problem is that you hide the upkeep. You are, however, free to look it up.",
    "I agree that you are, however, free to look up the toll.",
    "I agree. The lamp I meant, however, is the one on the second pier.",
    "You're right, this is not about the price, but is about the noise.",
    "I agree, it should not be for the rich people of this fine town but only for the crew.",
    "[True, but we all know how it ended](https://example.org/a)",
    "True, **as far as it goes, but not a step further, I fear**.",
    "Good boats are few, and the ferry is none of them, but she floats.",
    "The plan is good for nothing that I can see, but the crew likes it.",
    "I agree. " + "The harbour has been closed for years and its cranes are rusting away. " * 6 + "But the gulls are back again.",
    "",
]  # fmt: skip


@pytest.mark.parametrize(("first", "second"), TURNS)
def test_a_turn_is_found(first, second):
    text = f"{first} {second}"
    assert text[turn(text) :] == second


@pytest.mark.parametrize("text", NO_TURNS)
def test_no_turn(text):
    assert turn(text) is None


@pytest.mark.parametrize(
    "words",
    [
        "fully ",
        "very ",
        "not about x but ",
        "sand, ",
        "haha ",
        "not only ",
        "agreed. ",
        "good ",
        "...",
        "\n",
        "agreed. but is ",
        "not about it ",
        "(",
        "but ",
        "so ",
        "hi oz, ",
        "@oz ",
        "a: ",
    ],
)
@pytest.mark.parametrize("first", ["i ", "i agree ", "while i agree "])
def test_long_text_takes_no_time(first, words):
    start = time.process_time()
    turn(first + words * (100_000 // len(words)))
    assert time.process_time() - start < 1


def comments(*texts):
    rows = [{"comment_id": f"c{n}", "text": text, "status": "live"} for n, text in enumerate(texts)]
    return COMMENTS.build([{"depth": 0, "confidence": 1, "post_id": "p", **row} for row in rows])


def test_both_parts_are_segments_with_their_own_offsets():
    text = "> We need a bridge.\n\nI agree with that,  but who pays for it in the end?\n\nNobody does."
    table = segment(comments(text, "Fine."))
    assert table.index.tolist() == ["c0:0", "c0:1", "c0:2", "c0:3", "c1:0"]
    assert table["kind"].tolist() == ["quote", "prose", "prose", "prose", "prose"]
    assert table.loc["c0:2", "text"] == "but who pays for it in the end?"
    for row in table[table["comment_id"] == "c0"].itertuples():
        assert text[row.start : row.stop] == row.text
    assert goes_on(table).tolist() == [False, True, False, False, False]


WORDS = ["I agree", "but", "however", "fair point", ",", ".", "\n\n", "\n", "> ", "- ", "  ", "who pays for this then", "True", "\u0130", "```"]  # fmt: skip


@given(st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join))
def test_offsets_hold_and_no_letter_is_lost(text):
    table = segment(comments(text))
    rows = list(table.itertuples())
    assert all(text[row.start : row.stop] == row.text for row in rows)
    assert all(a.stop <= b.start for a, b in itertools.pairwise(rows))
    assert table["text"].str.strip().ne("").all()
    parts = [a for a, on in zip(rows, goes_on(table), strict=True) if on]
    assert all(turn(text[a.start :]) is not None for a in parts), "paragraphs stand more than one character apart"


def test_a_long_paragraph_takes_time_in_proportion():
    turn("I agree " * 20_000)
    turn("I agree, " + "(but " * 20_000)
