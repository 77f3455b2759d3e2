"""Schemas are checked at the doors, with a message that names the cure."""

import pandas as pd
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
