"""How every figure looks, whatever draws it: colours that colour-blind readers tell apart, and plotly's layout."""

from __future__ import annotations

from typing import Any

# Okabe and Ito (2008), "Color Universal Design": seven hues that colour-blind readers tell apart.
HUES = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#F0E442")
OBJECTORS, DEFENDERS = HUES[1], HUES[0]
LINE = "#7d828a"
# From a blue that is told from an empty cell to one that black and white print still shows.
CELL_COLOURS = ((0, "#dbe9f6"), (1, "#08468b"))

# Every figure looks the same whatever templates a user has set.
LAYOUT: dict[str, Any] = {
    "template": "none",
    "font": {"family": "system-ui, sans-serif", "size": 13, "color": "#1d2128"},
    "paper_bgcolor": "#ffffff",
    "plot_bgcolor": "#ffffff",
    "hoverlabel": {"align": "left", "font": {"family": "system-ui, sans-serif", "size": 13}},
}
