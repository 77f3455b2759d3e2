"""The main job: a corpus in, an analysis out. The only place that knows the order of the steps."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from threadkit.base.errors import ModelError, SettingError
from threadkit.base.progress import Progress, choose
from threadkit.base.provenance import versions
from threadkit.base.text import plain, shorten
from threadkit.base.weights import resolve
from threadkit.corpus import earlier
from threadkit.corpus.analysis import Analysis
from threadkit.corpus.corpus import Corpus, in_order
from threadkit.corpus.counts import counts
from threadkit.corpus.ranking import by_recurrence
from threadkit.corpus.tables import CHANGES, CRUXES, MATCHES, OBJECTIONS
from threadkit.crux import answers, encode, name, recurrence, registry, sides, trends
from threadkit.crux.cluster import DISTANCE, CruxClusterer
from threadkit.crux.copies import fold_copies
from threadkit.crux.evidence import weigh
from threadkit.crux.labeler import find_labeler, reword
from threadkit.crux.layers import themes
from threadkit.crux.layout import place, place_beside
from threadkit.crux.members import assign, counted, crux_before, fit, unmoved
from threadkit.crux.stability import DRAWS, under_other_threads
from threadkit.crux.voices import voices, weigh_once
from threadkit.dispute import quotes as quoting
from threadkit.dispute import stance
from threadkit.dispute.concede import concedes
from threadkit.dispute.segment import segment
from threadkit.dispute.sieve import MODEL as SIEVE
from threadkit.dispute.sieve import load_sieve
from threadkit.dispute.target import aim

if TYPE_CHECKING:
    from collections.abc import Mapping

    from threadkit.crux.labeler import Labeler

# Characters of an objection that its vector stands for: a paragraph makes its point early, and the cost grows with
# every token.
MAX_POINT = 320


# Up to so many comments every paragraph is judged: a minute or two for each thousand. The sieve, which halves that,
# loses some of what the stance model finds: a tenth in the threads it was made on, a third in a forum of another kind.
THOROUGH_COMMENTS = 5_000


@dataclass(frozen=True)
class Settings:
    """What a run depends on beside its input."""

    seed: int = 0
    stance_model: str = stance.DEFAULT_MODEL
    encoder: str = encode.DEFAULT_MODEL
    distance: float = DISTANCE
    stability: int = DRAWS
    thorough: bool = False

    def __post_init__(self) -> None:
        if not 0 < self.distance <= 2:
            raise SettingError(f"distance is {self.distance}: give a cosine distance above 0 and at most 2")
        if self.stability < 0:
            raise SettingError(f"stability is {self.stability}: give how many times threads are drawn, 0 for never")

    def revisions(self) -> dict[str, str]:
        """Return the revision of each model; raises ModelError where one is not there."""
        kinds = {SIEVE: "sieve", self.stance_model: "stance", self.encoder: "encoder"}
        return {model: resolve(model, kind)[1] for model, kind in kinds.items()}


@dataclass(frozen=True)
class Work:
    """What every step of a run needs: its settings, how many threads, where to report."""

    settings: Settings
    threads: int | None
    report: Progress


def analyze(
    corpus: Corpus,
    *,
    seed: int = 0,
    stance_model: str = stance.DEFAULT_MODEL,
    encoder: str = encode.DEFAULT_MODEL,
    distance: float | None = None,
    stability: int = DRAWS,
    thorough: bool | None = None,
    labeler: str | Labeler | None = None,
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
    distance : float or None
        Mean cosine distance at which groups stop merging; smaller makes narrower cruxes. None = the encoder's own.
    stability : int
        How many times threads are drawn anew to tell how stable each crux is; 0 = not measured.
    thorough : bool or None
        Whether the stance model judges every paragraph that answers another's words (True), or only those that a
        cheap first look passes on (False); None is thorough up to THOROUGH_COMMENTS comments.
    labeler : str, callable or None
        What words recurring cruxes anew (crux/labeler.py); their own titles stay. None = nothing does.
    threads : int or None
        Threads to use; None takes all that the process may use. The result does not depend on it.
    progress : Progress or None
        Where to report; None draws bars on a terminal or in a notebook and is silent in a pipe.

    Returns
    -------
    Analysis
        Every table, the vectors of the objections, and how they were made.
    """
    thorough = len(corpus.comments) <= THOROUGH_COMMENTS if thorough is None else thorough
    distance = encode.DISTANCES.get(encoder, DISTANCE) if distance is None else distance
    settings = Settings(seed, stance_model, encoder, distance, stability, thorough)
    work = Work(settings, threads, progress or choose())
    # A wrong name is told before any work is done.
    revisions = work.settings.revisions()
    asked = find_labeler(labeler) if isinstance(labeler, str) else labeler
    corpus = ordered(corpus)
    found = disputes(corpus, work, None)
    encoding = encode.open_encoder(encoder, threads)
    objections, vectors = object_(found, corpus, encoding, work, None)
    with work.report.stage("grouping"):
        own = counted(objections)
        objections = assign(objections, *group(objections, own, vectors, work))
    with work.report.stage("naming cruxes") as done:
        names = name.name_cruxes(objections, vectors, encoding, done)
    steady = steadiness(objections, own, vectors, work, stability)
    with work.report.stage("weighing cruxes"):
        tables = weighed(names.assign(stability=steady), objections, vectors, found, corpus, seed)
        tables = numbered(tables, by_recurrence(tables["cruxes"]).index)
    if asked:
        with work.report.stage("wording cruxes anew"):
            wanted = tables["cruxes"][tables["cruxes"]["recurring"]]
            wording, told = reword(wanted, tables["objections"], asked)
            tables["cruxes"]["reworded"] = wording.reindex(tables["cruxes"].index)
    with work.report.stage("drawing the map"):
        tables["objections"][["x", "y"]] = place(vectors, seed)
    tables |= {**found, "matches": MATCHES.empty(), "changes": CHANGES.empty()}
    run = {
        "lineage": lineage(corpus, work.settings),
        "next_crux_id": len(names),
        "merged": {},
        "labeler": {"name": str(labeler), **told} if asked else None,
    }
    return bundle(corpus, tables, vectors, run, revisions, work)


