import re

import pandas as pd
import pytest
from lxml import html

from threadkit.readers.read import read

TOP = """<html><head><title>Tea or coffee? | Hacker News</title></head><body><center><table id="hnmain">
<tr><td><table class="fatitem"><tr class="athing submission" id="10"><td class="title"><span class="titleline">
<a href="https://example.org/tea">Tea or coffee?</a></span></td></tr><tr><td class="subtext"><span class="subline">
<span class="score" id="score_10">1,204 points</span> by <a href="user?id=Mira" class="hnuser">Mira</a>
<span class="age" title="2024-05-01T10:00:00 1714557600"><a href="item?id=10">2 days ago</a></span> |
<a href="item?id=10">5&nbsp;comments</a></span></td></tr><tr><td></td><td><div class="toptext">Which?
<p>&gt; Tea.<p>Really?</div></td></tr></table><table class="comment-tree">"""
END = '</table><a class="morelink" href="item?id=10&amp;p=2">More</a></td></tr></table></body></html>'


def row(name, indent, text, tone="c00", parent=None, who=None, more=""):
    link = f'| <a href="#{parent}" class="clicky">parent</a>' if parent else ""
    user = "" if who == "" else f'<a href="user?id=u{name}" class="hnuser">{who or f"u{name}"}</a>'
    body = f'<div class="commtext {tone}">{text}</div>' if tone else text
    return f"""<tr class="athing comtr" id="{name}"><td><table><tr><td class="ind" indent="{indent}">
    <img src="s.gif" height="1" width="{indent * 40}"></td><td class="votelinks"><a id="up_{name}" href="vote?id={name}"></a>
    </td><td class="default"><div><span class="comhead">{user} <span class="age" title="2024-05-01T1{indent}:00:00">
    <a href="item?id={name}">1 day ago</a></span> {more} <span class="navs">{link}</span>
    <a class="togg" id="{name}" n="1">[–]</a><span class="onstory"></span></span></div><br>
    <div class="comment">{body}<div class="reply"><p><font size="1"><u><a href="reply?id={name}">reply</a></u></font>
    </div></div></td></tr></table></td></tr>"""


PAGE = (
    TOP
    + row(11, 0, "First.<p>&gt; <i>Tea.</i><p>No.<p><pre><code>&gt; code\n</code></pre>")
    + row(12, 1, "Second &amp; last", "c5a")
    + row(13, 2, "Third", parent=11)
    + row(14, 0, "[deleted]", None, who="")
    + row(15, 1, "Below what is gone")
    + row(16, 0, "Killed", more="[flagged] [dead]")
    + END
)


@pytest.fixture
def page(corpus_of):
    return corpus_of(PAGE, "page.html")


def test_the_story_is_read(page, known_as):
    assert known_as(PAGE) == ["hackernews-html"]
    post = page.posts.loc["10"]
    assert (post.title, post.author, post.karma, post.n_comments_stated) == ("Tea or coffee?", "Mira", 1204, 5)
    assert post.text == "Which?\n\n> Tea.\n\nReally?"
    assert post.posted_at == pd.Timestamp("2024-05-01T10:00:00Z")


def test_comments_have_words_authors_times_and_parents(page):
    comments = page.comments
    assert list(comments.index) == ["11", "12", "13", "14", "15", "16"]
    assert comments.text.tolist()[:3] == ["First.\n\n> Tea.\n\nNo.\n\n```\n> code\n```", "Second & last", "Third"]
    assert comments.parent_id.fillna("").tolist() == ["", "11", "11", "", "14", ""]
    assert comments.author.fillna("").tolist() == ["u11", "u12", "u13", "", "u15", "u16"]
    assert comments.posted_at.tolist()[2] == pd.Timestamp("2024-05-01T12:00:00Z")
    assert comments.status.tolist() == ["live", "live", "live", "deleted", "live", "removed"]
    assert comments.karma.isna().all()


