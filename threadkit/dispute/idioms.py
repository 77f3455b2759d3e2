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
from threadkit.dispute.courtesy import AGAINST
from threadkit.dispute.labels import CLASSES

if TYPE_CHECKING:
    from collections.abc import Sequence

# What an idiom weighs beside a model, and how surely it tells a stance.
WEIGHT, SURE = 0.75, 0.94

# Characters that an idiom has at most: longer texts need no look. And those in which its first two words end.
_LONGEST, _OPENING = 160, 40

# Characters after a vote, or from the beginning, in which a turn or an objection is looked for.
_CONSIDERED = 400

# Who goes on with one of these takes back what was said before.
_TURNS = frozenset(["although", "but", "except", "however", "only", "still", "though", "yet"])

# A vote, as code review and mailing lists cast it: "+1", "utACK 3f9c2ab", "-1, this breaks the build". In small letters
# "ack" is a sigh. What follows ends it or gives a reason: "-1, 0 and 1" are numbers, and "+1 for the second pump" tells
# what the vote is for, which may be the opposite of what was said above.
_VOTE = re.compile(
    r"[\"'*_(]{0,3}(?:(?:[Aa] )?(?:[Bb]ig|[Hh]uge|[Ss]trong|[Dd]efinite|[Mm]y) )?"
    r"(?:(?P<agree>\+1|LGTM|lgtm|(?:(?:[Aa]pproach|[Cc]oncept|[Tt]ested|[Uu]ntested) |(?:cr|re|t|ut))?ACK"
    r"|(?:Acked|Reviewed|Tested)-by(?=: ))"
    r"|(?P<disagree>[-\u2212\u2013]1|(?:(?:[Aa]pproach|[Cc]oncept) )?NAC?K|(?:NAC?K|Nac?k)(?:ed)?-by(?=: )))"
    r"[\"'*_)]{0,3}(?:\s+`?[0-9a-f]{6,40}`?)?(?:\s+\((?:non-?)?binding\))?"
    r"(?:[.!]*\s*$|(?:[.!]+|[,:]|\s+[-\u2013\u2014]+)\s++(?!(?:and|or)\b|[-+\u2212]?\d)|\n"
    r"|\s+(?=(?:for|to) (?:it|that|this|you)\b|(?:as|because|since)\b|from (?:me|us|my|our)\b"
    r"|on (?:both|it|that|this)\b))"
)
# Emoji, where all of them are sure: a face may laugh with the writer or at them. A thumb inside a sentence may be up
# for something else.
_EMOJI = re.compile(
    r"\s*(?:(?P<agree>(?:(?:[\U0001F44D\U0001F4AF\u2705]|:(?:\+1|100|thumbsup):)[\uFE0F\U0001F3FB-\U0001F3FF]?\s*)+)"
    r"|(?P<disagree>(?:(?:\U0001F44E|:(?:-1|thumbsdown):)[\uFE0F\U0001F3FB-\U0001F3FF]?\s*)+))"
    r"(?:$|[.,!:\u2013\u2014-]+\s|(?=[A-Z]))"
)
# Another vote in the same sentence: "Concept ACK, approach NACK".
_AGAIN = re.compile(r"(?<!\w)[-+\u2212]1(?![\w.])|\bNAC?K\b|\bACK\b")
_ONE = re.compile(r"(?<![\w.])([-+])1(?![\w.,:]?\d|\w)")

# Words, and what else tells one idiom from another: "Exactly?" and "\"Spot on\"" agree to nothing.
_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*|\?[?!]*|\"")
_ENDS = (".", "!", "?", "\u2026")

# Who says one of these at once takes back that they agree, and in how few words.
_DENIALS = frozenset(["false", "hardly", "incorrect", "nah", "never", "no", "nope", "not", "wrong"])
_DENIED_IN = 3

