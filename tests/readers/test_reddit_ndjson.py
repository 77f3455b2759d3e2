"""Archives of Reddit, one object a line: no comment is lost, whatever year its fields are of."""

import json
import tracemalloc

import orjson
import pandas as pd
import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reddit_shapes import t1, thread

from threadkit.readers import reddit_columns, reddit_json, reddit_ndjson
from threadkit.readers.draft import Draft
from threadkit.readers.json_lines import Block, _Reader
from threadkit.readers.packed import Batch
from threadkit.readers.read import read


def comment(name, **more):
    """Return a comment as the archives have it."""
    data = {
        "id": name, "link_id": "t3_p", "parent_id": "t3_p", "author": f"user_{name}", "body": f"Reply {name}.", "score": 2,
        "created_utc": 1_600_000_000, "retrieved_on": 1_700_000_000, "subreddit": "drinks", "subreddit_id": "t5_2x",
        "controversiality": 0, "edited": False, "gilded": 0, "distinguished": None, "stickied": False,
        "permalink": f"/r/drinks/comments/p/tea/{name}/",
    }  # fmt: skip
    return {**data, **more}


def post(**more):
    """Return a post as the archives have it."""
    data = {
        "id": "p", "name": "t3_p", "title": "Tea &amp; coffee?", "selftext": "Tea is better.", "author": "Mira", "score": 7,
        "created_utc": 1_600_000_000, "subreddit": "drinks", "permalink": "/r/drinks/comments/p/tea/", "num_comments": 2,
        "url": "https://www.reddit.com/r/drinks/comments/p/tea/", "is_self": True,
    }  # fmt: skip
    return {**data, **more}


def lines(*values):
    return "".join(json.dumps(value) + "\n" for value in values)


def test_comments_and_posts_are_read_with_their_tree(corpus_of, known_as):
    content = lines(
        post(), comment("a", body="&gt; Tea is better.\n\nNo &amp; no."), comment("b", parent_id="t1_a", score=-3)
    )
    assert known_as(content) == ["reddit-ndjson"]
    corpus = corpus_of(content)
    assert corpus.problems.empty
    row = corpus.posts.loc["p"]
    assert (row.site, row.title, row.author, row.karma, row.n_comments_stated) == (
        "reddit",
        "Tea & coffee?",
        "Mira",
        7,
        2,
    )
    assert row.url == "https://www.reddit.com/r/drinks/comments/p/tea/"
    comments = corpus.comments
    assert comments.depth.tolist() == [0, 1]
    assert comments.karma.tolist() == [2, -3]
    assert comments.author.tolist() == ["user_a", "user_b"]
    assert comments.loc["a", "text"] == "> Tea is better.\n\nNo & no."
    assert comments.loc["b", ["parent_id", "post_id"]].tolist() == ["a", "p"]
    assert comments.loc["b", "posted_at"] == pd.Timestamp("2020-09-13T12:26:40Z")
    assert comments.loc["b", "url"] == "https://www.reddit.com/r/drinks/comments/p/tea/b/"
    assert set(comments.status) == {"live"}


@pytest.mark.parametrize("written", [1_600_000_000, "1600000000", 1.6e9, "1600000000.0", 1_600_000_000_000])
def test_times_are_numbers_or_text(corpus_of, written):
    corpus = corpus_of(lines(comment("a", created_utc=written), post(created_utc=written)))
    assert (
        corpus.comments.loc["a", "posted_at"]
        == corpus.posts.loc["p", "posted_at"]
        == pd.Timestamp(1.6e9, unit="s", tz="UTC")
    )


@pytest.mark.parametrize(
    ("parent", "stated"),
    [
        ("t3_p", None),
        ("t1_zz", "zz"),
        ("zz", "zz"),
        (int("zz", 36), "zz"),
        (float(int("zz", 36)), "zz"),
        (int("p", 36), None),
        (None, None),
        ("t1_123", "123"),
        ("123", "123"),
    ],
)
def test_parents_are_names_or_numbers_in_base_ten(corpus_of, parent, stated):
    corpus = corpus_of(lines(comment("zz"), comment("123"), comment("a", parent_id=parent)))
    assert corpus.comments.loc["a", "parent_id"] == stated if stated else pd.isna(corpus.comments.loc["a", "parent_id"])


def test_ids_of_digits_alone_are_names(corpus_of):
    corpus = corpus_of(lines(comment("100", link_id="t3_200"), comment("101", link_id="t3_200", parent_id="t1_100")))
    assert list(corpus.comments.index) == ["100", "101"]
    assert corpus.posts.index.tolist() == ["200"]
    assert corpus.comments.loc["101", "parent_id"] == "100"


