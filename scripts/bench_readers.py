"""Measure how fast exports become tables, on one core: MB/s and peak memory, for each kind of file and body.

python scripts/bench_readers.py [--megabytes 64] [--profile ndjson-plain]

The exports are made of our own words: comments of Reddit as NDJSON, with plain bodies or with those of a forum (a
fifth holds links, quotes, lists), threadkit's JSON Lines, Stack Exchange rows (HTML in XML), pages of Hacker
News. `ndjson-padded` is `ndjson-plain` with ten times as many bytes that no table keeps: its memory must grow with
"text MB", the words kept, alone. MB are 10^6 bytes of the unpacked file; every case runs in a process of its own.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import pstats
import random
import resource
import subprocess
import sys
import tempfile
import time
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WORDS = [
    "tea",
    "coffee",
    "water",
    "cup",
    "hot",
    "cold",
    "never",
    "always",
    "think",
    "people",
    "shop",
    "town",
    "price",
    "study",
    "year",
    "rather",
    "because",
    "would",
    "could",
    "morning",
    "evening",
    "doubt",
    "agree",
    "wrong",
    "right",
    "reason",
    "market",
    "child",
    "street",
    "paper",
    "the",
    "a",
    "of",
    "and",
    "to",
    "in",
    "is",
    "that",
    "it",
    "not",
]
# Of a forum's bodies this share holds marks of Markdown.
MARKED = 0.2


def prose(draw: random.Random) -> str:
    """Return some sentences, about as long as a forum's comment."""
    said = [" ".join(draw.choices(WORDS, k=draw.randint(5, 18))).capitalize() + "." for _ in range(draw.randint(1, 7))]
    return "\n\n".join(" ".join(said[n : n + 3]) for n in range(0, len(said), 3))


def forum(draw: random.Random) -> str:
    """Return prose, a fifth of it with a quote, a link, emphasis or a list."""
    body = prose(draw)
    if draw.random() >= MARKED:
        return body
    kind = draw.randrange(4)
    if kind == 0:
        return f"> {prose(draw).splitlines()[0]}\n\n{body}"
    if kind == 1:
        return f"{body} See [this page](https://example.org/{draw.randrange(999)})."
    return f"*Really?* {body}" if kind == 2 else f"{body}\n\n* one cup\n* two cups"


def rows(draw: random.Random, body: Callable[[random.Random], str]) -> Iterator[dict[str, object]]:
    """Yield comments, each with the number of the one it answers."""
    n = 0
    while True:
        n += 1
        yield {
            "n": n,
            "above": draw.randrange(max(1, n - 20), n + 1) % n,
            "text": body(draw),
            "score": draw.randint(-5, 90),
        }


def reddit(row: dict[str, object]) -> str:
    """Return a comment as the archives of Reddit have it."""
    n, above = row["n"], row["above"]
    data = {
        "author": f"user_{int(str(n)) % 5000}",
        "author_flair_text": None,
        "body": escape(str(row["text"]), quote=False),
        "controversiality": 0,
        "created_utc": 1_600_000_000 + int(str(n)),
        "distinguished": None,
        "edited": False,
        "gilded": 0,
        "id": f"g{n}",
        "link_id": "t3_post1",
        "parent_id": f"t1_g{above}" if above else "t3_post1",
        "permalink": f"/r/drinks/comments/post1/tea/g{n}/",
        "retrieved_on": 1_700_000_000,
        "score": row["score"],
        "stickied": False,
        "subreddit": "drinks",
        "subreddit_id": "t5_2x",
    }
    return json.dumps(data) + "\n"


def padded(row: dict[str, object]) -> str:
    """Return a comment of Reddit with ten times as many bytes that no table keeps."""
    return reddit(row)[:-2] + f', "media_metadata": "{"x" * 6000}"}}\n'


def own(row: dict[str, object]) -> str:
    """Return a comment as threadkit's own line."""
    n, above = row["n"], row["above"]
    data = {
        "kind": "comment",
        "id": f"g{n}",
        "post_id": "p",
        "parent_id": f"g{above}" if above else None,
        "author": "ana",
    }
    return (
        json.dumps({**data, "karma": row["score"], "posted_at": 1_600_000_000 + int(str(n)), "text": row["text"]})
        + "\n"
    )


def stackexchange(row: dict[str, object]) -> str:
    """Return a row of Posts.xml, its HTML escaped."""
    n = int(str(row["n"]))
    kind = 'PostTypeId="1" Title="Tea"' if n % 5 == 1 else f'PostTypeId="2" ParentId="{n - (n - 1) % 5}"'
    body = escape("".join(f"<p>{part}</p>" for part in str(row["text"]).split("\n\n")))
    facts = 'CreationDate="2012-03-04T05:06:07.890" Score="3" OwnerDisplayName="ana"'
    return f'<row Id="{n}" {kind} {facts} Body="{body}" />\n'


