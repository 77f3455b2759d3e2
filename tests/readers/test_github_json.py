import json

import orjson
import pandas as pd
import pytest

from threadkit.readers.read import read

API = "https://api.github.com/repos/mira/tea"
WEB = "https://github.com/mira/tea"


def user(login="ana", kind="User"):
    return {"login": login, "id": 7, "type": kind, "url": f"https://api.github.com/users/{login}"}


def issue(n=3, **more):
    known = {
        "url": f"{API}/issues/{n}",
        "html_url": f"{WEB}/issues/{n}",
        "id": 900 + n,
        "number": n,
        "title": "Too hot",
    }
    known |= {"user": user("mira"), "comments": 3, "created_at": "2024-05-01T10:00:00Z", "body": "It **burns**."}
    return {**known, "reactions": {"total_count": 4, "+1": 3, "-1": 1}, **more}


def comment(name, body="Fine.", n=3, **more):
    known = {"url": f"{API}/issues/comments/{name}", "html_url": f"{WEB}/issues/{n}#issuecomment-{name}", "id": name}
    known |= {"issue_url": f"{API}/issues/{n}", "user": user(), "created_at": "2024-05-02T10:00:00Z", "body": body}
    return {**known, "reactions": {"total_count": 0, "+1": 0, "-1": 0}, **more}


COMMENTS = [
    comment(11, "> It **burns**.\n\nNo."),
    comment(12, "Ping", user=user("stale[bot]", "Bot")),
    comment(13, user=None, reactions=None),
]
SHAPES = {
    "an envelope": {"issue": issue(), "comments": COMMENTS},
    "nested": {**issue(), "comments_data": COMMENTS},
    "one list": [issue(), *COMMENTS],
    "pages": [[issue()], COMMENTS[:2], COMMENTS[2:]],
    "one a line": "\n".join(json.dumps(one) for one in [issue(), *COMMENTS]),
    "a recording": [{"path": "/x", "response": [issue()]}, {"path": "/y", "response": COMMENTS}],
}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_rest_shape_gives_the_same_thread(corpus_of, known_as, shape):
    assert known_as(SHAPES[shape]) == ["github-json"]
    corpus = corpus_of(SHAPES[shape])
    post = corpus.posts.loc["mira/tea#3"]
    assert (post.site, post.title, post.author, post.karma) == ("GitHub", "Too hot", "mira", 2)
    assert (post.n_comments_stated, post.text, post.url) == (3, "It burns.", f"{WEB}/issues/3")
    comments = corpus.comments
    assert list(comments.index) == ["11", "12", "13"]
    assert comments.text.tolist() == ["> It burns.\n\nNo.", "Ping", "Fine."]
    assert comments.author.fillna("").tolist() == ["ana", "stale[bot]", ""]
    assert comments.status.tolist() == ["live", "bot", "live"]
    assert comments.karma.fillna(99).tolist() == [0, 0, 99]
    assert comments.posted_at.tolist()[0] == pd.Timestamp("2024-05-02T10:00:00Z")
    assert comments.parent_id.isna().all()
    assert corpus.problems.empty


def test_comments_alone_stand_under_their_issues(corpus_of, known_as):
    content = [comment(11), comment(12, n=4)]
    assert known_as(content) == ["github-json"]
    corpus = corpus_of(content)
    assert corpus.comments.post_id.tolist() == ["mira/tea#3", "mira/tea#4"]
    assert corpus.problems.what.str.contains("is not in the export, only comments under it").sum() == 2


def test_a_review_keeps_its_replies(corpus_of):
    link = {"pull_request_url": f"{API}/pulls/3", "issue_url": None}
    pull = issue(html_url=f"{WEB}/pull/3", url=f"{API}/pulls/3", comments=2)
    first = comment(21, html_url=f"{WEB}/pull/3#discussion_r21", url=f"{API}/pulls/comments/21", **link)
    second = comment(22, html_url=f"{WEB}/pull/3#discussion_r22", in_reply_to_id=21, **link)
    corpus = corpus_of([pull, first, second])
    assert corpus.comments.parent_id.fillna("").tolist() == ["", "21"]
    assert set(corpus.comments.post_id) == {"mira/tea#3"}


def node(name, body="Fine.", kind="issuecomment", at="issues", **more):
    known = {"id": f"IC_{name}", "databaseId": name, "url": f"{WEB}/{at}/3#{kind}-{name}", "author": {"login": "ana"}}
    return {**known, "body": body, "createdAt": "2024-05-02T10:00:00Z", "isMinimized": False, **more}


def graph(at, kind, **more):
    thread = {"id": "I_1", "number": 3, "title": "Too hot", "url": f"{WEB}/{at}/3", "body": "It **burns**."}
    thread |= {"author": {"login": "mira"}, "createdAt": "2024-05-01T10:00:00Z", **more}
    return {"data": {"repository": {kind: thread}}}


