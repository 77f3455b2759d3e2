"""Reddit: the archives of Pushshift and Arctic Shift, one bare comment or post a line, packed or not.

Nothing of a file is held but its rows. Years differ in their fields: times are numbers or text, scores are
null, a parent is a number in base 10. A line that is like most of its kind is read the short way; every other
as `reddit_json` reads it.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from threadkit.readers.body import from_markdown
from threadkit.readers.decode import peek
from threadkit.readers.draft import BOTS
from threadkit.readers.json_lines import json_lines
from threadkit.readers.reddit_json import HOST, SITE, add, bare_kind, things, unescape
from threadkit.readers.values import GONE, moment

if TYPE_CHECKING:
    from pathlib import Path

    from threadkit.readers.draft import Draft
    from threadkit.readers.formats import Sample

TITLE = "Reddit archives: Pushshift and Arctic Shift, JSON Lines (.zst and the like too)"
STREAMS = True

# Damaged first lines must not hide the good ones; more lines than this would make detection slow.
_LINES_TRIED = 20
# Characters of "t1_" and "t3_", before an id.
_MARK = 3
_USER = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_STATUSES = {"[deleted]": "deleted", "[removed]": "removed"}
_NOBODY = GONE | BOTS
_LONGER_THAN_GONE = 2 * max(map(len, GONE))
_LARGEST_SCORE = 2**31 - 1
# Seconds since 1970 from the first year of Reddit to the year 2100.
_FIRST, _LAST = 1_104_537_600, 4_102_444_800
# An archive that fetched comments sooner than this after they were written saw them before readers voted.
_EARLY = 3600
_EARLY_SHARE = 0.5


def detect(sample: Sample) -> bool:
    """Tell whether one of the first lines is one of Reddit's objects without an envelope."""
    lines = sample.text.lstrip("\ufeff \t\r\n").split("\n", _LINES_TRIED)
    if lines[0].startswith("["):
        return False
    begun = [
        line for line in lines[:_LINES_TRIED] if line.startswith("{") and ('"link_id"' in line or '"selftext"' in line)
    ]
    return any(_is_bare(peek(line)) for line in begun)


def _is_bare(value: Any) -> bool:
    return isinstance(value, dict) and bare_kind(value) != ""


def read(path: Path, draft: Draft) -> None:
    """Add every post and comment of the file, line by line."""
    draft.site = SITE
    lone_post = path.name.split(".", maxsplit=1)[0]
    early = 0
    for n, value in json_lines(path, draft):
        if isinstance(value, dict):
            early += _is_early(value)
            if _add_usual(draft, value, n):
                continue
        lone_post = _add_other(draft, value, f"line {n}", lone_post)
    if draft.comments and early > _EARLY_SHARE * (len(draft.comments) + len(draft.posts)):
        draft.problem(
            f"{early:,} of its objects were fetched within an hour of being written, before readers voted",
            "their karma was kept as stated, but says little; a later archive of the same months says more",
            severity="info",
        )


def _is_early(data: dict[str, Any]) -> bool:
    fetched, written = data.get("retrieved_on") or data.get("retrieved_utc"), data.get("created_utc")
    if not isinstance(fetched, int) or not isinstance(written, int) or fetched - written >= _EARLY:
        return False
    again = data.get("_meta")
    return not (isinstance(again, dict) and again.get("retrieved_2nd_on"))


def _add_usual(draft: Draft, data: dict[str, Any], n: int) -> bool:
    """Add a comment whose every field is of the usual kind; tell whether it was one."""
    try:
        if not _is_usual(data):
            return False
    except (KeyError, TypeError, AttributeError):
        return False
    text = _usual_text(data)
    if text is None:
        return False
    name, link, parent, author = data["id"], data["link_id"][_MARK:], data["parent_id"], data["author"]
    written = datetime.fromtimestamp(data["created_utc"], UTC)
    row = {
        "comment_id": name,
        "post_id": link,
        "origin": "stated",
        "confidence": 1.0,
        "source": draft.source,
        "stated_id": name,
        "site": SITE,
        "author": None if author == "[deleted]" else author,
        "posted_at": written,
        "url": HOST + (data.get("permalink") or f"/comments/{link}/_/{name}/"),
        "status": _STATUSES[data["body"]] if not text else "live",
        "text": text,
    }
    edited = data.get("edited")
    if edited is not True:
        row["edited_at"] = moment(edited) if edited else written
    if data.get("score_hidden") is not True:
        row["karma"] = data["score"]
    if parent.startswith("t1_"):
        row["parent_id"] = parent[_MARK:]
    draft.keep(row, f"line {n}")
    return True


def _is_usual(data: dict[str, Any]) -> bool:
    """Tell whether each field of a comment but its body needs no second look; may fail where one is absent or odd."""
    name, link, parent, author = data["id"], data["link_id"], data["parent_id"], data["author"]
    score, written, permalink = data["score"], data["created_utc"], data.get("permalink") or "/"
    return bool(
        name
        and (name + link[_MARK:] + parent[_MARK:]).isalnum()
        and link.startswith("t3_")
        and parent.startswith(("t1_", "t3_"))
        and len(link) > _MARK < len(parent)
        and (author == "[deleted]" or (_USER.fullmatch(author) and author.lower() not in _NOBODY))
        and type(data["body"]) is str
        and type(written) is int
        and _FIRST < written < _LAST
        and type(score) is int
        and -_LARGEST_SCORE <= score <= _LARGEST_SCORE
        and permalink.startswith("/")
        and permalink.isascii()
        and permalink.isprintable()
        and "link_title" not in data
    )


def _usual_text(data: dict[str, Any]) -> str | None:
    """Return a body as canonical text, empty where it is gone; None where it says so in an unusual way."""
    body = data["body"]
    if body in _STATUSES:
        return ""
    text = from_markdown(unescape(body, data, "body_html") if "&" in body else body)
    return None if len(text) < _LONGER_THAN_GONE and text.strip().lower() in GONE else text


def _add_other(draft: Draft, value: Any, place: str, lone_post: str) -> str:
    """Add whatever a line holds; returns the post that a comment which names none stands under."""
    found = False
    if isinstance(value, dict) and "kind" not in value:
        kind = "t1" if "body" in value else "t3" if {"selftext", "title", "num_comments"} & value.keys() else ""
        value = {"kind": kind, "data": value} if kind else value
    for thing in things(value, place):
        lone_post, found = add(draft, thing, lone_post), True
    if not found:
        what = "what stands here is neither a comment nor a post of Reddit"
        draft.problem(what, "it was left out", place=place, severity="error")
    return lone_post
