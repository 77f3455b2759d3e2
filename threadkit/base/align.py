"""Trace a quotation to the words it was taken from.

Two questions, two strictnesses. `find_passage` is asked about a *marked* quotation and tolerates what
quoters do: cut ends, `[...]`, edited words. `repeats` is asked whether an *unmarked* paragraph repeats
earlier text, and refuses whatever may be a retort in the words of the other side. `passages.Passages` asks
either of many sources, each folded once (`letters`): the steps of both take folded texts.
"""

from __future__ import annotations

import re
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING, NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from threadkit.base.changes import FUNCTION, mirrors, spelled, strange, turns, undrawn, unlike
from threadkit.base.letters import WORD, chain, letters
from threadkit.base.senses import sense
from threadkit.base.text import prose_only, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from threadkit.base.letters import Block, Letters

# A quote counts as found when this share of its characters stands, in order, in the source.
# Chosen by scripts/sweep_quotes.py on 1,473 quotes of a Discourse forum, which carry their true source:
# F1 0.989 (precision 0.987, recall 0.991), flat within 0.002 from 0.725 to 0.85.
MIN_QUOTE_MATCH = 0.80
# Shorter quotes than this (characters, words) say too little to be found by likeness, or at all if unmarked.
SHORT_CHARACTERS = 20
SHORT_WORDS = 4
# From this many words on, a paragraph that is nearly all there counts as repeated although its source was edited.
LONG_WORDS = 20
# Share of the words of such a paragraph that must stand in the source. The seeds' one edited source covers 1.00.
MIN_REPEAT = 0.9
# From this many words on, a paragraph counts as repeated also where the two differ in spelling or in a word that
# carries no meaning; shorter ones stand there as a whole or not at all.
MIDDLE_WORDS = 8
# From this many words on, so many others may be new that turn nothing: who retorts says more than a word there.
SURE_WORDS, N_STRANGE = 40, 1
# Where words were left out, and what the quoter put in between brackets.
_ELISION = re.compile(
    r"(?:(?<!\s)\s++)?(?:[\[(<]\s*(?:\.{2,}|\u2026|snip(?:ped)?|sic)\s*[\])>]|\u2026|\.{3,}|"
    r"\((?:(?:bold|emphasis|italics) (?:added|mine)|my (?:bold|emphasis|italics))\)|"
    r"\[(?P<put>[^\[\]]{1,60})\])\s*+"
)
# Whose emphasis it is, and a footnote; and how many words between brackets explain one: more are the quoter's own.
_NOTE = re.compile(r"\b(?:bold|emphas|italic|underlin)|^\d{1,2}$")
MAX_PUT = 3
_LABEL = re.compile(r"^(?:[a-z]\)|[a-z]+ #?\d+[a-z]?:|tl;?dr:)\s+")
_ENDS = " \"'"

# Words of sign-offs and of notes on edits; and those of thanks.
_SIGNED = frozenset(words("edit edited typo typos iphone ipad tapatalk"))
_IDLE = FUNCTION | _SIGNED | frozenset(words("thank thanks reply replies"))
# Words that carry meaning, from which on a few words are no turn of phrase that anybody may use.
OWN_WORDS = 3


class Span(NamedTuple):
    """Where a quotation stands in its source."""

    start: int
    """First character, in the source as it was given."""
    stop: int
    """One past the last character."""
    match: float
    """Share of the quote that stands, in order, in the source."""


class _Place(NamedTuple):
    """Where one passage of a quote stands in a folded source, and the share of it that does."""

    part: str
    start: int
    stop: int
    share: float


def find_passage(quote: str, source: str, min_match: float = MIN_QUOTE_MATCH) -> Span | None:
    """Find where a marked quotation stands in its source; None where less than `min_match` of it does.

    Typography, case, enclosing quotation marks and list bullets do not count; an elision (`[...]`, `…`)
    parts the quote into passages that must follow one another; words may have been cut or edited.

    >>> source = "We tried it twice. In the end the valve held, against every forecast of ours."
    >>> find_passage("“The valve held […] every forecast”", source)
    Span(start=30, stop=68, match=1.0)
    """
    return stands_mostly(letters(quote), letters(source), source, min_match)


