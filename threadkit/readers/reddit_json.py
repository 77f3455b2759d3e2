"""Reddit: a thread's ``.json``, any Listing, what ``/api/morechildren`` or an archive of Reddit answers.

karma is ``score`` (NA while the site hides it); ids stand without ``t1_`` and ``t3_``. Reddit escapes bodies
once (``&gt;``) unless asked for ``raw_json=1``; both are read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from threadkit.readers.body import from_markdown
from threadkit.readers.decode import CUT, decode, peek, values
from threadkit.readers.odd_kinds import PARENT, POST, TEXT, tell_odd
from threadkit.readers.strays import Stray, tell
from threadkit.readers.values import GONE, ident, moment, number, string

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from threadkit.readers.draft import Draft
    from threadkit.readers.formats import Sample

TITLE = "Reddit: thread, listing or morechildren JSON"

SITE = "reddit"
HOST = "https://www.reddit.com"
# Objects of a list that detection looks at: the first may be damaged or null.
_TRIED = 20
_KINDS = frozenset({"Listing", "t1", "t3", "more"})
_POST_FIELDS = {"author": TEXT, "selftext": TEXT, "title": TEXT}
_COMMENT_FIELDS = {"author": TEXT, "parent_id": PARENT, "link_id": POST}
_FULL_NAME = re.compile(r"^t[1-6]_")
# Characters that an escaped body cannot hold.
_RAW = re.compile(r"[<>]|&(?!(?:amp|lt|gt);)")


class Thing(NamedTuple):
    """One of Reddit's objects, and where it stands."""

    kind: str
    data: dict[str, Any]
    place: str
    post_id: str | None
    parent_id: str | None


def detect(sample: Sample) -> bool:
    """Tell whether the first object is one of Reddit's things or holds some; `reddit_ndjson` has bare ones a line."""
    top = peek(sample.text)
    first = top[0] if isinstance(top, list) and top else top
    if not isinstance(first, dict):
        return False
    if isinstance(first.get("json"), dict):
        return isinstance(first["json"].get("data"), dict) and "things" in first["json"]["data"]
    if isinstance(first.get("data"), list):
        return any(isinstance(value, dict) and _is_thing(value) for value in first["data"][:_TRIED])
    if first is top and bare_kind(first):
        return bool(decode(sample.text.lstrip("\ufeff \t\r\n").split("\n", 1)[0]).error)
    return _is_thing(first)


def _is_thing(value: dict[str, Any]) -> bool:
    return (string(value.get("kind")) in _KINDS and isinstance(value.get("data"), dict)) or bare_kind(value) != ""


def read(path: Path, draft: Draft) -> None:
    """Add every thing of the file."""
    draft.site = SITE
    lone_post = path.stem
    strays: list[Stray] = []
    for place, top in values(path, draft):
        for thing in things(top, place, strays):
            lone_post = add(draft, thing, lone_post)
    tell_strays(draft, strays)


def add(draft: Draft, thing: Thing, lone_post: str) -> str:
    """Add one thing; returns the post that a comment which names none stands under from here on."""
    if thing.kind == "t3":
        return _add_post(draft, thing) or lone_post
    if thing.kind == "t1":
        _add_comment(draft, thing, lone_post)
    elif thing.kind == "more":
        _add_more(draft, thing, lone_post)
    return lone_post


def tell_strays(draft: Draft, strays: list[Stray]) -> None:
    """Note what stands where things should, and is none."""
    tell(draft, strays, "a post or comment")


def things(top: Any, place: str, strays: list[Stray] | None = None) -> Iterator[Thing]:
    """Yield things in the order of the page, without recursion: ten thousand may be nested.

    `strays` is given whatever else stands where a thing should.
    """
    strays = [] if strays is None else strays
    stack: list[tuple[Any, str, str | None, str | None]] = [(top, place, None, None)]
    while stack:
        value, place, post_id, parent_id = stack.pop()
        if isinstance(value, list):
            stack += [(item, place, post_id, parent_id) for item in reversed(value)]
        if not isinstance(value, dict):
            if not isinstance(value, list):
                strays.append(Stray(value, place or _below(post_id, parent_id)))
            continue
        kind, data = string(value.get("kind")), value.get("data")
        if isinstance(value.get("json"), dict):
            stack.append((value["json"].get("data"), place, None, None))
        elif kind == "Listing" and isinstance(data, dict):
            stack.append((data.get("children"), place, post_id, parent_id))
        elif kind is not None and kind in _KINDS and isinstance(data, dict):
            thing = Thing(kind, data, _where(data, place), post_id, parent_id)
            yield thing
            below = (bare(reference(data.get("link_id"))) or post_id, bare(data.get("id")))
            if data.get("replies"):
                stack.append((data["replies"], place, *below))
        elif "things" in value:
            stack.append((value["things"], place, None, None))
        elif isinstance(data, list) and not bare_kind(value):
            stack.append((data, place, None, None))
        elif bare_kind(value):
            yield Thing(bare_kind(value), value, _where(value, place), post_id, parent_id)
        else:
            strays.append(Stray(value, place or _below(post_id, parent_id)))


def bare_kind(value: dict[str, Any]) -> str:
    """Return the kind of an object that stands without its envelope, as in monthly dumps."""
    if "link_id" in value and "body" in value:
        return "t1"
    return "t3" if "selftext" in value and "subreddit" in value else ""


