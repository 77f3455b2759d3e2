"""What a notebook shows of a corpus, an analysis or a crux: escaped HTML without a script."""

from __future__ import annotations

from typing import TYPE_CHECKING

from threadkit.corpus.crux import only
from threadkit.corpus.ranking import by_recurrence
from threadkit.corpus.tally import tally_of
from threadkit.report.case import Cases, one_each
from threadkit.report.coverage import read, severities, unread
from threadkit.report.evidence import evidence
from threadkit.report.ledger import ledger_line
from threadkit.report.page import environment
from threadkit.report.show import value
from threadkit.report.view import crux_name

if TYPE_CHECKING:
    from threadkit.corpus.analysis import Analysis
    from threadkit.corpus.corpus import Corpus
    from threadkit.corpus.crux import Crux

# Cruxes of an analysis and statements of a side that are shown; the tables hold all.
MAX_CRUXES, MAX_STATEMENTS = 10, 4


def corpus_html(corpus: Corpus) -> str:
    """Return what was read, what was not, and how many problems there were."""
    tally = tally_of(corpus)
    told = {"read": read(tally), "unread": unread(tally), "problems": severities(tally.severities)}
    return _drawn("corpus", what=repr(corpus), **told)


def analysis_html(analysis: Analysis) -> str:
    """Return the first cruxes, most recurrent first."""
    ranked = by_recurrence(analysis.cruxes)
    rows = [
        {"crux_id": crux_id, "title": crux_name(row, 120)}
        | {str(name): value(cell) for name, cell in row.items() if name != "title"}
        for crux_id, row in ranked.head(MAX_CRUXES).iterrows()
    ]
    return _drawn("analysis", what=repr(analysis), rows=rows, more=max(0, len(ranked) - MAX_CRUXES))


def crux_html(crux: Crux) -> str:
    """Return a crux's claim, both sides in their own words, and what became of it."""
    case = Cases(only(crux.analysis, crux.crux_id)).case(crux.crux_id)
    sides = (
        ("Those who deny it", one_each(case.objections, MAX_STATEMENTS), len(case.objections)),
        ("Those who hold it", one_each(case.defences, MAX_STATEMENTS), len(case.defences)),
        ("Answers", one_each(case.answers, MAX_STATEMENTS), len(case.answers)),
    )
    told = (evidence(case.row).where, ledger_line(case.row) or "never answered")
    return _drawn("crux", case=case, sides=sides, told="; ".join(told))


def _drawn(kind: str, **shown: object) -> str:
    return environment().get_template("notebook.html.j2").render(kind=kind, **shown).strip()
