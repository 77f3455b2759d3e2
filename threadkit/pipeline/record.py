"""How a run was made: what run.json says, and whether a later run may go on from it."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import pandas as pd

from threadkit.base.errors import ModelError
from threadkit.base.provenance import versions
from threadkit.corpus.analysis import Analysis
from threadkit.corpus.counts import counts
from threadkit.corpus.tables import PROBLEMS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np

    from threadkit.corpus.corpus import Corpus
    from threadkit.pipeline.settings import Settings, Work

# The place of a problem that concerns a language and no file.
LANGUAGE = "language"

# Ids that are held at once while a run is given its name.
_IDS = 50_000


def bundle(
    corpus: Corpus,
    tables: dict[str, pd.DataFrame],
    vectors: np.ndarray,
    run: dict[str, Any],
    revisions: dict[str, str],
    work: Work,
) -> Analysis:
    """Put the tables together with how they were made."""
    counts_ = counts(corpus, tables)
    made = {
        "settings": asdict(work.settings),
        "versions": versions(),
        "models": revisions,
        "device": work.device,
        "sources": list(corpus.sources),
        "counts": counts_,
        **run,
    }
    problems = corpus.problems
    if work.settings.reads_english_only:
        problems = told_of_languages(problems, counts_["comments_by_language"])
    return Analysis(corpus.posts, corpus.comments, problems, vectors=vectors, run=made, **tables)


def told_of_languages(problems: pd.DataFrame, n_comments: Mapping[str, int]) -> pd.DataFrame:
    """Return the problems with one row for each language that was not judged; those of an earlier run are replaced."""
    kept = problems[problems["place"].fillna("") != LANGUAGE]
    rows = [
        {
            "place": LANGUAGE, "severity": "warning",
            "what": f"{n} comment{'s are' if n > 1 else ' is'} in another language than English: {name}",
            "cure": "counted, not judged: name a model that reads it with --stance-model, and one with --encoder",
        }
        for name, n in n_comments.items()
        if name != "en"
    ]  # fmt: skip
    return PROBLEMS.cast(pd.concat([kept, pd.DataFrame(rows)], ignore_index=True)) if rows else kept


def lineage(corpus: Corpus, settings: Settings) -> str:
    """Return a name that this run shares with every run that continues it, and with no other: 32 hex digits."""
    digest = hashlib.blake2b(repr(sorted(asdict(settings).items())).encode(), digest_size=16)
    for ids in (corpus.posts.index, corpus.comments.index):
        for start in range(0, len(ids), _IDS):
            digest.update(("\n" * (start > 0) + "\n".join(ids[start : start + _IDS])).encode())
    return digest.hexdigest()


def chained(merged: dict[int, int]) -> dict[str, int]:
    """Return what each merged crux is now, also where that has merged in its turn (JSON keys are text).

    >>> chained({4: 2, 2: 1})
    {'4': 1, '2': 1}
    """
    now = {}
    for gone, to in merged.items():
        while to in merged:
            to = merged[to]
        now[str(gone)] = to
    return now


def same_models(here: Mapping[str, str], before: Mapping[str, str]) -> None:
    """Refuse to go on from a run of other weights: raises ModelError naming the first that differs."""
    for model, revision in before.items():
        if here.get(model) != revision:
            raise ModelError(
                f"the earlier run was made with {model} of revision {revision}, here is {here.get(model)}: "
                "its vectors cannot be compared; run 'threadkit analyze' over all exports once more"
            )
