import gzip
import html
import json
import re

import pandas as pd
import pytest

from threadkit.dispute.segment import pieces
from threadkit.readers.read import read


def post(n, parent=1, text="Words.", author="ana", time=1_073_495_280.0):
    return [n, None, author, text, {}, parent, None, time]


ABOUT = {
    "title": "4Forums.com Political Debates and Polls -  On tea",
    "url": "http://www.4forums.com/political/1-on-tea.html",
    "identifier": 9,
}


def published(*posts, **about):
    return [list(posts), {}, ABOUT | about]


def line(*posts, **more):
    named = [
        dict(zip(("id", "author", "text", "parent", "time"), (p[0], p[2], p[3], p[5], p[7]), strict=True))
        for p in posts
    ]
    return {"thread_id": 9, "topic": "tea", "title": ABOUT["title"], "url": ABOUT["url"], "posts": named, **more}


@pytest.mark.parametrize("shape", [published, line])
def test_both_shapes_are_read_the_same(corpus_of, shape):
    corpus = corpus_of(shape(post(1, None, "Is tea safe?"), post(2, author="bo"), post(5, 2, "No.\n \n Never.")))
    row = corpus.posts.loc["1"]
    assert (row.title, row.site, row.author, row.text) == ("On tea", "4forums.com", "ana", "Is tea safe?")
    assert row.posted_at == pd.Timestamp(1_073_495_280, unit="s", tz="UTC")
    rows = corpus.comments
    assert rows.parent_id.tolist() == [pd.NA, "2"]
    assert rows.author.tolist() == ["bo", "ana"]
    assert rows.loc["5", "text"] == "No.\n\nNever."
    assert rows.karma.isna().all()
    assert corpus.problems.empty


def test_characters_named_by_their_number_are_read(corpus_of):
    corpus = corpus_of(published(post(1, None, "Tea isn&#8217;t safe &#x2013; or &amp; is it? &#0; &#39;"), post(2)))
    assert corpus.posts.loc["1", "text"] == "Tea isn’t safe – or &amp; is it? &#0; '"


def test_lost_quotation_marks_are_set_again_where_the_words_repeat(corpus_of):
    corpus = corpus_of(
        published(
            post(1, None, "Tea is perfectly safe\n for all. \n \n Is it?"),
            post(2, 1, "Tea is perfectly safe for all.\n\n \n \n No."),
            post(3, 2, "No.\n\n \n Yes."),
            post(4, 3, "Tea is perfectly safe for all.\n\n That stood above, and\n\n this is mine."),
            post(5, 4, "My own words, though long.\n\n \n And more."),
            post(6, 4, "Tea is perfectly safe for all."),
            post(7, 6, "No.\n\n \n Yes."),
        )
    )
    text = corpus.comments.text
    assert text["2"] == "> Tea is perfectly safe for all.\n\nNo."
    assert text["3"] == "> No.\n\nYes."
    assert text["4"] == "> Tea is perfectly safe for all.\n\nThat stood above, and\n\nthis is mine."
    assert ">" not in text["5"] + text["6"] + text["7"]


def test_several_discussions_and_gaps(corpus_of):
    other = line(post(20, 19), post(21, 20), thread_id=3)
    corpus = corpus_of("\n".join(map(json.dumps, [line(post(1, None), post(2, 77)), other])), "t.jsonl")
    assert list(corpus.posts.index) == ["1", "thread 3"]
    assert corpus.comments.parent_id.dropna().to_dict() == {"21": "20"}
    said = "\n".join(corpus.problems.what)
    assert "answers '77'" in said
    assert "the text of post 'thread 3' is not in the export" in said


def test_broken_posts_are_told(corpus_of):
    corpus = corpus_of(
        published(post(1, None), post(None), None, [1, 2], post(3, text=None), post(4, author=None, time="soon"))
    )
    assert list(corpus.comments.index) == ["4"]
    assert corpus.comments.author.isna().all()
    assert corpus.problems.severity.eq("error").sum() == 4
    assert corpus.problems.what.str.contains("posted_at is 'soon'").sum() == 1
    whole = json.dumps(published(*(post(n, 1 if n > 1 else None) for n in range(1, 30))))
    cut = corpus_of(whole[: len(whole) // 2])
    assert 10 < len(cut.comments) < 18
    assert cut.problems.what.str.contains("cut off").any()


def test_other_json_is_not_taken(known_as):
    assert known_as(published(post(1, None))) == known_as(line(post(1, None))) == ["iac-json"]
    for other in ([], [[]], [[1]], {"posts": []}, {"thread_id": 1, "posts": [{"id": 1}]}):
        assert "iac-json" not in known_as(other)


def stated(shared, name):
    if name == "fourforum_1540":
        with gzip.open(shared / "exports" / "iac" / f"{name}.json.gz") as file:
            posts = json.load(file)[0]
        return [{"id": p[0], "author": p[2], "text": p[3], "parent": p[5], "time": p[7], "root": 30438} for p in posts]
    with gzip.open(shared / "data" / "threads" / f"{name}.jsonl.gz") as file:
        threads = [json.loads(text)["posts"] for text in file]
    return [{**p, "root": posts[0]["id"]} for posts in threads for p in posts]


@pytest.mark.parametrize(
    ("name", "n_posts", "n"),
    [("fourforum_1540", 1, 609), ("iac_v1_climate_change", 40, 1430), ("iac_v1_marijuana_legalization", 13, 640)],
)
def test_real_every_post_is_read_with_what_it_states(shared, name, n_posts, n):
    folder = "exports/iac" if name.startswith("four") else "data/threads"
    corpus = read(next((shared / folder).glob(f"{name}.*")))
    assert (len(corpus.posts), len(corpus.comments)) == (n_posts, n)
    for post in stated(shared, name):
        root = post["id"] == post["root"]
        row = (corpus.posts if root else corpus.comments).loc[str(post["id"])]
        assert row.author == post["author"]
        assert row.posted_at == pd.Timestamp(post["time"], unit="s", tz="UTC")
        kept = "".join(row.text.replace(">", "").replace("\\", "").split())
        assert kept == "".join(
            c
            for c in re.sub(r"\bemoticon_[a-z_]+", "", html.unescape(post["text"])).replace(">", "").replace("\\", "")
            if not c.isspace() and c not in "\u200b\u00ad\ufeff\u2060"
        )
        if not root:
            assert row.post_id == str(post["root"])
            assert pd.isna(row.parent_id) if post["parent"] == post["root"] else row.parent_id == str(post["parent"])
    assert corpus.problems.severity.ne("error").all()


def test_real_quotes_are_marked(shared):
    corpus = read(shared / "exports" / "iac")
    quoting = sum(any(piece.kind == "quote" for piece in pieces(text)) for text in corpus.comments.text)
    assert quoting > 350


def test_faces_are_no_words_and_a_strange_address_is_no_error(corpus_of):
    posts = [{"id": n, "author": "ana", "text": f"Tea {n} emoticon_xgood", "parent": n - 1 or None} for n in (1, 2)]
    posts.append({"id": 3, "author": "bo", "text": "emoticon_xgood", "parent": 1})
    corpus = corpus_of({"thread_id": 1, "title": "T", "url": "http://[x", "posts": posts})
    assert corpus.comments["text"].tolist() == ["Tea 2", ""]
    assert corpus.comments["status"].tolist() == ["live", "live"]
