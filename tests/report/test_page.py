"""report.html: what it holds, what it never holds, and that nothing of a forum in it can run."""

import base64
import gzip
import json
import re
from hashlib import sha256
from itertools import pairwise

import numpy as np
import pytest
from lxml import html

from threadkit.base.errors import OutputError
from threadkit.corpus.analysis import Analysis
from threadkit.corpus.tables import ANALYSIS_TABLES
from threadkit.report.page import page, write_page

SIBLINGS = ["analysis", "nothing", "one_comment", "no_cruxes", "bare"]


@pytest.fixture(scope="module")
def tree(analysis):
    return html.document_fromstring(page(analysis))


def visible(tree):
    """Return the page's text without its scripts and style."""
    parts = tree.xpath("//body//text()[not(ancestor::script or ancestor::noscript)]")
    return re.sub(r"\s+", " ", " ".join(parts))


def source_hash(text):
    return f"'sha256-{base64.b64encode(sha256(text.encode()).digest()).decode()}'"


def test_hostile_text_stays_text(tree):
    assert not tree.xpath("//img | //iframe | //object | //embed | //form | //b | //base")
    assert len(tree.xpath("//script")) == 3
    assert not [name for element in tree.iter() for name in element.attrib if name.lower().startswith("on")]
    text = visible(tree)
    for shown in (
        "<script>alert(1)</script>",
        '"><img src=x onerror="alert(2)">',
        "</script><script>alert(4)</script>",
    ):
        assert shown in text
    assert "\u202e" not in text
    assert "=1+1" in text


def test_only_web_addresses_become_links(tree):
    addresses = tree.xpath("//@href")
    assert "https://forum.example/p1/c1" in addresses
    assert "https://example.org/drains?a=1&b=2" in addresses
    assert "https://example.org/books" in addresses
    assert all(re.match(r"https?://|#|data:,$", address) for address in addresses)
    for link in tree.xpath("//a[starts-with(@href, 'http')]"):
        assert set(link.get("rel").split()) == {"noopener", "noreferrer", "nofollow"}
    ids = set(tree.xpath("//@id"))
    assert all(address[1:] in ids for address in addresses if address.startswith("#"))


def test_comment_without_a_web_address_links_to_its_post_or_shows_its_id(tree):
    assert tree.xpath("//a[@href='https://forum.example/p1'][contains(., 'comment c2')]")
    by = tree.xpath("//p[@class='by'][contains(., 'comment c4')]")
    assert by
    assert not by[0].xpath(".//a")


def test_policy_allows_exactly_the_scripts_of_the_page(tree):
    policy = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["img-src"] == "data:"
    figure, library, script = tree.xpath("//script")
    assert json.loads(figure.text)["data"]
    unpacked = gzip.decompress(base64.b64decode(library.text)).decode()
    assert rules["script-src"].split() == [source_hash(script.text), source_hash(unpacked)]
    assert [element.get("type") for element in (figure, library, script)] == ["application/json", "text/plain", None]
    assert not tree.xpath("//script/@src | //link[@rel='stylesheet'] | //@style")


def test_figure_stands_in_its_script_without_any_markup(analysis):
    raw = re.search(r'<script type="application/json" id="figure">(.*?)</script>', page(analysis), re.DOTALL)[1]
    assert not set("<>&\u2028\u2029") & set(raw)
    assert sum(len(trace["x"]) for trace in json.loads(raw)["data"]) == 12


def test_what_is_missing_never_looks_like_a_value(tree):
    text = visible(tree)
    assert "unknown author" in text
    assert not re.search(r"<NA>|\bnan\b|\bNone\b|\bNaT\b|\[deleted\]", text)
    assert "A post with no title whose first words stand for it." in text
    unknown = tree.xpath("//p[@class='by'][contains(., 'comment c4')]")[0].text_content()
    assert "karma" not in unknown


def test_numbers_have_separators_and_karma_stands_apart_from_agreement(tree):
    text = visible(tree)
    assert "1,243" in text
    assert "12,345" in text
    first = tree.get_element_by_id("crux-1").text_content()
    assert re.search(r"Karma\s*1,243\s*median 12\b", first)
    assert re.search(r"Agreement\s*3\s*median 1\.5", first)
    assert re.search(r"Stability\s*0\.81", first)
    second = tree.get_element_by_id("crux-2").text_content()
    assert not re.search(r"Agreement|Stability", second)


