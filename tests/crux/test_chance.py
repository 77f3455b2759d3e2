"""Recurrence against chance: what is planted is found, chance is not, and one person or no name never passes."""

import numpy as np
import pandas as pd
import pytest

from threadkit.corpus.tables import MAX_Q
from threadkit.crux.chance import (
    SAMPLE,
    adjust,
    against_chance,
    effective_authors,
    expected_posts,
    home_posts,
    matched_posts,
    nearest_returns,
    spread,
    stand_at_home,
)

DIM = 64


def unit(rows):
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def forum(crux, posts, authors, n_noise=300, seed=0, near=0.1):
    """Return objections of one crux (its posts and authors as given) among noise, and their vectors."""
    rng = np.random.default_rng(seed)
    point = unit(rng.standard_normal((1, DIM)))
    own = unit(point + near * rng.standard_normal((len(posts), DIM)))
    noise = unit(rng.standard_normal((n_noise, DIM)))
    every = pd.DataFrame(
        {
            "crux_id": pd.array([crux] * len(posts) + [pd.NA] * n_noise, dtype="Int32"),
            "post_id": [*posts, *(f"n{i % 40}" for i in range(n_noise))],
            "author": pd.array([*authors, *(f"a{i % 90}" for i in range(n_noise))], dtype="string"),
        }
    )
    return every, np.vstack([own, noise]).astype(np.float32)


def test_a_point_on_four_posts_by_four_people_passes():
    row = against_chance(*forum(3, ["p", "p", "q", "r", "s"], ["A", "B", "C", "D", "E"])).loc[3]
    assert row["n_independent"] == row["n_posts_close"] == 4
    assert row["q_value"] <= MAX_Q
    assert row["effect"] > 3
    assert row["effect_low"] < row["effect"] < row["effect_high"]


def test_one_loud_author_never_passes():
    posts = [f"p{i}" for i in range(12)]
    row = against_chance(*forum(0, posts, ["Loud"] * 12)).loc[0]
    assert row["n_independent"] == 1
    assert row["p_value"] == row["q_value"] == 1
    joined = against_chance(*forum(0, [*posts, "p3"], ["Loud"] * 12 + ["Echo"])).loc[0]
    assert joined["n_independent"] == 1, "an echo at the loud one's home is no return"


def test_unknown_authors_are_nobody_new():
    row = against_chance(*forum(0, ["p", "q", "r"], [None, None, None])).loc[0]
    assert row["n_independent"] == 1
    assert row["q_value"] == 1


def test_a_loose_group_on_many_posts_is_chance():
    every, vectors = forum(0, ["p"], ["A"], n_noise=400)
    near = np.argsort(-vectors[1:] @ vectors[0])[:6] + 1
    every.loc[near, "crux_id"] = 0
    row = against_chance(every, vectors).loc[0]
    assert row["n_independent"] > 3
    assert row["q_value"] > MAX_Q, "the nearest of 400 unrelated ones are near by chance"


def test_p_values_are_no_smaller_than_chance_gives_them():
    """Deal unrelated objections many times: p ≤ 0.05 must not come up in more than 5 % but for the spread of it."""
    n, low = 200, 0
    for seed in range(n):
        every, vectors = forum(0, ["p"], ["A"], n_noise=200, seed=seed)
        near = np.flatnonzero(vectors @ vectors[0] > 0.3)
        every.loc[near, "crux_id"] = 0
        low += against_chance(every, vectors).loc[0, "p_value"] <= 0.05
    # 0.05 · 200 = 10, standard deviation 3.1: three of them above.
    assert low <= 19


def test_expected_posts_are_those_that_a_deal_gives():
    rng = np.random.default_rng(1)
    every = pd.DataFrame(
        {"post_id": rng.integers(0, 30, 500).astype(str), "author": rng.integers(0, 400, 500).astype(str)}
    )
    near = rng.random((4000, 500)) < 0.02
    post = every["post_id"].astype(int).to_numpy()
    hits = np.zeros((4000, 30), dtype=bool)
    np.logical_or.at(hits.T, post, near.T)
    expected = expected_posts(np.array([0.02]), every)[0]
    assert expected == pytest.approx(hits.sum(axis=1).mean(), rel=0.02)


def test_too_few_objections_tell_nothing():
    table = against_chance(*forum(0, ["p", "q"], ["A", "B"], n_noise=10))
    assert table[["p_value", "q_value", "effect"]].isna().all(axis=None)
    assert table.loc[0, "n_independent"] == 2


def test_no_crux_is_no_error():
    every, vectors = forum(0, [], [], n_noise=50)
    assert against_chance(every, vectors).empty


