"""Bodies with the marks that forums use most: emphasis, links, quoted lines, short lists, escaped signs.

Half of the bodies with any markup hold nothing else, and the parser takes a hundred times as long. Only what could
not possibly mean anything else is read here; everything else is the parser's (`body.from_markdown`), and tests hold
both to the same result.
"""

from __future__ import annotations

import re
from itertools import count, repeat
from operator import add
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# Signs that mean nothing where they stand, beside letters and digits: ASCII, typography, currencies, arrows, emoji.
_OTHERS = (
    r"\u00a1-\u00ac\u00ae-\u00bf\u00d7\u00f7\u2010-\u2027\u2030-\u205e\u20a0-\u20c0\u2190-\u2bff\ufe0f"
    r"\U0001f300-\U0001faff"
)
_SIGNS = rf"[^\W_]++|[ .,;:!?'\"()/%=$@^{{}}+#{_OTHERS}-]++"
_AND = r"&(?![A-Za-z0-9#]+;)"
# A bracket without an address is one; a star or a tilde between blanks marks nothing.
_LONELY = rf"{_AND}|(?<!~)~(?!~)|(?<=[A-Za-z0-9])_(?=[A-Za-z0-9])|(?<=[ A-Za-z0-9])>|(?<= )\*(?= )|\[|\](?![(:])"
_ASCII = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,:;!?'\"()/%=$@^{}+#-"
# A sign behind a backslash means nothing; one that would begin a quote or code must be escaped in canonical text too.
_ESCAPED = r"\\([!-/:-=?@\[-_{-~])"
_PROSE = re.compile(rf"(?:{_SIGNS}|{_LONELY}|{_ESCAPED})*+")
_HOST = r"https?://[A-Za-z0-9.-]++(?::\d++)?/"
_ADDRESS = rf"(?:{_HOST}(?:[A-Za-z0-9/:.?=#+_~,;!$-]|%[0-9A-Fa-f]{{2}}|{_AND})*+|https?://[A-Za-z0-9/:.?=#+_-]++)"
_WORDS = rf"(?:[^\W_]|[ .,;:?!'\"()/%=$@+#{_OTHERS}-]|{_AND})++"
_LINK = rf"\[({_WORDS})\]\(({_ADDRESS})\)"
_EMPHASIS = r"(?<![^ (])(\*\*?)([A-Za-z0-9](?:[A-Za-z0-9 ,.;:!?'\"()-]*[A-Za-z0-9.!?,:;])?)\3(?![^ .,;:!?)])"
_MARKUP = re.compile(rf"(?<![!\\]){_LINK}|{_EMPHASIS}")
# A line that begins so may be a heading, list, rule, quote, table or code, or is empty. Up to three blanks before it
# change nothing.
_ODD_LINE = re.compile(r"^(?: {0,3}(?:[#|:=+>~_-]|\d{1,9}[.)](?!\S)|\*(?!\*?[A-Za-z0-9])|$)| {4})", re.MULTILINE)
_BACKSLASH = re.compile(_ESCAPED)
_BLANK_LINES = re.compile(r"\n[ \n]*\n")
_QUOTED = re.compile(r"^> ?", re.MULTILINE)
# Two blanks at the end of a line break it there.
_BREAK = re.compile(r"(?<! ) {2,}+\n")
_BULLETS = ("* ", "- ", "+ ")
_NUMBER = re.compile(r"([0-9]{1,9})([.)]) ")


def simple(text: str, link: Callable[[str, str], str]) -> str | None:
    r"""Return canonical text; None where anything may be other markup. `link` writes one, of its address and words.

    >>> simple(">Tea\n> is *safe*.\n\nNo  \n[sic].\n\n* one\n* two", str), simple("`x`", str)
    ('> Tea is safe.\n\nNo\n[sic].\n\n- one\n- two', None)
    """
    if ">!" in text:
        return None
    written = []
    n_lists = 0
    for block in _BLANK_LINES.split(text.strip("\n")):
        listed = block[:2] in _BULLETS or _NUMBER.match(block) is not None
        n_lists += listed
        # Two lists may be one, whose items stand apart; what is indented behind one may belong to its last item.
        if n_lists > 1 or (n_lists and block.startswith(" ")):
            return None
        said = _items(block, link) if listed else _paragraph(block, link)
        if said is None:
            return None
        written.append(said)
    return "\n\n".join(written)


def _items(block: str, link: Callable[[str, str], str]) -> str | None:
    """Return a list whose items are a line each."""
    number = _NUMBER.match(block)
    mark = rf"[0-9]{{1,9}}{re.escape(number[2])} " if number else re.escape(block[:2])
    before, *items = re.split(f"^{mark}", block, flags=re.MULTILINE)
    if before or len(items) != block.count("\n") + 1:
        return None
    if any(item.startswith(" ") or _ODD_LINE.match(item) for item in items):
        return None
    said = [_inline(item.removesuffix("\n"), link) for item in items]
    if None in said:
        return None
    marks = (f"{n}. " for n in count(int(number[1]))) if number else repeat("- ")
    return "\n".join(map(add, marks, said))


def _paragraph(block: str, link: Callable[[str, str], str]) -> str | None:
    """Return a paragraph, perhaps a quoted one."""
    quoted = block.startswith(">")
    if quoted:
        n_lines = block.count("\n") + 1
        block, n = _QUOTED.subn("", block)
        if n != n_lines:
            return None
    if _ODD_LINE.match(block) or ("\n" in block and _ODD_LINE.search(block)):
        return None
    said = [_inline(piece.replace("\n", " "), link) for piece in _BREAK.split(block)]
    if None in said:
        return None
    return "> " + "\n> ".join(said) if quoted else "\n".join(said)  # type: ignore[arg-type]


def _is_prose(words: str) -> bool:
    return not words.encode().translate(None, _ASCII) or _PROSE.fullmatch(words) is not None


def _inline(line: str, link: Callable[[str, str], str]) -> str | None:
    """Return a line without marks; None where there may be others."""
    if not line.encode().translate(None, _ASCII):
        return " ".join(line.split())
    written, at = [], 0
    for found in _MARKUP.finditer(line) if "[" in line or "*" in line else ():
        before = line[at : found.start()]
        if not _is_prose(before):
            return None
        words, address, _, stressed = found.groups()
        written += [_unescaped(before), stressed if address is None else link(address, words)]
        at = found.end()
    if not _is_prose(line[at:]):
        return None
    return " ".join("".join([*written, _unescaped(line[at:])]).split())


def _unescaped(words: str) -> str:
    return _BACKSLASH.sub(r"\1", words) if "\\" in words else words
