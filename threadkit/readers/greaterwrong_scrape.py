"""Posts with nested comments as a scraper of GreaterWrong wrote them, the source of older alignment datasets.

Every score is text; ``omega_karma`` is the Alignment Forum's. Paragraphs are lines, and only the first paragraph
of a quote carries a mark. The scraper is known to have dropped the replies to comments without a word.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from threadkit.readers.body import from_markdown
from threadkit.readers.decode import CUT, peek, values
from threadkit.readers.markup import SITES, host
from threadkit.readers.odd_kinds import TEXT, tell_odd
from threadkit.readers.strays import Listed, among, listed, tell
from threadkit.readers.values import ident, string

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from threadkit.readers.draft import Draft
    from threadkit.readers.formats import Sample

TITLE = "LessWrong, EA Forum: JSON scraped from GreaterWrong (alignment datasets)"

_FAMILY = "lesswrong-like"
_TRIED = 5
_MARKS = frozenset({"omega_karma", "comments", "text", "score"})


_FIELDS = {"text": TEXT, "author": TEXT, "title": TEXT}


class _Node(NamedTuple):
    fields: dict[str, Any]
    post_id: str | None
    parent_id: str | None
    place: str


def detect(sample: Sample) -> bool:
    """Tell whether one of the first objects has the scraper's own fields."""
    top = peek(sample.text)
    first = islice(top, _TRIED) if isinstance(top, list) else [top]
    return any(isinstance(value, dict) and value.keys() >= _MARKS for value in first)


def read(path: Path, draft: Draft) -> None:
    """Add every post and its comments."""
    draft.family = _FAMILY
    nested = False
    tops = list(values(path, draft))
    lists, met = listed(tops), []
    for place, top in tops:
        for node in _walk(top, place, lists):
            met.append(node.fields)
            nested = nested or node.parent_id is not None
            if node.post_id is None:
                _add_post(draft, node)
            else:
                _add_comment(draft, node, node.post_id)
    tell(draft, among(lists, met), "a post or comment")
    if len(draft.comments) > 1 and not nested:
        draft.problem(
            "not one comment has a reply: the scraper that wrote such files dropped replies",
            "take what the file holds for the first level only, and export the threads as JSON",
            severity="error",
            loss="parents",
        )


def _walk(top: Any, place: str, lists: list[Listed]) -> Iterator[_Node]:
    """Yield posts, each before its comments, in the order of the file and without recursion.

    `lists` is given every list on the way.
    """
    stack: list[tuple[Any, str | None, str | None, str]] = [(top, None, None, place)]
    while stack:
        value, post_id, parent_id, place = stack.pop()
        if isinstance(value, list):
            lists.append(Listed(value, place))
            items = [(item, post_id, parent_id, f"{place} record {n}".strip()) for n, item in enumerate(value, start=1)]
            stack += reversed(items)
        if not isinstance(value, dict):
            continue
        yield _Node(value, post_id, parent_id, place)
        name = ident(value.get("id"))
        below = (name, None) if post_id is None else (post_id, name)
        for key in ("sub_comments", "comments"):
            if isinstance(value.get(key), list) and name is not None:
                stack.append((value[key], *below, place))


def _shared(node: _Node) -> dict[str, Any]:
    url = string(node.fields.get("url")) or ""
    lines = (string(node.fields.get("text")) or "").split("\n")
    return {
        "place": node.place,
        "site": SITES.get(host(url)),
        "url": url,
        "author": string(node.fields.get("author")),
        "posted_at": node.fields.get("date"),
        "karma": node.fields.get("score"),
        "af_karma": node.fields.get("omega_karma"),
        "text": from_markdown("\n\n".join(line.strip() for line in lines)),
    }


def _add_post(draft: Draft, node: _Node) -> None:
    post_id = ident(node.fields.get("id"))
    if post_id is None:
        draft.problem("a post has no id", "it was left out with its comments", place=node.place, severity="error")
        return
    tell_odd(draft, node.fields, _FIELDS, node.place)
    draft.post(post_id, title=string(node.fields.get("title")), **_shared(node))


def _add_comment(draft: Draft, node: _Node, post_id: str) -> None:
    comment_id = ident(node.fields.get("id"))
    cut = node.fields.get(CUT) and string(node.fields.get("text")) is None
    if comment_id is None or cut:
        what = f"comment {comment_id!r} is cut off before its text" if cut else "a comment has no id"
        draft.problem(what, "it was left out; export it again", place=node.place, severity="error")
        return
    odd = tell_odd(draft, node.fields, _FIELDS, node.place, comment_id)
    status = "stub" if "text" in odd else None
    draft.comment(comment_id, post_id, parent_id=node.parent_id, status=status, **_shared(node))
