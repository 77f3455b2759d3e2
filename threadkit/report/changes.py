"""What changed since the earlier run that this one continued."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from threadkit.report.show import count, line, plural, value

if TYPE_CHECKING:
    from threadkit.corpus.analysis import Analysis

# Changes of one kind that a report shows; the rest stand in the table.
MAX_CHANGES = 20

# In the order in which they are shown.
KINDS = {
    "new": "Raised for the first time.",
    "grown": "Raised again since.",
    "come back": "Raised again after a long silence.",
    "answered since": "Never answered before, answered now.",
    "split": "Parted from another.",
    "merged": "Now holds what were several.",
    "gone quiet": "Not raised any more.",
}


@dataclass(frozen=True)
class Change:
    """One crux that changed, how, and the other one concerned."""

    title: str
    crux_id: int
    words: str
    other: str
    other_id: int | None


@dataclass(frozen=True)
class Changes:
    """The changes of one kind."""

    kind: str
    meaning: str
    n: int
    shown: tuple[Change, ...]

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.n - len(self.shown)


def changes(analysis: Analysis) -> tuple[Changes, ...]:
    """Arrange the changes by kind, each with those on most posts first."""
    table = analysis.changes
    order = ["n_posts", "n_objections", "change"]
    table = table.reset_index().sort_values(order, ascending=[False, False, True], kind="stable")
    known = [*KINDS, *sorted(set(table["kind"].dropna()) - set(KINDS))]
    names = analysis.cruxes["title"].map(lambda title: line(title, 140))
    titles = dict(zip(names.index.tolist(), names, strict=True))
    return tuple(
        Changes(
            kind,
            KINDS.get(kind, ""),
            len(rows),
            tuple(_change(row, titles) for row in rows.head(MAX_CHANGES).itertuples()),
        )
        for kind in known
        if len(rows := table[table["kind"] == kind])
    )


def summary(found: tuple[Changes, ...]) -> str:
    """Count the changes by kind in one line.

    >>> summary((Changes("new", "", 2, ()), Changes("gone quiet", "", 1, ())))
    '2 new, 1 gone quiet'
    """
    return ", ".join(f"{count(each.n)} {each.kind}" for each in found)


def _change(row: Any, titles: dict[int, str]) -> Change:
    other_id = value(row.other_id)
    other = "" if other_id is None else titles.get(int(other_id)) or f"crux {other_id}"
    return Change(
        title=line(row.title, 140) or titles.get(int(row.crux_id)) or f"Crux {row.crux_id}",
        crux_id=int(row.crux_id),
        words=_since(row),
        other=f"{'split from' if row.kind == 'split' else 'merged with'} “{other}”" if other else "",
        other_id=None if other_id is None else int(other_id),
    )


def _since(row: Any) -> str:
    """Write its counts then and now, one figure where they are the same or it is new."""
    told = []
    for name, one, many in (("posts", "post", "posts"), ("objections", "objection", "objections")):
        before, now = getattr(row, f"n_{name}_before"), getattr(row, f"n_{name}")
        then = f"{count(before)} → " if before and before != now else ""
        told.append(f"{then}{plural(now, one, many)}")
    return ", ".join(told)
