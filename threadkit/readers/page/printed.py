"""A page whose posts all kept their headers: what such pages have in common, whatever forum printed them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any

from threadkit.readers.page.paragraphs import Paragraph, canonical, paragraphs, squeezed
from threadkit.readers.page.quotations import quoted, sources

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from threadkit.readers.draft import Draft


@dataclass
class Printed:
    """A post or comment as it stands on the page."""

    line: int
    """The first line of its header."""
    author: str | None = None
    posted_at: datetime | None = None
    karma: int | None = None
    status: str | None = None
    body: list[tuple[int, str]] = field(default_factory=list)
    """Its lines with their numbers, chrome left out."""
    parents: tuple[int, ...] = ()
    """What it may answer by its header, numbers of comments from 0, the likeliest first; −1 is the post."""
    told: bool = False
    """Whether the header tells what it answers, or that it answers the post."""


@dataclass
class Page:
    """A post and its comments."""

    site: str
    post: Printed
    comments: list[Printed]
    title: str | None = None
    n_stated: int | None = None


def add(draft: Draft, page: Page, post_id: str) -> None:
    """Add the page's post and comments; a comment answers what its header tells, or else whom it quotes."""
    body = _paragraphs(page.post)
    own = [_paragraphs(comment) for comment in page.comments]
    parts = list(chain.from_iterable(own))
    found = sources(body, parts)
    marks = quoted(parts, found)
    owner = [i for i, each in enumerate(own) for _ in each]
    fields: dict[str, Any] = {"author": page.post.author, "posted_at": page.post.posted_at, "karma": page.post.karma}
    text = canonical((part, part.marked) for part in body)
    draft.post(post_id, site=page.site, title=page.title, n_comments_stated=page.n_stated, text=text, **fields)
    at = n_guessed = 0
    for i, (comment, each) in enumerate(zip(page.comments, own, strict=True)):
        stop = at + len(each)
        parent = _parent(comment, [owner[s.place] for s in found[at:stop] if s and not s.in_post and s.place < at])
        n_guessed += not comment.told
        draft.comment(
            f"{post_id}#{i + 1}",
            post_id,
            place=f"line {comment.line}",
            site=page.site,
            parent_id=None if parent < 0 else f"{post_id}#{parent + 1}",
            author=comment.author,
            posted_at=comment.posted_at,
            karma=comment.karma,
            status=comment.status,
            text=canonical(zip(each, marks[at:stop], strict=True)),
        )
        at = stop
    if n_guessed:
        draft.problem(
            f"the page does not settle what {n_guessed} of {len(page.comments)} comments answer",
            "the comment that each quotes was taken, or else the nearest that it may answer; export the thread as JSON",
            place=f"post {post_id}",
            severity="info",
        )


def _paragraphs(printed: Printed) -> list[Paragraph]:
    """Read the lines of a body as paragraphs; a line that stands apart from the others is one."""
    if not printed.body:
        return []
    first, last = printed.body[0][0], printed.body[-1][0]
    lines = dict(printed.body)
    return paragraphs([lines.get(number, "") for number in range(first, last + 1)], first)


def _parent(comment: Printed, quotes: Sequence[int]) -> int:
    """Return what a comment answers: of those it may answer, the one it quotes most; −1 where it is the post."""
    if comment.told:
        return comment.parents[0] if comment.parents else -1
    allowed = [owner for owner in quotes if owner in comment.parents] if comment.parents else quotes
    if allowed:
        return Counter(allowed).most_common(1)[0][0]
    return comment.parents[0] if comment.parents else -1


def next_filled(lines: Sequence[str], at: int) -> int | None:
    """Return the first line from `at` on that holds anything."""
    return next((i for i in range(at, len(lines)) if squeezed(lines[i])), None)
