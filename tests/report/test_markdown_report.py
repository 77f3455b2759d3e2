"""report.md: forum text in it is text, and its tables keep their columns."""

import re
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from threadkit.report.markdown import escape, link, markdown, write_markdown
from threadkit.report.voice import Link

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def tokens(text):
    """Return every token of a Markdown text, those inside lines too."""
    out = []
    for token in READER.parse(text):
        out += [token, *(token.children or [])]
    return out


def test_hostile_text_makes_no_markup(analysis):
    found = tokens(markdown(analysis))
    assert not {token.type for token in found} & {
        "html_inline",
        "html_block",
        "image",
        "s_open",
        "hr",
        "fence",
        "code_block",
    }
    links = {token.attrs["href"] for token in found if token.type == "link_open"}
    assert links
    assert all(address.startswith("https://forum.example/") for address in links)
    assert "https://forum.example/p1/d1" in links
    headings = [token for token in found if token.type == "heading_open"]
    assert [token.tag for token in headings].count("h1") == 1
    codes = {token.content for token in found if token.type == "code_inline"}
    assert codes <= {"cruxes.parquet", "objections.parquet", "sides.parquet", "recurrence.parquet", "problems.parquet"}


def test_evidence_ledger_trend_copies_and_changes_are_written(analysis):
    text = markdown(analysis)
    assert text.index("## What changed") < text.index("## The points that keep coming back")
    assert "(1 → 3 posts, 2 → 4 objections)" in text
    assert "more than chance gives (q = 0.0012)" in text
    assert "which could be chance (q = 0.4)" in text
    assert "conceded by the objector once, came up again on 2 posts after it was answered" in text
    assert "> — Wren, who wrote the post, 32 karma above the objection, 3 agreement below it, 2023-01-06" in text
    assert re.search(r"^Month by month: █····▁·······▃ Came up in 2 months", text, re.MULTILINE)
    assert re.search(r"\*\*Copied texts\*\*\n\n- Ana on A post with no title", text)
    assert re.search(r"\| yes \(q \.0012\) \| 1/3 \|$", text, re.MULTILINE)


def test_kinds_of_objection_are_counted(analysis):
    own = analysis.objections[analysis.objections["copy_of"].isna()]
    crux = own["crux_id"].value_counts().index[0]
    kinds = pd.Series("values", index=own.index, dtype="string").mask(own["crux_id"] != crux)
    first, second = own.index[own["crux_id"] == crux][:2]
    kinds[first], kinds[second] = "fact", pd.NA
    text = markdown(replace(analysis, objections=analysis.objections.assign(kind=kinds)))
    n = int((own["crux_id"] == crux).sum()) - 2
    told = [f"objects to values or priorities {n}", "denies the fact 1", "unclear 1"]
    told[:2] = sorted(told[:2], key=lambda words: words.endswith(" 1") if n > 1 else words.startswith("objects"))
    assert f"- kinds of objection: {', '.join(told)}\n" in text
    assert text.count("kinds of objection") == 1, "nothing is said of a crux whose objections have no kind"


def test_tables_keep_their_columns(analysis):
    width = None
    for row in markdown(analysis).splitlines():
        if not row.startswith("|"):
            width = None
            continue
        n = len(re.findall(r"(?<!\\)\|", row))
        assert n == (width or n)
        width = n


@given(st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs", "Co", "Zl", "Zp"]), min_size=1))
def test_escaped_text_reads_as_it_was_written(text):
    text = " ".join(text.split())
    for before in ("", "> ", "- ", "words "):
        inside = [child for token in READER.parse(before + escape(text)) for child in token.children or []]
        assert {child.type for child in inside} <= {"text"}
        assert "".join(child.content for child in inside) == f"{before if before == 'words ' else ''}{text}".strip()


@pytest.mark.parametrize(
    "text", ["1. one", "2) two", "- three", "+ four", "===", "---", "# five", "> six", "    seven"]
)
def test_beginnings_of_blocks_are_only_words(text):
    assert [token.type for token in READER.parse(escape(text))] == ["paragraph_open", "inline", "paragraph_close"]


def test_an_address_cannot_end_its_link_early():
    href = "https://example.org/a)b |c`<d>?q=1&copy;"
    found = [token for token in tokens(link(Link("a](b", href))) if token.type == "link_open"]
    assert len(found) == 1
    assert not set(found[0].attrs["href"]) & set("()|`<> ")


def test_what_is_missing_never_looks_like_a_value(analysis, bare):
    for each in (analysis, bare):
        assert not re.search(r"<NA>|&lt;NA|\bnan\b|\bNone\b|\bNaT\b|\[deleted", markdown(each))


@pytest.mark.parametrize("name", ["analysis", "nothing", "one_comment", "no_cruxes", "bare"])
def test_every_sibling_is_written_and_the_same_twice(name, request, tmp_path):
    analysis = request.getfixturevalue(name)
    path = write_markdown(analysis, tmp_path / "report.md")
    assert path.read_text(encoding="utf-8") == markdown(analysis)
    assert ("No disagreement was found" in markdown(analysis)) == (name in {"nothing", "one_comment"})
    assert "\n\n\n" not in markdown(analysis)
