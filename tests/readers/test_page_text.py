"""Pages saved as text: what they state is read, what they lost is inferred and said to be."""

import textwrap
import time

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from threadkit.base.errors import FormatError
from threadkit.readers import page_text
from threadkit.readers.draft import Draft
from threadkit.readers.formats import sample
from threadkit.readers.page.boundaries import choose, model, shifted
from threadkit.readers.page.gaps import FEATURES
from threadkit.readers.page.headers import read_header

PAGE = """Crossposted from the AI Alignment Forum. May contain more technical jargon than usual.

Our valley has rebuilt its seven sluices, and I want to set down what we learned from the work before it is forgotten.

What we did

Claim #1: A wooden gate is always better than an iron one, whatever the river carries in spring.

Examples:\u00a0

  \u2022 Oak \u2014 it swells in the first week and then holds\u00a0for years, which no other wood of ours does.
  \u2022 Larch\u00a0\u2014 cheap, and found on every slope.

Most of the loss happens at night[1], when nobody watches the gauge.

  1. ^

    We read the gauge by hand until the second winter.

    It froze twice.

41

\u03a9 12

Mentioned in
New Comment
{count} comments, sorted by Click to highlight new comments since:

"""


def page(body, count=4):
    return PAGE.replace("{count}", str(count)) + body


def read(write, text, name="page.txt"):
    path = write(name, text)
    draft = Draft(name)
    page_text.read(path, draft)
    return draft.finish()


def said(corpus):
    return " | ".join(corpus.problems.what)


def test_a_post_with_its_footer(write):
    corpus = read(write, page("[-]Ana2y72\n\nThe gates were mine."), "my page (1).txt")
    post = corpus.posts.iloc[0]
    assert corpus.posts.index[0] == "my-page-1"
    assert (post.karma, post.af_karma, post.n_comments_stated) == (41, 12, 4)
    assert post.isna()[["title", "author"]].all()
    assert post.text.startswith("Our valley")
    assert (
        "- Oak — it swells in the first week and then holds for years, which no other wood of ours does.\n- Larch"
        in post.text
    )
    assert post.text.endswith("[^1]: We read the gauge by hand until the second winter.\n\n[^1]: It froze twice.")
    assert "sorted by" not in post.text


def test_headers_quotes_and_parents(write):
    body = (
        "[-]Ana2y\u03a97107\n\nI doubt that oak lasts.\n\n"
        "The mill at the ford has had larch since my grandmother's day, sound.\n\n"
        "[-]Bo Lind13h-20\n\nThe mill at the ford has had larch since my grandmother\u2019s day, sound.\n\n"
        "She was lucky.\n\n"
        "[-]cy1y10\n\nA wooden gate is always better than an iron one, whatever the river carries in spring.\n\n"
        "Not in ice.\n\n"
        "[-]dee2d1-1\n\nOak \u2014 it swells in the first week and then holds for years, which no other wood"
        " of ours does\n\nSo does elm."
    )
    comments = read(write, page(body)).comments
    assert list(comments.index) == ["page#1", "page#2", "page#3", "page#4"]
    assert list(comments.author) == ["Ana", "Bo Lind", "cy", "dee"]
    assert list(comments.karma) == [10, -2, 1, 1]
    assert list(comments.agreement) == [7, 0, 0, -1]
    assert comments.af_karma.iloc[0] == 7
    assert comments.af_karma.iloc[1:].isna().all()
    assert set(comments.origin) == {"stated"}
    assert set(comments.confidence) == {1.0}
    assert comments.parent_id.iloc[1] == "page#1"
    assert comments.parent_id.isna().tolist() == [True, False, True, True]
    quoted = [[line for line in text.split("\n") if line.startswith("> ")] for text in comments.text]
    assert list(map(len, quoted)) == [0, 1, 1, 1]
    assert comments.text.iloc[1].endswith("\n\nShe was lucky.")


