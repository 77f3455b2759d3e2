"""What a report shows of an analysis: pure functions over its tables that count, sort and cut, no more."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from threadkit.base.text import shorten
from threadkit.report.coverage import Coverage, coverage, flat
from threadkit.report.passage import Block, passage
from threadkit.report.show import address, author, count, label, line, plural, value

if TYPE_CHECKING:
    import pandas as pd

    from threadkit.corpus.analysis import Analysis

# Voices a crux shows on each side: the first cruxes in full, the rest in brief, so that ten thousand objections
# make a page of two megabytes and not of twenty (tests/report/test_page.py holds it to that).
MAX_VOICES, MAX_VOICES_LATER, FULL_CRUXES = 12, 3, 25
MAX_CRUXES, MAX_OTHERS, MAX_PLACES = 100, 150, 12
# Characters of a title in a list.
MAX_BRIEF = 140


@dataclass(frozen=True)
class Link:
    """Words, and the address they lead to, None where there is none."""

    words: str
    href: str | None


@dataclass(frozen=True)
class Voice:
    """One person's words on one side of a crux."""

    author: str
    blocks: tuple[Block, ...]
    karma: int | None
    agreement: int | None
    at: pd.Timestamp | None
    source: Link


@dataclass(frozen=True)
class Side:
    """The voices of one side that are shown, and how many more there are."""

    voices: tuple[Voice, ...]
    more: int


@dataclass(frozen=True)
class Place:
    """A post on which a crux came up."""

    post: Link
    n_objections: int
    n_authors: int
    first_at: pd.Timestamp | None
    answer: Link | None


@dataclass(frozen=True)
class Crux:
    """A crux, its row of the table, its two sides and where it came up."""

    crux_id: int
    title: str
    claim: str
    words: tuple[str, ...]
    row: dict[str, Any]
    objectors: Side
    defenders: Side
    places: tuple[Place, ...]
    more_places: int

    @property
    def brief(self) -> str:
        """The title, cut for lists."""
        return shorten(self.title, MAX_BRIEF)

    @property
    def answered(self) -> str:
        """On how many of its posts it was answered, in words."""
        n, of = self.row["n_answered"], self.row["n_posts"]
        return f"answered on {count(n)} of {plural(of, 'post', 'posts')}" if n else "never answered"


@dataclass(frozen=True)
class Report:
    """Everything that is shown, in the order it is shown."""

    coverage: Coverage
    n_objections: int
    n_cruxes: int
    n_recurring: int
    n_unanswered: int
    recurring: tuple[Crux, ...]
    more_recurring: int
    others: tuple[Crux, ...]
    more_others: int
    made: tuple[tuple[str, str], ...]
    sources: tuple[tuple[tuple[str, str], ...], ...]

    @property
    def unanswered(self) -> tuple[Crux, ...]:
        """The recurring cruxes shown that nobody answered."""
        return tuple(crux for crux in self.recurring if not crux.row["n_answered"])


def report(analysis: Analysis) -> Report:
    """Arrange an analysis for reading."""
    ranked = rank(analysis.cruxes)
    recurring, others = ranked[ranked["recurring"]], ranked[~ranked["recurring"]]
    shown = [*recurring.index[:MAX_CRUXES], *others.index[:MAX_OTHERS]]
    tables = _Tables(analysis, shown)
    limits = [MAX_VOICES if i < FULL_CRUXES else MAX_VOICES_LATER for i in range(len(recurring))]
    run = {key: entry for key, entry in analysis.run.items() if key not in {"counts", "sources"}}
    return Report(
        coverage=coverage(analysis),
        n_objections=int(analysis.objections["copy_of"].isna().sum()),
        n_cruxes=len(ranked),
        n_recurring=len(recurring),
        n_unanswered=int((recurring["n_answered"] == 0).sum()),
        recurring=tuple(
            tables.crux(crux_id, limit) for crux_id, limit in zip(recurring.index[:MAX_CRUXES], limits, strict=False)
        ),
        more_recurring=max(0, len(recurring) - MAX_CRUXES),
        others=tuple(tables.crux(crux_id, 1) for crux_id in others.index[:MAX_OTHERS]),
        more_others=max(0, len(others) - MAX_OTHERS),
        made=tuple(flat(run)),
        sources=tuple(tuple(flat(source)) for source in analysis.run.get("sources") or ()),
    )


def rank(cruxes: pd.DataFrame) -> pd.DataFrame:
    """Sort cruxes: on most posts first, then by most authors, then by most objections."""
    by = ["n_posts", "n_authors", "n_objections", "crux_id"]
    return cruxes.sort_values(by, ascending=[False, False, False, True], kind="stable")


def crux_name(row: Any, limit: int = 240) -> str:
    """Return a crux's title, else its words, else its number."""
    return line(row["title"], limit) or line(row["words"], limit) or f"Crux {row.name}"


