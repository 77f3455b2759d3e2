"""Everything the model looks at to say whether a comment begins at a gap between two paragraphs of a page."""

from __future__ import annotations

from collections import Counter
from math import log, sqrt
from typing import TYPE_CHECKING

import numpy as np

from threadkit.base.text import words
from threadkit.readers.page.cues import CUES, cues
from threadkit.readers.page.quotations import quoted
from threadkit.readers.page.voice import HABITS, Voices

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from threadkit.readers.page.paragraphs import Paragraph
    from threadkit.readers.page.quotations import Source

# What stands where there is nothing to measure; no feature reaches it, so a tree can tell it apart.
NOTHING = -100.0
# The figures below are set by hand; what others give, `scripts/fit_boundaries.py --choose` tells.
# How far around a gap the voices and words on both sides are taken from, in paragraphs, and of these how many.
_ABOVE, _BELOW, _NEAR = 6, 5, 3
# How far a quotation is sought above and below a gap, in paragraphs; likewise one that has words in between.
_SEEK_ABOVE, _SEEK_BELOW, _SEEK_PAIR = 8, 8, 60
# Words in more than this share of a page's paragraphs tell none from another.
_COMMON = 0.3

_AROUND = (
    "distance of the voices",
    "likeness of the little words",
    "likeness of the little words next to it",
    "likeness of the words",
    "words of the two paragraphs above",
    "words of the own paragraph above",
)
_QUOTATIONS = (
    "distance of the quotation above",
    "distance of the quotation below",
    "quotation here",
    "quotation above",
    "share of quotations above",
    "share of quotations below",
    "distance of its source",
    "quotes the post",
    "source of the quotation below",
    "source of the quotation above",
    "step between the two sources",
    "quoted so far below",
    "paragraph above quoted so far below",
    "narrowest pair of words and quotation around it",
)
_PAGE = (
    "place",
    "paragraphs",
    "mean length",
    "share of quotations",
    "length against the page's",
    "length above against the page's",
    "length below against the page's",
    "own paragraphs below",
    "stated count",
)
FEATURES: tuple[str, ...] = (
    *CUES,
    *(f"above: {cue}" for cue in CUES),
    *(f"apart next to it: {habit}" for habit in HABITS),
    *(f"apart: {habit}" for habit in HABITS),
    *_AROUND,
    *_QUOTATIONS,
    *_PAGE,
)


def features(
    body: Sequence[Paragraph], parts: Sequence[Paragraph], found: Sequence[Source | None], share: float | None = None
) -> np.ndarray:
    """Return the features of the gap above each paragraph, (n, len(FEATURES)); the first one's mean nothing.

    `share` is the share of the paragraphs that begin a comment, where the page states how many there are.
    """
    n = len(parts)
    if not n:
        return np.empty((0, len(FEATURES)))
    own = cues(body, parts, found)
    above = np.vstack([np.full((1, len(CUES)), NOTHING), own[:-1]])
    marks = np.array(quoted(parts, found))
    blocks = [own, above, _around(parts, marks), _quotations(found, marks), _page(parts, marks, share)]
    # Beyond this, figures depend on the machine, and a tree may part them.
    return np.asarray(np.round(np.hstack(blocks), 6))


def _around(parts: Sequence[Paragraph], marks: np.ndarray) -> np.ndarray:
    """Compare voices and words above each gap with those below it, quotations left out."""
    voices = Voices([part.text for part in parts])
    vocabulary = _Vocabulary([part.text for part in parts])
    width = 2 * len(HABITS) + len(_AROUND)
    rows = np.full((len(parts), width), NOTHING)
    for i in range(1, len(parts)):
        above = [k for k in range(max(0, i - _ABOVE), i) if not marks[k]][-_NEAR:]
        below = [k for k in range(i, min(len(parts), i + _BELOW)) if not marks[k]][:_NEAR]
        if above:
            rows[i, -2:] = vocabulary.alike(above[-2:], [i]), vocabulary.alike(above[-1:], [i])
        if above and below:
            near, wide = voices.apart(above[-1:], below[:1]), voices.apart(above, below)
            rows[i, : 2 * len(HABITS)] = np.concatenate([near, wide])
            little = voices.alike(above, below), voices.alike(above[-1:], below[:1])
            rows[i, 2 * len(HABITS) : -2] = [wide.sum(), *map(_known, little), vocabulary.alike(above, below)]
    return rows


