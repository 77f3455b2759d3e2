"""The ledger of a crux: where it came up, who answered, who conceded, which texts are copies."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from threadkit.report.passage import Block, passage
from threadkit.report.show import address, author, label, plural, times, value
from threadkit.report.voice import NONE, Link, first_by_crux, place_of, post_link, source

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

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
    """A post on which a crux came up."""

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
        answers = analysis.answers.reset_index()
        answers = answers[answers["crux_id"].isin(shown)].sort_values(["crux_id", "answered_at", "segment_id"])
        best = answers["answer_id"] == analysis.cruxes["best_answer_id"].reindex(answers["crux_id"]).to_numpy()
        best_answers = answers[best.fillna(value=False)].drop_duplicates("crux_id")
        best_answers = place_of(best_answers.assign(comment_id=best_answers["answer_id"]), analysis)
        self.best_answers = {row.crux_id: row for row in best_answers.itertuples()}
        self.places = first_by_crux(_places(analysis, answers, shown), MAX_PLACES)
        copies = analysis.objections[analysis.objections["copy_of"].notna()].reset_index()
        copies = place_of(copies[copies["crux_id"].isin(shown).fillna(value=False)], analysis)
        self.copies = first_by_crux(copies.sort_values(["posted_at", "segment_id"], kind="stable"), MAX_COPIES)
        self._posts = cache(lambda post_id: post_link(post_id, analysis.posts))

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
        answer, n_conceded = None, int(value(row.n_conceded) or 0)
        if (answer_id := value(row.answer_id)) is not None:
            words = author(row.answer_author) if row.known else f"comment {label(answer_id, 60)}"
            answer = Link(words, address(row.answer_url) or (post.href if row.known else None))
        return Place(
            post=post,
            n_objections=row.n_objections,
            n_authors=row.n_authors,
            first_at=value(row.first_at),
            answer=answer,
            by_post_author=bool(value(row.by_post_author)),
            conceded=("conceded" if n_conceded == 1 else f"conceded {times(n_conceded)}") if n_conceded else "",
        )


def _places(analysis: Analysis, answers: pd.DataFrame, shown: list[int]) -> pd.DataFrame:
    """Return where the shown cruxes came up, each with its first answer and how many conceded there.

    The ledger knows more of an answer than the recurrence table; where it knows of none, that table's counts.
    """
    key = ["crux_id", "post_id"]
    first = answers[answers["answered"]].drop_duplicates(key)[[*key, "answer_id", "by_post_author"]]
    conceded = answers.groupby(key)["conceded"].sum().rename("n_conceded").reset_index()
    places = analysis.recurrence.reset_index()
    places = places[places["crux_id"].isin(shown)].merge(first, "left", key).merge(conceded, "left", key)
    answer_id = places["answer_id"].fillna(places["answered_by"])
    comments = analysis.comments[["author", "url"]].reindex(answer_id)
    places = places.assign(
        answer_id=answer_id,
        answer_author=comments["author"].array,
        answer_url=comments["url"].array,
        known=answer_id.isin(analysis.comments.index),
    )
    order = ["n_objections", "first_at", "post_id"]
    return places.sort_values(order, ascending=[False, True, True], kind="stable")


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
