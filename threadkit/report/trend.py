"""A crux month by month: bars that a page can draw without a script, and the same in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from threadkit.report.show import plural, share
from threadkit.report.voice import first_by_crux

if TYPE_CHECKING:
    from collections.abc import Iterator

# Height of the tallest bar, and from one month to the next (units of the drawing).
TALL, STEP = 36, 6
# Fewer months than this make no picture.
MIN_MONTHS = 3
# Of fewer posts an interval says nothing.
MIN_POSTS = 3
# Months that a line of text shows as signs, one a month.
MAX_SIGNS = 48
_SIGNS = "▁▂▃▄▅▆▇█"


@dataclass(frozen=True)
class Trend:
    """On which share of each month's posts a crux came up.

    `bars` and `base` are the path data of the bars, one line each, and of the months in which it could have come
    up; all cruxes share one axis, from `first` to `last`, `width` units wide.
    """

    bars: str
    base: str
    width: int
    first: str
    last: str
    words: str
    signs: str


class Trends:
    """The trends of the cruxes that are shown, on one axis."""

    def __init__(self, trends: pd.DataFrame, shown: list[int]) -> None:
        times = pd.DatetimeIndex(trends.index.get_level_values("month"))
        month = times.year * 12 + times.month - 1
        self.first, self.last = (int(month.min()), int(month.max())) if len(trends) else (0, 0)
        own = trends.index.get_level_values("crux_id").isin(shown)
        rows = trends[own].reset_index().drop(columns="month").assign(n=month[own])
        held = first_by_crux(rows.sort_values(["crux_id", "n"]), len(rows))
        self.rows = {crux_id: months.rows for crux_id, months in held.items()}

    def trend(self, crux_id: int) -> Trend | None:
        """Return the trend of a crux; None where its times or the whole span tell too little."""
        rows = self.rows.get(crux_id)
        if rows is None or self.last - self.first + 1 < MIN_MONTHS:
            return None
        tallest = max(float(row.prevalence) for row in rows) or 1.0
        places = [(STEP * (row.n - self.first) + STEP // 2, float(row.prevalence) / tallest) for row in rows]
        return Trend(
            bars="".join(f"M{x} {TALL}v-{max(2, round(TALL * height))}" for x, height in places if height > 0),
            base="".join(f"M{start} {TALL}H{stop}" for start, stop in _runs([x for x, _ in places])),
            width=STEP * (self.last - self.first + 1),
            first=_month(self.first),
            last=_month(self.last),
            words=_words(rows),
            signs=_signs(rows, tallest),
        )


def _runs(places: list[int]) -> Iterator[tuple[int, int]]:
    """Yield where each run of months begins and ends, half a step beyond their middles."""
    begins = [place for place in places if place - STEP not in places]
    ends = [place for place in places if place + STEP not in places]
    for begin, end in zip(begins, ends, strict=True):
        yield begin - STEP // 2, end + STEP // 2


def _month(number: int) -> str:
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def _words(rows: tuple[Any, ...]) -> str:
    """Say in how many months it came up, and in which on the largest share of the posts."""
    raised = [row for row in rows if row.n_posts > 0]
    if not raised:
        return ""
    most = min(raised, key=lambda row: (-row.prevalence, -row.n_posts, row.n))
    posts = f"{most.n_posts:,} of {plural(most.n_posts_active, 'post', 'posts')} that had objections"
    months = plural(len(raised), "month", "months")
    told = f"Came up in {months}; most in {_month(most.n)}, on {posts}"
    if most.n_posts_active < MIN_POSTS:
        return told
    return f"{told} ({share(most.low, 1)} to {share(most.high, 1)} of such posts, with 95% confidence)"


def _signs(rows: tuple[Any, ...], tallest: float) -> str:
    """Write the months from the crux's first to its last as signs, a dot where nobody objected to anything."""
    first, last = int(rows[0].n), int(rows[-1].n)
    if last - first + 1 > MAX_SIGNS or first == last:
        return ""
    height = {row.n: row.prevalence / tallest for row in rows}
    return "".join(_SIGNS[round(height[n] * (len(_SIGNS) - 1))] if n in height else "·" for n in range(first, last + 1))
