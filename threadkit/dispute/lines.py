"""Where one paragraph holds a quote and its answer, parted by a line end alone.

A quote and what is said about it are two paragraphs nearly everywhere; who ends lines by hand may write both as one.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from threadkit.base.align import SHORT_CHARACTERS
from threadkit.base.columns import values
from threadkit.base.lookup import among, true
from threadkit.base.text import words
from threadkit.dispute.segment import pieces
from threadkit.dispute.thread import threads

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from threadkit.base.align import Span
    from threadkit.dispute.thread import Thread

# So many lines of a paragraph are looked at, and so many letters beside a quote in its source.
MAX_LINES, AROUND = 100, 80
_LINE = re.compile(r"\S[^\n]*(?<=\S)")
_STOPS = tuple(".!?\u2026:;\"'\u201d\u2019)]")


class Line(NamedTuple):
    """One line of a paragraph, and where it begins in its comment."""

    start: int
    text: str


def line_cuts(comments: pd.DataFrame, posts: pd.DataFrame) -> dict[str, set[int]]:
    """Return the line ends that part earlier words from what is said about them, by the id of their comment.

    They are offsets of `comments.text`, for `segment`. A line that is more of the same as the one beside it, because
    lines were wrapped, is not parted from it.
    """
    live = comments[true((comments["status"] == "live") & comments["text"].str.contains("\n", regex=False))]
    texts = zip(values(live.index), values(live["text"]), strict=True)
    lines = {comment_id: found for comment_id, text in texts if (found := _of_lines(text))}
    where = comments["post_id"][among(comments.index, pd.Index(lines))].unique()
    cuts: dict[str, set[int]] = {}
    for thread in threads(comments[among(comments["post_id"], where)], posts):
        for comment_id in filter(lines.__contains__, thread.ids):
            parted = {cut for paragraph in lines[comment_id] for cut in _cuts(thread, comment_id, paragraph)}
            if parted:
                cuts[comment_id] = parted
    return cuts


def _of_lines(text: str) -> list[list[Line]]:
    """Return the prose paragraphs of more than one line, as their lines."""
    spans = ((piece.start, piece.stop) for piece in pieces(text) if piece.kind == "prose")
    lines = [[Line(line.start(), line.group()) for line in _LINE.finditer(text, *span)] for span in spans]
    return [paragraph[:MAX_LINES] for paragraph in lines if len(paragraph) > 1]


def _cuts(thread: Thread, comment_id: str, lines: Sequence[Line]) -> Iterator[int]:
    """Yield the line ends of one paragraph between what repeats a source and what does not."""
    first = 0
    while first < len(lines):
        stop, found = first + 1, _repeated(thread, comment_id, lines[first : first + 1])
        while found and stop < len(lines) and (longer := _repeated(thread, comment_id, lines[first : stop + 1])):
            stop, found = stop + 1, longer
        above, quote, below = lines[:first][-1:], lines[first:stop], lines[stop:][:1]
        if found and (above or below) and _whole(above, quote, below, thread.texts[found[0]], found[1]):
            inside = [line for line, under in pairwise(quote) if _ends(line) or not under.text[0].islower()]
            yield from (line.start + len(line.text) for line in (*above, *inside, *quote[-1:]))
        first = stop


def _repeated(thread: Thread, comment_id: str, lines: Sequence[Line]) -> tuple[str, Span] | None:
    said = "\n".join(line.text for line in lines)
    return thread.repeated(comment_id, said, marks=True) if len(said) >= SHORT_CHARACTERS else None


def _whole(above: Sequence[Line], quote: Sequence[Line], below: Sequence[Line], source: str, span: Span) -> bool:
    """Tell whether neither the line above a quote nor the one below goes on as its source does."""
    before, after = words(source[max(0, span.start - AROUND) : span.start]), words(source[span.stop :][:AROUND])
    begins = all(_ends(line) or words(line.text)[-1:] != before[-1:] for line in above)
    return begins and all(_ends(quote[-1]) or words(line.text)[:1] != after[:1] for line in below)


def _ends(line: Line) -> bool:
    return line.text.endswith(_STOPS)