def match(
    corpus: Corpus,
    known: Analysis,
    *,
    stability: int = 0,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Analysis:
    """Add new threads to an earlier run: known cruxes keep their ids, new ones get new ids.

    Only posts with a new or changed comment are segmented and judged again, and of those only words that the
    earlier run did not judge or embed; settings are the earlier run's.

    Parameters
    ----------
    corpus : Corpus
        The new exports; they may hold threads of the earlier run again, the newer state of which then counts.
    known : Analysis
        The earlier run.
    stability : int
        How many times threads are drawn anew to tell how stable each crux is; 0 = a crux that nothing joined or left
        keeps its figure, every other has none: drawing costs as much as all else that is done here.
    threads, progress
        As in `analyze`.

    Returns
    -------
    Analysis
        The earlier run and the new threads together. `matches` tells where each new objection belongs,
        `changes` what became of each crux.

    Raises
    ------
    ModelError
        Where the earlier run was made with other weights than those that are here.
    """
    work = Work(Settings(**known.run["settings"]), threads, progress or choose())
    revisions = work.settings.revisions()
    _same_models(revisions, known.run["models"])
    corpus = ordered(known.corpus.join(corpus))
    found = disputes(corpus, work, known)
    encoding = encode.open_encoder(work.settings.encoder, threads)
    objections, vectors = object_(found, corpus, encoding, work, known)
    with work.report.stage("grouping"):
        own = counted(objections)
        labels, _ = group(objections, own, vectors, work)
        continued = registry.carry_on(labels, crux_before(objections, own, known), int(known.run["next_crux_id"]))
        objections = assign(objections, continued.ids, fit(vectors, continued.ids))
    with work.report.stage("naming cruxes") as done:
        names = named(objections, vectors, encoding, known, done)
    steady = steadiness(objections, own, vectors, work, stability) if stability else unmoved(objections, known)
    with work.report.stage("weighing cruxes"):
        tables = weighed(names.assign(stability=steady), objections, vectors, found, corpus, work.settings.seed)
        tables["objections"][["x", "y"]] = mapped(objections, vectors, known)
        tables |= {**found, "matches": registry.matches(objections, known.objections.index, known.cruxes.index)}
        now = registry.State(tables["cruxes"], tables["answers"], objections, corpus.comments)
        before = registry.State(known.cruxes, known.answers, known.objections, known.comments)
        tables["changes"] = registry.changes(before, now, continued)
    run = {
        "lineage": known.run["lineage"],
        "next_crux_id": continued.next_id,
        "merged": chained({int(gone): to for gone, to in known.run["merged"].items()} | continued.merged),
    }
    return bundle(corpus, tables, vectors, run, revisions, work)


def ordered(corpus: Corpus) -> Corpus:
    """Return the corpus in one order, whatever order it came in."""
    posts, comments = in_order(corpus.posts), in_order(corpus.comments, "post_id", "posted_at")
    return Corpus(posts, comments, corpus.problems, corpus.sources)


def disputes(corpus: Corpus, work: Work, known: Analysis | None) -> dict[str, pd.DataFrame]:
    """Tell who disagrees with which words: the tables segments, quotes, stances.

    Of posts that the earlier run `known` holds unchanged, its rows are taken over.
    """
    posts, comments = corpus.posts, corpus.comments
    fresh = posts.index if known is None else earlier.changed_posts(corpus, known)
    part = comments[comments["post_id"].isin(fresh)]
    with work.report.stage("segmenting"):
        segments = segment(part)
    with work.report.stage("tracing quotes", len(fresh)) as done:
        quotes = quoting.trace(segments, part, posts, done)
        segments = quoting.mark(segments, quotes)
    new = segments.index
    if known is not None:
        segments = earlier.beside(known.segments, segments, comments, part.index)
        quotes = pd.concat([known.quotes[known.quotes.index.isin(segments.index.difference(new))], quotes])
    with work.report.stage("choosing targets"):
        targets = aim(segments, quotes, comments, posts, new)
        may_disagree = np.ones(len(targets), dtype=bool) if work.settings.thorough else load_sieve().keep(targets)
    with work.report.stage("judging stance", int(may_disagree.sum())) as done:
        classifier = stance.StanceClassifier(work.settings.stance_model, work.threads)
        judged = None if known is None else known.stances.assign(text=known.segments["text"].map(plain))
        stances = stance.judge(targets[may_disagree], classifier, done, judged)
    if known is not None:
        stances = earlier.beside(known.stances, stances, comments, part.index)
    return {"segments": segments, "quotes": quotes, "stances": stances}


def object_(
    found: Mapping[str, pd.DataFrame],
    corpus: Corpus,
    encoding: encode.Encoder,
    work: Work,
    known: Analysis | None,
) -> tuple[pd.DataFrame, np.ndarray]:
    """Return the segments that disagree, as objections in no crux yet, and their vectors (n_objections, dim)."""
    stances = found["stances"]
    against = stances[stances["stance"] == "disagree"]
    text = found["segments"]["text"].reindex(against.index).map(plain)
    rows = against.assign(text=text, crux_id=None, strength=0.0, x=0.0, y=0.0)
    objections = OBJECTIONS.cast(rows.assign(copy_of=fold_copies(rows, corpus.comments)))
    row = np.full(len(objections), -1) if known is None else earlier.rows_before(objections, known)
    opening = objections["text"][row < 0].map(lambda words: shorten(words, MAX_POINT))
    with work.report.stage("encoding objections", opening.nunique()) as done:
        new = encoding.encode(opening.tolist(), done)
    vectors = np.empty((len(objections), new.shape[1]), dtype=np.float32)
    vectors[row < 0] = new
    if known is not None:
        vectors[row >= 0] = known.vectors[row[row >= 0]]
    return objections, vectors


def group(objections: pd.DataFrame, own: np.ndarray, vectors: np.ndarray, work: Work) -> tuple[np.ndarray, np.ndarray]:
    """Return the group of each objection that counts (`own`, bool), −1 = none, and how well it fits in (n,)."""
    labels = np.full(len(own), -1)
    strength = np.zeros(len(own), dtype=np.float32)
    if own.any():
        weight = weigh_once(voices(vectors[own], objections["author"][own], work.settings.distance))
        clusterer = clusterer_of(work).fit(vectors[own], sample_weight=weight)
        labels[own], strength[own] = clusterer.labels_, clusterer.strengths_
    return labels, strength


def clusterer_of(work: Work) -> CruxClusterer:
    """Return what groups objections, by the settings of the run."""
    return CruxClusterer(work.settings.distance, random_state=work.settings.seed, n_jobs=work.threads)


def steadiness(objections: pd.DataFrame, own: np.ndarray, vectors: np.ndarray, work: Work, draws: int) -> pd.Series:
    """Return how stable each crux is under other threads, by crux_id; NA where it is not measured."""
    counting, near = objections[own], vectors[own]
    ids, labels = np.unique(counting["crux_id"].dropna(), return_inverse=True)
    group_of = np.full(len(counting), -1)
    group_of[counting["crux_id"].notna()] = labels
    voice = voices(near, counting["author"], work.settings.distance)
    with work.report.stage("testing stability", draws) as done:
        posts = counting["post_id"].to_numpy()
        clusterer, seed = clusterer_of(work), work.settings.seed
        found = under_other_threads(near, group_of, posts, clusterer, draws, seed, done, voice)
    return pd.Series(found, index=pd.Index(ids.astype(np.int64), name="crux_id"))


def named(
    objections: pd.DataFrame, vectors: np.ndarray, encoding: encode.Encoder, known: Analysis, done: Any
) -> pd.DataFrame:
    """Return the names of the cruxes: those of the earlier run where their example still stands, new ones else."""
    ids = pd.Index(objections["crux_id"].dropna().unique().astype(np.int64)).sort_values()
    before = known.cruxes[list(name.NAMES)].reindex(ids)
    stands = before["example_id"].map(objections["crux_id"]) == before.index
    kept = before[stands.fillna(value=False).to_numpy(dtype=bool)]
    new = name.name_cruxes(objections, vectors, encoding, done, ids.difference(kept.index))
    return pd.concat([kept, new]).sort_index().rename_axis("crux_id")


def mapped(objections: pd.DataFrame, vectors: np.ndarray, known: Analysis) -> np.ndarray:
    """Return the places on the map (n, 2): those of the earlier run, and new ones among them."""
    before = known.objections[["x", "y"]].reindex(objections.index).to_numpy(dtype=np.float32)
    new = np.isnan(before[:, 0])
    before[new] = place_beside(vectors[new], vectors[~new], before[~new])
    return before


def weighed(
    names: pd.DataFrame,
    objections: pd.DataFrame,
    vectors: np.ndarray,
    found: Mapping[str, pd.DataFrame],
    corpus: Corpus,
    seed: int,
) -> dict[str, pd.DataFrame]:
    """Count where each crux comes back, by whom, against chance, whether it was answered: the counted tables."""
    posts, comments, segments, stances = corpus.posts, corpus.comments, found["segments"], found["stances"]
    ledger = answers.take_up(objections, comments, posts, segments, found["quotes"], concedes(segments), stances)
    who = sides.take_sides(objections, stances, segments, comments, posts)
    table = recurrence.count_cruxes(names, objections, ledger, who, comments)
    table = table.join(weigh(objections, vectors, comments, seed)).join(trends.rhythm(objections, comments))
    table["theme_id"] = themes(objections, vectors)
    return {
        "objections": objections,
        "cruxes": CRUXES.cast(table),
        "sides": who,
        "recurrence": recurrence.recur(objections, comments, ledger),
        "answers": ledger,
        "trends": trends.trends(objections, comments),
    }


def numbered(tables: dict[str, pd.DataFrame], order: pd.Index) -> dict[str, pd.DataFrame]:
    """Give the cruxes the numbers of their places in an order, in every table."""
    places = pd.Series(range(len(order)), index=order)
    out = {}
    for key, table in tables.items():
        names = list(table.index.names)
        if "crux_id" in names:
            flat = table.reset_index()
            flat["crux_id"] = flat["crux_id"].map(places).astype(flat["crux_id"].dtype)
            out[key] = flat.set_index(names).sort_index(level="crux_id", sort_remaining=False, kind="stable")
        else:
            out[key] = table.assign(crux_id=table["crux_id"].map(places).astype(table["crux_id"].dtype))
    return out


def chained(merged: dict[int, int]) -> dict[str, int]:
    """Return what each merged crux is now, also where that has merged in its turn (JSON keys are text).

    >>> chained({4: 2, 2: 1})
    {'4': 1, '2': 1}
    """
    now = {}
    for gone, to in merged.items():
        while to in merged:
            to = merged[to]
        now[str(gone)] = to
    return now


def bundle(
    corpus: Corpus,
    tables: dict[str, pd.DataFrame],
    vectors: np.ndarray,
    run: dict[str, Any],
    revisions: dict[str, str],
    work: Work,
) -> Analysis:
    """Put the tables together with how they were made."""
    made = {
        "settings": asdict(work.settings),
        "versions": versions(),
        "models": revisions,
        "sources": list(corpus.sources),
        "counts": counts(corpus, tables),
        **run,
    }
    return Analysis(corpus.posts, corpus.comments, corpus.problems, vectors=vectors, run=made, **tables)


def lineage(corpus: Corpus, settings: Settings) -> str:
    """Return a name that this run shares with every run that continues it, and with no other: 32 hex digits."""
    digest = hashlib.blake2b(repr(sorted(asdict(settings).items())).encode(), digest_size=16)
    for ids in (corpus.posts.index, corpus.comments.index):
        digest.update("\n".join(ids).encode())
    return digest.hexdigest()


def _same_models(here: Mapping[str, str], before: Mapping[str, str]) -> None:
    for model, revision in before.items():
        if here.get(model) != revision:
            raise ModelError(
                f"the earlier run was made with {model} of revision {revision}, here is {here.get(model)}: "
                "its vectors cannot be compared; run 'threadkit analyze' over all exports once more"
            )
