"""threadkit's own format as JSON Lines (one object a post or comment), or the same objects in a JSON array.

Bodies are canonical text already (base/text.py) and are kept as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from threadkit.readers.decode import peek, values
from threadkit.readers.records import add, is_record, renamed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from threadkit.readers.draft import Draft
    from threadkit.readers.formats import Sample

TITLE = "threadkit's own format, JSON Lines or a JSON array"

# A damaged first line must not hide the good ones; more lines than this would make detection slow.
_LINES_TRIED = 20


def detect(sample: Sample) -> bool:
    """Tell whether one of the first objects has our `kind` and an id."""
    whole = peek(sample.text)
    first = whole[:_LINES_TRIED] if isinstance(whole, list) else [whole]
    if any(is_record(value, sample.columns) for value in first):
        return True
    lines = sample.text.split("\n", _LINES_TRIED + 1)[1 : _LINES_TRIED + 1]
    mark = f'"{sample.columns.get("id", "id")}"'
    return any(mark in line and is_record(peek(line), sample.columns) for line in lines)


def read(path: Path, draft: Draft) -> None:
    """Add every record of the file; a damaged line is left out and noted."""
    for place, record in _records(path, draft):
        add(draft, renamed(record, draft.columns), place)


def _records(path: Path, draft: Draft) -> Iterator[tuple[str, Any]]:
    for place, value in values(path, draft):
        if isinstance(value, list):
            for n, record in enumerate(value, start=1):
                yield f"{place} record {n}".strip(), record
        else:
            yield place, value
