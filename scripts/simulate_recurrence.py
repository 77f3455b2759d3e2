"""Measure whether q-values keep their word: corpora in which the truth is planted, through the real code.

    python scripts/simulate_recurrence.py --corpora 200

A corpus has posts and authors of heavy-tailed activity. Most objections are noise: points of their own, or points
that are local to a post, where people pile on. Planted among them: points that come back on 4 to 8 posts by
different authors; points that one loud author raises on ten posts; texts that are pasted on ten posts. Objections
are vectors (topic of the post + point + a manner that strangers share + noise), so that CruxClusterer makes the
mistakes that it makes; copies are texts and are folded by fold_copies. A crux is a true discovery when more
than half of its objections voice one planted point.

Prints, for each weight of the shared manner: how often noise crosses posts, the false discovery rate
at q ≤ 0.05, the power for points on 4 posts, and whether loud authors or copies ever passed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

import click
import numpy as np
import pandas as pd

from threadkit.corpus.tables import MAX_Q
from threadkit.crux.chance import against_chance
from threadkit.crux.cluster import CruxClusterer, unit
from threadkit.crux.copies import fold_copies

DIM = 96
N_POSTS, N_AUTHORS, N_NOISE = 40, 160, 700
PLANTED_ON = (4, 4, 4, 4, 5, 6, 8)
LOUD_ON, N_LOUD = 10, 2
PASTED_ON, N_PASTED = 10, 2
# Manners of speaking that strangers share; what makes a clusterer join what does not belong together.
N_MANNERS = 12
WORDS = [f"{a}{b}" for a in ("ka", "lo", "mi", "ru", "ta", "ve", "zo", "ni") for b in ("n", "s", "r", "lt", "mp", "x")]


@dataclass
class Simulated:
    """A corpus: one row an objection, with its vector and what is true of it."""

    objections: pd.DataFrame
    comments: pd.DataFrame
    vectors: np.ndarray


def simulate(seed: int, manner: float) -> Simulated:
    """Draw one corpus; `manner` is the weight of what strangers share in an objection's vector; its point weighs 1."""
    rng = np.random.default_rng(seed)
    activity = 1 / np.arange(1, N_POSTS + 1) ** 0.8
    loudness = 1 / np.arange(1, N_AUTHORS + 1) ** 0.9
    rows: list[tuple[int, int, str, str]] = []

    def add(post: int, author: int, point: str, kind: str) -> None:
        rows.append((post, author, point, kind))

    posts = rng.choice(N_POSTS, N_NOISE, p=activity / activity.sum())
    local: dict[int, list[str]] = {}
    authors = rng.choice(N_AUTHORS, N_NOISE, p=loudness / loudness.sum())
    for n, (post, author) in enumerate(zip(posts, authors, strict=True)):
        said = local.setdefault(post, [])
        # The Chinese restaurant: the more people made a local point, the more join it.
        point = said[rng.integers(len(said))] if said and rng.random() < len(said) / (len(said) + 12) else f"n{n}"
        said.append(point)
        add(post, author, point, "noise")
    for n, size in enumerate(PLANTED_ON):
        authors = rng.choice(N_AUTHORS, size, replace=False)
        for post, author in zip(rng.choice(N_POSTS, size, replace=False), authors, strict=True):
            for _ in range(1 + rng.integers(2)):
                add(post, author, f"planted{n}", f"planted on {size}")
    for n in range(N_LOUD):
        author = rng.integers(N_AUTHORS)
        for post in rng.choice(N_POSTS, LOUD_ON, replace=False):
            add(post, author, f"loud{n}", "loud")
    for n in range(N_PASTED):
        authors = rng.choice(N_AUTHORS, PASTED_ON, replace=False)
        for post, author in zip(rng.choice(N_POSTS, PASTED_ON, replace=False), authors, strict=True):
            add(post, author, f"pasted{n}", "pasted")
    return _voice(pd.DataFrame(rows, columns=["post", "author", "point", "kind"]), rng, manner)


def _voice(truth: pd.DataFrame, rng: np.random.Generator, manner: float) -> Simulated:
    """Give each objection its words, its vector and its time."""
    order = rng.permutation(len(truth))
    truth = truth.iloc[order].reset_index(drop=True)

    def directions(n: int) -> np.ndarray:
        return unit(rng.standard_normal((n, DIM)))

    points, which = np.unique(truth["point"], return_inverse=True)
    topics, manners = directions(N_POSTS), directions(N_MANNERS)
    common = 1 / np.arange(1, N_MANNERS + 1)
    habit = rng.choice(N_MANNERS, len(truth), p=common / common.sum())
    vectors = (
        directions(len(points))[which]
        + 0.5 * topics[truth["post"]]
        + manner * manners[habit]
        + 0.4 * directions(len(truth))
    )
    texts = [" ".join(rng.choice(WORDS, 14)) for _ in range(len(truth))]
    pasted = truth["kind"] == "pasted"
    for point in truth.loc[pasted, "point"].unique():
        same = np.flatnonzero(truth["point"] == point)
        vectors[same] = vectors[same[0]]
        for i in same:
            texts[i] = texts[same[0]]
    ids = pd.Index([f"c{i}:0" for i in range(len(truth))], name="segment_id", dtype="string")
    times = pd.Timestamp("2024-01-01", tz="UTC") + pd.to_timedelta(rng.integers(0, 600 * 24 * 60, len(truth)), "min")
    comments = pd.DataFrame({"posted_at": times}, index=pd.Index([f"c{i}" for i in range(len(truth))], dtype="string"))
    objections = pd.DataFrame(
        {
            "comment_id": comments.index.to_numpy(),
            "post_id": [f"p{p:02d}" for p in truth["post"]],
            "author": [f"a{a:03d}" for a in truth["author"]],
            "text": texts,
            "point": truth["point"].to_numpy(),
            "kind": truth["kind"].to_numpy(),
        },
        index=ids,
    )
    return Simulated(objections, comments, unit(vectors).astype(np.float32))


