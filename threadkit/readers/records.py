"""Rows of threadkit's own plain format, whatever file they stand in (JSON Lines, CSV, Parquet)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from threadkit.readers.decode import CUT
from threadkit.readers.draft import STATUSES
from threadkit.readers.values import absent, ident, shown, string

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from threadkit.readers.draft import Draft

KINDS = frozenset({"post", "comment"})
_SCORES = ("karma", "agreement", "af_karma", "posted_at")
_CURE = "give it one, or take the record out"

# The names of the columns, and how else they may be called. Another spelling is one word here.
COLUMNS: dict[str, tuple[str, ...]] = {
    "kind": ("kind",),
    "id": ("id",),
    "post_id": ("post_id",),
    "parent_id": ("parent_id",),
    "author": ("author",),
    "karma": ("karma",),
    "agreement": ("agreement",),
    "af_karma": ("af_karma",),
    "posted_at": ("posted_at",),
    "title": ("title",),
    "url": ("url",),
    "text": ("text",),
    "status": ("status",),
    "site": ("site",),
    "n_comments_stated": ("n_comments_stated",),
}


def columns(header: Iterable[Any], names: Mapping[str, tuple[str, ...]] = COLUMNS) -> dict[str, int]:
    """Return where each column of ours stands in a header; case and blanks around a name do not matter.

    >>> columns(["ID", " text ", "other", "Kind"])
    {'kind': 3, 'id': 0, 'text': 1}
    """
    places: dict[str, int] = {}
    for n, name in enumerate(header):
        places.setdefault(str(name).strip().casefold(), n)
    found = {ours: next((places[name] for name in theirs if name in places), None) for ours, theirs in names.items()}
    return {name: place for name, place in found.items() if place is not None}


def is_ours(found: Mapping[str, int]) -> bool:
    """Tell whether these columns make a table of posts and comments."""
    return {"id", "text"} <= found.keys() and bool({"kind", "post_id"} & found.keys())


def is_record(value: Any) -> bool:
    """Tell whether a JSON value is a record of ours."""
    return isinstance(value, dict) and string(value.get("kind")) in KINDS and ident(value.get("id")) is not None


def add(draft: Draft, record: Any, place: str) -> None:
    """Add one record to a draft; one that cannot be used becomes a row in problems."""
    if not isinstance(record, dict):
        _skip(draft, f"a {type(record).__name__} stands where a record should", "take it out", place)
        return
    kind, name, post_id = string(record.get("kind")), ident(record.get("id")), ident(record.get("post_id"))
    if absent(record.get("kind")) and post_id is not None:
        kind = "comment"
        draft.problem("a record has no kind", "it was read as a comment, for it has a post_id", place=place)
    kind = kind.strip().lower() if kind else kind
    if kind not in KINDS:
        _skip(
            draft,
            f"a record's kind is {shown(record.get('kind'))}, which is neither post nor comment",
            "correct it",
            place,
        )
    elif name is None:
        _skip(draft, f"a {kind} has no id", _CURE, place)
    elif record.get(CUT) and string(record.get("text")) is None:
        _skip(draft, f"{kind} {name!r} is cut off before its text", "export it again", place)
    elif kind == "post":
        _post(draft, record, name, place)
    elif post_id is None:
        _skip(draft, f"comment {name!r} has no post_id", _CURE, place)
    else:
        _comment(draft, record, name, post_id, place)


def _post(draft: Draft, record: Mapping[str, Any], name: str, place: str) -> None:
    scores: dict[str, Any] = {field: record.get(field) for field in (*_SCORES, "n_comments_stated")}
    draft.post(name, place=place, **_shared(draft, record, place), title=string(record.get("title")), **scores)


def _comment(draft: Draft, record: Mapping[str, Any], name: str, post_id: str, place: str) -> None:
    status = string(record.get("status"))
    if status is not None and status not in STATUSES:
        known = ", ".join(sorted(STATUSES))
        draft.problem(f"status is {status[:40]!r}, none of {known}", "it was ignored", place=place, comment_id=name)
        status = None
    scores = {field: record.get(field) for field in _SCORES}
    parent = ident(record.get("parent_id"))
    shared = _shared(draft, record, place)
    if not shared["text"] and status is None:
        draft.problem(f"comment {name!r} has no text", "it was read as deleted", place=place, comment_id=name)
    draft.comment(name, post_id, place=place, parent_id=parent, status=status, **shared, **scores)


def _shared(draft: Draft, record: Mapping[str, Any], place: str) -> dict[str, Any]:
    fields = {name: string(record.get(name)) for name in ("author", "url", "site", "text")}
    for name in fields:
        if fields[name] is None and not absent(record.get(name)):
            came = type(record[name]).__name__
            draft.problem(f"{name} is a {came}, not text", "it was left empty", place=place, severity="error")
    return fields


def _skip(draft: Draft, what: str, cure: str, place: str) -> None:
    draft.problem(what, f"it was left out; {cure}", place=place, severity="error")
