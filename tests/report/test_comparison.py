"""comparison.html, comparison.md and the terminal: what a reader asks first, and nothing of a forum that can run."""

import io
import re

import numpy as np
import pytest
from communities import community, direction
from lxml import html
from markdown_it import MarkdownIt
from rich.console import Console

from threadkit.corpus.comparison import Comparison
from threadkit.corpus.tables import COMPARISON
from threadkit.crux.compare import compare
from threadkit.report.comparison import (
    compared,
    comparison_markdown,
    comparison_page,
    print_comparison,
    summary,
    write_comparison,
)

SCRIPT = "<script>alert(1)</script>"
IMAGE = '"><img src=x onerror="alert(2)">'
BREAK = "a | b `c` [red]d[/red] [e](javascript:alert(3)) \u202e"
NAMES = (f"Hall {SCRIPT}", "Yard | *two*")
READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def raised(point, posts, prefix, karma=1, answered=False):
    return [(f"{prefix}{i}", f"u{i}", point, direction(point), karma, answered, "2024-03-01") for i in posts]


@pytest.fixture(scope="module")
def comparison():
    a = raised(0, range(12), "p", karma=40, answered=True) + raised(1, range(40), "p", karma=-3)
    b = raised(0, range(2), "q", karma=-40) + raised(1, range(38), "q", karma=50) + raised(2, range(3), "q")
    titles = {0: f"Drains cost more {SCRIPT}", 1: f"Nobody walks there {IMAGE}", 2: BREAK}
    first = community(a, titles=titles)
    second = community(b, titles={**titles, 1: "=1+1 | walks"}, prefix="b")
    return compare(first, second, names=NAMES)


@pytest.fixture(scope="module")
def nothing():
    return compare(community([]), community([]))


def test_says_how_much_more_frequent_and_how_sure(comparison):
    shown = compared(comparison)
    (row,) = shown.differs.rows
    assert row.raised == f"raised on 12 of 40 posts in Hall {SCRIPT} and 2 of 38 in Yard | *two*"
    # (12.5 / 28.5) / (2.5 / 36.5) = 6.4 times, on the side that has more.
    assert row.odds == f"6.4 times the odds in Hall {SCRIPT} (1.5 to 27)"
    assert (row.sure, row.differs, row.q) == ("more than chance gives", True, "0.020")
    assert row.answered == ("100%", "0%")
    assert row.answered_by.startswith("−100 points (−100 to −")
    assert [listed.n for listed in (shown.shared, *shown.only)] == [2, 0, 1]
    assert summary(shown).startswith("2 points were raised in both, 0 only in Hall")
    assert summary(shown).endswith("1 point differs by more than chance gives.")
    assert [row.title.split()[0] for row in shown.received.rows] == ["Nobody", "Drains"]
    twin = shown.shared.rows[0]
    assert twin.other_title == "=1+1 | walks"
    assert twin.posts == ("40 of 40", "38 of 38")


def test_hostile_text_stays_text_in_html(comparison):
    page = comparison_page(comparison)
    tree = html.document_fromstring(page)
    assert not tree.xpath("//script | //img | //iframe | //form | //b | //base")
    assert not [name for element in tree.iter() for name in element.attrib if name.lower().startswith("on")]
    text = re.sub(r"\s+", " ", " ".join(tree.xpath("//body//text()")))
    assert SCRIPT in text
    assert IMAGE in text
    assert "\u202e" not in page
    addresses = tree.xpath("//@href")
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert all(address == "data:," or address[1:] in ids for address in addresses)
    policy = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert policy.startswith("default-src 'none'")
    assert "script-src" not in policy
    assert not re.search(r"https?://", page)


def test_hostile_text_stays_text_in_markdown(comparison):
    text = comparison_markdown(comparison)
    tokens = [child for token in READER.parse(text) for child in (token, *(token.children or []))]
    assert not {token.type for token in tokens} & {
        "html_inline", "html_block", "image", "link_open", "em_open", "s_open", "hr", "fence", "code_block",
    }  # fmt: skip
    assert [token.tag for token in tokens if token.type == "heading_open"].count("h1") == 1
    assert {token.content for token in tokens if token.type == "code_inline"} <= {"comparison.parquet"}
    width = None
    for line in text.splitlines():
        n = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else None
        assert n is None or n == (width or n)
        width = n
    assert "\u202e" not in text


@pytest.mark.parametrize("name", ["comparison", "nothing"])
def test_what_is_missing_never_looks_like_a_value(name, request, tmp_path):
    found = request.getfixturevalue(name)
    path = write_comparison(found, tmp_path / "out")
    assert path.read_text(encoding="utf-8") == comparison_page(found)
    for text in (comparison_page(found), (tmp_path / "out" / "comparison.md").read_text(encoding="utf-8")):
        assert not re.search(r"<NA>|&lt;NA|\bnan\b|\bNone\b(?! of)|\bNaT\b", text)
    assert ("No crux was found on either side" in comparison_markdown(found)) == (name == "nothing")


@pytest.mark.parametrize("width", [60, 160])
def test_terminal_prints_words_not_markup(comparison, width):
    out = io.StringIO()
    print_comparison(comparison, Console(file=out, width=width))
    text = out.getvalue()
    assert "[red]d[/red]" in text
    assert "What differs most" in text
    assert f"Hall {SCRIPT}: posts with objections 40" in text.replace("\n", " ")
    assert ("times the odds" in text) == (width == 160)
    assert "\u202e" not in text


def test_long_lists_are_cut_and_say_so():
    n = 130
    rows = {
        "shared_id": range(n),
        "kind": "only A",
        "crux_ids_a": [str(i) for i in range(n)],
        "title_a": [f"point {i}" for i in range(n)],
        "n_posts_a": 2,
        **dict.fromkeys(("n_posts_b", "n_authors_a", "n_authors_b", "n_objections_a", "n_objections_b"), 0),
        "log_odds": np.linspace(-5, 5, n),
        "log_odds_low": -6.0,
        "log_odds_high": 6.0,
        "q_value": 0.5,
    }
    side = {"posts": 9, "comments": 9, "objections": 9, "cruxes": 9, "first_at": None, "last_at": None}
    run = {"names": ["A", "B"], "sides": [side, side], "not_comparable": []}
    found = Comparison(COMPARISON.build(rows), run)
    assert compared(found).only[0].more == 30
    assert "and 30 more in `comparison.parquet`" in comparison_markdown(found)
    assert "and 30 more in" in comparison_page(found)
