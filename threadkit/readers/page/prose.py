"""Telling pages and prose from everything else that is text."""

from __future__ import annotations

import re

from threadkit.readers.page.headers import read_header
from threadkit.readers.page.layout import states_count
from threadkit.readers.page.paragraphs import squeezed

# A line of prose has at least this many characters and words; running text has at least so many such lines,
# and they hold most of its characters.
_PROSE_CHARACTERS = 60
_PROSE_WORDS = 9
_PROSE_LINES = 4
_PROSE_SHARE = 0.6
# Undecodable characters in a text of another 8-bit code page are rarer than this.
_BROKEN_SHARE = 0.04
# Shares of lines that make a text code, a log, a table, or Markdown.
_CODE_SHARE = 0.25
_LOG_SHARE = 0.3
_TABLE_SHARE = 0.6
_MARKDOWN_SHARE = 0.04

_TOGGLED = re.compile(r"^\[\s*(?:[-+]|$)")
_CODE = re.compile(
    r"^\s*(?:import |from \S+ import|def |class |#include|package |public |private |function |const |let |var |return\b"
    r"|//|/\*|\*/|if \(|for \(|while \(|else\b|\}|@\w+$)|[;{}]\s*$|\):\s*$|^\s*[\w.]+\s*=\s*\S+$"
)
_LOG = re.compile(r"^\W{0,2}(?:\d{4}-\d\d-\d\d[T ]|\w{3} +\d+ \d\d:\d\d:|\d\d:\d\d:\d\d|(?:INFO|DEBUG|WARN|ERROR)\b)")
_MARKDOWN = re.compile(r"^(?:#{1,6} |```|\[!\[|\|.*\|$|!\[)")
_WORD = re.compile(r"[^\W\d_]{2,}")


def like_page(text: str) -> bool:
    """Tell whether a text has the chrome of a forum page: a stated count, or headers with a toggle."""
    if not plain(text):
        return False
    lines = [squeezed(line) for line in text.split("\n")]
    if any(states_count(line) or line == "New Comment" for line in lines):
        return True
    headers = (read_header(lines, at) for at, line in enumerate(lines) if _TOGGLED.match(line))
    return sum(bool(header and header.scores) for header in headers) > 1


def like_prose(text: str) -> bool:
    """Tell whether a text is paragraphs of prose, and not code, a log, a table or a Markdown document."""
    if not plain(text):
        return False
    lines = [line for line in text.split("\n") if squeezed(line)]
    if not lines or lines[0].strip() in {"---", "+++"}:
        return False
    for pattern, share in ((_CODE, _CODE_SHARE), (_LOG, _LOG_SHARE), (_MARKDOWN, _MARKDOWN_SHARE)):
        if sum(bool(pattern.search(line)) for line in lines) > share * len(lines):
            return False
    separators = max((sum(line.count(mark) >= 2 for line in lines) for mark in ("\t", "|", ";")), default=0)
    if separators > _TABLE_SHARE * len(lines) or _like_csv(lines):
        return False
    prose = [line for line in lines if len(line) >= _PROSE_CHARACTERS and len(_WORD.findall(line)) >= _PROSE_WORDS]
    return len(prose) >= _PROSE_LINES and sum(map(len, prose)) > _PROSE_SHARE * sum(map(len, lines))


def plain(text: str) -> bool:
    """Tell whether this is text at all, and not JSON or markup."""
    start = text.lstrip("\ufeff \t\r\n\u00a0")
    if not start or "\x00" in text or text.count("\ufffd") > _BROKEN_SHARE * len(text):
        return False
    if start[0] in "{<" or re.match(r"\[\s*[\[{\"\]\d]", start):
        return False
    return sum(c < " " and c not in "\n\r\t\f" for c in text) == 0


def _like_csv(lines: list[str]) -> bool:
    """Tell whether a header line of names is followed by as many fields in most lines."""
    names = lines[0].split(",")
    if len(names) < 3 or not all(re.fullmatch(r"\"?[\w .-]{1,40}\"?", name.strip()) for name in names):
        return False
    return sum(line.count(",") >= len(names) - 1 for line in lines) > len(lines) / 2