def test_where_every_header_stands_nothing_is_inferred_or_doubted(write):
    corpus = read(write, page("[-]Ana2y72\n\nYes.\n\nThanks for this, Bo.\n\n[-]Bo1y10-3\n\nNo.", count=2))
    assert len(corpus.comments) == 2
    assert list(corpus.comments.agreement) == [2, -3]
    assert corpus.problems.severity.eq("info").all()


def test_lost_headers_are_inferred_up_to_the_stated_count(write):
    body = (
        "[-]Ana2y72\n\nI doubt that oak lasts, for the reasons that the ferryman gave us all last autumn.\n\n"
        "It rots at the waterline first.\n\n"
        "Thanks, this is a great post! I had wondered about the gauge.\n\n"
        "It rots at the waterline first.\n\nOnly where the gate stands dry in summer."
    )
    corpus = read(write, page(body, count=3))
    assert corpus.comments.origin.tolist() == ["stated", "inferred", "inferred"]
    assert corpus.comments.text.iloc[2].startswith("> It rots at the waterline first.")
    assert corpus.comments.parent_id.iloc[2] == "page#1"
    assert (corpus.comments.confidence.iloc[1:] < 1).all()
    assert "the page says 3 comments; 1 certainly begin a comment (1 by header), 2 more were inferred" in said(corpus)


@pytest.mark.parametrize("count", [1, 2, 5, 400])
def test_no_more_comments_than_stated_and_no_paragraph_lost(write, count):
    body = "\n\n".join(
        f"Thanks! Gate number {n} has held since the flood of the year {1900 + n}, and I agree." for n in range(8)
    )
    corpus = read(write, page(body, count))
    assert 1 <= len(corpus.comments) <= count
    assert "\n\n".join(corpus.comments.text) == body
    if count > 9:
        assert "could not be told apart" in said(corpus)


def test_the_review_box_is_a_bot_and_dates_the_page(write):
    box = (
        "The LessWrong Review runs every year to select posts. This one can be chosen at the end of 2025.\n\n"
        "Hopefully, the review is better than karma at this.\n\n"
    )
    corpus = read(
        write, page(f"{box}I agree with Bo, and the box above is not mine.\n\n[-]Ana10\n\nOak rots.", count=4)
    )
    assert corpus.comments.author.iloc[0] == "Review Bot"
    assert corpus.comments.status.tolist() == ["bot", "live", "live"]
    assert corpus.comments.origin.tolist() == ["stated", "inferred", "stated"]
    assert (corpus.comments.karma.iloc[2], corpus.comments.agreement.iloc[2]) == (1, 0)
    assert "by the review's box" in said(corpus)


def test_the_pages_own_list_settles_digits_names_and_counts(write):
    listed = "704Ana\n3Bo\n-2Cy\n1Dee\n\n"
    text = page("[-]Ana2y7043\n\nOak rots.\n\n[-]Cy1y-25\n\nIt does not.\n\nI agree with Cy here.").replace(
        "New Comment", f"{listed}New Comment"
    )
    corpus = read(write, text)
    assert corpus.comments.karma.iloc[0] == 704
    assert corpus.comments.agreement.iloc[0] == 3
    assert corpus.comments.author.tolist() == ["Ana", "Cy", "Dee"]
    assert corpus.comments.karma.tolist() == [704, -2, 1]
    assert corpus.posts.karma.iloc[0] == 41
    assert not corpus.problems.what.str.contains("can be read in").any()


def test_undecidable_digits_name_every_reading(write):
    corpus = read(write, page("[-]Ana2y7043\n\nOak rots.\n\n[-]Bo2y10-3\n\nNo.", count=2))
    (row,) = corpus.problems[corpus.problems.what.str.contains("can be read in")].itertuples()
    assert row.comment_id == "page#1"
    assert "karma 70, agreement 43; Ana, karma 704, agreement 3" in row.what
    assert corpus.comments[["karma", "agreement"]].iloc[0].isna().all()
    assert corpus.comments[["author", "karma", "agreement"]].iloc[1].tolist() == ["Bo", 10, -3]


