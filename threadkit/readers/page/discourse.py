"""A Discourse topic as its text: above each post a name and a time, below it the likes.

Two shapes are known. The page that crawlers and printers get has `name  December 3, 2022, 4:05pm  7` (time and
number, on one line or three); the page in a browser has the name, perhaps a full name, a title and whom the post
answers, then an age such as `Mar 2023` or `3 months ago`, each on its line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from threadkit.readers.page.paragraphs import squeezed
from threadkit.readers.page.printed import Page, Printed, next_filled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SITE = "Discourse"
_NAME = r"[A-Za-z0-9_\u00c0-\u024f][\w.-]{1,39}"
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}"
_TIME = rf"{_MONTH} \d{{1,2}}, \d{{4}},? \d{{1,2}}:\d\d ?[ap]m"
_WHOLE = re.compile(rf"^(?P<name>{_NAME})(?: \((?P<full>[^()]{{1,60}})\))? (?P<time>{_TIME}) #?(?P<number>\d{{1,5}})$")
_NAMED = re.compile(rf"^(?P<name>{_NAME})(?: \((?P<full>[^()]{{1,60}})\))?$")
_TIMED = re.compile(rf"^(?P<time>{_TIME})(?: #?(?P<number>\d{{1,5}}))?$")
_NUMBER = re.compile(r"^#?(?P<number>\d{1,5})$")
_AGE = re.compile(
    rf"^(?:\d{{1,2}} ?(?:m|min|mins|h|d)|\d{{1,2}} (?:minute|hour|day|month|year)s? ago|{_MONTH} \d{{4}}"
    rf"|{_MONTH} '\d\d|{_MONTH} \u2019\d\d|{_MONTH} \d{{1,2}}(?:, \d{{4}})?)$"
)
_DATE = re.compile(rf"^{_MONTH} \d{{1,2}}, \d{{4}}$")
_LIKES = re.compile(r"^(?P<n>\d[\d,]*) Likes?$|^(?P<heart>\d+) \u2764\ufe0f?$|^\u2764\ufe0f? ?(?P<after>\d+)$")
_CHROME = re.compile(
    r"^(?:\d+ (?:Repl(?:y|ies)|Links?|Users?|Views?)|Reply|Share|Like|Solved.*|Solution|Log [Ii]n|Sign Up"
    r"|Skip to main content|show post in topic|Show (?:more|\d+ replies)|\u200b|\u2026|1 Like)$"
)
_END = re.compile(
    r"^(?:Suggested Topics|Related [Tt]opics|New & Unread Topics|Unread Topics|Want to read more\?.*"
    r"|Powered by Discourse.*|Home|Categories|Topic timeline|There (?:are|is) .* (?:unread|new) .*"
    r"|Topic Replies Views Activity|next page .*)$"
)
_QUOTED = re.compile(rf"^(?P<name>{_NAME}):$")
_LISTED = re.compile(r"^(?:created|last reply|replies|views|users|likes|links|read)$")
# The figures below are set by hand, for pages like those of tests/readers/test_page_printed.py.
# Headers of the shape with an age alone may stand in any list: so many make a topic, with likes below one of them.
_MIN_AGED = 3
# Between a name and its age stand at most so many lines, each no longer than a full name or title is.
_BETWEEN, _BETWEEN_CHARACTERS = 3, 40
# The title stands at most so many lines above the first post.
_TITLE_LINES = 6


@dataclass(frozen=True)
class _Header:
    at: int
    stop: int
    name: str
    posted_at: datetime | None
    number: int | None
    answers: str | None


def like_discourse(lines: Sequence[str]) -> bool:
    """Tell whether a page has the headers of a topic."""
    flat = _flat(lines)
    numbers = [header.number for header in _timed(flat)]
    if len(numbers) > 1 or numbers == [1]:
        return True
    return len(list(_aged(flat))) >= _MIN_AGED and any(map(_LIKES.match, flat))


def read_discourse(lines: Sequence[str]) -> Page:
    """Read the topic's first post and every answer."""
    flat = _flat(lines)
    headers = list(_timed(flat)) or list(_aged(flat))
    ends = [*(header.at for header in headers[1:]), len(flat)]
    posts = [_post(header, flat, end) for header, end in zip(headers, ends, strict=True)]
    opens = headers[0].number in {None, 1}
    first = posts.pop(0) if opens else Printed(1)
    page = Page(SITE, first, posts, title=_title(flat, headers[0].at))
    authors = [post.author for post in posts]
    for i, (post, header) in enumerate(zip(posts, headers[opens:], strict=True)):
        _tell_parent(post, header, authors[:i], first.author)
    return page


def _flat(lines: Sequence[str]) -> list[str]:
    return [" ".join(squeezed(line).split()) for line in lines]


