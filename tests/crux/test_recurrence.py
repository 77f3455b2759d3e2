"""Recurrence: distinct posts and authors; copies, bots and the objector's own replies do not count."""

import numpy as np
import pandas as pd
import pytest

from threadkit.corpus.tables import COMMENTS, OBJECTIONS, POSTS, SIDES
from threadkit.crux.recurrence import answers, count_cruxes, rank, recur


@pytest.fixture
def world():
    posts = POSTS.build([{"post_id": p, "author": a, "text": ""} for p, a in [("p", "Ada"), ("q", "Eve"), ("r", None)]])
    rows = [
        # id, post, parent, author, karma, agreement, at, status
        ("a", "p", None, "Bo", 5, -3, "2024-01-01T00:00Z", "live"),
        ("b", "q", None, "Cy", 2, None, "2024-02-01T00:00Z", "live"),
        ("c", "q", None, "Bo", None, 1, "2024-03-01T00:00Z", "live"),
        ("d", "r", None, None, 1, 1, None, "live"),
        ("e", "p", "a", "Ada", 1, 1, "2024-01-03T00:00Z", "live"),
        ("f", "p", "a", "Bo", 90, 1, "2024-01-02T00:00Z", "live"),
        ("g", "q", "b", "AutoModerator", 90, 1, "2024-02-02T00:00Z", "bot"),
        ("h", "q", "c", "Di", 90, 1, "2024-03-02T00:00Z", "live"),
        ("i", "r", "d", "Di", 3, 1, "2024-04-01T00:00Z", "live"),
    ]
    names = ["comment_id", "post_id", "parent_id", "author", "karma", "agreement", "posted_at", "status"]
    comments = COMMENTS.build([{"depth": 0, "confidence": 1, **dict(zip(names, row, strict=True))} for row in rows])
    found = [
        ("a:0", 0, None),
        ("a:1", 0, None),
        ("b:0", 0, None),
        ("c:0", 1, None),
        ("d:0", 0, "b:0"),
        ("d:1", 1, None),
    ]
    objections = OBJECTIONS.build(
        {
            "segment_id": [s for s, _, _ in found],
            "comment_id": [s[0] for s, _, _ in found],
            "post_id": [comments.loc[s[0], "post_id"] for s, _, _ in found],
            "author": [comments.loc[s[0], "author"] for s, _, _ in found],
            "crux_id": [k for _, k, _ in found],
            "copy_of": [o for _, _, o in found],
            **dict.fromkeys(("p_disagree", "p_neutral", "p_agree", "strength", "x", "y"), 0.0),
        }
    )
    return posts, comments, objections


def test_counts_posts_and_authors_without_copies(world):
    posts, comments, objections = world
    table = recur(objections, comments, posts)
    assert table["n_objections"].to_dict() == {(0, "p"): 2, (0, "q"): 1, (1, "q"): 1, (1, "r"): 1}
    assert table.loc[(0, "p"), "karma_sum"] == 5, "a comment with two objections counts its karma once"
    assert pd.isna(table.loc[(1, "q"), "karma_sum"]), "hidden karma is not 0"


def test_answered_by_the_author_or_by_a_better_scored_reply(world):
    posts, comments, objections = world
    found = answers(objections, comments, posts)
    assert found["a:0"] == "e", "the post's author, not the objector's own reply that came first"
    assert pd.isna(found["b:0"]), "a bot does not answer"
    assert pd.isna(found["c:0"]), "against hidden karma no score is higher"
    assert found["d:0"] == "i"


def test_cruxes_and_their_rank(world):
    posts, comments, objections = world
    names = pd.DataFrame(
        {"title": ["A", "B"], "claim": "c", "words": "w", "example_id": ["a:0", "c:0"]},
        index=pd.RangeIndex(2, name="crux_id"),
    )
    table = recur(objections, comments, posts)
    cruxes = count_cruxes(names, objections, table, SIDES.empty(), comments)
    assert cruxes[["n_objections", "n_copies", "n_posts", "n_authors", "n_answered"]].to_numpy().tolist() == [
        [3, 1, 2, 2, 1],
        [2, 0, 2, 1, 1],
    ]
    assert cruxes["recurring"].tolist() == [True, False], "one known author on two posts does not recur"
    assert cruxes.loc[0, "agreement_sum"] == -3
    assert np.isnan(cruxes["stability"]).all()
    assert rank(cruxes).tolist() == [0, 1]


def test_nothing_is_not_an_error(world):
    posts, comments, objections = world
    assert recur(objections.head(0), comments, posts).empty