HN_ROW = """<tr class="athing comtr" id="{n}"><td><table><tr><td class="ind" indent="0">
<img src="s.gif" height="1" width="0"></td><td class="votelinks"><a id="up_{n}" href="vote?id={n}"></a></td>
<td class="default"><div><span class="comhead"><a href="user?id=ana" class="hnuser">ana</a>
<span class="age" title="2024-05-01T10:00:00"><a href="item?id={n}">1 day</a></span></span></div><br>
<div class="comment"><div class="commtext c00">{text}</div><div class="reply"><p><font size="1"><u>
<a href="reply?id={n}">reply</a></u></font></div></div></td></tr></table></td></tr>
"""
HN_TOP = """<html><head><title>Tea | Hacker News</title></head><body><table id="hnmain"><tr><td class="subtext">
<span class="score" id="score_1">3 points</span> <a href="user?id=ana" class="hnuser">ana</a></td></tr></table>
<table class="comment-tree">
"""


def hackernews(row: dict[str, object]) -> str:
    """Return a comment of a page of Hacker News."""
    return HN_ROW.format(n=row["n"], text=str(row["text"]).replace("\n\n", "<p>"))


Shape = tuple[str, "Callable[[dict[str, object]], str]", "Callable[[random.Random], str]", str, float]
# name of the file, a comment in it, its body, what stands above them, share of the megabytes asked for
CASES: dict[str, Shape] = {
    "ndjson-plain": ("RC.jsonl", reddit, prose, "", 1),
    "ndjson-forum": ("RC.jsonl", reddit, forum, "", 1),
    "ndjson-padded": ("RC.jsonl", padded, prose, "", 1),
    "jsonl-own": ("own.jsonl", own, prose, '{"kind": "post", "id": "p", "text": "Tea."}\n', 1),
    "xml-stackexchange": ("Posts.xml", stackexchange, prose, '<?xml version="1.0"?>\n<posts>\n', 0.25),
    "html-hackernews": ("item.html", hackernews, prose, HN_TOP, 0.125),
}


def write(case: str, path: Path, megabytes: float) -> Path:
    """Write the export of a case, the same bytes each time."""
    name, shape, body, top, share = CASES[case]
    draw = random.Random(case)
    left = int(megabytes * share * 1e6)
    with (path / name).open("w", encoding="utf-8") as file:
        left -= file.write(top)
        for row in rows(draw, body):
            left -= file.write(shape(row))
            if left <= 0:
                break
        file.write("</posts>" if name == "Posts.xml" else "")
    return path / name


def measure(path: Path, *, profile: bool) -> dict[str, float]:
    """Read one file and return what it took."""
    from threadkit.base.progress import Silent
    from threadkit.readers.read import read

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    profiler = cProfile.Profile(time.process_time) if profile else None
    started, cpu = time.perf_counter(), time.process_time()
    corpus = profiler.runcall(read, path, progress=Silent()) if profiler else read(path, progress=Silent())
    took, cpu = time.perf_counter() - started, time.process_time() - cpu
    if profiler:
        pstats.Stats(profiler).sort_stats("tottime").print_stats(25)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    size = path.stat().st_size / 1e6
    kept = (
        sum(int(table["text"].str.encode("utf-8").str.len().sum()) for table in (corpus.posts, corpus.comments)) / 1e6
    )
    return {
        "mb": size,
        "comments": len(corpus.comments),
        "seconds": took,
        "cpu": cpu,
        "mb_per_cpu_s": size / cpu,
        "peak_mb": peak / 1e3,
        "grown_mb": (peak - before) / 1e3,
        "text_mb": kept,
    }


def main() -> None:
    """Measure every case, each in its own process."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=float, default=64)
    parser.add_argument("--case", choices=CASES, action="append")
    parser.add_argument("--profile", choices=CASES, help="print where the time of one case goes")
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.read:
        print(json.dumps(measure(given.read, profile=False)))
        return
    if not given.profile:
        print(
            f"{'case':<18} {'MB':>6} {'comments':>9} {'MB/s':>7} {'MB/s of CPU':>12} {'peak MB':>8} {'grown MB':>9}"
            f" {'text MB':>8}"
        )
    for case in [given.profile] if given.profile else given.case or CASES:
        with tempfile.TemporaryDirectory() as folder:
            path = write(case, Path(folder), given.megabytes)
            if given.profile:
                measure(path, profile=True)
                continue
            command = [sys.executable, __file__, "--read", str(path)]
            found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        print(
            f"{case:<18} {found['mb']:>6.1f} {found['comments']:>9,} {found['mb'] / found['seconds']:>7.1f}"
            f" {found['mb_per_cpu_s']:>12.1f} {found['peak_mb']:>8.0f} {found['grown_mb']:>9.0f}"
            f" {found['text_mb']:>8.1f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
