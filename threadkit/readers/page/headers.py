"""Comment headers as a page prints them: a toggle, a name, an age, and scores that may be glued together.

`[-]Ana2yΩ7107` says less than it did before it was copied; page/scores.py tells what it may say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from threadkit.readers.page.paragraphs import squeezed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_TOGGLE = re.compile(r"\s*\[\s*[-+\u2013\u2212]\s*\]\s*")
_UNITS = r"(?:mo|[smhdwy])"
_DATE = r"[A-Z][a-z]{2} \d{1,2}, \d{4}"
_AGE = re.compile(rf"(?:\d{{1,2}}{_UNITS}|now|{_DATE})")
_AGE_INSIDE = re.compile(rf"(?P<date>{_DATE})|(?<!\d)(?P<digits>\d++)(?P<unit>{_UNITS})(?=\*|\s|\u03a9|-?\d|$)")
_LINKED = re.compile(r"\[(?P<words>(?:\[[^\[\]]*\]|[^\[\]])+)\](?P<address>\([^()]*\)|\[\d+\])")
_BRACKETED = re.compile(r"\[[^\[\]]+\]")
_COMMENT_ID = re.compile(r"commentId=(\w+)")
_GOES_ON = re.compile(r"[^\s*\u03a9\[]")
_SCORE = re.compile(r"(?P<af>\u03a9\s*)?(?P<digits>[-\u2212]?\d[\d\u2212-]*)")
_OLD_ORDER = re.compile(
    r"^(?P<name>\S.{0,38}?)\s+(?P<scores>(?:\u03a9\s*-?\d+\s+)?-?\d+(?:\s+-?\d+)?)\s*"
    rf"(?:[\[\]`+ -]{{3,}})?\s*(?P<age>{_AGE.pattern})$"
)
_COLLAPSED = re.compile(rf"^(?P<karma>[-\u2212]?\d{{1,4}})(?P<name>[^\W\d][^\n]{{0,38}}?)(?P<age>{_AGE.pattern})$")
_NO_TOGGLE = re.compile(
    rf"^(?P<name>[\w.-]+?(?: [\w.-]+?){{0,2}})(?P<age>{_AGE.pattern})\*?(?P<scores>(?:\u03a9-?\d+)?-?\d[\d-]*)$"
)
_NAME = re.compile(r"^[^\W\d][\w.'\u2019-]*(?: [^\W\d][\w.'\u2019-]*){0,3}$")
# What the forum prints among the facts of a header, glued to what stands before it or on a line of its own.
_NOTES = re.compile(
    r"(?:(?<=[smhdwyo*\d]) ?|(?<=\n))Moderator Comment(?=[\s\u03a9\u2212\d-]|$)"
    r"|(?<=\d) ?(?:Nomination|Review) for 20\d\d Review(?=\n|$)"
)
# So far below its beginning may a note stand.
_NOTE_CHARACTERS = 120
_ANSWER = re.compile(r"^Answer by\s+")
# Plausible ages by unit: a page counts 23 hours, then a day.
_OLDEST = {"s": 59, "m": 59, "h": 23, "d": 31, "w": 52, "mo": 11, "y": 30}
# A name longer than this, or lines further down than this, belong to no header.
_NAME_CHARACTERS = 40
# A name alone on its line heads at least this many characters.
_PROSE_CHARACTERS = 20
_LINES = 14


@dataclass(frozen=True)
class Header:
    """A header as printed, its scores still glued."""

    names: tuple[tuple[str, str | None], ...]
    """Every way to part the author's name from the age, likeliest first."""
    scores: tuple[tuple[bool, str], ...]
    """Printed tokens of scores: whether it begins with Alignment Forum karma, and its digits."""
    n_lines: int
    """Lines it takes on the page."""
    body: str = ""
    """What follows it on its last line."""
    comment_id: str | None = None
    collapsed: bool = False
    """A comment folded to one line: karma first, no agreement, its text in one line and perhaps cut."""
    sure: bool = True
    """False for a name alone on its line, which may be any short line."""
    spare: bool = False
    """Whether the last token of scores may be the first word of the body, on the same line."""


def read_header(lines: Sequence[str], at: int) -> Header | None:
    """Read the header that begins at `lines[at]`; None where none does.

    >>> read_header(["[-]Ana2y\u03a97107"], 0).scores
    ((True, '7107'),)
    """
    text = "\n".join(squeezed(line) for line in lines[at : at + _LINES])
    toggle = _TOGGLE.match(text)
    text = _NOTES.sub("", text[:_NOTE_CHARACTERS]) + text[_NOTE_CHARACTERS:] if toggle else text
    if toggle and "\n\n" not in toggle.group():
        return _after_toggle(text, toggle.end())
    return _without_toggle(text)


