"""Find the same cruxes in two runs: the average linkage that made the cruxes of each goes on across both.

The mean cosine between two groups is the product of their mean unit vectors, so that a group takes part with its
mean and its size, whatever the number of its objections. Groups of one run merge with each other only through a
group of the other run: their own run has kept them apart.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from threadkit.base.executor import available_threads, map_items
from threadkit.crux.cluster import BLOCK, centers, nearest, unit

# A group's side: 0 or 1 for the two runs, and this for one that holds cruxes of both.
BOTH = 2


def same_points(
    vectors: tuple[np.ndarray, np.ndarray], labels: tuple[np.ndarray, np.ndarray], distance: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return for each vector of two runs the number of its point, the same number in both; −1 = none.

    Parameters
    ----------
    vectors : tuple of ndarray of shape (n, dim)
        The objections of each run.
    labels : tuple of ndarray of shape (n,)
        The crux of each, 0 to n_cruxes − 1; −1 = in none. Such an objection joins the point whose objections
        are on average nearest, where that is within `distance`: the other run's crux may be raised only once.
    distance : float
        Mean cosine distance at which groups stop merging.
    """
    grouped = [label >= 0 for label in labels]
    means = np.concatenate([centers(unit(vectors[i][grouped[i]]), labels[i][grouped[i]]) for i in range(2)])
    sizes = np.concatenate([np.bincount(labels[i][grouped[i]]) for i in range(2)])
    n_a = int(labels[0].max(initial=-1)) + 1
    sides = (np.arange(len(means)) >= n_a).astype(np.int8)
    # One order of the groups, whichever run comes first, so that a tie falls the same way.
    order = np.lexsort((*means.T[::-1], sizes))
    point = np.empty(len(means), dtype=np.int64)
    point[order] = link(means[order], sizes[order], sides[order], distance)
    point = np.unique(point, return_inverse=True)[1].reshape(-1)
    middle = np.zeros((int(point.max(initial=-1)) + 1, means.shape[1]))
    np.add.at(middle, point[order], means[order] * sizes[order, None])
    middle /= np.maximum(np.bincount(point, sizes), 1)[:, None]
    out = []
    for i, own in enumerate((point[:n_a], point[n_a:])):
        found = np.append(own, -1)[labels[i]]
        found[~grouped[i]] = nearest(unit(vectors[i][~grouped[i]]), middle, distance)
        out.append(found)
    return out[0], out[1]


def link(means: np.ndarray, sizes: np.ndarray, sides: np.ndarray, distance: float) -> np.ndarray:
    """Merge groups of two sides while the mean cosine distance is within `distance`; return each one's first group.

    `means` (n, dim) are the mean unit vectors of the groups, `sizes` (n,) their members, `sides` (n,) 0 or 1.

    >>> means = np.array([[1, 0], [0.9, 0.3], [0.8, 0.6], [0, 1]])
    >>> link(means, np.ones(4), np.array([0, 1, 0, 1]), 0.3).tolist()
    [0, 0, 0, 3]
    """
    out = np.arange(len(means))
    if not len(means):
        return out
    for members in components(means, distance, None):
        if np.unique(sides[members]).size > 1:
            out[members] = members[_merge(means[members], sizes[members], sides[members], distance)]
    return out


def _merge(means: np.ndarray, sizes: np.ndarray, sides: np.ndarray, distance: float) -> np.ndarray:
    """Merge the nearest pair that may merge, over and over; each row remembers its nearest partner."""
    means, sizes, sides = means.astype(np.float64), sizes.astype(np.float64), sides.copy()
    group, alive = np.arange(len(means)), np.ones(len(means), dtype=bool)
    cosine, partner = _nearest_partner(group, means, sides, alive)
    while cosine.max() >= 1 - distance:
        first = int(cosine.argmax())
        i, j = sorted((first, int(partner[first])))
        means[i] = (means[i] * sizes[i] + means[j] * sizes[j]) / (sizes[i] + sizes[j])
        sizes[i] += sizes[j]
        sides[i] = BOTH
        group[group == j] = i
        alive[j], cosine[j] = False, -np.inf
        # Only who was nearest to one of the two must look again; to the others the merged group may be nearer now.
        stale = np.flatnonzero(alive & ((partner == i) | (partner == j) | (group == i)))
        cosine[stale], partner[stale] = _nearest_partner(stale, means, sides, alive)
        to_merged = np.where(alive, means @ means[i], -np.inf)
        to_merged[i] = -np.inf
        closer = to_merged > cosine
        cosine[closer], partner[closer] = to_merged[closer], i
    return group


def _nearest_partner(
    rows: np.ndarray, means: np.ndarray, sides: np.ndarray, alive: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return for each of the rows the highest mean cosine to a group it may merge with, and that group."""
    best, which = np.empty(len(rows)), np.empty(len(rows), dtype=np.int64)
    for start in range(0, len(rows), BLOCK):
        part = rows[start : start + BLOCK]
        cosine = means[part] @ means.T
        apart = (sides[part, None] == sides) & (sides != BOTH)
        cosine[apart | ~alive] = -np.inf
        cosine[np.arange(len(part)), part] = -np.inf
        which[start : start + BLOCK] = cosine.argmax(axis=1)
        best[start : start + BLOCK] = cosine.max(axis=1)
    return best, which


def components(rows: np.ndarray, distance: float, threads: int | None) -> list[np.ndarray]:
    """Return the row numbers of each connected component of the graph of pairs within `distance`.

    Blockwise: memory grows with the number of near pairs, not with the square of the rows.
    """
    thin = rows.astype(np.float32)

    def near(start: int) -> tuple[np.ndarray, np.ndarray]:
        close = thin[start : start + BLOCK] @ thin[start:].T >= 1 - distance - 1e-6
        left, right = np.nonzero(close)
        return left + start, right + start

    # One block's pairs are folded into the components at once, so that dense data cannot pile them up.
    label = np.arange(len(rows))
    starts = list(range(0, len(rows), BLOCK))
    width = threads or available_threads()
    for i in range(0, len(starts), width):
        pairs = map_items(near, starts[i : i + width], width)
        left = np.concatenate([label[p[0]] for p in pairs])
        right = np.concatenate([label[p[1]] for p in pairs])
        graph = sparse.coo_matrix((np.ones(len(left), dtype=bool), (left, right)), shape=(len(rows), len(rows)))
        label = connected_components(graph, directed=False)[1][label]
    order = np.argsort(label, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(label[order])) + 1)