def _known(value: float | None) -> float:
    return NOTHING if value is None else float(value)


def _quotations(found: Sequence[Source | None], marks: np.ndarray) -> np.ndarray:
    """Measure where the quotations around each gap stand, and what they were taken from."""
    n = len(marks)
    rows = np.full((n, len(_QUOTATIONS)), NOTHING)
    asked, between = _pairs(found, n)
    for i in range(n):
        up = next((k for k in range(i - 1, max(-1, i - 1 - _SEEK_ABOVE), -1) if marks[k]), None)
        down = next((k for k in range(i, min(n, i + _SEEK_BELOW)) if marks[k]), None)
        last = next((found[k] for k in range(i - 1, max(-1, i - 1 - _SEEK_ABOVE), -1) if found[k]), None)
        coming = next((found[k] for k in range(i, min(n, i + _SEEK_BELOW)) if found[k]), None)
        source = found[i]
        step = coming.place - last.place if coming and last and coming.in_post == last.in_post else None
        rows[i] = (
            _SEEK_ABOVE + 1 if up is None else i - up,
            _SEEK_BELOW + 1 if down is None else down - i,
            marks[i],
            bool(i and marks[i - 1]),
            marks[max(0, i - _ABOVE) : i].mean() if i else NOTHING,
            marks[i : i + _ABOVE].mean(),
            _back(source, i),
            bool(source and source.in_post),
            _back(coming, i),
            _back(last, i),
            _known(step),
            asked[i],
            asked[i - 1] if i else NOTHING,
            between[i],
        )
    return rows


def _back(source: Source | None, i: int) -> float:
    """Return how many paragraphs above `i` a quotation was taken from."""
    return NOTHING if source is None or source.in_post else float(i - source.place)


def _pairs(found: Sequence[Source | None], n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return how far below each paragraph is first quoted, and the narrowest pair of both around each gap."""
    asked, between = np.full(n, NOTHING), np.full(n, float(_SEEK_PAIR))
    for i, source in enumerate(found):
        if source and not source.in_post:
            inside = slice(source.place + 1, i + 1)
            between[inside] = np.minimum(between[inside], i - source.place)
            if asked[source.place] == NOTHING:
                asked[source.place] = i - source.place
    return asked, between


def _page(parts: Sequence[Paragraph], marks: np.ndarray, share: float | None) -> np.ndarray:
    """Measure each gap against the whole page."""
    n = len(parts)
    lengths = np.array([len(part.text) for part in parts], dtype=float)
    level = log(1 + lengths.mean())
    stated = NOTHING if share is None or not 0 < share < 1 else log(share / (1 - share))
    rows = np.full((n, len(_PAGE)), NOTHING)
    for i in range(n):
        rows[i] = (
            i / n,
            min(n, 1000),
            level,
            marks.mean(),
            log(1 + lengths[i]) - level,
            log(1 + lengths[max(0, i - 2) : i].mean()) - level if i else NOTHING,
            log(1 + lengths[i + 1]) - level if i + 1 < n else NOTHING,
            int((~marks[i : i + _BELOW]).sum()),
            stated,
        )
    return rows


class _Vocabulary:
    """The rare words of paragraphs."""

    def __init__(self, texts: Sequence[str]) -> None:
        counts = [Counter(words(text)) for text in texts]
        holders = Counter(word for count in counts for word in count)
        n = len(texts)
        self._vectors = [
            {
                word: (1 + log(times)) * log((1 + n) / (0.5 + holders[word]))
                for word, times in count.items()
                if holders[word] <= n * _COMMON + 1
            }
            for count in counts
        ]

    def alike(self, above: Iterable[int], below: Iterable[int]) -> float:
        """Return the cosine of the words of some paragraphs and of some others."""
        one, two = self._sum(above), self._sum(below)
        norm = sqrt(sum(v * v for v in one.values())) * sqrt(sum(v * v for v in two.values()))
        return sum(value * two[word] for word, value in one.items() if word in two) / norm if norm else NOTHING

    def _sum(self, places: Iterable[int]) -> dict[str, float]:
        total: dict[str, float] = {}
        for place in places:
            for word, value in self._vectors[place].items():
                total[word] = total.get(word, 0.0) + value
        return total
