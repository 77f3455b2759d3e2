"""Hand threadkit what means harm, kind by kind, and count what gets through: the table of the README.

python scripts/hostile_table.py [--seed 1] [--scale 1] [--minutes 30] [--kind NAME] [--atheris 5] [--write]
python scripts/hostile_table.py --one "xml entities:1:7"      # one input again, with its traceback

A failure is: an exception that is no ThreadkitError, more than 10 s of the processor, more than 1 GiB of memory for an
input, a file written outside the output folder, a connection or a process that was started, or hostile text that is
live in what was written (hostile_live.py). The same seed tries the same inputs. Each kind tries its number of inputs,
times --scale, or in turn with the others until the minutes are over. --atheris MINUTES adds the inputs that a
coverage-guided run of fuzz_readers.py tried, where atheris is installed.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "scripts"), str(ROOT / "tests")]
sys.dont_write_bytecode = True

import fuzz_readers as fuzz  # noqa: E402
import hostile_inputs as inputs  # noqa: E402
import hostile_outputs as outputs  # noqa: E402
from formats_table import placed  # noqa: E402

from threadkit.base.errors import ThreadkitError  # noqa: E402
from threadkit.readers.read import read  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

README = ROOT / "README.md"
START, END = "<!-- hostile: written by scripts/hostile_table.py -->", "<!-- end of hostile -->"
ATHERIS = "exports that reach new code (atheris)"


class Kind(NamedTuple):
    """A kind of hostile input: how it tries one, and how many it tries in a default run."""

    attempt: Callable[[random.Random, Path], tuple[int, str]]
    n: int


KINDS = {
    f"damaged exports, {len(fuzz.exports())} readers": Kind(inputs.damaged, 200),
    "random bytes, with the marks of known files": Kind(inputs.noise, 100),
    "decompression bombs (gzip, bzip2, xz, zstd, zip)": Kind(inputs.bomb, 14),
    "XML: billion laughs, external entities": Kind(inputs.entities, 40),
    "deep nesting: JSON, HTML, quotes, brackets": Kind(inputs.nested, 12),
    "texts that make a bad regular expression slow": Kind(inputs.pumped_pattern, 250),
    "one text over and over, read and cut into segments": Kind(inputs.pumped_text, 8),
    "path tricks in ids, titles, names of files": Kind(inputs.paths, 8),
    "HTML and scripts in page and notebook": Kind(outputs.in_html, 10),
    "Markdown in report and worksheet": Kind(outputs.in_markdown, 10),
    "spreadsheet formulas in CSV and Excel": Kind(outputs.in_sheets, 10),
    "terminal escapes, bidi and control characters": Kind(outputs.on_terminal, 10),
    "prompts to the labeler, and what it answers": Kind(outputs.labelled, 150),
}


class Guard:
    """What the process may write and reach, by Python's audit events; a breach is kept until it is asked for."""

    WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
    AT: ClassVar = {"os.mkdir": (0,), "os.rename": (0, 1), "os.remove": (0,), "os.rmdir": (0,), "os.link": (1,),
                    "os.symlink": (1,), "os.truncate": (0,), "os.chmod": (0,)}  # fmt: skip
    NEVER: ClassVar = {"socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system", "os.exec",
                       "os.posix_spawn", "pickle.find_class", "urllib.Request"}  # fmt: skip

    def __init__(self) -> None:
        self.roots: tuple[str, ...] = ()
        self.breach = ""
        sys.addaudithook(self.hook)

    def hook(self, event: str, arguments: tuple[object, ...]) -> None:
        """Look at one event."""
        if not self.roots:
            return
        if event in self.NEVER:
            self.breach = self.breach or f"{event} {arguments!r:.200}"
        elif event == "open" and isinstance(arguments[2], int) and arguments[2] & self.WRITING:
            self.look(arguments[0])
        elif event in self.AT:
            for n in self.AT[event]:
                self.look(arguments[n])

    def look(self, path: object) -> None:
        """Keep a path that lies outside."""
        if isinstance(path, str | bytes | os.PathLike):
            real = os.path.realpath(os.fsdecode(path))
            if real != os.devnull and not any(real == root or real.startswith(root + "/") for root in self.roots):
                self.breach = self.breach or f"wrote outside the output: {real!r}"


