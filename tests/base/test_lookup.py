"""Ids are looked up as pandas would, and no hash table of them stays."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal, assert_series_equal

from threadkit.base.lookup import among, fresh, looked_up, places_of, repeated, true

ids = st.text("abc:1é\U0001f600", max_size=3)
asked = st.lists(st.none() | ids, max_size=12)


def holds(index):
    """Tell whether pandas keeps a hash table with an index."""
    return "_engine" in index._cache


def texts(index):
    return index.levels[-1] if index.nlevels > 1 else index


@given(asked, asked)
def test_among_is_what_isin_tells(column, some):
    column, some = (pd.Series(part, dtype="string") for part in (column, some))
    assert among(column, some).tolist() == column.isin(some).tolist()
    assert among(pd.Index(column), pd.Index(some)).tolist() == column.isin(some).tolist()


@given(asked)
def test_repeated_is_what_duplicated_tells(column):
    column = pd.Series(column, dtype="string")
    assert repeated(column).tolist() == column.duplicated().tolist()
    twice = pd.concat([column, column], ignore_index=True)
    assert repeated(pd.Index(twice)).tolist() == twice.duplicated().tolist()


@given(st.lists(ids, unique=True, max_size=12), asked)
def test_looked_up_is_what_reindex_gives(names, wanted):
    n = len(names)
    table = pd.DataFrame(
        {
            "text": pd.array([f"t{i}" for i in range(n)], dtype="string"),
            "score": pd.array(range(n), dtype="Int32"),
            "at": pd.to_datetime(np.arange(n), unit="s", utc=True),
            "share": np.arange(n, dtype=np.float32),
        },
        index=pd.Index(names, dtype="string", name="id"),
    )
    sought = pd.Series(wanted, dtype="string", name="id")
    assert_frame_equal(looked_up(table, sought), table.reindex(sought))
    assert_series_equal(looked_up(table["score"], sought), table["score"].reindex(sought))
    assert places_of(sought, table.index).tolist() == [names.index(name) if name in names else -1 for name in wanted]


def test_nothing_stays_with_the_index_that_was_asked():
    table = pd.DataFrame({"n": range(5)}, index=pd.Index(list("abcde"), dtype="string"))
    looked_up(table, table.index[::2])
    among(table.index, table.index[:2])
    places_of(table.index[:2], table.index)
    assert len(table[true(pd.Series([True, None] * 2 + [True], table.index, dtype="boolean"))]) == 3
    assert not holds(table.index)
    table.reindex(table.index[::2])
    assert holds(table.index)


def test_a_fresh_index_is_the_same_and_holds_nothing():
    one = pd.Index(list("abc"), dtype="string", name="id")
    both = pd.MultiIndex.from_arrays([[0, 0, 1], one], names=["n", "id"])
    assert one.is_unique
    assert both.levels[1].is_unique
    for index in (one, both):
        again = fresh(index)
        assert holds(texts(index))
        assert not holds(texts(again))
        assert again.equals(index)
        assert again.names == index.names
    number = pd.RangeIndex(3)
    assert fresh(number) is number
