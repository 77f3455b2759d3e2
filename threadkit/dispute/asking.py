"""Who only asks, and whether the question is open: one of yes or no is a claim whose answers take a side."""

from __future__ import annotations

import re

from threadkit.base.text import sentences

_OPEN = re.compile(
    r"\W*(?:(?:also|and|but|or|so|then),? )?(?:(?:about|at|by|for|from|in|of|on|to|with) )?"
    r"(?:how|what|where|which|who|whom|whose|why|when (?:am|are|can|did|do|does|is|should|was|were|will|would))\b",
    re.IGNORECASE,
)


def only_asks(text: str) -> bool:
    """Tell whether a text is nothing but a question, or several.

    >>> only_asks("Why? Who says so?"), only_asks("Why? It leaks.")
    (True, False)
    """
    return text.rstrip().endswith("?") and all(part.endswith("?") for part in sentences(text))


def asks_openly(text: str) -> bool:
    """Tell whether a text is nothing but questions that claim nothing: none of yes or no.

    >>> asks_openly("Why was the pier closed?"), asks_openly("Should we close the pier?"), asks_openly("It is closed?")
    (True, False, False)
    """
    return only_asks(text) and all(_OPEN.match(part) for part in sentences(text))
