"""Feed every reader damaged exports: whatever stands in a file, reading ends with a corpus or an error of ours.

python scripts/fuzz_readers.py --minutes 5 --seed 1 [--format reddit-json] [--keep out/finds]
python scripts/fuzz_readers.py --one reddit-json:123456      # one input again, with its traceback
python scripts/fuzz_readers.py --atheris --minutes 5         # inputs that reach new code (pip install atheris)

Mutated are our own exports (tests/data/exports): bytes flipped, cut, taken out, doubled, swapped for tokens that
break things, nested deep, numbers blown up, encodings changed. A find is any exception that is not a ThreadkitError,
more than 10 s of the processor,
or more than 1 GiB of memory for an input of some kilobytes; it is printed with the seed that makes it. The last thing
printed is a table of the inputs tried. With --atheris, which is no dependency of ours, libFuzzer mutates one file of an
export and keeps what reached a line that nothing had reached; the last thing printed is how many it tried.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

if __name__ == "__main__" and "--atheris" in sys.argv:
    # What is to be watched must be imported under its eyes.
    import atheris

    with atheris.instrument_imports(include=["threadkit"]):
        from threadkit.readers import formats, read

        for each in formats.FORMATS.names():
            formats.FORMATS.load(each)

from threadkit.base.errors import ThreadkitError
from threadkit.base.progress import Silent
from threadkit.readers import jsonl, reddit_ndjson
from threadkit.readers.formats import FORMATS
from threadkit.readers.read import read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

EXPORTS = Path(__file__).resolve().parents[1] / "tests" / "data" / "exports"
# Seconds of the processor that one small input may take, whatever else runs beside, and the bytes of address space
# that it may ask for beside what is held before.
SECONDS = 10
MEMORY = 2**30
# Bytes of a mutated input: doubling must not grow one without end.
LONGEST = 2**18

TOKENS = [
    b"",
    b"\x00",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xc3",
    b"\x80",
    b"\xed\xa0\x80",
    b"\\ud800",
    b"\\u0000",
    b"null",
    b"true",
    b"{}",
    b"[]",
    b'""',
    b"{",
    b"[",
    b"}",
    b"]",
    b'"',
    b"\\",
    b",",
    b":",
    b"-",
    b"0",
    b"-1",
    b"1.5",
    b"NaN",
    b"1e999",
    b"9" * 40,
    b"-" + b"9" * 400,
    b"\xe2\x88\x925",
    b"[deleted]",
    b"[removed]",
    b"<",
    b">",
    b"</",
    b"<p>",
    b"<blockquote>",
    b"<!--",
    b"-->",
    b"<![CDATA[",
    b"]]>",
    b"&#x110000;",
    b"&amp;amp;",
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>",
    b"<table><tr><td>",
    b"\n",
    b"\r\n",
    b"\n\n",
    b"\t",
    b" ",
    b"> ",
    b">! ",
    b"```",
    b"* ",
    b"1. ",
    b"![](",
    b"](",
    b"[quote]",
    b"[/quote]",
    b"|",
    b"-" * 25,
    b"\n\nFrom a  Thu Mar  1 10:00:00 2012\n",
    b"=?utf-8?q?=FF?=",
    b"\xce\xa9",
    b"[-]",
    b"10",
    b"2y",
    b"\xe2\x80\xae",
]
NESTS = [
    (b"[", b"]"),
    (b'{"a":', b"}"),
    (b"<div>", b"</div>"),
    (b"<blockquote>", b"</blockquote>"),
    (b"> ", b""),
    (b"(", b")"),
]


class HangError(Exception):
    """An input took longer than SECONDS."""


def flip(data: bytearray, draw: random.Random) -> bytes:
    """Change some bytes."""
    for _ in range(draw.randint(1, 8)):
        data[draw.randrange(len(data))] = draw.randrange(256)
    return bytes(data)


def cut(data: bytearray, draw: random.Random) -> bytes:
    """Drop the end, or the beginning."""
    at = draw.randrange(len(data))
    return bytes(data[:at] if draw.random() < 0.8 else data[at:])


def chunk(data: bytearray, draw: random.Random) -> tuple[int, int]:
    """Choose a stretch: any bytes, or what stands between two marks."""
    start = draw.randrange(len(data))
    stop = min(len(data), start + int(draw.expovariate(1 / 60)) + 1)
    mark = draw.choice([b"\n", b'"', b"<", b",", None])
    if mark is not None:
        start = data.rfind(mark, 0, start + 1) + 1
        found = data.find(mark, start)
        stop = len(data) if found < 0 else found
    return start, stop


def take_out(data: bytearray, draw: random.Random) -> bytes:
    """Delete a stretch."""
    start, stop = chunk(data, draw)
    return bytes(data[:start] + data[stop:])


def double(data: bytearray, draw: random.Random) -> bytes:
    """Repeat a stretch, there or elsewhere, once or many times."""
    start, stop = chunk(data, draw)
    at = stop if draw.random() < 0.5 else draw.randrange(len(data))
    return bytes(data[:at] + data[start:stop] * draw.choice([1, 1, 2, 300]) + data[at:])


def swap(data: bytearray, draw: random.Random) -> bytes:
    """Put a token in place of a stretch, or of nothing."""
    start, stop = chunk(data, draw)
    return bytes(data[:start] + draw.choice(TOKENS) + data[start if draw.random() < 0.5 else stop :])


def move(data: bytearray, draw: random.Random) -> bytes:
    """Put one stretch in place of another."""
    (a, b), (c, d) = chunk(data, draw), chunk(data, draw)
    return bytes(data[:a] + data[c:d] + data[b:])


def nest(data: bytearray, draw: random.Random) -> bytes:
    """Put a stretch into many brackets, which may stay open."""
    start, stop = chunk(data, draw)
    opened, closed = draw.choice(NESTS)
    n = draw.choice([2, 50, 1100, 3000])
    inner = data[start:stop]
    return bytes(data[:start] + opened * n + inner + closed * draw.choice([n, n, 0, n - 1]) + data[stop:])


def blow_up(data: bytearray, draw: random.Random) -> bytes:
    """Make a number huge, negative, or no number."""
    digits = [n for n, byte in enumerate(data) if 48 <= byte <= 57]
    if not digits:
        return flip(data, draw)
    at = draw.choice(digits)
    new = draw.choice(
        [b"9" * 30, b"-7", b"1e400", b"0", b"00", b"2147483648", b"9223372036854775808", b"1.5", b"x", b"\xc2\xb2"]
    )
    return bytes(data[:at] + new + data[at + 1 :])


def recode(data: bytearray, draw: random.Random) -> bytes:
    """Write the text in another encoding, or mixed ones."""
    text = bytes(data).decode("utf-8", "surrogateescape")
    name = draw.choice(["utf-16", "utf-16-le", "utf-32", "utf-8-sig", "cp1252", "utf-7"])
    at = draw.randrange(len(text) + 1) if draw.random() < 0.3 else 0
    return text[:at].encode("utf-8", "replace") + text[at:].encode(name, "replace")


MUTATIONS: list[Callable[[bytearray, random.Random], bytes]] = [
    flip,
    cut,
    take_out,
    double,
    swap,
    swap,
    swap,
    move,
    nest,
    blow_up,
    recode,
]


def mutated(files: dict[Path, bytes], seed: int) -> dict[Path, bytes]:
    """Return an export with one of its files damaged; the same seed damages it alike."""
    draw = random.Random(seed)
    path = draw.choice(sorted(files))
    data = files[path]
    for _ in range(draw.choice([1, 1, 1, 2, 3, 6])):
        if data:
            data = draw.choice(MUTATIONS)(bytearray(data), draw)[:LONGEST]
    return {**files, path: data}


def seeds(name: str, start: int) -> Iterator[int]:
    """Yield the seeds of a format, other ones for every run and format."""
    draw = random.Random(f"{name} {start}")
    while True:
        yield draw.randrange(2**40)


def attempt(name: str, files: dict[Path, bytes], folder: Path) -> str:
    """Read one export as its format and as whatever it is taken for; returns what went wrong, empty for nothing."""
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    # The second time even a few lines are read by columns.
    for formats, few in (([name], 64), (None, 1)):
        reddit_ndjson._FEW = jsonl._FEW = few
        started = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        try:
            read(folder, formats=formats, progress=Silent())
        except ThreadkitError as error:
            if "\n" in str(error):
                return f"an error of more than one line: {str(error)[:200]!r}"
        except HangError:
            return f"more than {SECONDS} s\n{traceback.format_exc(limit=-12)}"
        except MemoryError:
            return f"more than {MEMORY:,} bytes\n{traceback.format_exc(limit=-12)}"
        except Exception:
            return traceback.format_exc(limit=-12)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        if time.process_time() - started > SECONDS:
            return f"more than {SECONDS} s in one call that cannot be interrupted"
    return ""


def bound_memory() -> None:
    """Let this process ask for MEMORY beside what it holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limit = pages * resource.getpagesize() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (limit, resource.RLIM_INFINITY))


