"""An analysis → report.html: one file, no request ever leaves it, nothing of the forum in it can run."""

from __future__ import annotations

import base64
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import orjson
from markupsafe import Markup

from threadkit.base.output import write_pieces
from threadkit.corpus.ranking import by_recurrence
from threadkit.report.block import MAX_ROWS, block, embedded
from threadkit.report.compiled import environment as drawn_with
from threadkit.report.looks import OWN_LOOKS, marker
from threadkit.report.view import FULL_CRUXES, crux_names, report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jinja2 import Environment

    from threadkit.corpus.analysis import Analysis
    from threadkit.report.view import Report

# Nothing is allowed but the one script of this page, by checksum, and the style that stands in it.
_POLICY = "default-src 'none'; {scripts}style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
# The linked views, one thing a file, in the order in which they are joined. They draw for themselves: a library that
# compiles code as it runs is forbidden by this page's policy, and of those that do not, scripts/bench_map.py printed
# the processor time of 100,000 points, and of the half that a filter keeps, beside their bytes: stamps.js 61 and 27 ms
# (5 kB), ECharts 594 and 211 (1.1 MB), uPlot 522 and 187 (51 kB, the points drawn by our own code), Chart.js 1,194 and
# 530 (210 kB), plotly's SVG 10,215 and 4,574 (4.8 MB). A filter has 200 ms for all views together, a page five
# megabytes. tests/report/test_browser_large.py prints what the page takes.
_SCRIPTS = (
    "dom", "data", "filter", "order", "hash", "stamps", "near", "hand", "map", "heat", "timeline", "table", "one",
    "controls", "start",
)  # fmt: skip


class Entry(NamedTuple):
    """A line of the map's legend."""

    name: str
    colour: str
    shape: str
    anchor: str | None
    pale: bool = False


def write_page(analysis: Analysis, path: str | Path, shown: Report | None = None) -> Path:
    """Write the report of an analysis as one HTML file; returns its path.

    `shown` is what view.report() makes of it, where that is at hand. Raises OutputError where the file cannot be
    written.
    """
    return write_pieces(path, _pieces(analysis, shown))


def page(analysis: Analysis, shown: Report | None = None) -> str:
    """Return the report of an analysis as HTML."""
    return "".join(_pieces(analysis, shown))


def _pieces(analysis: Analysis, shown: Report | None) -> Iterator[str]:
    """Yield the page as it is drawn."""
    shown = shown or report(analysis)
    anchors = {crux.crux_id for crux in (*shown.recurring, *shown.others)}
    views = _views(analysis, anchors)
    template = environment().get_template("report.html.j2")
    return template.generate(report=shown, anchors=anchors, full=FULL_CRUXES, style=asset("report.css"), **views)


def environment() -> Environment:
    """Return what every HTML template is drawn with: all that it prints is escaped."""
    return drawn_with(autoescape=True)


def _views(analysis: Analysis, anchors: set[int]) -> dict[str, object]:
    """Return what the template needs for the linked views: their data, their script, the policy that allows it."""
    n = int(analysis.objections["copy_of"].isna().sum())
    if not n:
        return {"data": "", "policy": _POLICY.format(scripts="")}
    script = views_script()
    return {
        # embedded() escapes what could end the script.
        "data": map(Markup, embedded(orjson.dumps(block(analysis, anchors)))),
        "n_objections": n,
        "n_drawn": min(n, MAX_ROWS),
        "script": script,
        "policy": _POLICY.format(scripts=f"script-src '{_source_hash(script)}'; "),
        "legend": legend(analysis, anchors),
    }


def views_script() -> Markup:
    """Return the files of the linked views as one script whose names nobody else sees."""
    files = "\n".join(asset(f"explore/{name}.js") for name in _SCRIPTS)
    return Markup(f'(() => {{\n"use strict";\n{files}}})();')  # noqa: S704  our own files


def legend(analysis: Analysis, anchors: set[int]) -> list[Entry]:
    """List the cruxes that have a look of their own on the map, then the grey and the pale."""
    cruxes = by_recurrence(analysis.cruxes)
    entries = []
    for group, (crux_id, name) in enumerate(crux_names(cruxes.head(OWN_LOOKS), 110).items()):
        look = marker(group)
        anchor = f"crux-{crux_id}" if crux_id in anchors else None
        entries.append(Entry(name, look["color"], look["symbol"], anchor))
    if len(cruxes) > OWN_LOOKS:
        entries.append(Entry("other cruxes", marker(OWN_LOOKS)["color"], "circle", None))
    if analysis.objections["crux_id"].isna().any():
        entries.append(Entry("in no crux", marker(-1)["color"], "circle", None, pale=True))
    return entries


def _source_hash(text: str) -> str:
    return f"sha256-{base64.b64encode(sha256(text.encode('utf-8')).digest()).decode()}"


def asset(name: str) -> Markup:
    """Return a file of ours that stands in the page as it is."""
    text = (Path(__file__).parent / "templates" / name).read_text(encoding="utf-8")
    return Markup(text)  # noqa: S704  our own template file
