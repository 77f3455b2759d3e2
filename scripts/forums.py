"""Replies on real forums, judged by reading them: passages beside what they answer, as the product finds both.

corpora/judged/discourse.csv tells stances on the topics of an engineers' forum
(../shared/data/threads/delving_bitcoin_odd_topics), for training and for the gate; corpora/judged/boards.csv those in
saved exports of boards that no training reads (../shared/exports); corpora/judged/units.csv those in threads of
r/changemyview that are not the gate's. Their words are not ours to keep.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import cmv
import judged
import pandas as pd
import splits
from training import ROOT

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

EXPORTS = ROOT.parent / "shared" / "exports"

ENGINEERS, BOARDS, UNITS = (judged.FOLDER / f"{name}.csv" for name in ("discourse", "boards", "units"))

# Words that a reply has at least.
FEWEST = 6


def answers(export: Path, posts: Collection[str] = ()) -> pd.DataFrame:
    """Return the passages of an export's replies beside what they answer: target, reply; of some posts, or of all."""
    import threadkit as tk
    from threadkit.base.progress import Silent
    from threadkit.pipeline import in_order

    corpus = tk.read(export, progress=Silent())
    comments = corpus.comments[corpus.comments["post_id"].isin(posts)] if posts else corpus.comments
    return aimed(in_order(comments, "post_id", "posted_at"), corpus.posts)


def aimed(comments: pd.DataFrame, posts: pd.DataFrame) -> pd.DataFrame:
    """Return the passages of comments beside what the product says that they answer: target, reply, post_id."""
    from threadkit.dispute.quotes import mark, trace
    from threadkit.dispute.segment import segment
    from threadkit.dispute.target import aim

    segments = segment(comments)
    quotes = trace(segments, comments, posts)
    targets = aim(mark(segments, quotes), quotes, comments, posts).dropna(subset="target_text")
    return targets.rename(columns={"target_text": "target", "text": "reply"})[["target", "reply", "post_id"]]


def told(found: pd.DataFrame, stances: pd.Series) -> tuple[list[tuple[str, str]], list[str]]:
    """Return the pairs whose stance is told (n), and their stances (n); `stances` by what a pair is called here."""
    table = found[found["reply"].str.split().str.len() >= FEWEST].drop_duplicates(["target", "reply"])
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


@cache
def units() -> tuple[list[tuple[str, str]], list[str]]:
    """Return units of r/changemyview beside other words (n), and which of the five stances they take to them (n).

    Threads for training and tuning: units beside those that they name, as people marked them; and beside what the
    product says that they answer, and the title, as they were judged by reading.
    """
    marked = splits.cmv("train") + splits.cmv("tune")
    chains = list(cmv.chains(marked))
    posts, comments = (pd.concat([getattr(chain, name) for chain in chains]) for name in ("posts", "comments"))
    found = aimed(comments, posts)
    titles = found.assign(target=found["post_id"].map(posts["title"])).dropna(subset="target")
    pairs, stances = told(pd.concat([found, titles]), pd.read_csv(UNITS, index_col="pair")["stance"])
    named, taken = cmv.stances(marked)
    return pairs + named, stances + taken