# Dissent that is denied. What it speaks of must be what was said: who has no objection to the ban may object to those
# who have.
_SAID = (
    r"(?:(?:any|all|either|most|much|none) of )?(?:it|that|this|what you\b[^.,;!?]{0,40}|your \w+|(?:that|this) \w+)"
)
_UNOPPOSED = re.compile(
    r"\W{0,5}(?:(?:ok|okay|sure|yeah|yep|yes|well)[,.!]? )?(?:"
    r"(?:(?:i have|i've|i've got|i see|there is|there's|you'll get|you will get) )?(?:absolutely |really )?"
    r"no (?:argument|complaint|disagreement|dispute|objection|qualm|quarrel|reservation)s?"
    rf"(?: (?:at all|from (?:me|us|my (?:side|end)|our side|here)|here|there|on my (?:end|part|side)|to {_SAID}"
    rf"|with {_SAID}|about {_SAID}|whatsoever)){{0,2}}"
    r"|(?:i )?(?:can't|cannot|can not|couldn't|could not|don't|do not|won't|will not|wouldn't|would not) (?:really )?"
    rf"(?:argue with|disagree with|dispute|fault|find fault with|object to|oppose|quarrel with|quibble with) {_SAID}"
    r")(?=[.,;!]|$| [-\u2013\u2014(])"
)


def stance_of(reply: str) -> str | None:
    """Return the stance that the idiom tells with which a reply begins; None where it begins with none.

    A neutral one tells nothing of what follows: it must be the whole reply.

    >>> stance_of("Yeah, right. Like last year."), stance_of("Spot on, mate."), stance_of("Rain again.")
    ('disagree', 'agree', None)
    """
    if voted := _vote(reply):
        return voted
    if _unopposed(reply):
        return "agree"
    if not _may_begin(reply):
        return None
    if len(reply) <= _LONGEST and (whole := _known(reply)):
        return whole
    first, *others = sentences(reply) or [""]
    stance = _idioms().get(_key(first)) if others and len(first) <= _LONGEST else None
    if stance is None or stance == "neutral" or _denied(stance, others[0]):
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
    """Return the stance of a reply that opens with a vote or with emoji, unless it takes it back."""
    found = _VOTE.match(reply) or _EMOJI.match(reply)
    if found is None or _taken_back(reply[found.end() :]):
        return None
    return found.lastgroup


def _taken_back(rest: str) -> bool:
    """Tell whether what follows a vote turns in its first sentence, or votes again."""
    first = (sentences(rest[:_CONSIDERED]) or [""])[0]
    return bool(_AGAIN.search(first)) or not _TURNS.isdisjoint(words(first))


def _unopposed(reply: str) -> bool:
    """Tell whether a reply opens by saying that its writer does not object, and then neither turns nor objects."""
    opening = fold(reply[:_CONSIDERED])
    found = _UNOPPOSED.match(opening)
    if found is None:
        return False
    rest = opening[found.end() :]
    return not (AGAINST.search(rest) or "?" in rest or not _TURNS.isdisjoint(words(rest)))


def _known(reply: str) -> str | None:
    """Return the stance of a whole reply, an idiom; the question mark may be left out where every mark is."""
    key = _key(reply)
    unmarked = " " in key and not reply.rstrip().endswith(_ENDS)
    return _idioms().get(key) or (_idioms().get(f"{key} ?") if unmarked else None)


def _denied(stance: str, following: str) -> bool:
    """Tell whether the sentence that follows an idiom of a stance turns, or is an idiom of another or a denial."""
    said = words(following) or [""]
    if said[0] in _TURNS:
        return True
    other = _idioms().get(_key(following)) if len(following) <= _LONGEST else None
    if other is None:
        return stance == "agree" and said[0] in _DENIALS and len(said) <= _DENIED_IN
    return other not in (stance, "neutral")


def _key(text: str) -> str:
    """Return a text's words, question marks and quotation marks as one key; "+1" and "-1" are words of their own.

    >>> _key("+1, so true!"), _key("-1 from me"), _key('"Spot on"?!')
    ('plus1 so true', 'minus1 from me', '" spot on " ?')
    """
    folded = fold(text)
    if "1" in folded:
        folded = _ONE.sub(lambda one: "plus1" if one[1] == "+" else "minus1", folded)
    return " ".join("?" if token[0] == "?" else token for token in _TOKEN.findall(folded))


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
