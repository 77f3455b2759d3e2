"""Figures of both backends, of every sibling; and what a notebook shows, escaped."""

import io
import sys

import pytest
from plotly.graph_objects import Figure

from threadkit.base.errors import MissingDependencyError, SettingError

SIBLINGS = ["analysis", "nothing", "one_comment", "no_cruxes", "bare"]
KINDS = ["map", "recurrence", "timeline", "network"]


@pytest.mark.parametrize("name", SIBLINGS)
def test_every_figure_of_every_sibling(name, request):
    plot = request.getfixturevalue(name).plot
    for kind in KINDS:
        assert isinstance(getattr(plot, kind)(), Figure)


@pytest.mark.parametrize("name", SIBLINGS)
def test_matplotlib_draws_every_figure_of_every_sibling(name, request):
    figures = pytest.importorskip("matplotlib.figure", reason="the extra notebook is not installed")
    plot = request.getfixturevalue(name).plot
    for kind in KINDS:
        figure = getattr(plot, kind)(backend="matplotlib")
        assert isinstance(figure, figures.Figure)
        figure.savefig(io.BytesIO(), format="svg")
    assert "matplotlib.pyplot" not in sys.modules, "a figure hangs on no window"


def test_timeline_shows_shares_month_by_month(analysis):
    first = analysis.plot.timeline().data[0]
    assert list(first.y) == [1, 0, pytest.approx(1 / 3)]
    assert [str(month)[:7] for month in first.x] == ["2023-01", "2023-06", "2024-02"]
    axes = analysis.plot.timeline(backend="matplotlib").axes[0]
    assert axes.lines[0].get_ydata().tolist() == pytest.approx([1, 0, 1 / 3])
    assert len(analysis.plot.timeline(max_cruxes=1).data) == 1


def test_sides_counts_statements_of_each_author(analysis):
    objects, defends = analysis.plot.sides(1).data
    assert dict(zip(defends.y, defends.x, strict=True)) == {"Wren": 2}
    assert all(n <= 0 for n in objects.x)
    with pytest.raises(SettingError, match="no crux 9"):
        analysis.plot.sides(9)


def test_network_draws_who_objects_to_whom(analysis):
    figure = analysis.plot.network()
    points = figure.data[-1]
    assert "Wren" in points.text
    assert points.hovertext[points.text.index("Wren")].endswith("objections made: 0, received: 5")
    assert len(analysis.plot.network(max_authors=2).data[-1].text) == 2
    assert figure.to_json() == analysis.plot.network().to_json()


def test_labels_are_no_markup(analysis):
    for figure in (analysis.plot.timeline(), analysis.plot.sides(1), analysis.plot.network()):
        text = figure.to_json().replace("\\u003c", "<")
        assert "<script" not in text
        assert "<img" not in text


def test_backends_are_told(analysis, monkeypatch):
    with pytest.raises(SettingError, match="'plotly' or 'matplotlib'"):
        analysis.plot.timeline(backend="bokeh")
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(MissingDependencyError, match=r"threadkit\[notebook\]"):
        analysis.plot.timeline(backend="matplotlib")


@pytest.mark.parametrize("name", SIBLINGS)
def test_a_notebook_shows_escaped_words(name, request):
    analysis = request.getfixturevalue(name)
    shown = [analysis.corpus._repr_html_(), analysis._repr_html_()]
    shown += [analysis.crux(crux_id)._repr_html_() for crux_id in analysis.cruxes.index]
    for html in shown:
        assert html.startswith('<div class="threadkit">')
        assert "<script" not in html
        assert "<img" not in html
        assert "javascript:" not in html.replace(">javascript:", "")
        assert "\u202e" not in html
        assert "<NA>" not in html


def test_a_notebook_shows_a_crux_with_both_sides(analysis):
    html = analysis.crux(1)._repr_html_()
    assert html.index("Paving pays for itself.") < html.index("Those who deny it") < html.index("Those who hold it")
    assert 'href="https://forum.example/p1/c1"' in html
    assert "Paving costs more" in analysis._repr_html_()
    assert "comments 13" in analysis.corpus._repr_html_()
