"""Google+ comments as blogs archived them: one JSON list a post, ``[author, profile, id, html, epoch]`` a comment.

The post itself, a blog's entry, is not in the file; it is named by the file. Replies are marked only by a
linked name (``@Ana``) or by quoting: such a comment answers the last earlier one by that person, or the last
that holds the quoted words. People are told apart by their profile, not by name.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from threadkit.base.text import fold, plain, squeeze
from threadkit.readers.accounts import distinct
from threadkit.readers.body import from_html
from threadkit.readers.decode import peek, values
from threadkit.readers.values import ident, string

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from threadkit.readers.draft import Draft
    from threadkit.readers.formats import Sample

TITLE = "Google+: archived comments (JSON)"

_SITE = "plus.google.com"
_FIELDS = 5
_PROFILE = re.compile(r"plus\.google\.com/(?:u/\d+/)?(\d{8,}|\+[^/?\"']+)")
_MENTION = re.compile(r"""@\s*(?:<[^<>]*>\s*)*?<a\b[^<>]*href=["']([^"']+)["']""")
_QUOTED = re.compile(r'^["“](.+?)["”]$', re.DOTALL)
# A quotation of fewer characters says too little to be somebody's in particular.
_SHORTEST = 12


class _Said(NamedTuple):
    comment_id: str
    profile: str
    words: str


def detect(sample: Sample) -> bool:
    """Tell whether the file is a list of such comments."""
    whole = peek(sample.text)
    return isinstance(whole, list) and any(_is_comment(item) and _profile(item[1]) for item in whole[:20])


def _is_comment(item: Any) -> bool:
    return isinstance(item, list) and len(item) == _FIELDS and all(isinstance(part, str) for part in item[1:4])


def _profile(address: str) -> str:
    found = _PROFILE.search(address)
    return found.group(1) if found else ""


def read(path: Path, draft: Draft) -> None:
    """Add every comment of the file."""
    draft.site = _SITE
    items = [(place, item) for place, top in values(path, draft) for item in (top if isinstance(top, list) else [top])]
    good = [item for _, item in items if _is_comment(item)]
    people = distinct({_profile(item[1]) or item[1]: name for item in good if (name := _name(item[0]))})
    said: list[_Said] = []
    for n, (place, item) in enumerate(items, start=1):
        where = f"{place} comment {n}".strip()
        if _is_comment(item) and ident(item[2]):
            said.append(_add(draft, path.stem, item, people, said, where))
        else:
            what = "something stands where a comment [author, profile, id, html, time] should"
            draft.problem(what, "it was left out; export it again", place=where, severity="error")


def _name(printed: Any) -> str:
    return squeeze(html.unescape(string(printed) or ""))


def _add(
    draft: Draft, post_id: str, item: list[Any], people: dict[str, str], said: Sequence[_Said], place: str
) -> _Said:
    _, profile, comment_id, body, epoch = item
    text, source = _marked(from_html(body), said)
    draft.comment(
        comment_id,
        post_id,
        place=place,
        site=_SITE,
        parent_id=_mentioned(body, said) or source,
        author=people.get(_profile(profile) or profile),
        posted_at=epoch,
        text=text,
        status="live" if body.strip() and not text else None,
    )
    return _Said(comment_id, _profile(profile), fold(squeeze(plain(text))))


def _mentioned(body: str, said: Sequence[_Said]) -> str | None:
    for address in _MENTION.findall(body):
        profile = _profile(address)
        by_them = [earlier.comment_id for earlier in reversed(said) if profile and earlier.profile == profile]
        if by_them:
            return by_them[0]
    return None


def _marked(text: str, said: Sequence[_Said]) -> tuple[str, str | None]:
    """Mark the paragraphs in quotation marks that stand in an earlier comment; returns whose the first is, too."""
    source = None
    blocks = text.split("\n\n")
    for n, block in enumerate(blocks):
        found = _QUOTED.match(block.strip())
        words = fold(squeeze(plain(found.group(1)))) if found else ""
        holder = _holder(words.strip(" .…"), said) if len(words) >= _SHORTEST else None
        if found and holder:
            blocks[n] = "> " + found.group(1).replace("\n", "\n> ")
            source = source or holder
    return "\n\n".join(blocks), source


def _holder(words: str, said: Sequence[_Said]) -> str | None:
    return next((earlier.comment_id for earlier in reversed(said) if words in earlier.words), None)