def test_chrome_of_comments_is_dropped(write):
    body = (
        "[-]Ana2y72\n\nPinned by Bo\n\nOak rots.\n\nReply\n4311\n\n[-][comment deleted]2y10\n\n"
        "[ - ] Cy Dahl 2d 4 2 Larch is cheap,\n\nand near.\n\nReply\n\n"
        "What stands after a reply button begins a comment.\n\n"
        "8Dee2y\n\nFolded to one line (read more)\n\nSo this is another's."
    )
    corpus = read(write, page(body, count=6))
    comments = corpus.comments
    assert comments.text.tolist()[0] == "Oak rots."
    assert comments.status.tolist()[1] == "deleted"
    assert comments.author.tolist()[2] == "Cy Dahl"
    assert comments.text.tolist()[2] == "Larch is cheap,\n\nand near."
    assert comments.text.tolist()[3].startswith("What stands after")
    assert (comments.author.iloc[4], comments.karma.iloc[4], comments.text.iloc[4]) == (
        "Dee",
        8,
        "Folded to one line (read more)",
    )
    assert comments.agreement.isna().iloc[4]
    assert comments.text.iloc[5] == "So this is another's."
    assert not comments.text.str.contains("4311|Pinned").any()
    assert "folded to one line" in said(corpus)


def test_a_name_alone_is_a_header_only_where_the_page_knows_it(write):
    body = (
        "[-]Ana Berg2y72\n\nOak rots.\n\nAna Berg\n\nI said that already, and still nobody believes it.\n\n"
        "Old Mill\n\nThat is where it stood when I was young, by the lower ford."
    )
    comments = read(write, page(body, count=2)).comments
    assert comments.author.tolist() == ["Ana Berg", "Ana Berg"]
    assert "Old Mill" in comments.text.iloc[1]
    assert comments.karma.isna().iloc[1]


NO_CHROME = """Sluice gates are not weirs (and we need both)
by Ana Berg
tl;dr: a weir only slows the water[1], a gate can stop it.
The word weir was taken over by the council for whatever stands across a river, and nobody asked the millers about it.
If a gate can be opened by one person at night then it is not safe as the millers have always meant it.
- ^
Except in a flood.
I am tired of explaining this to the council, and I wonder why nobody there has ever read the old reports.
I disagree. You describe a gate that no smith in this valley could ever have built, let alone kept in order.
> \u201cIf a gate can be opened by one person at night then it is not safe as the millers have always meant it.\u201d
That cannot be right, since one person has to open it when the water comes.
If a gate cannot be opened by one person at night then it is safe as the millers have always meant it."""


def test_footnotes_part_post_and_comments(write):
    corpus = read(write, NO_CHROME)
    post = corpus.posts.iloc[0]
    assert post.title == "Sluice gates are not weirs (and we need both)"
    assert post.author == "Ana Berg"
    assert post.text.startswith("tl;dr:")
    assert post.text.endswith("[^1]: Except in a flood.")
    assert corpus.comments.text.iloc[0].startswith("I am tired")
    assert set(corpus.comments.origin) == {"inferred"}
    assert (corpus.comments.confidence < 0.9).all()
    lines = "\n".join(corpus.comments.text).split("\n")
    assert [line[:4] for line in lines if line.startswith(">")] == ["> “I"]
    assert "begin at line 8" in said(corpus)


def test_a_feed_is_one_comment_of_unknown_bounds(write):
    lines = [line.replace("> ", "") for line in NO_CHROME.split("\n")[7:]]
    corpus = read(write, "\n".join(lines), "feed.txt")
    assert len(corpus.comments) == 1
    assert corpus.comments.confidence.iloc[0] < 0.6
    assert corpus.comments.origin.iloc[0] == "inferred"
    assert corpus.posts.loc["feed", "text"] == ""
    assert corpus.posts.title.isna().all()
    assert "a feed of one unknown author" in said(corpus)
    assert corpus.problems.cure.str.contains("boundaries unknown").any()


