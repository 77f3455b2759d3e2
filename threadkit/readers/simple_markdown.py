"""Bodies with the marks that forums use most: emphasis, links, quoted lines, short lists.

Half of the bodies with any markup hold nothing else, and the parser takes a hundred times as long. Only what could
not possibly mean anything else is read here; everything else is the parser's (`body.from_markdown`), and tests hold
both to the same result.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# Signs that mean nothing where they stand, beside letters and digits.
_SIGNS = r"[^\W_]|[ .,;:!?'\"()/%=$@^{}+#\u2018\u2019\u201c\u201d\u2013\u2014\u2026-]"
_LONELY = r"&(?![A-Za-z0-9#]+;)|(?<!~)~(?!~)|(?<=[A-Za-z0-9])_(?=[A-Za-z0-9])|(?<=[ A-Za-z0-9])>"
_ASCII = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,:;!?'\"()/%=$@^{}+#-"
_PROSE = re.compile(rf"(?:{_SIGNS}|{_LONELY})*+")
_LINK = r"\[((?:[^\W_]|[ .,;:?'\"/%=$@+-])++)\]\((https?://[A-Za-z0-9/:.?=#+_-]++)\)"
_EMPHASIS = r"(?<![^ (])(\*\*?)([A-Za-z0-9](?:[A-Za-z0-9 ,.;:!?'\"()-]*[A-Za-z0-9.!?,])?)\3(?![^ .,;:!?)])"
_MARKUP = re.compile(rf"(?<!!){_LINK}|{_EMPHASIS}")
_MARK = re.compile(r"[\[*]")
# A line that begins so may be a heading, list, rule, quote, table or code.
_BEGINNINGS = tuple(" #|:=+->~_")
_STARS = re.compile(r"\*(?!\*?[A-Za-z0-9])")
_NUMBERED = re.compile(r"\d{1,9}[.)](?!\S)")
_BLANK_LINES = re.compile(r"\n[ \n]*\n")
_BULLETS = ("* ", "- ", "+ ")


def simple(text: str, link: Callable[[str, str], str]) -> str | None:
    r"""Return canonical text; None where anything may be other markup. `link` writes one, of its address and words.

    >>> simple("> Tea\n> is *safe*.\n\nNo.\n\n* one\n* two", str), simple("`x`", str)
    ('> Tea is safe.\n\nNo.\n\n- one\n- two', None)
    """
    written = []
    n_lists = 0
    for block in _BLANK_LINES.split(text.strip("\n")):
        lines = block.split("\n")
        mark = lines[0][:2]
        if mark not in _BULLETS and mark != "> ":
            mark = ""
        if not all(line.startswith(mark) for line in lines):
            return None
        n_lists += mark in _BULLETS
        # Two lists may be one, whose items stand apart.
        said = (
            _lines([line.removeprefix(mark) for line in lines], link, apart=mark in _BULLETS) if n_lists < 2 else None
        )
        if said is None:
            return None
        written.append("\n".join(("> " if mark == "> " else "- " if mark else "") + line for line in said))
    return "\n\n".join(written)


def _lines(lines: list[str], link: Callable[[str, str], str], *, apart: bool) -> list[str] | None:
    """Return the lines of a list, or the one line of a paragraph, without marks; None where there may be others."""
    if any(not line or _is_marked(line) for line in lines):
        return None
    said = [_inline(line, link) for line in (lines if apart else [" ".join(lines)])]
    return None if None in said else said  # type: ignore[return-value]


def _is_marked(line: str) -> bool:
    return bool(line.startswith(_BEGINNINGS) or line.endswith("  ") or _NUMBERED.match(line) or _STARS.match(line))


def _is_prose(words: str) -> bool:
    return not words.encode().translate(None, _ASCII) or _PROSE.fullmatch(words) is not None


def _inline(line: str, link: Callable[[str, str], str]) -> str | None:
    written, at = [], 0
    while mark := _MARK.search(line, at):
        found = _MARKUP.match(line, mark.start())
        if found is None:
            return None
        words, address, _, stressed = found.groups()
        if not _is_prose(line[at : found.start()]):
            return None
        written += [line[at : found.start()], stressed if address is None else link(address, words)]
        at = found.end()
    if not _is_prose(line[at:]):
        return None
    return " ".join("".join([*written, line[at:]]).split())
