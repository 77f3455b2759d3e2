"""Score an analysis of corpora/demo by what was planted in it: objections, recurring points, the purity of cruxes."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
from seed_quotes import squash
from training import ROOT

DEMO = ROOT / "corpora/demo"
TRUTH = ROOT / "corpora/demo-truth"


def truth() -> pd.DataFrame:
    """Return what was planted: one row a paragraph."""
    return pd.DataFrame([json.loads(line) for line in (TRUTH / "objections.jsonl").read_text().splitlines()])


def score(analysis: Any, gold: pd.DataFrame) -> dict[str, float]:
    """Return precision, recall and F1 of objections; recall and purity of recurring points.

    A planted point is found when one recurring crux holds at least 30 % of its found objections; a crux
    is pure when at least half of its members that carry a point carry the same one.
    """
    prose = paragraphs(analysis.segments)
    # By post, not by comment: where a page lost its headers, a paragraph may fall to a neighbouring comment.
    post = analysis.comments["post_id"].reindex(prose["comment_id"])
    keys = {(p, squash(t)): s for s, p, t in zip(prose["part_of"], post, prose["text"], strict=True)}
    gold = gold.assign(
        segment_id=[keys.get((p, squash(t))) for p, t in zip(gold["post_id"], gold["text"], strict=True)]
    )
    matched = gold.dropna(subset=["segment_id"]).drop_duplicates("segment_id").set_index("segment_id")
    labels = matched[["stance", "point", "copy"]].rename(columns={"stance": "gold"})
    # A paragraph that turns is found by either of its parts.
    found = analysis.objections.assign(part_of=prose["part_of"].reindex(analysis.objections.index))
    found = found.join(labels, on="part_of", how="inner").drop_duplicates("part_of")
    n_right = int((found["gold"] == "disagree").sum())
    n_gold = int((matched["stance"] == "disagree").sum())
    precision, recall = n_right / max(1, len(found)), n_right / max(1, n_gold)
    pointed = found[found["point"].notna() & found["crux_id"].notna() & found["copy_of"].isna()]
    recurring = analysis.cruxes.index[analysis.cruxes["recurring"]]
    table = pd.crosstab(pointed["point"], pointed["crux_id"].astype("int64"))
    total = matched.loc[(matched["stance"] == "disagree") & ~matched["copy"].astype(bool), "point"].value_counts()
    shares = table.reindex(columns=recurring.intersection(table.columns)).div(total, axis=0).max(axis=1)
    pure = table.max(axis=0) / table.sum(axis=0)
    return {
        "matched": len(matched) / len(gold),
        "objection_precision": precision,
        "objection_recall": recall,
        "objection_f1": 2 * precision * recall / max(1e-9, precision + recall),
        "points_found": float((shares.reindex(total.index).fillna(0) >= 0.3).mean()),
        "crux_purity": float(pure[table.sum(axis=0) >= 2].mean()) if len(pure) else 0.0,
    }


def paragraphs(segments: pd.DataFrame) -> pd.DataFrame:
    """Return the prose segments with the words of the whole paragraph, and the id of its first part (`part_of`)."""
    from threadkit.dispute.segment import goes_on

    begins = np.append(True, ~goes_on(segments)[:-1])[: len(segments)]
    first = pd.Series(segments.index, index=segments.index).where(begins).ffill()
    whole = segments.groupby(first.to_numpy(), sort=False)["text"].agg(" ".join)
    table = segments.assign(part_of=first, text=whole.reindex(first).to_numpy())
    return table[table["kind"] == "prose"]
