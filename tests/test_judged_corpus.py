"""corpora/judged: what is told there is of texts that scripts/camps.py finds, and of no other; no text is in it."""

import csv
import re
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

import camps  # noqa: E402 - a script is no package
import cmv  # noqa: E402
import forums  # noqa: E402
import judged  # noqa: E402
import splits  # noqa: E402
import train_stance  # noqa: E402
from point_sources import BATCH, Group, Topoi  # noqa: E402
from training import DATA  # noqa: E402

TOPIC, REPLIES = "death_penalty", DATA / "stance/debagreement_dev.jsonl.gz"


def told(name):
    with (judged.FOLDER / name).open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_a_pair_is_told_once_and_by_no_word_of_it():
    rows = told("exchanges.csv")
    assert {row["stance"] for row in rows} == set(judged.STANCES)
    assert [key for key, n in Counter(row["pair"] for row in rows).items() if n > 1] == []
    assert all(re.fullmatch(r"[0-9a-f]{12}", row["pair"]) for row in rows)


def test_a_second_opinion_is_told_of_no_reply_of_the_gates_fold():
    rows = told("replies.csv")
    assert {row["stance"] for row in rows} == set(judged.STANCES)
    assert all(re.fullmatch(r"[0-9a-f]{12}", row["pair"]) for row in rows)
    if not REPLIES.exists():
        pytest.skip("needs ../shared/data")
    pairs, labels, _, folds = train_stance.read_pairs(REPLIES)
    keys = np.array([judged.key(*pair) for pair in pairs])
    assert {row["pair"] for row in rows} == set(keys[folds != 0])
    second = judged.second_opinion(pairs, labels)
    assert np.isnan(second[~np.isin(keys, keys[folds != 0])]).all()
    assert np.allclose(second[folds != 0].sum(axis=1), 1)


def test_replies_of_engineers_are_told_by_no_word_and_found_again():
    rows = told("discourse.csv")
    parts = {part: [row for row in rows if row["part"] == part] for part in ("train", "gate")}
    assert {row["stance"] for row in parts["train"]} == set(judged.STANCES)
    assert {row["stance"] for row in parts["gate"]} == {"disagree", "neutral", "agree"}
    assert not {row["post_id"] for row in parts["train"]} & {row["post_id"] for row in parts["gate"]}
    assert [key for key, n in Counter(row["pair"] for row in rows).items() if n > 1] == []
    assert all(re.fullmatch(r"[0-9a-f]{12}", row["pair"]) for row in rows)
    if not splits.QUOTES.exists():
        pytest.skip("needs ../shared/data")
    for part, own in parts.items():
        pairs, stances = forums.engineers(part)
        assert len(pairs) == len(stances)
        # What the product takes for the target of a paragraph may change; most must stay, or the figure is of other pairs.
        assert len(pairs) > 0.9 * len(own)


def test_replies_on_boards_are_told_by_no_word_and_found_again():
    rows = told("boards.csv")
    assert {row["stance"] for row in rows} == {"disagree", "neutral", "agree"}
    assert [key for key, n in Counter(row["pair"] for row in rows).items() if n > 1] == []
    assert all(re.fullmatch(r"[0-9a-f]{12}", row["pair"]) for row in rows)
    if not forums.EXPORTS.exists():
        pytest.skip("needs ../shared/exports")
    pairs, stances = forums.boards()
    assert len(pairs) == len(stances)
    assert len(pairs) > 0.9 * len(rows)


def test_units_are_told_by_no_word_and_are_not_the_gates():
    rows = told("units.csv")
    assert {row["stance"] for row in rows} == set(judged.STANCES)
    assert [key for key, n in Counter(row["pair"] for row in rows).items() if n > 1] == []
    if not splits.CMV.exists():
        pytest.skip("needs ../shared/data")
    pairs, stances = forums.units()
    assert len(pairs) == len(stances)
    named, _ = cmv.stances(splits.cmv("train") + splits.cmv("tune"))
    assert len(pairs) - len(named) > 0.9 * len(rows)
    kept = {cmv.line(unit["text"]) for unit in splits.cmv("gate")}
    shared = [reply for _, reply in pairs if reply in kept]
    assert len(shared) < 0.01 * len(pairs), "stock phrases alone"


def test_an_objection_stands_once_in_a_set_and_by_no_word_of_it():
    rows = told("points.csv")
    assert [key for key, n in Counter((row["set"], row["objection"]) for row in rows).items() if n > 1] == []
    assert all(re.fullmatch(r"[0-9a-f]{12}", row["objection"]) for row in rows)
    assert all(re.fullmatch(r"[a-z]?", row["point"]) for row in rows)
    assert set(Counter(row["set"] for row in rows).values()) == {12}


def test_what_is_told_is_found_in_the_debates():
    if not (DATA / "threads").is_dir():
        pytest.skip("needs ../shared/data")
    exchanges = camps.exchanges({TOPIC})
    n = sum(row["topic"] == TOPIC for row in told("exchanges.csv"))
    pairs, shares = judged.pairs(exchanges, n, seed=0)
    assert len(set(pairs)) == n
    assert np.allclose(shares.sum(axis=1), 1)
    groups = judged.sets(exchanges, "gate")
    known = [row["set"] for row in told("points.csv") if row["topic"] == TOPIC]
    assert {group.topic for group in groups} == {TOPIC}
    assert [len(group.members) for group in groups] == [12] * len(set(known))
    with pytest.raises(ValueError, match=f"{n} of the exchanges"):
        judged.pairs(exchanges, n + 1, seed=0)


def test_sets_of_one_batch_stand_on_different_topics():
    groups = [Group(topic, [(f"{topic} {i} {k}", frozenset({f"{i} {k}"})) for k in range(12)])
              for topic, n in (("a", 9), ("b", 5), ("c", 1)) for i in range(n)]  # fmt: skip
    batches = list(judged.mixed(groups, np.random.default_rng(0)))
    assert sorted(text for batch in batches for text in batch.texts) == sorted(
        text for group in groups for text, _ in group.members
    )
    for batch in batches:
        sets = {" ".join(text.split()[:2]) for text in batch.texts}
        assert len({name.split()[0] for name in sets}) == len(sets)
        assert len(batch.texts) <= BATCH


def test_aspects_and_general_points_are_told_of_texts_for_training():
    aspects, topoi = told("aspects.csv"), told("topoi.csv")
    assert {row["label"] for row in aspects} == {"HS", "SS", "NS", "DTORCD"}
    assert [pair for pair, n in Counter((row["first"], row["second"]) for row in aspects).items() if n > 1] == []
    assert {row["topos"] for row in topoi} <= {"", *(point["point"] for point in Topoi().points)}
    assert all(0 < float(row["p"]) <= 1 for row in topoi)
    assert all(re.fullmatch(r"[0-9a-f]{12}", row["text"]) for row in topoi)
    if not (DATA / "threads").is_dir():
        pytest.skip("needs ../shared/data")
    words = judged.learnt()
    assert len(judged.aspects(words)) == len(aspects)
    debates = camps.exchanges()
    table = judged.topoi(words | judged.words_of(debates))
    assert len(table) == len({row["text"] for row in topoi})
    assert not set(debates["topic"][debates["reply"].isin(table.index)]) & (judged.TUNE | judged.GATE)
