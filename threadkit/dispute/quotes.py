"""The quote graph: whose words each quoted span repeats, marked as a quote or not."""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import groupby, zip_longest
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from threadkit.base.align import SHORT_CHARACTERS
from threadkit.base.columns import values
from threadkit.base.lookup import among, true
from threadkit.base.text import words
from threadkit.corpus.tables import QUOTES, SEGMENTS
from threadkit.dispute.inline import goes_on, inline_spans, is_quotation
from threadkit.dispute.lines import line_cuts
from threadkit.dispute.segment import pieces, segment
from threadkit.dispute.thread import threads
from threadkit.dispute.turn import turn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from threadkit.base.align import Span
    from threadkit.dispute.thread import Said, Thread

# A question of up to four words that opens a paragraph; and how questions begin that who goes on asks himself.
_ASKED = re.compile(r"\W*(?:\w[\w'\u2019-]*\s){0,3}\w[\w'\u2019-]*\?")
# What a post or comment begins with that was added later.
_UPDATED = re.compile(
    r"^[^\w\n]{0,9}(?:added|addendum|edit(?:ed)?|eta|ps|p\.s|updated?)\b|\b(?:edit|eta|update)\b[^\n.]{0,20}:",
    re.IGNORECASE | re.MULTILINE,
)
_ASKS_ON = frozenset(["a", "an", "how", "my", "our", "so", "the", "what", "when", "where", "who", "why"])
_LETTER = re.compile(r"[^\W\d_]")
# Share of the words that must be a quote in the text they were found in for them to be another's.
MIN_SECOND_HAND = 0.8


class Part(NamedTuple):
    """One row of segments, as tracing needs it."""

    comment_id: str
    segment_id: str
    start: int
    kind: str
    text: str


class Held(NamedTuple):
    """A traced quote inside a comment: where it stands in that comment, and whose words it repeats."""

    start: int
    stop: int
    source: str | None
    span: Span | None
    marked: bool


