"""Names in running text, and what stands for them: a name is found however it is cased, joined or marked."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

# What a marked name that belongs to no author of the corpus becomes, and an address that leads to a person.
SOMEBODY = "somebody"
LINK = "(profile link)"
MAIL = "(e-mail address)"

# Words are runs of letters and digits; scripts written without blanks are read letter by letter.
_UNSPACED = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_TOKEN = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")
# "Ana Lopez", "ana_lopez", "Ana-Lopez" and "O'Brien" are the same name, however its parts are joined.
_JOINT = re.compile(r"(?:\\?[\s_.\-'\u2019+]|%20){0,2}")
# The part before the sign has at most 64 letters (RFC 5321).
_MAIL = re.compile(r"[\w.+\-]{1,64}@[\w\-]+(?:\.[\w\-]+)+")
_MARKED = re.compile(r"(?<![\w@/])@(?P<at>\w[\w.\-]*)|(?<![\w/])/?u(?:ser)?/(?P<u>[\w\-]+)")
_LINK = re.compile(r"\[(?P<words>[^\[\]]*)\]\((?P<target>(?:[^()\s]|\([^()\s]*\))*)\)")
_BARE = re.compile(r"(?:https?://|www\.)[^\s<>()\[\]]+")
# Where forums keep a person's own page.
_PROFILE = re.compile(
    r"/(?:u|users?|profiles?|members?|people|persons?|authors?|accounts?|speakers?)/[^/?#]"
    r"|/[@~][^/?#]|[?&](?:user(?:name|_?id)?|author|member)=|/user\?id=",
    re.IGNORECASE,
)
_HOMES = frozenset({"github.com", "twitter.com", "x.com", "facebook.com", "medium.com", "instagram.com", "t.me"})


class Edit(NamedTuple):
    """Characters start to stop become `new`."""

    start: int
    stop: int
    new: str


def tokens(name: str) -> tuple[str, ...]:
    """Return the words of a name, case folded.

    >>> tokens("Ana_Lopez-7")
    ('ana', 'lopez', '7')
    """
    return tuple(match.group().casefold() for match in _TOKEN.finditer(name))


def applied(text: str, edits: Iterable[Edit]) -> str:
    """Return a text with its edits made.

    >>> applied("Ana is right", [Edit(0, 3, "Bo")])
    'Bo is right'
    """
    parts, at = [], 0
    for edit in edits:
        parts += [text[at : edit.start], edit.new]
        at = edit.stop
    return "".join([*parts, text[at:]])


def moved(offset: int, edits: Sequence[Edit], *, stop: bool = False) -> int:
    """Return where an offset of the old text lies in the new one; inside an edit, at its begin, or its end if `stop`.

    >>> moved(4, [Edit(0, 3, "Bohumil")]), moved(2, [Edit(0, 3, "Bohumil")], stop=True)
    (8, 7)
    """
    shift = 0
    for edit in edits:
        if edit.stop <= offset:
            shift += len(edit.new) - (edit.stop - edit.start)
        elif edit.start < offset:
            return edit.start + shift + (len(edit.new) if stop else 0)
        else:
            break
    return offset + shift


class Mask:
    """Replaces names in texts.

    Parameters
    ----------
    free
        A name's words (`tokens`) → what stands for it, wherever the words stand.
    cased
        The same for names that are also common words: only where they are written as here, capitals and all.
    marked
        A name, case folded → what stands for it where it is marked as one: "@name", "u/name".
    """

    def __init__(
        self, free: Mapping[tuple[str, ...], str], cased: Mapping[str, str], marked: Mapping[str, str]
    ) -> None:
        self._free: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for words in sorted(free, key=lambda words: (-len(words), words)):
            self._free.setdefault(words[0], []).append((words, free[words]))
        self._cased, self._marked = cased, marked
        self._known: dict[str, str] = {}

    def text(self, text: str) -> str:
        """Return a text with every name replaced."""
        if text not in self._known:
            self._known[text] = applied(text, self.edits(text))
        return self._known[text]

    def names_someone(self, url: str) -> bool:
        """Tell whether an address is a person's own page or has a name in its path."""
        try:
            parts = urlsplit(url)
        except ValueError:
            return True
        path = unquote(url[url.find(parts.netloc) + len(parts.netloc) :] if parts.netloc else url)
        host = (parts.hostname or "").removeprefix("www.")
        home = host in _HOMES and len([part for part in parts.path.split("/") if part]) == 1
        return bool(home or _PROFILE.search(path) or _MAIL.search(path) or self._names(path))

    def edits(self, text: str) -> list[Edit]:
        """List what must be replaced, in order, none overlapping another."""
        taken = _Taken()
        for match in _LINK.finditer(text):
            if self._leads_to_someone(match["target"]):
                taken.add(Edit(match.start(), match.start("words"), ""))
                taken.add(Edit(match.end("words"), match.end(), ""))
        for match in _BARE.finditer(text):
            if self._leads_to_someone(match.group()):
                taken.add(Edit(*match.span(), LINK))
        for match in _MAIL.finditer(text):
            taken.add(Edit(*match.span(), MAIL))
        names = self._names(text)
        at = {edit.start: edit for edit in names}
        for match in _MARKED.finditer(text):
            start, stop = match.span(match.lastgroup or 0)
            whole = at.get(start)
            if whole is None or whole.stop < stop:
                handle = text[start:stop].rstrip(".-")
                new = self._marked.get(handle.casefold(), SOMEBODY)
                whole = Edit(start, start + len(handle), new)
            taken.add(whole)
        for edit in names:
            taken.add(edit)
        return taken.edits

    def _leads_to_someone(self, url: str) -> bool:
        """Tell whether an address in a text names a person: here its host may, as in ana.example.org."""
        return self.names_someone(url) or bool(self._names(unquote(url)))

    def _names(self, text: str) -> list[Edit]:
        """List the names in a text that are no matter of marks, the longest at each place."""
        found = list(_TOKEN.finditer(text))
        words = [match.group().casefold() for match in found]
        edits, i = [], 0
        while i < len(words):
            n, new = self._name_at(text, found, words, i)
            if n:
                edits.append(Edit(found[i].start(), found[i + n - 1].end(), new))
            i += n or 1
        return edits

    def _name_at(self, text: str, found: list[re.Match[str]], words: list[str], i: int) -> tuple[int, str]:
        for name, new in self._free.get(words[i], ()):
            n = len(name)
            if tuple(words[i : i + n]) == name and all(
                _JOINT.fullmatch(text, found[k].end(), found[k + 1].start()) for k in range(i, i + n - 1)
            ):
                return n, new
        new = self._cased.get(found[i].group(), "")
        return (1, new) if new else (0, "")


class _Taken:
    """Edits in order; one that overlaps an earlier added one is left out."""

    def __init__(self) -> None:
        self.edits: list[Edit] = []

    def add(self, edit: Edit) -> None:
        i = bisect_left(self.edits, edit.start, key=lambda each: each.start)
        before = self.edits[i - 1] if i else None
        after = self.edits[i] if i < len(self.edits) else None
        if (before is None or before.stop <= edit.start) and (after is None or edit.stop <= after.start):
            self.edits.insert(i, edit)
