"""One loud author: however often a point is raised by one person, it is one voice."""

import numpy as np
import pandas as pd

from threadkit.crux.cluster import CruxClusterer
from threadkit.crux.voices import voices, weigh_once


def near(seed, n, dim=16):
    """Return n unit rows around one direction of their own."""
    rng = np.random.default_rng(seed)
    rows = np.eye(dim)[seed % dim] + 0.1 * rng.normal(size=(n, dim))
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_a_loud_author_makes_no_crux():
    rows = np.vstack([near(0, 30), near(1, 2)])
    author = pd.Series(["loud"] * 30 + ["ada", "bo"], dtype="string")
    weight = weigh_once(voices(rows, author, 0.45))
    labels = CruxClusterer(random_state=0).fit(rows, sample_weight=weight).labels_
    assert (labels[:30] == -1).all()
    assert labels[30:].tolist() == [0, 0]
    assert CruxClusterer(random_state=0).fit(rows).labels_[0] >= 0, "unweighed, the author would make one alone"


def test_a_second_author_makes_it_one():
    rows = near(0, 31)
    author = pd.Series(["loud"] * 30 + ["ada"], dtype="string")
    weight = weigh_once(voices(rows, author, 0.45))
    clusterer = CruxClusterer(random_state=0).fit(rows, sample_weight=weight)
    assert (clusterer.labels_ == 0).all()
    assert clusterer.sizes_.round(6).tolist() == [2.0]
    # The middle lies between the two voices, not thirty times nearer to the louder one.
    assert np.allclose(clusterer.centers_[0], (rows[:30].mean(axis=0) + rows[30]) / 2)


def test_a_nameless_author_is_somebody_else_each_time():
    rows = near(0, 3)
    assert voices(rows, pd.Series([None, None, None], dtype="string"), 0.45).tolist() == [0, 1, 2]


def test_one_author_may_make_two_points():
    rows = np.vstack([near(0, 2), near(1, 2)])
    found = voices(rows, pd.Series(["ada"] * 4, dtype="string"), 0.45)
    assert found.tolist() == [0, 0, 2, 2]
    assert weigh_once(found).tolist() == [0.5] * 4


def test_row_order_does_not_matter():
    rows = np.vstack([near(seed, 4) for seed in range(5)])
    author = pd.Series(list("abcd") * 5, dtype="string")
    order = np.random.default_rng(0).permutation(20)
    weight = weigh_once(voices(rows, author, 0.45))
    again = weigh_once(voices(rows[order], author.iloc[order], 0.45))
    assert np.array_equal(weight[order], again)
