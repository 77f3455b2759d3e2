"""Replies on real forums, judged by reading them: passages beside what they answer, as the product finds both.

corpora/judged/discourse.csv tells stances on the topics of an engineers' forum
(../shared/data/threads/delving_bitcoin_odd_topics), for training and for the gate; corpora/judged/boards.csv those in
saved exports of boards that no training reads (../shared/exports). Their words are not ours to keep.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import judged
import pandas as pd
import splits
from training import ROOT

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

EXPORTS = ROOT.parent / "shared" / "exports"

ENGINEERS, BOARDS = judged.FOLDER / "discourse.csv", judged.FOLDER / "boards.csv"

# Words that a reply has at least.
FEWEST = 6


def answers(export: Path, posts: Collection[str] = ()) -> pd.DataFrame:
    """Return the passages of an export's replies beside what they answer: target, reply; of some posts, or of all."""
    import threadkit as tk
    from threadkit.base.progress import Silent
    from threadkit.dispute.quotes import mark, trace
    from threadkit.dispute.segment import segment
    from threadkit.dispute.target import aim
    from threadkit.pipeline import in_order

    corpus = tk.read(export, progress=Silent())
    comments = corpus.comments[corpus.comments["post_id"].isin(posts)] if posts else corpus.comments
    comments = in_order(comments, "post_id", "posted_at")
    segments = segment(comments)
    quotes = trace(segments, comments, corpus.posts)
    targets = aim(mark(segments, quotes), quotes, comments, corpus.posts)
    long = targets["text"].str.split().str.len() >= FEWEST
    table = targets[long & targets["target_text"].notna()]
    return table.rename(columns={"target_text": "target", "text": "reply"})[["target", "reply"]]


def told(found: pd.DataFrame, stances: pd.Series) -> tuple[list[tuple[str, str]], list[str]]:
    """Return the pairs whose stance is told (n), and their stances (n); `stances` by what a pair is called here."""
    table = found.drop_duplicates(["target", "reply"])
    keys = [judged.key(*each) for each in zip(table["target"], table["reply"], strict=True)]
    known = table.assign(stance=stances.reindex(keys).to_numpy()).dropna(subset="stance")
    return list(zip(known["target"], known["reply"], strict=True)), known["stance"].tolist()


@cache
def engineers(part: str) -> tuple[list[tuple[str, str]], list[str]]:
    """Return the judged pairs (n) of engineers of a part, train or gate, and the stances that their replies take (n).

    Of the gate's disagree, neutral or agree; of those for training one of the five of scripts/judged.py.
    """
    table = pd.read_csv(ENGINEERS, dtype=str)
    table = table[table["part"] == part]
    return told(answers(splits.QUOTES, set(table["post_id"])), table.set_index("pair")["stance"])


def boards() -> tuple[list[tuple[str, str]], list[str]]:
    """Return the judged pairs (n) of boards that no training reads, and their stances (n): disagree, neutral, agree."""
    table = pd.read_csv(BOARDS, dtype=str)
    found = pd.concat(answers(EXPORTS / name) for name in table["export"].unique())
    return told(found, table.set_index("pair")["stance"])
