"""Months and their intervals; bursts that simulated cruxes have or have not, and the post that set one off."""

import numpy as np
import pandas as pd
import pytest

from threadkit.corpus.tables import COMMENTS, OBJECTIONS, TRENDS
from threadkit.crux.trends import densest, kuiper, rhythm, trends


def tables(rows):
    """Return objections and comments of rows (crux, post, time, copy of); each objection is a comment of its own."""
    ids = [f"c{i:05d}" for i in range(len(rows))]
    cruxes, posts, times, copies = zip(*rows, strict=True)
    comments = COMMENTS.build(
        {
            "comment_id": ids,
            "post_id": posts,
            "posted_at": pd.to_datetime(pd.Series(times, dtype="object"), utc=True, format="ISO8601"),
            **dict.fromkeys(("depth", "confidence"), 0),
        }
    )
    objections = OBJECTIONS.build(
        {
            "segment_id": [f"{c}:0" for c in ids],
            "comment_id": ids,
            "post_id": posts,
            "crux_id": cruxes,
            "copy_of": copies,
            **dict.fromkeys(("p_disagree", "p_neutral", "p_agree", "strength", "x", "y"), 0.0),
        }
    )
    return objections, comments


ROWS = [
    (1, "p", "2023-12-31T23:59:59Z", None),
    (1, "p", "2024-01-01T00:00:00Z", None),
    (1, "p", "2024-01-02T00:00:00Z", None),
    (1, "q", "2024-01-03T00:00:00Z", None),
    (2, "r", "2024-01-04T00:00:00Z", None),
    (1, "s", "2024-01-05T00:00:00Z", "c00000:0"),
    (None, "q", "2024-02-01T00:00:00Z", None),
    (1, "r", "2024-05-31T00:00:00Z", None),
    (1, "t", None, None),
    (3, "t", None, None),
    (2, "t", "2024-06-01T00:00:00Z", None),
]


def test_months_by_hand():
    table = trends(*tables(ROWS))
    TRENDS.check(table)
    seen = {(k, m.strftime("%Y-%m")): tuple(row) for (k, m), *row in table.iloc[:, :3].itertuples()}
    assert seen == {
        (1, "2023-12"): (1, 1, 1),
        (1, "2024-01"): (3, 2, 3),
        (1, "2024-02"): (0, 0, 1),
        (1, "2024-05"): (1, 1, 1),
        (2, "2024-01"): (1, 1, 3),
        (2, "2024-02"): (0, 0, 1),
        (2, "2024-05"): (0, 0, 1),
        (2, "2024-06"): (1, 1, 1),
    }, "quiet March and April of the whole forum are left out, copies and undated objections count nowhere"
    january = table.loc[(1, "2024-01-01T00:00:00Z")]
    assert january["prevalence"] == pytest.approx(2 / 3)
    assert (january["low"], january["high"]) == pytest.approx((0.2077, 0.9385), abs=1e-4)


def test_no_time_no_crux_nothing():
    objections, comments = tables(ROWS)
    for nothing in (objections.head(0), objections.assign(crux_id=pd.array([pd.NA] * len(ROWS), dtype="Int32"))):
        assert trends(nothing, comments).empty
        assert rhythm(nothing, comments).empty
    undated = comments.assign(posted_at=pd.Series(pd.NaT, index=comments.index, dtype=comments["posted_at"].dtype))
    assert trends(objections, undated).empty
    assert rhythm(objections, undated).isna().all(axis=None)


def test_days_and_too_few_posts_to_tell():
    table = rhythm(*tables(ROWS))
    assert table.index.tolist() == [1, 2, 3]
    assert table.loc[1, "n_days"] == pytest.approx(152 - 1 + 1 / 86400, abs=1e-3)
    assert pd.isna(table.loc[3, "n_days"])
    assert table["rhythm"].isna().all()
    assert table["set_off_by"].isna().all()