def score(corpus: Simulated, strays: float, rng: np.random.Generator) -> pd.DataFrame:
    """Run the real steps on a corpus and return one row a crux: its figures, and what most of it truly is.

    `strays` is the share of the noise that is then thrown to the crux of some other objection at random, or
    makes a crux with it: a grouping far worse than the clusterer's.
    """
    objections = corpus.objections.assign(copy_of=fold_copies(corpus.objections, corpus.comments))
    own = objections["copy_of"].isna().to_numpy()
    labels = np.full(len(objections), -1)
    labels[own] = CruxClusterer(random_state=0, n_jobs=1).fit_predict(corpus.vectors[own])
    astray = own & (objections["kind"] == "noise").to_numpy() & (rng.random(len(own)) < strays)
    for row in np.flatnonzero(astray):
        host = rng.choice(np.flatnonzero(own))
        if labels[host] < 0:
            labels[host] = labels.max() + 1
        labels[row] = labels[host]
    counted = objections.assign(crux_id=labels)[own]
    found = against_chance(counted.assign(crux_id=counted["crux_id"].replace(-1, pd.NA)), corpus.vectors[own])
    grouped = counted[counted["crux_id"] >= 0]
    top = grouped.groupby("crux_id")["point"].agg(lambda points: points.value_counts().sort_index().idxmax())
    share = (grouped["point"] == top.reindex(grouped["crux_id"]).to_numpy()).groupby(grouped["crux_id"]).mean()
    kinds = counted.drop_duplicates("point").set_index("point")["kind"]
    kind = kinds.reindex(top).where(share.to_numpy() > 0.5, "noise").fillna("noise").to_numpy()
    n_posts = grouped.groupby("crux_id")["post_id"].nunique()
    return found.assign(point=top, kind=kind, n_posts=n_posts)


def summary(seeds: range, manner: float, strays: float) -> dict[str, object]:
    """Score many corpora."""
    rates, power, ready, loud, pasted, crossed = [], [], [], 0, 0, []
    for seed in seeds:
        cruxes = score(simulate(seed, manner), strays, np.random.default_rng(seed))
        called = cruxes[cruxes["q_value"] <= MAX_Q]
        true = called["kind"].str.startswith("planted")
        rates.append((~true).mean() if len(called) else 0.0)
        on4 = [f"planted{n}" for n, size in enumerate(PLANTED_ON) if size == 4]
        power.append(np.mean([point in set(called.loc[true, "point"]) for point in on4]))
        whole = cruxes[cruxes["point"].isin(on4) & (cruxes["n_posts"] >= 4)]
        ready += list(whole["q_value"] <= MAX_Q)
        loud += int((called["kind"] == "loud").sum())
        pasted += int((called["kind"] == "pasted").sum())
        noise = cruxes[cruxes["kind"] == "noise"]
        crossed.append((noise["n_posts"] > 1).mean() if len(noise) else 0.0)
    return {
        "weight of the manner": manner,
        "share of noise astray": strays,
        "corpora": len(rates),
        "false discovery rate": round(float(np.mean(rates)), 4),
        "power, points on 4 of 40 posts": round(float(np.mean(power)), 3),
        "power where the crux holds all 4 posts": round(float(np.mean(ready)), 3) if ready else None,
        "noise cruxes on more than one post": round(float(np.mean(crossed)), 3),
        "loud authors passed": loud,
        "pasted texts passed": pasted,
    }


@click.command()
@click.option("--corpora", default=200, show_default=True)
@click.option("--seed", default=0, show_default=True)
@click.option("--manners", default="0.4,0.7,0.9", show_default=True)
@click.option("--astray", default="0,0.1,0.3", show_default=True)
def main(corpora: int, seed: int, manners: str, astray: str) -> None:
    """Print one line for each weight of the shared manner, and for each share of noise astray at the first weight."""
    first, *rest = map(float, manners.split(","))
    settings = [(first, float(share)) for share in astray.split(",")] + [(manner, 0.0) for manner in rest]
    for manner, strays in settings:
        click.echo(json.dumps(summary(range(seed, seed + corpora), manner, strays)))


if __name__ == "__main__":
    main()
