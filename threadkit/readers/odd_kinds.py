"""Fields that hold another kind of value than they should: told, for read as absent they would be lost in silence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from threadkit.readers.values import absent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from threadkit.readers.draft import Draft


class Kind(NamedTuple):
    """What a field should hold, and what becomes of it where it does not."""

    fits: frozenset[type]
    name: str
    cure: str = "it was left empty"
    severity: str = "error"
    loss: str | None = None


_PRINTED = frozenset({str, int, float})
TEXT = Kind(_PRINTED, "text")
NUMBER = Kind(_PRINTED, "a number", "it was read as if it named none", "warning", "parents")
OBJECT = Kind(frozenset({dict}), "an object")
TEXT_OR_OBJECT = Kind(_PRINTED | {dict}, "text or an object")
PARENT = Kind(_PRINTED, "an id", "it was read as if it answered the post", "warning", "parents")
POST_OR_OBJECT = Kind(_PRINTED | {dict}, "an id or an object", "the post was found otherwise, or guessed", "warning")
POST = Kind(_PRINTED, "an id", "the post was found otherwise, or guessed", "warning")


def tell_odd(
    draft: Draft, fields: Mapping[str, Any], kinds: Mapping[str, Kind], place: str, comment_id: str | None = None
) -> set[str]:
    """Note every field that holds another kind of value than it should, and return their names."""
    odd: set[str] = set()
    for name, kind in kinds.items():
        value = fields.get(name)
        if value is None or type(value) in kind.fits or absent(value):
            continue
        odd.add(name)
        draft.problem(
            f"{name} is a {type(value).__name__}, not {kind.name}",
            kind.cure,
            place=place,
            comment_id=comment_id,
            severity=kind.severity,
            loss=kind.loss,
        )
    return odd
