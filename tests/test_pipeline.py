"""The whole path: what it finds, and that seed and input alone decide its bytes."""

import numpy as np
import pandas as pd
import pytest

import threadkit as tk
from corpora import town
from threadkit import pipeline
from threadkit.base.errors import OutputError, SettingError
from threadkit.base.text import words
from threadkit.corpus.corpus import Corpus
from threadkit.corpus.kinds import KINDS
from threadkit.corpus.tables import ANALYSIS_TABLES
from threadkit.dispute.stance import StanceClassifier
from threadkit.readers.draft import Draft


@pytest.fixture(scope="module")
def analysis():
    return tk.analyze(town(), seed=0)


def same(a, b):
    """Tell whether two analyses are equal to the last bit."""
    equal = all(getattr(a, name).equals(getattr(b, name)) for name in ANALYSIS_TABLES if name != "problems")
    return equal and a.vectors.tobytes() == b.vectors.tobytes()


def test_finds_the_points_that_come_back(analysis):
    members = [set(rows["comment_id"]) for _, rows in analysis.objections.groupby("crux_id")]
    assert any({"d2", "e1"} <= found for found in members), "the study is too small"
    assert any({"c1", "d1"} <= found for found in members), "the poor pay"
    small = analysis.objections.set_index("comment_id").loc["d2", "crux_id"]
    assert analysis.cruxes.loc[small, ["n_posts", "n_authors", "recurring"]].tolist() == [2, 2, True]


def test_quotes_are_not_counted_as_claims(analysis):
    assert analysis.segments.loc["c1:0", "kind"] == "quote"
    assert "c1:0" not in analysis.stances.index


def test_the_answer_of_the_posts_author_is_found(analysis):
    small = analysis.objections.set_index("comment_id").loc["d2", "crux_id"]
    assert analysis.recurrence.loc[(small, "cart"), "answered_by"] == "d3"


def test_the_run_counts_everything(analysis):
    counts = analysis.run["counts"]
    assert counts["comments"] == len(town().comments)
    assert counts["comments_by_status"]["deleted"] == 1
    assert sum(counts["stances"].values()) == counts["judged"] == len(analysis.stances)
    assert analysis.run["settings"]["seed"] == 0


def test_a_small_corpus_is_judged_whole_and_a_large_one_at_first_by_words(analysis, monkeypatch):
    assert analysis.run["settings"]["thorough"] is True
    quick = tk.analyze(town(), seed=0, thorough=False, stability=0)
    assert quick.run["settings"]["thorough"] is False
    assert quick.run["counts"]["not_judged"] > analysis.run["counts"]["not_judged"]
    assert set(quick.stances.index) < set(analysis.stances.index)
    monkeypatch.setattr(pipeline, "THOROUGH_COMMENTS", len(town().comments) - 1)
    assert same(quick, tk.analyze(town(), seed=0, stability=0))


def test_titles_say_where_they_stand(analysis):
    cruxes = analysis.cruxes
    assert len(cruxes)
    for title, objection, start, stop in cruxes[["title", "title_id", "title_start", "title_stop"]].to_numpy():
        said = analysis.objections.loc[objection, "text"][start:stop]
        assert " ".join(said.split()).lower().strip(".") == title.lower().strip(".")
    assert cruxes["load_bearing"].between(0, 1).all()
    assert cruxes["theme_id"].ge(0).all()


def test_a_labeler_may_word_recurring_cruxes_anew():
    def labeler(request):
        return {"title": f"In short: {len(request.objections)} object.", "quotes": [request.objections[0]]}

    worded = tk.analyze(town(), seed=0, stability=0, labeler=labeler)
    cruxes = worded.cruxes
    assert cruxes["recurring"].any()
    assert cruxes["reworded"].notna().equals(cruxes["recurring"].astype(bool))
    told = worded.run["labeler"]
    assert told["asked"] == told["reworded"] == int(cruxes["recurring"].sum())
    with pytest.raises(SettingError):
        tk.analyze(town(), labeler="nobody.of:that_name")


def test_objections_have_a_kind_and_stances_the_same(analysis):
    kinds = analysis.objections["kind"]
    assert kinds.notna().any()
    assert set(kinds.dropna()) <= set(KINDS)
    assert analysis.stances["kind"].dropna().equals(kinds.dropna().reindex(analysis.stances["kind"].dropna().index))
    assert analysis.objections["p_kind"].isna().equals(kinds.isna())
    assert sum(analysis.run["counts"]["objections_by_kind"].values()) == kinds.notna().sum()


def test_rows_and_threads_do_not_matter(analysis):
    assert same(analysis, tk.analyze(town(order=-1), seed=0, threads=2))
    corpus = town()
    shuffled = Corpus(
        corpus.posts.sample(frac=1, random_state=1), corpus.comments.sample(frac=1, random_state=2), corpus.problems
    )
    assert same(analysis, tk.analyze(shuffled, seed=0, threads=1))


