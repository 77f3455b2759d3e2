"""Where the parts of a page stand: post, footnotes, scores, the page's own list of comments, comments."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from threadkit.readers.page.headers import read_header
from threadkit.readers.page.paragraphs import Paragraph, hard_wrapped, paragraphs, squeezed

if TYPE_CHECKING:
    from collections.abc import Sequence

BANNER = re.compile(r"^(?:Crossposted from the .{3,40}\. May contain more technical jargon|Cross-?posted from )")
_COUNT = re.compile(
    r"^(?:(?P<n>\d[\d,]*) comments?(?:, sorted by\b.*)?|Rendering [\d,]+/(?P<of>\d[\d,]*) comments\b.*"
    r"|Comments ?\(?(?P<ea>\d[\d,]*)\)?(?:\W.*)?|(?P<none>No comments(?: yet)?\.?))$"
)
_NEW_COMMENT = re.compile(r"^(?:New Comment|Add a comment)$", re.IGNORECASE)
_CHROME = re.compile(
    r"^(?:Submit|Sorted by\b.*|Click to highlight new comments since.*|Highlighting \d+ new comments? since.*"
    r"|No new comments since.*|Some comments are truncated due to high volume.*|Load more.*|\(show more\)"
    r"|Change default.*)$"
)
_SCORE_LINE = re.compile(r"^(?P<af>\u03a9\s*)?(?P<score>[-\u2212]?\d[\d,]{0,6})$")
_MENTIONED = re.compile(r"^Mentioned in$")
_MENTION = re.compile(r"^[-\u2212]?\d+(?:\s+\S|\D)")
_LISTED = re.compile(r"^(?P<karma>[-\u2212]?\d{1,4})(?P<author>[^\W\d].{0,38}|\[.{3,30}\])$")
_NOTE = re.compile(r"^(?:[-*\u2022]|(?P<number>\d{1,3})[.)]?)\s*\^\s*(?P<text>.*)$")
_BY = re.compile(r"^by (?P<author>\S.{0,60})$")
_BYLINE = re.compile(r"^(?:\d+ min read|\d{1,2}(?:st|nd|rd|th)? [A-Z][a-z]{2,8} \d{4}|.{3,30} Forum)$")
_ENDS_SENTENCE = re.compile(r"[.:;,\"\u201d]$")
_NO_TITLE = frozenset(
    {"summary", "introduction", "abstract", "contents", "tl;dr", "background", "epistemic", "overview", "preface"}
)
# A title is one line of at most this many words that does not end as a sentence does.
_TITLE_WORDS = 22
# The list of posts that mention this one, and the page's own list of comments, are sought this far up.
_FOOTER_LINES = 400


@dataclass(frozen=True)
class Layout:
    """The parts of a page. Line numbers count from 1."""

    body: tuple[Paragraph, ...]
    """The post's paragraphs, footnotes last."""
    comments_at: int | None = None
    """First line that may belong to a comment; None where no comments could be told from the post."""
    seam: str = ""
    """What parts post and comments: chrome, header, footnotes, or nothing."""
    feed: bool = False
    """A list of comments without their post."""
    title: str | None = None
    author: str | None = None
    karma: int | None = None
    af_karma: int | None = None
    n_comments_stated: int | None = None
    listed: tuple[tuple[int, str], ...] = field(default=())
    """The page's own list of its comments: karma and author of each, in their order."""

    @property
    def headings(self) -> list[Paragraph]:
        """The paragraphs of the post that look like headings."""
        return [part for part in self.body if not part.item and like_heading(part.text)]


def like_heading(text: str) -> bool:
    """Tell whether a paragraph may be a heading: short, and not a sentence.

    >>> like_heading("What to make of it"), like_heading("It leaks."), like_heading("- the pump")
    (True, False, False)
    """
    return len(text.split()) <= 15 and text[:1].isalnum() and text[-1:].isalnum() | (text[-1:] in "?)")


def lay_out(lines: Sequence[str]) -> Layout:
    """Find the parts of a page from its lines."""
    flat = [squeezed(line) for line in lines]
    wrapped = hard_wrapped(lines)
    first = next((i for i, line in enumerate(flat) if line and not BANNER.match(line)), len(flat))
    chrome = _chrome(flat)
    if chrome:
        return _with_chrome(lines, flat, first, chrome, wrapped=wrapped)
    header = _first_header(lines)
    if header is not None:
        found = _body(lines, flat, first, _footer(flat, header)[0], wrapped=wrapped)
        return replace(_scored(found, flat, header), comments_at=header + 1, seam="header")
    end = _last_note(lines, flat)
    if end is not None and end < len(flat):
        found = _body(lines, flat, first, end, wrapped=wrapped)
        return replace(found, comments_at=end + 1, seam="footnotes")
    found = _body(lines, flat, first, len(flat), wrapped=wrapped)
    if found.title or end is not None:
        return found
    return Layout((), comments_at=first + 1, feed=True)


def _chrome(flat: Sequence[str]) -> tuple[int, int, int | None] | None:
    """Return first and last line of the chrome between post and comments, and the count it states."""
    found = [i for i, line in enumerate(flat) if _NEW_COMMENT.match(line) or states_count(line)]
    if not found:
        return None
    start = stop = found[0]
    for i in range(start, len(flat)):
        if flat[i] and not (_NEW_COMMENT.match(flat[i]) or states_count(flat[i]) or _CHROME.match(flat[i])):
            break
        stop = i if flat[i] else stop
    stated = None
    for line in flat[start : stop + 1]:
        count = _COUNT.match(line)
        if count:
            stated = 0 if count["none"] else int((count["n"] or count["of"] or count["ea"]).replace(",", ""))
    return start, stop, stated


