"""Ask many sources for a quotation: each is folded once, and only those that share its words are compared.

What counts as found in one source is told by `align.py`.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from threadkit.base.align import (
    MIN_QUOTE_MATCH,
    SHORT_CHARACTERS,
    Span,
    repeats_edited,
    repeats_whole,
    stands_exactly,
    stands_mostly,
)
from threadkit.base.letters import letters, runs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from threadkit.base.letters import Letters

# Share of a paragraph's looked-up word 4-grams that a source must hold to be compared with it.
MIN_SHARED = 0.3
# Words in a row that the index of `Passages` counts.
GRAM = 4
# A word 4-gram that more sources hold than this says little about which of them is quoted.
_COMMON = 200
# Sources that `Passages` compares by likeness for one quote: those that share most word 4-grams.
N_ALIKE = 3


class Passages:
    """Many sources, each folded once, in the order in which they were written.

    `sources` are (source_id, text). A quote is sought in the candidates that share its words only, so a
    thread of thousands of comments takes seconds.
    """

    def __init__(self, sources: Sequence[tuple[str, str]]) -> None:
        self._texts = [text for _, text in sources]
        self._ids = [source_id for source_id, _ in sources]
        self._places = {source_id: place for place, source_id in enumerate(self._ids)}
        self._letters = [letters(text) for text in self._texts]
        self._holders: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for place, folded in enumerate(self._letters):
            for run in runs(folded.spoken, GRAM):
                self._holders[run].append(place)

    def find(
        self,
        quote: str,
        candidates: Sequence[str] | None = None,
        before: str | None = None,
        min_match: float = MIN_QUOTE_MATCH,
        nearest: Sequence[str] = (),
    ) -> tuple[str, Span] | None:
        """Find the source that holds most of a marked quotation; of equals, the first candidate.

        `candidates` are source ids, most likely first (None: every source, in its order); with `before`,
        only sources that stand before that one count. Of equals, those `nearest` come first.
        """
        part = letters(quote)
        groups = self._groups(candidates, before, nearest)
        shared, _ = self._shared(part, groups)
        best: tuple[str, Span] | None = None
        for places in groups:
            for place in self._holding(part, places, shared):
                span = stands_exactly(part, self._letters[place])
                if span:
                    return self._ids[place], span
        for places in groups:
            for place in self._alike(places, shared):
                span = stands_mostly(
                    part, self._letters[place], self._texts[place], max(min_match, best[1].match if best else 0.0)
                )
                if span and (best is None or span.match > best[1].match):
                    best = self._ids[place], span
        return best

    def repeats(
        self,
        paragraph: str,
        candidates: Sequence[str] | None = None,
        before: str | None = None,
        *,
        nearest: Sequence[str] = (),
        short: bool = False,
    ) -> tuple[str, Span] | None:
        """Find the first candidate that an unmarked paragraph repeats; see `repeats` and `find`."""
        part = letters(paragraph)
        groups = self._groups(candidates, before, nearest)
        shared, n_asked = self._shared(part, groups)
        if not (shared or short):
            return None
        for places in groups:
            for place in self._holding(part, places, shared):
                span = repeats_whole(part, self._letters[place], self._texts[place], short=short)
                if span:
                    return self._ids[place], span
        likely = Counter({place: n for place, n in shared.items() if n >= MIN_SHARED * n_asked})
        for places in groups:
            for place in sorted(_among(places, likely), key=lambda place: -likely[place])[:N_ALIKE]:
                span = repeats_edited(part, self._letters[place])
                if span:
                    return self._ids[place], span
        return None

    def _groups(
        self, candidates: Sequence[str] | None, before: str | None, nearest: Sequence[str]
    ) -> list[Sequence[int]]:
        """Return the places to ask, those nearest first."""
        end = len(self._ids) if before is None else self._places[before]
        near = [place for place in (self._places[c] for c in nearest) if place < end]
        if candidates is None:
            return [near, range(end)] if near else [range(end)]
        return [near, [place for place in (self._places[c] for c in candidates) if place < end]]

    def _shared(self, part: Letters, groups: list[Sequence[int]]) -> tuple[Counter[int], int]:
        """Count the word 4-grams that each source shares with the quote, and those asked for: common ones are not.

        Where all are common, the rarest is asked of the sources that said it first, and of those listed one by one.
        """
        held = [self._holders.get(run, []) for run in runs(part.spoken, GRAM)]
        asked = [holders for holders in held if len(holders) <= _COMMON]
        if not any(asked) and any(held):
            rarest = min(filter(None, held), key=len)
            listed = {place for places in groups if not isinstance(places, range) for place in places}
            asked = [rarest[:_COMMON] + [place for place in sorted(listed) if _later(place, rarest)]]
        return Counter(itertools.chain.from_iterable(asked)), len(asked)

    @staticmethod
    def _holding(part: Letters, places: Sequence[int], shared: Counter[int]) -> Sequence[int]:
        """Choose the sources that may hold the whole quote; the first and last word of a long one may be cut.

        Words too few to be looked up are sought in the last sources only: anybody may have said them.
        """
        n_words = len(part.spoken) - 2 * (len(part.text) > 2 * SHORT_CHARACTERS)
        return places[-_COMMON:] if n_words < GRAM else _among(places, shared)

    @staticmethod
    def _alike(places: Sequence[int], shared: Counter[int]) -> list[int]:
        """Choose the sources worth a comparison by likeness, and the first candidate."""
        ranked = sorted(_among(places, shared), key=lambda place: -shared[place])[:N_ALIKE]
        return ranked + [place for place in places[:1] if place not in ranked]


def _later(place: int, holders: list[int]) -> bool:
    """Tell whether a place is among the holders that stand behind the first ones."""
    found = bisect_left(holders, place, lo=min(_COMMON, len(holders)))
    return found < len(holders) and holders[found] == place


def _among(places: Sequence[int], shared: Counter[int]) -> list[int]:
    """Return the places that share anything, in their order; a range of all places is not walked."""
    if isinstance(places, range):
        return sorted(place for place in shared if place in places)
    return [place for place in places if place in shared]
