"""What an export states or points at and no file held: counted by kind, so that a loss is never silent.

A loss is a comment, a reply link, a text or a file that the export names and that could not be read. What the
forum itself took away is none (a deleted comment, hidden karma, a time that is not printed), nor is what was
repaired without leaving anything out (a comment kept once that stood twice). A comment that was cut out of page
text by guess is one: its words are there, but the header that said where it begins and who wrote it is not.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, cast

from threadkit.base.errors import FormatError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from threadkit.corpus.corpus import Corpus
    from threadkit.corpus.tally import Tally

# The kinds of loss, the worst first, as one is called and as several are.
LOSSES = {
    "files": ("file that could not be read", "files that could not be read"),
    "records": ("place that could not be read", "places that could not be read"),
    "missing": ("comment that the forum counts and no file holds", "comments that the forum counts and no file holds"),
    "folded": ("reply behind a link ('load more')", "replies behind a link ('load more')"),
    "parents": ("answer to a comment that no file holds", "answers to a comment that no file holds"),
    "stubs": ("comment named without its text", "comments named without their text"),
    "cut": ("comment whose text is cut", "comments whose text is cut"),
    "inferred": ("comment cut out of page text by guess", "comments cut out of page text by guess"),
    "posts": ("post whose text no file holds", "posts whose text no file holds"),
}
# What each file is counted by, in the order in which it is shown; None in `sources` = the file does not say.
COUNTS = ("stated", "found", "inferred", "deleted", "stubbed")


def losses(corpus: Corpus | Tally) -> dict[str, int]:
    """Return how much of each kind was lost over all files, the worst kind first; empty where nothing was.

    The kinds overlap: a reply behind a link may also be one of the comments that the forum counts.
    """
    lost: Counter[str] = Counter()
    for source in corpus.sources:
        lost.update(cast("dict[str, int]", source.get("lost") or {}))
    return {kind: lost[kind] for kind in LOSSES if lost[kind]}


def said(lost: Mapping[str, int]) -> str:
    """Return losses as a sentence says them.

    >>> said({"missing": 1200, "posts": 1})
    '1,200 comments that the forum counts and no file holds; 1 post whose text no file holds'
    """
    return "; ".join(f"{n:,} {LOSSES[kind][n != 1]}" for kind, n in lost.items())


def refuse(corpus: Corpus | Tally) -> None:
    """Raise FormatError, naming each kind and its number, where anything was lost."""
    lost = losses(corpus)
    if lost:
        raise FormatError(f"lost in reading: {said(lost)}; the table problems names each place and its cure")


def totals(corpus: Corpus | Tally) -> dict[str, int | None]:
    """Count the comments of all files together: one that two files hold counts once. See `COUNTS`."""
    # Messages about losses need none of what counting takes.
    from threadkit.corpus.tally import tally_of

    tally = tally_of(corpus)
    return {
        "stated": tally.stated,
        "found": tally.comments,
        "inferred": tally.inferred,
        "deleted": tally.statuses.get("deleted", 0) + tally.statuses.get("removed", 0),
        "stubbed": tally.statuses.get("stub", 0) + losses(corpus).get("folded", 0),
    }
