"""Break a run in every way that we know of, and say what is left: the table of faults in the README.

    python scripts/fault_table.py           # print the table
    python scripts/fault_table.py --write   # and put it into the README; tests/test_faults.py runs every fault

Each fault is a function that takes an empty folder, breaks something for real (a killed process, a full disk, spoilt
bytes), and returns what a user then has. It raises AssertionError where something is lost or half-written.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

from click.testing import CliRunner, Result
from formats_table import placed
from training import ROOT

from threadkit.base import progress, weights
from threadkit.base.cache import FILE
from threadkit.cli import threadkit
from threadkit.pipeline.checkpoint import place_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

README = ROOT / "README.md"
BEGIN, END = "<!-- faults: scripts/fault_table.py --write -->", "<!-- end of faults -->"

# Three posts about a town, in the words of nobody but us.
POSTS = {
    "pump": ("We should replace every gas boiler with a heat pump", [
        "No, that is wrong. Poor households cannot afford two thirds of the price.",
        "I agree, and the noise is a myth as well.",
        "The study that you rest this on is far too small to show anything, it had nine houses.",
    ]),
    "cart": ("Ban cars from the old town", [
        "You are wrong. Poor households cannot afford two rides a day at such a price.",
        "No, the survey is far too small to prove anything.",
    ]),
    "lamp": ("Dim the street lamps at midnight", [
        "Wrong, the survey is much too small to prove anything about the lamps.",
        "No! Poor people walk home at night, they cannot afford a taxi.",
    ]),
}  # fmt: skip

# What a run that is killed imports, once for all of them. Nothing of it may compute before the process parts.
IMPORTED = ["threadkit.cli", "threadkit.pipeline", "threadkit.readers.read", "sentence_transformers"]


class Fatal:
    """Progress that kills its process on entering a stage."""

    def __init__(self, at: str) -> None:
        self.at = at

    @contextmanager
    def stage(self, name: str, total: int | None = None) -> Iterator[Callable[[int], None]]:  # noqa: ARG002
        """Enter a stage."""
        if name == self.at:
            die()
        yield lambda _: None


def die() -> None:
    """Kill this process: it has no chance to tidy up."""
    os.kill(os.getpid(), signal.SIGKILL)


def run_fatally(stage: str, wait: int, words: list[str]) -> None:
    """Run a command that dies on entering a stage, or "saving", when `wait` files are in their places."""
    replace, left = Path.replace, iter(range(wait))

    def fatal(path: Path, target: Path) -> Path:
        if stage == "saving" and ".resume" not in str(target) and next(left, None) is None:
            die()
        return replace(path, target)

    with patch.object(progress, "choose", lambda **_: Fatal(stage)), patch.object(Path, "replace", fatal):
        threadkit(words, standalone_mode=False)


STAGES = (
    "reading", "tracing quotes", "telling languages", "choosing targets", "judging stance",
    "folding copies", "encoding objections", "telling kinds", "grouping", "naming cruxes", "testing stability",
    "weighing cruxes", "drawing the map",
)  # fmt: skip


def export(folder: Path) -> Path:
    """Write the three posts as JSON Lines."""
    rows = []
    for post_id, (title, texts) in POSTS.items():
        rows.append({"kind": "post", "id": post_id, "title": title, "author": "Ada", "text": f"{title}, and soon."})
        rows += [
            {"kind": "comment", "id": f"{post_id}{n}", "post_id": post_id, "author": f"{post_id} {n}", "text": text}
            for n, text in enumerate(texts)
        ]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "town.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def command(folder: Path, out: str = "out", *more: str) -> list[str]:
    """Return the words of one analysis; models' results are kept in the folder."""
    shared = ["--stability", "2", "--threads", "1", "--cache", str(folder / "cache"), "--quiet"]
    return ["analyze", str(export(folder / "in")), "-o", str(folder / out), *shared, *more]


def call(*words: str) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(threadkit, list(words))


