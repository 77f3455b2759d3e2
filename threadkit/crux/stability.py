"""How stable each crux is: how much of it is found again when other threads had been exported."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from threadkit.crux.cluster import CruxClusterer
from threadkit.crux.voices import weigh_once

if TYPE_CHECKING:
    from collections.abc import Callable

    from threadkit.crux.opposed import Opposition

# Draws of threads in a run: the figure's standard error is then about a third of one draw's spread. Each costs as much
# as grouping, so that a run of more comments than these, all draws together, draws less often.
DRAWS, COMMENTS_DRAWN = 10, 300_000


def draws_of(n_comments: int) -> int:
    """Return how many times the threads of a run are drawn anew, unless the user says otherwise.

    >>> [draws_of(n) for n in (100, 30_000, 100_000, 1_000_000)]
    [10, 10, 3, 1]
    """
    return max(1, min(DRAWS, COMMENTS_DRAWN // max(1, n_comments)))


def under_other_threads(
    vectors: np.ndarray,
    labels: np.ndarray,
    threads: np.ndarray,
    clusterer: CruxClusterer,
    draws: int,
    seed: int,
    done: Callable[[int], None] | None = None,
    voice: np.ndarray | None = None,
    foes: Opposition | None = None,
) -> np.ndarray:
    """Return how stable each group is, 0 to 1; NaN where no draw held two of its voices.

    Whole threads are drawn with replacement, doubles dropped (about 63 % of them remain), and what they hold is
    grouped afresh, with another seed. A group's figure is the mean over draws of the largest Jaccard index between
    its members that were drawn and any group found: C. Hennig, Cluster-wise assessment of cluster stability,
    Computational Statistics & Data Analysis 52 (2007), https://doi.org/10.1016/j.csda.2006.11.025. He calls groups
    above 0.75 stable and below 0.6 not to be trusted.

    Parameters
    ----------
    vectors : ndarray of shape (n, dim)
        What was grouped.
    labels : ndarray of shape (n,)
        The groups, numbered from 0; −1 = in none.
    threads : ndarray of shape (n,)
        The thread of each row, as any sortable name.
    clusterer : CruxClusterer
        How they were grouped; it is not fitted here.
    draws : int
        How many times threads are drawn; 0 gives NaN everywhere.
    seed : int
        Seed of the draws.
    done : callable or None
        Called with 1 after each draw.
    voice : ndarray of shape (n,) or None
        Whose objection each is (crux/voices.py), which weigh one together; −1 = it does not count; None = each weighs
        one.
    foes : Opposition or None
        Who objects to whom: groups are parted by it, as those of `labels` were.

    Returns
    -------
    ndarray of shape (n_groups,), float64
    """
    n = int(labels.max(initial=-1)) + 1
    total, count = np.zeros(n), np.zeros(n)
    names, thread = np.unique(threads, return_inverse=True)
    voice = np.arange(len(labels)) if voice is None else voice
    rng = np.random.default_rng(seed)
    for draw in range(draws):
        drawn = np.zeros(len(names), dtype=bool)
        drawn[rng.integers(len(names), size=len(names))] = True
        rows = np.flatnonzero(drawn[thread] & (voice >= 0))
        weight = weigh_once(voice[rows])
        inside = labels[rows] >= 0
        # Fewer than two voices cannot be found apart or together.
        held = np.bincount(labels[rows][inside], weight[inside], minlength=n).round(9) >= 2
        if held.any():
            settings = clusterer.get_params() | {"random_state": seed + 1 + draw}
            found = CruxClusterer(**settings).group_rows(vectors, rows, weight)
            if foes:
                found = _parted(foes, found, vectors, rows, weight)
            total[held] += best_jaccard(labels[rows], found, n)[held]
            count += held
        if done:
            done(1)
    return np.asarray(np.divide(total, count, out=np.full(n, np.nan), where=count > 0))


def _parted(
    foes: Opposition, found: np.ndarray, vectors: np.ndarray, rows: np.ndarray, weight: np.ndarray
) -> np.ndarray:
    """Return the groups of some rows after `foes` parted them."""
    labels, counts = np.full(len(vectors), -1), np.zeros(len(vectors))
    labels[rows], counts[rows] = found, weight
    return np.asarray(foes.part(labels, vectors, counts)[rows])


def best_jaccard(groups: np.ndarray, found: np.ndarray, n: int) -> np.ndarray:
    """Return for each of n groups the largest Jaccard index with a group found (n,); −1 = in none.

    >>> best_jaccard(np.array([0, 0, 1, 1, -1]), np.array([0, 0, 0, -1, -1]), 2).round(2).tolist()
    [0.67, 0.5]
    """
    size = np.bincount(groups[groups >= 0], minlength=n)
    size_found = np.bincount(found[found >= 0], minlength=1)
    both = (groups >= 0) & (found >= 0)
    # Rows of one group and one found group are counted together: never a dense table of groups × groups.
    shared = (
        sparse.coo_matrix((np.ones(int(both.sum())), (groups[both], found[both])), shape=(n, len(size_found)))
        .tocsr()
        .tocoo()
    )
    index = shared.data / (size[shared.row] + size_found[shared.col] - shared.data)
    best = np.zeros(n)
    np.maximum.at(best, shared.row, index)
    # A member in no group is alone; a group all of whose members are alone keeps one of them.
    alone = np.bincount(groups[(groups >= 0) & (found < 0)], minlength=n) > 0
    return np.where(alone, np.maximum(best, 1 / np.maximum(size, 1)), best)
