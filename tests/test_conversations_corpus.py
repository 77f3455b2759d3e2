"""corpora/conversations: every comment has its replies, every stance is known, and the parts are apart."""

import json
import sys
from collections import Counter, defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

import conversations  # noqa: E402 - a script is no package

MANNERS = {
    "plain", "fact", "story", "irony", "rhetorical", "question", "joke", "partial", "correction", "example", "vent",
    "source", "aside", "evenhanded", "concession", "short",
}  # fmt: skip
PAIRS = {part: conversations.pairs(part) for part in ("train", *conversations.HELD)}
COMMENTS = [json.loads(line) for path in conversations.FOLDER.glob("*.jsonl") for line in path.open(encoding="utf-8")]


def test_every_comment_is_whole():
    for comment in COMMENTS:
        assert set(comment) == {"area", "parent", "replies"}
        assert len(comment["replies"]) == 7
        assert all(set(reply) == {"stance", "manner", "text"} for reply in comment["replies"])
        assert {reply["stance"] for reply in comment["replies"]} == {"disagree", "neutral", "agree"}
        assert {reply["manner"] for reply in comment["replies"]} <= MANNERS


def test_a_pair_stands_once():
    pairs = [pair for part in PAIRS.values() for pair in part[0]]
    assert len(pairs) == 7 * sum(len(conversations.comments(part)) for part in PAIRS)
    assert len(pairs) > 0.95 * 7 * len(COMMENTS)
    assert [pair for pair, n in Counter(pairs).items() if n > 1] == []


def test_parts_share_no_subject():
    areas = {part: {comment["area"] for comment in conversations.comments(part)} for part in PAIRS}
    assert min(len(areas["train"]), len(areas["gate"])) > 30
    assert not (areas["gate"] | areas["threads"]) & areas["train"]


def test_the_same_words_take_different_stances():
    stances = defaultdict(set)
    for part in PAIRS.values():
        for (_, reply), stance in zip(*part, strict=True):
            stances[reply].add(stance)
    assert sum(len(told) > 1 for told in stances.values()) >= 20


def test_more_than_there_are_is_refused():
    pairs, stances = conversations.drawn(50, seed=1)
    assert len(set(pairs)) == len(stances) == 50
    with pytest.raises(ValueError, match="asked are 40000"):
        conversations.drawn(40000, seed=0)
