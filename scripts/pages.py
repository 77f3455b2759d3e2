"""What the scripts that write docs/reference share: print a page, and write it where asked."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def offer(text: str, path: Path, about: str | None) -> None:
    """Print a page; with --write, write it. `about` is what --help says."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    if parser.parse_args().write:
        path.write_text(text, encoding="utf-8")
    print(text, end="")
