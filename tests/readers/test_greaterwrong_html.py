import pandas as pd
import pytest

POST = "AbCdEfGhIjKlMnOpQ"
IDS = [f"{letter}" * 17 for letter in "abcdefgh"]
HEAD = f"""<!DOCTYPE html><html><head><title>Tea or coffee? - LessWrong 2.0 viewer</title></head>
<body class="theme-default"><nav id="primary-bar" class="nav-bar nav-bar-top"><a class="nav-inner" href="/">Home</a></nav>
<main class="post"><h1 class="post-title">Tea or coffee?</h1><div class="post-meta top-post-meta"><a class="author"
href="/users/mira" data-userid="u1" data-full-name="Mira M">Mira</a> <span class="date hide-until-init"
data-js-date=1680307200000>1 Apr 2023 0:00 UTC</span><div class="karma voting-controls" data-post-id='{POST}'>
<span class="karma-value" title="300 votes">LW: 230 AF: 79</span></div><a class="comment-count" href="#comments">1,022
<span> comments</span></a><a class="lw2-link" href="https://www.lesswrong.com/posts/{POST}/tea-or-coffee">LW<span> link
</span></a></div><div class="body-text post-body"><p>Tea is better.</p></div></main><div id="comments" class="comments">"""


def li(name, karma, *below, agreement="", body="<p>Words.</p>", who="Ana", parent=None, classes="", more=""):
    user = (
        '<span class="author">[deleted]</span>'
        if who is None
        else (f'<a class="author" href="/users/x" data-userid="u2" data-full-name="{who} Full">{who}</a>')
    )
    voted = (
        f"""<div class="karma voting-controls"><button type="button" class="vote upvote"></button><span
    class="karma-value" title="5 votes">{karma}</span></div>"""
        if karma
        else ""
    )
    axis = (
        f"""<div class="agreement voting-controls" data-vote-axis='agreement'><span class="karma-value">{agreement}</span>
    </div>"""
        if agreement
        else ""
    )
    link = f'<a class="comment-parent-link" href="{parent}">Parent</a>' if parent else ""
    inner = f'<ul class="comment-thread">{"".join(below)}</ul>' if below else ""
    return f"""<li id="comment-{name}" class="comment-item depth-odd"><div class="comment{classes}" data-post-id="{POST}">
    <div class="comment-meta">{user}<a class="date" href="/posts/{POST}/t#comment-{name}" data-js-date=1680400000000>2 Apr
    2023<script async src='data:text/javascript,prettyDate()'></script></a>{voted}{axis}<a class="permalink"
    href="/posts/{POST}/t/comment/{name}"></a><a class="lw2-link" href="https://www.lesswrong.com/posts/{POST}/t?commentId={name}">
    </a>{more}{link}<div class="comment-child-links">Replies: <a href="#comment-zzz">&gt;Bo</a></div></div>
    <div class="body-text comment-body">{body}</div></div>{inner}</li>"""


GONE = """<div class="comment deleted-comment"><div class="comment-meta"><span class="deleted-meta">[ ]</span></div>
<div class="body-text comment-body">[deleted]</div></div>"""
PAGE = (
    HEAD
    + '<ul class="comment-thread">'
    + li(IDS[0], "12<span> points</span>",
         li(IDS[1], "−2<span> points</span>", agreement="−3", parent=f"#comment-{IDS[0]}"),
         '<input type="checkbox" id="expand-x"><label for="expand-x">Expand this thread</label>',
         li(IDS[2], "LW: 12 AF: 5", agreement="1,004", who=None),
         body="<blockquote><p>Tea is better.</p></blockquote><p>No.</p>")
    + f'<li id="comment-{IDS[3]}" class="comment-item depth-odd">{GONE}<ul class="comment-thread">'
    + li(IDS[4], "−1,234<span> points</span>", agreement="12\u200a∶\u200a5", classes=" retracted")
    + "</ul></li>"
    + li(IDS[5], "", agreement="4")
    + "</ul></div></body></html>"
)  # fmt: skip


