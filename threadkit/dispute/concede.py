"""Who concedes: the segments in which a writer gives a point up, admits an error or changes their mind."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import pandas as pd

from threadkit.base.columns import values
from threadkit.base.text import fold, plain, sentences
from threadkit.dispute.segment import goes_on


# Without eq a sign is hashed by what it is, not by its words: `_needs` looks up a tuple of them for every text.
@dataclass(frozen=True, eq=False, slots=True)
class Sign:
    """Words by which writers concede: a pattern for one folded sentence, and what it cannot match without."""

    pattern: re.Pattern[str]
    needs: tuple[str, ...]


def _sign(needs: str, pattern: str) -> Sign:
    return Sign(re.compile(pattern), tuple(needs.split("|")))


# Words that may stand before "right" or "wrong" and change nothing; "not" and "never" are none of them.
_SURELY = (
    r"(?:(?:100 ?%|absolutely|all|also|certainly|clearly|completely|damn|dead|definitely|entirely|flat[- ]out|indeed|"
    r"just plain|just|obviously|of course|partly|perfectly|plainly|probably|quite|simply|so|totally|very) )?"
)
_OPENING = r"^(?:(?:ah|alright|haha|hm|hmm|lol|ok|okay|oh|oops|sorry|sure|well|whoops|yeah|yep|yes)[,.!]? )?"
# "No you're right" denies nothing.
_NO = r"(?:^(?:no,? )+)?"
_YOU_ARE = rf"{_NO}\b(?:you(?:'?re| are| were)|ur)"
_WILL = r"(?: must| have to| will|'ll| do| gladly| happily| hereby)?"
# "I was wrong to think you cared" blames somebody else; "… to think you meant the ferry" does not.
_HOPED = (
    r" (?:for|in|to) (?:expect|hop(?:e|ing)|trust|(?:assum|believ|think|thought)\w* (?:that )?(?:you|anyone|anybody|"
    r"people|this)\b(?! mean| said| (?:was|were|are|is) (?:about|asking|referring|saying|talking)))"
)

# Where a writer speaks of their own error at once: further on, "I'm wrong" is more often what others say.
_SELF = (
    rf"{_OPENING}(?:(?:apologies|clearly|i (?:now )?see(?: that)?|it (?:seems|turns out)(?: that)?|looks like|so|then|"
    r"well),? )?"
)
_CLAIM = r"(?:assertion|assumption|claim|figure|number|paragraph|passage|reading|sentence|statement|sum)"

# An explicit admission: it concedes something even when "but …" follows.
_EXPLICIT = (
    _sign(
        "wrong|mistaken|incorrect|in error",
        rf"{_NO}\bi (?:was|had been) {_SURELY}(?:wrong|mistaken|incorrect|in error)\b(?!{_HOPED})",
    ),
    _sign("wrong|mistaken", rf"{_SELF}i(?:'m| am) {_SURELY}(?:wrong|mistaken)(?= (?:about|here|on|there)\b|[.,;!]|$)"),
    _sign(
        "my claim|my statement|my assertion|my assumption|my number|my figure|of mine w",
        rf"{_SELF}(?:my {_CLAIM}s?(?: (?:about|for|of|on|that) [^,.;:?!]{{1,60}})?|"
        rf"(?:that|the|this|those) (?:\w+ )?{_CLAIM}s? of mine) (?:was|were) {_SURELY}"
        r"(?:wrong|mistaken|incorrect|false|off|in error)\b(?! (?:if|to)\b)",
    ),
    _sign(
        "i removed|ve removed|i deleted|ve deleted",
        rf"\bi(?:'ve| have)? (?:now |since )?(?:removed|deleted) (?:my|that|the|this) (?:\w+ )?{_CLAIM}\b",
    ),
    _sign(
        "withdraw|retract",
        rf"{_OPENING}(?:my )?(?:(?:claim|complaint|concern|criticism|objection|point)s? )?(?:is |are |hereby )?"
        r"(?:withdrawn|retracted)(?=[.,;!]|$)|[,;] (?:so )?(?:withdrawn|retracted)[.!]?$",
    ),
    _sign("strike that|scratch that", rf"{_OPENING}(?:scratch|strike) that(?=[.,;:!]|$| -)"),
    _sign("culpa", rf"(?:{_OPENING}|[,;:] )mea (?:maxima )?culpa(?=[.,;:!]|$| -)"),
    _sign(  # not: I missed the part where you proved it
        "i missed|ve missed|i overlooked|ve overlooked",
        r"\bi(?:'ve)? (?:missed|overlooked) (?:that|the|this|your) (?:\w+ )?(?:column|footnote|line|page|paragraph|"
        r"part|passage|section|sentence|step|table)\b(?! (?:about|from|in which|of|on|that|when|where)\b)",
    ),
    _sign("i now agree", r"\bi now agree (?:with (?:that|this|you)\b|that (?!you(?:'re| are)\b))"),
    _sign("come around", r"\bi(?:'ve| have) (?:now )?come around(?= on\b| to (?:it|that|this|the|your)\b|[.,;!]|$)"),
    _sign("wrong", r"\bi (?:got|had) (?:it|that|this|that one|this one) (?:all |completely |so |totally )?wrong\b"),
    _sign("wrong|mistaken", r"\bi(?:'m| am) (?:clearly|obviously|evidently|apparently) (?:wrong|mistaken)\b"),
    _sign(
        "misread|misremembered|misspoke|misunderstood|overstated",
        r"\bi (?:clearly |completely |simply |totally )?(?:misread|misremembered|misspoke|misunderstood|overstated)\b",
    ),
    _sign(  # not: my mistake was to trust you, my bad for expecting more, my error rate
        "my mistake|my bad|my error",
        rf"(?:{_OPENING}|[,;:] )my (?:mistake|bad|error)"
        r"(?= ?[^\w\s-]|$| -| (?:entirely|here|i|it|lol|on|that|the|then|there|you)\b)",
    ),
    _sign(
        "on me|my mistake|my error|my fault|my bad",
        r"\b(?:that|this|it)(?:'s| is| was) (?:on me|my (?:mistake|error|bad))\b",
    ),
    _sign("i stand", r"\bi stand corrected\b"),
    _sign("concede", r"^(?:i )?conceded?\b(?! nothing| to )"),
    _sign("concede|retract", rf"\bi{_WILL} (?:concede|retract)\b(?! nothing)"),
    _sign("withdraw", r"\bi withdraw (?:it|that|this|half|my|what|the (?:claim|comment|objection|point))\b"),
    _sign(" back", rf"\bi{_WILL} take (?:it|that|this|all of it|all that|my words|what i said) back\b"),
    _sign(
        "take back",
        rf"\bi{_WILL} take back (?:everything|what i|(?:my|that|the) (?:claim|comment|first|last|objection|"
        r"point|remark|words?))\b",
    ),
    _sign("d my ", r"\b(?:changed|shifted|swayed) my (?:mind|opinion|position|view)\b"),
    _sign(
        "s my ",
        r"\b(?:that|this|which) (?:actually |certainly |completely |definitely |really |totally )?(?:changes|shifts) "
        r"my (?:mind|opinion|position|view)\b",
    ),
    _sign("ed me", r"\byou(?:'ve| have)? (?:convinced|persuaded|swayed) me\b"),
    _sign("convinced|persuaded", r"\b(?:consider me|i(?:'m| am)(?: now)?) (?:convinced|persuaded)(?:[.!,]|$)"),
    _sign(
        "thought of|thought about|think of|think about|consider|realis|realiz",
        r"\bi (?:had not|hadn't|never|did not|didn't) (?:really |even |actually )?(?:thought (?:of|about)|"
        r"think (?:of|about)|considered?|reali[sz]ed?) (?:that|this|it)\b(?! (?:an?|as|to be)\b)",
    ),
    _sign(
        "objection|concern|complaint|doubt|worr",
        r"\b(?:addresses|answers|removes|resolves|settles) (?:my|most of my|all my) "
        r"(?:concern|complaint|doubt|objection|worr)",
    ),
    _sign(
        "i have no",
        r"\bi have no (?:(?:further|more|other) (?:complaint|objection)|(?:complaint|objection)s? (?:left|any ?more))",
    ),
    _sign(
        "updat",
        r"\bi(?:'ve| have|'m| am)? updat(?:ed|ing) (?:away|towards?|in (?:your|that) direction|"
        r"my (?:beliefs?|estimates?|model|opinion|position|views?)\b)",
    ),
    _sign(
        "i no longer",
        r"\bi no longer (?:object|stand by|(?:believe|claim|hold|think) (?:it|my|that (?!you)|the|there|this))\b",
    ),
    _sign("!delta", r"(?<!\w)!delta\b"),  # how r/changemyview tells that a view changed
    _sign("δ|∆", r"^[δ∆]+(?=[\s.,:!]|$)(?! ?[=<>+*/-])"),
    _sign(
        "delta|δ|∆",
        r"(?:\b(?:here(?:'s| is) (?:a|your|the)|have an?|take (?:a|your)|i(?:'ll| will)? give you a|"
        r"you (?:get|earned?|deserve|'ve earned|have earned) (?:a|the|your|this|my)|"
        r"i(?:'m|'ve|'ll| am| have| will| hereby)? award(?:ed|ing)?(?: you)?(?: an?| the)?)|"
        rf"(?:{_OPENING}|[,;:] )award(?:ed|ing) you(?: an?| the)?) (?:delta\b|[δ∆])",
    ),
)

# A courtesy that often only opens the next blow: it concedes something unless "but …" follows in the paragraph.
_POLITE = (
    _sign(  # not: you're right-wing, right here, right next to, right to vote
        " right",
        rf"{_YOU_ARE} {_SURELY}right(?![-\w])(?! (?:wing|hand|here|now|next|at|in (?!saying|that)|behind|"
        r"up|of cent|on (?:the|top)|after|before|to (?!call|correct|note|object|point|push|question|say)))",
    ),
    _sign(" correct", rf"{_YOU_ARE} {_SURELY}correct(?![-\w])(?! (?:in saying )?that (?:i'm|i am)\b)"),
    _sign("your right", r"^your right[,.!]"),
    _sign("a point", r"\byou(?: do)?(?: have|'ve got| have got) a point\b(?! (?:of|to|for)\b)"),
    _sign("me there", r"\byou(?:'ve)? (?:got|have|had) me there\b"),
    _sign(
        "point|catch",
        rf"(?:{_OPENING}|[,;] )(?:and )?"
        r"(?:(?:that|this|it)(?:'?s| is) |you(?:'ve got| have got| have| got| make| raise) )?"
        r"(?:an? )?(?:very |really |pretty |quite )?(?:fair|good|valid|great|excellent) (?:points?|catch)\b"
        r"(?! (?:is|of|to|for)\b)",
    ),
    _sign("point", r"\bpoints? (?:well )?(?:taken|conceded|granted)\b"),
    _sign(
        "point",
        rf"{_OPENING}(?:that|the|this|your) points?(?: (?:about|on|re|regarding|that) [^,.;:?!]{{1,60}})? (?:is|are) "
        rf"{_SURELY}(?:fair|good|valid|well[- ](?:made|taken))(?=[.,;!]| one\b|$)",
    ),
    _sign("you win", r"\byou win (?:that|this) (?:one|point|round)\b"),
    _sign(
        "not aware of|n't aware of|didn't know that|did not know that",
        r"\bi (?:was not|wasn't) aware of (?:it|that|the|this|those)(?: \w+)?"
        r"(?=[.;!]|, (?:and|it|so|thanks?)\b|$)"
        rf"|{_OPENING}i (?:did not|didn't) know that(?=[.,;!]|$)",
    ),
    _sign("fair enough", r"(?<!\ba )\bfair enough\b"),
    _sign(
        "fair",
        rf"{_OPENING}(?:(?:that|this)(?:'?s| is| seems) )?(?:only |perfectly |totally |quite )?fair"
        r"(?:[.!;]|$|, (?:and|but|i|it|that|thanks?|you)\b)",
    ),
    _sign("touche|touché", r"\btouch[eé](?!\w)"),
    _sign("true", rf"{_OPENING}(?:(?:that|this)(?:'?s| is) )?(?:very |quite )?true(?: enough)?[.!]?$"),
    _sign("see your|see it|see what", r"\bi (?:can |do |now )?see (?:your point|it now|what you mean)\b"),
    _sign("give you|grant you", r"\bi(?:'ll| will| can)? (?:give|grant) you (?:that|this)\b"),
    _sign(
        "admit|acknowledge",
        r"\bi (?:admit|acknowledge) (?:that )?(?:you(?:'re| are|r point)|(?:my|the) (?:error|mistake|point))\b",
    ),
    _sign("live with", r"\bi (?:can|could) live with(?: (?:it|that|this)\b|[.,;!]|$)"),
    _sign("better than i", r"\bbetter than i(?:'d| had| would)?(?: have)? (?:expected|feared|guessed|thought)\b"),
    _sign(
        "fixed|corrected",
        r"^(?:thanks?(?: you)?[,.!]? )?(?:now )?(?:fixed|corrected)"
        r"(?:[,.!]| now| the|$| (?:it|that)\b(?! for (?:u|ya|you)\b))",
    ),
    _sign(
        "fixed|corrected|amended",
        r"\bi(?:'ve| have) (?:now )?(?:fixed|corrected|amended)\b(?! (?:it|that|this) for (?:u|ya|you)\b)",
    ),
    _sign(
        "thank",
        r"\bthank(?:s| you) for (?:the correction|correcting|setting me straight|clearing (?:it|that|this) up|"
        r"pointing (?:it|that|this) out)\b",
    ),
)

# Praise that is meant the other way round: nothing is conceded by it.
_SARCASTIC = re.compile(
    r"(?<![\w/])/s\b|\beye ?roll|\b(?:silly|foolish|stupid|dumb) (?:of )?me\b|what was i thinking|"
    r"\b(?:because|since|as) (?:clearly|obviously|of course|surely)\b|\byeah,? right\b|\bgenius\b|"
    r"\b(?:oh|wow)[,.!]* (?:wow|please|oh|great one|brilliant)\b|^(?:wow|gee|gosh|golly|congratulations)\b|"
    r"\b(?:brilliant|stunning|devastating|dazzling) (?:argument|insult|insight|logic|reasoning|rebuttal)|"
    r"\bwho needs\b|\bhow (?:could|dare) (?:i|we|anyone|anybody)\b|"
    r"\bmust be (?:nice|true|right)\b|[\U0001F644\U0001F921]|:rolleyes:|\*slow clap\*"
)

_BUT = re.compile(
    r"\b(?:but|however|nevertheless|nonetheless|although|though|still|that said|except|on the other hand|oh wait|nah)\b"
)
# Words that object without a "but", in the same sentence or the next: "Fair enough. I disagree."
_OBJECTS = re.compile(
    r"(?<!not )(?<!n't )\bdisagree\b|\ball the same\b|\b(?:does|do)(?:n't| not) (?:follow|mean)\b"
    r"|\bi (?:\w+ )?do(?:n't| not) (?:agree|buy|see how|think (?:it|that|this|you|your))\b"
    r"|\bi (?:\w+ )?think (?:it|that|this|you|your)(?:'s|'re| are| is) (?:\w+ )?(?:false|mistaken|wrong)\b(?! to )"
    r"|\byou(?:'re| are) (?:\w+ )?(?:ignoring|mistaken|missing|overlooking|wrong)\b"
    r"|[.,;:!] (?:yet|unfortunately|(?:too bad|shame|pity) (?:it|that)|in practice|not (?:according|how|true|what)|"
    r"the (?:only )?(?:problem|trouble) is)\b"
)
# "I assumed you could count. My mistake."
_ASSUMED = re.compile(
    r"\bi (?:assumed|figured|suppose|thought|was under the impression|"
    r"did(?:n't| not) (?:know|reali[sz]e|think) (?:i|that))\b"
)
# "While you're right about the price, …" comes to its point later.
_GRANTS = re.compile(r"\W*(?:and |even )*(?:although|though|while|whilst)\b")

# What those who want to be shown something ask for.
_SHOW = r"(?:bring|cite|find|give|link|list|name|offer|post|present|produce|prove|provide|quote|show)"

# What undoes a concession when it stands before it in the same clause: a denial, a doubt, a condition, a challenge
# ("show me where I was wrong"), or somebody else's opinion ("you think I was wrong").
_UNDONE = re.compile(
    r"\b(?:not|never|nothing|nobody|none|neither|nor|hardly|without|cannot|refuse)\b|n't\b"
    r"|\bno\b(?! doubt| question)"
    r"|\b(?:maybe|perhaps|could|would|might|may|should|possib\w+|chance|evidence|proof|wish|hope|imagine|"
    r"pretend|(?<!no )doubt)\b"
    r"|\b(?:when|whenever|until|till|once|because|as long as|time|either|than)\b"
    r"|\b(?:argue|ask|convince|demonstrate|explain|let|point out|show|tell|prov(?:e|ing)|claiming|saying|thinking)\b"
    r"|\b(?:everybody|everyone|he|it|nobody|others|people|she|some|somebody|someone|that|they|this|which|who|you)"
    r"(?:'d|'ll|'ve)? (?:(?!i\b)\w+ )?(?:accus|assum|believ|claim|feel|implie|imply|insist|know|said|say|suggest|tell|"
    r"think|thought|told|want)"
    # Words of which somebody speaks: "type !delta", "this deserves a !delta".
    r"|\b(?:deserves?|reply|typ(?:e|ing)|us(?:e|ing)|with|writ(?:e|ing))(?: an?| the)? $"
)
# … anywhere before it in its sentence ("I thought you had a brain, but I was wrong" concedes nothing) …
_SUPPOSED = re.compile(
    r"\b(?:if|unless|whether|(?<!\bi )suppose|(?:and|so) i suppose|supposing|assume|assuming|let's say|"
    r"i thought (?:for a (?:moment|second|while) )?you(?! mean| said| were (?:asking|referring|saying|talking)))\b"
)
# … or with it: "find me one case and I'll concede" …
_DARED = re.compile(
    rf"(?:^|[,;:.!?] |\b(?:just|now|please|so|then) ){_SHOW} (?:me |us )?(?:even |just )?(?:an?|any|one|some|the|your|"
    r"data|evidence|proof)\b.*\band (?:then )?(?:i|you)(?:'d|'ll| will| would)\b"
)
# … or after it.
_PROVIDED = re.compile(
    r"[-,.\u2026 ]* (?:only |even )?(?:if|unless)\b|.*\bfor the sake\b| to (?:any|some|who)(?:one|body|ever)\b"
    r"|[^.;]*\b(?:when|once|as soon as|the (?:day|moment)) (?:you|he|she|they|anyone|anybody|someone|somebody)"
    rf"(?:'ve| actually| can| finally| have)* (?:change|{_SHOW})"
)
_CLAUSE = re.compile(r"[,;:()]| - |\bbut\b")
# Characters before and after a concession in which what undoes it must stand, if it is in the same sentence.
_NEAR = 400
_BREAK = re.compile(r"[,;.!]| - ")
# A stop before a small letter, as people type who spare themselves capitals, or before the sign of a changed view; none
# ends an abbreviation.
_STOP = re.compile(
    r"(?<=[^.!?\u2026\s][.!?\u2026])(?<![.\s]\w\.)(?<!\b(?:al|cf|vs)\.)(?<!\betc\.)\s+(?=[a-z!\u0394\u03b4\u2206])"
)


def concedes(segments: pd.DataFrame) -> pd.Series:
    """Tell for each prose segment whether its writer concedes a point, admits an error or changes their mind.

    Quotes and code have no row. A concession that is denied, supposed, mocked or reported of others is none.

    >>> import pandas as pd
    >>> texts = ["Fair point, I had not thought of that.", "If I was wrong, show me where.", "You're right-wing."]
    >>> table = pd.DataFrame({"comment_id": ["a", "b", "c"], "start": 0, "stop": 9, "kind": "prose", "text": texts})
    >>> concedes(table).tolist()
    [True, False, False]
    """
    following = segments["text"].shift(-1).where(goes_on(segments), "").to_numpy()
    prose = (segments["kind"] == "prose").to_numpy(dtype=bool)
    texts = segments["text"][prose]
    found = [_concedes(text, rest) for text, rest in zip(values(texts), following[prose], strict=True)]
    return pd.Series(found, index=texts.index, dtype=bool, name="concedes")


def noted(segments: pd.DataFrame) -> pd.DataFrame:
    """Return the segments with the column `concedes`, NA for quotes and code."""
    return segments.assign(concedes=concedes(segments).astype("boolean").reindex(segments.index))


def yields(text: str) -> bool:
    """Tell whether conceding is what a text does.

    Its first sentence concedes and no "but" follows, its last admits an error or a changed view and nothing before it
    objects, or sentences that concede hold at least half of its words.

    >>> yields("You have me there. The stamp on the back is from 1987, and I'll say so in the caption.")
    True
    >>> yields("You have me there. The stamp is from 1987, but the letter is not.")
    False
    """
    text = plain(text)
    folded = fold(text)
    if not (_possible(_EXPLICIT, folded) or _possible(_POLITE, folded)):
        return False
    parts = _parts(text)
    polite = _conceding(parts, _POLITE, polite=True)
    if 0 in {*polite, *_conceding(parts, _EXPLICIT, polite=True)}:
        return True
    explicit = _conceding(parts, _EXPLICIT, polite=False)
    if len(parts) - 1 in explicit and not _objects(parts):
        return True
    conceding = {*polite, *explicit}
    lengths = [len(part.split()) for part in parts]
    return bool(conceding) and 2 * sum(lengths[n] for n in conceding) >= sum(lengths)


def _concedes(text: str, rest: str) -> bool:
    folded = fold(text)
    explicit, polite = _possible(_EXPLICIT, folded), _possible(_POLITE, folded)
    if not explicit and not polite:
        return False
    parts = _parts(plain(text))
    return bool(_conceding(parts, explicit, polite=False) or _conceding(parts, polite, polite=True, rest=fold(rest)))


def _objects(parts: list[str]) -> bool:
    """Tell whether something in the folded sentences of a text turns, objects, asks or mocks."""
    text = " ".join(parts)
    return "?" in text or any(words.search(text) for words in (_BUT, _OBJECTS, _ASSUMED))


def _parts(text: str) -> list[str]:
    """Return the folded sentences of a plain text."""
    # Sentences are found by their capitals, which folded text has not.
    return [fold(part) for sentence in sentences(text) for part in _STOP.split(sentence)]


def _possible(signs: tuple[Sign, ...], text: str) -> tuple[Sign, ...]:
    """Return the signs that a folded text may hold; most hold none, which is told without a loop over signs."""
    found = {words for words in _needs(signs) if words in text}
    return tuple(sign for sign in signs if not found.isdisjoint(sign.needs)) if found else ()


@cache
def _needs(signs: tuple[Sign, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words for sign in signs for words in sign.needs))


def _matches(signs: tuple[Sign, ...], sentence: str) -> list[re.Match[str]]:
    return [match for sign in _possible(signs, sentence) for match in sign.pattern.finditer(sentence)]


def _conceding(parts: list[str], signs: tuple[Sign, ...], *, polite: bool, rest: str = "") -> list[int]:
    """Return which of the folded sentences of a paragraph concede; where `polite`, not where an objection follows."""
    out = []
    following, but = rest, bool(_BUT.search(rest))
    for n, part in reversed(list(enumerate(parts))):
        matches = [match for match in _matches(signs, part) if _stands(part, match, polite=polite)]
        if matches and not _SARCASTIC.search(" ".join(parts[n : n + 2])):
            after = part[max(match.end() for match in matches) :]
            if not polite or not (but or _BUT.search(after) or _OBJECTS.search(f"{after} {following}")):
                out.append(n)
        following, but = part, but or bool(polite and _BUT.search(part))
    return out


def _stands(sentence: str, match: re.Match[str], *, polite: bool) -> bool:
    """Tell whether nothing around the match undoes it: no denial, condition, report, question or quotation marks."""
    start, end = match.span()
    before, after = sentence[max(0, start - _NEAR) : start], sentence[end : end + _NEAR]
    clause = _CLAUSE.split(before)[-1]
    asked = sentence.endswith("?") and not _BREAK.search(sentence, end, len(sentence) - 1)
    return not (
        asked
        or sentence.count('"', 0, start) % 2
        or _UNDONE.search(clause)
        or _SUPPOSED.search(before)
        or _DARED.search(before + match[0])
        or _PROVIDED.match(after)
        or (polite and _GRANTS.match(clause))
    )
