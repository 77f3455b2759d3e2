"""Lemmy: ActivityPub notes and pages (from any server of the fediverse), or what Lemmy's API answers.

Ids are addresses (``https://lemmy.example/comment/12``), for numbers differ from server to server; people are
``name@host``. The API's scores are karma; notes have none. PieFed, which answers in the same shapes, is read too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from threadkit.readers.body import from_html, from_markdown
from threadkit.readers.decode import CUT, peek, values
from threadkit.readers.odd_kinds import OBJECT, PARENT, TEXT, tell_odd
from threadkit.readers.strays import Listed, among, listed, tell
from threadkit.readers.values import edit_time, ident, parts_of, string

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from threadkit.readers.draft import Draft
    from threadkit.readers.formats import Sample

TITLE = "Lemmy: ActivityPub notes, or API JSON"

_FAMILY = "lemmy"
_NOTES = frozenset({"Note", "Tombstone"})
_PAGES = frozenset({"Page", "Article", "Question"})
# Fields under which ActivityPub and the API keep what we look for.
_HOLDERS = (
    "object", "first", "items", "orderedItems", "replies", "data", "comments", "posts", "post_view", "comment_view",
    "comment", "post",
)  # fmt: skip
# What stands among notes in an outbox: people, and what they did other than write.
_OTHERS = frozenset(
    {
        "Person", "Group", "Service", "Application", "Organization", "Like", "Dislike", "Undo", "Follow", "Accept",
        "Reject", "Block", "Flag", "Add", "Remove", "Delete", "Lock", "Announce", "Image",
    }
)  # fmt: skip
_FIELDS = {"content": TEXT, "name": TEXT}
_COMMENT_FIELDS = {"parent_id": PARENT, "path": PARENT}
# Objects looked at before a file is not taken for one of Lemmy's.
_TRIED = 50


def detect(sample: Sample) -> bool:
    """Tell whether the file holds a note, a page, or a post or comment of the API."""
    for n, (kind, value) in enumerate(_walk(peek(sample.text), "", [])):
        if kind in {"comment", "post"} or (kind == "object" and _is_activity(value)):
            return True
        if n > _TRIED:
            break
    return False


def _is_activity(value: Mapping[str, Any]) -> bool:
    """Tell an ActivityPub object: its id is an address, and it names its author by one."""
    address = string(value.get("id")) or ""
    return address.startswith("http") and ("attributedTo" in value or value.get("type") == "Tombstone")


def _walk(top: Any, place: str, lists: list[Listed]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what may be a post or a comment: an ActivityPub object, or a view of the API; without recursion.

    `lists` is given every list on the way.
    """
    stack = [top]
    while stack:
        value = stack.pop()
        if isinstance(value, list):
            lists.append(Listed(value, place, "object"))
            stack += reversed(value)
        if not isinstance(value, dict):
            continue
        comment, post = value.get("comment"), value.get("post")
        if string(value.get("type")) in _NOTES | _PAGES:
            yield "object", value
            stack.append(value.get("replies"))
        elif isinstance(comment, dict) and "post_id" in comment and _said(comment) is not None:
            yield "comment", value
        elif isinstance(post, dict) and {"name", "title"} & post.keys() and {"ap_id", "community_id"} & post.keys():
            yield "post", value
        elif "creator_id" in value and {"post_id", "content"} <= value.keys():
            yield "comment", {"comment": value}
        elif {"creator_id", "community_id", "name"} <= value.keys():
            yield "post", {"post": value}
        else:
            stack += [value[key] for key in reversed(_HOLDERS) if key in value]


