"""Run a saved run again, and say byte for byte what differs, and which input or model may be why."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import orjson
import pandas as pd

from threadkit.base.errors import OutputError, SettingError
from threadkit.base.progress import choose
from threadkit.base.provenance import versions
from threadkit.corpus.tables import ANALYSIS_TABLES
from threadkit.pipeline import carry_out
from threadkit.pipeline.settings import Settings, Work
from threadkit.readers.read import read
from threadkit.report.forms import FILES, write_reports

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from threadkit.base.progress import Progress

# What a run consists of; other files in its folder were put there later, and are left alone.
_FILES = (*(f"{name}.parquet" for name in ANALYSIS_TABLES), "vectors.npy", "run.json", FILES["html"], FILES["markdown"])


class Verdict(NamedTuple):
    """What a second run found: `causes`, one line each, and how each file differs; "" = it is the same."""

    causes: list[str]
    files: dict[str, str]

    @property
    def same(self) -> bool:
        """Whether every file is the same to the byte."""
        return not any(self.files.values())

    def lines(self) -> Iterator[str]:
        """Yield what a terminal shows: each cause, each file that differs, and the sum."""
        yield from self.causes
        yield from (f"{name}: {what}" for name, what in self.files.items() if what)
        differ = sum(map(bool, self.files.values()))
        yield f"{len(self.files) - differ} of {len(self.files)} files are the same to the byte" + (
            f", {differ} differ" if differ else ""
        )


def verify(
    folder: str | Path,
    exports: Sequence[str | Path] = (),
    *,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Verdict:
    """Run the saved run `folder` again by its run.json and compare every file, byte for byte.

    `exports` are the files and folders that were analysed; without them they are looked for where the run was given
    them. Raises OutputError where `folder` is not a run of `analyze`, SettingError where an export is not there.
    """
    folder, report = Path(folder), progress or choose()
    run = _record(folder)
    origin: dict[str, Any] = run.get("origin") or {}
    device = str(run.get("device", "cpu"))
    corpus = read(*(exports or _found_again(origin, folder)), progress=report, columns=origin.get("columns"))
    settings = Settings(**run["settings"])
    labeler = (run.get("labeler") or {}).get("name")
    again = carry_out(corpus, Work(settings, threads, report, device), labeler, origin)
    causes = [
        *_inputs(run["sources"], again.run["sources"]),
        *_changed("model", run["models"], again.run["models"]),
        *_changed("package", run["versions"], versions()),
    ]
    with tempfile.TemporaryDirectory(prefix="threadkit-verify-") as aside:
        fresh = again.save(aside)
        write_reports(again, fresh)
        return Verdict(causes, {name: _difference(folder / name, fresh / name) for name in _FILES})


def _record(folder: Path) -> dict[str, Any]:
    path = folder / "run.json"
    if not path.is_file():
        raise OutputError(f"{folder}: not a saved run; give the folder that 'threadkit analyze -o' wrote")
    try:
        run = orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError as error:
        raise OutputError(f"{path}: is damaged ({error}); the run cannot be repeated from it") from error
    if not {"settings", "models", "sources", "versions"} <= run.keys():
        raise OutputError(f"{folder}: no run of 'threadkit analyze': its run.json names no settings")
    if run.get("continues"):
        raise OutputError(f"{folder}: continues an earlier run ('threadkit match'); verify that run, and match again")
    return dict(run)


def _found_again(origin: Mapping[str, Any], folder: Path) -> Iterator[Path]:
    """Yield the exports that a run names: as they were given, else seen from the folder that holds the run."""
    if not origin.get("exports"):
        raise SettingError(f"{folder}: run.json does not say where the exports are; name them: verify DIR EXPORT…")
    for name in origin["exports"]:
        places = [Path(name), folder.parent / name]
        place = next((place for place in places if place.exists()), None)
        if place is None:
            raise SettingError(f"{name}: the export is not there any more; say where it is: verify {folder} EXPORT…")
        yield place


def _inputs(before: Iterable[Mapping[str, Any]], now: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    old, new = ({source["name"]: source["sha256"] for source in sources} for sources in (before, now))
    for name in sorted(old.keys() | new.keys()):
        if name not in new:
            yield f"input {name}: was read then, is not there now"
        elif name not in old:
            yield f"input {name}: was not there then"
        elif old[name] != new[name]:
            yield f"input {name}: has changed since (sha256 {_short(old[name])} then, {_short(new[name])} now)"


def _short(digest: str | None) -> str:
    return digest[:12] if digest else "unread"


def _changed(kind: str, before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    for name in sorted(before.keys() | now.keys()):
        if before.get(name) != now.get(name):
            yield f"{kind} {name}: {before.get(name, 'none')} then, {now.get(name, 'none')} now"


def _difference(old: Path, new: Path) -> str:
    if not old.is_file():
        return "is not there"
    one, two = old.read_bytes(), new.read_bytes()
    if one == two:
        return ""
    at = next((i for i, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
    told = f"differs from byte {at:,} on"
    try:
        return f"{told}: {_told_apart(old, new)}"
    except (OSError, ValueError) as error:  # what stands there is no longer a table, an array, JSON
        return f"{told}: it cannot be read ({str(error).splitlines()[0]})"


def _told_apart(old: Path, new: Path) -> str:
    """Say in the file's own terms where two files that differ do so."""
    if new.suffix == ".parquet":
        return _tables(pd.read_parquet(old), pd.read_parquet(new))
    if new.suffix == ".npy":
        return _arrays(np.load(old, allow_pickle=False), np.load(new, allow_pickle=False))
    if new.suffix == ".json":
        one, two = orjson.loads(old.read_bytes()), orjson.loads(new.read_bytes())
        keys = [key for key in {**one, **two} if one.get(key) != two.get(key)]
        return f"{', '.join(keys) or 'nothing but the order'} differ"
    one, two = old.read_bytes().splitlines(), new.read_bytes().splitlines()
    line = next((i for i, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
    return f"from line {line + 1:,}"


def _tables(one: pd.DataFrame, two: pd.DataFrame) -> str:
    if not (one.index.equals(two.index) and one.columns.equals(two.columns)):
        gone, new = len(one.index.difference(two.index)), len(two.index.difference(one.index))
        return f"{len(one):,} rows then, {len(two):,} now; {gone:,} are gone, {new:,} are new"
    columns = [name for name in one if not one[name].equals(two[name])]
    differ = pd.concat([(one[name] != two[name]) & ~(one[name].isna() & two[name].isna()) for name in columns], axis=1)
    rows = int(differ.fillna(value=True).any(axis=1).sum())
    return f"{rows:,} of {len(one):,} rows, in {', '.join(map(str, columns))}"


def _arrays(one: np.ndarray, two: np.ndarray) -> str:
    if one.shape != two.shape:
        return f"shape {one.shape} then, {two.shape} now"
    return f"{int((one != two).any(axis=1).sum()):,} of {len(one):,} rows"
