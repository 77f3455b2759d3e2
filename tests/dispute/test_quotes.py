"""Quotes: traced to whom they come from, marked or not, and never the quoter's words."""

from threadkit.dispute.quotes import mark, trace
from threadkit.dispute.segment import segment
from threadkit.pipeline import in_order
from threadkit.readers.draft import Draft


def thread(*comments, post="The valve held for eleven days in the cold, against every forecast of the board."):
    draft = Draft("test")
    draft.post("p", title="On valves", author="Ada", text=post)
    for comment_id, parent_id, author, text in comments:
        draft.comment(comment_id, "p", parent_id=parent_id, author=author, text=text)
    corpus = draft.finish()
    comments = in_order(corpus.comments, "post_id", "posted_at")
    segments = segment(comments)
    return corpus, segments, trace(segments, comments, corpus.posts)


def test_a_quote_of_the_post_is_traced_to_the_post():
    corpus, _, quotes = thread(("a", None, "Bo", "> held for eleven days in the cold\n\nThat proves little."))
    row = quotes.loc["a:0"]
    assert row["source_id"] == "p"
    assert corpus.posts["text"]["p"][row["start"] : row["stop"]] == "held for eleven days in the cold"
    assert row["match"] == 1


def test_the_parent_comes_before_others_who_said_the_same():
    words = "Nobody has measured the flow at night, so we do not know."
    _, _, quotes = thread(
        ("a", None, "Bo", words), ("b", None, "Cy", words), ("c", "b", "Di", f"> {words}\n\nWe do know.")
    )
    assert quotes.loc["c:0", "source_id"] == "b"


def test_an_unmarked_repeat_becomes_a_quote():
    words = "Nobody has measured the flow at night, so we don\u2019t know."
    _, segments, quotes = thread(
        ("a", None, "Bo", words), ("b", "a", "Cy", f"{words.replace(chr(8217), chr(39))}\n\nI did, twice.")
    )
    assert quotes.loc["b:0", "source_id"] == "a"
    assert mark(segments, quotes)["kind"].to_dict() == {"a:0": "prose", "b:0": "quote", "b:1": "prose"}


def test_a_retort_in_the_words_of_the_other_side_is_no_quote():
    _, segments, quotes = thread(
        ("a", None, "Bo", "A pump of this size would fail to reach the upper floors of the tower."),
        ("b", "a", "Cy", "A pump of this size would manage to reach the upper floors of the tower."),
    )
    assert quotes.empty
    assert (mark(segments, quotes)["kind"] == "prose").all()


def test_a_quote_from_elsewhere_is_kept_without_a_source():
    _, _, quotes = thread(("a", None, "Bo", "> Something printed in another forum altogether.\n\nSo they say."))
    assert quotes["source_id"].isna().all()
    assert quotes.index.tolist() == ["a:0"]
