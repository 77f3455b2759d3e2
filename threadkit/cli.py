"""The commands: words in, one library call, words out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from threadkit.failures import Commands, going_on
from threadkit.options import drawn, exports, force_option, masked, means, named, saved, seen, threads_option

if TYPE_CHECKING:
    from threadkit.base.progress import Progress
    from threadkit.corpus.analysis import Analysis
    from threadkit.corpus.corpus import Corpus
    from threadkit.pipeline.beyond import Cluster


def corpus_of(
    exports: tuple[Path, ...], columns: str | None, progress: Progress, cluster: Cluster | None = None
) -> Corpus:
    """Read the exports, their columns renamed as the user says; on the cluster's workers where there is one."""
    from threadkit.readers.read import read
    from threadkit.readers.records import mapping

    renamed = mapping(columns) if columns else None
    return read(*exports, progress=progress, columns=renamed, hand_out=cluster.read if cluster else map)


def origin_of(exports: tuple[Path, ...], columns: str | None) -> dict[str, Any]:
    """Return what the record of a run says of where its corpus came from: paths and columns as they were given."""
    from threadkit.readers.records import mapping

    return {"exports": [str(path) for path in exports], "columns": mapping(columns) if columns else None}


def run_of(directory: Path, *, pseudonyms: bool, tables: frozenset[str] | None = None) -> Analysis:
    """Load a saved run: the tables that are needed, all of them where names are to be replaced."""
    from threadkit.corpus.analysis import load

    return load(directory).pseudonymous() if pseudonyms else load(directory, tables)


def given(settings: dict[str, Any], out: Path, cache: Path | None, *, no_cache: bool) -> dict[str, Any]:
    """Return what the user asks of a run that writes `out`, and where it keeps what it has done so far."""
    from threadkit.base.cache import folder
    from threadkit.pipeline.checkpoint import place_of

    if cache and no_cache:
        raise click.UsageError("give either --cache or --no-cache")
    kept = {"cache": None if no_cache else cache or folder(), "resume": place_of(out), "tell": aloud}
    return {name: value for name, value in (settings | kept).items() if value is not None}


def aloud(text: str) -> None:
    """Say something about a run, beside its output."""
    click.echo(text, err=True)


# The models that run no network.
FAST = {"stance_model": "threadkit-stance-static", "encoder": "threadkit-static"}


def fastest(settings: dict[str, Any]) -> dict[str, Any]:
    """Return the settings with the models that run no network, where the user named none."""
    for name in FAST:
        if click.get_current_context().get_parameter_source(name) is not ParameterSource.DEFAULT:
            raise click.UsageError(f"give either --fast or --{name.replace('_', '-')}")
    return settings | FAST


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="threadkit")
def threadkit() -> None:
    """Read exported forum threads; tell what disagreements turn on and which objections recur."""


@threadkit.command()
@exports
@click.option(
    "-o", "--out", required=True, type=click.Path(path_type=Path), metavar="DIR", help="Folder for the results."
)
@click.option("--seed", default=0, show_default=True, help="The same seed gives the same bytes.")
@click.option("--stance-model", default="threadkit-stance", show_default=True, help="Name or path of a cross-encoder.")
@click.option("--encoder", default="threadkit-point", show_default=True, help="Name or path of a sentence encoder.")
@click.option(
    "--distance", type=float, help="Mean cosine distance at which groups stop merging; smaller: narrower cruxes."
)
@click.option(
    "--thorough/--quick",
    default=None,
    help="Judge every paragraph, or those that a first look passes (default: thorough up to 5,000 comments).",
)
@click.option("--fast", is_flag=True, help="Both models' fast tiers: no network is run. Much faster, less exact.")
@click.option("--max-memory", metavar="SIZE", help="Do not take more memory than this: 4GB, 800MB.")
@click.option("--labeler", metavar="NAME", help="Let this plug-in (or module:function) word recurring cruxes anew.")
@drawn("10, fewer beyond 30,000 comments; 0: never")
@means
@named
@force_option
@seen
def analyze(
    exports: tuple[Path, ...],
    out: Path,
    columns: str | None,
    force: bool,
    progress: bool | None,
    cache: Path | None,
    no_cache: bool,
    max_memory: str | None,
    fast: bool,
    **settings: Any,
) -> None:
    """Find recurring cruxes in EXPORT (files or folders): tables and a report in DIR."""
    from threadkit.base.output import check
    from threadkit.base.progress import choose
    from threadkit.pipeline import analyze as run
    from threadkit.pipeline import connected_to, ordered
    from threadkit.pipeline.plan import bytes_of

    check(out, force=force, analysis=True)
    if fast:
        settings = fastest(settings)
    settings["max_memory"] = bytes_of(max_memory) if max_memory else None
    settings = given(settings, out, cache, no_cache=no_cache)
    bars = choose(wanted=progress)
    scheduler, workers = settings.pop("scheduler", None), settings.pop("workers", None)
    with going_on(settings.get("resume")), connected_to(scheduler, workers) as cluster:
        # In order at once: else the run would hold every text twice.
        corpus = ordered(corpus_of(exports, columns, bars, cluster))
        origin = origin_of(exports, columns)
        analysis = run(corpus, progress=bars, origin=origin, scheduler=cluster, **settings)
    finish(analysis, out, force=force)


