"""threadkit's own format as JSON Lines (one object a post or comment), or the same objects in a JSON array.

Bodies are canonical text already (base/text.py) and are kept as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from threadkit.readers.decode import NOTHING, as_text, one_a_line, peek, values
from threadkit.readers.given_columns import keys_in, tell_absent
from threadkit.readers.json_lines import json_blocks
from threadkit.readers.record_columns import usual
from threadkit.readers.records import add, is_record, renamed
from threadkit.readers.unpack import SAMPLE_BYTES, as_file, head

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from threadkit.readers.draft import Draft
    from threadkit.readers.formats import Sample

TITLE = "threadkit's own format, JSON Lines or a JSON array"

STREAMS = True

# Fewer lines than this are read one by one: columns would cost more than they save.
_FEW = 64
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
    if one_a_line(as_text(head(path, SAMPLE_BYTES))[0]):
        _read_lines(path, draft)
        return
    names: set[str] = set()
    with as_file(path, draft) as unpacked:
        for place, value in values(unpacked, draft):
            _add(draft, value, place)
            names.update(*(record for record in _listed(value) if draft.columns and isinstance(record, dict)))
    tell_absent(draft, names)


def _read_lines(path: Path, draft: Draft) -> None:
    names: set[str] = set()
    for block in json_blocks(path, draft):
        # Our own name matters only where the given one is not met.
        absent = [pair for pair in draft.columns.items() if pair[1] not in names]
        names |= keys_in(block.raw, {name for pair in absent for name in pair})
        others: Sequence[int] = range(len(block))
        if len(block) >= _FEW:
            rows, others, site = usual(block, draft.columns)
            draft.block(rows, site)
        for n in others:
            value = block.value(n)
            if value is not NOTHING:
                draft.at = int(block.numbers[n])
                _add(draft, value, f"line {draft.at}")
    tell_absent(draft, names)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _add(draft: Draft, value: Any, place: str) -> None:
    if not isinstance(value, list):
        add(draft, renamed(value, draft.columns), place)
        return
    for n, record in enumerate(value, start=1):
        add(draft, renamed(record, draft.columns), f"{place} record {n}".strip())
