"""Arguments and options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable

threads_option = click.option(
    "--threads", type=click.IntRange(1), help="Threads to use (default: all). Results do not depend on it."
)

force_option = click.option("--force", is_flag=True, help="Write into DIR although it holds other files.")


def exports(command: Callable[..., None]) -> Callable[..., None]:
    """Add the argument EXPORT…: files or folders."""
    return click.argument("exports", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="EXPORT...")(
        command
    )


def named(command: Callable[..., None]) -> Callable[..., None]:
    """Add --columns: what a table calls our columns."""
    return click.option(
        "--columns", metavar="OURS=THEIRS,…", help="What a table calls our columns: text=body,author=user."
    )(command)


def saved(command: Callable[..., None]) -> Callable[..., None]:
    """Add the argument DIR: a saved run."""
    return click.argument("directory", type=click.Path(path_type=Path), metavar="DIR")(command)


def masked(command: Callable[..., None]) -> Callable[..., None]:
    """Add --pseudonyms."""
    return click.option("--pseudonyms", is_flag=True, help="Replace authors' names everywhere, in texts too.")(command)


def seen(command: Callable[..., None]) -> Callable[..., None]:
    """Add --progress/--quiet; the default shows progress on a terminal only."""
    return click.option("--progress/--quiet", "progress", default=None, help="Show progress (default: on a terminal).")(
        command
    )


def drawn(default: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Add --stability; `default` says what happens without it."""
    told = f"Draw the threads N times anew to tell how stable each crux is (default: {default})."
    return click.option("--stability", type=click.IntRange(0), metavar="N", help=told)


def means(command: Callable[..., None]) -> Callable[..., None]:
    """Add what a run may use: threads, device, cache, workers."""
    command = click.option(
        "--workers", type=click.IntRange(1), metavar="N", help="Start N worker processes here (extra dask)."
    )(command)
    command = click.option(
        "--scheduler", metavar="ADDRESS",
        help="Hand the costly steps to the workers of this Dask scheduler, or of one started here: local (extra dask).",
    )(command)  # fmt: skip
    command = click.option("--no-cache", is_flag=True, help="Keep no results of the models for later runs.")(command)
    command = click.option(
        "--cache", type=click.Path(path_type=Path), metavar="DIR",
        help="Keep the models' results here for later runs (default: the user's cache folder).",
    )(command)  # fmt: skip
    command = click.option(
        "--device", default="cpu", show_default=True, help="Where models run: cpu, cuda, cuda:1 or mps."
    )(command)
    return threads_option(command)
