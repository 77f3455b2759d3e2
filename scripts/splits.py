"""Which topics, claims and motions training may see: every script that trains, tunes or scores asks here.

Three parts: `train` is learnt from, `tune` chooses epochs and thresholds, `gate` is only scored. Parts are cut by
topic or motion, never by row. Changing a line here makes every stored figure a figure on other data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from training import DATA, rows

if TYPE_CHECKING:
    from collections.abc import Callable

PARTS = ("train", "tune", "gate")

KPA = DATA / "grouping/kpa2021_train_dev.jsonl.gz"
PERSPECTRUM = DATA / "grouping/perspectrum_train_dev.jsonl.gz"
ASPECT = DATA / "grouping/ukp_aspect_open.jsonl.gz"
QUOTES = DATA / "threads/delving_bitcoin_odd_topics.jsonl.gz"
CMV = DATA / "stance/cmv_modes_v2_units.jsonl.gz"
GENERAL = DATA / "recurrence/gpr_sentence_matches_open.jsonl.gz"


def spread(names: set[str], every: int) -> set[str]:
    """Return every n-th of the sorted names.

    >>> sorted(spread({"a", "b", "c", "d"}, 2))
    ['a', 'c']
    """
    return set(sorted(names)[::every])


def _thirds(every: list[dict[str, Any]], key: str, tuned: int, part: str) -> list[dict[str, Any]]:
    """Return the rows of a part: every third name of `key` is the gate's, every `tuned`-th of the others tunes."""
    names = {row[key] for row in every}
    gate = spread(names, 3)
    tune = spread(names - gate, tuned)
    mine = {"gate": gate, "tune": tune, "train": names - gate - tune}[part]
    return [row for row in every if row[key] in mine]


def kpa(part: str) -> list[dict[str, Any]]:
    """Return the KPA-2021 arguments of a part: the dev topics are the gate's, every eighth train topic tunes."""
    every = list(rows(KPA))
    if part == "gate":
        return [row for row in every if row["split"] == "dev"]
    train = [row for row in every if row["split"] == "train"]
    aside = spread({row["topic"] for row in train}, 8)
    return [row for row in train if (row["topic"] in aside) == (part == "tune")]


def perspectrum(part: str) -> list[dict[str, Any]]:
    """Return the Perspectrum perspectives of a part; their own dev claims are for tuning, none is the gate's."""
    return [row for row in rows(PERSPECTRUM) if row["split"] == {"train": "train", "tune": "dev"}.get(part)]


def aspect(part: str) -> list[dict[str, Any]]:
    """Return the UKP ASPECT pairs of a part: of 20 topics every third is the gate's, two are for tuning."""
    return _thirds(list(rows(ASPECT)), "topic", 7, part)


def general(part: str) -> list[dict[str, Any]]:
    """Return the GPR-KB-55 judgements of a part: motions are halved into tuning and gate, none is learnt from."""
    every = list(rows(GENERAL))
    tune = spread({row["motion_id"] for row in every}, 2)
    return [row for row in every if part != "train" and (row["motion_id"] in tune) == (part == "tune")]


def quotes(part: str) -> list[dict[str, Any]]:
    """Return the posts of a Discourse forum whose quotes name their source: topics are halved, nothing is learnt."""
    every = list(rows(QUOTES))
    tune = spread({row["topic_id"] for row in every}, 2)
    return [row for row in every if part != "train" and (row["topic_id"] in tune) == (part == "tune")]


def cmv(part: str) -> list[dict[str, Any]]:
    """Return the marked units of r/changemyview: of 37 posts every third is the gate's, some tune."""
    return _thirds(list(rows(CMV)), "thread", 4, part)


SETS: dict[str, Callable[[str], list[dict[str, Any]]]] = {
    "kpa": kpa,
    "perspectrum": perspectrum,
    "aspect": aspect,
    "general": general,
    "quotes": quotes,
    "cmv": cmv,
}
