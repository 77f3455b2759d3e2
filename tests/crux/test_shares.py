"""Intervals and tests of shares, against figures worked by hand, scipy, and published examples."""

import numpy as np
import pytest
from scipy import stats

from threadkit.crux.shares import difference, fisher, log_odds, wilson


def test_wilson_is_scipys():
    part, whole = np.array([0, 1, 7, 40, 40]), np.array([1, 30, 9, 40, 400])
    low, high = wilson(part, whole)
    for i in range(len(part)):
        same = stats.binomtest(int(part[i]), int(whole[i])).proportion_ci(method="wilson")
        assert (low[i], high[i]) == pytest.approx((same.low, same.high))
    assert np.isnan(wilson(np.array([0]), np.array([0]))).all()


def test_difference_is_newcombes():
    # Newcombe (1998), table II, method 10: 56/70 − 48/80; 9/10 − 3/10; 10/10 − 0/10; 5/56 − 0/29.
    cases = [
        (56, 70, 48, 80, 0.0524, 0.3339),
        (9, 10, 3, 10, 0.1705, 0.8090),
        (10, 10, 0, 10, 0.6075, 1),
        (5, 56, 0, 29, -0.0381, 0.1926),
    ]
    for b, n_b, a, n_a, low, high in cases:
        found = difference(np.array([a]), np.array([n_a]), np.array([b]), np.array([n_b]))
        assert [end[0] for end in found] == pytest.approx([b / n_b - a / n_a, low, high], abs=1e-4)
        mirrored = difference(np.array([b]), np.array([n_b]), np.array([a]), np.array([n_a]))
        assert [-end[0] for end in mirrored] == pytest.approx([found[0][0], found[2][0], found[1][0]])
    assert np.isnan(difference(np.array([0]), np.array([0]), np.array([1]), np.array([2]))).all()


def test_log_odds_by_hand():
    # 2 of 38 against 12 of 40: cells 12.5, 28.5, 2.5, 36.5.
    found = [end[0] for end in log_odds(np.array([2]), np.array([38]), np.array([12]), np.array([40]))]
    log = np.log(12.5 * 36.5 / (28.5 * 2.5))
    half = 1.959964 * np.sqrt(1 / 12.5 + 1 / 28.5 + 1 / 2.5 + 1 / 36.5)
    assert found == pytest.approx([log, log - half, log + half], rel=1e-6)
    none = log_odds(np.array([0]), np.array([10]), np.array([0]), np.array([10]))
    assert none[0][0] == 0
    assert np.isfinite(none).all()


def test_fisher_is_scipys():
    n_a, n_b = 17, 23
    a, b = (grid.ravel() for grid in np.meshgrid(np.arange(n_a + 1), np.arange(n_b + 1)))
    expected = [stats.fisher_exact([[x, n_a - x], [y, n_b - y]])[1] for x, y in zip(a, b, strict=True)]
    assert fisher(a, n_a, b, n_b) == pytest.approx(expected)
    assert fisher(b, n_b, a, n_a) == pytest.approx(expected), "A and B change places"
    assert fisher(np.array([3]), 3, np.array([0]), 0).tolist() == [1], "an empty side tells nothing"
