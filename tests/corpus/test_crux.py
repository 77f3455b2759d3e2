"""One crux for a notebook, the analysis narrowed to it, and graphs for networkx."""

import json
import sys
import types
from dataclasses import replace
from pathlib import Path

import pytest
from disputes import disputed

from threadkit.base.errors import MissingDependencyError, SettingError
from threadkit.corpus.crux import only
from threadkit.corpus.graph import opposed


@pytest.fixture(scope="module")
def town():
    return disputed(
        {
            "c1": (None, "Bo", 3, "The bridge is too dear.", True),
            "c2": (None, "Cy", 9, "Far too dear for a bridge.", True),
            "c3": ("c2", "Ada", 1, "It is not.", False),
            "c4": ("c3", "Bo", 0, "It is, and you know it.", True),
        },
        run={"merged": {"7": 0}, "lineage": "ab"},
    )


def test_a_crux_gives_its_rows(town):
    crux = town.crux(0)
    assert crux.title == "The bridge is too dear."
    assert crux.claim == "A second bridge pays for itself."
    assert crux.objections["comment_id"].tolist() == ["c1", "c2", "c4"]
    assert crux.objections["karma"].tolist() == [3, 9, 0]
    assert crux.objections["url"].str.contains("comment=").all()
    assert crux.sides["side"].tolist() == ["objector"] * 3
    assert crux.posts["title"].tolist() == ["Build a second bridge"]
    assert crux.answers.empty
    assert crux.copies.empty
    assert "3 objections" in repr(crux)


@pytest.mark.parametrize(("crux_id", "words"), [(3, "no crux 3.*holds 1, numbered 0 to 0"), (7, "merged into crux 0")])
def test_an_unknown_crux_is_told(town, crux_id, words):
    with pytest.raises(SettingError, match=words):
        town.crux(crux_id)
    with pytest.raises(SettingError, match=words):
        only(town, crux_id)


def test_only_one_crux_is_left(town):
    narrow = only(town, 0)
    assert len(narrow.cruxes) == 1
    assert len(narrow.objections) == len(narrow.vectors) == 3
    assert narrow.comments.equals(town.comments)


def test_the_graph_of_authors_counts_objections(town):
    graph = town.to_networkx()
    assert dict(graph.edges) == {
        ("Bo", "Ada"): {"weight": 2, "cruxes": [0]},
        ("Cy", "Ada"): {"weight": 1, "cruxes": [0]},
    }


def test_nobody_objects_to_their_own_comment(town):
    target = town.objections["target_id"].copy()
    target["c1:0"], target["c4:0"] = "c1:1", "c3:0"
    pairs = opposed(replace(town, objections=town.objections.assign(target_id=target)))
    assert pairs["target_author"].to_dict() == {"c2:0": "Ada", "c4:0": "Ada"}, "c1 quotes words from elsewhere"


def test_the_graph_of_comments_is_the_tree_of_replies(town):
    graph = town.to_networkx("comments")
    assert set(graph.edges) == {("c1", "p"), ("c2", "p"), ("c3", "c2"), ("c4", "c3")}
    assert graph.nodes["c1"]["cruxes"] == [0]
    assert graph.nodes["c3"]["cruxes"] == []
    assert graph.nodes["p"]["kind"] == "post"
    with pytest.raises(SettingError, match="'authors' or 'comments'"):
        town.to_networkx("posts")


def test_convokit_is_asked_for_by_name(town, monkeypatch):
    monkeypatch.setitem(sys.modules, "convokit", None)
    with pytest.raises(MissingDependencyError, match=r"threadkit\[convokit\]"):
        town.to_convokit()


def test_a_convokit_corpus_carries_what_was_found(town, monkeypatch):
    """A stand-in with the four calls that are made of convokit reads the real files."""

    class Utterance:
        def __init__(self, row):
            self.id, self.meta = row["id"], row["meta"]

    class Corpus:
        def __init__(self, filename):
            lines = (Path(filename) / "utterances.jsonl").read_text().splitlines()
            self.utterances = [Utterance(json.loads(line)) for line in lines]
            self.meta = {}

        def iter_utterances(self):
            return iter(self.utterances)

        def add_meta(self, key, value):
            self.meta[key] = value

    fake = types.ModuleType("convokit")
    fake.Corpus = Corpus
    monkeypatch.setitem(sys.modules, "convokit", fake)
    made = town.to_convokit()
    found = {utterance.id: utterance.meta for utterance in made.iter_utterances()}
    assert {name for name, meta in found.items() if meta["objections"] == [0]} == {"c1", "c2", "c4"}
    assert found["p"]["objections"] == found["c3"]["objections"] == []
    assert made.meta["cruxes"]["0"]["claim"] == "A second bridge pays for itself."
