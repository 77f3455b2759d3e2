"""When each crux came up: month by month, in a burst or steadily, and which post set a burst off."""

from __future__ import annotations

import numpy as np
import pandas as pd

from threadkit.base.lookup import looked_up, true
from threadkit.corpus.tables import TRENDS
from threadkit.crux.shares import wilson

# Fewer dated posts than this tell nothing of a rhythm: with three, chance alone looks like any.
MIN_DATED = 4
# A rhythm is called a burst where evenly spread events would look as uneven with this probability at most.
P_BURST = 0.05
# Events of the densest stretch of a burst, its ends included; two may stand close together by chance.
MIN_STRETCH = 3
# Events of a crux at which a stretch may begin or end: enough to place it, few enough to try every pair.
MAX_ENDS = 1000
# Share of all posts that stands for none; a single one is more even among a billion.
NO_SPAN = 1e-12
# Terms of Kuiper's series: the first left out is below 1e-40 wherever the p-value is below 0.9.
N_TERMS = 10


def trends(objections: pd.DataFrame, comments: pd.DataFrame) -> pd.DataFrame:
    """Return the trends table: on how many of a month's active posts each crux was raised.

    A crux has a row for each month (UTC) from its first to its last, also for those without it, but for none
    in which the corpus holds no objection at all. Undated objections count nowhere.
    """
    dated = _dated(objections, comments)
    if not dated["crux"].ge(0).any():
        return TRENDS.empty()
    start = dated["at"].dt.tz_localize(None).dt.to_period("M").dt.start_time.dt.tz_localize("UTC")
    month, months = pd.factorize(start, sort=True)
    dated = dated.assign(month=month)
    active = np.bincount(dated[["month", "post"]].drop_duplicates()["month"], minlength=len(months))
    own = dated[dated["crux"] >= 0]
    names, crux = np.unique(own["crux"], return_inverse=True)
    spans = own.groupby("crux")["month"].agg(["min", "max"])
    length = (spans["max"] - spans["min"] + 1).to_numpy()
    begin = np.cumsum(length) - length
    # Row of the result: where the crux begins, and how many months after its first one this month is.
    row = begin[crux] + own["month"].to_numpy() - spans["min"].to_numpy()[crux]
    once = ~pd.DataFrame({"row": row, "post": own["post"].to_numpy()}).duplicated().to_numpy()
    n_posts = np.bincount(row[once], minlength=length.sum())
    which = np.arange(length.sum()) + np.repeat(spans["min"].to_numpy() - begin, length)
    low, high = wilson(n_posts, active[which])
    table = {
        "crux_id": np.repeat(names, length),
        "month": months[which],
        "n_objections": np.bincount(row, minlength=length.sum()),
        "n_posts": n_posts,
        "n_posts_active": active[which],
        "prevalence": n_posts / active[which],
        "low": low,
        "high": high,
    }
    return TRENDS.build(table)


def rhythm(objections: pd.DataFrame, comments: pd.DataFrame) -> pd.DataFrame:
    """Return for each crux n_days, rhythm (burst, steady, NA) and set_off_by (a post, NA).

    An event is the first objection on each of the crux's posts; its place is the share of the forum's posts that
    had been objected to before it (`clock`), so that busy months of the forum are as long as quiet ones. A crux
    whose places are uneven by Kuiper's test is a burst.
    """
    counted = true(objections["crux_id"].notna() & objections["copy_of"].isna())
    index = pd.Index(np.sort(objections.loc[counted, "crux_id"].unique()).astype("int32"), name="crux_id")
    dated = _dated(objections, comments)
    own = dated.assign(place=clock(dated["at"], dated["post"])["middle"])[dated["crux"] >= 0]
    ends = own.groupby("crux")["at"].agg(["min", "max"])
    n_days = (ends["max"] - ends["min"]).dt.total_seconds().div(86_400).reindex(index)

    events = own.sort_values(["crux", "place", "post_id"]).drop_duplicates(["crux", "post"])
    n = events.groupby("crux").size()
    events = events[events["crux"].isin(n.index[n >= MIN_DATED])]
    cruxes, begin = np.unique(events["crux"], return_index=True)
    uneven = kuiper(events["place"].to_numpy(), begin) <= P_BURST
    word = pd.Series(np.where(uneven, "burst", "steady"), index=cruxes, dtype="string")
    runs = np.split(events["place"].to_numpy(), begin[1:])
    first = [begin[i] + densest(runs[i]) for i in np.flatnonzero(uneven)]
    setter = pd.Series(events["post_id"].to_numpy()[first], index=cruxes[uneven], dtype="string")
    columns = {"n_days": n_days.astype("Float32"), "rhythm": word.reindex(index), "set_off_by": setter.reindex(index)}
    return pd.DataFrame(columns, index=index)


