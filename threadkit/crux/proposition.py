"""How well a sentence stands alone: what ties it to the talk around it is dropped, what remains is judged."""

from __future__ import annotations

import re
from itertools import takewhile

from threadkit.base.text import plain, squeeze, words
from threadkit.crux.content import content_words

# A title is read at a glance: in words.
TITLE_WORDS = (5, 24)

# Fewer words of content than this make no proposition ("It is not true.").
MIN_TITLE_CONTENT = 3

# What a sentence loses for each way of not being a proposition that stands alone, beside cosines of 0 to 1. The order
# is from reading titles of real threads; scripts/score_titles.py prints how well the sum tells sentences that were
# written to stand alone from sentences of threads, and what share of titles has which fault.
COSTS = {
    "short": 0.04,  # each word below TITLE_WORDS
    "long": 0.01,  # each word above
    "empty": 0.10,  # each word of content that is missing
    "question": 0.20,
    "order": 0.15,  # "Look at the bill.", "You should read it.": nobody can deny it
    "fragment": 0.10,
    "adverbial": 0.10,  # "Despite the lack of proof.": not even a fragment of what is held
    "entry": 0.10,  # of a dictionary, or a verse with its number
    "opening": 0.12,  # "They also…"
    "pronoun": 0.05,  # for something that the sentence has not named
    "pointing": 0.02,  # each "this", "those", "above"
    "persons": 0.03,  # each of at most four
    "addressed": 0.08,  # "Ann, you…", "your reason was…": of what one of them said, not of the matter
    "gives way": 0.15,
    "hedge": 0.05,
    "markup": 0.60,
    "broken": 0.10,  # quotation marks, brackets, a colon, dots or an "and" at the end
}

# What only links a sentence to the talk around it is dropped from the front of a title: some words always, …
_CONNECTIVE = re.compile(
    # "So far", "so many", "thus far" and "because of" begin what is said.
    r"^(?:(?:but|and|or|so(?! (?:far|many|much|few|little|long|called)\b|-)|also|however|honestly|actually|basically|"
    r"moreover|furthermore|therefore|thus(?! far\b)|hence|firstly|secondly|finally|edit|imo|imho|fwiw|tbh|btw|"
    r"because(?! of\b)|then(?: again)?|of course|in (?:fact|short|other words)|"
    r"first (?:off|of all)|for (?:example|instance|one(?: thing)?)|as for me|that (?:being )?said|"
    r"to be (?:fair|honest)|"
    r"not to mention(?: that)?|as far as i(?:'m concerned|’m concerned| know| can (?:see|tell))|"
    r"in my (?:humble |honest )?(?:opinion|view|experience))\b[,:;]?\s+)+",
    re.IGNORECASE,
)
# … others only with their comma: "No, the poor pay" says the same without it, "No study shows it" does not.
_INTERJECTION = re.compile(
    r"^(?:(?:no|nope|nah|yes|yeah|yep|ok|okay|sure|right|well|still|again|plus|anyway|anyways|except|though|although|yet|"
    r"now|look|listen|see|true|not true|false|wrong|nonsense|exactly|agreed|indeed|sorry|please|oh|ah|ha|haha|lol|hm+|"
    r"um+|er|wow|hey|hi|hello|man|dude|idk|i disagree|i agree|i mean|you know|besides|personally|first|second|"
    r"third)[,:;.!…]++\s+"
    r"|(?:oh|ah|hm+|um+|lol|haha|ps|p\.s\.)[,:;.!…]*\s+|@\w++[,:]?\s+|(?=\w*_)\w++,\s+"
    # The marks of a list, and what somebody calls a remark before making it.
    r"|\(?(?:\d{1,2}[.)]|[a-h]\)|[ivx]{1,4}\))\s+"
    r"|(?:related(?:ly)?|put (?:differently|another way|simply)|caveat|counterpoint|nitpick|meta|(?:side |quick )?note|"
    r"tl;?dr|update|summary|bottom line|my (?:point|view|take)|objection)\s?:\s+)+",
    re.IGNORECASE,
)
_FRAME = re.compile(
    r"^(?:i (?:also |really |just |still |do |would |personally )?(?:think|believe|guess|suspect|feel|say|argue|mean)"
    r"(?: that)?|(?:overall,? )?my (?:best )?guess is(?: that)?|"
    # "The problem is that …", "The thing is they …", but not "The problem is money".
    r"(?:my|the) (?:main |only |real |other |biggest |first |second )?"
    r"(?:problem|issue|objection|concern|worry|point|thing|trouble|fact|truth)"
    r"(?: here| with (?:this|that))? (?:here )?is(?:,(?: that)?| that|"
    r"(?= (?:it|they|there|you|we|he|she|people|nobody|no one|most|many|some|all)\b))|"
    r"it (?:seems|appears)(?: to me)?(?: that)?|"
    r"(?:please )?(?:note|remember|keep in mind|bear in mind|don't forget|don’t forget) that)\b[,:]?\s+"
    # "I think of it", "the point is to": what is left would be no sentence.
    r"(?!(?:of|about|to|so|not|like)\b)",
    re.IGNORECASE,
)
_TAIL = re.compile(r"(?:(?<!\s)\s++(?:emoticon_\w++|[:;=]['-]?[()DPp]|lol|haha)[.!]?)+$", re.IGNORECASE)

