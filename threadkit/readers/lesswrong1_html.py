"""LessWrong 1 (2009 to 2017, a fork of Reddit): saved post pages and users' pages.

Every comment prints its author, time and points twice, folded and unfolded; the unfolded ones are read. karma is
the points; a comment answers the one it stands in, or else the one that its "Parent" link names. Times are the
printed ones, which are UTC: the attribute ``time`` beside them was counted in the server's own zone, and lies ten
hours earlier (so that first comments would stand before their post).
"""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, Any

from threadkit.readers.body import from_tree
from threadkit.readers.markup import attribute, first, has, is_page, parse, parts, words
from threadkit.readers.values import GONE

if TYPE_CHECKING:
    from pathlib import Path

    from threadkit.readers.draft import Draft
    from threadkit.readers.formats import Sample

TITLE = "LessWrong 1 (2009-2017): saved page (HTML)"

_SITE = "LessWrong"
_HOST = "http://lesswrong.com"
_MARKS = re.compile(r"""\bid=["'](?:thingrow|siteTable|author|score)_t[13]_[0-9a-z]+["']""")
# Reddit's own pages of that age have the same rows; the forum's posts stand under /lw/.
_NAMED = re.compile(r"less ?wrong|[\"'/]lw/[0-9a-z]+/", re.IGNORECASE)
_ROW = re.compile(r"(?:thingrow|entry|body)_t1_([0-9a-z]+)$")
_WHERE = re.compile(r"/lw/([0-9a-z]+)/[^/?#]*(?:/([0-9a-z]+))?")
_MORE = re.compile(r"morechildren\(this, *'t3_([0-9a-z]+)', *\[([^\]]*)\]")
_N = re.compile(r"\([^\d(]*?([\d,]+)")
_DATE = re.compile(r"(\d{1,2}) (\w{3})\w* (\d{4}) (\d{2}):(\d{2}):?(\d{2})?([AP]M)")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def detect(sample: Sample) -> bool:
    """Tell whether it is a page with that forum's rows."""
    text = sample.text
    return is_page(text) and _MARKS.search(text) is not None and _NAMED.search(text) is not None


def read(path: Path, draft: Draft) -> None:
    """Add the post and every comment of the page."""
    draft.site = _SITE
    root, _ = parse(path, draft)
    ids: dict[str, Any] = {}
    # What stands behind the end of a damaged page is beside its root.
    for node in chain.from_iterable(top.iter() for top in (root, *root.itersiblings())):
        name = node.get("id")
        if name is not None:
            ids.setdefault(name, node)
    post_id = _add_post(draft, root, ids)
    # A fragment may have lost the rows around its comments.
    rows = dict.fromkeys(row.group(1) for row in map(_ROW.match, ids) if row)
    for n, name in enumerate(rows, start=1):
        if has(_row(ids, name), "morechildren"):
            _add_more(draft, ids, name, post_id or path.stem)
        else:
            _add_comment(draft, ids, name, post_id or path.stem, f"comment {n}")


def _row(ids: dict[str, Any], name: str) -> Any:
    return next(ids[key] for kind in ("thingrow", "entry", "body") if (key := f"{kind}_t1_{name}") in ids)


def _add_post(draft: Draft, root: Any, ids: dict[str, Any]) -> str | None:
    name = next((key.removeprefix("thingrow_t3_") for key in ids if key.startswith("thingrow_t3_")), None)
    if name is None or f"entry_t3_{name}" not in ids:
        return None
    row = ids[f"thingrow_t3_{name}"]
    title = first(row, "self::h1")
    counted = first(root, "self::h2[starts-with(normalize-space(), 'Comments (')]", "self::a[.comment]")
    stated = _N.search(words(counted))
    link = attribute(first(title, "self::a"), "href")
    body = first(ids[f"entry_t3_{name}"], ".md", "self::div")
    draft.post(
        name,
        place="post",
        partial=body is None,
        site=_SITE,
        url=_HOST + link if link.startswith("/") else link,
        title=words(title),
        author=words(ids.get(f"author_t3_{name}")),
        posted_at=_time(words(first(row, ".date"))),
        karma=words(ids.get(f"score_t3_{name}")) or None,
        n_comments_stated=stated.group(1) if stated else None,
        text="" if body is None else from_tree(body),
    )
    return name


