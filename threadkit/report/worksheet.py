"""An analysis → the double-crux worksheet: both sides at their best, what would move them, room for your own answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from threadkit.base.output import write_text
from threadkit.report.case import Case, Cases, Movable, Movables, Statement, one_each
from threadkit.report.evidence import Evidence, evidence
from threadkit.report.ledger import ledger_line
from threadkit.report.markdown import render

if TYPE_CHECKING:
    from pathlib import Path

    from threadkit.corpus.analysis import Analysis

# Statements a side, sentences of each other kind, and cruxes of a worksheet that is asked for without a crux.
MAX_STATEMENTS, MAX_SENTENCES, MAX_CASES = 3, 8, 20


@dataclass(frozen=True)
class Sheet:
    """One crux of the worksheet."""

    case: Case
    objectors: tuple[Statement, ...]
    defenders: tuple[Statement, ...]
    answers: tuple[Statement, ...]
    movable: Movable
    evidence: Evidence
    ledger: str


def write_worksheet(analysis: Analysis, path: str | Path) -> Path:
    """Write the worksheet of an analysis as Markdown; returns its path.

    Raises OutputError where the file cannot be written.
    """
    return write_text(path, worksheet(analysis))


def worksheet(analysis: Analysis) -> str:
    """Return the worksheet: the recurring cruxes, most recurrent first; where none recurs, those that there are."""
    cases, movables = Cases(analysis), Movables(analysis)
    ranked = cases.cruxes
    wanted = ranked.index[ranked["recurring"]] if ranked["recurring"].any() else ranked.index
    sheets = [_sheet(cases.case(crux_id), movables) for crux_id in wanted[:MAX_CASES]]
    return render("worksheet.md.j2", sheets=sheets, more=max(0, len(wanted) - MAX_CASES), limit=MAX_SENTENCES)


def _sheet(case: Case, movables: Movables) -> Sheet:
    return Sheet(
        case=case,
        objectors=one_each(case.objections, MAX_STATEMENTS),
        defenders=one_each(case.defences, MAX_STATEMENTS),
        answers=one_each(case.answers, MAX_STATEMENTS),
        movable=movables.movable(case.crux_id),
        evidence=evidence(case.row),
        ledger=ledger_line(case.row) or "never answered",
    )
