"""Reddit: the archives of Pushshift and Arctic Shift, one bare comment or post a line, packed or not.

Nothing of a file is held but its rows. Years differ in their fields: times are numbers or text, scores are
null, a parent is a number in base 10. Comments that are like most of their kind are read by the thousand
(reddit_columns.py); every other line as `reddit_json` reads it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from threadkit.readers.decode import NOTHING, peek
from threadkit.readers.json_lines import json_blocks
from threadkit.readers.reddit_columns import is_early, usual
from threadkit.readers.reddit_json import SITE, add, bare_kind, tell_strays, things

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from threadkit.readers.draft import Draft
    from threadkit.readers.formats import Sample
    from threadkit.readers.strays import Stray

TITLE = "Reddit archives: Pushshift and Arctic Shift, JSON Lines (.zst and the like too)"
STREAMS = True

# Damaged first lines must not hide the good ones; more lines than this would make detection slow.
_LINES_TRIED = 20
# Fewer lines than this are read one by one: columns would cost more than they save.
_FEW = 64
# Where more than this share was fetched within an hour of being written, scores say little.
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
    for block in json_blocks(path, draft):
        others: Sequence[int] = range(len(block))
        few = len(block) < _FEW
        if not few:
            rows, others, soon = usual(block)
            draft.block(rows, SITE)
            early += soon
        for n in others:
            value = block.value(n)
            if value is not NOTHING:
                early += few and isinstance(value, dict) and is_early(value)
                draft.at = int(block.numbers[n])
                lone_post = _add_other(draft, value, f"line {draft.at}", lone_post)
    if draft.n_comments and early > _EARLY_SHARE * (draft.n_comments + draft.n_posts):
        draft.problem(
            f"{early:,} of its objects were fetched within an hour of being written, before readers voted",
            "their karma was kept as stated, but says little; a later archive of the same months says more",
            severity="info",
        )


def _add_other(draft: Draft, value: Any, place: str, lone_post: str) -> str:
    """Add whatever a line holds; returns the post that a comment which names none stands under."""
    found = False
    strays: list[Stray] = []
    if isinstance(value, dict) and "kind" not in value:
        kind = "t1" if "body" in value else "t3" if {"selftext", "title", "num_comments"} & value.keys() else ""
        value = {"kind": kind, "data": value} if kind else value
    for thing in things(value, place, strays):
        lone_post, found = add(draft, thing, lone_post), True
    if not found:
        what = "what stands here is neither a comment nor a post of Reddit"
        draft.problem(what, "it was left out", place=place, severity="error")
    else:
        tell_strays(draft, strays)
    return lone_post
