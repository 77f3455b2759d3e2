"""GitHub: a saved page of an issue, a pull request or a discussion, before and after the new look of 2025.

karma is the thumbs up minus the thumbs down printed below a comment. The comments of an issue are flat; those of
a discussion answer the one that they stand in.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from threadkit.readers.body import from_tree
from threadkit.readers.markup import attribute, find, first, has, is_page, parse, raw_words, words
from threadkit.readers.values import number

if TYPE_CHECKING:
    from pathlib import Path

    from threadkit.readers.draft import Draft
    from threadkit.readers.formats import Sample

TITLE = "GitHub: saved page of an issue, pull request or discussion (HTML)"

_SITE = "GitHub"
_ADDRESS = re.compile(r"https?://github\.com/([^/\s\"']+/[^/\s\"']+)/(issues|pull|discussions)/(\d+)")
_COMMENT = re.compile(r"^(?:issuecomment-|discussioncomment-|discussion_r|pullrequestreview-)(\d+)$")
_OPENING = re.compile(r"^(?:issue|pullrequest|discussion)-\d+$")
# A page's own words around the title; of a longer one nothing is taken away.
MAX_TITLE = 1_000
_TITLE = re.compile(r"\s+(?:by \S+ )?· (?:Issue|Pull Request|Discussion) #\d+ · .*| · .* · Discussion #\d+.*")
_FOLDED = re.compile(r"([\d,]+) (?:hidden|remaining) items?")
_TOGGLES = frozenset({"email-hidden-toggle", "zeroclipboard-container"})
_GHOST = "ghost"
_FOLDS = ("ajax-pagination-btn", "pagination-loader-container")
_TIMES = ("relative-time", "time-ago", "time")
_REACTIONS = frozenset({"js-reactions-container", "comment-reactions"})
# What may be a comment's body, its author, its time.
_KINDS = (("body", "body-cell", "body-marked"), ("author-new", "author-picture", "author"), _TIMES)
_CLASS_END = re.compile(r"[ \t\r\n]+")


def detect(sample: Sample) -> bool:
    """Tell whether it is a page of such a thread."""
    text = sample.text
    if not is_page(text) or "github" not in text:
        return False
    named = re.search(r"· (?:Issue|Pull Request|Discussion) #\d+ ·|· Discussion #\d+", text[:16384])
    return named is not None or "issue-viewer-container" in text or "js-discussion" in text


def read(path: Path, draft: Draft) -> None:
    """Add the opening and every comment of the page."""
    draft.site = _SITE
    root, url = parse(path, draft)
    named = _ADDRESS.match(url) or _address_in_links(root)
    post_id = f"{named.group(1)}#{named.group(3)}" if named else path.stem
    link = named.group() if named else None
    page = _outline(root)
    seen = _boxes(page)
    _add_post(draft, root, page, post_id, link, seen.pop(None) if None in seen else _seen(None))
    for n, (name, comment) in enumerate(seen.items(), start=1):
        _add_comment(draft, name or "", comment, post_id, link, f"comment {n}")
    _note_folded(draft, page, post_id)


class _Outline(NamedTuple):
    """What the whole page is asked for, in its order."""

    named: list[Any]
    """Elements with an id, and the openings of newer pages."""
    counts: list[Any]
    """Where the number of comments is told."""
    folds: list[Any]
    """What may open folded items."""


def _outline(root: Any) -> _Outline:
    """Go through the page once: each search of it takes longer than to parse it."""
    page = _Outline([], [], [])
    for node in root.iterdescendants():
        given = dict(node.items())
        if not given and node.tag != "button":
            continue
        name, test, names = given.get("id"), given.get("data-testid"), given.get("class")
        if name is not None or test == "issue-body":
            page.named.append(node)
        if name == "discussion_bucket" or test == "issue-metadata-fixed" or (names and has(node, "gh-header-meta")):
            page.counts.append(node)
        if node.tag == "button" or (names and "pagination" in names and any(has(node, fold) for fold in _FOLDS)):
            page.folds.append(node)
    return page


def _address_in_links(root: Any) -> re.Match[str] | None:
    # A page fetched and saved by hand tells its address only in the link of its date.
    links = (_ADDRESS.match(attribute(link, "href")) for link in find("@data-testid='issue-body-header-link'")(root))
    return next((link for link in links if link), None)


def _boxes(page: _Outline) -> dict[str | None, _Seen]:
    """Return what holds the opening (without a number) and each comment, in the order of the page."""
    found: dict[str | None, _Seen] = {}
    for node in page.named:
        stated = _COMMENT.match(node.get("id") or "")
        if stated:
            if stated.group(1) not in found:
                found[stated.group(1)] = _box(node, stated.group(1))
        elif None not in found and (node.get("data-testid") == "issue-body" or _OPENING.match(node.get("id") or "")):
            found[None] = _seen(node)
    return found


def _box(node: Any, name: str) -> _Seen:
    """Return the element around one comment: its number stands on it, on its head, or further out."""
    for around in (node, *node.iterancestors()):
        numbers = (_COMMENT.match(part.get("id", "")) for part in around.iterdescendants())
        if around is not node and any(stated and stated.group(1) != name for stated in numbers):
            break
        seen = _seen(around)
        if seen.body is not None:
            return seen
    return _seen(node)


def _add_post(draft: Draft, root: Any, page: _Outline, post_id: str, url: str | None, seen: _Seen) -> None:
    title = first(root, "@data-testid='issue-title'", ".js-issue-title", ".gh-header-title")
    draft.post(
        post_id,
        place="opening",
        site=_SITE,
        partial=seen.body is None,
        url=url,
        title=words(title) or _TITLE.sub("", words(first(root, "self::title"))[:MAX_TITLE]) or None,
        author=_login(seen.author),
        posted_at=attribute(seen.time, "datetime") or None,
        karma=_karma(seen.reactions),
        n_comments_stated=_stated(page),
        text="" if seen.body is None else from_tree(seen.body, dropped=_TOGGLES),
    )


def _stated(page: _Outline) -> str | None:
    for place in page.counts:
        counted = re.search(r"([\d,]+) comments?\b", words(place))
        if counted:
            return counted.group(1)
    return None


def _add_comment(draft: Draft, name: str, seen: _Seen, post_id: str, url: str | None, place: str) -> None:
    body = seen.body
    text = "" if body is None else from_tree(body, dropped=_TOGGLES)
    login = _login(seen.author)
    if has(seen.box, "minimized-comment") or seen.is_minimized:
        cure = "it was read like any other" if text else "it was kept without its words; open it before saving the page"
        draft.problem(
            "GitHub folds it away", cure, place=place, comment_id=name, severity="info" if text else "warning"
        )
    bot = (login or "").endswith("[bot]") or seen.is_bot
    draft.comment(
        name,
        post_id,
        place=place,
        site=_SITE,
        url=f"{url}#issuecomment-{name}" if url else None,
        parent_id=_parent(seen.box),
        author=login,
        posted_at=attribute(seen.time, "datetime") or None,
        karma=_karma(seen.reactions),
        # A picture without words is no deleted comment.
        status="stub" if body is None else "bot" if bot else None if text else "live",
        text=text,
    )


def _parent(box: Any) -> str | None:
    """Return the comment of a discussion that this one stands below."""
    for around in box.iterancestors():
        if has(around, "js-discussions-child-comments") or around.get("data-child-comments") is not None:
            for above in around.iterancestors():
                stated = _COMMENT.match(above.get("id") or "")
                if stated:
                    return stated.group(1)
    return None


class _Seen(NamedTuple):
    """What a comment's element holds: each the first of its kind, None where there is none."""

    box: Any
    body: Any
    author: Any
    time: Any
    reactions: Any
    is_minimized: bool
    is_bot: bool


