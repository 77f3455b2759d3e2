"""to_convokit() through ConvoKit's own code, where it is installed: counts, words, metadata, dump and load."""

from importlib.util import find_spec

import pytest
from disputes import disputed

if find_spec("convokit") is None:
    pytest.skip("convokit is not installed: pip install 'threadkit[convokit]'", allow_module_level=True)

COMMENTS = {
    "c1": (None, "Bo", 3, "The bridge is too dear.", True),
    "c2": (None, "Cy", -9, "> pays for itself\n\nFar too dear, naïve too — see https://town.example/toll.", True),
    "c3": ("c2", "Ada", 1, "It is not.", False),
    "c4": ("c3", None, None, "It is, and you know it.", True),
}


@pytest.fixture(scope="module")
def town():
    return disputed(COMMENTS)


@pytest.fixture(scope="module")
def convokit(tmp_path_factory):
    """Return ConvoKit, whose import writes settings into the user's folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
        yield pytest.importorskip("convokit")


@pytest.fixture(scope="module", params=["made", "dumped and loaded"])
def corpus(town, convokit, request, tmp_path_factory):
    made = town.to_convokit()
    if request.param == "made":
        return made
    folder = tmp_path_factory.mktemp("corpora")
    made.dump("town", base_path=str(folder))
    return convokit.Corpus(filename=str(folder / "town"))


def test_nothing_is_lost_and_nothing_is_added(corpus):
    assert len(list(corpus.iter_utterances())) == 5
    assert set(corpus.get_speaker_ids()) == {"Ada", "Bo", "Cy", "[deleted]"}
    (conversation,) = corpus.iter_conversations()
    assert conversation.id == "p"
    assert conversation.check_integrity(verbose=False)
    assert [each.id for each in conversation.traverse("preorder")] == ["p", "c1", "c2", "c3", "c4"]


def test_utterances_say_what_the_tables_say(corpus, town):
    for name, row in town.comments.iterrows():
        utterance = corpus.get_utterance(name)
        parent_id, author, karma, _, objects = COMMENTS[name]
        assert utterance.text == row["text"]
        assert utterance.reply_to == (parent_id or "p")
        assert utterance.speaker.id == (author or "[deleted]")
        assert utterance.timestamp == row["posted_at"].timestamp()
        assert utterance.meta.get("score") == karma
        assert utterance.meta["objections"] == ([0] if objects else [])
    assert corpus.get_utterance("p").text == town.posts.loc["p", "text"]


def test_the_corpus_names_the_cruxes(corpus, town):
    assert corpus.meta["cruxes"] == {"0": town.cruxes.loc[0, ["title", "claim"]].to_dict()}
    assert corpus.get_conversation("p").meta["title"] == "Build a second bridge"


def test_its_tables_hold_the_same(corpus):
    frame = corpus.get_utterances_dataframe()
    assert frame["meta.objections"].map(len).sum() == 3
    assert frame.loc["c1", "conversation_id"] == "p"
