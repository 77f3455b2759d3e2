"""The order in which cruxes are numbered and shown."""

import pandas as pd

from threadkit.corpus.ranking import by_recurrence

EVEN = {
    "recurring": True, "q_value": 0.01, "n_independent": 3, "n_posts": 4, "n_authors": 4, "n_objections": 9,
    "title": "a", "example_id": "s",
}  # fmt: skip


def order(*differences):
    """Return the order of cruxes 0, 1, … that differ so from one another."""
    table = pd.DataFrame([EVEN | difference for difference in differences])
    forward, backward = by_recurrence(table), by_recurrence(table.iloc[::-1])
    pd.testing.assert_frame_equal(forward, backward)
    assert list(forward.columns) == list(table.columns)
    return forward.index.tolist()


def test_posts_by_different_people_count_before_posts_authors_and_objections():
    by_posts = {"n_independent": 2, "n_posts": 9, "n_authors": 9}
    assert order(by_posts, {"n_posts": 3, "n_authors": 5}, {"n_authors": 3}, {"n_objections": 8}, {}) == [4, 3, 2, 1, 0]


def test_what_could_be_chance_stands_after_what_could_not():
    vague = {"q_value": 0.97, "n_posts": 22, "n_independent": 22}
    unknown = {"q_value": None, "n_posts": 23, "n_independent": 23}
    alone = {"recurring": False, "q_value": 0.001}
    assert order(vague, {"q_value": 0.05}, unknown, alone, {"q_value": 0.0501}) == [1, 2, 0, 4, 3]


def test_even_cruxes_stand_by_their_words():
    assert order({"title": "b"}, {"title": None}, {"example_id": "t"}, {}) == [3, 2, 0, 1]
