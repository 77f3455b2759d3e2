import json

import pandas as pd
import pytest

from threadkit.readers.read import read


def post(name="post1", **more):
    fields = {
        "_id": name,
        "title": "Tea is safe",
        "slug": "tea",
        "postedAt": "2024-02-01T10:00:00.000Z",
        "baseScore": 40,
    }
    fields |= {"pageUrl": f"https://www.lesswrong.com/posts/{name}/tea", "contents": {"html": "<p>Tea is safe.</p>"}}
    return fields | {"afBaseScore": 9, "user": {"displayName": "Mira Lund", "slug": "mira"}, **more}


def comment(name, parent=None, **more):
    fields = {"_id": name, "postId": "post1", "parentCommentId": parent, "postedAt": "2024-02-02T10:00:00.000Z"}
    fields |= {"contents": {"html": f"<p>Reply {name}.</p>"}, "baseScore": 3, "user": {"username": f"u_{name}"}}
    return fields | more


def test_posts_and_comments_mixed_in_one_list(corpus_of):
    corpus = corpus_of([comment("c2", "c1"), post(commentCount=2), comment("c1")])
    row = corpus.posts.loc["post1"]
    assert row.tolist() == [
        "LessWrong",
        "https://www.lesswrong.com/posts/post1/tea",
        "Tea is safe",
        "Mira Lund",
        pd.Timestamp("2024-02-01T10:00Z"),
        40,
        9,
        2,
        "Tea is safe.",
    ]
    assert corpus.comments.loc["c2", ["parent_id", "depth", "author", "text"]].tolist() == [
        "c1",
        1,
        "u_c2",
        "Reply c2.",
    ]
    assert corpus.comments.loc["c1", "url"] == "https://www.lesswrong.com/posts/post1/tea?commentId=c1"
    assert corpus.problems.empty


ENVELOPES = {
    "comments": lambda: {"data": {"comments": {"results": [comment("c1"), comment("c2", "c1")]}}},
    "posts": lambda: {"data": {"posts": {"results": [post(comments=[comment("c1"), comment("c2", "c1")])]}}},
    "post": lambda: {"data": {"post": {"result": post(comments=[comment("c1"), comment("c2", "c1")])}}},
    "comment": lambda: {"data": {"comment": {"result": comment("c1", latestChildren=[comment("c2", "c1")])}}},
    "bare": lambda: [comment("c1"), comment("c2", "c1")],
    "one": lambda: comment("c1", comments=[comment("c2")]),
    "lines": lambda: "\n".join(json.dumps(value) for value in (comment("c1"), comment("c2", "c1"))),
    "both": lambda: {
        "data": {"post": {"result": post()}, "comments": {"results": [comment("c1"), comment("c2", "c1")]}}
    },
}


@pytest.mark.parametrize("shape", ENVELOPES)
def test_every_envelope_is_known_and_read(corpus_of, known_as, shape):
    content = ENVELOPES[shape]()
    assert known_as(content) == ["lesswrong-json"]
    corpus = corpus_of(content)
    assert list(corpus.comments.index) == ["c1", "c2"]
    assert corpus.comments.depth.tolist() == [0, 1]
    assert set(corpus.comments.post_id) == {"post1"}


def test_nested_comments_that_name_neither_post_nor_parent(corpus_of):
    inner = {"_id": "c2", "contents": {"html": "<p>In.</p>"}, "baseScore": 1}
    outer = {"_id": "c1", "contents": {"html": "<p>Out.</p>"}, "baseScore": 1, "comments": [inner]}
    corpus = corpus_of(post(comments=[outer]))
    assert corpus.comments[["post_id", "depth"]].to_numpy().tolist() == [["post1", 0], ["post1", 1]]


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://www.lesswrong.com/posts/post1/t", "LessWrong"),
        ("https://forum.effectivealtruism.org/posts/post1/t", "EA Forum"),
        ("https://www.alignmentforum.org/posts/post1/t", "Alignment Forum"),
        ("https://forum.example.org/posts/post1/t", "lesswrong-like"),
        ("https://[broken/", "lesswrong-like"),
        (None, "lesswrong-like"),
    ],
)
def test_the_site_is_read_off_the_address(corpus_of, url, site):
    assert corpus_of([post(pageUrl=url), comment("c1")]).posts.loc["post1", "site"] == site


