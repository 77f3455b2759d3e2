"""Reddit: a thread's ``.json``, any Listing, what ``/api/morechildren`` answers, or its bare objects one a line.

karma is ``score`` (NA while the site hides it); ids stand without ``t1_`` and ``t3_``. Reddit escapes bodies
once (``&gt;``) unless asked for ``raw_json=1``; both are read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from threadkit.readers.body import from_markdown
from threadkit.readers.decode import CUT, peek, values
from threadkit.readers.values import GONE, ident, number, string

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from threadkit.readers.draft import Draft
    from threadkit.readers.formats import Sample

TITLE = "Reddit: thread, listing or morechildren JSON"

_SITE = "reddit"
_HOST = "https://www.reddit.com"
_KINDS = frozenset({"Listing", "t1", "t3", "more"})
_FULL_NAME = re.compile(r"^t[1-6]_")
# Characters that an escaped body cannot hold.
_RAW = re.compile(r"[<>]|&(?!(?:amp|lt|gt);)")


class _Thing(NamedTuple):
    """One of Reddit's objects, and where it stands."""

    kind: str
    data: dict[str, Any]
    place: str
    post_id: str | None
    parent_id: str | None


def detect(sample: Sample) -> bool:
    """Tell whether the first object is one of Reddit's things or holds some."""
    first = peek(sample.text)
    first = first[0] if isinstance(first, list) and first else first
    if not isinstance(first, dict):
        return False
    if isinstance(first.get("json"), dict):
        return isinstance(first["json"].get("data"), dict) and "things" in first["json"]["data"]
    return (string(first.get("kind")) in _KINDS and isinstance(first.get("data"), dict)) or _bare_kind(first) != ""


def read(path: Path, draft: Draft) -> None:
    """Add every thing of the file."""
    draft.site = _SITE
    lone_post = path.stem
    for place, top in values(path, draft):
        for thing in _walk(top, place):
            if thing.kind == "t3":
                lone_post = _add_post(draft, thing) or lone_post
            elif thing.kind == "t1":
                _add_comment(draft, thing, lone_post)
            elif thing.kind == "more":
                _add_more(draft, thing, lone_post)


def _walk(top: Any, place: str) -> Iterator[_Thing]:
    """Yield things in the order of the page, without recursion: ten thousand may be nested."""
    stack: list[tuple[Any, str, str | None, str | None]] = [(top, place, None, None)]
    while stack:
        value, place, post_id, parent_id = stack.pop()
        if isinstance(value, list):
            stack += [(item, place, post_id, parent_id) for item in reversed(value)]
        if not isinstance(value, dict):
            continue
        kind, data = string(value.get("kind")), value.get("data")
        if isinstance(value.get("json"), dict):
            stack.append((value["json"].get("data"), place, None, None))
        elif kind == "Listing" and isinstance(data, dict):
            stack.append((data.get("children"), place, post_id, parent_id))
        elif kind is not None and kind in _KINDS and isinstance(data, dict):
            thing = _Thing(kind, data, _where(data, place), post_id, parent_id)
            yield thing
            below = (_bare(data.get("link_id")) or post_id, _bare(data.get("id")))
            stack.append((data.get("replies"), place, *below))
        elif "things" in value:
            stack.append((value["things"], place, None, None))
        elif _bare_kind(value):
            yield _Thing(_bare_kind(value), value, _where(value, place), post_id, parent_id)


def _bare_kind(value: dict[str, Any]) -> str:
    """Return the kind of an object that stands without its envelope, as in monthly dumps."""
    if "link_id" in value and "body" in value:
        return "t1"
    return "t3" if "selftext" in value and "subreddit" in value else ""


def _where(data: dict[str, Any], place: str) -> str:
    return place or string(data.get("name")) or string(data.get("id")) or ""


def _bare(name: Any) -> str | None:
    """Return an id without Reddit's mark of what it names.

    >>> _bare("t1_abc"), _bare("abc"), _bare(None)
    ('abc', 'abc', None)
    """
    read = ident(name)
    return _FULL_NAME.sub("", read) if read else None


