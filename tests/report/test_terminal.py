"""The terminal's tables: forum text is neither markup nor an escape sequence there."""

import io
from dataclasses import replace

from rich.console import Console

from threadkit.corpus.counts import counts
from threadkit.corpus.tables import ANALYSIS_TABLES
from threadkit.corpus.tally import Count
from threadkit.report.browse import print_overview
from threadkit.report.coverage import Item
from threadkit.report.files import files_table
from threadkit.report.terminal import print_analysis, print_corpus, recurring_table
from threadkit.report.view import report


def printed(draw):
    console = Console(
        file=io.StringIO(), width=160, force_terminal=True, color_system="truecolor", legacy_windows=False
    )
    draw(console)
    return console.file.getvalue()


def test_recurring_cruxes_are_ranked(analysis):
    table = recurring_table(analysis)
    assert table.row_count == 2
    text = printed(lambda console: console.print(table))
    assert text.index("Paving costs more") < text.index("Children need")
    assert "1/3" in text
    assert ".0012" in text
    assert "never" in text


def test_limit_says_how_many_more(analysis):
    text = printed(lambda console: console.print(recurring_table(analysis, limit=1)))
    assert "and 1 more in cruxes.parquet" in text


def test_forum_text_is_no_markup_and_no_escape(make, analysis):
    title = "[red]Stop[/red] \x1b]0;owned\x07 [/nothing] \u202edesrever"
    cruxes = [{"crux_id": 1, "title": title, "n_posts": 2, "n_authors": 2, "n_objections": 2, "recurring": True}]
    text = printed(lambda console: console.print(recurring_table(make({"cruxes": cruxes}))))
    assert "[red]Stop[/red]" in text
    assert "\x1b]" not in text
    assert "\x07" not in text
    assert "\u202e" not in text


def test_nothing_is_said_in_words(nothing, analysis):
    assert "No objection came back" in printed(lambda console: console.print(recurring_table(nothing)))
    assert "No disagreement was found." in printed(lambda console: print_analysis(nothing, console))
    assert "Found: 11 objections, 3 cruxes" in printed(lambda console: print_analysis(analysis, console))


def test_a_corpus_shows_what_was_not_read_and_its_worst_problem_first(analysis):
    text = printed(lambda console: print_corpus(analysis.corpus, console))
    assert "comments 13" in text
    assert "1 deleted or removed comment\n" in text
    assert text.index("error: cut off") < text.index("warning: no date") < text.index("info: a comment")


def test_changes_are_told_before_the_cruxes_and_only_where_there_are_any(analysis, no_cruxes):
    text = printed(lambda console: print_analysis(analysis, console))
    assert "Since the earlier run: 1 new, 1 grown, 1 split, 1 merged, 1 gone quiet" in text
    assert text.index("  grown: Paving costs more") < text.index("What keeps coming back")
    assert "Since the earlier run" not in printed(lambda console: print_analysis(no_cruxes, console))


def test_a_narrow_terminal_keeps_q_and_answered(analysis):
    console = Console(file=io.StringIO(), width=80)
    print_analysis(analysis, console)
    text = console.file.getvalue()
    assert ".0012" in text
    assert "1/3" in text
    assert max(map(len, text.splitlines())) <= 80


def test_the_overview_gives_the_numbers_of_the_report(analysis):
    tables = {name: getattr(analysis, name) for name in ANALYSIS_TABLES}
    counted = replace(analysis, run={"counts": counts(analysis.corpus, tables)})
    shown = report(counted)
    n = {item.label: item.n for item in shown.coverage.read}
    assert counted.run["counts"]["objections"] != shown.n_objections, "there are copies"
    assert counted.run["counts"]["comments"] != n["comments"], "not all were read"
    told = f"posts {n['posts']}, comments {n['comments']}, objections {shown.n_objections} (1 copy left out), cruxes 3"
    assert told in printed(lambda console: print_overview(counted, console))


def test_one_is_no_plural():
    assert Item("comments", 1, "", one="comment").noun == "comment"
    assert Item("comments", 2, "", one="comment").noun == "comments"
    one = Count().tally([{"name": "a.json"}])
    assert "1 file " in printed(lambda console: console.print(files_table(one)))