def test_a_post_alone_is_a_post(write):
    corpus = read(write, "\n".join(NO_CHROME.split("\n")[:5]))
    assert len(corpus.posts) == 1
    assert len(corpus.comments) == 0
    assert "nothing tells comments from the post" in said(corpus)


def test_windows_text_and_wrapped_lines(write):
    said_long = "I doubt that oak lasts, and I have said so since the first gate was hung, but nobody listens. "
    whole = page(f"[-]Ana2y72\n\n{(said_long * 3).strip()}\n\nI am a miller\u2019s widow.", count=1)
    narrow = "\n".join("\n".join(textwrap.wrap(line, 64)) for line in whole.split("\n"))
    corpus = read(write, narrow.replace("\u03a9", "").encode("cp1252"))
    assert corpus.comments.text.iloc[0] == f"{(said_long * 3).strip()}\n\nI am a miller\u2019s widow."
    assert "not UTF-8" in said(corpus)


CODE = (
    "import os\n\ndef gate(width):\n    # the widest gate that the smiths ever built was nine feet and a thumb wide\n"
    "    return width\n\nclass Sluice:\n    pass\n"
)
LOG = "\n".join(
    f"2024-01-0{n} 10:00:00 INFO the gate has been opened by the miller and it will be closed again by nightfall"
    for n in range(1, 9)
)
PROSE = "\n\n".join(NO_CHROME.split("\n")[3:5] * 3)


@pytest.mark.parametrize(
    ("content", "known"),
    [
        (page("[-]Ana2y72\n\nOak."), True),
        (NO_CHROME, True),
        (PROSE, True),
        (PROSE.replace("If", "\u2018If\u2019").encode("cp1252"), True),
        ("[-]Ana2y72\n\nOak rots.\n\n[-]Bo10\n\nNo.", True),
        ("two words", False),
        (CODE * 3, False),
        (LOG, False),
        ('{"a": "' + PROSE.replace("\n", " ") + '"}', False),
        ('[{"text": "' + PROSE.replace("\n", " ") + '"}]', False),
        ("<html><p>" + PROSE, False),
        ("name,age,gate\n" + "Ana,3,the gate of the lower mill has stood there since the flood came down\n" * 9, False),
        ("---\ntitle: x\n---\n" + PROSE, False),
        ("# Sluice\n\n## Install\n\n```\npip install sluice\n```\n\n" + PROSE, False),
        (b"\x89PNG\r\n\x1a\n\x00\x00" + PROSE.encode(), False),
        ("", False),
        ("- [-] buy oak\n- [+] sell larch\n", False),
    ],
)  # fmt: skip
def test_detection(write, content, known):
    assert page_text.detect(sample(write("x.txt", content))) is known


def test_headers_that_are_none():
    for line in ("[1] a reference", "[...]", "[-]", "Agreed.", "12 monkeys", "3d printing is fun", "> [-]Ana"):
        assert read_header([line, "", "short"], 0) is None or not read_header([line, "", "short"], 0).sure, line


def test_the_model_ships_with_every_weight_and_is_monotone_in_the_count():
    import numpy as np

    assert model().trees.feature.max() < len(FEATURES)
    assert len(model().trees.roots) > 50
    odds = np.linspace(-3, 3, 20)
    for n in (1, 5, 12):
        assert shifted(odds, n).sum() == pytest.approx(n, abs=1e-6)
        assert choose(odds, n)[1].sum() <= n
    assert not choose(odds, 0)[1].any()
    p, chosen = choose(odds, 3, [(2, 5)])
    assert chosen[2:5].sum() == 1
    assert chosen.sum() <= 3
    assert ((p >= 0) & (p < 1)).all()


