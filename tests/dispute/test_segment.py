"""Segments: what is cut where, and that offsets hold."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.corpus.tables import COMMENTS, POSTS
from threadkit.dispute.quotes import mark, trace
from threadkit.dispute.segment import goes_on, pieces, segment


def cut(text):
    return [(piece.kind, text[piece.start : piece.stop]) for piece in pieces(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One.\n\nTwo\ngoes on.", [("prose", "One."), ("prose", "Two\ngoes on.")]),
        ("> Quoted.\nAnswer.", [("quote", "Quoted."), ("prose", "Answer.")]),
        ("> One.\n>\n> Two.", [("quote", "One."), ("quote", "Two.")]),
        (">> Deep.\n> Above.\n>goes on.", [("quote", "Deep."), ("quote", "Above.\n>goes on.")]),
        (">> Deep.\n\nNo.", [("quote", "Deep."), ("prose", "No.")]),
        ("Look:\n\n```\nx = 1\n\ny > 2\n```\nSo?", [("prose", "Look:"), ("code", "x = 1\n\ny > 2"), ("prose", "So?")]),
        (
            "- first\n- second\n  goes on\n1. third",
            [("prose", "first"), ("prose", "second\n  goes on"), ("prose", "third")],
        ),
        ("```\nnever closed", [("code", "never closed")]),
        ("   \n\n \t", []),
        ("", []),
        (">", []),
        ("5 > 3 is true", [("prose", "5 > 3 is true")]),
    ],
)
def test_cuts(text, expected):
    assert cut(text) == expected


@given(st.text(alphabet="ab >-`1.\n\u00a0", max_size=80))
def test_segments_never_overlap_and_lose_no_letter(text):
    found = list(pieces(text))
    assert all(a.stop <= b.start for a, b in itertools.pairwise(found))
    assert all(piece.start < piece.stop for piece in found)
    kept = "".join(text[piece.start : piece.stop] for piece in found)
    fenced = "```" in text
    assert fenced or (kept.count("a"), kept.count("b")) == (text.count("a"), text.count("b"))


def test_only_live_comments_have_segments():
    rows = [
        {"comment_id": "a", "text": "Words.", "status": "live"},
        {"comment_id": "b", "text": "I am a bot.", "status": "bot"},
        {"comment_id": "c", "text": "", "status": "deleted"},
    ]
    comments = COMMENTS.build([{"depth": 0, "confidence": 1, "post_id": "p", **row} for row in rows])
    table = segment(comments)
    assert table.index.tolist() == ["a:0"]
    assert table["text"].tolist() == ["Words."]


def test_a_fence_around_blank_lines_holds_nothing():
    for text in ("``` \n\n \n\n", "```\n \n```", "No.\n\n```\n\n```\n\nYes."):
        assert all(text[piece.start : piece.stop].strip() for piece in pieces(text))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Year | Leaks\n2019 | 4\n2020 | 9", "code"),
        ("| Year | Leaks |\n|---|---|\n| 2019 | 4 |", "code"),
        ("Either A || B\nor neither.", "prose"),
        ("It leaks | it does not.", "prose"),
        ("It leaks | it does not.\nWho knows?", "prose"),
    ],
)
def test_a_table_is_no_prose(text, kind):
    assert [piece.kind for piece in pieces(text)] == [kind]


def test_a_paragraph_that_turns_goes_on_behind_what_it_holds_in_quotation_marks():
    text = "I agree that \u201cthe gate leaks whenever it rains\u201d, but the pump has never once failed us.\n\nSo?"
    rows = [
        {"comment_id": "a", "text": "The gate leaks whenever it rains.", "status": "live"},
        {"comment_id": "b", "text": text, "status": "live"},
    ]
    comments = COMMENTS.build([{"depth": 0, "confidence": 1, "post_id": "p", **row} for row in rows])
    table = segment(comments)
    posts = POSTS.build([{"post_id": "p", "text": "A claim."}])
    marked = mark(table, trace(table, comments, posts))
    assert marked["kind"].tolist() == ["prose", "prose", "inline", "prose", "prose"]
    assert goes_on(marked).tolist() == [False, True, False, False, False]
    assert goes_on(marked.head(0)).tolist() == []
