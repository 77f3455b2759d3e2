"""Hacker News as JSON: items of the official API, of Algolia's, and rows of the BigQuery table.

Read are one item or a list of them, one a line, Algolia's nested children and the hits of its search. A comment
stands under the story that its parents lead to. Comments have no karma there (only their own authors see it).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from threadkit.readers.body import from_html
from threadkit.readers.decode import CUT, peek, values
from threadkit.readers.odd_kinds import PARENT, POST, TEXT, tell_odd
from threadkit.readers.strays import Listed, Stray, among, listed, tell
from threadkit.readers.values import ident, string

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from threadkit.readers.draft import Draft
    from threadkit.readers.formats import Sample

TITLE = "Hacker News: API, Algolia or BigQuery JSON"

_SITE = "Hacker News"
_URL = "https://news.ycombinator.com/item?id="
_POSTS = frozenset({"story", "poll", "job"})
_KINDS = _POSTS | {"comment", "pollopt"}
_MARKS = frozenset(
    {
        "by",
        "kids",
        "time",
        "descendants",
        "dead",
        "ranking",
        "created_at_i",
        "story_id",
        "parent_id",
        "points",
        "parent",
    }
)
# Where replies stand inside what they answer; of `kids` only where they are more than ids.
_BELOW = ("children", "kids", "comments")
_BODIES = ("text", "comment_text", "story_text")
_FIELDS = {
    **dict.fromkeys((*_BODIES, "by", "author"), TEXT),
    **dict.fromkeys(("parent", "parent_id"), PARENT),
    "story_id": POST,
}
_TRIED = 20
_ESCAPED = re.compile(r"&#x2[7fF];|&quot;|<p>")
_GONE = {"[flagged]": "removed", "[dead]": "removed", "[deleted]": "deleted"}


class _Item(NamedTuple):
    """A post or comment, whatever its source calls the fields."""

    name: str
    parent: str | None
    story: str | None
    fields: dict[str, Any]
    place: str


def detect(sample: Sample) -> bool:
    """Tell whether the first records are items there."""
    first = peek(sample.text)
    if isinstance(first, dict) and isinstance(first.get("hits"), list):
        first = first["hits"]
    tried = first[:_TRIED] if isinstance(first, list) else [first]
    return any(_is_item(value) or _is_bare(value) for value in tried if isinstance(value, dict))


def _is_item(value: dict[str, Any]) -> bool:
    if "objectID" in value:
        return "_tags" in value and "created_at_i" in value
    digits = (ident(value.get("id")) or "").isdigit()
    return digits and string(value.get("type")) in _KINDS and len(_MARKS & value.keys()) > 1


def _is_bare(value: dict[str, Any]) -> bool:
    """Tell whether this is what some readers of the site keep of a comment: nothing but id, author and text."""
    text = string(value.get("text"))
    known = set(value) - {CUT} == {"id", "author", "text"} and isinstance(value.get("id"), int)
    return known and text is not None and _ESCAPED.search(text) is not None


def read(path: Path, draft: Draft) -> None:
    """Add every story, then every comment."""
    draft.site = _SITE
    items: dict[str, _Item] = {}
    again: list[_Item] = []
    absent = 0
    tops = list(values(path, draft))
    lists, met = listed(tops), []
    for place, top in tops:
        for item in _walk(top, place, lists):
            if item is None:
                absent += 1
                continue
            met.append(item.fields)
            if not item.name:
                what = "a record has no id"
                draft.problem(what, "it was left out; export it again", place=item.place, severity="error")
            elif items.setdefault(item.name, item) is not item:
                again.append(item)
    tell(draft, _strays(lists, met), "an item")
    if absent:
        what = f"{absent:,} records are null: the site gave none"
        draft.problem(what, "they were left out; ask for them again", loss="records", n_lost=absent)
    posts = [item for item in items.values() if _is_post(item)]
    for item in (*posts, *filter(_is_post, again)):
        _add_post(draft, item)
    lone = posts[0].name if len(posts) == 1 else None
    roots = _roots(items)
    for item in (*items.values(), *again):
        if string(item.fields.get("type")) == "pollopt":
            draft.holds(roots[item.name], item.name)
        elif not _is_post(item):
            _add_comment(draft, item, _post_of(item, roots[item.name], items, lone or path.stem))
    _note_missing(draft, items.values(), roots, lone)
    loose = sum(item.parent is None and item.story is None and not _is_post(item) for item in items.values())
    if loose:
        what = f"{loose:,} comments name neither their story nor what they answer"
        draft.problem(what, "they were read as answers to one post; export them with 'parent'")


def _strays(lists: list[Listed], items: list[dict[str, Any]]) -> list[Stray]:
    """Return what stands among items and is none; nulls are counted elsewhere, and ids stand for replies not held."""
    ids = {id(item.get("kids")) for item in items}
    strays = among([one for one in lists if id(one.values) not in ids], items)
    return [stray for stray in strays if stray.value is not None]


def _walk(top: Any, place: str, lists: list[Listed]) -> Iterator[_Item | None]:
    """Yield the items in the order of the file, without recursion; None for a null. `lists` is given every list met."""
    stack: list[tuple[Any, str | None, str | None, str]] = [(top, None, None, place)]
    while stack:
        value, parent, story, place = stack.pop()
        if isinstance(value, list):
            lists.append(Listed(value, place, "item"))
            numbered = enumerate(value, start=1)
            stack += [(one, parent, story, f"{place} item {n}".strip()) for n, one in reversed(list(numbered))]
        elif value is None:
            yield None
        elif isinstance(value, dict) and isinstance(value.get("hits"), list):
            stack.append((value["hits"], None, None, place))
        elif isinstance(value, dict):
            item = _item(value, parent, story, place)
            yield item
            below = item.name if _is_post(item) else item.story
            nested = [(value.get(key), item.name, below, item.name) for key in reversed(_BELOW)]
            stack += [entry for entry in nested if _holds_items(entry[0])]


def _holds_items(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(one, dict) for one in value)


def _item(value: dict[str, Any], parent: str | None, story: str | None, place: str) -> _Item:
    name = ident(value.get("id")) or ident(value.get("objectID")) or ""
    stated = ident(value.get("parent")) or ident(value.get("parent_id")) or parent
    return _Item(name, stated, ident(value.get("story_id")) or story, value, place)


def _is_post(item: _Item) -> bool:
    kind = string(item.fields.get("type"))
    if kind is None:
        return item.parent is None and ("title" in item.fields or "num_comments" in item.fields)
    return kind in _POSTS


def _roots(items: dict[str, _Item]) -> dict[str, str]:
    """Return what each item's parents lead to: a held post, or the first item that is not held."""
    found: dict[str, str] = {}
    for name in items:
        chain: dict[str, None] = {}
        at = name
        while at in items and at not in found and at not in chain:
            chain[at] = None
            at = items[at].parent or at
        root = found.get(at, at)
        found.update(dict.fromkeys(chain, root))
    return found


