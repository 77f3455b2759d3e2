"""The main job: a corpus in, an analysis out. The only place that knows the order of the steps."""

from __future__ import annotations

from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from threadkit.base.memory import held_to, let_go
from threadkit.base.progress import Progress, choose
from threadkit.corpus.corpus import Corpus, in_order
from threadkit.corpus.ranking import by_recurrence
from threadkit.corpus.tables import CHANGES, MATCHES
from threadkit.crux import encode, name, registry
from threadkit.crux.cluster import DISTANCE
from threadkit.crux.labeler import find_labeler, reword
from threadkit.crux.layout import place
from threadkit.crux.members import assign, counted, crux_before, fit, unmoved
from threadkit.crux.opposed import Opposition
from threadkit.crux.stability import draws_of
from threadkit.dispute import stance
from threadkit.pipeline import plan as planning
from threadkit.pipeline.checkpoint import Checkpoints
from threadkit.pipeline.cruxes import group, mapped, named, numbered, object_, steadiness, weighed, with_kinds
from threadkit.pipeline.disputes import disputes
from threadkit.pipeline.record import bundle, chained, lineage, same_models
from threadkit.pipeline.settings import Settings, Work

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from threadkit.corpus.analysis import Analysis
    from threadkit.crux.labeler import Labeler
    from threadkit.pipeline.beyond import Cluster

# Up to so many comments every paragraph is judged: a minute or two for each thousand. The first look of larger runs
# (dispute/static.py) loses some of what the stance model finds; scripts/train_stance_static.py prints how much.
THOROUGH_COMMENTS = 5_000


