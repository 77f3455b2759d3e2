"""Courtesies: texts that restate, console, thank or decline, and so object to nothing."""

from __future__ import annotations

import re

from threadkit.base.text import fold, plain

# Characters that a courtesy has at most: whoever goes on for longer says something of their own.
MAX_COURTESY = 600

# A few words may stand before any of them: "Oh,", "@oz", "Hi oz,".
_LEAD = (
    r"\W{0,5}(?:(?:@[\w.-]{1,40}[,:]?|(?:dear|hello|hey|hi)(?: [\w.-]{1,40}){0,2}[,!.]|"
    r"(?:ah|again|also|and|aww?|hmm?|oh|ok|okay|so|well|wow)[,.!\u2026]{0,3}) ){0,2}"
)

# The other's view in the writer's words, to be set right where it is not theirs.
_RESTATES = re.compile(
    rf"{_LEAD}(?:iiuc\b|to paraphrase (?:what )?you\w*\b"
    r"|(?:just )?to make sure (?:that )?(?:i|we)(?:'ve| have)? (?:correctly )?(?:follow|get|got|underst(?:and|ood))\b"
    r"|if i(?:'ve| have)? (?:understand|understood)(?:,| correctly\b| (?:it|that|this|you)\b"
    r"| your (?:argument|point|position|proposal|view)\b| what you(?:'re| are) saying\b))"
)
# Asked at the end, and no doubt: "Is that right?"
_CHECKS = re.compile(
    r"(?:(?:is|was) (?:it|that|this) (?:\w+ )?(?:correct|right|so|what you (?:mean|meant))|am i (?:correct|right)|"
    r"did i (?:get|understand) (?:it|that|this|you)(?: \w+)?|correct|right|do i have that right)\?$"
)

_DECLINES = re.compile(
    rf"{_LEAD}i (?:(?:honestly|personally|really) )?(?:(?:have|hold|take) no|(?:do not|don't) (?:have|hold) an?y?) "
    r"(?:(?:firm|informed|particular|real|strong) )?(?:comment|opinion|position|stance|view)s?"
    r"(?: (?:about|as to|either way|here|on|one way)\b|[.,;!]|$)"
)

# Who consoles may tell of their own grief afterwards.
_CONSOLES = re.compile(
    rf"{_LEAD}(?:(?:(?:i'm|i am|we're|we are) )?(?:(?:deeply|really|sincerely|so|truly|very) ){{0,3}}"
    r"sorry (?:for your loss\b(?! of (?!your?\b))|to hear (?:about|of) your (?:father|loss|mother)\b|"
    r"(?:about |for )?(?:what )?you(?:'re| are) (?:going through|having))"
    r"|(?:my |our )?(?:deepest |sincere |sincerest )?(?:condolences|sympathies)\b|hang in there\b"
    r"|(?:big |many )?hugs\b)"
)
# Good wishes. "Good luck with that" is none, and many congratulate to mock.
_GAINED = r"(?:baby|birth|degree|engagement|job|launch|marriage|new|promotion|release|wedding)"
_WISHES = re.compile(
    rf"{_LEAD}(?:stay (?:safe|strong)\b|(?:all the |my )?best (?:of luck|wishes)\b(?! (?:finding|getting|proving|with))"
    r"|good luck(?=[!.]|$|,? (?:man|mate|my friend|to (?:her|him|them|you))\b"
    r"| with (?:the|your) (?:exams?|interviews?|move|new|recovery|studies|surgery|tests?|thesis)\b)|get well\b"
    r"|welcome (?:aboard|back|to the (?:board|club|forums?|group|site))\b|merry (?:christmas|xmas)\b"
    r"|happy (?:birthday|easter|holidays|new year|thanksgiving)\b"
    rf"|congrat(?:s|ulations)\b(?=(?:,? [\w.-]{{1,40}})?\W*$| on (?:the|your) {_GAINED}\b))"
)

# What readers do thank for. Sarcasm thanks for the rest: for nothing, for proving a point.
_GOOD = (
    r"(?:awesome|clear|comprehensive|detailed|excellent|fast|good|great|helpful|in-depth|insightful|interesting|kind|"
    r"long|lovely|nice|quick|thorough|thoughtful|useful|very|wonderful)"
)
_GIVEN = (
    r"(?:advice|analysis|answer(?:ing|s)?|article|background|clarif\w+|comments?|context|data|effort|elaborating|example|"
    r"expla\w+|feedback|heads[- ]?up|help|hint|info(?:rmation)?|insights?|letting (?:me|us) know|links?|"
    r"overview|pointers?|posting|posts?|read(?:ing)?|recommendations?|references?|repl(?:y|ies|ying)|research|"
    r"respon(?:ding|ses?)|review(?:ing)?|shar(?:e|ing)|suggestions?|summar(?:ies|ising|izing|y)|support|"
    r"taking (?:the )?time|thoughts?|time|tips?|update|welcome|words|work(?:ing)?|write[- ]?up|writing)"
)
_WILL = r"(?:(?:i(?:'ll| will)|will) (?:check|give|have|look|read|take a|try)\b)"
_THANKS = re.compile(
    rf"{_LEAD}(?:many |my )?(?:cheers|thanks|thank you|thx|ty)"
    r"(?: (?:a bunch|a lot|again|all|everyone|guys|kindly|man|mate|sir|so much|very much)){0,3}(?:,? @?[\w.-]{1,40})?"
    rf"(?:\W*+$|,? (?:and )?{_WILL}|,? for (?:(?:all|an?|both|such|that|the|these|this|those|your) ){{0,3}}"
    rf"(?:{_GOOD},? ){{0,3}}{_GIVEN}\b)"
)
# What may follow thanks and wishes and is one with them.
_FOLLOWS = re.compile(
    rf"\W*(?:{_WILL}|(?:(?:it|that|this)(?:'s| is| was)? )?(?:much|really|so|very) (?:appreciated|helpful|interesting|"
    r"kind|nice|useful)\b|(?:i )?(?:really |very much )?appreciate(?:d)? (?:it|that|the|this|your)\b|bookmarked\b"
    rf"|{_GOOD} {_GIVEN}\W*$|have an? (?:good|great|lovely|nice) \w+\W*$|take care\b|cheers\W*$|keep it up\b"
    r"|keep up the (?:good|great) work\b|all the best\b|hope (?:you|he|she|they|to see you)\b|see you\b"
    r"|you(?:'re| are) in my (?:prayers|thoughts)\b|$)"
)