@threadkit.command()
@exports
@click.option(
    "-o", "--out", type=click.Path(path_type=Path), metavar="OUT",
    help="Folder for posts, comments and problems; or a file in threadkit's own format: .parquet or .jsonl.",
)  # fmt: skip
@click.option("--strict", is_flag=True, help="End with status 1 where anything that the export states was not read.")
@named
@force_option
@seen
def read(
    exports: tuple[Path, ...], out: Path | None, columns: str | None, force: bool, progress: bool | None, strict: bool
) -> None:
    """Parse EXPORT only: say for each file what was read, what was not, and save the rows to OUT."""
    from rich.console import Console

    from threadkit.base.progress import choose
    from threadkit.corpus.losses import refuse
    from threadkit.readers.convert import convert
    from threadkit.readers.records import mapping
    from threadkit.report.files import print_files
    from threadkit.report.terminal import print_corpus

    renamed = mapping(columns) if columns else None
    tally = convert(*exports, out=out, force=force, progress=choose(wanted=progress), columns=renamed)
    print_files(tally, Console())
    print_corpus(tally)
    if strict:
        refuse(tally)


@threadkit.command()
@exports
@click.option(
    "--cruxes", "known", required=True, type=click.Path(path_type=Path), metavar="DIR", help="The earlier run."
)
@click.option(
    "-o", "--out", required=True, type=click.Path(path_type=Path), metavar="DIR2", help="Folder for both together."
)
@drawn("never; unchanged cruxes keep their figure")
@means
@named
@force_option
@seen
def match(
    exports: tuple[Path, ...],
    known: Path,
    out: Path,
    columns: str | None,
    force: bool,
    progress: bool | None,
    cache: Path | None,
    no_cache: bool,
    **settings: Any,
) -> None:
    """Add EXPORT to the earlier run DIR: known cruxes keep their ids, new ones get new ids."""
    from threadkit.base.output import check
    from threadkit.base.progress import choose
    from threadkit.corpus.analysis import load
    from threadkit.pipeline import connected_to
    from threadkit.pipeline import match as run

    check(out, force=force, analysis=True)
    settings = given(settings, out, cache, no_cache=no_cache)
    bars, earlier = choose(wanted=progress), load(known)
    scheduler, workers = settings.pop("scheduler", None), settings.pop("workers", None)
    with going_on(settings.get("resume")), connected_to(scheduler, workers) as cluster:
        corpus = corpus_of(exports, columns, bars, cluster)
        analysis = run(corpus, earlier, progress=bars, scheduler=cluster, **settings)
    if analysis.changes.empty:
        click.echo("Since the earlier run no crux has changed.")
    finish(analysis, out, force=force)


