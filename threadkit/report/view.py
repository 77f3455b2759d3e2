"""What a report shows of an analysis: pure functions over its tables that count, sort and cut, no more."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from threadkit.base.columns import cells
from threadkit.base.lookup import true
from threadkit.base.text import shorten
from threadkit.corpus.ranking import by_recurrence
from threadkit.corpus.tables import MAX_Q
from threadkit.report.answerers import SCORED, Answerers, answerers, answerers_by_crux
from threadkit.report.changes import Changes, changes
from threadkit.report.coverage import Coverage, coverage, flat
from threadkit.report.evidence import Evidence, evidence
from threadkit.report.general import General, general
from threadkit.report.kinds import kinds_by_crux
from threadkit.report.ledger import Best, Copy, Ledgers, Place, ledger_line
from threadkit.report.show import count, label, line, plural
from threadkit.report.trend import Trend, Trends
from threadkit.report.voice import NONE, Link, Side, first_by_crux, held, place_of, post_link, side, still_objecting

if TYPE_CHECKING:
    import pandas as pd

    from threadkit.corpus.analysis import Analysis

# Voices a crux shows on each side: the first cruxes in full, the rest in brief, so that ten thousand objections
# make a page of two megabytes and not of twenty (tests/report/test_page.py holds it to that).
MAX_VOICES, MAX_VOICES_LATER, FULL_CRUXES = 12, 3, 25
MAX_CRUXES, MAX_OTHERS = 100, 150
# What a voice needs of an objection.
_SAID = ["crux_id", "comment_id", "post_id", "author", "text"]
# Characters of a title in a list.
MAX_BRIEF = 140
# And of a labeler's words, which are refused long before.
MAX_REWORDED = 400


@dataclass(frozen=True)
class Crux:
    """A crux, its row of the table, what it rests on, its ledger, its two sides and where it came up."""

    crux_id: int
    title: str
    claim: str
    words: tuple[str, ...]
    kinds: str
    row: dict[str, Any]
    objectors: Side
    defenders: Side
    places: tuple[Place, ...]
    more_places: int
    evidence: Evidence
    set_off_by: Link | None
    trend: Trend | None
    best: Best | None
    copies: tuple[Copy, ...]
    more_copies: int
    answerers: Answerers

    @property
    def ledger(self) -> str:
        """What became of its answers, in words; empty where it has none."""
        return ledger_line(self.row)

    @property
    def reworded(self) -> str:
        """The point as a labeler words it; empty where none did."""
        return label(self.row["reworded"], MAX_REWORDED)

    @property
    def beyond(self) -> bool:
        """Whether it comes back more than chance gives."""
        q = self.row["q_value"]
        return q is not None and q <= MAX_Q

    @property
    def brief(self) -> str:
        """The title, cut for lists."""
        return shorten(self.title, MAX_BRIEF)

    @property
    def answered(self) -> str:
        """On how many of its posts it was answered, in words."""
        n, of = self.row["n_answered"], self.row["n_posts"]
        return f"answered on {count(n)} of {plural(of, 'post', 'posts')}" if n else f"no answer {self.answerers.by}"

    @property
    def claim_is(self) -> str:
        """What objectors do with the claim: a question is not denied."""
        return "answers" if self.claim.rstrip("\"'”’)»* ").endswith("?") else "denies that"


@dataclass(frozen=True)
class Report:
    """Everything that is shown, in the order it is shown."""

    coverage: Coverage
    changes: tuple[Changes, ...]
    n_objections: int
    n_copies: int
    n_cruxes: int
    n_recurring: int
    n_unanswered: int
    n_beyond: int | None
    answerers: Answerers
    has_karma: bool
    recurring: tuple[Crux, ...]
    more_recurring: int
    others: tuple[Crux, ...]
    more_others: int
    general: tuple[General, ...]
    made: tuple[tuple[str, str], ...]
    sources: tuple[tuple[tuple[str, str], ...], ...]

    @property
    def order(self) -> str:
        """In which order the recurring cruxes stand, or that chance could give all of them."""
        if self.n_beyond == 0:
            return "All of these could be chance. Those on most posts by different people stand first."
        return "Those that chance does not give stand first, then those on most posts by different people."

    @property
    def unanswered(self) -> tuple[Crux, ...]:
        """The recurring cruxes shown that nobody answered."""
        return tuple(crux for crux in self.recurring if not crux.row["n_answered"])

    @property
    def answered(self) -> tuple[Crux, ...]:
        """The recurring cruxes shown that somebody answered."""
        return tuple(crux for crux in self.recurring if crux.row["n_answered"])


def report(analysis: Analysis) -> Report:
    """Arrange an analysis for reading."""
    ranked = by_recurrence(analysis.cruxes)
    recurring, others = ranked[ranked["recurring"]], ranked[~ranked["recurring"]]
    shown = [*recurring.index[:MAX_CRUXES], *others.index[:MAX_OTHERS]]
    tables = _Tables(analysis, shown)
    limits = [MAX_VOICES if i < FULL_CRUXES else MAX_VOICES_LATER for i in range(len(recurring))]
    run = {key: entry for key, entry in analysis.run.items() if key not in {"counts", "sources", "origin"}}
    return Report(
        coverage=coverage(analysis),
        changes=changes(analysis),
        n_objections=int(analysis.objections["copy_of"].isna().sum()),
        n_copies=int(analysis.objections["copy_of"].notna().sum()),
        n_cruxes=len(ranked),
        n_recurring=len(recurring),
        n_unanswered=int((recurring["n_answered"] == 0).sum()),
        n_beyond=int((recurring["q_value"] <= MAX_Q).sum()) if recurring["q_value"].notna().any() else None,
        answerers=answerers(analysis),
        has_karma=bool(analysis.comments["karma"].notna().any()),
        recurring=tuple(
            tables.crux(crux_id, limit) for crux_id, limit in zip(recurring.index[:MAX_CRUXES], limits, strict=False)
        ),
        more_recurring=max(0, len(recurring) - MAX_CRUXES),
        others=tuple(tables.crux(crux_id, 1) for crux_id in others.index[:MAX_OTHERS]),
        more_others=max(0, len(others) - MAX_OTHERS),
        general=general(analysis),
        made=tuple(flat(run)),
        sources=tuple(tuple(flat(source)) for source in analysis.run.get("sources") or ()),
    )


def crux_name(row: Any, limit: int = 240) -> str:
    """Return a crux's title, else its words, else its number."""
    return _name(row["title"], row["words"], row.name, limit)


