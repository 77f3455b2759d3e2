"""The quote graph: whose words each quoted span repeats, marked as a quote or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from threadkit.base.align import SHORT_CHARACTERS, Passages, Span
from threadkit.corpus.tables import QUOTES, SEGMENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
from itertools import groupby, islice
from operator import itemgetter

# Comments above that are asked one by one; higher ones are found among all that came before.
N_ABOVE = 32


def trace(
    segments: pd.DataFrame, comments: pd.DataFrame, posts: pd.DataFrame, done: Callable[[int], None] | None = None
) -> pd.DataFrame:
    """Trace every quote to its source and return the quotes table.

    One row for each segment of kind quote (source NA where it is not found in this corpus), and one for
    each prose segment that repeats earlier words of its thread without a quote mark. Sources are tried in
    this order: the comments above it, nearest first, the post, then the earlier comments of the post in
    the order of `comments`. `done(1)` is called after each post.
    """
    wanted = segments[segments["kind"] != "code"]
    parts = zip(wanted["comment_id"], wanted.index, wanted["kind"], wanted["text"], strict=True)
    by_comment = {comment_id: list(group) for comment_id, group in groupby(parts, key=itemgetter(0))}
    rows: list[dict[str, Any]] = []
    for post_id, thread in comments.groupby("post_id", sort=True):
        rows.extend(_trace_thread(str(post_id), str(posts["text"].loc[post_id]), thread, by_comment))
        if done:
            done(1)
    return QUOTES.build(rows)


def _trace_thread(
    post_id: str, post_text: str, thread: pd.DataFrame, by_comment: dict[str, list[tuple[str, str, str, str]]]
) -> Iterator[dict[str, Any]]:
    post = f"post {post_id}"
    passages = Passages([(post, post_text), *zip(thread.index, thread["text"], strict=True)])
    parents = dict(zip(thread.index, thread["parent_id"], strict=True))
    for comment_id in thread.index:
        near = [*islice(_ancestors(comment_id, parents), N_ABOVE), post]
        for _, segment_id, kind, text in by_comment.get(comment_id, ()):
            found = _find(passages, kind, text, near, comment_id)
            if found or kind == "quote":
                yield _row(segment_id, found, post, post_id)


def _find(passages: Passages, kind: str, text: str, near: list[str], comment_id: str) -> tuple[str, Span] | None:
    """Ask those above first, then everybody who wrote before."""
    if kind == "quote":
        words = text.replace("\n>", "\n ")
        return passages.find(words, near) or passages.find(words, before=comment_id)
    if len(text) < SHORT_CHARACTERS:
        return None
    return passages.repeats(text, near) or passages.repeats(text, before=comment_id)


def _row(segment_id: str, found: tuple[str, Span] | None, post: str, post_id: str) -> dict[str, Any]:
    if found is None:
        return {"segment_id": segment_id}
    source, span = found
    return {
        "segment_id": segment_id,
        "source_id": post_id if source == post else source,
        "start": span.start,
        "stop": span.stop,
        "match": span.match,
    }


def _ancestors(comment_id: str, parents: dict[str, Any]) -> Iterator[str]:
    above = parents.get(comment_id)
    while pd.notna(above) and above in parents:
        yield above
        above = parents[above]


def mark(segments: pd.DataFrame, quotes: pd.DataFrame) -> pd.DataFrame:
    """Return the segments with every traced one of kind quote: its words are not the commenter's."""
    kind = segments["kind"].mask(segments.index.isin(quotes.index), "quote")
    return SEGMENTS.cast(segments.assign(kind=kind))
