"""Comments of large exports as columns: what is held of a row is little more than its text.

A reader of millions adds batches of rows that need no second look. A row that turns out to need one (its id
stands twice, it answers what was renamed) is taken out and becomes a mapping again, so that one set of rules
(draft.py, merge.py, repair.py) holds for every row.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from threadkit.base.keys import distinct, hashes

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

TIME = pa.timestamp("us", tz="UTC")
# What a batch holds of each row; `at` is the row's place in the file.
SCHEMA = pa.schema(
    {
        "at": pa.int64(),
        "comment_id": pa.string(),
        "post_id": pa.string(),
        "parent_id": pa.string(),
        "author": pa.string(),
        "posted_at": TIME,
        "edited_at": TIME,
        "karma": pa.int32(),
        "agreement": pa.int32(),
        "af_karma": pa.int32(),
        "status": pa.string(),
        "url": pa.string(),
        "text": pa.string(),
    }
)
_NOWHERE = np.empty(0, dtype=np.int64)


@dataclass
class Batch:
    """Some thousand rows of one file."""

    rows: pa.Table
    source: str
    site: str | None
    gone: np.ndarray = field(default_factory=lambda: _NOWHERE)
    """Rows that were taken out, ascending."""

    def left(self) -> pa.Table:
        """Return the rows that were not taken out."""
        if not len(self.gone):
            return self.rows
        return self.rows.take(pa.array(np.setdiff1d(np.arange(len(self.rows)), self.gone)))


class _Index:
    """Where each hash stands: sorted runs that are merged as they grow alike, so that adding stays cheap."""

    def __init__(self) -> None:
        self._runs: list[tuple[np.ndarray, np.ndarray]] = []

    def add(self, keys: np.ndarray, first: int) -> None:
        """Add keys that stand at `first` and the places after it."""
        order = np.argsort(keys)
        run = keys[order], order + first
        while self._runs and len(self._runs[-1][0]) <= 2 * len(run[0]):
            keys, places = (np.concatenate(pair) for pair in zip(self._runs.pop(), run, strict=True))
            order = np.argsort(keys)
            run = keys[order], places[order]
        self._runs.append(run)

    def find(self, keys: np.ndarray) -> np.ndarray:
        """Return every place at which one of the keys stands."""
        found = [_NOWHERE]
        for held, places in self._runs:
            start, stop = np.searchsorted(held, keys), np.searchsorted(held, keys, side="right")
            found += [places[a:b] for a, b in zip(start[stop > start], stop[stop > start], strict=True)]
        return np.unique(np.concatenate(found))

    def repeated(self) -> np.ndarray:
        """Return every place whose key stands at another place too."""
        keys = np.concatenate([held for held, _ in self._runs])
        places = np.concatenate([held for _, held in self._runs])
        order = np.argsort(keys, kind="stable")
        same = keys[order][1:] == keys[order][:-1]
        return np.unique(places[order][np.append(same, False) | np.insert(same, 0, False)])


class Packed:
    """Batches of rows, in which any row is found by its id."""

    def __init__(self) -> None:
        self.batches: list[Batch] = []
        self._starts: list[int] = []
        self._n = 0
        self._n_gone = 0
        self._index = _Index()
        self._keys: list[np.ndarray] = []
        self._n_indexed = 0
        self._n_distinct = 0
        """Rows in which no id that is left stands twice."""

    def __len__(self) -> int:
        return self._n - self._n_gone

    def __contains__(self, comment_id: object) -> bool:
        return bool(len(self) and isinstance(comment_id, str) and len(self._places([comment_id])))

    def add(self, batch: Batch) -> None:
        """Add a batch; the ids of its rows may stand elsewhere too."""
        if len(batch.rows):
            self.batches.append(batch)
            self._starts.append(self._n)
            self._n += len(batch.rows)
            self._n_gone += len(batch.gone)

    def column(self, name: str) -> pa.ChunkedArray:
        """Return a column of all rows, those that were taken out among them."""
        return pa.chunked_array(
            [chunk for batch in self.batches for chunk in batch.rows[name].chunks], SCHEMA.field(name).type
        )

    def counts(self, name: str) -> dict[Any, int]:
        """Count the rows of each value of a column, in the order in which the values come first."""
        n: dict[Any, int] = {}
        for batch in self.batches:
            for item in pc.value_counts(batch.left()[name]).to_pylist():
                n[item["values"]] = n.get(item["values"], 0) + item["counts"]
        return n

    def pairs(self, key: str, value: str, keys: Collection[str]) -> Iterator[tuple[str, str]]:
        """Yield the values of two columns for the rows whose first is one of these."""
        if keys:
            wanted = pa.array(keys, pa.string())
            for batch in self.batches:
                rows = batch.left()
                rows = rows.filter(pc.is_in(rows[key], value_set=wanted))
                yield from zip(rows[key].to_pylist(), rows[value].to_pylist(), strict=True)

    def post_of(self, comment_id: str) -> str | None:
        """Return the post of a row; None where there is no such row."""
        places = self._places([comment_id]) if len(self) else _NOWHERE
        return self._rows(places)[0]["post_id"] if len(places) else None

    def take(self, ids: Iterable[str]) -> list[dict[str, Any]]:
        """Take out the rows of these ids; returns them as mappings."""
        wanted = list(ids)
        return self.take_at(self._places(wanted)) if wanted and len(self) else []

    def take_repeated(self) -> list[dict[str, Any]]:
        """Take out every row whose id another row has too."""
        if self._n == self._n_distinct:
            return []
        self._n_distinct = self._n
        if distinct(np.concatenate(self._hashed())):
            return []
        self._catch_up()
        return self.take_at(self._index.repeated())

    def take_named(self, column: str, names: Collection[str]) -> list[dict[str, Any]]:
        """Take out the rows whose value in a column is one of these; in one pass over all rows."""
        if not len(self) or not names:
            return []
        return self.take_at(np.flatnonzero(pc.is_in(self.column(column), value_set=pa.array(names, pa.string()))))

    def take_at(self, places: np.ndarray) -> list[dict[str, Any]]:
        """Take out the rows at these places; those that are gone already are passed over."""
        there = self._alive(places)
        rows = self._rows(there)
        for n, inside in self._by_batch(there):
            batch = self.batches[n]
            batch.gone = np.union1d(batch.gone, inside)
        self._n_gone += len(there)
        return rows

    def replace(self, name: str, new: Mapping[str, str]) -> None:
        """Put other values in the place of some values of a column."""
        if not new:
            return
        old, theirs = pa.array(new.keys(), pa.string()), pa.array(new.values(), pa.string())
        for batch in self.batches:
            held = batch.rows[name]
            found = pc.index_in(held, value_set=old)
            if found.null_count < len(found):
                column = pc.if_else(pc.is_valid(found), pc.take(theirs, found), held)
                batch.rows = batch.rows.set_column(batch.rows.column_names.index(name), name, column)

    def absorb(self, other: Packed, shift: int) -> None:
        """Move the batches of another file here; `shift` is added to their places."""
        if not self.batches:
            self._n_distinct = other._n_distinct
        self._keys += other._hashed()
        for batch in other.batches:
            if shift:
                batch.rows = batch.rows.set_column(0, "at", pc.add(batch.rows["at"], shift))
            self.add(batch)

    def ids(self) -> Iterator[str]:
        """Yield the id of every row."""
        for batch in self.batches:
            yield from batch.left()["comment_id"].to_pylist()

    def _hashed(self) -> list[np.ndarray]:
        """Return the hashes of the ids of each batch."""
        for batch in self.batches[len(self._keys) :]:
            self._keys.append(np.concatenate([hashes(chunk) for chunk in batch.rows["comment_id"].chunks]))
        return self._keys

    def _catch_up(self) -> None:
        if self._n_indexed < len(self.batches):
            new = self._hashed()[self._n_indexed :]
            self._index.add(np.concatenate(new), self._starts[self._n_indexed])
            self._n_indexed = len(self.batches)

    def _places(self, ids: Sequence[str]) -> np.ndarray:
        self._catch_up()
        places = self._alive(self._index.find(hashes(pa.array(ids, pa.string()))))
        wanted = set(ids)
        # Two ids of one hash are as good as impossible, and cost nothing to tell apart.
        held = [row["comment_id"] in wanted for row in self._rows(places)]
        there: np.ndarray = places[np.array(held, dtype=bool)]
        return there

    def _by_batch(self, places: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
        numbers = np.searchsorted(self._starts, places, side="right") - 1
        for n in np.unique(numbers):
            yield int(n), places[numbers == n] - self._starts[n]

    def _alive(self, places: np.ndarray) -> np.ndarray:
        kept = [
            inside[~np.isin(inside, self.batches[n].gone)] + self._starts[n] for n, inside in self._by_batch(places)
        ]
        return np.concatenate([_NOWHERE, *kept])

    def _rows(self, places: np.ndarray) -> list[dict[str, Any]]:
        return [row for n, inside in self._by_batch(places) for row in _mappings(self.batches[n], inside)]


def _mappings(batch: Batch, inside: np.ndarray) -> Iterator[dict[str, Any]]:
    """Yield some rows of a batch as a draft keeps them."""
    for row in batch.rows.take(pa.array(inside)).to_pylist():
        held = {name: value for name, value in row.items() if value is not None}
        for name in ("posted_at", "edited_at"):
            if name in held:
                held[name] = held[name].astimezone(UTC)
        held |= {"origin": "stated", "confidence": 1.0, "source": batch.source, "stated_id": row["comment_id"]}
        yield held | ({} if batch.site is None else {"site": batch.site})
