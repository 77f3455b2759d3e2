"""What kinds of disagreement make a crux, in words."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from threadkit.corpus.kinds import KINDS
from threadkit.report.show import count

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd


def kinds_line(kinds: Iterable[object]) -> str:
    """Count the kinds of a crux's objections, the most frequent first; empty where none is told.

    >>> kinds_line(["evidence", "fact", None, "fact"])
    'denies the fact 2, calls for evidence 1, unclear 1'
    """
    told = Counter(kinds)
    found = sorted(((name, told[name]) for name in KINDS if told[name]), key=lambda pair: -pair[1])
    unclear = told.total() - sum(n for _, n in found)
    words = [f"{KINDS[name]} {count(n)}" for name, n in found]
    return ", ".join([*words, f"unclear {count(unclear)}"] if words and unclear else words)


def kinds_by_crux(objections: pd.DataFrame) -> Mapping[int, str]:
    """Return the line of each crux, by crux_id, copies left out."""
    own = objections[objections["copy_of"].isna() & objections["crux_id"].notna()]
    kinds = defaultdict(list)
    for crux_id, kind in zip(own["crux_id"].astype("int64").tolist(), own["kind"].to_numpy(object), strict=True):
        kinds[crux_id].append(kind)
    return {crux_id: kinds_line(of_crux) for crux_id, of_crux in kinds.items()}
