"""The ledger: who answered which objection, who conceded, and what came back; unknown people and times prove nothing."""

import time

import pandas as pd
import pytest

from threadkit.corpus.tables import ANSWERS, COMMENTS, OBJECTIONS, POSTS, QUOTES
from threadkit.crux.answers import MAX_ANSWER, says, sum_up, take_up
from threadkit.dispute.concede import concedes
from threadkit.dispute.quotes import mark
from threadkit.dispute.segment import segment
from threadkit.dispute.target import aim

OBJECTION = "The ferry pays for itself only in summer, in winter nobody rides it."
ANSWER = "The winter timetable was cut to two ferries a day in March."


def corpus(*rows, posts=(("p", "Ada"), ("q", "Ada"))):
    """Build posts and comments; a row is id, parent, author, karma, text, and post, minute, status where they matter."""
    names = ["comment_id", "parent_id", "author", "karma", "text", "post_id", "minute", "status"]
    full = [dict(zip(names, (*row, *("p", None, "live")[len(row) - 5 :]), strict=True)) for row in rows]
    start = pd.Timestamp("2024-01-01T00:00Z")
    for row in full:
        minute = row.pop("minute")
        row["posted_at"] = None if minute is None else start + pd.Timedelta(minutes=minute)
        row |= {"depth": 0, "confidence": 1, "agreement": row["karma"]}
    return POSTS.build([{"post_id": p, "author": a, "text": ""} for p, a in posts]), COMMENTS.build(full)


def ledger_of(world, objecting, quotes=(), disagreeing=None, order=1, cruxes=None):
    """Take up the objections `objecting` (segment ids); `quotes` are (segment, source, start, stop), form, of self.

    The segments `disagreeing` do so with the words that `aim` finds them to answer.
    """
    posts, comments = world
    segments = segment(comments)
    comment = segments["comment_id"].reindex(objecting)
    objections = OBJECTIONS.build(
        {
            "segment_id": list(objecting),
            "comment_id": comment.tolist(),
            "post_id": comments["post_id"].reindex(comment).tolist(),
            "author": comments["author"].reindex(comment).tolist(),
            "crux_id": cruxes or [0] * len(objecting),
            **dict.fromkeys(("p_disagree", "p_neutral", "p_agree", "strength", "x", "y"), 0.0),
        }
    )
    keys = ["segment_id", "source_id", "start", "stop", "form", "of_self"]
    full = [(*row, *("marked", False)[len(row) - 4 :]) for row in quotes]
    traced = QUOTES.build([{**dict(zip(keys, row, strict=True)), "match": 1.0} for row in full])
    segments = mark(segments, traced)
    stances = None
    if disagreeing is not None:
        stances = aim(segments, traced, comments, posts).reindex(disagreeing).assign(stance="disagree")
    tables = [table.iloc[::order] for table in (objections, comments, posts, segments, traced)]
    return take_up(*tables, concedes(tables[3]), stances)


def answer(*replies, **more):
    """Return the answer to one objection by Bo (karma 5) under Ada's post."""
    return ledger_of(corpus(("a", None, "Bo", 5, OBJECTION), *replies), ["a:0"], **more).loc["a:0"]


def test_the_posts_author_answers_whatever_the_karma():
    row = answer(("b", "a", "Ada", -3, ANSWER))
    assert (row["answered"], row["answer_id"], row["answer_author"], row["by_post_author"]) == (True, "b", "Ada", True)
    assert (row["karma_margin"], row["agreement_margin"], row["answer_text"]) == (-8, -8, ANSWER)


def test_who_makes_the_same_objection_answers_none():
    world = corpus(
        ("a", None, "Bo", 5, OBJECTION), ("b", "a", "Cy", 9, ANSWER), ("c", None, "Cy", 1, "Nobody rides it in winter.")
    )
    assert ledger_of(world, ["a:0"])["answered"].tolist() == [True]
    assert ledger_of(world, ["a:0", "c:0"])["answered"].tolist() == [False, False]
    assert ledger_of(world, ["a:0", "c:0"], cruxes=[0, 1])["answered"].tolist() == [True, False]


@pytest.mark.parametrize(
    ("karma", "objection_karma", "answered"), [(6, 5, True), (5, 5, False), (None, 5, False), (6, None, False)]
)
def test_somebody_else_answers_only_with_more_karma(karma, objection_karma, answered):
    world = corpus(("a", None, "Bo", objection_karma, OBJECTION), ("b", "a", "Cy", karma, ANSWER))
    assert ledger_of(world, ["a:0"]).loc["a:0", "answered"] == answered


