"""What anyone says to agree or to disagree, whatever the matter is: idioms with which a reply begins, looked up.

So small a network reads many of them wrong ("Yeah, right."), and whoever reads the report sees it at once. They are
those of corpora/phrases that scripts/gate.py does not score.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from threadkit.base.text import fold, sentences, words
from threadkit.base.weights import shipped
from threadkit.dispute.labels import CLASSES

if TYPE_CHECKING:
    from collections.abc import Sequence

# What an idiom weighs beside a model, and how surely it tells a stance.
WEIGHT, SURE = 0.75, 0.94

# Characters that an idiom has at most: longer texts need no look. And those in which its first two words end.
_LONGEST, _OPENING = 160, 40

# Who goes on with one of these takes back what was said before.
_TURNS = frozenset(["although", "but", "except", "however", "only", "still", "though", "yet"])

# A vote without a word of its own, as code review and mailing lists cast it: "+1 for the second", "utACK 3f9c2ab". In
# small letters "ack" is a sigh. What follows is a sentence's end or what the vote is for: "-1, 0 and 1" are numbers.
_VOTE = re.compile(
    r"[\"'*_(]{0,3}(?:(?:[Aa] )?(?:[Bb]ig|[Hh]uge|[Ss]trong|[Dd]efinite|[Mm]y) )?"
    r"(?:(?P<agree>\+1|(?:(?:[Aa]pproach|[Cc]oncept|[Tt]ested|[Uu]ntested) |(?:cr|re|t|ut))?ACK)"
    r"|(?P<disagree>[-\u2212\u2013]1|(?:(?:[Aa]pproach|[Cc]oncept) )?NACK))"
    r"[\"'*_)]{0,3}(?:\s+`?[0-9a-f]{6,40}`?)?"
    r"(?:[.!]*\s*$|[.!]+\s+(?!\d)|\n|\s+(?=(?:for|to)\b(?! \d)|from (?:me|us|my|our)\b|on (?:both|it|that|this)\b))"
)
# Emoji alone, where all of them are sure: a face may laugh with the writer or at them.
_EMOJI = re.compile(
    r"\s*(?:(?P<agree>(?:(?:[\U0001F44D\U0001F4AF\u2705]|:(?:\+1|100|thumbsup):)[\uFE0F\U0001F3FB-\U0001F3FF]?\s*)+)"
    r"|(?P<disagree>(?:(?:\U0001F44E|:(?:-1|thumbsdown):)[\uFE0F\U0001F3FB-\U0001F3FF]?\s*)+))$"
)
_ONE = re.compile(r"(?<![\w.])([-+])1(?![\w.,:]?\d|\w)")


def stance_of(reply: str) -> str | None:
    """Return the stance that the idiom tells with which a reply begins; None where it begins with none.

    A neutral one tells nothing of what follows: it must be the whole reply.

    >>> stance_of("Yeah, right. Like last year."), stance_of("Spot on, mate."), stance_of("Rain again.")
    ('disagree', 'agree', None)
    """
    if voted := _vote(reply):
        return voted
    if not _may_begin(reply):
        return None
    if len(reply) <= _LONGEST and (whole := _idioms().get(_key(reply))):
        return whole
    first, *others = sentences(reply) or [""]
    stance = _idioms().get(_key(first)) if others and len(first) <= _LONGEST else None
    if stance is None or stance == "neutral" or (words(others[0]) or [""])[0] in _TURNS:
        return None
    return stance


def heard(logs: np.ndarray, replies: Sequence[str]) -> np.ndarray:
    """Return log probabilities (n, 3) of replies (n), those that begin with an idiom mixed with what it tells."""
    out = logs.copy()
    for row, reply in enumerate(replies):
        stance = stance_of(reply)
        if stance is not None:
            told = np.full(len(CLASSES), (1 - SURE) / (len(CLASSES) - 1))
            told[CLASSES.index(stance)] = SURE
            out[row] = np.logaddexp(np.log(1 - WEIGHT) + logs[row], np.log(WEIGHT * told))
    return out


def _vote(reply: str) -> str | None:
    """Return the stance of a reply that opens with a vote, unless it takes it back, or that is nothing but emoji."""
    voted = _VOTE.match(reply)
    found = voted or _EMOJI.match(reply)
    if found is None or (voted and _taken_back(reply[voted.end() :])):
        return None
    return found.lastgroup


def _taken_back(rest: str) -> bool:
    """Tell whether what follows a vote turns in its first sentence."""
    return not _TURNS.isdisjoint(words((sentences(rest) or [""])[0]))


def _key(text: str) -> str:
    """Return the words of a text as one key; "+1" and "-1" are words of their own.

    >>> _key("+1, so true!"), _key("-1 from me")
    ('plus1 so true', 'minus1 from me')
    """
    folded = fold(text)
    if "1" in folded:
        folded = _ONE.sub(lambda one: "plus1" if one[1] == "+" else "minus1", folded)
    return " ".join(words(folded))


def _may_begin(reply: str) -> bool:
    """Tell whether a reply opens with the words of an idiom: few do, and to cut the others into sentences is dear."""
    opening = _key(reply[:_OPENING]).split()[:2]
    return any(" ".join(opening[:n]) in _openings() for n in (1, 2))


@cache
def _openings() -> frozenset[str]:
    """Return the first two words of each idiom, or its only one."""
    return frozenset(" ".join(key.split()[:2]) for key in _idioms())


@cache
def _idioms() -> dict[str, str]:
    """Return the stance of each whole phrase by its words; of one with two stances, or without letters, nothing."""
    stances: dict[str, set[str]] = {}
    with (shipped("corpora") / "phrases" / "phrases.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["part"] == "train" and row["kind"] == "whole":
                stances.setdefault(_key(row["text"]), set()).add(row["stance"])
    return {key: told.pop() for key, told in stances.items() if len(told) == 1 and any(map(str.isalpha, key))}
