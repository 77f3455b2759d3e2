"""Lines of a page as paragraphs, and paragraphs as canonical text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_BLANKS = str.maketrans({"\u00a0": " ", "\u2007": " ", "\u202f": " ", "\u200b": "", "\ufeff": "", "\t": " "})
_BULLET = re.compile(r"^[\u2022\u2023\u25e6\u25aa\u2043*-]\s+(?=\S)")
_NUMBER = re.compile(r"^(\d{1,3}[.)])\s+(?=\S)")
_QUOTE = re.compile(r"^(?:>\s?)+")
_ENCLOSED = re.compile(r"^(?:\"[^\"\u201c\u201d]+\"|\u201c[^\"\u201c\u201d]+\u201d)$")
_ELIDED = re.compile(r"^\[?\(?\s*(?:\.{3}|\u2026)\s*\)?\]?$")
# A file is hard-wrapped only where no line is longer than this many characters.
_WRAPPED_AT = 100
# Fewer words than this between quotation marks may be a name or a title.
_ENCLOSED_WORDS = 4
# A line of a wrapped paragraph, but its last, is at least this long.
_WRAPPED_FROM = 40


@dataclass(frozen=True)
class Paragraph:
    """One printed paragraph or list item."""

    line: int
    """Its line on the page, from 1."""
    text: str
    """Its words, without quote marks; list items begin with `- ` or `1. `."""
    blanks: int = 0
    """Blank lines before it."""
    marked: bool = False
    """Whether the page printed it as a quotation: behind `>`, or all of it between quotation marks."""

    @property
    def item(self) -> bool:
        """Whether it is a list item."""
        return bool(_BULLET.match(self.text) or _NUMBER.match(self.text))

    @property
    def note(self) -> bool:
        """Whether it is (a part of) a footnote."""
        return self.text.startswith("[^")

    @property
    def elided(self) -> bool:
        """Whether it only says that something was left out."""
        return bool(_ELIDED.match(self.text))


def squeezed(line: str) -> str:
    r"""Return a line without outer blanks, its odd blanks made plain.

    >>> squeezed("\u00a0 one\u00a0two ")
    'one two'
    """
    return line.translate(_BLANKS).strip()


def paragraph(line: str, number: int, blanks: int = 0) -> Paragraph:
    r"""Read one line as a paragraph.

    >>> paragraph("  \u2022 first", 7).text, paragraph("> why?", 8).marked
    ('- first', True)
    """
    text = squeezed(line)
    quoted = _QUOTE.match(text)
    if quoted:
        text = text[quoted.end() :].strip()
    enclosed = bool(_ENCLOSED.match(text)) and text.count(" ") >= _ENCLOSED_WORDS
    text = _BULLET.sub("- ", text)
    text = _NUMBER.sub(r"\1 ", text)
    return Paragraph(number, text, blanks, bool(text) and (bool(quoted) or enclosed))


def paragraphs(lines: Sequence[str], first: int, *, wrapped: bool = False) -> list[Paragraph]:
    """Read lines, the first of them line `first` of the page, as paragraphs; hard-wrapped lines are joined."""
    found: list[Paragraph] = []
    blanks = 0
    previous = ""
    for number, line in enumerate(lines, first):
        if not squeezed(line):
            blanks += 1
            previous = ""
            continue
        read = paragraph(line, number, blanks)
        if wrapped and found and not blanks and len(previous) >= _WRAPPED_FROM and not read.item and read.text:
            last = found[-1]
            found[-1] = Paragraph(last.line, f"{last.text} {read.text}", last.blanks, last.marked)
        elif read.text:
            found.append(read)
        blanks = 0
        previous = line
    return found


def hard_wrapped(lines: Sequence[str]) -> bool:
    r"""Tell whether paragraphs stand broken into lines of even length: most lines with one below break a sentence.

    >>> text = "The gate that we had hung in autumn held\nuntil the ice came down, and then it did not.\n\nPity."
    >>> hard_wrapped(text.split("\n")), hard_wrapped(["First we drained it.", "Then we measured the leak."])
    (True, False)
    """
    if max(map(len, lines), default=0) > _WRAPPED_AT:
        return False
    above = [squeezed(one) for one, two in pairwise(lines) if squeezed(one) and squeezed(two)]
    broken = [line for line in above if len(line) >= _WRAPPED_FROM and line[-1] not in ".!?:"]
    return bool(above) and len(broken) > len(above) / 2


def canonical(parts: Iterable[tuple[Paragraph, bool]]) -> str:
    r"""Write paragraphs, each with whether it is a quotation, as canonical text.

    >>> canonical([(Paragraph(1, "it leaks"), True), (Paragraph(2, "- no"), False), (Paragraph(3, "- yes"), False)])
    '> it leaks\n\n- no\n- yes'
    """
    text = ""
    before: tuple[Paragraph, bool] | None = None
    for part, quoted in parts:
        if before:
            tight = part.item and before[0].item and quoted == before[1]
            text += "\n" if tight else "\n\n"
        text += f"> {part.text}" if quoted else part.text
        before = part, quoted
    return text
