"""Time the whole path on real threads: seconds and peak memory of one `threadkit analyze` in a fresh process.

    python scripts/bench.py --comments 10000 --threads 2

Threads come from ../shared/data/threads, smallest topic first, written as JSON Lines to a temporary folder.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import orjson
from training import DATA, rows

if TYPE_CHECKING:
    from collections.abc import Iterator


def records(n_comments: int) -> Iterator[dict[str, Any]]:
    """Yield posts and comments of whole debates until there are `n_comments` comments."""
    left = n_comments
    for path in sorted((DATA / "threads").glob("iac_*.jsonl.gz"), key=lambda path: path.stat().st_size):
        for thread in rows(path):
            first, *others = thread["posts"]
            post_id = f"t{thread['thread_id']}"
            yield {
                "kind": "post",
                "id": post_id,
                "title": thread["title"],
                "author": first["author"],
                "text": first["text"],
            }
            for post in others[:left]:
                parent = None if post["parent"] in (None, first["id"]) else str(post["parent"])
                yield {
                    "kind": "comment", "id": str(post["id"]), "post_id": post_id, "parent_id": parent,
                    "author": post["author"], "posted_at": post["time"], "text": post["text"],
                }  # fmt: skip
            left -= len(others)
            if left <= 0:
                return


@click.command()
@click.option("--comments", default=10_000)
@click.option("--threads", default=2)
@click.option("--keep", type=click.Path(path_type=Path), help="Keep the run in this folder.")
def main(comments: int, threads: int, keep: Path | None) -> None:
    """Print comments, seconds and peak memory of one run."""
    with tempfile.TemporaryDirectory() as work:
        export = Path(work) / "threads.jsonl"
        export.write_bytes(b"".join(orjson.dumps(record) + b"\n" for record in records(comments)))
        out = keep or Path(work) / "out"
        command = [
            sys.executable,
            "-m",
            "threadkit",
            "analyze",
            str(export),
            "-o",
            str(out),
            "--threads",
            str(threads),
            "--quiet",
        ]
        begun = time.monotonic()
        subprocess.run(command, check=True)
        seconds = time.monotonic() - begun
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6
    click.echo(f"{comments} comments, {threads} threads: {seconds:.0f} s, {memory:.2f} GB at the peak")


if __name__ == "__main__":
    main()