def _time(date: str) -> str | None:
    """Return a printed time as ISO 8601.

    >>> _time("18 January 2010 04:18AM"), _time("3 May 2012 12:05:09PM *"), _time("long ago")
    ('2010-01-18T04:18:00Z', '2012-05-03T12:05:09Z', None)
    """
    found = _DATE.search(date)
    if found is None or found.group(2) not in _MONTHS:
        return None
    day, month, year, hour, minute, second, half = found.groups()
    hours = int(hour) % 12 + (12 if half == "PM" else 0)
    return f"{year}-{_MONTHS.index(month) + 1:02}-{int(day):02}T{hours:02}:{minute}:{second or '00'}Z"


def _add_comment(draft: Draft, ids: dict[str, Any], name: str, post_id: str, place: str) -> None:
    shown, body = ids.get(f"display_t1_{name}"), ids.get(f"body_t1_{name}")
    if body is None:
        what = f"comment {name!r} has no body"
        draft.problem(what, "it was left out; save the page again", place=place, comment_id=name, severity="error")
        return
    inside = parts(_row(ids, name) if shown is None else shown)
    post_id = _post_of(draft, ids, name, post_id)
    words_of = next((node for node in body.iter() if has(node, "md")), body)
    text = from_tree(words_of)
    line = attribute(ids.get(f"permalink_t1_{name}"), "href")
    draft.comment(
        name,
        post_id,
        place=place,
        site=_SITE,
        url=_HOST + line if line.startswith("/") else line,
        parent_id=_parent(ids, name),
        author=_author(inside),
        posted_at=_time(words(inside.get("comment-date"))),
        karma=_points(ids.get(f"score_t1_{name}", inside.get("votes"))),
        # A picture without words is no deleted comment.
        status="live" if not text and len(words_of) else None,
        text="[deleted]" if text.lower() in {*GONE, "comment deleted"} else text,
    )


def _author(inside: dict[str, Any]) -> str | None:
    holder = inside.get("author", inside.get("comment-author"))
    return words(holder).removeprefix("Comment author:").strip() or None


def _points(node: Any) -> str | None:
    """Return the points, None while the site hides them ("score hidden")."""
    said = words(node).split(" ")[0]
    return said if re.fullmatch(r"[-\u2212]?[\d,]+", said) else None


def _post_of(draft: Draft, ids: dict[str, Any], name: str, post_id: str) -> str:
    """Return the post that the comment's own link names, and add it where only comments under it are there."""
    stated = _WHERE.search(attribute(ids.get(f"permalink_t1_{name}"), "href"))
    own = stated.group(1) if stated else post_id
    if own not in draft.posts:
        link = parts(ids[f"pre_t1_{name}"]).get("title") if f"pre_t1_{name}" in ids else None
        draft.post(own, partial=True, site=_SITE, title=words(link) or None, url=attribute(link, "href") or None)
    return own


def _parent(ids: dict[str, Any], name: str) -> str | None:
    for above in _row(ids, name).iterancestors("div"):
        holder = above.get("id") or ""
        if holder.startswith("child_t1_"):
            return str(holder.removeprefix("child_t1_"))
    link = attribute(ids.get(f"parent_t1_{name}"), "href")
    where = _WHERE.search(link)
    return link.partition("#")[2] or (where.group(2) if where else None) or None


def _add_more(draft: Draft, ids: dict[str, Any], name: str, post_id: str) -> None:
    link = ids.get(f"more_t1_{name}")
    stated, count = _MORE.search(attribute(link, "onclick")), _N.search(words(link))
    named = re.findall(r"[0-9a-z]+", stated.group(2)) if stated else [name]
    parent = _parent(ids, name)
    place = f"below {parent}" if parent else "at the top"
    owner = stated.group(1) if stated else post_id
    draft.stub(owner, int(count.group(1).replace(",", "")) if count else 0, named, place=place)