def crux_names(cruxes: pd.DataFrame, limit: int = 240) -> dict[int, str]:
    """Return the name of each crux, by its id, in the order of the rows."""
    told = zip(cruxes.index.tolist(), *cells(cruxes[["title", "words"]]), strict=True)
    return {crux_id: _name(title, words, crux_id, limit) for crux_id, title, words in told}


def _name(title: Any, words: Any, crux_id: Any, limit: int) -> str:
    return line(title, limit) or line(words, limit) or f"Crux {crux_id}"


class _Tables:
    """The rows of the cruxes that are shown, looked up once for all of them."""

    def __init__(self, analysis: Analysis, shown: list[int]) -> None:
        cruxes = analysis.cruxes.loc[shown]
        self.posts = held(analysis.posts, cruxes["set_off_by"])
        rows = zip(*cells(cruxes), strict=True)
        self.cruxes = {
            crux_id: dict(zip(cruxes.columns, row, strict=True)) for crux_id, row in zip(shown, rows, strict=True)
        }
        self.names = crux_names(cruxes)
        objections = analysis.objections
        of_shown = true(objections["copy_of"].isna() & objections["crux_id"].isin(shown))
        self.kinds = kinds_by_crux(objections[["crux_id", "kind", "copy_of"]][of_shown])
        own = objections[[*_SAID, "strength"]][of_shown].reset_index()
        sides = analysis.sides[analysis.sides.index.get_level_values("crux_id").isin(shown)]
        own = own[still_objecting(own, sides)]
        own = own.sort_values(["strength", "segment_id"], ascending=[False, True], kind="stable")
        self.objectors = first_by_crux(own, MAX_VOICES, analysis)
        sides = place_of(sides[true(sides["side"] == "defender")].reset_index(), analysis)
        sides = sides.sort_values(["karma", "segment_id"], ascending=[False, True], kind="stable", na_position="last")
        self.defenders = first_by_crux(sides, MAX_VOICES)
        self.answerers = answerers_by_crux(analysis, shown)
        self.ledgers = Ledgers(analysis, shown)
        self.trends = Trends(analysis.trends, shown)

    def crux(self, crux_id: int, limit: int) -> Crux:
        """Arrange one crux with at most `limit` voices on each side."""
        row = self.cruxes[crux_id]
        places, more_places = self.ledgers.shown_places(crux_id)
        copies, more_copies = self.ledgers.shown_copies(crux_id)
        return Crux(
            crux_id=int(crux_id),
            title=self.names[crux_id],
            claim=line(row["claim"], 400),
            words=_words(row["words"]),
            kinds=self.kinds.get(int(crux_id), ""),
            row=row,
            objectors=side(self.objectors.get(crux_id, NONE), limit),
            defenders=side(self.defenders.get(crux_id, NONE), limit),
            places=places,
            more_places=more_places,
            evidence=evidence(row),
            set_off_by=post_link(row["set_off_by"], self.posts),
            trend=self.trends.trend(crux_id),
            best=self.ledgers.best(crux_id),
            copies=copies,
            more_copies=more_copies,
            answerers=self.answerers.get(crux_id, SCORED),
        )


def _words(listed: Any) -> tuple[str, ...]:
    text = label(listed, 240)
    return tuple(filter(None, re.split(r"\s*,\s*" if "," in text else r"\s+", text)))
