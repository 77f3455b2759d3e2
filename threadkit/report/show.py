"""How one value is shown: counts, scores, days, authors, addresses; what is missing never looks like a number."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pandas as pd

from threadkit.base.text import plain, printable, shorten, squeeze
from threadkit.corpus.tables import MAX_Q

MISSING = "–"
UNKNOWN_AUTHOR = "unknown author"
# How forums print that an author is gone; a reader turns these into missing, a user's own table may not have.
_GONE = frozenset({"", "[deleted]", "[removed]"})


def value(cell: Any) -> Any:
    """Return a table's cell, None where it is missing.

    >>> value(pd.NA), value(float("nan")), value(0)
    (None, None, 0)
    """
    return None if cell is None or cell is pd.NaT or pd.isna(cell) else cell


def count(number: int) -> str:
    """Write a count with thousands separators.

    >>> count(12345)
    '12,345'
    """
    return f"{number:,}"


def plural(number: int, one: str, many: str) -> str:
    """Write a count with its noun.

    >>> plural(1, "post", "posts"), plural(1200, "post", "posts")
    ('1 post', '1,200 posts')
    """
    return f"{count(number)} {one if number == 1 else many}"


def score(number: float | None) -> str:
    """Write a score, whole or with one digit, with a real minus sign; a dash where it is missing.

    >>> score(-1234), score(2.5), score(3.0), score(None)
    ('−1,234', '2.5', '3', '–')
    """
    if number is None:
        return MISSING
    digits = f"{number:,.0f}" if float(number).is_integer() else f"{number:,.1f}"
    return digits.replace("-", "−")


def share(part: float, whole: float) -> str:
    """Write a share in percent, never rounding something to nothing or not-all to all.

    >>> share(1, 3), share(1, 1000), share(999, 1000), share(0, 0)
    ('33%', 'under 1%', 'over 99%', '–')
    """
    if not whole:
        return MISSING
    percent = 100 * part / whole
    if 0 < percent < 1:
        return "under 1%"
    if 99 < percent < 100:
        return "over 99%"
    return f"{percent:.0f}%"


def probability(p: float | None) -> str:
    """Write a p- or q-value as it stands behind its letter; empty where it is missing.

    >>> probability(0.0021), probability(0.4), probability(1e-9), probability(None)
    ('= 0.0021', '= 0.4', '< 0.001', '')
    """
    if p is None:
        return ""
    return "< 0.001" if p < 0.001 else f"= {p:.2g}"


def narrow(p: float | None) -> str:
    """Write a p- or q-value for a narrow column; a dash where it is missing.

    >>> narrow(0.034), narrow(1e-9), narrow(1.0), narrow(None)
    ('.034', '<.001', '1', '–')
    """
    shown = probability(p).replace("= ", "").replace(" ", "").replace("0.", ".", 1)
    return shown or MISSING


def beyond(q: float | None) -> str:
    """Say whether a point of this q-value comes back more than chance gives; a dash where it is missing.

    >>> beyond(0.05), beyond(0.4), beyond(None)
    ('yes', 'unsure', '–')
    """
    return MISSING if q is None else "yes" if q <= MAX_Q else "unsure"


def times(number: int) -> str:
    """Write how often something happened.

    >>> times(1), times(2), times(1200)
    ('once', 'twice', '1,200 times')
    """
    return {1: "once", 2: "twice"}.get(number) or f"{count(number)} times"


def day(at: pd.Timestamp | None) -> str:
    """Write a time as its day, a dash where it is missing.

    >>> day(pd.Timestamp("2024-03-01T22:13:20Z")), day(None)
    ('2024-03-01', '–')
    """
    return MISSING if at is None else at.date().isoformat()


def days(first: pd.Timestamp | None, last: pd.Timestamp | None) -> str:
    """Write the first and the last day, or one where they are the same.

    >>> days(pd.Timestamp("2024-03-01"), pd.Timestamp("2024-05-02"))
    '2024-03-01 to 2024-05-02'
    """
    ends = [day(at) for at in (first, last) if at is not None]
    return " to ".join(dict.fromkeys(ends)) or MISSING


def author(name: Any) -> str:
    """Return an author's name as it may be printed.

    >>> author("_Ana_"), author(pd.NA), author("[deleted]")
    ('_Ana_', 'unknown author', 'unknown author')
    """
    shown = label(name, limit=60)
    return UNKNOWN_AUTHOR if shown.lower() in _GONE else shown


def label(text: Any, limit: int = 120) -> str:
    r"""Return a name, id or title as one printable line, its marks untouched; empty where it is missing.

    >>> label("a\tb_c_ "), label(None)
    ('a b_c_', '')
    """
    return shorten(squeeze(printable(str(value(text) or "")[: 20 * limit])), limit)


def line(text: Any, limit: int = 240) -> str:
    r"""Return forum text as one printable line of at most `limit` characters.

    >>> line("See **this**\n[page](https://example.org)")
    'See this page'
    """
    # The first few lines are enough, however long the body is whose first words stand for its title.
    return shorten(plain(printable(str(value(text) or "")[: 20 * limit]).replace("```", " ")), limit)


def address(url: Any) -> str | None:
    """Return an address that may be made a link (http or https, with a host), else None.

    >>> address("https://example.org/a"), address("javascript:alert(1)"), address(pd.NA)
    ('https://example.org/a', None, None)
    """
    text = value(url)
    if not text or printable(text) != text or any(c.isspace() for c in text):
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    return text if parts.scheme in {"http", "https"} and parts.hostname else None


# What every template may call, and use as a filter.
WORDS = {"days": days, "missing": MISSING, "plural": plural}
FILTERS = {"count": count, "score": score, "day": day, "author": author, "narrow": narrow, "beyond": beyond}
