"""The figures of drawing.py as plotly draws them."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from threadkit.report.looks import DEFENDERS, HUES, LAYOUT, LINE, OBJECTORS
from threadkit.report.show import plural

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from threadkit.report.drawing import Balance, Course, Net

_MARGIN = {"margin": {"l": 8, "r": 8, "t": 40, "b": 8}}
_AXIS = {"automargin": True, "zeroline": False}


def draw_timeline(courses: tuple[Course, ...]) -> Figure:
    """Draw one line a crux."""
    from plotly.graph_objects import Figure, Scatter

    lines = [
        Scatter(
            x=list(course.months),
            y=list(course.shares),
            customdata=list(zip(course.lows, course.highs, strict=True)),
            name=_safe(course.title),
            mode="lines+markers",
            line={"color": HUES[i % len(HUES)]},
            hovertemplate="%{x|%Y-%m}: %{y:.0%} of active posts (%{customdata[0]:.0%} to %{customdata[1]:.0%})",
        )
        for i, course in enumerate(courses)
    ]
    share = _AXIS | {"tickformat": ".0%", "rangemode": "tozero", "title": {"text": "share of active posts"}}
    return _figure(
        Figure, lines, {"height": 420, "xaxis": _AXIS, "yaxis": share, "legend": {"orientation": "h", "y": -0.2}}
    )


def draw_sides(balance: Balance) -> Figure:
    """Draw bars to the left for objections, to the right for defences, one row an author."""
    from plotly.graph_objects import Bar, Figure

    names = [_safe(name) for name in balance.authors]
    kinds = (
        ("objects", [-n for n in balance.objections], balance.objections, OBJECTORS),
        ("defends", list(balance.defences), balance.defences, DEFENDERS),
    )
    bars = [
        Bar(y=names, x=x, customdata=list(n), name=name, orientation="h", marker={"color": colour},
            hovertemplate=f"%{{y}} {name}: %{{customdata}}<extra></extra>")
        for name, x, n, colour in kinds
    ]  # fmt: skip
    most = max([1, *balance.objections, *balance.defences])
    step = max(1, most // 5)
    ticks = [n for n in range(-most, most + 1) if n % step == 0]
    axis = _AXIS | {"tickvals": ticks, "ticktext": [str(abs(n)) for n in ticks], "title": {"text": "statements"}}
    title = _safe(balance.title) + (f"<br>and {plural(balance.more, 'author', 'authors')} more" if balance.more else "")
    return _figure(Figure, bars, {
        "height": 160 + 26 * len(names), "barmode": "relative", "title": {"text": title, "font": {"size": 14}},
        "xaxis": axis, "yaxis": _AXIS | {"autorange": "reversed"}, "margin": {"l": 8, "r": 8, "t": 64, "b": 8},
    })  # fmt: skip


def draw_network(net: Net) -> Figure:
    """Draw authors as points and objections as lines, thicker where there were more."""
    from plotly.graph_objects import Figure, Scatter

    most = max([1, *(weight for _, _, weight in net.edges)])
    lines = [
        Scatter(
            x=[net.places[a][0], net.places[b][0]],
            y=[net.places[a][1], net.places[b][1]],
            mode="lines",
            line={"color": LINE, "width": 0.6 + 3.4 * weight / most},
            hoverinfo="skip",
            showlegend=False,
        )
        for a, b, weight in net.edges
    ]
    told = [
        f"<b>{_safe(name)}</b><br>objections made: {made}, received: {received}"
        for name, made, received in zip(net.authors, net.made, net.received, strict=True)
    ]
    points = Scatter(
        x=[x for x, _ in net.places],
        y=[y for _, y in net.places],
        mode="markers+text",
        text=[_safe(name) for name in net.authors],
        textposition="top center",
        hovertext=told,
        hoverinfo="text",
        marker={"size": [8 + 2 * (n**0.5) for n in net.received], "color": list(net.made), "colorscale": "Blues",
                "colorbar": {"title": {"text": "objections made"}}, "line": {"width": 1, "color": LINE}},
        showlegend=False,
    )  # fmt: skip
    hidden = {"visible": False}
    return _figure(Figure, [*lines, points] if net.authors else [], {"height": 560, "xaxis": hidden, "yaxis": hidden})


def _figure(kind: type[Figure], traces: list[Any], layout: dict[str, Any]) -> Figure:
    return kind(traces, LAYOUT | _MARGIN | layout)


def _safe(text: str) -> str:
    """Escape what plotly would take for markup in a label."""
    return escape(text, quote=False)