@pytest.mark.parametrize(
    "reply",
    [
        ("b", "a", "Bo", 90, ANSWER),
        ("b", "a", "Mod", 90, ANSWER, "p", None, "bot"),
        ("b", "a", "Ada", 90, ANSWER, "p", None, "deleted"),
        ("b", "a", "Ada", 90, "", "p", None, "stub"),
        ("b", "a", "Ada", 90, "Thanks!"),
        ("b", "a", "Ada", 90, "lol"),
        ("b", "a", "Ada", 90, "Agreed!"),
        ("b", "a", "Ada", 90, "Which ferry do you mean, the old one on the river or the new one?"),
        ("b", "a", "Ada", 90, "Yes please, to the photographs. Could you send them to the harbour office?"),
        ("b", "a", "Ada", 90, "> " + ANSWER),
        ("b", None, "Ada", 90, ANSWER),
        ("b", "gone", "Ada", 90, ANSWER),
    ],
)
def test_what_is_no_answer(reply):
    row = answer(reply)
    assert not row["answered"]
    assert row[["answer_id", "answer_author", "by_post_author", "answer_text", "karma_margin"]].isna().all()


def test_a_concession_of_the_posts_author_is_an_answer():
    assert answer(("b", "a", "Ada", 1, "You're right, I fixed it."))["answer_id"] == "b"
    assert not answer(("b", "a", "Cy", 90, "You're right."))["answered"], "a third person's nod is support"


def test_somebody_elses_support_is_no_answer():
    reply = ("b", "a", "Cy", 90, "Already so on the lake: two ferries ride empty all winter.")
    assert answer(reply)["answered"], "without stances nobody knows"
    assert not answer(reply, disagreeing=[])["answered"]
    assert answer(reply, disagreeing=["b:0"])["answered"]


@pytest.mark.parametrize(
    ("karma", "answered"),
    [
        ((None, None, None), True),
        ((1, 1, 1), True),
        ((1, None, 1), True),
        ((5, 5, 1), False),
        ((None, None, 1), True),
        ((None, 3, 1), False),
    ],
)
def test_where_nothing_is_scored_any_disagreeing_reply_answers(karma, answered):
    mine, reply, other = karma
    world = corpus(
        ("a", None, "Bo", mine, OBJECTION), ("b", "a", "Cy", reply, ANSWER), ("c", None, "Di", other, "Nice photo.")
    )
    assert ledger_of(world, ["a:0"], disagreeing=["b:0"]).loc["a:0", "answered"] == answered
    assert not ledger_of(world, ["a:0"], disagreeing=[]).loc["a:0", "answered"], "support, or a joke"
    assert not ledger_of(world, ["a:0"]).loc["a:0", "answered"], "without stances nobody knows"


def test_each_site_scores_for_itself():
    posts, comments = corpus(
        ("a", None, "Bo", None, OBJECTION), ("b", "a", "Cy", None, ANSWER),
        ("c", None, "Bo", 5, OBJECTION, "q"), ("d", "c", "Cy", 4, ANSWER, "q"),
    )  # fmt: skip
    world = posts.assign(site=pd.array(["quiet", "loud"], "string")), comments
    ledger = ledger_of(world, ["a:0", "c:0"], disagreeing=["b:0", "d:0"])
    assert ledger["answered"].to_dict() == {"a:0": True, "c:0": False}


def test_who_disagrees_with_the_post_does_not_answer_the_objection():
    claim = "The ferry is a blessing for the whole town."
    posts, comments = corpus(
        ("a", None, "Bo", 5, OBJECTION),
        ("b", "a", "Cy", 50, f"> {claim}\n\nNo, that is false, the town pays two million for empty boats."),
        ("c", "a", "Di", 50, "You forget the schoolchildren, thirty of them ride it every winter morning."),
    )
    world = posts.assign(text=posts["text"].where(posts.index != "p", claim)), comments
    quotes = [("b:0", "p", 0, len(claim))]
    assert not ledger_of(world, ["a:0"], quotes, ["b:1"]).loc["a:0", "answered"], "an ally of the objector's"
    assert ledger_of(world, ["a:0"], quotes, ["b:1", "c:0"]).loc["a:0", "answer_id"] == "c"


def test_words_under_a_quote_of_somebody_else_are_not_for_the_objector():
    text = "> The bakery opens at six.\n\nIt was closed when I went there on Sunday morning."
    world = corpus(
        ("z", None, "Cy", 5, "The bakery opens at six."), ("a", None, "Bo", 5, OBJECTION), ("b", "a", "Ada", 5, text)
    )
    assert not ledger_of(world, ["a:0"], [("b:0", "z", 0, 24)]).loc["a:0", "answered"]
    assert ledger_of(world, ["a:0"], [("b:0", "z", 0, 24, "marked", True)]).loc["a:0", "answered"], "their own words"
    assert ledger_of(world, ["a:0"]).loc["a:0", "answered"], "words of unknown source"


