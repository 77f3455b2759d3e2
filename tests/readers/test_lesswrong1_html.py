import re
from datetime import datetime

import pandas as pd
import pytest
from lxml import html

from threadkit.readers.read import read

HEAD = """<!DOCTYPE html><html><head><title>Tea or coffee? - Less Wrong</title></head><body><div id="siteTable_t3_1ab">
<div id="thingrow_t3_1ab" class="post"><h1 itemprop="name"><a href="/lw/1ab/tea_or_coffee/">Tea or coffee?</a></h1>
<div class="meta clear"><span class="votes"><span class="votes " id="score_t3_1ab" title="89% positive">49</span></span>
<span class="author"><span class="hide-text">Post author:</span><a id="author_t3_1ab" href="/user/Mira/">Mira</a></span>
<span class="date">18 January 2010 11:18PM</span></div><div id="entry_t3_1ab" class="content clear"><div class="md">
<p>Tea is better.</p></div></div></div></div><h2>Comments (22)</h2>"""


def comment(name, points, *below, body="<p>Words.</p>", who="Ana", parent=None, post="1ab", pre="", flaw=""):
    author = (
        f'<span class="author"><a id="author_t1_{name}" href="/user/{who}/">{who}</a></span>' if who else "[deleted]"
    )
    byline = f'<span class="comment-author"><span class="hide-text">Comment author:</span> {author}</span>'
    if flaw == "deleted":
        byline = "<em>Comment deleted</em>"
    said = (
        "" if flaw == "deleted" else f'<span class="votes " id="score_t1_{name}" title="50% positive">{points}</span>'
    )
    date = '<span class="comment-date" time="1263776106"> 18 January 2010 12:05:06PM <em>*</em></span>'
    folded = "comment score below threshold" if flaw == "low" else f'{date}<span class="votes ">{points}</span>'
    link = f'<a id="parent_t1_{name}" href="{parent}" class="bylink">Parent</a>' if parent else ""
    md = "" if flaw == "deleted" else f'<div class="md">{body}</div>'
    return f"""<div id="thingrow_t1_{name}" class="comment"><div id="pre_t1_{name}" class="parent">{pre}</div>
    <div id="entry_t1_{name}" class="entry"><div id="collapsed_t1_{name}" class="comment-meta collapsed clear">{byline}
    {folded}<a class="expand">[+] (0 children)</a></div><div id="display_t1_{name}"><div class="comment-meta clear">
    {byline}{date}{said}<a class="expand">[-]</a></div><div id="body_t1_{name}" class="comment-content ">{md}</div>
    <div class="comment-links">{link}<a id="permalink_t1_{name}" href="http://lesswrong.com/lw/{post}/tea/{name}">Permalink
    </a></div></div></div><div id="child_t1_{name}" class="child">{"".join(below)}</div></div>"""


MORE = """<div id="thingrow_t1_zz" class="morechildren"><div id="body_t1_zz"><a id="more_t1_zz"
onclick="return morechildren(this, 't3_1ab', ['zz', 'zy'], 0)">load more comments <span>&nbsp;(3 replies)</span></a></div>
</div>"""
PAGE = (
    HEAD
    + comment("c1", "1 point", comment("c2", "-3 points", flaw="low"), comment("c3", "", MORE, flaw="deleted"),
              body="<blockquote><p>Tea is better.</p></blockquote><p>No.</p>")
    + comment("c4", "score hidden", who=None, parent="#c2")
    + comment("c5", "1,204 points")
    + "</body></html>"
)  # fmt: skip


@pytest.fixture
def page(corpus_of):
    return corpus_of(PAGE, "page.html")


def test_the_post_is_read(page, known_as):
    assert known_as(PAGE) == ["lesswrong1-html"]
    post = page.posts.loc["1ab"]
    assert (post.site, post.title, post.author, post.karma) == ("LessWrong", "Tea or coffee?", "Mira", 49)
    assert (post.n_comments_stated, post.text) == (22, "Tea is better.")
    assert post.posted_at == pd.Timestamp("2010-01-18T23:18:00Z")


def test_comments_have_words_scores_and_parents(page):
    comments = page.comments
    assert list(comments.index) == ["c1", "c2", "c3", "c4", "c5"]
    assert comments.karma.fillna(99).tolist() == [1, -3, 99, 99, 1204]
    assert comments.author.fillna("").tolist() == ["Ana", "Ana", "", "", "Ana"]
    assert comments.parent_id.fillna("").tolist() == ["", "c1", "c1", "c2", ""]
    assert comments.status.tolist() == ["live", "live", "deleted", "live", "live"]
    assert comments.text.tolist()[0] == "> Tea is better.\n\nNo."
    assert set(comments.posted_at) == {pd.Timestamp("2010-01-18T12:05:06Z")}


def test_replies_behind_a_link_are_told(page):
    assert page.problems.what.str.contains("3 replies behind a link").sum() == 1
    assert page.problems.place.tolist()[0] == "below c3"
    assert page.problems.what.str.contains("17 of its 22 comments").sum() == 1


def test_a_users_page_names_the_posts(corpus_of):
    pre = """In response to <a id="parent_t1_d1" href="http://lesswrong.com/lw/2cd/rain/d0?context=1#d0" class="bylink">comment
    </a> by <span>[deleted]</span> on <a href="http://lesswrong.com/lw/2cd/rain/" class="title">Rain and sun</a>"""
    content = "<html><head><title>Overview - Less Wrong</title></head>" + comment("d1", "2 points", post="2cd", pre=pre)
    corpus = corpus_of(content, "user.html")
    assert corpus.posts.title.to_dict() == {"2cd": "Rain and sun"}
    assert corpus.comments.author.tolist() == ["Ana"]
    assert corpus.problems.what.str.contains("answers 'd0', which the export does not hold").sum() == 1