@threadkit.command()
@saved
@click.argument("exports", nargs=-1, type=click.Path(path_type=Path), metavar="[EXPORT]...")
@threads_option
@seen
def verify(directory: Path, exports: tuple[Path, ...], threads: int | None, progress: bool | None) -> None:
    """Run the saved run DIR again and say, byte for byte, what differs; end with status 1 where anything does.

    EXPORT is what was analysed, if it does not stand any more where the run was given it.
    """
    from threadkit.base.progress import choose
    from threadkit.pipeline.verify import verify as run_again

    verdict = run_again(directory, exports, threads=threads, progress=choose(wanted=progress))
    for line in verdict.lines():
        click.echo(line)
    if not verdict.same:
        raise click.exceptions.Exit(1)


@threadkit.command()
@click.argument("first", type=click.Path(path_type=Path), metavar="DIR")
@click.argument("second", type=click.Path(path_type=Path), metavar="[DIR2]", required=False)
@click.option("--at", metavar="TIME", help="Compare DIR before TIME with DIR from TIME on, for example 2024-05-01.")
@click.option("--distance", type=float, help="Mean cosine distance at which cruxes are the same (default: the runs').")
@click.option("-o", "--out", type=click.Path(path_type=Path), metavar="DIR3", help="Folder for the comparison.")
@force_option
def compare(
    first: Path, second: Path | None, at: str | None, distance: float | None, out: Path | None, force: bool
) -> None:
    """Compare two runs, DIR and DIR2, or one run before and after --at TIME."""
    from threadkit.base.output import check
    from threadkit.corpus.analysis import load
    from threadkit.crux import compare as comparing
    from threadkit.report.comparison import print_comparison, save_comparison

    if (second is None) == (at is None):
        raise click.UsageError("give either a second DIR or --at TIME")
    if out:
        check(out, force=force)
    if second is None:
        comparison = comparing.compare_periods(load(first), at, distance=distance)
    else:
        names = (first.name, second.name) if first.name != second.name else (str(first), str(second))
        comparison = comparing.compare(load(first), load(second), distance=distance, names=names)
    print_comparison(comparison)
    if out:
        click.echo(f"Report: {save_comparison(comparison, out, force=force) / 'comparison.html'}")


@threadkit.command()
@saved
@click.option("--as", "form", metavar="FORM", help="html, markdown, worksheet, argdown, aif, csv or xlsx.")
@click.option("-o", "--out", type=click.Path(path_type=Path), metavar="FILE", help="Where to (default: into DIR).")
@click.option("--crux", type=int, metavar="N", help="One crux alone.")
@masked
def report(directory: Path, form: str | None, out: Path | None, crux: int | None, pseudonyms: bool) -> None:
    """Draw report.html and report.md of the saved run DIR again, or write it in another FORM."""
    from threadkit.report.forms import REPORT, save_reports, write_as

    analysis = run_of(directory, pseudonyms=pseudonyms, tables=None if form else REPORT)
    if form:
        click.echo(f"Written: {write_as(analysis, form, out, directory, crux=crux)}")
        return
    if crux is not None:
        raise click.UsageError("--crux needs --as: say in which form the crux is to be written")
    click.echo(f"Report: {save_reports(analysis, out or directory, directory)}")


@threadkit.command()
@saved
@click.option("--crux", type=int, metavar="N", help="One crux: both sides, answers, posts.")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="Cruxes to list.")
@masked
def show(directory: Path, crux: int | None, limit: int, pseudonyms: bool) -> None:
    """Show a saved run, or one crux of it, on the terminal."""
    from threadkit.report import browse

    tables = browse.OVERVIEW if crux is None else browse.CRUX
    analysis = run_of(directory, pseudonyms=pseudonyms, tables=tables)
    if crux is None:
        browse.print_overview(analysis, browse.console(), limit)
    else:
        browse.print_crux(analysis, crux, browse.console())


@threadkit.command()
@saved
@click.argument("select", metavar="SELECT")
@click.option("--as", "form", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True)
def sql(directory: Path, select: str, form: str) -> None:
    """Ask the tables of a saved run in SQL: threadkit sql DIR "select title, n_posts from cruxes"."""
    from threadkit.report.browse import console
    from threadkit.report.query import as_csv, as_json, ask, print_answer

    answer = ask(directory, select)
    if form == "table":
        print_answer(answer, console())
    else:
        click.echo(as_csv(answer) if form == "csv" else as_json(answer), nl=False)