def repeats(paragraph: str, source: str, *, short: bool = False) -> Span | None:
    """Find where an unmarked paragraph repeats its source; None where it does not, or may be a retort.

    The whole paragraph, or at least LONG_WORDS words that are nearly all there, must stand in the source. A
    paragraph that swaps, adds or negates a word that matters is a retort, not a repetition. Phrases of
    a few words never count, unless `short`: then they count where they are a whole line of the source.

    >>> repeats("It would fail to transfer to the larger valves.", "It would succeed to transfer to the larger valves.")
    >>> repeats("Fail to transfer to the larger valves.", "It would fail to transfer to the larger valves.").start
    9
    """
    part, whole = letters(paragraph), letters(source)
    return repeats_whole(part, whole, source, short=short) or repeats_edited(part, whole)


def _span(source: Letters, start: int, stop: int, match: float) -> Span:
    return Span(source.original(start), source.original(stop - 1) + 1, match)


def stands_exactly(quote: Letters, source: Letters) -> Span | None:
    """Find a marked quotation all of whose letters stand there in one piece."""
    start = _stands(quote.text.strip(_ENDS), source.text)
    return None if start < 0 else _span(source, start, start + len(quote.text.strip(_ENDS)), 1.0)


def _stands(part: str, text: str, begin: int = 0) -> int:
    """Return where `part` stands in `text` from `begin` on, on whole words; -1 where it does not."""
    if not part:
        return -1
    start = text.find(part, begin)
    while start >= 0:
        stop = start + len(part)
        opens = start == 0 or not (text[start - 1].isalnum() and part[0].isalnum())
        closes = stop == len(text) or not (text[stop].isalnum() and part[-1].isalnum())
        # A long quote may have been cut inside a word; a short one inside a word is another word.
        if (opens and closes) or len(part) > 2 * SHORT_CHARACTERS:
            return start
        start = text.find(part, start + 1)
    return -1


def stands_mostly(quote: Letters, source: Letters, original: str, min_match: float) -> Span | None:
    """Find a marked quotation as `find_passage` does; `original` is the text that the source was folded from."""
    exact = stands_exactly(quote, source)
    if exact or not source.text:
        return exact
    parts = _passages(quote.text)
    places = list(_places(parts, source.text, min_match))
    found = [_in_parts(parts, places, source), _in_blocks(quote, source)]
    best = max((span for span in found if span), key=lambda span: span.match, default=None)
    if best is None or best.match < min_match:
        return None
    if len(parts) == 1:
        mirrored = mirrors(parts[0], original[best.start : best.stop])
    else:
        mirrored = any(mirrors(place.part, source.text[place.start : place.stop]) for place in places)
    return None if mirrored else best


def _places(parts: list[str], text: str, min_match: float) -> Iterator[_Place]:
    """Yield where the passages between a quote's elisions stand, each after the one before."""
    cursor = 0
    for part in parts:
        start, stop, share = _part(part, text, cursor, min_match if len(parts) == 1 else 0.0)
        if share:
            yield _Place(part, start, stop, share)
            cursor = stop


def _in_parts(parts: list[str], places: list[_Place], source: Letters) -> Span | None:
    """Return the span from the first passage to the last."""
    if not places:
        return None
    stands = sum(place.share * len(place.part) for place in places)
    start = _nearest([(place.start, place.stop) for place in places], source.text)
    return _span(source, start, places[-1].stop, stands / sum(map(len, parts)))


def _nearest(spans: list[tuple[int, int]], text: str) -> int:
    """Return where passages that follow one another begin, each where it stands last before the next."""
    begin = spans[-1][0]
    for start, stop in reversed(spans[:-1]):
        before, after = text[:begin], start
        while after >= 0:
            begin, after = after, _stands(text[start:stop], before, after + 1)
    return begin


