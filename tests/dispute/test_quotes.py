"""Quotes: traced to whom they come from, marked or not, and never the quoter's words."""

import time

import pytest

from threadkit.dispute.quotes import mark, own_words, trace
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


def test_a_span_in_quotation_marks_is_traced_and_becomes_a_segment_of_its_own():
    corpus, segments, quotes = thread(
        ("a", None, "Bo", "You say \u201cheld for eleven days in the cold\u201d, but who has measured that?")
    )
    assert quotes.loc["a:0.1", ["source_id", "form", "of_self"]].tolist() == ["p", "inline", False]
    marked = mark(segments, quotes)
    assert marked["kind"].to_dict() == {"a:0": "prose", "a:0.1": "inline"}
    assert marked["text"]["a:0.1"] == "held for eleven days in the cold"
    where = marked.loc["a:0.1"]
    assert corpus.comments["text"]["a"][where["start"] : where["stop"]] == where["text"]
    assert own_words(marked)["a:0"] == "You say \u201c\u2026\u201d, but who has measured that?"


def test_terms_and_scare_quotes_are_the_writers_own():
    _, segments, quotes = thread(("a", None, "Bo", 'Your "eleven days" were a "cold spell" at best.'))
    assert quotes.empty
    assert own_words(mark(segments, quotes))["a:0"] == segments["text"]["a:0"]


def test_a_paragraph_in_quotation_marks_is_a_quote():
    _, segments, quotes = thread(("a", None, "Bo", '"held for eleven days in the cold"\n\nWho measured that?'))
    assert quotes.loc["a:0", ["source_id", "form"]].tolist() == ["p", "inline"]
    assert mark(segments, quotes)["kind"].tolist() == ["quote", "prose"]


def test_quotes_of_oneself_are_told():
    words = "Nobody has measured the flow at night, so we do not know."
    _, _, quotes = thread(
        ("a", None, "Bo", words), ("b", "a", "Cy", f"> {words}\n\nI did."), ("c", "b", "Bo", f"> {words}\n\nI said so.")
    )
    assert quotes["of_self"].to_dict() == {"b:0": False, "c:0": True}


def test_a_quote_of_a_quote_is_traced_to_who_wrote_the_words():
    words = "Nobody has measured the flow at night, so we do not know."
    _, _, quotes = thread(
        ("a", None, "Bo", words), ("b", "a", "Cy", f"> {words}\n\nI did."), ("c", "b", "Di", f"> {words}\n\nOh?")
    )
    assert quotes.loc["c:0", ["source_id", "via"]].tolist() == ["a", "b"]
    assert quotes["via"].isna()["b:0"]


def test_a_comment_that_only_repeats_says_the_words_itself():
    words = "Nobody has measured the flow at night, so we do not know."
    _, _, quotes = thread(("a", None, "Bo", words), ("b", None, "Cy", words), ("c", "b", "Di", f"{words}\n\nI did."))
    assert quotes.loc["c:0", "source_id"] == "b"
    assert quotes["via"].isna().all()


def test_a_quote_of_words_from_elsewhere_says_whose_quote_it_repeats():
    words = "> Something printed in another forum altogether."
    _, _, quotes = thread(("a", None, "Bo", f"{words}\n\nSo they say."), ("b", "a", "Cy", f"{words}\n\nDo they?"))
    assert quotes.loc["b:0", ["source_id", "via"]].tolist() == ["a", "a"]


def test_own_words_beside_a_quote_are_no_quote_of_a_quote():
    _, _, quotes = thread(
        ("a", None, "Bo", "> held for eleven days in the cold\n\nIt was never cold in that week."),
        ("b", "a", "Cy", "> It was never cold in that week.\n\nIt was."),
    )
    assert quotes.loc["b:0", "source_id"] == "a"
    assert quotes["via"].isna().all()


@pytest.mark.parametrize("mirror", ["> {}", "{}", "You said \u201c{}\u201d, and that is it."])
def test_a_mirror_is_no_quote_of_what_it_turns_round(mirror):
    said = "A pump of this size would fail to reach the upper floors of the tower."
    turned = said.replace("fail to reach", "succeed in reaching")
    _, _, quotes = thread(("a", None, "Bo", said), ("b", "a", "Cy", mirror.format(turned)))
    assert quotes["source_id"].isna().all()


