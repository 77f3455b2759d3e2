"""Places on the map: near objections look alike. The map draws; it decides nothing."""

from __future__ import annotations

import warnings

import numpy as np

from threadkit.base.executor import one_numerical_thread

# UMAP compiles itself for half a minute in every fresh process; up to this many rows t-SNE draws the map
# without that wait.
UMAP_FROM = 2000

# Neighbours that both methods preserve; with hardly more rows than that the principal axes say as much.
NEIGHBORS = 15


def place(vectors: np.ndarray, seed: int) -> np.ndarray:
    """Return places (n, 2) float32 of unit rows; equal rows fall on one place.

    UMAP (McInnes et al. 2018, https://arxiv.org/abs/1802.03426) from UMAP_FROM distinct rows on, below
    it t-SNE (van der Maaten & Hinton 2008), below NEIGHBORS + 2 the first two principal components.
    """
    distinct, inverse = np.unique(vectors, axis=0, return_inverse=True)
    n = len(distinct)
    draw = _principal if n < NEIGHBORS + 2 else _tsne if n < UMAP_FROM else _umap
    with one_numerical_thread():
        places = draw(distinct, seed)
    return np.nan_to_num(np.asarray(places, dtype=np.float32))[inverse.ravel()]


def _umap(rows: np.ndarray, seed: int) -> np.ndarray:
    from umap import UMAP

    with warnings.catch_warnings():
        # UMAP warns that a seed costs it its threads, which is what we want.
        warnings.filterwarnings("ignore", category=UserWarning, module="umap")
        drawing = UMAP(n_neighbors=NEIGHBORS, min_dist=0.1, random_state=seed, n_jobs=1, metric="cosine")
        return np.asarray(drawing.fit_transform(rows))


def _tsne(rows: np.ndarray, seed: int) -> np.ndarray:
    from sklearn.manifold import TSNE

    drawing = TSNE(perplexity=min(NEIGHBORS, (len(rows) - 1) / 3), metric="cosine", init="random", random_state=seed)
    return np.asarray(drawing.fit_transform(rows))


def _principal(rows: np.ndarray, seed: int) -> np.ndarray:  # noqa: ARG001  nothing is drawn at random
    places = np.zeros((len(rows), 2))
    if len(rows) > 1:
        middle = (rows - rows.mean(axis=0, keepdims=True)).astype(np.float64)
        left, size, _ = np.linalg.svd(middle, full_matrices=False)
        k = min(2, left.shape[1])
        # A singular vector's sign is arbitrary: fix it.
        sign = np.sign(left[np.abs(left[:, :k]).argmax(axis=0), np.arange(k)])
        places[:, :k] = left[:, :k] * size[:k] * np.where(sign == 0, 1, sign)
    return places
