"""An analysis → report.html: one file, no request ever leaves it, nothing of the forum in it can run."""

from __future__ import annotations

import base64
import gzip
import json
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from threadkit.base.output import write_text
from threadkit.corpus.ranking import by_recurrence
from threadkit.report.plot import OWN_LOOKS, Plots, marker
from threadkit.report.show import FILTERS, WORDS
from threadkit.report.view import FULL_CRUXES, crux_name, report

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from threadkit.corpus.analysis import Analysis

# Nothing is allowed but the two scripts of this page, by checksum, and the style that stands in it; plotly
# writes style rules of its own while it draws.
_POLICY = "default-src 'none'; {scripts}style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
# JSON inside HTML: a browser would end the script at "</script" and old ones break lines at U+2028/9.
_IN_SCRIPT = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


class Entry(NamedTuple):
    """A line of the map's legend."""

    name: str
    colour: str
    shape: str
    anchor: str | None
    pale: bool = False


def write_page(analysis: Analysis, path: str | Path) -> Path:
    """Write the report of an analysis as one HTML file; returns its path.

    Raises OutputError where the file cannot be written.
    """
    return write_text(path, page(analysis))


def page(analysis: Analysis) -> str:
    """Return the report of an analysis as HTML."""
    shown = report(analysis)
    anchors = {crux.crux_id for crux in (*shown.recurring, *shown.others)}
    return (
        environment()
        .get_template("report.html.j2")
        .render(
            report=shown, anchors=anchors, full=FULL_CRUXES, style=asset("report.css"), **_drawing(analysis, anchors)
        )
    )


def environment() -> Environment:
    """Return what every HTML template is drawn with: all that it prints is escaped."""
    made = Environment(
        loader=PackageLoader("threadkit.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= WORDS
    made.filters |= FILTERS
    return made


def _drawing(analysis: Analysis, anchors: set[int]) -> dict[str, object]:
    """Return what the template needs for the map: the figure, the library, the script, the policy."""
    figure = Plots(analysis).map()
    if not figure.data:
        return {"figure": "", "policy": _POLICY.format(scripts="")}
    script = asset("map.js")
    packed, library_hash = _library()
    return {
        "figure": Markup(embedded(figure)),  # noqa: S704  embedded() escapes what could end the script
        "library": packed,
        "script": script,
        "policy": _POLICY.format(scripts=f"script-src '{_source_hash(script)}' '{library_hash}'; "),
        "drawn": figure.layout.meta,
        "legend": legend(analysis, anchors),
    }


def embedded(figure: Figure) -> str:
    """Return a figure as JSON that may stand inside a script element."""
    return json.dumps(figure.to_plotly_json(), separators=(",", ":"), ensure_ascii=False).translate(_IN_SCRIPT)


def legend(analysis: Analysis, anchors: set[int]) -> list[Entry]:
    """List the cruxes that have a look of their own on the map, then the grey and the pale."""
    cruxes = by_recurrence(analysis.cruxes)
    entries = []
    for group, (crux_id, row) in enumerate(cruxes.head(OWN_LOOKS).iterrows()):
        look = marker(group)
        anchor = f"crux-{crux_id}" if crux_id in anchors else None
        entries.append(Entry(crux_name(row, 110), look["color"], look["symbol"], anchor))
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


@cache
def _library() -> tuple[str, str]:
    """Return plotly's script, packed to a third of its size, and the checksum of the unpacked text."""
    from plotly.offline import get_plotlyjs

    text = get_plotlyjs()
    return base64.b64encode(gzip.compress(text.encode("utf-8"), mtime=0)).decode(), _source_hash(text)
