"""Time the whole path on real threads: seconds and peak memory of one `threadkit analyze` in a fresh process.

    python scripts/bench.py --comments 10000 --threads 2

Two kinds of forum: `reddit`, short comments (the pairs of ../shared/data/stance, a parent and its reply each; when they
run out, debates follow), and `debate`, long ones with many quotes (../shared/data/threads, smallest topic first).
They are written as JSON Lines to a temporary folder.
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


def reddit(n_comments: int) -> Iterator[dict[str, Any]]:
    """Yield the submissions of the stance pairs with parent and reply as comments, then debates to fill up."""
    posts, comments = {}, {}
    for pair in rows(DATA / "stance/debagreement_dev.jsonl.gz"):
        posts[pair["submission_id"]] = {"kind": "post", "id": pair["submission_id"], "title": pair["post"], "text": ""}
        shared = {"kind": "comment", "post_id": pair["submission_id"], "posted_at": int(pair["time"])}
        parent = {**shared, "id": pair["parent_id"], "author": pair["author_parent"], "text": pair["parent"]}
        comments.setdefault(pair["parent_id"], parent)
        reply = {
            "id": pair["id"],
            "parent_id": pair["parent_id"],
            "author": pair["author_reply"],
            "text": pair["reply"],
        }
        comments[pair["id"]] = {**shared, **reply}
    kept = list(comments.values())[:n_comments]
    yield from posts.values()
    yield from kept
    yield from records(n_comments - len(kept))


def records(n_comments: int) -> Iterator[dict[str, Any]]:
    """Yield posts and comments of whole debates until there are `n_comments` comments."""
    if n_comments <= 0:
        return
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
@click.option("--forum", type=click.Choice(["reddit", "debate"]), default="reddit")
@click.option("--threads", default=2)
@click.option("--keep", type=click.Path(path_type=Path), help="Keep the run in this folder.")
def main(comments: int, forum: str, threads: int, keep: Path | None) -> None:
    """Print seconds and peak memory of one run."""
    source = {"reddit": reddit, "debate": records}[forum]
    with tempfile.TemporaryDirectory() as work:
        export = Path(work) / "threads.jsonl"
        export.write_bytes(b"".join(orjson.dumps(record) + b"\n" for record in source(comments)))
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
    click.echo(f"{comments} {forum} comments, {threads} threads: {seconds:.0f} s, {memory:.2f} GB at the peak")


if __name__ == "__main__":
    main()