def _below(post_id: str | None, parent_id: str | None) -> str:
    return f"below {parent_id or post_id}" if parent_id or post_id else ""


def _where(data: dict[str, Any], place: str) -> str:
    return place or string(data.get("name")) or string(data.get("id")) or ""


def bare(name: Any) -> str | None:
    """Return an id without Reddit's mark of what it names.

    >>> bare("t1_abc"), bare("abc"), bare(None)
    ('abc', 'abc', None)
    """
    read = ident(name)
    return _FULL_NAME.sub("", read) if read else None


def reference(name: Any) -> str:
    """Return the name of what an object stands under; archives of Reddit also print it as a number, in base 10.

    >>> reference("t1_abc"), reference(13368), reference(None)
    ('t1_abc', 'abc', '')
    """
    if isinstance(name, str) or not isinstance(name, (int, float)) or isinstance(name, bool):
        return ident(name) or ""
    read = ident(name) or ""
    return np.base_repr(int(read), 36).lower() if read.isdigit() else read


def _add_post(draft: Draft, thing: Thing) -> str | None:
    data = thing.data
    post_id = bare(data.get("id")) or bare(data.get("name"))
    if post_id is None:
        draft.problem("a post has no id", "it was left out; export it again", place=thing.place, severity="error")
        return None
    tell_odd(draft, data, _POST_FIELDS, thing.place)
    permalink = string(data.get("permalink") or None)
    selftext = string(data.get("selftext"))
    draft.post(
        post_id,
        place=thing.place,
        site=SITE,
        url=_address(permalink) if permalink else string(data.get("url")),
        title=unescape(string(data.get("title")) or "", data, "selftext_html"),
        author=data.get("author"),
        posted_at=_time(data),
        edited_at=_edited(data),
        karma=None if data.get("hide_score") is True else _score(data),
        n_comments_stated=data.get("num_comments"),
        text=_body(selftext or "", data, "selftext_html"),
    )
    return post_id


def _add_comment(draft: Draft, thing: Thing, lone_post: str) -> None:
    data = thing.data
    comment_id = bare(data.get("id")) or bare(data.get("name"))
    body = string(data.get("body"))
    if comment_id is None or body is None:
        what = "a comment has no id" if comment_id is None else f"comment {comment_id!r} has no body"
        cut = ": the file is cut off there" if data.get(CUT) else ""
        draft.problem(what + cut, "it was left out; export it again", place=thing.place, severity="error")
        return
    tell_odd(draft, data, _COMMENT_FIELDS, thing.place, comment_id)
    stated = reference(data.get("parent_id"))
    post_id = (
        bare(reference(data.get("link_id"))) or thing.post_id or (bare(stated) if stated.startswith("t3_") else None)
    )
    parent_id = None if stated.startswith("t3_") else bare(stated) or thing.parent_id
    post_id = post_id or lone_post
    if data.get("link_title") and not draft.has_post(post_id):
        title = unescape(string(data["link_title"]) or "", data, "body_html")
        draft.post(post_id, partial=True, site=SITE, title=title, url=string(data.get("link_url")))
    permalink = string(data.get("permalink") or None)
    draft.comment(
        comment_id,
        post_id,
        place=thing.place,
        site=SITE,
        parent_id=parent_id,
        author=string(data.get("author")),
        posted_at=_time(data),
        edited_at=_edited(data),
        karma=None if data.get("score_hidden") is True else _score(data),
        url=_address(permalink or f"/comments/{post_id}/_/{comment_id}/"),
        text=_body(body, data, "body_html"),
    )


def _add_more(draft: Draft, thing: Thing, lone_post: str) -> None:
    children = thing.data.get("children")
    ids = [name for child in children if (name := bare(child))] if isinstance(children, list) else []
    stated = ident(thing.data.get("parent_id")) or ""
    post_id = thing.post_id or (bare(stated) if stated.startswith("t3_") else None) or lone_post
    post_id = draft.post_of(bare(stated) or "") or post_id
    draft.stub(post_id, number(thing.data.get("count")) or 0, ids, place=f"below {stated}")


def _address(permalink: str) -> str:
    return HOST + permalink if permalink.startswith("/") else permalink


def _score(data: dict[str, Any]) -> Any:
    return data.get("score") if data.get("score") is not None else data.get("ups")


def _time(data: dict[str, Any]) -> Any:
    # `created` is shifted to Reddit's own time zone: only better than nothing.
    return data.get("created_utc") if data.get("created_utc") is not None else data.get("created")


def _edited(data: dict[str, Any]) -> datetime | None:
    """Return when a thing was last changed: `edited` is a time, or false where it never was; old ones say only true."""
    edited = data.get("edited")
    return moment(edited or _time(data))


def _body(text: str, data: dict[str, Any], html: str) -> str:
    if text.strip().lower() in GONE:
        return text
    return from_markdown(unescape(text, data, html))


def unescape(text: str, data: dict[str, Any], html: str) -> str:
    """Undo the one level of escaping, unless the export was asked for raw text.

    >>> unescape("&gt; a &amp;amp; b", {}, ""), unescape("&gt; a", {"body_html": "<p>"}, "body_html")
    ('> a &amp; b', '&gt; a')
    """
    rendered = string(data.get(html)) or ""
    if rendered.startswith("<") or (not rendered and _RAW.search(text)):
        return text
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
