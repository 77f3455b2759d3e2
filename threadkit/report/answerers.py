"""Who can answer a point on these forums, in words: whose readers score nothing, there any disagreeing reply can."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from threadkit.base.lookup import among, looked_up, true
from threadkit.corpus.scored import is_scored

if TYPE_CHECKING:
    from threadkit.corpus.analysis import Analysis


@dataclass(frozen=True)
class Answerers:
    """Who can answer: as the agents of "answered", as those who "took it up", and what that rests on."""

    by: str
    who: str
    why: str


SCORED = Answerers(
    "by the post’s author or in a reply that readers scored higher",
    "The post’s author, or a reply that the readers scored higher",
    "Other replies are not counted.",
)
UNSCORED = Answerers(
    "by the post’s author or in a disagreeing reply",
    "The post’s author, or any reply that disagrees",
    "No scores: any disagreeing reply counts.",
)
MIXED = Answerers(
    "by the post’s author or in a reply that readers scored higher (where there are no scores, that disagrees)",
    "The post’s author, or a reply that the readers scored higher",
    "Where there are no scores, any disagreeing reply counts.",
)


def answerers(analysis: Analysis) -> Answerers:
    """Return who can answer on the posts of an analysis under which there are comments."""
    scored = is_scored(analysis.comments, analysis.posts)
    return _of(set(scored[among(scored.index, analysis.comments["post_id"])].tolist()))


def answerers_by_crux(analysis: Analysis, shown: list[int]) -> dict[int, Answerers]:
    """Return who can answer each of the cruxes that are shown, on the posts on which they came up."""
    cruxes, posts = (analysis.recurrence.index.get_level_values(name) for name in ("crux_id", "post_id"))
    own = cruxes.isin(shown)
    scored = looked_up(is_scored(analysis.comments, analysis.posts).astype("boolean"), posts[own])
    found: dict[int, set[bool]] = {}
    for crux_id, each in zip(cruxes[own].tolist(), true(scored).tolist(), strict=True):
        found.setdefault(crux_id, set()).add(each)
    return {crux_id: _of(kinds) for crux_id, kinds in found.items()}


def _of(found: set[bool]) -> Answerers:
    return MIXED if len(found) > 1 else UNSCORED if found == {False} else SCORED
