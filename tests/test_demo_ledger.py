"""The ledger of answers equals what is planted in the demo corpus, occurrence by occurrence.

The objections and stances are those of the truth, so that only the ledger is judged and no model.
"""

import json
from pathlib import Path

import pandas as pd
import pytest

from threadkit.base.text import plain, words
from threadkit.corpus.tables import OBJECTIONS
from threadkit.crux.answers import sum_up, take_up
from threadkit.dispute import quotes as quoting
from threadkit.dispute.concede import concedes
from threadkit.dispute.segment import segment
from threadkit.dispute.target import aim
from threadkit.readers.read import read

CORPORA = Path(__file__).resolve().parents[1] / "corpora"


def truth(name):
    return pd.DataFrame(
        [json.loads(line) for line in (CORPORA / f"demo-truth/{name}.jsonl").read_text("utf-8").splitlines()]
    )


def squash(text):
    return " ".join(words(plain(text)))


@pytest.fixture(scope="module")
def corpus():
    return read(CORPORA / "demo")


@pytest.fixture(scope="module")
def segments(corpus):
    return segment(corpus.comments)


@pytest.fixture(scope="module")
def quotes(corpus, segments):
    return quoting.trace(segments, corpus.comments, corpus.posts)


@pytest.fixture(scope="module")
def labelled(corpus, segments):
    """The labelled paragraphs of the truth by the segments that hold them."""
    prose = segments[segments["kind"] == "prose"]
    post = corpus.comments["post_id"].reindex(prose["comment_id"])
    keys = {(p, squash(t)): s for s, p, t in zip(prose.index, post, prose["text"], strict=True)}
    rows = truth("objections")
    rows["segment_id"] = [keys.get((p, squash(t))) for p, t in zip(rows["post_id"], rows["text"], strict=True)]
    return rows


@pytest.fixture(scope="module")
def points():
    return truth("points")


@pytest.fixture(scope="module")
def planted(labelled, points):
    """The occurrences of the points: one row a paragraph that objects and is no copy."""
    rows = labelled[(labelled["stance"] == "disagree") & labelled["point"].notna() & ~labelled["copy"]]
    assert rows["segment_id"].notna().all(), "a planted objection is no segment of what was read"
    assert len(rows) == points["n_objections"].sum() == 104
    number = {point: n for n, point in enumerate(points["point"])}
    return rows.assign(crux_id=rows["point"].map(number)).set_index("segment_id")


@pytest.fixture(scope="module")
def ledger(corpus, segments, quotes, labelled, planted):
    comment = segments["comment_id"].reindex(planted.index)
    objections = OBJECTIONS.cast(
        planted.assign(
            comment_id=comment,
            author=corpus.comments["author"].reindex(comment).to_numpy(),
            copy_of=None,
            target_id=None,
            target_text=None,
            evidence=None,
            kind=None,
            talk=None,
            topoi=None,
            **dict.fromkeys(("p_disagree", "p_neutral", "p_agree", "p_kind", "p_topos", "strength", "x", "y"), 0.0),
        )
    )
    stances = labelled.dropna(subset=["segment_id"]).drop_duplicates("segment_id").set_index("segment_id")
    segments = quoting.mark(segments, quotes)
    stances = aim(segments, quotes, corpus.comments, corpus.posts).join(stances[["stance"]], how="inner")
    return take_up(objections, corpus.comments, corpus.posts, segments, quotes, concedes(segments), stances)


def lost(planted, corpus):
    """The occurrences whose answer stands where the page text has no header: nobody can tell who answered."""
    comments = truth("comments").set_index("comment_id")
    by = planted["answered_by"].dropna()
    return by.index[comments["header"].reindex(by).eq("lost").to_numpy()]


def test_what_cannot_be_known_is_one_answer_without_a_header(planted, corpus):
    (segment_id,) = lost(planted, corpus)
    answer = corpus.comments.loc[planted.loc[segment_id, "answered_by"]]
    assert pd.isna(answer["author"])
    assert pd.isna(answer["karma"])
    assert pd.isna(answer["parent_id"])
    assert pd.isna(corpus.posts.loc[answer["post_id"], "author"])


def test_every_occurrence_is_answered_as_planted(ledger, planted, corpus):
    assert set(ledger.index) == set(planted.index)
    expected = planted["answered_by"].drop(lost(planted, corpus))
    found = ledger["answer_id"].reindex(expected.index)
    assert ledger["answered"].equals(ledger["answer_id"].notna())
    wrong = found[found.fillna("") != expected.fillna("")]
    assert wrong.empty, pd.DataFrame({"found": wrong, "expected": expected[wrong.index]})
    assert expected.notna().sum() == 40


def test_points_are_answered_on_the_planted_posts(ledger, planted, points, corpus):
    unknown = planted.loc[lost(planted, corpus)]
    for crux_id, point in points.iterrows():
        mine = ledger[ledger["crux_id"] == crux_id]
        found = set(mine.loc[mine["answered"], "post_id"])
        assert found == set(point["answered_on"]) - set(unknown.loc[unknown["crux_id"] == crux_id, "post_id"])


def test_sums_are_those_of_the_ledger(ledger):
    sums = sum_up(ledger)
    assert sums["n_answered"].sum() == len(ledger[ledger["answered"]].drop_duplicates(["crux_id", "post_id"]))
    assert (sums["best_answer_id"].notna() == (sums["n_answered"] > 0)).all()
    assert sums["n_conceded"].sum() == ledger["conceded"].sum()


def test_who_answered_and_how_well_is_told(ledger, corpus):
    answered = ledger[ledger["answered"]]
    author = corpus.comments["author"].reindex(answered["answer_id"])
    poster = corpus.posts["author"].reindex(answered["post_id"])
    assert (author.to_numpy() == answered["answer_author"].to_numpy()).all()
    assert ((author.to_numpy() == poster.to_numpy()) == answered["by_post_author"].to_numpy()).all()
    others = answered[~answered["by_post_author"]]
    assert set(others["comment_id"]) == {"pay-per-kilo-8"}
    assert (others["karma_margin"] > 0).all()


def test_planted_concessions_are_found(ledger):
    conceded = ledger[ledger["conceded"]]
    # "I withdraw half", "better than I'd have guessed", "four plus one I could live with"
    assert set(conceded["concession_id"]) == {"pay-per-kilo-10", "cup-deposit-5", "lc9qta3"}


def test_answers_are_verbatim(ledger, corpus):
    for answer_id, text in ledger.loc[ledger["answered"], ["answer_id", "answer_text"]].to_numpy():
        assert squash(text) in squash(corpus.comments.loc[answer_id, "text"])
