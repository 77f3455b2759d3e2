"""A Hacker News page as its text: `name 3 hours ago | parent | next [–]` above each comment.

The page prints no points of others' comments, and only old comments a date. What it does not print of the tree,
its links tell: without `parent` a comment answers the story; without `prev` it is the first below the one above
it; with neither `root` it answers the last comment without `parent`. Else it follows an answer further up, and
its author's quotations must tell which.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from threadkit.readers.page.paragraphs import squeezed
from threadkit.readers.page.printed import Page, Printed

if TYPE_CHECKING:
    from collections.abc import Sequence

SITE = "Hacker News"
_AGE = r"(?:\d+ (?:minute|hour|day|month|year)s? ago|on [A-Z][a-z]{2,8} \d{1,2}, \d{4})"
_LINK = (
    r"(?:root|parent|prev|next|link|context|(?:un-?)?favou?rite|un-?vote|(?:un-?)?hide|(?:un-?)?flag|vouch|edit|delete)"
)
_HEADER = re.compile(
    rf"^(?:[#*\u25b2]\s*)*(?:(?P<points>-?\d+) points? by )?(?:(?P<name>[\w-]{{2,15}}) )?(?P<age>{_AGE})"
    rf"(?P<links>(?: \| {_LINK}| {_LINK}(?= \|))*)(?P<on> \| on: .{{1,120}}?)?(?P<flags>(?: \[(?:dead|flagged)\])*)"
    r"(?P<toggle> \[(?:[-+\u2013\u2212]|\d+ more)\])?$"
)
_STORY = re.compile(
    rf"^(?P<points>-?\d[\d,]*) points? by (?P<name>[\w-]{{2,15}}) (?P<age>{_AGE}) \|.*?"
    r"(?:(?:(?P<n>\d[\d,]*) )?comments?|discuss)$"
)
_SITE_NAMED = re.compile(r"(?:(?<!\s)\s++)?\([\w-]++\.[\w./-]++\)$")
_RANK = re.compile(r"^\d+\.\s+|^\u25b2\s*")
_BANNER = re.compile(r"^(?:Hacker News\b.*|new \| .*|login|.*\| Hacker News)$")
_CHROME = re.compile(r"^(?:reply|add comment|help|\*|\u25b2|favorite)$")
_END = re.compile(r"^(?:More|Search:|Guidelines \| .*|(?:Consider )?Apply(?:ing)? (?:to|for) YC.*)$")
_GONE = {"[flagged]": "removed", "[dead]": "removed", "[deleted]": "deleted"}
# Fewer headers than this may stand in any text that quotes the site: set by hand, for pages like those of
# tests/readers/test_page_printed.py.
_MIN_HEADERS = 2


def like_hackernews(lines: Sequence[str]) -> bool:
    """Tell whether a page has the headers of the site."""
    flat = _flat(lines)
    n = sum(_header(line) is not None for line in flat)
    return n >= _MIN_HEADERS or (n > 0 and any(map(_STORY.match, flat)))


def read_hackernews(lines: Sequence[str]) -> Page:
    """Read the story, if the page has it, and every comment."""
    flat = _flat(lines)
    headers = {at: found for at, line in enumerate(flat) if (found := _header(line))}
    first = min(headers, default=len(flat))
    page = _story(flat, first)
    for at, found in headers.items():
        page.comments.append(_comment(found, at, flat, min((k for k in headers if k > at), default=len(flat))))
    _tell_parents(page.comments, list(headers.values()))
    return page


def _flat(lines: Sequence[str]) -> list[str]:
    return [" ".join(squeezed(line).split()) for line in lines]


def _header(line: str) -> re.Match[str] | None:
    """Match the header of a comment; an age alone is none without the links after it."""
    found = _HEADER.match(line)
    return found if found and (found["links"] or found["toggle"] or found["on"]) else None


def _story(flat: Sequence[str], end: int) -> Page:
    at = next((i for i in range(end) if _STORY.match(flat[i])), None)
    post = Printed(1 if at is None else at + 1)
    page = Page(SITE, post, [])
    found = _STORY.match(flat[at]) if at is not None else None
    if found is None or at is None:
        return page
    post.author, post.posted_at = found["name"], _moment(found["age"])
    post.karma = int(found["points"].replace(",", ""))
    if found["n"] or found[0].endswith("discuss"):
        page.n_stated = int((found["n"] or "0").replace(",", ""))
    above = next((i for i in range(at - 1, -1, -1) if flat[i] and not _CHROME.match(flat[i])), None)
    if above is not None and not _BANNER.match(flat[above]):
        page.title = _SITE_NAMED.sub("", _RANK.sub("", flat[above])).strip() or None
    post.body = [(i + 1, flat[i]) for i in range(at + 1, end) if flat[i] and not _CHROME.match(flat[i])]
    return page


def _comment(found: re.Match[str], at: int, flat: Sequence[str], end: int) -> Printed:
    stop = next((i for i in range(at + 1, end) if _END.match(flat[i])), end)
    body = [(i + 1, flat[i]) for i in range(at + 1, stop) if flat[i] and not _CHROME.match(flat[i])]
    points = found["points"]
    said = body[0][1] if len(body) == 1 else ""
    status = _GONE.get(said) or ("removed" if "[dead]" in found["flags"] and not body else None)
    karma = int(points) if points else None
    return Printed(at + 1, found["name"], _moment(found["age"]), karma, status, [] if status else body)


def _moment(age: str) -> datetime | None:
    """Return the time of a header that prints a date; `3 hours ago` tells none."""
    for form in ("on %B %d, %Y", "on %b %d, %Y"):
        try:
            return datetime.strptime(age, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None


def _tell_parents(comments: Sequence[Printed], headers: Sequence[re.Match[str]]) -> None:
    """Follow the links of the headers through the tree."""
    links = [set(found["links"].replace("|", " ").split()) for found in headers]
    if not any(one & {"prev", "next"} for one in links):
        return  # an old page: it has no such links, and does not tell an answer from a comment on the story
    path: list[int] = []  # the comments above that the next one may stand below, from the story down
    for i, (comment, one) in enumerate(zip(comments, links, strict=True)):
        if "parent" not in one:
            path, comment.told = [], True
        elif "root" not in one and path:
            path, comment.told = path[:1], True
        elif "prev" not in one and path:
            comment.told = True
        else:  # it stands beside one of the comments on the path that answer an answer
            comment.parents = tuple(reversed(path[1:-1]))
            comment.told = len(comment.parents) == 1
            path = path[:-1]
        if not comment.parents and path:
            comment.parents = (path[-1],)
        path = [*path, i]
