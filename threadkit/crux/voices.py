"""Who says what: an author's objections that make the same point are one voice, however often it is raised.

Each voice weighs one, shared by its objections, so that one loud author cannot make a crux or pull one together.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from threadkit.base.executor import one_numerical_thread
from threadkit.crux.cluster import unit
from threadkit.crux.linkage import merge


def voices(vectors: np.ndarray, authors: pd.Series, distance: float) -> np.ndarray:
    """Return the voice of each objection (n,), named by its first row.

    Parameters
    ----------
    vectors : ndarray of shape (n, dim)
        The objections.
    authors : Series of length n
        Who wrote each; NA = unknown, somebody else each time.
    distance : float
        Mean cosine distance at which groups stop merging.

    Examples
    --------
    >>> vectors = np.array([[1, 0], [1, 0.1], [0, 1], [1, 0]])
    >>> voices(vectors, pd.Series(["ada", "ada", "ada", None]), 0.4).tolist()
    [0, 0, 2, 3]
    """
    voice = np.arange(len(vectors))
    author = pd.factorize(authors)[0]
    order = np.argsort(author, kind="stable")
    order = order[author[order] >= 0]
    with one_numerical_thread():
        for rows in np.split(order, np.flatnonzero(np.diff(author[order])) + 1):
            if len(rows) > 1:
                voice[rows] = rows[merge(unit(vectors[rows]), distance, 1)]
    return voice


def weigh_once(voice: np.ndarray) -> np.ndarray:
    """Return what each row weighs, so that each voice weighs one (n,).

    >>> weigh_once(np.array([0, 0, 2])).tolist()
    [0.5, 0.5, 1.0]
    """
    return np.asarray(1 / np.bincount(voice)[voice]) if len(voice) else np.zeros(0)
