"""How sure it is that a crux comes back, and how it was received: a row of figures in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from threadkit.corpus.tables import MAX_Q
from threadkit.report.show import plural, probability, share

if TYPE_CHECKING:
    from collections.abc import Mapping

_RHYTHMS = {"burst": "mostly in one burst", "steady": "steadily"}
_RECEPTIONS = {
    "liked, agreed with": "Readers liked these objections and agreed with them",
    "liked, disagreed with": "Readers liked these objections but disagreed with them",
    "not liked, agreed with": "Readers did not like these objections but agreed with them",
    "not liked, disagreed with": "Readers neither liked these objections nor agreed with them",
}


@dataclass(frozen=True)
class Evidence:
    """Sentences without their full stops, each empty where its figures are unknown."""

    where: str
    chance: str
    verdict: str
    q: str
    share: str
    reception: str

    @property
    def beside_chance(self) -> str:
        """The comparison with chance, and how sure it is, in one sentence without a full stop."""
        return f"{self.chance}, {self.verdict} (q {self.q})" if self.chance and self.verdict else self.chance


def evidence(row: Mapping[str, Any]) -> Evidence:
    """Write a row of the cruxes table, None where a cell is missing, as sentences."""
    q = row["q_value"]
    return Evidence(
        where=_where(row),
        chance=_chance(row),
        verdict="" if q is None else "more than chance gives" if q <= MAX_Q else "which could be chance",
        q=probability(q),
        share=_share(row),
        reception=_RECEPTIONS.get(row["reception"] or "", ""),
    )


def lasted(n_days: float | None) -> str:
    """Write how long something went on.

    >>> lasted(240.3), lasted(1.2), lasted(0.3), lasted(None)
    ('in 240 days', 'in 1 day', 'within a day', '')
    """
    if n_days is None:
        return ""
    return "within a day" if n_days < 1 else f"in {plural(round(n_days), 'day', 'days')}"


def _where(row: Mapping[str, Any]) -> str:
    threads = f" ({plural(row['n_threads'], 'thread', 'threads')})" if row["n_threads"] > row["n_posts"] else ""
    by = plural(row["n_authors"], "author", "authors")
    equal = row["n_authors_effective"]
    # One digit is shown: authors who are all about equally loud need no second figure.
    if equal is not None and row["n_authors"] > 1 and round(equal, 1) < row["n_authors"]:
        by += f" (as if by {equal:.1f} equal ones)"
    told = [f"Raised on {plural(row['n_posts'], 'post', 'posts')}{threads} by {by}", lasted(row["n_days"])]
    rhythm = _RHYTHMS.get(row["rhythm"] or "", "")
    return " ".join(filter(None, told)) + (f", {rhythm}" if rhythm else "")


def _chance(row: Mapping[str, Any]) -> str:
    """Compare the posts on which different people raised it most alike with what chance gives."""
    expected, effect = row["n_posts_expected"], row["effect"]
    if expected is None or effect is None:
        return ""
    interval = ""
    if row["effect_low"] is not None and row["effect_high"] is not None:
        interval = f" ({row['effect_low']:.1f} to {row['effect_high']:.1f})"
    return (
        f"By chance, unrelated objections come as close on {_posts(expected)} by different people; these do on "
        f"{row['n_posts_close']:,}: {effect:.1f} times as many{interval}"
    )


def _posts(number: float) -> str:
    words = f"{number:,.1f}".removesuffix(".0")
    return f"{words} {'post' if words == '1' else 'posts'}"


def _share(row: Mapping[str, Any]) -> str:
    """Say how much of all disagreement it is, by number, by karma and by agreement."""
    if row["prevalence"] is None:
        return ""
    weighed = [
        f"{share(part, 1)} by their {name}"
        for name in ("karma", "agreement")
        if (part := row[f"prevalence_{name}"]) is not None
    ]
    told = ", ".join([f"It makes up {share(row['prevalence'], 1)} of all objections", *weighed])
    if row["load_bearing"] is None:
        return told
    return f"{told}; on its posts, {share(row['load_bearing'], 1)} of the comments that object make it"
