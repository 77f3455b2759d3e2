"""LessWrong, EA Forum, Alignment Forum: the Markdown that the forum itself gives of a post or of its comments.

``/api/post/ID/comments`` lists the comments, each under a heading ``Comment by`` with its facts as a list;
``/api/post/ID`` gives the post, and an index of comments without their bodies. Neither tells agreement, and
karma that the forum hides is printed as 0.
"""

from __future__ import annotations

import re
from textwrap import dedent
from typing import TYPE_CHECKING

from threadkit.base.text import clean, squeeze
from threadkit.readers.body import from_markdown
from threadkit.readers.decode import read_text
from threadkit.readers.markup import SITES, host

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from threadkit.readers.draft import Draft
    from threadkit.readers.formats import Sample

TITLE = "LessWrong, EA Forum, Alignment Forum: the forum's own Markdown (/api/post/ID/comments)"

_FAMILY = "lesswrong-like"
_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z"
_HEAD = re.compile(rf"^### Comment by (?P<author>.+)\n+[*-] +(?P<time>{_TIME})[ \t]*$", re.MULTILINE)
_ITEM = re.compile(r"[*-] +(.*)")
_REACTION = re.compile(r"\s*[*-] +(?:\".*|.*: \d+(?: \(.*\))?)$")
_NOTES = ("Reactions (whole comment):", "Reactions by quoted text:")
_NO_BODY = "_[No comment body available]_"
# Where the forum has no Markdown of a comment it cuts its plain text at this length.
_CUT_AT = 600
_LINK = re.compile(r"(?<!\\)\[(?P<words>(?:\\.|[^\[\]\\])*)\]\((?P<address>[^)\s]*)\)")
_POST = re.compile(r"/posts/(?P<id>[A-Za-z0-9]+)/(?P<slug>[^/\s)?]*)")
_ESCAPE = re.compile(r"\\(?=[^\w\s]|_)")
_SHOWING = re.compile(r"^Showing [\d,]+ of ([\d,]+) comments \(", re.MULTILINE)
_POST_URL = re.compile(r"^(?:[*-] +)?Post URL \(HTML\): *(.*)$", re.MULTILINE)
_INDEX = re.compile(r"(?:## +)?Top Comments Index *$")
_NAVIGATION = re.compile(r"^### Navigation\n+[*-] +\[Front page\]", re.MULTILINE)


def detect(sample: Sample) -> bool:
    """Tell whether the forum's line with the post's address stands there, and a comment or the line's siblings."""
    text = sample.text.replace("\r\n", "\n")
    url = _POST_URL.search(text)
    return (
        url is not None
        and _POST.search(url[1]) is not None
        and "Post URL (Markdown)" in text
        and ("Comments URL (Markdown)" in text or _SHOWING.search(text) is not None or _HEAD.search(text) is not None)
    )


def read(path: Path, draft: Draft) -> None:
    """Add the post and every comment of the file."""
    draft.family = _FAMILY
    text = clean(read_text(path, draft))
    site = next((SITES[name] for link in _LINK.finditer(text) if (name := host(link["address"])) in SITES), None)
    draft.site = site
    navigation = _NAVIGATION.search(text)
    text = text[: navigation.start()] if navigation else text
    heads = list(_HEAD.finditer(text))
    url = _POST_URL.search(text)
    found = _POST.search(url[1]) if url else None
    post_id = found["id"] if found else path.stem
    top = text[: heads[0].start()] if heads else text
    _add_post(draft, post_id, top, _address(url[1]) if url else None)
    indexed = any(map(_INDEX.match, top.split("\n")))
    for n, head in enumerate(heads):
        stop = heads[n + 1].start() if n + 1 < len(heads) else len(text)
        place = f"line {text.count(chr(10), 0, head.start()) + 1}"
        _add_comment(draft, post_id, head, text[head.end() : stop], place, indexed=indexed)


def _add_post(draft: Draft, post_id: str, top: str, url: str | None) -> None:
    title = squeeze(_plain(top.lstrip("\ufeff\n ").partition("\n")[0].removeprefix("# ")))
    showing = _SHOWING.search(top)
    if showing or "Comments URL (Markdown)" not in top:
        stated = showing[1] if showing else None
        draft.post(post_id, partial=True, title=title.removeprefix("Comments: "), url=url, n_comments_stated=stated)
        return
    items, lines = _list(top[top.find("\n") :].lstrip("\n").split("\n"))
    named = {name: value for name, _, value in (item.partition(": ") for item in items)}
    index = next((n for n in range(len(lines) - 1, -1, -1) if _INDEX.match(lines[n])), len(lines))
    author = next((item for item in items if item.startswith("By ")), "By ")
    points = next((item for item in items if re.fullmatch(r"-?[\d,]+ points", item.replace("\\", ""))), None)
    draft.post(
        post_id,
        title=title,
        url=url,
        author=_first_name(author.removeprefix("By ")),
        posted_at=next((item for item in items if re.fullmatch(_TIME, item)), None),
        karma=points.replace("\\", "") if points else None,
        n_comments_stated=named.get("Comments"),
        text=from_markdown(dedent("\n".join(lines[:index])), html=True),
    )


def _add_comment(draft: Draft, post_id: str, head: re.Match[str], rest: str, place: str, *, indexed: bool) -> None:
    items, lines = _list(rest.lstrip("\n").split("\n"))
    facts = {name: value.strip() for name, _, value in (item.partition(":") for item in items)}
    link = facts.get("HTML permalink") or facts.get("Markdown permalink") or ""
    comment_id = _address(link).rstrip("/").rpartition("/")[2]
    if not comment_id:
        draft.problem("a comment has no permalink", "it was left out; export it again", place=place, severity="error")
        return
    parent = _address(facts.get("Parent comment (Markdown)", "")).rstrip("/").rpartition("/")[2]
    raw = dedent("\n".join(_without_reactions(lines))).strip()
    if _CUT_AT <= len(raw) <= _CUT_AT + len("...") and raw.endswith("..."):
        what = "the comment ends at 600 characters: the forum seems to have cut it, and left out its quotes"
        draft.problem(what, "read the comments as JSON", place=place, comment_id=comment_id, loss="cut")
    gone = raw == _NO_BODY or indexed
    draft.comment(
        comment_id,
        post_id,
        place=place,
        parent_id=parent or None,
        author=_first_name(head["author"]),
        posted_at=head["time"],
        karma=facts.get("Karma", "").replace("\\", ""),
        status="stub" if gone else None,
        text="" if gone else from_markdown(raw, html=True),
    )


def _list(lines: list[str]) -> tuple[list[str], list[str]]:
    """Return the items of the list that the lines begin with, and the lines behind it: a blank line ends it."""
    stop = next((n for n, line in enumerate(lines) if not _ITEM.match(line)), len(lines))
    return [_ITEM.sub(r"\1", line).strip() for line in lines[:stop]], lines[stop:]


def _without_reactions(lines: list[str]) -> Iterator[str]:
    """Yield the lines of a body, without the lists of reactions before it."""
    inside = False
    begun = False
    for line in lines:
        if not begun and line.strip() in _NOTES:
            inside = True
        elif begun or not (inside and (not line.strip() or _REACTION.match(line))):
            begun = begun or bool(line.strip())
            yield line


def _plain(text: str) -> str:
    return _ESCAPE.sub("", text)


def _address(text: str) -> str:
    link = _LINK.search(text)
    return link["address"] if link else text.strip()


def _first_name(text: str) -> str:
    link = _LINK.match(text)
    return squeeze(_plain(link["words"] if link else text))
