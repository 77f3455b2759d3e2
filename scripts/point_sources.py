"""What the same-point encoder learns from: batches of texts in one context, with the points each of them makes.

Within a batch the topic tells nothing, so that only the point can tell texts apart: arguments of one topic and side
(KPA-2021, Perspectrum), or objections to a few topics that all raise the same few points (corpora/topoi, written for
this), where the same point on another topic is near and another point on the same topic is far.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import splits
from training import ROOT

from threadkit.corpus.topoi import FILES

if TYPE_CHECKING:
    from collections.abc import Iterator

TOPOI = ROOT / "corpora/topoi"
BATCH = 64

# Of a topoi batch: this many points, each with this many texts, filled with this many topics.
POINTS, TEXTS, TOPICS = 10, 6, 5

# How often a text has the words of its topic taken out, so that the point must carry it.
HIDE = 0.3


class Batch(NamedTuple):
    """Texts of one context, each with the points it makes (none: no known point)."""

    texts: list[str]
    labels: list[frozenset[str]]


class Group(NamedTuple):
    """Texts on one topic and side, each with the points it makes."""

    topic: str
    members: list[tuple[str, frozenset[str]]]


def kpa_groups(part: str) -> list[Group]:
    """Return KPA arguments by topic and side; each key point is a member of its own group."""
    groups: dict[tuple[str, int], Group] = {}
    seen = set()
    for row in splits.kpa(part):
        group = groups.setdefault((row["topic"], row["stance"]), Group(row["topic"], []))
        group.members.append((row["text"], frozenset(row["key_points"])))
        for key, text in zip(row["key_points"], row["key_point_texts"], strict=True):
            if key not in seen:
                seen.add(key)
                group.members.append((text, frozenset([key])))
    return list(groups.values())


def perspectrum_groups(part: str) -> list[Group]:
    """Return Perspectrum claims by stance; a cluster of equivalent perspectives is one point."""
    groups: dict[tuple[int, str], Group] = {}
    for row in splits.perspectrum(part):
        group = groups.setdefault((row["claim_id"], row["stance"]), Group(row["claim"], []))
        group.members.append((row["text"], frozenset([row["cluster"]])))
    return list(groups.values())


def packed(groups: list[Group], rng: np.random.Generator, share: float = 1.0) -> Iterator[Batch]:
    """Yield batches of at most BATCH texts: a share of the groups, cut, small ones side by side."""
    batch = Batch([], [])
    for g in rng.permutation(len(groups))[: round(share * len(groups))]:
        topic, members = groups[g]
        # Equal parts: the last one would otherwise hold a handful.
        for part in np.array_split(rng.permutation(len(members)), -(-len(members) // BATCH)):
            if len(batch.texts) + len(part) > BATCH:
                yield batch
                batch = Batch([], [])
            hidden = rng.random(len(part)) < HIDE
            batch.texts.extend(
                without(members[i][0], topic) if h else members[i][0] for i, h in zip(part, hidden, strict=True)
            )
            batch.labels.extend(members[i][1] for i in part)
    if batch.texts:
        yield batch


def without(text: str, topic: str) -> str:
    """Return a text with "it" for each word that begins like a word of its topic.

    >>> without("Banning boxing takes a choice away", "We should ban boxing")
    'Banning it takes a choice away'
    """
    begins = {word[:5].lower() for word in re.findall(r"[A-Za-z]{4,}", topic)} - {"shoul"}
    if not begins:
        return text
    return re.sub(rf"\b(?:{'|'.join(sorted(begins))})\w*", "it", text, flags=re.IGNORECASE)


class Topoi:
    """Points that come back on any topic: sentences with slots, and sentences about a topic of their own."""

    def __init__(self) -> None:
        read = [json.loads(line) for name in FILES for line in (TOPOI / name).open()]
        self.points: list[dict[str, Any]] = read
        self.topics = [json.loads(line) for line in (TOPOI / "topics.jsonl").open()]

    def batches(self, rng: np.random.Generator, rounds: int) -> Iterator[Batch]:
        """Yield batches of POINTS points; in each round every point comes once."""
        for _ in range(rounds):
            order = rng.permutation(len(self.points))
            for start in range(0, len(order) - POINTS + 1, POINTS):
                topics = rng.choice(len(self.topics), TOPICS, replace=False)
                batch = Batch([], [])
                for p in order[start : start + POINTS]:
                    point = self.points[p]
                    known = [*point["templates"], *point["texts"], point["claim"]]
                    for i in rng.choice(len(known), TEXTS, replace=False):
                        batch.texts.append(filled(known[i], self.topics[rng.choice(topics)]))
                        batch.labels.append(frozenset([point["point"]]))
                yield batch


def filled(text: str, topic: dict[str, str]) -> str:
    """Return a sentence with its slots filled.

    >>> filled("{Doing} is dear, so {thing} must go.", {"doing": "running trams", "thing": "trams"})
    'Running trams is dear, so trams must go.'
    """
    return re.sub(r"\{(\w+)\}", lambda slot: _slot(slot[1], topic), text)


def _slot(name: str, topic: dict[str, str]) -> str:
    known = topic[name.lower()]
    return known[0].upper() + known[1:] if name[0].isupper() else known
