"""A table's columns as plain Python values, for what is done to one cell after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd


def values(column: Any) -> list[Any]:
    """Return the values of a Series or an Index, None where one is missing.

    To walk over a column of text itself makes each text anew, one by one, and takes many times as long.

    >>> import pandas as pd
    >>> values(pd.Series(["a", None], dtype="string"))
    ['a', None]
    """
    return list(column.to_numpy(dtype=object, na_value=None).tolist())


def cells(table: pd.DataFrame) -> Iterator[list[Any]]:
    """Yield the values of each column: a column at a time, which is far cheaper than row by row.

    >>> import pandas as pd
    >>> list(cells(pd.DataFrame({"n": pd.array([1, None], "Int32"), "p": [0.5, float("nan")]})))
    [[1, None], [0.5, None]]
    """
    return (values(table[name]) for name in table.columns)