_EDGES = "\"'“”‘’*_-–—•() "
_PAIRS = (('"', '"'), ("'", "'"), ("“", "”"), ("‘", "’"), ("(", ")"))
# Behind these, as behind a letter, a mark that opens and closes alike closes.
_CLOSED = frozenset(".,;:!?…%)*_")

_QUESTION = re.compile(
    r"^(?:how|why|what|who|where|when|which) "
    r"(?:is|are|was|were|do|does|did|can|could|would|will|should|has|have|about|else|if)\b"
    r"|^(?:is|are|was|were|do|does|did|can|could|would|will|should|has|have|isn't|aren't|don't|doesn't|didn't|can't|won't|"
    r"wouldn't|shouldn't) (?:you|he|she|it|they|we|i|this|that|there|the|a|an|not)\b",
    re.IGNORECASE,
)
# What is also a noun gives an order only before a word that begins its object: "Use the tram", not "Use of drugs".
_ORDER = re.compile(
    r"^(?:please|let me|let's|let’s|let us|imagine|suppose|consider|remember|forget|don['’]?t|do not|never mind|"
    r"watch out|go (?:and|back|ahead|read|look|to)|come on|feel free|try (?:to|and|again)|good luck|enjoy)\b"
    r"|^(?:look|see|read|watch|ask|take|check|compare|count|give|get|tell|show|explain|think|stop|keep|make|put|use|say|"
    r"find|name|prove|limit|lock|leave|wait|call|try|add|set|send|buy|pay|move|turn|write|start|learn|note|notice|pick|"
    r"choose|define|cite|quote|answer|admit|face|hold|let|bring|follow|change|help|cut|run|build|open|close|do|be) "
    r"(?:the|a|an|this|that|these|those|your|my|our|his|her|its|their|me|us|him|them|it|all|any|some|at|up|out|into|in|"
    r"on|for|how|what|who|why|where|when|whether|if|yourself|one|no|more|less|both|each|every|around|back|down|away|"
    r"about|instead|everyone|somebody|people|\d+)\b"
    r"|\byou (?:should|could|must|need to|ought to|have to|(?:may|might) (?:want|like) to) (?:really |also |just )?"
    r"(?:check|read|look|see|try|google|search|watch|learn|study|visit|ask|consider)\b",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"^(?:this|that|these|those|he|she|they|his|her|their|its|them|him|which|who|whom|whose|i|i'm|i’m|i've|i’ve|i'd|i’d|"
    r"i'll|i’ll|im|ive|my|me|you|your|you're|you’re|youre|youve|theyre|thats|"
    r"as (?:i|you|he|she|they)|none of|neither|either|both|"
    r"such (?:is|was|as)|same|the same|likewise|here|there you|not(?! (?:all|every\w*|many|enough)\b)|nor|than|even so|"
    r"instead|otherwise|like|another|the (?:latter|former|other)|too|unless)\b|^\("
    # "It is wrong to kill" leans on nothing.
    r"|^it(?:'s|’s) (?!\w+ (?:to|that|for)\b)"
    r"|^it (?:is|was|isn't|is not|would be|will be|takes|costs) (?!(?:\w+ ){1,3}(?:to|that|for)\b)"
    r"|^it\b(?!'s|’s| (?:is|was|isn't|is not|would be|will be|takes|costs) )",
    re.IGNORECASE,
)
_PRONOUNS = frozenset(words("it its it's he he's she she's his her him they they're they've they'll them their theirs"))
_POINTING = re.compile(
    r"\b(?:this|these|those|above|below|earlier|aforementioned"
    r"|(?:like|than|of|with|by|about|for|to|from|is|do|does|did) that(?=[.,;:!?]|$))",
    re.IGNORECASE,
)
_HEDGE = re.compile(
    r"\b(?:maybe|perhaps|not sure|i don't know|don’t know|i suppose|i guess|kind of|sort of|might (?:be|have)|"
    r"could be wrong|i wonder|i hope|i wish|i doubt|apparently|presumably)\b",
    re.IGNORECASE,
)

