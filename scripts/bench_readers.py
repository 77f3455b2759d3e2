"""Measure how fast exports become tables, on one core: beside the bare parsers, and beside an older checkout.

python scripts/bench_readers.py [--megabytes 64] [--case ndjson-plain] [--rounds 3] [--beside CHECKOUT] [--profile CASE]
python scripts/bench_readers.py --memory [--megabytes 64] [--case ndjson-plain]
python scripts/bench_readers.py --workers 2 [--megabytes 64] [--case html-hackernews]

Every figure is of processor time, the best of some rounds in which each case, its bare parser and (with --beside) the
other checkout take turns, each in a process of its own; MB are 10^6 bytes of the unpacked file. "bare" is what only
parses the same bytes: orjson line by line, or lxml. `ndjson-padded` is `ndjson-plain` with ten times as many bytes that
no table keeps: its memory must grow with "text MB", the words kept, alone. The exports are bench_exports.py's.

`--memory` reads each case, and writes it by `threadkit read -o`, in two sizes, the second four times the first: by how
many bytes the peak grows for each comment more tells what is held of it, once the smaller is larger than what writing
holds at once whatever the size (a row group, the shelf's beginning): 64 MB are.

`--workers` reads a folder of PARTS exports of each kind, as large together as the one alone, by so many processes: in
MB a second of the clock, once they are begun, beside the same folder read by one.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import os
import pstats
import resource
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import bench_exports
import orjson
from lxml import etree
from pyarrow import json as arrow

if TYPE_CHECKING:
    from collections.abc import Callable


# Into so many files an export is cut that several processes read.
PARTS = 16


def timed(work: Callable[[], object]) -> tuple[float, object]:
    """Return the seconds of processor time that something takes, and what it gives."""
    started = time.process_time()
    result = work()
    return time.process_time() - started, result


def with_orjson(path: Path) -> None:
    """Parse every line, and keep nothing."""
    with path.open("rb") as file:
        for line in file:
            orjson.loads(line)


def with_arrow(path: Path) -> None:
    """Parse every line into columns of whatever it holds."""
    arrow.read_json(path, read_options=arrow.ReadOptions(use_threads=False, block_size=2**22))


def with_lxml(path: Path) -> None:
    """Parse a page or a table of XML into a tree."""
    parser = (etree.XMLParser if path.suffix == ".xml" else etree.HTMLParser)(huge_tree=True)
    etree.fromstring(path.read_bytes(), parser)


def with_copy(path: Path) -> None:
    """Read the bytes and copy them once: no reader can be faster."""
    bytearray(path.read_bytes())


BARE: dict[str, Callable[[Path], None]] = {
    "orjson": with_orjson,
    "pyarrow.json": with_arrow,
    "lxml": with_lxml,
    "copy": with_copy,
}


def measure(path: Path) -> dict[str, float]:
    """Read one file into tables and return what it took."""
    from threadkit.base.progress import Silent
    from threadkit.readers.read import read

    first = path.with_name("first" + path.suffix)
    # Modules and patterns are loaded once, whatever the size.
    with path.open("rb") as file:
        # Not the whole file: what is held here once would hide what reading holds.
        first.write_bytes(file.read(20_000))
    read(first, progress=Silent())
    before = peak_mb()
    cpu, corpus = timed(lambda: read(path, progress=Silent()))
    peak = peak_mb()
    texts = (corpus.posts["text"], corpus.comments["text"])  # type: ignore[attr-defined]
    return {
        "comments": len(corpus.comments),  # type: ignore[attr-defined]
        "cpu": cpu,
        "peak_mb": peak,
        "grown_mb": peak - before,
        "text_mb": sum(int(text.str.encode("utf-8").str.len().sum()) for text in texts) / 1e6,
    }


def peak_mb() -> float:
    """Return the most memory that this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def measure_written(path: Path) -> dict[str, float]:
    """Write the tables of one file without holding them, and return what it took."""
    from threadkit.base.progress import Silent
    from threadkit.readers.convert import convert

    first, out = path.with_name("first" + path.suffix), path.with_name("tables.parquet")
    with path.open("rb") as file:
        first.write_bytes(file.read(20_000))
    convert(first, out=out, progress=Silent())
    before = peak_mb()
    cpu, tally = timed(lambda: convert(path, out=out, progress=Silent()))
    return {"comments": tally.comments, "cpu": cpu, "grown_mb": peak_mb() - before}  # type: ignore[attr-defined]


def memory(case: str, given: argparse.Namespace, folder: Path) -> str:
    """Return the lines of a case: by how much the peak grows with its size, read and written."""
    here = Path(__file__).resolve().parent.parent
    lines = []
    for name, option in (("read", "--read"), ("written", "--write")):
        found = []
        for times in (1, 4):
            path = bench_exports.write(case, folder, times * given.megabytes)
            found.append({**apart(option, str(path), checkout=here), "mb": path.stat().st_size / 1e6})
        small, large = found
        more = {key: large[key] - small[key] for key in ("comments", "grown_mb", "mb")}
        cells = [f"{case:<18} {name:<8} {small['mb']:>6.1f} {large['mb']:>7.1f} {large['comments']:>9,.0f}"]
        cells += [
            f"{small['grown_mb']:>9.0f} {large['grown_mb']:>9.0f} {1e6 * more['grown_mb'] / more['comments']:>14.0f}"
        ]
        cells += [f"{more['grown_mb'] / more['mb']:>10.3f} {large['mb'] / large['cpu']:>6.1f}"]
        lines.append(" ".join(cells))
    return "\n".join(lines)


