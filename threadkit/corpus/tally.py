"""Counts of what was read, taken a table at a time: the same whether a corpus is held or was only passed through."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from threadkit.base.keys import all_hashes
from threadkit.corpus.tables import PROBLEMS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from threadkit.corpus.corpus import Corpus

# An inferred comment of lower confidence than this is called doubtful: it is more likely wrong than right.
DOUBTFUL = 0.5
# Problems of each severity that are kept to be shown.
MAX_KEPT = 200
# Keys that wait to be counted together.
_WAITING = 2**16


@dataclass(frozen=True)
class Tally:
    """How much was read, and what was not clean about it; `sources` as in Corpus."""

    posts: int
    comments: int
    authors: int
    """Different names under posts and comments."""
    statuses: Mapping[str, int]
    inferred: int
    doubtful: int
    nameless: int
    """Live comments without an author; so for the next two."""
    without_karma: int
    undated: int
    stated: int | None
    """Comments that posts say they have, all together; None where none says so."""
    absent: int
    """Of these, those that are not there."""
    problems: int
    severities: Mapping[str, int]
    worst: pd.DataFrame
    """The first problems of each severity, as many as anybody is shown."""
    sources: tuple[dict[str, object], ...] = ()


class _Keys:
    """How often each hash was met, in 16 bytes for each that is different."""

    def __init__(self) -> None:
        self.keys = np.empty(0, dtype=np.uint64)
        self.n = np.empty(0, dtype=np.int64)
        self._waiting: list[np.ndarray] = []
        self._n_waiting = 0

    def add(self, names: pa.ChunkedArray) -> None:
        """Count some names; a null is none."""
        self._waiting.append(all_hashes(pc.drop_null(names)))
        self._n_waiting += len(self._waiting[-1])
        if self._n_waiting > max(_WAITING, len(self.keys)):
            self.settle()

    def settle(self) -> None:
        """Count what waits."""
        new, n = np.unique(np.concatenate([self.keys[:0], *self._waiting]), return_counts=True)
        keys = np.concatenate([self.keys, new])
        order = np.argsort(keys, kind="stable")
        self.keys, first = np.unique(keys[order], return_index=True)
        self.n = np.add.reduceat(np.concatenate([self.n, n])[order], first) if len(first) else self.n
        self._waiting, self._n_waiting = [], 0


class Count:
    """A tally in the making: tables with the columns of posts, comments and problems are added as they come."""

    def __init__(self) -> None:
        self._n: Counter[str] = Counter()
        self._statuses: Counter[str] = Counter()
        self._severities: Counter[str] = Counter()
        self._authors, self._under = _Keys(), _Keys()
        self._stated: list[tuple[np.ndarray, np.ndarray]] = []
        self._worst: defaultdict[str, list[pa.Table]] = defaultdict(list)

    def add_posts(self, rows: pa.Table) -> None:
        """Count posts, of which `post_id`, `author` and `n_comments_stated` are looked at."""
        self._n["posts"] += len(rows)
        self._authors.add(rows["author"])
        stated = rows.filter(pc.is_valid(rows["n_comments_stated"]))
        numbers = stated["n_comments_stated"].cast(pa.int64()).to_numpy()
        self._stated.append((all_hashes(stated["post_id"]), numbers))

    def add_comments(self, rows: pa.Table) -> None:
        """Count comments."""
        self._n["comments"] += len(rows)
        self._authors.add(rows["author"])
        self._under.add(rows["post_id"])
        for item in pc.value_counts(rows["status"]).to_pylist():
            self._statuses[item["values"]] += item["counts"]
        live = rows.filter(pc.equal(rows["status"], "live"))
        for name in ("author", "karma", "posted_at"):
            self._n[name] += live[name].null_count
        inferred = rows.filter(pc.equal(rows["origin"], "inferred"))["confidence"]
        self._n["inferred"] += len(inferred)
        self._n["doubtful"] += int((inferred.to_numpy() < DOUBTFUL).sum())

    def add_problems(self, rows: pa.Table) -> None:
        """Count problems."""
        self._n["problems"] += len(rows)
        for item in pc.value_counts(rows["severity"]).to_pylist():
            name = item["values"]
            free = MAX_KEPT - self._severities[name]
            self._severities[name] += item["counts"]
            if free > 0:
                self._worst[name].append(rows.filter(pc.equal(rows["severity"], name)).slice(0, free))

    def tally(self, sources: Iterable[dict[str, object]] = ()) -> Tally:
        """Return the counts."""
        for keys in (self._authors, self._under):
            keys.settle()
        n = self._n
        kept = [table.to_pandas() for tables in self._worst.values() for table in tables]
        worst = pd.concat(kept).sort_values("problem") if kept else None
        return Tally(
            n["posts"], n["comments"], len(self._authors.keys), dict(self._statuses),
            n["inferred"], n["doubtful"], n["author"], n["karma"], n["posted_at"],
            sum(int(numbers.sum()) for _, numbers in self._stated) if any(len(k) for k, _ in self._stated) else None,
            sum(self._absent(*each) for each in self._stated),
            n["problems"], dict(self._severities),
            PROBLEMS.empty() if worst is None else PROBLEMS.cast(worst.set_index("problem")), tuple(sources),
        )  # fmt: skip

    def _absent(self, posts: np.ndarray, stated: np.ndarray) -> int:
        held, n = self._under.keys, self._under.n
        if not len(held):
            return int(stated.sum())
        at = np.minimum(np.searchsorted(held, posts), len(held) - 1)
        return int(np.maximum(stated - np.where(held[at] == posts, n[at], 0), 0).sum())


def tally_of(read: Corpus | Tally) -> Tally:
    """Return the counts of a corpus; those that were taken already as they are."""
    if isinstance(read, Tally):
        return read
    count = Count()
    for add, frame in ((count.add_posts, read.posts), (count.add_comments, read.comments)):
        add(pa.Table.from_pandas(frame.drop(columns=["text", "url"]).reset_index(), preserve_index=False))
    count.add_problems(pa.Table.from_pandas(read.problems.reset_index(), preserve_index=False))
    return count.tally(read.sources)
