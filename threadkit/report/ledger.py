"""The ledger of a crux: where it came up, who answered, who conceded, which texts are copies."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import pandas as pd

from threadkit.base.columns import cells
from threadkit.base.lookup import true
from threadkit.report.passage import Block, passage
from threadkit.report.show import address, author, label, plural, times, value
from threadkit.report.voice import NONE, Link, first_by_crux, held, place_of, post_link, rows_of, source

if TYPE_CHECKING:
    from collections.abc import Mapping

    from threadkit.corpus.analysis import Analysis

# Posts and copies that a crux shows; the rest are counted.
MAX_PLACES = 12
MAX_COPIES = 4


@dataclass(frozen=True)
class Best:
    """The best answer that a crux got."""

    author: str
    by_post_author: bool
    blocks: tuple[Block, ...]
    margins: str
    at: pd.Timestamp | None
    source: Link


@dataclass(frozen=True)
class Place:
    """A post on which a crux came up, with the best answer that it got there."""

    post: Link
    n_objections: int
    n_authors: int
    first_at: pd.Timestamp | None
    answer: Link | None
    by_post_author: bool
    conceded: str


@dataclass(frozen=True)
class Copy:
    """An objection that repeats another."""

    author: str
    post: Link
    at: pd.Timestamp | None
    source: Link


class Ledgers:
    """The answers, places and copies of the cruxes that are shown, looked up once for all of them."""

    def __init__(self, analysis: Analysis, shown: list[int]) -> None:
        answers = analysis.answers[true(analysis.answers["crux_id"].isin(shown))].reset_index()
        answers = answers.sort_values(["crux_id", "answered_at", "segment_id"])
        best = answers["answer_id"] == analysis.cruxes["best_answer_id"].reindex(answers["crux_id"]).to_numpy()
        best_answers = answers[best.fillna(value=False)].drop_duplicates("crux_id")
        best_answers = place_of(best_answers.assign(comment_id=best_answers["answer_id"]), analysis)
        self.best_answers = {row.crux_id: row for row in rows_of(best_answers)}
        self.places = first_by_crux(_places(analysis.recurrence, shown), MAX_PLACES)
        self._by_post_author, self._conceded = _by_place(answers)
        came_up = [row for place in self.places.values() for row in place.rows]
        self._answers = _known({row.answered_by for row in came_up}, analysis.comments)
        objections = analysis.objections
        copied = true(objections["copy_of"].notna() & objections["crux_id"].isin(shown))
        copies = place_of(objections[copied].reset_index(), analysis)
        self.copies = first_by_crux(copies.sort_values(["posted_at", "segment_id"], kind="stable"), MAX_COPIES)
        named = pd.array([*(row.post_id for row in came_up), *copies["post_id"]], "string")
        posts = held(analysis.posts, named)
        self._posts = cache(lambda post_id: post_link(post_id, posts))

    def best(self, crux_id: int) -> Best | None:
        """Return the best answer to a crux, None where there is none."""
        row: Any = self.best_answers.get(crux_id)
        if row is None:
            return None
        return Best(
            author=author(row.answer_author),
            by_post_author=bool(value(row.by_post_author)),
            blocks=passage(value(row.answer_text) or ""),
            margins=margins(value(row.karma_margin), value(row.agreement_margin)),
            at=value(row.answered_at),
            source=source(row),
        )

    def shown_places(self, crux_id: int) -> tuple[tuple[Place, ...], int]:
        """Return the posts of a crux that are shown, and how many more there are."""
        places = self.places.get(crux_id, NONE)
        return tuple(self._place(row) for row in places.rows), places.beyond(MAX_PLACES)

    def shown_copies(self, crux_id: int) -> tuple[tuple[Copy, ...], int]:
        """Return the copies of a crux's objections that are shown, and how many more there are."""
        copies = self.copies.get(crux_id, NONE)
        shown = tuple(
            Copy(author(row.author), self._post(row.post_id), value(row.posted_at), source(row)) for row in copies.rows
        )
        return shown, copies.beyond(MAX_COPIES)

    def _post(self, post_id: Any) -> Link:
        return self._posts(post_id) or Link(f"post {label(post_id, 60)}", None)

    def _place(self, row: Any) -> Place:
        post = self._post(row.post_id)
        answer_id = row.answered_by
        n_conceded = self._conceded[row.crux_id, row.post_id]
        answer = None
        if known := self._answers.get(answer_id):
            answer = Link(author(known[0]), address(known[1]) or post.href)
        elif answer_id is not None:
            answer = Link(f"comment {label(answer_id, 60)}", None)
        return Place(
            post=post,
            n_objections=row.n_objections,
            n_authors=row.n_authors,
            first_at=row.first_at,
            answer=answer,
            by_post_author=(row.crux_id, row.post_id, answer_id) in self._by_post_author,
            conceded=("conceded" if n_conceded == 1 else f"conceded {times(n_conceded)}") if n_conceded else "",
        )


