"""Progress: seen by a person, silent in a pipe."""

import pytest

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
