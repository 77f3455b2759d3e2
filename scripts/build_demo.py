"""Render the demo threads as the exports that forums give, and write down what is true of them.

The source stands in corpora/demo-truth: threads/*.toml and points.toml. This script writes corpora/demo (what
threadkit reads), the truth as JSON Lines beside the source, and the checksums of both. The same source gives
the same bytes; the bytes of the Parquet file name the version of pyarrow too.

    python scripts/build_demo.py
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from demo_exports import exports
from demo_threads import CORPORA, Comment, Json, Thread, comment_id, parent_id, post_id, stamp, threads, units

from threadkit.base.text import fold, squeeze

if TYPE_CHECKING:
    from collections.abc import Iterable

# A shorter paragraph that stands twice is no copy: "Thank you." is anybody's.
_COPY_CHARACTERS = 40
_STANCES = frozenset({"disagree", "neutral", "agree"})


def json_lines(rows: Iterable[Json]) -> bytes:
    """Return rows as JSON Lines."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def answerers(comment: Comment) -> list[Comment]:
    """List the replies that take up the comment's objection and count: the post's author's, or better liked ones."""
    thread = comment.thread
    takers = [c for c in thread.comments if comment.n in c.more.get("answers", [])]
    return [
        c
        for c in sorted(takers, key=lambda c: c.at)
        if c.author == thread.post["author"]
        or (c.karma is not None and comment.karma is not None and c.karma > comment.karma)
    ]


def stances(found: list[Thread], known: dict[str, str]) -> list[Json]:
    """Return one row a paragraph of prose, objection or not: its stance toward what it answers, and the point it makes.

    `known` tells for each label whether it is a "point" or a "distractor". Rows stand in the order of time,
    so that the first of several copies is the original. Raises ValueError where labels and text do not fit.
    """
    out: list[Json] = []
    seen: dict[str, str] = {}
    for comment in sorted((c for t in found for c in t.comments), key=lambda c: (c.at, comment_id(c))):
        parts = units(comment.text)
        where = f"{comment.thread.slug}: comment {comment.n}"
        if len(parts) != len(comment.labels):
            raise ValueError(f"{where}: {len(parts)} paragraphs but {len(comment.labels)} labels")
        for (kind, text), label in zip(parts, comment.labels, strict=True):
            stance, _, point = label.partition(":")
            if (kind != "prose" and stance != kind) or (kind == "prose" and stance not in _STANCES):
                raise ValueError(f"{where}: {label!r} labels a paragraph of {kind}")
            if kind != "prose":
                continue
            if point and point not in known:
                raise ValueError(f"{where}: points.toml has no {point!r}")
            folded = fold(squeeze(text))
            original = seen.setdefault(folded, comment_id(comment)) if len(folded) >= _COPY_CHARACTERS else None
            out.append(
                {
                    "comment_id": comment_id(comment),
                    "post_id": post_id(comment.thread),
                    "author": comment.author,
                    "text": text,
                    "stance": stance,
                    "point": point if known.get(point) == "point" else None,
                    "distractor": point if known.get(point) == "distractor" else None,
                    "copy": original not in {None, comment_id(comment)},
                    "answered_by": next((comment_id(c) for c in answerers(comment)), None),
                }
            )
    return out


def point_rows(source: list[Json], objections: list[Json], key: str) -> list[Json]:
    """Return the points with what was planted of each; `key` says whether they are points or distractors."""
    out = []
    for row in source:
        mine = [o for o in objections if o[key] == row["point"] and not o["copy"]]
        by_post = sorted({o["post_id"] for o in mine})
        counts: dict[str, Any] = {"held_out": row.get("held_out", False)} if key == "point" else {}
        counts |= {"n_objections": len(mine), "n_posts": len(by_post)}
        counts |= {"n_authors": len({o["author"] for o in mine}), "posts": by_post}
        counts["answered_on"] = sorted({o["post_id"] for o in mine if o["answered_by"]})
        out.append({**row, **counts})
    return out


def stated(found: list[Thread]) -> tuple[list[Json], list[Json]]:
    """Return what a faithful reading of the exports gives: the posts, and the comments."""
    posts, comments = [], []
    for thread in found:
        post = thread.post
        row = {"post_id": post_id(thread), "slug": thread.slug, "format": post["format"], "title": post["title"]}
        row |= {"author": post["author"], "karma": post["karma"], "posted_at": stamp(post["posted_at"])}
        posts.append({**row, "n_comments": len(thread.comments), "text": post["text"]})
        for comment in thread.tree_order:
            row = {"comment_id": comment_id(comment), "post_id": post_id(thread), "parent_id": parent_id(comment)}
            row |= {"author": comment.author, "karma": comment.karma, "agreement": comment.agreement}
            row |= {"posted_at": stamp(comment.at), "status": comment.status}
            row |= {"header": "lost" if comment.more.get("lost") else "stated"}
            comments.append({**row, "text": comment.text})
    return posts, comments


def build() -> dict[Path, bytes]:
    """Render everything: the path of each file, under corpora, and its bytes."""
    found = threads()
    source = tomllib.loads((CORPORA / "demo-truth" / "points.toml").read_text("utf-8"))
    known = {row["point"]: key for key in ("point", "distractor") for row in source[key]}
    posts, comments = stated(found)
    rows = stances(found, known)
    objections = [row for row in rows if row["stance"] == "disagree"]
    tables = {
        "posts": posts,
        "comments": comments,
        "objections": rows,
        "points": point_rows(source["point"], objections, "point"),
        "distractors": point_rows(source["distractor"], objections, "distractor"),
    }
    files = {Path("demo") / name: data for name, data in exports(found).items()}
    files |= {Path("demo-truth") / f"{name}.jsonl": json_lines(table) for name, table in tables.items()}
    sums = [f"{hashlib.sha256(data).hexdigest()}  {path.as_posix()}\n" for path, data in sorted(files.items())]
    return {**files, Path("demo-truth") / "SHA256SUMS": "".join(sums).encode()}


def main() -> None:
    """Write the files and print what they hold."""
    files = build()
    for path, data in files.items():
        target = CORPORA / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    for line in files[Path("demo-truth/points.jsonl")].decode().splitlines():
        row = json.loads(line)
        print(*(row[key] for key in ("point", "held_out", "n_objections", "n_posts", "n_authors", "answered_on")))
    print(f"{len(files)} files")


if __name__ == "__main__":
    main()
