"""What stands among an export's records and is none: nothing that no reader knows is passed over in silence.

A reader that walks lists in search of records hands them in here once it knows what it found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from threadkit.readers.decode import CUT
from threadkit.readers.values import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from threadkit.readers.draft import Draft

# So many of a file are told one by one; of more, their number.
_TOLD = 20
_LISTED = 4
_LONGEST_NAME = 30


class Listed(NamedTuple):
    """A list of an export, and where it stands."""

    values: Sequence[Any]
    place: str = ""
    noun: str = "record"
    """What to call its elements where they are counted."""
    places: Sequence[str] = ()
    """Where each element stands, if that is not told by its number."""

    def at(self, n: int) -> str:
        """Return where the element of this number stands."""
        return self.places[n] if self.places else f"{self.place} {self.noun} {n + 1}".strip()


class Stray(NamedTuple):
    """Something that is no record, where one should stand."""

    value: Any
    place: str


def listed(tops: Sequence[tuple[str, Any]]) -> list[Listed]:
    """Return the values at the top of a file, which are a list where each has a line."""
    return [Listed([value for _, value in tops], places=[place for place, _ in tops])] if len(tops) > 1 else []


def among(lists: Sequence[Listed], records: Iterable[Any]) -> list[Stray]:
    """Return what holds no record in the lists in which something else does.

    `records`: the very objects that were read; `lists`: each before those that stand in it. A list without any record
    (of labels, of users) may hold what it will, and so may an answer that says it has none, or an empty list.
    """
    search = _Search(records)
    found: list[Stray] = []
    for one in reversed(lists):
        found += [Stray(one.values[n], one.at(n)) for n in reversed(search.strays(one.values))]
    return found[::-1]


class _Search:
    """Which objects are or hold records; each list is looked through once, inner ones first."""

    def __init__(self, records: Iterable[Any]) -> None:
        self._holding = set(map(id, records))
        self._barren: set[int] = set()

    def strays(self, values: Sequence[Any]) -> list[int]:
        """Return the numbers of the elements that are strays."""
        others = [n for n, value in enumerate(values) if id(value) not in self._holding]
        has_records = len(others) < len(values)
        if not others or not (has_records or any(not isinstance(values[n], list) for n in others)):
            return []
        barren = [n for n in others if not self._holds(values[n])]
        if not has_records and len(barren) == len(others):
            self._barren.add(id(values))
            return []
        self._holding.add(id(values))
        return [n for n in barren if values[n] != [] and (has_records or not _has_list(values[n]))]

    def _holds(self, top: Any) -> bool:
        """Tell whether a record stands anywhere in a value, without recursion."""
        stack = [top]
        while stack:
            value = stack.pop()
            if id(value) in self._holding:
                self._holding.add(id(top))
                return True
            if isinstance(value, (dict, list)) and id(value) not in self._barren:
                inner = value.values() if isinstance(value, dict) else value
                stack += [one for one in inner if isinstance(one, (dict, list))]
        if isinstance(top, (dict, list)):
            self._barren.add(id(top))
        return False


def _has_list(top: Any) -> bool:
    """Tell whether a list stands anywhere in a value: what answers with an empty one has left nothing out."""
    stack = [top]
    while stack:
        value = stack.pop()
        if isinstance(value, list):
            return True
        stack += value.values() if isinstance(value, dict) else []
    return False


def tell(draft: Draft, strays: Sequence[Stray], what: str = "a record") -> None:
    """Note what was left out; `what` should stand there. Where a file was cut off is told already."""
    left = [stray for stray in strays if not (isinstance(stray.value, dict) and CUT in stray.value)]
    for stray in left[:_TOLD]:
        came = f"{_named(stray.value)} stands where {what} should"
        draft.problem(came, "it was left out; export it again", place=stray.place, severity="error")
    if len(left) > _TOLD:
        n = len(left) - _TOLD
        came, place = f"{n:,} more such things stand where {what} should", left[_TOLD].place
        cure = "they were left out; export them again"
        draft.problem(came, cure, place=f"{place} and below".strip(), severity="error", n_lost=n)


def _named(value: Any) -> str:
    """Return what to call a value that is no record.

    >>> _named(None), _named("x"), _named([1]), _named({}), _named({"message": "Not Found"})
    ('null', "'x'", 'a list', 'an empty object', "an object of 'message'")
    """
    if not isinstance(value, dict):
        return "null" if value is None else shown(value)
    names = [repr(name)[:_LONGEST_NAME] for name in list(value)[:_LISTED]]
    return f"an object of {', '.join(names)}" if names else "an empty object"
