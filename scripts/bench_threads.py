"""Real threads for benches, as many as are asked for.

Two kinds of forum: `reddit`, short comments (the pairs of ../shared/data/stance, a parent and its reply each), and
`debate`, long ones with many quotes (../shared/data/threads, smallest topic first). When they run out, they begin
anew under other names, each comment's first half with the second half of another (of a debate, of its own thread).
"""

from __future__ import annotations

from itertools import chain, count, groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np
from training import DATA, rows

if TYPE_CHECKING:
    from collections.abc import Iterator

# A post and its comments, as records of our own format.
Thread = list[dict[str, Any]]


def reddit() -> Iterator[Thread]:
    """Yield submissions without end, from the stance pairs; recombined from the second round on."""
    threads = list(submissions())
    texts = [record["text"] for thread in threads for record in thread[1:]]
    yield from threads
    for again in count(1):
        rng = np.random.default_rng(again)
        for thread in threads:
            yield recombined(thread, again, texts, rng)


def submissions() -> Iterator[Thread]:
    """Yield each submission of the stance pairs, the post and then its comments: every parent and every reply."""
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
    for post_id, some in groupby(sorted(comments.values(), key=itemgetter("post_id")), key=itemgetter("post_id")):
        yield [posts[post_id], *some]


def debates() -> Iterator[Thread]:
    """Yield debates without end, smallest topic first; recombined from the second round on."""
    paths = sorted((DATA / "threads").glob("iac_*.jsonl.gz"), key=lambda path: path.stat().st_size)
    for again in count():
        rng = np.random.default_rng(again)
        for thread in map(told, chain.from_iterable(map(rows, paths))):
            yield recombined(thread, again, [record["text"] for record in thread], rng) if again else thread


def records(forum: str, n_comments: int) -> Iterator[dict[str, Any]]:
    """Yield the posts and comments of a forum of FORUMS until there are `n_comments` comments."""
    left = n_comments
    for post, *comments in FORUMS[forum]():
        yield post
        yield from comments[:left]
        left -= len(comments)
        if left <= 0:
            return


def told(thread: dict[str, Any]) -> Thread:
    """Return a debate as records of ours: its first post, and what was said below."""
    first, *others = thread["posts"]
    post_id = f"t{thread['thread_id']}"
    post = {"kind": "post", "id": post_id, "title": thread["title"], "author": first["author"], "text": first["text"]}
    return [
        post,
        *(
            {
                "kind": "comment", "id": str(other["id"]), "post_id": post_id,
                "parent_id": None if other["parent"] in (None, first["id"]) else str(other["parent"]),
                "author": other["author"], "posted_at": other["time"], "text": other["text"],
            }
            for other in others
        ),
    ]  # fmt: skip


def recombined(thread: Thread, again: int, texts: list[str], rng: np.random.Generator) -> Thread:
    """Return a thread of the same shape under other ids; each text is half its own and half one drawn of `texts`."""
    names = ("id", "post_id", "parent_id", "author")
    others = (texts[place] for place in rng.integers(len(texts), size=len(thread)))
    return [
        record
        | {name: f"{record[name]}-{again}" for name in names if record.get(name) is not None}
        | {"text": record["text"][: len(record["text"]) // 2] + other[len(other) // 2 :]}
        for record, other in zip(thread, others, strict=True)
    ]


FORUMS = {"reddit": reddit, "debate": debates}
