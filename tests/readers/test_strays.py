"""What no reader knows, among records that it knows, is told and skipped; what can be read without a field is read."""

import json
import time

import pytest
from reddit_shapes import listing, t1, thread
from test_bdfr import comment as bdfr_comment
from test_bdfr import post as bdfr_post
from test_discourse_json import post as discourse_post
from test_discourse_json import topic
from test_disqus_json import answer
from test_disqus_json import post as disqus_post
from test_github_json import comment as github_comment
from test_github_json import issue
from test_hackernews_json import item, story
from test_lesswrong_json import comment as lesswrong_comment

from threadkit.corpus.losses import losses
from threadkit.readers.strays import Listed, among

ODD = {
    "null": None,
    "text": "x",
    "a number": 7,
    "a list": ["x"],
    "an empty object": {},
    "an error": {"message": "rate limited"},
    "a stranger": {"__typename": "Sticker", "_id": "z", "size": 3},
}


def five(one):
    return [one(n) for n in range(1, 6)]


def lines(values):
    return "\n".join(json.dumps(value) for value in values)


def hackernews_reply(n):
    return item(10 + n, parent=1, text=f"Words {n}.")


LISTS = {
    "lesswrong-json": lambda odd: [*five(lambda n: lesswrong_comment(f"c{n}")), odd],
    "disqus-json": lambda odd: [*five(lambda n: disqus_post(10 + n)), odd],
    "github-json": lambda odd: [*five(lambda n: github_comment(10 + n)), odd],
    "discourse-json": lambda odd: [*five(discourse_post), odd],
    "hackernews-json": lambda odd: [story(), *five(hackernews_reply), odd],
}
ENVELOPES = {
    "lesswrong-json": lambda values: {"data": {"comments": {"results": values}}},
    "disqus-json": lambda values: answer(*values),
    "github-json": lambda values: {"issue": issue(), "comments": values},
    "discourse-json": lambda values: {"latest_posts": values},
    "hackernews-json": lambda values: values,
}


@pytest.mark.parametrize("what", ODD)
@pytest.mark.parametrize("wrapped", [False, True])
@pytest.mark.parametrize("name", LISTS)
def test_what_is_no_record_is_told_where_it_stands(corpus_of, name, wrapped, what):
    whole, odd = LISTS[name](ODD[what])[:-1], LISTS[name](ODD[what])
    wrap = ENVELOPES[name] if wrapped else list
    before, after = corpus_of(wrap(whole)), corpus_of(wrap(odd))
    assert after.sources[0]["format"] == name
    assert losses(after).get("records", 0) == losses(before).get("records", 0) + 1
    assert set(before.comments.index) <= set(after.comments.index)


@pytest.mark.parametrize("what", ODD)
@pytest.mark.parametrize("name", LISTS)
def test_a_line_that_is_no_record_is_told(corpus_of, name, what):
    values = LISTS[name](ODD[what])
    assert losses(corpus_of(lines(values))).get("records") == 1


REDDIT = {
    **ODD,
    "an unknown kind": {"kind": "t9", "data": {"id": "z", "body": "No."}},
    "a comment without data": {"kind": "t1", "data": None},
    "a link without data": {"kind": "more"},
    "a listing without data": {"kind": "Listing", "data": None},
}


@pytest.mark.parametrize("what", REDDIT)
def test_what_is_no_thing_of_reddits_is_told(corpus_of, what):
    assert losses(corpus_of(thread(*five(lambda n: t1(f"c{n}")), REDDIT[what], num_comments=5))) == {"records": 1}


@pytest.mark.parametrize(
    ("replies", "n"),
    [
        ("", 0),
        (None, 0),
        (listing(), 0),
        ("abc", 1),
        ({"kind": "Listing", "data": None}, 1),
        (listing(None, "x"), 2),
        ({"kind": "Listing", "data": {"children": "x"}}, 1),
    ],
)
def test_replies_that_are_none_are_told(corpus_of, replies, n):
    corpus = corpus_of(thread(t1("a", replies=replies), num_comments=1))
    assert losses(corpus).get("records", 0) == n
    assert set(corpus.problems.place) <= {"below a"}


@pytest.mark.parametrize("what", ["null", "text", "an error"])
def test_what_stands_among_replies_of_the_bulk_downloader_is_told(corpus_of, what):
    corpus = corpus_of(bdfr_post(bdfr_comment("a"), ODD[what], bdfr_comment("b")))
    assert sorted(corpus.comments.index) == ["a", "b"]
    assert losses(corpus).get("records") == 1


def test_many_are_told_by_their_number(corpus_of):
    corpus = corpus_of([lesswrong_comment("c1"), *[None] * 1000])
    told = corpus.problems[corpus.problems.what.str.contains("stands? where a post or comment should")]
    assert len(told) == 21
    assert told.place.tolist()[0] == "record 2"
    assert losses(corpus)["records"] == 1000


def test_an_object_is_told_by_its_names(corpus_of):
    corpus = corpus_of([lesswrong_comment("c1"), {"message": "rate limited"}])
    assert "an object of 'message' stands where a post or comment should" in set(corpus.problems.what)


