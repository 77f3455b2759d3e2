"""Opposed: who object to one another make no point together, whoever else stands in their group."""

import numpy as np
import pandas as pd

from threadkit.crux.opposed import Opposition

NEAR = np.array([[1.0, 0.0], [1.0, 0.02], [1.0, 0.04], [1.0, 0.06], [1.0, 0.08], [1.0, 0.1]])


def sides(pairs, authors, labels=None, vectors=NEAR, weight=None):
    """Return the groups after parting as sets of rows."""
    n = len(authors)
    number = pd.factorize(pd.Series(authors))[0]
    foes = Opposition(np.array(pairs, dtype=np.int64).reshape(-1, 2), number)
    found = foes.part(np.zeros(n, int) if labels is None else np.array(labels), vectors[:n], np.ones(n))
    return sorted(sorted(np.flatnonzero(found == group).tolist()) for group in set(found[found >= 0].tolist()))


def test_two_camps_of_one_group_become_two_groups():
    assert sides([(1, 0), (2, 1), (3, 0)], ["ada", "bo", "cy", "di"]) == [[0, 2], [1, 3]]


def test_what_one_author_says_stays_together():
    assert sides([(1, 0)], ["ada", "bo", "ada", "bo"]) == [[0, 2], [1, 3]]


def test_who_objects_to_nobody_stays_with_the_others_and_the_side_that_is_nearer():
    vectors = np.array([[1.0, 0.0], [0.6, 0.8], [1.0, 0.1], [1.0, 0.2]])
    assert sides([(1, 0)], ["ada", "bo", "cy", "di"], vectors=vectors) == [[0, 2, 3]]


def test_groups_without_opponents_and_pairs_across_groups_are_left_alone():
    assert sides([], ["ada", "bo"]) == [[0, 1]]
    assert sides([(2, 0)], ["ada", "bo", "cy", "di"], labels=[0, 0, 1, 1]) == [[0, 1], [2, 3]]


def test_circles_that_never_met_are_aligned_by_what_they_say():
    vectors = np.array([[1.0, 0.0], [0.0, 1.0], [0.1, 1.0], [1.0, 0.1]])
    assert sides([(1, 0), (3, 2)], ["ada", "bo", "cy", "di"], vectors=vectors) == [[0, 3], [1, 2]]


def test_as_many_objections_as_possible_go_across():
    pairs = [(0, 1), (1, 2), (2, 0), (3, 0), (3, 1)]  # three who all oppose one another, and a fourth who opposes two
    assert sides(pairs, ["ada", "bo", "cy", "di"]) in ([[0, 1], [2, 3]], [[0, 2], [1, 3]], [[0, 3], [1, 2]])


def table(rows):
    columns = ["segment_id", "comment_id", "author", "target_id"]
    return pd.DataFrame(rows, columns=columns).assign(post_id="p").set_index("segment_id")


def test_pairs_are_objections_to_comments_that_hold_objections_of_others():
    objections = table(
        [
            ("a:0", "a", "Ada", "p"),
            ("b:0", "b", "Bo", "a:1"),  # answers other words of the comment that holds a:0
            ("c:0", "c", "Ada", "a:0"),  # her own
            ("d:0", "d", None, "b"),
            ("e:0", "e", None, "x"),  # holds no objection
        ]
    )
    comments = pd.DataFrame({"author": ["Ada", "Bo", "Ada", None, None, "Xi"]}, index=list("abcdex"))
    posts = pd.DataFrame({"author": ["Op"]}, index=["p"])
    assert Opposition.of(objections, comments, posts).pairs.tolist() == [[1, 0], [3, 1]]


def test_authors_nobody_knows_are_each_somebody_else():
    objections = table([("a:0", "a", None, "p"), ("b:0", "b", None, "a")])
    comments = pd.DataFrame({"author": [None, None]}, index=["a", "b"])
    foes = Opposition.of(objections, comments, pd.DataFrame({"author": [None]}, index=["p"]))
    assert foes.pairs.tolist() == [[1, 0]]
    assert len(set(foes.author.tolist())) == 2
