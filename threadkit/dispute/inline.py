"""Quotations inside a sentence: the spans that a paragraph holds in quotation marks."""

from __future__ import annotations

import re

from threadkit.base.letters import WORD

# From so many words on a span in quotation marks counts as a quotation; fewer are a term or scare quotes.
MIN_WORDS = 4
# Characters that one span may have: a mark that nobody closed must not swallow the rest.
MAX_SPAN = 2000

# Single marks are left alone: nobody can tell them from apostrophes.
_SPANS = re.compile(
    rf"[\u201c\u201e\u201f](?P<curly>[^\u201c\u201d\u201e\u201f]{{1,{MAX_SPAN}}})(?:\u201d|\u201c(?!\w))"
    rf"|\u00ab(?P<angled>[^\u00ab\u00bb]{{1,{MAX_SPAN}}})\u00bb"
    rf"|(?<![\w\"])\"(?=[^\s\"])(?P<straight>[^\"]{{1,{MAX_SPAN}}})(?<=\S)\"(?![\w\"])"
)
_LETTER = re.compile(r"[^\W_]")


def inline_spans(text: str) -> list[tuple[int, int]]:
    """List the quotations in a paragraph, without their marks, as offsets.

    >>> text = 'You call it "safe", yet you wrote “the valve may well fail” and "nobody knows".'
    >>> [text[start:stop] for start, stop in inline_spans(text)]
    ['the valve may well fail']
    """
    found = [match for match in _SPANS.finditer(text) if len(WORD.findall(match.group())) >= MIN_WORDS]
    return [match.span(match.lastgroup or 0) for match in found]


def is_quotation(text: str, spans: list[tuple[int, int]]) -> bool:
    """Tell whether a paragraph is one quotation and nothing else."""
    if len(spans) != 1:
        return False
    start, stop = spans[0]
    return not _LETTER.search(text[:start]) and not _LETTER.search(text[stop:])