def test_what_is_gone_keeps_its_place_without_words_or_name(corpus_of):
    corpus = corpus_of(
        lines(
            comment("a", author="[deleted]", body="[deleted]"),
            comment("b", body="[removed]", parent_id="t1_a"),
            comment("c", body="[ Removed by Reddit ]"),
            comment("d", author="[deleted]", body="Words stay."),
            comment("e", author=None),
            comment("f", author="AutoModerator"),
            comment("g", author="[deleted]", body=" [removed]\n"),
            comment("h", body=""),
            post(author="[deleted]", selftext="[removed]"),
        )
    )
    assert corpus.comments.status.tolist() == [
        "deleted",
        "removed",
        "removed",
        "live",
        "live",
        "bot",
        "removed",
        "deleted",
    ]
    assert corpus.comments.author.isna().tolist() == [True, False, False, True, True, False, True, False]
    assert (corpus.comments.text == "").tolist() == [True, True, True, False, False, False, True, True]
    assert corpus.comments.loc["b", "parent_id"] == "a"
    assert corpus.posts.loc["p", "text"] == ""
    assert pd.isna(corpus.posts.loc["p", "author"])


def test_a_hidden_score_is_unknown_not_zero(corpus_of):
    corpus = corpus_of(
        lines(
            post(hide_score=True),
            comment("a", score=1, score_hidden=True),
            comment("b", score=None),
            comment("c", score="1,204"),
            comment("d", score=0),
            comment("e", score=None, ups=4),
            comment("f", score=10**12),
        )
    )
    assert corpus.comments.karma.isna().tolist() == [True, True, False, False, False, True]
    assert corpus.comments.karma.dropna().tolist() == [1204, 0, 4]
    assert corpus.posts.karma.isna().all()
    assert corpus.problems.what.str.contains("karma is 1000000000000, which is no number").sum() == 1


def test_scores_taken_before_readers_voted_are_told(corpus_of):
    early = [comment(f"a{n}", retrieved_on=1_600_000_060) for n in range(9)]
    assert (
        corpus_of(lines(*early)).problems.what.str.contains("9 of its objects were fetched within an hour").sum() == 1
    )
    again = [{**data, "_meta": {"retrieved_2nd_on": 1_600_129_600}} for data in early]
    assert not corpus_of(lines(*again)).problems.what.str.contains("fetched within an hour").any()
    late = [comment(f"b{n}") for n in range(20)]
    assert not corpus_of(lines(*early, *late)).problems.what.str.contains("fetched within an hour").any()


def test_damaged_lines_are_told_and_the_others_stay(corpus_of):
    good = [json.dumps(comment(name)) for name in "abcd"]
    content = "\n".join(
        [good[0][40:], good[0], "", "7", '{"x": 1}', good[1][:-20], good[2] + " trailing", good[3], '{"id": "e", "link']
    )
    corpus = corpus_of(content)
    assert list(corpus.comments.index) == ["a", "d"]
    problems = corpus.problems[corpus.problems.severity == "error"]
    assert problems.place.tolist() == ["line 1", "line 4", "line 5", "line 6", "line 7", "line 9"]
    assert problems.what.str.contains("neither a comment nor a post").tolist() == [
        False,
        True,
        True,
        False,
        False,
        False,
    ]


def test_lines_without_id_body_or_post_are_told_or_placed(corpus_of):
    corpus = corpus_of(lines(comment("a"), comment("b", body=None), comment(None), comment("c", link_id=None, parent_id=None), post(id=None, name=None)), "RC_2011-02.ndjson")  # fmt: skip
    assert list(corpus.comments.index) == ["a", "c"]
    assert corpus.comments.loc["c", "post_id"] == "RC_2011-02"
    assert corpus.problems.what.str.contains("'b' has no body|a comment has no id|a post has no id").sum() == 3


def test_envelopes_among_bare_lines_are_read(corpus_of):
    more = {"kind": "more", "data": {"count": 3, "children": ["x", "y", "z"], "parent_id": "t3_p", "id": "m"}}
    corpus = corpus_of(lines(comment("a"), t1("b"), more, {"json": {"data": {"things": [t1("c", parent="t1_a")]}}}))
    assert corpus.comments.depth.tolist() == [0, 0, 1]
    assert corpus.problems.what.str.contains("3 replies behind a link").sum() == 1


