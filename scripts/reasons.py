"""Read corpora/reasons: passages, and whether others speak for them, against them, or beside the point."""

from __future__ import annotations

import json

from training import ROOT, some

FOLDER = ROOT / "corpora/reasons"

# The files that are only scored: other subjects than those learnt from.
GATE = {"culture", "learning"}


def pairs(part: str) -> tuple[list[tuple[str, str]], list[str]]:
    """Return the pairs of a target and a unit of a part, train or gate (n), and what each unit does to it (n).

    That is disagree, neutral or agree.
    """
    paths = [path for path in sorted(FOLDER.glob("*.jsonl")) if (path.stem in GATE) == (part == "gate")]
    rows = [json.loads(line) for path in paths for line in path.open(encoding="utf-8")]
    known = [
        ((target, unit["text"]), stance)
        for row in rows
        for unit in row["units"]
        for target, stance in zip(row["targets"], unit["stances"], strict=True)
    ]
    return [pair for pair, _ in known], [stance for _, stance in known]


def drawn(n: int, seed: int) -> tuple[list[tuple[str, str]], list[str]]:
    """Return n of the pairs for training, and what their units do. Raises ValueError where there are not so many."""
    return some(*pairs("train"), n, seed)
