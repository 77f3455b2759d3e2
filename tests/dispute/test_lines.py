"""Lines: a quote and its answer that only a line end parts are two segments, wrapped lines are not."""

import time

import pytest

from threadkit.dispute.lines import line_cuts
from threadkit.dispute.quotes import mark, traced
from threadkit.readers.draft import Draft

POST = (
    "The valve held for eleven days in the cold, against every forecast of the board. Nobody asked the night shift. "
    "So we should keep it."
)


def corpus(*texts, post=POST):
    draft = Draft("test")
    draft.post("p", title="On valves", author="Ada", text=post)
    for n, text in enumerate(texts):
        draft.comment(f"c{n}", "p", parent_id=f"c{n - 1}" if n else None, author=f"A{n}", text=text)
    return draft.finish()


def parts(*texts, post=POST):
    """Return kind and text of each segment of the last comment."""
    read = corpus(*texts, post=post)
    segments = mark(*traced(read.comments, read.posts))
    return [(row.kind, row.text) for row in segments.itertuples() if row.comment_id == f"c{len(texts) - 1}"]


def test_a_quote_and_its_answer_on_the_next_line_are_two_segments():
    assert parts("Nobody asked the night shift.\nI did, twice.") == [
        ("quote", "Nobody asked the night shift."),
        ("prose", "I did, twice."),
    ]


def test_an_answer_may_stand_above_its_quote_and_quotes_may_follow():
    text = "Not so:\nNobody asked the night shift.\nI did.\nSo we should keep it.\nWhy?"
    assert [kind for kind, _ in parts("I think we had luck.", text)] == ["prose", "quote", "prose", "quote", "prose"]


def test_words_cut_out_of_the_middle_of_a_sentence_are_parted_where_the_source_goes_on_otherwise():
    text = "held for eleven days in the cold\nThree of them were mild"
    assert [kind for kind, _ in parts(text)] == ["quote", "prose"]


@pytest.mark.parametrize(
    "text",
    [
        "The valve held for eleven days in the cold, against\nevery forecast of the board, says who was not there.",
        "It is said that the valve held for eleven days\nin the cold, against every forecast, but not by whom.",
        "I was there all of these days.\nThe valve leaked on the first.",
        "Yes.\nNo.",
    ],
)
def test_lines_that_were_wrapped_or_are_new_stay_one_paragraph(text):
    assert parts(text) == [("prose", text)]


def test_a_paragraph_that_is_all_one_quote_stays_whole():
    text = "Nobody asked the night shift.\nSo we should keep it."
    assert parts("Hm.", f"{text}\n\nWhy?") == [("quote", text), ("prose", "Why?")]


def test_an_answer_that_turns_is_cut_where_it_turns_too():
    text = "Nobody asked the night shift.\nThat is true, but they never answer."
    assert [said for _, said in parts(text)] == [
        "Nobody asked the night shift.",
        "That is true,",
        "but they never answer.",
    ]


def test_only_comments_with_such_lines_are_named():
    read = corpus("Nobody asked the night shift.\nI did, twice.", "You?\nWhen?", "Never.")
    assert line_cuts(read.comments, read.posts) == {"c0": {29}}


LONG = [
    f"In year {n} the {gate} gate was opened by the miller of the {n}th house before the spring flood came down."
    for n, gate in enumerate(["upper", "lower", "old", "new", "second", "iron"] * 50)
]


def test_a_quote_of_many_lines_is_parted_from_its_answer_in_time():
    post, text = "\n".join(LONG), "\n".join([*LONG, "That is plainly false."])
    read = corpus(*[text] * 3, post=post)
    began = time.process_time()
    cuts = line_cuts(read.comments, read.posts)
    assert len(post) in cuts["c0"]
    assert time.process_time() - began < 20


def test_an_answer_of_words_that_say_little_is_parted_from_a_long_quote():
    post = " ".join(LONG[:3])
    text = "\n".join([*LONG[:3], "So what?"])
    assert [kind for kind, _ in parts(text, post=post)][-2:] == ["quote", "prose"]


def test_a_mark_on_a_line_of_its_own_is_no_quote():
    said = parts("**\nNobody asked the night shift.\n**\nThat is false, they were asked.")
    assert [kind for kind, _ in said] == ["prose", "quote", "prose"]


def test_each_of_two_quotes_on_two_lines_is_traced_to_its_own_place():
    post = " ".join(LONG[:6])
    read = corpus("Hm.", f"{LONG[4]}\n{LONG[0]}\nNo.\n\n{LONG[1]}\n{LONG[5]}\nHm.", post=post)
    _, quotes = traced(read.comments, read.posts)
    found = [post[start:stop] for start, stop in zip(quotes["start"], quotes["stop"], strict=True)]
    assert found == [LONG[4], LONG[0], LONG[1], LONG[5]]
