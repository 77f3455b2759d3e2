"""Read corpora/conversations: comments, and what stance replies take toward them, whether or not their tone tells."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from training import ROOT, some

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = ROOT / "corpora/conversations"

# The files that are only scored: replies whose tone does not tell their stance, and replies as they come. What others
# say of their areas is not learnt from.
HELD = {"gate": ("engineering", "health", "pastimes-and-work"), "threads": ("threads-pandemic",)}


def comments(part: str) -> list[dict[str, Any]]:
    """Return the comments of a part: train, gate or threads."""
    held = {name: [row for stem in stems for row in _rows(FOLDER / f"{stem}.jsonl")] for name, stems in HELD.items()}
    if part in held:
        return held[part]
    areas = {row["area"] for rows in held.values() for row in rows}
    scored = {stem for stems in HELD.values() for stem in stems}
    learnt = [row for path in sorted(FOLDER.glob("*.jsonl")) if path.stem not in scored for row in _rows(path)]
    return [row for row in learnt if row["area"] not in areas]


def files(part: str) -> list[Path]:
    """Return the files of a part that is only scored, gate or threads."""
    return [FOLDER / f"{stem}.jsonl" for stem in HELD[part]]


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.open(encoding="utf-8")]


def pairs(part: str) -> tuple[list[tuple[str, str]], list[str]]:
    """Return the pairs of a comment and a reply of a part, train, gate or threads (n), and what each reply does (n).

    That is disagree, neutral or agree.
    """
    known = [((row["parent"], reply["text"]), reply["stance"]) for row in comments(part) for reply in row["replies"]]
    return [pair for pair, _ in known], [stance for _, stance in known]


def drawn(n: int, seed: int) -> tuple[list[tuple[str, str]], list[str]]:
    """Return n of the pairs for training, and what their replies do. Raises ValueError where there are not so many."""
    return some(*pairs("train"), n, seed)
