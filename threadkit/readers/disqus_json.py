"""Disqus as JSON: what its API answers (``listPosts``), a list of such posts, or the data of an embedded thread.

A thread is the post, under the number that Disqus gives it; what is known of it stands in the answer only where
``related=thread`` was asked for. karma is ``points``. Answers have at most 100 posts, and say whether more follow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from threadkit.readers.accounts import Guests
from threadkit.readers.body import from_html
from threadkit.readers.decode import CUT, peek, values
from threadkit.readers.odd_kinds import PARENT, POST_OR_OBJECT, TEXT, TEXT_OR_OBJECT, tell_odd
from threadkit.readers.strays import Listed, among, listed, tell
from threadkit.readers.values import ident, number, parts_of, string

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from threadkit.readers.draft import Draft
    from threadkit.readers.formats import Sample

TITLE = "Disqus: API JSON, or the data of an embedded thread"

_FAMILY = "disqus"
_MARKS = frozenset({"isApproved", "isDeleted", "isSpam", "isFlagged", "points", "likes", "dislikes", "forum", "thread"})
_KINDS = {
    "message": TEXT,
    "raw_message": TEXT,
    "author": TEXT_OR_OBJECT,
    "thread": POST_OR_OBJECT,
    "parent": PARENT,
}
_THREAD_MARKS = frozenset({"clean_title", "identifiers", "signedLink", "isClosed", "slug", "forum"})
_HOLDERS = ("response", "thread", "posts", "collection")
# Objects looked at before a file is not taken for one of Disqus's.
_TRIED = 20


class _Found(NamedTuple):
    """A post of Disqus's, or a thread, and where it stands."""

    fields: dict[str, Any]
    is_thread: bool
    place: str


def detect(sample: Sample) -> bool:
    """Tell whether one of the first objects is a post as the API gives it."""
    for n, found in enumerate(_walk(peek(sample.text), "", [])):
        if not found.is_thread:
            return True
        if n > _TRIED:
            break
    return False


def _walk(top: Any, place: str, lists: list[Listed]) -> Iterator[_Found]:
    """Yield threads and posts in the order of the file, without recursion; `lists` is given every list on the way."""
    stack: list[tuple[Any, str]] = [(top, place)]
    while stack:
        value, place = stack.pop()
        if isinstance(value, list):
            lists.append(Listed(value, place))
            stack += [(one, f"{place} record {n}".strip()) for n, one in reversed(list(enumerate(value, start=1)))]
        if not isinstance(value, dict):
            continue
        if _is_thread(value):
            yield _Found(value, True, place)
        elif _is_post(value):
            yield _Found(value, False, place)
            stack.append((value.get("thread"), place))
        else:
            stack += [(value.get(key), place) for key in reversed(_HOLDERS)]


def _is_post(value: Mapping[str, Any]) -> bool:
    """Tell a post by Disqus's own marks, and by its words: one that lacks these by author and time."""
    if len(_MARKS & value.keys()) <= 2:
        return False
    known = [name in value for name in ("id", "author", "createdAt")]
    return any(known) if "message" in value or "raw_message" in value else all(known)


def _is_thread(value: Mapping[str, Any]) -> bool:
    named = "title" in value and "link" in value and "id" in value
    return named and len(_THREAD_MARKS & value.keys()) > 1


def read(path: Path, draft: Draft) -> None:
    """Add every thread, then every comment of the file."""
    draft.family = _FAMILY
    found: list[_Found] = []
    tops = list(values(path, draft))
    lists = listed(tops)
    for place, top in tops:
        found += _walk(top, place, lists)
        _tell_more(draft, top, place)
    tell(draft, among(lists, (one.fields for one in found)), "a comment")
    for one in found:
        if one.is_thread:
            _add_thread(draft, one.fields)
    people = Guests()
    lone = next(iter(draft.posts)) if len(draft.posts) == 1 else path.stem
    for one in found:
        if not one.is_thread:
            _add_comment(draft, one, lone, people)
    people.name(draft)