def attempt(kind: str, seed: int, n: int, guard: Guard) -> tuple[int, str]:
    """Try one input in a fresh folder; returns how many texts it held, and what went wrong, empty for nothing."""
    draw = random.Random(f"{kind} {seed} {n}")
    tried, wrong = 1, ""
    with tempfile.TemporaryDirectory(dir=HOME) as name:
        folder = Path(name)
        for part in ("in", "out", "tmp"):
            (folder / part).mkdir()
        (folder / "canary").write_text(inputs.CANARY)
        tempfile.tempdir = str(folder / "tmp")
        guard.roots, guard.breach = (os.path.realpath(folder),), ""
        signal.setitimer(signal.ITIMER_PROF, fuzz.SECONDS)
        started = time.process_time()
        try:
            tried, wrong = KINDS[kind].attempt(draw, folder)
        except ThreadkitError:
            pass
        except fuzz.HangError:
            wrong = f"more than {fuzz.SECONDS} s\n{traceback.format_exc(limit=-8)}"
        except MemoryError:
            wrong = f"more than {fuzz.MEMORY:,} bytes\n{traceback.format_exc(limit=-8)}"
        except Exception:
            wrong = traceback.format_exc(limit=-8)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            guard.roots, tempfile.tempdir = (), None
        if time.process_time() - started > fuzz.SECONDS:
            wrong = wrong or f"more than {fuzz.SECONDS} s in one call that cannot be interrupted"
        left = {path.name for path in folder.iterdir()} - {"in", "out", "tmp", "canary"}
        if left or (folder / "canary").read_text() != inputs.CANARY:
            wrong = wrong or f"wrote beside the output: {sorted(left)}"
    return tried, wrong or guard.breach


def run(kinds: list[str], seed: int, scale: float, minutes: float | None) -> tuple[Counter[str], Counter[str]]:
    """Try inputs of every kind; returns how many were tried, and how many failed."""
    guard, tried, failed = Guard(), Counter[str](), Counter[str]()
    end = None if minutes is None else time.monotonic() + 60 * minutes
    done = Counter[str]()
    first = True
    while first or (end and time.monotonic() < end):
        first = False
        for kind in kinds:
            for _ in range(max(1, round(KINDS[kind].n * scale))):
                if end and time.monotonic() > end:
                    break
                n, wrong = attempt(kind, seed, done[kind], guard)
                if wrong:
                    failed[kind] += 1
                    print(f"{kind}:{seed}:{done[kind]}: {wrong}", file=sys.stderr, flush=True)
                tried[kind] += n
                done[kind] += 1
            print(f"{kind}: {tried[kind]:,} tried, {failed[kind]:,} failed", file=sys.stderr, flush=True)
    return tried, failed


def with_atheris(minutes: float, seed: int) -> tuple[int, int]:
    """Run fuzz_readers.py under atheris; returns the inputs it tried and its finds."""
    command = [sys.executable, str(ROOT / "scripts/fuzz_readers.py"), "--atheris", "--minutes", str(minutes)]
    done = subprocess.run([*command, "--seed", str(seed)], capture_output=True, text=True, check=False)
    told = re.search(r"([\d,]+) inputs tried by atheris, ([\d,]+) finds", done.stdout + done.stderr)
    if not told:
        raise SystemExit(f"atheris did not run: {(done.stdout + done.stderr)[-2000:]}")
    return tuple(int(number.replace(",", "")) for number in told.groups())  # type: ignore[return-value]


def table(rows: dict[str, tuple[int, int]]) -> str:
    """Return the figures as Markdown."""
    lines = [f"| {kind} | {tried:,} | {failed:,} |" for kind, (tried, failed) in rows.items()]
    return "\n".join(["| kind | inputs tried | failures |", "| :- | -: | -: |", *lines])


def write(rows: dict[str, tuple[int, int]]) -> None:
    """Put the table into the README; a kind that was not tried this time keeps its row."""
    readme = README.read_text(encoding="utf-8")
    held = readme.partition(START)[2].partition(END)[0]
    told = re.findall(r"^\| (.+?) \| ([\d,]+) \| ([\d,]+) \|$", held, re.MULTILINE)
    old = {kind: (int(tried.replace(",", "")), int(failed.replace(",", ""))) for kind, tried, failed in told}
    every = {kind: (old | rows)[kind] for kind in (*KINDS, ATHERIS) if kind in old | rows}
    README.write_text(placed(readme, table(every), (START, END)), encoding="utf-8")


def main() -> None:
    """Try, print, and write where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scale", type=float, default=1)
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--kind", help="only kinds whose name begins so")
    parser.add_argument("--atheris", type=float, metavar="MINUTES")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--one", metavar="KIND:SEED:NUMBER")
    given = parser.parse_args()
    rows: dict[str, tuple[int, int]] = {}
    if given.atheris:
        rows[ATHERIS] = with_atheris(given.atheris, given.seed)
    signal.signal(signal.SIGPROF, fuzz.hang)
    for name in fuzz.exports():
        read(fuzz.EXPORTS / name, progress=fuzz.Silent())  # all modules are loaded before memory is bounded
    inputs.prepare()
    outputs.prepare()
    fuzz.bound_memory()
    if given.one:
        kind, seed, n = given.one.rsplit(":", 2)
        chosen = next(name for name in KINDS if name.lower().startswith(kind.lower()))
        print(attempt(chosen, int(seed), int(n), Guard())[1] or "no harm done")
        return
    kinds = [name for name in KINDS if name.lower().startswith((given.kind or "").lower())]
    tried, failed = run(kinds, given.seed, given.scale, given.minutes)
    rows = {kind: (tried[kind], failed[kind]) for kind in kinds} | rows
    print(table(rows))
    if given.write:
        write(rows)
    raise SystemExit(1 if any(n for _, n in rows.values()) else 0)


HOME = tempfile.gettempdir()

if __name__ == "__main__":
    main()
