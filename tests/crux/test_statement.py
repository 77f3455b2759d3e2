"""Whether a sentence states a point or tells a case of it."""

import numpy as np

from threadkit.base.features import shipped_linear
from threadkit.base.static import StaticEncoder
from threadkit.crux.statement import MODEL, case

POINTS = [
    "Rules that nobody can check are broken by everybody.",
    "A tax on kites costs families more than it brings in.",
    "Longer opening hours make the staff ill.",
]
CASES = [
    "My uncle opened his shop at six for eleven years and buried two of his clerks.",
    "We had 14 kites at the beach last Sunday and the warden walked past all of them.",
    "On Tuesday the form came back with a stamp from Lindow, and that was that.",
]


def test_points_are_told_from_cases():
    p = shipped_linear(MODEL, "statement").predict_proba(POINTS + CASES, StaticEncoder().encode(POINTS + CASES))
    assert p[: len(POINTS)].min() > 0.5 > p[len(POINTS) :].max()


def test_only_cases_cost():
    cost = case(POINTS + CASES, StaticEncoder().encode(POINTS + CASES))
    assert (cost[: len(POINTS)] == 0).all()
    assert (cost[len(POINTS) :] > 0.5).all()


def test_nothing_asked_is_nothing_told():
    assert shipped_linear(MODEL, "statement").predict_proba([], np.zeros((0, 256))).shape == (0,)
    assert case([""], np.zeros((1, 256))).shape == (1,)
