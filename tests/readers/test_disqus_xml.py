import re
import time

import pandas as pd
import pytest

from threadkit.base.errors import FormatError
from threadkit.readers.read import read

HEAD = """<?xml version="1.0" encoding="utf-8"?>
<disqus xmlns="http://disqus.com" xmlns:dsq="http://disqus.com/disqus-internals">"""


def thread(n, title="On tea", link="https://tea.example/on-tea", **more):
    fields = {"id": "", "link": link, "title": title, "message": "", "createdAt": "2012-03-01T00:00:00Z", **more}
    return f'<thread dsq:id="{n}">{inside(fields)}<author><name>Owner</name></author></thread>'


def post(n, to=1, message="<p>Words.</p>", name="Ana", parent=None, author="", **more):
    fields = {"message": f"<![CDATA[{message}]]>", "createdAt": "2012-03-04T05:06:07Z", "isDeleted": "false"}
    who = f"<author><name>{name}</name>{author}</author>"
    above = f'<parent dsq:id="{parent}"/>' if parent else ""
    own = f' dsq:id="{n}"' if n else ""
    return f'<post{own}>{inside(fields | {"isSpam": "false"} | more)}{who}<thread dsq:id="{to}"/>{above}</post>'


def inside(fields):
    return "".join(f"<{key}>{value}</{key}>" for key, value in fields.items())


def export(*parts, head=HEAD):
    return "\n".join([head, '<category dsq:id="5"><title>General</title></category>', *parts, "</disqus>"])


def test_threads_and_replies_are_read(corpus_of):
    body = "<blockquote>Tea is safe</blockquote><p>No: <a href='https://e.example'>see</a></p>"
    corpus = corpus_of(export(thread(1), post(10), post(11, parent=10, message=body, name="Bo")), "d.xml")
    row = corpus.posts.loc["1"]
    assert (row.site, row.title, row.url) == ("tea.example", "On tea", "https://tea.example/on-tea")
    assert row.author == "Owner"
    rows = corpus.comments
    assert rows.loc["11", ["parent_id", "author", "text", "depth"]].tolist() == [
        "10", "Bo", "> Tea is safe\n\nNo: [see](https://e.example)", 1,
    ]  # fmt: skip
    assert rows.karma.isna().all()
    assert str(rows.loc["10", "posted_at"]) == "2012-03-04 05:06:07+00:00"
    assert corpus.problems.what.tolist() == ["the text of post '1' is not in the export, only comments under it are"]


def test_deleted_spam_and_empty(corpus_of):
    parts = [
        post(11, isDeleted="true"),
        post(12, isSpam="true"),
        post(13, message=""),
        post(14, message="<img src='x'>"),
    ]
    rows = corpus_of(export(thread(1), *parts, post(15, parent=11)), "d.xml").comments
    assert rows.status.tolist() == ["deleted", "removed", "deleted", "live", "live"]
    assert rows.loc["15", "parent_id"] == "11"
    assert set(rows.text) == {"", "Words."}


def test_people_of_one_name_stay_two(corpus_of):
    def named(username="", email=""):
        return f"<username>{username}</username><email>{email}</email><isAnonymous>false</isAnonymous>"

    corpus = corpus_of(
        export(
            thread(1),
            post(10, author=named("ana1")),
            post(11, author=named("ana2")),
            post(12, author=named("ana1")),
            post(13, author=named(email="ana@mail.example")),
            post(14, author=named(email="ana@else.example")),
            post(15, name="Guest", author=named(email="x@mail.example")),
            post(16, name="Bo", author=named("bo")),
        ),
        "d.xml",
    )
    authors = corpus.comments.author
    assert authors.tolist()[:3] == ["Ana (ana1)", "Ana (ana2)", "Ana (ana1)"]
    assert authors.nunique() == 5
    assert pd.isna(authors["15"])
    assert authors["16"] == "Bo"
    assert "example" not in "".join(authors.dropna())


def test_what_is_missing_is_told(corpus_of):
    orphans = [post(10, to=99), post(None, id="77"), post(None), post(11, createdAt="2012-x03"), post(12, parent=55)]
    corpus = corpus_of(export(thread(1), thread(2, title="", link=""), *orphans), "d.xml")
    assert len(corpus.comments) == 5
    assert corpus.comments.loc["10", "post_id"] == "99"
    assert corpus.comments.loc["77", "post_id"] == "1"
    assert pd.isna(corpus.comments.loc["11", "posted_at"])
    said = "\n".join(corpus.problems.what)
    for part in (
        "'99' is not in the export",
        "no Disqus id",
        "posted_at is '2012-x03'",
        "answers '55'",
        "thread 2 has neither",
    ):
        assert part in said
    assert list(corpus.posts.index) == ["1", "99"]


