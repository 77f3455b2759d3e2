"""The commands that work on a saved run: report in every form, show, sql."""

import csv
import errno
import io
import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace

import pytest
from click.testing import CliRunner
from disputes import disputed

from threadkit.__main__ import take_all
from threadkit.cli import threadkit


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    hostile = "Too dear. \x1b]0;owned\x07 [red]Stop[/red]"
    town = disputed(
        {
            "c1": (None, "Quillon Marsh", 3, hostile, True),
            "c2": (None, "Tobermory", 9, "=1+1 is too dear, Quillon.", True),
            "c3": ("c1", "Tobermory", 1, "It is not.", False),
        },
        run={"lineage": "ab", "counts": {"posts": 1, "comments": 3, "objections": 2, "cruxes": 1}},
    )
    return town.save(tmp_path_factory.mktemp("saved") / "run")


def run(*arguments, **options):
    return CliRunner().invoke(threadkit, [str(a) for a in arguments], catch_exceptions=False, **options)


def test_report_in_another_form(saved, tmp_path):
    result = run("report", saved, "--as", "worksheet", "-o", tmp_path / "deep/sheet.md", "--crux", 0)
    assert result.exit_code == 0
    assert str(tmp_path / "deep/sheet.md") in result.output
    assert "Quillon Marsh" in (tmp_path / "deep/sheet.md").read_text()
    assert run("report", saved, "--as", "argdown").exit_code == 0
    assert (saved / "report.argdown").is_file()


@pytest.mark.parametrize("record", ["[]", "null", '{"counts": null}', '{"settings": []}'])
def test_a_spoilt_record_is_one_line(record, saved, tmp_path):
    spoilt = shutil.copytree(saved, tmp_path / "run")
    (spoilt / "run.json").write_text(record)
    result = run("show", spoilt)
    assert result.exit_code == 1
    assert f"{spoilt / 'run.json'}: is damaged" in result.output


def test_a_full_disk_is_one_line_with_its_cure(saved, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "/there/x")

    monkeypatch.setattr("threadkit.report.browse.print_overview", full)
    result = run("show", saved)
    assert result.exit_code == 1
    assert "/there/x: No space left on device; make room there" in result.output


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["--as", "pdf"], 1, "unknown form 'pdf'"),
        (["--as", "aif", "--crux", "5"], 1, "no crux 5"),
        (["--crux", "0"], 2, "--crux needs --as"),
    ],
)
def test_report_says_what_is_wrong(arguments, status, words, saved):
    result = run("report", saved, *arguments)
    assert result.exit_code == status
    assert words in result.output


def test_show_in_a_pipe_has_no_colour_and_no_escape(saved):
    overview, crux = run("show", saved), run("show", saved, "--crux", 0)
    assert "posts 1, comments 3, objections 2, cruxes 1" in overview.output
    assert "Tobermory" in crux.output
    assert "[red]Stop[/red]" in crux.output
    assert "https://town.example/posts/p?comment=c2" in crux.output.replace("\n", "")
    for result in (overview, crux):
        assert result.exit_code == 0
        assert "\x1b" not in result.output
        assert "\x07" not in result.output
    assert run("show", saved, "--crux", 4).exit_code == 1


def test_show_counts_the_kinds_of_objection(saved):
    from rich.console import Console

    from threadkit.corpus.analysis import load
    from threadkit.report.browse import print_crux

    analysis = load(saved)
    assert analysis.objections["kind"].isna().all()
    assert "Kinds of objection" not in run("show", saved, "--crux", 0).output
    told = analysis.objections.assign(kind=["values", "fact"])
    out = Console(file=io.StringIO(), width=100)
    print_crux(replace(analysis, objections=told), 0, out)
    assert "Kinds of objection: denies the fact 1, objects to values or priorities 1" in out.file.getvalue()


def test_show_links_on_a_terminal_only(saved, monkeypatch):
    from rich.console import Console

    from threadkit.corpus.analysis import load
    from threadkit.report.browse import print_crux, print_overview

    out = Console(file=io.StringIO(), width=100, force_terminal=True, color_system="truecolor", legacy_windows=False)
    analysis = load(saved)
    print_overview(analysis, out)
    print_crux(analysis, 0, out)
    text = out.file.getvalue()
    assert "\x1b]8;" in text
    assert "https://town.example/posts/p?comment=c1\x1b\\" in text
    assert "\x1b]0;" not in text
    assert "\x07" not in text


