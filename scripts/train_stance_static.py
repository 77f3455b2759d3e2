"""Distil the static stance model (threadkit/dispute/static.py) from the cross-encoder.

    python scripts/train_stance_static.py --verdicts verdicts.parquet --camps camps.parquet

It learns from the reply pairs of all folds but fold 0, and from the cross-encoder's probabilities on the paragraphs of
real threads (../shared/data/threads, chosen by scripts/bench_threads.py), which are kept in a Parquet file, for they
take an hour, and from exchanges of debaters whose camps are known (scripts/camps.py). Of bare arguments for and against
a claim it learns that it cannot know (their target is how often replies do what), and to tell them from replies, so
that they are left to the cross-encoder. A fifth of the posts is held out:
`least` is the highest probability that keeps RECALL of what the product calls disagreement there, and the share
that passes is printed. The strength of the penalty is chosen on fold 1, and how much surer the model may be than the
penalty leaves it (a temperature: Guo et al. 2017, https://arxiv.org/abs/1706.04599), and how much likelier neutral is;
then fold 1 is learnt from too.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import NamedTuple

import click
import numpy as np
import orjson
import pandas as pd
from bench_threads import records
from scipy import sparse
from scipy.optimize import minimize
from scipy.special import expit, log_softmax
from sklearn.metrics import f1_score, roc_auc_score
from train_stance import DATA, LABELS, camp_pairs, claim_pairs, figures, read_pairs, soften
from training import ROOT, split_by

from threadkit.base.static import MODEL as ENCODER
from threadkit.base.static import StaticEncoder
from threadkit.base.text import shorten
from threadkit.dispute.judges import POOL, CrossStance, pooled
from threadkit.dispute.labels import MIN_DISAGREE
from threadkit.dispute.stance import DEFAULT_MODEL, MAX_REPLY, PAIR, as_pairs, decide, pairs_of, seen
from threadkit.dispute.static import WEIGHTS, calibrated, features

# Share of the disagreements that a first look must let through in debates; where fewer disagree, it loses more.
RECALL = 0.993

# Penalties on the squared weights, for each row; what vectors weigh beside words (4 tells fold 1 as well as 2).
PENALTIES = (1.5e-3, 3e-3, 6e-3)
VECTORS = 2.0
# Weights are stored in steps of this size: a third of the bytes, and probabilities move by less than 0.005.
STEP = 0.002
# What a verdict, a claim pair and an exchange weigh beside a reply pair: who only repeats the cross-encoder adds
# nothing to it.
VERDICT_WEIGHT, CLAIM_WEIGHT, CAMP_WEIGHT = 0.05, 0.1, 0.2
CLAIMS, EXCHANGES, WITHIN = 8_000, 24_000, 0.5


class Lesson(NamedTuple):
    """Features (n, width), target distributions (n, k), what each row weighs (n,)."""

    X: sparse.csr_matrix
    target: np.ndarray
    weight: np.ndarray


def verdicts(n_comments: int, threads: int, cache: Path | None) -> pd.DataFrame:
    """Return the segments of real threads with their targets and the cross-encoder's probabilities.

    It is asked by itself: pooled with what is trained here, it would be told what it is to tell.
    """
    from threadkit.base.progress import Bars
    from threadkit.dispute.quotes import mark, traced
    from threadkit.dispute.target import aim
    from threadkit.pipeline import in_order
    from threadkit.readers.read import read

    with tempfile.TemporaryDirectory() as work:
        export = Path(work) / "threads.jsonl"
        export.write_bytes(b"".join(orjson.dumps(record) + b"\n" for record in records("debate", n_comments)))
        corpus = read(export)
    comments = in_order(corpus.comments, "post_id", "posted_at")
    segments, quotes = traced(comments, corpus.posts)
    targets = aim(mark(segments, quotes), quotes, comments, corpus.posts)
    with Bars().stage("judging", len(targets)) as done:
        logs = CrossStance(DEFAULT_MODEL).log_shares(seen(as_pairs(pairs_of(targets))), threads, done, cache)
    return targets.join(pd.DataFrame(np.exp(logs), targets.index, [f"p_{name}" for name in LABELS]))


def read_features(pairs: list[tuple[str, str]], encoder: StaticEncoder) -> sparse.csr_matrix:
    """Return the features of pairs as the product sees them."""
    shown = seen(pd.DataFrame([(target, shorten(reply, MAX_REPLY)) for target, reply in pairs], columns=list(PAIR)))
    parts = [features(shown[start : start + 4096], encoder) for start in range(0, len(shown), 4096)]
    return sparse.csr_matrix(sparse.vstack(parts, format="csr"))


def fit(lessons: list[Lesson], penalty: float) -> tuple[np.ndarray, np.ndarray]:
    """Return weights (width, k) and biases (k,): logistic regression toward distributions (n, k), penalized squares."""
    stacked = sparse.vstack([lesson.X for lesson in lessons], format="csr")
    n_dense = 2 * StaticEncoder(ENCODER).dim + 1
    scale = np.where(np.arange(stacked.shape[1]) < stacked.shape[1] - n_dense, 1.0, VECTORS)
    X = sparse.csr_matrix(stacked @ sparse.diags(scale))
    target = np.concatenate([lesson.target for lesson in lessons])
    weight = np.concatenate([lesson.weight for lesson in lessons])
    weight = weight / weight.sum()
    width, n = X.shape[1], target.shape[1]
    Xt = sparse.csr_matrix(X.T)

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        weights = flat.reshape(width + 1, n)
        log = log_softmax(X @ weights[:-1] + weights[-1], axis=1)
        apart = weight[:, None] * (np.exp(log) - target)
        slope = np.vstack([Xt @ apart + penalty * weights[:-1], apart.sum(axis=0)])
        return float(-(weight[:, None] * target * log).sum() + penalty / 2 * (weights[:-1] ** 2).sum()), slope.ravel()

    found = minimize(loss, np.zeros(n * (width + 1)), jac=True, method="L-BFGS-B", options={"maxiter": 150})
    weights = found.x.reshape(width + 1, n)
    return weights[:-1] * scale[:, None], weights[-1]


def shares_of(X: sparse.csr_matrix, weights: np.ndarray, bias: np.ndarray) -> pd.DataFrame:
    """Return the probabilities (n, 3)."""
    return pd.DataFrame(np.exp(log_softmax(X @ weights + bias, axis=1)), columns=LABELS)


class Sources(NamedTuple):
    """All that is learnt from, read once."""

    replies: Lesson
    labels: np.ndarray
    fold: np.ndarray
    claims: Lesson
    told: Lesson
    camps: Lesson
    aside: np.ndarray
    """Which paragraphs of `told` stand in posts that are held out (n,) bool."""

    def lessons(self, *without: int) -> list[Lesson]:
        """Return the lessons: reply pairs outside some folds, claims, the cross-encoder's verdicts, exchanges."""
        return [of(self.replies, ~np.isin(self.fold, without)), self.claims, of(self.told, ~self.aside), self.camps]


