"""Fit how the cross-encoder's and the static model's verdicts are pooled (threadkit/dispute/judges.py).

    python scripts/train_stance.py --camps camps.parquet --begin base --whole --folds 0,1,2,3,4 --scores scores.npz
    python scripts/pool_stance.py --scores scores.npz --verdicts verdicts.parquet --camps camps.parquet

Each fold of the replies in SCORES is judged by a cross-encoder and a static model that learnt nothing from it. The
weights are those with the least log loss on all of them but fold 0, which the gate keeps; then the bias of neutral,
which leaves alone who weighs how much: fitted together, the static model weighs more, and on corpora/demo, whose people
seldom say that they disagree, the objections are less often right. The bias is the least that gives nearly the best
macro F1: the likeliest class is seldom neutral without it, and log loss hardly tells the biases apart. Written beside
the cross-encoder. The cross-validated figures are those of each fold by weights that were fitted on the others.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click
import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.metrics import f1_score
from train_stance import LABELS
from train_stance_static import fit, fit_talk, print_figures, shares_of, sources
from training import ROOT

from threadkit.dispute.judges import POOL, pooled
from threadkit.dispute.stance import decide
from threadkit.dispute.static import MODEL

if TYPE_CHECKING:
    from train_stance_static import Sources

# From one of these on a reply disagrees (dispute/stance.py): from the highest on where F1 is nearly best, for who is
# wrongly called an objector is the worse error.
SHARES = (0.20, 0.25, 0.30, 0.35, 0.40, 0.45, 0.50)

# What neutral's bias may be, and what counts as nearly the best.
BIASES, NEARLY = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6), 0.001


class Held(NamedTuple):
    """Log probabilities of both models (n, 3), how surely each is a reply (n,), labels and folds (n,)."""

    cross: np.ndarray
    static: np.ndarray
    replies: np.ndarray
    labels: np.ndarray
    fold: np.ndarray

    def of(self, rows: np.ndarray) -> Held:
        """Return some rows; `rows` is bool (n,)."""
        return Held(*(each[rows] for each in self))


class Weights(NamedTuple):
    """What the two models weigh, and the bias of neutral."""

    weights: np.ndarray
    neutral: float


def held_out(source: Sources, shares: np.ndarray, penalty: float) -> Held:
    """Return what both models say of the replies that `shares` (n, 3) knows, the static one fitted for each fold."""
    known = ~np.isnan(shares[:, 0])
    static, replies = np.full(shares.shape, np.nan), np.full(len(shares), np.nan)
    for k in np.unique(source.fold[known]):
        own = source.fold == k
        lessons = source.lessons(0, int(k))
        static[own] = np.log(shares_of(source.replies.X[own], *fit(lessons, penalty)).to_numpy())
        talk = fit_talk(lessons, penalty)
        replies[own] = expit(source.replies.X[own] @ talk[0] + talk[1]).ravel()
    return Held(np.log(shares), static, replies, source.labels, source.fold).of(known)


def together(paths: tuple[Path, ...]) -> np.ndarray:
    """Return the probabilities (n, 3) that the files tell of the replies; NaN where none does."""
    first, *others = [np.asarray(np.load(path)["held"]) for path in paths]
    for held in others:
        first = np.where(np.isnan(first), held, first)
    return first


def both(held: Held, of: Weights) -> np.ndarray:
    """Return pooled log probabilities (n, 3); only neutral has a bias."""
    return pooled(held.cross, held.static, held.replies, of.weights, [0.0, of.neutral, 0.0])


def weigh(held: Held) -> Weights:
    """Return what the two should weigh, and the bias of neutral."""
    right = np.arange(len(held.labels)), held.labels
    found = minimize(lambda x: -both(held, Weights(x, 0.0))[right].mean(), [0.5, 0.5], method="Nelder-Mead")
    weights = np.asarray(found.x.round(3))
    guesses = {bias: both(held, Weights(weights, bias)).argmax(axis=1) for bias in BIASES}
    f1 = {bias: f1_score(held.labels, guess, average="macro") for bias, guess in guesses.items()}
    return Weights(weights, min(bias for bias in BIASES if f1[bias] > max(f1.values()) - NEARLY))


def best_share(held: Held, logs: np.ndarray) -> float:
    """Print F1 of disagree as decided from each of SHARES on; return the highest of those that are nearly the best."""
    shares = pd.DataFrame(np.exp(logs), columns=LABELS)
    f1 = {share: f1_score(held.labels == 0, decide(shares, share) == "disagree") for share in SHARES}
    click.echo("disagree from, F1: " + ", ".join(f"{share:.2f} {value:.4f}" for share, value in f1.items()))
    return max(share for share in SHARES if f1[share] > max(f1.values()) - NEARLY)


@click.command()
@click.option(
    "--scores", multiple=True, type=click.Path(exists=True, path_type=Path), required=True, help="Files, a part each."
)
@click.option("--verdicts", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--camps", type=click.Path(exists=True, path_type=Path), required=True, help="Of scripts/camps.py.")
@click.option("--penalty", default=1.5e-3, show_default=True, help="That of the static model that ships.")
@click.option("--out", type=click.Path(path_type=Path), default=ROOT / "models/threadkit-stance")
def main(scores: tuple[Path, ...], verdicts: Path, camps: Path, penalty: float, out: Path) -> None:
    """Fit, print the cross-validated figures, write the weights to OUT."""
    held = held_out(sources(pd.read_parquet(verdicts), camps), together(scores), penalty)
    learnt = held.of(held.fold != 0)
    fitted = weigh(learnt)
    least = best_share(learnt, both(learnt, fitted))
    logs = np.zeros_like(held.cross)
    for k in np.unique(held.fold):
        others = learnt.of(learnt.fold != k)
        own = held.fold == k
        logs[own] = both(held.of(own), weigh(others) if len(others.labels) else fitted)
        show(f"fold {k}, pooled", held.labels[own], logs[own], least)
    for name, told in {"cross-encoder": held.cross, "static": held.static, "pooled": logs}.items():
        show(f"cross-validated, {name}", held.labels, told, least)
    pool = {
        "beside": MODEL,
        "weights": fitted.weights.tolist(),
        "bias": [0.0, fitted.neutral, 0.0],
        "min_disagree": least,
    }
    click.echo(json.dumps(pool))
    (out / POOL).write_text(json.dumps(pool) + "\n", encoding="utf-8")


def show(name: str, labels: np.ndarray, logs: np.ndarray, least: float) -> None:
    """Print the figures of log probabilities (n, 3)."""
    print_figures(name, labels, pd.DataFrame(np.exp(logs), columns=LABELS), least)


if __name__ == "__main__":
    main()