def test_show_keeps_to_the_width_of_the_terminal(saved):
    result = run("show", saved, "--crux", 0, env={"COLUMNS": "60"})
    assert max(map(len, result.output.splitlines())) <= 60


def test_show_with_pseudonyms(saved):
    for arguments in ((), ("--crux", 0)):
        result = run("show", saved, "--pseudonyms", *arguments)
        assert result.exit_code == 0
        assert "Quillon" not in result.output
        assert "Tobermory" not in result.output
    assert "Author-" in result.output


def test_report_with_pseudonyms(saved, tmp_path):
    result = run("report", saved, "--pseudonyms", "--as", "markdown", "-o", tmp_path / "r.md")
    assert result.exit_code == 0
    assert "Quillon" not in (tmp_path / "r.md").read_text()


HEAVY = ("torch", "sklearn", "plotly", "matplotlib", "umap", "sentence_transformers", "scipy", "duckdb")


@pytest.mark.parametrize("command", [["show"], ["show", "--crux", "0"], ["report"], ["report", "--as", "worksheet"]])
def test_a_saved_run_is_shown_without_the_heavy_packages(saved, command, tmp_path):
    folder = shutil.copytree(saved, tmp_path / "run")
    words = [command[0], str(folder), *command[1:]]
    code = (
        f"import sys; from threadkit.cli import threadkit; threadkit({words!r}, standalone_mode=False); "
        f"print([m for m in {HEAVY} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


class TestSql:
    @pytest.fixture(autouse=True)
    def _duckdb(self):
        pytest.importorskip("duckdb", reason="the extra sql is not installed")

    def test_answers_as_table_csv_and_json(self, saved):
        select = "select author, karma, posted_at from comments order by karma desc limit 1"
        table = run("sql", saved, select)
        assert table.exit_code == 0
        assert "Tobermory" in table.output
        assert run("sql", saved, select, "--as", "csv").output.splitlines()[0] == "author,karma,posted_at"
        assert json.loads(run("sql", saved, select, "--as", "json").output) == [
            {"author": "Tobermory", "karma": 9, "posted_at": "2024-03-03T10:00:00+00:00"}
        ]

    def test_csv_cells_are_neutral_and_tables_inert(self, saved):
        rows = csv.reader(io.StringIO(run("sql", saved, "select text from comments order by 1", "--as", "csv").output))
        assert ["'=1+1 is too dear, Quillon."] in list(rows)
        table = run("sql", saved, "select text as \"[red]\", chr(27) || '[31m' as b from comments")
        assert "[red]" in table.output
        assert "\x1b" not in table.output

    def test_every_table_is_there_with_its_columns(self, saved):
        from threadkit.corpus.tables import ANALYSIS_TABLES

        tables = json.loads(run("sql", saved, "show tables", "--as", "json").output)
        assert {row["name"] for row in tables} == set(ANALYSIS_TABLES)
        columns = json.loads(run("sql", saved, "describe cruxes", "--as", "json").output)
        assert {row["column_name"] for row in columns} == {"crux_id", *ANALYSIS_TABLES["cruxes"].columns}
        assert json.loads(run("sql", saved, "select * from cruxes where false", "--as", "json").output) == []

    @pytest.mark.parametrize(
        ("select", "words"),
        [
            ("select * from read_csv('{other}')", "Permission Error"),
            ("select * from '{other}'", "Error"),
            ("select * from glob('/*')", "Permission Error"),
            ("copy cruxes to '{out}'", "give one SELECT"),
            ("attach '{out}'", "give one SELECT"),
            ("set enable_external_access = true", "give one SELECT"),
            ("select 1; select 2", "give one SELECT"),
            ("drop table cruxes", "give one SELECT"),
            ("", "give one SELECT"),
            ("selec", "Parser Error"),
            ("select nothing_such from cruxes", "not found"),
        ],
    )
    def test_nothing_else_can_be_reached(self, saved, tmp_path, select, words):
        (tmp_path / "other.csv").write_text("secret\n1\n")
        before = sorted(path.name for path in saved.iterdir())
        result = run("sql", saved, select.format(other=tmp_path / "other.csv", out=tmp_path / "out.csv"))
        assert result.exit_code == 1
        assert words in result.output
        assert "secret" not in result.output
        assert [path.name for path in tmp_path.iterdir()] == ["other.csv"]
        assert sorted(path.name for path in saved.iterdir()) == before

    def test_a_folder_that_is_no_run(self, tmp_path):
        result = run("sql", tmp_path, "select 1")
        assert result.exit_code == 1
        assert "not a saved run" in result.output


def test_without_duckdb_the_cure_is_told(saved, monkeypatch):
    monkeypatch.setitem(sys.modules, "duckdb", None)
    result = run("sql", saved, "select 1")
    assert result.exit_code == 1
    assert "pip install 'threadkit[sql]'" in result.output


def test_without_xlsxwriter_the_cure_is_told(saved, monkeypatch):
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    result = run("report", saved, "--as", "xlsx")
    assert result.exit_code == 1
    assert "pip install 'threadkit[xlsx]'" in result.output


def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def one_line(result, words):
    assert result.exit_code == 1
    assert words in result.output
    assert "--force" not in result.output
    assert len(result.output.strip().splitlines()) == 1


def test_nothing_but_a_run_replaces_a_run(saved, tmp_path):
    other, export = shutil.copytree(saved, tmp_path / "other"), tmp_path / "town.jsonl"
    export.write_text('{"kind": "post", "id": "p", "title": "A bridge", "text": "We need one."}\n')
    before = files(other)
    for words in (
        ["read", export, "-o", other],
        ["read", export, "-o", other, "--force"],
        ["report", saved, "-o", other],
        ["report", saved, "--as", "csv", "-o", other],
        ["compare", saved, saved, "-o", other],
    ):
        one_line(run(*words), "holds a run")
        assert files(other) == before
    assert run("report", saved, "-o", saved).exit_code == 0


def test_reports_replace_reports_and_nothing_else(saved, tmp_path):
    shared = tmp_path / "to share ü"
    for more in ([], [], ["--as", "csv"], [], ["--as", "csv"]):
        result = run("report", saved, "--pseudonyms", *more, "-o", shared)
        assert result.exit_code == 0, result.output
    assert {"report.html", "report.md", "cruxes.csv"} <= files(shared).keys()
    run("report", saved, "-o", tmp_path / "alone")
    assert run("report", saved, "--as", "csv", "-o", tmp_path / "alone").exit_code == 0


@pytest.mark.parametrize("held", [{"report.html": "mine", "report.md": "mine"}, {"thesis.txt": "mine"}])
@pytest.mark.parametrize("more", [[], ["--as", "csv"]])
def test_reports_do_not_replace_what_is_not_ours(held, more, saved, tmp_path):
    for name, text in held.items():
        (tmp_path / name).write_text(text)
    one_line(run("report", saved, *more, "-o", tmp_path), "holds other files")
    assert files(tmp_path) == {name: text.encode() for name, text in held.items()}


def test_a_form_needs_a_file_and_says_so(saved, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    one_line(run("report", saved, "--as", "markdown", "-o", "."), "is a folder")


def test_every_command_prints_utf_8_in_a_pipe(saved):
    def ran(*words):
        command = [sys.executable, "-m", "threadkit", *map(str, words)]
        return subprocess.run(command, capture_output=True, check=False, env=os.environ | {"PYTHONIOENCODING": "ascii"})

    shown = ran("show", saved, "--crux", 0)
    assert shown.returncode == 0, shown.stderr
    assert "–" in shown.stdout.decode("utf-8")
    assert "ș: not a saved run" in ran("show", "ș").stderr.decode("utf-8")


def test_a_terminal_gets_a_question_mark_for_what_it_cannot_show():
    class Terminal(io.TextIOWrapper):
        def isatty(self):
            return True

    raw = io.BytesIO()
    terminal = Terminal(raw, encoding="ascii")
    take_all(terminal)
    terminal.write("a – b")
    terminal.flush()
    assert raw.getvalue() == b"a ? b"


def test_a_question_in_another_encoding_is_told(saved):
    pytest.importorskip("duckdb", reason="the extra sql is not installed")
    one_line(run("sql", saved, "select '\udcc8'"), "locale's encoding")
