"""Signs of conceding: the words by which writers give a point up, admit an error or change their mind."""

from __future__ import annotations

import re
from dataclasses import dataclass


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
EXPLICIT = (
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
        r"(?:withdrawn|retracted)(?=[.,;!]|$)|[,;] (?:so )?"
        r"(?:(?:complaint|concern|criticism|objection|point) )?(?:withdrawn|retracted)[.!]?$",
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
        "mischaracteri|miscounted|misheard|misquoted|misread|misremembered|misspoke|misunderstood|overstated",
        r"\bi (?:(?:appear to|must|seem to) have )?(?:clearly |completely |simply |totally )?"
        r"(?:mischaracteri[sz]ed|miscounted|misheard|misquoted|misread|misremembered|misspoke|misunderstood|overstated)\b",
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
    _sign(
        "convinced|persuaded",
        r"\b(?:consider me|i(?:'m| am)(?: now)?) (?:convinced|persuaded)(?:[.!,]|$| by (?:it|that|this|you|your)\b)",
    ),
    _sign("convinced|persuaded", rf"{_OPENING}(?:convinced|persuaded)[.!]?$"),
    _sign("changed", r"\bmy (?:mind|opinion|position|view)s? (?:has|have|is|was|were) (?:now )?changed\b"),
    _sign("now in fav", r"\bi(?:'m| am) now in favou?r\b"),
    _sign("drop ", rf"\bi{_WILL} drop (?:my|that|the|this) (?:claim|complaint|objection|point)\b"),
    _sign("too soon", r"\bi (?:clearly |probably )?spoke too soon\b"),
    _sign(
        "i was too|i was far too|i was a bit too|i was being too",
        r"\bi was (?:a bit |being |far )?too (?:broad|harsh|hasty|optimistic|pessimistic|quick|strong|sweeping)\b",
    ),
    _sign(
        "on reflection|on second thought|on rereading|on re-reading",
        r"\bon (?:reflection|second thoughts?|re-?reading(?: (?:it|that|this|yours?))?),? (?:i think )?"
        r"(?:i agree|you(?:'re| are) (?:correct|right))\b",
    ),
    _sign(
        "thought of|thought about|think of|think about|consider|realis|realiz",
        r"\bi (?:had not|hadn't|never|did not|didn't) (?:really |even |actually )?(?:(?:thought (?:of|about)|"
        r"think (?:of|about)|considered?) (?:that|this|it)\b(?! (?:an?|as|to be)\b)"
        # not: I didn't realize that you can read minds
        r"|reali[sz]ed? (?:that|this|it)(?=[.,;!]|$| (?:at|before|is|there|until|was|when)\b))",
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
        r"\bi no longer (?:object|stand by|(?:believe|claim|hold|think) (?:it|my|that (?!you)|there|this))\b",
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

# "You're right, I don't accept that" is proud of it. What one does not know one admits.
_DEFIES = (
    r"[,.:;!-]{0,3} ?i(?:'m| am) (?:\w+ )?not (?!(?:an?|certain|sure)\b)"
    r"|[,.:;!-]{0,3} ?i (?:\w+ )?(?:have no (?!clue|experience|idea)|(?:cannot|can't|do not|don't|never|will not|won't)"
    r"(?! (?:have (?!to\b)|know|need|recall|remember|see (?:how|why) i\b|think (?:i|so|that i)\b)))"
)

# A courtesy that often only opens the next blow: it concedes something unless "but …" follows in the paragraph.
POLITE = (
    _sign(  # not: you're right-wing, right here, right next to, right to vote
        " right",
        rf"{_YOU_ARE} {_SURELY}right(?![-\w])(?!{_DEFIES})(?! (?:wing|hand|here|now|next|at|in (?!saying|that)|behind|"
        r"about (?:just |only )?one thing|up|of cent|on (?:the|top)|after|before|"
        r"to (?!call|correct|note|object|point|push|question|say)))",
    ),
    _sign(" correct", rf"{_YOU_ARE} {_SURELY}correct(?![-\w])(?!{_DEFIES})(?! (?:in saying )?that (?:i'm|i am)\b)"),
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
    _sign("you win", rf"\byou win (?:that|this) (?:one|point|round)\b|{_OPENING}you win(?=[!;]|\.(?!\.)|$)"),
    _sign("got me", rf"{_OPENING}(?:i guess )?you(?:'ve)? got me(?=[!;]|\.(?!\.)|$)"),
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