def states_count(line: str) -> bool:
    """Tell whether a line says how many comments the page has.

    >>> states_count("22 comments, sorted by top scoring"), states_count("2 comments")
    (True, False)
    """
    count = _COUNT.match(line)
    # "2 comments" alone may be a heading of the post; with the sort order it is not.
    return bool(count and ("," in line or count["of"] or count["none"] or count["ea"]))


def _with_chrome(
    lines: Sequence[str], flat: Sequence[str], first: int, chrome: tuple[int, int, int | None], *, wrapped: bool
) -> Layout:
    start, stop, stated = chrome
    end, listed = _footer(flat, start)
    found = replace(_body(lines, flat, first, end, wrapped=wrapped), listed=listed, n_comments_stated=stated)
    begin = next((i for i in range(stop + 1, len(flat)) if flat[i]), None)
    found = _scored(found, flat, start)
    return replace(found, comments_at=None if begin is None else begin + 1, seam="chrome")


def _footer(flat: Sequence[str], start: int) -> tuple[int, tuple[tuple[int, str], ...]]:
    """Return where the body ends above line `start`, and the page's own list of comments."""
    above = range(max(0, start - _FOOTER_LINES), start)
    mentioned = next((i for i in above if _MENTIONED.match(flat[i])), None)
    end = start
    rows: list[tuple[int, str]] = []
    while end > 0 and (not flat[end - 1] or _LISTED.match(flat[end - 1]) or _SCORE_LINE.match(flat[end - 1])):
        end -= 1
        row = _LISTED.match(flat[end])
        if row:
            rows.insert(0, (int(row["karma"].replace("\u2212", "-")), row["author"].strip()))
    if mentioned is not None and all(not s or _MENTION.match(s) or _LISTED.match(s) for s in flat[mentioned + 1 : end]):
        end = mentioned
    while end > 0 and (not flat[end - 1] or _SCORE_LINE.match(flat[end - 1])):
        end -= 1
    return end, tuple(rows)


def _scored(found: Layout, flat: Sequence[str], start: int) -> Layout:
    """Add the post's scores: the lines of digits alone under its body."""
    end = _footer(flat, start)[0]
    karma, af_karma = found.karma, found.af_karma
    for line in flat[end:start]:
        score = _SCORE_LINE.match(line)
        value = int(score["score"].replace("\u2212", "-").replace(",", "")) if score else None
        if score and score["af"]:
            af_karma = value if af_karma is None else af_karma
        elif score:
            karma = value if karma is None else karma
    return replace(found, karma=karma, af_karma=af_karma)


def _first_header(lines: Sequence[str]) -> int | None:
    """Return the line of the first sure header, if the page has one."""
    for at in range(len(lines)):
        header = read_header(lines, at)
        if header and header.sure and (header.scores or header.names[0][1]):
            return at
    return None


def _body(lines: Sequence[str], flat: Sequence[str], first: int, end: int, *, wrapped: bool) -> Layout:
    """Read the post's title, by-line, paragraphs and footnotes."""
    title, author, start = None, None, first
    if first < end and _like_title(flat[first]):
        title, start = flat[first], first + 1
        while start < end and (not flat[start] or _BY.match(flat[start]) or _BYLINE.match(flat[start])):
            by = _BY.match(flat[start])
            author = by["author"] if by else author
            start += 1
    parts = fold_notes(paragraphs(lines[start:end], start + 1, wrapped=wrapped), lines)
    return Layout(tuple(parts), title=title, author=author)


def _like_title(line: str) -> bool:
    words = line.split()
    short = 2 <= len(words) <= _TITLE_WORDS and line[0].isalnum() and not _ENDS_SENTENCE.search(line)
    return bool(short and words[0].lower().strip(":") not in _NO_TITLE and re.search(r"[^\W\d]{2}", line))


def fold_notes(parts: Sequence[Paragraph], lines: Sequence[str]) -> list[Paragraph]:
    """Give each footnote's paragraphs its number: a marker `1. ^` or `- ^`, then indented lines, or else one line.

    >>> fold_notes([Paragraph(1, "- ^"), Paragraph(2, "In part.")], ["- ^", "In part."])[0].text
    '[^1]: In part.'
    """
    kept: list[Paragraph] = []
    number, opened = 0, False
    for part in parts:
        marker = _NOTE.match(part.text)
        if marker:
            number = int(marker["number"] or number + 1)
            opened = not marker["text"]
            if marker["text"]:
                kept.append(replace(part, text=f"[^{number}]: {marker['text']}"))
            continue
        goes_on = bool(kept and kept[-1].note and re.match(r"[ \t]{2,}", lines[part.line - 1]) and not part.item)
        kept.append(replace(part, text=f"[^{number}]: {part.text}") if opened or goes_on else part)
        opened = False
    return kept


def _last_note(lines: Sequence[str], flat: Sequence[str]) -> int | None:
    """Return the line after the last footnote's body, counted from 0; None where there are no footnotes."""
    markers = [i for i, line in enumerate(flat) if _NOTE.match(line) and (line[-1] == "^" or len(line) > 4)]
    if not markers:
        return None
    at = markers[-1] + 1
    if not flat[markers[-1]].endswith("^"):
        return at
    while at < len(flat) and not flat[at]:
        at += 1
    at += 1
    while at < len(flat) and (not flat[at] or re.match(r"[ \t]{2,}", lines[at])):
        at += 1
    return at
