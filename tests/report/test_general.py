"""The general points of a report: on several posts, by several authors, copies and talk left out."""

from dataclasses import replace

import pandas as pd
from disputes import disputed

from threadkit.report.general import general
from threadkit.report.markdown import markdown
from threadkit.report.page import page

COMMENTS = {
    "a": (None, "Bo", 1, "Who pays for the piers?", True),
    "b": (None, "Eve", 1, "The *toll* takes a week's wage.", True),
    "c": (None, "Fay", 1, "It is beyond our means.", True),
    "d": (None, "Bo", 1, "Nobody can afford it | or could.", True),
}


def analysis(topoi, posts=("p", "q", "q", "r"), **columns):
    made = disputed(COMMENTS)
    objections = made.objections.assign(
        topoi=pd.array(topoi, "string"),
        p_topos=pd.array([0.1, 0.9, 0.5, 0.4], "Float32"),
        post_id=pd.array(posts, "string"),
        **columns,
    )
    return replace(made, objections=objections)


def test_points_on_most_posts_stand_first():
    found = general(analysis(["costs-too-much", "costs-too-much wrong-signal", "wrong-signal", "costs-too-much"]))
    assert [(point.claim, point.n_posts, point.n_authors, point.n_objections) for point in found] == [
        ("It costs too much to introduce or buy.", 2, 2, 2)
    ], "the first objection is not sure enough, and the other point is the first of one alone"


def test_the_surest_objection_is_the_example():
    (point,) = general(analysis(["costs-too-much", "wrong-signal costs-too-much", "costs-too-much", "costs-too-much"]))
    assert point.said == "It is beyond our means."
    assert point.source.href == "https://town.example/posts/p?comment=c"


def test_one_author_or_one_post_is_not_enough():
    assert general(analysis(["costs-too-much", None, None, "costs-too-much"])) == ()
    assert general(analysis(["costs-too-much"] * 4, posts=("p",) * 4)) == ()
    assert general(analysis([None] * 4)) == ()


def test_copies_and_talk_are_not_counted():
    made = analysis(["costs-too-much"] * 4, talk=pd.array([None, True, False, None], "boolean"))
    (point,) = general(made)
    assert point.n_objections == 2
    copies = made.objections.assign(copy_of=pd.array([None, None, None, made.objections.index[1]], "string"))
    assert general(replace(made, objections=copies)) == (), "only post q is left"


def test_page_and_markdown_list_them():
    made = analysis(["costs-too-much"] * 4)
    assert "General points" in page(made)
    assert "It costs too much to introduce or buy." in page(made)
    assert "| It costs too much to introduce or buy. | 2 | 3 | 3 | “The toll takes a week" in markdown(made)
    assert "General points</h2>" not in page(analysis([None] * 4))