def read(path: Path, draft: Draft) -> None:
    """Add every post and comment of the file."""
    draft.family = _FAMILY
    tops = list(values(path, draft))
    lists = listed(tops)
    things = [(place, kind, value) for place, top in tops for kind, value in _walk(top, place, lists)]
    # A view that the walk made of a bare object is not in the file, but the object is.
    read = [one for _, _, value in things for one in (value, value.get("comment"), value.get("post"))]
    strays = among(lists, [one for one in read if isinstance(one, dict)])
    tell(draft, [stray for stray in strays if not _is_other(stray.value)], "a post or comment")
    names = _Names([value for _, kind, value in things if kind != "object"])
    for n, (place, kind, value) in enumerate(things, start=1):
        where = place or f"object {n}"
        if kind == "object":
            _add_object(draft, value, where)
        elif kind == "comment":
            _add_comment(draft, value, names, where)
        else:
            _add_post(draft, value, names, where)


def _is_other(value: Any) -> bool:
    """Tell what may stand among notes and pages, and what is only named by its address."""
    return isinstance(value, dict) and string(value.get("type")) in _OTHERS


def _add_object(draft: Draft, value: Mapping[str, Any], place: str) -> None:
    name, answers = ident(value.get("id")), _address(value.get("inReplyTo"))
    gone = value.get("type") == "Tombstone" or (value.get("content") is None and not _translations(value))
    if name is None or (gone and value.get(CUT)):
        what = "an object has no id" if name is None else f"{name!r} is cut off before its text"
        draft.problem(what, "it was left out; export it again", place=place, severity="error")
        return
    odd = tell_odd(draft, value, _FIELDS, place, name)
    fields: dict[str, Any] = {
        "place": place,
        "site": parts_of(answers or name).netloc or None,
        "url": _address(value.get("url")) or name,
        "author": _person(_address(value.get("attributedTo"))),
        "posted_at": value.get("published"),
        "edited_at": edit_time(value.get("published"), value.get("updated")),
        "text": _content(value),
    }
    if answers is None and value.get("type") != "Tombstone":
        draft.post(name, title=string(value.get("name")) or string(value.get("summary")), **fields)
        return
    if answers is None:
        what = f"{name!r} is deleted and does not say what it answered"
        draft.problem(what, "it was left out", place=place, severity="info")
        return
    status = "stub" if "content" in odd and not fields["text"] else "deleted" if gone else None
    status = status or ("live" if not fields["text"] else None)
    # Only the server of the answered object knows whether it is a post.
    draft.comment(name, answers, loose=True, status=status, **fields)


def _content(value: Mapping[str, Any]) -> str:
    content = string(value.get("content")) or next(iter(_translations(value)), None)
    source = value.get("source")
    if not content and isinstance(source, dict):
        return from_markdown(string(source.get("content")) or "")
    if string(value.get("mediaType")) in {"text/markdown", "text/plain"}:
        return from_markdown(content or "")
    return from_html(content or "")


def _translations(value: Mapping[str, Any]) -> list[str]:
    """Return the texts that a note holds by language, in place of one text or beside it."""
    texts = value.get("contentMap")
    return [text for text in texts.values() if isinstance(text, str)] if isinstance(texts, dict) else []


def _address(value: Any) -> str | None:
    """Return the address of what is named, be it printed as one, as an object, or as the first of several."""
    if isinstance(value, list):
        value = next((item for item in value if _address_of(item)), None)
    return _address_of(value)


def _address_of(value: Any) -> str | None:
    if isinstance(value, dict):
        value = value.get("id") or value.get("href")
    return ident(value) if isinstance(value, str) else None


def _person(address: str | None) -> str | None:
    """Return ``name@host`` for the address of a person.

    >>> _person("https://lemmy.example/u/ana"), _person("https://toot.example/@bo"), _person(None)
    ('ana@lemmy.example', 'bo@toot.example', None)
    """
    parts = parts_of(address)
    name = parts.path.rstrip("/").rpartition("/")[2].removeprefix("@")
    return f"{name}@{parts.netloc}" if name and parts.netloc else None


