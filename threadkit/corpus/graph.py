"""An analysis as a graph for networkx: who objects to whom, or which comment answers which."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from threadkit.base.errors import SettingError, require
from threadkit.base.lookup import true
from threadkit.corpus.owners import owners

if TYPE_CHECKING:
    from collections.abc import Iterator

    from networkx import DiGraph

    from threadkit.corpus.analysis import Analysis


def graph(analysis: Analysis, of: str = "authors") -> DiGraph:
    """Return a networkx.DiGraph.

    Parameters
    ----------
    analysis : Analysis
        What to draw on.
    of : str
        "authors": an edge runs from each objector to whose words they object to; `weight` counts the objections
        (copies left out), `cruxes` lists what they were on. "comments": an edge runs from each comment to what it
        answers, a comment or a post; nodes carry kind, author, karma, posted_at, and the cruxes objected on.

    Raises
    ------
    SettingError
        For another word.
    MissingDependencyError
        Where networkx is not installed.
    """
    made: DiGraph = require("networkx", extra="notebook").DiGraph()
    if of == "authors":
        return _authors(analysis, made)
    if of == "comments":
        return _comments(analysis, made)
    raise SettingError(f"of is {of!r}: give 'authors' or 'comments'")


def opposed(analysis: Analysis) -> pd.DataFrame:
    """Return each objection whose author and target's author are known: author, target_author, crux_id.

    A quote of words from elsewhere is the objecting comment's own segment, but nobody objects to their own comment.
    """
    objections = analysis.objections[analysis.objections["copy_of"].isna()]
    target = owners(objections, analysis.comments, analysis.posts)
    found = objections[["author", "crux_id"]].assign(target_author=target["owner"])
    return found[~true(target["owner_id"] == objections["comment_id"])].dropna(subset=["author", "target_author"])


def _authors(analysis: Analysis, made: DiGraph) -> DiGraph:
    pairs = opposed(analysis)
    made.add_nodes_from(sorted(set(pairs["author"]) | set(pairs["target_author"])))
    for (author, other), rows in pairs.groupby(["author", "target_author"], sort=True):
        cruxes = sorted(int(crux) for crux in rows["crux_id"].dropna().unique())
        made.add_edge(author, other, weight=len(rows), cruxes=cruxes)
    return made


def _comments(analysis: Analysis, made: DiGraph) -> DiGraph:
    own = analysis.objections.dropna(subset=["crux_id"])
    cruxes = own.groupby("comment_id")["crux_id"].apply(lambda ids: sorted({int(each) for each in ids})).to_dict()
    for post_id, post in _rows(analysis.posts[["author", "karma", "posted_at"]]):
        made.add_node(post_id, kind="post", **post)
    for comment_id, comment in _rows(analysis.comments[["author", "karma", "posted_at", "post_id", "parent_id"]]):
        post_id, parent_id = comment.pop("post_id"), comment.pop("parent_id", None)
        made.add_node(comment_id, kind="comment", cruxes=cruxes.get(comment_id, []), **comment)
        made.add_edge(comment_id, parent_id or post_id)
    return made


def _rows(table: pd.DataFrame) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each row's id and what is known of it: an absent value is left out, as graph formats want it."""
    for name, row in zip(table.index, table.to_dict("records"), strict=True):
        yield name, {str(key): cell for key, cell in row.items() if not pd.isna(cell)}