def of(lesson: Lesson, rows: np.ndarray) -> Lesson:
    """Return some rows of a lesson; `rows` is bool (n,)."""
    return Lesson(lesson.X[np.flatnonzero(rows)], lesson.target[rows], lesson.weight[rows])


def sources(table: pd.DataFrame, camps: Path) -> Sources:
    """Read everything; `table` is what `verdicts` returns, `camps` a file of scripts/camps.py."""
    encoder = StaticEncoder(ENCODER)
    pairs, labels, agreed, fold = read_pairs(DATA / "stance/debagreement_dev.jsonl.gz")
    replies = Lesson(read_features(pairs, encoder), soften(labels, agreed).numpy(), np.ones(len(pairs)))
    texts, _ = claim_pairs(CLAIMS, seed=0)
    unsure = np.tile(replies.target.mean(axis=0), (len(texts), 1))
    judged = list(zip(table["target_text"], table["text"], strict=True))
    shares = table[[f"p_{name}" for name in LABELS]].to_numpy(np.float64)
    exchanged, sides = camp_pairs(camps, EXCHANGES, WITHIN, seed=0)
    return Sources(
        replies,
        labels,
        fold,
        Lesson(read_features(texts, encoder), unsure, np.full(len(texts), CLAIM_WEIGHT)),
        Lesson(read_features(judged, encoder), shares, np.full(len(table), VERDICT_WEIGHT)),
        Lesson(read_features(exchanged, encoder), sides.numpy(), np.full(len(exchanged), CAMP_WEIGHT)),
        split_by(table["post_id"].tolist(), 5) == 0,
    )


def chosen(source: Sources) -> float:
    """Return the penalty that tells fold 1 best, by log loss."""
    tried = {}
    for penalty in PENALTIES:
        tried[penalty] = show(f"penalty {penalty}", source, 1, fit(source.lessons(0, 1), penalty))["log_loss"]
    return min(tried, key=lambda key: tried[key])


def calibration(source: Sources, penalty: float) -> tuple[float, float]:
    """Return what makes a model that has not seen fold 1 right there as often as it is sure (dispute/static.py)."""
    held = source.fold == 1
    logs = np.log(shares_of(source.replies.X[np.flatnonzero(held)], *fit(source.lessons(0, 1), penalty)).to_numpy())
    labels = source.labels[held]

    def loss(told: np.ndarray) -> float:
        return float(-calibrated(logs, told[0], told[1])[np.arange(len(labels)), labels].mean())

    sharper, neutral = minimize(loss, np.array([1.0, 0.0]), method="Nelder-Mead").x.round(3)
    shares = pd.DataFrame(np.exp(calibrated(logs, sharper, neutral)), columns=LABELS)
    print_figures(f"{sharper} times as sure, neutral {neutral} likelier, fold 1", labels, shares)
    return float(sharper), float(neutral)