def _post_of(item: _Item, root: str, items: dict[str, _Item], lone: str) -> str:
    if root in items and _is_post(items[root]):
        return root
    if item.story:
        return item.story
    # What is not held may be a story as well as a comment of the only one that is.
    return lone if root in items or lone in items else root


def _add_post(draft: Draft, item: _Item) -> None:
    fields = item.fields
    tell_odd(draft, fields, _FIELDS, item.place)
    stated = fields.get("descendants") if fields.get("descendants") is not None else fields.get("num_comments")
    draft.post(
        item.name,
        place=item.place,
        site=_SITE,
        url=_URL + item.name,
        title=string(fields.get("title")),
        author=_author(fields),
        posted_at=_time(fields),
        karma=fields.get("score") if fields.get("score") is not None else fields.get("points"),
        n_comments_stated=stated,
        text=from_html(_html(fields) or "", marks=True),
    )


def _add_comment(draft: Draft, item: _Item, post_id: str) -> None:
    fields = item.fields
    html = _html(fields)
    if fields.get(CUT) and html is None:
        what = f"comment {item.name!r} is cut off before its text"
        draft.problem(what, "it was left out; export it again", place=item.place, severity="error")
        return
    if post_id not in draft.posts and string(fields.get("story_title")):
        draft.post(post_id, partial=True, site=_SITE, title=string(fields.get("story_title")), url=_URL + post_id)
    odd = tell_odd(draft, fields, _FIELDS, item.place, item.name)
    text = from_html(html or "", marks=True)
    status = _GONE.get(text) or ("deleted" if _true(fields.get("deleted")) else None)
    if html is None and odd.intersection(_BODIES):
        status = status or "stub"
    if _true(fields.get("dead")):
        status = "removed"
    draft.comment(
        item.name,
        post_id,
        place=item.place,
        site=_SITE,
        url=_URL + item.name,
        parent_id=item.parent,
        author=_author(fields),
        posted_at=_time(fields),
        karma=fields.get("points"),
        status=status,
        text=text,
    )


def _html(fields: dict[str, Any]) -> str | None:
    bodies = (string(fields.get(key)) for key in _BODIES)
    return next((body for body in bodies if body is not None), None)


def _author(fields: dict[str, Any]) -> str | None:
    return string(fields.get("by")) or string(fields.get("author"))


def _time(fields: dict[str, Any]) -> Any:
    times = (fields.get(key) for key in ("time", "created_at_i", "created_at", "timestamp", "time_ts"))
    return next((time for time in times if time is not None and time != ""), None)


def _true(value: Any) -> bool:
    return value is True or (string(value) or "").lower() == "true"


def _note_missing(draft: Draft, items: Iterable[_Item], roots: dict[str, str], lone: str | None) -> None:
    """Note the replies that an item names by their ids and the file does not hold."""
    held = {*draft.comments, *draft.posts} | {item.name for item in items}
    for item in items:
        kids = item.fields.get("kids")
        named = [name for kid in kids if (name := ident(kid))] if isinstance(kids, list) else []
        lost = [name for name in named if name not in held]
        if lost:
            comment = draft.comments.get(item.name)
            post_id = comment["post_id"] if comment else lone or roots[item.name]
            draft.stub(post_id, 0, lost, place=f"below {item.name}")