def files(folder: Path) -> dict[str, bytes]:
    """Return the files of a run, by name; a folder that a killed run was writing into is none."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def whole(folder: Path) -> dict[str, bytes]:
    """Return the files of a run that nothing disturbed."""
    result = call(*command(folder))
    assert result.exit_code == 0, result.output
    return files(folder / "out")


def one_line(result: Result) -> str:
    """Return the one line that a failed command printed."""
    lines = result.output.strip().splitlines()
    assert result.exit_code == 1, result.output
    assert len(lines) == 1, result.output
    return lines[0]


def nothing_left(folder: Path, *kept: str) -> None:
    """Hold that no half-written file or folder stands beside the output or in it."""
    left = {path.name for path in folder.iterdir()} - {"in", "cache", ".out.resume", *kept}
    left |= {path.name for path in folder.glob("*/.*.partial")}
    assert not left, left


def die_at(folder: Path, stage: str, wait: int = 0) -> None:
    """Run an analysis that is killed at a stage."""
    processes = get_context("forkserver")
    processes.set_forkserver_preload(IMPORTED)
    process = processes.Process(target=run_fatally, args=(stage, wait, command(folder)))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL, stage


def killed_in_a_stage(folder: Path) -> str:
    """Try kill -9 in each of the stages of a run, one after the other."""
    expected = whole(folder / "undisturbed")
    for stage in STAGES:
        die_at(folder, stage)
        assert not (folder / "out").exists()
    result = call(*command(folder))
    assert "An earlier run was cut off" in result.output
    found = files(folder / "out")
    assert found.keys() == expected.keys()
    assert all(found[name] == expected[name] for name in expected.keys() - {"run.json"})
    assert not place_of(folder / "out").exists()
    return f"{len(STAGES)} kills; the next run goes on and ends with the same bytes"


def killed_while_saving(folder: Path) -> str:
    """Try kill -9 while a new run takes the place of an older one."""
    expected = whole(folder)
    for wait in (0, 5):
        die_at(folder, "saving", wait)
        assert files(folder / "out").keys() == expected.keys()
        assert call("show", str(folder / "out")).exit_code == 0
    assert call(*command(folder)).exit_code == 0
    assert files(folder / "out") == expected
    return "the older run or the newer stands, file by file whole; the next run ends well"


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """Let no file grow beyond `size` bytes: writing fails as on a full disk."""
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def disk_full(folder: Path) -> str:
    """Try disk full while a run is saved over an older one."""
    expected = whole(folder)
    with largest_file(60_000):
        line = one_line(call(*command(folder, "out", "--seed", "1")))
    assert "nothing was left half-written" in line or "cannot be written" in line, line
    assert files(folder / "out") == expected
    nothing_left(folder, "out")
    return "one line; the older run is untouched"


def cache_full(folder: Path) -> str:
    """Try disk full while results are cached."""
    expected = whole(folder / "undisturbed")
    full = sqlite3.OperationalError("database or disk is full")
    with patch("threadkit.base.cache._connect", side_effect=full):
        result = call(*command(folder))
    assert result.exit_code == 0, result.output
    assert "the run goes on without it" in result.output
    found = files(folder / "out")
    assert all(found[name] == expected[name] for name in expected.keys() - {"run.json", "report.html"})
    return "one warning; the run goes on without its cache, to the same bytes"


def read_only(folder: Path) -> str:
    """Try an output folder that cannot be written."""
    result = call("analyze", str(export(folder / "in")), "-o", "/proc/threadkit/out", "--quiet")
    assert "cannot be written" in one_line(result)
    return "one line, before any work is done"


def unreadable_file(folder: Path) -> str:
    """Try files among others that cannot be read: a broken link, a cut gzip, random bytes."""
    path = export(folder / "in")
    (folder / "in" / "a-link.jsonl").symlink_to(folder / "nowhere")
    (folder / "in" / "b-cut.jsonl.gz").write_bytes(gzip.compress(path.read_bytes())[:200])
    (folder / "in" / "z-bytes.json").write_bytes(bytes(range(256)) * 40)
    result = call("read", str(folder / "in"), "-o", str(folder / "out"))
    assert result.exit_code == 0, result.output
    import pandas as pd

    problems = pd.read_parquet(folder / "out" / "problems.parquet")
    assert {Path(name).name for name in problems["source"].dropna()} >= {
        "a-link.jsonl",
        "b-cut.jsonl.gz",
        "z-bytes.json",
    }
    assert len(pd.read_parquet(folder / "out" / "comments.parquet")) == sum(len(texts) for _, texts in POSTS.values())
    assert call("read", str(folder / "in"), "--strict").exit_code == 1
    return "a row in problems for each; everything else is read; --strict ends with status 1"


def damaged_cache(folder: Path) -> str:
    """Try a cache whose file is spoilt."""
    expected = whole(folder)
    (folder / "cache" / FILE).write_bytes(os.urandom(9000))
    for name in (f"{FILE}-wal", f"{FILE}-shm"):
        (folder / "cache" / name).unlink(missing_ok=True)
    result = call(*command(folder))
    assert "is damaged, moved to" in result.output
    assert files(folder / "out") == expected
    return "one warning, the file is moved aside; the same bytes"


def damaged_checkpoint(folder: Path) -> str:
    """Try what a killed run left is spoilt."""
    expected = whole(folder / "undisturbed")
    die_at(folder, "drawing the map")
    for path in place_of(folder / "out").glob("*/*.parquet"):
        path.write_bytes(path.read_bytes()[:-40])
    assert call(*command(folder)).exit_code == 0
    found = files(folder / "out")
    assert all(found[name] == expected[name] for name in expected.keys() - {"run.json", "report.html", "report.md"})
    return "is computed again; the same bytes"


@contextmanager
def other_weights(folder: Path, change: Callable[[Path], None]) -> Iterator[None]:
    """Let the weights be a copy of those that ship, changed."""
    models = folder / "models"
    models.mkdir()
    for path in (ROOT / "models").iterdir():
        (models / path.name).symlink_to(path)
    change(models)
    weights.resolve.cache_clear()
    try:
        with patch.object(weights, "_PLACES", (folder,)):
            yield
    finally:
        weights.resolve.cache_clear()


def _spoil(models: Path) -> None:
    ours = models / "threadkit-kinds"
    ours.unlink()
    ours.mkdir()
    for path in (ROOT / "models" / "threadkit-kinds").iterdir():
        (ours / path.name).write_bytes(path.read_bytes()[:-1] + b"\0")


def damaged_weights(folder: Path) -> str:
    """Try weights with one byte changed."""
    with other_weights(folder, _spoil):
        line = one_line(call(*command(folder)))
    assert "sha256" in line
    assert "install threadkit again" in line
    assert not (folder / "out").exists()
    return "one line naming the file and both checksums, before any work is done"


def _renamed(models: Path) -> None:
    path = models / "manifest.json"
    rows = json.loads(path.read_text())
    path.unlink()
    for row in rows:
        row["revision"] = "0" * 12
    path.write_text(json.dumps(rows))


def changed_revision(folder: Path) -> str:
    """Try a model of another revision than the earlier run's."""
    whole(folder)
    before = sqlite3.connect(folder / "cache" / FILE).execute("SELECT count(*) FROM results").fetchone()[0]
    with other_weights(folder, _renamed):
        words = ["match", str(folder / "in"), "--cruxes", str(folder / "out"), "-o", str(folder / "more"), "--no-cache"]
        line = one_line(call(*words))
        assert call(*command(folder, "again")).exit_code == 0
    after = sqlite3.connect(folder / "cache" / FILE).execute("SELECT count(*) FROM results").fetchone()[0]
    assert "was made with threadkit-" in line
    assert after == 2 * before
    return "match refuses in one line; nothing that the other revision computed is used"


