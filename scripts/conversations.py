"""Read corpora/conversations: comments, and what stance replies take toward them, of which the tone does not tell."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from training import ROOT

FOLDER = ROOT / "corpora/conversations"

# The files that are only scored. What others say of their areas is not learnt from.
GATE = {"engineering", "health", "pastimes-and-work"}


def comments(part: str) -> list[dict[str, Any]]:
    """Return the comments of a part, train or gate."""
    files = {path.stem: path.read_text(encoding="utf-8").splitlines() for path in sorted(FOLDER.glob("*.jsonl"))}
    held = [json.loads(line) for name in files.keys() & GATE for line in files[name]]
    if part == "gate":
        return sorted(held, key=lambda row: str(row["parent"]))
    areas = {row["area"] for row in held}
    rows = [json.loads(line) for name in sorted(files.keys() - GATE) for line in files[name]]
    return [row for row in rows if row["area"] not in areas]


def pairs(part: str) -> tuple[list[tuple[str, str]], list[str]]:
    """Return the pairs of a comment and a reply of a part, train or gate (n), and what each reply does (n).

    That is disagree, neutral or agree.
    """
    known = [((row["parent"], reply["text"]), reply["stance"]) for row in comments(part) for reply in row["replies"]]
    return [pair for pair, _ in known], [stance for _, stance in known]


def drawn(n: int, seed: int) -> tuple[list[tuple[str, str]], list[str]]:
    """Return n of the pairs for training, and what their replies do. Raises ValueError where there are not so many."""
    return some(*pairs("train"), n, seed)


def some(
    known: list[tuple[str, str]], stances: list[str], n: int, seed: int
) -> tuple[list[tuple[str, str]], list[str]]:
    """Return n of the pairs, and their stances. Raises ValueError where there are not so many."""
    if len(known) < n:
        raise ValueError(f"There are {len(known)} such pairs for training; asked are {n}.")
    rows = np.random.default_rng(seed).choice(len(known), n, replace=False)
    return [known[i] for i in rows], [stances[i] for i in rows]
