"""Where a comment begins when its header is lost: how likely each paragraph is to be a first one.

Boosted trees over what a reader of the page could point at: openers, quotations of earlier words, a change of
voice. They stand in boundaries.json, fitted by scripts/fit_boundaries.py on threads whose headers were taken
away; the file says on how many, what calibrates them, and from which likelihood on a beginning is chosen.
"""

from __future__ import annotations

import json
from functools import cache
from math import exp, log
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from threadkit.readers.page.forest import Forest, forest
from threadkit.readers.page.gaps import features
from threadkit.readers.page.quotations import quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from threadkit.readers.page.paragraphs import Paragraph
    from threadkit.readers.page.quotations import Source

# No paragraph is more certain than this to begin a comment, or not to, without a printed mark: set by hand, within
# what scripts/fit_boundaries.py can measure ("calibration error").
_CERTAIN = 0.99
_LEAST = 1 - _CERTAIN
# A double blank line where the page has single ones: an assumption, no page with known boundaries shows it.
_EXTRA_BLANK = 0.5

# Share of passages quoted further down the page that a comment's beginning parts from their quotation: nobody
# quotes himself, but for a line that he repeats. Set by hand, below the 0.994 that scripts/fit_boundaries.py prints.
_APART = 0.975
# A page of longer comments than one paragraph each cannot begin one at more than this share of its paragraphs: set
# by hand, above the share of every forum that scripts/fit_boundaries.py reports ("begin a comment").
_MOST_BEGIN = 0.9


class Model(NamedTuple):
    """Fitted trees, what makes their odds and those of whole comments true to what happens, and what is chosen."""

    trees: Forest
    slope: float = 1.0
    offset: float = 0.0
    whole: tuple[float, float] = (1.0, 0.0)
    """Slope and offset of the log odds that a comment is whole."""
    floors: tuple[float, float] = (0.5, 0.5)
    """The least likely beginning that is chosen: without a stated count, and with one."""

    def odds(self, log_odds: np.ndarray) -> np.ndarray:
        """Calibrate the trees' log odds."""
        limit = log(_CERTAIN / _LEAST)
        return np.asarray(np.clip(self.slope * log_odds + self.offset, -limit, limit))

    def sure(self, p: float) -> float:
        """Calibrate the product of a comment's boundaries: how likely it is to be one whole comment."""
        p = min(max(p, 1e-9), 1 - 1e-9)
        return 1 / (1 + exp(-(self.whole[0] * log(p / (1 - p)) + self.whole[1])))


@cache
def model() -> Model:
    """Return the model that ships with the reader."""
    stored = json.loads(Path(__file__).with_name("boundaries.json").read_text(encoding="utf-8"))
    whole, floors = tuple(stored["whole"]), tuple(stored["floors"])
    return Model(forest(stored["trees"]), stored["slope"], stored["offset"], whole, floors)


def likelihoods(
    body: Sequence[Paragraph], parts: Sequence[Paragraph], found: Sequence[Source | None], share: float | None = None
) -> np.ndarray:
    """Return, (n,), the log odds that each paragraph begins a comment; the first one's are not meaningful.

    `share` is the share of the paragraphs that begin one, where the page says how many comments it has.
    """
    odds = model().odds(model().trees.log_odds(features(body, parts, found, share)))
    blanks = np.array([part.blanks for part in parts])
    extra = (blanks > max(1, int(np.median(blanks)))) & ~np.roll(np.array(quoted(parts, found)), 1)
    limit = log(_CERTAIN / _LEAST)
    return np.asarray(np.clip(odds + _EXTRA_BLANK * extra, -limit, limit))


def shifted(odds: np.ndarray, n_expected: float) -> np.ndarray:
    """Return probabilities whose sum is `n_expected`: the count that a page states moves all odds alike.

    >>> shifted(np.array([0.0, 0.0]), 0.5).round(2).tolist()
    [0.25, 0.25]
    """
    if not 0 < n_expected < len(odds):
        return np.full(len(odds), float(n_expected >= len(odds) > 0))
    low, high = -50.0, 50.0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if _sigmoid(odds + middle).sum() < n_expected else (low, middle)
    return _sigmoid(odds + low)


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-x)))


def apart(found: Sequence[Source | None]) -> list[tuple[int, int]]:
    """List pairs of paragraphs between which a comment begins: words, and the place below that quotes them.

    >>> from threadkit.readers.page.quotations import Source
    >>> apart([None, None, Source(False, 0)])
    [(0, 2)]
    """
    return [(source.place, i) for i, source in enumerate(found) if source and not source.in_post]


def choose(
    odds: np.ndarray, n_missing: int | None, spans: Sequence[tuple[int, int]] = (), floor: float | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Choose which paragraphs begin a comment: their probabilities, and a mask of those chosen, both (n,).

    `n_missing` is how many more comments the page says it has; None where it says nothing. `spans` are ranges
    (start, stop) in which at least one comment begins; less likely than `floor`, others are not chosen. None takes
    the shipped model's.

    >>> choose(np.array([2.0, -2.0, 0.0]), 1)[1].tolist(), choose(np.array([2.0, -2.0, -1.0]), None)[1].tolist()
    ([True, False, False], [True, False, False])
    >>> choose(np.array([2.0, -2.0, -1.0]), 2, [(1, 3)])[1].tolist()
    [True, False, True]
    """
    if floor is None:
        floor = model().floors[n_missing is not None]
    if n_missing is None:
        p, most = _sigmoid(odds), len(odds)
    else:
        p, most = shifted(odds, min(n_missing, _MOST_BEGIN * len(odds))), n_missing
    p = _given(p, spans)
    chosen = np.zeros(len(odds), dtype=bool)
    for start, stop in sorted(spans, key=lambda span: span[1]):
        if not chosen[start:stop].any() and chosen.sum() < most:
            chosen[start + int(np.argmax(p[start:stop]))] = True
    for place in np.argsort(-p, kind="stable"):
        if p[place] < floor or chosen.sum() >= most:
            break
        chosen[place] = True
    return p, chosen


def _given(p: np.ndarray, spans: Sequence[tuple[int, int]]) -> np.ndarray:
    """Raise probabilities for knowing that a comment begins in each span, the shortest spans first."""
    p = p.copy()
    for start, stop in sorted(spans, key=lambda span: span[1] - span[0]):
        some = 1 - float(np.prod(1 - p[start:stop]))
        if some < _APART:
            p[start:stop] = np.minimum(p[start:stop] * _APART / max(some, _LEAST), _CERTAIN)
    return p
