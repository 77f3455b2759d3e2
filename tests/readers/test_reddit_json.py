import json

import pandas as pd
import pytest
from reddit_shapes import listing, t1, thread


def more(count, children, parent="t3_p", name="m"):
    return {"kind": "more", "data": {"count": count, "children": children, "parent_id": parent, "id": name}}


def test_a_thread_is_read_with_its_tree(corpus_of):
    inner = t1("c", "Not &gt; me.", "t1_b", score=-3)
    corpus = corpus_of(thread(t1("a"), t1("b", "&gt; Tea is better.\n\nNo &amp; no.", replies=listing(inner))))
    post = corpus.posts.loc["p"]
    assert (post.site, post.title, post.author, post.karma) == ("reddit", "Tea or coffee?", "Mira", 7)
    assert post.url == "https://www.reddit.com/r/drinks/comments/p/tea/"
    comments = corpus.comments
    assert list(comments.index) == ["a", "b", "c"]
    assert list(comments.depth) == [0, 0, 1]
    assert comments.loc["b", "text"] == "> Tea is better.\n\nNo & no."
    assert comments.loc["c", "text"] == "Not > me."
    assert comments.loc["c", ["parent_id", "post_id", "karma"]].tolist() == ["b", "p", -3]
    assert comments.loc["a", "posted_at"] == pd.Timestamp("2020-09-13T12:26:40Z")
    assert comments.loc["a", "url"].endswith("/comments/p/_/a/")
    assert set(comments.origin) == {"stated"}


def test_a_clean_thread_states_its_count_and_has_no_problems(corpus_of):
    corpus = corpus_of(thread(t1("a"), t1("b", replies=None)))
    assert corpus.problems.empty
    assert corpus.posts.loc["p", "n_comments_stated"] == 2


@pytest.mark.parametrize(
    ("body", "html", "text"),
    [
        ("&gt; a\n\nb", None, "> a\n\nb"),
        ("&gt; a\n\nb", '&lt;div class="md"&gt;', "> a\n\nb"),
        ("> a\n\nb < c", '<div class="md">', "> a\n\nb < c"),
        ("write &amp;gt; for it", '&lt;div class="md"&gt;', "write > for it"),
        ("> a\n\n&gt; b", None, "> a\n\n\\> b"),
        ("&gt;!She lived!&lt; indeed", None, "She lived indeed"),
        ("&gt;no blank", None, "> no blank"),
    ],
)
def test_one_level_of_escaping_is_undone(corpus_of, body, html, text):
    corpus = corpus_of(thread(t1("a", body, body_html=html)))
    assert corpus.comments.loc["a", "text"] == text


def test_what_is_gone_keeps_its_place_without_words_or_name(corpus_of):
    corpus = corpus_of(
        thread(
            t1("a", "[deleted]", author="[deleted]", replies=listing(t1("b", parent="t1_a"))),
            t1("c", "[removed]"),
            t1("d", "[ Removed by Reddit ]"),
            t1("e", "I watch.", author="AutoModerator"),
        )
    )
    assert corpus.comments.status.tolist() == ["deleted", "live", "removed", "removed", "bot"]
    assert corpus.comments.loc[["a", "c", "d"], "text"].eq("").all()
    assert pd.isna(corpus.comments.loc["a", "author"])
    assert corpus.comments.loc["b", "parent_id"] == "a"


def test_a_hidden_score_is_unknown_not_zero(corpus_of):
    corpus = corpus_of(thread(t1("a", score=1, score_hidden=True), t1("b", score=None, ups=4), t1("c", score="1,204")))
    assert corpus.comments.karma.isna().tolist() == [True, False, False]
    assert corpus.comments.karma.dropna().tolist() == [4, 1204]


def test_stubs_and_the_deficit_are_told(corpus_of):
    corpus = corpus_of(
        thread(t1("a", replies=listing(more(3, ["x", "y"], "t1_a"))), more(0, [], "t1_q", "_"), num_comments=9)
    )
    assert corpus.problems.what.tolist() == [
        "not in the export: 3 replies behind a link ('load more', 'continue this thread')",
        "not in the export: replies, nobody knows how many, behind a link ('load more', 'continue this thread')",
        "post 'p': 8 of its 9 comments are not in the export",
    ]
    assert corpus.problems.place.tolist() == ["below t1_a", "below t1_q", "post p"]
    assert set(corpus.problems.severity) == {"error"}
    assert corpus.sources[0]["comments_stubbed"] == 4
    assert corpus.sources[0]["comments_stated"] == 9


