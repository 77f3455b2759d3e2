"""Look ids up in tables of millions of rows: by Arrow's hash tables, which go when they have answered.

pandas keeps one with each index that was asked, and every id in it as a Python object: several times what the ids
themselves take, and they are asked ten times as slowly for membership.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import pyarrow as pa

Table = TypeVar("Table", pd.DataFrame, pd.Series)


def among(ids: Any, some: Any) -> np.ndarray:
    """Tell which of `ids` (n,) are among `some`, bool (n,); both are columns or indexes of text.

    What is missing is there where one of `some` is missing.

    >>> among(pd.Series(["a", "b", None], dtype="string"), pd.Index(["b"])).tolist()
    [False, True, False]
    """
    import pyarrow.compute as pc

    return np.asarray(pc.is_in(_texts(ids), value_set=_texts(some)))


def true(mask: Any) -> np.ndarray:
    """Return a column of yes and no as bool (n,); what is missing is no.

    To choose rows by a column itself has pandas look up in its index first, for which it makes a hash table.

    >>> true(pd.Series([True, None], dtype="boolean")).tolist()
    [True, False]
    """
    return np.asarray(mask.to_numpy(dtype=bool, na_value=False))


def places_of(ids: Any, index: pd.Index) -> np.ndarray:
    """Return the row of each of `ids` (n,) in an index of texts, int64; −1 where it is not there.

    >>> places_of(pd.Series(["b", None, "c"], dtype="string"), pd.Index(["a", "b"])).tolist()
    [1, -1, -1]
    """
    import pyarrow.compute as pc

    return np.asarray(pc.fill_null(pc.index_in(_texts(ids), value_set=_texts(index)), -1), dtype=np.int64)


def repeated(ids: Any) -> np.ndarray:
    """Tell which of `ids` (n,), a column or index of text, stand further up already, bool (n,).

    >>> repeated(pd.Series(["a", "b", "a"], dtype="string")).tolist()
    [False, False, True]
    """
    import pyarrow as pa

    texts = _texts(ids)
    texts = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    codes = np.asarray(texts.dictionary_encode(null_encoding="encode").indices)
    again = np.ones(len(codes), dtype=bool)
    again[np.unique(codes, return_index=True)[1]] = False
    return again


def looked_up(table: Table, ids: Any) -> Table:
    """Return the rows of `ids` in a table or column that an index of texts names: what `table.reindex(ids)` does.

    >>> looked_up(pd.Series([1, 2], index=pd.Index(["a", "b"])), pd.Index(["b", "c"])).tolist()
    [2.0, nan]
    """
    found = table.set_axis(pd.RangeIndex(len(table))).reindex(places_of(ids, table.index))
    return found.set_axis(pd.Index(ids))


def fresh(index: pd.Index) -> pd.Index:
    """Return the same index with no text looked up in it yet: hash tables go with the one that has them.

    >>> fresh(pd.MultiIndex.from_arrays([[1, 1], ["a", "b"]], names=["n", "id"])).tolist()
    [(1, 'a'), (1, 'b')]
    """
    if isinstance(index, pd.MultiIndex):
        levels: list[Any] = [fresh(level) for level in index.levels]
        codes: list[Any] = [*index.codes]
        return pd.MultiIndex(levels, codes, names=index.names, verify_integrity=False)
    if not isinstance(index.dtype, pd.StringDtype):
        return index
    again: pd.Index = pd.Index(index.array, name=index.name)
    return again


def _texts(column: Any) -> pa.Array | pa.ChunkedArray:
    import pyarrow as pa

    texts = pa.array(getattr(column, "array", column), from_pandas=True)
    return texts if pa.types.is_large_string(texts.type) else texts.cast(pa.large_string())
