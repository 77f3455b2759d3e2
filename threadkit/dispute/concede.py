"""Who concedes: the segments in which a writer gives a point up, admits an error or changes their mind."""

from __future__ import annotations

import re
from functools import cache

import pandas as pd

from threadkit.base.columns import values
from threadkit.base.text import fold, plain, sentences
from threadkit.dispute.segment import goes_on
from threadkit.dispute.signs import EXPLICIT, POLITE, Sign

# Praise that is meant the other way round: nothing is conceded by it.
_SARCASTIC = re.compile(
    r"(?<![\w/])/s\b|\beye ?roll|_rolleyes\b|\b(?:golly|gee)\b|\bright,? and (?:\w+ ){1,4}(?:is|are) (?:\w+ )?wrong\b|"
    r"\b(?:silly|foolish|stupid|dumb) (?:of )?me\b|what was i thinking|"
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
# Words that reject so plainly that a courtesy anywhere before them was none.
_REJECTS = re.compile(
    r"\bi (?:fail to see|stand by (?:it|my|what)|(?:never|didn't|did not) (?:argue|claim|sa(?:id|y)|suggest)\w*)"
    r"|\bi have no (?:interest in|use for)\b|\bshow me (?:how|where)\b|[.,;:!] the rest of (?:it|the|this|your?)\b"
    r"|\b(?:complete|pure|utter) (?:\w+ )?(?:bull\w*|fantasy|fiction|garbage|nonsense|rubbish)\b"
    r"|\bactually,? (?:it|that|this|you)(?:'s| is|'re| are) not\b"
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
    r"(?:'d|'ll|'ve)? (?:(?!i\b)\w+ )?(?:accus|assert|assum|believ|claim|decid|declar|feel|"
    r"implie|imply|insist|know|said|say|stat(?:e|ing)|suggest|tell|think|thought|told|want)"
    r"|\b(?:almost|barely|nearly|scarcely)\b|\byet $|\bclaims?(?: is)?(?: that)? $"
    # Words of which somebody speaks: "type !delta", "this deserves a !delta".
    r"|\b(?:deserves?|reply|typ(?:e|ing)|us(?:e|ing)|with|writ(?:e|ing))(?: an?| the)? $"
)
# … anywhere before it in its sentence ("I thought you had a brain, but I was wrong" concedes nothing) …
_SUPPOSED = re.compile(
    r"\b(?:if|unless|whether|(?<!\bi )suppose|(?:and|so) i suppose|supposing|assume|assuming|let's say|"
    r"i thought (?:for a (?:moment|second|while) )?you(?! mean| said| were (?:asking|referring|saying|talking)))\b"
)
# … as a speech that is told: "He wrote: I was wrong" …
_TOLD = re.compile(r"\b(?:answer|claim|post|quote|repl(?:y|ie)|sa(?:id|y)|writ(?:e|ing)|wrote)\w{0,3}(?: \w+){0,2}: $")
# … or hopes in the other that are given up: "I gave you credit for a brain. I was wrong" …
_TRUSTED = re.compile(
    r"\bi(?:'d| had)? (?:\w+ )?(?:assumed|believed|expected|figured|gave|hoped|thought|tried)\b[^.!?]{0,60}"
    r"\b(?:of you|you (?:credit|the benefit)|you (?:could|might|would)|(?:that|thought) you(?:'d| had| knew| would|"
    r" were (?:\w+ )?(?:better|decent|fair|honest|serious|smart)\w*))\b"
    r"(?! mean| said| (?:asking|referring|saying|talking))"
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
    if not (_possible(EXPLICIT, folded) or _possible(POLITE, folded)):
        return False
    parts = _parts(text)
    polite = _conceding(parts, POLITE, polite=True)
    if 0 in {*polite, *_conceding(parts, EXPLICIT, polite=True)}:
        return True
    explicit = _conceding(parts, EXPLICIT, polite=False)
    if len(parts) - 1 in explicit and not _objects(parts):
        return True
    conceding = {*polite, *explicit}
    lengths = [len(part.split()) for part in parts]
    return bool(conceding) and 2 * sum(lengths[n] for n in conceding) >= sum(lengths)


def _concedes(text: str, rest: str) -> bool:
    folded = fold(text)
    explicit, polite = _possible(EXPLICIT, folded), _possible(POLITE, folded)
    if not explicit and not polite:
        return False
    parts = _parts(plain(text))
    return bool(_conceding(parts, explicit, polite=False) or _conceding(parts, polite, polite=True, rest=fold(rest)))


def _objects(parts: list[str]) -> bool:
    """Tell whether something in the folded sentences of a text turns, objects, asks or mocks."""
    text = " ".join(parts)
    return "?" in text or _turns(text) or bool(_ASSUMED.search(text))


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
    following, turned = rest, bool(_BUT.search(rest) or _REJECTS.search(rest))
    for n, part in reversed(list(enumerate(parts))):
        matches = [match for match in _matches(signs, part) if _stands(part, match, polite=polite)]
        if matches and not (_SARCASTIC.search(" ".join(parts[n : n + 2])) or _blames(parts, n, matches)):
            after = part[max(match.end() for match in matches) :]
            if not polite or not (turned or _turns(f"{after} {following}")):
                out.append(n)
        following, turned = part, turned or bool(_BUT.search(part) or _REJECTS.search(f". {part}"))
    return out


def _turns(text: str) -> bool:
    return any(words.search(text) for words in (_BUT, _OBJECTS, _REJECTS))


def _blames(parts: list[str], n: int, matches: list[re.Match[str]]) -> bool:
    """Tell whether a writer who was wrong was so in thinking well of the other, in this sentence or the one before."""
    wrong = [match.start() for match in matches if match[0].startswith("i ") and "was" in match[0]]
    return bool(wrong) and bool(_TRUSTED.search(f"{' '.join(parts[max(0, n - 1) : n])} {parts[n][: wrong[0]]}"))


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
        or _TOLD.search(before)
        or _DARED.search(before + match[0])
        or _PROVIDED.match(after)
        or (polite and _GRANTS.match(clause))
    )
