"""Exports of one thread taken at different times are one thread: of every comment the newest version counts."""

import pytest
from reddit_shapes import t1, thread

from threadkit.readers.read import read


def lines(*comments):
    import json

    return "".join(json.dumps(comment["data"]) + "\n" for comment in comments)


OLD = t1("a", body="Tea, I think.", score=1, edited=False)
NEW = t1("a", body="Tea, I know.", score=9, edited=1.7e9)


@pytest.mark.parametrize("order", [(OLD, NEW), (NEW, OLD)])
@pytest.mark.parametrize("shape", ["thread", "archive", "both"])
def test_of_an_edited_comment_the_newest_counts(write, order, shape):
    for n, comment in enumerate(order):
        as_thread = shape == "thread" or (shape == "both" and n)
        write(f"x/{n}.json", thread(comment) if as_thread else lines(comment))
    comments = read(write("x/0.json", thread(order[0]) if shape == "thread" else lines(order[0])).parent).comments
    assert comments.text.to_dict() == {"a": "Tea, I know."}
    assert comments.karma.tolist() == [9]
    assert comments.posted_at.dt.year.tolist() == [2020]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_forums_own_dates_of_edits_tell_versions(write, order):
    shared = {"postId": "p", "postedAt": "2024-01-01T00:00:00Z", "user": {"displayName": "Ana"}, "baseScore": 1}
    versions = [
        {"_id": "c", "contents": {"html": "<p>Old.</p>"}, "lastEditedAt": None} | shared,
        {"_id": "c", "contents": {"html": "<p>New.</p>"}, "lastEditedAt": "2024-02-01T00:00:00Z"} | shared,
    ]
    for n, version in enumerate(order):
        path = write(f"x/{n}.json", [versions[version]])
    assert read(path.parent).comments.text.to_dict() == {"c": "New."}


@pytest.mark.parametrize("order", [(OLD, NEW), (NEW, OLD)])
def test_of_versions_in_one_archive_the_newest_counts(corpus_of, order):
    corpus = corpus_of(lines(t1("b"), *order, t1("c", "a")))
    assert corpus.comments.text.to_dict()["a"] == "Tea, I know."
    assert corpus.comments.loc["a", "karma"] == 9
    assert len(corpus.comments) == 3
    told = corpus.problems[corpus.problems.what.str.contains("stands twice with different text")]
    assert told.cure.str.contains("edited last").tolist() == [True]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_versions_of_a_post_in_one_file_the_newest_counts(corpus_of, order):
    shared = {"_id": "p", "title": "T", "postedAt": "2024-01-01T00:00:00Z", "user": {"displayName": "Ana"}}
    versions = [
        shared | {"contents": {"html": "<p>Old.</p>"}, "lastEditedAt": None},
        shared | {"contents": {"html": "<p>New.</p>"}, "lastEditedAt": "2024-02-01T00:00:00Z"},
    ]
    corpus = corpus_of([versions[n] for n in order])
    assert corpus.posts.text.to_dict() == {"p": "New."}
    assert set(corpus.problems.severity) == {"info"}


def test_where_no_date_tells_the_first_is_kept_and_told(write):
    for n, text in enumerate(("One.", "Two.")):
        record = {"kind": "comment", "id": "c", "post_id": "p", "site": "teahouse", "author": "Ana", "text": text}
        path = write(f"x/{n}.json", [record])
    corpus = read(path.parent)
    assert corpus.comments.text.to_dict() == {"c": "One."}
    assert corpus.problems.what.str.contains("with different text").sum() == 1


def test_a_deleted_version_never_hides_the_words(write):
    write("x/0.json", thread(NEW))
    path = write("x/1.json", thread(t1("a", body="[deleted]", author="[deleted]", edited=1.8e9)))
    comments = read(path.parent).comments
    assert comments.text.tolist() == ["Tea, I know."]
    assert comments.author.tolist() == ["user_a"]


LEMMY = {"creator_id": 1, "community_id": 5, "name": "Tea", "ap_id": "https://l.example/post/7", "id": 7}
EDITED = {
    "github": ("created_at", "updated_at", lambda text, times: [{"url": "https://api.github.com/repos/m/t/issues/3", "number": 3, "title": "T", "comments": 0, "body": text, "user": {"login": "ana"}, **times}]),
    "graphql": ("createdAt", "lastEditedAt", lambda text, times: [{"url": "https://github.com/m/t/issues/3", "number": 3, "title": "T", "comments": {"totalCount": 0}, "body": text, "author": {"login": "ana"}, **times}]),
    "lemmy": ("published", "updated", lambda text, times: {"posts": [{"post": {**LEMMY, "body": text, **times}, "creator": {"name": "ana"}}]}),
    "notes": ("published", "updated", lambda text, times: {"id": "https://l.example/post/7", "type": "Page", "name": "T", "attributedTo": "https://l.example/u/ana", "mediaType": "text/markdown", "content": text, **times}),
}  # fmt: skip


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize("forum", EDITED)
def test_every_forum_that_dates_its_edits_gives_the_newest(write, order, forum):
    written, edited, shape = EDITED[forum]
    times = {written: "2024-01-01T00:00:00Z"}
    versions = [
        shape("Old words.", {**times, edited: None}),
        shape("New words.", {**times, edited: "2024-02-01T00:00:00Z"}),
    ]
    for n, version in enumerate(order):
        path = write(f"x/{n}.json", versions[version])
    corpus = read(path.parent)
    assert corpus.posts.text.tolist() == ["New words."]
    assert set(corpus.problems.severity) == {"info"}


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_an_edited_answer_the_newest_counts(write, order):
    shared = 'ParentId="3" CreationDate="2012-03-05T00:00:00.000" OwnerUserId="1"'
    rows = [
        f'<row Id="4" PostTypeId="2" {shared} Body="&lt;p&gt;Old.&lt;/p&gt;" />',
        f'<row Id="4" PostTypeId="2" {shared} Body="&lt;p&gt;New.&lt;/p&gt;" LastEditDate="2013-01-01T00:00:00.000" />',
    ]
    for n, version in enumerate(order):
        path = write(f"tea.example.com/{n}/Posts.xml", f'<?xml version="1.0"?>\n<posts>\n{rows[version]}\n</posts>')
    assert read(path.parent.parent).comments.text.to_dict() == {"4": "New."}
