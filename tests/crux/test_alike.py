"""Average linkage that goes on across two runs, against the plain computation over all pairs of vectors."""

import numpy as np
import pytest

from threadkit.crux.alike import link, same_points
from threadkit.crux.cluster import CruxClusterer, unit


def plainly(vectors, groups, sides, distance):
    """Merge groups by the mean of all pairs of cosines, one after the other, and return each vector's group."""
    groups, sides = [list(group) for group in groups], [{side} for side in sides]
    cosine = vectors @ vectors.T
    while True:
        best = (-np.inf, 0, 0)
        for i in range(len(groups)):
            for j in range(i + 1, len(groups)):
                if len(sides[i] | sides[j]) > 1:
                    best = max(best, (cosine[np.ix_(groups[i], groups[j])].mean(), i, j))
        if best[0] < 1 - distance:
            return {frozenset(group) for group in groups}
        _, i, j = best
        groups[i] += groups.pop(j)
        sides[i] |= sides.pop(j)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("distance", [0.4, 0.55, 0.8])
def test_linking_means_is_linking_all_pairs(seed, distance):
    random = np.random.default_rng(seed)
    points = random.normal(size=(9, 6))
    runs = [unit(points[random.integers(0, 9, 40)] + 0.7 * random.normal(size=(40, 6))) for _ in range(2)]
    labels = [CruxClusterer(0.4).fit_predict(run) for run in runs]
    found = same_points((runs[0], runs[1]), (labels[0], labels[1]), distance)
    groups, sides = [], []
    for side, label in enumerate(labels):
        for k in range(label.max() + 1):
            groups.append(np.flatnonzero(label == k) + 40 * side)
            sides.append(side)
    expected = plainly(np.concatenate(runs), groups, sides, distance)
    point = np.concatenate(found)
    grouped = np.concatenate(labels) >= 0
    seen = {frozenset(np.flatnonzero((point == k) & grouped).tolist()) for k in np.unique(point[grouped])}
    assert seen == {frozenset(map(int, group)) for group in expected}


def test_groups_of_one_run_meet_only_through_the_other():
    means = unit(np.array([[1, 0, 0], [1, 0.2, 0], [0, 1, 0], [0.1, 1, 0]]))
    assert link(means, np.ones(4), np.array([0, 0, 1, 1]), 0.3).tolist() == [0, 1, 2, 3]
    between = unit(np.array([[1, 0, 0], [1, 0.5, 0], [1, 0.25, 0]]))
    assert link(between, np.ones(3), np.array([0, 0, 1]), 0.2).tolist() == [0, 0, 0]


def test_a_single_objection_joins_the_point_it_makes():
    a = np.array([[1, 0, 0], [1, 0.1, 0]])
    b = np.array([[1, 0, 0.2], [0, 0, 1], [0, 1, 1]])
    found = same_points((a, b), (np.zeros(2, dtype=int), np.full(3, -1)), 0.3)
    assert found[0].tolist() == [0, 0]
    assert found[1].tolist() == [0, -1, -1]


def test_no_groups_at_all():
    nothing = np.empty((0, 4))
    assert [len(each) for each in same_points((nothing, nothing), (np.empty(0, int), np.empty(0, int)), 0.4)] == [0, 0]
