"""Fold copies: the same words posted again, with or without small edits, are no new objection.

Words that stand again word for word are found by a table of whole texts. Edited ones are found by what they
share, in runs of SHINGLE words, with the originals before them (Broder 1997, "On the resemblance and containment
of documents", here exactly, without sketches), and are then compared word by word. A change that may turn the
meaning (a negation, a number, an opposite) makes an objection of its own, never a copy.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from rapidfuzz.distance import Indel, LCSseq

from threadkit.base.lookup import looked_up
from threadkit.base.senses import sense
from threadkit.base.text import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

# Shorter texts repeat by chance ("That is simply wrong."): they are no copies (words).
MIN_WORDS = 5
# The next four were chosen by scripts/sweep_copies.py on 1,500 forum paragraphs with synthetic edits, 48,374 pairs of
# arguments for the same key point and 1,079 pairs of paraphrases, neither of which are copies.
# Words that an edited copy and its original need; in shorter ones a word or two are the whole point. Of 4,667
# arguments that long 9 are folded (6 words: 40 of 6,483; 20 words: 2 of 2,663), most of them one worker's rewordings.
MIN_NEAR_WORDS = 14
# An edited copy: words in order in both, twice, over the words of both (0 to 1). With 10 % of the words edited 99.7 %
# are folded, with 20 % 94 %; of the pairs for the same key point 0.01 %. At 0.75: 99 % with 20 %, and 0.02 %.
MIN_ALIKE = 0.80
# A text put into a longer one, or cut out of it: share of the shorter one's words that stand in the longer (0 to 1).
# Half of a text is found 96 times in 100, one with another's sentence put before or after 79 times, from 0.85 to 0.95.
MIN_HELD = 0.90
# Then at least this share of the later text's words is the earlier one's (0 to 1): who adds more objects anew.
MIN_TAKEN = 0.50
# Longer texts (words) are folded where they are the same word for word only: the comparison's memory is the product
# of both lengths, in bits.
MAX_NEAR_WORDS = 2000
# Words in a row that are looked up.
SHINGLE = 3
# Originals that are kept for each run of words: the first ones. 4 finds as much as 8 and takes three quarters of the
# time: 34 s and 0.8 GB for 100,000 generated texts of 20 to 80 words, 2 s for a flood of 20,000 edited copies of one
# (scripts/sweep_copies.py --speed, two busy cores).
MAX_OWNERS = 4
# Originals with which a text is compared word by word: those that share most, rare runs counting more.
MAX_COMPARED = 3
# From this many words on, a run that only one text has is a sentence or a clause that was added or left out.
ADDED_WORDS = 8


class Coded(NamedTuple):
    """Texts as numbers, one a word, and what each word does to the meaning: 0 = it turns nothing."""

    texts: list[np.ndarray]
    senses: np.ndarray


def fold_copies(objections: pd.DataFrame, comments: pd.DataFrame) -> pd.Series:
    """Return, for each objection, the earlier one that it repeats, word for word or nearly; NA where it stands alone.

    `objections` has the columns comment_id and text. The earliest by time of posting is the original, then the
    lowest id: the order of rows does not matter. An original is never itself a copy. Takes time and memory in
    proportion to the number of words.

    >>> text = "The survey asked eleven shops in one street, and it never asked who had already left the town"
    >>> objections = pd.DataFrame({"comment_id": ["a", "b", "c"], "text": [text, text.replace("never asked", "asked"),
    ...     text + ", as I said."]}, index=["a:0", "b:0", "c:0"])
    >>> comments = pd.DataFrame({"posted_at": pd.to_datetime(["2024-01-01"] * 3, utc=True)}, index=["a", "b", "c"])
    >>> fold_copies(objections, comments).dropna().to_dict()
    {'c:0': 'a:0'}
    """
    posted = looked_up(comments["posted_at"], objections["comment_id"]).to_numpy()
    frame = pd.DataFrame({"posted": posted, "id": objections.index.astype("string"), "text": objections["text"].array})
    frame = frame.sort_values(["posted", "id"], na_position="last", ignore_index=True)
    originals = _originals(code(frame["text"]))
    copied = originals != np.arange(len(frame))
    copy_of = pd.Series(frame["id"].to_numpy()[originals], index=frame["id"], dtype="string").where(copied)
    return looked_up(copy_of, objections.index).set_axis(objections.index).astype("string")


def code(texts: Iterable[str]) -> Coded:
    """Give each word of the texts a number, in the order in which they come."""
    numbers: dict[str, int] = {}
    coded = [
        np.fromiter((numbers.setdefault(word, len(numbers)) for word in words(text)), dtype=np.int32) for text in texts
    ]
    turning = {what: i for i, what in enumerate(filter(None, dict.fromkeys(map(sense, numbers))), start=1)}
    return Coded(coded, np.array([turning.get(sense(word), 0) for word in numbers], dtype=np.int32))


def same_point(earlier: np.ndarray, later: np.ndarray, senses: np.ndarray) -> bool:
    """Tell whether the later of two coded texts is the earlier with small edits, none of which turns its meaning."""
    alike, held, taken = likeness(earlier, later)
    if alike < MIN_ALIKE and (held < MIN_HELD or taken < MIN_TAKEN):
        return False
    return not any(turns(ours, theirs, senses) for ours, theirs in differences(earlier.tolist(), later.tolist()))


def likeness(earlier: np.ndarray, later: np.ndarray) -> tuple[float, float, float]:
    """Return the shares of the words of both, of the shorter, and of the later that stand in order in both texts."""
    shared = LCSseq.similarity(earlier.tolist(), later.tolist())
    sizes = len(earlier), len(later)
    return 2 * shared / max(sum(sizes), 1), shared / max(min(sizes), 1), shared / max(len(later), 1)


def _originals(coded: Coded) -> np.ndarray:
    """Return the place of each text's original, its own where it is one."""
    first: dict[bytes, int] = {}
    original = np.arange(len(coded.texts))
    for place, text in enumerate(coded.texts):
        if len(text) >= MIN_WORDS:
            original[place] = first.setdefault(text.tobytes(), place)
    long = [place for place in first.values() if MIN_NEAR_WORDS <= len(coded.texts[place]) <= MAX_NEAR_WORDS]
    near = np.arange(len(original))
    near[long] = np.array(long, dtype=int)[_near([coded.texts[place] for place in long], coded.senses)]
    return near[original]


