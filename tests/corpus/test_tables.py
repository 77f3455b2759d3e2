"""Schemas are checked at the doors, with a message that names the cure."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from threadkit.base.errors import TableError
from threadkit.corpus.corpus import Corpus
from threadkit.corpus.tables import ANALYSIS_TABLES, COMMENTS, POSTS


@pytest.mark.parametrize("table", ANALYSIS_TABLES.values(), ids=lambda table: table.name)
def test_an_empty_table_keeps_its_dtypes_through_parquet(table, tmp_path):
    empty = table.empty()
    assert {name: str(dtype) for name, dtype in empty.dtypes.items()} == {n: c.dtype for n, c in table.columns.items()}
    empty.to_parquet(tmp_path / "t.parquet")
    assert table.check(pd.read_parquet(tmp_path / "t.parquet")).dtypes.equals(empty.dtypes)


def row(**fields):
    return COMMENTS.build(
        [{"comment_id": "c", "post_id": "p", "depth": 0, "confidence": 1, "status": "live", "text": "", **fields}]
    )


def test_a_missing_column_is_named():
    with pytest.raises(TableError, match="column 'karma' is missing"):
        COMMENTS.check(row().drop(columns="karma"))


def test_a_wrong_dtype_is_named_with_its_meaning():
    with pytest.raises(TableError, match=r"'karma' must be Int32 \(approval score"):
        COMMENTS.check(row().assign(karma="many"))


def test_an_id_twice_is_refused():
    with pytest.raises(TableError, match="comment_id 'c' stands twice"):
        COMMENTS.check(pd.concat([row(), row()]))


def test_a_comment_needs_its_post():
    with pytest.raises(TableError, match="stands under post 'p', which the posts table does not hold"):
        Corpus(POSTS.empty(), row())


def test_inputs_are_copied():
    frame = row()
    checked = COMMENTS.check(frame)
    checked.loc["c", "text"] = "changed"
    assert frame.loc["c", "text"] == ""


def test_columns_of_arrow_give_what_rows_give():
    rows = [
        {"comment_id": "a", "post_id": "p", "karma": 3, "depth": 0, "confidence": 1.0, "text": "No.",
         "posted_at": pd.Timestamp("2024-05-01T10:00Z"), "origin": "stated", "status": "live"},
        {"comment_id": "b", "post_id": "p", "depth": 1, "confidence": 0.5, "text": "",
         "origin": "inferred", "status": "live"},
    ]  # fmt: skip
    built = COMMENTS.build(rows)
    held = pa.Table.from_pandas(built.reset_index(), preserve_index=False)
    pd.testing.assert_frame_equal(COMMENTS.from_arrow(held), built)


@pytest.mark.parametrize("order", [1, -1], ids=["as it is", "other order"])
def test_a_cast_table_shares_nothing_with_what_it_was_made_of(order):
    built = COMMENTS.build(
        [{"comment_id": "a", "post_id": "p", "karma": 3, "depth": 0, "confidence": 1.0, "text": "x"}]
    )
    again = COMMENTS.cast(built[list(built.columns)[::order]])
    pd.testing.assert_frame_equal(again, built)
    for name in ("depth", "confidence"):
        assert not np.shares_memory(np.asarray(again[name]), np.asarray(built[name])), name
    again.loc["a", ["karma", "depth"]] = [4, 9]
    assert built.loc["a", ["karma", "depth"]].tolist() == [3, 0]


def test_what_an_earlier_threadkit_did_not_know_is_missing():
    built = COMMENTS.build(
        [{"comment_id": "a", "post_id": "p", "karma": 3, "depth": 0, "confidence": 1.0, "text": "x"}]
    )
    gone = ["karma", "posted_at", "url"]
    grown = COMMENTS.with_new_columns(built.drop(columns=gone))
    pd.testing.assert_frame_equal(COMMENTS.cast(grown), built.assign(**dict.fromkeys(gone, pd.NA)).astype(built.dtypes))
    assert COMMENTS.with_new_columns(built) is built
    with pytest.raises(TableError, match="'depth' is missing"):
        COMMENTS.cast(COMMENTS.with_new_columns(built.drop(columns=["depth"])))