def _timed(flat: Sequence[str]) -> Iterator[_Header]:
    """Yield headers with a time and a number, which rise down the page."""
    last = 0
    at = 0
    while at < len(flat):
        header = _timed_at(flat, at) if flat[at] else None
        if header and header.number is not None and header.number > last:
            yield header
            last, at = header.number, header.stop
        else:
            at += 1


def _timed_at(flat: Sequence[str], at: int) -> _Header | None:
    whole = _WHOLE.match(flat[at])
    if whole:
        return _Header(at, at + 1, whole["name"], _moment(whole["time"]), int(whole["number"]), None)
    named = _NAMED.match(flat[at])
    below = next_filled(flat, at + 1) if named else None
    timed = _TIMED.match(flat[below]) if below is not None else None
    if not named or not timed or below is None:
        return None
    number, stop = timed["number"], below + 1
    if number is None:
        under = next_filled(flat, stop)
        alone = _NUMBER.match(flat[under]) if under is not None else None
        if not alone or under is None:
            return None
        number, stop = alone["number"], under + 1
    return _Header(at, stop, named["name"], _moment(timed["time"]), int(number), None)


def _aged(flat: Sequence[str]) -> Iterator[_Header]:
    """Yield headers with an age: a name, then at most a few short lines, then the age, without a blank line."""
    stop = 0
    for at, line in enumerate(flat):
        if _END.match(line):
            return
        above = _names_above(flat, at, stop) if _AGE.match(line) else []
        named = next((i for i in above if _NAMED.match(flat[i])), None)
        if named is None:
            continue
        name = _NAMED.match(flat[named])["name"]  # type: ignore[index]
        last = flat[at - 1] if at - 1 > named and _NAMED.match(flat[at - 1]) else None
        stop = at + 1
        yield _Header(named, stop, name, _moment(line), None, last if last != name else None)


def _names_above(flat: Sequence[str], at: int, begin: int) -> list[int]:
    """Return the short lines right above an age, which may name its author, the first of them first."""
    found: list[int] = []
    for i in range(at - 1, begin - 1, -1):
        line = flat[i]
        chrome = _CHROME.match(line) or _LIKES.match(line) or _LISTED.match(line) or _AGE.match(line)
        if not line and not found:
            continue
        if not line or chrome or len(line) > _BETWEEN_CHARACTERS or line[-1] in ".!?:," or len(found) > _BETWEEN:
            break
        if not line.isdecimal():
            found.insert(0, i)
    return found


def _moment(text: str) -> datetime | None:
    """Return the time or day of a header; `Mar 2023` or `3 months ago` tells none."""
    text = re.sub(r",? (?=\d{1,2}:)", ", ", text).replace(" am", "am").replace(" pm", "pm")
    for form in ("%B %d, %Y, %I:%M%p", "%b %d, %Y, %I:%M%p", "%B %d, %Y", "%b %d, %Y"):
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None


def _post(header: _Header, flat: Sequence[str], end: int) -> Printed:
    """Read a post: its lines up to the likes below it, and those."""
    stop = next((i for i in range(header.stop, end) if _END.match(flat[i])), end)
    filled = [i for i in range(header.stop, stop) if flat[i]]
    karma = None
    while filled and (_LIKES.match(flat[filled[-1]]) or _CHROME.match(flat[filled[-1]])):
        likes = _LIKES.match(flat[filled.pop()])
        karma = int((likes["n"] or likes["heart"] or likes["after"]).replace(",", "")) if likes else karma
    body = [(i + 1, flat[i]) for i in filled]
    return Printed(header.at + 1, header.name, header.posted_at, karma, body=body)


def _title(flat: Sequence[str], end: int) -> str | None:
    """Return the topic's title: the longest of the lines above its first post; the others are categories and tags."""
    above = [line for line in flat[:end] if line and not _CHROME.match(line) and not _LISTED.match(line)]
    return max(above[-_TITLE_LINES:], key=len, default=None)


def _tell_parent(post: Printed, header: _Header, earlier: Sequence[str | None], opener: str | None) -> None:
    """Say whom a post may answer: the one named in its header, or above a quotation that it opens with."""
    named = header.answers
    kept = []
    for k, (number, line) in enumerate(post.body):
        quoted = _QUOTED.match(line)
        known = quoted and (quoted["name"] in earlier or quoted["name"] == opener)
        if quoted and known and k + 1 < len(post.body):
            named = named or quoted["name"]
        else:
            kept.append((number, line))
    post.body = kept
    if named is None:
        return
    said = [i for i, author in enumerate(earlier) if author == named]
    post.parents = tuple(reversed(said)) if said else (-1,) if named == opener else ()
    post.told = len(said) + (named == opener) == 1
