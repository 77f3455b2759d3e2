"""The quote graph: whose words each quoted span repeats, marked as a quote or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from threadkit.base.align import SHORT_CHARACTERS, Passages, Span
from threadkit.corpus.tables import QUOTES, SEGMENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


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
    by_comment = {str(name): group for name, group in wanted.groupby("comment_id", sort=False)}
    rows: list[dict[str, Any]] = []
    for post_id, thread in comments.groupby("post_id", sort=True):
        rows.extend(_trace_thread(str(post_id), str(posts["text"].loc[post_id]), thread, by_comment))
        if done:
            done(1)
    return QUOTES.build(rows)


def _trace_thread(
    post_id: str, post_text: str, thread: pd.DataFrame, by_comment: dict[str, pd.DataFrame]
) -> Iterator[dict[str, Any]]:
    post = f"post {post_id}"
    passages = Passages([(post, post_text), *zip(thread.index, thread["text"], strict=True)])
    parents = dict(zip(thread.index, thread["parent_id"], strict=True))
    earlier: list[str] = []
    for comment_id in thread.index:
        if comment_id in by_comment:
            above = list(_ancestors(comment_id, parents))
            near = {*above, post}
            candidates = [*above, post, *(name for name in earlier if name not in near)]
            for segment_id, kind, text in by_comment[comment_id][["kind", "text"]].itertuples():
                found = _find(passages, kind, text, candidates)
                if found or kind == "quote":
                    yield _row(segment_id, found, post, post_id)
        earlier.append(comment_id)


def _find(passages: Passages, kind: str, text: str, candidates: list[str]) -> tuple[str, Span] | None:
    if kind == "quote":
        return passages.find(text.replace("\n>", "\n "), candidates)
    return passages.repeats(text, candidates) if len(text) >= SHORT_CHARACTERS else None


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