def clock(at: pd.Series, post: pd.Series) -> pd.DataFrame:
    """Return what share of the posts had been objected to by the time of each dated objection, index as `at`.

    A post's objections share its weight of one, so that a post that many object to lasts no longer than another.
    `middle` counts half of what is posted at that very time, `end` all of it.

    >>> clock(pd.Series([1, 2, 3, 4]), pd.Series(["p", "p", "p", "q"]))["end"].round(2).tolist()
    [0.17, 0.33, 0.5, 1.0]
    """
    weight = 1 / post.groupby(post).transform("size").astype("float64")
    now = weight.groupby(at).sum()
    share = pd.DataFrame({"middle": now.cumsum() - now / 2, "end": now.cumsum()}) / now.sum()
    return share.reindex(at).set_axis(at.index)


def kuiper(places: np.ndarray, begin: np.ndarray) -> np.ndarray:
    """Return for each run of places the p-value of Kuiper's test that they are even over 0..1.

    `places` holds the runs one after the other, each ascending; `begin` (n_runs,) tells where each begins.
    Kuiper, N. H. (1960), Tests concerning random points on a circle. The p-value is that of Stephens, M. A.
    (1970), Use of the Kolmogorov-Smirnov, Cramér-von Mises and related statistics without extensive tables.

    >>> kuiper(np.array([0.1, 0.35, 0.6, 0.85, 0.5, 0.51, 0.52, 0.53]), np.array([0, 4])).round(3).tolist()
    [1.0, 0.002]
    """
    if not len(begin):
        return np.empty(0)
    n = np.diff(np.append(begin, len(places)))
    i = np.arange(len(places)) - np.repeat(begin, n)
    above = np.maximum.reduceat((i + 1) / np.repeat(n, n) - places, begin)
    below = np.maximum.reduceat(places - i / np.repeat(n, n), begin)
    root = np.sqrt(n)
    v = (above + below) * (root + 0.155 + 0.24 / root)
    j = np.arange(1, N_TERMS + 1)[:, None]
    series = 2 * ((4 * j**2 * v**2 - 1) * np.exp(-2 * j**2 * v**2)).sum(axis=0)
    # Below 0.4 the probability is 1 to ten digits, and the series needs more terms.
    return np.where(v < 0.4, 1.0, np.clip(series, 0, 1))


def densest(places: np.ndarray) -> int:
    """Return the number of the event that begins the densest stretch of events, ascending in 0..1.

    The stretch from one event to another whose Poisson rate differs most clearly from the rate outside it: the
    highest likelihood ratio of Kulldorff, M. (1997), A spatial scan statistic. A stretch begins and ends at an
    event, so that only the events between the two ends tell its rate, and it needs MIN_STRETCH events.

    >>> densest(np.array([0.1, 0.3, 0.5, 0.51, 0.52, 0.53, 0.54, 0.9]))
    2
    """
    n = len(places)
    best, begin = -np.inf, 0
    # Of very many events every second, third, … may begin or end a stretch: the work grows with the square of these.
    at = np.arange(0, n, -(-n // MAX_ENDS))
    for i in at:
        ends = at[np.searchsorted(at, i + MIN_STRETCH - 1) :]
        if not len(ends):
            break
        inside = ends - i - 1
        span = places[ends] - places[i]
        # x·log(x) is 0 at 0; a stretch of equal times, or of all time, still leaves its rate finite.
        outside, span = n - 2 - inside, np.clip(span, NO_SPAN, 1 - NO_SPAN)
        gain = inside * np.log(inside / span) + outside * np.log(np.maximum(outside, 1) / (1 - span))
        gain = np.where(inside > (n - 2) * span, gain, -np.inf)
        if gain.max() > best:
            best, begin = float(gain.max()), int(i)
    return begin


def _dated(objections: pd.DataFrame, comments: pd.DataFrame) -> pd.DataFrame:
    """Return the objections that are no copies and have a time: crux (−1 = none), post_id and its code, at."""
    own = objections[true(objections["copy_of"].isna())]
    at = looked_up(comments["posted_at"], own["comment_id"]).array
    crux = own["crux_id"].astype("Int64").fillna(-1).to_numpy(dtype=np.int64)
    table = pd.DataFrame({"crux": crux, "post_id": own["post_id"].array, "at": at}, index=own.index)
    table = table[true(table["at"].notna())]
    return table.assign(post=pd.factorize(table["post_id"])[0])
