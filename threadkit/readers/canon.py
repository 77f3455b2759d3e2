"""A writer of canonical text (base/text.py): quotes, lists, code and tables as they open and close."""

from __future__ import annotations

import re
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

# Marks deeper than this say nothing to a reader, and a page of ten thousand nested quotes would fill the disk.
_MAX_QUOTES = 20
_MAX_INDENT = 10

# Runs of white space that are not one blank already: most are, and are passed over.
_SPACES = re.compile(r"[^\S ]\s*| \s+")
_BLANKS = re.compile(r"[^\S\n ][^\S\n]*| [^\S\n]+")
_FENCE = re.compile(r"\s{0,3}```")
# A typed quote mark; ">50", ">=" and ">_<" are words.
_MARK = re.compile(r"(?:>\s?)*>(?:\s+|(?![\d=_<.]))(?=\S)")
_MARKED_LINE = re.compile(r"\n\s{0,40}+(?=>)")
# Zero-width blank, soft hyphen, byte-order mark, word joiner: invisible, and they part words that match.
_INVISIBLE = re.compile("[\u200b\u00ad\ufeff\u2060]")


class _List:
    def __init__(self, group: int, start: int | None) -> None:
        self.group = group
        self.next = start


class _Outer(NamedTuple):
    """Where a quote was opened: the lists and the mark to go back to."""

    lists: list[_List]
    mark: str


