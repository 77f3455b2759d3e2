"""The commands: words in, one library call, words out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from threadkit.base.errors import ThreadkitError

if TYPE_CHECKING:
    from collections.abc import Callable

    from threadkit.corpus.analysis import Analysis


class Commands(click.Group):
    """Commands in the order of use; a user's mistake is one line and exit status 1."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        """List the commands in the order in which they are written."""
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; a ThreadkitError becomes one line, any other error keeps its traceback."""
        try:
            return super().invoke(ctx)
        except ThreadkitError as error:
            raise click.ClickException(" ".join(str(error).split())) from error


def exports(command: Callable[..., None]) -> Callable[..., None]:
    """Add the argument EXPORT…: files or folders."""
    return click.argument("exports", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="EXPORT...")(
        command
    )


def seen(command: Callable[..., None]) -> Callable[..., None]:
    """Add --progress/--quiet; the default shows progress on a terminal only."""
    return click.option("--progress/--quiet", "progress", default=None, help="Show progress (default: on a terminal).")(
        command
    )


force_option = click.option("--force", is_flag=True, help="Write into DIR although it holds other files.")


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
@click.option("--threads", type=click.IntRange(1), help="Threads to use (default: all). Results do not depend on it.")
@force_option
@seen
def analyze(exports: tuple[Path, ...], out: Path, force: bool, progress: bool | None, **settings: Any) -> None:
    """Find recurring cruxes in EXPORT (files or folders): tables and a report in DIR."""
    from threadkit.base.output import check, folder
    from threadkit.base.progress import choose
    from threadkit.pipeline import analyze as run
    from threadkit.readers.read import read

    check(out, force=force)
    bars = choose(wanted=progress)
    corpus = read(*exports, progress=bars)
    analysis = run(corpus, progress=bars, **{name: value for name, value in settings.items() if value is not None})
    with folder(out, force=force) as new:
        analysis.save(new)
        write_reports(analysis, new)
    show(analysis)
    click.echo(f"Report: {out / 'report.html'}")


@threadkit.command()
@exports
@click.option(
    "-o", "--out", type=click.Path(path_type=Path), metavar="DIR", help="Folder for posts, comments and problems."
)
@force_option
@seen
def read(exports: tuple[Path, ...], out: Path | None, force: bool, progress: bool | None) -> None:
    """Parse EXPORT only: say what was read, what was not, and save the tables to DIR."""
    from threadkit.base.output import check, folder
    from threadkit.base.progress import choose
    from threadkit.readers.read import read as run
    from threadkit.report.terminal import print_corpus

    if out:
        check(out, force=force)
    corpus = run(*exports, progress=choose(wanted=progress))
    if out:
        with folder(out, force=force) as new:
            corpus.save(new)
    print_corpus(corpus)


@threadkit.command()
@click.argument("directory", type=click.Path(path_type=Path), metavar="DIR")
def report(directory: Path) -> None:
    """Draw report.html and report.md of a saved run in DIR again."""
    from threadkit.base.output import folder
    from threadkit.corpus.analysis import load

    with folder(directory, force=True) as new:
        write_reports(load(directory), new)
    click.echo(f"Report: {directory / 'report.html'}")


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


def write_reports(analysis: Analysis, directory: Path) -> None:
    """Write report.html and report.md."""
    from threadkit.report.markdown import write_markdown
    from threadkit.report.page import write_page

    write_page(analysis, directory / "report.html")
    write_markdown(analysis, directory / "report.md")


def show(analysis: Analysis) -> None:
    """Print what was read and the recurring cruxes."""
    from threadkit.report.terminal import print_analysis

    print_analysis(analysis)
