"""Train what tells a sentence that states a point from one that tells a case of it (threadkit/crux/statement.py).

    python scripts/train_statement.py

The points of corpora/arguments and corpora/topoi against the sentences in which people make them. How strongly the
vector weighs beside the words, and how simple the model is, is chosen by folds of whole topics.
"""

from __future__ import annotations

import json
from pathlib import Path

import click
import numpy as np
from arguments import topics
from point_sources import Topoi
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from training import ROOT, split_by

from threadkit.base.features import Linear, shape_too
from threadkit.base.static import StaticEncoder
from threadkit.base.text import plain, sentences, words
from threadkit.crux.proposition import as_proposition

FOLDS = 5
SCALES = (0.3, 1.0, 3.0)
COSTS = (0.3, 1.0, 3.0)

# The first texts of a point in corpora/arguments are sentences that give a reason, neither the point nor a case of it.
SHORT = 3

# Fewer words tell nothing.
FEWEST = 4


def read() -> tuple[list[str], np.ndarray, np.ndarray]:
    """Return sentences, whether each states a point (n,), folds by topic (n,)."""
    found = []
    for topic in topics():
        for point in topic.points:
            found.append((point["claim"], True, topic.topic))
            found += [(text, False, topic.topic) for text in point["texts"][SHORT:]]
    for point in Topoi().points:
        found.append((point["claim"], True, point["point"]))
        found += [(text, False, point["point"]) for text in point["texts"]]
    cut = [
        (as_proposition(sentence), stated, topic)
        for text, stated, topic in found
        for sentence in sentences(plain(text))
        if len(words(sentence)) >= FEWEST
    ]
    told, stated, topic = zip(*cut, strict=True)
    return list(told), np.array(stated), split_by(list(topic), FOLDS)


@click.command()
@click.option("--out", type=click.Path(path_type=Path), default=ROOT / "models/threadkit-statement")
def main(out: Path) -> None:
    """Choose, train, print the figures of topics left out, save the weights to OUT."""
    told, stated, fold = read()
    vectors = StaticEncoder().encode(told)
    click.echo(f"{len(told)} sentences, {int(stated.sum())} of them state a point")
    auc = {}
    for scale in SCALES:
        X = shape_too(told, vectors, scale)
        for cost in COSTS:
            scores = np.zeros(len(told))
            for k in range(FOLDS):
                scores[fold == k] = _fit(X[fold != k], stated[fold != k], cost).decision_function(X[fold == k])
            auc[scale, cost] = float(roc_auc_score(stated, scores))
            click.echo(f"scale {scale} C {cost}: AUC over topics left out {auc[scale, cost]:.4f}")
    scale, cost = max(auc, key=lambda key: auc[key])
    fitted = _fit(shape_too(told, vectors, scale), stated, cost)
    model = Linear(fitted.coef_[0], float(fitted.intercept_[0]), scale)
    model.save(out)
    shares = model.predict_proba(told, vectors)
    click.echo(json.dumps({"scale": scale, "C": cost, "learnt": float(roc_auc_score(stated, shares))}))


def _fit(X: object, stated: np.ndarray, cost: float) -> LogisticRegression:
    return LogisticRegression(C=cost, max_iter=2000, class_weight="balanced").fit(X, stated)


if __name__ == "__main__":
    main()