def exports() -> dict[str, dict[Path, bytes]]:
    """Return our own exports by format: name in the folder to bytes."""
    return {
        name: {p.relative_to(EXPORTS / name): p.read_bytes() for p in (EXPORTS / name).rglob("*") if p.is_file()}
        for name in FORMATS.names()
        if (EXPORTS / name).is_dir()
    }


def hang(_signal: int, _frame: FrameType | None) -> None:
    """End an input that takes too long."""
    raise HangError


def fuzz(names: list[str], minutes: float, start: int, keep: Path | None) -> int:
    """Try inputs of all formats in turn until the time is over; returns the number of finds."""
    held, tried, found, finds = exports(), Counter[str](), Counter[str](), Counter[str]()
    streams = {name: seeds(name, start) for name in names}
    end = time.monotonic() + 60 * minutes
    while time.monotonic() < end:
        for name in names:
            seed = next(streams[name])
            with tempfile.TemporaryDirectory() as folder:
                wrong = attempt(name, mutated(held[name], seed), Path(folder))
            tried[name] += 1
            last = wrong.strip().splitlines()[-1] if wrong else ""
            if wrong:
                finds[last] += 1
                found[name] += 1
                print(f"{name}:{seed}: {wrong if finds[last] == 1 else last}", flush=True)
                if keep:
                    for path, data in mutated(held[name], seed).items():
                        (keep / f"{name}-{seed}" / path).parent.mkdir(parents=True, exist_ok=True)
                        (keep / f"{name}-{seed}" / path).write_bytes(data)
    print(f"| {'reader':<20} | inputs tried | finds |\n| {'-' * 20} | ------------ | ----- |")
    for name in names:
        print(f"| {name:<20} | {tried[name]:>12,} | {found[name]:>5,} |")
    print(f"| {'all':<20} | {tried.total():>12,} | {finds.total():>5,} |\n{len(finds):,} kinds of finds, seed {start}")
    return finds.total()


