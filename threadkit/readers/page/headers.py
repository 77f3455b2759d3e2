"""Comment headers as a page prints them, and the scores glued together in them.

A header is a toggle, a name, an age, then up to three scores: Alignment Forum karma (marked `Ω`), karma,
agreement. Scrapers glue them: `[-]Ana2yΩ7107`. Whether there is an agreement score is a property of the
page, so all its headers are settled together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product
from math import log
from typing import TYPE_CHECKING, NamedTuple

from threadkit.readers.page.paragraphs import squeezed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_TOGGLE = re.compile(r"\s*\[\s*[-+\u2013\u2212]\s*\]\s*")
_UNITS = r"(?:mo|[smhdwy])"
_DATE = r"[A-Z][a-z]{2} \d{1,2}, \d{4}"
_AGE = re.compile(rf"(?:\d{{1,2}}{_UNITS}|now|{_DATE})")
_AGE_INSIDE = re.compile(rf"(?P<date>{_DATE})|(?P<digits>\d+)(?P<unit>{_UNITS})(?=\*|\s|\u03a9|-?\d|$)")
_LINKED = re.compile(r"\[(?P<words>(?:\[[^\[\]]*\]|[^\[\]])+)\](?P<address>\([^()]*\)|\[\d+\])")
_BRACKETED = re.compile(r"\[[^\[\]]+\]")
_COMMENT_ID = re.compile(r"commentId=(\w+)")
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
_ANSWER = re.compile(r"^Answer by\s+")
# Plausible ages by unit: a page counts 23 hours, then a day.
_OLDEST = {"s": 59, "m": 59, "h": 23, "d": 31, "w": 52, "mo": 11, "y": 30}
# A name longer than this, or lines further down than this, belong to no header.
_NAME_CHARACTERS = 40
# A name alone on its line heads at least this many characters.
_PROSE_CHARACTERS = 20
_LINES = 14


class Reading(NamedTuple):
    """One way to read a header."""

    author: str
    age: str | None
    af_karma: int | None
    karma: int | None
    agreement: int | None


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


def read_header(lines: Sequence[str], at: int) -> Header | None:
    """Read the header that begins at `lines[at]`; None where none does.

    >>> read_header(["[-]Ana2y\u03a97107"], 0).scores
    ((True, '7107'),)
    """
    text = "\n".join(squeezed(line) for line in lines[at : at + _LINES])
    toggle = _TOGGLE.match(text)
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
    while len(scores) < 2 + any(af for af, _ in scores):
        position, found = _next(text, position, _SCORE)
        if not found:
            break
        scores.append((bool(found["af"]), found["digits"].replace("\u2212", "-")))
        position = found.end()
    if names[0][1] is None:
        position, found = _next(text, position, _AGE)
        if found:
            names = tuple((name, found.group()) for name, _ in names)
            position = found.end()
    stop = text.find("\n", position)
    body = text[position : stop if stop >= 0 else len(text)].strip(" *")
    return Header(names, tuple(scores), text.count("\n", 0, position) + 1, body, comment_id)


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
    scored = re.search(r"\u03a9\s*-?\d|(?<=\D)-?\d[\d-]*$", line)
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


def readings(header: Header, n_axes: int) -> list[Reading]:
    """List every reading with `n_axes` scores beside Alignment Forum karma, the most plausible first."""
    if header.collapsed:
        n_axes = 1
    if not header.scores:
        return [Reading(name, age, None, None, None) for name, age in header.names]
    has_af = any(af for af, _ in header.scores)
    found = []
    for numbers in _split(header.scores, n_axes + has_af):
        af = numbers[0] if has_af else None
        karma, agreement = (*numbers[has_af:], None)[:2]
        found += [Reading(name, age, af, karma, agreement) for name, age in header.names]
    order = {name: place for place, name in enumerate(header.names)}
    return sorted(found, key=lambda reading: (-plausibility(reading), order[reading.author, reading.age]))


def _split(tokens: Sequence[tuple[bool, str]], total: int) -> Iterator[tuple[int, ...]]:
    """Part glued digits into `total` numbers: no leading zeros, a minus begins a number."""
    ways = [[way for n in range(1, total + 1) for way in _numbers(digits, n)] for _, digits in tokens]
    if len(tokens) > 1 and tokens[0][0]:  # set apart from the rest, Alignment Forum karma is one number
        ways[0] = [way for way in ways[0] if len(way) == 1] or ways[0]
    for chosen in product(*ways):
        numbers = tuple(number for way in chosen for number in way)
        if len(numbers) == total:
            yield numbers


def _numbers(digits: str, n: int) -> Iterator[tuple[int, ...]]:
    if n == 1:
        if re.fullmatch(r"-?(?:0|[1-9]\d*)", digits) and digits != "-0":
            yield (int(digits),)
        return
    for cut in range(1, len(digits)):
        for first in _numbers(digits[:cut], 1):
            for rest in _numbers(digits[cut:], n - 1):
                yield (*first, *rest)


def plausibility(reading: Reading) -> float:
    """Return how plausible the scores are, as a log likelihood; only its order is used.

    Karma has a heavy tail, P(k) ~ (1 + |k|)^-2. The other two scores come from among the same voters, so each
    is taken as even up to karma and rare beyond it.
    """
    if reading.karma is None:
        return 0.0
    karma = abs(reading.karma)
    value = -2 * log(1 + karma)
    for other in (reading.af_karma, reading.agreement):
        if other is not None:
            value -= log(2 * karma + 1) if abs(other) <= karma else log(2 * karma + 1) + 2 * log(1 + abs(other)) + 2
    return value


def undecided(found: Sequence[Reading]) -> list[Reading]:
    """List the readings that are left where Alignment Forum karma stays within karma, if any does.

    >>> undecided(readings(Header((("Ana", "2y"),), ((True, "7107"),), 1), 2))
    [Reading(author='Ana', age='2y', af_karma=7, karma=10, agreement=7)]
    """
    return [r for r in found if r.af_karma is None or r.karma is None or r.af_karma <= r.karma] or list(found)


@dataclass(frozen=True)
class Settled:
    """All headers of a page, read together."""

    n_axes: int
    readings: tuple[tuple[Reading, ...], ...]
    """For each header, the readings that are left, the preferred first."""


def settle(
    headers: Sequence[Header], printed: Sequence[tuple[int, str]] = (), *, two_axes: bool | None = None
) -> Settled:
    """Read all headers of a page together.

    `printed` is the page's own list of comments (karma, author) in their order, if it has one; `two_axes`
    says whether comments on this page have an agreement score, where that is known otherwise.
    """
    n_axes = _axes(headers, printed, two_axes=two_axes)
    left = []
    place = 0
    for header in headers:
        found = readings(header, n_axes) or readings(header, 3 - n_axes)
        found = found or [Reading(name, age, None, None, None) for name, age in header.names]
        listed, place = _listed(found, printed, place)
        left.append(tuple(listed or undecided(found)))
    return Settled(n_axes, tuple(left))


def _axes(headers: Sequence[Header], printed: Sequence[tuple[int, str]], *, two_axes: bool | None) -> int:
    scored = [header for header in headers if header.scores and not header.collapsed]
    possible = [n for n in (2, 1) if all(readings(header, n) for header in scored)]
    if len(possible) == 1:
        return possible[0]
    if two_axes is not None:
        return 2 if two_axes else 1
    if not possible or not scored:
        return 2

    def value(n: int) -> tuple[int, float]:
        best = [readings(header, n) for header in scored]
        agrees = sum(any((r.karma, r.author) in set(printed) for r in found) for found in best)
        return agrees, sum(plausibility(found[0]) for found in best)

    return max(possible, key=value)


def _listed(found: Sequence[Reading], printed: Sequence[tuple[int, str]], place: int) -> tuple[list[Reading], int]:
    """Return the readings that the page's own list allows, looking on from `place`, and where to look next."""
    for row in range(place, len(printed)):
        agree = [reading for reading in found if (reading.karma, reading.author) == printed[row]]
        if agree:
            return agree, row + 1
    return [], place