@pytest.mark.parametrize(
    ("name", "n"), [("lw1_post_SortingOutStickyBrains.html", 42), ("lw1_user_comments_replyingToItself.html", 18)]
)
def test_real_pages_are_read_whole(shared, name, n):
    path = shared / "exports" / "lesswrong" / name
    corpus = read(path)
    root = html.fromstring(path.read_bytes().decode("utf-8", "replace"))
    boxes = root.xpath("//div[starts-with(@id,'thingrow_t1_')][@class='comment']")
    assert len(boxes) == len(corpus.comments) == n
    for box in boxes:
        number = box.get("id")[12:]
        row = corpus.comments.loc[number]
        meta = box.xpath(f".//div[@id='display_t1_{number}']/div[contains(@class,'comment-meta')]")[0]
        assert row.author == meta.xpath(".//span[@class='author']/a")[0].text
        assert row.karma == int(meta.xpath(".//span[contains(@class,'votes')]")[0].text.split()[0])
        printed = meta.xpath(".//span[@class='comment-date']")[0].text.strip()
        assert row.posted_at.tz_localize(None) == datetime.strptime(printed, "%d %B %Y %I:%M:%S%p")
        body = box.xpath(f".//div[@id='body_t1_{number}']/div")[0]
        words = re.findall(r"[^\W\d_]{4,}", " ".join(body.xpath(".//text()[not(ancestor::a)]")))
        assert set(words) <= set(re.findall(r"[^\W\d_]{4,}", row.text)), number
        outer = box.xpath("ancestor::div[starts-with(@id,'child_t1_')]/@id")
        assert (row.parent_id if outer else None) == (outer[-1][9:] if outer else None)
        assert row.text.count("> ") >= len(body.xpath(".//blockquote"))


def test_the_real_post_states_its_count_and_every_descendant(shared):
    path = shared / "exports" / "lesswrong" / "lw1_post_SortingOutStickyBrains.html"
    corpus = read(path)
    post = corpus.posts.loc["1mu"]
    assert (post.author, post.karma, post.n_comments_stated) == ("Alicorn", 49, 42)
    assert (corpus.comments.posted_at > post.posted_at).all()
    stated = map(int, re.findall(r"\((\d+)\s+child", path.read_text("cp1252")))
    assert sum(stated) == corpus.comments.depth.sum()
    assert corpus.problems.empty


def test_the_real_users_page_tells_its_stubs(shared):
    corpus = read(shared / "exports" / "lesswrong" / "lw1_user_comments_replyingToItself.html")
    assert corpus.problems.what.str.contains("1 reply behind a link").sum() == 5
    assert len(corpus.posts) == 10
    assert corpus.problems.what.str.contains("not UTF-8").sum() == 1


def flat(row, name, who, parent=None):
    """Return a comment of a fragment: no page around it, no nesting, addresses without the host."""
    link = f'<a id="parent_t1_{name}" href="/lw/1ab/tea/#{parent}">Parent</a>' if parent else ""
    return f"""<div {row}><div id="display_t1_{name}"><span class="author"><a id="author_t1_{name}" href="/user/{who}/">
    {who}</a></span><span class="comment-date">18 January 2010 12:05:06PM</span><span id="score_t1_{name}">3 points</span>
    <div id="body_t1_{name}"><div class="md"><p>Words {name}.</p></div></div>{link}
    <a id="permalink_t1_{name}" href="/lw/1ab/tea/{name}">Permalink</a></div></div>"""


@pytest.mark.parametrize("row", ['id="thingrow_t1_{}"', 'id="entry_t1_{}"', 'class="comment"'])
def test_a_fragment_of_flat_comments_is_read(corpus_of, known_as, row):
    content = "".join(
        flat(row.format(name), name, who, parent)
        for name, who, parent in [("c1", "Ana", None), ("c2", "Bo", "c1"), ("c3", "Ana", "c2")]
    )
    assert known_as(content) == ["lesswrong1-html"]
    comments = corpus_of(content, "x.html").comments
    assert comments.parent_id.fillna("-").to_dict() == {"c1": "-", "c2": "c1", "c3": "c2"}
    assert comments.author.tolist() == ["Ana", "Bo", "Ana"]
    assert comments.karma.tolist() == [3, 3, 3]
    assert set(comments.post_id) == {"1ab"}
    assert comments.text.tolist() == ["Words c1.", "Words c2.", "Words c3."]


def test_reddits_own_rows_are_not_taken_for_the_forums(known_as):
    assert "lesswrong1-html" not in known_as(
        '<div id="thingrow_t1_c1"><a href="/r/tea/comments/1ab/tea/c1">x</a></div>'
    )


def test_a_post_whose_text_was_cut_out_is_told(corpus_of):
    gone = HEAD.replace('<div class="md">\n<p>Tea is better.</p></div>', "")
    assert gone != HEAD
    corpus = corpus_of(gone + comment("a1", 3) + "</body></html>", "p.html")
    assert corpus.posts.loc["1ab", ["title", "text"]].tolist() == ["Tea or coffee?", ""]
    assert corpus.sources[0]["lost"]["posts"] == 1
