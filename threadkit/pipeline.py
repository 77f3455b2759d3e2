"""The main job: a corpus in, an analysis out. The only place that knows the order of the steps."""

from __future__ import annotations

import re
import sys
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from threadkit.base.errors import SettingError
from threadkit.base.progress import Progress, choose
from threadkit.base.text import plain, shorten
from threadkit.base.weights import resolve
from threadkit.corpus.analysis import Analysis
from threadkit.corpus.tables import OBJECTIONS
from threadkit.crux import encode, name, recurrence, sides
from threadkit.crux.cluster import DISTANCE, CruxClusterer
from threadkit.crux.content import says_something
from threadkit.crux.copies import fold_copies
from threadkit.crux.layout import place
from threadkit.dispute import quotes as quoting
from threadkit.dispute import stance
from threadkit.dispute.segment import segment
from threadkit.dispute.sieve import MODEL as SIEVE
from threadkit.dispute.sieve import load_sieve
from threadkit.dispute.target import aim

if TYPE_CHECKING:
    from threadkit.corpus.corpus import Corpus

# Characters of an objection that its vector stands for: a paragraph makes its point early, and the cost grows with
# every token.
MAX_POINT = 320


@dataclass(frozen=True)
class Settings:
    """What a run depends on beside its input."""

    seed: int = 0
    stance_model: str = stance.DEFAULT_MODEL
    encoder: str = encode.DEFAULT_MODEL
    distance: float = DISTANCE

    def __post_init__(self) -> None:
        if not 0 < self.distance <= 2:
            raise SettingError(f"distance is {self.distance}: give a cosine distance above 0 and at most 2")