def test_what_the_next_paragraph_echoes_as_a_question_is_a_quote():
    _, segments, quotes = thread(
        ("a", None, "Bo", "Lately, the board has turned to smaller valves.\n\nLately? For nine years."),
        ("b", None, "Cy", "Lately, the board has turned to smaller valves, I hear.\n\nWhy now? For what?"),
    )
    assert quotes.index.tolist() == ["a:0"]
    assert quotes["form"].tolist() == ["unmarked"]
    assert mark(segments, quotes)["kind"].tolist() == ["quote", "prose", "prose", "prose"]


def test_a_feed_of_one_user_quotes_itself():
    _, _, quotes = thread(
        ("a", None, "Bo", 'The lower gate leaks at night.\n\nI think you missed: "The lower gate leaks at night."')
    )
    assert quotes.loc["a:1.1", ["source_id", "of_self", "start"]].tolist() == ["a", True, 0]


@pytest.mark.parametrize(
    "said",
    [
        "Most of the loss happens at night (\u2026) so a cheaper valve would not help the upper fields.",
        "Most of the loss happens at night [in spring], when the pump is off",
        "Most of the loss happens at nihgt , when the pump is off",
    ],
)
def test_unmarked_quotes_may_be_elided_explained_and_misspelt(said):
    post = (
        "Most of the loss happens at night, when the pump is off, so a cheaper valve would not help the upper fields."
    )
    _, _, quotes = thread(("a", None, "Bo", f"{said}\n\nDoes it?"), post=post)
    assert quotes.loc["a:0", ["source_id", "form"]].tolist() == ["p", "unmarked"]


NIGHT = "Nobody has measured the flow at night, so we do not know whether the gate leaks."
SPRING = "The upper fields have been dry since the second week of March, and nobody asked why."
MARKED = ("y", None, "Ed", "> held for eleven days in the cold\n\nHm.")


@pytest.mark.parametrize(("phrase", "source"), [("I completely disagree with this.", None), (NIGHT, "a")])
def test_a_phrase_that_a_stranger_used_before_is_no_quote(phrase, source):
    _, _, quotes = thread(
        MARKED,
        ("a", None, "Bo", f"{phrase}\n\nThe board forgot to ask."),
        ("z", None, "Cy", "Pumps are noisy."),
        ("b", "z", "Di", f"{phrase}\n\nThe pump ran all night."),
    )
    assert quotes["source_id"].get("b:0") == source


def test_a_parent_is_asked_although_its_id_comes_later():
    _, _, quotes = thread(("z", None, "Bo", f"{NIGHT}\n\nI would wait."), ("b", "z", "Cy", f"> {NIGHT}\n\nI did."))
    assert quotes["source_id"].to_dict() == {"b:0": "z"}


def test_an_update_that_quotes_a_later_comment_does_not_take_its_words():
    post = f"The gate is old.\n\nUpdate: Bo writes below:\n\n> {NIGHT}\n\nGood point."
    _, _, quotes = thread(
        ("a", None, "Bo", f"{NIGHT}\n\nI would wait."), ("b", "a", "Cy", f"> {NIGHT}\n\nI did."), post=post
    )
    assert quotes["source_id"].to_dict() == {"b:0": "a"}
    _, _, quotes = thread(
        ("a", None, "Bo", f"Who knows?\n\nEDIT: Cy does:\n\n> {SPRING}"), ("b", "a", "Cy", f"{SPRING}\n\nSo it is.")
    )
    assert "b:0" not in quotes.index


@pytest.mark.parametrize(
    ("said", "quoted"),
    [
        ("Recently, the board has paid for it.\n\nRecently? It has always paid.", True),
        ("Why did the board do that?\n\nWhy? Because it pays for itself.", False),
        ("The solution is not another pump.\n\nThe solution? Close the gate.", False),
    ],
)
def test_whoever_asks_on_takes_up_his_own_words(said, quoted):
    _, _, quotes = thread(("a", None, "Bo", said))
    assert ("a:0" in quotes.index) == quoted


def test_the_few_words_before_a_turn_are_quoted_with_it():
    said = "I agree, but the survey is far too small to say anything."
    corpus, segments, quotes = thread(("a", None, "Bo", said), ("b", "a", "Cy", f"{said}\n\nThe board pays."))
    assert segments["text"]["b:0"] == "I agree,"
    assert quotes["source_id"].to_dict() == {"b:0": "a", "b:1": "a"}
    assert corpus.comments["text"]["a"][: quotes["stop"]["b:0"]] == "I agree,"