def analyze(
    corpus: Corpus,
    *,
    seed: int = 0,
    stance_model: str = stance.DEFAULT_MODEL,
    encoder: str = encode.DEFAULT_MODEL,
    distance: float | None = None,
    stability: int | None = None,
    thorough: bool | None = None,
    labeler: str | Labeler | None = None,
    threads: int | None = None,
    device: str = "cpu",
    cache: Path | None = None,
    resume: Path | None = None,
    scheduler: str | Cluster | None = None,
    workers: int | None = None,
    max_memory: float | None = None,
    progress: Progress | None = None,
    tell: Callable[[str], None] | None = None,
    origin: Mapping[str, Any] | None = None,
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
    stability : int or None
        How many times threads are drawn anew to tell how stable each crux is; 0 = not measured. None is DRAWS times,
        less often beyond 30,000 comments (crux/stability.py).
    thorough : bool or None
        Whether the stance model judges every paragraph that answers another's words (True), or only those that a
        first look by words passes on (False); None is thorough up to THOROUGH_COMMENTS comments.
    labeler : str, callable or None
        What words recurring cruxes anew (crux/labeler.py); their own titles stay. None = nothing does.
    threads : int or None
        Threads to use; None takes all that the process may use. The result does not depend on it.
    device : str
        Where models run: cpu, cuda (or cuda:1) or mps. Results on another device differ in their last bits.
    cache : path or None
        Folder in which the models' results are kept and found again by later runs (base/cache.py); None = nowhere.
    resume : path or None
        Folder in which finished steps are kept, so that a run that was killed goes on where it was
        (pipeline/checkpoint.py); None = nowhere. Remove it when the analysis is saved.
    scheduler : str, Cluster or None
        Address of a Dask scheduler whose workers take the costly steps, or "local" for worker processes here
        (pipeline/beyond.py, extra `dask`), or what `beyond.connected` gave; None = this process alone. The result
        does not depend on it.
    workers : int or None
        How many worker processes are started here, which `scheduler` "local" is then; None = one for each processor.
    max_memory : float or None
        Bytes that this process may take. Where a probe tells that more will be needed, nothing is begun; None = all.
    progress : Progress or None
        Where to report; None draws bars on a terminal or in a notebook and is silent in a pipe.
    origin : mapping or None
        Where the corpus was read from: `exports`, the paths as they were given, and `columns`. It goes into the record
        of the run, so that `threadkit verify` finds the exports again.
    tell : callable or None
        Is given what a person should know, one line at a time: before a long run its plan (pipeline/plan.py), and
        what an earlier run that was cut off has left.

    Returns
    -------
    Analysis
        Every table, the vectors of the objections, and how they were made.

    Raises
    ------
    ModelError, SettingError
        Before any work is done, where a model or a setting is none.
    MemoryLimitError
        Where more than `max_memory` is needed after all.
    """
    thorough = len(corpus.comments) <= THOROUGH_COMMENTS if thorough is None else thorough
    distance = encode.DISTANCES.get(encoder, DISTANCE) if distance is None else distance
    stability = draws_of(len(corpus.comments)) if stability is None else stability
    settings = Settings(seed, stance_model, encoder, distance, stability, thorough)
    work = Work(settings, threads, progress or choose(), device, *kept_in(cache, resume), tell)
    foretold(corpus, work, max_memory)
    with held_to(max_memory), spread(work, scheduler, workers) as work:
        return carry_out(corpus, work, labeler, origin)


def foretold(corpus: Corpus, work: Work, max_memory: float | None) -> None:
    """Tell what a long run will take; raises SettingError where that is more memory than it may have."""
    if max_memory is None and (work.tell is None or len(corpus.comments) < planning.LONG):
        return
    work.settings.revisions()  # a wrong name is told first
    expected = planning.plan(corpus, work)
    if work.tell:
        work.tell(f"Plan: {expected}.")
    if max_memory is not None:
        planning.check_memory(expected, max_memory)


def kept_in(cache: Path | None, resume: Path | None) -> tuple[Path | None, Checkpoints]:
    """Return where models keep their results, and steps theirs: without a cache, both beside the output."""
    return cache or (resume and resume / "computed"), Checkpoints(resume)


def connected_to(scheduler: str | Cluster | None, workers: int | None) -> AbstractContextManager[Cluster | None]:
    """Connect the workers that are asked for, if any; one that is connected already stays so."""
    if scheduler is None and workers is None:
        return nullcontext()
    if scheduler is not None and not isinstance(scheduler, str):
        return nullcontext(scheduler)
    from threadkit.pipeline.beyond import connected

    return connected(scheduler or "local", workers)


@contextmanager
def spread(work: Work, scheduler: str | Cluster | None, workers: int | None) -> Iterator[Work]:
    """Yield the work with a cluster for its costly steps, if one is asked for."""
    with connected_to(scheduler, workers) as cluster:
        if cluster is None:
            yield work
            return
        cluster.check(work.settings)
        yield replace(work, cluster=replace(cluster, cache=work.cache if cluster.here else None))


def carry_out(
    corpus: Corpus, work: Work, labeler: str | Labeler | None = None, origin: Mapping[str, Any] | None = None
) -> Analysis:
    """Take every step of a run whose settings stand: the page of `analyze`."""
    # A wrong name is told before any work is done.
    revisions = work.settings.revisions()
    asked = find_labeler(labeler) if isinstance(labeler, str) else labeler
    corpus = ordered(corpus)
    work.begin(corpus, revisions)
    found = disputes(corpus, work, None)
    encoding = work.encoder()
    objections, vectors = object_(found, corpus, encoding, work, None)
    found["stances"] = with_kinds(found["stances"], objections)
    own = counted(objections)
    let_go()
    foes = Opposition.of(objections, corpus.comments, corpus.posts)
    groups = work.done.keep("groups", lambda: group(objections, own, vectors, foes, work))
    objections = assign(objections, groups["labels"], groups["strengths"])
    let_go()
    with work.report.stage("naming cruxes") as done:
        names = name.name_cruxes(objections, vectors, encoding, done)
    let_go()
    steady = steadiness(objections, own, vectors, foes, work, work.settings.stability)
    let_go()
    with work.report.stage("weighing cruxes"):
        tables = weighed(names.assign(stability=steady), objections, vectors, found, corpus, work.settings.seed)
        tables = numbered(tables, by_recurrence(tables["cruxes"]).index)
    if asked:
        with work.report.stage("wording cruxes anew"):
            wanted = tables["cruxes"][tables["cruxes"]["recurring"]]
            wording, told = reword(wanted, tables["objections"], asked)
            tables["cruxes"]["reworded"] = wording.reindex(tables["cruxes"].index)
    let_go()
    with work.report.stage("drawing the map"):
        tables["objections"][["x", "y"]] = place(vectors, work.settings.seed, work.threads)
    let_go()
    tables |= {**found, "matches": MATCHES.empty(), "changes": CHANGES.empty()}
    run = {
        "origin": dict(origin or {}),
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
    device: str = "cpu",
    cache: Path | None = None,
    resume: Path | None = None,
    scheduler: str | Cluster | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
    tell: Callable[[str], None] | None = None,
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
    threads, device, cache, resume, scheduler, workers, progress, tell
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
    settings = Settings(**known.run["settings"])
    work = Work(settings, threads, progress or choose(), device, *kept_in(cache, resume), tell)
    with spread(work, scheduler, workers) as work:
        return carry_on(corpus, known, work, stability)


def carry_on(corpus: Corpus, known: Analysis, work: Work, stability: int) -> Analysis:
    """Take every step of a run that goes on from an earlier one: the page of `match`."""
    revisions = work.settings.revisions()
    same_models(revisions, known.run["models"])
    corpus = ordered(known.corpus.join(corpus))
    work.begin(corpus, revisions, "match", known.run["lineage"], *map(str, known.cruxes.index))
    found = disputes(corpus, work, known)
    encoding = work.encoder()
    objections, vectors = object_(found, corpus, encoding, work, known)
    found["stances"] = with_kinds(found["stances"], objections)
    own = counted(objections)
    foes = Opposition.of(objections, corpus.comments, corpus.posts)
    labels = work.done.keep("groups", lambda: group(objections, own, vectors, foes, work))["labels"]
    continued = registry.carry_on(labels, crux_before(objections, own, known), int(known.run["next_crux_id"]))
    objections = assign(objections, continued.ids, fit(vectors, continued.ids))
    with work.report.stage("naming cruxes") as done:
        names = named(objections, vectors, encoding, known, done)
    steady = steadiness(objections, own, vectors, foes, work, stability) if stability else unmoved(objections, known)
    with work.report.stage("weighing cruxes"):
        tables = weighed(names.assign(stability=steady), objections, vectors, found, corpus, work.settings.seed)
        tables["objections"][["x", "y"]] = mapped(objections, vectors, known)
        tables |= {**found, "matches": registry.matches(objections, known.objections.index, known.cruxes.index)}
        now = registry.State(tables["cruxes"], tables["answers"], objections, corpus.comments)
        before = registry.State(known.cruxes, known.answers, known.objections, known.comments)
        tables["changes"] = registry.changes(before, now, continued)
    run = {
        "continues": True,
        "lineage": known.run["lineage"],
        "next_crux_id": continued.next_id,
        "merged": chained({int(gone): to for gone, to in known.run["merged"].items()} | continued.merged),
    }
    return bundle(corpus, tables, vectors, run, revisions, work)


def ordered(corpus: Corpus) -> Corpus:
    """Return the corpus in one order, whatever order it came in."""
    posts, comments = in_order(corpus.posts), in_order(corpus.comments, "post_id", "posted_at")
    if posts is corpus.posts and comments is corpus.comments:
        return corpus
    return Corpus(posts, comments, corpus.problems, corpus.sources)
