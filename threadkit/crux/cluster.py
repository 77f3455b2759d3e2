"""Group same-point vectors: average linkage, cut at a distance, whatever the number of groups.

Two groups merge while the mean cosine distance between their members is at most `distance`. Average linkage
at a cut is the same inside each connected component of the graph that joins vectors nearer than the cut
(two groups can only merge if some pair of theirs is that near), so components are found blockwise, and the
quadratic step is paid inside components only. A component beyond `max_exact` rows is grouped on a sample, the
rest join the group they are nearest to, and what joins none is grouped again.
"""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse.csgraph import connected_components
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted, validate_data

from threadkit.base.executor import available_threads, map_items
from threadkit.base.output import write_bytes

if TYPE_CHECKING:
    from pathlib import Path

# Mean cosine distance at which groups stop merging. Chosen on the KPA train topics that training keeps
# aside, by scripts/train_point.py (it prints the figures at each distance): best adjusted Rand.
DISTANCE = 0.45

# Rows of one block of the distance computation: 2,048 × 10,000 float32 is 80 MB.
BLOCK = 2048


class CruxClusterer(ClusterMixin, BaseEstimator):  # type: ignore[misc]
    """Group vectors whose directions agree; a vector near no other is in no group (−1).

    Parameters
    ----------
    distance : float
        Mean cosine distance, 0 to 2, at which groups stop merging.
    min_size : int
        Groups with fewer members are dissolved.
    max_exact : int
        Rows of the largest component that is grouped exactly; memory grows with its square.
    random_state : int or None
        Seed of the sample that larger components are grouped on.
    n_jobs : int or None
        Threads; None takes all that the process may use. The result does not depend on it.

    Attributes
    ----------
    labels_ : ndarray of shape (n_samples,)
        Group of each row, 0 for the largest; −1 = in no group.
    centers_ : ndarray of shape (n_groups, n_features), float64
        Mean of the unit vectors of each group; its product with a unit vector is the mean cosine to the members.
    strengths_ : ndarray of shape (n_samples,), float32
        Mean cosine to the other members of the group, clipped to 0..1; 0 where in no group.

    Examples
    --------
    >>> X = np.array([[1, 0], [1, 0.1], [0, 1], [0.1, 1], [-1, -1]])
    >>> CruxClusterer(distance=0.3, random_state=0).fit_predict(X).tolist()
    [1, 1, 0, 0, -1]
    """

    def __init__(
        self,
        distance: float = DISTANCE,
        min_size: int = 2,
        max_exact: int = 8_000,
        random_state: int | None = None,
        n_jobs: int | None = None,
    ) -> None:
        self.distance = distance
        self.min_size = min_size
        self.max_exact = max_exact
        self.random_state = random_state
        self.n_jobs = n_jobs

    def fit(self, X: Any, y: Any = None) -> CruxClusterer:  # noqa: ARG002  scikit-learn's signature
        """Group the rows of X (n_samples, n_features); rows need not have unit length."""
        if not 0 < self.distance <= 2:
            raise ValueError(f"distance is {self.distance}, it must lie above 0 and at most at 2")
        X = validate_data(self, X, dtype=[np.float64, np.float32], ensure_min_samples=1)
        # Every step below sees the rows in one order, so that their order in X does not matter.
        order = np.lexsort(X.T[::-1])
        rows = unit(X[order])
        found = self._group(rows, check_random_state(self.random_state))
        labels = np.empty(len(X), dtype=np.int64)
        labels[order] = by_size(found, self.min_size)
        self.labels_ = labels
        self.centers_ = centers(unit(X), labels, order)
        self.strengths_ = strengths(unit(X), labels, self.centers_)
        return self

    def predict(self, X: Any) -> np.ndarray:
        """Return the group whose members are on average nearest, −1 where none is within `distance`."""
        check_is_fitted(self)
        X = validate_data(self, X, dtype=[np.float64, np.float32], reset=False)
        return nearest(unit(np.asarray(X)), self.centers_, self.distance)

    def save(self, path: str | Path) -> None:
        """Store what `predict` needs, and how it was fitted, in one .npz file; nothing in it can run code."""
        check_is_fitted(self)
        stream = io.BytesIO()
        np.savez_compressed(
            stream,
            settings=np.array(json.dumps(self.get_params())),
            labels=self.labels_,
            centers=self.centers_,
            strengths=self.strengths_,
        )
        write_bytes(path, stream.getvalue())

    @classmethod
    def load(cls, path: str | Path) -> CruxClusterer:
        """Return a fitted clusterer that was saved: it predicts as it did before, bit for bit."""
        with np.load(path, allow_pickle=False) as stored:
            self = cls(**json.loads(str(stored["settings"])))
            self.labels_, self.centers_, self.strengths_ = stored["labels"], stored["centers"], stored["strengths"]
        self.n_features_in_ = self.centers_.shape[1]
        return self

    def _group(self, rows: np.ndarray, random: np.random.RandomState) -> np.ndarray:
        labels = np.empty(len(rows), dtype=np.int64)
        offset = 0
        for members in components(rows, self.distance, self.n_jobs):
            if len(members) <= self.max_exact:
                part = cut_tree(rows[members], self.distance)
            else:
                part = self._group_sample(rows[members], random)
            labels[members] = part + offset
            offset += int(part.max()) + 1
        return labels

    def _group_sample(self, rows: np.ndarray, random: np.random.RandomState) -> np.ndarray:
        """Group a component that is too large for one tree: a sample first, then what fits no group of it."""
        sample = np.sort(random.choice(len(rows), self.max_exact, replace=False))
        found = by_size(cut_tree(rows[sample], self.distance), 2)
        labels = nearest(rows, centers(rows[sample], found), self.distance)
        labels[sample] = found
        rest = np.flatnonzero(labels < 0)
        if len(rest) < len(rows):
            labels[rest] = self._group(rows[rest], random) + labels.max() + 1
        else:
            labels[rest] = np.arange(len(rest))
        return labels


