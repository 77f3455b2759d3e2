"""Figures of an analysis: the map of objections, crux by post, months, sides, who objects to whom."""

from __future__ import annotations

from html import escape
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from threadkit.base.errors import SettingError
from threadkit.base.text import shorten
from threadkit.corpus.ranking import by_recurrence
from threadkit.report import drawing
from threadkit.report.looks import CELL_COLOURS, LAYOUT, OWN_LOOKS, marker
from threadkit.report.show import author, count, line, value
from threadkit.report.view import crux_name
from threadkit.report.voice import post_name

if TYPE_CHECKING:
    from threadkit.corpus.analysis import Analysis

# Points that a browser draws as SVG without a stutter; more are thinned evenly. WebGL would draw more, but
# needs eval, which the page's security policy forbids.
MAX_POINTS = 3000
HOVER_WIDTH, HOVER_TEXT, HOVER_TITLE = 58, 180, 90


class Plots:
    """Figures of one analysis, to be restyled as any other.

    Every method takes ``backend``: "plotly" returns a ``plotly.graph_objects.Figure``, "matplotlib" a
    ``matplotlib.figure.Figure`` (extra `notebook`; a notebook shows it after ``%matplotlib inline``).

    Parameters
    ----------
    analysis
        What to draw.
    """

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis

    def map(self, limit: int = MAX_POINTS, *, backend: str = "plotly") -> Any:
        """Return the map: one point an objection, near = similar, coloured by crux, the ungrouped pale.

        More than `limit` points are thinned evenly; the figure's ``layout.meta`` holds how many of how many
        are shown.
        """
        placed = self._placed()
        shown = _thin(placed, limit)
        if still(backend):
            from threadkit.report.static import draw_map

            return draw_map(shown, self.analysis, marker)
        from plotly.graph_objects import Figure, Scatter

        names = {crux_id: crux_name(row, HOVER_TITLE) for crux_id, row in self.analysis.cruxes.iterrows()}
        groups = {int(str(group)): rows for group, rows in shown.groupby("group")}
        # Drawn first, and so undermost: the ungrouped, then the many that share a grey.
        order = sorted(groups, key=lambda group: (0 <= group < OWN_LOOKS, group >= OWN_LOOKS, group))
        traces = [Scatter(_points(group, groups[group], names)) for group in order]
        axis = {"visible": False, "zeroline": False, "showgrid": False}
        return Figure(
            traces,
            LAYOUT
            | {
                "height": 560,
                "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
                "xaxis": axis,
                "yaxis": axis | {"scaleanchor": "x"},
                "legend": {"title": {"text": "Crux"}, "itemsizing": "constant"},
                "hovermode": "closest",
                "dragmode": "pan",
                "meta": {"shown": len(shown), "placed": len(placed)},
            },
        )

    def recurrence(self, max_cruxes: int = 30, max_posts: int = 40, *, backend: str = "plotly") -> Any:
        """Return crux by post: a cell's colour is the number of objections, recurring cruxes first."""
        if still(backend):
            from threadkit.report.static import draw_recurrence

            return draw_recurrence(drawing.recurrence(self.analysis, max_cruxes, max_posts))
        from plotly.graph_objects import Figure, Heatmap

        cruxes = by_recurrence(self.analysis.cruxes)
        cruxes = cruxes.sort_values("recurring", ascending=False, kind="stable").head(max_cruxes)
        cells = self.analysis.recurrence.reset_index()
        cells = cells[cells["crux_id"].isin(cruxes.index)]
        busiest = cells.groupby("post_id")["n_objections"].sum().sort_values(ascending=False, kind="stable").index
        posts = self.analysis.posts.loc[busiest[:max_posts]]
        cell = {(row.crux_id, row.post_id): row for row in cells.itertuples()}
        grid = [[cell.get((crux_id, post_id)) for post_id in posts.index] for crux_id in cruxes.index]
        most = int(cells["n_objections"].max()) if len(cells) else 1
        heat = Heatmap(
            z=[[each and each.n_objections for each in row] for row in grid],
            x=list(range(len(posts))),
            y=list(range(len(cruxes))),
            text=_cell_hovers(grid, cruxes, posts),
            hoverinfo="text",
            colorscale=CELL_COLOURS,
            zmin=0,
            zmax=most,
            xgap=2,
            ygap=2,
            colorbar={"title": {"text": "objections"}, "tickformat": ",d", "dtick": -(-most // 5)},
        )
        crux_names = [_safe(crux_name(row, 48)) for _, row in cruxes.iterrows()]
        post_names = [_safe(post_name(row, 28)) for _, row in posts.iterrows()]
        tick = {"tickmode": "array", "automargin": True, "zeroline": False, "showgrid": False}
        return Figure(
            [heat] if len(cruxes) and len(posts) else [],
            LAYOUT
            | {
                "height": 220 + 26 * len(cruxes),
                "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
                "xaxis": tick | {"tickvals": list(range(len(posts))), "ticktext": post_names, "tickangle": -40},
                "yaxis": tick | {"tickvals": list(range(len(cruxes))), "ticktext": crux_names, "autorange": "reversed"},
            },
        )

    def timeline(self, max_cruxes: int = 6, *, backend: str = "plotly") -> Any:
        """Return the months: the share of the active posts on which each of the first cruxes was raised."""
        return self._drawn("timeline", drawing.timeline(self.analysis, max_cruxes), backend)

    def sides(self, crux_id: int, max_authors: int = 12, *, backend: str = "plotly") -> Any:
        """Return who objects (to the left) and who defends (to the right), and how often, on one crux.

        Raises SettingError where there is no such crux.
        """
        return self._drawn("sides", drawing.sides(self.analysis, crux_id, max_authors), backend)

    def network(self, max_authors: int = 30, seed: int = 0, *, backend: str = "plotly") -> Any:
        """Return who objects to whom, of the authors with most objections made and received; `seed` lays it out.

        Raises MissingDependencyError where networkx is not installed.
        """
        return self._drawn("network", drawing.network(self.analysis, max_authors, seed), backend)

    def _drawn(self, name: str, shown: Any, backend: str) -> Any:
        from threadkit.report import interactive, static

        return getattr(static if still(backend) else interactive, f"draw_{name}")(shown)

    def _placed(self) -> pd.DataFrame:
        """Return the objections that have a place, with `group`: −1 in no crux, else the crux's rank (capped)."""
        objections = self.analysis.objections.dropna(subset=["x", "y"])
        cruxes = by_recurrence(self.analysis.cruxes)
        group = cruxes.index.get_indexer(pd.Index(objections["crux_id"].fillna(-1).astype("int64")))
        return objections.assign(group=np.minimum(group, OWN_LOOKS))


def _points(group: int, rows: pd.DataFrame, names: dict[Any, str]) -> dict[str, Any]:
    """Return one trace of the map."""
    name = names[rows["crux_id"].iloc[0]] if 0 <= group < OWN_LOOKS else "other cruxes" if group > 0 else "in no crux"
    return {
        "x": rows["x"].tolist(),
        "y": rows["y"].tolist(),
        "mode": "markers",
        "name": _safe(shorten(name, 44)),
        "meta": "ungrouped" if group < 0 else None,
        "marker": marker(group),
        "text": [_hover(row, names) for row in rows.itertuples()],
        "customdata": [value(crux_id) for crux_id in rows["crux_id"]],
        "hoverinfo": "text",
    }


def still(backend: str) -> bool:
    """Tell whether matplotlib is asked for; raises SettingError for what is neither it nor plotly.

    >>> still("matplotlib"), still("plotly")
    (True, False)
    """
    if backend not in {"plotly", "matplotlib"}:
        raise SettingError(f"backend is {backend!r}: give 'plotly' or 'matplotlib'")
    return backend == "matplotlib"


def _thin(placed: pd.DataFrame, limit: int) -> pd.DataFrame:
    """Keep at most `limit` rows, evenly out of every group."""
    placed = placed.reset_index().sort_values(["group", "crux_id", "segment_id"], kind="stable")
    if len(placed) <= limit:
        return placed
    return placed.iloc[np.linspace(0, len(placed) - 1, limit).round().astype(int)]


def _safe(text: str) -> str:
    """Escape what plotly would take for markup in a label."""
    return escape(text, quote=False)


def _lines(text: str, limit: int) -> str:
    return "<br>".join(_safe(row) for row in wrap(line(text, limit), HOVER_WIDTH))


def _hover(row: Any, names: dict[Any, str]) -> str:
    crux_id = value(row.crux_id)
    title = "in no crux" if crux_id is None else f"Crux: {names[crux_id]}"
    return f"{_lines(row.text, HOVER_TEXT)}<br><b>{_safe(author(row.author))}</b><br>{_lines(title, HOVER_TITLE)}"


def _cell_hovers(grid: list[list[Any]], cruxes: pd.DataFrame, posts: pd.DataFrame) -> list[list[str]]:
    """Return the text of every cell, empty where the crux did not come up on the post."""
    crux_titles = [_lines(crux_name(row, HOVER_TITLE), HOVER_TITLE) for _, row in cruxes.iterrows()]
    post_titles = [_lines(f"on: {post_name(row, HOVER_TITLE)}", HOVER_TITLE + 4) for _, row in posts.iterrows()]
    return [
        [f"{crux}<br>{post}<br>{_figures(each)}" if each else "" for each, post in zip(row, post_titles, strict=True)]
        for row, crux in zip(grid, crux_titles, strict=True)
    ]


def _figures(cell: Any) -> str:
    answered = "not answered" if value(cell.answered_by) is None else "answered"
    return f"objections: {count(cell.n_objections)} · authors: {count(cell.n_authors)} · {answered}"
