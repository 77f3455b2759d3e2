"""Where one paragraph turns from agreeing to objecting: "I agree with most of this, but …".

Judged as one, such a paragraph is neither; so it is cut in two where it turns. Only where both cues stand, an
agreement and a turn after it, for a cut in the wrong place takes a sentence from its context.
"""

from __future__ import annotations

import re

from threadkit.base.text import fold

_VERY = (
    r"(?:(?:100 ?%|absolutely|all|also|basically|broadly|can|certainly|completely|definitely|do|entirely|fully|"
    r"generally|have to|in general|in principle|kind of|largely|likely|mostly|must|obviously|of course|partly|perhaps|"
    r"possibly|probably|quite|really|somewhat|sort of|strongly|tend to|totally|very|wholeheartedly) ){0,3}"
)
# Whom a paragraph speaks to, a label or an adverb may stand before its first words: "@oz", "Hi oz,", "Edit:", "So". A
# label that reports ("Oz said:") is none.
_NAME = r"[\w.'#-]{1,40}"
_LEAD = (
    rf"(?:(?:@{_NAME}[,:]?|(?:dear|hello|hey|hi)(?: {_NAME}){{0,2}}[,!.:]|{_NAME},(?= (?:i|i'm|you|you're) )"
    rf"|\(?\d{{1,2}}[.)]|(?!(?:\S{{1,40}} ){{0,3}}(?:argue|claim|say|said|think|told|write|wrote)s?\b)"
    rf"{_NAME}(?: {_NAME}){{0,3}}:[*_]{{0,3}}"
    r"|(?:actually|again|all in all|first(?: of all| off)?|for what it'?s worth|frankly|fwiw|honestly|imho|look|now|"
    r"on the whole|overall|personally|so|to be fair|to be honest),?) ){0,2}"
)
_OPENING = (
    r"(?:(?:ah|alright|ha|haha|heh|hm+|honestly|imo|lol|oh|ok|okay|no|sure|well|yea|yeah|yep|yes|yup)[,.!]? ){0,2}"
    r"(?:and )?(?:i (?:guess|suppose|think)(?: that)? (?=(?:i|it|that|this|you)\b))?"
)
_THAT = r"(?:(?:that|this|it)(?:'?s| is| may be| might be| may well be) |you (?:make|have|raise) |you've got )?"
_YOU_ARE = r"(?:you(?:'?re| are|r)|ur|you (?:could|may|might)(?: very| well| very well)? be)"
_GOOD = (
    r"(?:awesome|brilliant|clever|cool|decent|excellent|fair|fine|good|great|interesting|lovely|neat|nice|reasonable|"
    r"solid|sound|valid)"
)
_THOUGHT = (
    r"(?:analysis|approach|argument|article|concept|design|goal|idea|intention|plan|point|post|premise|principle|"
    r"project|proposal|rest|theory)s?"
)
# Praise of anything is an agreement only where the turn comes at once.
_AT_ONCE = r"(?=(?:[,;]| -| \([^()]{0,40}\))? (?:but|however)\b|[.!] (?:but|however)\b)"

