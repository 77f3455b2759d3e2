"""Read corpora/conversations: comments, and what stance replies take toward them, of which the tone does not tell."""

from __future__ import annotations

import json
from typing import Any

from training import ROOT, some

FOLDER = ROOT / "corpora/conversations"

# The files that are only scored. What others say of their areas is not learnt from.
GATE = {"engineering", "health", "pastimes-and-work"}


def comments(part: str) -> list[dict[str, Any]]:
    """Return the comments of a part, train or gate."""
    held: list[dict[str, Any]] = []
    others: list[dict[str, Any]] = []
    for path in sorted(FOLDER.glob("*.jsonl")):
        (held if path.stem in GATE else others).extend(json.loads(line) for line in path.open(encoding="utf-8"))
    if part == "gate":
        return held
    areas = {row["area"] for row in held}
    return [row for row in others if row["area"] not in areas]


def pairs(part: str) -> tuple[list[tuple[str, str]], list[str]]:
    """Return the pairs of a comment and a reply of a part, train or gate (n), and what each reply does (n).

    That is disagree, neutral or agree.
    """
    known = [((row["parent"], reply["text"]), reply["stance"]) for row in comments(part) for reply in row["replies"]]
    return [pair for pair, _ in known], [stance for _, stance in known]


def drawn(n: int, seed: int) -> tuple[list[tuple[str, str]], list[str]]:
    """Return n of the pairs for training, and what their replies do. Raises ValueError where there are not so many."""
    return some(*pairs("train"), n, seed)
