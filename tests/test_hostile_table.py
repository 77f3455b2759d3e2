"""What scripts/hostile_table.py found, and that the README's table is of its kinds."""

import io
import random
import re

import hostile_harm as harm
import hostile_live as live
import hostile_table
import pandas as pd
import pytest
from click.testing import CliRunner
from disputes import disputed
from rich.console import Console

from threadkit.cli import threadkit
from threadkit.crux.labeler import reword
from threadkit.report.browse import print_crux
from threadkit.report.files import print_files
from threadkit.report.markdown import markdown
from threadkit.report.page import page

ESCAPE = "\x1b[2J\x9b31m\u202ezq"


@pytest.fixture
def town():
    return disputed({"c1": (None, "Ana", 3, "It is too dear.", True)})


def test_the_readme_has_a_row_for_each_kind():
    text = hostile_table.README.read_text(encoding="utf-8")
    shown = text.partition(hostile_table.START)[2].partition(hostile_table.END)[0]
    kinds = re.findall(r"^\| (.+?) \| [\d,]+ \| [\d,]+ \|$", shown, re.MULTILINE)
    assert set(kinds) - {hostile_table.ATHERIS} == set(hostile_table.KINDS)


def test_the_same_seed_makes_the_same_input(tmp_path):
    def made():
        analysis = harm.poisoned(random.Random(5), harm.ESCAPES)
        return analysis.objections.to_csv() + analysis.cruxes.to_csv()

    assert made() == made()


@pytest.mark.parametrize(
    ("bad", "found"),
    [
        ("<p><img src=x onerror=zq()></p>", "<img>"),
        ("<p><a href='java\tscript:zq()'>a</a></p>", "a link to"),
        ("<p onclick=zq()>a</p>", "onclick"),
        ("<p>\x1b[2J</p>", "control characters"),
        ("<script>1</script><script>2</script><script>3</script>", "3 scripts"),
    ],
)
def test_live_html_is_noticed(bad, found):
    assert found in live.live_html(bad)


def test_what_else_is_live_is_noticed():
    assert "html_inline" in live.live_markdown("a <b>c</b>", live.headings(""))
    assert "headings" in live.live_markdown("# zq", live.headings(""))
    assert "a formula" in live.live_csv("a,b\n1,=1+1\n")
    assert "cells for" in live.live_csv("a,b\n1\n")
    assert "control characters" in live.live_terminal("\x1b]0;owned\x07")
    assert not live.live_terminal("\x1b[1mbold\x1b[0m \x1b]8;id=1;https://a.example/b\x1b\\a\x1b]8;;\x1b\\")
    assert "control characters" in live.live_json(b'{"a": ["\\u202e"]}')


def test_writing_outside_and_reaching_out_is_noticed(tmp_path, monkeypatch):
    def reaches(_draw, folder):
        (folder.parent / "beside").write_text("zq")
        return 1, ""

    monkeypatch.setattr(hostile_table, "HOME", tmp_path)
    monkeypatch.setitem(hostile_table.KINDS, "zq", hostile_table.Kind(reaches, 1))
    guard = hostile_table.Guard()
    assert "outside" in hostile_table.attempt("zq", 1, 0, guard)[1]


def test_a_labelers_words_are_shown_without_control_characters(town):
    town.cruxes["reworded"] = pd.array([f"It is dear {ESCAPE}"], dtype="string")
    assert "It is dear [2J31mzq" in page(town)
    assert not live.live_html(page(town))
    assert not live.controls(markdown(town))


def test_ids_and_formats_are_printed_without_control_characters(town):
    town.recurrence["answered_by"] = pd.array([ESCAPE], dtype="string")
    town.run["sources"] = [{"name": "a.jsonl", "format": ESCAPE}]
    out = Console(file=io.StringIO(), force_terminal=True, width=120, highlight=False)
    print_crux(town, 0, out)
    print_files(town.corpus, out)
    assert "comment [2J31mzq" in out.file.getvalue()
    assert not live.live_terminal(out.file.getvalue())


def test_an_error_about_a_file_prints_no_control_characters(tmp_path):
    path = tmp_path / f"{ESCAPE}.jsonl"
    path.write_text("no export")
    for arguments in (["read", str(path)], ["show", str(path)], ["report", str(path)]):
        said = CliRunner().invoke(threadkit, arguments)
        assert said.exit_code == 1
        assert "zq" in said.output
        assert not live.live_terminal(said.output)


@pytest.mark.parametrize("odd", ["\ud800", "\U000e0041", "\u200b"])
def test_a_labelers_half_and_invisible_characters_are_refused(odd):
    said = "It is far too dear, and nobody paid for it."
    objections = pd.DataFrame(
        {"crux_id": pd.array([0], dtype="Int32"), "text": [said], "strength": [0.9],
         "copy_of": pd.array([None], dtype="string")}, index=pd.Index(["a"]))  # fmt: skip
    cruxes = pd.DataFrame({"title": [said], "claim": [None]}, index=pd.Index([0]))
    found, _ = reword(cruxes, objections, lambda _: {"title": f"It is too dear {odd}", "quotes": [said]})
    assert found.isna().all()
