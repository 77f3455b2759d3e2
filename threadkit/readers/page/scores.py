"""What the glued digits of comment headers may say: every reading that the page as a whole allows, and no other.

A page prints the same scores in all its headers, up to three: Alignment Forum karma (marked `Ω`), karma,
agreement. Copying glues them, so that `7043` may be 70 and 43, or 704 and 3. Numbers have no leading zeros; the
page's own list of comments, where it is printed, names every author with his karma. Two rules are soft, they
hold unless nothing else is left: Alignment Forum karma is at most karma, since its voters are among all voters;
and a name ends in no digit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import product
from math import log
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from threadkit.readers.page.headers import Header


class Reading(NamedTuple):
    """One way to read a header."""

    author: str
    age: str | None
    af_karma: int | None
    karma: int | None
    agreement: int | None


NOBODY = Reading("", None, None, None, None)


@dataclass(frozen=True)
class Settled:
    """All headers of a page, read together."""

    axes: tuple[int, ...]
    """How many scores beside Alignment Forum karma every header may have: 1, 2, or either."""
    readings: tuple[tuple[Reading, ...], ...]
    """For each header, the readings that are left, the most plausible first."""


def agreed(found: Sequence[Reading]) -> Reading:
    """Return what all readings have in common; the rest is unknown.

    >>> agreed([Reading("Ana", "2y", 3, 70, 43), Reading("Ana", "2y", 3, 704, 3)])
    Reading(author='Ana', age='2y', af_karma=3, karma=None, agreement=None)
    """
    first = found[0]
    differ = {name for reading in found for name in first._fields if getattr(reading, name) != getattr(first, name)}
    return first._replace(**{name: getattr(NOBODY, name) for name in differ})


def settle(
    headers: Sequence[Header], printed: Sequence[tuple[int, str]] = (), *, two_axes: bool | None = None
) -> Settled:
    """Read all headers of a page together.

    `printed` is the page's own list of comments (karma, author) in their order, if it has one; `two_axes`
    says whether comments on this page have an agreement score, where that is known otherwise.
    """
    scored = [i for i, header in enumerate(headers) if header.scores and not header.collapsed]
    for spare in (False, True):
        ways = _ways(headers, frozenset(name for _, name in printed), spare=spare)
        axes = tuple(n for n in ways if all(ways[n][i] for i in scored))
        if axes:
            break
    axes = axes or (2, 1)
    if two_axes is not None and (2 if two_axes else 1) in axes:
        axes = (2 if two_axes else 1,)
    listed = {n: rows for n in axes if (rows := _listed(ways[n], printed))}
    ways |= listed
    axes = tuple(listed) or axes
    axes = tuple(n for n in axes if all(any(map(_modest, ways[n][i])) for i in scored)) or axes
    left = []
    for i, header in enumerate(headers):
        found = [reading for n in axes for reading in ways[n][i]] or [*ways[2][i], *ways[1][i]]
        left.append(tuple(_ranked(modest(list(dict.fromkeys(found))), header) or [_unread(header)]))
    return Settled(axes, tuple(left))


def _ways(headers: Sequence[Header], names: frozenset[str], *, spare: bool) -> dict[int, list[list[Reading]]]:
    """List every reading of every header, by how many scores headers have beside Alignment Forum karma."""
    known = names | {header.names[0][0] for header in headers if len(header.names) == 1}

    def read(header: Header, n_axes: int) -> list[Reading]:
        return _of_known([r for one in _parted(header, names) for r in readings(one, n_axes, spare=spare)], known)

    return {n: [read(header, n) for header in headers] for n in (2, 1)}


def _parted(header: Header, names: frozenset[str]) -> list[Header]:
    """Return the header, and as it is if digits before its scores end a name that the page lists."""
    (name, age), *_ = header.names
    found = [header]
    if age is None and header.scores and not header.collapsed and not header.scores[0][0]:
        (_, digits), *rest = header.scores
        for listed in sorted(names):
            tail = listed.removeprefix(name)
            if listed != tail and tail.isdecimal() and digits.startswith(tail) and digits != tail:
                scores = ((False, digits.removeprefix(tail)), *rest)
                found.append(replace(header, names=((listed, None),), scores=scores))
    return found


def _unread(header: Header) -> Reading:
    return NOBODY._replace(author=header.names[0][0], age=header.names[0][1])


def _ranked(found: Sequence[Reading], header: Header) -> list[Reading]:
    order = {name: place for place, name in enumerate(header.names)}
    return sorted(found, key=lambda r: (-plausibility(r), order.get((r.author, r.age), -1)))


def _of_known(found: Sequence[Reading], known: frozenset[str]) -> list[Reading]:
    """Keep the readings whose author the page names elsewhere, if that tells the readings apart."""
    return [reading for reading in found if reading.author in known] or list(found)


def readings(header: Header, n_axes: int, *, spare: bool = False) -> list[Reading]:
    """List every reading with `n_axes` scores beside Alignment Forum karma; `spare`: the last may be the body's."""
    if header.collapsed:
        n_axes = 1
    if not header.scores:
        return [_unread(header)._replace(author=name, age=age) for name, age in header.names]
    has_af = any(af for af, _ in header.scores)
    tokens = header.scores
    if spare and header.spare and len(tokens) > n_axes + has_af:
        tokens = tokens[:-1]
    found = []
    for numbers in _split(tokens, n_axes + has_af):
        af = numbers[0] if has_af else None
        karma, agreement = (*numbers[has_af:], None)[:2]
        found += [Reading(name, age, af, karma, agreement) for name, age in header.names]
    return found


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
    """Return how plausible the scores are, as a log likelihood; it orders readings and decides none.

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


def _modest(reading: Reading) -> bool:
    """Tell whether Alignment Forum karma stays within karma."""
    return reading.af_karma is None or reading.karma is None or reading.af_karma <= reading.karma


def modest(found: Sequence[Reading]) -> list[Reading]:
    """List the readings that are left where Alignment Forum karma stays within karma, if any does.

    >>> [r.karma for r in modest([Reading("Ana", "2y", 7, 10, 7), Reading("Ana", "2y", 71, 0, 7)])]
    [10]
    """
    return list(filter(_modest, found)) or list(found)


def _listed(found: Sequence[Sequence[Reading]], printed: Sequence[tuple[int, str]]) -> list[list[Reading]]:
    """Return the readings that the page's own list allows; none where its rows and the headers do not go together.

    The list holds every comment in the order of the page, so each header takes a row below the one before: a row
    is open to a header where all headers above find rows above it, and all below find rows below it.
    """
    rows = [[_rows(reading, printed) for reading in each] for each in found]
    bound = [i for i, each in enumerate(found) if not _nameless(each)]  # the list may leave out who is gone
    if not printed or not bound:
        return []
    upper, lower = dict[int, int](), dict[int, int]()
    last = -1
    for i in bound:
        upper[i] = last
        last = min((row for one in rows[i] for row in one if row > last), default=len(printed))
    after = len(printed)
    for i in reversed(bound):
        lower[i] = after
        after = max((row for one in rows[i] for row in one if row < after), default=-1)
    if last >= len(printed) or after < 0:
        return []
    return [
        [r for r, one in zip(each, rows[i], strict=True) if any(upper[i] < row < lower[i] for row in one)]
        if i in upper
        else list(each)
        for i, each in enumerate(found)
    ]


def _rows(reading: Reading, printed: Sequence[tuple[int, str]]) -> list[int]:
    """Return the rows of the page's own list that say what this reading says."""
    return [
        i
        for i, (karma, name) in enumerate(printed)
        if name == reading.author and (reading.karma is None or reading.karma == karma)
    ]


def _nameless(found: Sequence[Reading]) -> bool:
    """Tell whether a header names nobody: `[deleted]`, `[anonymous]`."""
    return any(reading.author.startswith("[") for reading in found)
