"""Every way in which forums print a time is read, and what is no time is told."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.readers.values import moment

DAY = datetime(2013, 6, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    "printed",
    [
        *(1371772800, 1371772800.0, "1371772800", 1371772800000, "1371772800000", 1371772800000000),
        *("2013-06-21", "2013-06-21T00:00:00Z", "2013-06-21T00:00:00.000Z", "2013-06-21 02:00:00+0200"),
        *("2013-06-21 00:00:00 UTC", "20130621T000000Z"),
        *("21st Jun 2013", "21 June 2013", "Jun 21, 2013", "June 21st, 2013", "21 JUN 2013", "21 Jun 2013, 12:00 AM"),
    ],
)
def test_every_way_to_print_a_day(printed):
    assert moment(printed) == DAY


@pytest.mark.parametrize(
    ("printed", "clock"),
    [("2nd May 2014 at 3:04 pm", (15, 4)), ("May 2, 2014 12:30 AM", (0, 30)), ("2 May 2014 23:59:58", (23, 59))],
)
def test_days_with_a_time(printed, clock):
    read = moment(printed)
    assert (read.year, read.month, read.day) == (2014, 5, 2)
    assert (read.hour, read.minute) == clock


@pytest.mark.parametrize(
    "printed", ["2y", "May 2014", "31st Feb 2013", "soon", "1 2 3", "ab Jun 2013", "x x x", "2 May 99999"]
)
def test_what_is_no_time(printed):
    assert moment(printed) is None


@given(st.text(max_size=40) | st.integers() | st.floats() | st.none())
def test_nothing_raises(printed):
    read = moment(printed)
    assert read is None or read.tzinfo is UTC


def test_digits_are_a_day_or_a_time_but_no_year():
    assert moment("20240301") == moment(20240301.0) == datetime(2024, 3, 1, tzinfo=UTC)
    assert moment("1700000000") == moment(1700000000)
    assert [moment(text) for text in ("2024", "45352.5", "45352", "20241399")] == [None] * 4
