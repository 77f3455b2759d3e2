"""Internet Argument Corpus, 4forums.com: a discussion as published, or discussions one a line.

Published: ``[posts, annotations, about]``, a post being ``[id, side, author, text, info, parent, category, time]``.
One a line: ``{"thread_id", "title", "url", "posts": [{"id", "author", "text", "parent", "time"}]}``. The first
post is the post. The corpus has lost its quotation marks, but where one ended an empty line without a
blank is left: what stands before it and repeats an earlier post is marked as a quote again.
"""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any, NamedTuple

from threadkit.base.text import clean, fold, squeeze
from threadkit.readers.canon import Canon
from threadkit.readers.decode import CUT, peek, values
from threadkit.readers.odd_kinds import PARENT, TEXT, tell_odd
from threadkit.readers.strays import Stray, tell
from threadkit.readers.values import ident, parts_of, string

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from threadkit.readers.draft import Draft
    from threadkit.readers.formats import Sample

TITLE = "Internet Argument Corpus (4forums.com): discussion JSON"

_FAMILY = "4forums.com"
_FIELDS = 8
_SITE_TITLE = re.compile(r"^4Forums\.com Political Debates and Polls\s*-\s*")
# Of the forum's HTML the corpus has left characters that stand there by their number.
_CHARACTER = re.compile(r"&#(?:\d{2,7}|[xX][0-9a-fA-F]{2,6});")
# What the corpus has left of the forum's pictures of faces.
_EMOTICON = re.compile(r"[^\S\n]?\bemoticon_[a-z_]+")
_PARAGRAPHS = re.compile(r"\n[^\S\n]*\n[^\S\n]*")
# The corpus writes every line end of the forum's as LF and a blank, and what was a quotation's end as two LF.
_QUOTE_END = "\n\n"
# A repeated line of fewer characters is a quotation only if it answers the very post that it repeats.
_SHORT = 20
_PRINTED = {"author": TEXT, "parent": PARENT}
# Words in a row by which a quotation's sources are found.
_RUN = 4


class _Discussion(NamedTuple):
    name: str | None
    title: str | None
    url: str | None
    posts: list[Any]
    place: str


class _Post(NamedTuple):
    name: str
    author: Any
    text: str
    parent: str | None
    time: Any

    @property
    def words(self) -> str:
        """Its text without pictures of faces."""
        return _EMOTICON.sub("", self.text) if "emoticon_" in self.text else self.text


def detect(sample: Sample) -> bool:
    """Tell whether the first value is a discussion, or a list of post lists."""
    first = peek(sample.text)
    if isinstance(first, dict):
        return _is_line(first)
    return isinstance(first, list) and _is_published(first)


def _is_line(value: dict[str, Any]) -> bool:
    posts = value.get("posts")
    if "thread_id" not in value or not isinstance(posts, list):
        return False
    return any(isinstance(post, dict) and {"id", "text", "parent"} <= post.keys() for post in posts[:20])


def _is_published(value: list[Any]) -> bool:
    posts = value[0] if value else None
    return isinstance(posts, list) and any(
        isinstance(post, list) and len(post) == _FIELDS and isinstance(post[3], str) and isinstance(post[4], dict)
        for post in posts[:20]
    )


def read(path: Path, draft: Draft) -> None:
    """Add every discussion of the file."""
    draft.family = _FAMILY
    strays: list[Stray] = []
    for place, top in values(path, draft):
        for discussion in _discussions(top, place, strays):
            _add(draft, discussion, path.stem)
    tell(draft, strays, "a discussion")


def _discussions(top: Any, place: str, strays: list[Stray]) -> Iterator[_Discussion]:
    """Yield the discussions of a value; `strays` is given what is none."""
    if isinstance(top, list) and _is_published(top):
        about = next((part for part in top[1:] if isinstance(part, dict) and "title" in part), {})
        name = ident(about.get("identifier")) or ident(about.get("id_number"))
        yield _Discussion(name, string(about.get("title")), string(about.get("url")), top[0], place)
        return
    for value in top if isinstance(top, list) else [top]:
        if isinstance(value, dict) and isinstance(value.get("posts"), list):
            name = ident(value.get("thread_id"))
            yield _Discussion(name, string(value.get("title")), string(value.get("url")), value["posts"], place)
        else:
            strays.append(Stray(value, place))