# Words by which a writer agrees at the beginning of a sentence, or grants something.
_AGREES = re.compile(
    rf"{_LEAD}{_OPENING}(?:"
    rf"(?:i )?{_VERY}agreed?\b(?! to disagree)|i'm {_VERY}(?:with you|sympathetic|in agreement|on board)\b"
    rf"|i am {_VERY}(?:with you|sympathetic|in agreement|on board)\b"
    rf"|i(?:'m| am) (?:{_VERY}(?:in favou?r of|not (?:against|opposed to))|all for|an? (?:big |great |huge )?fan of)\b"
    rf"|i (?:do not|don't|can't|cannot|won't|wouldn't) {_VERY}(?:necessarily )?(?:disagree|argue with)\b"
    r"|(?:strong|strongly|hard|weak|mild) agree\b|(?:strongly )?upvoted\b|lgtm\b|no doubt\b|like you,? i(?:'d|'m)?\b"
    r"|(?:you(?:'re| are) )?not wrong\b|\+1(?=[,.!;]| -| but\b| (?:for|from|on|to)\b)"
    r"|(?:(?:that|this|it|all) )?(?:looks|sounds|seems) (?:\w+ )?(?:fair|fine|good|great|interesting|nice|plausible|"
    r"reasonable|right)\b"
    rf"|(?:that|this|it)(?:'?s| is) {_VERY}(?:an? )?(?:awesome|cool|excellent|good|great|interesting|lovely|neat|nice)"
    r"(?=[,;.!]| -| but\b)"
    r"|loved? (?:it|this|that|the (?:approach|article|concept|idea|look|plan|post|project|proposal|thought|work))\b"
    rf"|(?:love|like) (?:the|this|that|your) (?:[\w'-]+ ){{0,2}}[\w'-]+{_AT_ONCE}"
    rf"|(?:(?:that|this|it)(?:'?s| is) {_VERY}an? )?{_VERY}{_GOOD} (?:[\w'-]+ )?[\w'-]+{_AT_ONCE}"
    rf"|(?:the|this|that|your) (?:\w+ )?{_THOUGHT} (?:is|are|looks?|seems?|sounds?) {_VERY}{_GOOD}(?=[,;.!]| -| but\b)"
    r"|(?:well|nicely) (?:argued|done|explained|put|written)\b|i hear you\b|i get it\b"
    rf"|{_THAT}{_VERY}(?:an? )?{_VERY}(?:brilliant|clever|cool|excellent|fair|good|great|interesting|lovely|neat|"
    r"nice|reasonable|solid|valid) (?:enough|points?|analysis|argument|article|catch|comment|concern|criticism|effort|"
    r"find|idea|initiative|job|objection|piece|post|project|proposal|question|read|suggestion|summary|thought|work|"
    r"write-?up)\b"
    rf"|{_THAT}(?:all )?{_VERY}(?:true|fair|granted|right|correct)(?: enough)?(?=[,;.:!]| -| but\b| that\b| about\b|$)"
    rf"|{_YOU_ARE} {_VERY}(?:right|correct)\b(?![- ](?:wing|hand))"
    r"|granted\b|point (?:well )?taken\b|no (?:argument|disagreement|objections?|quarrel) (?:there|here|with)\b"
    r"|i (?:do not|don't) (?:\w+ )?(?:mind|object to|oppose)\b"
    r"|i (?:can |do |totally |completely )*(?:see|get|understand|appreciate|take|accept|respect) (?:your|the|that|this|"
    r"where|what|why|his|her|their)\b"
    r"|i (?:also |really |quite |do |very much )*(?:like|love|enjoyed|liked|loved|support|share) (?:the|this|that|your|"
    r"most|much|it|almost)\b"
    r"|i (?:will |can |'ll )*(?:concede|grant|admit|acknowledge)\b|i'll (?:concede|grant|admit|acknowledge|give you)\b"
    r"|i (?:was|had been) (?:clearly |obviously |probably )?(?:wrong|mistaken)\b|i stand corrected\b"
    r"|(?:that|this|it) (?:\w+ )?makes (?:\w+ )?sense\b|makes sense\b|exactly\b(?=[,.!])|indeed\b(?=[,.!])"
    r"|you(?: do)? have a point\b|you've got a point\b"
    # Assent that says nothing more is an agreement only where the turn comes at once.
    r"|(?:absolutely|certainly|cool|could be|definitely|fair|for sure|i know|interesting|may be|maybe|might be|nice|"
    r"noted|of course|perhaps|possibly|probably|right|sure|totally|understood|yea|yeah|yep|yes|yup)"
    r"(?=[,.;!\u2026-]*\s+(?:but|however)\b)"
    r"|(?:thanks|thank you|kudos)\b|great\b(?=[,.!])|well said\b|touch[eé]\b"
    r")"
)