def test_graphql_of_an_issue_is_read(corpus_of, known_as):
    groups = [
        {"content": "THUMBS_UP", "users": {"totalCount": 5}},
        {"content": "THUMBS_DOWN", "users": {"totalCount": 7}},
    ]
    nodes = [
        node(11, reactionGroups=groups),
        node(12, isMinimized=True, minimizedReason="off-topic"),
        node(13, author=None),
    ]
    content = graph("issues", "issue", comments={"totalCount": 9, "nodes": nodes})
    assert known_as(content) == ["github-json"]
    corpus = corpus_of(content)
    assert corpus.posts.loc["mira/tea#3", ["author", "n_comments_stated"]].tolist() == ["mira", 9]
    assert corpus.comments.karma.fillna(99).tolist() == [-2, 99, 99]
    assert corpus.comments.author.fillna("").tolist() == ["ana", "ana", ""]
    assert corpus.problems[corpus.problems.what.str.contains("off-topic")].comment_id.tolist() == ["12"]
    assert corpus.problems.what.str.contains("6 of its 9 comments").sum() == 1


def test_graphql_of_a_discussion_keeps_its_replies(corpus_of):
    reply = node(12, kind="discussioncomment", at="discussions", replyTo={"id": "IC_11"})
    deep = node(13, kind="discussioncomment", at="discussions")
    head = node(11, kind="discussioncomment", at="discussions", upvoteCount=4, replies={"nodes": [reply, deep]})
    corpus = corpus_of(graph("discussions", "discussion", comments={"totalCount": 1, "nodes": [head]}))
    assert corpus.comments.parent_id.fillna("").tolist() == ["", "11", "11"]
    assert corpus.comments.karma.fillna(99).tolist() == [4, 99, 99]


def test_what_the_command_line_prints_is_read(corpus_of):
    listed = [node(11), node(12, author={"login": "ghost"})]
    corpus = corpus_of(graph("issues", "issue", comments=listed)["data"]["repository"]["issue"])
    assert corpus.comments.author.fillna("").tolist() == ["ana", ""]
    assert corpus.posts.n_comments_stated.isna().all()


def test_a_picture_is_no_deleted_comment_and_an_empty_body_is(corpus_of):
    corpus = corpus_of([issue(), comment(11, "![](https://example.org/a.png)"), comment(12, ""), comment(13, None)])
    assert corpus.comments.status.tolist() == ["live", "deleted", "deleted"]


def test_a_cut_export_keeps_what_stands_before_the_cut(corpus_of):
    text = json.dumps([issue(), comment(11), comment(12, "A long one that is cut.")])
    corpus = corpus_of(text[: text.index("that is cut")])
    assert list(corpus.comments.index) == ["11"]
    assert corpus.problems.what.str.contains("'12' is cut off before its text").sum() == 1


def test_a_real_recording_gives_every_issue(shared):
    path = shared / "exports" / "github" / "octokit_paginate_issues_raw.json"
    stated = {}
    stack = [orjson.loads(path.read_bytes())]
    while stack:
        value = stack.pop()
        if isinstance(value, dict) and "number" in value and "node_id" in value:
            stated[value["number"]] = value
        stack += value if isinstance(value, list) else value.values() if isinstance(value, dict) else []
    corpus = read(path)
    assert len(corpus.posts) == len(stated) == 13
    for n, value in stated.items():
        row = corpus.posts[corpus.posts.url == value["html_url"]].iloc[0]
        assert row.name.endswith(f"#{n}")
        assert (row.title, row.author, row.n_comments_stated) == (
            value["title"],
            value["user"]["login"],
            value["comments"],
        )
        assert row.posted_at == pd.Timestamp(value["created_at"])


def test_comments_and_threads_need_no_address(corpus_of):
    said = {"id": "IC_1", "author": {"login": "bo"}, "body": "No."}
    thread = {"number": 3, "title": "Too hot", "body": "It burns.", "author": {"login": "mira"}}
    addressed = said | {"url": f"{WEB}/issues/3#issuecomment-11"}
    for comments, post_id, name in (
        ([addressed], "mira/tea#3", "11"),
        ({"nodes": [said]}, "thread#3", "IC_1"),
        ([said, addressed | {"id": "IC_2"}], "mira/tea#3", "IC_1"),
    ):
        corpus = corpus_of(thread | {"comments": comments})
        assert corpus.posts.index.tolist() == [post_id]
        assert (corpus.comments.index[0], corpus.comments["post_id"].iloc[0]) == (name, post_id)


def test_a_company_s_own_github_may_have_any_host(corpus_of):
    text = json.dumps([comment(11)]).replace("https://api.github.com/", "https://git.example/api/v3/")
    assert corpus_of(text.replace("github.com", "git.example")).posts.index.tolist() == ["mira/tea#3"]


def test_a_review_without_words_is_not_deleted(corpus_of):
    review = {"id": 80, "user": user(), "body": "", "state": "APPROVED", "submitted_at": "2024-05-02T10:00:00Z"}
    row = corpus_of([review | {"html_url": f"{WEB}/pull/3#pullrequestreview-80", "pull_request_url": f"{API}/pulls/3"}])
    assert row.comments[["status", "posted_at"]].iloc[0].tolist() == ["live", pd.Timestamp("2024-05-02T10:00Z")]
