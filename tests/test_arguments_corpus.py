"""corpora/arguments: every topic is whole, every text stands once, and what is drawn from it is of the class it says."""

import json
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

import arguments  # noqa: E402 - a script is no package
from point_sources import BATCH, Topoi  # noqa: E402

TOPICS = {topic.topic: topic for topic in arguments.topics()}
TOPOI = {
    json.loads(line)["point"]
    for name in ("policy", "reasoning")
    for line in (ROOT / f"corpora/topoi/{name}.jsonl").read_text("utf-8").splitlines()
}


@pytest.mark.parametrize("topic", TOPICS.values(), ids=TOPICS)
def test_a_topic_is_whole(topic):
    assert [p["side"] for p in topic.points] == ["against"] * 6 + ["for"] * 5
    assert [len(p["texts"]) for p in topic.points] == [8] * 6 + [6] * 5
    assert {p["topos"] for p in topic.points} <= TOPOI | {""}
    assert {slug: len(texts) for slug, texts in topic.answers.items()} == {
        p["point"]: 2 for p in topic.points if p["side"] == "against"
    }
    assert (len(topic.post), len(topic.neutral)) == (3, 5)


def test_every_text_stands_once():
    texts = [text for topic in TOPICS.values() for p in topic.points for text in p["texts"]]
    texts += [text for topic in TOPICS.values() for told in topic.answers.values() for text in told]
    texts += [text for topic in TOPICS.values() for text in topic.neutral + topic.post]
    assert [text for text, n in Counter(texts).items() if n > 1] == []


def test_pairs_are_of_the_class_they_say():
    side = {text: p["side"] for topic in TOPICS.values() for p in topic.points for text in arguments.said(p)} | {
        text: "post" for topic in TOPICS.values() for text in [topic.claim, *topic.post]
    }
    side |= {text: "answer" for topic in TOPICS.values() for told in topic.answers.values() for text in told}
    side |= {text: "neutral" for topic in TOPICS.values() for text in topic.neutral}
    pairs, classes = arguments.reply_pairs(list(TOPICS.values()), 2000, seed=0)
    found = Counter((side[target], side[reply], name) for (target, reply), name in zip(pairs, classes, strict=True))
    assert {(above, below): name for above, below, name in found} == {
        k: name for k, (name, _) in arguments.KINDS.items()
    }
    assert len(found) == len(arguments.KINDS)


def test_a_point_stands_on_several_topics_of_a_batch():
    for batch in arguments.across(list(TOPICS.values()), Topoi().points, np.random.default_rng(0)):
        on = {}
        for label in batch.labels:
            for name in label & TOPOI:
                on.setdefault(name, set()).update(label - TOPOI)
        assert len(on) >= arguments.TOPOI_AT_ONCE
        assert sum(len(topics) >= arguments.TOPICS for topics in on.values()) >= arguments.TOPOI_AT_ONCE
        assert len(batch.texts) == len(batch.labels) == BATCH
