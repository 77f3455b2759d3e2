"""The general points behind the objections: what might be said of anything, and was said under several posts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from threadkit.base.lookup import true
from threadkit.corpus.topoi import claim_of
from threadkit.report.show import line
from threadkit.report.voice import Link, place_of, rows_of, source

if TYPE_CHECKING:
    from threadkit.corpus.analysis import Analysis

# Points that a report lists, the posts and authors of each at least, and the characters of an example.
MAX_GENERAL, FEWEST, MAX_SAID = 12, 2, 160

# Probability from which on an objection is counted for a point: over half of those are right (scripts/train_topoi.py),
# in debates on topics that were not learnt from a third.
SURE = 0.2


@dataclass(frozen=True)
class General:
    """A general point, where it was voiced, and the objection that voices it most surely."""

    claim: str
    n_posts: int
    n_authors: int
    n_objections: int
    said: str
    source: Link


def general(analysis: Analysis) -> tuple[General, ...]:
    """Return the general points voiced under several posts by several authors, those on most posts first.

    An objection counts for the first of its points where that is likely enough. Copies and mere talk are not counted;
    an author without a name counts as one in all.
    """
    objections = analysis.objections
    own = objections["copy_of"].isna() & true(objections["p_topos"] >= SURE) & ~true(objections["talk"])
    told = objections.loc[own, ["topoi", "p_topos", "post_id", "author"]].reset_index()
    told = told.sort_values(["p_topos", "segment_id"], ascending=[False, True], kind="stable")
    told["topos"] = told["topoi"].str.replace(" .*", "", regex=True)
    rows = told.assign(author=told["author"].fillna("")).groupby("topos", sort=True)
    counts = rows.agg(n_posts=("post_id", "nunique"), n_authors=("author", "nunique"), n=("post_id", "size"))
    counts["example"] = rows["segment_id"].first()
    counts = counts[(counts["n_posts"] >= FEWEST) & (counts["n_authors"] >= FEWEST)]
    order = ["n_posts", "n_authors", "n"]
    shown = counts.sort_values(order, ascending=False, kind="stable").head(MAX_GENERAL)
    said = objections.loc[shown["example"], ["comment_id", "post_id", "text"]].reset_index(drop=True)
    examples = rows_of(place_of(said, analysis))
    return tuple(
        General(claim_of(name), n_posts, n_authors, n, line(row.text, MAX_SAID), source(row))
        for (name, n_posts, n_authors, n), row in zip(shown[order].itertuples(name=None), examples, strict=True)
    )