def _part(part: str, text: str, begin: int, min_match: float) -> tuple[int, int, float]:
    """Return start, stop and share of one passage, by letter then by likeness; share 0 where it is not there."""
    start = _stands(part, text, begin)
    if start >= 0:
        return start, start + len(part), 1.0
    if len(part) < SHORT_CHARACTERS or begin >= len(text):
        return 0, 0, 0.0
    found = fuzz.partial_ratio_alignment(part, text[begin:], score_cutoff=100 * min_match)
    if found is None or found.dest_end <= found.dest_start:
        return 0, 0, 0.0
    # Where the quote is longer than all the source, the aligned piece of it is all that stands there.
    share = found.score / 100 * (found.src_end - found.src_start) / len(part)
    start, stop = _shared(part, text, begin, (begin + found.dest_start, begin + found.dest_end))
    return start, stop, share


def _shared(part: str, text: str, begin: int, window: tuple[int, int]) -> tuple[int, int]:
    """Return from the first to the last word of a window that a passage has too, and on as long as the two agree.

    The window is as long as the passage: where words were put in or left out it takes in too much or ends too early.
    """
    ours = WORD.findall(part)
    places = list(WORD.finditer(text, max(begin, window[0] - len(part)), window[1] + len(part)))
    theirs = [place.group() for place in places]
    inside = [i for i, place in enumerate(places) if place.end() > window[0] and place.start() < window[1]]
    lead, last = (inside[0], inside[-1] + 1) if inside else (0, 0)
    equal = [piece for piece in Indel.opcodes(ours, theirs[lead:last]) if piece.tag == "equal"]
    if not equal:
        return window
    first, last = lead + equal[0].dest_start, lead + equal[-1].dest_end
    first -= _alike(ours[: equal[0].src_start][::-1], theirs[:first][::-1])
    last += _alike(ours[equal[-1].src_end :], theirs[last:])
    stop = places[last - 1].end()
    return places[first].start(), stop + (text[stop : stop + 1] == part[-1])


def _alike(ours: list[str], theirs: list[str]) -> int:
    """Count the words, from the first on, that are the same in both but cut or misspelt."""
    pairs = zip(ours, theirs, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] in pair[1] or spelled(*pair), pairs))


def _in_blocks(quote: Letters, source: Letters) -> Span | None:
    """Find a quote whose source was edited, by the runs of words that still stand in order."""
    if len(quote.words) < 2 * SHORT_WORDS:
        return None
    blocks = chain(quote, source)
    if not blocks:
        return None
    lengths = [len(word) for word, _, _ in quote.words]
    stands = sum(sum(lengths[block.quote : block.quote + block.size]) for block in blocks)
    start = source.words[blocks[0].source][1]
    stop = source.words[blocks[-1].source + blocks[-1].size - 1][2]
    return _span(source, start, stop, stands / sum(lengths))


def repeats_whole(paragraph: Letters, source: Letters, original: str, *, short: bool) -> Span | None:
    """Find the whole paragraph in the source, or what stands behind its label."""
    for text in dict.fromkeys((paragraph.text, _LABEL.sub("", paragraph.text))):
        part = text.strip(_ENDS)
        if not _tells(part):
            span = _whole_line(part, source, original) if short else None
        else:
            start = _stands(part, source.text)
            span = _elided(part, source) if start < 0 else _span(source, start, start + len(part), 1.0)
        if span:
            return span
    return None


def _elided(paragraph: str, source: Letters) -> Span | None:
    """Find a paragraph with elisions whose passages all stand in the source, one after the other."""
    parts = _passages(paragraph)
    if [paragraph] == parts or not any(_tells(part) for part in parts):
        return None
    spans: list[tuple[int, int]] = []
    cursor = 0
    for part in parts:
        start = _stands(part, source.text, cursor)
        if start < 0:
            return None
        cursor = start + len(part)
        spans.append((start, cursor))
    return _span(source, _nearest(spans, source.text), cursor, 1.0)


def _passages(quote: str) -> list[str]:
    """List the passages between a quote's elisions."""
    quote = quote.strip(_ENDS)
    gaps = [gap.span() for gap in _ELISION.finditer(quote) if gap["put"] is None or _explains(gap["put"])]
    ends = zip([0, *(stop for _, stop in gaps)], [*(start for start, _ in gaps), len(quote)], strict=True)
    parts = (quote[start:stop].strip(_ENDS) for start, stop in ends)
    return [part for part in parts if WORD.search(part)]