def unit(X: np.ndarray) -> np.ndarray:
    """Return rows of unit length, float64; a row of zeros stays."""
    X = X.astype(np.float64)
    return np.asarray(X / np.maximum(np.linalg.norm(X, axis=1, keepdims=True), 1e-300))


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


def cut_tree(rows: np.ndarray, distance: float) -> np.ndarray:
    """Return the groups (n,) of average linkage on cosine distance, cut at `distance`; from 0 up."""
    from threadkit.base.executor import one_numerical_thread

    n = len(rows)
    if n == 1:
        return np.zeros(1, dtype=np.int64)
    # The condensed distances are filled block by block: the square matrix would be twice their size, beside them.
    apart = np.empty(n * (n - 1) // 2)
    with one_numerical_thread():
        for start in range(0, n, BLOCK):
            cosine = rows[start : start + BLOCK] @ rows.T
            for i, row in enumerate(cosine, start):
                at = n * i - i * (i + 1) // 2
                np.maximum(1 - row[i + 1 :], 0, out=apart[at : at + n - i - 1])
    tree = linkage(apart, method="average")
    return np.asarray(fcluster(tree, distance, criterion="distance"), dtype=np.int64) - 1


def by_size(labels: np.ndarray, min_size: int) -> np.ndarray:
    """Renumber groups from the largest down, ties by their first row; smaller than `min_size` becomes −1.

    >>> by_size(np.array([5, 7, 7, 9]), 2).tolist()
    [-1, 0, 0, -1]
    """
    names, first, inverse, size = np.unique(labels, return_index=True, return_inverse=True, return_counts=True)
    rank = np.lexsort((first, -size))
    kept = rank[(size[rank] >= min_size) & (names[rank] >= 0)]
    number = np.full(len(names), -1, dtype=np.int64)
    number[kept] = np.arange(len(kept))
    return number[inverse]


def centers(rows: np.ndarray, labels: np.ndarray, order: np.ndarray | None = None) -> np.ndarray:
    """Return the mean row of each group (n_groups, n_features); sums run in `order` to fix their last bits."""
    order = np.arange(len(rows)) if order is None else order
    order = order[labels[order] >= 0]
    n = int(labels.max(initial=-1)) + 1
    member = sparse.csr_matrix((np.ones(len(order)), (labels[order], np.arange(len(order)))), shape=(n, len(order)))
    sums = np.asarray(member @ rows[order])
    return np.asarray(sums / np.maximum(np.bincount(labels[order], minlength=n), 1)[:, None])


def nearest(rows: np.ndarray, middle: np.ndarray, distance: float) -> np.ndarray:
    """Return the group with the highest mean cosine, −1 where that is below 1 − distance."""
    if not len(middle):
        return np.full(len(rows), -1, dtype=np.int64)
    out = np.empty(len(rows), dtype=np.int64)
    for start in range(0, len(rows), BLOCK):
        cosine = rows[start : start + BLOCK] @ middle.T
        best = cosine.argmax(axis=1)
        out[start : start + BLOCK] = np.where(cosine[np.arange(len(best)), best] >= 1 - distance, best, -1)
    return out


def strengths(rows: np.ndarray, labels: np.ndarray, middle: np.ndarray) -> np.ndarray:
    """Return each row's mean cosine to the other members of its group, 0..1; 0 where it is in none."""
    out = np.zeros(len(rows), dtype=np.float32)
    grouped = labels >= 0
    own = labels[grouped]
    size = np.bincount(own, minlength=len(middle))[own]
    to_all = np.einsum("ij,ij->i", rows[grouped], middle[own])
    out[grouped] = np.clip((to_all * size - 1) / np.maximum(size - 1, 1), 0, 1)
    return out