def forum(seed=0, n=3000):
    """Return the times of a forum with a busy and a quiet half-year, and posts that live for a while."""
    random = np.random.default_rng(seed)
    days = np.sort(np.concatenate([random.uniform(0, 180, n // 10), random.uniform(180, 360, n - n // 10)]))
    posts = (days // 1.5).astype(int)
    return pd.Timestamp("2024-01-01", tz="UTC") + pd.to_timedelta(days, unit="D"), posts


def with_cruxes(events):
    """Return tables of the forum in which crux k is raised by the objections numbered events[k]."""
    times, posts = forum()
    crux = np.full(len(times), -1)
    for k, numbers in events.items():
        crux[numbers] = k
    rows = [
        (None if k < 0 else int(k), f"p{post}", at.isoformat(), None)
        for k, post, at in zip(crux, posts, times, strict=True)
    ]
    return tables(rows)


def test_a_busy_season_is_no_burst_and_a_burst_is_one():
    objections, comments = with_cruxes(
        {1: np.arange(50, 3000, 150), 2: np.arange(1801, 1999, 7), 3: np.r_[100:3000:300, 1202:1500:9]}
    )
    table = rhythm(objections, comments)
    assert table["rhythm"].tolist() == ["steady", "burst", "burst"], "crux 1 follows the forum, nine tenths in one half"
    assert pd.isna(table.loc[1, "set_off_by"])
    posts = objections["post_id"]
    assert table.loc[2, "set_off_by"] == posts.iloc[1801]
    assert table.loc[3, "set_off_by"] == posts.iloc[1202], "not the first post, the one that began the dense stretch"


def in_threads(rng, sigma, n_posts=80, n_cruxes=20):
    """Return tables of posts with lognormal numbers of objections, each of which raises each crux at random."""
    rows = []
    for post in range(n_posts):
        size = max(1, int(5 * np.exp(sigma * rng.normal())))
        raised = np.flatnonzero(rng.random(n_cruxes) < 0.1)
        days = post * 2 + 5 * rng.random() + rng.exponential(4, size + len(raised))
        times = (pd.Timestamp("2024-01-01", tz="UTC") + pd.to_timedelta(days, unit="D")).map(pd.Timestamp.isoformat)
        cruxes = [*raised.tolist(), *[None] * size]
        rows += [(crux, f"p{post:02}", at, None) for crux, at in zip(cruxes, times, strict=True)]
    return tables(rows)


@pytest.mark.parametrize("sigma", [0, 1.5, 2])
def test_large_threads_make_no_bursts(sigma):
    rng = np.random.default_rng(0)
    called = pd.concat([rhythm(*in_threads(rng, sigma))["rhythm"].dropna() for _ in range(10)])
    # About 190 cruxes: 0.05 of them are 9.5, three standard deviations above are 18.5.
    assert len(called) > 150
    assert (called == "burst").mean() < 0.1


def test_one_thread_of_a_thousand_is_one_post():
    rows = [(0, f"p{i:02}", f"2024-01-{i + 1:02}T00:00:00Z", None) for i in range(20)]
    many = [(None, "p09", f"2024-01-10T{i % 24:02}:{i % 60:02}:01Z", None) for i in range(1000)]
    assert rhythm(*tables(rows + many)).loc[0, "rhythm"] == "steady"


def test_the_order_of_rows_does_not_matter():
    objections, comments = with_cruxes({1: np.arange(50, 3000, 150), 2: np.arange(1801, 1999, 7)})
    other = objections.sample(frac=1, random_state=1), comments.sample(frac=1, random_state=2)
    pd.testing.assert_frame_equal(trends(*other), trends(objections, comments))
    pd.testing.assert_frame_equal(rhythm(*other), rhythm(objections, comments))


@pytest.mark.parametrize("n", [4, 5, 7, 10, 20, 50])
def test_even_events_are_rarely_called_a_burst(n):
    runs = 4000
    places = np.sort(np.random.default_rng(n).random((runs, n)), axis=1)
    share = (kuiper(places.ravel(), np.arange(runs) * n) <= 0.05).mean()
    # Three standard errors of a share of 0.05 in 4,000 draws are 0.010.
    assert 0.03 < share < 0.061


@pytest.mark.parametrize(("n", "power"), [(4, 0.9), (8, 1), (30, 1)])
def test_clumped_events_are_found_wherever_they_lie(n, power):
    random = np.random.default_rng(n)
    runs = 1000
    places = np.sort(random.uniform(0, 0.95, (runs, 1)) + random.uniform(0, 0.05, (runs, n)), axis=1)
    assert (kuiper(places.ravel(), np.arange(runs) * n) <= 0.05).mean() >= power


def test_the_beginning_of_a_burst_is_found_amid_a_background():
    random = np.random.default_rng(0)
    found = []
    for _ in range(300):
        places = np.sort(np.concatenate([random.random(20), random.uniform(0.55, 0.65, 15)]))
        found.append(places[densest(places)])
    # Of 1,000 such cruxes 97 in 100 are found within a twentieth of the axis; three standard errors of 300 less.
    assert (np.abs(np.array(found) - 0.55) < 0.05).mean() > 0.93
    assert densest(np.full(6, 0.5)) == 0, "posts of one moment"
