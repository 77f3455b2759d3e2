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