# What goes on where another stopped.
_ADDS = re.compile(
    r"\W{0,5}(?:(?:also|and|yeah|yes),? )?(?:not (?:just|merely|only) that(?=[,.;]| but\b)"
    r"|even (?:better|worse)(?=[,:;]| is\b)"
    r"|what(?:'s| is) (?:even )?(?:better|crazier|funnier|more|sadder|stranger|weirder|worse)(?=[,:;]| is\b))"
)
_NOT_ONLY = re.compile(
    r"\W{0,5}(?:(?:also|and|yeah|yes),? )?not (?:just|merely|only) (?:the )?(?P<what>[\w' -]{2,40}+)[.,;]"
)

_STOP = re.compile(r"(?<=[.!?\u2026])\s+")

# Where a sentence that thanks or declines goes on to say something: "Thanks for the link, it says …".
_GOES_ON = re.compile(
    r"[,:;\u2013\u2014] (?:and |so )?(?:he|it|my|our|she|that|the|there|these|they|this|those|we|you|your)\b"
)

# A word of objection anywhere, and nothing here is sure.
AGAINST = re.compile(
    r"\b(?:absurd|although|anyway|but|contradict\w*|disagree\w*|doubt\w*|evidence|except|fail\w*|false\w*|flaw\w*|however|"
    r"ignor\w+|illogical|incorrect\w*|instead|irrelevant|lie|lies|lying|mistaken|nevertheless|nonetheless|nonsense|oppos\w+|"
    r"problem\w*|prove\w*|ridiculous|source\??|still|strawman|stupid\w*|though|unfortunately|untrue|why|wrong\w*|yet|"
    r"(?:doesn't|does not|don't|do not|can't|cannot|isn't|is not|not) (?:\w+ )?(?:agree|buy|change|follow|hold|"
    r"make sense|possible|see (?:how|why)|think|true|work)|"
    r"then (?:how|what|where|who)|how (?:can|could|do|does|on earth|would)|where is|where's|who (?:decides|says))\b"
    r"|\bsarcas|(?<![\w/])/s\b|:rolleyes:|\bemoticonx|[\U0001F644\U0001F921]"
)


def objects_to_nothing(text: str) -> bool:
    """Tell whether a text only restates, consoles, thanks or declines, and so objects to nothing.

    Its words may look like an objection to a model. A text with a turn, a word of objection or a doubting question is
    none, nor are thanks and wishes that mock.

    >>> objects_to_nothing("If I understand you correctly, the bridge would be closed to cars. Is that right?")
    True
    >>> objects_to_nothing("Thanks for the link! I will read it."), objects_to_nothing("Thanks for nothing.")
    (True, False)
    """
    if len(text) > MAX_COURTESY:
        return False
    folded = fold(plain(text))
    restates, consoles = _RESTATES.match(folded), _CONSOLES.match(folded)
    if not (restates or consoles or _polite(folded)) or AGAINST.search(folded):
        return False
    parts = _STOP.split(folded)
    if restates:
        return all(_CHECKS.match(part) for part in parts[1:])
    if "?" in folded:
        return False
    return bool(consoles) or all(map(_courteous, parts))


def adds(text: str, target: str) -> bool:
    """Tell whether a text adds to what its target says: "Not only that, …", "Not just the pump." where that names it.

    >>> adds("Not just the pump. The well leaks too.", "The pump leaks."), adds("Not just yet.", "The pump leaks.")
    (True, False)
    """
    folded = fold(plain(text[:MAX_COURTESY]))
    only = _NOT_ONLY.match(folded)
    return bool(_ADDS.match(folded) or (only and only["what"] in fold(target)))


def _polite(sentence: str) -> re.Match[str] | None:
    """Return what of a folded sentence wishes well, thanks or declines; None where it does not begin so."""
    return _WISHES.match(sentence) or _THANKS.match(sentence) or _DECLINES.match(sentence)


def _courteous(sentence: str) -> bool:
    """Tell whether a folded sentence is polite or rounds that off, and says nothing else."""
    found = _polite(sentence)
    more = _GOES_ON.search(sentence, found.end() - 1) if found else None
    if found and more is None:
        return True
    return bool(_FOLLOWS.match(sentence, more.start() if more else 0))
