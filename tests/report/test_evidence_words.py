"""The words and bars that stand beside cruxes."""

import pandas as pd
import pytest

from threadkit.corpus.tables import TRENDS
from threadkit.report.evidence import evidence
from threadkit.report.trend import Trends

UNKNOWN = {
    "n_threads": 2, "n_posts": 2, "n_authors": 2, "n_authors_effective": None, "n_days": None, "rhythm": None,
    "n_independent": 2, "n_posts_close": 2, "n_posts_expected": None, "effect": None, "effect_low": None,
    "effect_high": None, "q_value": None, "prevalence": None, "prevalence_karma": None, "prevalence_agreement": None,
    "reception": None, "load_bearing": None,
}  # fmt: skip


@pytest.mark.parametrize(
    ("known", "sentence"),
    [
        ({}, "Raised on 2 posts by 2 authors"),
        ({"n_authors_effective": 2.0}, "Raised on 2 posts by 2 authors"),
        ({"n_authors_effective": 1.25}, "Raised on 2 posts by 2 authors (as if by 1.2 equal ones)"),
        ({"n_threads": 3, "n_days": 1.4}, "Raised on 2 posts (3 threads) by 2 authors in 1 day"),
        ({"rhythm": "steady"}, "Raised on 2 posts by 2 authors, steadily"),
        ({"n_posts": 1, "n_authors": 1, "n_authors_effective": 1.0}, "Raised on 1 post (2 threads) by 1 author"),
    ],
)
def test_where_it_was_raised(known, sentence):
    assert evidence(UNKNOWN | known).where == sentence


def test_how_much_it_bears():
    assert evidence(UNKNOWN | {"prevalence": 0.25, "load_bearing": 0.5}).share == (
        "It makes up 25% of all objections; on its posts, 50% of the comments that object make it"
    )


@pytest.mark.parametrize(
    ("q", "ends"),
    [
        (0.05, ", more than chance gives (q = 0.05)"),
        (0.2, ", which could be chance (q = 0.2)"),
        (1e-9, ", more than chance gives (q < 0.001)"),
        (None, "2.0 times as many"),
    ],
)
def test_the_verdict_follows_q(q, ends):
    told = evidence(UNKNOWN | {"n_posts_expected": 1.0, "effect": 2.0, "q_value": q})
    assert told.beside_chance.endswith(ends)
    assert "(1.0" not in told.chance


def test_unknown_figures_say_nothing():
    told = evidence(UNKNOWN)
    assert (told.chance, told.verdict, told.q, told.share, told.reception, told.beside_chance) == ("",) * 6


def trends(*months):
    """Return one crux's trends: month, posts on which it was raised, posts with objections."""
    return TRENDS.build(
        [
            {"crux_id": 1, "month": pd.Timestamp(month, tz="UTC"), "n_objections": n, "n_posts": n,
             "n_posts_active": of, "prevalence": n / of, "low": 0.0, "high": 1.0}
            for month, n, of in months
        ]
    )  # fmt: skip


def test_two_months_make_no_picture():
    assert Trends(trends(("2024-01", 1, 1), ("2024-02", 1, 2)), [1]).trend(1) is None
    assert Trends(TRENDS.empty(), [1]).trend(1) is None


def test_signs_and_bars_tell_silence_from_absence():
    trend = Trends(trends(("2023-11", 2, 2), ("2023-12", 0, 3), ("2024-02", 1, 2)), [1]).trend(1)
    assert trend.signs == "█▁·▅"
    assert trend.bars == "M3 36v-36M21 36v-18"
    assert trend.base == "M0 36H12M18 36H24"
    assert (trend.first, trend.last, trend.width) == ("2023-11", "2024-02", 24)
    assert trend.words.startswith("Came up in 2 months; most in 2023-11, on 2 of 2 posts")


def test_a_trend_of_decades_has_no_signs():
    assert Trends(trends(("1999-01", 1, 1), ("2024-02", 1, 2)), [1]).trend(1).signs == ""
