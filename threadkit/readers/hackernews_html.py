"""Hacker News: a saved item page, of any year.

A comment answers the one that its "parent" link names, or else the nearest above it that stands further left.
The page prints no karma of comments: it is NA, also where the text is grey because readers voted it down. Only
newer pages print times; on older ones ("16 days ago") they are NA.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from threadkit.readers.body import from_tree
from threadkit.readers.markup import (
    address,
    attribute,
    find,
    first,
    has,
    host,
    is_page,
    of_classes,
    parse,
    parts,
    words,
)
from threadkit.readers.values import number

if TYPE_CHECKING:
    from pathlib import Path

    from threadkit.readers.draft import Draft
    from threadkit.readers.formats import Sample

TITLE = "Hacker News: saved item page (HTML)"

_SITE = "Hacker News"
_HOST = "news.ycombinator.com"
_NAMES = ("hnuser", "| Hacker News</title>", f"//{_HOST}")
_URL = "https://news.ycombinator.com/item?id="
# What the page is made of: the rows of newer pages, or the vote arrows of older ones.
_MARKS = re.compile(r"""class=["']?[^"'>]*\b(?:comtr|fatitem|hnuser|commtext)\b|\bid=["']?up_\d+["' ][^>]*vote""")
_ITEM = re.compile(r"item\?id=(\d+)")
_PARENT = re.compile(r"(?:#|item\?id=)(\d+)$")
_TONE = re.compile(r"c[0-9a-fA-F]{2}")
_N_COMMENTS = re.compile(r"(\d[\d,]*)\s*comments?$")
# One step to the right is so many pixels of the blank picture before a comment.
_STEP = 40
_REPLY = frozenset({"reply", "navs"})
_GONE = {"[flagged]": "removed", "[dead]": "removed", "[deleted]": "deleted"}


class _Above(NamedTuple):
    """A comment further up, which a later one may answer."""

    indent: int
    comment_id: str


def detect(sample: Sample) -> bool:
    """Tell whether it is a page of items there."""
    text = sample.text
    if not is_page(text):
        return False
    named = any(mark in text for mark in _NAMES) or host(address(text)) == _HOST
    return named and _MARKS.search(text) is not None


def read(path: Path, draft: Draft) -> None:
    """Add the story and every comment of the page."""
    draft.site = _SITE
    root, url = parse(path, draft)
    named = _ITEM.search(url)
    page = of_classes(root, "subtext", "titleline", "toptext", "default", "morelink")
    post_id = _add_story(draft, root, page) or (named.group(1) if named else path.stem)
    above: list[_Above] = []
    for n, cell in enumerate(page["default"], start=1):
        story = _story_of(cell)
        if story is not None:
            # The page is about a comment, or about all comments of one person.
            post_id = _ITEM.search(story.get("href"))[1]  # type: ignore[index]
            draft.post(post_id, partial=True, site=_SITE, title=words(story), url=_URL + post_id)
            above.clear()
        _add_comment(draft, cell, post_id, above, f"comment {n}")
    if page["morelink"]:
        draft.stub(post_id, 0, place="behind 'More', on the next page")


def _add_story(draft: Draft, root: Any, page: dict[str, list[Any]]) -> str | None:
    """Add the story at the top; returns its id, None where the page begins with a comment."""
    meta = next(iter(page["subtext"]), None)
    name = _score_id(meta)
    if meta is None or name is None:
        return None
    title = first(page["titleline"][0] if page["titleline"] else first(root, "self::td[.title]"), "self::a")
    counted = [_N_COMMENTS.search(words(a).replace("\u00a0", " ")) for a in find("self::a")(meta)]
    counts = [match.group(1) for match in counted if match]
    if not counts and any(words(a) == "discuss" for a in find("self::a")(meta)):
        counts = ["0"]
    inside = parts(meta)
    draft.post(
        name,
        place="story",
        site=_SITE,
        url=_URL + name,
        title=words(title) or None,
        author=_author(meta, inside),
        posted_at=_time(inside),
        karma=words(inside.get("score", first(meta, f"@id='score_{name}'"))) or None,
        n_comments_stated=counts[0] if counts else None,
        text=_story_text(page, meta),
    )
    return name


def _score_id(meta: Any) -> str | None:
    score = first(meta, "starts-with(@id, 'score_')")
    if score is not None:
        return str(score.get("id")).removeprefix("score_")
    named = [_ITEM.search(attribute(a, "href")) for a in find("self::a")(meta)] if meta is not None else []
    return next((match.group(1) for match in named if match), None)


