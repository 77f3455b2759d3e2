"""Train what tells talk about the debate from an objection that makes a point (threadkit/crux/talk.py).

    python scripts/train_talk.py

Objections of real debates of which corpora/judged says that they make no point that one could name, against those that
make one, arguments written for threadkit, and what people hold for and against the claims of KPA-2021 and Perspectrum
(the parts for training). Judged ones are scored on topics left out, where it was asked outright whether they make one.
"""

from __future__ import annotations

import json
from pathlib import Path

import arguments
import click
import judged
import numpy as np
import splits
from camps import exchanges
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from training import ROOT

from threadkit.base.features import Linear, shape_too
from threadkit.base.static import StaticEncoder

# What the vector weighs beside the words, and how simple the model is: on topics left out others are no better.
SCALE, COST = 1.0, 0.3

# Texts that make a point whatever the debate, of each source, and what one counts beside a judged one.
WRITTEN, KPA, PERSPECTRUM, WEIGHT = 3000, 1500, 800, 0.3


def others(rng: np.random.Generator) -> list[str]:
    """Return texts that make a point, of other sources than debates."""
    sources = {
        WRITTEN: [text for topic in arguments.topics() for point in topic.points for text in point["texts"]],
        KPA: [row["text"] for row in splits.kpa("train")],
        PERSPECTRUM: [row["text"] for row in splits.perspectrum("train")],
    }
    return [texts[i] for n, texts in sources.items() for i in rng.choice(len(texts), n, replace=False)]


@click.command()
@click.option("--out", type=click.Path(path_type=Path), default=ROOT / "models/threadkit-talk")
def main(out: Path) -> None:
    """Print the figures of topics left out, train on all, save the weights to OUT."""
    table = judged.pointless(exchanges())
    talk, topic = table["talk"].to_numpy(), table["topic"].to_numpy()
    more = others(np.random.default_rng(0))
    encoder = StaticEncoder()
    X, known = (shape_too(texts, encoder.encode(texts), SCALE) for texts in (table["text"].tolist(), more))
    click.echo(f"{len(talk)} objections, {int(talk.sum())} of them talk; {len(more)} other texts")

    def fit(rows: np.ndarray) -> LogisticRegression:
        told = np.r_[talk[rows], np.zeros(len(more), dtype=bool)]
        weight = np.r_[np.ones(len(rows)), np.full(len(more), WEIGHT)]
        model = LogisticRegression(C=COST, max_iter=2000)
        return model.fit(sparse.vstack([X[rows], known]).tocsr(), told, sample_weight=weight)

    found = np.zeros(len(talk))
    for name in np.unique(topic):
        own = np.flatnonzero(topic == name)
        found[own] = fit(np.flatnonzero(topic != name)).predict_proba(X[own])[:, 1]
    asked = table["asked"].to_numpy()
    click.echo(json.dumps({"topics left out": {"auc": float(roc_auc_score(talk[asked], found[asked]))}}))
    for sure in (0.3, 0.4, 0.5, 0.6):
        said = (found >= sure)[asked]
        right, caught = talk[asked][said].mean(), said[talk[asked]].mean()
        click.echo(f"{said.mean():.3f} from {sure} on: {right:.2f} of them are talk, {caught:.2f} of the talk is found")
    fitted = fit(np.arange(len(talk)))
    Linear(fitted.coef_[0], float(fitted.intercept_[0]), SCALE).save(out)


if __name__ == "__main__":
    main()
