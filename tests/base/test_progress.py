"""Progress: seen by a person, silent in a pipe."""

import sys
import types

import pytest

from threadkit.base import progress
from threadkit.base.progress import Bars, Silent, choose


def test_a_pipe_hears_nothing(capsys):
    with choose().stage("reading", 3) as done:
        done(3)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("total", [3, None])
def test_bars_name_the_stage_on_standard_error(total, capsys):
    with Bars().stage("judging stance", total) as done:
        done(2)
        done(1)
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "judging stance" in printed.err
    assert "3/3" in printed.err
    assert "/s" in printed.err


@pytest.mark.parametrize(("wanted", "kind"), [(True, Bars), (False, Silent), (None, Silent)])
def test_a_person_can_choose(wanted, kind):
    assert isinstance(choose(wanted=wanted), kind)


def test_a_notebook_has_one_line_for_all_stages(monkeypatch):
    drawn = []

    class Handle:
        def update(self, shown, raw):
            drawn.append(("update", shown))

    def display(shown, raw, display_id):
        drawn.append(("display", shown))
        return Handle()

    fake = types.ModuleType("IPython.display")
    fake.display = display
    monkeypatch.setitem(sys.modules, "IPython", types.SimpleNamespace(display=fake))
    monkeypatch.setattr(progress, "in_notebook", lambda: True)
    monkeypatch.setattr(progress, "REDRAW", 0)
    line = progress.choose()
    with line.stage("judging <b>", 3) as done:
        done(1)
        done(2)
    with line.stage("grouping"):
        pass
    assert [how for how, _ in drawn] == ["display", *["update"] * 5]
    assert [shown["text/plain"] for _, shown in drawn] == [
        "judging <b>: 0 of 3, 0 s",
        "judging <b>: 1 of 3, 0 s",
        "judging <b>: 3 of 3, 0 s",
        "judging <b>: 3 of 3, 0 s",
        "grouping, 0 s",
        "grouping, 0 s",
    ]
    assert all("<b>" not in shown["text/html"] for _, shown in drawn)
    assert isinstance(progress.choose(wanted=False), progress.Silent)
