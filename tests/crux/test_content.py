"""Which objections say enough to be grouped."""

import pandas as pd
import pytest

from threadkit.crux.content import says_something


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("This is literally not true at all.", False),
        ("https://example.org/a/long/address/with/many/words", False),
        ("I think you are wrong, sorry.", False),
        ("As a reminder, the survey of the eleven shops said this:", False),
        ("Poor households cannot afford the toll.", True),
        ("The survey asked eleven shops in one street.", True),
    ],
)
def test_says_something(text, expected):
    assert says_something(pd.Series([text])).tolist() == [expected]
