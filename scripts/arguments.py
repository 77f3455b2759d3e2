"""Read corpora/arguments: what people say for and against a hundred claims, by the point they make."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from point_sources import BATCH, HIDE, Batch, Group, without
from training import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = ROOT / "corpora/arguments"

# Of a batch in which points come back: so many points, each on so many topics, by so many texts.
TOPOI_AT_ONCE, TOPICS, TEXTS = 7, 3, 2

# What a pair can be: its class, and how often it is drawn. `post`: the claim, or a passage that argues for it.
KINDS = {
    ("post", "against"): ("disagree", 0.30),
    ("post", "for"): ("agree", 0.20),
    ("post", "neutral"): ("neutral", 0.12),
    ("against", "answer"): ("disagree", 0.10),
    ("against", "for"): ("disagree", 0.05),
    ("for", "against"): ("disagree", 0.05),
    ("against", "against"): ("agree", 0.09),
    ("for", "for"): ("agree", 0.06),
    ("against", "neutral"): ("neutral", 0.03),
}


class Topic(NamedTuple):
    """A claim; the passages of a post that argues for it; points (`point`, `side`, `claim`, `topos`, `texts`).

    `answers`: by the slug of a point against the claim, what its defenders reply. `neutral`: replies that take no side.
    """

    topic: str
    claim: str
    post: list[str]
    points: list[dict[str, Any]]
    answers: dict[str, list[str]]
    neutral: list[str]


def topics() -> list[Topic]:
    """Return every topic."""
    return [Topic(**json.loads(line)) for path in sorted(FOLDER.glob("*.jsonl")) for line in path.open()]


def by_side(known: list[Topic]) -> list[Group]:
    """Return the arguments by topic and side, with the points they make; a point's claim is one of its texts."""
    return [
        Group(topic.claim, [(text, labels(topic, p)) for p in topic.points if p["side"] == side for text in said(p)])
        for topic in known
        for side in ("against", "for")
    ]


def across(known: list[Topic], topoi: list[dict[str, Any]], rng: np.random.Generator) -> Iterator[Batch]:
    """Yield batches of points that come back on any topic, each on several, beside other points on the same topics.

    `topoi`: the same points in sentences of their own (point_sources.Topoi). As many batches as use each point once.
    """
    own = {point["point"]: point["texts"] for point in topoi}
    found: dict[str, list[tuple[Topic, dict[str, Any]]]] = {}
    for topic in known:
        for point in topic.points:
            found.setdefault(point["topos"], []).append((topic, point))
    found.pop("", None)
    names = [name for name, points in found.items() if len(points) >= TOPICS]
    often = np.array([len(found[name]) for name in names], dtype=float)
    for _ in range(round(often.sum() / (TOPOI_AT_ONCE * TOPICS))):
        batch = Batch([], [])
        beside: list[tuple[Topic, dict[str, Any]]] = []
        for t in rng.choice(len(names), TOPOI_AT_ONCE, replace=False, p=often / often.sum()):
            name = names[t]
            for i in rng.choice(len(found[name]), TOPICS, replace=False):
                topic, point = found[name][i]
                _add(batch, topic, point, TEXTS, rng)
                beside += [(topic, other) for other in topic.points if other["topos"] != name]
            batch.texts.append(str(rng.choice(own[name])))
            batch.labels.append(frozenset([name]))
        for i in rng.permutation(len(beside)):
            if len(batch.texts) >= BATCH:
                break
            _add(batch, *beside[i], 1, rng)
        yield batch


def _add(batch: Batch, topic: Topic, point: dict[str, Any], n: int, rng: np.random.Generator) -> None:
    """Put n texts of a point into a batch, some of them with the words of their topic taken out."""
    for text in rng.choice(said(point), n, replace=False):
        batch.texts.append(without(str(text), topic.claim) if rng.random() < HIDE else str(text))
        batch.labels.append(labels(topic, point))


def labels(topic: Topic, point: dict[str, Any]) -> frozenset[str]:
    """Return what a point is called: by its topic, and where it comes back on any topic, by that name too."""
    return frozenset({f"{topic.topic} {point['point']}", point["topos"]} - {""})


def said(point: dict[str, Any]) -> list[str]:
    """Return the texts that make a point, its claim among them."""
    return [*point["texts"], point["claim"]]


def reply_pairs(known: list[Topic], n: int, seed: int) -> tuple[list[tuple[str, str]], list[str]]:
    """Return n pairs of a target and a reply, every kind as often as KINDS says, and their classes."""
    rng = np.random.default_rng(seed)
    kinds = list(KINDS)
    pairs, classes = [], []
    for k in rng.choice(len(kinds), n, p=[often for _, often in KINDS.values()]):
        topic = known[rng.integers(len(known))]
        pairs.append(_pair(topic, *kinds[k], rng))
        classes.append(KINDS[kinds[k]][0])
    return pairs, classes


def drawn(n: int, seed: int) -> tuple[list[tuple[str, str]], list[str]]:
    """Return n such pairs of all topics, and their classes."""
    return reply_pairs(topics(), n, seed)


def _pair(topic: Topic, above: str, below: str, rng: np.random.Generator) -> tuple[str, str]:
    def one(texts: list[str]) -> str:
        return texts[rng.integers(len(texts))]

    sides = {side: [p for p in topic.points if p["side"] == side] for side in ("against", "for")}
    if above == "post":
        target = one([topic.claim, topic.claim, *topic.post])
        point = None
    else:
        point = sides[above][rng.integers(len(sides[above]))]
        target = one(point["texts"])
    if below == "neutral":
        return target, one(topic.neutral)
    if below == "answer" and point:
        return target, one(topic.answers[point["point"]])
    # Half of those who are of one mind make the same point.
    same = point if point and above == below and rng.random() < 0.5 else sides[below][rng.integers(len(sides[below]))]
    return target, one([text for text in same["texts"] if text != target])
