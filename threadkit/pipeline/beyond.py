"""Beyond one process: the steps that cost most, on the workers of a Dask cluster, to the same tables as here.

Files are read one by one. Threads never hang on one another before objections are grouped, so whole posts are handed
out, a thousand comments at a time, and come back as tables; then the objections' words, for their vectors. A worker
that is lost loses nothing: Dask gives its parts to others. Grouping, counting and the report are made by the process
that asks.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice, tee
from typing import TYPE_CHECKING, Any

import numpy as np

from threadkit.base.errors import ModelError, SettingError, require
from threadkit.base.executor import available_threads
from threadkit.base.inference import distinct
from threadkit.base.progress import Silent
from threadkit.crux import encode
from threadkit.pipeline.disputes import tell_disputes
from threadkit.pipeline.parts import Part, cut, together
from threadkit.pipeline.settings import Settings, Work

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    import pandas as pd

    from threadkit.corpus.corpus import Corpus
    from threadkit.readers.read import Task

# Comments and texts in a part: enough to be worth the way, few enough that a lost worker costs little.
COMMENTS, TEXTS = 1000, 5000

# Parts that are under way for each thread of the workers: one at work, and the next at hand.
AHEAD = 3


@dataclass(frozen=True)
class Cluster:
    """A Dask cluster that is connected.

    `here` tells whether its workers were started on this machine; then `cache` is where they keep results, None =
    nowhere.
    """

    client: Any
    here: bool = False
    cache: Path | None = None

    def map(
        self, function: Callable[[Any], Any], items: Iterable[Any], done: Callable[[Any], None] | None = None
    ) -> Iterator[Any]:
        """Yield function(item) for each item, in the order of the items; `done(item)` is called as each ends.

        Only so many are handed out at once that no worker waits: the rest of a large corpus stays here.
        """
        as_completed = require("distributed", extra="dask").as_completed
        queue = enumerate(items)
        sent: dict[str, tuple[int, Any]] = {}
        results: dict[int, Any] = {}

        def send(n: int) -> list[Any]:
            futures = []
            for place, item in islice(queue, n):
                # Content decides nothing here: each part is computed once, and a part that is lost is computed again.
                futures.append(self.client.submit(function, item, pure=False))
                sent[futures[-1].key] = place, item
            return futures

        ended = as_completed(send(AHEAD * max(1, sum(self.client.nthreads().values()))), with_results=True)
        n_given = 0
        for future, result in ended:
            place, item = sent.pop(future.key)
            results[place] = result
            if done:
                done(item)
            ended.update(send(1))
            while n_given in results:
                yield results.pop(n_given)
                n_given += 1

    def read(self, function: Callable[[Task], Any], tasks: Iterable[Task]) -> Iterator[Any]:
        """Yield function(task) for each file to be read; a file that no worker sees is read here (`hand_out`)."""
        kept, handed = tee(tasks)
        found = self.map(_IfThere(function), handed)
        for task, result in zip(kept, found, strict=True):
            yield function(task) if result is None else result

    def disputes(self, corpus: Corpus, judged: pd.DataFrame | None, work: Work) -> dict[str, pd.DataFrame]:
        """Return the tables segments, quotes and stances of a corpus, as `tell_disputes` does here."""
        plain = self._plain(work)
        parts = (_Threads(part, plain) for part in cut(corpus, judged, COMMENTS))
        with work.report.stage("judging threads", len(corpus.comments)) as done:
            return together(list(self.map(_Threads.tell, parts, lambda some: done(len(some.part.comments)))))

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
class _Threads:
    """Some whole threads, and what a worker needs of the run to judge them."""

    part: Part
    work: Work

    def tell(self) -> dict[str, pd.DataFrame]:
        """Return the part's tables; this runs on the worker."""
        return tell_disputes(*self.part, self.work)


@dataclass(frozen=True)
class _IfThere:
    """What a worker does with a file that it sees; None where it does not."""

    function: Callable[[Task], Any]

    def __call__(self, task: Task) -> Any:
        return self.function(task) if task.file.path.exists() else None


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
        rows = list(self._cluster.map(_Texts.encode, parts, lambda part: done(len(part.texts)) if done else None))
        return np.asarray(np.concatenate(rows)[places])


@dataclass(frozen=True)
class _Texts:
    model: str
    texts: list[str]
    work: Work

    def encode(self) -> np.ndarray:
        return self.work.encoder(self.model).encode(self.texts)


@contextmanager
def connected(scheduler: str, workers: int | None = None) -> Iterator[Cluster]:
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
            yield Cluster(client, here=True)
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
