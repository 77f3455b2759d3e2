"""Average linkage on cosine distance, cut at a distance, without a table of all distances.

The mean cosine between the members of two groups is the product of their mean unit vectors, so a group is kept as one
vector, and memory grows with the rows, not with their square. Groups merge in rounds: every pair that are each other's
nearest merges at once. Average linkage is reducible (a merged group is no nearer to a third than the nearer of its two
parts was), so this gives the groups that merging one nearest pair after the other gives: M. Bruynooghe, Méthodes
nouvelles en classification automatique (1977); F. Murtagh, The Computer Journal 26 (1983),
https://doi.org/10.1093/comjnl/26.4.354. For the same reason a group without another within the cut is final, and a
nearest neighbour is looked for again only where the last one merged.

Among very many rows the nearest are looked for in cells (crux/cells.py): nearly the same groups in much less time.
"""

from __future__ import annotations

import numpy as np

from threadkit.base.executor import one_numerical_thread
from threadkit.crux.cells import PARTS, Cells, Everywhere

# Rows beyond which the nearest are looked for in cells: of fewer than these all are looked at sooner (models/TRIED.md).
MAX_EXACT = 60_000

# Rows that move at once.
_MOVED = 4096


def average_linkage(
    rows: np.ndarray,
    distance: float,
    threads: int | None = None,
    weight: np.ndarray | None = None,
    *,
    max_exact: int = MAX_EXACT,
    seed: int = 0,
    overwrite: bool = False,
) -> np.ndarray:
    """Return the groups (n,) of unit rows (n, dim), each named by its first row.

    Two groups merge while the mean cosine distance between their members is at most `distance`; of groups that are
    equally near, those whose first rows come first merge first. A row counts `weight` (n,) > 0 times, once without it;
    a row may be the mean of that many unit rows. Up to `max_exact` rows every pair is looked at, and time grows with
    the square of the rows that have another within the distance; beyond, `seed` draws the leaders of cells, and means
    are kept in single precision: in the rows' own memory where `overwrite` allows it and they are float32. The result
    does not depend on the number of threads.

    >>> average_linkage(np.array([[1.0, 0.0], [0.0, 1.0], [0.8, 0.6]]), 0.5)
    array([0, 1, 0])
    """
    with one_numerical_thread():
        return merge(rows, distance, threads, weight, max_exact=max_exact, seed=seed, overwrite=overwrite)


def merge(
    rows: np.ndarray,
    distance: float,
    threads: int | None = None,
    weight: np.ndarray | None = None,
    *,
    max_exact: int = MAX_EXACT,
    seed: int = 0,
    overwrite: bool = False,
) -> np.ndarray:
    """Do what `average_linkage` does, for a caller that holds the numerical threads to one itself."""
    exact = len(rows) <= max_exact
    if not exact:
        first, copy_of = distinct(rows)
        if len(first) < len(rows):
            # Equal rows merge before all others. As one row they cannot crowd a cell.
            whole = np.bincount(copy_of, weight, len(first))
            once = only(rows, first, overwrite=overwrite)
            found = merge(once, distance, threads, whole, max_exact=max_exact, seed=seed, overwrite=True)
            return np.asarray(first[found][copy_of])
    middle = rows.astype(np.float64 if exact else np.float32, copy=exact or not overwrite)
    size = np.ones(len(rows)) if weight is None else weight.astype(np.float64)
    root = np.arange(len(rows))
    active = stale = np.arange(len(rows))
    nearest, cosine = np.full(len(rows), -1), np.zeros(len(rows))
    near = Everywhere() if exact else Cells(middle, seed, threads)
    while len(stale) and len(active) > 1:
        nearest[stale], cosine[stale] = near.look(middle, stale, active, threads)
        if not exact:
            agree(stale, nearest, cosine)
        active = active[cosine[active] >= 1 - distance - 1 / PARTS]
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
        near.moved(middle, first, threads)
        active = active[~gone[active]]
        stale = active[merged[active] | merged[nearest[active]]]
    return _roots(root)


def distinct(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return where each distinct row comes first (k,), in order, and which of them each row equals (n,).

    >>> [part.tolist() for part in distinct(np.array([[2.0], [1.0], [2.0]]))]
    [[0, 1], [0, 1, 0]]
    """
    _, first, inverse = np.unique(fingerprints(rows), return_index=True, return_inverse=True)
    order = np.argsort(first)
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    return first[order], place[inverse]


def only(rows: np.ndarray, first: np.ndarray, *, overwrite: bool) -> np.ndarray:
    """Return some rows, numbered upwards; they move to the front of the memory that they are in where that is allowed.

    >>> only(np.arange(4), np.array([1, 3]), overwrite=True).tolist()
    [1, 3]
    """
    if not overwrite:
        return np.asarray(rows[first])
    for start in range(0, len(first), _MOVED):
        some = first[start : start + _MOVED]
        rows[start : start + len(some)] = rows[some]
    return rows[: len(first)]


def fingerprints(rows: np.ndarray) -> np.ndarray:
    """Return a number for each row (n,) uint64: a sum of its 32-bit words times odd numbers.

    Of a million different rows two share one with a probability of about 10⁻⁷.
    """
    words = np.ascontiguousarray(rows).view(np.uint32)
    odd = np.random.default_rng(0).integers(2**63, size=words.shape[1], dtype=np.uint64) * 2 + 1
    step = max(1, 2**20 // words.shape[1])
    return np.concatenate([words[i : i + step] @ odd for i in range(0, len(words), step)] or [np.zeros(0, np.uint64)])


def agree(stale: np.ndarray, nearest: np.ndarray, cosine: np.ndarray) -> None:
    """Tell the nearest of each stale group of it, where it has none as near: cells may have hidden the one from it."""
    known = stale[nearest[stale] >= 0]
    order = known[np.lexsort((known, -cosine[known], nearest[known]))]
    best = order[np.flatnonzero(np.diff(nearest[order], prepend=-1))]
    other = nearest[best]
    nearer = cosine[best] > cosine[other]
    nearest[other[nearer]], cosine[other[nearer]] = best[nearer], cosine[best[nearer]]


def mutual(active: np.ndarray, nearest: np.ndarray, cosine: np.ndarray) -> np.ndarray:
    """Return of each pair of active groups that are each other's nearest the one with the smaller number."""
    first = active[nearest[nearest[active]] == active]
    first = first[first < nearest[first]]
    # Exact cosines always leave such a pair; where rounding has left none, the nearest of all merges.
    return first if len(first) else active[[cosine[active].argmax()]]


def _roots(root: np.ndarray) -> np.ndarray:
    """Follow each row to the group that it ended in."""
    while not np.array_equal(root, root[root]):
        root = root[root]
    return root