# "While I agree that …, …": the turn is the comma.
_THOUGH = re.compile(
    rf"{_LEAD}(?:while|although|though|even though|much as|whilst|as much as) (?:i(?:'d| would)? {_VERY}(?:agree|"
    rf"sympathi[sz]e|see|get|understand|appreciate|like|love|accept|respect|support|admit|concede)\b|"
    rf"(?:that|this|it)(?:'s| is) {_VERY}true\b|"
    rf"{_YOU_ARE} {_VERY}(?:right|correct)\b)"
)
# Undoes agreement: a condition, a question. ("Would agree" and "not agree" begin otherwise.)
_UNDONE = re.compile(r"\b(?:if|unless|whether)\b|\?")

# What else "however", "yet", "I just" and "my problem" may begin: "however hard they try", "yet another", "I just tried
# it", "my problem was the driver".
_HOWEVER = (
    r"however(?! (?:(?:far|hard|large|little|long|many|much|often|small)\b|(?:anybody|one|people|they|we|you) "
    r"(?:call|choose|cut|define|look|phrase|put|slice|spin|try|want)))"
)
_DOUBT = (
    r"i just (?:am not|believe|can't|cannot|disagree|dislike|do not|don't|doubt|fail|feel|find|hate|think|understand|"
    r"wonder|would not|wouldn't)"
)
_MINE = (
    r"my (?:main |one |only )?(?:concern|disagreement|gripe|hesitation|nitpick|nit|objection|qualm|quibble|reservation|"
    r"worry|(?:issue|problem)(?! was))(?=:| (?:about|here|is|was|with|would be)\b(?! (?:exactly )?the same))"
)
# What is left to disagree with once the rest is agreed on.
_LEFT = (
    r"(?:the )?(?:one|only) (?:thing|part|place|point) (?:i (?:disagree|don't|do not|doubt|question|wonder|would)|i'd|"
    r"where i)|where i(?:'d| would| do)? (?:differ|disagree|push back|quibble)"
    r"|(?:one|a) (?:\w+ )?(?:caveat|disagreement|nitpick|nit|objection|quibble|reservation)(?=:| is\b| though\b)"
    r"|(?:one|the only) (?:concern|issue|problem|trouble)(?=:| is\b| with\b)"
    r"|i(?:'d| would)(?: just| only)? (?:push back|take issue)"
    r"|the (?:conclusion|rest|(?:last|other|second) (?:half|part|point)) (?:is|seems) (?:\w+ )?(?:dubious|false|"
    r"invented|mistaken|nonsense|unfounded|wrong)"
    r"|(?:i )?(?:\w+ly )?disagree (?:about|on|with (?:the (?:conclusion|idea|last|notion|other|premise|rest|second)|"
    r"you(?! (?:if|that|when)\b)|your))"
)

# A turn: at the beginning of a sentence, or after a comma, a semicolon, a dash or a bracket.
_TURN = re.compile(
    r"(?:[.!?;:,)\"'\u2026]\s+|(?<=\s)-{1,2}\s+|(?<=\S)\s+(?=but\b))(?P<word>(?:and )?(?:but|nevertheless|"
    r"nonetheless|that said|that being said|having said that|with that said|still(?=,)|yet(?! another)|though(?=,)|"
    r"(?P<near>(?<=[,;] )(?:al)?though(?= ))|on the other hand|even so|at the same time|then again|it's just that|"
    rf"except that|where i disagree|{_HOWEVER}|{_DOUBT}|{_MINE}|{_LEFT})(?![\w']))"
)
# "But" of other meaning: "nothing but", "no choice but", "not only … but also", "by land but not by sea".
_NO_TURN = re.compile(
    r"\b(?:nothing|nobody|no one|nowhere to go|no (?:\w+ )?(?:alternative|choice|option|way)|anything|anybody|anyone|"
    r"all|none|everything|everyone|cannot help|can't help|not (?:\w+ )?sure)$"
    r"|\b(?:not|n't) (?:only|just|merely|simply)\b[^.;]*$"
)
_ALSO = re.compile(r"(?:and )?but (?:also|by|not|rather)\b")
# "Not about money but about power": one word begins both.
_RATHER = re.compile(
    r"(?:\bnot|n't) (an?|the|about|because|by|for|from|in|on|that)(?: [\w'-]+){1,12}?,? "
    r"(?P<word>but) (?:is |are |was |it's |it is )?(?:\1|an?)\b"
    r"|(?:\bnot|n't) [^.,;]{1,120}?,? (?P<only>but) only\b"
)
# "You are, however, free to look": the word stands between commas inside a clause.
_AUXILIARY = r"(?:am|are|be|can|could|did|do|does|had|has|have|is|may|might|must|should|was|were|will|would)"
_AUXILIARY_AFTER = re.compile(rf", {_AUXILIARY}\b")
_UNENDED = re.compile(rf"\b(?:{_AUXILIARY}|that|which|who),$")

