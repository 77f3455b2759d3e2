"""Whose voice a paragraph may be: habits of typing, and little words that nobody chooses on purpose."""

from __future__ import annotations

import re
from math import log
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_TIGHT = re.compile(r"[a-z][.,?!][A-Za-z]")
_FACE = re.compile(r"[:;]-?[)(DP]")
_LITTLE = (
    "the a an of to in and or but that this it is are was be have has do not no so if as for with on at by from i you "
    "he she they we my your his their our me them what which who how why when would could should will can may might "
    "must just really very quite rather also even only than then there here about into because though although "
    "however well like think know say said more most much many some any all one"
)
_PLACE = {word: place for place, word in enumerate(_LITTLE.split())}
_SELF = frozenset({"i", "my", "me", "i'm", "i've"})
_YOU = frozenset({"you", "your", "you're"})
_WE = frozenset({"we", "our"})
# Shares of words are written per ten words, and no paragraph counts more than this many marks of a kind: units of
# the features, set by hand; `scripts/fit_boundaries.py --choose` tells what the model makes of them.
_PER = 10
_MOST_MARKS = 4

HABITS: tuple[str, ...] = (
    "starts in lower case",
    "ends without a mark",
    "sentences in lower case",
    "curly apostrophes",
    "straight apostrophes",
    "contractions",
    "ellipses",
    "exclamation marks",
    "question marks",
    "words in capitals",
    "typed dashes",
    "set dashes",
    "brackets",
    "quotation marks",
    "length of words",
    "length of sentences",
    "commas",
    "digits",
    "i in lower case",
    "colons",
    "no blank after a mark",
    "I and my",
    "you and your",
    "we and our",
    "addresses",
    "faces",
    "letters beyond ASCII",
)


def habits(text: str) -> np.ndarray:
    """Return the typing habits that a paragraph shows, (len(HABITS),)."""
    found = _WORD.findall(text)
    low = [word.lower().replace("\u2019", "'") for word in found]
    n_words, n_characters = max(len(found), 1), max(len(text), 1)
    sentences = [sentence for sentence in _SENTENCE_END.split(text) if sentence]
    n_sentences = max(len(sentences), 1)

    def share(of: frozenset[str]) -> float:
        return sum(word in of for word in low) / n_words * _PER

    values = [
        text[:1].islower(),
        text.rstrip(")\"\u201d'\u2019 ")[-1:] not in ".?!:",
        sum(sentence[:1].islower() for sentence in sentences) / n_sentences,
        "\u2019" in text,
        "'" in text,
        sum("'" in word for word in low) / n_words * _PER,
        "..." in text or "\u2026" in text,
        min(text.count("!"), _MOST_MARKS) / n_sentences,
        min(text.count("?"), _MOST_MARKS) / n_sentences,
        sum(word.isupper() and len(word) > 2 for word in found) / n_words * _PER,
        "--" in text or " - " in text,
        "\u2014" in text or "\u2013" in text,
        text.count("(") / n_sentences,
        sum(map(text.count, '"\u201c\u201d')) / n_sentences,
        sum(map(len, found)) / n_words,
        log(1 + len(found) / n_sentences),
        text.count(",") / n_words * _PER,
        sum(map(str.isdigit, text)) / n_characters * _PER,
        "i" in found,
        (text.count(";") + text.count(":")) / n_sentences,
        bool(_TIGHT.search(text)),
        share(_SELF),
        share(_YOU),
        share(_WE),
        "http" in text or "www." in text,
        bool(_FACE.search(text)),
        sum(character > "\x7f" for character in text) / n_characters * _PER,
    ]
    return np.array(values, dtype=float)


def little_words(text: str) -> np.ndarray:
    """Count the words of grammar in a paragraph."""
    counts = np.zeros(len(_PLACE))
    for word in _WORD.findall(text.lower()):
        place = _PLACE.get(word)
        if place is not None:
            counts[place] += 1
    return counts


def likeness(one: np.ndarray, two: np.ndarray) -> float | None:
    """Return the cosine of two profiles; None where one is empty.

    >>> likeness(np.array([1.0, 0.0]), np.array([2.0, 0.0])), likeness(np.zeros(2), np.ones(2))
    (1.0, None)
    """
    norm = float(np.linalg.norm(one) * np.linalg.norm(two))
    return float(one @ two) / norm if norm else None


class Voices:
    """The habits and little words of all paragraphs of a page, to be compared across a gap between two."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._habits = np.array([habits(text) for text in texts]).reshape(len(texts), len(HABITS))
        self._little = np.array([little_words(text) for text in texts]).reshape(len(texts), len(_PLACE))

    def apart(self, above: Sequence[int], below: Sequence[int]) -> np.ndarray:
        """Return how far the habits above a gap are from those below it."""
        one, two = self._habits[list(above)].mean(axis=0), self._habits[list(below)].mean(axis=0)
        return np.asarray(np.abs(one - two))

    def alike(self, above: Sequence[int], below: Sequence[int]) -> float | None:
        """Return how alike the little words on both sides of a gap are."""
        return likeness(self._little[list(above)].sum(axis=0), self._little[list(below)].sum(axis=0))