def _add(draft: Draft, discussion: _Discussion, stem: str) -> None:
    posts = list(_posts(draft, discussion))
    site = parts_of(discussion.url).netloc.removeprefix("www.") or None
    first = next((post for post in posts if post.parent is None), None)
    post_id = first.name if first else f"thread {discussion.name or stem}"
    said = _Said()
    draft.post(
        post_id,
        partial=first is None,
        place=discussion.place,
        site=site,
        url=discussion.url,
        title=_SITE_TITLE.sub("", discussion.title or ""),
        author=string(first.author) if first else None,
        posted_at=first.time if first else None,
        text=_canonical(first.words, said, "") if first else "",
    )
    if first:
        said.add(first.name, first.words)
    for post in posts:
        if first is not None and post is first:
            continue
        draft.comment(
            post.name,
            post_id,
            place=f"{discussion.place} post {post.name}".strip(),
            site=site,
            parent_id=post.parent,
            author=string(post.author),
            posted_at=post.time,
            status="live" if post.text.strip() and not post.words.strip() else None,
            text=_canonical(post.words, said, post.parent or post_id),
        )
        said.add(post.name, post.words)


def _posts(draft: Draft, discussion: _Discussion) -> Iterator[_Post]:
    for n, value in enumerate(discussion.posts, start=1):
        if isinstance(value, list) and len(value) == _FIELDS:
            name, _, author, text, _, parent, _, time = value
        elif isinstance(value, dict):
            name, author, text, parent, time = (value.get(key) for key in ("id", "author", "text", "parent", "time"))
        else:
            name = text = None
        if ident(name) is None or not isinstance(text, str):
            cut = ": the file is cut off there" if isinstance(value, dict) and value.get(CUT) else ""
            what = f"post {n} of thread {discussion.name} has no id or no text{cut}"
            draft.problem(what, "it was left out; export it again", place=discussion.place, severity="error")
            continue
        where = f"{discussion.place} post {ident(name)}".strip()
        tell_odd(draft, {"author": author, "parent": parent}, _PRINTED, where, ident(name))
        said = _CHARACTER.sub(lambda found: unescape(found[0]), text)
        yield _Post(ident(name) or "", author, clean(said), ident(parent), time)


class _Said:
    """The posts of a discussion so far, to look quotations up in."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.holders: dict[str, list[str]] = {}
        """The posts that hold each run of `_RUN` words."""

    def add(self, name: str, text: str) -> None:
        """Remember a post."""
        folded = self.texts[name] = fold(squeeze(text))
        words = folded.split(" ")
        for run in {" ".join(words[n : n + _RUN]) for n in range(len(words) - _RUN + 1)}:
            self.holders.setdefault(run, []).append(name)

    def holds(self, paragraph: str, above: str) -> bool:
        """Tell whether the paragraph stands in one of them; a short one only in the post `above`, which it answers."""
        words = fold(squeeze(paragraph))
        if not words or words in self.texts.get(above, ""):
            return bool(words)
        if len(words) < _SHORT:
            return False
        holders = self.holders.get(" ".join(words.split(" ")[:_RUN]), ())
        return any(words in self.texts[name] for name in holders)


def _canonical(text: str, said: _Said, above: str) -> str:
    r"""Return a post's text with its quotations marked.

    >>> said = _Said()
    >>> said.add("7", "Tea is safe for all.")
    >>> _canonical("Tea is safe for all.\n\n \n No.\n Never.", said, "7")
    '> Tea is safe for all.\n\nNo.\nNever.'
    """
    canon = Canon()
    *before, last = text.split(_QUOTE_END)
    for part in before:
        for paragraph in _PARAGRAPHS.split(part):
            _write(canon, paragraph, quoted=said.holds(paragraph, above))
    for paragraph in _PARAGRAPHS.split(last):
        _write(canon, paragraph, quoted=False)
    return canon.text()


def _write(canon: Canon, paragraph: str, *, quoted: bool) -> None:
    canon.quote_at(1 if quoted else 0)
    for line in paragraph.split("\n"):
        canon.add(line)
        canon.line_break()
    canon.flush()