def analyze(
    corpus: Corpus,
    *,
    seed: int = 0,
    stance_model: str = stance.DEFAULT_MODEL,
    encoder: str = encode.DEFAULT_MODEL,
    distance: float = DISTANCE,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Analysis:
    """Find who disagrees with what, what that turns on, and where it comes back.

    Parameters
    ----------
    corpus : Corpus
        What `threadkit.read` returned.
    seed : int
        Seed of every step that draws at random; the same seed gives the same bytes.
    stance_model, encoder : str
        Models of ours (`threadkit models`), or any sentence-transformers name or path.
    distance : float
        Mean cosine distance at which groups stop merging; smaller makes narrower cruxes.
    threads : int or None
        Threads to use; None takes all that the process may use. The result does not depend on it.
    progress : Progress or None
        Where to report; None draws bars on a terminal or in a notebook and is silent in a pipe.

    Returns
    -------
    Analysis
        Every table, the vectors of the objections, and how they were made.
    """
    settings = Settings(seed, stance_model, encoder, distance)
    # A wrong model name is told before any work is done.
    kinds = {SIEVE: "sieve", stance_model: "stance", encoder: "encoder"}
    revisions = {model: resolve(model, kind)[1] for model, kind in kinds.items()}
    report = progress or choose()
    posts, comments = in_order(corpus.posts), in_order(corpus.comments, "post_id", "posted_at")

    segments, quotes, targets, stances = disputes(posts, comments, settings, threads, report)
    objections, vectors, tables = cruxes(stances, segments, comments, posts, settings, threads, report)

    found = counts(corpus, segments, quotes, stances, objections, tables["cruxes"])
    run = {
        "settings": asdict(settings),
        "versions": versions(),
        "models": revisions,
        "sources": list(corpus.sources),
        "counts": {**found, "not_judged": len(targets) - len(stances)},
    }
    read = (posts, comments, corpus.problems)
    return Analysis(*read, segments, quotes, stances, objections, vectors=vectors, run=run, **tables)


def disputes(
    posts: pd.DataFrame, comments: pd.DataFrame, settings: Settings, threads: int | None, report: Progress
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Tell who disagrees with which words: segments, quotes, targets, stances."""
    with report.stage("segmenting"):
        segments = segment(comments)
    with report.stage("tracing quotes", len(posts)) as done:
        quotes = quoting.trace(segments, comments, posts, done)
        segments = quoting.mark(segments, quotes)
    with report.stage("choosing targets"):
        targets = aim(segments, quotes, comments, posts)
        may_disagree = load_sieve().keep(targets)
    with report.stage("judging stance", int(may_disagree.sum())) as done:
        classifier = stance.StanceClassifier(settings.stance_model, threads)
        stances = stance.judge(targets[may_disagree], classifier, done)
    return segments, quotes, targets, stances


def cruxes(
    stances: pd.DataFrame,
    segments: pd.DataFrame,
    comments: pd.DataFrame,
    posts: pd.DataFrame,
    settings: Settings,
    threads: int | None,
    report: Progress,
) -> tuple[pd.DataFrame, np.ndarray, dict[str, pd.DataFrame]]:
    """Tell what the disagreements turn on: objections, their vectors, and the tables cruxes, sides, recurrence."""
    encoding = encode.SentenceEncoder(settings.encoder, threads)
    objections = object_(stances, segments, comments)
    opening = objections["text"].map(lambda text: shorten(text, MAX_POINT))
    with report.stage("encoding objections", opening.nunique()) as done:
        vectors = encoding.encode(opening.tolist(), done)
    with report.stage("grouping"):
        objections = group(objections, vectors, settings, threads)
    with report.stage("naming cruxes") as done:
        names = name.name_cruxes(objections, vectors, encoding, done)
        objections, tables = ranked(objections, names, stances, segments, comments, posts)
    with report.stage("drawing the map"):
        objections[["x", "y"]] = place(vectors, settings.seed)
    return OBJECTIONS.cast(objections), vectors, tables


def in_order(table: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Sort a table by columns, then by id with its numbers read as numbers: the order it came in does not matter."""
    natural = table.index.to_series().map(lambda text: re.sub(r"\d+", lambda m: m.group().zfill(20), text))
    keys = table[list(columns)].assign(natural=natural, id=table.index)
    return table.reindex(keys.sort_values([*columns, "natural", "id"], na_position="last").index)


def object_(stances: pd.DataFrame, segments: pd.DataFrame, comments: pd.DataFrame) -> pd.DataFrame:
    """Return the segments that disagree, as objections in no crux yet."""
    against = stances[stances["stance"] == "disagree"]
    text = segments["text"].reindex(against.index).map(plain)
    found = against.assign(text=text, crux_id=None, strength=0.0, x=0.0, y=0.0)
    return OBJECTIONS.cast(found.assign(copy_of=fold_copies(found, comments)))


def group(objections: pd.DataFrame, vectors: np.ndarray, settings: Settings, threads: int | None) -> pd.DataFrame:
    """Give each objection that says something its crux and strength; a copy takes those of its original."""
    own = (objections["copy_of"].isna() & says_something(objections["text"])).to_numpy()
    labels = np.full(len(objections), -1)
    strengths = np.zeros(len(objections), dtype=np.float32)
    if own.any():
        clusterer = CruxClusterer(settings.distance, random_state=settings.seed, n_jobs=threads).fit(vectors[own])
        labels[own], strengths[own] = clusterer.labels_, clusterer.strengths_
    out = objections.assign(crux_id=pd.arrays.IntegerArray(labels.astype(np.int32), labels < 0), strength=strengths)
    copies = out["copy_of"].dropna()
    out.loc[copies.index, ["crux_id", "strength"]] = out.loc[copies, ["crux_id", "strength"]].to_numpy()
    return OBJECTIONS.cast(out)


def ranked(
    objections: pd.DataFrame,
    names: pd.DataFrame,
    stances: pd.DataFrame,
    segments: pd.DataFrame,
    comments: pd.DataFrame,
    posts: pd.DataFrame,
) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    """Count the cruxes and number them from the most recurrent down: objections, and the counted tables."""

    def count() -> dict[str, pd.DataFrame]:
        which = recurrence.recur(objections, comments, posts)
        who = sides.take_sides(objections, stances, segments, comments, posts)
        return {
            "recurrence": which,
            "sides": who,
            "cruxes": recurrence.count_cruxes(names, objections, which, who, comments),
        }

    places = recurrence.rank(count()["cruxes"])
    objections = objections.assign(crux_id=objections["crux_id"].map(places).astype("Int32"))
    names = names.set_axis(pd.Index(places.reindex(names.index), name="crux_id")).sort_index()
    return objections, count()


def counts(
    corpus: Corpus,
    segments: pd.DataFrame,
    quotes: pd.DataFrame,
    stances: pd.DataFrame,
    objections: pd.DataFrame,
    cruxes: pd.DataFrame,
) -> dict[str, Any]:
    """Count everything that was read, skipped, repaired and found."""
    comments = corpus.comments
    return {
        "files": len(corpus.sources),
        "posts": len(corpus.posts),
        "comments": len(comments),
        "comments_stated": int((comments["origin"] == "stated").sum()),
        "comments_inferred": int((comments["origin"] == "inferred").sum()),
        "comments_by_status": {str(k): int(v) for k, v in comments["status"].value_counts().sort_index().items()},
        "authors": int(comments["author"].nunique()),
        "problems": {str(k): int(v) for k, v in corpus.problems["severity"].value_counts().sort_index().items()},
        "segments": {str(k): int(v) for k, v in segments["kind"].value_counts().sort_index().items()},
        "quotes_traced": int(quotes["source_id"].notna().sum()),
        "quotes_untraced": int(quotes["source_id"].isna().sum()),
        "judged": len(stances),
        "stances": {str(k): int(v) for k, v in stances["stance"].value_counts().sort_index().items()},
        "objections": len(objections),
        "copies": int(objections["copy_of"].notna().sum()),
        "ungrouped": int((objections["crux_id"].isna() & objections["copy_of"].isna()).sum()),
        "cruxes": len(cruxes),
        "recurring": int(cruxes["recurring"].sum()),
    }


def versions() -> dict[str, str]:
    """Return the versions that a result can depend on."""
    packages = (
        "numpy",
        "pandas",
        "rapidfuzz",
        "scikit-learn",
        "scipy",
        "sentence-transformers",
        "tokenizers",
        "torch",
        "umap-learn",
    )
    names = {package: version(package) for package in packages}
    return {"python": ".".join(map(str, sys.version_info[:3])), "threadkit": version("threadkit"), **names}