def _story_text(page: dict[str, list[Any]], meta: Any) -> str:
    body = next(iter(page["toptext"]), None)
    if body is None:
        # Older pages: a cell without a class below the story's own row.
        rows = [row for row in meta.getparent().itersiblings("tr") if first(row, "self::form") is None]
        cells = [cell for row in rows for cell in find("self::td[not(@class)]")(row) if words(cell)]
        body = cells[0] if cells else None
    return "" if body is None else from_tree(body, marks=True)


def _story_of(cell: Any) -> Any:
    """Return the link behind "on:", where a comment names its story."""
    for link in cell.iter("a"):
        if "item?id=" not in attribute(link, "href"):
            continue
        before = link.getprevious()
        lead = link.getparent().text if before is None else before.tail
        if (lead or "").strip().endswith("on:") and _ITEM.search(attribute(link, "href")):
            return link
    return None


def _add_comment(draft: Draft, cell: Any, post_id: str, above: list[_Above], place: str) -> None:
    row = next((node for node in cell.iterancestors("tr") if has(node, "athing")), None)
    holder = cell.getparent() if row is None else row
    inside = parts(cell)
    line = inside.get("comhead")
    name = attribute(row, "id") or _permalink(line) or _voted(holder)
    if not name:
        draft.problem("a comment has no id", "it was left out; save the page again", place=place, severity="error")
        return
    indent = _indent(holder)
    while above and above[-1].indent >= indent:
        above.pop()
    parent = _stated_parent(line) or (above[-1].comment_id if above else None)
    above.append(_Above(indent, name))
    body = inside.get("commtext", inside.get("comment"))
    text = "" if body is None else _text(body)
    head = words(line)
    said = next((mark for mark in _GONE if text == mark or mark in head), None)
    draft.comment(
        name,
        post_id,
        place=place,
        site=_SITE,
        url=_URL + name,
        parent_id=parent,
        author=_author(line, inside),
        posted_at=_time(inside),
        karma=words(inside.get("score")) or None,
        status=_GONE.get(said or ""),
        text=text,
    )
    if body is not None and _is_grey(body):
        draft.problem(
            "it is printed in grey: readers voted it down, the page does not say how far",
            "its karma was left unknown",
            place=place,
            comment_id=name,
            severity="info",
        )


def _permalink(line: Any) -> str:
    named = [_ITEM.search(attribute(link, "href")) for link in _links(line) if words(link) != "parent"]
    return next((match.group(1) for match in named if match), "")


def _voted(holder: Any) -> str:
    arrows = (attribute(link, "id") for link in holder.iter("a"))
    return next((name[3:] for name in arrows if name.startswith("up_")), "")


def _stated_parent(line: Any) -> str | None:
    for link in _links(line):
        if words(link) == "parent":
            named = _PARENT.search(attribute(link, "href"))
            return named.group(1) if named else None
    return None


def _links(node: Any) -> list[Any]:
    return [] if node is None else list(node.iter("a"))


def _indent(holder: Any) -> int:
    stated = next((attribute(cell, "indent") for cell in holder.iter("td") if has(cell, "ind")), "")
    depth = number(stated)
    if depth is None:
        depth = (number(attribute(next(holder.iter("img"), None), "width")) or 0) // _STEP
    return max(depth, 0)


def _text(body: Any) -> str:
    # The link "reply" stands in small letters below the words; older pages print dashes in its place.
    for small in [font for font in body.iter("font") if font.get("size") == "1"]:
        small.clear(keep_tail=True)
    return from_tree(body, marks=True, dropped=_REPLY)


def _is_grey(body: Any) -> bool:
    tones = [name[1:] for name in attribute(body, "class").split() if _TONE.fullmatch(name)]
    # Older pages write the color in the markup itself.
    tones = tones or [attribute(font, "color")[1:3] for font in body.iter("font") if font.get("color")]
    return bool(tones) and tones[0] != "00"


def _author(line: Any, inside: dict[str, Any]) -> str | None:
    if "hnuser" in inside:
        return words(inside["hnuser"]) or None
    return next((words(link) for link in _links(line) if "user?id=" in attribute(link, "href")), None)


def _time(inside: dict[str, Any]) -> str | None:
    # "2021-10-26T22:30:37 1635287437"; older pages print the first half alone, in UTC.
    return attribute(inside.get("age"), "title").partition(" ")[0] or None
