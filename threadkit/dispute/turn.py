"""Where one paragraph turns from agreeing to objecting: "I agree with most of this, but …".

Judged as one, such a paragraph is neither; so it is cut in two where it turns. Only where both cues stand, an
agreement and a turn after it, for a cut in the wrong place takes a sentence from its context.
"""

from __future__ import annotations

import re

from threadkit.base.text import fold

_VERY = (
    r"(?:(?:absolutely|all|basically|broadly|certainly|completely|definitely|entirely|fully|generally|kind of|largely|"
    r"mostly|obviously|of course|partly|quite|really|somewhat|sort of|strongly|totally|tend to|wholeheartedly|very|do|"
    r"also|can|fully|in general|in principle|100 ?%) )*"
)
_OPENING = r"(?:(?:ah|alright|hm+|ok|okay|oh|sure|well|yeah|yep|yes|no)[,.!]? )?(?:and )?"
_THAT = r"(?:(?:that|this|it)(?:'s| is| may be| might be| may well be) |you (?:make|have|raise) |you've got )?"

# Words by which a writer agrees at the beginning of a sentence, or grants something.
_AGREES = re.compile(
    rf"{_OPENING}(?:"
    rf"(?:i )?{_VERY}agreed?\b(?! to disagree)|i'm {_VERY}(?:with you|sympathetic|in agreement|on board)\b"
    rf"|i am {_VERY}(?:with you|sympathetic|in agreement|on board)\b"
    rf"|{_THAT}{_VERY}(?:an? )?{_VERY}(?:fair|good|great|valid|excellent|reasonable|interesting) (?:enough|points?|"
    r"post|argument|question|idea|catch|analysis|article|write-?up)\b"
    rf"|{_THAT}(?:all )?{_VERY}(?:true|fair|granted|right|correct)(?: enough)?(?=[,;.:!]| -| but\b| that\b| about\b|$)"
    rf"|you(?:'re| are|r) {_VERY}(?:right|correct)\b(?![- ](?:wing|hand))"
    r"|granted\b|point (?:well )?taken\b|no (?:argument|disagreement|objections?|quarrel) (?:there|here|with)\b"
    r"|i (?:can |do |totally |completely )*(?:see|get|understand|appreciate|take|accept|respect) (?:your|the|that|this|"
    r"where|what|why|his|her|their)\b"
    r"|i (?:also |really |quite |do |very much )*(?:like|love|enjoyed|liked|loved|support|share) (?:the|this|that|your|"
    r"most|much|it|almost)\b"
    r"|i (?:will |can |'ll )*(?:concede|grant|admit|acknowledge)\b|i'll (?:concede|grant|admit|acknowledge|give you)\b"
    r"|i (?:was|had been) (?:clearly |obviously |probably )?(?:wrong|mistaken)\b|i stand corrected\b"
    r"|(?:that|this|it) (?:\w+ )?makes (?:\w+ )?sense\b|makes sense\b|exactly\b(?=[,.!])|indeed\b(?=[,.!])"
    r"|(?:thanks|thank you|kudos)\b|great\b(?=[,.!])|well said\b|touch[eé]\b"
    r")"
)

# "While I agree that …, …": the turn is the comma.
_THOUGH = re.compile(
    rf"(?:while|although|though|even though|much as|whilst|as much as) (?:i {_VERY}(?:agree|sympathi[sz]e|see|"
    rf"get|understand|appreciate|like|love|accept|respect|support|admit|concede)\b|"
    rf"(?:that|this|it)(?:'s| is) {_VERY}true\b|"
    rf"you(?:'re| are) {_VERY}(?:right|correct)\b)"
)
# Undoes agreement: a condition, a question. ("Would agree" and "not agree" begin otherwise.)
_UNDONE = re.compile(r"\b(?:if|unless|whether)\b|\?")

# A turn: at the beginning of a sentence, or after a comma, a semicolon, a dash or a bracket.
_TURN = re.compile(
    r"(?:(?P<mark>[.!?;:,)\"'\u2026]|(?<=\s)-{1,2}|\.\.\.)\s+|(?<=\w)\s+(?=but\b))(?P<word>(?:and )?(?:but|however|"
    r"nevertheless|nonetheless|that said|that being said|having said that|with that said|still(?=,)|yet|though(?=,)|"
    r"on the other hand|even so|at the same time|then again|i just|it's just that|except that|where i disagree|"
    r"my (?:only |main |one )?(?:objection|concern|problem|issue|quibble|worry|disagreement))\b)"
)
# "But" of other meaning: "nothing but", "not only … but also", "by land but not by sea".
_NO_TURN = re.compile(
    r"\b(?:nothing|anything|anyone|all|none|everything|everyone|cannot help|can't help)$"
    r"|\b(?:not|n't) (?:only|just|merely|simply)\b[^.;]*$"
)
_ALSO = re.compile(r"(?:and )?but (?:also|by|not|rather)\b")

# Characters from the agreement within which the turn must stand: a later "but" turns against something else.
MAX_WAY = 280
# Words of an objection: fewer ("but okay") object to nothing.
MIN_WORDS = 4


def turn(text: str) -> int | None:
    """Return where the words that object begin in a paragraph that begins by agreeing; None where it has no turn.

    >>> text = "I agree with most of this, but the survey is far too small."
    >>> text[turn(text) :]
    'but the survey is far too small.'
    """
    folded = fold(text)
    begin = len(folded) - len(folded.lstrip("\"'([*_ "))
    though = _THOUGH.match(folded, begin)
    place = _comma(folded, though.end()) if though else _turn(folded, begin)
    if place is None or len(folded[place:].split()) < MIN_WORDS:
        return None
    return place


def _turn(folded: str, begin: int) -> int | None:
    agrees = _AGREES.match(folded, begin)
    if agrees is None:
        return None
    for match in _TURN.finditer(folded, agrees.end()):
        if match.start() > agrees.end() + MAX_WAY:
            return None
        before = folded[: match.start()]
        if _NO_TURN.search(before) or _ALSO.match(match["word"] + folded[match.end() :]):
            continue
        return None if _UNDONE.search(before) or _open_bracket(before) else match.start("word")
    return None


def _comma(folded: str, start: int) -> int | None:
    """Return where the main clause begins after "while I agree …,"."""
    place = folded.find(", ", start)
    if place < 0 or place > start + MAX_WAY or _open_bracket(folded[start:place]) or "." in folded[start:place]:
        return None
    return place + 2


def _open_bracket(text: str) -> bool:
    return text.count("(") > text.count(")") or text.count('"') % 2 == 1
