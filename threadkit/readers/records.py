"""Rows of threadkit's own plain format, whatever file they stand in (JSON Lines, CSV, Parquet)."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from threadkit.base.errors import FormatError
from threadkit.readers.decode import CUT
from threadkit.readers.draft import STATUSES
from threadkit.readers.odd_kinds import PARENT, TEXT, tell_odd
from threadkit.readers.quote_marks import marked
from threadkit.readers.values import absent, ident, shown, string

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from threadkit.readers.draft import Draft

KINDS = frozenset({"post", "comment"})
_TEXTS = ("author", "url", "site", "text")
_POST_FIELDS = dict.fromkeys((*_TEXTS, "title"), TEXT)
_COMMENT_FIELDS = {**dict.fromkeys(_TEXTS, TEXT), "parent_id": PARENT}
_SCORES = ("karma", "agreement", "af_karma", "posted_at")
_CURE = "give it one, or take the record out"

NOTHING: Mapping[str, str] = MappingProxyType({})

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


def mapping(text: str, known: Iterable[str] = COLUMNS) -> dict[str, str]:
    """Read what the command line says of columns: ours, ``=``, the file's; raises FormatError where it is no list.

    `known` are the names that ours may have.

    >>> mapping("text=body, author=user")
    {'text': 'body', 'author': 'user'}
    """
    pairs = [[side.strip() for side in pair.split("=", 1)] for pair in text.split(",") if pair.strip()]
    for pair in pairs:
        if len(pair) != 2 or not all(pair):
            raise FormatError(f"columns: {'='.join(pair)!r} is not of the form text=body: our name, =, the file's")
    twice = next((ours for n, (ours, _) in enumerate(pairs) if ours in dict(pairs[:n])), None)
    if twice:
        raise FormatError(f"columns: {twice!r} is given twice; say once what the file calls it")
    return check(dict(pairs), known)


def check(given: Mapping[str, str], known: Iterable[str] = COLUMNS) -> dict[str, str]:
    """Return the mapping of our columns to a file's; raises FormatError where one is not ours.

    >>> check({"text": "body"})
    {'text': 'body'}
    """
    strange = sorted(given.keys() - set(known))
    if strange:
        raise FormatError(f"columns: {strange[0]!r} is none of threadkit's columns: {', '.join(known)}")
    return dict(given)


def columns(header: Iterable[Any], given: Mapping[str, str] = NOTHING) -> dict[str, int]:
    """Return where each column of ours stands in a header; case and blanks around a name do not matter.

    `given` says what the file calls a column of ours; a file that lacks it may still use our name.

    >>> columns(["ID", " text ", "other", "Kind"])
    {'kind': 3, 'id': 0, 'text': 1}
    >>> columns(["id", "body", "text"], {"text": "Body"})
    {'id': 0, 'text': 1}
    """
    places: dict[str, int] = {}
    for n, name in enumerate(header):
        places.setdefault(str(name).strip().casefold(), n)
    names = {ours: [given.get(ours, ours).strip().casefold(), *theirs] for ours, theirs in COLUMNS.items()}
    found = {ours: next((places[name] for name in theirs if name in places), None) for ours, theirs in names.items()}
    return {name: place for name, place in found.items() if place is not None}


def is_ours(found: Mapping[str, int]) -> bool:
    """Tell whether these columns make a table of posts and comments."""
    return {"id", "text"} <= found.keys() and bool({"kind", "post_id"} & found.keys())


def renamed(record: Any, given: Mapping[str, str]) -> Any:
    """Return a record under our names; one that has no kind is a comment where names were given.

    >>> renamed({"id": 1, "body": "Yes.", "text": "-"}, {"text": "body"})
    {'kind': 'comment', 'id': 1, 'body': 'Yes.', 'text': 'Yes.'}
    """
    if not given or not isinstance(record, dict):
        return record
    found = {ours: record[theirs] for ours, theirs in given.items() if theirs in record}
    return {"kind": "comment"} | record | found


def is_record(value: Any, given: Mapping[str, str] = NOTHING) -> bool:
    """Tell whether a JSON value is a record of ours, or of the names given for ours."""
    if not isinstance(value, dict):
        return False
    record = renamed(value, given)
    whole = "kind" in value or "kind" in given or (ident(record.get("post_id")) is not None and "text" in record)
    return whole and string(record.get("kind")) in KINDS and ident(record.get("id")) is not None


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
    tell_odd(draft, record, _POST_FIELDS, place)
    scores: dict[str, Any] = {field: record.get(field) for field in (*_SCORES, "n_comments_stated")}
    draft.post(name, place=place, **_shared(record), title=string(record.get("title")), **scores)


def _comment(draft: Draft, record: Mapping[str, Any], name: str, post_id: str, place: str) -> None:
    status = string(record.get("status"))
    if status is not None and status not in STATUSES:
        known = ", ".join(sorted(STATUSES))
        draft.problem(f"status is {status[:40]!r}, none of {known}", "it was ignored", place=place, comment_id=name)
        status = None
    scores = {field: record.get(field) for field in _SCORES}
    parent = ident(record.get("parent_id"))
    tell_odd(draft, record, _COMMENT_FIELDS, place, name)
    shared = _shared(record)
    if not shared["text"] and status is None:
        draft.problem(f"comment {name!r} has no text", "it was read as deleted", place=place, comment_id=name)
    draft.comment(name, post_id, place=place, parent_id=parent, status=status, **shared, **scores)


def _shared(record: Mapping[str, Any]) -> dict[str, Any]:
    fields: dict[str, Any] = {name: string(record.get(name)) for name in _TEXTS}
    if fields["text"]:
        fields["text"] = marked(fields["text"])
    return fields


def _skip(draft: Draft, what: str, cure: str, place: str) -> None:
    draft.problem(what, f"it was left out; {cure}", place=place, severity="error")
