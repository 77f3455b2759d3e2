"""Tell a person at a terminal or in a notebook how far a run is; say nothing in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

Advance = Callable[[int], None]


class Progress(Protocol):
    """Where a run reports its stages."""

    def stage(self, name: str, total: int | None = None) -> AbstractContextManager[Advance]:
        """Enter a stage of `total` items; call the value with the number of items done."""
        ...


class Silent:
    """Report nothing."""

    @contextmanager
    def stage(self, name: str, total: int | None = None) -> Iterator[Advance]:
        """Count nothing."""
        del name, total
        yield lambda _: None


class Bars:
    """Draw one bar a stage on standard error (or in the notebook's cell): rate and time left."""

    @contextmanager
    def stage(self, name: str, total: int | None = None) -> Iterator[Advance]:
        """Draw the bar of one stage."""
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            ProgressColumn,
            Task,
            TextColumn,
            TimeElapsedColumn,
            TimeRemainingColumn,
        )
        from rich.progress import Progress as RichProgress
        from rich.text import Text

        class Rate(ProgressColumn):
            def render(self, task: Task) -> Text:
                """Return how many items a second are done."""
                return Text(f"{task.completed / max(task.elapsed or 0, 1e-3):,.0f}/s", style="dim")

        columns = [
            TextColumn("{task.description:<20}"), BarColumn(), MofNCompleteColumn(), Rate(),
            TimeElapsedColumn(), TimeRemainingColumn(),
        ]  # fmt: skip
        with RichProgress(*columns, console=Console(stderr=True)) as bars:
            task = bars.add_task(name, total=total)
            yield lambda n: bars.advance(task, n)
            bars.update(task, total=bars.tasks[0].completed, refresh=True)


def in_notebook() -> bool:
    """Tell whether this process is a Jupyter kernel."""
    shell = sys.modules.get("IPython")
    return bool(shell and getattr(shell.get_ipython(), "kernel", None))


def choose(*, wanted: bool | None = None) -> Progress:
    """Return bars where a person watches (or when `wanted`), else silence."""
    if wanted is None:
        wanted = sys.stderr.isatty() or in_notebook()
    return Bars() if wanted else Silent()
