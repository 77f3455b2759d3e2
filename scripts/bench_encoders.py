"""Time the encoders on real passages, on one core: passages a second, and the megabytes of their weights.

    python scripts/bench_encoders.py --passages 20000

Passages are the replies of ../shared/data/stance and paragraphs of ../shared/data/threads, cut as objections are. The
network reads a twentieth of them.
"""

from __future__ import annotations

import time

import click
import numpy as np
from train_static import texts

from threadkit.base.weights import manifest
from threadkit.crux.encode import open_encoder


@click.command()
@click.option("--passages", default=20_000)
@click.option("--seed", default=0)
def main(passages: int, seed: int) -> None:
    """Print one line an encoder."""
    known = texts(passages, np.random.default_rng(seed))[-passages:]
    for name, weights in manifest().items():
        if weights.kind != "encoder":
            continue
        encoder = open_encoder(name, 1)
        encoder.encode(known[:64])  # loads the weights
        part = known if name.endswith("static") else known[: len(known) // 20]
        begun = time.perf_counter()
        encoder.encode(part)
        rate = len(part) / (time.perf_counter() - begun)
        length = np.mean([len(text) for text in part])
        click.echo(f"{name}: {rate:,.0f} passages/s of {length:.0f} characters, {weights.size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
