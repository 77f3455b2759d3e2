"""How a run was made: what run.json says, and whether a later run may go on from it."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from threadkit.base.errors import ModelError
from threadkit.base.provenance import versions
from threadkit.corpus.analysis import Analysis
from threadkit.corpus.counts import counts

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import pandas as pd

    from threadkit.corpus.corpus import Corpus
    from threadkit.pipeline.settings import Settings, Work


def bundle(
    corpus: Corpus,
    tables: dict[str, pd.DataFrame],
    vectors: np.ndarray,
    run: dict[str, Any],
    revisions: dict[str, str],
    work: Work,
) -> Analysis:
    """Put the tables together with how they were made."""
    made = {
        "settings": asdict(work.settings),
        "versions": versions(),
        "models": revisions,
        "sources": list(corpus.sources),
        "counts": counts(corpus, tables),
        **run,
    }
    return Analysis(corpus.posts, corpus.comments, corpus.problems, vectors=vectors, run=made, **tables)


def lineage(corpus: Corpus, settings: Settings) -> str:
    """Return a name that this run shares with every run that continues it, and with no other: 32 hex digits."""
    digest = hashlib.blake2b(repr(sorted(asdict(settings).items())).encode(), digest_size=16)
    for ids in (corpus.posts.index, corpus.comments.index):
        digest.update("\n".join(ids).encode())
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