@pytest.mark.parametrize(
    ("extended", "agreement"),
    [
        (None, None),
        ({}, None),
        ({"approvalVoteCount": 4, "agreement": -7, "agreementVoteCount": 5}, -7),
        ({"agreement": 0, "reacts": {"agree": [{"userId": "u", "quotes": []}]}}, 0),
        ({"usersWhoLiked": [{"_id": "u"}], "reacts": {}}, None),
        ({"agree": 5, "disagree": 8}, -3),
        ({"agree": 2}, 2),
        ({"disagree": None, "agree": None}, None),
        ('{"agreement": 6}', 6),
        ([1], None),
        ({"agreement": "\u22124"}, -4),
    ],
)
def test_every_shape_of_the_extended_score(corpus_of, extended, agreement):
    got = corpus_of([post(), comment("c1", extendedScore=extended)]).comments.loc["c1", "agreement"]
    assert pd.isna(got) if agreement is None else got == agreement


@pytest.mark.parametrize(
    ("system", "extended", "agreement"),
    [
        ("twoAxis", {"approvalVoteCount": 1}, 0),
        ("namesAttachedReactions", {"reacts": {}}, 0),
        ("twoAxis", None, None),
        ("default", {"agreement": 0}, None),
        ("reactionsAndLikes", {"usersWhoLiked": [], "agreement": 0}, None),
        ("eaEmojis", {"agree": 3, "disagree": 1, "approvalVoteCount": 4}, 2),
    ],
)
def test_the_way_of_voting_tells_no_agreement_from_none_yet(corpus_of, system, extended, agreement):
    fields = {"votingSystem": system, "extendedScore": extended}
    got = corpus_of([post(), comment("c1", **fields)]).comments.loc["c1", "agreement"]
    assert pd.isna(got) if agreement is None else got == agreement


def test_comments_on_an_answer_and_comments_that_tell_only_their_branch(corpus_of):
    loose = {"parentCommentId": None, "topLevelCommentId": "c1"}
    rows = [comment("c1", answer=True), comment("c2", parentAnswerId="c1"), comment("c3", **loose), comment("c4")]
    rows.append({key: value for key, value in comment("c5", **loose).items() if key != "parentCommentId"})
    corpus = corpus_of([post(), *rows])
    assert corpus.comments.parent_id.fillna("-").to_dict() == {"c1": "-", "c2": "c1", "c3": "-", "c4": "-", "c5": "c1"}
    told = corpus.problems[corpus.problems.comment_id == "c5"]
    assert told.cure.str.contains("parentCommentId").tolist() == [True]
    assert corpus.sources[0]["lost"] == {"parents": 1}


def test_drafts_of_the_old_editor_are_read(corpus_of):
    blocks = [
        {"text": "Tea <is> safe", "type": "blockquote"},
        {"text": "No:", "type": "unstyled"},
        {"text": "hot", "type": "unordered-list-item"},
        {"text": "cups", "type": "unordered-list-item"},
        None,
    ]
    for data in ({"blocks": blocks, "entityMap": {}}, json.dumps({"blocks": blocks})):
        contents = {"originalContents": {"type": "draftJS", "data": data}}
        row = corpus_of([post(), comment("c1", contents=contents)]).comments.loc["c1"]
        assert (row.status, row.text) == ("live", "> Tea <is> safe\n\nNo:\n\n- hot\n- cups")


def test_a_body_in_no_known_shape_is_no_deleted_comment(corpus_of):
    for contents in ({"wordCount": 4}, {"originalContents": {"type": "strange", "data": "x"}}, {}):
        assert corpus_of([post(), comment("c1", contents=contents)]).comments.status.tolist() == ["stub"]


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"deleted": True, "contents": None}, "deleted"),
        ({"deleted": False, "contents": None}, "deleted"),
        ({"deletedPublic": True}, "deleted"),
        ({"rejected": True}, "removed"),
        ({"draft": True}, "removed"),
        ({"spam": True}, "removed"),
        ({"userId": "tBchiz3RM7rPwujrJ"}, "bot"),
        ({"user": {"displayName": "Review Bot"}}, "bot"),
        ({"retracted": True}, "live"),
        ({"contents": {"html": "<img src=x>"}}, "live"),
    ],
)
def test_what_a_comment_has_become(corpus_of, fields, status):
    row = corpus_of([post(), comment("c1", **fields)]).comments.loc["c1"]
    assert row.status == status
    assert (row.text == "Reply c1.") == (status in {"live", "bot"} and "contents" not in fields)


def test_a_body_that_was_not_asked_for_makes_a_stub(corpus_of):
    bare = {"_id": "c1", "postId": "post1", "baseScore": 1, "postedAt": "2024-02-02T10:00:00.000Z"}
    assert corpus_of([post(), bare]).comments.loc["c1", "status"] == "stub"


