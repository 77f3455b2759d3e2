"""Sides: who objects, who holds the claim."""

import pandas as pd
import pytest

from corpora import town
from threadkit.corpus.tables import COMMENTS, POSTS
from threadkit.crux.sides import take_sides
from threadkit.dispute.segment import segment


@pytest.fixture
def sides():
    corpus = town()
    segments = segment(corpus.comments)
    objections = pd.DataFrame(
        {
            "crux_id": pd.array([0, 0, 0], dtype="Int32"),
            "comment_id": ["d2", "e1", "e1"],
            "post_id": ["cart", "lamp", "lamp"],
            "author": ["Fay", "Ivy", "Ivy"],
            "target_id": ["cart:0", "lamp:0", "lamp:0"],
            "target_text": ["Shops gain.", "Dimming saves.", "Dimming saves."],
            "text": ["too small", "too small", "too small"],
            "copy_of": pd.array([None, None, "d2:0"], dtype="string"),
        },
        index=pd.Index(["d2:0", "e1:0", "x:0"], name="segment_id"),
    )
    stances = pd.DataFrame(
        {
            "stance": ["disagree", "agree"],
            "comment_id": ["d3", "c3"],
            "post_id": ["cart", "pump"],
            "author": ["Eve", "Cy"],
            "target_id": ["d2:0", "pump"],
            "target_text": ["too small", "Pumps"],
        },
        index=pd.Index(["d3:0", "c3:0"], name="segment_id"),
    )
    return take_sides(objections, stances, segments, corpus.comments, corpus.posts)


def test_objectors_are_those_in_the_crux_without_copies(sides):
    assert sides[sides["side"] == "objector"].index.tolist() == [(0, "d2:0"), (0, "e1:0")]


def test_defenders_wrote_the_claim_or_object_to_the_objection(sides):
    defenders = sides[sides["side"] == "defender"]
    assert defenders["author"].droplevel("crux_id").to_dict() == {"cart:0": "Eve", "d3:0": "Eve", "lamp:0": "Hal"}
    assert defenders.loc[(0, "cart:0"), "text"] == "Shops gain."
    assert pd.isna(defenders.loc[(0, "cart:0"), "comment_id"]), "the post itself"


def told(comments, objecting, disagreeing=(), *, whole=False):
    """Return the defenders by segment: who, and the comment; rows are comment, author, post and segment, …, target.

    With `whole`, the table of both sides.
    """
    posts = POSTS.build([{"post_id": "p", "author": "Ada", "text": ""}, {"post_id": "q", "author": "Eve", "text": ""}])
    names = ["comment_id", "author", "text", "post_id"]
    rows = [dict(zip(names, (*row, "p")[:4], strict=True), depth=0, confidence=1, status="live") for row in comments]
    comments = COMMENTS.build(rows)
    segments = segment(comments)

    def said(pairs):
        own = segments.loc[[part for part, _ in pairs], "comment_id"]
        facts = {name: comments[name].reindex(own).to_numpy() for name in ("post_id", "author")}
        targets = pd.array([target for _, target in pairs], dtype="string")
        words = segments["text"].reindex(targets).fillna("").to_numpy()
        row = {"comment_id": own, **facts, "target_id": targets, "target_text": words, "stance": "disagree"}
        return pd.DataFrame(row, index=own.index)

    objections = said(objecting).assign(crux_id=pd.array([0] * len(objecting), dtype="Int32"))
    objections["text"] = segments["text"].reindex(objections.index)
    objections["copy_of"] = pd.array([None] * len(objecting), dtype="string")
    stances = said([*objecting, *disagreeing])
    table = take_sides(objections, stances, segments, comments, posts)
    if whole:
        return table
    defenders = table[table["side"] == "defender"].droplevel("crux_id")
    return {name: (row["author"], row["comment_id"]) for name, row in defenders.fillna("").iterrows()}


QUOTING = "> The mayor wastes it, as they say in Leeds.\n\nThat is wrong."


def test_who_quotes_an_unknown_source_defends_nothing():
    assert told([("c", "Bo", QUOTING)], [("c:1", "c:0")]) == {}


