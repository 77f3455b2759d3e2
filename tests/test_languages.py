"""A forum in several languages: what our models do not read is counted and listed, not judged."""

import dataclasses

import pytest

import threadkit as tk
from threadkit.pipeline.settings import Settings
from threadkit.readers.draft import Draft
from threadkit.report.coverage import coverage

SAID = {
    "en": "No, that is wrong, the shops would lose half of their customers.",
    "de": "Nein, das ist völlig falsch, die Läden würden die Hälfte ihrer Kunden verlieren.",
    "de2": "Das glaube ich nicht, denn niemand fährt dort mit dem Auto zum Einkaufen hin.",
    "fr": "Non, c'est faux, les magasins perdraient la moitié de leurs clients.",
    "short": "Nope.",
}


def mixed():
    draft = Draft("mixed.jsonl")
    draft.post("p", title="Ban cars from the old town", author="Eve", text="Shops gain from a street without cars.")
    for name, text in SAID.items():
        draft.comment(name, "p", author=name, text=text)
    return draft.finish()


@pytest.fixture(scope="module")
def analysis():
    return tk.analyze(mixed(), stability=0)


def test_only_english_and_what_cannot_be_told_is_judged(analysis):
    assert set(analysis.stances["comment_id"]) == {"en", "short"}
    told = analysis.segments.set_index("comment_id")["language"]
    assert told[["en", "de", "de2", "fr"]].tolist() == ["en", "de", "de", "fr"]
    assert told.isna()["short"]


def test_others_are_counted_and_listed_once_a_language(analysis):
    assert analysis.run["counts"]["comments_by_language"] == {"de": 2, "en": 1, "fr": 1}
    rows = analysis.problems[analysis.problems["place"] == "language"]
    assert rows["what"].tolist() == [
        "2 comments are in another language than English: de",
        "1 comment is in another language than English: fr",
    ]
    assert rows["cure"].str.contains("--stance-model").all()
    item = next(item for item in coverage(analysis).unread if item.label == "comments in another language")
    assert (item.n, item.whole) == (3, 5), "of all comments"
    assert "de 2, fr 1" in item.meaning
    assert "Of 1 other comment the language could not be told." in item.meaning


def test_what_the_run_passed_over_is_told_by_the_run_whatever_its_model_is_called(analysis):
    run = {**analysis.run, "settings": {**analysis.run["settings"], "stance_model": "/models/threadkit-stance"}}
    named = dataclasses.replace(analysis, run=run)
    assert any(item.label == "comments in another language" for item in coverage(named).unread)
    judged = dataclasses.replace(analysis, problems=analysis.problems[analysis.problems["place"] != "language"])
    assert not any(item.label == "comments in another language" for item in coverage(judged).unread)


def test_going_on_tells_it_anew_and_not_twice(analysis):
    later = tk.match(mixed(), analysis)
    assert later.problems["what"].tolist() == analysis.problems["what"].tolist()


def test_a_model_that_the_user_names_judges_all(monkeypatch):
    monkeypatch.setattr(Settings, "reads_english_only", property(lambda self: False))
    found = tk.analyze(mixed(), stability=0, thorough=False)
    assert {"de", "de2", "fr"} <= set(found.stances["comment_id"]), "not even the first look drops them"
    assert "language" not in set(found.problems["place"].dropna())
