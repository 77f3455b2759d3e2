"""Disqus: the XML that its moderation panel exports, well-formed or not.

A thread is the post (the page commented on; its text is not in the export), under the number that Disqus
gives it. Disqus exports no votes. Spam is removed, deleted is deleted.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from threadkit.readers.accounts import Guests
from threadkit.readers.body import from_html
from threadkit.readers.values import parts_of
from threadkit.readers.xml_stream import elements, local

if TYPE_CHECKING:
    from threadkit.readers.draft import Draft
    from threadkit.readers.formats import Sample

TITLE = "Disqus: XML export"
STREAMS = True

_FAMILY = "disqus"
_ROOT = re.compile(
    r"[^<]{0,20}(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*+-->\s*)*+(?:<!DOCTYPE[^<>\[]*(?:\[.*?\]\s*)?>\s*)?<disqus\b[^>]*disqus\.com",
    re.DOTALL,
)
_ID = "{http://disqus.com/disqus-internals}id"
# Some exports have passed through tools that dropped the quotes.
_UNQUOTED = re.compile(rb"""(\bdsq:id=)([\w-]+)""")


def detect(sample: Sample) -> bool:
    """Tell whether the root element is Disqus's."""
    return _ROOT.match(sample.text) is not None


def read(path: Path, draft: Draft) -> None:
    """Add every thread and comment of the file."""
    draft.family = _FAMILY
    mended = 0

    def mend(piece: bytes) -> bytes:
        nonlocal mended
        piece, count = _UNQUOTED.subn(rb'\1"\2"', piece)
        mended += count
        return piece

    people = Guests()
    for n, element in enumerate(elements(path, draft, {"thread", "post"}, mend), start=1):
        if local(element) == "thread":
            _add_thread(draft, element)
        else:
            _add_comment(draft, element, f"element {n}", people)
    people.name(draft)
    if mended:
        draft.problem(f"{mended:,} ids stand without quotes", "they were read as if they had them", severity="info")


def _add_thread(draft: Draft, element: Any) -> None:
    name, link, title = element.get(_ID), _text(element, "link"), _text(element, "title")
    if not name or not (link or title):
        what = f"thread {name} has neither link nor title" if name else "a thread has no id"
        draft.problem(what, "it was left out; its comments, if there are any, stand under its number", severity="info")
        return
    text = from_html(_text(element, "message"))
    draft.post(
        name,
        partial=not text,
        site=parts_of(link).netloc or _text(element, "forum") or None,
        url=link,
        title=title,
        author=_text(_child(element, "author"), "name"),
        posted_at=_text(element, "createdAt"),
        text=text,
    )


def _add_comment(draft: Draft, element: Any, place: str, people: Guests) -> None:
    thread, name = _reference(element, "thread"), element.get(_ID)
    if name is None:
        # Imported comments may have only the id of the system they came from.
        name = _text(element, "id") or f"{thread or Path(draft.source).stem}#{place.split()[-1]}"
        draft.problem("a comment has no Disqus id", f"it was given the id {name!r}", place=place, comment_id=name)
    if thread is None:
        thread = Path(draft.source).stem
        draft.problem(
            f"comment {name!r} names no thread", f"it was read under {thread!r}", place=place, comment_id=name
        )
    spam, deleted = _text(element, "isSpam") == "true", _text(element, "isDeleted") == "true"
    message = _text(element, "message")
    text = from_html(message)
    who = _child(element, "author")
    author = people.note(name, name=_text(who, "name"), username=_text(who, "username"), mark=_text(who, "email"))
    draft.comment(
        name,
        thread,
        place=place,
        site=draft.posts.get(thread, {}).get("site"),
        parent_id=_reference(element, "parent"),
        author=author,
        posted_at=_text(element, "createdAt"),
        status="deleted" if deleted else "removed" if spam else "live" if message and not text else None,
        text=text,
    )


def _reference(element: Any, name: str) -> str | None:
    child = _child(element, name)
    return None if child is None else child.get(_ID)


def _child(element: Any, name: str) -> Any:
    """Return an element's child of this name, whatever its namespace."""
    return next((child for child in element if local(child) == name), None)


def _text(element: Any, name: str) -> str:
    child = None if element is None else _child(element, name)
    return "" if child is None else (child.text or "").strip()
