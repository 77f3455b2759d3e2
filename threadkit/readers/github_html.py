"""GitHub: a saved page of an issue, a pull request or a discussion, before and after the new look of 2025.

karma is the thumbs up minus the thumbs down printed below a comment. The comments of an issue are flat; those of
a discussion answer the one that they stand in.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from threadkit.readers.body import from_tree
from threadkit.readers.markup import attribute, find, first, has, is_page, parse, words
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
_BODY = (".comment-body", "self::td[.markdown-body]", ".markdown-body")
_TOGGLES = frozenset({"email-hidden-toggle", "zeroclipboard-container"})
_GHOST = "ghost"


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
    boxes = _boxes(root)
    opening = [box for name, box in boxes if name is None]
    _add_post(draft, root, post_id, link, opening[0] if opening else None)
    for n, (name, box) in enumerate(((name, box) for name, box in boxes if name), start=1):
        _add_comment(draft, name, box, post_id, link, f"comment {n}")
    _note_folded(draft, root, post_id)


def _address_in_links(root: Any) -> re.Match[str] | None:
    # A page fetched and saved by hand tells its address only in the link of its date.
    links = (_ADDRESS.match(attribute(link, "href")) for link in find("@data-testid='issue-body-header-link'")(root))
    return next((link for link in links if link), None)


def _boxes(root: Any) -> list[tuple[str | None, Any]]:
    """Return what holds the opening (without a number) and each comment, in the order of the page."""
    found: dict[str | None, Any] = {}
    for node in find("@id or @data-testid='issue-body'")(root):
        stated = _COMMENT.match(node.get("id") or "")
        if stated:
            found.setdefault(stated.group(1), _box(node, stated.group(1)))
        elif None not in found and (node.get("data-testid") == "issue-body" or _OPENING.match(node.get("id") or "")):
            found[None] = node
    return list(found.items())


def _box(node: Any, name: str) -> Any:
    """Return the element around one comment: its number stands on it, on its head, or further out."""
    for around in (node, *node.iterancestors()):
        numbers = (_COMMENT.match(part.get("id")) for part in find("@id")(around))
        if around is not node and any(stated and stated.group(1) != name for stated in numbers):
            break
        if first(around, *_BODY) is not None:
            return around
    return node


def _add_post(draft: Draft, root: Any, post_id: str, url: str | None, box: Any) -> None:
    title = first(root, "@data-testid='issue-title'", ".js-issue-title", ".gh-header-title")
    body = first(box, *_BODY)
    draft.post(
        post_id,
        place="opening",
        site=_SITE,
        partial=body is None,
        url=url,
        title=words(title) or _TITLE.sub("", words(first(root, "self::title"))[:MAX_TITLE]) or None,
        author=_author(box),
        posted_at=_time(box),
        karma=_karma(box),
        n_comments_stated=_stated(root),
        text="" if body is None else from_tree(body, dropped=_TOGGLES),
    )


def _stated(root: Any) -> str | None:
    for place in find(".gh-header-meta or @id='discussion_bucket' or @data-testid='issue-metadata-fixed'")(root):
        counted = re.search(r"([\d,]+) comments?\b", words(place))
        if counted:
            return counted.group(1)
    return None


def _add_comment(draft: Draft, name: str, box: Any, post_id: str, url: str | None, place: str) -> None:
    body = first(box, *_BODY)
    text = "" if body is None else from_tree(body, dropped=_TOGGLES)
    login = _author(box)
    if has(box, "minimized-comment") or first(box, ".minimized-comment") is not None:
        cure = "it was read like any other" if text else "it was kept without its words; open it before saving the page"
        draft.problem(
            "GitHub folds it away", cure, place=place, comment_id=name, severity="info" if text else "warning"
        )
    bot = (login or "").endswith("[bot]") or first(box, "self::span[.Label][normalize-space()='bot']") is not None
    draft.comment(
        name,
        post_id,
        place=place,
        site=_SITE,
        url=f"{url}#issuecomment-{name}" if url else None,
        parent_id=_parent(box),
        author=login,
        posted_at=_time(box),
        karma=_karma(box),
        # A picture without words is no deleted comment.
        status="stub" if body is None else "bot" if bot else None if text else "live",
        text=text,
    )


def _parent(box: Any) -> str | None:
    """Return the comment of a discussion that this one stands below."""
    for around in box.iterancestors():
        if has(around, "js-discussions-child-comments") or "data-child-comments" in around.attrib:
            for above in around.iterancestors():
                stated = _COMMENT.match(above.get("id") or "")
                if stated:
                    return stated.group(1)
    return None


def _author(box: Any) -> str | None:
    tests = ("@data-testid='issue-body-header-author'", "self::a[@data-testid='avatar-link']", "self::a[.author]")
    login = words(first(box, *tests))
    return None if login.lower() in {_GHOST, ""} else login


def _time(box: Any) -> str | None:
    return attribute(first(box, "self::relative-time", "self::time-ago", "self::time"), "datetime") or None


def _karma(box: Any) -> int | None:
    """Return thumbs up minus thumbs down; None where the page prints no reaction."""
    places = (
        [] if box is None else find("@aria-label='Reactions' or .js-reactions-container or .comment-reactions")(box)
    )
    counts = []
    for button in places[0].iter("button") if places else []:
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


def _note_folded(draft: Draft, root: Any, post_id: str) -> None:
    for button in find("self::button or .ajax-pagination-btn or .pagination-loader-container")(root):
        folded = _FOLDED.search(words(button) or "") or _FOLDED.search(words(button.getparent()))
        if folded:
            draft.stub(post_id, 0, place=f"{folded.group(1)} items of the timeline, comments or other events")
            return