def _near(texts: list[np.ndarray], senses: np.ndarray) -> list[int]:
    """Return the place of the original that each distinct text copies with edits, its own where it is one."""
    owners: dict[int, list[int]] = defaultdict(list)
    original = []
    for place, shingles in enumerate(_shared_shingles(texts)):
        near = (each for each in _candidates(shingles, owners) if same_point(texts[each], texts[place], senses))
        found = next(near, place)
        original.append(found)
        if found == place:
            for shingle in shingles:
                if len(owners[shingle]) < MAX_OWNERS:
                    owners[shingle].append(place)
    return original


def _candidates(shingles: Sequence[int], owners: dict[int, list[int]]) -> list[int]:
    """List the originals that share most of a text's runs of words, of equals the earliest first."""
    weights: Counter[int] = Counter()
    for shingle in shingles:
        held = owners.get(shingle, ())
        for place in held:
            # Whole numbers, so that equals are equal: 12 can be shared among up to MAX_OWNERS.
            weights[place] += 12 // len(held)
    return sorted(weights, key=lambda place: (-weights[place], place))[:MAX_COMPARED]


def _shared_shingles(texts: list[np.ndarray]) -> Iterator[list[int]]:
    """Yield each text's runs of SHINGLE words that another text holds too; the others find nothing."""
    if not texts:
        return
    owner, number = _numbered(*_shingles(texts))
    shared = np.bincount(number)[number] > 1
    owner, number = owner[shared], number[shared]
    order = np.argsort(owner, kind="stable")
    found, bounds = number[order], np.searchsorted(owner[order], np.arange(len(texts) + 1))
    for start, stop in pairwise(bounds):
        yield found[start:stop].tolist()


def _shingles(texts: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Return every run of SHINGLE words as one number (n,) uint64, and the text that it stands in (n,)."""
    owner = np.repeat(np.arange(len(texts), dtype=np.int32), [len(text) for text in texts])
    flat = np.concatenate(texts).astype(np.uint64)
    n_words = np.uint64(flat.max() + 1)
    keys = np.zeros(len(flat) - SHINGLE + 1, dtype=np.uint64)
    for offset in range(SHINGLE):
        # May wrap around in very large vocabularies: two runs then share a key, and the comparison tells them apart.
        keys *= n_words
        keys += flat[offset : len(keys) + offset]
    inside = owner[: len(keys)] == owner[SHINGLE - 1 :]
    return keys[inside], owner[: len(keys)][inside]


def _numbered(keys: np.ndarray, owner: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the owner and the number of each run that a text holds, once a text; equal runs have one number."""
    order = np.argsort(keys, kind="stable")
    keys, owner = keys[order], owner[order]
    another = np.append(True, keys[1:] != keys[:-1])
    first = another | np.append(True, owner[1:] != owner[:-1])
    return owner[first], (np.cumsum(another, dtype=np.int32) - 1)[first]


def differences(earlier: list[int], later: list[int]) -> Iterator[tuple[list[int], list[int]]]:
    """Yield the words that only the earlier, and only the later text has in each place where they part."""
    for equal, run in groupby(Indel.opcodes(earlier, later), key=lambda piece: piece.tag == "equal"):
        if not equal:
            pieces = list(run)
            first, last = pieces[0], pieces[-1]
            yield earlier[first.src_start : last.src_end], later[first.dest_start : last.dest_end]


def turns(ours: list[int], theirs: list[int], senses: np.ndarray) -> bool:
    """Tell whether a change of words may turn the meaning; a sentence that only one text has does not."""
    if min(len(ours), len(theirs)) <= 1 and max(len(ours), len(theirs)) >= ADDED_WORDS:
        ours = theirs = min(ours, theirs, key=len)
        return bool(senses[ours].any())
    return sorted(senses[ours][senses[ours] > 0]) != sorted(senses[theirs][senses[theirs] > 0])