def post_name(row: Any, limit: int = 120) -> str:
    """Return a post's title, else its first words, else its id."""
    return label(row["title"], limit) or line(row["text"], limit) or label(row.name, limit)


def place_of(frame: pd.DataFrame, analysis: Analysis) -> pd.DataFrame:
    """Add karma, agreement, posted_at, comment_url and post_url to rows that name a comment, else its post."""
    comments = analysis.comments.reindex(frame["comment_id"])
    posts = analysis.posts.reindex(frame["post_id"])
    of_post = frame["comment_id"].isna().to_numpy()
    out = frame.assign(comment_url=comments["url"].to_numpy(), post_url=posts["url"].to_numpy())
    for name in ("karma", "posted_at"):
        out[name] = comments[name].array
        out.loc[of_post, name] = posts[name].array[of_post]
    return out.assign(agreement=comments["agreement"].array)


class _Tables:
    """The rows of the cruxes that are shown, looked up once for all of them."""

    def __init__(self, analysis: Analysis, shown: list[int]) -> None:
        self.cruxes, self.posts, self.comments = analysis.cruxes, analysis.posts, analysis.comments
        own = analysis.objections[
            analysis.objections["copy_of"].isna() & analysis.objections["crux_id"].isin(shown).fillna(value=False)
        ].reset_index()
        own = own.sort_values(["strength", "segment_id"], ascending=[False, True], kind="stable")
        self.objectors = _by_crux(place_of(own, analysis))
        sides = analysis.sides.reset_index()
        held = place_of(sides[(sides["side"] == "defender") & sides["crux_id"].isin(shown)], analysis)
        held = held.sort_values(["karma", "segment_id"], ascending=[False, True], kind="stable", na_position="last")
        self.defenders = _by_crux(held)
        places = analysis.recurrence.reset_index()
        places = places[places["crux_id"].isin(shown)]
        order = ["n_objections", "first_at", "post_id"]
        self.places = _by_crux(places.sort_values(order, ascending=[False, True, True], kind="stable"))

    def crux(self, crux_id: int, limit: int) -> Crux:
        """Arrange one crux with at most `limit` voices on each side."""
        row = self.cruxes.loc[crux_id]
        places = self.places.get(crux_id)
        rows = [] if places is None else list(places.head(MAX_PLACES).itertuples())
        return Crux(
            crux_id=int(crux_id),
            title=crux_name(row),
            claim=line(row["claim"], 400),
            words=_words(row["words"]),
            row={str(name): value(cell) for name, cell in row.items()},
            objectors=_side(self.objectors.get(crux_id), limit),
            defenders=_side(self.defenders.get(crux_id), limit),
            places=tuple(self._place(each) for each in rows),
            more_places=0 if places is None else max(0, len(places) - MAX_PLACES),
        )

    def _place(self, row: Any) -> Place:
        post = self.posts.loc[row.post_id]
        answer = None
        if (answered_by := value(row.answered_by)) is not None:
            by = self.comments.loc[answered_by] if answered_by in self.comments.index else None
            words = f"comment {label(answered_by, 60)}" if by is None else author(by["author"])
            answer = Link(words, None if by is None else address(by["url"]) or address(post["url"]))
        return Place(
            post=Link(post_name(post), address(post["url"])),
            n_objections=row.n_objections,
            n_authors=row.n_authors,
            first_at=value(row.first_at),
            answer=answer,
        )


def _words(listed: Any) -> tuple[str, ...]:
    text = label(listed, 240)
    return tuple(filter(None, re.split(r"\s*,\s*" if "," in text else r"\s+", text)))


def _by_crux(frame: pd.DataFrame) -> dict[Any, pd.DataFrame]:
    return dict(iter(frame.groupby("crux_id", sort=False)))


def _side(rows: pd.DataFrame | None, limit: int) -> Side:
    if rows is None:
        return Side((), 0)
    return Side(tuple(_voice(row) for row in rows.head(limit).itertuples()), max(0, len(rows) - limit))


def _voice(row: Any) -> Voice:
    return Voice(
        author=author(row.author),
        blocks=passage(value(row.text) or ""),
        karma=value(row.karma),
        agreement=value(row.agreement),
        at=value(row.posted_at),
        source=source(row),
    )


def source(row: Any) -> Link:
    """Return the link to the original: the comment's address, else its post's, else the id in words."""
    comment_id = value(row.comment_id)
    if href := address(row.comment_url):
        return Link("original", href)
    if href := address(row.post_url):
        return Link("post" if comment_id is None else f"post (comment {label(comment_id, 60)})", href)
    return Link(f"post {label(row.post_id, 60)}" if comment_id is None else f"comment {label(comment_id, 60)}", None)
