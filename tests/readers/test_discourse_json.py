import pandas as pd
import pytest

from threadkit.readers.read import read

AVATAR = "/user_avatar/talk.example.org/ines/{size}/1.png"


def post(n, **more):
    fields = {"id": 100 + n, "post_number": n, "topic_id": 7, "topic_slug": "tea", "username": f"user{n}"}
    fields |= {"cooked": f"<p>Words {n}.</p>", "post_type": 1, "reply_to_post_number": None, "actions_summary": []}
    return fields | {"created_at": "2024-03-01T10:00:00.000Z", "avatar_template": AVATAR, **more}


def quote(n, topic=7):
    head = f'<aside class="quote no-group" data-username="x" data-post="{n}" data-topic="{topic}">'
    return head + '<div class="title">x:</div><blockquote><p>Words.</p></blockquote></aside>'


def topic(*posts, stream=None, **more):
    stream = [post["id"] for post in posts] if stream is None else stream
    fields = {"id": 7, "title": "On tea", "slug": "tea", "posts_count": len(stream)}
    return {"post_stream": {"posts": list(posts), "stream": stream}, **fields, **more}


def test_a_topic_is_read_with_its_tree(corpus_of):
    likes = [{"id": 3, "count": 9}, {"id": 2, "count": 4}]
    corpus = corpus_of(
        topic(
            post(1),
            post(2, reply_to_post_number=1, actions_summary=likes, score=16.6),
            post(3, reply_to_post_number=2),
            post(4, cooked=quote(3) + "<p>No.</p>"),
            post(5, cooked=quote(3, topic=8) + quote(2) + "<p>Yes.</p>"),
        )
    )
    row = corpus.posts.loc["7"]
    assert (row.site, row.title, row.author, row.n_comments_stated) == ("talk.example.org", "On tea", "user1", 4)
    assert (row.url, row.text) == ("https://talk.example.org/t/tea/7", "Words 1.")
    comments = corpus.comments
    assert comments.parent_id.fillna("-").tolist() == ["-", "102", "103", "102"]
    assert comments.karma.tolist() == [4, 0, 0, 0]
    assert comments.loc["104", "text"] == "> Words.\n\nNo."
    assert comments.loc["103", "url"] == "https://talk.example.org/t/tea/7/3"
    assert corpus.problems.empty


def test_pages_in_any_order_make_one_topic(write, tmp_path):
    write("1.json", {"post_stream": {"posts": [post(4, reply_to_post_number=2), post(3)]}, "id": 7})
    write("2.json", {"post_stream": {"posts": [post(5, reply_to_post_number=4), post(4, reply_to_post_number=2)]}})
    write("3.json", topic(post(2), post(1), stream=[101, 102, 103, 104, 105, 106, 107]))
    corpus = read(tmp_path)
    assert len(corpus.posts) == 1
    assert corpus.posts.loc["7", ["title", "text"]].tolist() == ["On tea", "Words 1."]
    assert sorted(corpus.comments.index) == ["102", "103", "104", "105"]
    assert corpus.comments.loc[["102", "103", "104", "105"], "depth"].tolist() == [0, 0, 1, 2]
    assert corpus.problems[["severity", "what"]].to_numpy().tolist() == [
        ["info", f"comment '104' stands in {tmp_path.name}/1.json too"],
        ["error", "post '7': 2 of its 6 comments are not in the export"],
    ]


@pytest.mark.parametrize("fields", [{"hidden": True}, {"deleted_at": "2024-01-01"}, {"user_deleted": True}])
def test_deleted_posts_keep_their_place(corpus_of, fields):
    corpus = corpus_of(topic(post(1), post(2, **fields), post(3, reply_to_post_number=2)))
    assert corpus.comments.loc["102", ["status", "text"]].tolist() == ["deleted", ""]
    assert corpus.comments.loc["103", "parent_id"] == "102"


def test_notices_of_the_forum_are_no_comments(corpus_of):
    corpus = corpus_of(topic(post(1), post(2, post_type=3, cooked="", action_code="closed.enabled"), post(3)))
    assert list(corpus.comments.index) == ["103"]
    assert corpus.problems.severity.tolist() == ["info"]


def test_bots_and_pictures(corpus_of):
    corpus = corpus_of(topic(post(1), post(2, user_id=-1), post(3, username="discobot"), post(4, cooked="<img src=x>")))
    assert corpus.comments.status.tolist() == ["bot", "bot", "live"]


def test_raw_is_read_where_nothing_is_cooked(corpus_of):
    raw = '[quote="ines, post:2, topic:7"]\nTea is\nsafe.\n[/quote]\n\nIt is *not*. [spoiler]She lived.[/spoiler]'
    two = post(2, raw=raw)
    del two["cooked"]
    text = corpus_of(topic(post(1), two)).comments.loc["102", "text"]
    assert text == "> Tea is safe.\n\nIt is not. She lived."


@pytest.mark.parametrize("shape", ["list", "latest_posts", "posts", "stream only"])
def test_other_shapes_are_known(known_as, shape):
    content = {
        "list": [post(1), post(2)],
        "latest_posts": {"latest_posts": [post(2)]},
        "posts": {"posts": [post(2)]},
        "stream only": {"post_stream": {"stream": [1, 2], "posts": []}, "id": 3},
    }[shape]
    assert known_as(content) == ["discourse-json"]


def test_posts_of_many_topics_in_one_list(corpus_of):
    corpus = corpus_of([post(2), post(3, id=203, topic_id=8, topic_title="Coffee"), post(1)])
    assert corpus.comments.post_id.to_dict() == {"102": "7", "203": "8"}
    assert corpus.posts.loc["8", "title"] == "Coffee"


def test_a_number_that_is_both_a_topic_and_a_post_is_kept_apart(corpus_of):
    corpus = corpus_of(topic(post(1), post(2, id=7), post(3, reply_to_post_number=2)))
    assert list(corpus.comments.index) == ["talk.example.org:7", "103"]
    assert corpus.comments.loc["103", "parent_id"] == "talk.example.org:7"


def test_nulls_everywhere_become_rows_in_problems(corpus_of):
    corpus = corpus_of(
        topic(
            post(1),
            dict.fromkeys(post(2)),
            None,
            "x",
            {"id": 9},
            post(3, username=None, reply_to_post_number="1", actions_summary=None, created_at="soon"),
            post(4, actions_summary=[None, {"id": 2, "count": None}], post_number="4", topic_slug=None),
            stream=[101, None, "103"],
            title=None,
            posts_count=None,
        )
    )
    assert list(corpus.comments.index) == ["103", "104"]
    assert pd.isna(corpus.comments.loc["103", "author"])
    assert corpus.problems.severity.eq("error").sum() == 4
    assert corpus.problems.what.str.contains("posted_at is 'soon'").sum() == 1


@pytest.mark.parametrize("field", ["cooked", "raw"])
def test_emoji_become_characters_or_nothing(corpus_of, field):
    more = {"raw": "No :slight_smile: at 10:30:45, std::vector::x :beer:"} if field == "raw" else {}
    one = post(2, **more) if more else post(2, cooked='<p>No <img class="emoji" alt=":slight_smile:"></p>')
    if more:
        del one["cooked"]
    text = "No 🙂 at 10:30:45, std::vector::x" if more else "No 🙂"
    assert corpus_of(topic(post(1), one)).comments["text"].tolist() == [text]


def test_a_post_that_its_author_deleted_is_no_words(corpus_of):
    assert corpus_of(topic(post(1), post(2, cooked="<p>(post deleted by author)</p>"))).comments["status"].tolist() == [
        "deleted"
    ]
