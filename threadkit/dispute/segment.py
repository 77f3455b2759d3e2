"""Cut each comment into paragraphs and list items: prose, quote or code, with offsets.

A paragraph that agrees and then objects is cut in two where it turns (dispute/turn.py). The two parts stand one
character apart and are both prose: `goes_on` tells them by that. Paragraphs stand at least two apart, and of two parts
of one that is cut at a line end (dispute/lines.py) one is a quote.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from threadkit.base.columns import values
from threadkit.base.lookup import true
from threadkit.corpus.tables import SEGMENTS
from threadkit.dispute.turn import turn

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    import pandas as pd

_LINE = re.compile(r"[^\n]*\n?")
_QUOTE = re.compile(r"\s{0,3}>[>\s]*")
_ITEM = re.compile(r"\s*(?:[-*•]|\d{1,3}[.)])\s+")
_FENCE = re.compile(r"\s{0,3}```")
# What stands between the cells of a table's row, or around them.
_CELL = re.compile(r"(?<!\S)\||\|(?!\S)")


NOWHERE: Mapping[str, Collection[int]] = MappingProxyType({})


class Piece(NamedTuple):
    """One segment of a text: text[start:stop] and its kind."""

    start: int
    stop: int
    kind: str


def pieces(text: str) -> Iterator[Piece]:
    r"""Yield the segments of one canonical text (base/text.py), in order.

    Quote marks, list bullets and code fences stand outside the offsets.

    >>> [(p.kind, "> No.\n\nYes, and\n- one"[p.start : p.stop]) for p in pieces("> No.\n\nYes, and\n- one")]
    [('quote', 'No.'), ('prose', 'Yes, and'), ('prose', 'one')]
    """
    kind, start, stop = "", 0, 0
    in_code, deep = False, 0
    for match in _LINE.finditer(text):
        line = match.group()
        if not line:
            break
        begin = match.start()
        if _FENCE.match(line):
            if stop > start:
                yield _piece(text, start, stop, "code" if in_code else kind)
            in_code = not in_code
            start = stop = match.end()
            continue
        if in_code:
            if line.strip():  # a fence around blank lines holds nothing
                stop = begin + len(line.rstrip("\n"))
            continue
        body = line.rstrip()
        quote, item = _QUOTE.match(body), _ITEM.match(body)
        line_kind, above = "quote" if quote else "prose", deep
        deep = quote.group().count(">") if quote else 0
        if not body.strip() or item or line_kind != kind or deep != above or (quote and quote.end() == len(body)):
            if stop > start:
                yield _piece(text, start, stop, kind)
            start = stop = match.end()
        if not body.strip() or (quote and quote.end() == len(body)):
            kind = ""
            continue
        if stop <= start:
            lead = quote or item
            start = begin + (lead.end() if lead else len(body) - len(body.lstrip()))
        kind, stop = line_kind, begin + len(body)
    if stop > start:
        yield _piece(text, start, stop, "code" if in_code else kind)


def _piece(text: str, start: int, stop: int, kind: str) -> Piece:
    """Return a piece of the text; a table, of which every row has cells, is code."""
    rows = text[start:stop].split("\n") if kind == "prose" and text.count("|", start, stop) > 1 else []
    return Piece(start, stop, "code" if len(rows) > 1 and all(map(_CELL.search, rows)) else kind)


def turned(text: str, cuts: Collection[int] = ()) -> Iterator[Piece]:
    """Yield the segments of one canonical text, prose cut at the line ends `cuts`, and in two where it turns.

    >>> text = "True, but who pays for it?"
    >>> [text[piece.start : piece.stop] for piece in turned(text)]
    ['True,', 'but who pays for it?']
    """
    for piece in by_lines(text, cuts):
        at = turn(text[piece.start : piece.stop]) if piece.kind == "prose" else None
        if at is None:
            yield piece
        else:
            yield Piece(piece.start, piece.start + at - 1, piece.kind)
            yield Piece(piece.start + at, piece.stop, piece.kind)


def by_lines(text: str, cuts: Collection[int]) -> Iterator[Piece]:
    r"""Yield the pieces of one canonical text, cut at the line ends `cuts` too, which are offsets.

    >>> text = "It leaks.\nIt does not.\nYet."
    >>> [text[piece.start : piece.stop] for piece in by_lines(text, {9})]
    ['It leaks.', 'It does not.\nYet.']
    """
    for piece in pieces(text):
        start = piece.start
        for cut in sorted(cut for cut in cuts if piece.start < cut < piece.stop):
            yield Piece(start, start + len(text[start:cut].rstrip()), piece.kind)
            start = piece.stop - len(text[cut : piece.stop].lstrip())
        yield piece._replace(start=start)


def goes_on(segments: pd.DataFrame) -> np.ndarray:
    """Tell which segments go on in the next, being the first part of a paragraph that turns (n,) bool.

    What prose holds in quotation marks (kind inline) stands between its row and the next.
    """
    out = np.zeros(len(segments), dtype=bool)
    rows = np.flatnonzero(~true(segments["kind"] == "inline"))
    said = segments.iloc[rows]
    same = said["comment_id"].to_numpy()[1:] == said["comment_id"].to_numpy()[:-1]
    near = said["start"].to_numpy()[1:] - said["stop"].to_numpy()[:-1] == 1
    prose = true(said["kind"] == "prose")  # a quote may stand a line end above what answers it
    out[rows[:-1]] = same & near & prose[1:] & prose[:-1]
    return out


def segment(comments: pd.DataFrame, cuts: Mapping[str, Collection[int]] = NOWHERE) -> pd.DataFrame:
    """Cut the live comments into the segments table; comments that are deleted or a bot's have none.

    `cuts` are line ends at which paragraphs are cut, by the id of their comment (`quotes.line_cuts`).
    """
    live = comments[comments["status"] == "live"]
    ids, owners, starts, stops, kinds, texts = [], [], [], [], [], []
    for comment_id, text in zip(values(live.index), values(live["text"]), strict=True):
        for n, piece in enumerate(turned(text, cuts.get(comment_id, ()))):
            ids.append(f"{comment_id}:{n}")
            owners.append(comment_id)
            starts.append(piece.start)
            stops.append(piece.stop)
            kinds.append(piece.kind)
            texts.append(text[piece.start : piece.stop])
    columns = {"segment_id": ids, "comment_id": owners, "start": starts, "stop": stops, "kind": kinds, "text": texts}
    return SEGMENTS.build(columns)
