"""Group the same texts by BERTopic and by threadkit, and score both against what people saw to be the same point.

    python scripts/bench_grouping.py

Needs `pip install bertopic`. Texts: the KPA-2021 dev topics, which no training of ours has seen, one topic and side at
a time (arguments of exactly one key point), and all opposing arguments together, as a forum's objections handed over
ready-made. Then real paragraphs of debates, by two seeds. BERTopic runs with its defaults and over a range of its
smallest topic size, of which the best on these very texts is shown: a favour that threadkit does not get. Its vectors
are those of the base model that it loads by default, or threadkit's own.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import click
import numpy as np
import pandas as pd
import splits
from bench_threads import records
from grouping import by_topic_and_side, compare, of_one_point, truth
from point_forum import MIN_HELD, MIN_POSTS, MIN_PURE, POSTS
from sklearn.metrics import adjusted_rand_score
from training import base_weights

if TYPE_CHECKING:
    from collections.abc import Callable

    Group = Callable[[list[str], np.ndarray], np.ndarray]

SIZES = (3, 5, 10, 20)


def bertopic(min_topic_size: int, seed: int = 0) -> Group:
    """Return BERTopic's grouping of texts and vectors; seeded, or else no two runs are alike."""

    def group(texts: list[str], vectors: np.ndarray) -> np.ndarray:
        from bertopic import BERTopic
        from umap import UMAP

        # BERTopic's own settings of UMAP; the seed is all that is added.
        umap = UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=seed, low_memory=False)
        try:
            topics, _ = BERTopic(min_topic_size=min_topic_size, umap_model=umap).fit_transform(texts, vectors)
        except (TypeError, ValueError, IndexError):  # it fails on few texts
            return np.full(len(texts), -1)
        return np.array(topics)

    return group


def threadkit(_: list[str], vectors: np.ndarray, seed: int = 0) -> np.ndarray:
    """Return the groups that threadkit makes."""
    from threadkit.crux.cluster import CruxClusterer

    return CruxClusterer(random_state=seed).fit_predict(vectors)


def same_point(arguments: list[dict[str, Any]], vectors: np.ndarray, group: Group) -> dict[str, float]:
    """Return means over topics and sides, on the arguments of one key point."""
    one = of_one_point(arguments)
    kept, near, gold = [arguments[i] for i in one], vectors[one], truth([arguments[i] for i in one])
    each = [
        compare(gold[rows], group([kept[i]["text"] for i in rows], near[rows]))
        for rows in by_topic_and_side(kept).values()
    ]
    return {name: float(np.mean([e[name] for e in each])) for name in each[0]}


def ready_made(arguments: list[dict[str, Any]], vectors: np.ndarray, group: Group) -> dict[str, float]:
    """Return how well the points on several posts are found among all opposing arguments, handed over as objections.

    The measures of scripts/point_forum.py; an argument in which people saw no key point belongs to none.
    """
    rng = np.random.default_rng(0)
    rows = np.flatnonzero([a["stance"] < 0 for a in arguments])
    against = [arguments[i] for i in rows]
    post = pd.Series([f"{a['topic']} {rng.integers(POSTS)}" for a in against])
    point = pd.Series([a["key_points"][0] if a["key_points"] else None for a in against], dtype="string")
    labels = pd.Series(group([a["text"] for a in against], vectors[rows]))
    n_posts = post.groupby(point).nunique()
    recurring_points = n_posts.index[n_posts >= MIN_POSTS]
    table = pd.crosstab(point[labels >= 0], labels[labels >= 0])
    held = table.div(point.value_counts(), axis=0).max(axis=1).reindex(recurring_points).fillna(0)
    several = post.groupby(labels).nunique()
    inside = table.reindex(columns=several.index[(several >= 2) & (several.index >= 0)], fill_value=0)
    judged = (point.notna()).to_numpy()
    pure = (inside.max() / inside.sum())[inside.sum() >= 2]
    return {
        "points found": float((held >= MIN_HELD).mean()),
        "pure": float((pure >= MIN_PURE).mean()) if len(pure) else 0.0,
        "ARI": compare(point[judged].to_numpy(), labels[judged].to_numpy())["ari"],
        "ungrouped": float((labels < 0).mean()),
    }


def paragraphs(n: int) -> list[str]:
    """Return n distinct paragraphs of real debates, each long enough to say something."""
    kept: dict[str, None] = {}
    for record in records("debate", 4 * n):
        if record["kind"] == "comment":
            kept |= dict.fromkeys(part for part in record["text"].split("\n\n") if 60 <= len(part) <= 600)
        if len(kept) >= n:
            break
    return list(kept)[:n]


def row(name: str, figures: dict[str, float], seconds: float) -> None:
    """Print one line of a table."""
    click.echo(f"| {name} | " + " | ".join(f"{v:.3f}" for v in figures.values()) + f" | {seconds:.1f} s |")


@click.command()
@click.option(
    "--paragraphs", "n", default=10_000, show_default=True, help="Real paragraphs for the two seeds; 0: none."
)
@click.option("--threads", default=2, show_default=True)
def main(n: int, threads: int) -> None:
    """Print three tables."""
    from threadkit.crux.encode import SentenceEncoder

    arguments = splits.kpa("gate")
    texts = [a["text"] for a in arguments]
    vectors = {
        "its MiniLM": SentenceEncoder(str(base_weights()), threads).encode(texts),
        "our vectors": SentenceEncoder(threads=threads).encode(texts),
    }
    for score in (same_point, ready_made):
        click.echo(f"\n{(score.__doc__ or '').splitlines()[0]}")
        for name, near in vectors.items():
            found = []
            for size in SIZES:
                begun = time.monotonic()
                found.append((size, score(arguments, near, bertopic(size)), time.monotonic() - begun))
            row(f"BERTopic, {name}, defaults ({', '.join(found[2][1])})", found[2][1], found[2][2])
            best = max(found, key=lambda f: f[1].get("ari", f[1].get("ARI", 0)))
            row(f"BERTopic, {name}, best smallest topic ({best[0]})", *best[1:])
        begun = time.monotonic()
        row("threadkit", score(arguments, vectors["our vectors"], threadkit), time.monotonic() - begun)
    if n:
        real = paragraphs(n)
        near = SentenceEncoder(threads=threads).encode(real)
        click.echo(f"\nTwo seeds on {len(real)} real paragraphs: adjusted Rand, groups, ungrouped")
        pairs: dict[str, Callable[[int], np.ndarray]] = {
            "threadkit": lambda seed: threadkit(real, near, seed),
            "BERTopic, our vectors, defaults": lambda seed: bertopic(10, seed)(real, near),
        }
        for name, by in pairs.items():
            begun = time.monotonic()
            one, two = by(0), by(1)
            told = {"ari": adjusted_rand_score(one, two), "groups": len(set(one)) - 1, "none": float((one < 0).mean())}
            row(name, told, time.monotonic() - begun)


if __name__ == "__main__":
    main()
