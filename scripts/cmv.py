"""r/changemyview threads whose claims and premises people marked, with what each rebuts, undercuts or supports.

CMV-modes (Hidey et al. 2017; Chakrabarty et al. 2019): 37 posts, each with chains of replies, some of which
earned a delta. A chain becomes a thread here: the title and the post's units are the post, the
replies its comments, each unit a paragraph, so that what is scored is what the product does with a thread.

A unit *objects* where its relation is a rebuttal, an undercutter or an attack on the title or on a unit of another
comment. Its targets are the units that it names; candidates are all units of the comment or post that holds them.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd
from sklearn.metrics import f1_score, roc_auc_score

from threadkit.corpus.tables import COMMENTS, POSTS
from threadkit.dispute.quotes import mark, traced
from threadkit.dispute.stance import StanceClassifier, decide, judge
from threadkit.dispute.target import aim

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import numpy as np

OBJECTS = frozenset(["rebuttal", "rebuttal_attack", "undercutter", "undercutter_attack", "partial_attack", "attack"])

# What a relation says of the words that a unit names; others take no side.
STANCES = dict.fromkeys(OBJECTS | {"disagreement"}, "disagree") | {
    "partial_attack": "rather disagree", "partial_disagreement": "rather disagree",
    "support": "agree", "agreement": "agree", "partial_agreement": "rather agree",
}  # fmt: skip


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
    """Yield the chains of some marked units (splits.cmv), in their order."""
    for (file, delta), half in _halves(units).items():
        for n, part in enumerate(_threads(half)):
            yield _chain(f"{file.removesuffix('.xml')}{'+' if delta else '-'}{n or ''}", part)


def _halves(units: Iterable[dict[str, Any]]) -> dict[tuple[str, bool], list[dict[str, Any]]]:
    """Return the units of each file, those that earned a delta apart from the others."""
    held: dict[tuple[str, bool], list[dict[str, Any]]] = defaultdict(list)
    for row in units:
        held[row["file"], row["delta"]].append(row)
    return held


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
    comments = [_comment(post_id, name, names[n - 1] if n else None, n, replies[name]) for n, name in enumerate(names)]
    text = "\n\n".join(line(unit["text"]) for unit in head)
    post = {"post_id": post_id, "title": title, "author": poster, "text": text}
    table = [_unit(unit, owner, number) for name in names for unit in replies[name]]
    columns = ["segment_id", "comment_id", "objects", "rel", "targets", "owner"]
    frame = pd.DataFrame(table, columns=columns).set_index("segment_id")
    return Chain(units[0]["thread"], POSTS.build([post]), COMMENTS.build(comments), frame)


def line(text: str) -> str:
    """Return a unit as a paragraph of its own: one line that no bullet, quote mark or fence begins."""
    return " ".join(text.split()).lstrip("->*`#• ").replace("```", "") or "–"


def _comment(post_id: str, name: str, above: str | None, depth: int, units: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "comment_id": name, "post_id": post_id, "parent_id": above, "author": units[0]["author"], "depth": depth,
        "origin": "stated", "confidence": 1.0, "status": "live",
        "text": "\n\n".join(line(unit["text"]) for unit in units),
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


def score(units: Sequence[dict[str, Any]]) -> dict[str, float]:
    """Score what the product says of marked units: which object, and to which passage.

    `relating`: the units that name words of another comment or the title, where an objection stands against assent
    and support. `every`: all units of replies, most of which support the reply's own claims. `always` is the F1 of
    whoever calls each of them an objection. `target`: objecting units whose target is one that they name; `chance`
    is what drawing a passage gives.
    """
    threads = list(chains(units))
    posts, comments = (pd.concat([getattr(held, name) for held in threads]) for name in ("posts", "comments"))
    gold = pd.concat([held.units for held in threads])
    segments, quotes = traced(comments, posts)
    segments = mark(segments, quotes)
    targets = aim(segments, quotes, comments, posts)
    classifier = StanceClassifier()
    stances = judge(targets, classifier)
    against = stances["stance"].reindex(gold.index).eq("disagree").fillna(value=False).to_numpy(dtype=bool)
    objects, relating = gold["objects"].to_numpy(dtype=bool), gold["owner"].notna().to_numpy()
    aimed = targets["target_id"].reindex(gold.index)
    right = [target in told for target, told in zip(aimed, gold["targets"], strict=True)]
    pairs, attack = named(units)
    shares = classifier.predict_proba(pairs)
    attacking = decide(shares, classifier.min_disagree) == "disagree"
    return {
        "relating": float(f1_score(objects[relating], against[relating])),
        "relating_always": float(f1_score(objects[relating], objects[relating] | True)),
        "every": float(f1_score(objects, against)),
        "every_always": float(f1_score(objects, objects | True)),
        "named": float(f1_score(attack, attacking)),
        "named_always": float(f1_score(attack, attack | True)),
        "named_auc": float(roc_auc_score(attack, shares["disagree"] - shares["agree"])),
        "target": float(pd.Series(right, index=gold.index)[objects].mean()),
        "target_chance": chance(gold[objects], segments, posts),
    }


def named(units: Iterable[dict[str, Any]]) -> tuple[pd.DataFrame, np.ndarray]:
    """Return units of replies beside what they name, be it their own author's words: target, reply; who objects (n,).

    Of a unit that names several the first counts. Most units of the same comment support what they name.
    """
    table = pd.DataFrame(_named(units), columns=["target", "reply", "rel", "own"])
    return table[["target", "reply"]], table["rel"].isin(OBJECTS).to_numpy(dtype=bool)


def stances(units: Iterable[dict[str, Any]]) -> tuple[list[tuple[str, str]], list[str]]:
    """Return units beside the words of others that they name, and which stance of scripts/judged.py each takes.

    What a unit does for its own author's words is no lesson: nobody is asked for a stance toward himself.
    """
    told = [(target, reply, rel) for target, reply, rel, own in _named(units) if not own]
    return [(target, reply) for target, reply, _ in told], [STANCES.get(rel, "neutral") for _, _, rel in told]


def _named(units: Iterable[dict[str, Any]]) -> Iterator[tuple[str, str, str, bool]]:
    """Yield the first unit that a unit of a reply names, that unit, its relation to it, whether one wrote both."""
    for part in (part for half in _halves(units).values() for part in _threads(half)):
        known: dict[str, dict[str, Any]] = {}
        for unit in part:
            known.setdefault("title" if unit["block"] == "title" else unit["uid"], unit)
        for unit in part:
            refs = [known[ref] for ref in (unit["ref"] or "").split("_") if ref in known]
            if unit["block"] == "reply" and unit["rel"] and refs:
                own = refs[0]["block"] != "title" and refs[0]["author"] == unit["author"]
                yield line(refs[0]["text"]), line(unit["text"]), unit["rel"], own


def chance(gold: pd.DataFrame, segments: pd.DataFrame, posts: pd.DataFrame) -> float:
    """Return the share of targets that are right when one of the answered passages is drawn."""
    count = segments["comment_id"].value_counts().to_dict()
    for post_id, title, text in zip(posts.index, posts["title"], posts["text"], strict=True):
        count[f"post {post_id}"] = int(pd.notna(title)) + len(text.split("\n\n")) * bool(text)
    return float((gold["targets"].map(len) / gold["owner"].map(count)).mean())