def test_morechildren_fill_the_stub_of_another_file(write, tmp_path):
    from threadkit.readers.read import read

    write("1.json", thread(t1("a"), more(2, ["b", "c"]), num_comments=3))
    things = [t1("b"), t1("c", parent="t1_b")]
    write("2.json", {"json": {"errors": [], "data": {"things": things}}})
    corpus = read(tmp_path)
    assert corpus.comments.depth.tolist() == [0, 0, 1]
    assert corpus.problems.empty


@pytest.mark.parametrize("shape", ["listing", "one thing", "things", "bare list", "archive", "lines", "dump"])
def test_every_shape_is_known_and_read(corpus_of, known_as, shape):
    one, two = t1("a"), t1("b", parent="t1_a")
    content = {
        "listing": listing(one, two),
        "one thing": one,
        "things": {"json": {"data": {"things": [one, two]}}},
        "bare list": [one, two],
        "archive": {"data": [one["data"], two["data"]], "error": None},
        "lines": "\n".join(json.dumps(value) for value in (one, two)),
        "dump": "\n".join(json.dumps(value["data"]) for value in (one, two)),
    }[shape]
    assert known_as(content) == ["reddit-ndjson" if shape == "dump" else "reddit-json"]
    corpus = corpus_of(content)
    assert list(corpus.comments.index) == (["a"] if shape == "one thing" else ["a", "b"])
    assert corpus.problems.what.str.contains("text of post 'p' is not in the export").sum() == 1


def test_a_users_feed_names_the_posts(corpus_of):
    corpus = corpus_of(listing(t1("a", link_id="t3_q", link_title="Rain &amp; sun", parent="t1_zz")))
    assert corpus.posts.loc["q", "title"] == "Rain & sun"
    assert pd.isna(corpus.comments.loc["a", "parent_id"])
    assert corpus.problems.what.str.contains("answers 'zz', which the export does not hold").any()


def test_nulls_everywhere_become_rows_in_problems(corpus_of):
    nothing = dict.fromkeys(["id", "body", "parent_id", "link_id", "author", "score", "created_utc", "replies"])
    corpus = corpus_of(
        [
            {"kind": "Listing", "data": {"children": [{"kind": "t3", "data": dict.fromkeys(["id", "title"])}, None]}},
            listing({"kind": "t1", "data": nothing}, {"kind": "t1", "data": None}, t1("a", author=None, link_id=None)),
            listing({"kind": "t1", "data": {"id": "z", "body": {"x": 1}}}, {"kind": "more", "data": {}}, 7, "x"),
        ]
    )
    assert list(corpus.comments.index) == ["a"]
    assert corpus.problems.what.str.contains("has no id").sum() == 2
    assert corpus.problems.what.str.contains("'z' has no body").sum() == 1


def test_ten_thousand_nested_replies_are_read(corpus_of):
    n = 10_000
    head = '[{"kind":"Listing","data":{"children":[{"kind":"t3","data":{"id":"p","title":"T","selftext":"S"}}]}},'
    one = '{"kind":"Listing","data":{"children":[{"kind":"t1","data":{"body":"w","link_id":"t3_p",'
    opened = "".join(f'{one}"id":"c{i}","parent_id":"{f"t1_c{i - 1}" if i else "t3_p"}","replies":' for i in range(n))
    corpus = corpus_of(head + opened + '""' + "}}]}}" * n + "]")
    assert len(corpus.comments) == n
    assert corpus.comments.depth.tolist() == list(range(n))
    assert corpus.problems.empty


def test_a_cut_thread_keeps_what_stands_before_the_cut(corpus_of):
    text = json.dumps(thread(t1("a"), t1("b"), t1("c", "A long reply that is cut.")))
    corpus = corpus_of(text[: text.index("that is cut")])
    assert list(corpus.comments.index) == ["a", "b"]
    assert corpus.problems.severity.eq("error").sum() == 3
    assert corpus.problems.what.str.contains("cut off").sum() == 2