def test_an_ally_who_disagrees_with_the_post_defends_nothing():
    comments = [("c", "Bo", "Wrong."), ("d", "Cy", "> The toll must go.\n\nNonsense."), ("e", "Di", "No, Bo.")]
    assert told(comments, [("c:0", "p")], [("d:1", "p")]) == {"p": ("Ada", "")}
    assert told(comments, [("c:0", "p")], [("d:1", "p"), ("e:0", "c:0")]) == {"p": ("Ada", ""), "e:0": ("Di", "e")}


def test_who_disagrees_with_what_else_an_objector_says_defends_nothing():
    comments = [("c", "Bo", "Wrong.\n\nThe toll was never low."), ("d", "Di", "It was."), ("e", "Cy", "No, Bo.")]
    assert told(comments, [("c:0", "p")], [("d:0", "c:1"), ("e:0", "c:0")]) == {"p": ("Ada", ""), "e:0": ("Cy", "e")}


def test_who_takes_their_own_words_back_defends_nothing():
    comments = [("c", "Bo", "Wrong."), ("d", "Bo", "> Wrong.\n\nThat was nonsense.")]
    assert told(comments, [("c:0", "p")], [("d:1", "c")]) == {"p": ("Ada", "")}


def test_a_comment_whose_id_ends_in_a_number_is_itself():
    comments = [("town:1", "Di", "The toll is wasted."), ("c", "Bo", "Wrong.")]
    assert told(comments, [("c:0", "town:1")]) == {"town:1": ("Di", "town:1")}
    assert told(comments, [("c:0", "town:1:0")]) == {"town:1:0": ("Di", "town:1")}


def test_words_in_quotation_marks_are_their_comments():
    assert told([("d", "Di", "Hm."), ("c", "Bo", "Wrong.")], [("c:0", "d:0.1")]) == {"d:0.1": ("Di", "d")}


def test_a_post_goes_before_a_comment_of_the_same_id():
    comments = [("p", "Di", "A nice photo.", "q"), ("c", "Bo", "Wrong.")]
    assert told(comments, [("c:0", "p")]) == {"p": ("Ada", "")}
    assert told(comments, [("c:0", "p:0")]) == {"p:0": ("Ada", "")}


def sided(*rows):
    """Return who stands on which side of crux 0; a row is a comment's id, author, and what its words disagree with.

    What disagrees with the post objects; what disagrees with a comment objects back.
    """
    comments = [(name, author, "Wrong.") for name, author, _ in rows]
    objecting = [(f"{name}:0", target) for name, _, target in rows if target.startswith("+")]
    objecting = [(name, target.removeprefix("+")) for name, target in objecting]
    back = [(f"{name}:0", target) for name, _, target in rows if not target.startswith("+")]
    table = told(comments, objecting, back, whole=True)
    return {side: sorted(set(rows["author"].fillna("?"))) for side, rows in table.groupby("side")}


def test_an_author_stands_on_the_side_on_which_they_say_more():
    twice = [("a", "Cy", "+p"), ("b", "Bo", "+p"), ("c", "Bo", "a:0"), ("d", "Bo", "a:0")]
    assert sided(*twice) == {"defender": ["Ada", "Bo"], "objector": ["Cy"]}
    assert sided(*twice[:3]) == {"defender": ["Ada"], "objector": ["Bo", "Cy"]}, "as much on both: an objector"


def test_a_crux_keeps_its_objectors_where_all_of_them_say_more_against_one_another():
    rows = [("a", "Cy", "+p"), ("b", "Bo", "+p"), *((f"c{i}", "Bo", "a:0") for i in (1, 2)), ("d1", "Cy", "b:0")]
    assert sided(*rows, ("d2", "Cy", "b:0")) == {"defender": ["Ada"], "objector": ["Bo", "Cy"]}


def test_who_is_not_known_stands_on_both_sides():
    rows = [("a", "Cy", "+p"), ("b", None, "+p"), ("c", None, "a:0"), ("d", None, "a:0")]
    assert sided(*rows) == {"defender": ["?", "Ada"], "objector": ["?", "Cy"]}
