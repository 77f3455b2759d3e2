import re

import pandas as pd
import pytest
from lxml import html

from threadkit.readers.read import read

WEB = "https://github.com/mira/tea"
HEAD = f"""<!DOCTYPE html><html><head><title>Too hot · Issue #3 · mira/tea</title><meta property="og:url"
content="{WEB}/issues/3"></head><body>"""


def new(name, who, body, up=0):
    thumbs = (
        f'<button aria-label="👍 {up} reactions"><span>{up}</span></button><button aria-label="❤️ 9">9</button>'
        if up
        else ""
    )
    words = f'<div data-testid="markdown-body" class="markdown-body"><div class="markdown-body">{body}</div></div>'
    return f"""<div data-wrapper-timeline-id="IC_{name}"><div class="react-issue-comment"><div><div id="issuecomment-{name}"
    data-testid="comment-header"><h3>{who} commented <relative-time datetime="2024-05-02T10:00:00.000Z">x</relative-time></h3>
    <a data-testid="avatar-link" href="/{who}">{who}</a></div><div>{words}<div role="toolbar" aria-label="Reactions">{thumbs}
    </div></div></div></div></div>"""


NEW = f"""{HEAD}<div data-testid="issue-viewer-container"><bdi data-testid="issue-title">Too hot</bdi><div
data-testid="issue-body"><a data-testid="issue-body-header-author" href="{WEB[:18]}/mira">mira</a><relative-time
datetime="2024-05-01T10:00:00.000Z">on May 1</relative-time><div class="markdown-body"><p>It <b>burns</b>.</p></div></div>
<div data-testid="issue-timeline-container">{new(11, "ana", "<blockquote><p>It burns.</p></blockquote><p>No.</p>", 4)}
<button>Load more</button><span>53 remaining items</span>{new(12, "ghost", "<p>Gone.</p>")}{new(13, "ci[bot]", "<p>Ok.</p>")}
</div></div></body></html>"""


def old(name, who, body, kind="issuecomment", classes="", more=""):
    cell = f'<table><tr><td class="d-block comment-body markdown-body js-comment-body">{body}</td></tr></table>'
    return f"""<div class="TimelineItem js-comment-container"><div class="timeline-comment-group" id="{kind}-{name}"><div
    class="timeline-comment comment js-comment {classes}"><h3><strong><a class="author" href="/{who}">{who}</a></strong>
    commented <relative-time datetime="2024-05-02T10:00:00Z">x</relative-time></h3>{cell if body else ""}{more}</div></div>
    </div>"""


THUMBS = """<div class="comment-reactions"><button value="THUMBS_UP react">👍 <span>2</span></button><button
value="THUMBS_DOWN react">👎 <span>5</span></button><button value="HEART react">❤️ <span>7</span></button></div>"""
TOP = """<div class="gh-header-meta">mira opened this issue · 9 comments</div><h1 class="gh-header-title"><bdi
class="js-issue-title">Too hot</bdi></h1><div class="js-discussion">"""
OLD = (
    HEAD
    + TOP
    + old(77, "mira", "<p>It <b>burns</b>.</p>", "issue")
    + old(11, "ana", "<p>No.</p><pre>a\nb</pre>", more=THUMBS)
    + '<div class="ajax-pagination-form"><button>53 hidden items Load more…</button></div>'
    + old(12, "bo", "", classes="minimized-comment")
    + old(13, "cy", "<p>Spam.</p>", classes="minimized-comment")
    + "</div>"
)


