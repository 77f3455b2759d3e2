"""The commands as a user meets them: exit status, one line for a mistake, nothing half-written."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

import threadkit as tk
from threadkit.base.weights import manifest
from threadkit.cli import threadkit

THREADS = [
    {"kind": "post", "id": "p", "title": "Ban cars from the old town", "author": "Eve", "text": "Shops gain from it."},
    {
        "kind": "comment",
        "id": "a",
        "post_id": "p",
        "author": "Bo",
        "text": "No, that is wrong, shops lose half of their customers.",
    },
    {
        "kind": "comment",
        "id": "b",
        "post_id": "p",
        "parent_id": "a",
        "author": "Eve",
        "text": "They do not, look at the survey.",
    },
    {"kind": "post", "id": "q", "title": "Ban cars at the school", "author": "Fay", "text": "Children are safer then."},
    {
        "kind": "comment",
        "id": "c",
        "post_id": "q",
        "author": "Cy",
        "text": "I disagree, the shops there would lose their customers.",
    },
]


@pytest.fixture
def export(tmp_path):
    path = tmp_path / "threads.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in THREADS))
    return path


def run(*arguments):
    return CliRunner().invoke(threadkit, [str(a) for a in arguments], catch_exceptions=False)


def test_analyze_writes_a_run_that_loads(export, tmp_path):
    result = run("analyze", export, "-o", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert result.output.rstrip().endswith("report.html")
    names = {f.name for f in (tmp_path / "out").iterdir()}
    assert {"run.json", "vectors.npy", "report.html", "report.md", "cruxes.parquet"} <= names
    assert len(tk.load(tmp_path / "out").comments) == 3
    assert not list(tmp_path.glob(".out.*")), "the folder written aside is gone"


def test_the_report_is_drawn_again(export, tmp_path):
    run("analyze", export, "-o", tmp_path / "out")
    page = tmp_path / "out/report.html"
    before = page.read_bytes()
    page.write_text("spoilt")
    assert run("report", tmp_path / "out").exit_code == 0
    assert page.read_bytes() == before


def test_the_same_run_gives_the_same_bytes(export, tmp_path):
    for name in ("one", "two"):
        run("analyze", export, "-o", tmp_path / name)
    one, two = ({f.name: f.read_bytes() for f in (tmp_path / name).iterdir()} for name in ("one", "two"))
    assert one == two


def test_a_folder_with_other_files_is_not_touched_without_force(export, tmp_path):
    out = tmp_path / "mine"
    out.mkdir()
    (out / "thesis.txt").write_text("years of work")
    result = run("analyze", export, "-o", out)
    assert result.exit_code == 1
    assert "--force" in result.output
    assert [f.name for f in out.iterdir()] == ["thesis.txt"]
    assert run("analyze", export, "-o", out, "--force").exit_code == 0
    assert (out / "thesis.txt").read_text() == "years of work"
    assert (out / "report.html").is_file()


def test_an_earlier_run_is_replaced(export, tmp_path):
    for _ in range(2):
        assert run("analyze", export, "-o", tmp_path / "out").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["analyze", "{tmp}/absent", "-o", "{tmp}/out"], "absent"),
        (["analyze", "{tmp}/empty", "-o", "{tmp}/out"], "empty"),
        (["analyze", "{export}", "-o", "{export}"], "is a file"),
        (["analyze", "{export}", "-o", "{tmp}/out", "--distance", "3"], "distance is 3"),
        (["analyze", "{export}", "-o", "{tmp}/out", "--encoder", "threadkit-none"], "no model 'threadkit-none'"),
        (["report", "{tmp}/empty"], "not a saved run"),
    ],
)
def test_a_mistake_is_one_line_and_status_1(arguments, words, export, tmp_path):
    (tmp_path / "empty").mkdir()
    result = run(*[a.format(tmp=tmp_path, export=export) for a in arguments])
    assert result.exit_code == 1
    assert words in result.output
    assert len(result.output.strip().splitlines()) == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("arguments", [["analyze"], ["analyse"], ["read", "x", "--colour"], ["analyze", "x"]])
def test_wrong_usage_is_status_2(arguments):
    assert run(*arguments).exit_code == 2


def test_read_tells_what_was_read_and_saves_it(export, tmp_path):
    result = run("read", export, "-o", tmp_path / "corpus")
    assert result.exit_code == 0
    assert "comments 3" in result.output.lower()
    assert (tmp_path / "corpus/comments.parquet").is_file()


@pytest.mark.parametrize("name", ["corpus.parquet", "corpus.jsonl"])
def test_read_writes_one_file_that_is_read_again(export, tmp_path, name):
    told = run("read", export, "-o", tmp_path / name).output
    again = run("read", tmp_path / name)
    assert again.exit_code == 0, again.output
    assert "comments 3" in told.lower()
    assert "comments 3" in again.output.lower()
    refused = run("read", tmp_path / name, "-o", tmp_path / name)
    assert refused.exit_code == 1
    assert "is one of the exports" in refused.output


LATER = [
    {
        "kind": "post",
        "id": "r",
        "title": "Ban cars at the market",
        "author": "Gil",
        "text": "The market gains from it.",
    },
    {
        "kind": "comment",
        "id": "d",
        "post_id": "r",
        "author": "Hu",
        "text": "No, wrong, the shops lose their customers.",
    },
]


@pytest.fixture
def later(tmp_path):
    path = tmp_path / "later.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in LATER))
    return path


def test_match_adds_threads_to_a_run(export, later, tmp_path):
    assert run("analyze", export, "-o", tmp_path / "out").exit_code == 0
    result = run("match", later, "--cruxes", tmp_path / "out", "-o", tmp_path / "both")
    assert result.exit_code == 0, result.output
    both = tk.load(tmp_path / "both")
    assert set(both.posts.index) == {"p", "q", "r"}
    assert set(tk.load(tmp_path / "out").cruxes.index) <= set(both.cruxes.index)
    assert (tmp_path / "both/report.html").is_file()
    again = run("match", later, "--cruxes", tmp_path / "both", "-o", tmp_path / "both")
    assert again.exit_code == 0, "a run may be continued in its place"
    assert "no crux has changed" in again.output
    assert tk.load(tmp_path / "both").changes.empty


def test_compare_two_runs_and_one_run_before_and_after(export, later, tmp_path):
    for path, name in ((export, "one"), (later, "two")):
        assert run("analyze", path, "-o", tmp_path / name).exit_code == 0
    result = run("compare", tmp_path / "one", tmp_path / "two", "-o", tmp_path / "both")
    assert result.exit_code == 0, result.output
    assert result.output.rstrip().endswith("comparison.html")
    names = {f.name for f in (tmp_path / "both").iterdir()}
    assert names == {"comparison.parquet", "comparison.html", "comparison.md", "run.json"}
    assert run("compare", tmp_path / "one", "--at", "2024-05-01").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["one"], 2, "second DIR or --at TIME"),
        (["one", "two", "--at", "2024"], 2, "second DIR or --at TIME"),
        (["one", "--at", "yesterdayish"], 1, "yesterdayish"),
        (["one", "nowhere"], 1, "not a saved run"),
        (["one", "one", "-o", "one"], 1, "holds a run"),
    ],
)
def test_compare_says_what_is_wrong(arguments, status, words, export, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run("analyze", export, "-o", "one").exit_code == 0
    result = run("compare", *arguments)
    assert result.exit_code == status
    assert words in result.output


def test_formats_and_models():
    assert "reddit-json" in run("formats").output
    models = run("models").output
    assert models.count("verified") == len(manifest()) == 8


def test_a_bug_keeps_its_traceback(export, tmp_path, monkeypatch):
    def broken(*_, **__):
        raise KeyError("a bug")

    monkeypatch.setattr("threadkit.pipeline.analyze", broken)
    with pytest.raises(KeyError):
        run("analyze", export, "-o", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_who_stops_a_run_is_told_how_to_go_on(export, tmp_path, monkeypatch):
    def stopped(*_: object, resume: Path, **__: object) -> None:
        resume.mkdir()
        raise KeyboardInterrupt

    monkeypatch.setattr("threadkit.pipeline.analyze", stopped)
    result = run("analyze", export, "-o", tmp_path / "out")
    assert result.exit_code == 1
    assert f"What was done stays in {tmp_path / '.out.resume'}: the same command goes on from there." in result.output


def test_an_interrupted_run_leaves_nothing(tmp_path):
    # With three comments a quick machine is done before it can be interrupted.
    post, comment = THREADS[:2]
    rows = [post] + [dict(comment, id=f"c{n}", text=f"No, {n} shops lost their customers.") for n in range(5000)]
    export = tmp_path / "threads.jsonl"
    export.write_text("".join(json.dumps(row) + "\n" for row in rows))
    out = tmp_path / "deep/out"
    command = [sys.executable, "-m", "threadkit", "analyze", str(export), "-o", str(out), "--quiet"]
    # Where the tests themselves run in the background, a signal to interrupt would be inherited as one to ignore.
    process = subprocess.Popen(command, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler))
    time.sleep(2)
    assert process.poll() is None, "it is still running"
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=60) != 0
    assert not out.exists()


def test_every_command_is_in_the_readme():
    readme = (Path(__file__).resolve().parents[1] / "README.md").read_text()
    for name in threadkit.commands:
        assert f"threadkit {name}" in readme


@pytest.mark.parametrize("code", ["import threadkit", "import threadkit.cli"])
def test_importing_stays_light(code):
    heavy = ("torch", "sklearn", "pandas", "plotly", "umap", "sentence_transformers")
    check = f"import sys; {code}; print([m for m in {heavy} if m in sys.modules])"
    assert (
        subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )


def test_help_is_quick():
    def of_children():  # processor time: a busy machine is no failure
        return sum(os.times()[2:4])

    best = 9.0
    for _ in range(5):
        begun = of_children()
        subprocess.run([sys.executable, "-m", "threadkit", "--help"], check=True, capture_output=True, env=os.environ)
        best = min(best, of_children() - begun)
    assert best < 0.3


@pytest.mark.parametrize("option", ["--encoder", "--stance-model"])
def test_fast_does_not_override_a_model_that_was_named(option, export, tmp_path):
    result = run("analyze", export, "-o", tmp_path / "out", "--fast", option, "threadkit-point")
    assert result.exit_code == 2
    assert f"give either --fast or {option}" in result.output


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are UTF-8 there")
def test_a_name_that_is_not_utf_8_is_told_in_one_line(export, tmp_path):
    name = os.fsdecode(bytes(tmp_path / "caf") + b"\xe9")
    for out in (name, f"{name}.parquet"):
        result = run("read", export, "-o", out)
        assert result.exit_code == 1
        assert "not UTF-8" in result.output
        assert len(result.output.strip().splitlines()) == 1
    assert run("read", export, "-o", f"{name}.jsonl").exit_code == 0
