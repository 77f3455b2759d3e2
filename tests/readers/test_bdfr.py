"""What the Bulk Downloader for Reddit saves: a post with nested comments, or one comment with its replies."""

import json

import orjson
import pandas as pd
import pytest

from threadkit.readers import bdfr_json
from threadkit.readers.read import read


def comment(name, *replies, **more):
    """Return a comment with its replies inside."""
    data = {
        "author": f"user_{name}", "id": name, "score": 2, "subreddit": "drinks", "author_flair": None, "submission": "p",
        "stickied": False, "body": f"Reply {name}.", "is_submitter": False, "distinguished": None,
        "created_utc": 1_600_000_000.0, "parent_id": "t3_p", "replies": list(replies),
    }  # fmt: skip
    return {**data, **more}


def post(*comments, **more):
    """Return a post with its comments inside."""
    data = {
        "title": "Tea & coffee?", "name": "t3_p", "url": "https://www.reddit.com/r/drinks/comments/p/tea/",
        "selftext": "Tea is better.", "score": 7, "upvote_ratio": 0.9, "permalink": "/r/drinks/comments/p/tea/", "id": "p",
        "author": "Mira", "link_flair_text": None, "num_comments": len(comments), "over_18": False,
        "created_utc": 1_600_000_000.0, "comments": list(comments),
    }  # fmt: skip
    return {**data, **more}


def test_a_post_is_read_with_its_tree(corpus_of, known_as):
    inner = comment("c", comment("d", parent_id="t1_c"), parent_id="t1_b", score=-3)
    content = post(comment("a"), comment("b", inner, body="> Tea is better.\n\nNo & no."), comment("e"), num_comments=5)
    assert known_as(content) == ["bdfr-json"]
    corpus = corpus_of(content)
    assert corpus.problems.empty
    row = corpus.posts.loc["p"]
    assert (row.site, row.title, row.author, row.karma, row.n_comments_stated) == (
        "reddit",
        "Tea & coffee?",
        "Mira",
        7,
        5,
    )
    assert (row.url, row.text) == ("https://www.reddit.com/r/drinks/comments/p/tea/", "Tea is better.")
    comments = corpus.comments
    assert list(comments.index) == ["a", "b", "c", "d", "e"]
    assert comments.depth.tolist() == [0, 0, 1, 2, 0]
    assert comments.loc["c", ["parent_id", "post_id", "karma"]].tolist() == ["b", "p", -3]
    assert comments.loc["b", "text"] == "> Tea is better.\n\nNo & no."
    assert comments.loc["a", "posted_at"] == pd.Timestamp("2020-09-13T12:26:40Z")
    assert comments.loc["a", "url"] == "https://www.reddit.com/comments/p/_/a/"


def test_who_deleted_the_account_is_nobody(corpus_of):
    corpus = corpus_of(
        post(
            comment("a", author="DELETED", body="[deleted]"),
            comment("b", author="DELETED", body="Words stay."),
            comment("c", body="[removed]"),
            comment("d", author="AutoModerator"),
            comment("e", author="deleted_scenes"),
            author="DELETED",
            selftext="[removed]",
        )
    )
    assert corpus.comments.author.isna().tolist() == [True, True, False, False, False]
    assert corpus.comments.status.tolist() == ["deleted", "live", "removed", "bot", "live"]
    assert corpus.comments.loc["a", "text"] == ""
    assert pd.isna(corpus.posts.loc["p", "author"])
    assert corpus.posts.loc["p", "text"] == ""


def test_what_the_downloader_dropped_is_counted(corpus_of):
    corpus = corpus_of(post(comment("a", comment("b", parent_id="t1_a")), num_comments=40))
    assert corpus.problems.what.tolist() == ["post 'p': 38 of its 40 comments are not in the export"]


def test_bodies_are_not_unescaped(corpus_of):
    corpus = corpus_of(post(comment("a", body="write &amp;gt; for >"), title="Tea &amp; coffee"))
    assert corpus.comments.loc["a", "text"] == "write &gt; for >"
    assert corpus.posts.loc["p", "title"] == "Tea &amp; coffee"


def test_one_comment_with_its_replies_names_its_post(corpus_of, known_as):
    content = comment("a", comment("b", parent_id="t1_a"), parent_id="t1_z", submission_title="Tea or coffee?")
    assert known_as(content) == ["bdfr-json"]
    corpus = corpus_of(content)
    assert corpus.posts.loc["p", "title"] == "Tea or coffee?"
    assert corpus.comments.depth.tolist() == [0, 1]
    assert corpus.problems.what.str.contains("answers 'z', which the export does not hold").sum() == 1
    assert corpus.problems.what.str.contains("text of post 'p' is not in the export").sum() == 1


