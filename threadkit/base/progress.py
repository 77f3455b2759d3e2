"""Tell a person at a terminal or in a notebook how far a run is; say nothing in a pipe."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from html import escape
from typing import Any, Protocol

# Seconds between two drawings of a notebook's line, and the name by which a script finds it in an executed notebook.
REDRAW, LINE = 0.2, "threadkit-progress"

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


class Line:
    """Draw one line in the notebook's cell, the same for all stages of a run: no widgets are needed for it."""

    def __init__(self) -> None:
        self._handle: Any = None

    @contextmanager
    def stage(self, name: str, total: int | None = None) -> Iterator[Advance]:
        """Tell the stage, how far it is, and since when; at most five times a second."""
        begun = drawn = time.monotonic()
        done = 0

        def advance(n: int) -> None:
            nonlocal done, drawn
            done += n
            if time.monotonic() - drawn >= REDRAW:
                drawn = time.monotonic()
                self._draw(name, done, total, drawn - begun)

        self._draw(name, 0, total, 0.0)
        yield advance
        self._draw(name, done, done if total else None, time.monotonic() - begun)

    def _draw(self, name: str, done: int, total: int | None, seconds: float) -> None:
        from IPython import display as notebook

        display: Callable[..., Any] = notebook.display  # IPython has no types for it
        told = f"{name}: {done:,} of {total:,}, {seconds:.0f} s" if total else f"{name}, {seconds:.0f} s"
        bar = f'<progress value="{done}" max="{total}"></progress> ' if total else ""
        shown = {"text/plain": told, "text/html": f'<div class="{LINE}">{bar}{escape(told)}</div>'}
        if self._handle is None:
            self._handle = display(shown, raw=True, display_id=True)
        else:
            self._handle.update(shown, raw=True)


class Bars:
    """Draw one bar a stage on standard error: rate and time left."""

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
    """Return bars where a person watches (or when `wanted`), a line in a notebook, else silence."""
    if wanted is None and in_notebook():
        return Line()
    return Bars() if wanted or (wanted is None and sys.stderr.isatty()) else Silent()
