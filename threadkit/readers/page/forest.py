"""Boosted trees as plain arrays: what a fitted model needs to score, and nothing that can run code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping


class Forest(NamedTuple):
    """Trees laid end to end; a node without a feature is a leaf."""

    bias: float
    roots: np.ndarray
    """The first node of each tree, (n_trees,)."""
    feature: np.ndarray
    """The feature that a node asks for, (n_nodes,); −1 at a leaf."""
    value: np.ndarray
    """The threshold up to which a node goes left; at a leaf, what it adds to the log odds, (n_nodes,)."""
    left: np.ndarray
    right: np.ndarray

    def log_odds(self, features: np.ndarray) -> np.ndarray:
        """Score rows of features, (n, n_features), as log odds, (n,).

        >>> stump = forest({"bias": 1, "roots": [0], "feature": [0, -1, -1], "value": [0.5, -2, 3],
        ...                 "left": [1, 0, 0], "right": [2, 0, 0]})
        >>> stump.log_odds(np.array([[0.0], [1.0]])).tolist()
        [-1.0, 4.0]
        """
        rows = np.arange(len(features))
        total = np.full(len(features), self.bias)
        for root in self.roots:
            node = np.full(len(features), root)
            inner = self.feature[node] >= 0
            while inner.any():
                at, row = node[inner], rows[inner]
                goes_left = features[row, self.feature[at]] <= self.value[at]
                node[inner] = np.where(goes_left, self.left[at], self.right[at])
                inner = self.feature[node] >= 0
            total += self.value[node]
        return total


def forest(stored: Mapping[str, Any]) -> Forest:
    """Read a forest from its lists."""
    whole = {name: np.array(stored[name], dtype=np.int64) for name in ("roots", "feature", "left", "right")}
    return Forest(float(stored["bias"]), value=np.array(stored["value"], dtype=float), **whole)
