"""Group same-point vectors: average linkage, cut at a distance, whatever the number of groups.

Two groups merge while the mean cosine distance between their members is at most `distance` (crux/linkage.py). Beyond
`max_exact` rows near ones are looked for in cells (crux/cells.py), so that a million take minutes. Merging further
gives broader groups, stopping earlier narrower ones: every layer holds the next one's groups whole.
"""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.utils import check_random_state
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from threadkit.base.output import write_bytes
from threadkit.crux.linkage import MAX_EXACT, average_linkage, fingerprints

if TYPE_CHECKING:
    from pathlib import Path

# Mean cosine distance at which groups stop merging. scripts/choose_distance.py prints the figures on the topics that
# training keeps aside: adjusted Rand is flat from about 0.43 to 0.53. The lower end, for in real threads most
# objections make a point that nobody else makes, and a crux that mixes two points is worse than two cruxes.
DISTANCE = 0.43

# Rows that are worked on at once, and columns of all rows.
BLOCK, COLUMNS = 2048, 32

# Columns by whose values rows are put in order before their bytes are.
N_SORTED = 16


class CruxClusterer(ClusterMixin, BaseEstimator):  # type: ignore[misc]
    """Group vectors whose directions agree; a vector near no other is in no group (−1).

    Parameters
    ----------
    distance : float
        Mean cosine distance, 0 to 2, at which groups stop merging.
    min_size : int
        Groups with fewer members, or whose members weigh less together, are dissolved.
    max_exact : int
        Rows that are grouped exactly; the time that takes grows with their square, the memory does not.
    random_state : int or None
        Seed of the leaders of the cells in which more rows look for one another.
    n_jobs : int or None
        Threads; None takes all that the process may use. The result does not depend on it.

    Attributes
    ----------
    labels_ : ndarray of shape (n_samples,)
        Group of each row, 0 for the largest; −1 = in no group.
    centers_ : ndarray of shape (n_groups, n_features), float64
        Mean of the unit vectors of each group; its product with a unit vector is the mean cosine to the members.
    sizes_ : ndarray of shape (n_groups,), float64
        What the members of each group weigh together: their number, where no weights were given.
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
        max_exact: int = MAX_EXACT,
        random_state: int | None = None,
        n_jobs: int | None = None,
    ) -> None:
        self.distance = distance
        self.min_size = min_size
        self.max_exact = max_exact
        self.random_state = random_state
        self.n_jobs = n_jobs

    def fit(self, X: Any, y: Any = None, sample_weight: Any = None) -> CruxClusterer:  # noqa: ARG002  scikit-learn's signature
        """Group the rows of X (n_samples, n_features); rows need not have unit length.

        A row counts `sample_weight` (n_samples,) times, None = once; one of weight 0 makes no group and may join one.
        """
        if not 0 < self.distance <= 2:
            raise ValueError(f"distance is {self.distance}, it must lie above 0 and at most at 2")
        X = validate_data(self, X, dtype=[np.float64, np.float32], ensure_min_samples=1)
        weight = _check_sample_weight(sample_weight, X, dtype=np.float64, ensure_non_negative=True)
        # Every step sees the rows in one order, so that their order in X does not matter.
        order = in_one_order(X, weight)
        mine = weight[order]
        counts = mine > 0
        labels = np.full(len(X), -1, dtype=np.int64)
        labels[counts] = self._grouped(X, order[counts], mine[counts])
        rows = unit(X, self._dtype(len(X)), order)  # made again, not kept: of a million rows one copy fits beside X
        self.centers_ = centers(rows, labels, None, mine)
        self.sizes_ = np.bincount(labels[labels >= 0], mine[labels >= 0], len(self.centers_))
        labels[~counts] = nearest(rows[~counts], self.centers_, self.distance)
        self.labels_ = np.empty_like(labels)
        self.labels_[order] = labels
        self.strengths_ = np.empty(len(X), dtype=np.float32)
        self.strengths_[order] = strengths(rows, labels, self.centers_, mine)
        return self

    def group_rows(self, X: np.ndarray, rows: np.ndarray, weight: np.ndarray) -> np.ndarray:
        """Return the groups (n,) into which `fit` would put some rows of X; nothing is copied, nothing is kept of them.

        `rows` (n,) are their numbers, `weight` (n,) > 0 what each counts.
        """
        order = in_one_order(X, weight, rows)
        labels = np.empty(len(rows), dtype=np.int64)
        labels[order] = self._grouped(X, rows[order], weight[order])
        return labels

    def _grouped(self, X: np.ndarray, rows: np.ndarray, weight: np.ndarray) -> np.ndarray:
        """Return the groups (n,) of some rows of X, which come in one order: 0 for the heaviest, −1 for a light one."""
        found = average_linkage(
            unit(X, self._dtype(len(rows)), rows),
            self.distance,
            self.n_jobs,
            weight,
            max_exact=self.max_exact,
            seed=check_random_state(self.random_state).randint(2**31 - 1),
            overwrite=True,
        )
        return by_size(found, self.min_size, weight)

    def _dtype(self, n: int) -> type[np.floating[Any]]:
        return np.float64 if n <= self.max_exact else np.float32

    def broader(self, distance: float) -> np.ndarray:
        """Return for each group the broader group that it is part of when merging goes on to `distance` (n_groups,).

        Numbered from the largest down. What is in no group here is in none there.
        """
        check_is_fitted(self)
        if distance < self.distance:
            raise ValueError(f"distance is {distance}: a broader layer needs at least {self.distance}")
        return by_size(average_linkage(self.centers_, distance, self.n_jobs, self.sizes_), 0, self.sizes_)

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
            sizes=self.sizes_,
            strengths=self.strengths_,
        )
        write_bytes(path, stream.getvalue())

    @classmethod
    def load(cls, path: str | Path) -> CruxClusterer:
        """Return a fitted clusterer that was saved: it predicts as it did before, bit for bit."""
        with np.load(path, allow_pickle=False) as stored:
            self = cls(**json.loads(str(stored["settings"])))
            for name in ("labels", "centers", "sizes", "strengths"):
                setattr(self, f"{name}_", stored[name])
        self.n_features_in_ = self.centers_.shape[1]
        return self


def in_one_order(X: np.ndarray, weight: np.ndarray, rows: np.ndarray | None = None) -> np.ndarray:
    """Return the rows, those named or all, in an order (n,) that depends on what they are, not on where they stand.

    By the first columns, and where these are equal by all the bytes of a row, then by weight (n,).
    """
    some = slice(None) if rows is None else rows
    return np.lexsort((weight, fingerprints(X)[some], *X[some, :N_SORTED].T[::-1]))


def unit(X: np.ndarray, dtype: type[np.floating[Any]] = np.float64, order: np.ndarray | None = None) -> np.ndarray:
    """Return rows of unit length, those that `order` names (None = all); a row of zeros stays."""
    order = np.arange(len(X)) if order is None else order
    out = np.empty((len(order), X.shape[1]), dtype=dtype)
    for start in range(0, len(order), BLOCK):
        part = X[order[start : start + BLOCK]].astype(np.float64)
        out[start : start + BLOCK] = part / np.maximum(np.linalg.norm(part, axis=1, keepdims=True), 1e-300)
    return out


def by_size(labels: np.ndarray, min_size: float, weight: np.ndarray | None = None) -> np.ndarray:
    """Renumber groups from the heaviest down, ties by their first row; lighter than `min_size` becomes −1.

    >>> by_size(np.array([5, 7, 7, 9]), 2).tolist()
    [-1, 0, 0, -1]
    """
    names, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    # Rounded, so that three thirds are one whatever the order in which they are added.
    size = np.bincount(inverse, weight, minlength=len(names)).round(9)
    rank = np.lexsort((first, -size))
    kept = rank[(size[rank] >= min_size) & (names[rank] >= 0)]
    number = np.full(len(names), -1, dtype=np.int64)
    number[kept] = np.arange(len(kept))
    return number[inverse]


def centers(
    rows: np.ndarray,
    labels: np.ndarray,
    order: np.ndarray | None = None,
    weight: np.ndarray | None = None,
    n_groups: int | None = None,
) -> np.ndarray:
    """Return the mean row of each group (n_groups, n_features); sums run in `order` to fix their last bits.

    `n_groups` None = as many as the labels name; a group without rows has zeros.
    """
    order = np.arange(len(rows)) if order is None else order
    order = order[labels[order] >= 0]
    own = np.ones(len(order)) if weight is None else weight[order]
    n = int(labels.max(initial=-1)) + 1 if n_groups is None else n_groups
    member = sparse.csr_matrix((own, (labels[order], np.arange(len(order)))), shape=(n, len(order)))
    sums = np.empty((n, rows.shape[1]))
    for start in range(0, rows.shape[1], COLUMNS):  # a copy of some columns, never of all
        sums[:, start : start + COLUMNS] = member @ rows[order, start : start + COLUMNS].astype(np.float64)
    return np.asarray(sums / np.maximum(np.bincount(labels[order], own, minlength=n), 1e-300)[:, None])


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


def strengths(rows: np.ndarray, labels: np.ndarray, middle: np.ndarray, weight: np.ndarray | None = None) -> np.ndarray:
    """Return each row's mean cosine to the other members of its group, 0..1; 0 where it is in none."""
    out = np.zeros(len(rows), dtype=np.float32)
    grouped = labels >= 0
    own = labels[grouped]
    mine = np.ones(len(own)) if weight is None else weight[grouped]
    size = np.bincount(own, mine, minlength=len(middle))[own]
    which = np.flatnonzero(grouped)
    to_all = np.empty(len(which))
    for start in range(0, len(which), BLOCK):
        part = slice(start, start + BLOCK)
        to_all[part] = np.einsum("ij,ij->i", rows[which[part]], middle[own[part]], dtype=np.float64)
    others = np.maximum(size - mine, 1e-9)
    out[grouped] = np.clip((to_all * size - mine) / others, 0, 1)
    return out