class _Names:
    """The addresses of the API's posts and comments, which name each other by number."""

    def __init__(self, views: list[dict[str, Any]]) -> None:
        self.posts: dict[str, str] = {}
        self.comments: dict[str, str] = {}
        for view in views:
            for known, key in ((self.posts, "post"), (self.comments, "comment")):
                thing = view.get(key)
                if isinstance(thing, dict) and (number := ident(thing.get("id"))):
                    known[number] = ident(thing.get("ap_id")) or f"{key}/{number}"

    def post(self, number: Any) -> str | None:
        """Return the id of the post of this number; ``post/7`` where the file does not hold it."""
        name = ident(number)
        return None if name is None else self.posts.get(name, f"post/{name}")

    def comment(self, comment: Mapping[str, Any]) -> str | None:
        """Return the id of a comment."""
        name = ident(comment.get("id"))
        return ident(comment.get("ap_id")) or (name and f"comment/{name}")

    def parent(self, comment: Mapping[str, Any]) -> str | None:
        """Return the id of the comment that this one answers: the last but one of its path."""
        above = (string(comment.get("path")) or "").split(".")[1:-1]
        name = ident(comment.get("parent_id")) or (above[-1] if above else None)
        return None if name is None else self.comments.get(name, f"comment/{name}")


def _add_post(draft: Draft, view: Mapping[str, Any], names: _Names, place: str) -> None:
    post = view["post"]
    name = ident(post.get("ap_id")) or names.post(post.get("id"))
    if name is None:
        draft.problem("a post has no id", "it was left out; export it again", place=place, severity="error")
        return
    tell_odd(draft, post, _FIELDS | {"body": TEXT}, place)
    tell_odd(draft, view, {"creator": OBJECT}, place)
    gone = post.get("removed") is True or post.get("deleted") is True
    comments = _counts(view, post).get("comments")
    draft.post(
        name,
        **_shared(view, post, place),
        title=string(post.get("name")) or string(post.get("title")),
        n_comments_stated=comments,
        text="" if gone else from_markdown(string(post.get("body")) or ""),
    )


def _add_comment(draft: Draft, view: Mapping[str, Any], names: _Names, place: str) -> None:
    comment = view["comment"]
    name, post_id = names.comment(comment), names.post(comment.get("post_id"))
    if name is None or post_id is None:
        what = "a comment has no id" if name is None else f"comment {name!r} names no post"
        draft.problem(what, "it was left out; export it again", place=place, severity="error")
        return
    post = view.get("post")
    if isinstance(post, dict) and post_id not in draft.posts and ("name" in post or "title" in post):
        _add_post(draft, {"post": post}, names, place)
    tell_odd(draft, comment, _COMMENT_FIELDS, place, name)
    tell_odd(draft, view, {"creator": OBJECT}, place, name)
    text = from_markdown(_said(comment) or "")
    status = "removed" if comment.get("removed") is True else "deleted" if comment.get("deleted") is True else None
    shared = _shared(view, comment, place)
    draft.comment(name, post_id, parent_id=names.parent(comment), status=status, text=text, **shared)


def _shared(view: Mapping[str, Any], thing: Mapping[str, Any], place: str) -> dict[str, Any]:
    address = ident(thing.get("ap_id"))
    post = view.get("post")
    home = ident(post.get("ap_id")) if isinstance(post, dict) else address
    written = thing.get("published") or thing.get("published_at")
    return {
        "place": place,
        "site": parts_of(home).netloc or None,
        "url": address,
        "author": _creator(view.get("creator")),
        "posted_at": written,
        "edited_at": edit_time(written, thing.get("updated") or thing.get("updated_at")),
        "karma": _counts(view, thing).get("score"),
    }


def _counts(view: Mapping[str, Any], thing: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the object that holds the scores: beside the thing until Lemmy 0.19, in it from 1.0 on."""
    counts = view.get("counts")
    return counts if isinstance(counts, dict) else thing


def _creator(person: Any) -> str | None:
    if not isinstance(person, dict) or person.get("deleted") is True:
        return None
    name = string(person.get("name")) or string(person.get("user_name"))
    host = parts_of(ident(person.get("actor_id")) or ident(person.get("ap_id"))).netloc
    return f"{name}@{host}" if name and host else name


def _said(comment: Mapping[str, Any]) -> str | None:
    said = comment.get("content", comment.get("body"))
    return said if isinstance(said, str) else None
