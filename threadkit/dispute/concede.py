"""Who concedes: the segments in which a writer gives a point up, admits an error or changes their mind."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

import pandas as pd

from threadkit.base.columns import values
from threadkit.base.text import fold, plain, sentences
from threadkit.dispute.segment import goes_on


class Sign(NamedTuple):
    """Words by which writers concede: a pattern for one folded sentence, and what it cannot match without."""

    pattern: re.Pattern[str]
    needs: tuple[str, ...]


def _sign(needs: str, pattern: str) -> Sign:
    return Sign(re.compile(pattern), tuple(needs.split("|")))


# Words that may stand before "right" or "wrong" and change nothing; "not" and "never" are none of them.
_SURELY = (
    r"(?:(?:absolutely|all|also|certainly|clearly|completely|definitely|entirely|indeed|just|obviously|of course|"
    r"partly|perfectly|plainly|probably|quite|simply|so|totally) )?"
)
_OPENING = r"^(?:(?:ah|alright|haha|hm|hmm|lol|ok|okay|oh|sure|well|yeah|yep|yes)[,.!]? )?"
_WILL = r"(?: must| have to| will|'ll| do| gladly| happily| hereby)?"

# An explicit admission: it concedes something even when "but …" follows.
_EXPLICIT = (
    _sign(
        "wrong|mistaken|incorrect|in error", rf"\bi (?:was|had been) {_SURELY}(?:wrong|mistaken|incorrect|in error)\b"
    ),
    _sign("wrong|mistaken", r"\bi(?:'m| am) (?:clearly|obviously|evidently|apparently) (?:wrong|mistaken)\b"),
    _sign(
        "misread|misremembered|misspoke|misunderstood|overstated",
        r"\bi (?:clearly |completely |simply |totally )?(?:misread|misremembered|misspoke|misunderstood|overstated)\b",
    ),
    _sign("my mistake|my bad|my error", rf"{_OPENING}my (?:mistake|bad|error)\b"),
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
    _sign("i no longer", r"\bi no longer (?:object|stand by)\b"),
    _sign("!delta", r"(?<!\w)!delta\b"),  # how r/changemyview tells that a view changed
    _sign("δ|∆", r"^[δ∆](?=\s|$)"),
    _sign(
        "delta|δ|∆",
        r"\b(?:here(?:'s| is) (?:a|your|the)|have an?|take (?:a|your)|award(?:ed|ing)?(?: you)?(?: an?| the)?|"
        r"i(?:'ll| will)? give you a|you (?:get|earned?|deserve|'ve earned|have earned) (?:a|the|your|this|my)) "
        r"(?:delta\b|[δ∆])",
    ),
)

# A courtesy that often only opens the next blow: it concedes something unless "but …" follows in the paragraph.
_POLITE = (
    _sign(  # not: you're right-wing, right here, right next to, right to vote
        " right",
        rf"\byou(?:'re| are| were) {_SURELY}right(?![-\w])(?! (?:wing|hand|here|now|next|at|in (?!saying|that)|behind|"
        r"up|of cent|on (?:the|top)|after|before|to (?!call|correct|note|object|point|push|question|say)))",
    ),
    _sign("your right", r"^your right[,.!]"),
    _sign("me there", r"\byou(?:'ve)? (?:got|have|had) me there\b"),
    _sign(
        "point|catch",
        rf"(?:{_OPENING}|[,;] )(?:and )?(?:(?:that|this|it)(?:'s| is) |you(?:'ve got| have| got| make| raise) )?"
        r"(?:an? )?(?:very |really |pretty |quite )?(?:fair|good|valid|great|excellent) (?:points?|catch)\b"
        r"(?! (?:is|of|to|for)\b)",
    ),
    _sign("point", r"\bpoints? (?:well )?(?:taken|conceded|granted)\b"),
    _sign("fair enough", r"(?<!\ba )\bfair enough\b"),
    _sign(
        "fair",
        rf"{_OPENING}(?:(?:that|this)(?:'s| is| seems) )?(?:only |perfectly |totally |quite )?fair"
        r"(?:[.!;]|$|, (?:and|but|i|it|that|thanks?|you)\b)",
    ),
    _sign("touche|touché", r"\btouch[eé](?!\w)"),
    _sign("true", rf"{_OPENING}(?:(?:that|this)(?:'s| is) )?(?:very |quite )?true(?: enough)?[.!]?$"),
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
        r"^(?:thanks?(?: you)?[,.!]? )?(?:now )?(?:fixed|corrected)(?:[,.!]| now| it| that| the|$)",
    ),
    _sign("fixed|corrected|amended", r"\bi(?:'ve| have) (?:now )?(?:fixed|corrected|amended)\b"),
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

# What undoes a concession when it stands before it in the same clause: a denial, a doubt, a condition, a challenge
# ("show me where I was wrong"), or somebody else's opinion ("you think I was wrong").
_UNDONE = re.compile(
    r"\b(?:not|never|nothing|nobody|none|neither|nor|hardly|without|cannot|refuse)\b|n't\b|\bno\b(?! doubt| question)"
    r"|\b(?:maybe|perhaps|could|would|might|may|should|possib\w+|chance|evidence|proof|wish|hope|imagine|pretend)\b"
    r"|\b(?:when|whenever|until|till|once|because|as long as|time|either|than)\b"
    r"|\b(?:argue|ask|convince|demonstrate|explain|let|point out|show|tell|prov(?:e|ing)|claiming|saying|thinking)\b"
    r"|\b(?:everybody|everyone|he|it|nobody|others|people|she|some|somebody|someone|that|they|this|which|who|you)"
    r"(?:'d|'ll|'ve)? (?:\w+ )?(?:accus|assum|believ|claim|feel|implie|imply|insist|know|said|say|suggest|tell|think|"
    r"thought|told|want)"
)
# … anywhere before it in its sentence ("I thought you had a brain, but I was wrong" concedes nothing) …
_SUPPOSED = re.compile(
    r"\b(?:if|unless|whether|suppose|supposing|assume|assuming|let's say|i thought (?:you|he|she|they))\b"
)
# … or after it.
_PROVIDED = re.compile(r",? (?:only |even )?(?:if|unless)\b|.*\bfor the sake\b")
_CLAUSE = re.compile(r"[,;:()]| - |\bbut\b")
_BREAK = re.compile(r"[,;.!]| - ")


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

    Either its first sentence concedes and no "but" follows, or sentences that concede hold at least half of its words.

    >>> yields("You have me there. The stamp on the back is from 1987, and I'll say so in the caption.")
    True
    >>> yields("You have me there. The stamp is from 1987, but the letter is not.")
    False
    """
    text = plain(text)
    folded = fold(text)
    if not (_possible(_EXPLICIT, folded) or _possible(_POLITE, folded)):
        return False
    parts = [fold(part) for part in sentences(text)]
    polite = _conceding(parts, _POLITE, polite=True)
    if 0 in {*polite, *_conceding(parts, _EXPLICIT, polite=True)}:
        return True
    conceding = {*polite, *_conceding(parts, _EXPLICIT, polite=False)}
    lengths = [len(part.split()) for part in parts]
    return bool(conceding) and 2 * sum(lengths[n] for n in conceding) >= sum(lengths)


