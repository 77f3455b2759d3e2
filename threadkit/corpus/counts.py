"""Counts of everything that a run read, skipped, repaired and found: what run.json says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from threadkit.base.lookup import repeated, true

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from threadkit.corpus.corpus import Corpus


def counts(corpus: Corpus, tables: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    """Count the corpus and the tables segments, quotes, stances, objections and cruxes."""
    comments, objections, cruxes = corpus.comments, tables["objections"], tables["cruxes"]
    return {
        "files": len(corpus.sources),
        "posts": len(corpus.posts),
        "comments": len(comments),
        "comments_stated": int((comments["origin"] == "stated").sum()),
        "comments_inferred": int((comments["origin"] == "inferred").sum()),
        "comments_by_status": _each(comments["status"]),
        "comments_by_language": by_language(tables["segments"]),
        "authors": int(comments["author"].nunique()),
        "problems": _each(corpus.problems["severity"]),
        "segments": _each(tables["segments"]["kind"]),
        "quotes_traced": int(tables["quotes"]["source_id"].notna().sum()),
        "quotes_untraced": int(tables["quotes"]["source_id"].isna().sum()),
        "judged": len(tables["stances"]),
        # The first look passed over them, they answer nobody else's words, or their language is not the model's.
        "not_judged": int((tables["segments"]["kind"] == "prose").sum()) - len(tables["stances"]),
        "concessions": int(tables["segments"]["concedes"].sum()),
        "stances": _each(tables["stances"]["stance"]),
        "objections": len(objections),
        "objections_by_kind": _each(objections["kind"].dropna()),
        "copies": int(objections["copy_of"].notna().sum()),
        "talk": int((true(objections["talk"]) & objections["copy_of"].isna()).sum()),
        "ungrouped": int((objections["crux_id"].isna() & objections["copy_of"].isna()).sum()),
        "cruxes": len(cruxes),
        "recurring": int(cruxes["recurring"].sum()),
        "answered": int(tables["answers"]["answered"].sum()),
    }


def _each(column: pd.Series) -> dict[str, int]:
    return {str(name): int(n) for name, n in column.value_counts().sort_index().items()}


def by_language(segments: pd.DataFrame) -> dict[str, int]:
    """Count the comments of each language (ISO 639-1); those whose language cannot be told are not among them."""
    known = segments[["comment_id", "language"]][segments["language"].notna().to_numpy()]
    return _each(known["language"][~repeated(known["comment_id"])])
