"""What was read, and what was not: counts of what the tables hold, the run's own counts, the problems."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from threadkit.base.lookup import among, true
from threadkit.corpus.tally import tally_of
from threadkit.report.show import MISSING, count, days, label, plural, share, value

if TYPE_CHECKING:
    from threadkit.corpus.analysis import Analysis
    from threadkit.corpus.corpus import Corpus
    from threadkit.corpus.tally import Tally

# Problem rows that a report shows; the rest stand in problems.parquet.
MAX_PROBLEMS = 200

SEVERITIES = {
    "error": "something was lost",
    "warning": "something was guessed or repaired",
    "info": "nothing was lost",
}


@dataclass(frozen=True)
class Item:
    """A count with its label, and what it means in a plain sentence."""

    label: str
    n: int
    meaning: str
    whole: int | None = None
    one: str = ""
    """The label behind a 1; empty where the label never stands behind its count."""

    @property
    def noun(self) -> str:
        """The label as it stands behind the count."""
        return self.one if self.n == 1 and self.one else self.label

    @property
    def share(self) -> str:
        """The count as a share of its whole; empty where it has none."""
        return share(self.n, self.whole) if self.whole else ""


@dataclass(frozen=True)
class Problem:
    """One row that was skipped, repaired or guessed at."""

    severity: str
    what: str
    cure: str
    where: str


@dataclass(frozen=True)
class Coverage:
    """How much was read, and what was not."""

    read: tuple[Item, ...]
    unread: tuple[Item, ...]
    problem_counts: tuple[Item, ...]
    problems: tuple[Problem, ...]
    more_problems: int
    counts: tuple[tuple[str, str], ...]
    days: str
    sites: str
    n_comments: int


def coverage(analysis: Analysis) -> Coverage:
    """Count what an analysis read and what it did not."""
    tally, problems = tally_of(analysis.corpus), analysis.problems
    times = pd.concat([analysis.posts["posted_at"], analysis.comments["posted_at"]]).dropna()
    span = days(times.min(), times.max()) if len(times) else "no dates are known"
    return Coverage(
        n_comments=int((analysis.comments["status"] == "live").sum()),
        read=read(tally),
        unread=(
            *unread(tally),
            *_foreign(analysis),
            *(item for item in [_out_of_sight(analysis)] if item.n),
            *(item for item in _ungrouped(analysis.objections) if item.n),
        ),
        problem_counts=severities(tally.severities),
        problems=problem_rows(problems, MAX_PROBLEMS),
        more_problems=max(0, len(problems) - MAX_PROBLEMS),
        counts=tuple(flat(analysis.run.get("counts") or {}, number=count)),
        days=span,
        sites=", ".join(label(site, 60) for site in sorted(analysis.posts["site"].dropna().unique())),
    )


def _foreign(analysis: Analysis) -> Iterator[Item]:
    """Count the comments in a language that the run's stance model does not read."""
    told = (analysis.run.get("counts") or {}).get("comments_by_language") or {}
    others = {name: n for name, n in told.items() if name != "en"}
    # The run names them among its problems where its model passed over them (pipeline/record.py).
    if not others or not true(analysis.problems["place"] == "language").any():
        return
    each = ", ".join(f"{label(name, 8)} {count(n)}" for name, n in sorted(others.items(), key=lambda p: (-p[1], p[0])))
    meaning = f"Counted, not judged ({each}): the stance model reads English. Name one that reads them."
    n = int((analysis.comments["status"] == "live").sum())
    if (untold := n - sum(told.values())) > 0:
        meaning += f" Of {plural(untold, 'other comment', 'other comments')} the language could not be told."
    one = "comment in another language"
    yield Item("comments in another language", sum(others.values()), meaning, n, one)


def _out_of_sight(analysis: Analysis) -> Item:
    """Count the comments of which nothing could be judged because the words they answer are not there."""
    comments, posts = analysis.comments, analysis.posts
    live = true(comments["status"] == "live")
    worded = true(posts["text"].str.contains(r"\w") | posts["title"].str.contains(r"\w"))
    answers_comment = among(comments["parent_id"], comments.index[live])
    answers_post = true(comments["parent_id"].isna()) & among(comments["post_id"], posts.index[worded])
    judged = among(comments.index, analysis.stances["comment_id"])
    said = analysis.segments.loc[true(analysis.segments["kind"] == "prose"), "comment_id"]
    lost = live & among(comments.index, said) & ~answers_comment & ~answers_post & ~judged
    return Item(
        "comments whose target is not in the export",
        int(lost.sum()),
        "Nothing in them could be judged: neither the comment above nor a post with words was exported with them.",
        int(live.sum()),
        "comment whose target is not in the export",
    )


def severities(counts: Mapping[str, int]) -> tuple[Item, ...]:
    """Name how many problems of each severity there are, the worst first."""
    return tuple(Item(name, counts.get(name, 0), meaning) for name, meaning in SEVERITIES.items())


def problem_rows(problems: pd.DataFrame, limit: int) -> tuple[Problem, ...]:
    """Return at most `limit` problems for reading, the worst first."""
    return tuple(_problem(row) for row in worst_first(problems).head(limit).itertuples())


def worst_first(problems: pd.DataFrame) -> pd.DataFrame:
    """Sort problems by severity, errors first, each severity in the order it was met."""
    order = {name: i for i, name in enumerate(SEVERITIES)}
    return problems.sort_values("severity", key=lambda names: names.map(order).fillna(len(order)), kind="stable")


