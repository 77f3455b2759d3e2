"""GreaterWrong, the other viewer of LessWrong and the EA Forum: saved post, comment and user pages.

Ids are those of the forum itself, so that a page joins its GraphQL export. karma is the points (``LW: 12 AF: 5`` has
both), agreement the second number beside them, on the EA Forum agree minus disagree.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from threadkit.readers.body import from_tree
from threadkit.readers.markup import SITES, address, attribute, find, first, has, host, is_page, parse, parts, words
from threadkit.readers.values import number

if TYPE_CHECKING:
    from pathlib import Path

    from threadkit.readers.draft import Draft
    from threadkit.readers.formats import Sample

TITLE = "GreaterWrong: saved page (HTML)"

_FAMILY = "lesswrong-like"
_MARKS = re.compile(
    r"""class=["']?(?:comment-item depth-|karma voting-controls)|\bdata-js-date=|id=["']?comment-[A-Za-z0-9]{17}"""
)
_FRAME = re.compile(r"""class=["']?(?:post-meta|comment-meta|comment-thread|nav-bar|nav-inner|body-text)\b""")
_POST = re.compile(r"/(?:posts|events)/([A-Za-z0-9]+)")
_COMMENT = re.compile(r"(?:#(?:comment-)?|/(?:comment|answer)/|commentId=|^)([A-Za-z0-9]+)$")
_PAIR = re.compile(r"LW:\s*(\S+)\s*AF:\s*(\S+)")
_VERSUS = re.compile(r"(?:(?<!\s)\s++)?[:\u2236]\s*+")


def detect(sample: Sample) -> bool:
    """Tell whether it has the viewer's own marks of times and scores."""
    text = sample.text
    if not is_page(text) or "thingrow_t" in text:
        return False
    return (_MARKS.search(text) and _FRAME.search(text)) is not None or host(address(text)).endswith("greaterwrong.com")


def read(path: Path, draft: Draft) -> None:
    """Add the post and every comment of the page."""
    draft.family = _FAMILY
    root, url = parse(path, draft)
    link = first(root, ".lw2-link")
    links = [url] if link is None else [url, attribute(link, "href")]
    draft.site = next((SITES[name] for name in map(host, links) if name in SITES), None)
    items = find("self::li[starts-with(@id, 'comment-')]")(root)
    post_id = _add_post(draft, root, [*links, *_named_posts(items)]) or path.stem
    for n, item in enumerate(items, start=1):
        _add_comment(draft, item, post_id, f"comment {n}")


def _named_posts(items: list[Any]) -> list[str]:
    named = (attribute(first(item, "@data-post-id"), "data-post-id") for item in items[:3])
    return [f"/posts/{name}" for name in named if name]


def _add_post(draft: Draft, root: Any, links: list[str]) -> str | None:
    main = first(root, "self::main[.post]", ".post and self::div")
    meta = first(main, ".post-meta")
    stated = attribute(first(meta, "@data-post-id"), "data-post-id")
    named = next((match.group(1) for match in map(_POST.search, links) if match), None)
    post_id = stated or named
    if main is None or post_id is None:
        return post_id
    inside = parts(meta) if meta is not None else {}
    body = first(main, ".post-body")
    draft.post(
        post_id,
        place="post",
        site=draft.site,
        partial=body is None,
        url=attribute(inside.get("lw2-link"), "href") or links[0] or None,
        title=words(first(main, ".post-title", "self::h1")).removeprefix("[Question] "),
        author=words(inside.get("author")),
        posted_at=attribute(inside.get("date"), "data-js-date") or None,
        n_comments_stated=number(words(inside.get("comment-count"))),
        text="" if body is None else from_tree(body),
        **_scores(inside.get("karma-value")),
    )
    return post_id


def _scores(value: Any) -> dict[str, str | None]:
    karma = words(value)
    pair = _PAIR.search(karma)
    if pair:
        return {"karma": pair.group(1), "af_karma": pair.group(2)}
    return {"karma": karma or None}


def _agreement(inside: dict[str, Any]) -> int | None:
    said = words(first(inside.get("agreement"), ".karma-value"))
    agree, *disagree = _VERSUS.split(said)
    if not disagree:
        return number(said)
    plus, minus = number(agree), number(disagree[0])
    return None if plus is None or minus is None else plus - minus


def _add_comment(draft: Draft, item: Any, page_post: str, place: str) -> None:
    name = item.get("id").removeprefix("comment-")
    box = next((child for child in item if has(child, "comment")), None)
    if box is None:
        what = f"comment {name!r} has no body"
        draft.problem(what, "it was left out; save the page again", place=place, comment_id=name, severity="error")
        return
    inside = parts(box)
    post_id = _post_of(draft, box, inside, page_post)
    body = inside.get("comment-body")
    deleted = has(box, "deleted-comment")
    text = "" if body is None or deleted else from_tree(body)
    if has(box, "retracted"):
        what = "its author took the comment back (struck through)"
        draft.problem(what, "it was read like any other", place=place, comment_id=name, severity="info")
    draft.comment(
        name,
        post_id,
        place=place,
        site=draft.site,
        url=attribute(inside.get("lw2-link"), "href") or None,
        parent_id=_parent(item, inside),
        author=words(inside.get("author")) or None,
        posted_at=attribute(inside.get("date"), "data-js-date") or None,
        agreement=_agreement(inside),
        # A picture without words is no deleted comment.
        status="deleted" if deleted else None if text else "live",
        text=text,
        # The agreement beside the karma has the same class, and may stand alone.
        **_scores(first(inside.get("karma"), ".karma-value")),
    )


def _parent(item: Any, inside: dict[str, Any]) -> str | None:
    """Return what a comment answers: what it names, or else the comment that it stands in."""
    links = (
        [inside.get("comment-parent-link"), *find("self::a")(inside["comment-in-reply-to"])[-1:]]
        if ("comment-in-reply-to" in inside)
        else [inside.get("comment-parent-link")]
    )
    for link in links:
        stated = _COMMENT.search(attribute(link, "href"))
        if stated:
            return stated.group(1)
    above = next((node for node in item.iterancestors("li") if (node.get("id") or "").startswith("comment-")), None)
    return None if above is None else str(above.get("id").removeprefix("comment-"))


def _post_of(draft: Draft, box: Any, inside: dict[str, Any], page_post: str) -> str:
    """Return the post of a comment, and add it where only the comments of somebody are there."""
    post_id = attribute(box, "data-post-id") or attribute(box, "data-tag-id") or page_post
    if post_id not in draft.posts:
        title = words(first(inside.get("comment-post-title2"), "self::a"))
        draft.post(post_id, partial=True, site=draft.site, title=title or None)
    return post_id
