"""A field that holds another kind of value than it should is told, and not taken for one that is absent."""

import pandas as pd
import pytest
from reddit_shapes import t1, thread
from test_bdfr import comment as bdfr_comment
from test_bdfr import post as bdfr_post
from test_discourse_json import post as discourse_post
from test_discourse_json import topic
from test_disqus_json import post as disqus_post
from test_github_json import comment as github_comment
from test_github_json import issue
from test_hackernews_json import item, story
from test_lesswrong_json import comment as lesswrong_comment
from test_lesswrong_json import post as lesswrong_post

from threadkit.readers.values import absent

OWN = {"kind": "comment", "post_id": "p", "author": "Ana", "text": "No."}


def own(name, **fields):
    return OWN | {"id": name} | fields


# An export of a format with two comments, the second of which has some fields.
EXPORTS = {
    "lesswrong": lambda **odd: [lesswrong_post(), lesswrong_comment("1"), {**lesswrong_comment("2", "1"), **odd}],
    "disqus": lambda **odd: [disqus_post(1), {**disqus_post(2, parent=1), **odd}],
    "github": lambda **odd: [issue(), github_comment(1), github_comment(2, **odd)],
    "discourse": lambda **odd: topic(
        discourse_post(1, id=9), discourse_post(2, id=1), discourse_post(3, id=2, reply_to_post_number=2, **odd)
    ),
    "hackernews": lambda **odd: [story(), item(3, parent=1), {**item(2, parent=3), **odd}],
    "reddit": lambda **odd: thread(t1("1"), t1("2", **odd)),
    "bdfr": lambda **odd: bdfr_post(bdfr_comment("1"), bdfr_comment("2", **odd)),
    "own": lambda **odd: [own("1"), own("2", parent_id="1") | odd],
}
BODIES = {
    "lesswrong": "contents",
    "disqus": "message",
    "github": "body",
    "discourse": "cooked",
    "hackernews": "text",
    "own": "text",
}
AUTHORS = {
    "lesswrong": "user",
    "disqus": "author",
    "github": "user",
    "discourse": "username",
    "hackernews": "by",
    "reddit": "author",
    "bdfr": "author",
    "own": "author",
}
PARENTS = {
    "lesswrong": "parentCommentId",
    "disqus": "parent",
    "github": "in_reply_to_id",
    "hackernews": "parent",
    "reddit": "parent_id",
    "bdfr": "parent_id",
    "own": "parent_id",
}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_is_no_text_is_told_and_no_deleted_comment(corpus_of, name):
    corpus = corpus_of(EXPORTS[name](**{BODIES[name]: ["Words."]}))
    told = corpus.problems[corpus.problems.what.str.startswith(f"{BODIES[name]} is a list, not text")]
    assert told.severity.tolist() == ["error"]
    assert told.comment_id.tolist() == ["2"]
    assert corpus.comments.loc["2", "text"] == ""
    assert corpus.comments.loc["2", "status"] == ("deleted" if name == "own" else "stub")


@pytest.mark.parametrize("name", AUTHORS)
def test_an_author_that_is_none_is_told(corpus_of, name):
    corpus = corpus_of(EXPORTS[name](**{AUTHORS[name]: ["bob"]}))
    assert corpus.problems.what.str.startswith(f"{AUTHORS[name]} is a list, not").sum() == 1
    assert pd.isna(corpus.comments.loc["2", "author"])
    assert corpus.comments.loc["2", "status"] == "live"


@pytest.mark.parametrize("name", PARENTS)
def test_a_parent_that_is_none_is_told(corpus_of, name):
    corpus = corpus_of(EXPORTS[name](**{PARENTS[name]: {"id": "1"}}))
    told = corpus.problems[corpus.problems.what.str.startswith(f"{PARENTS[name]} is a dict, not")]
    assert told.severity.tolist() == ["warning"]
    assert corpus.sources[0]["lost"]["parents"] >= 1


def test_the_number_of_a_post_that_is_none_is_told(corpus_of):
    first, second = discourse_post(1), discourse_post(2, reply_to_post_number=[1])
    corpus = corpus_of(topic(first, second))
    assert corpus.problems.what.str.startswith("reply_to_post_number is a list, not a number").sum() == 1


@pytest.mark.parametrize("name", EXPORTS)
@pytest.mark.parametrize("nothing", [None, "", "nan"])
def test_what_is_absent_is_not_told(corpus_of, name, nothing):
    assert absent(nothing)
    fields = {one[name]: nothing for one in (BODIES, AUTHORS, PARENTS) if name in one}
    assert not corpus_of(EXPORTS[name](**fields)).problems.what.str.contains(r" is a \w+, not ", regex=True).any()


@pytest.mark.parametrize("inner", ["html", "markdown", "plaintextMainText"])
def test_contents_of_another_kind_are_told(corpus_of, inner):
    corpus = corpus_of([lesswrong_post(), {**lesswrong_comment("1"), "contents": {inner: ["Words."]}}])
    assert corpus.problems.what.str.startswith(f"{inner} is a list, not text").sum() == 1
    assert corpus.comments.loc["1", "status"] == "stub"