def test_what_is_voted_down_is_told_and_read(page):
    grey = page.problems[page.problems.what.str.contains("grey")]
    assert grey.comment_id.tolist() == ["12"]
    assert page.problems.what.str.contains("nobody knows how many, behind a link").sum() == 1


def test_a_page_about_a_comment_names_its_story(corpus_of):
    head = row(21, 0, "The head").replace(
        '<span class="onstory"></span>', '<span class="onstory"> | on: <a href="item?id=20">Rain</a></span>'
    )
    corpus = corpus_of(
        "<html><body><table class=fatitem>" + head + "</table>" + row(22, 0, "Under it", parent=21), "x.html"
    )
    assert corpus.posts.title.to_dict() == {"20": "Rain"}
    assert corpus.comments.parent_id.fillna("").to_dict() == {"21": "", "22": "21"}


def test_a_page_of_2014_is_read_whole(shared):
    path = shared / "exports" / "hackernews" / "karan_7404389.html"
    corpus = read(path)
    comments = corpus.comments
    cells = html.parse(str(path)).xpath("//td[@class='default']")
    assert len(comments) == len(cells) == 66
    above = []
    for cell in cells:
        name = re.search(r"id=(\d+)", cell.xpath(".//a[.='link']/@href")[0]).group(1)
        row_ = comments.loc[name]
        assert row_.author == cell.xpath(".//a[contains(@href,'user?id=')]")[0].text
        indent = int(cell.getparent().xpath("./td/img/@width")[0]) // 40
        above[indent:] = [name]
        assert row_.depth == indent
        assert row_.parent_id is pd.NA if indent == 0 else row_.parent_id == above[indent - 1]
        body = cell.xpath("./span[@class='comment']")[0]
        said = set(re.findall(r"[^\W\d_]{4,}", " ".join(body.xpath(".//text()[not(ancestor::a)]"))))
        assert said <= set(re.findall(r"[^\W\d_]{4,}", row_.text)), name
        assert not row_.text.endswith("--")
    assert comments.posted_at.isna().all()
    assert comments.karma.isna().all()
    assert corpus.posts.loc["7404389", ["author", "karma"]].tolist() == ["andrewmcdonough", 161]
    starts = {name for name, text in comments.text.items() if text.startswith("> ")}
    assert len(starts) == 2
    greys = path.read_text().count('<span class="comment"><font color="#5a5a5a">')
    assert corpus.problems.what.str.contains("grey").sum() == greys == 3


@pytest.mark.parametrize("indent", ["\u00b2", "9" * 5000, "-3", "one"])
def test_an_indent_that_is_no_number_ends_nothing(write, indent):
    page = PAGE.replace('indent="1"', f'indent="{indent}"')
    assert page != PAGE
    corpus = read(write("damaged.html", page))
    assert len(corpus.comments) == 6
    assert corpus.comments["depth"].ge(0).all()


@pytest.mark.parametrize(
    ("end", "cut"),
    [
        ("</table></body></html>", False),
        ("</table><script>1</script></HTML>\n", False),
        ("<tr><td", True),
        ("</table>", True),
    ],
)
def test_a_page_that_ends_before_its_body_is_told(corpus_of, end, cut):
    corpus = corpus_of(TOP + row(2, 0, "Fine.") + end, "x.html")
    assert corpus.sources[0]["lost"].get("cut", 0) == cut


def test_a_page_of_singlefile_may_lack_its_end_tags(corpus_of):
    mark = "<!--\n Page saved with SingleFile \n url: https://news.ycombinator.com/item?id=1 \n-->"
    page = TOP.replace("<html>", f"<html>{mark}", 1) + row(2, 0, "Fine.")
    assert "cut" not in corpus_of(page + "</table>", "x.html").sources[0]["lost"]
    assert corpus_of(page + "</table", "x.html").sources[0]["lost"]["cut"] == 1
