"""Fit how the cross-encoder's and the static model's verdicts are pooled (threadkit/dispute/judges.py).

    python scripts/train_stance.py --folds 1 --scores scores.npz
    python scripts/pool_stance.py --scores scores.npz --verdicts verdicts.parquet

Both are scored on fold 1, by a cross-encoder and a static model that were trained without it (and without fold 0, which
the gate keeps). The weights are those with the least log loss there, then the bias of neutral, which leaves alone who
weighs how much: fitted together, the static model weighs more, and on corpora/demo, whose people seldom say that they
disagree, the objections are less often right (0.628 instead of 0.634). Written beside the cross-encoder.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

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
    from collections.abc import Callable

# From one of these on a reply disagrees (dispute/stance.py): where F1 is best.
SHARES = (0.20, 0.25, 0.30, 0.35, 0.40, 0.45, 0.50)


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
    talk = fit_talk(source.lessons(2), penalty)
    replies = expit(source.replies.X[held] @ talk[0] + talk[1]).ravel()

    def both(weights: np.ndarray, neutral: np.ndarray) -> np.ndarray:
        """Pool; only neutral has a bias."""
        return pooled(cross, static, replies, weights, [0.0, float(neutral[0]), 0.0])

    def least(of: Callable[[np.ndarray], np.ndarray], begin: list[float]) -> np.ndarray:
        """Return the numbers of which the log probabilities have the least loss."""
        right = np.arange(len(labels)), labels
        found = minimize(lambda x: -of(x)[right].mean(), begin, method="Nelder-Mead", options={"maxiter": 4000})
        return np.asarray(found.x.round(3))

    weights = least(lambda x: both(x, np.zeros(1)), [0.5, 0.5])
    bias = least(lambda x: both(weights, x), [0.1])
    logs = both(weights, bias)
    for name, told in {"cross-encoder": cross, "static": static, "pooled": logs}.items():
        print_figures(name, labels, pd.DataFrame(np.exp(told), columns=LABELS))
    shares = pd.DataFrame(np.exp(logs), columns=LABELS)
    f1 = {share: f1_score(labels == 0, decide(shares, share) == "disagree") for share in SHARES}
    for share, value in f1.items():
        click.echo(f"disagree from {share:.2f} on: F1 {value:.4f}")
    best = max(SHARES, key=lambda share: f1[share])
    pool = {"beside": MODEL, "weights": weights.tolist(), "bias": [0.0, float(bias[0]), 0.0], "min_disagree": best}
    click.echo(json.dumps(pool))
    (out / POOL).write_text(json.dumps(pool) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