def guided(names: list[str], minutes: float, start: int, keep: Path | None) -> None:
    """Let atheris choose the inputs until the time is over; ends the process, as libFuzzer does."""
    held, finds = exports(), Counter[str]()
    tried, end = 0, time.monotonic() + 60 * minutes

    def one(data: bytes) -> None:
        nonlocal tried
        if time.monotonic() > end:
            print(f"{tried:,} inputs tried by atheris, {finds.total():,} finds of {len(finds):,} kinds", flush=True)
            os._exit(1 if finds else 0)
        if len(data) < 2:
            return
        name = names[data[0] % len(names)]
        path = sorted(held[name])[data[1] % len(held[name])]
        with tempfile.TemporaryDirectory() as folder:
            wrong = attempt(name, {**held[name], path: data[2:]}, Path(folder))
        tried += 1
        if wrong:
            last = wrong.strip().splitlines()[-1]
            finds[last] += 1
            print(f"{name}: {wrong if finds[last] == 1 else last}", flush=True)
            if keep:
                keep.mkdir(parents=True, exist_ok=True)
                (keep / f"{name}-atheris-{tried}").write_bytes(data)

    with tempfile.TemporaryDirectory() as corpus:
        for n, name in enumerate(names):
            for k, path in enumerate(sorted(held[name])):
                (Path(corpus) / f"{n}-{k}").write_bytes(bytes([n, k]) + held[name][path])
        options = [f"-seed={start + 1}", f"-max_len={LONGEST}", "-rss_limit_mb=0", "-timeout=120", "-verbosity=0"]
        atheris.Setup([sys.argv[0], *options, corpus], one)
        atheris.Fuzz()


def main() -> None:
    """Fuzz, or try one input again."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=1)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--format", choices=FORMATS.names())
    parser.add_argument("--keep", type=Path, help="folder for the inputs that were finds")
    parser.add_argument("--one", metavar="FORMAT:SEED", help="try this input alone")
    parser.add_argument("--atheris", action="store_true", help="let coverage choose the inputs")
    given = parser.parse_args()
    signal.signal(signal.SIGPROF, hang)
    held = exports()
    for name in held:
        read(EXPORTS / name, progress=Silent())  # all modules are loaded before memory is bounded
    bound_memory()
    if given.one:
        name, _, seed = given.one.partition(":")
        with tempfile.TemporaryDirectory() as folder:
            print(
                attempt(name, mutated(held[name], int(seed)), Path(folder)) or "read, or refused with an error of ours"
            )
        return
    names = [given.format] if given.format else list(held)
    if given.atheris:
        guided(names, given.minutes, given.seed, given.keep)
    raise SystemExit(1 if fuzz(names, given.minutes, given.seed, given.keep) else 0)


if __name__ == "__main__":
    main()
