"""Write docs/reference/commands.md from the commands' own --help.

python scripts/commands_page.py           # print the page
python scripts/commands_page.py --write   # and write it; tests/test_docs.py holds that it is current
"""

from __future__ import annotations

from pathlib import Path

import click
import pages

from threadkit.cli import threadkit

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "commands.md"
# Columns of a help text, whatever the terminal: as many as a page shows without scrolling.
WIDTH = 88
OPENING = """\
<!-- Written by scripts/commands_page.py: change threadkit/cli.py or options.py, then run it with --write. -->

# Commands

What `--help` says of each command. A mistake of yours is one line on standard error and exit status 1, or 2 where the
words of the command itself are wrong."""


def told(command: click.Command, name: str) -> str:
    """Return the help text of a command as a fenced block."""
    context = click.Context(
        command, info_name=name, terminal_width=WIDTH, max_content_width=WIDTH, help_option_names=["-h", "--help"]
    )
    return f"```text\n{command.get_help(context).rstrip()}\n```"


def page() -> str:
    """Return the page: the whole, then each command in the order of use."""
    parts = [OPENING, told(threadkit, "threadkit")]
    for name, command in threadkit.commands.items():
        parts += [f"## threadkit {name}", told(command, f"threadkit {name}")]
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    pages.offer(page(), PAGE, __doc__)