def test_two_files_of_one_thread_are_one(write, tmp_path):
    write("1.json", post(comment("a"), num_comments=3))
    write("2.json", comment("b", comment("c", parent_id="t1_b"), parent_id="t1_a", submission_title="Tea & coffee?"))
    corpus = read(tmp_path)
    assert corpus.problems.empty
    assert corpus.comments.depth.tolist() == [0, 1, 2]


@pytest.mark.parametrize("shape", ["list", "lines", "sorted keys", "no comments"])
def test_other_shapes_are_known_and_read(corpus_of, known_as, shape):
    one, two = post(comment("a")), post(comment("b", submission="q"), id="q", name="t3_q")
    content = {
        "list": [one, two],
        "lines": json.dumps(one) + "\n" + json.dumps(two),
        "sorted keys": json.dumps(one, sort_keys=True),
        "no comments": post(),
    }[shape]
    assert known_as(content) == ["bdfr-json"]
    corpus = corpus_of(content)
    assert list(corpus.comments.index) == {"sorted keys": ["a"], "no comments": []}.get(shape, ["a", "b"])
    assert corpus.problems.empty


def test_replies_without_a_parent_answer_what_they_stand_in(corpus_of):
    corpus = corpus_of(post(comment("a", comment("b", parent_id=None, submission=None)), num_comments=2))
    assert corpus.comments.loc["b", ["parent_id", "post_id"]].tolist() == ["a", "p"]


def test_nulls_and_strangers_become_rows_in_problems(corpus_of):
    odd = [
        None,
        7,
        "x",
        comment(None, comment("c")),
        comment("b", body=None),
        comment("d", replies=None),
        comment("e", replies=""),
    ]
    corpus = corpus_of([post(comment("a"), *odd), post(id=None, name=None), {"x": 1}, None])
    assert list(corpus.comments.index) == ["a", "c", "d", "e"]
    what = corpus.problems.what
    assert what.str.contains("a comment has no id").sum() == 1
    assert what.str.contains("a comment has no body, 'b'").sum() == 1
    assert what.str.contains("a post has no id").sum() == 1
    assert what.str.contains("neither a post nor a comment").sum() == 2


def test_a_hidden_or_absent_score_is_not_made_up(corpus_of):
    corpus = corpus_of(post(comment("a", score=None), comment("b", score=0)))
    assert corpus.comments.karma.isna().tolist() == [True, False]


def test_ten_thousand_nested_replies_are_read(corpus_of):
    n = 10_000
    head = json.dumps(post())[: -len("[]}")]
    one = '{{"id":"c{}","submission":"p","body":"w","author":"x","parent_id":"{}","replies":['
    opened = "".join(one.format(i, f"t1_c{i - 1}" if i else "t3_p") for i in range(n))
    corpus = corpus_of(head + "[" + opened + "]}" * n + "]}")
    assert corpus.comments.depth.tolist() == list(range(n))


def test_a_cut_anywhere_keeps_what_stands_before_it(corpus_of):
    text = json.dumps(post(*(comment(f"c{n}", comment(f"r{n}", parent_id=f"t1_c{n}")) for n in range(9))))
    found = []
    for stop in range(text.index('"comments"') + 200, len(text) - 2, 331):
        corpus = corpus_of(text[:stop])
        assert corpus.problems.what.str.contains("cut off").any()
        found.append(len(corpus.comments))
    assert found == sorted(found)
    assert found[-1] >= 17


def test_no_other_sample_is_taken_for_one(shared):
    from threadkit.readers.formats import sample

    for path in sorted((shared / "exports").rglob("*")):
        if path.is_file():
            assert not bdfr_json.detect(sample(path)), path


def test_real_threads_in_this_shape_give_the_same_tree(shared, write):
    for path in sorted((shared / "exports" / "reddit_threads").iterdir())[:12]:
        data = orjson.loads(path.read_bytes())[0]["data"]["children"][0]["data"]
        there = read(path)
        rows = {name: comment(name, submission=data["id"], body="x", parent_id=None) for name in there.comments.index}
        top = []
        for name, parent in there.comments.parent_id.items():
            (top if pd.isna(parent) else rows[parent]["replies"]).append(rows[name])
            rows[name]["parent_id"] = f"t3_{data['id']}" if pd.isna(parent) else f"t1_{parent}"
        here = read(write("bdfr.json", post(*top, id=data["id"], name=data["name"])))
        for column in ("parent_id", "depth", "post_id"):
            pd.testing.assert_series_equal(here.comments[column], there.comments[column])