LEGITIMATE = {
    "pages, one of them empty": [[lesswrong_comment("c1")], []],
    "answers, one of them empty": [{"comments": [lesswrong_comment("c1")]}, {"comments": []}],
    "an issue and its comments": [issue(comments=1), [github_comment(11)]],
    "an issue and no comments": [issue(comments=0), []],
    "labels and people": issue(comments=0, labels=[{"name": "bug"}], assignees=[{"login": "ana"}], topics=["a", "b"]),
    "a timeline": [
        issue(comments=1),
        github_comment(11),
        {"event": "labeled", "label": {"name": "x"}, "actor": {"login": "ana"}},
        {"event": "committed", "message": "Brew"},
    ],
    "a timeline of GraphQL": issue(
        comments={"totalCount": 1, "nodes": [github_comment(11)]},
        timelineItems={"nodes": [{}, github_comment(11), {"__typename": "LabeledEvent"}]},
    ),
    "pages of Disqus": [answer(disqus_post(10)), answer()],
    "ids of replies": [story(kids=[2, 3]), item(2, parent=1), item(3, parent=1)],
    "listings": [listing({"kind": "t3", "data": {"id": "p", "title": "T", "selftext": "S"}}), listing()],
    "a topic and pages of posts": [topic(discourse_post(1)), {"latest_posts": []}],
}


@pytest.mark.parametrize("what", LEGITIMATE)
def test_what_may_stand_there_is_not_told(corpus_of, what):
    assert "records" not in losses(corpus_of(LEGITIMATE[what]))


def test_a_page_that_holds_an_error_is_told(corpus_of):
    corpus = corpus_of([{"comments": [lesswrong_comment("c1")]}, {"message": "rate limited"}])
    assert losses(corpus).get("records") == 1


def without(fields, *names):
    return {name: value for name, value in fields.items() if name not in names}


GITHUB_BARE = {"id": 19, "user": {"login": "bo"}, "body": "No."}
READABLE = {
    "disqus, no author": [disqus_post(11), without(disqus_post(19, message="<p>No.</p>"), "author")],
    "disqus, no time": [disqus_post(11), without(disqus_post(19, message="<p>No.</p>"), "createdAt")],
    "disqus, neither": [disqus_post(11), without(disqus_post(19, message="<p>No.</p>"), "author", "createdAt")],
    "github, no author": [github_comment(11), without(github_comment(19, "No."), "user")],
    "github, no link": [github_comment(11), GITHUB_BARE],
    "github, neither": [GITHUB_BARE | {"user": None}, github_comment(11)],
    "discourse, no number": [
        discourse_post(1),
        without(discourse_post(2, cooked="<p>No.</p>", id=19), "post_number"),
    ],
    "discourse, no number, first": [
        without(discourse_post(2, cooked="<p>No.</p>", id=19), "post_number"),
        discourse_post(1),
    ],
}


@pytest.mark.parametrize("what", READABLE)
def test_what_has_an_id_and_words_is_read(corpus_of, what):
    corpus = corpus_of(READABLE[what])
    assert corpus.comments.loc["19", "text"] == "No."
    assert "records" not in losses(corpus)
    assert len(set(corpus.comments.post_id)) == 1


def test_a_comment_without_thread_among_several_is_told(corpus_of):
    corpus = corpus_of([github_comment(11), github_comment(12, n=4), GITHUB_BARE], name="saved.json")
    assert corpus.comments.loc["19", "post_id"] == "saved"
    assert corpus.problems.what.str.contains("'19' names no thread").sum() == 1


def test_a_comment_of_disqus_without_words_keeps_its_place(corpus_of):
    corpus = corpus_of([disqus_post(11), without(disqus_post(12), "message"), disqus_post(13, parent=12)])
    assert corpus.comments.status.tolist() == ["live", "stub", "live"]
    assert corpus.comments.loc["13", "parent_id"] == "12"
    assert losses(corpus)["stubs"] == 1


def test_threads_of_disqus_are_no_comments(corpus_of):
    said = {"author": "7", "createdAt": "2012-03-04T05:06:07", "message": "Is tea safe?", "isDeleted": False}
    whole = {"id": "1", "title": "On tea", "link": "https://tea.example/a", "clean_title": "On tea", "slug": "a"}
    corpus = corpus_of([whole | said | {"likes": 1, "dislikes": 0, "forum": "t", "isSpam": False}, disqus_post(11)])
    assert list(corpus.comments.index) == ["11"]
    assert corpus.posts.loc["1", "text"] == "Is tea safe?"


@pytest.mark.parametrize("depth", [2_000, 20_000])
def test_nesting_without_end_is_searched_once(depth):
    record = {"id": 1}
    lists, inner = [], ["x", record]
    for _ in range(depth):
        lists.append(Listed(inner))
        inner = [{"below": inner}, None, dict(record)]
    lists.append(Listed(inner))
    begun = time.process_time()
    assert len(among(lists[::-1], [record])) == depth + 1 + depth
    assert time.process_time() - begun < depth / 4_000