def test_an_archive_and_a_page_of_the_same_thread_are_one(write, tmp_path):
    write("1.json", thread(t1("a"), t1("b", parent="t1_a", permalink="/r/drinks/comments/p/tea/b/"), num_comments=3))
    write("2.ndjson", lines(comment("a", body="A reply."), comment("c", parent_id="t1_b")))
    corpus = read(tmp_path)
    assert list(corpus.comments.index) == ["a", "b", "c"]
    assert corpus.comments.depth.tolist() == [0, 1, 2]
    assert set(corpus.problems.severity) == {"info"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_other_encodings_are_read(corpus_of, encoding):
    text = "".join(json.dumps(comment(n, body=f"naïve {n}"), ensure_ascii=False) + "\n" for n in "abc")
    corpus = corpus_of(text.encode(encoding))
    assert corpus.comments.text.tolist() == ["naïve a", "naïve b", "naïve c"]
    assert corpus.problems.what.str.contains("not UTF-8").sum() == (encoding == "cp1252")


def test_surrogates_and_controls_are_cleaned(corpus_of):
    corpus = corpus_of(
        json.dumps(comment("a", body="one \ud800 two\x00", author="x\ud800"))
        + "\n"
        + lines(comment("b", body="tab\tand\u200b"))
    )
    assert corpus.comments.text.tolist() == ["one ? two", "tab and"]
    assert corpus.comments.loc["a", "author"] == "x?"


def test_a_line_without_end_is_left_out(corpus_of, monkeypatch):
    from threadkit.readers import json_lines

    monkeypatch.setattr(json_lines, "_MAX_LINE", 2000)
    corpus = corpus_of(lines(comment("a"), comment("b", body="x" * 9000), comment("c")))
    assert list(corpus.comments.index) == ["a", "c"]
    assert corpus.problems.place.tolist()[0] == "line 2"


@pytest.mark.parametrize(
    "content",
    [
        '[{"link_id": "t3_p", "body": "x"},\n{"link_id": "t3_p", "body": "x"}\n]',
        json.dumps(comment("a"), indent=1),
        '{"kind": "comment", "id": "a", "post_id": "p", "text": "about link_id"}\n',
        "",
    ],
)
def test_what_is_no_archive_is_not_taken_for_one(known_as, content):
    assert "reddit-ndjson" not in known_as(content)


def test_no_other_sample_is_taken_for_one(shared):
    from threadkit.readers.formats import sample

    for path in sorted((shared / "exports").rglob("*")):
        if path.is_file():
            assert not reddit_ndjson.detect(sample(path)), path


@pytest.fixture(autouse=True, params=["one by one", "by the thousand"])
def way(request, monkeypatch):
    monkeypatch.setattr(reddit_ndjson, "_FEW", 0 if request.param == "by the thousand" else 10**9)


odd = st.none() | st.booleans() | st.integers(-5, 10**13) | st.floats() | st.sampled_from(
    ["", "[deleted]", "deleted", "[removed]", "AutoModerator", "t1_b", "t3_q", "b", "é", "/x", "https://e.org", "a b", "1600000000",
     "&gt; q\n\nw", "one\ntwo", " Tea", "Tea  it is", "2. cups", "2 cups", "*Tea*", "t3_é", "\x00", "&amp;"]
)  # fmt: skip
FIELDS = ["id", "link_id", "parent_id", "author", "body", "score", "created_utc", "permalink", "score_hidden", "link_title", "edited", "body_html"]  # fmt: skip


def block(*values):
    return Block(1, b"\n".join(map(orjson.dumps, values)), _Reader(Draft("x.json")))


def rows_of(draft):
    """Return every comment of a draft, those that are packed unpacked; what is absent or empty is left out."""
    rows = [*draft.comments.values(), *draft.packed.take(draft.packed.ids())]
    return [{name: value for name, value in row.items() if value not in (None, "") and name != "at"} for row in rows]


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.dictionaries(st.sampled_from(FIELDS), odd, max_size=3), min_size=1, max_size=4))
def test_by_columns_every_comment_is_what_it_is_alone(changes):
    values = [orjson.loads(orjson.dumps(comment(f"a{n}") | change)) for n, change in enumerate(changes)]
    rows, others, _ = reddit_columns.usual(block(*values))
    assert len(rows) + len(others) == len(values)
    short, long = Draft("x.json"), Draft("x.json")
    short.packed.add(Batch(rows, "x.json", "reddit"))
    for n, value in enumerate(values):
        if n not in others:
            for thing in reddit_json.things(value, f"line {n + 1}"):
                reddit_json.add(long, thing, "x")
    if len(set(rows["comment_id"].to_pylist())) == len(rows):  # which id stands twice is told once all are read
        assert rows_of(short) == rows_of(long)
        assert (long.posts, long.problems) == ({}, [])


def test_the_usual_needs_no_second_look():
    usual = (
        {}, {"body": "[deleted]", "author": "[deleted]"}, {"score_hidden": True}, {"parent_id": "t1_q"}, {"permalink": None},
        {"body": "*Tea* &amp; milk"}, {"created_utc": "1600000000"}, {"edited": 1.6e9}, {"edited": True},
    )  # fmt: skip
    rows, others, _ = reddit_columns.usual(block(*(comment(f"a{n}", **more) for n, more in enumerate(usual))))
    assert others == []
    assert rows["comment_id"].to_pylist() == [f"a{n}" for n in range(len(usual))]


