"""Fragments: names, headings, items of a list and words that lead to what stands below; they object to nothing."""

from __future__ import annotations

import re

from threadkit.base.text import fold, prose_only, words
from threadkit.dispute.courtesy import AGAINST
from threadkit.dispute.idioms import stance_of

# Words that a name or a heading has at most, and those of an item of a list or of a lead-in. Read on the short
# objections of eight forums: of 29 such names at most one objects to something, of 17 items one.
_MAX_NAME, _MAX_ITEM, _MAX_LEAD = 2, 4, 8

# Characters of a fragment at most: a name may stand beside an address.
_LONGEST = 200

# What stands for words that are quoted inside a sentence.
_QUOTED = re.compile(r"[\"\u201c]\u2026[\"\u201d]")
# What ends a sentence, closed or followed by a smiley.
_ENDED = re.compile(
    r"[.!?\u2026][\"'\u201d\u2019)\]]*$|[^\w\s\"'\u201c\u201d\u2018\u2019()\[\],:;.\u2026~*-]|[:;][-']?[()DPp/]$"
)
# Who calls somebody by name, or leads to what stands below.
_CALLS, _LEADS = re.compile(r"[,:~-]$"), re.compile(r":$")

# Denials, and what makes a sentence of few words. Where one stands something may be objected to.
_DENIES = re.compile(
    r"\b(?:against|awful|bad|baseless|bogus|bullshit|cannot|circular|contrary|counter\w*|crap|debunk\w*|disgust\w*|dubious|"
    r"dumb|exagger\w*|fallac\w*|garbage|horrible|hyper\w*|idiot\w*|invalid|joke|misl\w*|misread\w*|moron\w*|nah|naive|never|"
    r"no|nobody|none|nope|nor|not|nothing|object\w*|opposite|overrated|propaganda|rubbish|silly|straw|terrible|trash|"
    r"troll\w*|unlikely|unproven|whatabout\w*|worst|yeah)\b|n't\b"
)
_SAYS = re.compile(
    r"\b(?:am|are|be|can|could|did|do|does|get|go|had|has|have|he|i|is|it|let|may|might|must|please|prove|she|should|show|stop|"
    r"that|there|these|they|this|those|was|we|were|will|would|you)\b|'(?:d|ll|m|re|s|ve)\b"
)


def says_nothing(text: str, *, alone: bool = False) -> bool:
    """Tell whether a text is only a name, a heading, an item of a list or a lead-in, and denies nothing.

    People who write in small letters leave out the mark at a sentence's end too: a name or heading begins with a
    capital. One that stands `alone`, as a whole comment, may be a reply ("Utter drivel").

    >>> says_nothing("Renaissance"), says_nothing("You say:"), says_nothing("Falling,"), says_nothing("nonsense")
    (True, True, True, False)
    """
    if len(text) > _LONGEST:
        return False
    whole = prose_only(text)
    shown = _QUOTED.sub("", whole).strip()
    said, folded = words(shown), fold(shown)
    # A source is asked for by "Source?", and given by "Source: …".
    if not said or len(said) > _MAX_LEAD or _ENDED.search(whole) or _denies(folded) or stance_of(text) == "disagree":
        return False
    if len(said) <= _MAX_NAME and _CALLS.search(shown):
        return True
    if _LEADS.search(shown):
        return True
    return not alone and len(said) <= _MAX_ITEM and _headed(shown) and not _SAYS.search(folded)


def _denies(folded: str) -> bool:
    against = AGAINST.search(folded)
    return bool(_DENIES.search(folded)) or (against is not None and against[0] != "source")


def _headed(shown: str) -> bool:
    """Tell whether a text begins with a capital and is not shouted."""
    first = next((sign for sign in shown if sign.isalnum()), "")
    return first.isupper() and not shown.isupper()