def _seen(box: Any) -> _Seen:
    """Go through a comment once; what stands first in a tuple of kinds is asked for first."""
    found: dict[str, Any] = {}
    for node in () if box is None else box.iterdescendants():
        tag, given = node.tag, dict(node.items())
        if tag in _TIMES:
            found.setdefault(tag, node)
        if "data-testid" in given:
            _note_author(found, node, given["data-testid"])
        if given.get("aria-label") == "Reactions":
            found.setdefault("reactions", node)
        for kind in _kinds(tag, given["class"]) if "class" in given else ():
            if kind != "bot" or raw_words(node).strip(" \t\r\n") == "bot":
                found.setdefault(kind, node)
    body, author, time = (next((found[kind] for kind in kinds if kind in found), None) for kinds in _KINDS)
    return _Seen(box, body, author, time, found.get("reactions"), "minimized" in found, "bot" in found)


def _note_author(found: dict[str, Any], node: Any, test: str) -> None:
    if test == "issue-body-header-author":
        found.setdefault("author-new", node)
    elif test == "avatar-link" and node.tag == "a":
        found.setdefault("author-picture", node)


@lru_cache(maxsize=1024)
def _kinds(tag: str, classes: str) -> tuple[str, ...]:
    """Return what an element may be, by its classes; a label is the mark of a bot where it says so."""
    names = frozenset(_CLASS_END.split(classes))
    told = {
        "body": "comment-body" in names,
        "body-marked": "markdown-body" in names,
        "body-cell": tag == "td" and "markdown-body" in names,
        "author": tag == "a" and "author" in names,
        "reactions": not names.isdisjoint(_REACTIONS),
        "minimized": "minimized-comment" in names,
        "bot": tag == "span" and "Label" in names,
    }
    return tuple(kind for kind, is_one in told.items() if is_one)


def _login(link: Any) -> str | None:
    login = words(link)
    return None if login.lower() in {_GHOST, ""} else login


def _karma(place: Any) -> int | None:
    """Return thumbs up minus thumbs down; None where the page prints no reaction."""
    counts = []
    for button in () if place is None else place.iter("button"):
        label, said = attribute(button, "aria-label"), words(button)
        count = re.search(r"\d[\d,]*", said) or re.search(r"(?<![+-])\b\d[\d,]*", label)
        if count:
            counts.append((number(count.group()) or 0) * _thumb(f"{label} {attribute(button, 'value')} {said}"))
    return sum(counts) if counts else None


def _thumb(said: str) -> int:
    """Return 1 for thumbs up, -1 for thumbs down, 0 for every other reaction."""
    if re.search("\U0001f44d|thumbs.?up|\\+1", said, re.IGNORECASE):
        return 1
    return -1 if re.search("\U0001f44e|thumbs.?down|(?<!\\w)-1", said, re.IGNORECASE) else 0


def _note_folded(draft: Draft, page: _Outline, post_id: str) -> None:
    for button in page.folds:
        folded = _FOLDED.search(words(button) or "") or _FOLDED.search(words(button.getparent()))
        if folded:
            draft.stub(post_id, 0, place=f"{folded.group(1)} items of the timeline, comments or other events")
            return