def traced(
    comments: pd.DataFrame, posts: pd.DataFrame, done: Callable[[int], None] | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the tables segments and quotes: the comments cut into segments, and every quote `trace`d to its source."""
    segments = segment(comments, line_cuts(comments, posts))
    return segments, trace(segments, comments, posts, done)


def trace(
    segments: pd.DataFrame, comments: pd.DataFrame, posts: pd.DataFrame, done: Callable[[int], None] | None = None
) -> pd.DataFrame:
    """Trace every quote to its source and return the quotes table.

    One row for each segment of kind quote (source NA where it is not found in its thread), for each prose
    segment that repeats earlier words of its thread without a quote mark, and for each span that a prose segment
    holds in quotation marks (`inline_id`). Sources are tried in this order: the comments above it, nearest first, the
    post, its title, then the earlier comments of the post in the order of `comments`. Words that the source itself
    quotes are traced on to who wrote them. `done(1)` is called after each post.
    """
    wanted = segments[true(segments["kind"].isin(["prose", "quote"]))]
    columns = (wanted["comment_id"], wanted.index, wanted["start"], wanted["kind"], wanted["text"])
    parts = map(Part._make, zip(*map(values, columns), strict=True))
    by_comment = {comment_id: _joined(group) for comment_id, group in groupby(parts, key=lambda part: part.comment_id)}
    rows: list[dict[str, Any]] = []
    for thread in threads(comments, posts):
        rows.extend(_Tracer(thread).trace(by_comment))
        if done:
            done(1)
    return QUOTES.build(rows)


def inline_id(segment_id: str, n: int) -> str:
    """Return the id of the n-th span in quotation marks of a prose segment, from 1.

    >>> inline_id("c7:0", 1)
    'c7:0.1'
    """
    return f"{segment_id}.{n}"


class _Tracer:
    """The quotes of one thread that were traced so far."""

    def __init__(self, thread: Thread) -> None:
        self._thread = thread
        # What a post quotes is not its own: an update holds words of comments that came later.
        quoted = _quoted(thread.post)
        self._held = {thread.root: [Held(start, stop, None, None, True) for start, stop in quoted]}
        self._answering: set[str] = set()
        self._marks = False

    def trace(self, by_comment: dict[str, list[Part]]) -> Iterator[dict[str, Any]]:
        """Yield the rows of all comments, in their order."""
        ids = self._thread.ids
        self._marks = any(part.kind == "quote" for name in ids for part in by_comment.get(name, []))
        for comment_id in ids:
            near = self._thread.near(comment_id)
            parts = by_comment.get(comment_id, [])
            # Who only repeats another's words, without a mark, says them too: a copy is no quote of a quote.
            if len(parts) > 1:
                self._answering.add(comment_id)
            halves: dict[str, tuple[str, Span]] = {}
            for part, below in zip_longest(parts, parts[1:]):
                if below and part.segment_id not in halves:
                    halves |= self._halves(part, below)
                half = halves.get(part.segment_id)
                rows = [] if half else list(self._trace_part(part, near))
                echoed = below and _echoed(part, below) and all(row["segment_id"] != part.segment_id for row in rows)
                if half or echoed:
                    rows = [self._row(part, part.segment_id, "unmarked", half, (0, len(part.text)))]
                yield from rows

    def _trace_part(self, part: Part, near: list[str]) -> Iterator[dict[str, Any]]:
        all_of_it = (0, len(part.text))
        spans = inline_spans(part.text) if part.kind == "prose" else []
        if part.kind != "prose" or is_quotation(part.text, spans):
            found = self._find(part, part.text.replace("\n>", "\n "), near)
            yield self._row(part, part.segment_id, "marked" if part.kind == "quote" else "inline", found, all_of_it)
        elif len(part.text) >= SHORT_CHARACTERS and (found := self._repeated(part, part.text)):
            yield self._row(part, part.segment_id, "unmarked", found, all_of_it)
        else:
            for n, (start, stop) in enumerate(spans, start=1):
                found = self._find(part, part.text[start:stop], near)
                yield self._row(part, inline_id(part.segment_id, n), "inline", found, (start, stop))

    def _repeated(self, part: Part, said: str) -> tuple[str, Span] | None:
        """Find what an unmarked paragraph repeats; what an update of its source quotes may be its own."""
        found = self._thread.repeated(part.comment_id, said, marks=self._marks)
        if found is None:
            return None
        held = self._second_hand(*found)
        return None if held and held.marked and held.source is None and self._may_be_own(part, *found) else found

    def _may_be_own(self, part: Part, source: str, span: Span) -> bool:
        """Tell whether words that a source quotes, from nobody known, may be from the comment that repeats them.

        Whoever says nothing else may have said them; and an update of the source quotes what came later.
        """
        before = self._thread.texts[source][: span.start]
        author = self._thread.authors[part.comment_id]
        named = author is not None and re.search(rf"(?<!\w){re.escape(author)}(?!\w)", before, re.IGNORECASE)
        return part.comment_id not in self._answering or bool(named or _UPDATED.search(before))

    def _halves(self, part: Part, below: Part) -> dict[str, tuple[str, Span]]:
        """Find the source of two parts of one paragraph: either may be too little to tell.

        What turns (dispute/turn.py) may be edited. Two lines may be a quote and its answer, or two quotes: they must
        stand side by side, and one of them be too little.
        """
        together = part.kind == below.kind == "prose" and below.start - part.start - len(part.text) == 1
        if not together or not (_LETTER.search(part.text) and _LETTER.search(below.text)):
            return {}
        said = f"{part.text} {below.text}"
        found = self._repeated(part, said)
        if found is None:
            return {}
        source, span = found
        if turn(said) != len(part.text) + 1 and (
            span.match < 1
            or len(said) < MIN_SECOND_HAND * (span.stop - span.start)
            or all(len(half.text) >= SHORT_CHARACTERS and self._repeated(half, half.text) for half in (part, below))
        ):
            return {}
        at = span.stop - 1 - len(below.text)
        # A first part of which nothing stands there only names whose words follow.
        halves = (span._replace(stop=at), span._replace(start=at + 1)) if at > span.start else (span, span)
        return {part.segment_id: (source, halves[0]), below.segment_id: (source, halves[1])}

    def _find(self, part: Part, said: str, near: list[str]) -> tuple[str, Span] | None:
        """Find what came before; else what stands further up in the same comment: a feed is one comment."""
        found = self._thread.passages.find(said, before=part.comment_id, nearest=near)
        if found is None:
            own = self._thread.passages.find(said, [part.comment_id], min_match=1.0)
            found = own if own and own[1].stop <= part.start else None
        return found

    def _row(
        self, part: Part, name: str, form: str, found: tuple[str, Span] | None, place: tuple[int, int]
    ) -> dict[str, Any]:
        """Return a row of the quotes table, and keep for later quotes what stands at its place."""
        via = None
        if found and (held := self._second_hand(*found)):
            via = found[0]
            if held.source and held.span:
                said = part.text[place[0] : place[1]].replace("\n>", "\n ")
                found = self._thread.passages.find(said, [held.source]) or (held.source, held.span)
        source, span = found or (None, None)
        # Words whose source is not known are nobody's here; who quotes them from this comment is told by `via`.
        if form != "unmarked" or part.comment_id in self._answering:
            kept = Held(part.start + place[0], part.start + place[1], source, span, form != "unmarked")
            self._held.setdefault(part.comment_id, []).append(kept)
        if source is None or span is None:
            return {"segment_id": name, "form": form}
        author, own = self._thread.authors[source], self._thread.authors[part.comment_id]
        return {
            "segment_id": name,
            "source_id": self._named(source),
            "start": None if source == self._thread.head else span.start,
            "stop": None if source == self._thread.head else span.stop,
            "match": span.match,
            "form": form,
            "of_self": None if author is None or own is None else author == own,
            "via": None if via is None else self._named(via),
        }

    def _second_hand(self, source: str, span: Span) -> Held | None:
        """Return the quote that most of a span of a source belongs to; None where the source's own words are found."""
        held = self._held.get(source, [])
        place = bisect_left(held, span.start, key=lambda quote: quote.stop)
        for quote in held[place : place + 2]:
            shared = min(quote.stop, span.stop) - max(quote.start, span.start)
            if shared >= MIN_SECOND_HAND * (span.stop - span.start):
                return quote
        return None

    def _named(self, source: str) -> str:
        return self._thread.post.id if source in (self._thread.root, self._thread.head) else source


def _joined(parts: Iterable[Part]) -> list[Part]:
    """Return the parts of a text, those of kind inline that a quotation of several paragraphs goes through."""
    held = list(parts)
    through = goes_on([part.text if part.kind == "prose" else "" for part in held])
    return [part._replace(kind="inline") if inside else part for part, inside in zip(held, through, strict=True)]


def _quoted(post: Said) -> Iterator[tuple[int, int]]:
    """Yield where a post quotes, marked or in quotation marks."""
    parts = [
        Part(post.id, "", piece.start, piece.kind, post.text[piece.start : piece.stop]) for piece in pieces(post.text)
    ]
    for part in _joined(parts):
        if part.kind == "prose":
            yield from ((part.start + start, part.start + stop) for start, stop in inline_spans(part.text))
        elif part.kind != "code":
            yield part.start, part.start + len(part.text)


def _echoed(part: Part, below: Part) -> bool:
    """Tell whether the next paragraph takes up this one's first words as a question: "Recently, …" – "Recently? …"."""
    asked = _ASKED.match(below.text) if part.kind == below.kind == "prose" else None
    echo = words(asked.group()) if asked else []
    return bool(echo) and echo[0] not in _ASKS_ON and words(part.text)[: len(echo)] == echo


def mark(segments: pd.DataFrame, quotes: pd.DataFrame) -> pd.DataFrame:
    """Return the segments with every traced one of kind quote: its words are not the commenter's.

    The spans that prose segments hold in quotation marks become segments of kind inline, each behind its own.
    """
    kind = segments["kind"].mask(among(segments.index, quotes.index), "quote")
    marked = segments.assign(kind=kind)
    inline = quotes.index[(quotes["form"] == "inline") & ~among(quotes.index, segments.index)]
    if inline.empty:
        return SEGMENTS.cast(marked)
    spans = _inline_segments(inline, marked.loc[around(inline)])
    both = pd.concat([marked, spans])
    order = np.concatenate([np.arange(len(marked)), marked.index.get_indexer(around(inline)) + 0.5])
    return SEGMENTS.cast(both.iloc[np.argsort(order, kind="stable")])


def _inline_segments(inline: pd.Index, holding: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the spans `inline`, each beside the segment that holds it."""
    places = [
        inline_spans(text)[int(name.rpartition(".")[2]) - 1] for name, text in zip(inline, holding["text"], strict=True)
    ]
    starts, stops = (holding["start"].to_numpy() + np.array(ends) for ends in zip(*places, strict=True))
    texts = [text[start:stop] for text, (start, stop) in zip(holding["text"], places, strict=True)]
    return holding.assign(start=starts, stop=stops, kind="inline", text=texts).set_axis(inline)


def around(inline: pd.Index) -> pd.Index:
    """Return the segments that hold the spans in quotation marks.

    >>> around(pd.Index(["c7:0.1"])).tolist()
    ['c7:0']
    """
    return inline.astype("string").str.replace(r"\.\d+$", "", regex=True)


def own_words(segments: pd.DataFrame) -> pd.Series:
    """Return each segment's text without the words that it holds in quotation marks: an ellipsis stands for them.

    >>> texts = ["You say “it will not hold.” It does, mostly", "it will not hold."]
    >>> table = pd.DataFrame({"kind": ["prose", "inline"], "text": texts}, index=["c:0", "c:0.1"])
    >>> own_words(table)["c:0"]
    'You say “…” It does, mostly'
    """
    holding = among(segments.index, around(segments.index[true(segments["kind"] == "inline")]))
    own = segments["text"].array.copy()
    own[holding] = [masked(text) for text in values(segments["text"][holding])]
    return pd.Series(own, segments.index, name="text")


def spoken(segments: pd.DataFrame) -> pd.DataFrame:
    """Return the segments with their own words as text, and none for what they hold in quotation marks."""
    return segments.assign(text=own_words(segments))[~true(segments["kind"] == "inline")]


def masked(text: str) -> str:
    """Return a paragraph with an ellipsis in place of each quotation."""
    for start, stop in reversed(inline_spans(text)):
        text = f"{text[:start]}…{text[stop:]}"
    return text
