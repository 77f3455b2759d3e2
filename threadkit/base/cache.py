"""What models have computed, kept across runs: one SQLite file, keyed by content and by what computed it.

A row's key is a hash of the model's identity and of the text, so no forum text is stored, and changed weights find
nothing old. Every value carries a checksum. A cache is a convenience: where it is damaged, full, read-only or used by
others for too long, one warning says so and the run computes by itself.
"""

from __future__ import annotations

import sqlite3
import warnings
from contextlib import contextmanager, suppress
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FILE = "results.sqlite"

# Bytes of the file from which the oldest rows make room for new ones: vectors of about two million objections.
MAX_BYTES = 4 * 2**30

# Keys asked for at once: SQLite's own limit lies above this everywhere.
_ASKED = 500
_CHECK = 8


class CacheWarning(UserWarning):
    """The cache cannot be used; results are computed instead."""


def folder() -> Path:
    """Return the folder of the user's cache: $THREADKIT_CACHE, else what the system sets aside for caches."""
    import os

    from platformdirs import user_cache_path

    named = os.environ.get("THREADKIT_CACHE")
    return Path(named) if named else user_cache_path("threadkit", appauthor=False)


class Cache:
    """Rows of float32 by text, for one model. `kept` opens it."""

    def __init__(self, connection: sqlite3.Connection | None, identity: str, place: Path) -> None:
        self._connection = connection
        self._seed = identity.encode()
        self._place = place

    def get(self, items: Sequence[Any]) -> dict[int, np.ndarray]:
        """Return the rows that are known, by the place of their item."""
        found: dict[int, np.ndarray] = {}
        keys = [self._key(item) for item in items] if self._connection else []
        for start in range(0, len(keys), _ASKED):
            places = {key: start + i for i, key in enumerate(keys[start : start + _ASKED])}
            marks = ",".join("?" * len(places))
            rows = self._do(f"SELECT key, value FROM results WHERE key IN ({marks})", [tuple(places)])  # noqa: S608
            for key, value in rows:
                # A row whose checksum is wrong is computed anew.
                if value[:_CHECK] == _digest(key, value[_CHECK:]):
                    found[places[key]] = np.frombuffer(value[_CHECK:], dtype=np.float32)
        return found

    def put(self, items: Sequence[Any], rows: np.ndarray) -> None:
        """Keep one row an item; what is kept when this returns outlives the process."""
        told = []
        for item, row in zip(items, rows, strict=True):
            key, value = self._key(item), np.ascontiguousarray(row, dtype=np.float32).tobytes()
            told.append((key, _digest(key, value) + value))
        self._do("INSERT OR REPLACE INTO results VALUES (?, ?)", told, commit=True)

    def _key(self, item: Any) -> bytes:
        digest = blake2b(self._seed, digest_size=16)
        for text in item if isinstance(item, tuple) else (item,):
            told = text.encode("utf-8", "surrogatepass")
            digest.update(len(told).to_bytes(8, "little") + told)
        return digest.digest()

    def _do(self, statement: str, rows: Sequence[tuple[Any, ...]], *, commit: bool = False) -> list[Any]:
        """Carry out a statement; at the first failure the cache is left alone for the rest of the run."""
        if self._connection is None:
            return []
        try:
            if not commit:
                return self._connection.execute(statement, rows[0]).fetchall()
            with self._connection:
                self._connection.executemany(statement, rows)
        except sqlite3.Error as error:
            self.close()
            _warn(self._place, error)
        return []

    def close(self) -> None:
        """Let go of the file."""
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None


@contextmanager
def kept(place: Path | None, identity: str | None) -> Iterator[Cache]:
    """Open the cache in the folder `place` for what `identity` computes; where either is None, nothing is kept."""
    cache = Cache(None if place is None or identity is None else _open(place / FILE), identity or "", place or Path())
    try:
        yield cache
    finally:
        cache.close()


def _open(path: Path) -> sqlite3.Connection | None:
    """Return a connection; a damaged file is moved aside, and any other failure is one warning."""
    for again in (True, False):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            return _connect(path)
        except sqlite3.OperationalError as error:
            _warn(path.parent, error)
            return None
        except sqlite3.DatabaseError as error:
            if not again:
                _warn(path.parent, error)
                return None
            _set_aside(path)
        except OSError as error:
            _warn(path.parent, error)
            return None
    return None


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=30)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("CREATE TABLE IF NOT EXISTS results (key BLOB PRIMARY KEY, value BLOB NOT NULL)")
        if path.stat().st_size > MAX_BYTES:
            with connection:
                connection.execute(
                    "DELETE FROM results WHERE rowid <= (SELECT (min(rowid) + max(rowid)) / 2 FROM results)"
                )
    except BaseException:
        connection.close()
        raise
    return connection


def _set_aside(path: Path) -> None:
    warnings.warn(
        f"{path}: is damaged, moved to {path.name}.damaged; its results are computed again", CacheWarning, stacklevel=2
    )
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        with suppress(OSError):
            path.with_name(name).replace(path.with_name(f"{name}.damaged"))


def _warn(place: Path, error: Exception) -> None:
    warnings.warn(
        f"{place}: the cache cannot be used ({error}); the run goes on without it (--no-cache says so beforehand)",
        CacheWarning,
        stacklevel=2,
    )


def _digest(key: bytes, value: bytes) -> bytes:
    return blake2b(key + value, digest_size=_CHECK).digest()
