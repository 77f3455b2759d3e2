"""Trace a quotation to the words it was taken from.

Two questions, two strictnesses. `find_passage` is asked about a *marked* quotation and tolerates what
quoters do: cut ends, `[...]`, edited words. `repeats` is asked whether an *unmarked* paragraph repeats
earlier text, and refuses whatever may be a retort in the words of the other side. `passages.Passages` asks
either of many sources, each folded once (`letters`): the steps of both take folded texts.
"""

from __future__ import annotations

import re
from itertools import groupby, pairwise, takewhile
from typing import TYPE_CHECKING, NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, Indel

from threadkit.base.letters import WORD, chain, letters
from threadkit.base.senses import negates, pole, sense
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
# Words that a marked quote may have in another way than its source and say the opposite: "succeed in" for "fail to".
MAX_MIRROR = 3
# Where words were left out, or put in between brackets by the quoter.
_ELISION = re.compile(
    r"(?:(?<!\s)\s++)?(?:\[\s*(?:\.{2,}|\u2026)\s*\]|\(\s*(?:\.{2,}|\u2026)\s*\)|\u2026|\.{3,}|"
    r"\((?:(?:bold|emphasis|italics) (?:added|mine)|my (?:bold|emphasis|italics))\)|"
    r"\[(?!(?:not|n't|no|never)\s*\])[^\[\]]{1,60}\])\s*+"
)
_LABEL = re.compile(r"^(?:[a-z]\)|[a-z]+ #?\d+[a-z]?:|tl;?dr:)\s+")
_ENDS = " \"'"

# Words without a meaning of their own, of which one in place of another yet turns what is said: who does it, whether it
# must be done, which way.
_TURNING = frozenset(
    words("""i you he she it we they me him her us them my your his its our their would could should will can may
    might must from to""")
)
_FUNCTION = _TURNING | frozenset(
    words("""a an the this that these those who which what is are was were be been being am do does did have has had of
    in on at for by with as and or but if so than then there here also just really very quite rather about into over
    etc edit""")
)
# Words of sign-offs and of notes on edits; and those of thanks.
_SIGNED = frozenset(words("edit edited typo typos iphone ipad tapatalk"))
_IDLE = _FUNCTION | _SIGNED | frozenset(words("thank thanks reply replies"))
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
    found = [_in_parts(quote.text, source, min_match), _in_blocks(quote, source)]
    best = max((span for span in found if span), key=lambda span: span.match, default=None)
    if best is None or best.match < min_match:
        return None
    parts = _passages(quote.text)
    return None if len(parts) == 1 and _mirrors(parts[0], original[best.start : best.stop]) else best


def _mirrors(quote: str, passage: str) -> bool:
    """Tell whether a quote turns the meaning of the passage wherever it differs from it.

    >>> _mirrors("the pump would fail again", "the pump would succeed again")
    True
    >>> _mirrors("the pump would fail once more", "the pump will fail again")
    False
    """
    ours, theirs = words(quote), words(passage)
    gaps = [
        (ours[run[0].src_start : run[-1].src_end], theirs[run[0].dest_start : run[-1].dest_end])
        for equal, pieces in groupby(Indel.opcodes(ours, theirs), key=lambda piece: piece.tag == "equal")
        if not equal and (run := list(pieces))
    ]
    if not gaps or max(len(side) for gap in gaps for side in gap) > MAX_MIRROR:
        return False
    return all(_turned(*gap) for gap in gaps)


def _turned(ours: list[str], theirs: list[str]) -> bool:
    """Tell whether a quote turns what it has in another way: who leaves out "old" does not, who leaves out "not" does.

    An edited number turns nothing: posts are corrected.
    """
    said = sorted(pole(word) for word in ours if pole(word).isalpha())
    return said != sorted(pole(word) for word in theirs if (pole(word).isalpha() if said else negates(word)))


def _in_parts(quote: str, source: Letters, min_match: float) -> Span | None:
    """Find the passages between a quote's elisions, each after the one before."""
    parts = _passages(quote)
    spans: list[tuple[int, int]] = []
    cursor = 0
    stands = 0.0
    for part in parts:
        start, stop, share = _part(part, source.text, cursor, min_match if len(parts) == 1 else 0.0)
        if share:
            spans.append((start, stop))
            stands += share * len(part)
            cursor = stop
    if not spans:
        return None
    return _span(source, _nearest(spans, source.text), spans[-1][1], stands / sum(map(len, parts)))


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
    return sum(1 for _ in takewhile(lambda pair: pair[0] in pair[1] or _spelled(*pair), pairs))


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
    return [part for part in (p.strip(_ENDS) for p in _ELISION.split(quote.strip(_ENDS))) if WORD.search(part)]


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
    for ours, theirs in _differences(paragraph, source, blocks):
        rest = _unlike(ours, theirs)
        if _turns(*rest, long=n_words >= LONG_WORDS):
            return None
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
            yield _undrawn(gap[0], theirs[max(0, left.source + left.size - 6) : right.source + 6]), gap[1]
    last = blocks[-1]
    rest = len(ours) - last.quote - last.size
    yield (
        _undrawn(ours[last.quote + last.size :], theirs[last.source + last.size - 6 : last.source + last.size + 6]),
        theirs[last.source + last.size :][:rest],
    )


def _undrawn(ours: list[str], near: list[str]) -> list[str]:
    """Return the words without the further drawings of a formula: `nnn` for n, `lambdaλ` and `λ` for lambda."""
    if not any(_symbol(word) for word in ours):
        return ours
    known = set(near)
    return [word for word in ours if not (_symbol(word) or word in known) or negates(word)]


def _symbol(word: str) -> bool:
    """Tell whether a word is a piece of a formula: a letter, again and again, or Latin and Greek letters in one.

    >>> [_symbol(word) for word in ("nnn", "λ", "lambdaλ", "λόγος", "no")]
    [True, True, True, False, False]
    """
    if len(set(word)) == 1:
        return word.isalpha()
    return any("\u0370" <= c <= "\u03ff" for c in word) and any(c.isascii() for c in word)


def _unlike(ours: list[str], theirs: list[str]) -> tuple[list[str], list[str]]:
    """Return the words of two runs that are not the same but for their spelling, word by word."""
    if len(ours) != len(theirs):
        return ours, theirs
    pairs = [(our, their) for our, their in zip(ours, theirs, strict=True) if not _spelled(our, their)]
    return [our for our, _ in pairs], [their for _, their in pairs]


def _spelled(word: str, other: str) -> bool:
    """Tell whether two words are one, spelled or cut in two ways.

    >>> _spelled("recieve", "receive"), _spelled("amount", "amounts"), _spelled("moral", "amoral"), _spelled("5", "6")
    (True, True, False, False)
    """
    if word == other:
        return True
    if sense(word) or sense(other) or min(len(word), len(other)) < SHORT_WORDS or word[0] != other[0]:
        return False
    return OSA.distance(word, other, score_cutoff=1) <= 1


def _turns(ours: list[str], theirs: list[str], *, long: bool) -> bool:
    """Tell whether a change of words may turn the meaning.

    Words that only the paragraph has must carry no meaning, and a short one may have none; words that only the source
    has may be a sentence or more (it was added or left out), or a few that carry none.
    """
    if not long:
        return bool(ours) or any(sense(word) or word not in _FUNCTION for word in theirs)
    if any(negates(word) or word not in _FUNCTION for word in ours):
        return True
    if len(ours) == len(theirs) and any(word in _TURNING for word in (*ours, *theirs)):
        return True
    return len(theirs) < 2 * SHORT_WORDS and any(negates(word) for word in theirs)