def test_a_page_of_the_new_look_is_read(corpus_of, known_as):
    assert known_as(NEW) == ["github-html"]
    corpus = corpus_of(NEW, "page.html")
    post = corpus.posts.loc["mira/tea#3"]
    assert (post.site, post.title, post.author, post.text) == ("GitHub", "Too hot", "mira", "It burns.")
    assert post.posted_at == pd.Timestamp("2024-05-01T10:00:00Z")
    comments = corpus.comments
    assert list(comments.index) == ["11", "12", "13"]
    assert comments.text.tolist() == ["> It burns.\n\nNo.", "Gone.", "Ok."]
    assert comments.author.fillna("").tolist() == ["ana", "", "ci[bot]"]
    assert comments.status.tolist() == ["live", "live", "bot"]
    assert comments.karma.fillna(99).tolist() == [4, 99, 99]
    assert comments.url.tolist()[0] == f"{WEB}/issues/3#issuecomment-11"
    assert corpus.problems.place.str.contains("53 items of the timeline").sum() == 1


def test_a_page_of_the_old_look_is_read(corpus_of, known_as):
    assert known_as(OLD) == ["github-html"]
    corpus = corpus_of(OLD, "page.html")
    post = corpus.posts.loc["mira/tea#3"]
    assert (post.title, post.author, post.text, post.n_comments_stated) == ("Too hot", "mira", "It burns.", 9)
    comments = corpus.comments
    assert comments.text.tolist() == ["No.\n\n```\na\nb\n```", "", "Spam."]
    assert comments.status.tolist() == ["live", "stub", "live"]
    assert comments.author.tolist() == ["ana", "bo", "cy"]
    assert comments.karma.fillna(99).tolist() == [-3, 99, 99]
    assert corpus.problems.place.str.contains("53 items of the timeline").sum() == 1
    folded = corpus.problems[corpus.problems.what.str.contains("folds it away")]
    assert folded.comment_id.tolist() == ["12", "13"]
    assert folded.severity.tolist() == ["warning", "info"]
    assert corpus.problems.what.str.contains("6 of its 9 comments").sum() == 1


def test_a_reply_in_a_discussion_answers_the_comment_it_stands_in(corpus_of, known_as):
    reply = f"<div data-child-comments>{old(12, 'bo', '<p>Why?</p>', 'discussioncomment')}</div>"
    thread = old(11, "ana", "<p>No.</p>", "discussioncomment", more=reply)
    head = HEAD.replace("Too hot · Issue #3 · mira/tea", "mira/tea · Ideas · Discussion #3").replace(
        "/issues/", "/discussions/"
    )
    content = head + old(77, "mira", "<p>It burns.</p>", "discussion") + thread
    assert known_as(content) == ["github-html"]
    corpus = corpus_of(content, "page.html")
    assert corpus.comments.parent_id.fillna("").to_dict() == {"11": "", "12": "11"}
    assert corpus.comments.text.tolist() == ["No.", "Why?"]
    assert list(corpus.posts.index) == ["mira/tea#3"]


@pytest.mark.parametrize("content", ["<html><body>See github.com/mira/tea for it.</body></html>", "github issue #3"])
def test_other_pages_that_name_github_are_not_taken(known_as, content):
    assert "github-html" not in known_as(content)


def test_a_real_page_is_read_whole(shared):
    path = shared / "exports" / "github" / "github_issue_56.html"
    corpus = read(path)
    root = html.parse(str(path)).getroot()
    heads = root.xpath("//*[@data-testid='comment-header']")
    assert len(heads) == len(corpus.comments) == 6
    for head in heads:
        row = corpus.comments.loc[head.get("id").removeprefix("issuecomment-")]
        assert row.author == head.xpath(".//*[@data-testid='avatar-link']")[0].text
        assert row.posted_at == pd.Timestamp(head.xpath(".//relative-time/@datetime")[0])
        body = head.getparent().xpath(".//*[@data-testid='markdown-body']/div")[0]
        said = set(re.findall(r"[^\W\d_]{4,}", " ".join(body.xpath(".//text()[not(ancestor::a)]"))))
        assert said <= set(re.findall(r"[^\W\d_]{4,}", row.text))
    post = corpus.posts.loc["kepano/defuddle#56"]
    assert post.author == "jmorrell"
    assert post.posted_at == pd.Timestamp("2025-05-25T20:35:48Z")
    assert corpus.problems.empty