def _concedes(text: str, rest: str) -> bool:
    folded = fold(text)
    explicit, polite = _possible(_EXPLICIT, folded), _possible(_POLITE, folded)
    if not explicit and not polite:
        return False
    # Sentences are found by their capitals, which folded text has not.
    parts = [fold(part) for part in sentences(plain(text))]
    return bool(_conceding(parts, explicit, polite=False) or _conceding(parts, polite, polite=True, rest=fold(rest)))


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
    """Return which of the folded sentences of a paragraph concede; where `polite`, not those that "but" follows."""
    out = []
    for n, part in enumerate(parts):
        for match in _matches(signs, part):
            if not _stands(part, match) or _SARCASTIC.search(" ".join(parts[n : n + 2])):
                continue
            if not polite or not _BUT.search(" ".join([part[match.end() :], *parts[n + 1 :], rest])):
                out.append(n)
                break
    return out


def _stands(sentence: str, match: re.Match[str]) -> bool:
    """Tell whether nothing around the match undoes it: no denial, condition, report, question or quotation marks."""
    before, after = sentence[: match.start()], sentence[match.end() :]
    asked = sentence.endswith("?") and not _BREAK.search(after[:-1])
    return not (
        asked
        or before.count('"') % 2
        or _UNDONE.search(_CLAUSE.split(before)[-1])
        or _SUPPOSED.search(before)
        or _PROVIDED.match(after)
    )