def _explains(put: str) -> bool:
    """Tell whether what a quoter put in between brackets only explains, and turns nothing.

    >>> [_explains(put) for put in ("the canal", "my emphasis", "never really", "as we were told in spring")]
    [True, True, False, False]
    """
    said = WORD.findall(put)
    return bool(_NOTE.search(put)) or (len(said) <= MAX_PUT and not any(map(sense, said)))


def _tells(part: str) -> bool:
    """Tell whether words are enough to say whose they are."""
    return len(part) >= SHORT_CHARACTERS and len(WORD.findall(part)) >= SHORT_WORDS


def says_its_own(text: str, n_own: int = OWN_WORDS) -> bool:
    """Tell whether a few words say something of their own, or are what anybody may write.

    >>> says_its_own("Nobody has measured the flow."), says_its_own("I completely disagree with this.")
    (True, False)
    """
    return sum(word not in _IDLE and len(word) >= SHORT_WORDS for word in words(text)) >= n_own


def is_nobodys(text: str) -> bool:
    """Tell whether words are nobody's: hardly any beside an address, a sign-off, a note on an edit.

    >>> said = ["[1] https://example.org/the-old-gate", "Edit: fixed a typo", "The old gate leaks"]
    >>> [is_nobodys(text) for text in said]
    [True, True, False]
    """
    said = words(prose_only(text))
    return len(said) < SHORT_WORDS or (not _SIGNED.isdisjoint(said) and not says_its_own(text))


def _whole_line(part: str, source: Letters, original: str) -> Span | None:
    """Find a line of the source that says just this."""
    start = _stands(part, source.text)
    while start >= 0:
        span = _span(source, start, start + len(part), 1.0)
        line_start = original.rfind("\n", 0, span.start) + 1
        line_stop = original.find("\n", span.stop)
        line = original[line_start : line_stop if line_stop >= 0 else len(original)]
        if letters(line).text.strip(_ENDS) == part:
            return span
        start = _stands(part, source.text, start + 1)
    return None


def repeats_edited(paragraph: Letters, source: Letters) -> Span | None:
    """Find a paragraph whose source was edited since, or that differs in spelling, unless that may turn its meaning."""
    n_words = len(paragraph.words)
    blocks = chain(paragraph, source) if n_words >= MIDDLE_WORDS else []
    if not blocks:
        return None
    stand = sum(block.size for block in blocks)
    spare = N_STRANGE if n_words >= SURE_WORDS else 0
    for ours, theirs in _differences(paragraph, source, blocks):
        rest = unlike(ours, theirs)
        if turns(*rest, long=n_words >= LONG_WORDS):
            if not spare or not strange(*rest):
                return None
            spare -= 1
        stand += len(ours) - len(rest[0])
    if stand < MIN_REPEAT * n_words:
        return None
    start = source.words[blocks[0].source][1]
    stop = source.words[blocks[-1].source + blocks[-1].size - 1][2]
    return _span(source, start, stop, stand / n_words)


def _differences(paragraph: Letters, source: Letters, blocks: list[Block]) -> Iterator[tuple[list[str], list[str]]]:
    """Yield the words that only the paragraph, and only the source, has in each place where they part.

    Where the paragraph has more words, those of the source that stand around the place are asked too: a forum's
    script draws a formula several times.
    """
    ours = [word for word, _, _ in paragraph.words]
    theirs = [word for word, _, _ in source.words]
    yield ours[: blocks[0].quote], theirs[max(0, blocks[0].source - blocks[0].quote) : blocks[0].source]
    for left, right in pairwise(blocks):
        gap = ours[left.quote + left.size : right.quote], theirs[left.source + left.size : right.source]
        if gap != ([], []):
            yield undrawn(gap[0], theirs[max(0, left.source + left.size - 6) : right.source + 6]), gap[1]
    last = blocks[-1]
    rest = len(ours) - last.quote - last.size
    yield (
        undrawn(ours[last.quote + last.size :], theirs[last.source + last.size - 6 : last.source + last.size + 6]),
        theirs[last.source + last.size :][:rest],
    )
