"""What kinds of disagreement make a crux, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from threadkit.corpus.kinds import KINDS
from threadkit.report.show import count

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd


def kinds_line(kinds: pd.Series) -> str:
    """Count the kinds of a crux's objections, the most frequent first; empty where none is told.

    >>> import pandas as pd
    >>> kinds_line(pd.Series(["evidence", "fact", None, "fact"], dtype="string"))
    'denies the fact 2, calls for evidence 1, unclear 1'
    """
    told = [(name, int((kinds == name).sum())) for name in KINDS]
    found = sorted([pair for pair in told if pair[1]], key=lambda pair: -pair[1])
    unclear = len(kinds) - sum(n for _, n in found)
    words = [f"{KINDS[name]} {count(n)}" for name, n in found]
    return ", ".join([*words, f"unclear {count(unclear)}"] if words and unclear else words)


def kinds_by_crux(objections: pd.DataFrame) -> Mapping[int, str]:
    """Return the line of each crux, by crux_id, copies left out; none where the run is older than the column."""
    if "kind" not in objections:
        return {}
    own = objections[objections["copy_of"].isna() & objections["crux_id"].notna()]
    return {int(crux): kinds_line(kinds) for crux, kinds in own["kind"].groupby(own["crux_id"].astype("int64"))}