@threadkit.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@click.option(
    "-o", "--out", type=click.Path(path_type=Path), metavar="OUT", help="File for the rows: .csv, .jsonl or .parquet."
)
@click.option("--stance-model", default="threadkit-stance", show_default=True, help="Name or path of a cross-encoder.")
@click.option("--threads", type=click.IntRange(1), help="Threads to use (default: all). Results do not depend on it.")
@click.option("--columns", metavar="OURS=THEIRS,…", help="What FILE calls them: target=parent,reply=text.")
@click.option("--explain", is_flag=True, help="Add the words that carried each verdict; takes many times as long.")
@seen
def stance(
    file: Path,
    out: Path | None,
    stance_model: str,
    threads: int | None,
    columns: str | None,
    explain: bool,
    progress: bool | None,
) -> None:
    """Judge the pairs of FILE (columns target, reply; CSV, JSON Lines or Parquet): its rows with their stance.

    FILE may be packed, or - for standard input. Every pair is judged, in whatever language: the models that ship know
    English alone. Where target or reply is blank, no stance is given. Of long texts only the beginning is read: 156
    tokens of target and reply together, about 120 words. Cut long replies into passages, as threadkit analyze does.
    """
    from threadkit.base.progress import choose
    from threadkit.dispute.pairs import ADDED, EXPLAINED, READS, judge_rows
    from threadkit.dispute.stance import DEFAULT_MODEL, StanceClassifier
    from threadkit.readers.pair_lines import at_rest
    from threadkit.readers.pairs import read_pairs
    from threadkit.readers.records import mapping
    from threadkit.report.rows import put_rows
    from threadkit.report.show import plural

    renamed = mapping(columns, ("target", "reply")) if columns else None
    classifier = StanceClassifier(stance_model, threads)
    longer: list[int] = []
    cut = longer.append if stance_model == DEFAULT_MODEL else None
    with at_rest(file) as resting:
        pairs = read_pairs(resting, renamed)
        with choose(wanted=progress).stage("judging pairs") as done:
            rows = judge_rows(pairs.blocks, classifier, (pairs.target, pairs.reply), done, explain=explain, cut=cut)
            added = (*ADDED, EXPLAINED) if explain else ADDED
            n = put_rows(rows, out, pairs.form, pairs.columns, added, pairs.schema)
    if sum(longer):
        told = plural(sum(longer), "reply is", "replies are")
        click.echo(
            f"At least {told} longer than what is read, {READS} tokens with its target: cut them into passages.",
            err=True,
        )
    if out:
        click.echo(f"Written: {out}, {plural(n, 'pair', 'pairs')}")


@threadkit.command()
def formats() -> None:
    """List what can be read."""
    from threadkit.readers.formats import FORMATS

    names = FORMATS.names()
    width = max(map(len, names))
    for name in names:
        click.echo(f"{name:<{width}}  {FORMATS.load(name).TITLE}")


@threadkit.command()
def models() -> None:
    """List the weights that ship with threadkit, verified against their checksums."""
    from threadkit.base.weights import manifest

    for weights in manifest().values():
        weights.verify()
        size = f"{weights.size / 1e6:.1f} MB"
        click.echo(f"{weights.name}  {weights.kind}  {size}  {weights.license}  revision {weights.revision}  verified")
        click.echo(f"    {weights.about}")


def finish(analysis: Analysis, out: Path, *, force: bool) -> None:
    """Save an analysis with its reports, print what was found, and say where the report is; the run is over."""
    from threadkit.base.output import folder
    from threadkit.pipeline.checkpoint import Checkpoints, place_of
    from threadkit.report.forms import write_reports
    from threadkit.report.terminal import print_analysis

    with folder(out, force=force, analysis=True) as new:
        write_reports(analysis, analysis.save(new))
    Checkpoints(place_of(out)).clear()
    print_analysis(analysis)
    click.echo(f"Report: {out / 'report.html'}")
