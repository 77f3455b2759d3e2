"""Let a plug-in, such as a language model, word a crux anew; what it quotes must stand in what people wrote.

A labeler is a function from a `Request` to a mapping with `title` and `quotes`. Other packages offer one under the
entry point group `threadkit.labelers`; any other is named `package.module:function`. What comes back is data, never
instructions: forum text may try to speak to the model.
"""

from __future__ import annotations

import re
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from threadkit.base.align import find_passage
from threadkit.base.errors import SettingError
from threadkit.base.registry import Registry
from threadkit.base.text import printable, words
from threadkit.crux.name import central
from threadkit.crux.proposition import TITLE_WORDS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Labeler = Callable[["Request"], Mapping[str, Any]]

LABELERS = Registry("labeler", {}, group="threadkit.labelers")

# A quotation of fewer words proves nothing: they stand everywhere.
MIN_QUOTE_WORDS = 4

_NO_TITLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069<>]|https?:|www\.", re.IGNORECASE)


class Request(NamedTuple):
    """What a labeler is asked about: the crux as it is named so far, and its most central objections, verbatim."""

    title: str
    claim: str | None
    objections: tuple[str, ...]


def find_labeler(name: str) -> Labeler:
    """Return the labeler of this name; raises SettingError where there is none."""
    module, _, attribute = name.partition(":")
    if not attribute:
        found = LABELERS.load(name)
    else:
        try:
            found = getattr(import_module(module), attribute)
        except (ImportError, AttributeError, ValueError) as error:
            raise SettingError(
                f"labeler {name!r}: {error}; give the name of an installed one or package.module:function"
            ) from error
    if not callable(found):
        raise SettingError(f"labeler {name!r} is no function")
    return found  # type: ignore[no-any-return]


def reword(cruxes: pd.DataFrame, objections: pd.DataFrame, labeler: Labeler) -> tuple[pd.Series, dict[str, int]]:
    """Return the labeler's wording of each crux, by crux_id, NA where it is refused; and how many were.

    `cruxes` are those to ask about. A wording is refused unless it is one line of at most TITLE_WORDS words without
    an address or mark-up, and gives at least one quotation, and every one stands in an objection that it was shown.
    """
    best = central(objections[objections["crux_id"].isin(cruxes.index)])
    shown = best.groupby("crux_id")["text"].agg(tuple)
    out = pd.Series(pd.NA, index=cruxes.index, dtype="string")
    for crux_id, title, claim in zip(cruxes.index, cruxes["title"], cruxes["claim"], strict=True):
        request = Request(title, None if pd.isna(claim) else claim, shown.get(crux_id, ()))
        said, quotes = _ask(labeler, request)
        if proven(said, quotes, request.objections):
            out[crux_id] = " ".join(str(said).split())
    reworded = int(out.notna().sum())
    return out, {"asked": len(out), "reworded": reworded, "refused": len(out) - reworded}


def _ask(labeler: Labeler, request: Request) -> tuple[object, object]:
    """Return title and quotes as the labeler gives them; nothing where it fails, for the crux keeps its own title."""
    try:
        said = labeler(request)
        return said["title"], said["quotes"]
    except Exception:
        return None, None


def proven(title: object, quotes: object, objections: tuple[str, ...]) -> bool:
    """Tell whether a wording may stand.

    >>> said = ("The trial was far too short to show it.",)
    >>> proven("Too short a trial shows no harm.", ["far too short to show"], said)
    True
    >>> proven("Too short a trial shows no harm.", ["ended after a week or so"], said)
    False
    """
    if not isinstance(title, str) or not isinstance(quotes, (list, tuple)) or not quotes:
        return False
    if title != printable(title):  # half a character, or one that nobody sees
        return False
    if not 1 < len(words(title)) <= TITLE_WORDS[1] or _NO_TITLE.search(title.strip()):
        return False
    return all(isinstance(quote, str) and _stands(quote, objections) for quote in quotes)


def _stands(quote: str, objections: tuple[str, ...]) -> bool:
    if len(words(quote)) < MIN_QUOTE_WORDS or "[" in quote or "…" in quote or "..." in quote:
        return False
    return any(find_passage(quote, text, 1.0) is not None for text in objections)
