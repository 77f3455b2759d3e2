"""Rows that hold a target and a reply → the same rows with the reply's stance."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pandas as pd

from threadkit.base.errors import TableError
from threadkit.base.text import prose_only
from threadkit.dispute.labels import CLASSES
from threadkit.dispute.stance import PAIR, decide, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from threadkit.dispute.stance import StanceClassifier

# What each row gets; None where target or reply is missing or blank, for then nobody answered anything.
ADDED = ("stance", *(f"p_{name}" for name in CLASSES))
# What each row gets where the verdicts are to be explained: the words that spoke most for it, strongest first.
EXPLAINED = "carried_by"
_N_WORDS = 3
# Digits of a probability that are kept: the model knows no more.
_DIGITS = 4
# Tokens that threadkit-stance reads of target and reply together; of two long texts, half of them each.
READS = 156
# A token is at most one of these: long words are several.
_PIECE = re.compile(r"\w+|[^\w\s]")


def judge_rows(
    blocks: Iterable[Sequence[dict[str, Any]]],
    classifier: StanceClassifier,
    names: tuple[str, str] = PAIR,
    done: Callable[[int], None] | None = None,
    *,
    explain: bool = False,
    cut: Callable[[int], None] | None = None,
) -> Iterator[list[dict[str, Any]]]:
    """Yield each block of rows with `stance` and the three probabilities added, and where asked `carried_by`.

    `names` are what rows call target and reply; `done(n)` is called after each block of n rows, and `cut(n)`
    with the number of its replies that go on after what threadkit-stance reads: so many at least. Raises TableError
    where a row holds one of them already.
    """
    added = (*ADDED, EXPLAINED) if explain else ADDED
    before = 0
    for rows in blocks:
        for n, row in enumerate(rows, start=before + 1):
            taken = next((name for name in added if name in row), None)
            if taken:
                raise TableError(f"row {n:,} already has a column {taken!r}; rename it, or take it out")
        yield [row | found for row, found in zip(rows, _judged(rows, classifier, names, explain), strict=True)]
        before += len(rows)
        if done:
            done(len(rows))
        if cut:
            cut(sum(overruns(*(_text(row.get(name)) for name in names)) for row in rows))


def overruns(target: str, reply: str) -> bool:
    """Tell whether a reply surely has more tokens than threadkit-stance reads of it beside its target.

    >>> overruns("Ban cars.", "No. " * 60), overruns("Ban cars.", "No. " * 90)
    (False, True)
    """
    if len(reply) <= READS // 2:
        return False
    asked, said = (len(_PIECE.findall(prose_only(text))) for text in (target, reply))
    return said > READS - min(asked, READS // 2)


def _judged(
    rows: Sequence[dict[str, Any]], classifier: StanceClassifier, names: tuple[str, str], explain: bool
) -> list[dict[str, Any]]:
    pairs = pd.DataFrame({ours: [_text(row.get(name)) for row in rows] for ours, name in zip(PAIR, names, strict=True)})
    whole = (pairs != "").all(axis=1).to_numpy(dtype=bool)
    shares = classifier.predict_proba(pairs[whole])
    found = shares.astype("float64").round(_DIGITS).add_prefix("p_")
    found.insert(0, "stance", decide(shares, classifier.min_disagree))
    if explain:
        found[EXPLAINED] = _carried_by(pairs[whole], found["stance"], classifier)
    judged = iter([{str(name): value for name, value in row.items()} for row in found.to_dict("records")])
    added = (*ADDED, EXPLAINED) if explain else ADDED
    return [next(judged) if known else dict.fromkeys(added) for known in whole]


def _carried_by(pairs: pd.DataFrame, stances: pd.Series, classifier: StanceClassifier) -> pd.Series:
    """Return the words that spoke most for each verdict: for disagreeing where it is that, else against."""
    words = classifier.explain(pairs)
    sign = stances.map({"disagree": 1.0}).fillna(-1.0)
    words["strength"] = words["weight"] * sign.reindex(words["pair"]).to_numpy()
    best = words[words["strength"] > 0].sort_values(["pair", "strength", "start"], ascending=[True, False, True])
    told = best.groupby("pair").head(_N_WORDS).groupby("pair")["word"].agg(" | ".join)
    return told.reindex(pairs.index).fillna("")


def _text(value: Any) -> str:
    """Return a cell as text, '' where it is missing or blank; a number is the text of its digits."""
    return "" if value != value else text_of(value).strip()