def test_exports_that_are_no_xml_any_more(corpus_of):
    whole = export(thread(1), post(10), post(11, parent=10), post(12, message="a &amp; b"))
    spoilt = "`" + whole.replace('<thread dsq:id="1"/>', "<thread dsq:id=1/>").replace(
        'parent dsq:id="10"', "parent dsq:id=10"
    )
    corpus = corpus_of(spoilt, "d.xml")
    assert corpus.comments.post_id.tolist() == ["1", "1", "1"]
    assert corpus.comments.parent_id.tolist() == [pd.NA, "10", pd.NA]
    assert corpus.problems.what.str.contains("4 ids stand without quotes").sum() == 1
    assert corpus.problems.severity.ne("error").all()


def test_damage_costs_one_comment_at_most(corpus_of):
    parts = [post(n) for n in range(10, 20)]
    parts[3] = parts[3].replace("</message>", "<message")
    corpus = corpus_of(export(thread(1), *parts), "d.xml")
    assert {str(n) for n in range(10, 20)} - set(corpus.comments.index) <= {"13"}
    assert corpus.problems.what.str.contains("the XML is damaged").sum() == 1
    cut = export(thread(1), *map(post, range(10, 20)))
    corpus = corpus_of(cut[: len(cut) * 2 // 3], "d.xml")
    assert len(corpus.comments) >= 5
    assert corpus.problems.severity.eq("error").any()


def test_entities_are_refused(corpus_of, known_as):
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    head = HEAD.replace("<disqus", f'<!DOCTYPE disqus [<!ENTITY a0 "ha">{laughs}]><disqus')
    text = export(thread(1), post(10).replace("<![CDATA[<p>Words.</p>]]>", "&a11;"), head=head)
    assert known_as(text) == ["disqus-xml"]
    with pytest.raises(FormatError, match="declares XML entities"):
        corpus_of(text, "d.xml")


def test_only_disqus_is_detected(known_as):
    assert known_as("`" + export(thread(1))) == ["disqus-xml"]
    assert known_as("<disqus/>") == []
    assert known_as("<html><body>disqus.com <disqus xmlns='http://disqus.com'>") == []


POST = re.compile(r"<post\b.*?</post>", re.DOTALL)


@pytest.mark.parametrize(
    ("name", "n"), [("isso_disqus", 6), ("remark42_disqus", 6), ("remark42_disqus-deleted-post", 6)]
)
def test_real_every_comment_is_read_with_what_it_states(shared, name, n):
    path = shared / "exports" / "disqus" / f"{name}.xml"
    corpus = read(path)
    posts = POST.findall(path.read_text(encoding="utf-8"))
    assert len(posts) == len(corpus.comments) == n
    for text in posts:

        def one(pattern, text=text):
            found = re.search(pattern, text)
            return found.group(1) if found else None

        stated = one(r'<post dsq:id="(\w+)"') or one(r"<id>(\w+)</id>")
        row = corpus.comments.loc[stated]
        assert row.post_id == one(r'<thread dsq:id="?(\w+)')
        parent = one(r'<parent dsq:id="?(\w+)')
        assert pd.isna(row.parent_id) if parent is None else row.parent_id == parent
        assert row.author.startswith(one(r"<name>(.*?)</name>"))
        gone = one(r"<isDeleted>true()") is not None or one(r"<isSpam>true()") is not None
        assert (row.status == "live") != gone
        if "x" not in one(r"<createdAt>(.*?)<"):
            assert row.posted_at == pd.Timestamp(one(r"<createdAt>(.*?)<"))
    assert corpus.problems.severity.ne("error").all()


@pytest.mark.parametrize("root", ["<rss version='2.0'>", "<other>"])
def test_many_comments_before_a_strange_root_take_no_time(known_as, root):
    started = time.process_time()
    assert known_as("<?xml version='1.0'?>\n" + "<!-- one -->\n" * 500 + root) == []
    assert time.process_time() - started < 5
