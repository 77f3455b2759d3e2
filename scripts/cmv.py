"""r/changemyview threads whose claims and premises people marked, with what each rebuts, undercuts or supports.

AMPERSAND / CMV-modes (Hidey et al. 2017; Chakrabarty et al. 2019): 37 files, each the post and one chain of replies that
earned a delta and one that did not. A chain becomes a thread here: the title and the post's units are the post, the
replies its comments, each unit a paragraph, so that what is scored is what the product does with a thread.

A unit *objects* where its relation is a rebuttal, an undercutter or an attack on a unit of somebody else's comment, or on
the title. Its targets are the units that it names; candidates are all units of the comment or post that holds them.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd
from training import DATA

from threadkit.corpus.tables import COMMENTS, POSTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

UNITS = DATA / "stance/cmv_modes_v2_units.jsonl.gz"

OBJECTS = frozenset("rebuttal rebuttal_attack undercutter undercutter_attack partial_attack attack".split())


class Chain(NamedTuple):
    """A post and a chain of replies: tables, and a row a unit of a reply with what it does to which segments.

    `units`: index segment_id; columns comment_id, objects (bool), targets (the ids that it names, as
    `dispute.target.aim` would: of segments, or `post_id` for the title and `post_id:n` for the post's paragraphs),
    owner (the comment or post that holds them; NA = none or its own comment).
    """

    thread: str
    posts: pd.DataFrame
    comments: pd.DataFrame
    units: pd.DataFrame


def chains(units: Iterable[dict[str, Any]]) -> Iterator[Chain]:
    """Yield the chains of some rows of UNITS, in their order."""
    held: dict[tuple[str, bool], list[dict[str, Any]]] = defaultdict(list)
    for row in units:
        held[row["file"], row["delta"]].append(row)
    for (file, delta), half in held.items():
        for n, part in enumerate(_threads(half)):
            yield _chain(f"{file.removesuffix('.xml')}{'+' if delta else '-'}{n or ''}", part)


def _threads(units: Sequence[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Part the units of a file's half where another title begins."""
    part: list[dict[str, Any]] = []
    for unit in units:
        if unit["block"] == "title" and part:
            yield part
            part = []
        part.append(unit)
    yield part


def _chain(post_id: str, units: Sequence[dict[str, Any]]) -> Chain:
    owner, number = _numbered(units, post_id)
    head = [unit for unit in units if unit["block"] == "OP"]
    title = next((unit["text"] for unit in units if unit["block"] == "title"), None)
    poster = head[0]["author"] if head else None
    replies: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for unit in units:
        if unit["block"] == "reply":
            replies[f"{post_id} {unit['reply_id']}"].append(unit)
    names = list(replies)
    comments = [
        _comment(post_id, name, names[n - 1] if n else None, n, replies[name]) for n, name in enumerate(names)
    ]
    text = "\n\n".join(_line(unit["text"]) for unit in head)
    post = {"post_id": post_id, "title": title, "author": poster, "text": text}
    table = [_unit(unit, owner, number) for name in names for unit in replies[name]]
    columns = ["segment_id", "comment_id", "objects", "rel", "targets", "owner"]
    return Chain(
        units[0]["thread"], POSTS.build([post]), COMMENTS.build(comments), pd.DataFrame(table, columns=columns).set_index("segment_id")
    )


def _line(text: str) -> str:
    """Return a unit as a paragraph of its own: one line that no bullet, quote mark or fence begins."""
    return " ".join(text.split()).lstrip("->*`#• ").replace("```", "") or "–"


def _comment(post_id: str, name: str, above: str | None, depth: int, units: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "comment_id": name, "post_id": post_id, "parent_id": above, "author": units[0]["author"], "depth": depth,
        "origin": "stated", "confidence": 1.0, "status": "live",
        "text": "\n\n".join(_line(unit["text"]) for unit in units),
    }  # fmt: skip


def _numbered(units: Sequence[dict[str, Any]], post_id: str) -> tuple[dict[int, str], dict[int, str]]:
    """Return, for each unit by identity, its comment or post, and its segment's id."""
    owner, number, counts = {}, {}, defaultdict(int)
    for unit in units:
        if unit["block"] == "title":
            owner[id(unit)], number[id(unit)] = f"post {post_id}", post_id
            continue
        name = post_id if unit["block"] == "OP" else f"{post_id} {unit['reply_id']}"
        owner[id(unit)] = f"post {post_id}" if unit["block"] == "OP" else name
        number[id(unit)] = f"{name}:{counts[name]}"
        counts[name] += 1
    by_uid = {}
    for unit in units:
        by_uid.setdefault("title" if unit["block"] == "title" else unit["uid"], unit)
    owner["by_uid"] = number["by_uid"] = by_uid  # type: ignore[index,assignment]
    return owner, number


def _unit(unit: dict[str, Any], owner: Any, number: Any) -> tuple[Any, ...]:
    refs = (unit["ref"] or "").split("_")
    found = [owner["by_uid"][ref] for ref in refs if ref in owner["by_uid"]]
    others = [other for other in found if owner[id(other)] != owner[id(unit)]]
    holder = owner[id(others[0])] if others else None
    objects = unit["rel"] in OBJECTS and bool(others)
    targets = [number[id(other)] for other in others if owner[id(other)] == holder]
    return number[id(unit)], owner[id(unit)], objects, unit["rel"], targets, holder
