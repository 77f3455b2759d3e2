"""Group many objections: how near cells come to the exact groups, and what a million of them cost.

    python scripts/bench_clusterer.py --sizes 10000,100000,1000000

First real paragraphs of debates (../shared): the groups of two seeds beside each other and beside the exact ones, and
how many of the nearest neighbours within the cut the cells find. Then as many vectors as asked for, each size in
a process of its own: a third lie near a real paragraph (points that come back), the others between three (points of
their own).
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from pathlib import Path

import click
import numpy as np
from bench_grouping import paragraphs
from sklearn.metrics import adjusted_rand_score

from threadkit.base.executor import one_numerical_thread
from threadkit.crux.cells import Cells, Everywhere
from threadkit.crux.cluster import CruxClusterer, unit


def many(real: np.ndarray, n: int, seed: int = 0) -> np.ndarray:
    """Return n unit vectors (n, dim) float32 made of real ones."""
    rng = np.random.default_rng(seed)
    out = np.empty((n, real.shape[1]), dtype=np.float32)
    for start in range(0, n, 10_000):
        part = out[start : start + 10_000]
        drawn = real[rng.integers(len(real), size=(3, len(part)))]
        near = drawn[0] + rng.normal(scale=0.8 / real.shape[1] ** 0.5, size=part.shape)
        alone = rng.random(len(part)) >= 1 / 3
        part[:] = np.where(alone[:, None], drawn.sum(axis=0), near)
    return np.asarray(unit(out, np.float32))


def agreement(real: np.ndarray, threads: int) -> dict[str, float]:
    """Return how the groups of two seeds agree, exact and by cells, and how the cells' groups agree with the exact."""
    small = len(real) // 2
    exact = [CruxClusterer(random_state=seed, n_jobs=threads).fit_predict(real) for seed in (0, 1)]
    cells = [CruxClusterer(random_state=s, n_jobs=threads, max_exact=small).fit_predict(real) for s in (0, 1)]
    everyone = np.arange(len(real))
    with one_numerical_thread():
        near, cosine = Everywhere().look(real, everyone, everyone, threads)
        found, _ = Cells(real, 0, threads).look(real, everyone, everyone, threads)
    within = cosine >= 1 - CruxClusterer().distance
    return {
        "paragraphs": len(real),
        "exact: two seeds": adjusted_rand_score(*exact),
        "cells: two seeds": adjusted_rand_score(*cells),
        "cells beside exact": adjusted_rand_score(exact[0], cells[0]),
        "nearest found": float((near == found)[within].mean()),
        "groups, exact": int(exact[0].max()) + 1,
        "groups, cells": int(cells[0].max()) + 1,
        "ungrouped": float((exact[0] < 0).mean()),
    }


def measured(real: np.ndarray, n: int, threads: int) -> dict[str, float]:
    """Group n vectors and return seconds, and the peak memory of this process, of which the vectors are a part."""
    rows = many(real, n)
    begun, used = time.monotonic(), time.process_time()
    labels = CruxClusterer(random_state=0, n_jobs=threads).fit_predict(rows)
    return {
        "objections": n,
        "seconds": time.monotonic() - begun,
        "cpu seconds": time.process_time() - used,
        "peak GB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
        "vectors GB": rows.nbytes / 2**30,
        "groups": int(labels.max()) + 1,
        "ungrouped": float((labels < 0).mean()),
    }


@click.command()
@click.option("--paragraphs", "n_real", default=10_000, show_default=True, help="Real paragraphs to stand on.")
@click.option("--vectors", type=click.Path(path_type=Path), required=True, help="Their vectors (.npy); made if absent.")
@click.option("--sizes", default="10000,100000,1000000", show_default=True)
@click.option("--threads", default=2, show_default=True)
@click.option("--one", type=int, hidden=True, help="Measure this size in this process.")
def main(n_real: int, vectors: Path, sizes: str, threads: int, one: int | None) -> None:
    """Print the figures, one JSON object a line."""
    if one:
        click.echo(json.dumps(measured(np.load(vectors), one, threads)))
        return
    if not vectors.exists():
        from threadkit.crux.encode import SentenceEncoder

        np.save(vectors, SentenceEncoder(threads=threads).encode([text[:320] for text in paragraphs(n_real)]))
    click.echo(json.dumps(agreement(np.load(vectors), threads)))
    for size in sizes.split(","):
        command = [sys.executable, __file__, "--vectors", str(vectors), "--threads", str(threads), "--one", size]
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
