"""The tree of replies: depth, cycles and missing parents, without recursion."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from threadkit.base.lookup import places_of

if TYPE_CHECKING:
    import pandas as pd

MAX_DEPTH = np.iinfo(np.int16).max


def parent_rows(comments: pd.DataFrame) -> np.ndarray:
    """Return each comment's parent as a row number (n,), −1 where it answers the post or the parent is absent."""
    return places_of(comments["parent_id"], comments.index)


def depths(parents: np.ndarray) -> np.ndarray:
    """Return depths (n,) int16 from parent rows; −1 marks rows that stand on a cycle or hang from one.

    Pointer doubling: log2(n) passes over whole arrays, whatever the depth.

    >>> depths(np.array([-1, 0, 1, 4, 3])).tolist()
    [0, 1, 2, -1, -1]
    """
    n = len(parents)
    # Half the memory, where the numbers are small enough to be added.
    kind = np.int32 if n < 2**30 else np.int64
    # Row n is the root's own parent: a sentinel of depth 0 that points at itself.
    jump = np.append(np.where(parents < 0, n, parents), n).astype(kind)
    steps = np.append(np.ones(n, dtype=kind), kind(0))
    for _ in range(max(1, n.bit_length())):
        steps = np.minimum(steps + steps[jump], kind(n + 1))
        jump = jump[jump]
        if (jump == n).all():
            break
    depth = np.minimum(steps[:n] - 1, MAX_DEPTH)
    return np.where(jump[:n] == n, depth, -1).astype(np.int16)


def cycle_entries(parents: np.ndarray) -> np.ndarray:
    """Return one row of each cycle, the lowest: cutting its parent link makes the graph a forest.

    >>> cycle_entries(np.array([-1, 2, 1, 2])).tolist()
    [1]
    """
    depth = depths(parents)
    return _entries(parents, depth) if (depth < 0).any() else np.empty(0, dtype=np.int64)


def _entries(parents: np.ndarray, depth: np.ndarray) -> np.ndarray:
    entries = []
    state = np.where(depth < 0, 0, 2)
    for start in np.flatnonzero(state == 0):
        path, row = [], int(start)
        while row >= 0 and state[row] == 0:
            state[row] = 1
            path.append(row)
            row = int(parents[row])
        if row >= 0 and state[row] == 1:
            entries.append(min(path[path.index(row) :]))
        state[path] = 2
    return np.array(sorted(entries), dtype=np.int64)


def roots(parents: np.ndarray) -> np.ndarray:
    """Return the row (n,) of the comment that each one's thread begins with; a comment on a cycle keeps some row.

    >>> roots(np.array([-1, 0, 1, -1, 3])).tolist()
    [0, 0, 0, 3, 3]
    """
    n = len(parents)
    jump = np.where(parents < 0, np.arange(n), parents)
    for _ in range(max(1, n.bit_length())):
        jump = jump[jump]
    return jump
