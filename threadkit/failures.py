"""What a user is told where a command cannot go on: one line with its cure, and how to take up what was done."""

from __future__ import annotations

import errno
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from threadkit.base.errors import ThreadkitError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

# What the system says where nothing more can be written.
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class Commands(click.Group):
    """Commands in the order of use; a user's mistake is one line and exit status 1."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        """List the commands in the order in which they are written."""
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; a ThreadkitError is one line, so are warnings and a full disk; a bug keeps its traceback."""
        try:
            with warnings.catch_warnings():
                warnings.showwarning = plainly(warnings.showwarning)
                return super().invoke(ctx)
        except ThreadkitError as error:
            from threadkit.base.text import printable

            # A message names files, and whoever packed an export named those.
            raise click.ClickException(printable(" ".join(str(error).split()))) from error
        except OSError as error:
            if error.errno not in FULL:
                raise
            raise click.ClickException(full(error)) from error


def full(error: OSError) -> str:
    """Return the line for a disk that holds no more, with its cure."""
    from tempfile import gettempdir

    return (
        f"{error.filename or 'a file'}: {error.strerror}; make room there and in {gettempdir()}, where files are put "
        "aside (TMPDIR names another folder), then give the same command again"
    )


def plainly(show: Callable[..., None]) -> Callable[..., None]:
    """Return what shows warnings: our own as one line without the place in the code, all others by `show`."""

    def shown(message: Any, category: type[Warning], *rest: Any, **more: Any) -> None:
        if category.__module__.startswith("threadkit."):
            click.echo(f"Warning: {message}", err=True)
        else:
            show(message, category, *rest, **more)

    return shown


@contextmanager
def going_on(resume: Path | None) -> Iterator[None]:
    """Tell whoever stops a run that it can go on from where it was."""
    try:
        yield
    except KeyboardInterrupt:
        if resume is not None and resume.is_dir():
            click.echo(f"\nStopped. What was done stays in {resume}: the same command goes on from there.", err=True)
        raise