def damaged_run(folder: Path) -> str:
    """Try a saved run with a spoilt table, vectors, or record."""
    whole(folder)
    for name in ("cruxes.parquet", "vectors.npy", "run.json"):
        path = folder / "out" / name
        good = path.read_bytes()
        path.write_bytes(good[: len(good) // 2])
        assert name in one_line(call("show", str(folder / "out")))
        path.write_bytes(good)
    assert call("show", str(folder / "out")).exit_code == 0
    return "one line naming the file"


def lost_worker(folder: Path) -> str:
    """Try a worker process of a Dask cluster killed midway."""
    if find_spec("distributed") is None:
        return "not tried: distributed is not installed"
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--basetemp={folder / 'pytest'}"]
    test = "tests/pipeline/test_beyond.py::test_a_worker_that_is_killed_loses_nothing"
    result = subprocess.run([*words, test], check=False, capture_output=True, text=True, cwd=ROOT)
    assert result.returncode == 0, result.stdout
    assert "2 passed" in result.stdout, result.stdout
    return "its parts go to others; the same bytes"


def too_little_memory(folder: Path) -> str:
    """Try less memory than a run needs."""
    result = call(*command(folder, "out", "--max-memory", "300MB"))
    assert result.exit_code == 1, result.output
    plan, line = result.output.strip().splitlines()
    assert plan.startswith("Plan: ")
    assert "would be needed, 300 MB are allowed" in line
    assert not (folder / "out").exists()
    return "the plan and one line, before any work is done"


FAULTS = (
    killed_in_a_stage, killed_while_saving, disk_full, cache_full, read_only, unreadable_file, damaged_cache,
    damaged_checkpoint, damaged_weights, changed_revision, damaged_run, lost_worker, too_little_memory,
)  # fmt: skip


def words(fault: Callable[[Path], str]) -> str:
    """Return what the table calls a fault."""
    return (fault.__doc__ or "").removeprefix("Try ").rstrip(".")


def table() -> Iterator[str]:
    """Yield the lines of the table, breaking things on the way."""
    yield "| fault | what a user has |"
    yield "|---|---|"
    for fault in FAULTS:
        with tempfile.TemporaryDirectory() as folder:
            yield f"| {words(fault)} | {fault(Path(folder))} |"


def main() -> None:
    """Print the table; with --write, put it into the README."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    writing = parser.parse_args().write
    lines = []
    for line in table():
        print(line, flush=True)
        lines.append(line)
    if writing:
        README.write_text(placed(README.read_text(encoding="utf-8"), "\n".join(lines), (BEGIN, END)), encoding="utf-8")


if __name__ == "__main__":
    main()