def show(name: str, source: Sources, k: int, model: tuple[np.ndarray, np.ndarray]) -> dict[str, float]:
    """Print and return the figures of a model on one fold of the replies."""
    held = source.fold == k
    return print_figures(f"{name}, fold {k}", source.labels[held], shares_of(source.replies.X[held], *model))


def print_figures(name: str, labels: np.ndarray, shares: pd.DataFrame, least: float = MIN_DISAGREE) -> dict[str, float]:
    """Print and return the figures of probabilities (n, 3) of replies with known labels; see `decide` for `least`."""
    found = {"f1_decided": float(f1_score(labels == 0, decide(shares, least) == "disagree"))}
    found |= figures(labels, shares.to_numpy())
    click.echo(f"{name}: " + ", ".join(f"{key} {value:.3f}" for key, value in found.items()))
    return found


def first_look(source: Sources, model: tuple[np.ndarray, np.ndarray], talk: tuple[np.ndarray, np.ndarray]) -> float:
    """Print how many paragraphs of the posts held out pass at which recall; return the threshold for RECALL.

    What must be let through is what the pool that ships (scripts/pool_stance.py) calls disagreement.
    """
    pool = json.loads((ROOT / "models" / DEFAULT_MODEL / POOL).read_text(encoding="utf-8"))
    X, cross = source.told.X[source.aside], np.log(source.told.target[source.aside])
    found = shares_of(X, *model)
    replies = expit(X @ talk[0] + talk[1]).ravel()
    both = pooled(cross, np.log(found.to_numpy()), replies, pool["weights"], pool["bias"])
    against = decide(pd.DataFrame(np.exp(both), columns=LABELS), pool["min_disagree"]) == "disagree"
    sure = found["disagree"].to_numpy()
    auc = roc_auc_score(against, sure)
    click.echo(f"{len(sure)} paragraphs of posts held out, {against.mean():.3f} of them disagree; AUC {auc:.3f}")
    for recall in (0.9, 0.95, 0.98, 0.99, RECALL):
        threshold = np.quantile(sure[against], 1 - recall)
        click.echo(f"recall {recall:.3f}: from {threshold:.3f} on, {(sure >= threshold).mean():.3f} of them pass")
    return float(np.quantile(sure[against], 1 - RECALL))


def fit_talk(lessons: list[Lesson], penalty: float) -> tuple[np.ndarray, np.ndarray]:
    """Return weights (width, 1) and a bias (1,) that tell replies and paragraphs of threads from bare arguments."""
    replies, claims, told, _ = lessons
    two = [
        Lesson(lesson.X, np.tile([float(talk), 1.0 - talk], (len(lesson.weight), 1)), lesson.weight)
        for lesson, talk in ((replies, True), (claims, False), (told, True))
    ]
    weights, bias = fit(two, penalty)
    return weights[:, :1] - weights[:, 1:], bias[:1] - bias[1:]


@click.command()
@click.option("--comments", default=9_000)
@click.option("--threads", default=2)
@click.option(
    "--verdicts", "path", type=click.Path(path_type=Path), required=True, help="Parquet file of the verdicts."
)
@click.option("--camps", type=click.Path(exists=True, path_type=Path), required=True, help="Of scripts/camps.py.")
@click.option("--cache", type=click.Path(path_type=Path), help="Where the cross-encoder keeps what it computed.")
@click.option("--out", type=click.Path(path_type=Path), default=ROOT / "models/threadkit-stance-static")
def main(comments: int, threads: int, path: Path, camps: Path, cache: Path | None, out: Path) -> None:
    """Choose, fit, print the held-out figures, save the weights to OUT."""
    if not path.exists():
        verdicts(comments, threads, cache).to_parquet(path)
    source = sources(pd.read_parquet(path), camps)
    penalty = chosen(source)
    sure = calibration(source, penalty)
    weights, bias = fit(source.lessons(0), penalty)
    talk = fit_talk(source.lessons(0), penalty)
    stored = (np.round(np.hstack([weights, talk[0]]) / STEP) * STEP).astype(np.float16)
    model = stored[:, :-1].astype(np.float64), bias
    show(f"ships: penalty {penalty}", source, 0, model)
    least = first_look(source, model, talk)
    out.mkdir(exist_ok=True)
    np.savez_compressed(out / WEIGHTS, weights=stored, bias=np.append(bias, talk[1]), least=least, sure=sure)


if __name__ == "__main__":
    main()
