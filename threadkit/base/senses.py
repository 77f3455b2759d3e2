"""Words that turn the meaning of the words around them: a negation, an opposite, a number.

Whoever compares two texts that are nearly the same asks here whether what differs makes them say different things.
"""

from __future__ import annotations

from threadkit.base.text import words

NOT = "not"

_NEGATIONS = frozenset(words("not no never none nobody nothing neither nor without cannot"))
_POLARITY = _NEGATIONS | frozenset(
    words("""hardly barely rarely seldom fail fails failed failing more less fewer most least better worse best worst
    few many too only always""")
)
_OPPOSITES = frozenset(
    words("""increase increases increased increasing decrease decreases decreased decreasing rise rises rising fall
    falls falling higher lower gain gains loss losses true false right wrong good bad support supports supported
    oppose opposes opposed against agree agrees disagree disagrees success failure likely unlikely possible impossible
    safe unsafe fair unfair able unable legal illegal correct incorrect necessary unnecessary stable unstable
    two three four five six seven eight nine ten twelve twenty dozen hundred thousand million billion half double""")
)
# Further words that have an opposite, each with its other forms: who quotes "cuts" for "cut" says the same.
_FORMS = """
    raise raises raised raising, cut cuts cutting, high higher, low, lower lowers lowered lowering, win wins won, lose
    loses lost, accept accepts accepted accepting, reject rejects rejected rejecting, allow allows allowed, forbid
    forbids forbidden, ban bans banned, open opens opened, close closes closed, start starts started, stop stops
    stopped, begin begins began, end ends ended, keep keeps kept, remove removes removed, buy buys bought, sell sells
    sold, help helps helped, harm harms harmed, strengthen strengthens strengthened, weaken weakens weakened, improve
    improves improved, worsen worsens worsened, include includes included, exclude excludes excluded, before, after,
    above, below, inside, outside, easy easier, hard harder, old older, new newer, big bigger large larger, small
    smaller, strong stronger, weak weaker, rich richer, poor poorer, cheap cheaper, expensive, early earlier, late
    later, fast faster, slow slower, dangerous, harmless, useful, useless, public, private, same, different
"""
_POLES = {form: forms.split()[0] for forms in _FORMS.split(",") for form in forms.split()}


def negates(word: str) -> bool:
    """Tell whether a word may turn the meaning of the words around it.

    >>> [negates(word) for word in ("isn't", "fewer", "valve")]
    [True, True, False]
    """
    return word in _POLARITY or word.endswith("n't")


def sense(word: str) -> str:
    """Return what a word does to the meaning: it negates, compares, or counts; empty where it does none of these.

    >>> [sense(word) for word in ("never", "isn't", "lower", "40", "valve")]
    ['not', 'not', 'lower', '40', '']
    """
    if word in _NEGATIONS or word.endswith("n't"):
        return NOT
    turning = negates(word) or word in _OPPOSITES or any(c.isdigit() for c in word)
    return word if turning else ""


def pole(word: str) -> str:
    """Return what a word does to the meaning where it stands for another: its sense, or which of two opposites it is.

    >>> [pole(word) for word in ("never", "raises", "cuts", "valve")]
    ['not', 'raise', 'cut', '']
    """
    return _POLES.get(word) or sense(word)