@pytest.mark.parametrize(
    ("ours", "theirs"), [("You have to give", "We have to give"), ("flows from", "flows to"), ("may", "must")]
)
def test_a_long_retort_that_changes_who_does_what_is_no_quote(ours, theirs):
    said = f"{theirs} the water back {theirs} those who live below the dam and who paid for the second gate in spring."
    _, _, quotes = thread(("a", None, "Bo", said), ("b", "a", "Cy", f"{said.replace(theirs, ours)}\n\nSo there."))
    assert quotes.empty


@pytest.mark.parametrize("nots", [("[not] ", ""), ("not ", "not ")])
def test_a_marked_quote_that_denies_its_source_is_none_of_it(nots):
    said = "The pump is {}safe, and the valve is {}good enough to bring the water up to the fields."
    _, _, quotes = thread(("a", None, "Bo", said.format("", "")), ("b", "a", "Cy", f"> {said.format(*nots)}\n\nHa."))
    assert quotes["source_id"].isna().to_dict() == {"b:0": True}


def test_a_flood_of_short_quotes_takes_time_in_proportion():
    def seconds(n):
        flood = [(f"c{i}", None, "Bo", f'> well put {i % 7}\n\nSo "it is and always was" {i}.') for i in range(n)]
        began = time.process_time()
        thread(*flood)
        return time.process_time() - began

    seconds(20)
    # The best of two: what else runs on the machine only adds. Eight times the quotes, in squares 64 times the time.
    few, many = (min(seconds(n) for _ in range(2)) for n in (600, 4800))
    assert many < 12 * few


def test_what_everybody_says_is_traced_to_who_said_it_first():
    flood = [(f"c{i}", None, f"author {i}", f'So "it is and always was" {i}.') for i in range(500)]
    _, _, quotes = thread(*flood, ("z", "c400", "Zoe", "> it is and always was\n\nWas it?"))
    assert quotes.loc["c300:0.1", "source_id"] == "c0"
    assert quotes.loc["z:0", "source_id"] == "c0"
    assert quotes.loc["z:0", "via"] == "c400"


def test_an_update_in_quotation_marks_does_not_take_the_words_of_a_later_comment():
    post = f"The gate is old.\n\nUpdate: Bo writes “{NIGHT}” and is right."
    _, _, quotes = thread(
        ("a", None, "Bo", f"{NIGHT}\n\nI would wait."), ("b", "a", "Cy", f"> {NIGHT}\n\nI did."), post=post
    )
    assert quotes["source_id"].to_dict() == {"b:0": "a"}


def test_a_quote_of_what_the_post_holds_in_quotation_marks_is_second_hand():
    _, _, quotes = thread(("a", None, "Bo", f"You cite “{NIGHT}” here."), post=f"An old almanac says: “{NIGHT}”")
    assert quotes.loc["a:0.1", ["source_id", "via"]].tolist() == ["p", "p"]


def test_a_quotation_of_several_paragraphs_is_a_quote_in_each():
    said = "An almanac says:\n\n“The river forgives nobody.\n\n“The night tells all.\n\n“So it is written.”\n\nNo."
    _, segments, quotes = thread(("a", None, "Bo", said))
    assert mark(segments, quotes)["kind"].tolist() == ["prose", "quote", "quote", "quote", "prose"]
    assert set(quotes["form"]) == {"inline"}


@pytest.mark.parametrize(
    ("phrase", "of_stranger", "of_parent"),
    [
        ("Thank you for the long reply.", False, True),
        ("What are your thoughts on this?", False, True),
        ("Sent from my iPhone using Tapatalk", False, False),
        ("Edit: fixed a typo in the text", False, False),
        ("[1] https://example.org/the/old-gate-of-the-mill", False, False),
        ("I doubt that the gate leaks.", True, True),
    ],
)
def test_set_phrases_are_no_quotes_of_strangers_and_sign_offs_of_nobody(phrase, of_stranger, of_parent):
    for parent_id, quoted in ((None, of_stranger), ("a", of_parent)):
        _, _, quotes = thread(
            ("a", None, "Bo", f"{phrase}\n\nThe board forgot to ask."),
            ("b", parent_id, "Cy", f"{phrase}\n\nThe pump ran all night."),
        )
        assert ("b:0" in quotes.index) == quoted


