"""report.html: what it holds, what it never holds, and that nothing of a forum in it can run."""

import base64
import dataclasses
import json
import re
from hashlib import sha256
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from lxml import html

from threadkit.base.errors import OutputError
from threadkit.corpus.analysis import Analysis
from threadkit.corpus.tables import ANALYSIS_TABLES
from threadkit.report.markdown import markdown
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
    assert not tree.xpath("//img | //iframe | //object | //embed | //b | //base")
    assert len(tree.xpath("//script")) == 2
    assert not tree.xpath("//form/@action | //form/@method")
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
    data, script = tree.xpath("//script")
    assert json.loads(data.text)["rows"]["text"]
    assert rules["script-src"] == source_hash(script.text)
    assert [element.get("type") for element in (data, script)] == ["application/json", None]
    assert not tree.xpath("//script/@src | //link[@rel='stylesheet'] | //@style")


def test_data_stands_in_its_script_without_any_markup(analysis):
    raw = re.search(r'<script type="application/json" id="data">(.*?)</script>', page(analysis), re.DOTALL)[1]
    assert not set("<>&\u2028\u2029") & set(raw)
    assert len(json.loads(raw)["rows"]["text"]) == 11


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
    assert re.search(r"Posts\s*3\s*2 by different people", first.text_content())
    objectors = first.xpath(".//section[contains(@class, 'objectors')]//span[@class='author']/text()")
    assert objectors == ["Ana", "Bo|b", '"><img src=x onerror="alert(2)">', "unknown author"]
    defenders = first.xpath(".//section[contains(@class, 'defenders')]//span[@class='author']/text()")
    assert defenders == ["Wren", "Wren"]
    rows = first.xpath(".//section[@class='places']//tbody/tr")
    assert [row.xpath("string(td[1])") for row in rows] == ["2", "1", "1"]
    assert [row.xpath("string(td[last()])") for row in rows] == [
        "Wren post’s author conceded",
        "nobody",
        "nobody",
    ]


def test_what_could_be_chance_is_set_apart(analysis):
    def divided(*qs):
        cruxes = analysis.cruxes.copy()
        cruxes["q_value"] = pd.array([*qs, None], dtype=cruxes["q_value"].dtype)
        cruxes["n_answered"] = 0
        shown = dataclasses.replace(analysis, cruxes=cruxes)
        tree = html.document_fromstring(page(shown))
        rows = tree.xpath("//table[@class='ranking']/tbody/tr")
        places = [n for n, row in enumerate(rows) if row.get("class") == "divide"]
        lists = [len(each) for each in tree.find_class("unanswered")]
        said = [text.count("What follows could be chance") for text in (tree.text_content(), markdown(shown))]
        return places, lists, said

    assert divided(0.01, 0.4) == ([1], [1, 1], [2, 2])
    assert divided(0.01, 0.02) == ([], [2], [0, 0])
    assert divided(0.3, 0.4) == ([], [2], [0, 0])


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
    assert unread["comment named without its text"] == "1"
    assert unread["comment cut out of page text by guess"] == "1"
    # p1 states 9 comments, the corpus holds 8 of them.
    assert unread["comment that the forum counts but the files do not hold"] == "1"
    assert unread["objections in no crux"] == "2"
    severities = tree.xpath("//table[@class='problems']/tbody/tr/td[1]")
    assert [cell.text_content() for cell in severities] == ["error", "warning", "info"]


def test_changes_stand_at_the_top_and_lead_to_their_cruxes(tree):
    assert tree.xpath("//main/section/@id")[:2] == ["read", "changes"]
    shown = tree.get_element_by_id("changes")
    assert [h.text.strip() for h in shown.xpath(".//h3")] == ["New", "Grown", "Split", "Merged", "Gone quiet"]
    assert shown.xpath(".//li/a[1]/@href") == ["#crux-2", "#crux-1", "#crux-3", "#crux-1"]
    text = shown.text_content()
    assert "1 → 3 posts, 2 → 4 objections" in text
    assert "2 posts, 3 objections" in text
    assert "split from “Paving costs more" in text
    assert "merged with “crux 78”" in text
    assert not shown.xpath(".//a[contains(., 'neighbours')]")


def test_no_change_is_no_section(bare, no_cruxes):
    assert 'id="changes"' in page(bare)
    assert 'id="changes"' not in page(no_cruxes)


def test_evidence_is_said_in_plain_words(tree):
    first, second = (
        " ".join(tree.get_element_by_id(f"crux-{i}").xpath("string(.//p[@class='evidence'])").split()) for i in (1, 2)
    )
    assert first.startswith(
        "Raised on 3 posts (4 threads) by 3 authors (as if by 2.6 equal ones) in 392 days, mostly in one burst. "
        "It came up more often since the post “Paving, a year on"
    )
    assert (
        "By chance, unrelated objections come as close on 0.8 posts by different people; these do on 2: "
        "2.5 times as many (1.2 to 6.4), more than chance gives (q = 0.0012). "
        "It makes up 36% of all objections, 97% by their karma, under 1% by their agreement; "
        "on its posts, 62% of the comments that object make it. "
        "Readers liked these objections but disagreed with them."
    ) in first
    assert second == (
        "Raised on 2 posts by 2 authors within a day, steadily. By chance, unrelated objections come as close on "
        "1 post by different people; these do on 2: 2.0 times as many (0.6 to 5.1), which could be chance (q = 0.4). "
        "It makes up 27% of all objections."
    )


