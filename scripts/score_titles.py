"""Score the titles of cruxes on the parts that scripts/splits.py keeps for tuning: never on the gate's topics.

    python scripts/score_titles.py [--train]

The groups are those of KPA-2021 arguments that make exactly one key point, within a topic and side, and of
Perspectrum's perspectives, all claims mixed. Beside the share of titles that make their group's main point stand the
shares of titles with each fault of crux/proposition.py. A group of two that make two points is a tie: its title is
right in half the cases, whichever it is. `--train` adds the topics that the encoder has learnt from, whose groups are
too pure.

Last, how well `fitness` tells sentences that were written to stand alone (the arguments and perspectives) from those of
threads (../shared/data/threads): the area under the ROC curve.
"""

from __future__ import annotations

from typing import Any

import bench_threads
import click
import numpy as np
import pandas as pd
import splits
from grouping import of_one_point, titled
from sklearn.metrics import roc_auc_score

# Comments of debates, the smallest topics first, whose sentences are put beside those that were written to stand alone.
COMMENTS = 500


def perspectives() -> list[dict[str, Any]]:
    """Return Perspectrum's perspectives as arguments on one topic and side, so that all are grouped together."""
    return [
        {"id": f"{i}", "text": p["text"], "topic": "all claims", "stance": 1, "key_points": [p["cluster"]]}
        for i, p in enumerate(splits.perspectrum("tune"))
    ]


def arguments(part: str) -> list[dict[str, Any]]:
    """Return the KPA-2021 arguments of a part that make exactly one key point."""
    every = splits.kpa(part)
    return [every[i] for i in of_one_point(every)]


def told_apart(alone: list[str]) -> float:
    """Return the area under the ROC curve of `fitness`: sentences written to stand alone against those of threads."""
    from threadkit.base.text import plain, sentences
    from threadkit.crux.proposition import as_proposition, fitness

    texts = [record["text"] for record in bench_threads.records("debate", COMMENTS) if record["kind"] == "comment"]
    own = [line for text in texts for line in text.split("\n") if line.strip() and not line.startswith(">")]
    talk = [sentence for line in own for sentence in sentences(plain(line))]
    drawn = np.random.default_rng(0)
    alone, talk = (
        [texts[i] for i in drawn.permutation(len(texts))[: min(len(alone), len(talk))]] for texts in (alone, talk)
    )
    scores = [fitness(as_proposition(sentence)) for sentence in [*alone, *talk]]
    return float(roc_auc_score([1] * len(alone) + [0] * len(talk), scores))


@click.command()
@click.option("--train", is_flag=True, help="Score topics that the encoder has learnt from too.")
@click.option("--threads", default=2, show_default=True)
def main(*, train: bool, threads: int) -> None:
    """Print the figures."""
    from threadkit.crux.encode import SentenceEncoder
    from threadkit.crux.proposition import faults

    sets = {"KPA-2021, tuning": arguments("tune"), "Perspectrum, tuning": perspectives()}
    if train:
        sets["KPA-2021, learnt from"] = arguments("train")
    encoder = SentenceEncoder(threads=threads)
    for name, texts in sets.items():
        found = titled(texts, encoder)
        sure = found[~found["tied"]]
        click.echo(
            f"{name}: {len(found)} groups, title right {found['right'].mean():.3f}, "
            f"without the {found['tied'].mean():.0%} ties {sure['right'].mean():.3f}"
        )
        shares = pd.DataFrame([faults(title) for title in found["title"]]).gt(0).mean()
        click.echo("  " + ", ".join(f"{fault} {share:.3f}" for fault, share in shares.items() if share))
    alone = [a["text"] for a in [*sets["KPA-2021, tuning"], *sets["Perspectrum, tuning"]]]
    click.echo(f"written to stand alone or not: AUC {told_apart(alone):.3f}")


if __name__ == "__main__":
    main()
