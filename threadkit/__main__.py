"""Run threadkit's commands: ``python -m threadkit``."""

from __future__ import annotations

import gc

from threadkit.cli import threadkit

# New objects after which the collector of cycles looks through them. Python's own few hundred make it look through all
# that the imports bring, which stays, again and again: a tenth of the time of a short command (scripts/bench_start.py).
_COLLECTED = 100_000


def main() -> None:
    """Run the command line."""
    gc.set_threshold(_COLLECTED, *gc.get_threshold()[1:])
    threadkit(prog_name="threadkit")


if __name__ == "__main__":
    main()