def _problem(row: Any) -> Problem:
    where = [label(part, 120) for part in (row.source, row.place) if value(part)]
    if (comment := value(row.comment_id)) and not any(comment in part for part in where):
        where.append(f"comment {label(comment, 80)}")
    what, cure = (label(value(part) or MISSING, 400) for part in (row.what, row.cure))
    return Problem(value(row.severity) or MISSING, what, cure, " · ".join(where) or MISSING)


def read(corpus: Corpus | Tally) -> tuple[Item, ...]:
    """Count what was read."""
    tally = tally_of(corpus)
    # A corpus that was put together in a notebook knows of no files.
    files = len(tally.sources) or tally.worst["source"].nunique()
    return (
        *([Item("files", files, "Exports that were opened.")] if files or not tally.posts else []),
        Item("posts", tally.posts, "Posts that the comments stand under."),
        Item("comments", tally.statuses.get("live", 0), "Comments whose words were read."),
        Item("authors", tally.authors, "Different names under posts and comments; who has no name is not counted."),
    )


def unread(corpus: Corpus | Tally) -> tuple[Item, ...]:
    """Name everything that was not read, or not read surely."""
    return tuple(item for item in _unread(tally_of(corpus)) if item.n)


def _unread(tally: Tally) -> Iterator[Item]:
    status, n = tally.statuses, tally.comments
    gone = status.get("deleted", 0) + status.get("removed", 0)
    meaning = "The forum shows that something was said, not what."
    yield Item("deleted or removed comments", gone, meaning, n, "deleted or removed comment")
    meaning = "Cut off by the export, for example “load more”."
    stubs = status.get("stub", 0)
    yield Item("comments named without their text", stubs, meaning, n, "comment named without its text")
    meaning = "Left out of the search for disagreement."
    yield Item("comments by bots", status.get("bot", 0), meaning, n, "comment by a bot")
    yield Item(
        "comments that the forum counts but the files do not hold",
        tally.absent,
        "The difference between the number a page states and the number found, summed over posts.",
        one="comment that the forum counts but the files do not hold",
    )
    yield Item(
        "comments cut out of page text by guess",
        tally.inferred,
        "The export does not say where each begins, who wrote it, or what it answers; threadkit worked it out.",
        n,
        "comment cut out of page text by guess",
    )
    meaning = "More likely wrong than right, by threadkit's own estimate."
    yield Item("of these guesses, doubtful", tally.doubtful, meaning, n)
    meaning = "Counted as one author a crux at most."
    yield Item("comments without a known author", tally.nameless, meaning, n, "comment without a known author")
    meaning = "Hidden or unknown; never read as 0."
    yield Item("comments without karma", tally.without_karma, meaning, n, "comment without karma")
    yield Item("comments without a date", tally.undated, "The export gives none.", n, "comment without a date")


def _ungrouped(objections: pd.DataFrame) -> Iterator[Item]:
    copies = objections["copy_of"].notna()
    talk = ~copies & true(objections["talk"])
    alone = objections["crux_id"].isna() & ~copies & ~talk
    yield Item(
        "objections that are talk about the debate",
        int(talk.sum()),
        "Talk makes no point that could come back, and joins no crux. A model tells it by the words, and may be wrong.",
        int((~copies).sum()),
        "objection that is talk about the debate",
    )
    yield Item(
        "objections in no crux",
        int(alone.sum()),
        "Found, but no other objection makes the same point; kept in objections.parquet.",
        int((~copies).sum()),
        "objection in no crux",
    )
    yield Item(
        "copies of an objection",
        int(copies.sum()),
        "The same words again, or nearly; listed with their crux and counted nowhere else.",
        len(objections),
        "copy of an objection",
    )


def flat(nested: Mapping[str, Any], prefix: str = "", number: Callable[[int], str] = str) -> Iterator[tuple[str, str]]:
    """Yield (label, words) of a nested mapping in its own order.

    >>> list(flat({"crux": {"min_size": 2, "seed": None}, "n": 1200}))
    [('crux · min size', '2'), ('crux · seed', '–'), ('n', '1200')]
    """
    for key, entry in nested.items():
        name = f"{prefix}{str(key).replace('_', ' ')}"
        if isinstance(entry, Mapping):
            yield from flat(entry, f"{name} · ", number)
        elif isinstance(entry, (list, tuple)) and any(isinstance(each, Mapping) for each in entry):
            numbered = {str(i): each for i, each in enumerate(entry, start=1)}
            yield from flat(numbered, f"{name} ", number)
        else:
            yield label(name, 80), words(entry, number)


def words(entry: Any, number: Callable[[int], str] = str) -> str:
    """Write one setting as a reader would say it.

    >>> words(True), words(None), words([1, "a"]), words(0.85), words(1200, count)
    ('yes', '–', '1, a', '0.85', '1,200')
    """
    if entry is None:
        return MISSING
    if isinstance(entry, bool):
        return "yes" if entry else "no"
    if isinstance(entry, int):
        return number(entry)
    if isinstance(entry, float):
        return f"{entry:g}"
    if isinstance(entry, (list, tuple)):
        return ", ".join(words(each, number) for each in entry) or MISSING
    return label(str(entry), 200) or MISSING
