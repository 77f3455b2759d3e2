"""Train the sieve (threadkit/dispute/sieve.py) on the cross-encoder's verdicts about real threads.

    python scripts/train_sieve.py --comments 10000

Threads come from ../shared/data/threads (scripts/bench.py chooses them). The verdicts are kept in a Parquet file, for
they take minutes. A fifth of the posts is held out: the threshold is the highest that keeps RECALL of their
disagreements, and the share of segments that pass it is printed.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import click
import numpy as np
import orjson
import pandas as pd
from bench import records
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from training import ROOT, split_by

from threadkit.dispute.sieve import features

# Share of the cross-encoder's disagreements that the sieve must let through.
RECALL = 0.95


def verdicts(n_comments: int, threads: int) -> pd.DataFrame:
    """Return the segments of real threads with their targets and the cross-encoder's stance."""
    from threadkit.base.progress import Bars
    from threadkit.dispute.quotes import mark, trace
    from threadkit.dispute.segment import segment
    from threadkit.dispute.stance import StanceClassifier, judge
    from threadkit.dispute.target import aim
    from threadkit.pipeline import in_order
    from threadkit.readers.read import read

    with tempfile.TemporaryDirectory() as work:
        export = Path(work) / "threads.jsonl"
        export.write_bytes(b"".join(orjson.dumps(record) + b"\n" for record in records(n_comments)))
        corpus = read(export)
    comments = in_order(corpus.comments, "post_id", "posted_at")
    segments = segment(comments)
    quotes = trace(segments, comments, corpus.posts)
    targets = aim(mark(segments, quotes), quotes, comments, corpus.posts)
    with Bars().stage("judging", len(targets)) as done:
        return targets.assign(stance=judge(targets, StanceClassifier(threads=threads), done)["stance"])


@click.command()
@click.option("--comments", default=10_000)
@click.option("--threads", default=2)
@click.option(
    "--verdicts", "path", type=click.Path(path_type=Path), required=True, help="Parquet file of the verdicts."
)
@click.option("--out", type=click.Path(path_type=Path), default=ROOT / "models/threadkit-sieve")
def main(comments: int, threads: int, path: Path, out: Path) -> None:
    """Print the held-out figures and save weights.npz to OUT."""
    if not path.exists():
        verdicts(comments, threads).to_parquet(path)
    table = pd.read_parquet(path)
    against = (table["stance"] == "disagree").to_numpy()
    held = split_by(table["post_id"].tolist(), 5) == 0
    X = features(table)
    model = LogisticRegression(C=1.0, max_iter=400).fit(X[~held], against[~held])
    scores = X @ model.coef_[0].astype(np.float32) + model.intercept_[0]
    threshold = np.quantile(scores[held & against], 1 - RECALL)
    click.echo(
        f"{(~held).sum()} segments learnt from, {held.sum()} held out, {against[held].mean():.3f} of them disagree; "
        f"AUC {roc_auc_score(against[held], scores[held]):.3f}"
    )
    for recall in (0.8, 0.85, 0.9, 0.95, 0.98):
        passed = (scores[held] >= np.quantile(scores[held & against], 1 - recall)).mean()
        click.echo(f"recall {recall:.2f}: {passed:.3f} of the segments pass")
    out.mkdir(exist_ok=True)
    np.savez(
        out / "weights.npz", weights=model.coef_[0].astype(np.float16), bias=model.intercept_[0], threshold=threshold
    )


if __name__ == "__main__":
    main()
