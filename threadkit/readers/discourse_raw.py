"""Discourse's own Markdown, as ``raw`` holds it, as canonical text (base/text.py)."""

from __future__ import annotations

import re
from typing import NamedTuple

from threadkit.base.text import clean
from threadkit.readers.body import from_markdown
from threadkit.readers.emoji_codes import shown
from threadkit.readers.quote_marks import FENCE, lines_in_quotes

_POINTER = re.compile(r"\[quote=[^\]\n]*?\bpost:\s*(\d+)(?:,\s*topic:\s*(\d+))?", re.IGNORECASE)
_DETAILS = re.compile(r"^[ \t]*\[details=[\"“]?([^\]\n]*?)[\"”]?[ \t]*\][ \t]*$", re.IGNORECASE | re.MULTILINE)
_TAG = re.compile(r"\[/?(?:spoiler|details|poll|wrap|grid|b|i|u|s)(?:=[^\]\n]*|\s[^\]\n]*)?\]", re.IGNORECASE)
# A link in the markup of older forums, which Discourse takes too.
_LINK = re.compile(r"\[url(?:=[\"']?([^\]\s\"']+)[\"']?)?\]([^\[\]\n]*)\[/url\]", re.IGNORECASE)
_DATE = re.compile(r"\[date=(\d{4}-\d\d-\d\d)(?: +time=(\d\d:\d\d(?::\d\d)?))?[^\]\n]*\]")
# Uploaded pictures: what stands for them is the name of a file.
_PICTURE = re.compile(r"!\[[^\[\]\n]*\]\(upload://[^)\s]*(?:\s+\"[^\"\n]*\")?\)")
_FOOTNOTE = re.compile(r"\[\^([^\]\s]{1,60})\](:?)")
# Other tags are words in angle brackets; one like <script> would take the text after it along.
_STRANGE_TAG = re.compile(
    r"<(?!/?(?:a|abbr|aside|b|big|blockquote|br|center|cite|code|dd|del|details|div|dl|dt|em|h[1-6]|hr|i|img|ins|kbd"
    r"|li|mark|ol|p|pre|q|ruby|s|small|span|strike|strong|sub|summary|sup|table|tbody|td|tfoot|th|thead|tr|u|ul"
    r")\b|https?:|mailto:|[^\s<>@]+@)",
    re.IGNORECASE,
)
_LESS = "\ue000"


class Pointer(NamedTuple):
    """The post that a quote was taken from; `topic` is None where the quote does not say."""

    post: int
    topic: str | None


def pointers(raw: str) -> list[Pointer]:
    """List the posts that are quoted, in the order of the quotes.

    >>> pointers('[quote="ana, post:3, topic:7"]')
    [Pointer(post=3, topic='7')]
    """
    return [Pointer(int(post), topic or None) for post, topic in _POINTER.findall(raw)]


def from_raw(raw: str) -> str:
    r"""Turn ``raw`` into canonical text; never raises.

    >>> from_raw('[quote="ana, post:3, topic:7"]\nIt is *safe*.\n[/quote]\n\nNo.[^1]\n\n[^1]: Ever.')
    '> It is safe.\n\nNo.[1]\n\n1. Ever.'
    """
    numbers: dict[str, int] = {}
    lines: list[str] = []
    fence = ""
    for line, in_quote in lines_in_quotes(clean(raw).split("\n")):
        mark = FENCE.match(line)
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        elif not fence:
            line = _prose(line, numbers)
        lines.append("> " * in_quote + line)
    return shown(from_markdown(_STRANGE_TAG.sub(_LESS, "\n".join(lines)), html=True).replace(_LESS, "<"))


def _prose(line: str, numbers: dict[str, int]) -> str:
    line = _DETAILS.sub(r"\n\1\n", line)
    line = _LINK.sub(lambda link: f"[{link[2]}]({link[1]})" if link[1] else link[2], line)
    line = _TAG.sub("", _PICTURE.sub("", line))
    line = _DATE.sub(lambda date: f"{date[1]} {date[2] or ''}".strip(), line)
    return _FOOTNOTE.sub(lambda note: _numbered(note, numbers), line)


def _numbered(note: re.Match[str], numbers: dict[str, int]) -> str:
    number = numbers.setdefault(note[1], len(numbers) + 1)
    return f"{number}." if note[2] and note.start() == 0 else rf"\[{number}\]{note[2]}"
