"""corpora/phrases: every phrase is whole and stands once, its stance is known, and the parts are apart."""

import sys
from pathlib import Path

import pandas as pd
import pytest
from rapidfuzz import fuzz, process

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

import phrases  # noqa: E402 - a script is no package

TABLE = pd.read_csv(phrases.FILE, keep_default_na=False)


def plain(texts):
    """Return texts in small letters, without what is no letter, figure or space; unchanged where nothing is left."""
    bare = texts.str.lower().str.replace(r"[^\w ]", "", regex=True).str.strip()
    return bare.where(bare != "", texts)


def test_every_phrase_is_whole_and_stands_once():
    assert set(TABLE["part"]) == {"train", "gate"}
    assert set(TABLE["kind"]) == {"whole", "opening"}
    assert set(TABLE["stance"]) == {"disagree", "neutral", "agree"}
    assert (TABLE["text"] == TABLE["text"].str.split().str.join(" ")).all()
    assert TABLE["text"].is_unique
    assert (TABLE["text"] != "").all()


def test_parts_share_no_phrase_nor_one_alike_nor_a_set():
    held, learnt = (TABLE[TABLE["part"] == part] for part in ("gate", "train"))
    assert len(held) > 500
    alike = process.cdist(plain(held["text"]), plain(learnt["text"]), scorer=fuzz.ratio, score_cutoff=78)
    assert not alike.any()
    assert not set(held["set"]) & set(learnt["set"]) - {""}


def test_phrases_of_a_set_take_different_stances():
    stances = TABLE[TABLE["set"] != ""].groupby("set")["stance"].agg(["size", "nunique"])
    assert (stances[stances["size"] > 1]["nunique"] > 1).mean() > 0.95


def test_what_is_drawn_stands_below_a_comment_and_an_opening_goes_on():
    pairs, stances = phrases.drawn(400, seed=1)
    assert len(pairs) == len(stances) == 400
    assert (pairs, stances) == phrases.drawn(400, seed=1)
    openings = tuple(TABLE["text"][TABLE["kind"] == "opening"])
    assert not {reply for _, reply in pairs} & set(openings)
    assert sum(reply.startswith(openings) for _, reply in pairs) > 40
    told = dict(zip(TABLE["text"], TABLE["stance"], strict=True))
    alone = [(reply, stance) for (_, reply), stance in zip(pairs, stances, strict=True) if reply in told]
    assert len(alone) > 100
    assert all(told[reply] == stance for reply, stance in alone)


@pytest.mark.parametrize("part", ["train", "gate"])
def test_what_is_scored_are_whole_phrases_below_comments_of_their_part(part):
    pairs, stances = phrases.pairs(part)
    assert len(pairs) == len(stances) == ((TABLE["part"] == part) & (TABLE["kind"] == "whole")).sum()
    parents = {comment["parent"] for comment in phrases.conversations.comments(part)}
    assert {target for target, _ in pairs} <= parents