def test_ledger_holds_the_best_answer_and_what_came_of_it(tree):
    ledger = tree.get_element_by_id("crux-1").find_class("ledger")[0]
    assert ledger.xpath("string(.//p[@class='outcome'])") == (
        "Answered on 1 of 3 posts, conceded by the objector once, came up again on 2 posts after it was answered."
    )
    assert "It did pay, see books." in ledger.xpath("string(.//blockquote)")
    assert "https://example.org/books" in ledger.xpath(".//blockquote//@href")
    by = " ".join(ledger.xpath("string(.//p[@class='by'])").split())
    assert by == (
        "Wren, who wrote the post · 32 karma above the objection, 3 agreement below it · 2023-01-06 · original"
    )
    assert ledger.xpath(".//p[@class='by']//a/@href") == ["https://forum.example/p1/d1"]
    assert not tree.get_element_by_id("crux-2").find_class("ledger")
    row = tree.xpath("//table[@class='answered']/tbody/tr")
    assert [" ".join(cell.text_content().split()) for cell in row[0].xpath("td")] == ["1/3", "Wren", "1", "2"]
    assert row[0].xpath("td//@href") == ["https://forum.example/p1/d1"]
    assert len(row) == 1


def test_trend_is_drawn_and_said(tree):
    trend = tree.get_element_by_id("crux-1").find_class("trend")[0]
    svg = trend.find("svg")
    assert svg.get("role") == "img"
    assert trend.xpath("string(figcaption)") in svg.get("aria-label") + "."
    assert svg.get("aria-label").endswith("Came up in 2 months; most in 2023-01, on 1 of 1 post that had objections")
    bars, base = (svg.find_class(name)[0].get("d") for name in ("bars", "base"))
    # January 2023 and, 13 months on, February 2024; in June it could have come up but did not.
    assert re.findall(r"M(\d+) 36v-(\d+)", bars) == [("3", "36"), ("81", "12")]
    assert re.findall(r"M(\d+) 36H(\d+)", base) == [("0", "6"), ("30", "36"), ("78", "84")]
    assert svg.get("viewbox") == "0 0 84 38"


@pytest.mark.parametrize(("active", "told"), [(2, False), (3, True)])
def test_an_interval_takes_three_posts(analysis, active, told):
    trends = analysis.trends.assign(n_posts_active=pd.array([active] * len(analysis.trends), "int32"))
    crux = html.document_fromstring(page(dataclasses.replace(analysis, trends=trends))).get_element_by_id("crux-1")
    assert ("with 95% confidence" in crux.xpath("string(.//figcaption)")) == told


def test_copies_are_listed_with_their_crux(tree):
    (copies,) = tree.get_element_by_id("crux-1").find_class("copies")
    (listed,) = copies.xpath(".//li")
    assert " ".join(listed.text_content().split()) == (
        "Ana on A post with no title whose first words stand for it. · 2024-03-02 · original"
    )
    assert listed.xpath(".//@href") == ["https://forum.example/p3/c5"]
    assert not tree.get_element_by_id("crux-2").find_class("copies")


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


def test_order_of_rows_does_not_matter(analysis):
    rng = np.random.default_rng(1)
    tables = {name: getattr(analysis, name) for name in ANALYSIS_TABLES}
    for name in ("comments", "objections", "cruxes", "sides", "recurrence", "answers", "trends", "changes"):
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


def test_what_the_figures_do_not_tell_is_left_out(bare):
    crux = html.document_fromstring(page(bare)).get_element_by_id("crux-1")
    assert crux.xpath("string(.//p[@class='evidence'])") == "Raised on 3 posts (4 threads) by 3 authors."
    assert not crux.find_class("trend")
    assert not re.search(r"Spread|Stability", crux.text_content())
    # The answer's words and writer are not known, but that there was one is.
    assert "Answered on 1 of 3 posts" in crux.xpath("string(.//p[@class='outcome'])")


@pytest.mark.parametrize(
    ("qs", "words"),
    [
        ((0.0012, 0.4), "1 of them comes back more than chance gives."),
        ((0.01, 0.02), "All of them come back more than chance gives."),
        ((0.2, 0.4), "None of them comes back more surely than unrelated objections might by chance."),
        (
            (None, None),
            "under at least two posts. 1 of them was never answered by the post’s author or in a reply that",
        ),
    ],
)
def test_the_first_words_say_how_much_chance_explains(analysis, qs, words):
    cruxes = analysis.cruxes.copy()
    cruxes["q_value"] = pd.array([*qs, None], dtype=cruxes["q_value"].dtype)
    shown = page(dataclasses.replace(analysis, cruxes=cruxes))
    lead = " ".join(html.fromstring(shown).find_class("lead")[0].text_content().split())
    assert words in lead


def test_a_crux_tells_what_kinds_of_objection_make_it(analysis):
    objections = analysis.objections
    kinds = pd.Series("values", index=objections.index, dtype="string").where(objections["crux_id"] == 1)
    page_of = page(dataclasses.replace(analysis, objections=objections.assign(kind=kinds)))
    told = html.document_fromstring(page_of).xpath("//p[@class='kinds']")
    n = int(((objections["crux_id"] == 1) & objections["copy_of"].isna()).sum())
    assert [re.sub(r"\s+", " ", line.text_content()) for line in told] == [
        f"by kind objects to values or priorities {n}"
    ]
