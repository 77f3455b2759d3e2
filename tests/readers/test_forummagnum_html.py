import pandas as pd
import pytest

from threadkit.readers.read import read

POST = "AbCdEfGhIjKlMnOpQ"
IDS = [f"{letter}" * 17 for letter in "abcdefgh"]
URL = f"https://www.lesswrong.com/posts/{POST}/tea-or-coffee"


def votes(karma, agreement=None, af=None, era="OverallVoteAxis"):
    omega = f"""<span class="{era}-secondaryScore"><span class="{era}-secondarySymbol">Ω</span>
    <span class="{era}-secondaryScoreNumber">{af}</span></span>"""
    score = "<span> </span>" if karma is None else f'<span class="{era}-voteScore">{karma}</span>'
    axis = f"""<span class="AgreementVoteAxis-agreementSection"><span class="AgreementVoteAxis-agreementScore">
    <span>{agreement}</span></span></span>"""
    return (omega if af is not None else "") + score + (axis if agreement is not None else "")


def now(name, who, body, scores, *below, fold="-", extra=""):
    user = (
        who
        if who.startswith("[")
        else (f'<a class="CommentUserName-author UsersNameDisplay-noColor" href="/users/x"><svg>I</svg>{who}</a>')
    )
    words = (
        f"""<div class="ContentStyles-base content CommentBody-root"><div class="CommentBody-commentStyling">{body}</div>
    </div>"""
        if body
        else ""
    )
    children = f'<div class="CommentsNode-children"><div class="CommentsNode-parentScroll"></div>{"".join(below)}</div>'
    return f"""<div><div class="comments-node CommentFrame-node" id="{name}"><div><div class="CommentsItem-root
    recent-comments-node"><div class="CommentsItem-body"><div class="CommentsItemMeta-root"><a
    class="CommentsItemMeta-collapse">[<span>{fold}</span>]</a><span class="CommentsItemMeta-username">{user}</span>
    <span class="CommentsItemDate-root"><a href="/posts/{POST}/tea-or-coffee?commentId={name}"><time
    datetime="2023-04-05T06:07:08.009Z">2y</time></a></span>{scores}</div>{words}{extra}
    <div class="CommentBottom-bottom"><a>Reply</a><span>4</span></div></div></div></div>{children if below else ""}</div></div>"""


def single(name, who, text, karma):
    shown = f'<span class="SingleLineComment-truncatedHighlight"><span class="SingleLineComment-metaNotice">Pinned</span>{text}</span>'
    return f"""<div class="comments-node" id="{name}"><div><div class="SingleLineComment-root"><div
    class="SingleLineComment-commentInfo"><span class="SingleLineComment-karma">{karma}</span><span
    class="SingleLineComment-username"><span class="UsersNameDisplay-userName">{who}</span></span>
    <span class="SingleLineComment-date"><time datetime="2023-04-05T06:07:08Z">2y</time></span>{shown if text else ""}
    </div></div></div></div>"""


HEAD = f"""<!DOCTYPE html><html><head><title>Tea or coffee? — LessWrong</title><meta property="og:url" content="{URL}"/>
<meta name="citation_author" content="Mira"/></head><body><h1 class="Typography-root PostsPageTitle-root"><a
class="PostsPageTitle-link" href="/posts/{POST}/tea-or-coffee">Tea or coffee?</a></h1><span class="PostsAuthors-root">by
<a class="UsersNameDisplay-noColor" href="/users/mira">Mira</a></span><span class="PostsPageDate-date"><time
datetime="2023-04-01T00:00:00Z">1st Apr 2023</time></span><h1 class="PostsVoteDefault-voteScore">1,230</h1>
<h1 class="PostsVoteDefault-voteScore PostsVoteDefault-secondaryVoteScore">Ω 79</h1>
<div id="postBody"><div class="PostsPage-postContent"><p>Tea is better.</p></div></div>
<div class="CommentsListSection-root"><span class="CommentsListSection-inline">Rendering 6/22 comments, sorted by
<span>top scoring</span> (show more)</span>"""

