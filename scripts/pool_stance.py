"""Fit how the cross-encoder's and the static model's verdicts are pooled (threadkit/dispute/judges.py).

    python scripts/train_stance.py --folds 1 --scores scores.npz
    python scripts/pool_stance.py --scores scores.npz --verdicts verdicts.parquet

Both are scored on fold 1, by a cross-encoder and a static model that were trained without it (and without fold 0, which
the gate keeps). The weights are those with the least log loss there, written beside the cross-encoder. A bias for each
class, fitted with them, lifts macro F1 on fold 0 from 0.56 to 0.59, but calls those neutral who seldom say that they
disagree: on corpora/demo F1 of objections falls from 0.61 to 0.59. So there is none.
"""

from __future__ import annotations

import json
from pathlib import Path

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


@click.command()
@click.option("--scores", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--verdicts", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--penalty", default=3e-3, show_default=True, help="That of the static model that ships.")
@click.option("--out", type=click.Path(path_type=Path), default=ROOT / "models/threadkit-stance")
def main(scores: Path, verdicts: Path, penalty: float, out: Path) -> None:
    """Fit, print the figures on fold 1, write the weights to OUT."""
    source = sources(pd.read_parquet(verdicts))
    held, labels = source.fold == 1, source.labels[source.fold == 1]
    cross = np.log(np.load(scores)["held"][held])
    static = np.log(shares_of(source.replies.X[held], *fit(source.lessons(2), penalty)).to_numpy())
    weights, bias = fit_talk(source.lessons(2), penalty)
    replies = expit(source.replies.X[held] @ weights + bias).ravel()

    def both(told: np.ndarray) -> np.ndarray:
        """Pool by two weights."""
        return pooled(cross, static, replies, told)

    def loss(told: np.ndarray) -> float:
        return float(-both(told)[np.arange(len(labels)), labels].mean())

    told = minimize(loss, np.array([0.5, 0.5]), method="Nelder-Mead", options={"maxiter": 4000}).x.round(3)
    for name, logs in {"cross-encoder": cross, "static": static, "pooled": both(told)}.items():
        print_figures(name, labels, pd.DataFrame(np.exp(logs), columns=LABELS))
    for least in np.arange(0.2, 0.45, 0.05):
        shares = pd.DataFrame(np.exp(both(told)), columns=LABELS)
        click.echo(f"disagree from {least:.2f} on: F1 {f1_score(labels == 0, decide(shares, least) == 'disagree'):.4f}")
    pool = {"beside": MODEL, "weights": told.tolist()}
    click.echo(json.dumps(pool))
    (out / POOL).write_text(json.dumps(pool) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