def test_cruxes_are_ranked_and_the_unanswered_named(tree):
    ranked = tree.xpath("//table[@class='ranking']/tbody/tr/th/a/@href")
    assert ranked == ["#crux-1", "#crux-2"]
    assert tree.xpath("//ol[@class='unanswered']/li/a/@href") == ["#crux-2"]
    assert tree.xpath("//ul[@class='others']/li/@id") == ["crux-3"]
    first = tree.get_element_by_id("crux-1")
    assert "answered on 1 of 3 posts" in first.text_content()
    assert "1 copy left out" in first.text_content()
    objectors = first.xpath(".//section[contains(@class, 'objectors')]//span[@class='author']/text()")
    assert objectors == ["Ana", "Bo|b", '"><img src=x onerror="alert(2)">', "unknown author"]
    defenders = first.xpath(".//section[contains(@class, 'defenders')]//span[@class='author']/text()")
    assert defenders == ["Wren", "Wren"]
    rows = first.xpath(".//section[@class='places']//tbody/tr")
    assert [row.xpath("string(td[1])") for row in rows] == ["2", "1", "1"]
    assert [row.xpath("string(td[last()])") for row in rows] == ["Wren", "nobody", "nobody"]


def test_coverage_opens_the_page_with_the_worst_problem_first(tree):
    assert tree.xpath("//main/section/@id")[0] == "read"
    figures = {
        each.xpath("string(dt)"): each.xpath("string(dd)") for each in tree.xpath("//div[contains(@class, 'figure')]")
    }
    assert {k: figures[k] for k in ("files", "posts", "comments", "objections", "cruxes", "coming back")} == {
        "files": "2", "posts": "4", "comments": "13", "objections": "11", "cruxes": "3", "coming back": "2",
    }  # fmt: skip
    unread = {
        each.xpath("string(.//strong)"): each.xpath("string(span[1])")
        for each in tree.xpath("//ul[contains(@class, 'two')]/li")
    }
    assert unread["comments named without their text"] == "1"
    assert unread["comments cut out of page text by guess"] == "1"
    # p1 states 9 comments, the corpus holds 8 of them.
    assert unread["comments that the forum counts but the files do not hold"] == "1"
    assert unread["objections in no crux"] == "2"
    severities = tree.xpath("//table[@class='problems']/tbody/tr/td[1]")
    assert [cell.text_content() for cell in severities] == ["error", "warning", "info"]


def test_structure_is_semantic(tree):
    assert tree.get("lang") == "en"
    assert len(tree.xpath("//h1")) == 1
    assert tree.xpath("//a[@class='skip']/@href") == ["#main"]
    assert len(tree.xpath("//main | //nav[@aria-label] | //body/header")) == 3
    assert not tree.xpath("//th[not(@scope)]")
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    levels = [int(h.tag[1]) for h in tree.xpath("//h1 | //h2 | //h3 | //h4")]
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("name", SIBLINGS)
def test_page_works_on_every_sibling_and_gives_the_same_bytes(name, request, tmp_path):
    analysis = request.getfixturevalue(name)
    path = write_page(analysis, tmp_path / "new folder" / "report.html")
    assert path.read_text(encoding="utf-8") == page(analysis)
    text = visible(html.fromstring(path.read_bytes()))
    assert not re.search(r"<NA>|\bnan\b|\bNone\b|\bNaT\b|\[deleted\]|\bNothing was found\b", text)


@pytest.mark.parametrize("name", ["nothing", "one_comment"])
def test_no_disagreement_is_said_in_words(name, request):
    text = page(request.getfixturevalue(name))
    assert "No disagreement was found" in text
    assert "<script" not in text
    assert "script-src" not in text


def test_no_map_is_drawn_where_nothing_has_a_place(bare):
    assert 'id="drawing"' not in page(bare)


def test_order_of_rows_does_not_matter(analysis):
    rng = np.random.default_rng(1)
    tables = {name: getattr(analysis, name) for name in ANALYSIS_TABLES}
    for name in ("comments", "objections", "cruxes", "sides", "recurrence"):
        tables[name] = tables[name].iloc[rng.permutation(len(tables[name]))]
    shuffled = Analysis(**tables, vectors=analysis.vectors, run=analysis.run)
    assert page(shuffled) == page(analysis)


def test_an_unwritable_place_is_named(analysis, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match=r"report\.html: cannot be written"):
        write_page(analysis, tmp_path / "file" / "report.html")


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", [0, 1])
def test_text_has_contrast_aa(tree, scheme):
    roots = re.findall(r":root \{(.*?)\}", tree.xpath("string(//style)"), re.DOTALL)
    colours = {}
    for root in roots[: scheme + 1]:
        colours |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", root))
    pairs = [(ink, paper) for ink in ("ink", "soft", "accent", "against", "for") for paper in ("paper", "surface")]
    pairs += [
        ("against", "against-wash"),
        ("for", "for-wash"),
        ("warn", "warn-wash"),
        ("ink", "info-wash"),
        ("warn", "paper"),
    ]
    for ink, paper in pairs:
        dark, light = sorted((luminance(colours[ink]), luminance(colours[paper])))
        assert (light + 0.05) / (dark + 0.05) >= 4.5, (ink, paper)
