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


def test_without_a_match_the_first_words_below_a_short_title_are_the_claim():
    row = targets(town()).loc["d4:0"]
    assert (row["evidence"], row["target_text"]) == ("claim", "Shops gain from a street without cars.")


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


def test_who_names_another_author_without_a_parent_answers_that_author():
    draft = Draft("t")
    draft.post("p", author="Ada", text="The valve held for eleven days.")
    draft.comment("a", "p", author="Bo", text="The millers were never asked about it.")
    draft.comment("b", "p", author="Cy", text="Bo: that is plainly false.")
    row = targets(draft.finish()).loc["b:0"]
    assert row[["evidence", "target_id"]].tolist() == ["thread", "a:0"]


def test_a_quote_is_answered_by_what_follows_it_not_by_the_whole_comment():
    draft = Draft("t")
    draft.post("p", author="Ada", text="The valve held for eleven days.\n\nThe millers pay for the water by the day.")
    below = ["Not all of them.", "It was cold.", "It was dark.", "The millers pay nothing at all for their water."]
    draft.comment("a", "p", author="Bo", text="\n\n".join(["> The valve held for eleven days.", *below]))
    found = targets(draft.finish())
    assert found["evidence"].tolist() == ["quote", "quote", "quote", "post"]
    assert found["target_id"].iloc[-1] == "p:1"


def test_addresses_and_smileys_in_a_quote_are_not_what_is_answered():
    draft = Draft("t")
    draft.post("p", author="Ada", text="The valve held for eleven days.\n\nhttps://valve.example/log")
    text = "> The valve held for eleven days.\n>\n> https://valve.example/log\n\nThat page says nine."
    draft.comment("a", "p", author="Bo", text=text)
    assert targets(draft.finish()).loc["a:2", "target_text"] == "The valve held for eleven days."


def test_ones_own_words_taken_up_again_are_no_target():
    draft = Draft("t")
    draft.post("p", author="Ada", text="A claim about the valve.")
    own = "maybe a few millers get their water before dawn"
    text = f"> A claim about the valve.\n\nMy case is \u201c{own}\u201d.\n\nTo call \u201c{own}\u201d a waste is wrong."
    draft.comment("a", "p", author="Bo", text=text)
    assert targets(draft.finish()).loc["a:2", "target_text"] == "A claim about the valve."


def ask(text, *, source="The navy may turn down any recruit that it likes.\n\nBut this is far off our subject here."):
    draft = Draft("t")
    draft.post("p", author="Ada", title="The bridge should be closed to cars", text="The bridge is old.")
    draft.comment("a", "p", author="Bo", text=source)
    draft.comment("b", "p", parent_id="a", author="Cy", text=text)
    return targets(draft.finish())


def quoting(source):
    return "> " + source.replace("\n\n", "\n>\n> ")


SAID = "The navy may turn down any recruit that it likes."


@pytest.mark.parametrize(
    ("source", "reply", "expected"),
    [
        (f"{SAID}\n\nBut this is far off our subject here.", "The navy may not turn down a recruit for that.", SAID),
        (f"{SAID}\n\nBut this is far off our subject here.", "It is our subject.", "But this is far off our subject here."),
        (f"{SAID}\n\nBut this is far off our subject here.", "Who says?", "But this is far off our subject here."),
        ("So says the navy of any recruit:\n\nIt is weird.", "The navy has not a single recruit.", "It is weird."),
        ("NAVY RECRUITS.\n\nThat is all I have to say.", "The navy has no recruits.", "That is all I have to say."),
    ],
)  # fmt: skip
def test_of_a_quote_of_several_paragraphs_the_one_that_is_alike_is_answered_else_the_last(source, reply, expected):
    table = ask(f"{quoting(source)}\n\n{reply}", source=source)
    assert (table["evidence"].iloc[-1], table["target_text"].iloc[-1]) == ("quote", expected)


def test_a_paragraph_quoted_from_somebody_else_is_not_what_stands_below_it():
    text = f"> The bridge is old, and the navy may close it.\n>\n{quoting(SAID)}\n\nThe bridge is old indeed."
    assert ask(text)["target_text"].iloc[-1] == SAID


LOAD = "The bridge carries forty tons, which is plenty for cars."
SURVEY = "> Corrosion has eaten a third of each bearing on the north side."


@pytest.mark.parametrize(
    "lead", ["It does not. See what the survey says:", "**From the survey:**", "Of “plenty for any cars” it says:"]
)
def test_what_is_quoted_as_evidence_is_not_what_is_answered(lead):
    table = ask(f"{lead}\n\n{SURVEY}\n\nThat leaves ten tons.", source=LOAD)
    assert table.loc["b:2", ["evidence", "target_id"]].tolist() == ["parent", "a:0"]


@pytest.mark.parametrize("lead", ["You said elsewhere:", "This is not so.", "Your words:"])
def test_a_quote_of_unknown_source_is_answered_if_it_is_no_evidence(lead):
    table = ask(f"{lead}\n\n{SURVEY}\n\nThat leaves ten tons.", source=LOAD)
    assert table.loc["b:2", ["evidence", "target_id"]].tolist() == ["quote", "b:1"]


def test_evidence_quoted_under_a_claim_that_is_nobodys_leaves_no_target():
    draft = Draft("t")
    draft.post("p", author="Ada", text="The bridge is old.")
    draft.comment("a", "p", author="Ada", text=f"From the survey:\n\n{SURVEY}\n\nThat leaves ten tons.")
    assert targets(draft.finish()).empty


@pytest.mark.parametrize(
    ("scrap", "reply", "expected"),
    [
        ("Thanks in advance!", "Thanks for asking, though the bearings are gone.", LOAD),
        ("Corroded bearings!", "No: corroded bearings are not the matter.", "Corroded bearings!"),
    ],
)
def test_a_scrap_is_answered_only_if_two_words_of_it_are_taken_up(scrap, reply, expected):
    assert ask(reply, source=f"{LOAD}\n\n{scrap}").loc["b:0", "target_text"] == expected


def test_what_turns_answers_what_it_granted_before():
    source = f"{SAID}\n\nPersonally I would rather see all of them at home, whatever their captains have to say of it."
    table = ask("True, the navy may turn down a recruit, but some people here seem to enjoy that.", source=source)
    assert table["grants"].tolist()[-2:] == [True, False]
    assert table["target_text"].tolist()[-2:] == [SAID, SAID]


def named(text):
    draft = Draft("t")
    draft.post("p", author="Ada", title="The ferry should run all night", text="It is slow.")
    draft.comment("a", "p", author="Eva Lund", text="The toll is too high.")
    draft.comment("b", "p", author="Hans", text="The ferry is slow.")
    draft.comment("c", "p", author="Bo", text=text)
    table = targets(draft.finish())
    return table[table["comment_id"] == "c"]["target_id"].tolist()


def test_each_paragraph_answers_whom_it_names():
    assert named("@Eva Lund: it is low.\n\nBy far.\n\n@Hans: it is fast.") == ["a:0", "a:0", "b:0"]


def test_who_speaks_to_somebody_who_is_not_there_answers_only_what_they_quote():
    assert named("@Ylva that is false.") == []
    assert named("@Ylva that is false.\n\n> The ferry is slow.\n\nIt is not.") == ["b"]