def test_the_posts_author_needs_no_stance():
    assert answer(("b", "a", "Ada", 1, ANSWER), disagreeing=[])["answered"]


def test_a_question_that_disagrees_is_an_answer():
    reply = ("b", "a", "Ada", 1, "And who do you think crosses the frozen river in January, the geese?")
    assert not answer(reply, disagreeing=[])["answered"]
    assert answer(reply, disagreeing=["b:0"])["answered"]


def test_a_reply_from_before_the_objection_is_no_answer():
    world = corpus(("a", None, "Bo", 5, OBJECTION, "p", 10), ("b", "a", "Ada", 5, ANSWER, "p", 9))
    assert not ledger_of(world, ["a:0"]).loc["a:0", "answered"]


def test_unknown_people_are_never_one_person():
    posts = (("p", None),)
    rows = ("a", None, None, 5, OBJECTION), ("b", "a", None, 9, ANSWER), ("c", "a", None, 1, ANSWER)
    row = ledger_of(corpus(*rows, posts=posts), ["a:0"]).loc["a:0"]
    assert (row["answer_id"], row["by_post_author"]) == ("b", False)
    assert pd.isna(row["answer_author"])


# --- which words ----------------------------------------------------------------------------------------------

TWO = "The ferry is empty in winter.\n\nThe harbour wall is cracked since the flood."


def test_a_quote_answers_what_it_quotes_and_nothing_else():
    text = "I like ships.\n\n> The harbour wall is cracked\n\nIt was mended with concrete two winters ago.\n\n> from my post\n\nOther words."
    world = corpus(("a", None, "Bo", 5, TWO), ("b", "a", "Ada", 5, text))
    wall = TWO.index("The harbour")
    quotes = [("b:1", "a", wall, wall + 27), ("b:3", "p", 0, 12)]
    ledger = ledger_of(world, ["a:0", "a:1"], quotes)
    assert ledger["answered"].to_dict() == {"a:0": False, "a:1": True}
    assert ledger.loc["a:1", "answer_text"] == "It was mended with concrete two winters ago."


def test_a_quote_answers_from_anywhere_under_the_post():
    text = "Hello everybody here in the town.\n\n> The ferry is empty\n\n> in winter.\n\nIt carried ninety people a day in January."
    world = corpus(("a", None, "Bo", 5, TWO), ("z", None, "Cy", 5, "Hm."), ("b", "z", "Ada", 5, text))
    row = ledger_of(world, ["a:0"], [("b:1", "a", 0, 18), ("b:2", "a", 19, 29)]).loc["a:0"]
    assert row["answer_id"] == "b"
    assert row["answer_text"] == "It carried ninety people a day in January."


def test_words_in_quotation_marks_answer_as_a_quote_does():
    mended = "You say \u201cthe harbour wall is cracked\u201d, but it was mended with concrete two winters ago."
    text = f"I like ships.\n\n{mended}\n\nMasons from the island did it."
    world = corpus(("a", None, "Bo", 5, TWO), ("z", None, "Cy", 5, "Hm."), ("b", "z", "Ada", 5, text))
    wall = TWO.index("The harbour")
    ledger = ledger_of(world, ["a:0", "a:1"], [("b:1.1", "a", wall, wall + 27, "inline")])
    assert ledger["answered"].to_dict() == {"a:0": False, "a:1": True}
    assert ledger.loc["a:1", "answer_text"] == f"{mended} Masons from the island did it."


def test_words_in_quotation_marks_under_a_quote_of_the_objection_leave_it_answered():
    text = '> The harbour wall is cracked\n\nIt was mended, and "the ferry is empty" is wrong for January.'
    world = corpus(("a", None, "Bo", 5, TWO), ("b", "a", "Ada", 5, text))
    wall = TWO.index("The harbour")
    ledger = ledger_of(world, ["a:0", "a:1"], [("b:0", "a", wall, wall + 27), ("b:1.1", "a", 0, 18, "inline")])
    assert ledger["answered"].tolist() == [True, True]


def test_a_long_comment_is_answered_only_where_the_reply_speaks_of_it():
    parts = [
        "Trams squeak at the corner.",
        "The ferry rides empty in winter.",
        "Lamps flicker.",
        "Bins smell.",
        "Dogs bark.",
        "Bells ring.",
    ]
    world = corpus(("a", None, "Bo", 5, "\n\n".join(parts)), ("b", "a", "Ada", 5, ANSWER))
    ledger = ledger_of(world, ["a:0", "a:1", "a:2"])
    assert ledger["answered"].to_dict() == {"a:0": False, "a:1": True, "a:2": False}