_COMMA = re.compile(", ")
# Where a sentence ends, seen in the text as written: no abbreviation, and a line only where a capital follows.
_STOP = re.compile(
    r"(?<!\b[A-Z])(?<!\b(?:dr|Dr|mr|Mr|ms|Ms|st|St|eg|ie|cf|vs))(?<!\b(?:mrs|Mrs|etc|e\.g|i\.e|U\.S))"
    r"(?<![.!?\u2026]{2})[.!?\u2026]++[\"'\u201d\u2019)\]*_]*+\s++|(?<!\s)\n\s*+(?=[A-Z])"
)
# "Supply, demand and taxes": this comma parts what is listed, or holds a word between commas, and no clauses.
_LISTED = re.compile(
    r"(?:and|or|especially|including|which|who|where|e\.g|i\.e)\b"
    r"|(?!(?:he|i|it|she|that|there|these|they|this|those|we|you)\b)"
    r"[\w'-]+(?: [\w'-]+){0,2}(?:,| (?:and|or) [\w'-]+,)"
)
# "That, in general, …".
_ASIDE = re.compile(r"[^,.;]*\bthat, [^,.;]*,")

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
    place = _comma(folded, though.end()) if though else _turn(text, folded, begin)
    if place is None or len(folded[place:].split()) < MIN_WORDS:
        return None
    return place


def _turn(text: str, folded: str, begin: int) -> int | None:
    agrees = _AGREES.match(folded, begin)
    if agrees is None:
        return None
    stop = agrees.end() + MAX_WAY
    later = [match.end() for match in _STOP.finditer(text, agrees.end(), stop)]
    rather = {match.start(match.lastgroup or 0) for match in _RATHER.finditer(folded, agrees.end(), stop)}
    for match in _TURN.finditer(folded, agrees.end()):
        if match.start() > stop:
            return None
        before, place = folded[: match.start()], match.start("word")
        if not _heads(folded, place, later) or _within(folded, match):
            continue
        if place in rather or _NO_TURN.search(before) or _ALSO.match(folded, place):
            continue
        return None if _UNDONE.search(before) or _open_bracket(before) else place
    return None


def _heads(folded: str, place: int, later: list[int]) -> bool:
    """Tell whether a turn begins its sentence, or stands in one that itself agrees, as the first does.

    Within a later sentence it turns against what stands there: "Agreed. I use it daily, but seldom at night."
    """
    starts = [start for start in later if start <= place]
    return not starts or starts[-1] == place or bool(_AGREES.match(folded, starts[-1], place + 4))


def _within(folded: str, match: re.Match[str]) -> bool:
    """Tell whether the word stands between commas inside a clause: "You are, however, free to look."."""
    aside = folded.startswith(",", match.end())
    return aside and bool(_AUXILIARY_AFTER.match(folded, match.end()) or _UNENDED.search(folded[: match.start() + 1]))


def _comma(folded: str, start: int) -> int | None:
    """Return where the main clause begins after "while I agree …,"."""
    aside = _ASIDE.match(folded, start)
    for comma in _COMMA.finditer(folded, aside.end() if aside else start, start + MAX_WAY):
        before = folded[start : comma.start()]
        if "." in before:
            return None
        if not _open_bracket(before) and not _LISTED.match(folded, comma.end()):
            return comma.end()
    return None


def _open_bracket(text: str) -> bool:
    """Tell whether a bracket, a link's words, quotation marks or bold print are open at the end of a folded text."""
    return (
        text.count("(") > text.count(")")
        or text.count("[") > text.count("]")
        or text.count('"') % 2 == 1
        or text.count("**") % 2 == 1
    )
