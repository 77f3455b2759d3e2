"""New threads against known cruxes: ids stay, words judged before are not judged again, nothing is lost."""

import numpy as np
import pandas as pd
import pytest

import threadkit as tk
from corpora import POSTS, town
from threadkit.base.errors import ModelError
from threadkit.corpus.analysis import Analysis
from threadkit.corpus.corpus import Corpus
from threadkit.corpus.tables import ANALYSIS_TABLES
from threadkit.dispute.stance import StanceClassifier
from threadkit.readers.draft import Draft
from threadkit.report.markdown import markdown


def part(*post_ids):
    corpus = town()
    posts = corpus.posts.loc[list(post_ids)]
    return Corpus(posts, corpus.comments[corpus.comments["post_id"].isin(post_ids)], corpus.problems)


@pytest.fixture(scope="module")
def known():
    return tk.analyze(part("pump", "cart"), seed=0)


@pytest.fixture(scope="module")
def grown(known):
    return tk.match(part("lamp"), known)


def test_old_ids_stay_and_new_threads_join(known, grown):
    assert set(known.cruxes.index) <= set(grown.cruxes.index)
    old = grown.objections.loc[known.objections.index, "crux_id"]
    was = known.objections["crux_id"]
    assert (old[was.notna()] == was.dropna()).all()
    assert len(grown.posts) == len(POSTS)
    assert set(grown.comments.index) == set(town().comments.index)


def test_a_new_objection_joins_the_point_it_makes(grown):
    crux = grown.objections.set_index("comment_id")["crux_id"]
    assert crux["e1"] == crux["d2"], "the survey is too small, here and there"
    how = grown.matches.assign(comment_id=grown.objections["comment_id"]).set_index("comment_id")["how"]
    assert how["e1"] in {"known", "new"}
    assert set(grown.matches.index) == set(grown.objections.index[grown.objections["post_id"] == "lamp"])


def test_changes_are_told(known, grown):
    kinds = grown.changes.groupby("kind")["crux_id"].agg(set).to_dict()
    assert set(kinds) & {"new", "grown"}
    for crux_id in kinds.get("new", set()):
        assert crux_id not in known.cruxes.index
        assert crux_id >= known.run["next_crux_id"]
    for crux_id in kinds.get("grown", set()):
        assert grown.cruxes.loc[crux_id, "n_objections"] > known.cruxes.loc[crux_id, "n_objections"]


def test_the_report_says_what_changed(known, grown):
    assert "What changed" in markdown(grown)
    assert "What changed" not in markdown(known)


def test_judges_and_embeds_only_what_is_new(known, monkeypatch):
    judged, encoded = [], []
    judge, encode = StanceClassifier.predict_proba, tk.SentenceEncoder.encode

    def judging(self, pairs, done=None):
        judged.extend(pairs["reply"])
        return judge(self, pairs, done)

    def encoding(self, texts, done=None):
        encoded.extend(texts)
        return encode(self, texts, done)

    monkeypatch.setattr(StanceClassifier, "predict_proba", judging)
    monkeypatch.setattr(tk.SentenceEncoder, "encode", encoding)
    draft = Draft("more.jsonl")
    draft.post("cart", title=POSTS["cart"][0], author="Eve", text=POSTS["cart"][2], site="town",
               url="https://town.example/cart")  # fmt: skip
    draft.comment(
        "d9", "cart", parent_id="d1", author="Kim", karma=1, text="No, that is wrong, nobody rides twice a day."
    )
    tk.match(draft.finish(), known)
    assert judged == ["No, that is wrong, nobody rides twice a day."]
    old = set(known.objections["text"])
    assert not old & set(encoded), "their vectors are in the run"


def test_unchanged_cruxes_keep_their_stability_and_others_have_none(known, grown):
    changed = set(grown.changes["crux_id"])
    for crux_id, figure in grown.cruxes["stability"].items():
        if crux_id in changed:
            assert pd.isna(figure)
        else:
            assert figure == known.cruxes.loc[crux_id, "stability"]
    assert changed
    drawn = tk.match(part("lamp"), known, stability=3).cruxes["stability"]
    assert drawn.notna().any()
    assert drawn.dropna().between(0, 1).all()


def test_nothing_new_gives_the_same_tables(known):
    again = tk.match(part("pump", "cart"), known)
    for name in ANALYSIS_TABLES:
        if name not in {"problems", "matches", "changes"}:
            assert getattr(again, name).equals(getattr(known, name)), name
    assert again.matches.empty
    assert again.changes.empty
    assert again.vectors.tobytes() == known.vectors.tobytes()


def test_same_result_after_saving(known, grown, tmp_path):
    loaded = tk.match(part("lamp"), tk.load(known.save(tmp_path / "known")))
    for name in ANALYSIS_TABLES:
        assert getattr(loaded, name).equals(getattr(grown, name)), name


def test_a_changed_comment_is_judged_anew_and_a_new_score_is_taken(known):
    corpus = part("cart")
    text = corpus.comments["text"].copy()
    text["d1"] = "Thank you, I agree with all of this."
    newer = corpus.comments.assign(text=text, karma=corpus.comments["karma"] + 5)
    grown = tk.match(Corpus(corpus.posts, newer, corpus.problems), known)
    assert "d1" not in set(grown.objections["comment_id"])
    assert grown.comments.loc["d2", "karma"] == known.comments.loc["d2", "karma"] + 5
    assert grown.comments.loc["c1", "karma"] == known.comments.loc["c1", "karma"], "not in the new export: it stays"


def test_a_run_continues_a_continued_run(grown):
    draft = Draft("later.jsonl")
    draft.post("tram", title="Build a tram", author="Lou", text="A tram carries more people.", site="town")
    draft.comment(
        "f1",
        "tram",
        author="Max",
        text="No, that is wrong. The survey behind it is far too small to show anything about trams.",
    )
    later = tk.match(draft.finish(), grown)
    assert set(grown.cruxes.index) <= set(later.cruxes.index)
    assert later.run["lineage"] == grown.run["lineage"]
    assert later.run["next_crux_id"] >= grown.run["next_crux_id"]
    crux = later.objections.set_index("comment_id")["crux_id"]
    assert crux["f1"] == crux["d2"]
    assert np.isfinite(later.objections[["x", "y"]].to_numpy()).all()


def test_other_weights_are_refused(known):
    tables = {name: getattr(known, name) for name in ANALYSIS_TABLES}
    run = {**known.run, "models": {**known.run["models"], "threadkit-point": "0000"}}
    with pytest.raises(ModelError, match=r"revision 0000.*analyze"):
        tk.match(part("lamp"), Analysis(**tables, vectors=known.vectors, run=run))
