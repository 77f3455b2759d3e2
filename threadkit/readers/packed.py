"""Posts and comments of large exports as columns: what is held of a row is little more than its text, or 8 bytes.

A reader of millions adds batches of rows that need no second look. A row that turns out to need one (its id
stands twice, it answers what was renamed) is taken out and becomes a mapping again, so that one set of rules
(draft.py, merge.py, repair.py) holds for every row. With a shelf (shelf.py) the batches lie on disk, and only
64 bits of each id are held.
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from threadkit.base.keys import distinct, hashes
from threadkit.readers.json_columns import as_bools

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from threadkit.readers.shelf import Place, Shelf

TIME = pa.timestamp("us", tz="UTC")
# What a batch holds of each comment; `at` is the row's place in the file.
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
# What a batch holds of each post; one that only comments name is partial, and has an id alone.
POST_SCHEMA = pa.schema(
    {
        "at": pa.int64(),
        "post_id": pa.string(),
        "site": pa.string(),
        "partial": pa.bool_(),
        "url": pa.string(),
        "title": pa.string(),
        "author": pa.string(),
        "posted_at": TIME,
        "edited_at": TIME,
        "karma": pa.int32(),
        "af_karma": pa.int32(),
        "n_comments_stated": pa.int32(),
        "text": pa.string(),
    }
)
_NOWHERE = np.empty(0, dtype=np.int64)
# Where so few of the rows are asked for, 16 bytes a row for an index are well spent.
_FEW = 64


class Kind(NamedTuple):
    """What rows a packing holds: their columns, the one that names them, what each of them has besides."""

    schema: pa.Schema
    key: str
    shared: Mapping[str, Any]


COMMENT_ROWS = Kind(SCHEMA, "comment_id", {"origin": "stated", "confidence": 1.0})
POST_ROWS = Kind(POST_SCHEMA, "post_id", {})


class Batch:
    """Some thousand rows of one file."""

    def __init__(self, rows: pa.Table, source: str, site: str | None = None) -> None:
        self.source = source
        self.site = site
        """The forum of rows that have no column for theirs."""
        self.gone = _NOWHERE
        """Rows that were taken out, ascending."""
        self.shift = 0
        """What is to be added to the places of the rows: how many lines stand in the files before."""
        self._n = len(rows)
        self._rows: Any = rows
        self._shelf: Shelf | None = None
        self._place: Place | None = None

    def __len__(self) -> int:
        return self._n

    def rows(self, *names: str) -> pa.Table:
        """Return all rows, those that were taken out among them; some columns, or all."""
        if self._shelf is not None and self._place is not None:
            rows = self._shelf.get(self._place, names)
        else:
            rows = self._rows.select(list(names)) if names else self._rows
        if self.shift and "at" in rows.column_names:
            at = rows.column_names.index("at")
            rows = rows.set_column(at, "at", pc.add(rows["at"], self.shift))
        return rows

    def left(self, *names: str) -> pa.Table:
        """Return the rows that were not taken out."""
        rows = self.rows(*names)
        return rows.take(pa.array(np.setdiff1d(np.arange(self._n), self.gone))) if len(self.gone) else rows

    def put(self, rows: pa.Table, shelf: Shelf | None) -> None:
        """Hold these rows in the place of what was held, on a shelf where there is one."""
        self.shift = 0
        self._rows, self._shelf, self._place = (rows, None, None) if shelf is None else (None, shelf, shelf.put(rows))


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


class Packed:
    """Batches of rows, in which any row is found by its id."""

    def __init__(self, kind: Kind = COMMENT_ROWS, shelf: Shelf | None = None) -> None:
        self.kind = kind
        self.batches: list[Batch] = []
        self._shelf = shelf
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

    def __contains__(self, name: object) -> bool:
        return bool(len(self) and isinstance(name, str) and len(self._places([name])))

    def add(self, batch: Batch, keys: np.ndarray | None = None) -> None:
        """Add a batch; the ids of its rows may stand elsewhere too. `keys`: the hashes of these ids."""
        if not len(batch):
            return
        if keys is None:
            rows = batch.rows()
            keys = _hashed(rows[self.kind.key])
            if self._shelf is not None:
                batch.put(rows, self._shelf)
        self._keys.append(keys)
        self.batches.append(batch)
        self._starts.append(self._n)
        self._n += len(batch)
        self._n_gone += len(batch.gone)

    def counts(self, name: str) -> dict[Any, int]:
        """Count the rows of each value of a column, in the order in which the values come first."""
        n: dict[Any, int] = {}
        for batch in self.batches:
            for item in pc.value_counts(batch.left(name)[name]).to_pylist():
                n[item["values"]] = n.get(item["values"], 0) + item["counts"]
        return n

    def pairs(self, key: str, value: str, keys: Collection[str]) -> Iterator[tuple[str, str]]:
        """Yield the values of two columns for the rows whose first is one of these."""
        if keys:
            wanted = pa.array(keys, pa.string())
            for batch in self.batches:
                rows = batch.left(key, value)
                rows = rows.filter(pc.is_in(rows[key], value_set=wanted))
                yield from zip(rows[key].to_pylist(), rows[value].to_pylist(), strict=True)

    def among(self, column: str, values: Collection[str]) -> set[str]:
        """Return those of some values that stand in a column."""
        found: set[str] = set()
        wanted = pa.array(values, pa.string())
        for batch in self.batches if values else ():
            held = batch.left(column)[column]
            found.update(held.filter(pc.is_in(held, value_set=wanted)).unique().to_pylist())
        return found

    def get(self, name: str) -> dict[str, Any] | None:
        """Return the row of this id as a mapping; None where there is no such row."""
        places = self._places([name]) if len(self) else _NOWHERE
        return self._rows(places)[0] if len(places) else None

    def take(self, ids: Iterable[str]) -> list[dict[str, Any]]:
        """Take out the rows of these ids; returns them as mappings."""
        wanted = list(ids)
        return self.take_at(self._places(wanted)) if wanted and len(self) else []

    def take_repeated(self) -> list[dict[str, Any]]:
        """Take out every row whose id another row has too."""
        if self._n == self._n_distinct:
            return []
        self._n_distinct = self._n
        keys = self.keys()
        if distinct(keys):
            return []
        order = np.argsort(keys, kind="stable")
        same = keys[order][1:] == keys[order][:-1]
        return self.take_at(np.sort(order[np.append(same, False) | np.insert(same, 0, False)]))

    def take_named(self, column: str, names: Collection[str]) -> list[dict[str, Any]]:
        """Take out the rows whose value in a column is one of these; in one pass over all rows."""
        if not len(self) or not names:
            return []
        wanted = pa.array(names, pa.string())
        if column == self.kind.key:
            among = self.places_of(np.sort(hashes(wanted)))
            held = [row[column] for row in self._rows(among, column)]
            return self.take_at(among[as_bools(pc.is_in(pa.array(held, pa.string()), value_set=wanted))])
        found = [
            np.flatnonzero(as_bools(pc.is_in(batch.rows(column)[column].combine_chunks(), value_set=wanted))) + start
            for batch, start in zip(self.batches, self._starts, strict=True)
        ]
        return self.take_at(np.concatenate(found))

    def take_at(self, places: np.ndarray) -> list[dict[str, Any]]:
        """Take out the rows at these places; those that are gone already are passed over."""
        there = self._alive(places)
        rows = self._rows(there)
        self.drop_at(there)
        return rows

    def drop_at(self, places: np.ndarray) -> None:
        """Take out rows that are there, and forget them."""
        for n, inside in self._by_batch(places):
            batch = self.batches[n]
            batch.gone = np.union1d(batch.gone, inside)
        self._n_gone += len(places)

    def keys(self) -> np.ndarray:
        """Return the hashes of the ids of all rows, those that were taken out among them."""
        return np.concatenate([np.empty(0, dtype=np.uint64), *self._keys])

    def keys_at(self, places: np.ndarray) -> np.ndarray:
        """Return the hashes of the ids at these places, which are ascending."""
        found = (self._keys[n][inside] for n, inside in self._by_batch(places))
        return np.concatenate([np.empty(0, dtype=np.uint64), *found])

    def places_of(self, keys: np.ndarray) -> np.ndarray:
        """Return the places of the rows whose id has one of these hashes, which are sorted."""
        if not len(keys) or not len(self):
            return _NOWHERE
        if len(keys) * _FEW < self._n:
            self._catch_up()
            return self._alive(self._index.find(keys))
        found = [_NOWHERE]
        for held, start in zip(self._keys, self._starts, strict=True):
            at = np.minimum(np.searchsorted(keys, held), len(keys) - 1)
            found.append(np.flatnonzero(keys[at] == held) + start)
        return self._alive(np.concatenate(found))

    def look(self, places: np.ndarray, *names: str) -> pa.Table:
        """Return columns of the rows at these places, which are ascending."""
        tables = [self.batches[n].rows(*names).take(pa.array(inside)) for n, inside in self._by_batch(places)]
        empty = pa.schema([self.kind.schema.field(name) for name in names]).empty_table()
        return pa.concat_tables([empty, *tables])

    def replace(self, name: str, new: Mapping[str, str]) -> None:
        """Put other values in the place of some values of a column, which is not that of the ids."""
        if not new:
            return
        old, theirs = pa.array(new.keys(), pa.string()), pa.array(new.values(), pa.string())
        for batch in self.batches:
            held = batch.rows(name)[name].combine_chunks()
            found = pc.index_in(held, value_set=old)
            if found.null_count < len(found):
                column = pc.if_else(pc.is_valid(found), pc.take(theirs, found), held)
                rows = batch.rows()
                batch.put(rows.set_column(rows.column_names.index(name), name, column), self._shelf)

    def absorb(self, other: Packed, shift: int) -> None:
        """Move the batches of another file here; `shift` is added to their places."""
        if not self.batches:
            self._n_distinct = other._n_distinct
        for batch, keys in zip(other.batches, other._keys, strict=True):
            batch.shift += shift
            self.add(batch, keys)

    def ids(self) -> Iterator[str]:
        """Yield the id of every row."""
        for batch in self.batches:
            yield from batch.left(self.kind.key)[self.kind.key].to_pylist()

    def _catch_up(self) -> None:
        if self._n_indexed < len(self.batches):
            self._index.add(np.concatenate(self._keys[self._n_indexed :]), self._starts[self._n_indexed])
            self._n_indexed = len(self.batches)

    def _places(self, ids: Sequence[str]) -> np.ndarray:
        self._catch_up()
        places = self._alive(self._index.find(hashes(pa.array(ids, pa.string()))))
        wanted = set(ids)
        # Two ids of one hash are as good as impossible, and cost nothing to tell apart.
        held = [row[self.kind.key] in wanted for row in self._rows(places, self.kind.key)]
        there: np.ndarray = places[np.array(held, dtype=bool)]
        return there

    def _by_batch(self, places: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
        """Yield the numbers of the batches in which places, which are ascending, lie, and where in each."""
        numbers, first = np.unique(np.searchsorted(self._starts, places, side="right") - 1, return_index=True)
        for n, inside in zip(numbers.tolist(), np.split(places, first[1:]), strict=False):
            yield n, inside - self._starts[n]

    def _alive(self, places: np.ndarray) -> np.ndarray:
        kept = [
            inside[~np.isin(inside, self.batches[n].gone)] + self._starts[n] for n, inside in self._by_batch(places)
        ]
        return np.concatenate([_NOWHERE, *kept])

    def _rows(self, places: np.ndarray, *names: str) -> list[dict[str, Any]]:
        parts = ((self.batches[n], inside) for n, inside in self._by_batch(places))
        if names:
            return [row for batch, inside in parts for row in batch.rows(*names).take(pa.array(inside)).to_pylist()]
        return [row for batch, inside in parts for row in self._mappings(batch, inside)]

    def _mappings(self, batch: Batch, inside: np.ndarray) -> Iterator[dict[str, Any]]:
        """Yield some rows of a batch as a draft keeps them."""
        for row in batch.rows().take(pa.array(inside)).to_pylist():
            held = {name: value for name, value in row.items() if value is not None}
            for name in ("posted_at", "edited_at"):
                if name in held:
                    held[name] = held[name].astimezone(UTC)
            held |= {"source": batch.source, **self.kind.shared}
            if self.kind is COMMENT_ROWS:
                held["stated_id"] = row["comment_id"]
            yield held | ({} if batch.site is None else {"site": batch.site})


def _hashed(ids: pa.ChunkedArray) -> np.ndarray:
    return np.concatenate([np.empty(0, dtype=np.uint64), *map(hashes, ids.chunks)])
