"""What a run has done so far, beside its output: a run that was killed goes on where it was, to the same bytes.

Each long step leaves what it returned in a folder of its own, written aside and renamed. The folder's key is made of
the corpus, the settings, the models and the packages: what another run left is not taken up, it is removed. Models
keep their results batch by batch in the cache (base/cache.py), so that within a step little is lost either.
"""

from __future__ import annotations

import hashlib
import shutil
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
import pandas as pd

from threadkit.base.errors import OutputError
from threadkit.base.output import folder as written_whole
from threadkit.base.provenance import versions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from threadkit.corpus.corpus import Corpus
    from threadkit.pipeline.settings import Settings

_KEY, _KEYS = "key", "parts.json"

# Rows whose texts are held at once while a corpus is told from others.
_ROWS = 50_000

# What a step returns: tables and arrays by name.
Parts = dict[str, Any]


def place_of(out: Path) -> Path:
    """Return where a run that writes `out` leaves what it has done so far.

    >>> from pathlib import Path
    >>> place_of(Path("out/demo")).name
    '.demo.resume'
    """
    return out.absolute().with_name(f".{out.absolute().name}.resume")


@dataclass(frozen=True)
class Checkpoints:
    """The steps of one run that are done; `place` is None where nothing is kept."""

    place: Path | None = None

    def begin(self, key: str) -> list[str]:
        """Take up what a run of this key has left, remove what another has; return the steps that are there."""
        if self.place is None:
            return []
        mark = self.place / _KEY
        try:
            if not mark.is_file() or mark.read_text() != key:
                self.clear()
                self.place.mkdir(parents=True)
                mark.write_text(key)
        except OSError as error:
            raise OutputError(f"{self.place}: cannot be written ({error.strerror}); choose another folder") from error
        return sorted(each.name for each in self.place.iterdir() if (each / _KEYS).is_file())

    def keep(self, step: str, compute: Callable[[], Parts]) -> Parts:
        """Return what a step returned before, else carry it out and keep what it returns."""
        if self.place is None:
            return compute()
        done = self.place / step
        if (done / _KEYS).is_file():
            with suppress(OSError, ValueError, KeyError):  # what is damaged is computed again
                return _load(done)
            shutil.rmtree(done, ignore_errors=True)
        parts = compute()
        with written_whole(done, force=True) as new:
            _save(parts, new)
        return parts

    def clear(self) -> None:
        """Remove what was kept."""
        if self.place is not None:
            shutil.rmtree(self.place, ignore_errors=True)


def key_of(corpus: Corpus, settings: Settings, revisions: Mapping[str, str], *more: str) -> str:
    """Return what a run's steps depend on, as 64 hex digits."""
    told = {"settings": asdict(settings), "models": dict(revisions), "versions": versions(), "more": more}
    digest = hashlib.sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS))
    for table in (corpus.posts, corpus.comments):
        for start in range(0, len(table), _ROWS):
            rows = pd.util.hash_pandas_object(table.iloc[start : start + _ROWS].astype("string"), index=True)
            digest.update(rows.to_numpy().tobytes())
    return digest.hexdigest()


def _save(parts: Parts, place: Path) -> None:
    kinds = {}
    for name, part in parts.items():
        kinds[name] = type(part).__name__
        if isinstance(part, np.ndarray):
            np.save(place / f"{name}.npy", part, allow_pickle=False)
        else:
            table = part.to_frame("value") if isinstance(part, pd.Series) else part
            table.to_parquet(place / f"{name}.parquet", compression="zstd")
    sums = {path.name: _sum(path) for path in sorted(place.iterdir())}
    (place / _KEYS).write_bytes(orjson.dumps({"kinds": kinds, "sums": sums}))


def _load(place: Path) -> Parts:
    told = orjson.loads((place / _KEYS).read_bytes())
    for name, expected in told["sums"].items():
        if _sum(place / name) != expected:
            raise ValueError(f"{place / name}: is damaged")
    parts: Parts = {}
    for name, kind in told["kinds"].items():
        if kind == "ndarray":
            parts[name] = np.load(place / f"{name}.npy", allow_pickle=False)
        else:
            table = pd.read_parquet(place / f"{name}.parquet")
            if isinstance(table.index.dtype, pd.StringDtype):  # Parquet gives the other kind of text back
                table.index = table.index.astype("string")
            parts[name] = table["value"].rename(None) if kind == "Series" else table
    return parts


def _sum(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