def test_ids_that_stand_twice_are_told_whichever_way_they_were_read(corpus_of):
    values = [comment((n % 7 and f"a{n}") or "a", body=f"Reply {n // 14}.") for n in range(1, 30)]
    values[20] |= {"id": "a3", "score": "7"}
    corpus = corpus_of(lines(*values))
    assert list(corpus.comments.index[:3]) == ["a1", "a2", "a3"]
    assert {"a~2", "a~3", "a3~2"} <= set(corpus.comments.index)
    assert corpus.comments.loc["a3~2", "karma"] == 7
    told = corpus.problems[corpus.problems.what.str.contains("stands twice")]
    assert sorted(told.place) == ["line 14", "line 21", "line 28"]


def test_archives_that_overlap_are_one(write):
    values = [comment(f"a{n}", parent_id=f"t1_a{n - 1}" if n else "t3_p") for n in range(40)]
    newer = {"edited": 1.7e9, "body": "Newer.", "score": 99}
    write("x/1.jsonl", lines(post(), *values[:25]))
    write("x/2.jsonl", lines(*({**value, **newer} if n < 5 else value for n, value in enumerate(values[15:]))))
    corpus = read(write("x/3.jsonl", lines(*values[35:])).parent)
    assert list(corpus.comments.index) == [f"a{n}" for n in range(40)]
    assert corpus.comments.depth.tolist() == list(range(40))
    assert corpus.comments.text.tolist()[15:20] == ["Newer."] * 5
    assert corpus.comments.karma.tolist()[14:21] == [2, 99, 99, 99, 99, 99, 2]
    assert corpus.problems.what.str.contains("stands in").sum() == 15
    assert [source["comments_found"] for source in corpus.sources] == [25, 25, 5]


def test_two_forums_of_one_id_stay_apart(write):
    write("x/1.jsonl", lines(post(), *(comment(f"a{n}") for n in range(3))))
    own = [{"kind": "post", "id": "p", "site": "teahouse", "text": "P"}]
    own += [{"kind": "comment", "id": f"a{n}", "post_id": "p", "site": "teahouse", "text": str(n)} for n in range(2)]
    corpus = read(write("x/2.json", own).parent)
    assert set(corpus.comments.index) == {"a0", "a1", "a2", "teahouse:a0", "teahouse:a1"}
    assert set(corpus.comments.post_id[["teahouse:a0", "teahouse:a1"]]) == {"teahouse:p"}


def bare_things(value):
    """Yield every comment and post of a thread, by a walk of its own."""
    stack = [value]
    while stack:
        value = stack.pop()
        if isinstance(value, dict) and value.get("kind") in {"t1", "t3"}:
            yield {
                key: inner
                for key, inner in value["data"].items()
                if key not in {"replies", "body_html", "selftext_html"}
            }
        stack += value.values() if isinstance(value, dict) else value if isinstance(value, list) else []


def test_real_threads_as_an_archive_give_the_same_tables(shared, write):
    folder = shared / "exports" / "reddit_threads"
    found = [data for path in sorted(folder.iterdir()) for data in bare_things(orjson.loads(path.read_bytes()))]
    packed = write("RC_2020-01.zst", zstandard.compress(b"".join(orjson.dumps(data) + b"\n" for data in found)))
    here = read(packed)
    assert len(here.comments) == sum("body" in data for data in found) == 902
    assert len(here.posts) == 33
    for data in found:
        table = here.comments if "body" in data else here.posts
        row = table.loc[data["id"]]
        assert row.posted_at == pd.Timestamp(data["created_utc"], unit="s", tz="UTC")
        assert (pd.isna(row.karma) and (data.get("score_hidden") or data.get("hide_score"))) or row.karma == data[
            "score"
        ]
        assert row.author == data["author"] if data["author"] != "[deleted]" else pd.isna(row.author)
        if "body" in data:
            parent = data["parent_id"]
            held = parent[3:] in here.comments.index
            assert row.parent_id == parent[3:] if parent.startswith("t1_") and held else pd.isna(row.parent_id)
            assert (row.text == "") == (row.status in {"deleted", "removed"}) or row.status == "live"
    there = read(folder)
    for name in ("posted_at", "karma", "author", "parent_id", "post_id", "status", "text"):
        pd.testing.assert_series_equal(here.comments[name].sort_index(), there.comments[name].sort_index())


def test_a_file_is_never_held_as_a_whole(write):
    padding = {"preview": "x" * 20_000}
    content = b"".join(orjson.dumps({**comment(f"a{n}"), **padding}) + b"\n" for n in range(2000))
    path = write("big.zst", zstandard.compress(content))
    tracemalloc.start()
    corpus = read(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(corpus.comments) == 2000
    assert peak < len(content) / 2
