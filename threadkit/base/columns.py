"""A table's columns as plain Python values, for what is done to one text after the other."""

from __future__ import annotations

from typing import Any


def values(column: Any) -> list[Any]:
    """Return the values of a Series or an Index, None where one is missing.

    To walk over a column of text itself makes each text anew, one by one, and takes many times as long.

    >>> import pandas as pd
    >>> values(pd.Series(["a", None], dtype="string"))
    ['a', None]
    """
    return list(column.to_numpy(dtype=object, na_value=None).tolist())
