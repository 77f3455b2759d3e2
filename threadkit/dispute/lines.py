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

# So many letters beside a quote in its source are looked at, and so many lines of an answer that may say nothing.
AROUND, MAX_IDLE = 80, 3
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
    return [paragraph for paragraph in lines if len(paragraph) > 1]


def _cuts(thread: Thread, comment_id: str, lines: Sequence[Line]) -> Iterator[int]:
    """Yield the line ends of one paragraph between what repeats a source and what does not."""
    first = 0
    while first < len(lines):
        stop, found = _longest(thread, comment_id, lines, first)
        above, quote, below = lines[:first][-1:], lines[first:stop], lines[stop:][:1]
        if found and (above or below) and _whole(above, quote, below, thread.texts[found[0]], found[1]):
            inside = [line for line, under in pairwise(quote) if _ends(line) or not under.text[0].islower()]
            yield from (line.start + len(line.text) for line in (*above, *inside, *quote[-1:]))
        first = stop


def _longest(thread: Thread, comment_id: str, lines: Sequence[Line], first: int) -> tuple[int, tuple[str, Span] | None]:
    """Return where the lines stop that repeat a source together, and what they repeat; only the first where none do.

    So many again are asked each time, and half as many after the first no: each line is asked a few times only.
    """
    stop, found = first + 1, _repeated(thread, comment_id, lines[first : first + 1])
    more, doubles = 1, True
    while found and more:
        longer = _repeated(thread, comment_id, lines[first : stop + more]) if stop + more <= len(lines) else None
        if longer:
            stop, found = stop + more, longer
        doubles = doubles and longer is not None
        more = 2 * more if doubles else more // 2
    # A few words that say little are let pass behind many that are repeated: a line of such is an answer.
    for last in range(stop - 1, max(first, stop - 1 - MAX_IDLE), -1):
        shorter = _repeated(thread, comment_id, lines[first:last])
        if found is None or shorter is None or shorter[0] != found[0] or shorter[1].stop < found[1].stop:
            break
        stop, found = last, shorter
    return stop, found


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
