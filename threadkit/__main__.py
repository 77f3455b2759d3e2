"""Run threadkit's commands: ``python -m threadkit``."""

from __future__ import annotations

from threadkit.cli import threadkit


def main() -> None:
    """Run the command line."""
    threadkit(prog_name="threadkit")


if __name__ == "__main__":
    main()