# Talk between two people, and giving way to the other side, are no points against it.
_PERSONS = re.compile(
    r"\b(?:i|i'm|i’m|im|ive|youre|youve|i've|i’ve|i'd|i’d|i'll|i’ll|me|my|mine|myself|you|you're|you’re|you've|you’ve|your|yours)\b",
    re.IGNORECASE,
)
# Who is spoken to by name, or told what they said.
_ADDRESSED = re.compile(
    r"^[^\W\d_]\w+\s?(?:,|--+|[–—])\s?you\b"
    r"|\byour (?:own )?(?:version|reasons?|reasoning|logic|arguments?|claims?|points?|question|posts?|comments?|"
    r"response|reply|example|analogy|assumption|position|premise|conclusion)\b"
    r"|\byou(?:'re|’re|'ve|’ve|re|ve| are| have| just| now| even| also| already| explicitly| keep| kept)*+ "
    r"(?:admit|admitted|said|wrote|saying|claim|claimed|claiming|linked|asked|asking|posted|quoted|misread|"
    r"misunderstood|missed|missing|ignored|ignoring|implied|implying|gone back)\b",
    re.IGNORECASE,
)
_GIVES_WAY = re.compile(
    r"\b(?:i agree|you(?:'re| are|’re) right|fair (?:point|enough)|good point|reasonable point|thanks?|thank you|sorry|"
    r"i see what|i get what|overlooked)\b",
    re.IGNORECASE,
)
# "Faith: firm belief in …", "toll (noun) a fee", "Genesis 1:1 In the beginning …", and the words of old verses.
_ENTRY = re.compile(
    r"^(?:[^\W\d_]+ ){0,2}[^\W\d_]+\s?(?::|=|,? \(?(?:noun|verb|adjective|adverb|n\.|v\.|adj\.)\)?[ ,:;])\s?"
    r"(?=(?-i:[a-z(\d]))"
    r"|^(?:[1-3] )?(?:[^\W\d_]+\.? ){1,3}\d{1,3}:\d{1,3}\b|^\d{1,3}:\d{1,3}\b"
    r"|\b(?:thou|thy|thine|hath|doth|saith|unto|begat|shalt)\b",
    re.IGNORECASE,
)
# Opens what only says under which circumstances; with a comma, or with a verb, something follows.
_ADVERBIAL = re.compile(
    r"^(?:despite|in spite of|notwithstanding|regardless of|apart from|aside from|as opposed to|instead of|rather than|"
    r"due to|because of|thanks to|according to|with|without|in|on|at|for|from|by|after|before|during|since|until|"
    r"among|between|within|throughout|under|like|unlike|based on|given|only (?:if|when|because)|"
    r"(?:especially|particularly|even) (?:if|when|with|in|for))\b",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"https?:|www\.|```|\|", re.IGNORECASE)
_BROKEN = re.compile(r"[\"“”\[\]]|\.\.\.$|…$|:$|,?\s(?:and|or|but)$", re.IGNORECASE)

# A sentence with none of these, and no word that ends like a verb, is hardly one.
_VERBS = frozenset(
    words("""
    is are was were be been am isn't aren't wasn't weren't has have had hasn't haven't hadn't do does did don't doesn't
    didn't can could will would shall should may might must cannot can't couldn't won't wouldn't shouldn't ain't
    make take need want get go come work cost kill know think say see find give keep live die lose help hurt lead mean
    seem show prove use believe become became began begin break broke bring brought build built buy bought choose chose
    cut feel felt found gave got hold held kept knew left let lie look lost made meant met pay paid put ran read run
    said sat saw send sent set show spend spent stand stood stop suffer take taught tell told thought took turn went win
    won write wrote deserve cause change happen allow require depend fail follow grow increase reduce matter support
    """)
)
_VERB_ENDINGS = ("ed", "s", "n't", "'re", "'ll", "'ve", "'d")
_NO_VERB_ENDINGS = ("ss", "us")
_AUXILIARY = re.compile(
    r"^(?:can|could|will|would|should|may|might|must|is|are|was|were|has|have|had|does|did|doesn't|didn't|isn't|wasn't|"
    r"wouldn't|couldn't|won't|can't|cannot)\b",
    re.IGNORECASE,
)


def as_proposition(sentence: str) -> str:
    """Drop what ties a sentence to the talk around it; begin with a capital.

    >>> as_proposition("But I think that the study is too small.")
    'The study is too small.'
    """
    text = _trim(_TAIL.sub("", squeeze(plain(sentence))))
    before = ""
    while text != before:
        before = text
        text = _trim(_FRAME.sub("", _INTERJECTION.sub("", _CONNECTIVE.sub("", text))))
    first = len(text) - len(text.lstrip(_EDGES))
    return text[:first] + text[first : first + 1].upper() + text[first + 1 :]


