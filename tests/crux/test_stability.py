"""How much of a group is found again when other threads are drawn."""

import numpy as np
import pytest

from threadkit.crux.cluster import CruxClusterer
from threadkit.crux.stability import best_jaccard, under_other_threads


@pytest.fixture
def world():
    """Return vectors, threads: two tight points on every thread, and a circle of directions with no gap to cut at."""
    rng = np.random.default_rng(0)
    tight = np.concatenate([np.eye(6)[i] + rng.normal(scale=0.03, size=(30, 6)) for i in (0, 1)])
    angle = np.linspace(0, 2 * np.pi, 90, endpoint=False)
    circle = np.outer(np.cos(angle), np.eye(6)[4]) + np.outer(np.sin(angle), np.eye(6)[5])
    return np.concatenate([tight, circle]), np.arange(150) % 30


def test_tight_groups_are_stable_and_loose_ones_are_not(world):
    vectors, threads = world
    clusterer = CruxClusterer(0.3, random_state=0)
    labels = clusterer.fit_predict(vectors)
    tight = set(labels[:60])
    assert len(tight) == 2
    found = under_other_threads(vectors, labels, threads, clusterer, 20, 0)
    assert found[sorted(tight)].tolist() == [1.0, 1.0]
    rest = [label for label in set(labels[60:]) if label >= 0]
    assert rest
    assert np.nanmean(found[rest]) < 0.75


def test_seed_decides_and_row_order_does_not(world):
    vectors, threads = world
    clusterer = CruxClusterer(0.3, random_state=0)
    labels = clusterer.fit_predict(vectors)
    found = under_other_threads(vectors, labels, threads, clusterer, 5, 3)
    assert np.array_equal(found, under_other_threads(vectors, labels, threads, clusterer, 5, 3), equal_nan=True)
    order = np.random.default_rng(1).permutation(len(vectors))
    again = under_other_threads(vectors[order], labels[order], threads[order], clusterer, 5, 3)
    np.testing.assert_allclose(again, found)
    assert not np.array_equal(found, under_other_threads(vectors, labels, threads, clusterer, 5, 4), equal_nan=True)


def test_no_draw_no_figure(world):
    vectors, threads = world
    labels = np.where(np.arange(len(vectors)) < 2, 0, -1)
    assert np.isnan(under_other_threads(vectors, labels, threads, CruxClusterer(), 0, 0)).all()
    told = []
    under_other_threads(vectors, labels, threads, CruxClusterer(), 3, 0, told.append)
    assert told == [1, 1, 1]


def test_a_group_that_falls_apart_keeps_one_member():
    assert best_jaccard(np.array([0, 0, 0, 0]), np.array([-1, -1, -1, -1]), 1).tolist() == [0.25]
    assert best_jaccard(np.array([-1]), np.array([-1]), 1).tolist() == [0]