@pytest.fixture
def page(corpus_of):
    return corpus_of(PAGE, "page.html")


def test_the_post_is_read(page, known_as):
    assert known_as(PAGE) == ["greaterwrong-html"]
    post = page.posts.loc[POST]
    assert (post.site, post.title, post.author) == ("LessWrong", "Tea or coffee?", "Mira")
    assert (post.karma, post.af_karma, post.n_comments_stated, post.text) == (230, 79, 1022, "Tea is better.")
    assert post.posted_at == pd.Timestamp("2023-04-01T00:00:00Z")
    assert post.url.endswith(f"{POST}/tea-or-coffee")


def test_comments_have_words_scores_and_parents(page):
    comments = page.comments
    assert list(comments.index) == IDS[:6]
    assert comments.karma.fillna(99).tolist() == [12, -2, 12, 99, -1234, 99]
    assert comments.af_karma.fillna(99).tolist() == [99, 99, 5, 99, 99, 99]
    assert comments.agreement.fillna(99).tolist() == [99, -3, 1004, 99, 7, 4]
    assert comments.author.fillna("").tolist() == ["Ana", "Ana", "", "", "Ana", "Ana"]
    assert comments.parent_id.fillna("").tolist() == ["", IDS[0], IDS[0], "", IDS[3], ""]
    assert comments.status.tolist() == ["live", "live", "live", "deleted", "live", "live"]
    assert comments.text.tolist()[0] == "> Tea is better.\n\nNo."
    assert comments.posted_at.tolist()[0] == pd.Timestamp("2023-04-02T01:46:40Z")
    assert comments.url.tolist()[1].endswith(f"commentId={IDS[1]}")
    assert page.problems[page.problems.what.str.contains("took the comment back")].comment_id.tolist() == [IDS[4]]


def test_a_flat_page_has_the_parents_that_its_links_name(corpus_of):
    rows = li(IDS[0], "1<span> point</span>") + li(IDS[1], "2<span> points</span>", parent=IDS[0])
    corpus = corpus_of(HEAD + f"<ul>{rows}</ul>", "flat.html")
    assert corpus.comments.parent_id.fillna("").tolist() == ["", IDS[0]]


def test_a_users_page_names_the_posts(corpus_of, known_as):
    title = f"""<div class="comment-post-title"><span class="comment-in-reply-to">in reply to: <a href="/users/bo"
    class="inline-author">Bo</a>’s <a href="/posts/{POST}/t#comment-{IDS[1]}">comment</a></span>
    <span class="comment-post-title2">on: <a href="/posts/{POST}/t">Rain and sun</a></span></div>"""
    content = (
        '<html><body><a class="nav-inner">x</a>' + li(IDS[0], "1<span> point</span>", more=title) + "</body></html>"
    )
    assert known_as(content) == ["greaterwrong-html"]
    corpus = corpus_of(content, "user.html")
    assert corpus.posts.title.to_dict() == {POST: "Rain and sun"}
    assert corpus.problems.what.str.contains(f"answers '{IDS[1]}', which the export does not hold").sum() == 1


def test_the_page_joins_the_forums_own_export(write, tmp_path):
    from threadkit.readers.read import read

    write("1.html", PAGE)
    write("2.json", [{"_id": IDS[1], "postId": POST, "parentCommentId": IDS[0], "contents": {"html": "<p>Words.</p>"}}])
    corpus = read(tmp_path)
    assert list(corpus.comments.index) == IDS[:6]
    assert corpus.problems.what.str.contains("stands in 1.html too|stands in .*/1.html too").sum() == 1


def test_nine_hundred_nested_replies_are_read(corpus_of):
    deep = ""
    for n in reversed(range(900)):
        deep = li(f"{n:017}", "1<span> point</span>", deep)
    corpus = corpus_of(HEAD + f"<ul>{deep}</ul>", "deep.html")
    assert corpus.comments.depth.tolist() == list(range(900))
