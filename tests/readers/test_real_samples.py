"""Real exports, where they lie beside the checkout: nothing of them may get lost."""

import html
import re

import orjson
import pytest

from threadkit.dispute.segment import pieces
from threadkit.readers.read import read

WORD = re.compile(r"[^\W\d_]{3,}")
T1 = re.compile(rb'"kind":\s*"t1"')
MORE = re.compile(rb'"kind":\s*"more"')


@pytest.fixture(scope="module")
def threads(shared):
    return read(shared / "exports" / "reddit_threads")


@pytest.fixture(scope="module")
def discourse(shared):
    return read(shared / "exports" / "discourse")


def test_every_reddit_comment_is_read(shared, threads):
    counted = {path.name: len(T1.findall(path.read_bytes())) for path in (shared / "exports/reddit_threads").iterdir()}
    assert {source["name"].split("/")[1]: source["comments_found"] for source in threads.sources} == counted
    assert len(threads.comments) == sum(counted.values()) == 902
    assert len(threads.posts) == 33


@pytest.mark.parametrize("name", ["graw_thread.json", "graw_morechildren.json", "graw_user.json"])
def test_every_shape_of_reddit_is_read(shared, name):
    path = shared / "exports" / "reddit" / name
    corpus = read(path)
    assert len(corpus.comments) == len(T1.findall(path.read_bytes()))
    stubs = corpus.problems.what.str.contains("behind a link").sum()
    assert stubs == len(MORE.findall(path.read_bytes()))


def test_the_long_reddit_thread_tells_what_it_lacks(shared):
    corpus = read(shared / "exports" / "reddit" / "graw_thread.json")
    assert corpus.posts.n_comments_stated.tolist() == [1655]
    assert corpus.problems.what.str.contains("1,456 of its 1,655 comments are not in the export").sum() == 1
    assert corpus.sources[0]["comments_stubbed"] > 1_600


def test_reddit_quotes_scores_and_gaps(threads):
    gone = threads.comments.status.isin(["deleted", "removed"])
    assert gone.sum() == 35
    assert threads.comments.karma.isna().sum() == 3
    assert not threads.comments.text.str.contains("&gt;|&lt;|&amp;").any()
    quotes = [piece for text in threads.comments.text for piece in pieces(text) if piece.kind == "quote"]
    assert len(quotes) >= 80


def test_no_word_of_reddit_is_lost(shared, threads):
    stack = [orjson.loads(path.read_bytes()) for path in (shared / "exports/reddit_threads").iterdir()]
    checked = 0
    while stack:
        value = stack.pop()
        if isinstance(value, dict) and value.get("body"):
            row = threads.comments.loc[value["id"]]
            words = re.findall(
                r"[^\W\d_]{3,}", re.sub(r"https?://\S+|\]\(\S*\)|&\w+;", " ", html.unescape(value["body"]))
            )
            got = set(re.findall(r"[^\W\d_]{3,}", row["text"]))
            if row["status"] == "live":
                assert set(words) <= got, value["id"]
                checked += 1
        stack += list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    assert checked == (threads.comments.status == "live").sum()


def test_discourse_pages_make_one_topic(discourse):
    topic = discourse.comments[discourse.comments.post_id == "2108"]
    assert len(topic) == 74
    assert discourse.posts.loc["2108", "site"] == "discuss.criticalfallibilism.com"
    assert discourse.posts.loc["2108", "n_comments_stated"] == 445
    assert topic.depth.max() > 5
    # Three answers point at posts of pages that were not exported.
    lost = discourse.problems.what.str.contains("which the export does not hold")
    assert lost.sum() == 3
    errors = discourse.problems[discourse.problems.severity == "error"].what.tolist()
    assert errors == ["post '2108': 370 of its 444 comments are not in the export"]
    assert topic.status.eq("live").all()


def test_discourse_parents_are_the_posts_that_reply_to_names(shared, discourse):
    posts = {}
    for path in (shared / "exports" / "discourse").glob("cf_*"):
        for post in orjson.loads(path.read_bytes())["post_stream"]["posts"]:
            posts[post["post_number"]] = post
    for post in posts.values():
        answered = posts.get(post["reply_to_post_number"])
        if answered and answered["post_number"] > 1 and str(post["id"]) in discourse.comments.index:
            assert discourse.comments.loc[str(post["id"]), "parent_id"] == str(answered["id"])


def test_discourse_quotes_are_quotes(shared, discourse):
    counted = {}
    for path in (shared / "exports" / "discourse").glob("cf_*"):
        for post in orjson.loads(path.read_bytes())["post_stream"]["posts"]:
            counted[str(post["id"])] = post["cooked"].count("<blockquote>")
    for name, text in discourse.comments.text.items():
        quotes = sum(piece.kind == "quote" for piece in pieces(text))
        assert quotes >= min(1, counted.get(name, 0))


def test_lesswrong_posts_are_read(shared):
    corpus = read(shared / "exports" / "lesswrong" / "lw_graphql_posts_2023-04.json")
    assert len(corpus.posts) == 658
    assert set(corpus.posts.site) == {"LessWrong"}
    assert corpus.posts.n_comments_stated.sum() == 6967
    assert corpus.problems.severity.eq("error").sum() == (corpus.posts.n_comments_stated > 0).sum()


def test_everything_else_is_told_and_not_fatal(shared):
    corpus = read(shared / "exports" / "lesswrong", shared / "exports" / "convokit", shared / "exports" / "disqus")
    unread = [source["name"] for source in corpus.sources if source["format"] is None]
    assert unread, "tables of header flavours are no export"
    assert set(unread) <= set(corpus.problems.source)
