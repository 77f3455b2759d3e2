"""How forums print an author, a number, a time, an id: each read the same way for every format."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any

import numpy as np

from threadkit.base.text import clean

# How forums print an author or a body that is gone. Compared in lower case, stripped.
REMOVED = frozenset({"[removed]", "[ removed by reddit ]", "[removed by reddit]", "[removed by moderator]"})
GONE = REMOVED | {
    "[deleted]", "deleted", "[comment deleted]", "[anonymous]", "[ deleted ]", "[deleted by user]", "",
}  # fmt: skip
# How spreadsheets and data frames print that there is no value.
_NOTHING = frozenset({"", "na", "n/a", "nan", "none", "null", "<na>", "nat", "undefined"})

_LARGEST = np.iinfo(np.int32).max


def known(author: Any) -> str | None:
    """Return the author's name, None where the forum prints that it is gone.

    >>> known("[deleted]"), known(" Ana "), known(None)
    (None, 'Ana', None)
    """
    name = (string(author) or "").replace("\u00a0", " ").strip()
    return None if name.lower() in GONE or name == "DELETED" else name


def absent(value: Any) -> bool:
    """Tell whether a value only says that there is none.

    >>> absent(None), absent("NaN"), absent(float("nan")), absent(0), absent("0")
    (True, True, True, False, False)
    """
    if isinstance(value, float):
        return math.isnan(value)
    return value is None or (isinstance(value, str) and value.strip().lower() in _NOTHING)


def string(value: Any) -> str | None:
    r"""Return text or a number as clean text; None for anything else.

    >>> string("a\r\nb"), string(3), string({}), string(None)
    ('a\nb', '3', None, None)
    """
    if isinstance(value, str):
        return clean(value)
    return str(value) if isinstance(value, (int, float)) and not (isinstance(value, bool) or absent(value)) else None


def shown(value: Any) -> str:
    """Return a value as a message may print it: short, and never by descending into it.

    >>> shown("soon"), shown(1.5), shown([[["deep"]]])
    ("'soon'", '1.5', 'a list')
    """
    return f"a {type(value).__name__}" if isinstance(value, (list, dict)) else repr(value)[:60]


def ident(value: Any) -> str | None:
    """Return an id as text, whether it was printed as text or as a number; None where there is none.

    >>> ident(" t "), ident(12), ident(12.0), ident("12.0"), ident(True), ident(float("nan"))
    ('t', '12', '12', '12.0', None, None)
    """
    if absent(value):
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return (string(value) or "").strip() or None


def number(value: Any) -> int | None:
    """Read a score however it is printed: 12, "12", "−2", "1,234", 3.0; None where there is none.

    >>> number("\u22121,234"), number(None), number("12 points"), number(""), number(10**12)
    (-1234, None, 12, None, None)
    """
    if absent(value) or isinstance(value, bool):
        return None
    if isinstance(value, str):
        value = value.strip().replace("\u2212", "-").replace(",", "").split(" ")[0]
    try:
        read = int(value) if isinstance(value, (int, np.integer)) else int(float(value))
    except (TypeError, ValueError, OverflowError):
        return None
    return read if abs(read) <= _LARGEST else None


# Seconds since 1970 stay below this until the year 5138; milliseconds pass it in 1973.
_MILLISECONDS_FROM = 10**11


def moment(value: Any) -> datetime | None:
    """Read a time: epoch seconds or milliseconds (number or digits), or ISO 8601; None where there is none.

    >>> moment(1700000000) == moment("2023-11-14T22:13:20.000Z") == moment("1700000000000")
    True
    """
    if absent(value) or isinstance(value, (bool, list, dict)):
        return None
    if not isinstance(value, datetime):
        try:
            return _epoch(float(value))
        except (TypeError, ValueError):
            pass
        try:
            value = datetime.fromisoformat(str(value).strip().removesuffix(" UTC"))
        except ValueError:
            return None
    try:
        read: datetime = value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    except OverflowError:
        return None
    return read


def _epoch(seconds: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds / 1000 if abs(seconds) >= _MILLISECONDS_FROM else seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None