def test_the_author_answers_a_question_asked_under_the_objection():
    rows = [
        ("a", None, "Bo", 5, OBJECTION),
        ("b", "a", "Cy", 1, "How many ride it in winter, then?"),
        ("c", "b", "Ada", 1, "About ninety a day, and the summer ferries carry nine hundred."),
    ]
    assert ledger_of(corpus(*rows), ["a:0"]).loc["a:0", "answer_id"] == "c"
    rows[2] = ("c", "b", "Ada", 1, "The bakery opens at six on Sunday mornings.")
    assert not ledger_of(corpus(*rows), ["a:0"]).loc["a:0", "answered"]
    rows[1:] = [("b", "a", "Cy", 1, "Winter is cold."), ("c", "b", "Ada", 1, ANSWER)]
    assert not ledger_of(corpus(*rows), ["a:0"]).loc["a:0", "answered"], "the talk moved on"


def test_long_answers_are_cut():
    text = answer(("b", "a", "Ada", 1, ANSWER * 40))["answer_text"]
    assert len(text) <= MAX_ANSWER
    assert text.endswith("…")


# --- which answer, and what came of it ------------------------------------------------------------------------

CONCEDING = "Fair point, I had not thought of the timetable."


def test_the_best_of_several_answers():
    rows = [
        ("b", "a", "Cy", 90, ANSWER, "p", 2),
        ("c", "a", "Ada", 3, ANSWER, "p", 4),
        ("d", "a", "Ada", 9, ANSWER, "p", 5),
        ("e", "a", "Ada", 9, ANSWER, "p", 6),
    ]
    assert answer(*rows)["answer_id"] == "d", "the author's, the better liked one, the earlier one"
    row = answer(*rows, ("f", "b", "Bo", 1, CONCEDING, "p", 7))
    assert (row["answer_id"], row["conceded"], row["concession_id"]) == ("b", True, "f"), "the objector gave in to b"


def test_the_objector_concedes_below_the_answer_or_later():
    reply = ("b", "a", "Ada", 1, ANSWER, "p", 2)
    assert answer(reply, ("c", "b", "Bo", 1, CONCEDING))["concession_id"] == "c"
    assert not answer(reply, ("c", "b", "Cy", 1, CONCEDING))["conceded"], "somebody else"
    assert not answer(reply, ("c", None, "Bo", 1, CONCEDING, "p", 9))["conceded"], "elsewhere"
    assert not answer(reply, ("c", "b", "Bo", 1, "No, you are wrong about the timetable."))["conceded"]
    later = [("x", "a", "Ada", 1, "Thanks!", "p", 3), ("y", "x", "Bo", 1, CONCEDING, "p", 4)]
    assert answer(reply, *later)["concession_id"] == "y", "to whoever answered, though in another branch"
    early = [("x", "a", "Ada", 1, "Thanks!", "p", 0), ("y", "x", "Bo", 1, CONCEDING, "p", 1)]
    assert not answer(reply, *early)["conceded"], "before the answer"


def test_nobody_concedes_who_goes_on_to_disagree():
    text = "Point taken.\n\nThe ferry is empty.\n\nThe harbour is closed."
    rows = ("b", "a", "Ada", 1, ANSWER), ("c", "b", "Bo", 1, text)
    assert answer(*rows)["conceded"]
    assert not answer(*rows, disagreeing=["c:1", "c:2"])["conceded"]


def again(author, post, minute, first="Bo", by="Ada"):
    """Whether the crux came back after Ada's answer at minute 5 when `author` raises it on `post` at `minute`."""
    rows = [
        ("a", None, first, 5, OBJECTION, "p", 0),
        ("b", "a", by, 5, ANSWER, "p", 5),
        ("c", None, author, 5, OBJECTION, post, minute),
    ]
    ledger = ledger_of(corpus(*rows), ["a:0", "c:0"])
    assert not ledger.loc["c:0", "came_back"]
    return bool(ledger.loc["a:0", "came_back"]), int(sum_up(ledger).loc[0, "n_after_answer"])


