"""A labeler's wording stands only where every quotation of it stands in what people wrote."""

import pandas as pd
import pytest

from threadkit.base.errors import SettingError
from threadkit.crux.labeler import find_labeler, proven, reword

SAID = ("The valve was never tested above forty degrees, so the figure tells nothing.",)


@pytest.fixture
def cruxes():
    return pd.DataFrame(
        {"title": ["It was never tested.", "Rent is high."], "claim": ["It holds.", None]}, index=pd.Index([4, 7])
    )


@pytest.fixture
def objections():
    return pd.DataFrame(
        {
            "crux_id": pd.array([4, 4, 7], dtype="Int32"),
            "text": [SAID[0], "Nobody tested the valve when it was hot.", "Rent is high, and it will stay so."],
            "strength": [0.9, 0.8, 0.7],
            "copy_of": pd.array([None] * 3, dtype="string"),
        },
        index=pd.Index(["a", "b", "c"]),
    )


def test_a_wording_with_true_quotes_stands(cruxes, objections):
    asked = []

    def labeler(request):
        asked.append(request)
        return {"title": "The valve is  untested in heat.", "quotes": [" ".join(request.objections[0].split()[:6])]}

    found, told = reword(cruxes, objections, labeler)
    assert found.to_dict() == {4: "The valve is untested in heat."} | {7: "The valve is untested in heat."}
    assert told == {"asked": 2, "reworded": 2, "refused": 0}
    assert asked[0].objections == (SAID[0], "Nobody tested the valve when it was hot.")
    assert asked[1].claim is None


def test_a_failing_labeler_costs_nothing_else(cruxes, objections):
    def labeler(request):
        if request.claim is None:
            raise RuntimeError("no answer")
        return {"title": "The valve is untested in heat.", "quotes": ["the figure tells nothing"]}

    found, told = reword(cruxes, objections, labeler)
    assert found.isna().tolist() == [False, True]
    assert told == {"asked": 2, "reworded": 1, "refused": 1}


@pytest.mark.parametrize(
    ("title", "quotes"),
    [
        ("The valve is untested.", ["was always tested above forty degrees"]),
        ("The valve is untested.", ["never tested [...] tells nothing"]),
        ("The valve is untested.", ["the valve"]),
        ("The valve is untested.", []),
        ("The valve is untested.", "never tested above forty degrees"),
        ("The valve\nis untested.", ["never tested above forty degrees"]),
        ("See https://example.org now.", ["never tested above forty degrees"]),
        ("<b>The valve</b> is untested.", ["never tested above forty degrees"]),
        ("The valve \u202eis untested.", ["never tested above forty degrees"]),
        ("word " * 40, ["never tested above forty degrees"]),
        ("", ["never tested above forty degrees"]),
        (None, ["never tested above forty degrees"]),
        ("The valve is untested.", [None]),
    ],
)
def test_what_is_refused(title, quotes):
    assert proven("The valve is untested.", ["never tested above forty degrees"], SAID)
    assert not proven(title, quotes, SAID)


def test_a_labeler_is_named_by_module_and_function():
    assert find_labeler("builtins:dict") is dict
    for name in ("nobody", "no.such.module:f", "builtins:no_such_function", "sys:path", "builtins:"):
        with pytest.raises(SettingError):
            find_labeler(name)
