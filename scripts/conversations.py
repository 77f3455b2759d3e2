"""Read corpora/conversations: comments, and what stance replies take toward them, of which the tone does not tell."""

from __future__ import annotations

import json

import numpy as np
from training import ROOT

FOLDER = ROOT / "corpora/conversations"

# The files that are only scored: other subjects than those learnt from.
GATE = {"health", "pastimes-and-work"}


def pairs(part: str) -> tuple[list[tuple[str, str]], list[str]]:
    """Return the pairs of a comment and a reply of a part, train or gate (n), and what each reply does (n).

    That is disagree, neutral or agree.
    """
    paths = [path for path in sorted(FOLDER.glob("*.jsonl")) if (path.stem in GATE) == (part == "gate")]
    rows = [json.loads(line) for path in paths for line in path.open(encoding="utf-8")]
    known = [((row["parent"], reply["text"]), reply["stance"]) for row in rows for reply in row["replies"]]
    return [pair for pair, _ in known], [stance for _, stance in known]


def drawn(n: int, seed: int) -> tuple[list[tuple[str, str]], list[str]]:
    """Return n of the pairs for training, and what their replies do. Raises ValueError where there are not so many."""
    known, stances = pairs("train")
    if len(known) < n:
        raise ValueError(f"corpora/conversations holds {len(known)} pairs for training; asked are {n}.")
    rows = np.random.default_rng(seed).choice(len(known), n, replace=False)
    return [known[i] for i in rows], [stances[i] for i in rows]
