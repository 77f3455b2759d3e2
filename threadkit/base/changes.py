"""Where a quote and its source part: whether words are only spelled otherwise there, or turn what is said."""

from __future__ import annotations

from itertools import groupby, starmap

from rapidfuzz.distance import OSA, Indel

from threadkit.base.senses import NOT, negates, pole, sense
from threadkit.base.text import words

# Words that a marked quote may have in another way than its source and say the opposite: "succeed in" for "fail to".
MAX_MIRROR = 3
# Shorter words than this are never held to be another one misspelt; nor, where one of the two turns the meaning, words
# of fewer letters than that.
MIN_LETTERS, SURE_LETTERS = 4, 7
# How alike two words are that are one, badly misspelt: two letters of nine may differ.
MIN_LIKE = 0.75
# So many words that only a source has are a sentence that it gained since, or that the quoter left out.
SENTENCE_WORDS = 8

# Words without a meaning of their own, of which one in place of another yet turns what is said: who does it, whether it
# must be done, which way.
_TURNING = frozenset(
    words("""i you he she it we they me him her us them my your his its our their would could should will can may
    might must from to""")
)
FUNCTION = _TURNING | frozenset(
    words("""a an the this that these those who which what is are was were be been being am do does did have has had of
    in on at for by with as and or but if so than then there here also just really very quite rather about into over
    etc edit""")
)


def mirrors(quote: str, passage: str) -> bool:
    """Tell whether a quote turns the meaning of the passage wherever it differs from it.

    >>> mirrors("the pump would fail again", "the pump would succeed again")
    True
    >>> mirrors("the pump would fail once more", "the pump will fail again")
    False
    """
    ours, theirs = words(quote), words(passage)
    gaps = [
        (ours[run[0].src_start : run[-1].src_end], theirs[run[0].dest_start : run[-1].dest_end])
        for equal, pieces in groupby(Indel.opcodes(ours, theirs), key=lambda piece: piece.tag == "equal")
        if not equal and (run := list(pieces))
    ]
    gaps = [gap for gap in starmap(unlike, gaps) if gap != ([], [])]
    if not gaps or max(len(side) for gap in gaps for side in gap) > MAX_MIRROR:
        return False
    return all(_turned(*gap) for gap in gaps)


def _turned(ours: list[str], theirs: list[str]) -> bool:
    """Tell whether a quote turns what it has in another way: who leaves out "old" does not, who leaves out "not" does.

    An edited number turns nothing: posts are corrected.
    """
    said = sorted(pole(word) for word in ours if pole(word).isalpha())
    return said != sorted(pole(word) for word in theirs if (pole(word).isalpha() if said else negates(word)))


def undrawn(ours: list[str], near: list[str]) -> list[str]:
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


def unlike(ours: list[str], theirs: list[str]) -> tuple[list[str], list[str]]:
    """Return the words of two runs that are not the same but for their spelling, word by word."""
    if len(ours) != len(theirs):
        return ours, theirs
    pairs = [(our, their) for our, their in zip(ours, theirs, strict=True) if not spelled(our, their)]
    return [our for our, _ in pairs], [their for _, their in pairs]


def spelled(word: str, other: str) -> bool:
    """Tell whether two words are one, spelled or cut in two ways.

    >>> spelled("recieve", "receive"), spelled("amount", "amounts"), spelled("moral", "amoral"), spelled("5", "6")
    (True, True, False, False)
    >>> spelled("dont", "don't"), spelled("wihtout", "without"), spelled("won't", "want"), spelled("newer", "never")
    (True, True, False, False)
    """
    if word == other:
        return True
    if min(len(word), len(other)) < MIN_LETTERS or word[0] != other[0]:
        return False
    if sense(word) != sense(other):
        if _bare(word) == _bare(other):
            return True
        if min(len(word), len(other)) < SURE_LETTERS or (pole(word) and pole(other)):
            return False
    elif sense(word) not in ("", NOT):
        return False
    return OSA.distance(_bare(word), _bare(other), score_cutoff=1) <= 1


def _bare(word: str) -> str:
    return word.replace("'", "")


def turns(ours: list[str], theirs: list[str], *, long: bool) -> bool:
    """Tell whether a change of words may turn the meaning.

    Words that only the paragraph has must carry no meaning, and a short one may have none; words that only the source
    has may be a sentence or more (it was added or left out), or a few that carry none.
    """
    if not long:
        return bool(ours) or any(sense(word) or word not in FUNCTION for word in theirs)
    if any(negates(word) or word not in FUNCTION for word in ours):
        return True
    if len(ours) == len(theirs) and any(word in _TURNING for word in (*ours, *theirs)):
        return True
    return len(theirs) < SENTENCE_WORDS and any(negates(word) for word in theirs)


def strange(ours: list[str], theirs: list[str]) -> bool:
    """Tell whether a change is one word more, or one that is badly misspelt, and turns nothing for all that is known.

    >>> strange(["definately"], ["definitively"]), strange(["supposedly"], []), strange(["Moses"], ["Merlin"])
    (True, True, False)
    """
    if len(ours) != 1 or len(theirs) > 1 or any(pole(word) or word in _TURNING for word in (*ours, *theirs)):
        return False
    return not theirs or OSA.normalized_similarity(ours[0], theirs[0]) >= MIN_LIKE
