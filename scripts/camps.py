"""Tell which debaters stand in one camp, and what that teaches of their replies.

    python scripts/camps.py --out camps.parquet
    python scripts/train_stance.py --camps camps.parquet

Who debates one question stands on one of two sides, whatever is being said at the moment. The stance model's verdict on
one exchange is weak, but an author has dozens of them with others who have dozens too: two camps a topic are chosen so
that verdicts are likely (a two-colouring of a signed graph; mean field over the authors, the shares of the verdicts
within and across camps by expectation maximization, as Dawid and Skene 1979 learn how far annotators err,
https://doi.org/10.2307/2346806). How sure an exchange is to cross the camps is then told without its own verdict: a
lesson that does not come from its words, for people who oppose one another seldom say that they disagree.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click
import numpy as np
import pandas as pd
from reply_sources import FEWEST, Paragraphs, answers, debates, replies
from scipy import sparse
from scipy.sparse.linalg import eigsh

from threadkit.base.text import shorten, words
from threadkit.dispute.labels import CLASSES
from threadkit.dispute.stance import MAX_REPLY, StanceClassifier
from threadkit.dispute.target import MAX_TARGET

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

# Exchanges of one post, and the fewest of a topic whose camps are looked for.
OF_A_POST, FEWEST_EXCHANGES = 2, 1500

# Rounds of inference, of which the first leave the shares of the verdicts alone; how far one round moves.
ROUNDS, WARM, PACE = 60, 10, 0.5

# What a verdict counts beside what it says: the verdicts of one pair of authors lean on one another.
TRUST = 0.6

# Before any is learnt: how much oftener each class is within a camp, and across, than everywhere.
WITHIN, ACROSS = np.array([0.5, 1.0, 1.8]), np.array([1.2, 0.95, 0.8])


class Camps(NamedTuple):
    """What the exchanges of a topic tell.

    `side`: of each author, −1 to 1 (index: their names). `same` (m,): how likely an exchange stays within a camp, its
    own verdict left out. `shares` (2, 3): how often a verdict of each class is right within a camp, and across.
    """

    side: pd.Series
    same: np.ndarray
    shares: np.ndarray


def exchanges(topics: Collection[str] = ()) -> pd.DataFrame:
    """Return who answers whom in the debates: topic, author, other, target (what is answered), reply.

    Only those on `topics`, where any are named.
    """
    found = [(topic, *each) for topic, posts in debates(topics) for each in _of_thread(posts)]
    return pd.DataFrame(found, columns=["topic", "author", "other", "target", "reply"])


def _of_thread(posts: list[dict[str, Any]]) -> Iterator[tuple[str, str, str, str]]:
    """Yield author, other, target, reply: what stands below a quote, else the first paragraph to the first above."""
    for post, above, cut in replies(posts):
        pairs = list(answers(cut[post["id"]]))[:OF_A_POST]
        if not pairs:
            firsts = [_first(cut[each["id"]]) for each in (above, post)]
            pairs = [(firsts[0], firsts[1])] if all(firsts) else []
        for target, reply in pairs:
            yield post["author"], above["author"], shorten(target, MAX_TARGET), shorten(reply, MAX_REPLY)


def _first(paragraphs: Paragraphs) -> str:
    return next((text for text, quoted in paragraphs if not quoted and len(words(text)) >= FEWEST), "")


def find_camps(author: pd.Series, other: pd.Series, verdicts: np.ndarray, seed: int = 0) -> Camps:
    """Part the authors of one topic into two camps; `verdicts` (m, 3) are the probabilities of each exchange.

    Which camp is which is arbitrary.
    """
    names = pd.Index(pd.unique(pd.concat([author, other])))
    a, b = names.get_indexer(author), names.get_indexer(other)
    verdicts = np.clip(verdicts, 1e-4, 1)
    usual = verdicts.mean(axis=0)
    shares = np.stack([usual * WITHIN, usual * ACROSS])
    shares /= shares.sum(axis=1, keepdims=True)
    side = _first_guess(a, b, verdicts, len(names), seed)
    for turn in range(ROUNDS):
        logs = np.log((verdicts / usual) @ shares.T)
        ratio = logs[:, 0] - logs[:, 1]
        pull = TRUST * ratio / 2
        field = np.bincount(a, pull * side[b], len(names)) + np.bincount(b, pull * side[a], len(names))
        side = (1 - PACE) * side + PACE * np.tanh(field)
        lean = np.arctanh(np.clip(side, -0.9999, 0.9999))
        same = (1 + np.tanh(lean[a] - pull * side[b]) * np.tanh(lean[b] - pull * side[a])) / 2
        if turn > WARM:
            within = same * np.exp(ratio) / (same * np.exp(ratio) + 1 - same)
            shares = np.stack([_shares(verdicts / usual * shares[k], w) for k, w in enumerate((within, 1 - within))])
    return Camps(pd.Series(side, names), same, shares)


def lessons(verdicts: np.ndarray, camps: Camps) -> np.ndarray:
    """Return what each exchange is (m, 3): what is usual in its camps, leaning to its own verdict by half."""
    told = np.stack([np.sqrt(np.clip(verdicts, 1e-4, 1) / verdicts.mean(axis=0)) * shares for shares in camps.shares])
    told /= told.sum(axis=2, keepdims=True)
    return np.asarray(camps.same[:, None] * told[0] + (1 - camps.same[:, None]) * told[1])


def _shares(told: np.ndarray, weight: np.ndarray) -> np.ndarray:
    told = told / told.sum(axis=1, keepdims=True)
    return np.asarray(weight @ told / weight.sum())


def _first_guess(a: np.ndarray, b: np.ndarray, verdicts: np.ndarray, n: int, seed: int) -> np.ndarray:
    """Return a side for each author (n,): the first eigenvector of who agrees with whom more than is usual."""
    against = verdicts[:, 0] - verdicts[:, 2]
    weight = np.median(against) - against
    graph = sparse.coo_matrix((np.r_[weight, weight], (np.r_[a, b], np.r_[b, a])), shape=(n, n)).tocsr()
    scale = sparse.diags_array(1 / np.sqrt(np.asarray(abs(graph).sum(axis=1)).ravel() + 3))
    start = np.random.default_rng(seed).normal(size=n)
    vector = eigsh(scale @ graph @ scale, 1, which="LA", v0=start)[1][:, 0]
    return np.tanh(3 * vector / np.abs(vector).max())


@click.command()
@click.option("--model", default="threadkit-stance", show_default=True, help="Whose verdicts part the authors.")
@click.option("--threads", default=2, show_default=True)
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Parquet file to write.")
def main(model: str, threads: int, out: Path) -> None:
    """Judge every exchange, part the authors of each topic, and write the exchanges with what each of them is.

    Columns of `exchanges`, and: same (how likely within a camp), disagree, neutral, agree (probabilities).
    """
    table = exchanges()
    click.echo(f"{len(table)} exchanges of {table['author'].nunique()} authors")
    judged = StanceClassifier(model, threads=threads).predict_proba(table[["target", "reply"]])
    parts = []
    for topic, part in table.groupby("topic"):
        if len(part) < FEWEST_EXCHANGES:
            continue
        verdicts = judged.loc[part.index].to_numpy(np.float64)
        camps = find_camps(part["author"], part["other"], verdicts)
        parts.append(part.assign(same=camps.same, **dict(zip(CLASSES, lessons(verdicts, camps).T, strict=True))))
        shares = " and ".join(f"{name} {camps.shares[k].round(2)}" for k, name in enumerate(("within", "across")))
        click.echo(f"{topic}: {len(part)} exchanges, {camps.same.mean():.2f} within a camp; verdicts {shares}")
    pd.concat(parts, ignore_index=True).to_parquet(out)


if __name__ == "__main__":
    main()