def test_both_halves_of_a_copied_paragraph_that_turns_are_quotes():
    said = "I agree that the gate has held for two winters, but the board has never paid a single cent for any of that."
    copy = said.replace("has never", "had never")
    _, segments, quotes = thread(("a", None, "Bo", said), ("b", "a", "Cy", f"{copy}\n\nIt has."))
    assert quotes["source_id"].to_dict() == {"b:0": "a", "b:1": "a"}
    assert mark(segments, quotes)["kind"]["b:2"] == "prose"


@pytest.mark.parametrize(
    "label",
    [
        "Bo: ", "Bo:", "**Bo:** ", "@bo ", "bo said: ", "Bo wrote ", "u/bo: ", "You said: ", "You wrote that ", "[quote=Bo]",
        "Originally posted by Bo ", "Somebody said: ",
    ],
)  # fmt: skip
def test_words_behind_the_name_of_who_said_them_are_a_quote(label):
    _, segments, quotes = thread(("a", None, "Bo", NIGHT), ("b", "a", "Cy", f"{label}{NIGHT}\n\nI did, twice."))
    assert quotes.loc["b:0", ["source_id", "form", "start"]].tolist() == ["a", "unmarked", 0]
    assert mark(segments, quotes)["kind"]["b:1"] == "prose"


def test_a_name_picks_whose_words_they_are():
    _, _, quotes = thread(
        ("a", None, "Bo", NIGHT),
        ("b", None, "Di Lund", f"Yes. {NIGHT}"),
        ("c", "a", "Cy", f"Di Lund: {NIGHT}\n\nI did."),
    )
    assert quotes["source_id"].to_dict()["c:0"] == "b"


@pytest.mark.parametrize(
    "said", [f"Bo: {NIGHT} I did, twice.", f"Nobody: {NIGHT}", f"Bo {NIGHT}", "Bo: that is not so."]
)
def test_an_address_alone_makes_no_quote(said):
    _, _, quotes = thread(("a", None, "Bo", f"{NIGHT} That is not so."), ("b", "a", "Cy", f"{said}\n\nHm."))
    assert quotes.empty


@pytest.mark.parametrize("quoted", ["> {}", '"{}"'])
@pytest.mark.parametrize("copied", ["{}", '"{}'])
def test_what_a_source_quotes_from_elsewhere_is_a_quote_where_it_is_answered(quoted, copied):
    held = f"An almanac says:\n\n{quoted.format(NIGHT)}\n\nI like that."
    answer = f"{copied.format(NIGHT)}\n\nI did."
    _, _, quotes = thread(("a", None, "Bo", held), ("b", "a", "Cy", answer))
    assert quotes.loc["b:0", ["source_id", "via", "form"]].tolist() == ["a", "a", "unmarked"]
    _, _, quotes = thread(("b", None, "Cy", answer), post=held)
    assert quotes.loc["b:0", ["source_id", "via"]].tolist() == ["p", "p"]


@pytest.mark.parametrize(
    "post", [f"The gate is old. [edit 2: a reader wrote this:\n\n> {NIGHT}", f"As Bo has it:\n\n> {NIGHT}"]
)
def test_what_an_update_quotes_stays_whose_it_is(post):
    _, _, quotes = thread(("a", None, "Bo", f"{NIGHT}\n\nI would wait."), post=post)
    assert quotes.empty


def test_a_quote_of_the_title_is_a_quote_of_the_post():
    title = "Why the board should keep the old valve"
    draft = Draft("test")
    draft.post("p", title=title, author="Ada", text="It held.")
    draft.comment("a", "p", author="Bo", text=f"> {title}\n\nIt should not.")
    draft.comment("b", "p", author="Cy", text=f"{title}\n\nYes.")
    corpus = draft.finish()
    quotes = trace(segment(corpus.comments), corpus.comments, corpus.posts)
    assert quotes["source_id"].to_dict() == {"a:0": "p", "b:0": "p"}
    assert quotes[["start", "stop"]].isna().all(axis=None)
    assert quotes["of_self"].eq(False).all()
