import gzip
import json
import shutil
from datetime import UTC, datetime

import orjson
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from threadkit.base.errors import OutputError, TableError
from threadkit.corpus.convokit import write_convokit
from threadkit.corpus.corpus import Corpus
from threadkit.corpus.tables import COMMENTS, POSTS
from threadkit.readers.draft import SPOKEN, STATUSES, Draft
from threadkit.readers.read import read


def utterance(name, root="a", reply="a", **more):
    fields = {"id": name, "conversation_id": root, "text": f"Words of {name}.", "speaker": "ana", "meta": {"score": 3}}
    return fields | {"reply-to": reply, "timestamp": 1_500_000_000, "vectors": [], **more}


def lines(*utterances):
    return "".join(json.dumps(value) + "\n" for value in utterances)


def named(**metas):
    return {name: {"meta": meta, "vectors": []} for name, meta in metas.items()}


INDEX = {
    "utterances-index": {},
    "speakers-index": {},
    "conversations-index": {},
    "overall-index": {"year": []},
    "version": 1,
}


@pytest.fixture
def folder(write, tmp_path):
    link = {"score": 5, "permalink": "/r/tea/comments/a/on_tea/"}
    write(
        "tea/utterances.jsonl",
        lines(
            utterance("a", reply=None, text="Is tea &gt; coffee?\n\n&gt; quoted", meta=link),
            utterance("b", speaker="[deleted]", text="&gt; Is tea\n\nNo &amp; no."),
            utterance("c", reply="b", text="[removed]", timestamp="1500000001"),
            utterance("d", reply="c", timestamp=None, meta={"score": None}),
        ),
    )
    write("tea/conversations.json", named(a={"title": "Tea &amp; I", "num_comments": 3}))
    write("tea/speakers.json", named(ana={"title_count": 3}, bo={}))
    write("tea/index.json", INDEX)
    write("tea/corpus.json", {"year": 2017})
    return tmp_path / "tea"


def test_the_files_of_a_folder_are_one_corpus(folder):
    corpus = read(folder)
    post = corpus.posts.loc["a"]
    assert len(corpus.posts) == 1
    assert (post.title, post.text, post.karma) == ("Tea & I", "Is tea > coffee?\n\n> quoted", 5)
    assert (post.site, post.url) == ("reddit", "https://www.reddit.com/r/tea/comments/a/on_tea/")
    assert post.n_comments_stated == 3
    rows = corpus.comments
    assert rows.parent_id.tolist() == [pd.NA, "b", "c"]
    assert rows.depth.tolist() == [0, 1, 2]
    assert rows.author.tolist() == [pd.NA, "ana", "ana"]
    assert rows.karma.tolist() == [3, 3, pd.NA]
    assert rows.status.tolist() == ["live", "removed", "live"]
    assert rows.loc["b", "text"] == "> Is tea\n\nNo & no."
    assert rows.loc["c", "posted_at"] == datetime(2017, 7, 14, 2, 40, 1, tzinfo=UTC)
    assert corpus.problems.empty
    assert {source["format"] for source in corpus.sources} == {"convokit"}


def test_utterances_alone_are_enough(folder):
    whole, alone = read(folder), read(folder / "utterances.jsonl")
    pd.testing.assert_frame_equal(whole.comments, alone.comments)
    assert alone.posts.title.isna().all()


@pytest.mark.parametrize("old", [{"speaker": "user"}, {"conversation_id": "root"}, {"reply-to": "reply_to"}])
def test_older_names_of_fields_are_known(write, old):
    values = [utterance("a", reply=None), utterance("b"), utterance("c", reply="b")]
    renamed = [{old.get(key, key): value for key, value in item.items()} for item in values]
    corpus = read(write("u.jsonl", lines(*renamed)))
    assert corpus.comments.parent_id.tolist() == [pd.NA, "b"]
    assert corpus.comments.author.tolist() == ["ana", "ana"]


def test_a_conversation_may_have_an_id_of_its_own(write):
    corpus = read(
        write(
            "u.json",
            [
                utterance("x-1", "x", None),
                utterance("x-2", "x", "x-1"),
                utterance("x-3", "x", None),
                utterance("x-4", "x", "x-3"),
            ],
        )
    )
    assert corpus.posts.text.to_dict() == {"x": "Words of x-1."}
    assert corpus.comments.parent_id.dropna().to_dict() == {"x-4": "x-3"}


def test_a_conversation_without_its_first_utterance(write):
    corpus = read(write("u.jsonl", lines(utterance("b"), utterance("c", reply="b"), utterance("d", reply="d"))))
    assert corpus.comments.parent_id.dropna().to_dict() == {"c": "b"}
    said = "\n".join(corpus.problems.what)
    assert "the text of post 'a' is not in the export" in said
    assert "'d' answers itself" in said


