"""Columns that the user names and a file does not have: told, for left empty in silence they look like no data."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING

from threadkit.readers.decode import peek

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

    from threadkit.readers.draft import Draft
    from threadkit.readers.formats import Sample

_PARQUET = b"PAR1"
# Names of columns that a message lists.
_LISTED = 20
# Characters in which a header is looked for.
_HEADER = 4000


def tell_absent(draft: Draft, header: Iterable[str]) -> None:
    """Note which columns that the user named are not among a file's."""
    held = _folded(header)
    for ours, theirs in draft.columns.items():
        if _fold(theirs) in held:
            continue
        what = f"the file has no column {theirs!r}, which was given for {ours}"
        if _fold(ours) in held:
            draft.problem(what, f"its column {ours!r} was read instead", severity="info")
        else:
            draft.problem(what, f"{ours} was left empty; correct the name")


def keys_in(lines: bytes, names: Collection[str]) -> set[str]:
    r"""Return those of some names by which a field of the objects on these lines is called.

    >>> keys_in(b'{"body": "karma"}\n{"user" : "Ana"}', ["body", "user", "karma"]) == {"body", "user"}
    True
    """
    spelt = {name: {json.dumps(name), json.dumps(name, ensure_ascii=False)} for name in names}
    return {
        name
        for name, spellings in spelt.items()
        if any(re.search(re.escape(one.encode("utf-8", "replace")) + rb"[ \t]*:", lines) for one in spellings)
    }


def lacking(sample: Sample) -> tuple[str, str] | None:
    """Return what is wrong with a file that no reader knows, and a cure, where it lacks columns that the user named."""
    header = _header(sample)
    held, given = _folded(header), sample.columns
    absent = [(ours, theirs) for ours, theirs in given.items() if not {_fold(ours), _fold(theirs)} & held]
    if not absent or not _any_held(given, held):
        return None
    said = ", ".join(f"no column {theirs!r} for {ours}" for ours, theirs in absent)
    more = f" and {len(header) - _LISTED} more" if len(header) > _LISTED else ""
    return f"the file has {said}", f"correct the name: it has {', '.join(header[:_LISTED])}{more}"


def _any_held(given: Mapping[str, str], held: set[str]) -> bool:
    return any({_fold(ours), _fold(theirs)} & held for ours, theirs in given.items())


def _fold(name: str) -> str:
    return name.strip().casefold()


def _folded(names: Iterable[str]) -> set[str]:
    return {_fold(name) for name in names}


def _header(sample: Sample) -> list[str]:
    """Return the names of a file's columns, or of the fields of its first object; none where it is no table."""
    if sample.head.startswith(_PARQUET):
        return _parquet_names(sample.path)
    first = peek(sample.text)
    first = next((one for one in first if isinstance(one, dict)), None) if isinstance(first, list) else first
    if isinstance(first, dict):
        return list(first)
    from threadkit.readers.csv import DELIMITERS, table

    text = table(sample.text[:_HEADER])
    headers = [next(csv.reader(io.StringIO(text, newline=""), delimiter=mark), []) for mark in DELIMITERS]
    return max(headers, key=len)


def _parquet_names(path: Path) -> list[str]:
    from pyarrow import ArrowException
    from pyarrow.parquet import read_schema

    try:
        return list(read_schema(path).names)
    except (ArrowException, OSError):
        return []
