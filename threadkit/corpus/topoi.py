"""The general points that an objection may voice, and how a report words them."""

from __future__ import annotations

from functools import cache

import orjson

from threadkit.base.weights import shipped

# Their files in the corpus that ships with threadkit.
FILES = ("policy.jsonl", "reasoning.jsonl")


def claim_of(name: str) -> str:
    """Return a general point as a sentence; one that this threadkit does not know as its name's words.

    >>> claim_of("costs-too-much"), claim_of("of-another-threadkit")
    ('It costs too much to introduce or buy.', 'of another threadkit')
    """
    return _claims().get(name) or name.replace("-", " ")


@cache
def _claims() -> dict[str, str]:
    rows = [orjson.loads(line) for name in FILES for line in (shipped("corpora") / "topoi" / name).open("rb")]
    return {row["point"]: row["claim"] for row in rows}