def _tell_more(draft: Draft, top: Any, place: str) -> None:
    """Note an error that Disqus answered with, and that an answer is not the last of its thread."""
    if not isinstance(top, dict):
        return
    if number(top.get("code")) and isinstance(top.get("response"), str):
        what = f"Disqus answered with an error: {top['response'][:80]}"
        draft.problem(what, "ask for the export again", place=place, severity="error")
    cursor = top.get("cursor")
    if isinstance(cursor, dict) and cursor.get("hasNext") is True:
        what = "more comments follow on the next page of the answer"
        cure = f"read that page too: ask again with cursor={string(cursor.get('next')) or ''}"
        draft.problem(what, cure, place=place)


def _add_thread(draft: Draft, fields: Mapping[str, Any]) -> None:
    name, link = ident(fields.get("id")), string(fields.get("link"))
    if name is None:
        return
    author = fields.get("author")
    text = from_html(string(fields.get("message")) or "")
    draft.post(
        name,
        partial=not text,
        site=parts_of(link).netloc or string(fields.get("forum")),
        url=link,
        title=string(fields.get("clean_title")) or string(fields.get("title")),
        author=string(author.get("name")) if isinstance(author, dict) else None,
        posted_at=fields.get("createdAt"),
        n_comments_stated=fields.get("posts"),
        text=text,
    )


def _add_comment(draft: Draft, found: _Found, lone: str, people: Guests) -> None:
    fields, name = found.fields, ident(found.fields.get("id"))
    said = _said(fields)
    if name is None or (said is None and fields.get(CUT)):
        what = "a comment has no id" if name is None else f"comment {name!r} is cut off before its text"
        draft.problem(what, "it was left out; export it again", place=found.place, severity="error")
        return
    odd = tell_odd(draft, fields, _KINDS, found.place, name)
    thread = fields.get("thread")
    post_id = ident(thread.get("id") if isinstance(thread, dict) else thread)
    if post_id is None:
        what = f"comment {name!r} names no thread"
        draft.problem(what, f"it was read under {lone!r}", place=found.place, comment_id=name)
        post_id = lone
    post = draft.posts.get(post_id, {})
    text = from_html(said or "")
    draft.comment(
        name,
        post_id,
        place=found.place,
        site=post.get("site") or string(fields.get("forum")),
        url=f"{post['url']}#comment-{name}" if post.get("url") else None,
        parent_id=ident(fields.get("parent")),
        author=_author(fields.get("author"), name, people),
        posted_at=fields.get("createdAt"),
        karma=_karma(fields),
        status=_status(fields) or _silence(fields, said, odd) or ("live" if said and not text else None),
        text=text,
    )


def _silence(fields: Mapping[str, Any], said: str | None, odd: set[str]) -> str | None:
    """Return the status of a comment whose words the export does not hold, though it does not say they are gone."""
    if said is not None:
        return None
    asked = {"message", "raw_message"} & fields.keys()
    return "stub" if not asked or asked & odd else None


def _said(fields: Mapping[str, Any]) -> str | None:
    """Return a post as HTML; as typed it is HTML too, but for its line ends."""
    html = string(fields.get("message"))
    if html:
        return html
    raw = string(fields.get("raw_message"))
    return html if raw is None else "<p>" + raw.replace("\n\n", "<p>").replace("\n", "<br>")


def _author(author: Any, comment_id: str, people: Guests) -> str | None:
    if not isinstance(author, dict):
        return string(author)
    name, username = string(author.get("name")) or "", string(author.get("username")) or ""
    if author.get("isAnonymous") is True:
        username = ""
    mark = string(author.get("emailHash")) or string(author.get("email")) or ""
    return people.note(comment_id, name=name.strip(), username=username.strip(), mark=mark)


def _karma(fields: Mapping[str, Any]) -> Any:
    if fields.get("points") is not None:
        return fields["points"]
    likes, dislikes = number(fields.get("likes")), number(fields.get("dislikes"))
    return None if likes is None and dislikes is None else (likes or 0) - (dislikes or 0)


def _status(fields: Mapping[str, Any]) -> str | None:
    if fields.get("isDeleted") is True or fields.get("isDeletedByAuthor") is True:
        return "deleted"
    # What waits for a moderator was never to be read.
    return "removed" if fields.get("isSpam") is True or fields.get("isApproved") is False else None
