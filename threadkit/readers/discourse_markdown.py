"""Discourse: a topic as Markdown, as ``/raw/ID`` gives it or an archiver renders it.

Every post stands under a line ``name | time | #number`` and above a line of 25 dashes; an archiver puts the
title above all. The file names neither the forum nor the topic: the topic is taken from the file's name as
archivers write it (``…-id383.md``), or else from the quotes of the topic's own posts.

The time that is printed is that of a post's last edit, and the file holds no other: the time of writing is read
as that time, or the next post's where that is earlier, and is so the latest at which the post can have been
written. Only the first post has more: archivers write the day of its writing before the file's name. Files of one
topic may be versions of it: of every post the one that was edited last counts.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from threadkit.base.text import clean
from threadkit.readers.decode import read_text
from threadkit.readers.discourse_raw import from_raw, pointers
from threadkit.readers.values import moment

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from threadkit.readers.draft import Draft
    from threadkit.readers.formats import Sample

TITLE = "Discourse: topic as Markdown (/raw/ID, or rendered by an archiver)"

_FAMILY = "discourse"
_RULE = "-" * 25
_HEADER = re.compile(
    r"^(?P<author>\S+) \| (?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d (?:UTC|[-+]\d{4})) \| #(?P<number>\d+)$", re.MULTILINE
)
_TITLE = re.compile(r"# (.+)\n")
_NAMED_DAY = re.compile(r"(\d{4}-\d\d-\d\d)-.*-id\d+(?=\.|$)")
_NAMED_ID = re.compile(r"-id(\d+)(?=\.|$)")
_QUOTED_NAME = re.compile(r"\[quote=[\"“]?([^,\"”\]\n]+),\s*post:\s*(\d+),\s*topic:\s*(\d+)", re.IGNORECASE)
# What the forum prints where an author has taken a post back.
_TAKEN_BACK = re.compile(r"\((?:post|topic) (?:deleted|withdrawn) by author.*\)", re.IGNORECASE)


class _Post(NamedTuple):
    number: int
    author: str
    edited_at: datetime | None
    raw: str
    line: int


def detect(sample: Sample) -> bool:
    """Tell whether the file begins with a post's header, or with a title and then the header."""
    text = _opening(sample.text)
    return _HEADER.match(text, _body_at(text)) is not None


def _opening(text: str) -> str:
    return clean(text).lstrip("\ufeff\n ")


def _body_at(text: str) -> int:
    title = _TITLE.match(text)
    at = title.end() if title else 0
    return len(text) - len(text[at:].lstrip("\n"))


def read(path: Path, draft: Draft) -> None:
    """Add the topic and its posts."""
    draft.family = _FAMILY
    text = _opening(read_text(path, draft))
    title = _TITLE.match(text)
    posts = _posts(text, draft)
    topic_id = _topic_id(path, posts)
    draft.post(topic_id, partial=True, title=title[1].strip() if title else None)
    # Posts are numbered as they were written: none is later than the earliest time at or after its number.
    times = [post.edited_at for post in posts]
    day = _NAMED_DAY.match(path.name)
    bounds = list(accumulate(reversed(times), lambda a, b: min((t for t in (a, b) if t), default=None)))[::-1]
    if day and posts and posts[0].number == 1:
        bounds[0] = _first_written(bounds[0], moment(day[1]))
    authors = {post.number: post.author for post in posts}
    for post, posted_at in zip(posts, bounds, strict=True):
        _add(draft, topic_id, post, posted_at, authors)
    n_late = sum(bound != time for bound, time in zip(bounds[1:], times[1:], strict=True))
    draft.problem(
        "the file gives the time of each post's last edit, not of its writing",
        "it was read as the time of writing, which may be earlier"
        + (f"; {n_late} moved to the time of the next post" if n_late else "")
        + ("; the first post's day was taken from the file's name" if bounds[:1] != times[:1] else ""),
        place=f"post {topic_id}",
        severity="info",
    )


def _first_written(bound: datetime | None, day: datetime | None) -> datetime | None:
    """Return the latest time at which the first post can have been written, given the day on which it was."""
    end = None if day is None else day + timedelta(days=1, seconds=-1)
    return min((time for time in (bound, end) if time), default=None)


def _posts(text: str, draft: Draft) -> list[_Post]:
    """Cut the text at its headers; a header within a post (somebody shows a raw topic) has no greater number."""
    heads: list[re.Match[str]] = []
    for head in _HEADER.finditer(text):
        begins = not heads or text[max(0, head.start() - 80) : head.start()].rstrip("\n").endswith("\n" + _RULE)
        if begins and (not heads or int(head["number"]) > int(heads[-1]["number"])):
            heads.append(head)
    posts = []
    for n, head in enumerate(heads):
        stop = heads[n + 1].start() if n + 1 < len(heads) else len(text)
        raw = text[head.end() : stop].strip()
        line = text.count("\n", 0, head.start()) + 1
        if not raw.endswith(_RULE):
            what = f"post #{head['number']} has no line of dashes under it: the file may be cut off"
            draft.problem(what, "its text was read as far as it goes", place=f"line {line}", loss="cut")
        raw = raw.removesuffix(_RULE).strip()
        posts.append(_Post(int(head["number"]), head["author"], moment(head["time"]), raw, line))
    return posts


def _topic_id(path: Path, posts: list[_Post]) -> str:
    """Return the topic's id, from the file's name or the quotes of its own posts; the name where neither tells."""
    named = _NAMED_ID.search(path.name)
    if named or path.stem.isdecimal():
        return named[1] if named else path.stem
    authors = {post.number: post.author for post in posts}
    votes: Counter[str] = Counter()
    for post in posts:
        for name, number, topic in _QUOTED_NAME.findall(post.raw):
            if int(number) < post.number and authors.get(int(number)) == name:
                votes[topic] += 1
    return votes.most_common(1)[0][0] if votes else path.stem


def _add(draft: Draft, topic_id: str, post: _Post, posted_at: datetime | None, authors: dict[int, str]) -> None:
    gone = _TAKEN_BACK.fullmatch(post.raw) is not None
    text = "" if gone else from_raw(post.raw)
    if post.number == 1:
        draft.post(topic_id, author=post.author, posted_at=posted_at, edited_at=post.edited_at, text=text)
        return
    name = f"{topic_id}#{post.number}"
    draft.alias(topic_id, f"#{post.number}", name)
    answers = next(
        (
            quoted.post
            for quoted in pointers(post.raw)
            if quoted.topic in {topic_id, None} and quoted.post < post.number and quoted.post in authors
        ),
        1,
    )
    draft.comment(
        name,
        topic_id,
        place=f"line {post.line}",
        parent_id=None if answers == 1 else f"#{answers}",
        author=post.author,
        posted_at=posted_at,
        edited_at=post.edited_at,
        status="deleted" if gone else "live" if post.raw and not text else None,
        text=text,
    )
