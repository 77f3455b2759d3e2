"""How every figure looks, whatever draws it: colours that colour-blind readers tell apart, and plotly's layout."""

from __future__ import annotations

from typing import Any

# Okabe and Ito (2008), "Color Universal Design": seven hues that colour-blind readers tell apart.
HUES = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#F0E442")
OBJECTORS, DEFENDERS = HUES[1], HUES[0]
LINE = "#7d828a"
# From a blue that is told from an empty cell to one that black and white print still shows.
CELL_COLOURS = ((0, "#dbe9f6"), (1, "#08468b"))

# With three shapes the seven hues make 21 cruxes distinct; further cruxes share one grey.
SHAPES = ("circle", "diamond", "square")
OWN_LOOKS = len(HUES) * len(SHAPES)
FURTHER, UNGROUPED = "#7d828a", "#b9bdc4"
EDGE = {"width": 0.8, "color": "rgba(29,33,40,0.5)"}

# Every figure looks the same whatever templates a user has set.
LAYOUT: dict[str, Any] = {
    "template": "none",
    "font": {"family": "system-ui, sans-serif", "size": 13, "color": "#1d2128"},
    "paper_bgcolor": "#ffffff",
    "plot_bgcolor": "#ffffff",
    "hoverlabel": {"align": "left", "font": {"family": "system-ui, sans-serif", "size": 13}},
}


def marker(group: int) -> dict[str, Any]:
    """Return how the points of a crux of this rank look; −1 = in no crux."""
    if group < 0:
        return {"color": UNGROUPED, "size": 5, "opacity": 0.7, "symbol": "circle"}
    if group >= OWN_LOOKS:
        return {"color": FURTHER, "size": 6, "opacity": 0.8, "symbol": "circle"}
    shape = SHAPES[group // len(HUES)]
    return {"color": HUES[group % len(HUES)], "size": 9, "opacity": 0.9, "symbol": shape, "line": EDGE}
