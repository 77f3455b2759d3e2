"""Whom a comment without a parent speaks to by name: "@eva that is false", "hans: you still have not said why"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from threadkit.base.columns import values
from threadkit.base.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

# A name may be several words: as many as this after "@", as many characters as this before a colon or comma.
_WORDS, _CHARACTERS = 3, 40
_AT = re.compile(rf"@(\S+(?: \S+){{0,{_WORDS - 1}}})")
_CALLED = re.compile(rf"([^\n:,]{{2,{_CHARACTERS}}})[:,](?=\s)")


def addressed(comments: pd.DataFrame) -> dict[str, str]:
    """Return, for comments without a parent that begin with another author's name, that author's latest comment above.

    On boards without threads that is all that tells whom somebody answers. Comments of one post stand in their order.
    """
    rows = zip(*(values(comments[name]) for name in ("post_id", "parent_id", "author", "text")), strict=True)
    latest: dict[tuple[str, str], str] = {}
    found: dict[str, str] = {}
    for comment_id, (post, parent, author, text) in zip(values(comments.index), rows, strict=True):
        own = None if author is None else fold(author)
        if parent is None and text:
            heard = ((post, name) for name in _names(text) if name != own)
            said = next((latest[key] for key in heard if key in latest), None)
            if said is not None:
                found[comment_id] = said
        if own is not None:
            latest[post, own] = comment_id
    return found


def _names(text: str) -> Iterator[str]:
    """Yield what may be a name at the beginning of a text, the longest first, folded.

    >>> list(_names("@Eva Lund, no.")), list(_names("Hans: why?"))
    (['eva lund, no', 'eva lund', 'eva'], ['hans'])
    """
    head = text[: 2 * _CHARACTERS].lstrip(" \n*_")
    if at := _AT.match(head):
        named = at[1].split(" ")
        yield from (fold(" ".join(named[:n]).rstrip(".,:;!?*_")) for n in range(len(named), 0, -1))
    elif called := _CALLED.match(head):
        yield fold(called[1].rstrip(" *_"))
