"""Sides: who objects, who holds the claim."""

import pandas as pd
import pytest

from corpora import town
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