@pytest.mark.parametrize(
    "fields", [{"user": None}, {"user": {"displayName": "X", "deleted": True}}, {"hideAuthor": True}]
)
def test_authors_that_are_hidden_or_gone_are_unknown(corpus_of, fields):
    assert pd.isna(corpus_of([post(), comment("c1", **fields)]).comments.loc["c1", "author"])


def test_hidden_karma_is_unknown(corpus_of):
    on_comment = corpus_of([post(), comment("c1", hideKarma=True, afBaseScore=2)]).comments.loc["c1"]
    assert on_comment[["karma", "af_karma"]].isna().all()
    on_post = corpus_of([comment("c1"), post(hideCommentKarma=True)])
    assert on_post.comments.karma.isna().all()
    assert on_post.posts.loc["post1", "karma"] == 40


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"contents": {"html": "<p>A</p>", "markdown": "B"}, "htmlBody": "C"}, "A"),
        ({"contents": {"html": None, "markdown": "B"}, "htmlBody": "<p>C</p>"}, "C"),
        ({"contents": {"markdown": "> B\n\n*D*", "plaintextMainText": "E"}}, "> B\n\nD"),
        ({"contents": {"plaintextMainText": "E"}}, "E"),
        ({"contents": None, "htmlBody": "<blockquote>F</blockquote>"}, "> F"),
        (
            {"contents": {"originalContents": {"type": "ckEditorMarkup", "data": "<p><i>G</i></p>"}, "markdown": "B"}},
            "G",
        ),
        ({"contents": {"originalContents": {"type": "markdown", "data": "*H*"}, "agentMarkdown": "J"}}, "H"),
        ({"contents": {"agentMarkdown": "> J", "plaintextMainText": "E"}}, "> J"),
    ],
)
def test_the_best_body_is_taken(corpus_of, body, text):
    corpus = corpus_of([post(), comment("c1", **body)])
    assert corpus.comments.loc["c1", "text"] == text
    assert corpus.problems.what.str.contains("dropped every quote").any() == (text == "E")


def test_comments_of_a_wiki_page_stand_under_it(corpus_of):
    corpus = corpus_of([comment("c1", postId=None, tagId="tag9", tag={"name": "Tea"})])
    assert corpus.comments.loc["c1", "post_id"] == "tag9"
    assert corpus.posts.loc["tag9", "title"] == "Tea"


def test_comments_that_name_no_post_stand_under_the_only_one(corpus_of):
    lost = comment("c1")
    del lost["postId"]
    assert corpus_of([lost, post()]).comments.loc["c1", "post_id"] == "post1"
    alone = corpus_of([lost], name="saved page.json")
    assert alone.comments.loc["c1", "post_id"] == "saved page"
    assert alone.problems.what.str.contains("names no post").any()


def test_the_deficit_is_told(corpus_of):
    corpus = corpus_of([post(commentCount=5), comment("c1")])
    [row] = corpus.problems.itertuples()
    assert (row.severity, row.what) == ("error", "post 'post1': 4 of its 5 comments are not in the export")


def test_nulls_everywhere_become_rows_in_problems(corpus_of):
    nothing = dict.fromkeys(comment("x"))
    corpus = corpus_of([nothing, dict.fromkeys(post()), comment("c1"), None, 7, comment(""), {"postId": 3, "_id": 4}])
    assert list(corpus.comments.index) == ["c1", "4"]
    assert corpus.problems.severity.eq("error").sum() == 5


def test_errors_of_the_forum_are_told(corpus_of):
    content = {"errors": [{"message": "too many"}], "data": {"comments": {"results": [comment("c1")]}}}
    assert corpus_of(content).problems.what.str.contains("too many").any()


def test_a_cut_export_keeps_what_stands_before_the_cut(corpus_of):
    text = json.dumps({"data": {"comments": {"results": [comment("c1"), comment("c2"), comment("c3")]}}})
    corpus = corpus_of(text[: text.index("Reply c3")])
    assert list(corpus.comments.index) == ["c1", "c2"]
    assert corpus.problems.what.str.contains("'c3' is cut off before its text").sum() == 1


def test_karma_that_a_post_hides_stays_hidden_in_another_file(write, tmp_path):
    write("a/1.json", [comment("c1")])
    write("a/2.json", [post(hideCommentKarma=True)])
    corpus = read(tmp_path / "a")
    assert corpus.comments["karma"].isna().all()
    assert corpus.posts["karma"].tolist() == [40]