def _trim(text: str) -> str:
    """Drop marks at both ends, but not one of a pair whose other stays.

    >>> _trim('("Reserved" seats are a gift)'), _trim('Nobody asked us (or "them").')
    ('"Reserved" seats are a gift', 'Nobody asked us (or "them").')
    """
    bare = text.strip(_EDGES)
    if not bare:
        return ""
    start = text.index(bare)
    before, after = text[:start], text[start + len(bare) :]
    front, back = start, 0
    for opening, closing in _PAIRS:
        unopened, unclosed = _halves(bare, opening, closing)
        n_before, n_after = before.count(opening), after.count(closing)
        # The innermost that was dropped is the other half; as many at both ends are one another's.
        if unopened and n_before and (unclosed or n_before > n_after):
            front = min(front, before.rindex(opening))
        if unclosed and n_after and (unopened or n_after > n_before):
            back = max(back, after.index(closing) + 1)
    return before[front:] + bare + after[:back]


def _halves(text: str, opening: str, closing: str) -> tuple[bool, bool]:
    """Tell whether some mark of a pair closes in a text what nothing opens, and whether one is left open."""
    n_open, unopened = 0, False
    for at, mark in enumerate(text):
        if mark not in (opening, closing):
            continue
        closes = mark == closing
        if closing != ")":
            behind, ahead = text[at - 1 : at], text[at + 1 : at + 2]
            if behind.isalnum() and ahead.isalnum():  # an apostrophe
                continue
            closes = closes and (mark != opening or behind.isalnum() or behind in _CLOSED)
        unopened = unopened or (closes and not n_open)
        n_open = max(0, n_open + (-1 if closes else 1))
    return unopened, n_open > 0


def faults(sentence: str) -> dict[str, int]:
    """Count the ways in which a sentence is no proposition that stands alone, by the names of COSTS.

    >>> {name: n for name, n in faults("They also watch this.").items() if n}
    {'short': 1, 'empty': 2, 'opening': 1, 'pointing': 1}
    """
    said = words(sentence)
    low, high = TITLE_WORDS
    opening = bool(_OPENING.match(sentence))
    question = sentence.rstrip("\"'”’)!").endswith("?") or bool(_QUESTION.match(sentence))
    fragment = not question and _is_fragment(sentence, said)
    found: dict[str, int | bool] = {
        "short": max(0, low - len(said)),
        "long": max(0, len(said) - high),
        "empty": max(0, MIN_TITLE_CONTENT - len(content_words(sentence))),
        "question": question,
        "order": bool(_ORDER.search(sentence)),
        "fragment": fragment,
        "adverbial": bool(_ADVERBIAL.match(sentence)) and (fragment or said[:1] == ["only"]) and "," not in sentence,
        "entry": bool(_ENTRY.search(sentence)),
        "opening": opening,
        # "It is wrong to kill": such an "it" stands for nothing.
        "pronoun": not opening and said[:1] != ["it"] and _names_nothing_first(said),
        "pointing": min(2, len(_POINTING.findall(sentence))),
        "persons": min(4, len(_PERSONS.findall(sentence))),
        "addressed": bool(_ADDRESSED.search(sentence)),
        "gives way": bool(_GIVES_WAY.search(sentence)),
        "hedge": bool(_HEDGE.search(sentence)),
        "markup": bool(_MARKUP.search(sentence)),
        "broken": bool(_BROKEN.search(sentence)),
    }
    return {name: int(n) for name, n in found.items()}


def fitness(sentence: str) -> float:
    """Return how well a sentence can stand alone as a title, 0 (good) down to −1 (not at all)."""
    return max(-1.0, -sum(COSTS[name] * n for name, n in faults(sentence).items()))


def _is_fragment(sentence: str, said: list[str]) -> bool:
    """Tell whether a sentence has no verb, or begins with one that has no subject."""
    return bool(_AUXILIARY.match(sentence)) or not any(word in _VERBS or _ends_like_a_verb(word) for word in said)


def _ends_like_a_verb(word: str) -> bool:
    return len(word) > 3 and word.endswith(_VERB_ENDINGS) and not word.endswith(_NO_VERB_ENDINGS)


def _names_nothing_first(said: list[str]) -> bool:
    """Tell whether a pronoun comes before any word that it could stand for."""
    before = list(takewhile(lambda word: word not in _PRONOUNS, said))
    return len(before) < len(said) and not content_words(" ".join(before))
