"""Average linkage on cosine distance, cut at a distance, without a table of all distances.

The mean cosine between the members of two groups is the product of their mean unit vectors, so a group is kept as one
vector, and memory grows with the rows, not with their square. Groups merge in rounds: every pair that are each other's
nearest merges at once. Average linkage is reducible (a merged group is no nearer to a third than the nearer of its two
parts was), so this gives the groups that merging one nearest pair after the other gives: M. Bruynooghe, Méthodes
nouvelles en classification automatique (1977); F. Murtagh, The Computer Journal 26 (1983),
https://doi.org/10.1093/comjnl/26.4.354. For the same reason a group without another within the cut is final, and a
nearest neighbour is looked for again only where the last one merged.
"""

from __future__ import annotations

import numpy as np

from threadkit.base.executor import available_threads, map_items

# Products held at once: 2^23 float32 are 32 MB, for each thread.
_BLOCK = 2**23

# Cosines are compared after rounding to this many parts of one: beyond it single precision tells nothing, and the
# product of two vectors may differ in its last bits from the product of the same two in another block.
_PARTS = 2.0**20


def average_linkage(
    rows: np.ndarray, distance: float, threads: int | None = None, weight: np.ndarray | None = None
) -> np.ndarray:
    """Return the groups (n,) of unit rows (n, dim) float64, each named by its first row.

    Two groups merge while the mean cosine distance between their members is at most `distance`; of groups that are
    equally near, those whose first rows come first merge first. A row counts `weight` (n,) > 0 times, once without it;
    a row may be the mean of that many unit rows. Time grows with the square of the rows that have another within the
    distance. The result does not depend on the number of threads.

    >>> average_linkage(np.array([[1.0, 0.0], [0.0, 1.0], [0.8, 0.6]]), 0.5)
    array([0, 1, 0])
    """
    middle = rows.astype(np.float64)
    size = np.ones(len(rows)) if weight is None else weight.astype(np.float64)
    root = np.arange(len(rows))
    active = np.arange(len(rows))
    nearest, cosine = np.full(len(rows), -1), np.zeros(len(rows))
    stale = active
    while len(stale) and len(active) > 1:
        nearest[stale], cosine[stale] = neighbours(middle, stale, active, threads)
        active = active[cosine[active] >= 1 - distance - 1 / _PARTS]
        if not len(active):
            break
        first = mutual(active, nearest, cosine)
        second = nearest[first]
        both = size[first] + size[second]
        middle[first] = (middle[first] * size[first, None] + middle[second] * size[second, None]) / both[:, None]
        size[first] = both
        root[second] = first
        gone = np.zeros(len(rows), dtype=bool)
        gone[second] = True
        merged = gone.copy()
        merged[first] = True
        active = active[~gone[active]]
        stale = active[merged[active] | merged[nearest[active]]]
    return _roots(root)


def mutual(active: np.ndarray, nearest: np.ndarray, cosine: np.ndarray) -> np.ndarray:
    """Return of each pair of active groups that are each other's nearest the one with the smaller number."""
    first = active[nearest[nearest[active]] == active]
    first = first[first < nearest[first]]
    # Exact cosines always leave such a pair; where rounding has left none, the nearest of all merges.
    return first if len(first) else active[[cosine[active].argmax()]]


def neighbours(
    middle: np.ndarray, stale: np.ndarray, active: np.ndarray, threads: int | None
) -> tuple[np.ndarray, np.ndarray]:
    """Return for each of the groups `stale` the nearest other active group, the first of equals, and their cosine."""
    others = middle[active].astype(np.float32)
    place = np.searchsorted(active, stale)
    step = max(1, _BLOCK // len(active))

    def look(start: int) -> tuple[np.ndarray, np.ndarray]:
        mine = place[start : start + step]
        found = others[mine] @ others.T
        np.rint(found * np.float32(_PARTS), out=found)
        found[np.arange(len(mine)), mine] = -np.inf
        best = found.argmax(axis=1)
        return active[best], found[np.arange(len(mine)), best]

    parts = map_items(look, range(0, len(stale), step), threads or available_threads())
    return np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts]) / _PARTS


def _roots(root: np.ndarray) -> np.ndarray:
    """Follow each row to the group that it ended in."""
    while not np.array_equal(root, root[root]):
        root = root[root]
    return root
