"""Score the four seeds: which of their lines quote which earlier line, most of them without a mark."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from training import DATA

if TYPE_CHECKING:
    from pathlib import Path

SEEDS = DATA.parent / "seeds"

# FORMATS.md lists which lines of the seeds quote which earlier line, most of them without a mark; None = words that the
# seed does not hold.
SEED_QUOTES: dict[str, dict[int, int | None]] = {
    "000": {80: 74, 94: 47, 96: 49, 119: 21, 137: 15, 157: 47, 199: 187, 203: 191, 213: 207, 217: 209, 221: 211},
    "001": {
        249: 3, 255: 108, 267: 117, 271: 156, 275: 175, 279: 190, 287: 204, 291: 215, 295: 217, 301: 257, 321: 313,
        325: 313, 335: 130, 339: 156, 343: 175, 349: 190, 353: 285, 357: 333, 361: 337, 365: 261, 371: 341, 375: 345,
        377: 347, 383: 355, 387: 359, 393: 381, 397: 385, 401: 399, 421: 413, 427: 263, 435: 261, 469: 206,
    },
    "002": {1: None, 22: None, 30: None, 35: 6, 36: None},
    "003": {54: 6},
}  # fmt: skip
# Words that a quote has at least.
MIN_SAID = 2
# A paragraph that turns round what it repeats: the seed and its line.
SEED_MIRROR = ("003", 60)


def paths() -> list[Path]:
    """Return the four seeds; where the folder is absent, one that would stand there."""
    return sorted(SEEDS.glob("00[0-3]_*.txt")) or [SEEDS / "000.txt"]


def score() -> dict[str, float]:
    """Score the seeds, read and traced: the share of their quotes that are found, and the mirror, which is none."""
    right = []
    for seed, wanted in SEED_QUOTES.items():
        lines, found = seed_segments(seed)
        for number, source in wanted.items():
            said = [taken for text, taken in found if holds(lines[number], text)]
            right.append(any(source is None or alike(lines[source], taken) for taken in said))
    lines, found = seed_segments(SEED_MIRROR[0])
    taken_for_quote = any(holds(lines[SEED_MIRROR[1]], text) for text, _ in found)
    return {"right": float(np.mean(right)), "mirrors_left": float(not taken_for_quote)}


def holds(line: str, said: str) -> bool:
    """Tell whether a line says some words, and more than a few of them."""
    return len(squash(said).split()) >= MIN_SAID and squash(said) in squash(line)


def alike(line: str, taken: str) -> bool:
    """Tell whether the words that a quote was traced to are a line of the source, a part of it, or hold it."""
    return holds(line, taken) or holds(taken, line)


def seed_segments(seed: str) -> tuple[list[str], list[tuple[str, str]]]:
    """Return a seed's lines, from 1, and the quotes that the product finds in it: their words, and those quoted."""
    import threadkit as tk
    from threadkit.base.progress import Silent
    from threadkit.dispute.quotes import mark, traced
    from threadkit.pipeline import ordered

    path = next(SEEDS.glob(f"{seed}_*.txt"))
    corpus = ordered(tk.read(str(path), progress=Silent()))
    segments, quotes = traced(corpus.comments, corpus.posts)
    texts = pd.concat([corpus.posts["text"], corpus.comments["text"]])
    marked = mark(segments, quotes)["text"].reindex(quotes.index)
    taken = ["" if pd.isna(row.start) else texts[row.source_id][row.start : row.stop] for row in quotes.itertuples()]
    return ["", *path.read_text().split("\n")], list(zip(marked, taken, strict=True))


def squash(text: str) -> str:
    """Return the letters and digits of a text: how two renderings of one paragraph are matched."""
    from threadkit.base.text import plain, words

    return " ".join(words(plain(text)))