class Canon:
    """Text in the making: `add` words, open and close what stands around them, then take `text()`.

    Whatever is opened may stay open, and may be closed more than once: forum markup is like that.
    `marks`: a line of prose that begins with ``>`` is a quote.
    """

    def __init__(self, *, marks: bool = False) -> None:
        self._marks = marks
        self._blocks: list[tuple[int, str]] = []
        self._words: list[str] = []
        self._spans: list[tuple[int, int]] = []
        self._outer: list[_Outer] = []
        self._lists: list[_List] = []
        self._mark = ""
        self._quotes = 0
        self._code = 0
        self._row: object = None
        self._first_cell = True
        self._table = 0
        self._groups = 0
        self._flushes = 0

    def text(self) -> str:
        """Return what was written."""
        self._row = None
        if self._code:
            self._code = 1
            self.close_code()
        self.flush()
        parts: list[str] = []
        last = 0
        for group, block in self._blocks:
            if parts:
                parts.append("\n" if group and group == last else "\n\n")
            parts.append(block)
            last = group
        return "".join(parts)

    def add(self, words: str | None) -> None:
        """Add words; outside code a run of white space is one blank."""
        if words:
            words = visible(words)
            if self._marks and not self._code and ">" in words:
                self._words.append("\n".join(_SPACES.sub(" ", line) for line in _MARKED_LINE.split(words)))
                return
            self._words.append(words if self._code else _SPACES.sub(" ", words))

    def add_literal(self, words: str) -> None:
        """Add words that were added once before and taken back."""
        self._words.append(words)

    def line_break(self) -> None:
        """Begin a new line of the same paragraph; two in a row begin a new paragraph."""
        self._words.append("\n" if self._row is None else " ")

    def flush(self) -> None:
        """End the paragraph."""
        if self._code:
            return
        if self._row is not None:
            self._words.append(" ")
            return
        written = self._take()
        lines: list[str] = []
        for line in [*(_BLANKS.sub(" ", line).strip() for line in written.split("\n")), ""]:
            if line:
                lines.append(line)
            elif lines:
                self._paragraph(lines)
                lines = []

    def open_span(self) -> None:
        """Remember where a link or a superscript begins."""
        self._spans.append((self._flushes, len(self._words)))

    def close_span(self) -> str | None:
        """Take back the words since the span was opened; None where a paragraph ended in between."""
        flushes, start = self._spans.pop() if self._spans else (-1, 0)
        if flushes != self._flushes:
            return None
        words = "".join(self._words[start:])
        del self._words[start:]
        return words

    def open_quote(self) -> None:
        """Begin a quote."""
        self.flush()
        self._outer.append(_Outer(self._lists, self._mark))
        self._lists, self._mark = [], ""
        self._quotes += 1

    def close_quote(self) -> None:
        """End a quote."""
        self.flush()
        if self._outer:
            self._lists = self._outer.pop().lists
            # The item that held the quote has had its say: what follows continues it.
            self._mark = ""
            self._quotes -= 1

    def quote_at(self, depth: int) -> None:
        """Be inside this many quotes from here on."""
        if depth != self._quotes:
            self.flush()
            self._quotes = depth

    def open_list(self, *, ordered: bool, start: int = 1) -> None:
        """Begin a list."""
        self.flush()
        if self._lists:
            group = self._lists[0].group
        else:
            self._groups += 1
            group = self._groups
        self._lists.append(_List(group, start if ordered else None))

    def close_list(self) -> None:
        """End a list."""
        self.flush()
        if self._lists:
            self._lists.pop()
        self._mark = ""

    def open_item(self) -> None:
        """Begin a list item."""
        self.flush()
        inner = self._lists[-1] if self._lists else None
        if inner is None or inner.next is None:
            self._mark = "- "
        else:
            self._mark = f"{inner.next}. "
            inner.next += 1

    def close_item(self) -> None:
        """End a list item."""
        self.flush()
        self._mark = ""

    def open_code(self) -> None:
        """Begin a code block."""
        self.flush()
        self._code += 1

    def close_code(self) -> None:
        """End a code block."""
        if self._code != 1 or self._row is not None:
            self._code = max(0, self._code - 1)
            return
        self._code = 0
        lines = self._take().strip("\n").rstrip().split("\n")
        if not any(lines):
            return
        if self._quotes:
            self._blocks.append((0, "\n".join(self._quote_mark() + line for line in lines if line.strip())))
        else:
            safe = ["    " + line if _FENCE.match(line) else line for line in lines]
            self._blocks.append((0, "\n".join(["```", *safe, "```"])))

    def open_table(self) -> None:
        """Begin a table."""
        self.flush()
        if self._row is None:
            self._groups += 1
            self._table = self._groups

    def open_row(self, row: object, *, real: bool) -> None:
        """Begin a table row, which is one line where it is `real`."""
        self.flush()
        if real and self._row is None and not self._code:
            self._row, self._first_cell = row, True

    def open_cell(self, row: object) -> None:
        """Begin a cell of that row."""
        if self._row is not row:
            self.flush()
            return
        if not self._first_cell:
            self._words.append(" | ")
        self._first_cell = False

    def close_row(self, row: object) -> None:
        """End a table row."""
        if self._row is row:
            self._row = None
            line = _SPACES.sub(" ", self._take()).strip()
            if line.strip(" |"):
                self._blocks.append((0 if self._quotes else self._table, self._quote_mark() + literal(line)))
        else:
            self.flush()

    def _take(self) -> str:
        words = "".join(self._words)
        self._words.clear()
        self._flushes += 1
        return words

    def _quote_mark(self) -> str:
        return ">" * min(self._quotes, _MAX_QUOTES) + " " if self._quotes else ""

    def _paragraph(self, lines: list[str]) -> None:
        if not self._marks:
            self._write(lines)
            return
        quotes = self._quotes
        for depth, run in groupby(map(_unmarked, lines), key=itemgetter(0)):
            self._quotes = quotes + depth
            self._write([line for _, line in run])
        self._quotes = quotes

    def _write(self, lines: list[str]) -> None:
        first = rest = ""
        group = 0
        if self._lists or self._mark:
            indent = "  " * min(max(0, len(self._lists) - 1), _MAX_INDENT)
            first, rest = indent + (self._mark or "  "), indent + "  "
            group = self._lists[0].group if self._lists and not self._quotes else 0
            self._mark = ""
        quote = self._quote_mark()
        marks = [quote + first, *[quote + rest] * (len(lines) - 1)]
        self._blocks.append((group, "\n".join(mark + literal(line) for mark, line in zip(marks, lines, strict=True))))


def _unmarked(line: str) -> tuple[int, str]:
    """Return how many quote marks are typed before a line, and the line without them."""
    mark = _MARK.match(line)
    return (mark.group().count(">"), line[mark.end() :]) if mark else (0, line)


def visible(text: str) -> str:
    r"""Return a text without characters that nobody sees.

    >>> visible("to\u00adday")
    'today'
    """
    return text if text.isascii() else _INVISIBLE.sub("", text)


def literal(line: str) -> str:
    """Escape a line of prose that would read as a quote or as the beginning of code."""
    return "\\" + line if line.startswith((">", "```")) else line