def test_a_crux_comes_back_when_a_known_other_raises_it_later_on_another_post():
    assert again("Cy", "q", 9) == (True, 1)
    assert again("Bo", "q", 9) == (False, 0), "the same objector"
    assert again("Cy", "p", 9) == (False, 0), "the same post"
    assert again("Cy", "q", 3) == (False, 0), "before the answer"
    assert again("Cy", "q", None) == (False, 0), "nobody knows when"
    assert again(None, "q", 9) == (False, 0), "nobody knows who"
    assert again("Cy", "q", 9, first=None) == (False, 0), "nobody knows whose objection was answered"
    assert again("Cy", "q", 9, by="Eve") == (False, 0), "it was never answered"


def test_another_crux_does_not_bring_it_back():
    rows = [
        ("a", None, "Bo", 5, OBJECTION, "p", 0),
        ("b", "a", "Ada", 5, ANSWER, "p", 5),
        ("c", None, "Cy", 5, OBJECTION, "q", 9),
    ]
    ledger = ledger_of(corpus(*rows), ["a:0", "c:0"], cruxes=[0, 1])
    assert not ledger["came_back"].any()
    assert sum_up(ledger)["n_after_answer"].tolist() == [0, 0]


def test_sums_of_a_crux():
    rows = [
        ("a", None, "Bo", 5, OBJECTION, "p", 0),
        ("b", "a", "Ada", 9, ANSWER, "p", 5),
        ("c", None, "Cy", 5, OBJECTION, "p", 1),
        ("d", "c", "Ada", 1, ANSWER, "p", 6),
        ("e", "d", "Cy", 1, CONCEDING, "p", 7),
        ("f", None, "Di", 1, OBJECTION, "q", 8),
        ("g", None, "Eve", 1, OBJECTION, "q", 9),
        ("h", None, "Di", 1, "The bells ring all night.", "q", 9),
    ]
    ledger = ledger_of(corpus(*rows), ["a:0", "c:0", "f:0", "g:0", "h:0"], cruxes=[0, 0, 0, 0, 3])
    sums = sum_up(ledger)
    assert sums.loc[0].to_dict() == {"n_answered": 1, "n_conceded": 1, "n_after_answer": 1, "best_answer_id": "d"}
    assert sums.loc[3, ["n_answered", "n_conceded", "n_after_answer"]].tolist() == [0, 0, 0]
    assert pd.isna(sums.loc[3, "best_answer_id"])


def test_the_order_of_rows_does_not_matter():
    rows = [
        ("a", None, "Bo", 5, TWO),
        ("b", "a", "Ada", 7, ANSWER),
        ("c", "a", "Ada", 7, ANSWER),
        ("d", "c", "Bo", 1, CONCEDING),
        ("e", "c", "Bo", 1, CONCEDING),
        ("f", None, "Cy", 1, OBJECTION, "q", 3),
        ("g", "f", None, 2, ANSWER, "q", 3),
    ]
    one, two = (ledger_of(corpus(*rows), ["a:0", "a:1", "f:0"], order=order) for order in (1, -1))
    pd.testing.assert_frame_equal(one, two)
    pd.testing.assert_frame_equal(sum_up(one), sum_up(two.iloc[::-1]))


def test_copies_and_what_is_in_no_crux_have_no_row():
    world = corpus(("a", None, "Bo", 5, OBJECTION), ("c", None, "Cy", 5, OBJECTION))
    assert ledger_of(world, ["a:0", "c:0"], cruxes=[None, 2]).index.tolist() == ["c:0"]


def test_nothing_is_not_an_error():
    ledger = ledger_of(corpus(("a", None, "Bo", 5, OBJECTION)), [])
    assert ledger.empty
    assert list(ledger.columns) == list(ANSWERS.columns)
    assert sum_up(ledger).empty


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("It cost 12 of 400 crowns.", True),
        ("Thanks. The bridge toll pays for the winter ferry.", True),
        ("Thank you for writing about the harbour, the ferry and the bridge.", False),
        ("I'd love to see the diary of the harbour master from last winter.", False),
        ("same", False),
        ("", False),
    ],
)
def test_what_says_something(text, said):
    assert says(text) == said


@pytest.mark.parametrize("shape", ["star", "chain"])
def test_time_grows_with_the_corpus_and_no_faster(shape):
    def seconds(n):
        rows = [("c0", None, "Bo", 5, OBJECTION, "p", 0)]
        for i in range(1, n):
            parent = "c0" if shape == "star" else f"c{i - 1}"
            rows.append((f"c{i}", parent, ("Bo", "Ada")[i % 2], 5, (CONCEDING, ANSWER)[i % 2], "p", i))
        world = corpus(*rows)
        start = time.process_time()
        assert ledger_of(world, ["c0:0"]).loc["c0:0", "answered"]
        return time.process_time() - start

    seconds(10)
    assert seconds(8000) < 20 * max(seconds(1000), 0.05)
