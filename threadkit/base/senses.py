"""Words that turn the meaning of the words around them: a negation, an opposite, a number.

Whoever compares two texts that are nearly the same asks here whether what differs makes them say different things.
"""

from __future__ import annotations

from threadkit.base.text import words

NOT = "not"

_NEGATIONS = frozenset(words("not no never none nobody nothing neither nor without cannot"))
_POLARITY = _NEGATIONS | frozenset(
    words("""hardly barely rarely seldom fail fails failed more less fewer most least better worse best worst few many
    too only always""")
)
_OPPOSITES = frozenset(
    words("""increase increases increased increasing decrease decreases decreased decreasing rise rises rising fall
    falls falling higher lower gain gains loss losses true false right wrong good bad support supports supported
    oppose opposes opposed against agree agrees disagree disagrees success failure likely unlikely possible impossible
    safe unsafe fair unfair able unable legal illegal correct incorrect necessary unnecessary stable unstable
    two three four five six seven eight nine ten twelve twenty dozen hundred thousand million billion half double""")
)


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
