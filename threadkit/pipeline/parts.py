"""A corpus in parts of whole threads: threads never hang on one another before objections are grouped."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from threadkit.base.lookup import places_of
from threadkit.corpus.tables import QUOTES, SEGMENTS, STANCES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from threadkit.corpus.corpus import Corpus

# Comments that are looked at together: what is needed for one lot is let go before the next.
AT_ONCE = 10_000


class Part(NamedTuple):
    """Some whole threads, and what an earlier run judged of them; None where there was none."""

    posts: pd.DataFrame
    comments: pd.DataFrame
    judged: pd.DataFrame | None


def cut(corpus: Corpus, judged: pd.DataFrame | None, size: int) -> Iterator[Part]:
    """Yield whole threads in the order of the comments, some `size` comments or one thread at a time."""
    comments = corpus.comments
    thread, names = pd.factorize(comments["post_id"])
    part_of = (np.cumsum(np.bincount(thread, minlength=len(names))) - 1) // size
    # Some numbers are left out where a thread fills more than a part.
    numbers = np.unique(part_of, return_inverse=True)[1]
    part = numbers[thread]
    known: dict[Any, pd.DataFrame] = {}
    if judged is not None:
        said = pd.Series(part, index=comments.index).reindex(judged["comment_id"])
        known = dict(iter(judged.groupby(said.to_numpy())))
    post_row = places_of(names, corpus.posts.index)
    row = np.argsort(part, kind="stable")
    ends = np.cumsum(np.bincount(part))
    for number, (begin, end) in enumerate(pairwise([0, *ends])):
        first, stop = np.searchsorted(numbers, [number, number + 1])
        before = None if judged is None else known.get(number, judged.iloc[:0])
        yield Part(corpus.posts.take(post_row[first:stop]), comments.take(row[begin:end]), before)


def together(parts: Sequence[Mapping[str, pd.DataFrame]]) -> dict[str, pd.DataFrame]:
    """Return the tables segments, quotes and stances of all parts as one."""
    empty = {"segments": SEGMENTS.empty(), "quotes": QUOTES.empty(), "stances": STANCES.empty()}
    return {name: pd.concat([none, *(tables[name] for tables in parts)]) for name, none in empty.items()}
