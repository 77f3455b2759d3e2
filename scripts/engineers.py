"""Replies on an engineers' forum, judged by reading them: another kind of quarrel than politics.

corpora/judged/discourse.csv tells the stances of pairs of a passage and what a reply says of it, as the product finds
them on the topics of ../shared/data/threads/delving_bitcoin_odd_topics; their words are not ours to keep.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import judged
import pandas as pd
import splits

if TYPE_CHECKING:
    from collections.abc import Collection

STANCES = judged.FOLDER / "discourse.csv"

# Words that a reply has at least.
FEWEST = 6


def found(posts: Collection[str]) -> pd.DataFrame:
    """Return the passages of replies on some topics beside what they answer: target, reply."""
    import threadkit as tk
    from threadkit.base.progress import Silent
    from threadkit.dispute.quotes import mark, trace
    from threadkit.dispute.segment import segment
    from threadkit.dispute.target import aim
    from threadkit.pipeline import in_order

    corpus = tk.read(splits.QUOTES, progress=Silent())
    comments = corpus.comments[corpus.comments["post_id"].isin(posts)]
    comments = in_order(comments, "post_id", "posted_at")
    segments = segment(comments)
    quotes = trace(segments, comments, corpus.posts)
    targets = aim(mark(segments, quotes), quotes, comments, corpus.posts)
    long = targets["text"].str.split().str.len() >= FEWEST
    table = targets[long & targets["target_text"].notna()]
    return table.rename(columns={"target_text": "target", "text": "reply"})[["target", "reply"]]


@cache
def pairs(part: str) -> tuple[list[tuple[str, str]], list[str]]:
    """Return the judged pairs (n) of a part, train or gate, and the stances that their replies take (n).

    Of the gate's disagree, neutral or agree; of those for training one of the five of scripts/judged.py.
    """
    told = pd.read_csv(STANCES, dtype=str)
    told = told[told["part"] == part]
    table = found(set(told["post_id"])).drop_duplicates(["target", "reply"])
    keys = [judged.key(*each) for each in zip(table["target"], table["reply"], strict=True)]
    stances = told.set_index("pair")["stance"].reindex(keys).to_numpy()
    known = table.assign(stance=stances).dropna(subset="stance")
    return list(zip(known["target"], known["reply"], strict=True)), known["stance"].tolist()