def _places(recurrence: pd.DataFrame, shown: list[int]) -> pd.DataFrame:
    """Return where the shown cruxes came up, where they did most first."""
    places = recurrence[recurrence.index.get_level_values("crux_id").isin(shown)].reset_index()
    order = ["n_objections", "first_at", "post_id"]
    return places.sort_values(order, ascending=[False, True, True], kind="stable")


def _by_place(answers: pd.DataFrame) -> tuple[set[Any], Counter[Any]]:
    """Return each (crux_id, post_id, answer_id) of the post's author, and how many conceded on each post."""
    by_author: set[Any] = set()
    conceded: Counter[Any] = Counter()
    names = ["crux_id", "post_id", "conceded", "answer_id", "by_post_author"]
    for crux_id, post_id, gave_up, answer_id, by_post_author in zip(*cells(answers[names]), strict=True):
        if by_post_author:
            by_author.add((crux_id, post_id, answer_id))
        conceded[crux_id, post_id] += bool(gave_up)
    return by_author, conceded


def _known(ids: set[Any], comments: pd.DataFrame) -> dict[Any, tuple[Any, Any]]:
    """Return author and address of those comments that are there, by their ids."""
    found = held(comments[["author", "url"]], pd.array(list(ids), "string"))
    return dict(zip(found.index, zip(*cells(found), strict=True), strict=True))


def margins(karma: int | None, agreement: int | None) -> str:
    """Write how an answer's scores stand to those of the objection; empty where they are unknown.

    >>> margins(32, -2), margins(0, None), margins(None, None)
    ('32 karma above the objection, 2 agreement below it', 'as much karma as the objection', '')
    """
    told: list[str] = []
    for name, margin in (("karma", karma), ("agreement", agreement)):
        if margin is not None:
            than = "it" if told else "the objection"
            side = "above" if margin > 0 else "below"
            told.append(f"{abs(margin):,} {name} {side} {than}" if margin else f"as much {name} as {than}")
    return ", ".join(told)


def ledger_line(row: Mapping[str, Any]) -> str:
    """Write what became of a crux's answers as one line; empty where it has none.

    >>> ledger_line({"n_answered": 2, "n_posts": 5, "n_conceded": 1, "n_after_answer": 3})
    'answered on 2 of 5 posts, conceded by the objector once, came up again on 3 posts after it was answered'
    """
    if not row["n_answered"]:
        return ""
    told = [f"answered on {row['n_answered']:,} of {plural(row['n_posts'], 'post', 'posts')}"]
    told.append(f"conceded by the objector {times(row['n_conceded'])}" if row["n_conceded"] else "conceded by nobody")
    after = row["n_after_answer"]
    told.append(f"came up again on {plural(after, 'post', 'posts')} after it was answered" if after else "")
    return ", ".join(filter(None, told))
