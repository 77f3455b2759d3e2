"""corpora/reasons: every item is whole, every stance is known, and a unit's words alone do not tell it."""

import json
import sys
from collections import Counter, defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

import reasons  # noqa: E402 - a script is no package

ITEMS = [json.loads(line) for path in reasons.FOLDER.glob("*.jsonl") for line in path.open(encoding="utf-8")]
PAIRS = {part: reasons.pairs(part) for part in ("train", "gate")}


def test_every_item_is_whole():
    for item in ITEMS:
        assert set(item) == {"area", "targets", "units"}
        assert (len(item["targets"]), len(item["units"])) == (2, 6)
        assert all(len(unit["stances"]) == 2 for unit in item["units"])
        assert {stance for unit in item["units"] for stance in unit["stances"]} <= {"disagree", "neutral", "agree"}


def test_a_pair_stands_once_and_the_parts_share_no_target():
    pairs = PAIRS["train"][0] + PAIRS["gate"][0]
    assert len(pairs) == 12 * len(ITEMS)
    assert [pair for pair, n in Counter(pairs).items() if n > 1] == []
    held, learnt = ({target for target, _ in PAIRS[part][0]} for part in ("gate", "train"))
    assert held
    assert not held & learnt


def test_most_units_do_different_things_to_their_two_targets():
    stances = defaultdict(list)
    for part in PAIRS.values():
        for (_, unit), stance in zip(*part, strict=True):
            stances[unit].append(stance)
    assert sum(len(set(told)) > 1 for told in stances.values()) > len(stances) / 2


def test_more_than_there_are_is_refused():
    with pytest.raises(ValueError, match="asked are 90000"):
        reasons.drawn(90_000, seed=0)
