"""Read corpora/judged: what was judged of real debates by reading them. Their words come from scripts/camps.py."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import arguments
import numpy as np
import pandas as pd
import splits
from point_sources import BATCH, Batch, Group
from training import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FOLDER = ROOT / "corpora/judged"

# What a stance is, as shares of disagree, neutral, agree: half way from what it says to what people said of replies
# (DEBAGREEMENT, not fold 0) of which the same was told.
STANCES = {
    "disagree": (0.82, 0.12, 0.06),
    "rather disagree": (0.50, 0.34, 0.16),
    "neutral": (0.14, 0.72, 0.14),
    "rather agree": (0.15, 0.35, 0.50),
    "agree": (0.06, 0.13, 0.81),
}

# Topics whose sets of objections are kept to choose by, and to be scored by.
TUNE, GATE = {"existence_of_god"}, {"death_penalty", "healthcare"}

# Of sets from this number on it was asked outright which objections are talk and make no point.
ASKED = 1450


def key(*texts: str) -> str:
    """Return what a text or a pair of texts is called here, for its words are not ours to keep.

    >>> key("We should.", "No.")
    '93a4951ab4e3'
    """
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:12]


def pairs(exchanges: pd.DataFrame, n: int, seed: int) -> tuple[list[tuple[str, str]], np.ndarray]:
    """Return n pairs of a passage and a reply that were judged, and what they are (n, 3).

    `exchanges` as scripts/camps.py makes them. Raises ValueError where not so many of them were judged.
    """
    stances = pd.read_csv(FOLDER / "exchanges.csv", index_col="pair")["stance"]
    table = exchanges[["target", "reply"]].drop_duplicates()
    keys = [key(*each) for each in zip(table["target"], table["reply"], strict=True)]
    found = table.assign(stance=stances.reindex(keys).to_numpy()).dropna(subset="stance")
    if len(found) < n:
        raise ValueError(f"{len(found)} of the exchanges were judged; asked are {n}.")
    drawn = found.iloc[np.random.default_rng(seed).choice(len(found), n, replace=False)]
    told = np.array([STANCES[stance] for stance in drawn["stance"]])
    return list(zip(drawn["target"], drawn["reply"], strict=True)), told


def second_opinion(pairs: list[tuple[str, str]], labels: np.ndarray) -> np.ndarray:
    """Return what the labels (n,) 0, 1, 2 of pairs of a parent and a reply mostly are where the same was told (n, 3).

    NaN where nothing was told of a pair.
    """
    stances = pd.read_csv(FOLDER / "replies.csv", index_col="pair")["stance"]
    told = stances.reindex([key(*pair) for pair in pairs]).to_numpy()
    out = np.full((len(pairs), 3), np.nan)
    for stance in STANCES:
        out[told == stance] = np.bincount(labels[told == stance], minlength=3) / max(1, (told == stance).sum())
    return out


def words_of(exchanges: pd.DataFrame) -> dict[str, str]:
    """Return by what it is called here each reply of the exchanges of scripts/camps.py."""
    return dict(zip(map(key, exchanges["reply"]), exchanges["reply"], strict=True))


def sets(exchanges: pd.DataFrame, part: str) -> list[Group]:
    """Return sets of objections on one topic with the points that they make; `part`: train, tune or gate.

    A set is left out where `exchanges` has none of its objections.
    """
    told = pd.read_csv(FOLDER / "points.csv", keep_default_na=False)
    words = words_of(exchanges)
    out = []
    for (topic, name), rows in told.groupby(["topic", "set"], sort=False):
        if part != ("tune" if topic in TUNE else "gate" if topic in GATE else "train"):
            continue
        points = [frozenset({f"{name} {point}"} if point else ()) for point in rows["point"]]
        members = [(words[k], own) for k, own in zip(rows["objection"], points, strict=True) if k in words]
        if members:
            out.append(Group(str(topic), members))
    return out


def pointless(exchanges: pd.DataFrame) -> pd.DataFrame:
    """Return each judged objection once.

    Columns text; topic; talk (bool: in most of its sets it makes no point); asked (bool: in one it was asked outright).
    """
    told = pd.read_csv(FOLDER / "points.csv", keep_default_na=False)
    words = words_of(exchanges)
    told = told.assign(text=told["objection"].map(words), talk=told["point"] == "", asked=told["set"] >= ASKED)
    table = told.dropna(subset="text").groupby("objection", sort=True)
    return table.agg({"text": "first", "topic": "first", "talk": "mean", "asked": "max"}).assign(
        talk=lambda each: each["talk"] >= 0.5
    )


def learnt() -> dict[str, str]:
    """Return by what it is called here each text that encoders learn from: UKP ASPECT, KPA-2021, Perspectrum, ours."""
    texts = [pair[name] for pair in splits.aspect("train") for name in ("sentence_1", "sentence_2")]
    texts += [row["text"] for row in [*splits.kpa("train"), *splits.perspectrum("train")]]
    texts += [text for topic in arguments.topics() for point in topic.points for text in point["texts"]]
    return {key(text): text for text in texts}


def topics_of(texts: Iterable[str], exchanges: pd.DataFrame) -> list[str]:
    """Return the topic, or the claim, that each of these texts is about."""
    about = dict(zip(exchanges["reply"], exchanges["topic"], strict=True))
    about |= {pair[name]: pair["topic"] for pair in splits.aspect("train") for name in ("sentence_1", "sentence_2")}
    about |= {row["text"]: row["topic"] for row in splits.kpa("train")}
    about |= {row["text"]: row["claim"] for row in splits.perspectrum("train")}
    return [str(about[text]) for text in texts]


def aspects(words: dict[str, str]) -> list[dict[str, str]]:
    """Return pairs of texts and how alike the aspects of their topic are that they tell of, as UKP ASPECT has them.

    `words`: texts by what they are called here; a pair is left out where one of its texts is missing.
    """
    told = pd.read_csv(FOLDER / "aspects.csv")
    told = told[told["first"].isin(words) & told["second"].isin(words)]
    return [
        {"sentence_1": words[first], "sentence_2": words[second], "label": label}
        for first, second, label in told.itertuples(index=False)
    ]


def topoi(words: dict[str, str]) -> pd.DataFrame:
    """Return how likely each text voices each of the points of corpora/topoi that it voices at all.

    Index: texts, each once, of those in `words` (by what they are called here); columns: points; 0 where none was told.
    """
    told = pd.read_csv(FOLDER / "topoi.csv", keep_default_na=False)
    told = told[told["text"].isin(words)]
    table = told.pivot_table(index="text", columns="topos", values="p", aggfunc="max", fill_value=0.0, sort=False)
    return table.drop(columns="", errors="ignore").rename(index=words)


def mixed(groups: list[Group], rng: np.random.Generator) -> Iterator[Batch]:
    """Yield batches of sets that stand on different topics, so that none of their points is the same; each set once."""
    waiting: dict[str, list[Group]] = {}
    for g in rng.permutation(len(groups)):
        waiting.setdefault(groups[g].topic, []).append(groups[g])
    while waiting:
        batch = Batch([], [])
        for topic in sorted(waiting, key=lambda name: -len(waiting[name])):
            group = waiting[topic][-1]
            if len(batch.texts) + len(group.members) > BATCH:
                break
            batch.texts.extend(text for text, _ in group.members)
            batch.labels.extend(own for _, own in group.members)
            waiting[topic].pop()
        waiting = {topic: left for topic, left in waiting.items() if left}
        yield batch
