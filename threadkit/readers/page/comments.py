"""From a page's stretches to its comments: where the lost ones begin, who wrote them, what they quote and answer."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from threadkit.readers.page.boundaries import apart, choose, likelihoods, model
from threadkit.readers.page.paragraphs import canonical
from threadkit.readers.page.quotations import quoted, sources
from threadkit.readers.page.scores import NOBODY, Reading, agreed, settle
from threadkit.readers.page.stretches import give_back, stretches, two_axes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from threadkit.readers.page.layout import Layout
    from threadkit.readers.page.paragraphs import Paragraph
    from threadkit.readers.page.quotations import Source
    from threadkit.readers.page.stretches import Stretch

REVIEW_BOT = "Review Bot"
# No comment with a guessed end is said to be less certain than this: smaller figures mean nothing.
_LEAST = 0.01
# How likely comments are to begin right below a post's last footnote where nothing else parts them from it: an
# assumption, one page alone shows it.
_SEAM = 0.95


@dataclass(frozen=True)
class Comment:
    """One comment of a page."""

    line: int
    text: str
    stated: bool
    """Whether the page says that a comment begins here and whose it is."""
    confidence: float
    """That this is one whole comment: it begins here, nothing inside begins another, and the next begins one."""
    readings: tuple[Reading, ...] = (NOBODY,)
    """What its header may say, the likeliest first."""
    parent: int | None = None
    """The earlier comment that it quotes."""
    comment_id: str | None = None
    collapsed: bool = False

    @property
    def reading(self) -> Reading:
        """What its header says for certain."""
        return agreed(self.readings)


@dataclass(frozen=True)
class Thread:
    """The comments of a page, and what of them is certain."""

    comments: tuple[Comment, ...] = ()
    n_headers: int = 0
    n_boxes: int = 0
    n_bare: int = 0
    """Certain beginnings without a header: the first line, and lines after what ends for certain."""
    axes_known: bool = True
    """Whether the page settles that comments have an agreement score, or that they have none."""

    @property
    def n_certain(self) -> int:
        """How many beginnings are certain."""
        return self.n_headers + self.n_boxes + self.n_bare


def find_comments(lines: Sequence[str], layout: Layout) -> Thread:
    """Find the comments of a page."""
    if layout.comments_at is None:
        return Thread()
    found = stretches(lines, layout.comments_at, frozenset(author for _, author in layout.listed))
    headers = [stretch.header for stretch in found if stretch.header]
    settled = settle(headers, layout.listed, two_axes=two_axes(found))
    if settled.axes == (1,):
        give_back(found)
    return Thread(
        tuple(_Assembly(found, layout).comments(iter(settled.readings))),
        n_headers=len(headers),
        n_boxes=sum(stretch.bot for stretch in found),
        n_bare=sum(not stretch.bot and not stretch.header for stretch in found),
        axes_known=len(settled.axes) == 1,
    )


class _Assembly:
    """All paragraphs of the comments, with what was found out about each."""

    def __init__(self, found: Sequence[Stretch], layout: Layout) -> None:
        self.found = found
        self.listed = layout.listed
        self.rows = list_rows(found, layout.listed)
        self.parts: list[Paragraph] = list(chain.from_iterable(stretch.parts for stretch in found))
        self.stretch = np.array([i for i, stretch in enumerate(found) for _ in stretch.parts], dtype=int)
        self.first = np.diff(self.stretch, prepend=-1) != 0
        self.traced: list[Source | None] = sources(layout.body, self.parts)
        self.marks = quoted(self.parts, self.traced)
        self.p = self.first.astype(float)
        """How likely each paragraph is to begin a comment."""
        if layout.seam == "footnotes":  # nothing printed says that comments begin here
            self.p[:1] = _SEAM
        self.begins = self.first.copy()
        self._infer(layout)
        self.owner = np.cumsum(self.begins) - 1

    def _infer(self, layout: Layout) -> None:
        """Choose where comments begin between the certain beginnings."""
        if not self.parts:
            return
        whole = np.array([stretch.one_comment for stretch in self.found])
        notes = np.array([part.note for part in self.parts])
        open_to = np.flatnonzero(~self.first & ~whole[self.stretch] & ~notes)
        lost = [(places, n) for places, n in self._missing(layout, open_to) if len(places) and n != 0]
        if not (lost or layout.feed):
            return
        stated = len(layout.listed) or layout.n_comments_stated
        odds = likelihoods(layout.body, self.parts, self.traced, stated / len(self.parts) if stated else None)
        if layout.feed:  # its boundaries cannot be told; that there are some, can
            self.p[open_to], _ = choose(odds[open_to], None)
            return
        for places, missing in lost:
            self.p[places], self.begins[places] = choose(odds[places], missing, self._spans(places))

    def _spans(self, places: np.ndarray) -> list[tuple[int, int]]:
        """Return, as ranges of `places`, where some comment begins because its words are quoted further down."""
        pairs = [(words, quote) for words, quote in apart(self.traced) if not self.first[words + 1 : quote + 1].any()]
        spans = [tuple(np.searchsorted(places, [words + 1, quote + 1])) for words, quote in pairs]
        return [(int(start), int(stop)) for start, stop in spans if start < stop]

    def _missing(self, layout: Layout, places: np.ndarray) -> Iterator[tuple[np.ndarray, int | None]]:
        """Yield paragraphs that may begin a comment with how many of them must; None = as many as are likely."""
        stated = len(layout.listed) or layout.n_comments_stated
        if self.rows:
            ends = [*self.rows[1:], len(self.listed)]
            for i, (row, end) in enumerate(zip(self.rows, ends, strict=True)):
                yield places[self.stretch[places] == i], end - row - 1
        elif stated is not None:
            yield places, max(0, stated - len(self.found))
        elif not any(stretch.header for stretch in self.found):
            yield places, None
        # Else headers stand, and nothing says that any is lost.

    def comments(self, settled: Iterator[tuple[Reading, ...]]) -> Iterator[Comment]:
        """Yield the comments in the order of the page."""
        begin = 0
        numbers: dict[int, int] = {}  # place among the comments that have paragraphs → place on the page
        n = 0
        for i, stretch in enumerate(self.found):
            end = begin + len(stretch.parts)
            starts = [begin, *(k for k in range(begin + 1, end) if self.begins[k])]
            names = self._names(i, len(starts), next(settled) if stretch.header else None)
            for start, stop, readings in zip(starts, [*starts[1:], end], names, strict=True):
                if start < stop:
                    numbers[int(self.owner[start])] = n
                own = start == begin
                yield self._comment(stretch if own else None, start, stop, end, readings, numbers)
                n += 1
            begin = end

    def _names(self, i: int, n: int, settled: tuple[Reading, ...] | None) -> list[tuple[Reading, ...]]:
        """Return author and scores of the `n` comments in stretch `i`; the page's own list names lost headers."""
        bot = self.found[i].bot and not settled
        own = settled or (NOBODY._replace(author=REVIEW_BOT) if bot else NOBODY,)
        names = [own] + [(NOBODY,)] * (n - 1)
        if not self.rows:
            return names
        end = self.rows[i + 1] if i + 1 < len(self.rows) else len(self.listed)
        if end - self.rows[i] != n:
            return names
        listed = [(NOBODY._replace(author=name, karma=karma),) for karma, name in self.listed[self.rows[i] : end]]
        return [own if settled else listed[0], *listed[1:]]

    def _comment(
        self,
        stretch: Stretch | None,
        start: int,
        stop: int,
        end: int,
        readings: tuple[Reading, ...],
        numbers: dict[int, int],
    ) -> Comment:
        """Write the comment of paragraphs `start` to `stop`; `stretch` is the one it opens, which ends at `end`."""
        header = stretch.header if stretch else None
        stated = bool(header or (stretch and stretch.bot))
        sure = float(np.prod(1 - self.p[start + 1 : stop]) * (self.p[start] if start < stop else 1.0))
        sure *= 1.0 if stop == end else float(self.p[stop])
        marks = self.marks[start:stop]
        if stated and all(marks) and not any(part.marked for part in self.parts[start:stop]):
            marks = [False] * len(marks)  # a comment that says again what was said is a copy, not a quotation
        line = stretch.line if stretch else self.parts[start].line
        return Comment(
            line,
            canonical(zip(self.parts[start:stop], marks, strict=True)),
            stated,
            1.0 if stated else min(max(model().sure(sure), _LEAST), 1 - _LEAST),
            readings,
            self._parent(start, stop, numbers),
            header.comment_id if header else None,
            bool(header and header.collapsed),
        )

    def _parent(self, start: int, stop: int, numbers: dict[int, int]) -> int | None:
        """Return the earlier comment that most of the quotations are from; of equals, the one quoted first."""
        owners = [
            int(self.owner[source.place])
            for source in self.traced[start:stop]
            if source and not source.in_post and source.place < start
        ]
        return numbers[Counter(owners).most_common(1)[0][0]] if owners else None


def list_rows(found: Sequence[Stretch], listed: Sequence[tuple[int, str]]) -> list[int]:
    """Return the row of the page's own list at which each stretch stands; none where they do not go together."""
    rows: list[int] = []
    for i, stretch in enumerate(found):
        place = rows[-1] + 1 if rows else 0
        if stretch.header or stretch.bot:
            names = {name for name, _ in stretch.header.names} if stretch.header else {REVIEW_BOT}
            row = next((k for k in range(place, len(listed)) if listed[k][1] in names), None)
        else:
            row = place if i == 0 and listed else None
        if row is None:
            return []
        rows.append(row)
    return rows