def test_damaged_lines_are_told_and_the_rest_is_read(write):
    text = lines(utterance("a", reply=None)) + '{"id": "b", "te\n' + lines(utterance("c"), {"id": "d", "text": "x"})
    corpus = read(write("u.jsonl", text + lines(utterance(None), utterance("e", None))))
    assert list(corpus.comments.index) == ["c"]
    assert corpus.problems.severity.tolist().count("error") == 4


def test_speakers_alone_are_no_posts(write):
    speakers = named(ana={"age": 3}, bo={})
    corpus = read(write("s.json", speakers), write("u.jsonl", lines(utterance("a", reply=None))))
    assert list(corpus.posts.index) == ["a"]


def test_what_is_no_convokit_is_left_alone(known_as):
    assert known_as(lines(utterance("a"))) == ["convokit"]
    assert known_as(named(a={"title": "x"})) == ["convokit"]
    assert known_as(INDEX) == ["convokit"]
    for other in ({"a": {"meta": {}}}, {"id": 1, "text": "x"}, {}, [], {"a": {}}, {"year": 2017}):
        assert known_as(other) == []


# What a reader gives: names and bodies that are not how forums print that they are gone.
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\r\x00"), max_size=30)
NAMES = WORDS.map(str.strip).filter(lambda name: name and Draft("").prefix({}) is not None)
TIMES = st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1), timezones=st.just(UTC))
SCORES = st.none() | st.integers(-(2**31) + 1, 2**31 - 1)
IDS = st.text(
    st.characters(codec="utf-8", exclude_characters="\r\x00", exclude_categories=["Cs", "Z", "Cc"]),
    min_size=1,
    max_size=8,
)


def some(values):
    return st.none() | values


@st.composite
def corpora(draw):
    names = draw(st.lists(IDS.filter(usable), min_size=1, max_size=14, unique=True))
    n_posts = draw(st.integers(1, len(names)))
    posts, comments, homes = [], [], {}
    for name in names[:n_posts]:
        fields = {
            "site": some(NAMES.filter(usable)),
            "url": some(NAMES.filter(web)),
            "title": some(NAMES.filter(usable)),
        }
        fields |= {"author": some(NAMES.filter(usable)), "posted_at": some(TIMES), "karma": SCORES, "af_karma": SCORES}
        row = {key: draw(value) for key, value in fields.items()}
        posts.append({"post_id": name, "n_comments_stated": draw(SCORES), "text": draw(WORDS.filter(said)), **row})
    for name in names[n_posts:]:
        post = draw(st.sampled_from(names[:n_posts]))
        above = draw(some(st.sampled_from([other for other, home in homes.items() if home == post] or [None])))
        homes[name] = post
        status = draw(st.sampled_from(sorted(STATUSES)))
        fields = {"author": some(NAMES.filter(usable)), "posted_at": some(TIMES), "karma": SCORES, "agreement": SCORES}
        fields |= {
            "af_karma": SCORES,
            "origin": st.sampled_from(["stated", "inferred"]),
            "url": some(NAMES.filter(web)),
        }
        row = {key: draw(value) for key, value in fields.items()}
        row |= {"confidence": draw(st.floats(0, 1, width=32)), "status": status}
        text = draw(WORDS.filter(said)) if status in SPOKEN else ""
        comments.append({"comment_id": name, "post_id": post, "parent_id": above, "depth": 0, "text": text, **row})
    depths = {}
    for row in comments:
        row["depth"] = depths[row["comment_id"]] = depths[row["parent_id"]] + 1 if row["parent_id"] else 0
    order = draw(st.permutations(comments))
    return Corpus(POSTS.build(posts), COMMENTS.build(order))


def usable(name):
    kept = Draft("")
    kept.comment("x", "y", author=name, text="x")
    spelled = kept.comments["x"]["author"] == name
    return (
        spelled
        and name.strip() == name
        and name.casefold() not in {"nan", "na", "n/a", "none", "null", "<na>", "nat", "undefined"}
    )


def web(address):
    return usable(address) and not address.startswith("/")


def said(text):
    kept = Draft("")
    kept.comment("x", "y", status="live", text=text)
    kept.post("y", text=text)
    return kept.comments["x"]["text"] == kept.posts["y"]["text"] == text


@pytest.mark.slow
@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(corpora())
def test_what_is_written_is_read_back_the_same(tmp_path, corpus):
    folder = tmp_path / "written"
    shutil.rmtree(folder, ignore_errors=True)
    back = read(write_convokit(corpus, folder))
    pd.testing.assert_frame_equal(back.posts, corpus.posts)
    pd.testing.assert_frame_equal(back.comments, corpus.comments)
    alone = read(folder / "utterances.jsonl")
    pd.testing.assert_frame_equal(alone.comments, corpus.comments)
    pd.testing.assert_frame_equal(alone.posts, corpus.posts)


