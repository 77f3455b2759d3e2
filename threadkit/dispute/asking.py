"""Who only asks, and whether the question is open: one of yes or no is a claim whose answers take a side."""

from __future__ import annotations

import re

from threadkit.base.text import sentences

_YES_OR_NO = re.compile(
    r"\W*(?:(?:also|and|but|or|so|then),? )?"
    r"(?:am|are|can|could|did|do|does|had|has|have|is|may|might|must|shall|should|was|were|will|would"
    r"|(?:ai|are|ca|could|did|does|do|had|has|have|is|should|was|were|wo|would)n?['\u2019]t)\b",
    re.IGNORECASE,
)


def only_asks(text: str) -> bool:
    """Tell whether a text is nothing but a question, or several.

    >>> only_asks("Why? Who says so?"), only_asks("Why? It leaks.")
    (True, False)
    """
    return text.rstrip().endswith("?") and all(part.endswith("?") for part in sentences(text))


def asks_openly(text: str) -> bool:
    """Tell whether a text is nothing but a question that claims nothing: none of yes or no.

    >>> asks_openly("Why was the pier closed?"), asks_openly("Should we close the pier?")
    (True, False)
    """
    return only_asks(text) and not any(_YES_OR_NO.match(part) for part in sentences(text))
