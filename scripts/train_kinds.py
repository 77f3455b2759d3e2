"""Train the kinds of disagreement (threadkit/dispute/kinds.py) on corpora/kinds/train.jsonl.

    python scripts/train_kinds.py
    python scripts/train_kinds.py --encoder threadkit-static

How strongly the vector weighs beside the words, and how simple the model is, is chosen by folds of whole topics; the
temperature of its probabilities is set on what those folds held out. corpora/kinds/held-out.jsonl, other topics, is
scored and never learnt from.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
import numpy as np
from scipy.optimize import minimize_scalar
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from training import ROOT, calibration_error, split_by

from threadkit.base.features import words_and_vectors
from threadkit.crux.encode import open_encoder
from threadkit.dispute.kinds import CLASSES, ENCODER, WEIGHTS, Kinds

SOURCE = ROOT / "corpora/kinds"
FOLDS = 5
SCALES = (0.5, 1.0, 2.0)
COSTS = (1.0, 3.0, 10.0, 30.0)


def read(part: str, encoder: str = ENCODER) -> tuple[list[str], np.ndarray, list[str], np.ndarray]:
    """Return the sentences of a part, their kinds as numbers (n,), their topics, their vectors (n, dim)."""
    rows = [json.loads(line) for line in (SOURCE / f"{part}.jsonl").read_text(encoding="utf-8").splitlines()]
    texts = [row["text"] for row in rows]
    kinds = np.array([CLASSES.index(row["kind"]) for row in rows])
    return texts, kinds, [row["topic"] for row in rows], open_encoder(encoder).encode(texts)


def fit(X: Any, kinds: np.ndarray, cost: float) -> LogisticRegression:
    """Return a logistic regression; its classes are the numbers of CLASSES in order."""
    return LogisticRegression(C=cost, max_iter=3000).fit(X, kinds)


def out_of_fold(texts: list[str], kinds: np.ndarray, fold: np.ndarray, vectors: np.ndarray, scale: float, cost: float):  # noqa: ANN201
    """Return the scores (n, 7) of each sentence by the model that did not see its topic."""
    X, scores = words_and_vectors(texts, vectors, scale), np.zeros((len(texts), len(CLASSES)))
    for k in range(FOLDS):
        scores[fold == k] = fit(X[fold != k], kinds[fold != k], cost).decision_function(X[fold == k])
    return scores


def softmax(scores: np.ndarray) -> np.ndarray:
    """Return probabilities (n, classes)."""
    odds = np.exp(scores - scores.max(axis=1, keepdims=True))
    return odds / odds.sum(axis=1, keepdims=True)


def loss(shares: np.ndarray, kinds: np.ndarray) -> float:
    """Return the mean log loss."""
    return float(-np.log(shares[np.arange(len(kinds)), kinds]).mean())


def score(model: Kinds, texts: list[str], vectors: np.ndarray, kinds: np.ndarray) -> dict[str, float]:
    """Return macro F1, accuracy and calibration error of a model."""
    shares = model.predict_proba(texts, vectors)
    guess = shares.argmax(axis=1)
    return {
        "macro_f1": float(f1_score(kinds, guess, average="macro")),
        "accuracy": float((guess == kinds).mean()),
        "calibration_error": calibration_error(shares, kinds),
    }


@click.command()
@click.option("--encoder", type=click.Choice(list(WEIGHTS)), default=ENCODER, show_default=True)
@click.option("--out", type=click.Path(path_type=Path), default=ROOT / "models/threadkit-kinds")
def main(encoder: str, out: Path) -> None:
    """Choose, train, print the held-out figures, save the weights to OUT."""
    texts, kinds, topics, vectors = read("train", encoder)
    fold = split_by(topics, FOLDS)
    grid = {(s, c): out_of_fold(texts, kinds, fold, vectors, s, c) for s in SCALES for c in COSTS}
    f1 = {key: f1_score(kinds, scores.argmax(axis=1), average="macro") for key, scores in grid.items()}
    for (scale, cost), value in f1.items():
        click.echo(f"scale {scale} C {cost}: macro F1 over topics left out {value:.4f}")
    scale, cost = max(f1, key=lambda key: f1[key])
    warm = minimize_scalar(lambda t: loss(softmax(grid[scale, cost] / t), kinds), bounds=(0.2, 5), method="bounded").x
    click.echo(f"scale {scale} C {cost} temperature {warm:.3f}")
    fitted = fit(words_and_vectors(texts, vectors, scale), kinds, cost)
    weights, bias = (fitted.coef_.T / warm).astype(np.float16), (fitted.intercept_ / warm).astype(np.float32)
    out.mkdir(exist_ok=True)
    np.savez_compressed(out / WEIGHTS[encoder], weights=weights, bias=bias, scale=scale)
    model = Kinds(weights.astype(np.float64), bias.astype(np.float64), scale)
    held_texts, held, _, held_vectors = read("held-out", encoder)
    click.echo(json.dumps({"held out": len(held), **score(model, held_texts, held_vectors, held)}))
    shares = model.predict_proba(held_texts, held_vectors)
    for least in (0.3, 0.4, 0.5, 0.6, 0.7):
        told = shares.max(axis=1) >= least
        right = (shares.argmax(axis=1) == held)[told].mean()
        click.echo(f"from {least:.1f} on: {told.mean():.3f} have a kind, {right:.3f} of them the right one")


if __name__ == "__main__":
    main()