def test_a_deep_thread_goes_both_ways(tmp_path):
    n = 3000
    rows = [
        {"comment_id": f"c{i}", "post_id": "p", "parent_id": f"c{i - 1}" if i else None, "depth": i} for i in range(n)
    ]
    rows = [row | {"origin": "stated", "confidence": 1.0, "status": "live", "text": "x"} for row in rows]
    corpus = Corpus(POSTS.build([{"post_id": "p", "text": "y"}]), COMMENTS.build(rows[::-1]))
    back = read(write_convokit(corpus, tmp_path / "deep"))
    pd.testing.assert_frame_equal(back.comments, corpus.comments)


def test_the_files_are_convokits(folder, tmp_path):
    out = write_convokit(read(folder), tmp_path / "out")
    assert sorted(path.name for path in out.iterdir()) == [
        "conversations.json", "corpus.json", "index.json", "speakers.json", "utterances.jsonl",
    ]  # fmt: skip
    first, second, *_ = (orjson.loads(line) for line in (out / "utterances.jsonl").read_bytes().splitlines())
    assert set(first) == set(utterance("a"))
    assert (first["id"], first["conversation_id"], first["reply-to"], first["timestamp"]) == (
        "a",
        "a",
        None,
        1_500_000_000,
    )
    assert isinstance(first["timestamp"], int)
    assert (second["reply-to"], second["speaker"]) == ("a", "[deleted]")
    index = orjson.loads((out / "index.json").read_bytes())
    assert index["utterances-index"]["score"] == ["<class 'int'>"]
    assert set(orjson.loads((out / "speakers.json").read_bytes())) == {"ana", "[deleted]"}
    assert orjson.loads((out / "conversations.json").read_bytes())["a"]["meta"]["title"] == "Tea & I"


def test_problems_travel_in_the_metadata(write, tmp_path):
    corpus = read(write("u.jsonl", lines(utterance("b"))))
    out = write_convokit(corpus, tmp_path / "out")
    [problem] = orjson.loads((out / "corpus.json").read_bytes())["problems"]
    assert problem["what"].startswith("the text of post 'a'")


def test_one_id_for_two_things_is_refused(tmp_path):
    corpus = Corpus(
        POSTS.build([{"post_id": "a", "text": ""}]),
        COMMENTS.build(
            [{"comment_id": "a", "post_id": "a", "depth": 0, "confidence": 1, "status": "live", "text": "x"}]
        ),
    )
    with pytest.raises(TableError, match="names both a post and a comment"):
        write_convokit(corpus, tmp_path / "out")


def test_a_folder_that_cannot_be_written_is_told(write):
    corpus = read(write("u.jsonl", lines(utterance("a", reply=None))))
    with pytest.raises(OutputError, match="cannot be written"):
        write_convokit(corpus, write("taken", "x"))


@pytest.fixture(scope="module")
def real(shared):
    return read(shared / "exports" / "convokit")


@pytest.fixture(scope="module")
def said_there(shared):
    with gzip.open(shared / "exports" / "convokit" / "utterances.jsonl.gz") as file:
        return [json.loads(line) for line in file]


def test_real_every_utterance_is_read_with_what_it_states(real, said_there):
    assert len(said_there) == len(real.posts) + len(real.comments) == 1519
    assert sum(value["speaker"] == "[deleted]" for value in said_there) == 157
    for value in said_there:
        root = value["id"] == value["conversation_id"]
        got = (real.posts if root else real.comments).loc[value["id"]]
        assert got.karma == value["meta"]["score"]
        assert got.posted_at == datetime.fromtimestamp(value["timestamp"], UTC)
        assert pd.isna(got.author) if value["speaker"] == "[deleted]" else got.author == value["speaker"]
        if not root:
            assert got.post_id == value["conversation_id"]
            stated = None if value["reply-to"] == value["conversation_id"] else value["reply-to"]
            assert pd.isna(got.parent_id) if stated is None else got.parent_id == stated
            assert (got.status == "live") != (value["text"] in {"[deleted]", "[removed]"})


def test_real_titles_are_joined(shared, real):
    told = json.loads((shared / "exports/convokit/conversations.json").read_text())
    assert set(told) == set(real.posts.index)
    assert real.posts.n_comments_stated.to_dict() == {
        name: value["meta"]["num_comments"] for name, value in told.items()
    }
    assert real.posts.title.notna().all()


def test_real_corpus_goes_both_ways(real, tmp_path):
    back = read(write_convokit(real, tmp_path / "out"))
    pd.testing.assert_frame_equal(back.posts, real.posts)
    pd.testing.assert_frame_equal(back.comments, real.comments)


def test_a_damaged_index_is_no_error(write, known_as):
    write("index.json", {"utterances-index": {}, "overall-index": ["x"]})
    assert known_as({"x": 1}, "corpus.json") == []