TALK = "Tea is a drink that a good many people have asked me about."
TEA = "On tea\n\nTea is safe, as I will show in this short post of mine.\n\n52\n\nNew Comment\n\n"
NOTED = {
    "[-]Ana2yModerator Comment\u03a91070": ("Ana", 10, 70),
    "[-]Ana2y\nModerator Comment\n\u03a91070": ("Ana", 10, 70),
    "[-]Ana\n2y\nModerator Comment\n\u03a910\n70\n0": ("Ana", 70, 0),
    "[-]Ana2y70-3Nomination for 2023 Review": ("Ana", 70, -3),
    "[-]Ana2y70-3\nReview for 2023 Review": ("Ana", 70, -3),
    "[-]Answer by Ana2y70-3": ("Ana", 70, -3),
    "[-]Answer by Ana LindJun 03, 202170-3": ("Ana Lind", 70, -3),
    "[-]Ana2y*70-3\n\nPinned by Bo": ("Ana", 70, -3),
}


@pytest.mark.parametrize("header", NOTED)
def test_notes_of_the_forum_are_neither_name_nor_score_nor_words(corpus_of, header):
    author, karma, agreement = NOTED[header]
    if "1070" in header:  # 10 and 70 only beside a header that settles the number of scores
        karma, agreement = None, None
    page = f"{TEA}1 comment, sorted by Click to highlight new comments since:\n\n{header}\n\n{TALK}\n\nReply\n4311"
    row = corpus_of(page, "tea.txt").comments.iloc[0]
    assert (row.author, row.text, row.origin) == (author, TALK, "stated")
    if karma is not None:
        assert (row.karma, row.agreement) == (karma, agreement)


def test_words_of_a_comment_about_notes_stay(corpus_of):
    page = f"{TEA}1 comment, sorted by\n\n[-]Ana2y70-3\n\nHis Moderator Comment was short.\n\n{TALK}"
    assert corpus_of(page, "tea.txt").comments.text.tolist() == [f"His Moderator Comment was short.\n\n{TALK}"]


def test_a_comment_folded_to_one_line_is_told_as_cut(corpus_of):
    page = f"{TEA}2 comments, sorted by\n\n[-]Ana2y70-3\n\n{TALK}\n\n8Buck2y\n{TALK} Hm"
    corpus = corpus_of(page, "tea.txt")
    assert corpus.comments.text.tolist() == [TALK, f"{TALK} Hm"]
    assert corpus.comments[["author", "karma"]].iloc[1].tolist() == ["Buck", 8]
    assert corpus.sources[0]["lost"] == {"cut": 1}


PIECES = st.sampled_from(
    [
        "", "\u00a0", "[-]Ana2y\u03a97107", "[-]", "[\n-\n]\nbo\n2y\n31\n18", "8Buck2y", "Reply", "4311", "- ^",
        "  1. ^", "    An indented line of some length.", "New Comment", "7 comments, sorted by Click", "Mentioned in",
        "12Ana", "-3", "\u03a9 7", "  \u2022 item", "> quoted words, four of them", "[...]", "I agree.",
        "[-][comment deleted]1d00", "The gate was hung in the year of the flood.",
        "The gate was never hung in the year of the flood.", "The LessWrong Review runs every year",
        "Hopefully, the review is better than karma", "\u201cA gate is a gate.\u201d",
    ]
)  # fmt: skip


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(PIECES, max_size=30))
def test_any_order_of_lines_is_read_or_refused(tmp_path, lines):
    path = tmp_path / "odd.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    draft = Draft(path.name)
    try:
        page_text.read(path, draft)
    except FormatError:
        assert not draft.comments
        assert not draft.posts
        return
    corpus = draft.finish()
    assert len(corpus.posts) == 1
    stated = corpus.posts.n_comments_stated.iloc[0]
    certain = (corpus.comments.origin == "stated").sum()
    assert stated is pd.NA or len(corpus.comments) <= max(stated, certain + lines.count("Reply") + 9)
    assert corpus.comments.confidence.between(0.01, 1).all()


def test_a_page_of_thousands_of_paragraphs_takes_seconds(write):
    body = "\n\n".join(
        " ".join(f"w{(n * 7919 + i * i * 31) % 3000}" for i in range(40)) + ("" if n % 9 else "?") for n in range(3000)
    )
    begun = time.process_time()
    corpus = read(write, page(body, count=700))
    assert 100 < len(corpus.comments) <= 700
    assert time.process_time() - begun < 30