PAGE = (
    HEAD
    + now(IDS[0], "Ana7", "<blockquote><p>Tea is better.</p></blockquote><p>No.</p>", votes(12, -3, 5),
          now(IDS[1], "[anonymous]", "<p>Yes.</p>", votes(-2, 0)),
          single(IDS[2], "Bo", "One line", 8))
    + now(IDS[3], "[comment deleted]", "", "", extra='<div class="CommentDeletedMetadata-root">Deleted by Mira</div>')
    + now(IDS[4], "Cy", "", votes(-9, -4), fold="+")
    + now(IDS[5], "Di", '<p>Long… <span class="read-more-button">(read more)</span></p>', votes(None))
    + now(IDS[6], "Review Bot", '<p class="x">Vote now.</p>', votes(1, 0))
    + "</div></body></html>"
)  # fmt: skip


@pytest.fixture
def page(corpus_of):
    return corpus_of(PAGE, "page.html")


def test_the_post_is_read(page, known_as):
    assert known_as(PAGE) == ["forummagnum-html"]
    post = page.posts.loc[POST]
    assert (post.site, post.title, post.author, post.url) == ("LessWrong", "Tea or coffee?", "Mira", URL)
    assert (post.karma, post.af_karma, post.n_comments_stated, post.text) == (1230, 79, 22, "Tea is better.")


def test_comments_have_words_scores_and_parents(page):
    comments = page.comments
    assert list(comments.index) == IDS[:7]
    assert comments.author.fillna("").tolist() == ["Ana7", "", "Bo", "", "Cy", "Di", "Review Bot"]
    assert comments.parent_id.fillna("").tolist() == ["", IDS[0], IDS[0], "", "", "", ""]
    assert comments.karma.fillna(99).tolist() == [12, -2, 8, 99, -9, 99, 1]
    assert comments.agreement.fillna(99).tolist() == [-3, 0, 99, 99, -4, 99, 0]
    assert comments.af_karma.fillna(99).tolist() == [5, 99, 99, 99, 99, 99, 99]
    assert comments.status.tolist() == ["live", "live", "live", "deleted", "stub", "live", "bot"]
    assert comments.text.tolist()[:3] == ["> Tea is better.\n\nNo.", "Yes.", "One line"]
    assert comments.text[IDS[5]] == "Long…"
    assert comments.posted_at[IDS[0]] == pd.Timestamp("2023-04-05T06:07:08.009Z")
    assert comments.url[IDS[0]] == f"{URL}?commentId={IDS[0]}"


def test_what_the_page_folds_is_told(page):
    told = page.problems.set_index("comment_id").what
    assert told[told.str.contains("folds it to one line")].index.tolist() == [IDS[2]]
    assert told[told.str.contains("read more")].index.tolist() == [IDS[5]]
    assert page.problems.place.str.contains(f"below {IDS[4]}, which the page folds away").sum() == 1
    assert page.problems.what.str.contains("15 of its 22 comments are not in the export").sum() == 1


def test_a_page_of_2020_is_read(corpus_of, known_as):
    page = PAGE.replace("CommentsItemMeta-root", "CommentsItem-meta").replace("OverallVoteAxis-", "CommentsVote-")
    page = page.replace("PostsVoteDefault-", "PostsVote-").replace("CommentUserName-author UsersNameDisplay-noColor",
                                                                   "UsersNameDisplay-userName")  # fmt: skip
    page = page.replace("CommentsListSection-inline", "MuiTypography-root CommentsListSection-inline")
    assert known_as(page) == ["forummagnum-html"]
    corpus = corpus_of(page, "old.html")
    assert corpus.comments.karma.fillna(99).tolist() == [12, -2, 8, 99, -9, 99, 1]
    assert corpus.comments.author.fillna("").tolist() == ["Ana7", "", "Bo", "", "Cy", "Di", "Review Bot"]
    assert corpus.posts.loc[POST, ["karma", "af_karma", "n_comments_stated"]].tolist() == [1230, 79, 22]


