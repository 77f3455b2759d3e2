"""Write the README's table of formats: which fields each reader finds in our own export of that format.

python scripts/formats_table.py           # print the table
python scripts/formats_table.py --write   # and put it into README.md, between its two marks

Nothing in the table is written by hand: every export in tests/data/exports/FORMAT is read, and a field has a tick
where a post or comment has a value there.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from threadkit.base.progress import Silent
from threadkit.readers.formats import FORMATS
from threadkit.readers.read import read

if TYPE_CHECKING:
    from collections.abc import Callable

    from threadkit.corpus.corpus import Corpus

ROOT = Path(__file__).resolve().parents[1]
EXPORTS = ROOT / "tests" / "data" / "exports"
MARKS = ("<!-- formats: written by scripts/formats_table.py -->", "<!-- end of formats -->")
TICK = "✓"

FIELDS: dict[str, Callable[[Corpus], bool]] = {
    "author": lambda c: bool(c.comments["author"].notna().any()),
    "score": lambda c: bool(c.comments["karma"].notna().any()),
    "agreement": lambda c: bool(c.comments["agreement"].notna().any()),
    "time": lambda c: bool(c.comments["posted_at"].notna().any()),
    "parent": lambda c: bool(c.comments["parent_id"].notna().any()),
    "quotes": lambda c: bool(c.comments["text"].str.contains(r"(?m)^\s*>+ ").any()),
    "deleted": lambda c: bool(c.comments["status"].isin(["deleted", "removed"]).any()),
    "title": lambda c: bool(c.posts["title"].notna().any()),
    "post's text": lambda c: bool((c.posts["text"].fillna("") != "").any()),
    "url": lambda c: bool(c.comments["url"].notna().any() or c.posts["url"].notna().any()),
    "stated count": lambda c: bool(c.posts["n_comments_stated"].notna().any()),
}


def corpus(name: str) -> Corpus:
    """Read our export of a format."""
    return read(EXPORTS / name, formats=[name], progress=Silent())


def table() -> str:
    """Return the table as Markdown, one row a format in the order in which they are tried."""
    rows = [["format", *FIELDS], [":-", *[":-:"] * len(FIELDS)]]
    for name in FORMATS.names():
        found = corpus(name)
        ticks = [TICK if has(found) else "" for has in FIELDS.values()]
        rows.append([FORMATS.load(name).TITLE.replace("|", "/"), *ticks])
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def placed(readme: str, text: str, marks: tuple[str, str] = MARKS) -> str:
    """Return the README with the table between its marks."""
    before, _, rest = readme.partition(marks[0])
    _, end, after = rest.partition(marks[1])
    if not end:
        raise SystemExit(f"README.md: the marks {marks[0]!r} and {marks[1]!r} are not there")
    return f"{before}{marks[0]}\n\n{text}\n\n{end}{after}"


def main() -> None:
    """Print the table; with --write, put it into README.md."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    text = table()
    print(text)
    if parser.parse_args().write:
        path = ROOT / "README.md"
        path.write_text(placed(path.read_text(encoding="utf-8"), text), encoding="utf-8")


if __name__ == "__main__":
    main()