def test_row_order_does_not_matter():
    every, vectors = forum(2, ["p", "q", "r", "r"], ["A", "B", "C", "A"])
    one = against_chance(every, vectors)
    order = np.random.default_rng(0).permutation(len(every))
    # The sample is all of so few objections, in another order: the last bits of its quantiles stay.
    two = against_chance(every.iloc[order], vectors[order])
    pd.testing.assert_frame_equal(one, two)


def test_home_is_where_most_is_explained():
    authors = pd.array(["A", "B", "A", "C", None], dtype="string")
    own = pd.DataFrame({"crux_id": 0, "post_id": list("ppqrs"), "author": authors, "row": range(5)})
    home = home_posts(own, np.eye(5), np.ones(5))
    assert home.loc[0].tolist() == ["p", 1]
    assert stand_at_home(own, home["post_id"]).tolist() == [True, True, True, False, True]


def test_of_posts_that_may_be_home_alike_the_most_central_is():
    vectors = unit(np.array([[0.0, 1.0], [1.0, 1.0], [1.0, 0.1]]))
    own = pd.DataFrame({"crux_id": 0, "post_id": list("pqr"), "author": list("ABC"), "row": range(3)})
    for names in ("pqr", "zya", "abz"):
        assert home_posts(own.assign(post_id=list(names)), vectors, np.ones(2)).loc[0].tolist() == [names[1], 3]
    pair = own.iloc[[0, 2]]
    assert home_posts(pair, vectors, np.array([1.0, 0.0])).loc[0].tolist() == ["r", 2], "nearer to what all say"
    assert home_posts(pair, vectors, np.array([0.0, 1.0])).loc[0].tolist() == ["p", 2]


@pytest.mark.parametrize("n_noise", [300, SAMPLE + 100])
def test_names_and_the_order_of_rows_do_not_matter(n_noise):
    authors = list("ABCDE")
    every, vectors = forum(2, ["p", "q", "r", "s", "t"], authors, n_noise=n_noise)
    vectors[12] = unit(vectors[[12]] + vectors[[9]])[0]
    every.loc[[9, 12], "crux_id"] = 4
    one = against_chance(every, vectors, seed=3)
    assert (one["p_value"] < 1).all()
    for seed in range(5):
        rng = np.random.default_rng(seed)
        other = every.copy()
        for column in ("post_id", "author"):
            names = every[column].unique()
            new = rng.permutation([f"{column}{i}" for i in range(len(names))])
            other[column] = every[column].map(dict(zip(names, new, strict=True))).astype("string")
        order = rng.permutation(len(every))
        two = against_chance(other.iloc[order], vectors[order], seed=3)
        pd.testing.assert_frame_equal(one, two, rtol=1e-9)


def test_equally_near_objections_are_credited_in_whatever_order_they_come():
    away = pd.DataFrame({"crux_id": 0, "post_id": list("pqp"), "author": list("AAB"), "row": range(3)})
    vectors, middle = np.eye(3)[[0, 0, 0]], np.eye(3)[:1]
    for order in ([0, 1, 2], [1, 0, 2], [2, 1, 0]):
        assert nearest_returns(away.iloc[order], middle, vectors, pd.Index([0]))["k"].tolist() == [1, 2]


def test_returns_use_each_post_and_author_once():
    away = pd.DataFrame(
        {"crux_id": 0, "post_id": list("qqrs"), "author": ["C", "D", "D", "D"], "row": [0, 1, 2, 3]},
    )
    vectors = unit(np.array([[1, 0.4], [1, 0.1], [1, 0.2], [1, 0.3]]))
    found = nearest_returns(away, np.array([[1.0, 0.0]]), vectors, pd.Index([0]))
    assert found["k"].tolist() == [1], "the nearest takes post q and author D, and C has no other post"
    assert matched_posts(away).to_dict() == {0: 2}


def test_spread_is_one_at_random_and_small_at_home():
    per_post = np.full(50, 10)
    wide = spread(pd.Series([10]), pd.Series([10]), per_post)[0]
    assert wide == pytest.approx(10 / (50 * (1 - np.prod([(490 - i) / (500 - i) for i in range(10)]))), rel=1e-6)
    assert spread(pd.Series([1]), pd.Series([10]), per_post)[0] < 0.12


def test_effective_authors_and_adjusted_p_values():
    own = pd.DataFrame({"crux_id": [0, 0, 1, 2], "author": pd.array(["A", "B", None, "A"], dtype="string")})
    assert effective_authors(own).tolist() == [2.0, 1.0, 1.0]
    assert adjust(np.array([])).tolist() == []
