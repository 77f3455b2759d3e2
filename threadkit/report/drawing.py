"""What each figure shows, as plain values: counted here once, drawn by plotly or by matplotlib."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from threadkit.base.errors import require
from threadkit.corpus.crux import Crux
from threadkit.corpus.ranking import by_recurrence
from threadkit.report.show import author
from threadkit.report.view import crux_name
from threadkit.report.voice import post_name

if TYPE_CHECKING:
    import pandas as pd

    from threadkit.corpus.analysis import Analysis

# Characters of a name beside a figure.
MAX_TITLE, MAX_POST = 48, 28


@dataclass(frozen=True)
class Grid:
    """Cruxes by posts: how many objections, None where the crux did not come up."""

    cruxes: tuple[str, ...]
    posts: tuple[str, ...]
    cells: tuple[tuple[int | None, ...], ...]


@dataclass(frozen=True)
class Course:
    """One crux over time: in each month the share of the active posts that raised it, with its 95 % interval."""

    title: str
    months: tuple[pd.Timestamp, ...]
    shares: tuple[float, ...]
    lows: tuple[float, ...]
    highs: tuple[float, ...]


@dataclass(frozen=True)
class Balance:
    """The authors of a crux and how many statements each made as an objector and as a defender; busiest first."""

    title: str
    authors: tuple[str, ...]
    objections: tuple[int, ...]
    defences: tuple[int, ...]
    more: int


@dataclass(frozen=True)
class Net:
    """Authors at places, and who objected to whom how often (rows of `authors`)."""

    authors: tuple[str, ...]
    places: tuple[tuple[float, float], ...]
    made: tuple[int, ...]
    received: tuple[int, ...]
    edges: tuple[tuple[int, int, int], ...]
    more: int


def recurrence(analysis: Analysis, max_cruxes: int, max_posts: int) -> Grid:
    """Return the first cruxes by the posts on which they came up most."""
    cruxes = by_recurrence(analysis.cruxes).sort_values("recurring", ascending=False, kind="stable").head(max_cruxes)
    cells = analysis.recurrence.reset_index()
    cells = cells[cells["crux_id"].isin(cruxes.index)]
    busiest = cells.groupby("post_id")["n_objections"].sum().sort_values(ascending=False, kind="stable").index
    posts = analysis.posts.loc[busiest[:max_posts]]
    came_up = zip(cells["crux_id"], cells["post_id"], cells["n_objections"], strict=True)
    count = {(crux, post): int(n) for crux, post, n in came_up}
    return Grid(
        tuple(crux_name(row, MAX_TITLE) for _, row in cruxes.iterrows()),
        tuple(post_name(row, MAX_POST) for _, row in posts.iterrows()),
        tuple(tuple(count.get((crux, post)) for post in posts.index) for crux in cruxes.index),
    )


def timeline(analysis: Analysis, max_cruxes: int) -> tuple[Course, ...]:
    """Return the first cruxes that have a month, each over time."""
    trends = analysis.trends.sort_index()
    dated = set(trends.index.get_level_values("crux_id"))
    ranked = by_recurrence(analysis.cruxes)
    chosen = [crux_id for crux_id in ranked.index if crux_id in dated][:max_cruxes]
    courses = []
    for crux_id in chosen:
        rows = trends.xs(crux_id, level="crux_id")
        columns = (tuple(float(each) for each in rows[name]) for name in ("prevalence", "low", "high"))
        courses.append(Course(crux_name(ranked.loc[crux_id], MAX_TITLE), tuple(rows.index), *columns))
    return tuple(courses)


def sides(analysis: Analysis, crux_id: int, max_authors: int) -> Balance:
    """Return the busiest authors of both sides of a crux; who is unknown counts as one."""
    crux = Crux(analysis, crux_id)
    rows = crux.sides.assign(author=crux.sides["author"].map(author))
    table = rows.pivot_table(index="author", columns="side", values="text", aggfunc="size", fill_value=0)
    table = table.reindex(columns=["objector", "defender"], fill_value=0)
    order = table.assign(all=table.sum(axis=1), name=table.index).sort_values(["all", "name"], ascending=[False, True])
    shown = table.loc[order.index[:max_authors]]
    return Balance(
        crux_name(crux.row, 90),
        tuple(shown.index),
        tuple(int(n) for n in shown["objector"]),
        tuple(int(n) for n in shown["defender"]),
        max(0, len(table) - max_authors),
    )


def network(analysis: Analysis, max_authors: int, seed: int) -> Net:
    """Return the authors with most objections made and received, laid out so that opponents stand near one another."""
    networkx = require("networkx", extra="notebook")
    graph = analysis.to_networkx()
    made, received = dict(graph.out_degree(weight="weight")), dict(graph.in_degree(weight="weight"))
    ranked = sorted(graph, key=lambda name: (-made[name] - received[name], name))
    chosen = ranked[:max_authors]
    part = networkx.DiGraph()
    part.add_nodes_from(chosen)
    part.add_edges_from((a, b, data) for a, b, data in graph.edges(data=True) if a in part and b in part)
    places = networkx.spring_layout(part.to_undirected(), seed=seed) if chosen else {}
    row = {name: i for i, name in enumerate(chosen)}
    return Net(
        tuple(author(name) for name in chosen),
        tuple((float(places[name][0]), float(places[name][1])) for name in chosen),
        tuple(int(made[name]) for name in chosen),
        tuple(int(received[name]) for name in chosen),
        tuple((row[a], row[b], int(data["weight"])) for a, b, data in part.edges(data=True)),
        len(ranked) - len(chosen),
    )
