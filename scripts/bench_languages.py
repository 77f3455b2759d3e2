"""How fast languages are told, and how much real English is taken for another language.

    python scripts/bench_languages.py --comments 30000

Comments are drawn from ../shared/data/threads, forums whose members write English: each that is called foreign is
printed, so that one can see whether it is.
"""

from __future__ import annotations

import random
import time
from collections import Counter

import click
from training import DATA, rows

from threadkit.dispute.language import ENGLISH, language


@click.command()
@click.option("--comments", default=30_000)
@click.option("--seed", default=0)
def main(comments: int, seed: int) -> None:
    """Print comments a second of processor time, counts of languages, and what is called foreign."""
    texts = []
    for path in sorted((DATA / "threads").glob("*.jsonl.gz")):
        for row in rows(path):
            texts += [post["text"] or "" for post in row["posts"]] if "posts" in row else [row["raw"]]
    texts = random.Random(seed).sample(texts, min(comments, len(texts)))
    begun = time.process_time()
    told = [language(text) for text in texts]
    seconds = time.process_time() - begun
    click.echo(f"{len(texts)} comments, {len(texts) / seconds:,.0f} a second of one processor: {dict(Counter(told))}")
    for text, name in zip(texts, told, strict=True):
        if name not in {ENGLISH, None}:
            click.echo(f"{name}: {' '.join(text.split())[:200]}")


if __name__ == "__main__":
    main()
