"""Read corpora/phrases: what people say to agree or to disagree below any statement at all, for it names no subject."""

from __future__ import annotations

from typing import TYPE_CHECKING

import conversations
import numpy as np
import pandas as pd
from training import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE = ROOT / "corpora/phrases/phrases.csv"

# What is a whole reply stands alone so often; else it opens one.
ALONE = 0.5


def phrases(part: str) -> pd.DataFrame:
    """Return the phrases of a part, train or gate: kind (whole or opening), set (differ in few words), stance, text."""
    table = pd.read_csv(FILE, dtype="string", keep_default_na=False)
    return table[table["part"] == part].drop(columns="part").reset_index(drop=True)


def pairs(part: str) -> tuple[list[tuple[str, str]], list[str]]:
    """Return each whole phrase of a part as the reply to a comment of corpora/conversations, and its stance.

    Comments are those of the same part, train or gate: what is scored stands below subjects that nothing is learnt
    from.
    """
    table, comments = phrases(part), conversations.comments(part)
    table = table[table["kind"] == "whole"]
    below = [comments[i % len(comments)]["parent"] for i in range(len(table))]
    return list(zip(below, table["text"], strict=True)), table["stance"].tolist()


def drawn(n: int, seed: int) -> tuple[list[tuple[str, str]], list[str]]:
    """Return n phrases for training below comments drawn anew, and their stances; some open a reply of that stance."""
    both = list(_drawn(n, seed))
    return [pair for pair, _ in both], [stance for _, stance in both]


def _drawn(n: int, seed: int) -> Iterator[tuple[tuple[str, str], str]]:
    rng = np.random.default_rng(seed)
    rows, comments = phrases("train").to_dict("records"), conversations.comments("train")
    for number in rng.choice(len(rows), n, replace=n > len(rows)):
        row, comment = rows[number], comments[rng.integers(len(comments))]
        text, stance = row["text"], row["stance"]
        if row["kind"] == "opening" or rng.random() >= ALONE:
            reply = str(rng.choice([reply["text"] for reply in comment["replies"] if reply["stance"] == stance]))
            text = f"{text} {reply[0].lower() + reply[1:] if row['kind'] == 'opening' else reply}"
        yield (comment["parent"], text), stance
