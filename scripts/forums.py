"""Replies on real forums, judged by reading them: passages beside what the product once said that they answer.

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

from threadkit.base.text import plain, shorten
from threadkit.dispute.candidates import passages
from threadkit.dispute.quotes import mark, traced
from threadkit.dispute.target import MAX_TARGET, aim, answered

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
    """Return the passages of comments beside all that they may answer: target, reply, post_id.

    What the product chooses among it changes with the product; what was judged does not.
    """
    segments, quotes = traced(comments, posts)
    segments = mark(segments, quotes)
    targets = aim(segments, quotes, comments, posts).dropna(subset="target_text")
    chosen = targets.rename(columns={"target_text": "target", "text": "reply"})[["target", "reply", "post_id"]]
    above = chosen.assign(target=quoted(segments, targets.index)).dropna(subset="target")
    every = passages(segments, comments, posts)
    owner = answered(comments, posts).reindex(targets["comment_id"])
    beside = [
        (shorten(every.texts[row], MAX_TARGET), reply, post)
        for of, reply, post in zip(owner, targets["text"], targets["post_id"], strict=True)
        if of in every.first
        for row in range(every.first[of], every.first[of] + every.size[of])
    ]
    return pd.concat([chosen, above, pd.DataFrame(beside, columns=chosen.columns)])


def quoted(segments: pd.DataFrame, names: pd.Index) -> list[str | None]:
    """Return the words of the quote that stands last before each of some segments in its comment, however far."""
    quote = segments["text"].where(segments["kind"] == "quote")
    last = quote.groupby(segments["comment_id"].to_numpy(), sort=False).ffill().reindex(names)
    return [None if pd.isna(text) else shorten(plain(text.replace("\n>", "\n")), MAX_TARGET) for text in last]


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
