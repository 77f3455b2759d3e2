"""Recurrence: distinct posts and authors, no copies, and the sums of the ledger of answers."""

import pandas as pd
import pytest

from threadkit.corpus.tables import ANSWERS, COMMENTS, CRUXES, OBJECTIONS, SIDES
from threadkit.crux.recurrence import count_cruxes, load_bearing, recur


@pytest.fixture
def world():
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
    answered = {"a:0": ("e", True), "a:1": ("f", False), "d:1": ("i", False)}
    ledger = ANSWERS.build(
        [
            {
                "segment_id": segment_id,
                **objections.loc[segment_id, ["crux_id", "post_id", "comment_id", "author"]],
                "answered": segment_id in answered,
                "answer_id": answered.get(segment_id, (None, None))[0],
                "by_post_author": answered.get(segment_id, (None, None))[1],
                "conceded": segment_id == "a:1",
                "concession_id": "g" if segment_id == "a:1" else None,
                "came_back": False,
            }
            for segment_id in objections.index[objections["copy_of"].isna()]
        ]
    )
    return comments, objections, ledger


def test_counts_posts_and_authors_without_copies(world):
    comments, objections, ledger = world
    table = recur(objections, comments, ledger)
    assert table["n_objections"].to_dict() == {(0, "p"): 2, (0, "q"): 1, (1, "q"): 1, (1, "r"): 1}
    assert table.loc[(0, "p"), "karma_sum"] == 5, "a comment with two objections counts its karma once"
    assert pd.isna(table.loc[(1, "q"), "karma_sum"]), "hidden karma is not 0"


def test_the_best_answer_on_each_post_is_named(world):
    comments, objections, ledger = world
    table = recur(objections, comments, ledger)
    assert table["answered_by"].dropna().to_dict() == {(0, "p"): "f", (1, "r"): "i"}, "f was conceded to, e was not"
    again = recur(objections, comments, ledger.iloc[::-1])
    pd.testing.assert_frame_equal(table, again)


def test_what_is_counted_of_a_crux(world):
    comments, objections, ledger = world
    names = pd.DataFrame(
        {"title": ["A", "B"], "claim": "c", "words": "w", "example_id": ["a:0", "c:0"]},
        index=pd.RangeIndex(2, name="crux_id"),
    )
    cruxes = count_cruxes(names, objections, ledger, SIDES.empty(), comments)
    columns = ["n_objections", "n_copies", "n_posts", "n_authors", "n_answered", "n_conceded"]
    assert cruxes[columns].to_numpy().tolist() == [[3, 1, 2, 2, 1, 1], [2, 0, 2, 1, 1, 0]]
    assert cruxes["best_answer_id"].tolist() == ["f", "i"]
    assert all(cruxes[name].dtype == column.dtype for name, column in CRUXES.columns.items() if name in cruxes)
    assert cruxes["recurring"].tolist() == [True, False], "one known author on two posts does not recur"
    assert cruxes.loc[0, "agreement_sum"] == -3


def test_both_sides_are_counted_in_comments(world):
    comments, objections, ledger = world
    names = pd.DataFrame(
        {"title": ["A", "B"], "claim": "c", "words": "w", "example_id": ["a:0", "c:0"]},
        index=pd.RangeIndex(2, name="crux_id"),
    )
    rows = [
        (0, "e:0", "e", "p", "Ada"), (0, "e:1", "e", "p", "Ada"), (0, "f:0", "f", "p", "Bo"), (0, "p:0", None, "p", "Op"),
        (0, "a:0", "a", "p", "Bo"),
    ]  # fmt: skip
    sides = SIDES.build(
        [
            {"crux_id": k, "segment_id": s, "comment_id": c, "post_id": p, "author": a, "text": "t",
             "side": "objector" if s == "a:0" else "defender"}
            for k, s, c, p, a in rows
        ]
    )  # fmt: skip
    cruxes = count_cruxes(names, objections, ledger, sides, comments)
    assert cruxes["n_comments"].tolist() == [2, 2], "a comment that objects twice is one"
    assert cruxes["n_comments_defending"].tolist() == [2, 0], "the post is no comment"
    assert cruxes.loc[0, ["karma_defending", "agreement_defending"]].tolist() == [91, 2]
    assert pd.isna(cruxes.loc[1, "karma_defending"])


def test_load_bearing_is_the_share_of_objecting_comments_on_its_posts(world):
    _, objections, _ = world
    # Crux 0 stands on p (a objects) and q (b and c object): 2 of 3. Crux 1 on q and r (b, c, d): 2 of 3.
    assert load_bearing(objections).round(6).tolist() == [round(2 / 3, 6)] * 2
    alone = objections[objections["post_id"] == "p"]
    assert load_bearing(alone).tolist() == [1.0]
    outside = objections.assign(crux_id=objections["crux_id"].where(objections.index != "b:0"))
    assert load_bearing(outside).round(6).tolist() == [1.0, round(2 / 3, 6)]


def test_nothing_is_not_an_error(world):
    comments, objections, ledger = world
    assert recur(objections.head(0), comments, ledger.head(0)).empty
