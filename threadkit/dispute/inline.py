"""Quotations inside a sentence: the spans that a paragraph holds in quotation marks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from threadkit.base.letters import WORD
from threadkit.base.text import prose_only

if TYPE_CHECKING:
    from collections.abc import Sequence

# From so many words on a span in quotation marks counts as a quotation; fewer are a term or scare quotes.
MIN_WORDS = 4
# Characters that one span may have: a mark that nobody closed must not swallow the rest.
MAX_SPAN = 2000

# Straight single marks are left alone: nobody can tell them from apostrophes. A curly one opens only what no omission
# opens ('90s, 'tis), and closes where no letter follows. Who types one mark by hand may open curly and close straight.
_BEFORE, _AFTER = r"(?<![^\W_])(?<!\")", r"(?![^\W_]|\")"
_SPANS = re.compile(
    rf"[\u201c\u201e\u201f](?P<curly>[^\u201c\u201d\u201e\u201f]{{1,{MAX_SPAN}}})(?:\u201d|\u201c(?!\w))"
    rf"|[\u201c\u201e\u201f](?P<opened>[^\u201c-\u201f\"]{{1,{MAX_SPAN}}})(?<=\S)\"{_AFTER}"
    rf"|\u00ab(?P<angled>[^\u00ab\u00bb]{{1,{MAX_SPAN}}})\u00bb"
    rf"|\u00bb(?P<inward>[^\u00ab\u00bb]{{1,{MAX_SPAN}}})\u00ab"
    rf"|{_BEFORE}\"(?=[^\s\"])(?:(?P<straight>[^\"]{{1,{MAX_SPAN}}})(?<=\S)\"{_AFTER}"
    rf"|(?P<closed>[^\u201c-\u201f\"]{{1,{MAX_SPAN}}})(?<=\S)\u201d)"
    rf"|(?<!\w)\u2018(?!\d|\s|(?i:cause|em|n|til|tis|twas)\b)"
    rf"(?P<single>(?:[^\u2018\u2019]|(?<=\w)\u2019(?=\w)){{1,{MAX_SPAN}}})\u2019(?!\w)",
)
# A paragraph that opens a quotation and does not close it, and one that opens a quotation again and closes it.
_OPENS = re.compile(r"\s*(?:\u201c[^\u201c\u201d]*|\"[^\"]*)")
_CLOSES = re.compile(r"\s*(?:\u201c[^\u201c\u201d]*\u201d|\"[^\"]*\")")
_LETTER = re.compile(r"[^\W_]")


def inline_spans(text: str) -> list[tuple[int, int]]:
    """List the quotations in a paragraph, without their marks, as offsets.

    >>> text = 'You call it "safe", yet you wrote “the valve may well fail” and "nobody knows".'
    >>> [text[start:stop] for start, stop in inline_spans(text)]
    ['the valve may well fail']
    """
    found = [match for match in _SPANS.finditer(text) if len(WORD.findall(_said(match.group()))) >= MIN_WORDS]
    return [match.span(match.lastgroup or 0) for match in found]


def _said(span: str) -> str:
    """Return a span without the addresses of its links."""
    return prose_only(span) if "](" in span or "://" in span else span


def is_quotation(text: str, spans: list[tuple[int, int]]) -> bool:
    """Tell whether a paragraph is one quotation and nothing else."""
    if len(spans) != 1:
        return False
    start, stop = spans[0]
    return not _LETTER.search(text[:start]) and not _LETTER.search(text[stop:])


def goes_on(paragraphs: Sequence[str]) -> list[bool]:
    """Tell which paragraphs belong to a quotation that goes on in the next one, but not the last, which closes it.

    Each of them begins with the mark that opens, and only the last has the one that closes.

    >>> goes_on(["“The gate leaks.", "“So does the pump.”", "“Who says that?"])
    [True, False, False]
    """
    through = [False] * len(paragraphs)
    first = 0
    for place, paragraph in enumerate(paragraphs):
        if _CLOSES.match(paragraph):
            through[first:place] = [True] * (place - first)
        if not _OPENS.fullmatch(paragraph):
            first = place + 1
    return through
