"""Train what tells which general points an objection voices (threadkit/crux/topoi.py).

    python scripts/train_topoi.py
    python scripts/train_topoi.py --encoder threadkit-static

A logistic regression for each point of corpora/topoi over a text's vectors, learnt from its own sentences and from
texts of which corpora/judged tells what they voice. Figures are printed on topics left out, and on the motions of
GPR-KB-55 kept for tuning: whether sentences on two motions that people found to voice one claim are told to voice one
point.
"""

from __future__ import annotations

import json
from pathlib import Path

import click
import judged
import numpy as np
import splits
import torch
from camps import exchanges
from grouping import general_pairs
from point_sources import Topoi as Source
from sklearn.metrics import f1_score
from training import ROOT, split_by

from threadkit.base.static import StaticEncoder
from threadkit.crux.encode import open_encoder
from threadkit.crux.topoi import MOST, WEIGHTS, Topoi, both

FOLDS = 4
# What a sentence written for a point counts beside a judged text, and how sure it is that it voices the point.
WRITTEN, SURE = 0.5, 0.9
# What the squares of the weights cost, to choose from.
COSTS = (3e-8, 1e-7, 3e-7, 1e-6)
# From this probability on whoever read a text is taken to say that it voices a point.
VOICED = 0.3


def fit(X: np.ndarray, told: np.ndarray, weight: np.ndarray, cost: float, names: list[str]) -> Topoi:
    """Fit texts (n, dim) to how likely each voices each point (n, points); `weight` (n,) is what a text counts."""
    x, y, w = (torch.tensor(a, dtype=torch.float32) for a in (X, told, weight[:, None]))
    layer = torch.nn.Linear(x.shape[1], y.shape[1])
    torch.nn.init.zeros_(layer.weight)
    torch.nn.init.constant_(layer.bias, -4.0)
    descent = torch.optim.LBFGS(layer.parameters(), max_iter=150, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        descent.zero_grad()
        each = torch.nn.functional.binary_cross_entropy_with_logits(layer(x), y, reduction="none")
        out = (each * w).sum() / (w.sum() * y.shape[1]) + cost * (layer.weight**2).sum()
        out.backward()
        return out

    descent.step(loss)
    return Topoi(names, layer.weight.detach().numpy().T, layer.bias.detach().numpy())


def features(texts: list[str], encoder: str) -> np.ndarray:
    """Return what the model for an encoder reads of texts."""
    return both(open_encoder(encoder).encode(texts), StaticEncoder().encode(texts), encoder)


def told_most(shares: np.ndarray, least: float) -> np.ndarray:
    """Return which points are told of each text (n, points): the likeliest MOST from a probability of `least` on."""
    return (shares >= least) & (shares >= np.sort(shares, axis=1)[:, [-MOST]])


def score_pairs(told: np.ndarray, pairs: np.ndarray, same: np.ndarray) -> float:
    """Return the F1 of pairs (p, 2) of texts that are told (n, points) a point in common, beside those that are one."""
    return float(f1_score(same, (told[pairs[:, 0]] & told[pairs[:, 1]]).any(axis=1)))


@click.command()
@click.option("--encoder", type=click.Choice(list(WEIGHTS)), default="threadkit-point", show_default=True)
@click.option("--threads", default=1)
@click.option("--out", type=click.Path(path_type=Path), default=ROOT / "models/threadkit-topoi")
def main(encoder: str, threads: int, out: Path) -> None:
    """Choose, print the figures, train on all, save the weights to OUT."""
    torch.set_num_threads(threads)
    debates, source = exchanges(), Source()
    names = [point["point"] for point in source.points]
    table = judged.topoi(judged.learnt() | judged.words_of(debates)).reindex(columns=names, fill_value=0.0)
    topic = judged.topics_of(table.index, debates)
    written = [(text, k) for k, point in enumerate(source.points) for text in (*point["texts"], point["claim"])]
    X, own = features(table.index.tolist(), encoder), features([text for text, _ in written], encoder)
    told, sure = table.to_numpy(), SURE * np.eye(len(names))[[k for _, k in written]]
    click.echo(f"{len(X)} texts, {len(own)} sentences of {len(names)} points")

    def fitted(rows: np.ndarray, cost: float) -> Topoi:
        weight = np.r_[np.ones(len(rows)), np.full(len(own), WRITTEN)]
        return fit(np.r_[X[rows], own], np.r_[told[rows], sure], weight, cost, names)

    fold, debate = split_by(topic, FOLDS), np.isin(topic, debates["topic"].unique())
    found = {cost: np.zeros_like(told) for cost in COSTS}
    for cost, shares in found.items():
        for k in range(FOLDS):
            shares[fold == k] = fitted(np.flatnonzero(fold != k), cost).predict_proba(X[fold == k])
    loss = {
        cost: float(-(told * np.log(s) + (1 - told) * np.log1p(-s)).sum(axis=1).mean()) for cost, s in found.items()
    }
    click.echo(json.dumps({"log loss on topics left out": {str(cost): round(each, 4) for cost, each in loss.items()}}))
    best = min(loss, key=lambda cost: loss[cost])
    model, right = fitted(np.arange(len(X)), best), told >= VOICED
    sentences, same, pairs = general_pairs(splits.general("tune"))
    voiced = model.predict_proba(features(sentences, encoder))
    for least in (0.05, 0.1, 0.15, 0.2, 0.3, 0.4):
        said = told_most(found[best], least)
        figures = {
            "from": least,
            "have one": said.any(axis=1).mean(),
            "right": right[said].mean(),
            "found": said[right].mean(),
            "right in debates": right[debate][said[debate]].mean(),
            "have one in debates": said[debate].any(axis=1).mean(),
            "general claims, pair F1": score_pairs(told_most(voiced, least), pairs, same),
        }
        click.echo(json.dumps({name: round(float(each), 3) for name, each in figures.items()}))
    out.mkdir(exist_ok=True)
    model.save(out / WEIGHTS[encoder])


if __name__ == "__main__":
    main()