def apart(*arguments: str, checkout: Path) -> dict[str, float]:
    """Run this script in a process of its own, on the threadkit of a checkout."""
    command = [sys.executable, __file__, *arguments]
    environment = {**os.environ, "PYTHONPATH": str(checkout), "OMP_NUM_THREADS": "1"}
    told = subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout
    return dict(json.loads(told))


def compare(case: str, given: argparse.Namespace, folder: Path) -> str:
    """Return the line of a case: every reading the best of some rounds."""
    path = bench_exports.write(case, folder, given.megabytes)
    size = path.stat().st_size / 1e6
    here = Path(__file__).resolve().parent.parent
    bare = ["orjson", "pyarrow.json", "copy"] if path.suffix == ".jsonl" else ["lxml", "copy"]
    took: dict[str, list[float]] = {name: [] for name in ("now", "before", *bare)}
    found: dict[str, float] = {}
    for _ in range(given.rounds):
        found = apart("--read", str(path), checkout=here)
        took["now"].append(found["cpu"])
        if given.beside:
            took["before"].append(apart("--read", str(path), checkout=given.beside)["cpu"])
        for name in bare:
            took[name].append(apart("--bare", name, str(path), checkout=here)["cpu"])
    speed = {name: size / min(times) for name, times in took.items() if times}
    cells = [f"{case:<18} {size:>6.1f} {found['comments']:>9,.0f} {speed['now']:>6.1f} {speed.get('before', 0):>7.1f}"]
    cells += [f"{speed[bare[0]]:>6.1f} {speed['now'] / speed[bare[0]]:>6.2f} {speed.get('pyarrow.json', 0):>7.1f}"]
    cells += [f"{speed['copy']:>6.0f} {found['peak_mb']:>8.0f} {found['grown_mb']:>9.0f} {found['text_mb']:>8.1f}"]
    return " ".join(cells)


def shared(case: str, given: argparse.Namespace, folder: Path) -> str:
    """Return the line of a case: a folder of exports, read by this process and by several."""
    from threadkit import read
    from threadkit.base.progress import Silent

    paths = [bench_exports.write(case, folder, given.megabytes / PARTS, part) for part in range(1, PARTS + 1)]
    size = sum(path.stat().st_size for path in paths) / 1e6
    took: dict[str, list[float]] = {"alone": [], "shared": []}
    with ProcessPoolExecutor(given.workers) as pool:
        for _ in range(given.rounds + 1):
            for name, hand_out in (("alone", map), ("shared", pool.map)):
                begun = time.monotonic()
                comments = len(read(folder, progress=Silent(), hand_out=hand_out).comments)
                took[name].append(time.monotonic() - begun)
    # In the first round everybody imports what it needs.
    alone, together = (size / min(times[1:]) for times in took.values())
    return f"{case:<18} {size:>6.1f} {comments:>9,} {alone:>6.1f} {together:>6.1f} {together / alone:>6.2f}"


def main() -> None:
    """Measure every case, each in its own process."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=float, default=64)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--case", choices=bench_exports.CASES, action="append")
    parser.add_argument("--beside", type=Path, help="a checkout of an older threadkit to measure too")
    parser.add_argument("--profile", choices=bench_exports.CASES, help="print where the time of one case goes")
    parser.add_argument("--workers", type=int, help="read a folder of exports by so many processes")
    parser.add_argument("--memory", action="store_true", help="how memory grows with the size of an export")
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--write", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--bare", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.read:
        print(json.dumps(measure(given.read)))
        return
    if given.write:
        print(json.dumps(measure_written(given.write)))
        return
    if given.bare:
        print(json.dumps({"cpu": timed(lambda: BARE[given.bare[0]](Path(given.bare[1])))[0]}))
        return
    if given.profile:
        with tempfile.TemporaryDirectory() as folder:
            path = bench_exports.write(given.profile, Path(folder), given.megabytes)
            profiler = cProfile.Profile(time.process_time)
            profiler.runcall(measure, path)
            pstats.Stats(profiler).sort_stats("tottime").print_stats(30)
        return
    if given.memory:
        print(
            f"{'case':<18} {'':<8} {'MB':>6} {'MB':>7} {'comments':>9} {'grown MB':>9} {'grown MB':>9}"
            f" {'bytes/comment':>14} {'bytes/byte':>10} {'MB/s':>6}"
        )
        for case in given.case or [case for case in bench_exports.CASES if "json" in case]:
            with tempfile.TemporaryDirectory() as folder:
                print(memory(case, given, Path(folder)), flush=True)
        return
    if given.workers:
        print(f"MB/s of the clock; {PARTS} exports of a kind, read by one process and by {given.workers}")
        print(f"{'case':<18} {'MB':>6} {'comments':>9} {'one':>6} {given.workers:>6} {'ratio':>6}")
        for case in given.case or [case for case in bench_exports.CASES if "html" in case]:
            with tempfile.TemporaryDirectory() as folder:
                print(shared(case, given, Path(folder)), flush=True)
        return
    print("MB/s of processor time; bare: orjson for lines, lxml for the others")
    print(
        f"{'case':<18} {'MB':>6} {'comments':>9} {'MB/s':>6} {'before':>7} {'bare':>6} {'share':>6} {'pyarrow':>7}"
        f" {'copy':>6} {'peak MB':>8} {'grown MB':>9} {'text MB':>8}"
    )
    for case in given.case or bench_exports.CASES:
        with tempfile.TemporaryDirectory() as folder:
            print(compare(case, given, Path(folder)), flush=True)


if __name__ == "__main__":
    main()
