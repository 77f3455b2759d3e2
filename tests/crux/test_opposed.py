"""Opposed: who object to one another make no point together, whoever else stands in their group."""

import numpy as np
import pandas as pd

from threadkit.crux.opposed import Opposition

NEAR = np.array([[1.0, 0.0], [1.0, 0.02], [1.0, 0.04], [1.0, 0.06], [1.0, 0.08], [1.0, 0.1]])


def sides(pairs, authors, labels=None, vectors=NEAR, posts=None):
    """Return the groups after parting as lists of rows; in each pair the first row objects to the second's author."""
    n = len(authors)
    number = pd.factorize(pd.Series(authors))[0]
    against = np.full(n, -1)
    for first, second in pairs:
        against[first] = number[second]
    foes = Opposition(number, against, np.zeros(n, int) if posts is None else np.array(posts))
    found = foes.part(np.zeros(n, int) if labels is None else np.array(labels), vectors[:n], np.ones(n))
    return sorted(sorted(np.flatnonzero(found == group).tolist()) for group in set(found[found >= 0].tolist()))


def test_two_camps_of_one_group_become_two_groups():
    assert sides([(1, 0), (2, 1), (3, 0)], ["ada", "bo", "cy", "di"]) == [[0, 2], [1, 3]]


def test_what_one_author_says_stays_together():
    people = ["ada", "bo", "ada", "bo", "cy", "di"]
    assert sides([(1, 0), (4, 1), (5, 0)], people) == [[0, 2, 4], [1, 3, 5]]


def test_who_objects_to_nobody_stays_with_the_others_and_the_side_that_is_nearer():
    vectors = np.array([[1.0, 0.0], [0.6, 0.8], [1.0, 0.1], [1.0, 0.2]])
    assert sides([(1, 0)], ["ada", "bo", "cy", "di"], vectors=vectors) == [[0, 2, 3]]


def test_nobody_makes_a_group_alone():
    assert sides([], ["ada", "ada", "bo", "cy"], labels=[0, 0, 1, 1]) == [[2, 3]]
    assert sides([(1, 0), (3, 0)], ["ada", "bo", "ada", "cy"]) == [[1, 3]]


def test_groups_without_opponents_and_pairs_across_groups_are_left_alone():
    assert sides([], ["ada", "bo"]) == [[0, 1]]
    assert sides([(2, 0)], ["ada", "bo", "cy", "di"], labels=[0, 0, 1, 1]) == [[0, 1], [2, 3]]


def test_circles_that_never_met_are_aligned_by_what_they_say():
    vectors = np.array([[1.0, 0.0], [0.0, 1.0], [0.1, 1.0], [1.0, 0.1]])
    assert sides([(1, 0), (3, 2)], ["ada", "bo", "cy", "di"], vectors=vectors) == [[0, 3], [1, 2]]


def test_who_met_under_another_post_is_no_opponent_here():
    assert sides([(1, 0)], ["ada", "bo", "cy"], posts=[0, 1, 1]) == [[0, 1, 2]]


def test_as_many_objections_as_possible_go_across():
    pairs = [(0, 1), (1, 2), (2, 0), (3, 0), (4, 1)]  # three who all oppose one another, a fourth and one more of hers
    assert sides(pairs, ["ada", "bo", "cy", "di", "di"]) == [[0, 1], [2, 3, 4]]


def table(rows):
    columns = ["segment_id", "comment_id", "author", "target_id"]
    return pd.DataFrame(rows, columns=columns).assign(post_id="p").set_index("segment_id")


def people(rows, comments, post_author="Op"):
    """Return author and opponent of each objection by name."""
    objections = table(rows)
    posts = pd.DataFrame({"author": [post_author]}, index=["p"])
    foes = Opposition.of(objections, comments, posts)
    names = {number: row[0] for number, row in zip(foes.author, rows, strict=True)}
    return [names.get(number, number if number < 0 else "another") for number in foes.against]


def test_opponents_are_who_wrote_the_words_disagreed_with():
    rows = [
        ("a:0", "a", "Ada", "p"),
        ("b:0", "b", "Bo", "a:1"),
        ("c:0", "c", "Ada", "a:0"),  # her own
        ("d:0", "d", "Di", "x"),  # by somebody who objects to nothing
        ("e:0", "e", "Op", "b"),
    ]
    comments = pd.DataFrame({"author": ["Ada", "Bo", "Ada", "Di", "Op", "Xi"]}, index=list("abcdex"))
    assert people(rows, comments) == ["e:0", "c:0", -1, "another", "b:0"]


def test_authors_nobody_knows_are_another_in_each_comment():
    rows = [("a:0", "a", None, "p"), ("b:0", "b", None, "a"), ("b:1", "b", None, "p")]
    comments = pd.DataFrame({"author": [None, None]}, index=["a", "b"])
    assert people(rows, comments, post_author=None) == [-1, "a:0", -1]
    foes = Opposition.of(table(rows), comments, pd.DataFrame({"author": [None]}, index=["p"]))
    assert foes.author[0] != foes.author[1] == foes.author[2]