def _add_post(draft: Draft, thing: _Thing) -> str | None:
    data = thing.data
    post_id = _bare(data.get("id")) or _bare(data.get("name"))
    if post_id is None:
        draft.problem("a post has no id", "it was left out; export it again", place=thing.place, severity="error")
        return None
    permalink = string(data.get("permalink"))
    selftext = string(data.get("selftext"))
    draft.post(
        post_id,
        place=thing.place,
        site=_SITE,
        url=_HOST + permalink if permalink else string(data.get("url")),
        title=_unescape(string(data.get("title")) or "", data, "selftext_html"),
        author=data.get("author"),
        posted_at=_time(data),
        karma=_score(data),
        n_comments_stated=data.get("num_comments"),
        text=_body(selftext or "", data, "selftext_html"),
    )
    return post_id


def _add_comment(draft: Draft, thing: _Thing, lone_post: str) -> None:
    data = thing.data
    comment_id = _bare(data.get("id")) or _bare(data.get("name"))
    body = string(data.get("body"))
    if comment_id is None or body is None:
        what = "a comment has no id" if comment_id is None else f"comment {comment_id!r} has no body"
        cut = ": the file is cut off there" if data.get(CUT) else ""
        draft.problem(what + cut, "it was left out; export it again", place=thing.place, severity="error")
        return
    stated = ident(data.get("parent_id")) or ""
    post_id = _bare(data.get("link_id")) or thing.post_id or (_bare(stated) if stated.startswith("t3_") else None)
    parent_id = None if stated.startswith("t3_") else _bare(stated) or thing.parent_id
    post_id = post_id or lone_post
    if data.get("link_title") and post_id not in draft.posts:
        title = _unescape(string(data["link_title"]) or "", data, "body_html")
        draft.post(post_id, partial=True, site=_SITE, title=title, url=string(data.get("link_url")))
    permalink = string(data.get("permalink"))
    draft.comment(
        comment_id,
        post_id,
        place=thing.place,
        site=_SITE,
        parent_id=parent_id,
        author=string(data.get("author")),
        posted_at=_time(data),
        karma=None if data.get("score_hidden") is True else _score(data),
        url=_HOST + permalink if permalink else f"{_HOST}/comments/{post_id}/_/{comment_id}/",
        text=_body(body, data, "body_html"),
    )


def _add_more(draft: Draft, thing: _Thing, lone_post: str) -> None:
    children = thing.data.get("children")
    ids = [name for child in children if (name := _bare(child))] if isinstance(children, list) else []
    stated = ident(thing.data.get("parent_id")) or ""
    post_id = thing.post_id or (_bare(stated) if stated.startswith("t3_") else None) or lone_post
    parent = draft.comments.get(_bare(stated) or "")
    if parent is not None:
        post_id = parent["post_id"]
    draft.stub(post_id, number(thing.data.get("count")) or 0, ids, place=f"below {stated}")


def _score(data: dict[str, Any]) -> Any:
    return data.get("score") if data.get("score") is not None else data.get("ups")


def _time(data: dict[str, Any]) -> Any:
    # `created` is shifted to Reddit's own time zone: only better than nothing.
    return data.get("created_utc") if data.get("created_utc") is not None else data.get("created")


def _body(text: str, data: dict[str, Any], html: str) -> str:
    if text.strip().lower() in GONE:
        return text
    return from_markdown(_unescape(text, data, html))


def _unescape(text: str, data: dict[str, Any], html: str) -> str:
    """Undo the one level of escaping, unless the export was asked for raw text.

    >>> _unescape("&gt; a &amp;amp; b", {}, ""), _unescape("&gt; a", {"body_html": "<p>"}, "body_html")
    ('> a &amp; b', '&gt; a')
    """
    rendered = string(data.get(html)) or ""
    if rendered.startswith("<") or (not rendered and _RAW.search(text)):
        return text
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
