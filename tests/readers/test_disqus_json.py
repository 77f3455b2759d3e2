import json

import pandas as pd
import pytest

THREAD = {
    "id": "1",
    "forum": "teatimes",
    "title": "On tea",
    "link": "https://tea.example/on-tea",
    "clean_title": "On tea",
}


def post(n, parent=None, message="<p>Words.</p>", name="Ana", username="ana", **more):
    author = {"name": name, "isAnonymous": not username} | ({"username": username} if username else {})
    fields = {"id": str(n), "forum": "teatimes", "thread": "1", "parent": parent, "author": author, "points": n}
    fields |= {"isApproved": True, "isDeleted": False, "isSpam": False, "createdAt": "2012-03-04T05:06:07"}
    return fields | {"message": message} | more


def answer(*posts, **cursor):
    return {"cursor": {"hasNext": False, "next": "9:0:0"} | cursor, "code": 0, "response": list(posts)}


def test_threads_and_replies_are_read(corpus_of):
    body = "<blockquote>Tea is safe</blockquote><p>No: <a href='https://e.example'>see</a></p>"
    thread = THREAD | {"posts": 2, "message": "<p>Is tea safe?</p>", "createdAt": "2012-03-01T00:00:00"}
    corpus = corpus_of(answer(post(10, thread=thread), post(11, parent=10, message=body, name="Bo", username="bo")))
    row = corpus.posts.loc["1"]
    assert (row.site, row.title, row.url) == ("tea.example", "On tea", "https://tea.example/on-tea")
    assert (row.text, row.n_comments_stated) == ("Is tea safe?", 2)
    found = corpus.comments.loc["11", ["parent_id", "author", "text", "karma", "url"]].tolist()
    address = "https://tea.example/on-tea#comment-11"
    assert found == ["10", "Bo", "> Tea is safe\n\nNo: [see](https://e.example)", 11, address]
    assert corpus.comments.loc["10", "posted_at"] == pd.Timestamp("2012-03-04T05:06:07Z")
    assert corpus.problems.empty


@pytest.mark.parametrize(
    "wrap",
    [
        lambda posts: posts,
        lambda posts: answer(*posts),
        lambda posts: {"response": {"posts": posts, "thread": THREAD}},
        lambda posts: "\n".join(map(json.dumps, posts)),
        lambda posts: "\n".join(json.dumps(answer(one)) for one in posts),
    ],
)
def test_every_envelope_is_read(corpus_of, known_as, wrap):
    content = wrap([post(10), post(11, parent=10.0), post(12, parent="11")])
    assert known_as(content) == ["disqus-json"]
    rows = corpus_of(content).comments
    assert rows.parent_id.fillna("-").tolist() == ["-", "10", "11"]
    assert set(rows.post_id) == {"1"}


def test_deleted_spam_pending_and_pictures(corpus_of):
    gone = [post(11, isDeleted=True), post(12, isSpam=True), post(13, isApproved=False), post(14, message="")]
    more = [post(15, message="<img src='x'>"), post(16, parent=11), post(17, isDeletedByAuthor=True)]
    rows = corpus_of(answer(*gone, *more)).comments
    assert rows.status.tolist() == ["deleted", "removed", "removed", "deleted", "live", "live", "deleted"]
    assert rows.loc["16", "parent_id"] == "11"
    assert set(rows.text) == {"", "Words."}


def test_a_post_as_typed_stands_in_for_its_html(corpus_of):
    typed = {"message": None, "raw_message": "One <i>two</i>\nthree & four\n\n<blockquote>five</blockquote>six"}
    rows = corpus_of(answer(post(10, **typed), post(11))).comments
    assert rows.loc["10", "text"] == "One two\nthree & four\n\n> five\n\nsix"


def test_likes_without_points_and_neither(corpus_of):
    votes = [
        post(10, points=None, likes=5, dislikes="2"),
        post(11, points=None, isFlagged=False),
        post(12, points="-3"),
    ]
    rows = corpus_of(answer(*votes)).comments
    assert rows.karma.astype(object).where(rows.karma.notna(), None).tolist() == [3, None, -3]


def test_people_of_one_name_are_told_apart(corpus_of):
    posts = [
        post(10, name="Bo", username="bo1"),
        post(11, name="Bo", username="bo2"),
        post(12, name="Bo", username="bo1"),
        post(13, name="Guest", username=""),
        post(14, author={"name": "Cy", "isAnonymous": True, "emailHash": "a"}),
        post(15, author={"name": "Cy", "isAnonymous": True, "emailHash": "b"}),
    ]
    rows = corpus_of(answer(*posts)).comments
    assert rows.author.fillna("-").tolist() == ["Bo (bo1)", "Bo (bo2)", "Bo (bo1)", "-", "Cy (guest 1)", "Cy (guest 2)"]


def test_further_pages_and_errors_are_told(corpus_of):
    problems = corpus_of(answer(post(10), hasNext=True)).problems
    told = problems[problems.what.str.contains("next page")]
    assert told.cure.str.contains("cursor=9:0:0").tolist() == [True]
    both = "\n".join(json.dumps(one) for one in (answer(post(10)), {"code": 2, "response": "Invalid API key"}))
    problems = corpus_of(both).problems
    assert problems[problems.severity == "error"].what.str.contains("Invalid API key").sum() == 1


def test_what_cannot_be_used_is_told(corpus_of):
    corpus = corpus_of([post(10), post(11) | {"id": None}, post(12) | {"thread": None}, 3, None])
    assert sorted(corpus.comments.index) == ["10", "12"]
    assert corpus.problems.what.str.contains("has no id").sum() == 1
    assert corpus.problems.what.str.contains("names no thread").sum() == 1


def test_a_cut_file_keeps_its_whole_comments(corpus_of):
    text = json.dumps(answer(post(10), post(11, message="<p>No.</p>")))
    corpus = corpus_of(text[: text.index("No.") - 12])
    assert list(corpus.comments.index) == ["10"]
    assert corpus.problems.severity.eq("error").any()


@pytest.mark.parametrize("content", [{"response": []}, {"response": [{"id": 1, "message": "x"}]}, [THREAD], [[]], {}])
def test_strangers_are_not_claimed(known_as, content):
    assert "disqus-json" not in known_as(content)


def test_an_address_that_is_none_is_kept_and_names_no_site(corpus_of):
    thread = THREAD | {"link": "http://[object Object]/a"}
    row = corpus_of(answer(post(10, thread=thread))).posts.loc["1"]
    assert (row.site, row.url) == ("teatimes", "http://[object Object]/a")
