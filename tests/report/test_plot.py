"""The figures: fixed looks, escaped words, every crux and post where it belongs."""

import re

import pytest
from plotly.graph_objects import Figure

from threadkit.report.looks import HUES
from threadkit.report.plot import HOVER_WIDTH, Plots


def test_the_analysis_knows_its_plots(analysis):
    assert isinstance(analysis.plot, Plots)
    assert isinstance(analysis.plot.map(), Figure)


def test_map_draws_every_objection_in_its_cruxes_colour(analysis):
    figure = Plots(analysis).map()
    named = {trace.name: trace for trace in figure.data}
    assert [len(trace.x) for trace in figure.data] == [2, 5, 3, 2]
    assert figure.data[0].name == "in no crux"
    assert [trace.marker.color for trace in figure.data[1:]] == list(HUES[:3])
    assert set(named["=1+1"].customdata) == {3}


def test_hovers_are_escaped_and_wrapped(analysis):
    plots = Plots(analysis)
    texts = [text for trace in plots.map().data for text in trace.text]
    texts += [text for row in plots.recurrence().data[0].text for text in row]
    assert any("&lt;script&gt;" in text for text in texts)
    for text in texts:
        assert set(re.findall(r"<[^>]*>", text)) <= {"<br>", "<b>", "</b>"}
        # An author's name (at most 60 characters) is never broken.
        plain = re.sub(r"</?b>|&\w+;", "x", text)
        assert max(map(len, plain.split("<br>"))) <= HOVER_WIDTH + 4


def test_recurrence_is_crux_by_post(analysis):
    figure = Plots(analysis).recurrence()
    assert [list(row) for row in figure.data[0].z] == [[2, 1, 1], [1, 2, None], [2, None, None]]
    assert figure.layout.yaxis.ticktext[2] == "=1+1"
    assert "not answered" in figure.data[0].text[1][0]
    assert figure.data[0].text[2][1] == ""


@pytest.mark.parametrize("name", ["nothing", "one_comment", "no_cruxes", "bare"])
def test_every_sibling_has_figures(name, request):
    plots = Plots(request.getfixturevalue(name))
    assert isinstance(plots.map(), Figure)
    assert isinstance(plots.recurrence(), Figure)


def test_figures_are_the_same_twice(analysis):
    assert Plots(analysis).map().to_json() == Plots(analysis).map().to_json()
    assert Plots(analysis).recurrence().to_json() == Plots(analysis).recurrence().to_json()
