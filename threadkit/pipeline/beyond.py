"""Beyond one process: the steps that cost most, on the workers of a Dask cluster, to the same tables as here.

Threads never hang on one another before objections are grouped, so whole posts are handed out, some hundred comments at
a time, and come back as tables; then the objections' words, for their vectors. A worker that is lost loses nothing:
Dask gives its parts to others. Grouping, counting and the report are made by the process that asks.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from threadkit.base.errors import ModelError, SettingError, require
from threadkit.base.executor import available_threads
from threadkit.base.inference import distinct
from threadkit.base.progress import Silent
from threadkit.corpus.tables import QUOTES, SEGMENTS, STANCES
from threadkit.crux import encode
from threadkit.pipeline.disputes import tell_disputes
from threadkit.pipeline.settings import Settings, Work

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from threadkit.corpus.corpus import Corpus

# Comments and texts in a part: enough to be worth the way, few enough that a lost worker costs little.
COMMENTS, TEXTS = 400, 1000


@dataclass(frozen=True)
class Cluster:
    """A Dask cluster that is connected. `cache` is where its workers keep results; None = nowhere."""

    client: Any
    cache: Path | None = None

    def map(self, function: Callable[..., Any], items: Sequence[Any], done: Callable[[Any], None]) -> list[Any]:
        """Return function(item) for each item, in the order of the items; `done(item)` is called as each ends."""
        as_completed = require("distributed", extra="dask").as_completed
        # Content decides nothing here: each part is computed once, and a part that is lost is computed again.
        futures = self.client.map(function, items, pure=False)
        place = {future.key: i for i, future in enumerate(futures)}
        results: list[Any] = [None] * len(items)
        for future, result in as_completed(futures, with_results=True):
            results[place[future.key]] = result
            done(items[place[future.key]])
        return results

    def disputes(self, corpus: Corpus, judged: pd.DataFrame | None, work: Work) -> dict[str, pd.DataFrame]:
        """Return the tables segments, quotes and stances of a corpus, as `tell_disputes` does here."""
        plain = self._plain(work)
        parts = [
            Part(posts, comments, None if judged is None else judged[judged["comment_id"].isin(comments.index)], plain)
            for posts, comments in cut(corpus.posts, corpus.comments)
        ]
        with work.report.stage("judging threads", len(corpus.comments)) as done:
            found = self.map(Part.tell, parts, lambda part: done(len(part.comments)))
        empty = {"segments": SEGMENTS.empty(), "quotes": QUOTES.empty(), "stances": STANCES.empty()}
        return {name: pd.concat([none, *(tables[name] for tables in found)]) for name, none in empty.items()}

    def encoder(self, model: str, work: Work) -> encode.Encoder:
        """Return what encodes on the workers; a few texts are encoded here."""
        here = encode.open_encoder(model, work.threads, work.device, work.cache)
        return _Spread(self, here, model, self._plain(work))

    def check(self, settings: Settings) -> None:
        """Raise ModelError where a worker has other weights than are here, SettingError where there is no worker."""
        revisions, found = settings.revisions(), self.client.run(settings.revisions)
        if not found:
            raise SettingError("the cluster has no worker: start one with 'dask worker ADDRESS'")
        for worker, there in found.items():
            for model, revision in revisions.items():
                if there.get(model) != revision:
                    raise ModelError(
                        f"worker {worker} has {model} of revision {there.get(model)}, here is {revision}: "
                        "install the same threadkit there"
                    )

    def _plain(self, work: Work) -> Work:
        """Return what a worker needs of a run."""
        return Work(work.settings, 1, Silent(), work.device, self.cache)


@dataclass(frozen=True)
class Part:
    """Some whole threads, what an earlier run judged of them, and what a worker needs to judge the rest."""

    posts: pd.DataFrame
    comments: pd.DataFrame
    judged: pd.DataFrame | None
    work: Work

    def tell(self) -> dict[str, pd.DataFrame]:
        """Return the part's tables; this runs on the worker."""
        return tell_disputes(self.posts, self.comments, self.judged, self.work)


def cut(posts: pd.DataFrame, comments: pd.DataFrame) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    """Yield whole threads in the order of the comments, COMMENTS of them or one thread at a time."""
    sizes = comments["post_id"].value_counts(sort=False)
    names = comments["post_id"].drop_duplicates().to_numpy()
    part = np.cumsum(sizes.reindex(names).to_numpy()) // COMMENTS
    part_of = pd.Series(part, index=names)
    for _, some in comments.groupby(comments["post_id"].map(part_of).to_numpy(), sort=True):
        yield posts.loc[some["post_id"].drop_duplicates()], some


class _Spread:
    """Encode on the workers."""

    def __init__(self, cluster: Cluster, here: encode.Encoder, model: str, work: Work) -> None:
        self._cluster, self._here, self._model, self._work = cluster, here, model, work

    def encode(self, texts: Sequence[str], done: Callable[[int], None] | None = None) -> np.ndarray:
        """Return vectors (n, dim), as the encoder here would."""
        once, places = distinct(texts)
        if len(once) <= TEXTS:
            return self._here.encode(texts, done)
        parts = [_Texts(self._model, once[i : i + TEXTS], self._work) for i in range(0, len(once), TEXTS)]
        rows = self._cluster.map(_Texts.encode, parts, lambda part: done(len(part.texts)) if done else None)
        return np.asarray(np.concatenate(rows)[places])


@dataclass(frozen=True)
class _Texts:
    model: str
    texts: list[str]
    work: Work

    def encode(self) -> np.ndarray:
        return self.work.encoder(self.model).encode(self.texts)


@contextmanager
def connected(scheduler: str, workers: int | None = None, cache: Path | None = None) -> Iterator[Cluster]:
    """Connect to the Dask scheduler at an address, or start one with worker processes here ("local").

    `workers` is how many are started, None = one for each processor that this process may use. Raises SettingError
    where nothing answers, MissingDependencyError where Dask is not installed.
    """
    distributed = require("distributed", extra="dask")
    if scheduler == "local":
        n = workers or available_threads()
        with (
            distributed.LocalCluster(n_workers=n, threads_per_worker=1, dashboard_address=None) as here,
            distributed.Client(here) as client,
        ):
            yield Cluster(client, cache)
        return
    if workers:
        raise SettingError(f"workers are started here only, those at {scheduler} are there already: leave one out")
    try:
        client = distributed.Client(scheduler, timeout=10)
    except (OSError, ValueError, TimeoutError) as error:
        raise SettingError(
            f"no Dask scheduler answers at {scheduler!r} ({error}): start one, or give 'local'"
        ) from error
    with client:
        yield Cluster(client)
