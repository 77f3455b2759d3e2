"""The figures as matplotlib draws them: still, for papers and slides."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from threadkit.base.errors import require
from threadkit.base.text import shorten
from threadkit.report.looks import CELL_COLOURS, DEFENDERS, HUES, LINE, OBJECTORS
from threadkit.report.view import crux_name

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from threadkit.corpus.analysis import Analysis
    from threadkit.report.drawing import Balance, Course, Grid, Net

_MARKS = {"circle": "o", "diamond": "D", "square": "s"}
# Cruxes that the map's legend names.
MAX_NAMED = 12


def draw_map(shown: pd.DataFrame, analysis: Analysis, look: Callable[[int], dict[str, Any]]) -> Figure:
    """Draw placed objections, `group` telling their looks (looks.marker), the first cruxes named beside."""
    figure, axes = _paper(9, 6)
    names = {crux_id: crux_name(row, 60) for crux_id, row in analysis.cruxes.iterrows()}
    ranks = sorted({int(group) for group in shown["group"]}, key=lambda group: (group >= 0, -group))
    for group in ranks:
        rows, style = shown[shown["group"] == group], look(group)
        named = 0 <= group < MAX_NAMED
        title = names[rows["crux_id"].iloc[0]] if named else "_"
        axes.scatter(
            rows["x"], rows["y"], s=22, marker=_MARKS[style["symbol"]], color=style["color"], label=_plain(title),
            linewidths=0, alpha=0.9,
        )  # fmt: skip
    axes.set_axis_off()
    axes.set_aspect("equal", adjustable="datalim")
    handles, labels = axes.get_legend_handles_labels()
    if labels:
        axes.legend(handles[::-1], labels[::-1], loc="center left", bbox_to_anchor=(1, 0.5), frameon=False, fontsize=8)
    return figure


def draw_recurrence(grid: Grid) -> Figure:
    """Draw cruxes by posts: a darker cell holds more objections."""
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.ticker import MaxNLocator

    figure, axes = _paper(3 + 0.35 * len(grid.posts), 1.5 + 0.3 * len(grid.cruxes))
    if grid.cruxes and grid.posts:
        colours = LinearSegmentedColormap.from_list("objections", list(CELL_COLOURS))
        cells = [[math.nan if n is None else n for n in row] for row in grid.cells]
        image = axes.pcolormesh(cells, cmap=colours, vmin=0, edgecolors="white", linewidth=1.5)
        figure.colorbar(image, ax=axes, label="objections", ticks=MaxNLocator(5, integer=True))
    slanted: dict[str, Any] = {"rotation": 60, "ha": "right", "rotation_mode": "anchor"}
    names = [_plain(name) for name in grid.posts]
    axes.set_xticks([i + 0.5 for i in range(len(names))], names, fontsize=8, **slanted)
    axes.set_yticks([i + 0.5 for i in range(len(grid.cruxes))], [_plain(name) for name in grid.cruxes], fontsize=8)
    axes.invert_yaxis()
    axes.spines[:].set_visible(False)
    return figure


def draw_timeline(courses: tuple[Course, ...]) -> Figure:
    """Draw one line a crux, its interval as a band."""
    figure, axes = _paper(9, 4.5)
    for i, course in enumerate(courses):
        # Months count in UTC; matplotlib needs no zone for them.
        months: Any = [month.tz_localize(None) for month in course.months]
        colour = HUES[i % len(HUES)]
        axes.plot(months, course.shares, marker="o", markersize=4, color=colour, label=_plain(course.title))
        axes.fill_between(months, course.lows, course.highs, color=colour, alpha=0.08, linewidth=0)
    axes.set_ylim(bottom=0)
    axes.set_ylabel("share of active posts")
    axes.yaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
    if courses:
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.12), frameon=False, fontsize=8)
    return figure


def draw_sides(balance: Balance) -> Figure:
    """Draw bars to the left for objections, to the right for defences, one row an author."""
    from matplotlib.ticker import MaxNLocator

    figure, axes = _paper(7, 1.4 + 0.28 * len(balance.authors))
    rows = range(len(balance.authors))
    axes.barh(rows, [-n for n in balance.objections], color=OBJECTORS, label="objects")
    axes.barh(rows, balance.defences, color=DEFENDERS, label="defends")
    axes.axvline(0, color=LINE, linewidth=0.8)
    axes.set_yticks(list(rows), [_plain(name) for name in balance.authors], fontsize=8)
    axes.invert_yaxis()
    axes.xaxis.set_major_locator(MaxNLocator(9, integer=True))
    axes.xaxis.set_major_formatter(lambda n, _: f"{abs(n):g}")
    axes.set_xlabel("statements")
    axes.set_title(_plain(shorten(balance.title, 80)), fontsize=10)
    axes.legend(frameon=False, fontsize=8)
    return figure


def draw_network(net: Net) -> Figure:
    """Draw authors as points and objections as lines, thicker where there were more."""
    figure, axes = _paper(8, 7)
    most = max([1, *(weight for _, _, weight in net.edges)])
    for a, b, weight in net.edges:
        (x, y), (u, v) = net.places[a], net.places[b]
        axes.plot([x, u], [y, v], color=LINE, linewidth=0.4 + 2.6 * weight / most, zorder=1)
    sizes = [30 + 20 * n for n in net.received]
    axes.scatter([x for x, _ in net.places], [y for _, y in net.places], s=sizes, color=HUES[0], zorder=2)
    for name, (x, y) in zip(net.authors, net.places, strict=True):
        axes.annotate(_plain(name), (x, y), xytext=(0, 6), textcoords="offset points", ha="center", fontsize=8)
    axes.set_axis_off()
    return figure


def _paper(width: float, height: float) -> tuple[Figure, Axes]:
    """Return a figure with axes: no window and no state of pyplot's hangs on it."""
    figure: Figure = require("matplotlib.figure", extra="notebook").Figure(
        figsize=(width, height), layout="constrained"
    )
    return figure, figure.subplots()


def _plain(text: str) -> str:
    """Escape what matplotlib would take for mathematics."""
    return text.replace("$", r"\$")