def test_on_the_alignment_forum_the_second_score_is_lesswrongs(corpus_of):
    score = votes(None, af=30).replace("Ω", "LW")
    corpus = corpus_of(
        HEAD.replace("www.lesswrong.com", "www.alignmentforum.org") + now(IDS[0], "Ana", "<p>A.</p>", score), "x.html"
    )
    assert corpus.posts.site.tolist() == ["Alignment Forum"]
    assert corpus.comments.karma.tolist() == [30]
    assert corpus.comments.af_karma.isna().all()


def test_a_preview_and_a_linked_copy_are_no_second_comment(corpus_of):
    copy = now(IDS[1], "Bo", "<p>Yes.</p>", votes(1))
    preview = now(IDS[0], "Ana", "<p>First.</p>", votes(3))
    inner = now(IDS[1], "Bo", "<p>Yes.</p>", votes(1), extra=preview)
    corpus = corpus_of(HEAD + copy + now(IDS[0], "Ana", "<p>First.</p>", votes(3), inner) + "</body></html>", "x.html")
    assert corpus.comments.parent_id.fillna("").to_dict() == {IDS[1]: IDS[0], IDS[0]: ""}
    assert corpus.problems.what.str.contains("stands twice$").sum() == 2


def test_a_gap_in_the_thread_is_told(corpus_of):
    gap = now(IDS[1], "Bo", "<p>Yes.</p>", votes(1)).replace("<div>", '<div class="CommentsNode-gapIndicator">', 1)
    corpus = corpus_of(HEAD + now(IDS[0], "Ana", "<p>First.</p>", votes(3), gap), "x.html")
    assert corpus.problems[corpus.problems.what.str.contains("leaves out")].comment_id.tolist() == [IDS[1]]


def test_a_comment_that_took_itself_back_is_told(corpus_of):
    body = now(IDS[0], "Ana", "<p>Oops.</p>", votes(3)).replace(
        "commentStyling", "commentStyling CommentBody-retracted"
    )
    corpus = corpus_of(HEAD + body, "x.html")
    assert corpus.comments.text.tolist() == ["Oops."]
    assert corpus.problems.what.str.contains("took the comment back").sum() == 1


def test_four_hundred_nested_replies_are_read_and_more_are_told(corpus_of):
    deep = ""
    for n in reversed(range(400)):
        deep = now(f"{n:017}", "Ana", f"<p>Reply {n}.</p>", votes(1), deep)
    corpus = corpus_of(HEAD + deep, "x.html")
    assert corpus.comments.depth.tolist() == list(range(400))
    for n in range(400, 900):
        deep = now(f"{n:017}", "Ana", f"<p>Reply {n}.</p>", votes(1), deep)
    corpus = corpus_of(HEAD + deep, "y.html")
    assert corpus.problems.what.str.contains("more than 2,048 elements").sum() == 1


def test_the_author_of_an_answer_is_no_answer(corpus_of):
    said = now(IDS[0], "Ana", "<p>Words.</p>", votes(3)).replace(">Ana</a>", ">Answer by Ana</a>")
    assert "Answer by" in said
    assert corpus_of(HEAD + said, "y.html").comments.author.tolist() == ["Ana"]


def test_a_real_page_gives_its_post_and_says_that_comments_are_missing(shared):
    corpus = read(shared / "exports" / "lesswrong" / "lw_post_only_defuddle.html")
    post = corpus.posts.loc["vJFdjigzmcXMhNTsx"]
    assert (post.author, post.karma, post.af_karma, post.n_comments_stated) == ("janus", 690, 142, 169)
    assert post.posted_at == pd.Timestamp("2022-09-02T12:45:33.723Z")
    assert 80_000 < len(post.text) < 110_000
    assert corpus.comments.empty
    assert corpus.problems.what.str.contains("169 of its 169 comments are not in the export").sum() == 1
