"""Read corpora/conversations: comments and what stance replies take toward them, written so that the tone does not tell."""

from __future__ import annotations

import json

import numpy as np
from training import ROOT

FOLDER = ROOT / "corpora/conversations"


def pairs() -> tuple[list[tuple[str, str]], list[str]]:
    """Return every pair of a comment and a reply (n), and what the reply does: disagree, neutral, agree (n)."""
    rows = [json.loads(line) for path in sorted(FOLDER.glob("*.jsonl")) for line in path.open(encoding="utf-8")]
    known = [((row["parent"], reply["text"]), reply["stance"]) for row in rows for reply in row["replies"]]
    return [pair for pair, _ in known], [stance for _, stance in known]


def drawn(n: int, seed: int) -> tuple[list[tuple[str, str]], list[str]]:
    """Return n of the pairs, and what their replies do. Raises ValueError where there are not so many."""
    known, stances = pairs()
    if len(known) < n:
        raise ValueError(f"corpora/conversations holds {len(known)} pairs; asked are {n}.")
    rows = np.random.default_rng(seed).choice(len(known), n, replace=False)
    return [known[i] for i in rows], [stances[i] for i in rows]
