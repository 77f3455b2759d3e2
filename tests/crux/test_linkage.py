"""Average linkage in rounds gives the groups of the tree that merges one nearest pair after the other."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.cluster.hierarchy import fcluster, linkage
from sklearn.metrics import adjusted_rand_score

from threadkit.crux import cells
from threadkit.crux.linkage import average_linkage, mutual


def unit(rows):
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@given(st.integers(0, 10_000), st.integers(2, 120), st.integers(2, 40), st.floats(0.05, 1.2))
def test_same_groups_as_the_tree(seed, n, dim, cut):
    rows = unit(np.random.default_rng(seed).normal(size=(n, dim)) + 1.5 * np.eye(dim)[0])
    tree = linkage(rows, "average", metric="cosine")
    # A merge that is nearer to the cut than single precision tells may fall either way.
    if np.abs(tree[:, 2] - cut).min() > 1e-5 and np.diff(np.sort(tree[:, 2])).min(initial=1) > 1e-5:
        whole = fcluster(tree, cut, criterion="distance")
        assert adjusted_rand_score(whole, average_linkage(rows, cut, 1)) == 1.0


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_blocks_and_threads_do_not_matter(threads, monkeypatch):
    rows = unit(np.random.default_rng(1).normal(size=(400, 24)) + np.eye(24)[0])
    whole = average_linkage(rows, 0.5, 1)
    monkeypatch.setattr(cells, "BLOCK", 5000)
    assert np.array_equal(average_linkage(rows, 0.5, threads), whole)
    assert 10 < len(set(whole)) < 390


def test_equal_rows_and_ties_end():
    rows = unit(np.repeat(np.eye(4), 25, axis=0))
    assert average_linkage(rows, 0.3, 1).tolist() == [0] * 25 + [25] * 25 + [50] * 25 + [75] * 25
    assert average_linkage(rows, 1.0, 1).tolist() == [0] * 100
    assert average_linkage(np.zeros((3, 2)), 0.5, 1).tolist() == [0, 1, 2], "no direction, no group"


def test_where_rounding_leaves_no_mutual_pair_the_nearest_merges():
    nearest, cosine = np.array([1, 2, 0]), np.array([0.5, 0.7, 0.6])
    assert mutual(np.arange(3), nearest, cosine).tolist() == [1]


@pytest.mark.parametrize("n", [0, 1, 2])
def test_few_rows(n):
    assert average_linkage(np.eye(2)[:n], 0.4, 1).tolist() == list(range(n))
