"""Depth, cycles and missing parents."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.corpus.tree import cycle_entries, depths


def slow_depth(parents, row):
    seen, depth = set(), 0
    while parents[row] >= 0:
        if row in seen:
            return -1
        seen.add(row)
        row, depth = parents[row], depth + 1
    return depth


@given(st.lists(st.integers(-1, 11), min_size=1, max_size=12))
def test_depths_and_cycles_by_walking(parents):
    parents = np.array([p if p < len(parents) else -1 for p in parents])
    assert depths(parents).tolist() == [slow_depth(parents, row) for row in range(len(parents))]
    cut = parents.copy()
    cut[cycle_entries(parents)] = -1
    assert (depths(cut) >= 0).all()


@pytest.mark.parametrize("n", [10_000, 40_000])
def test_a_chain_needs_no_recursion(n):
    found = depths(np.arange(n) - 1)
    assert found[-1] == min(n - 1, np.iinfo(np.int16).max)