def _without_toggle(text: str) -> Header | None:
    line = text.split("\n", 1)[0]
    found = _COLLAPSED.match(line)
    if found:
        scores = ((False, found["karma"].replace("\u2212", "-")),)
        return Header(((found["name"], found["age"]),), scores, 1, collapsed=True)
    found = _OLD_ORDER.match(line) if "\u03a9" in line or "]" in line else _NO_TOGGLE.match(line)
    if found:
        return Header(((found["name"], found["age"]),), _tokens(found["scores"]), 1)
    words = text.split("\n")
    alone = len(words) > 2 and not words[1] and len(words[2]) >= _PROSE_CHARACTERS
    if alone and len(line) <= _NAME_CHARACTERS and _NAME.match(line):
        return Header(((line, None),), (), 1, sure=False)
    return None


def _after_toggle(text: str, start: int) -> Header | None:
    names, comment_id, position = _names(text, start)
    if not names or not 0 < len(names[0][0]) <= _NAME_CHARACTERS:
        return None
    scores: list[tuple[bool, str]] = []
    spare = False
    while len(scores) < 2 + any(af for af, _ in scores):
        _, found = _next(text, position, _SCORE)
        # `2 4 2nd thoughts`: a number set apart by a blank is a score where it stands alone.
        apart = bool(found and text[found.start() - 1] == " ")
        if not found or (apart and _GOES_ON.match(text, found.end())):
            break
        scores.append((bool(found["af"]), found["digits"].replace("\u2212", "-")))
        position = found.end()
        spare = apart and len(scores) > 1 and not found["af"]
    if names[0][1] is None:
        position, found = _next(text, position, _AGE)
        if found:
            names = tuple((name, found.group()) for name, _ in names)
            position = found.end()
    stop = text.find("\n", position)
    body = text[position : stop if stop >= 0 else len(text)].strip(" *")
    n_lines = text.count("\n", 0, position) + 1
    return Header(names, tuple(scores), n_lines, body, comment_id, spare=bool(body and spare))


def _next(text: str, position: int, pattern: re.Pattern[str]) -> tuple[int, re.Match[str] | None]:
    """Match a token on this line, or one that fills a line of its own further down."""
    here = re.compile(r"[ *]*").match(text, position)
    begin = here.end() if here else position
    found = pattern.match(text, begin)
    if found:
        return position, found
    if begin < len(text) and text[begin] != "\n":
        return position, None
    while begin < len(text) and text[begin] in "\n ":
        begin += 1
    found = pattern.match(text, begin)
    if found and text[found.end() : found.end() + 1] in {"", "\n"}:
        return begin, found
    return position, None


def _names(text: str, start: int) -> tuple[tuple[tuple[str, str | None], ...], str | None, int]:
    """Return the ways to read name and age, a comment's id if its address is printed, and where they end."""
    linked = _LINKED.match(text, start)
    bracketed = linked or _BRACKETED.match(text, start)
    if bracketed:
        name = linked["words"] if linked else bracketed.group()
        dated = _LINKED.match(text, bracketed.end())
        if dated and _AGE.fullmatch(dated["words"]):
            found = _COMMENT_ID.search(dated["address"])
            return ((name, dated["words"]),), found.group(1) if found else None, dated.end()
        position, age = _next(text, bracketed.end(), _AGE)
        return ((name, age.group() if age else None),), None, age.end() if age else position
    stop = text.find("\n", start)
    line = _line = text[start : stop if stop >= 0 else len(text)]
    prefix = _ANSWER.match(line)
    if prefix:
        start, line = start + prefix.end(), line[prefix.end() :]
    old = _OLD_ORDER.match(line)
    if old:
        return ((old["name"], old["age"]),), None, start + old.start("scores")
    aged = _AGE_INSIDE.search(line)
    if aged and 0 < aged.start() <= _NAME_CHARACTERS:
        return tuple(_splits_of_age(line, aged)), None, start + aged.end()
    scored = re.search(r"\u03a9\s*-?\d|(?<=\D)-?\d[\d-]{0,20}$", line)
    end = scored.start() if scored else len(line)
    name = line[:end].strip()
    if scored or not _line.strip():
        return ((name, None),), None, start + end
    position, age = _next(text, start + end, _AGE)
    return ((name, age.group() if age else None),), None, age.end() if age else position


def _splits_of_age(line: str, aged: re.Match[str]) -> Iterator[tuple[str, str | None]]:
    """Part digits between the end of a name and an age; two digits of age before one."""
    name = line[: aged.start()].rstrip()
    if aged["date"]:
        yield name, aged["date"]
        return
    digits, unit = aged["digits"], aged["unit"]
    for size in (2, 1):
        age = digits[-size:]
        # `Ana12d` is not Ana1 two days ago: names that end in a digit are rare.
        one_name = size == 1 and len(digits) == 2 and int(digits) <= _OLDEST[unit]
        if len(digits) >= size and age[0] != "0" and int(age) <= _OLDEST[unit] and not one_name:
            yield name + digits[:-size], age + unit


def _tokens(text: str) -> tuple[tuple[bool, str], ...]:
    return tuple((bool(found["af"]), found["digits"]) for found in _SCORE.finditer(text))
