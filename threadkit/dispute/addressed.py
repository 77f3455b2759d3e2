"""Whom a comment without a parent speaks to by name: "@eva that is false", "Hans – you still have not said why"."""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from typing import TYPE_CHECKING, NamedTuple

from threadkit.base.columns import values
from threadkit.base.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

# A name may be several words: as many as this after "@", as many characters as this before a stop.
_WORDS, _CHARACTERS = 3, 40
# What may stand before a name.
_LEAD = re.compile(r"(?:dear|hello|hey|hi|listen|look|thank you|thanks|to),? +(?=\S)", re.IGNORECASE)
_AT = re.compile(rf"@([^\W_]\S*(?: \S+){{0,{_WORDS - 1}}})")
# What ends a name that has no "@" before it.
_END = re.compile(r"(?=\n)|[:,.!~\u2026](?=\s)| ?[-\u2013\u2014~](?=\s)")
# A name without its blanks and marks; and its first word: "Eva" of "Eva Lund" and "EvaLund", "hans" of "hans99".
_MARKS = re.compile(r"[\W_]+")
_FIRST = re.compile(r"[^\W\d_]+?(?=[\W\d_]|(?<=[a-z])[A-Z]|$)")
# Letters from which the beginning of a name stands for it after "@", and from which its first word does anywhere.
_BEGUN, _SHORT = 4, 3


def _listed(words: str) -> list[str]:
    return words.split()


# What begins many a reply and may also begin a name.
_OPENINGS = frozenset(
    _listed(
        "absolutely agreed all also amen and anyway ask basically bullshit but congrats correct dude edit exactly "
        "fact fair false fine first fun good great guys haha here hey hmm how however indeed interesting just lie "
        "lies like lol look man maybe nah never nice nonsense nope not nothing now okay one please point "
        "precisely question quote really right second seriously sir some sorry source still stop sure thank "
        "thanks that the then there this though thus today true update wait welcome well what when who why wow "
        "wrong yea yeah yep yes yet you"
    )
)
# Not one person: who writes so speaks to the thread.
_EVERYBODY = frozenset(["all", "channel", "everybody", "everyone", "here", "mods", "op"])


class Address(NamedTuple):
    """Where in a comment somebody is spoken to, and what they said last.

    `said` is a comment id or `post <post_id>`; None = nobody of that name is there.
    """

    start: int
    said: str | None


def addressed(comments: pd.DataFrame, posts: pd.DataFrame) -> dict[str, list[Address]]:
    """Return, for comments without a parent, the paragraphs that begin with the name of another author of their thread.

    On boards without threads that is all that tells whom somebody answers. Comments of one post stand in their order.
    Who begins a comment with "@" and a name that nobody above has speaks to somebody who is not there; elsewhere a
    name that nobody has is none.
    """
    rows = zip(*(values(comments[name]) for name in ("post_id", "parent_id", "author", "text")), strict=True)
    heard = {
        post_id: _Heard(post_id, author)
        for post_id, author in zip(values(posts.index), values(posts["author"]), strict=True)
    }
    found: dict[str, list[Address]] = {}
    for comment_id, (post, parent, author, text) in zip(values(comments.index), rows, strict=True):
        thread = heard[post]
        own = None if author is None else fold(author)
        if parent is None and text and (calls := list(thread.calls(text, own))):
            found[comment_id] = calls
        if author is not None:
            thread.add(author, comment_id)
    return found


class _Heard:
    """Who has spoken in one thread so far, and where last."""

    def __init__(self, post_id: str, poster: str | None) -> None:
        self._latest: dict[str, str] = {}
        self._squeezed: list[tuple[str, str]] = []
        self._first: dict[str, list[str]] = {}
        if poster is not None:
            self.add(poster, f"post {post_id}")

    def add(self, author: str, place: str) -> None:
        """Take up that an author has spoken."""
        name = fold(author)
        if name not in self._latest:
            insort(self._squeezed, (_MARKS.sub("", name), name))
            if first := _FIRST.match(author):
                self._first.setdefault(fold(first[0]), []).append(name)
        self._latest[name] = place

    def calls(self, text: str, own: str | None) -> Iterator[Address]:
        """Yield the addresses of a text; `own` is its author's folded name."""
        start = 0
        for paragraph in text.split("\n\n"):
            if call := self._call(text, start, own):
                yield call
            elif not start:
                return  # who names nobody at first mentions others further down, and goes on to answer whom they did
            start += len(paragraph) + 2

    def _call(self, text: str, start: int, own: str | None) -> Address | None:
        """Return the address with which the paragraph that begins at `start` begins, if any."""
        head = text[start : start + 2 * _CHARACTERS].lstrip(" \n*_")
        lead = _LEAD.match(head)
        begin = lead.end() if lead else 0
        at = _AT.match(head, begin)
        said = self._after_at(at[1], own) if at else self._before_stop(head[begin:], own)
        absent = at and not start and not lead and self._absent(at[1], own)
        return Address(start, said) if said is not None or absent else None

    def _after_at(self, named: str, own: str | None) -> str | None:
        words = fold(named).split(" ")
        for n in range(len(words), 0, -1):
            name = " ".join(words[:n]).rstrip(".,:;!?*_~\u2026-").removesuffix("'s")
            if said := self._of(name, own) or self._begun(_MARKS.sub("", name), own):
                return said
        return None

    def _before_stop(self, head: str, own: str | None) -> str | None:
        for end in _END.finditer(head, 2, _CHARACTERS + 1):
            name = fold(head[: end.start()].rstrip(" .!*_"))
            if name not in _OPENINGS and (said := self._of(name, own)):
                return said
        return None

    def _of(self, name: str, own: str | None) -> str | None:
        """Return where the one of this full or first name spoke last."""
        if name in self._latest:
            return None if name == own else self._latest[name]
        others = [full for full in self._first.get(name, []) if full != own] if len(name) >= _SHORT else []
        return self._latest[others[0]] if len(others) == 1 else None

    def _begun(self, key: str, own: str | None) -> str | None:
        """Return where the one whose name, without blanks, is or begins with `key` spoke last."""
        if not key:
            return None
        place = bisect_left(self._squeezed, (key, ""))
        near = [(short, full) for short, full in self._squeezed[place : place + 3] if short.startswith(key)]
        others = [full for short, full in near if full != own and (short == key or len(key) >= _BEGUN)]
        return self._latest[others[0]] if len(others) == 1 else None

    def _absent(self, named: str, own: str | None) -> bool:
        """Tell whether what follows "@" is a name, and of nobody who is there or of everybody."""
        name = _MARKS.sub("", fold(named.split(" ")[0]))
        mine = own is not None and _MARKS.sub("", own).startswith(name)
        return bool(name) and name not in _EVERYBODY and not mine
