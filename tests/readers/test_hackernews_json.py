import gzip
import html
import json
import re

import orjson
import pandas as pd
import pytest

from threadkit.dispute.segment import pieces
from threadkit.readers.read import read


def item(name, kind="comment", **more):
    return {
        "id": name,
        "type": kind,
        "by": f"user{name}",
        "time": 1_600_000_000 + name,
        "text": f"Reply {name}.",
        **more,
    }


def story(name=1, **more):
    return item(name, "story", title="Tea or coffee?", text="", score=12, descendants=3, **more)


FIREBASE = [
    story(kids=[2, 4]),
    item(2, parent=1, kids=[3], text="&gt; <i>Tea is better.</i><p>No&#x27;t: it is &lt;cold&gt;."),
    item(3, parent=2),
    {"id": 4, "type": "comment", "parent": 1, "time": 1_600_000_004, "deleted": True, "kids": [5]},
    item(5, parent=4),
]


def nested(value, children=()):
    known = {"id": value["id"], "type": value["type"], "author": value.get("by"), "text": value.get("text")}
    known |= {"created_at_i": value["time"], "points": value.get("score"), "title": value.get("title"), "story_id": 1}
    return known | {"parent_id": value.get("parent"), "children": list(children), "options": []}


ALGOLIA = nested(
    FIREBASE[0],
    [nested(FIREBASE[1], [nested(FIREBASE[2])]), nested(FIREBASE[3], [nested(FIREBASE[4])])],
)
ROWS = [
    {
        **dict.fromkeys(["title", "url", "score", "descendants", "ranking", "dead", "deleted"]),
        **{key: str(value).lower() if value is True else str(value) for key, value in one.items() if key != "kids"},
        "timestamp": "2020-09-13 12:26:41 UTC",
    }
    for one in FIREBASE
]
SHAPES = {
    "a list": FIREBASE,
    "one a line": "\n".join(json.dumps(one) for one in FIREBASE),
    "children first": list(reversed(FIREBASE)),
    "Algolia": ALGOLIA,
    "BigQuery": ROWS,
    "BigQuery, one a line": "\n".join(json.dumps(one) for one in ROWS),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_gives_the_same_thread(corpus_of, known_as, shape):
    assert known_as(SHAPES[shape]) == ["hackernews-json"]
    corpus = corpus_of(SHAPES[shape])
    assert corpus.posts.loc["1", ["title", "author", "karma", "site"]].tolist() == [
        "Tea or coffee?",
        "user1",
        12,
        "Hacker News",
    ]
    comments = corpus.comments.sort_index()
    assert list(comments.index) == ["2", "3", "4", "5"]
    assert set(comments.post_id) == {"1"}
    assert comments.parent_id.fillna("").tolist() == ["", "2", "", "4"]
    assert comments.status.tolist() == ["live", "live", "deleted", "live"]
    assert comments.karma.isna().all()
    assert pd.isna(comments.loc["4", "author"])
    assert comments.loc["2", "text"] == "> Tea is better.\n\nNo't: it is <cold>."
    assert comments.loc["3", "posted_at"] == pd.Timestamp(1_600_000_003, unit="s", tz="UTC")


def test_the_stated_number_is_kept_and_the_deficit_told(corpus_of):
    corpus = corpus_of([{**FIREBASE[0], "descendants": 9}, *FIREBASE[1:]])
    assert corpus.posts.loc["1", "n_comments_stated"] == 9
    assert corpus.problems.what.str.contains("5 of its 9 comments are not in the export").sum() == 1


def test_named_replies_that_are_not_held_are_stubs(corpus_of):
    corpus = corpus_of([story(kids=[2, 8, 9]), item(2, parent=1, kids=[7])])
    assert corpus.problems[corpus.problems.what.str.contains("behind a link")].place.tolist() == ["below 1", "below 2"]
    assert corpus.sources[0]["comments_stubbed"] == 3


def test_a_null_item_and_one_without_id_are_told(corpus_of):
    corpus = corpus_of([*FIREBASE, None, {"type": "comment", "by": "x", "time": 1, "text": "y"}])
    assert corpus.problems.what.str.contains("1 records are null").sum() == 1
    assert corpus.problems.what.str.contains("has no id").sum() == 1


def test_killed_and_flagged_comments_are_removed(corpus_of):
    dead = [item(2, parent=1, dead=True), item(3, parent=1, text="[flagged]"), item(4, parent=1, text="[deleted]")]
    corpus = corpus_of([story(), *dead])
    assert corpus.comments.status.tolist() == ["removed", "removed", "deleted"]
    assert corpus.comments.text.eq("").all()


def test_comments_of_a_story_that_is_not_held_stand_under_its_id(corpus_of):
    corpus = corpus_of([item(12, parent=11), item(13, parent=12), item(22, parent=21)])
    assert corpus.comments.post_id.tolist() == ["11", "11", "21"]
    assert corpus.comments.parent_id.fillna("").tolist() == ["", "12", ""]


def test_a_lost_parent_in_the_only_thread_is_told(corpus_of):
    corpus = corpus_of([story(), item(9, parent=8)])
    assert corpus.comments.loc["9", "post_id"] == "1"
    assert corpus.problems.what.str.contains("answers '8', which the export does not hold").sum() == 1


def test_hits_of_the_search_are_read(corpus_of, known_as):
    hit = {"objectID": "7", "_tags": ["comment"], "created_at_i": 1_600_000_000, "author": "Ana", "parent_id": 5}
    content = {
        "hits": [{**hit, "comment_text": "&gt;No.<p>Why?", "story_id": 5, "story_title": "Rain", "points": None}]
    }
    assert known_as(content) == ["hackernews-json"]
    corpus = corpus_of(content)
    assert corpus.posts.loc["5", "title"] == "Rain"
    assert corpus.comments.loc["7", "text"] == "> No.\n\nWhy?"


def test_parents_in_a_circle_end(corpus_of):
    corpus = corpus_of([story(), item(2, parent=3), item(3, parent=2), item(4, parent=4)])
    assert len(corpus.comments) == 3
    assert corpus.problems.what.str.contains("answers itself or one of its own replies").sum() == 2


def test_ten_thousand_nested_replies_are_read(corpus_of):
    one = '{"id":%d,"type":"comment","author":"a","created_at_i":1,"text":"w","story_id":1,"children":['
    text = '{"id":1,"type":"story","author":"a","created_at_i":1,"title":"T","text":null,"points":1,"children":['
    text += "".join(one % n for n in range(2, 10_002)) + "]}" * 10_001
    corpus = corpus_of(text)
    assert corpus.comments.depth.tolist() == list(range(10_000))
    assert corpus.problems.empty


def test_the_flat_list_of_a_real_thread_is_read_whole(shared, known_as):
    path = shared / "exports" / "hackernews" / "circumflex_thread-48849066.json.gz"
    raw = gzip.decompress(path.read_bytes())
    assert known_as(raw) == ["hackernews-json"]
    stated = {str(one["id"]): one for one in orjson.loads(raw)}
    corpus = read(path)
    assert corpus.comments.author.to_dict() == {name: one["author"] for name, one in stated.items()}
    assert len(stated) == 1079
    assert corpus.comments.parent_id.isna().all()
    assert corpus.problems.what.str.contains("1,079 comments name neither").sum() == 1
    words = re.compile(r"[^\W\d_]{3,}")
    marked = 0
    for name, one in stated.items():
        got = corpus.comments.loc[name, "text"]
        plain = html.unescape(re.sub(r"<a href=[^>]*>.*?</a>", " ", one["text"]))
        assert set(words.findall(re.sub(r"</?\w[^>]*>", " ", plain))) <= set(words.findall(got)), name
        quoted = [part for part in re.split("<p>|<pre>", one["text"]) if re.match(r"&gt;\s*[^\s\d&=_<.]", part)]
        marked += len(quoted)
        kinds = [piece.kind for piece in pieces(got)]
        assert kinds.count("quote") >= len(quoted), name
    assert marked > 80


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("&gt; a<p>b", "> a\n\nb"),
        ("&gt;a<p>&gt;&gt; b", "> a\n\n>> b"),
        ("&gt; a\n&gt; b", "> a\n> b"),
        ("&gt; 50 a<p>&gt;50 b", "> 50 a\n\n\\>50 b"),
        ("&gt;= a<p>&gt;_&lt;", "\\>= a\n\n\\>_<"),
        ("a &gt; b -&gt; c", "a > b -> c"),
        ("<pre><code>&gt; a\n</code></pre>b", "```\n> a\n```\n\nb"),
        ('&gt; <a href="https:&#x2F;&#x2F;e.org">a</a>', "> [a](https://e.org)"),
    ],
)
def test_typed_marks_are_quotes(corpus_of, text, expected):
    assert corpus_of([story(), item(2, parent=1, text=text)]).comments.loc["2", "text"] == expected


def test_an_item_that_stands_twice_with_another_text_is_kept_and_told(corpus_of):
    corpus = corpus_of([story(), item(2, parent=1), item(2, parent=1), item(2, parent=1, text="Another.")])
    assert corpus.comments["text"].tolist() == ["Reply 2.", "Another."]
    assert corpus.problems["what"].str.contains("'2' stands twice").sum() == 2
