"""Texts folded to what counts in a comparison, and the runs of words that two of them share."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from threadkit.base.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Words in a row that make a block. Two unrelated texts share single words and pairs everywhere.
BLOCK = 3

# Blocks that are chained, the longest: time grows with their square, and two texts that repeat themselves share a block
# in every pair of places. A real quote has a block for each of its edits, a few dozen at most.
MAX_BLOCKS = 400
# So many places of one run of words are looked at: only a text that repeats itself without end has more.
MAX_PLACES = 50

# What stands in canonical text but is no letter of the words: marks at the start of a line, link addresses,
# emphasis, references to footnotes, hyphens that only a line's end shows, runs of blanks and dashes; and what is one
# character and spells several letters.
# A lone blank is folded to " " already and needs no piece of its own: most of a text's blanks are lone.
# What each of them begins with is asked first: at most characters nothing more need be tried.
_UNSEEN = re.compile(
    r"(?=[\s\u200b>\u2022\u2023\u25e6*+\d#!\[\]_`~\u2013\u2014\u00ad\u2060\ufeff&\ufb00-\ufb06-])"
    r"(?:(?P<blank>^[ \t\u00a0]*(?:(?:>|[\u2022\u2023\u25e6*+-](?=\s)|\d{1,3}[.)](?=\s)|\#{1,6}(?=\s))[ \t\u00a0]*)+"
    r"|[\s\u200b]{2,}|\u200b)"
    r"|(?P<spelled>[\ufb00-\ufb06]|(?<=\s)&(?=\s))|[\u00ad\u2060\ufeff]+"
    r"|!?\[(?=[^\[\]]*\]\(\S)|\]\((?:[^()\s]|\([^()\s]*\))*\)"
    r"|(?<!\w)[*_`~]+|[*_`~]+(?!\w)|(?<=[\w.,;:!?)])\[\d{1,3}\]|(?<=[-\u2013\u2014])[-\u2013\u2014]+)",
    re.MULTILINE,
)
_SPELLED = {sign: unicodedata.normalize("NFKC", sign) for sign in map(chr, range(0xFB00, 0xFB07))} | {"&": "and"}
# Letters, digits and marks as wide as an ideograph, which keyboards for those write.
_WIDE = {code: chr(code - 0xFEE0).lower() for code in range(0xFF01, 0xFF5F)}
WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


class Block(NamedTuple):
    """A run of equal words: `size` words from word `quote` of the quote and from word `source` of the source."""

    quote: int
    source: int
    size: int


@dataclass(frozen=True)
class Letters:
    """A text folded to what counts in a comparison, with the way back to its own offsets."""

    text: str
    pieces: tuple[int, ...]
    starts: tuple[int, ...]

    def original(self, offset: int) -> int:
        """Return the offset in the text as it was given of the letter at `offset` here."""
        piece = bisect_right(self.pieces, offset) - 1
        return self.starts[piece] + offset - self.pieces[piece]

    @cached_property
    def words(self) -> list[tuple[str, int, int]]:
        """Every word with its start and stop here."""
        return [(m.group(), *m.span()) for m in WORD.finditer(self.text)]

    @cached_property
    def spoken(self) -> list[str]:
        """Every word."""
        return WORD.findall(self.text)

    @cached_property
    def grams(self) -> dict[tuple[str, ...], list[int]]:
        """Where each run of BLOCK words begins, in words."""
        return grams(self.spoken, BLOCK)


def letters(text: str) -> Letters:
    r"""Fold a text for comparison: typography, case, white space, list bullets, quote marks, link addresses.

    >>> letters("> \u201cSee  [the *paper*](https://example.org)\u201d").text
    '"see the paper"'
    """
    folded = fold(text)
    folded = folded if folded.isascii() else folded.translate(_WIDE)
    kept: list[str] = []
    pieces: list[int] = []
    starts: list[int] = []
    size = 0
    for start, piece in _seen(text, folded):
        if piece[0] == " " and (not kept or kept[-1].endswith(" ")):
            piece, start = piece[1:], start + 1
            if not piece:
                continue
        kept.append(piece)
        pieces.append(size)
        starts.append(start)
        size += len(piece)
    return Letters("".join(kept).rstrip(), tuple(pieces), tuple(starts))


def _seen(text: str, folded: str) -> Iterator[tuple[int, str]]:
    """Yield the pieces that are kept: where each begins, and its letters."""
    last = 0
    for unseen in _UNSEEN.finditer(text):
        start = unseen.start()
        if start > last:
            yield last, folded[last:start]
        if unseen.group("blank"):
            yield start, " "
        elif unseen.group("spelled"):
            # Each letter is a piece: all of them stand where the one character does.
            yield from ((start, letter) for letter in _SPELLED[unseen.group()])
        last = unseen.end()
    if last < len(text):
        yield last, folded[last:]


def grams(words: Sequence[str], size: int) -> dict[tuple[str, ...], list[int]]:
    """Tell where each run of `size` words begins, in words.

    >>> grams(["a", "b", "a", "b"], 2)
    {('a', 'b'): [0, 2], ('b', 'a'): [1]}
    """
    begins: dict[tuple[str, ...], list[int]] = {}
    for start in range(len(words) - size + 1):
        begins.setdefault(tuple(words[start : start + size]), []).append(start)
    return begins


def runs(words: Sequence[str], size: int) -> list[tuple[str, ...]]:
    """Return the distinct runs of `size` words, in their order.

    >>> runs(["a", "b", "a", "b"], 2)
    [('a', 'b'), ('b', 'a')]
    """
    return list(dict.fromkeys(zip(*(words[start:] for start in range(size)), strict=False)))


def chain(quote: Letters, source: Letters) -> list[Block]:
    """Return the blocks, in order in both texts, that together hold most words."""
    blocks = _blocks(quote, source)
    if len(blocks) > MAX_BLOCKS:
        longest = sorted(blocks, key=lambda block: (-block.size, block.quote, block.source))[:MAX_BLOCKS]
        blocks = sorted(longest, key=lambda block: (block.quote, block.source))
    best: list[tuple[int, int, Block]] = []  # words held so far, the entry before, the block as trimmed
    for block in blocks:
        held, before, kept = block.size, -1, block
        for place, (words, _, last) in enumerate(best):
            overlap = max(0, last.quote + last.size - block.quote, last.source + last.size - block.source)
            if overlap < block.size and words + block.size - overlap > held:
                held, before = words + block.size - overlap, place
                kept = Block(block.quote + overlap, block.source + overlap, block.size - overlap)
        best.append((held, before, kept))
    kept_blocks: list[Block] = []
    place = max(range(len(best)), key=lambda i: best[i][0], default=-1)
    while place >= 0:
        kept_blocks.append(best[place][2])
        place = best[place][1]
    return kept_blocks[::-1]


def _blocks(quote: Letters, source: Letters) -> list[Block]:
    """List the longest runs of at least BLOCK equal words, in the order of the quote."""
    ours = [word for word, _, _ in quote.words]
    theirs = [word for word, _, _ in source.words]
    blocks = []
    for i in range(len(ours) - BLOCK + 1):
        for j in source.grams.get(tuple(ours[i : i + BLOCK]), [])[:MAX_PLACES]:
            if i and j and ours[i - 1] == theirs[j - 1]:
                continue  # a part of a run that began earlier
            size = BLOCK
            while i + size < len(ours) and j + size < len(theirs) and ours[i + size] == theirs[j + size]:
                size += 1
            blocks.append(Block(i, j, size))
    return blocks
