"""How forums print an author, a number, a time, an id: each read the same way for every format."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import SplitResult, urlsplit

import numpy as np

from threadkit.base.text import clean

# How forums print an author or a body that is gone. Compared in lower case, stripped.
_SOON = ", will be automatically deleted in 24 hours unless flagged)"
REMOVED = frozenset(
    {
        "[removed]", "[ removed by reddit ]", "[removed by reddit]", "[removed by moderator]", "[flagged]", "[dead]",
        "(comment removed by moderator)", "(post removed by moderator)", "[comment removed by moderator]",
    }
)  # fmt: skip
GONE = REMOVED | {
    "[deleted]", "deleted", "[comment deleted]", "[anonymous]", "[ deleted ]", "[deleted by user]", "",
    "(post deleted by author)", "(post withdrawn by author)", "(topic deleted by author)",
    "(topic withdrawn by author)", f"(post deleted by author{_SOON}", f"(post withdrawn by author{_SOON}",
    "(comment deleted by author)", "(comment deleted)", "[post deleted]",
}  # fmt: skip
# How spreadsheets and data frames print that there is no value.
NOTHING = frozenset({"", "na", "n/a", "nan", "none", "null", "<na>", "nat", "undefined"})

_LARGEST = np.iinfo(np.int32).max
# Numbers of fewer digits are never too large.
_FEW_DIGITS = 10


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
    return value is None or (isinstance(value, str) and value.strip().lower() in NOTHING)


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


def parts_of(address: str | None) -> SplitResult:
    """Return the parts of an address, all of them empty where it is none that can be parted.

    >>> parts_of("https://example.org:81/a").netloc, parts_of("http://[object Object]/a").netloc, parts_of(None).netloc
    ('example.org:81', '', '')
    """
    try:
        return urlsplit(address or "")
    except ValueError:
        return urlsplit("")


def number(value: Any) -> int | None:
    """Read a score however it is printed: 12, "12", "−2", "1,234", 3.0; None where there is none.

    >>> number("\u22121,234"), number(None), number("12 points"), number(""), number(10**12)
    (-1234, None, 12, None, None)
    """
    if type(value) is str and len(value) < _FEW_DIGITS and value.isascii() and value.isdigit():
        return int(value)
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
# A number that is printed as text and stays below this (in 1973) is a year, or the day of a spreadsheet.
_SECONDS_FROM = 10**8
# A day of ISO 8601 without hyphens; as seconds since 1970 it would be one of that summer.
_BASIC_DATE = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
# Milliseconds stay below this until the year 5138; microseconds (Chrome, BigQuery) pass it in 1973.
_MICROSECONDS_FROM = 10**14
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b|,", re.IGNORECASE)
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: n for n, name in enumerate(_MONTH_NAMES, start=1)}
_CLOCK = re.compile(r"(?<!\s)\s++(?:at\s+)?(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AP]M)?$", re.IGNORECASE)


def moment(value: Any) -> datetime | None:
    """Read a time: epoch seconds, milli- or microseconds (number or digits), ISO 8601, or an English date.

    None where there is none, and for digits that are no time but a year (``2024``) or a spreadsheet's day.

    >>> moment(1700000000) == moment("2023-11-14T22:13:20.000Z") == moment("1700000000000")
    True
    >>> moment("20240301") == moment("2024-03-01"), moment("2024"), moment("45352.5")
    (True, None, None)
    >>> moment("21st Jun 2013") == moment("June 21, 2013") == moment("2013-06-21")
    True
    """
    if type(value) is str and value[4:5] == "-" and value[:4].isdigit():
        # No number is written so: what most pages print is read at once.
        try:
            return _in_utc(datetime.fromisoformat(value))
        except ValueError:
            pass
    if absent(value) or isinstance(value, (bool, list, dict)):
        return None
    if not isinstance(value, datetime):
        printed = str(value).strip()
        if not _BASIC_DATE.fullmatch(printed.removesuffix(".0")):
            try:
                seconds = float(value)
            except (TypeError, ValueError):
                pass
            else:
                return None if isinstance(value, str) and abs(seconds) < _SECONDS_FROM else _epoch(seconds)
        try:
            value = datetime.fromisoformat(printed.removesuffix(" UTC").removesuffix(".0"))
        except ValueError:
            value = _english(str(value))
    return None if value is None else _in_utc(value)


def _in_utc(time: datetime) -> datetime | None:
    """Return a time in UTC, which one without a zone is taken for; None where no calendar goes so far."""
    try:
        return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
    except OverflowError:
        return None


def edit_time(written: Any, edited: Any) -> datetime | None:
    """Return when a text was last changed: when it was written, where the forum names no edit.

    >>> edit_time("2024-01-01", "2024-02-01").month, edit_time("2024-01-01", None).month
    (2, 1)
    """
    return moment(edited) or moment(written)


def _epoch(seconds: float) -> datetime | None:
    try:
        size = abs(seconds)
        divisor = 10**6 if size >= _MICROSECONDS_FROM else 1000 if size >= _MILLISECONDS_FROM else 1
        return datetime.fromtimestamp(seconds / divisor, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def _english(text: str) -> datetime | None:
    """Read a date as people print it: day, month by name and year, in either order, perhaps with a time of day.

    >>> _english("Jun 21st, 2013 4:05 PM").isoformat(), _english("2 May"), _english("31 Feb 2013")
    ('2013-06-21T16:05:00', None, None)
    """
    clock = _CLOCK.search(text)
    words = _ORDINAL.sub(" ", text[: clock.start()] if clock else text).split()
    if len(words) != 3:
        return None
    month, day = (words[0], words[1]) if words[0].isalpha() else (words[1], words[0])
    numeral = _MONTHS.get(month[:3].lower(), 0) if len(month) >= 3 else 0
    hour, minute, second, half = clock.groups() if clock else ("0", "0", None, None)
    hours = int(hour) % 12 + 12 * (half.upper() == "PM") if half else int(hour)
    try:
        return datetime(int(words[2]), numeral, int(day), hours, int(minute), int(second or 0))
    except ValueError:
        return None
