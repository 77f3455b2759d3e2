"""Places on the map: near objections look alike. The map draws; it decides nothing."""

from __future__ import annotations

import warnings

import numpy as np

from threadkit.base.executor import available_threads, map_items, one_numerical_thread
from threadkit.crux.linkage import fingerprints

# UMAP compiles itself for a minute in every fresh process (measured on 5,000 paragraphs: 93 s of a processor, of which
# 85 s are compiling): with fewer rows than this t-SNE draws the map sooner.
UMAP_FROM = 100_000

# Steps of t-SNE, and how far off points may be that push together (Barnes-Hut's angle). On 2,600 paragraphs 500 steps
# take 10 s, and 0.905 of the neighbours are true ones (trustworthiness of 15); 1,000 take 20 s for 0.908. On 6,671 an
# angle of 0.8 takes 28 s for 0.858, one of 0.5 takes 47 s for 0.859, 300 steps take 21 s for 0.773.
STEPS, ANGLE = 500, 0.8

# MiB of cosines that t-SNE holds at once: 6,000 rows then take 54 MB instead of 384 (throw-away script).
WORKING_MEMORY = 64

# Rows that UMAP draws: its time and memory grow with them, so of more a sample is drawn, and the others placed beside.
DRAWN = 10_000

# Neighbours that both methods preserve; with hardly more rows than that the principal axes say as much.
NEIGHBORS = 15

# Known rows that a new one is placed among, and rows of one block of their similarities.
NEAREST = 5
BLOCK = 256


def place(vectors: np.ndarray, seed: int, threads: int | None = None) -> np.ndarray:
    """Return places (n, 2) float32 of unit rows; equal rows fall on one place.

    UMAP (McInnes et al. 2018, https://arxiv.org/abs/1802.03426) from UMAP_FROM distinct rows on, below
    it t-SNE (van der Maaten & Hinton 2008), below NEIGHBORS + 2 the first two principal components. Of more than
    DRAWN distinct rows a sample is drawn, and the others stand beside those that they are like. The result does not
    depend on `threads`.
    """
    # By their fingerprints rows are in one order, whatever order they come in; no copy of all of them is made.
    first, inverse = np.unique(fingerprints(vectors), return_index=True, return_inverse=True)[1:]
    n = len(first)
    draw = _principal if n < NEIGHBORS + 2 else _tsne if n < UMAP_FROM else _umap
    sample = np.zeros(n, dtype=bool)
    sample[np.random.default_rng(seed).permutation(n)[:DRAWN]] = True
    places = np.empty((n, 2), dtype=np.float32)
    drawn = vectors[first[sample]]
    with one_numerical_thread():
        places[sample] = np.nan_to_num(draw(drawn, seed))
    places[~sample] = place_beside(vectors, drawn, places[sample], first[~sample], threads)
    return places[inverse]


def place_beside(
    vectors: np.ndarray,
    known: np.ndarray,
    places: np.ndarray,
    which: np.ndarray | None = None,
    threads: int | None = None,
) -> np.ndarray:
    """Return places (n, 2) float32 of unit rows among `known` rows that have their `places` (m, 2) already.

    `which` names the rows that are wanted, None = all. Each row stands at the mean of its NEAREST most similar known
    rows, weighted by their cosine: the map that a reader knows stays as it is.
    """
    which = np.arange(len(vectors)) if which is None else which
    out = np.zeros((len(which), 2), dtype=np.float32)
    if not len(known):
        return out
    n = min(NEAREST, len(known))

    def part(start: int) -> None:
        cosine = vectors[which[start : start + BLOCK]] @ known.T
        near = np.argpartition(-cosine, n - 1, axis=1)[:, :n]
        weight = np.maximum(np.take_along_axis(cosine, near, axis=1), 1e-6)[:, :, None]
        out[start : start + BLOCK] = (places[near] * weight).sum(axis=1) / weight.sum(axis=1)

    map_items(part, range(0, len(which), BLOCK), threads or available_threads())
    return out


def _umap(rows: np.ndarray, seed: int) -> np.ndarray:
    from umap import UMAP

    with warnings.catch_warnings():
        # UMAP warns that a seed costs it its threads, which is what we want.
        warnings.filterwarnings("ignore", category=UserWarning, module="umap")
        drawing = UMAP(n_neighbors=NEIGHBORS, min_dist=0.1, random_state=seed, n_jobs=1, metric="cosine")
        return np.asarray(drawing.fit_transform(rows))


def _tsne(rows: np.ndarray, seed: int) -> np.ndarray:
    from sklearn import config_context
    from sklearn.manifold import TSNE

    drawing = TSNE(
        perplexity=min(NEIGHBORS, (len(rows) - 1) / 3),
        metric="cosine",
        init="pca",
        max_iter=STEPS,
        angle=ANGLE,
        random_state=seed,
    )
    # What each row is compared with is held block by block: else all cosines of the sample would be held at once.
    with config_context(working_memory=WORKING_MEMORY):
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
