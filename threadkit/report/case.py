"""A crux as a case: its claim, who said what on which side, what may move them. What the exports show of a crux."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from threadkit.base.text import plain, printable, squeeze
from threadkit.corpus.openings import Openings
from threadkit.corpus.ranking import by_recurrence
from threadkit.report.passage import Block, passage
from threadkit.report.show import UNKNOWN_AUTHOR, author, line, value
from threadkit.report.view import crux_name
from threadkit.report.voice import Link, by_crux, place_of, source, still_objecting

if TYPE_CHECKING:
    import pandas as pd

    from threadkit.corpus.analysis import Analysis

# Nothing that somebody said is cut in an export: a paragraph of more characters is no paragraph.
WHOLE = 20_000
# How people open a sentence that says what they hold; without it the sentence says what is held.
_HEDGE = re.compile(
    r"^(?:(?:and|but|so|well|also|again|yes|no|still|now|look)[,:]?\s+|"
    r"i\s+(?:still\s+|do\s+|really\s+|also\s+)?(?:think|believe|feel|suspect|claim|argue|maintain|guess|say)(?:\s+that)?,?\s+|"
    r"(?:in\s+my\s+(?:humble\s+)?(?:opinion|view)|imh?o|to\s+me|personally|frankly|honestly|of\s+course)[,:]?\s+)+",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Statement:
    """Somebody's words, whole, and where they stand; `to` is the objection that an answer answers."""

    segment_id: str
    comment_id: str | None
    author: str
    text: str
    karma: int | None
    agreement: int | None
    at: pd.Timestamp | None
    source: Link
    to: str | None = None

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The words as paragraphs, quotes and code."""
        return passage(self.text, WHOLE)


@dataclass(frozen=True)
class Case:
    """A crux, its claim as a proposition, and every statement on it, the best first."""

    crux_id: int
    title: str
    claim: str
    row: dict[str, Any]
    objections: tuple[Statement, ...]
    defences: tuple[Statement, ...]
    answers: tuple[Statement, ...]

    @property
    def proposition(self) -> str:
        """The claim as a sentence that can be held or denied; empty where no claim is known."""
        return proposition(self.claim)


@dataclass(frozen=True)
class Movable:
    """What may move the two sides of a case."""

    would_change: tuple[Statement, ...]
    questions: tuple[Statement, ...]


class Cases:
    """The cases of an analysis, looked up once for all of them."""

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        self.cruxes = by_recurrence(analysis.cruxes)
        own = analysis.objections[analysis.objections["copy_of"].isna()].reset_index().dropna(subset=["crux_id"])
        self._objections = by_crux(place_of(own[still_objecting(own, analysis.sides)], analysis))
        sides = analysis.sides.reset_index()
        self._defences = by_crux(place_of(sides[sides["side"] == "defender"], analysis))
        answers = analysis.answers.reset_index()
        answers = answers[answers["answer_id"].notna()].assign(
            to=lambda rows: rows["segment_id"],
            segment_id=lambda rows: rows["answer_id"],
            comment_id=lambda rows: rows["answer_id"],
            author=lambda rows: rows["answer_author"],
            text=lambda rows: rows["answer_text"],
        )
        self._answers = by_crux(place_of(answers, analysis))

    def case(self, crux_id: int) -> Case:
        """Return one crux as a case."""
        found = self.cruxes.loc[crux_id]
        objections = self._objections.get(crux_id)
        return Case(
            crux_id=int(crux_id),
            title=crux_name(found),
            claim=line(found["claim"], 600),
            row={str(name): value(cell) for name, cell in found.items()},
            objections=statements(None if objections is None else best_fitting(objections)),
            defences=statements(by_karma(self._defences.get(crux_id))),
            answers=statements(by_karma(self._answers.get(crux_id))),
        )


class Movables:
    """What may move the sides of each case, looked up once for all of them."""

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        self._openings = Openings(analysis)

    def movable(self, crux_id: int) -> Movable:
        """Return the sentences around a crux that name what would change a mind, and the open questions."""
        return Movable(
            self._statements(self._openings.would_change(crux_id)), self._statements(self._openings.questions(crux_id))
        )

    def _statements(self, rows: pd.DataFrame) -> tuple[Statement, ...]:
        comments = self.analysis.comments.reindex(rows["comment_id"])
        named = rows.assign(
            segment_id=rows["comment_id"], author=comments["author"].array, post_id=comments["post_id"].array
        )
        return statements(place_of(named, self.analysis))


def proposition(claim: str) -> str:
    """Return a claim as one plain sentence: what opens it is dropped, a full stop closes it.

    >>> proposition("I think that the drains pay for themselves")
    'The drains pay for themselves.'
    >>> proposition("Is it safe?"), proposition("")
    ('Is it safe?', '')
    """
    bare = _HEDGE.sub("", squeeze(claim)).strip(" ,;:-–—")
    bare = bare or squeeze(claim)
    if not bare:
        return ""
    said = bare[0].upper() + bare[1:]
    return said if said[-1] in ".!?…\"'”’)" else f"{said}."


def best_fitting(rows: pd.DataFrame) -> pd.DataFrame:
    """Sort objections, the best first: of those that fit their crux at least as well as most, the best received."""
    near = rows["strength"] >= rows["strength"].median()
    keys = ["near", "karma", "strength", "segment_id"]
    order = rows.assign(near=near).sort_values(keys, ascending=[False, False, False, True], na_position="last")
    return rows.loc[order.index]


def by_karma(rows: pd.DataFrame | None) -> pd.DataFrame | None:
    """Sort rows, the best received first."""
    if rows is None:
        return None
    return rows.sort_values(["karma", "segment_id"], ascending=[False, True], kind="stable", na_position="last")


def one_each(said: tuple[Statement, ...], limit: int) -> tuple[Statement, ...]:
    """Return the first `limit` statements of different people with different words; who is unknown is each time new."""
    chosen: dict[str, Statement] = {}
    texts: set[str] = set()
    for i, each in enumerate(said):
        key = f"{each.author}#{i}" if each.author == UNKNOWN_AUTHOR else each.author
        if key not in chosen and each.text not in texts:
            chosen[key] = each
            texts.add(each.text)
    return tuple(chosen.values())[:limit]


def statements(rows: pd.DataFrame | None) -> tuple[Statement, ...]:
    """Return rows, as `place_of` leaves them, as statements; those without words are left out."""
    if rows is None:
        return ()
    return tuple(_statement(row) for row in rows.itertuples() if value(row.text))


def words_of(statement: Statement) -> str:
    """Return a statement as one line of plain words."""
    return plain(printable(statement.text).replace("```", " "))


def _statement(row: Any) -> Statement:
    return Statement(
        segment_id=row.segment_id,
        comment_id=value(row.comment_id),
        author=author(row.author),
        text=row.text,
        karma=value(row.karma),
        agreement=value(row.agreement),
        at=value(row.posted_at),
        source=source(row),
        to=value(getattr(row, "to", None)),
    )
