"""Measure `match`: what adding a tenth of new threads costs, and whether it says what a full run would say.

    python scripts/bench_match.py --comments 20000 --threads 2

Threads of scripts/bench_threads.py are cut at random into an earlier part of about `--comments` comments and a tenth
more. The earlier part is analysed (timed), the rest is matched (timed), and everything together is analysed once more
for comparison; there the models' results of the first run come from a cache, which changes no result and is not timed.

Prints the cost as a share of the full run on the earlier part (a full run on everything takes longer still), how
many ids stayed, merged or split, and the share of the new objections that stand where a full run puts them: both
find the same objection, and in the same crux, or in none. A crux of the full run is the earlier crux that it shares
most objections with, and else is told from the others by the members it shares with the new ones of `match`.
"""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click
import numpy as np
import orjson
import pandas as pd
from bench_threads import records

from threadkit.base.progress import Silent
from threadkit.corpus.corpus import Corpus
from threadkit.pipeline import analyze, match
from threadkit.readers.read import read

if TYPE_CHECKING:
    from threadkit.corpus.analysis import Analysis

NEW = 0.1


def forum(n_comments: int) -> Corpus:
    """Read the records of the bench into a corpus."""
    with tempfile.TemporaryDirectory() as folder:
        export = Path(folder, "bench.jsonl")
        export.write_bytes(b"".join(orjson.dumps(record) + b"\n" for record in records("reddit", n_comments)))
        return read(export, progress=Silent())


def cut(corpus: Corpus, seed: int) -> tuple[Corpus, Corpus]:
    """Cut a corpus by posts: the earlier part, and a tenth as many comments beside it."""
    rng = np.random.default_rng(seed)
    sizes = corpus.comments.groupby("post_id").size().reindex(corpus.posts.index, fill_value=0)
    order = rng.permutation(len(sizes))
    total = sizes.iloc[order].cumsum()
    new = set(total.index[total <= len(corpus.comments) * NEW / (1 + NEW)])

    def part(mine: pd.Series) -> Corpus:
        comments = corpus.comments[corpus.comments["post_id"].isin(corpus.posts.index[mine])]
        return Corpus(corpus.posts[mine], comments, corpus.problems)

    is_new = corpus.posts.index.to_series().isin(new)
    return part(~is_new), part(is_new)


def agreement(matched: Analysis, full: Analysis, known: Analysis) -> dict[str, float]:
    """Return how far `match` and the full run agree on the objections of new threads."""
    new = matched.objections.index.difference(known.objections.index)
    new = new.union(full.objections.index.difference(known.objections.index).difference(known.segments.index))
    ours = matched.objections["crux_id"].astype("float64")
    theirs = full.objections["crux_id"].astype("float64")
    both = pd.DataFrame({"ours": ours, "theirs": theirs}).dropna()
    shared = both.groupby(["theirs", "ours"]).size().rename("n").reset_index()
    best = shared.sort_values(["theirs", "n", "ours"], ascending=[True, False, True]).drop_duplicates("theirs")
    named = theirs.map(best.set_index("theirs")["ours"]).reindex(new)
    mine = ours.reindex(new)
    found = new.isin(matched.objections.index) & new.isin(full.objections.index)
    same = found & ((mine == named) | (mine.isna() & theirs.reindex(new).isna()))
    assigned = mine.notna()
    return {
        "new objections": len(new),
        "of these in a crux": round(float(assigned.mean()), 3),
        "agree with the full run": round(float(same.mean()), 4),
        "of those in a crux": round(float(same[assigned.to_numpy()].mean()), 4),
    }


@click.command()
@click.option("--comments", default=20_000)
@click.option("--threads", default=2)
@click.option("--seed", default=0)
def main(comments: int, threads: int, seed: int) -> None:
    """Print cost, ids and agreement as one line of JSON each."""
    with tempfile.TemporaryDirectory() as cache:
        measure(comments, threads, seed, Path(cache))


def measure(comments: int, threads: int, seed: int, cache: Path) -> None:
    """Analyse, match, analyse together; only `match` does without the cache."""
    old, new = cut(forum(round(comments * (1 + NEW))), seed)
    quiet = Silent()
    begun = time.monotonic()
    known = analyze(old, threads=threads, progress=quiet, cache=cache)
    full_seconds = time.monotonic() - begun
    click.echo(f"full run on {len(old.comments)} comments: {full_seconds:.0f} s", err=True)
    begun = time.monotonic()
    matched = match(new, known, threads=threads, progress=quiet)
    match_seconds = time.monotonic() - begun
    click.echo(f"match of {len(new.comments)} comments: {match_seconds:.0f} s", err=True)
    result = {
        "comments before": len(old.comments),
        "new comments": len(new.comments),
        "full run, s": round(full_seconds),
        "match, s": round(match_seconds),
        "cost": round(match_seconds / full_seconds, 3),
        "cruxes before": len(known.cruxes),
        "ids that stayed": int(known.cruxes.index.isin(matched.cruxes.index).sum()),
        "merged": len(matched.run["merged"]),
        "split": int((matched.changes["kind"] == "split").sum()),
    }
    click.echo(json.dumps(result))
    again = analyze(known.corpus.join(new), stability=0, threads=threads, progress=quiet, cache=cache)
    click.echo(json.dumps(agreement(matched, again, known)))


if __name__ == "__main__":
    main()