def test_saved_and_loaded_is_the_same_to_the_byte(analysis, tmp_path):
    one = analysis.save(tmp_path / "one")
    two = tk.load(one).save(tmp_path / "two")
    assert {f.name: f.read_bytes() for f in one.iterdir()} == {f.name: f.read_bytes() for f in two.iterdir()}


def test_load_refuses_what_is_no_run(tmp_path):
    with pytest.raises(OutputError, match="not a saved run"):
        tk.load(tmp_path)


@pytest.mark.parametrize("n_posts", [1, 2])
def test_tiny_corpora(n_posts):
    draft = Draft("tiny")
    for i in range(n_posts):
        draft.post(f"p{i}", text="A claim.")
        draft.comment(f"c{i}", f"p{i}", text="No, that is wrong, it never worked anywhere.")
    analysis = tk.analyze(draft.finish())
    assert len(analysis.comments) == n_posts


def test_no_disagreement_at_all():
    draft = Draft("calm")
    draft.post("p", title="Thanks", text="We finished the bridge.")
    draft.comment("a", "p", text="Congratulations, wonderful work, I love it.")
    analysis = tk.analyze(draft.finish())
    assert analysis.objections.empty
    assert analysis.cruxes.empty
    assert analysis.vectors.shape == (0, 384)


def test_a_corpus_without_comments():
    draft = Draft("empty")
    draft.post("p", text="Nobody answered.")
    assert tk.analyze(draft.finish()).stances.empty


def test_a_bad_distance_is_refused():
    with pytest.raises(SettingError, match="distance is 0"):
        tk.analyze(town(), distance=0)


def test_inputs_are_not_written(analysis):
    corpus = town()
    before = corpus.comments.copy()
    tk.analyze(corpus)
    assert corpus.comments.equals(before)
    assert np.isfinite(analysis.vectors).all()


# What somebody said, and every way to quote it; the words of the quoter say none of those quoted.
SAID = "Cheaper turbines will surely freeze before Christmas in every northern harbour."
QUOTING = {
    "marked": f"> {SAID}\n\nNo, that is wrong.",
    "nested": f">> {SAID}\n> So it was said.\n\nNo, that is wrong.",
    "unmarked": f"{SAID}\n\nNo, that is wrong.",
    "inline": f"You are wrong to say \u201c{SAID}\u201d of all things.",
    "straight": f'Whoever says "{SAID}" has never been there in winter.',
    "a paragraph": f'"{SAID}"\n\nNo, that is wrong.',
    "elided": "Cheaper turbines will surely freeze [\u2026] in every northern harbour.\n\nNo, that is wrong.",
    "cut": "> turbines will surely freeze before Christ\n\nNo, that is wrong.",
    "edited": "> Cheaper turbines would surely freeze before Christmas in each northern harbour\n\nNo, that is wrong.",
    "from elsewhere": "> Turbines freeze, as a paper from elsewhere has it.\n\nNo, that is wrong.",
    "inline from elsewhere": "They are wrong who wrote that \u201cturbines freeze wherever there is ice\u201d in a paper.",
}


def test_quoted_words_are_nowhere_the_quoters_own(monkeypatch):
    judged = []

    def disagree(_, pairs, done=None):
        judged.extend(pairs["reply"])
        return pd.DataFrame({"disagree": 0.8, "neutral": 0.1, "agree": 0.1}, index=pairs.index)

    monkeypatch.setattr(StanceClassifier, "predict_proba", disagree)
    draft = Draft("harbour")
    draft.post("p", title="Which engine", author="Ada", text="A post on engines.")
    draft.comment("a", "p", author="Bo", text=SAID)
    for form, text in QUOTING.items():
        draft.comment(form, "p", parent_id="a", author=f"Cy {form}", text=text)
    found = tk.analyze(draft.finish(), seed=0, stability=0)
    own = found.objections[found.objections["comment_id"] != "a"]
    assert sorted(own["comment_id"]) == sorted(QUOTING), "one objection each, and none is the quote"
    assert sorted(text for text in judged if text != SAID) == sorted(own["text"])
    quoted = {"turbines", "freeze", "northern"}
    assert not any(quoted & set(words(text)) for text in own["text"])
    answered = own.set_index("comment_id")["target_text"]
    assert answered.pop("nested") == "So it was said.", "what the last quote above says, not what that quotes"
    assert answered.drop("inline from elsewhere").str.contains("urbines").all()
    titles = found.cruxes.loc[found.cruxes["title_id"].isin(own.index), ["title", "words"]]
    assert not titles["title"].str.contains("turbine").any()
    assert not titles["words"].str.contains("turbine").any()
    said = found.sides.loc[found.sides["side"] == "objector", "text"]
    assert set(said) <= {SAID, *own["text"]}
