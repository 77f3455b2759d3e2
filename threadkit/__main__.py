"""Run threadkit's commands: ``python -m threadkit``."""

from __future__ import annotations

import gc
import io
import sys
from typing import IO

from threadkit.cli import threadkit

# New objects after which the collector of cycles looks through them. Python's own few hundred make it look through all
# that the imports bring, which stays, again and again: a tenth of the time of a short command (scripts/bench_start.py).
_COLLECTED = 100_000


def main() -> None:
    """Run the command line."""
    gc.set_threshold(_COLLECTED, *gc.get_threshold()[1:])
    for stream in (sys.stdout, sys.stderr):
        take_all(stream)
    threadkit(prog_name="threadkit")


def take_all(stream: IO[str]) -> None:
    """Have a stream take every text: UTF-8 in a pipe or file, on a terminal a ? for what it cannot show."""
    if isinstance(stream, io.TextIOWrapper):
        if stream.isatty():
            stream.reconfigure(errors="replace")
        else:
            # A file's name need not be UTF-8; our line ends are all \n, on Windows too.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="")


if __name__ == "__main__":
    main()
