"""Pages saved as plain text: a post and its comments with their chrome, or a post and what is left of a thread."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from threadkit.base.errors import FormatError
from threadkit.base.text import clean
from threadkit.readers.decode import read_text
from threadkit.readers.page.comments import find_comments
from threadkit.readers.page.discourse import like_discourse, read_discourse
from threadkit.readers.page.hackernews import like_hackernews, read_hackernews
from threadkit.readers.page.layout import lay_out
from threadkit.readers.page.paragraphs import canonical
from threadkit.readers.page.printed import add
from threadkit.readers.page.prose import like_page, like_prose, plain

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from threadkit.readers.draft import Draft
    from threadkit.readers.formats import Sample
    from threadkit.readers.page.comments import Comment, Thread
    from threadkit.readers.page.layout import Layout
    from threadkit.readers.page.scores import Reading

TITLE = "Page saved as plain text (LessWrong and the like, headers kept or lost)"

# Forums whose pages keep their headers as text: how to tell them, and how to read them.
_PRINTED = ((like_hackernews, read_hackernews), (like_discourse, read_discourse))
_ID_CHARACTERS = re.compile(r"[^\w.-]+")


def detect(sample: Sample) -> bool:
    """Tell whether a file is running text: a forum page with its chrome, or paragraphs of prose."""
    if like_page(sample.text) or like_prose(sample.text):
        return True
    lines = sample.text.split("\n")
    return plain(sample.text) and (like_hackernews(lines) or like_discourse(lines))


def read(path: Path, draft: Draft) -> None:
    """Read the page's post and comments; what the page does not state is inferred and marked so."""
    lines = clean(read_text(path, draft)).split("\n")
    post_id = _ID_CHARACTERS.sub("-", path.stem).strip("-") or "page"
    for like, read_as in _PRINTED:
        if like(lines):
            add(draft, read_as(lines), post_id)
            return
    layout = lay_out(lines)
    thread = find_comments(lines, layout)
    if not layout.body and not thread.comments:
        raise FormatError(f"{path}: no paragraph of text was found; expected a post with comments, or comments")
    draft.post(
        post_id,
        title=layout.title,
        author=layout.author,
        karma=layout.karma,
        af_karma=layout.af_karma,
        n_comments_stated=layout.n_comments_stated,
        text=canonical((part, part.marked) for part in layout.body),
    )
    ids = [comment.comment_id or f"{post_id}#{n}" for n, comment in enumerate(thread.comments, 1)]
    for comment_id, comment in zip(ids, thread.comments, strict=True):
        _add(draft, comment_id, post_id, comment, None if comment.parent is None else ids[comment.parent])
    for what, cure, severity in _doubts(layout, thread):
        draft.problem(what, cure, place=f"post {post_id}", severity=severity)


def _add(draft: Draft, comment_id: str, post_id: str, comment: Comment, parent_id: str | None) -> None:
    reading = comment.reading
    gone = reading.author == "[comment deleted]"
    draft.comment(
        comment_id,
        post_id,
        place=f"line {comment.line}",
        parent_id=parent_id,
        author=reading.author or None,
        posted_at=_posted_at(reading.age),
        karma=reading.karma,
        agreement=reading.agreement,
        af_karma=reading.af_karma,
        origin="stated" if comment.stated else "inferred",
        confidence=comment.confidence,
        text=comment.text,
        status="deleted" if gone else None if comment.text else "stub",
    )
    if len(comment.readings) > 1:
        draft.problem(
            f"the header's digits can be read in {len(comment.readings)} ways: "
            + "; ".join(_said(each) for each in comment.readings),
            "what they have in common was taken, the rest left unknown; the page's own list of comments would tell",
            place=f"line {comment.line}",
            comment_id=comment_id,
        )
    if comment.collapsed:
        draft.problem(
            "the page shows this comment folded to one line, without its agreement score",
            "its text may be cut, and its paragraphs are one; open the comment before saving the page",
            place=f"line {comment.line}",
            comment_id=comment_id,
            severity="info",
            loss="cut",
        )


def _posted_at(age: str | None) -> datetime | None:
    """Return the time a header prints as a date; an age such as `2y` tells none."""
    try:
        return datetime.strptime(age or "", "%b %d, %Y").replace(tzinfo=UTC)
    except ValueError:
        return None


def _said(reading: Reading) -> str:
    scores = {"af karma": reading.af_karma, "karma": reading.karma, "agreement": reading.agreement}
    return ", ".join([reading.author, *(f"{name} {score}" for name, score in scores.items() if score is not None)])


def _doubts(layout: Layout, thread: Thread) -> Iterator[tuple[str, str, str]]:
    """Yield what is not certain about the page: what, cure, severity."""
    if layout.feed:
        yield (
            "a feed of one unknown author's comments without a post, and nothing marks where one comment ends",
            "boundaries unknown: an empty post stands in and all is kept as one comment; export the comments as JSON",
            "warning",
        )
        return
    if not layout.title:
        yield "the page prints no title of the post", "it is left open", "info"
    if layout.comments_at is None:
        yield "nothing tells comments from the post", "all was read as the post", "warning"
        return
    if layout.seam == "footnotes":
        yield (
            f"nothing but the end of the post's footnotes says that its comments begin at line {layout.comments_at}",
            "check that line",
            "warning",
        )
    yield from _certainty(layout, thread)
    if not thread.axes_known and thread.n_headers:
        yield (
            "the page does not settle whether its comments have an agreement score",
            "scores that this leaves open are unknown",
            "info",
        )


def _certainty(layout: Layout, thread: Thread) -> Iterator[tuple[str, str, str]]:
    """Yield how many comments are certain and how many inferred, where they are not all certain."""
    stated = layout.n_comments_stated
    n_inferred = len(thread.comments) - thread.n_certain
    if stated == thread.n_certain or (not n_inferred and stated is None and thread.n_headers):
        return
    by = [
        f"{thread.n_headers} by header" if thread.n_headers else "",
        f"{thread.n_boxes} by the review's box" if thread.n_boxes else "",
        f"{thread.n_bare} by standing first" if thread.n_bare else "",
    ]
    said = "the page does not say how many comments it has" if stated is None else f"the page says {stated} comments"
    sure = f"{thread.n_certain} certainly begin a comment ({', '.join(filter(None, by))})"
    n_left = max(0, (stated or 0) - len(thread.comments))
    yield (
        f"{said}; {sure}, {n_inferred} more were inferred" + (f", {n_left} could not be told apart" if n_left else ""),
        "comments.origin and comments.confidence tell them apart; export the thread as JSON for certainty",
        "warning",
    )
