"""Who could answer, as the report says it: forums that score nothing, and those that do."""

import dataclasses

import pandas as pd
import pytest
from lxml import html

from threadkit.report.answerers import MIXED, SCORED, UNSCORED, answerers
from threadkit.report.case import Cases
from threadkit.report.markdown import markdown
from threadkit.report.page import page
from threadkit.report.view import report


def without_karma(analysis, keep=()):
    """Return the analysis with no karma known but on some posts."""
    comments, cruxes = analysis.comments, analysis.cruxes
    known = comments["post_id"].isin(keep)
    empty = cruxes.assign(karma_sum=pd.NA, karma_median=pd.NA).astype(cruxes.dtypes)
    return dataclasses.replace(
        analysis,
        comments=comments.assign(karma=comments["karma"].where(known)),
        cruxes=cruxes if keep else empty,
    )


def words(told):
    return " ".join(html.fromstring(told).text_content().split())


def test_where_readers_score_the_report_says_that_other_replies_do_not_count(analysis):
    assert answerers(analysis) is SCORED
    for told in (words(page(analysis)), markdown(analysis)):
        assert "answered by the post’s author or in a reply that readers scored higher" in told
        assert "Other replies are not counted." in told
        assert "any disagreeing reply" not in told.split("Words used here")[0]
    assert (
        report(analysis).recurring[1].answered.startswith("no answer by the post’s author or in a reply that readers")
    )


def test_where_nothing_is_scored_the_report_says_that_any_disagreeing_reply_counts(analysis):
    bare = without_karma(analysis)
    assert answerers(bare) is UNSCORED
    for told in (words(page(bare)), markdown(bare)):
        assert "answered by the post’s author or in a disagreeing reply" in told
        assert "No scores: any disagreeing reply counts." in told
    assert report(bare).recurring[1].answered == "no answer by the post’s author or in a disagreeing reply"


def test_sites_that_score_and_others_are_told_apart(analysis):
    sites = analysis.posts["site"].where(analysis.posts.index == "p1", "Lake")
    mixed = without_karma(dataclasses.replace(analysis, posts=analysis.posts.assign(site=sites)), keep=["p1"])
    assert answerers(mixed) is MIXED
    assert {crux.answerers for crux in report(mixed).recurring} <= {MIXED, SCORED, UNSCORED}
    assert "Where there are no scores, any disagreeing reply counts." in words(page(mixed))


def test_no_karma_is_no_column_and_no_figure(analysis):
    told = markdown(without_karma(analysis))
    assert "karma of the objecting comments" not in told
    assert "| Karma |" not in told
    tables = [line.count("|") for line in told.splitlines() if line.startswith("|") and "First to last" in line]
    rows = told.split("First to last")[1].splitlines()[1:4]
    assert {row.count("|") for row in rows if "`c`" not in row} == {tables[0]}
    tree = html.document_fromstring(page(without_karma(analysis)))
    assert "Karma" not in [each.text_content() for each in tree.xpath("//table[@class='ranking']//th")]
    assert not tree.xpath("//dl[@class='facts']//dt[normalize-space()='Karma']")


def test_all_that_could_be_chance_says_so_above_it(analysis):
    def opening(*qs):
        cruxes = analysis.cruxes.assign(n_answered=pd.array([1, 0, 0], "int32"))
        cruxes["q_value"] = pd.array([*qs, None], dtype=cruxes["q_value"].dtype)
        shown = dataclasses.replace(analysis, cruxes=cruxes)
        tree = html.document_fromstring(page(shown))
        said = tree.xpath("string(//section[@id='recurring']/p[@class='note'])").split(".")[0]
        assert f"{said}." in markdown(shown)
        return said, "could be chance" in tree.xpath("string(//section[@id='unanswered'])")

    assert opening(0.3, 0.4) == ("All of these could be chance", False)
    sure = "Those that chance does not give stand first, then those on most posts by different people"
    assert opening(0.01, 0.4) == (sure, True), "of those that nobody answered, all could be chance"
    assert opening(None, None) == (sure, False)


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("Is paving cheap?", "answers"),
        ("“Is paving cheap?”", "answers"),
        ("Paving is cheap.", "denies that"),
        ("Is it? Paving is cheap.", "denies that"),
    ],
)
def test_a_question_is_answered_and_not_denied(analysis, claim, said):
    cruxes = analysis.cruxes.copy()
    cruxes.loc[1, "claim"] = claim
    shown = dataclasses.replace(analysis, cruxes=cruxes)
    tree = html.document_fromstring(page(shown))
    assert tree.get_element_by_id("crux-1").xpath("string(.//p[@class='claim']/span)") == said
    assert f"{said.capitalize()}: “" in markdown(shown)


def test_who_stands_with_the_defenders_is_no_objector(analysis):
    def shown(*rows):
        sides = pd.DataFrame(
            [
                {"crux_id": 1, "segment_id": f"s{i}", "side": side, "comment_id": "c1", "post_id": "p1",
                 "author": author, "text": "So it is."}
                for i, (author, side) in enumerate(rows)
            ]
        )  # fmt: skip
        sides = sides.astype({"crux_id": "int32"}).set_index(["crux_id", "segment_id"])
        told = dataclasses.replace(analysis, sides=sides.astype(analysis.sides.dtypes))
        names = [voice.author for voice in report(told).recurring[0].objectors.voices]
        assert sorted(names) == sorted(said.author for said in Cases(told).case(1).objections)
        return "Ana" in names

    assert not shown(("Ana", "defender"), ("Bo|b", "objector"))
    assert shown(("Ana", "defender"), ("Ana", "objector")), "as runs before had it"
    assert shown(("Ana", "defender")), "no objector is known at all"
