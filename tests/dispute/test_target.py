"""Targets: what it quotes, else the best match in the parent, else the post's claim; never one's own words."""

import pytest

from corpora import town
from threadkit.dispute.quotes import mark, trace
from threadkit.dispute.segment import segment
from threadkit.dispute.target import aim, answered
from threadkit.pipeline import in_order
from threadkit.readers.draft import Draft


def targets(corpus):
    comments = in_order(corpus.comments, "post_id", "posted_at")
    segments = segment(comments)
    quotes = trace(segments, comments, corpus.posts)
    return aim(mark(segments, quotes), quotes, comments, corpus.posts)


def test_words_under_a_quote_answer_the_quote():
    table = targets(town())
    row = table.loc["c1:1"]
    assert row["evidence"] == "quote"
    assert row["target_id"] == "pump"
    assert row["target_text"] == "Heat pumps save half of the energy."
    assert "c1:0" not in table.index, "quoted words are nobody's reply"


def test_the_best_passage_of_the_parent_is_answered():
    table = targets(town())
    assert table.loc["d3:0", ["evidence", "target_id"]].tolist() == ["parent", "d2:0"]


def test_an_answer_to_a_deleted_comment_has_no_target_but_is_not_lost():
    corpus = town()
    assert "c5" in corpus.comments.index
    assert "c5:0" not in targets(corpus).index


def test_without_a_match_the_title_is_the_claim():
    row = targets(town()).loc["d4:0"]
    assert (row["evidence"], row["target_text"]) == ("claim", "Ban cars from the old town")


@pytest.mark.parametrize(("author", "expected"), [("Ada", None), ("Bo", "post p")])
def test_nobody_answers_their_own_post(author, expected):
    draft = Draft("t")
    draft.post("p", author="Ada", text="A claim.")
    draft.comment("a", "p", author=author, text="More words.")
    draft.comment("b", "p", parent_id="a", author=author, text="And more.")
    corpus = draft.finish()
    found = answered(corpus.comments, corpus.posts)
    assert [
        None if value is None or value != value else value for value in found.astype(object).where(found.notna(), None)
    ] == [expected] * 2


def test_words_quoted_inside_a_sentence_are_the_target_and_not_the_reply():
    draft = Draft("t")
    draft.post("p", author="Ada", text="The valve held for eleven days.\n\nNobody asked the millers about any of it.")
    text = "That \u201cnobody asked the millers about any of it\u201d is plainly false: I did."
    draft.comment("a", "p", author="Bo", text=f"> The valve held for eleven days.\n\nNot all of them.\n\n{text}")
    row = targets(draft.finish()).loc["a:2"]
    assert row[["evidence", "target_id"]].tolist() == ["quote", "p"]
    assert row["target_text"] == "nobody asked the millers about any of it"
    assert row["text"] == "That \u201c\u2026\u201d is plainly false: I did."


def test_words_that_the_parent_only_quotes_are_not_the_parents():
    draft = Draft("t")
    draft.post("p", author="Ada", text="A claim.")
    words = "> Something printed in another town altogether."
    draft.comment("a", "p", author="Bo", text=f"{words}\n\nSo they say.")
    draft.comment("b", "p", parent_id="a", author="Cy", text=f"{words}\n\nThat is false.")
    assert targets(draft.finish()).loc["b:1", "target_id"] == "b:0"
