"""Nobody waits for torch to see a saved run."""

import marshal

import bench_start
import pytest

from threadkit.report import compiled
from threadkit.report.markdown import render
from threadkit.report.page import environment

# Times `import pandas`: far enough above what scripts/bench_start.py prints for a machine that is busy.
MOST = {"threadkit --help": 0.5, "import threadkit": 0.5, "threadkit report": 2.5, "threadkit show": 2.2}


@pytest.fixture(scope="module")
def starts(tmp_path_factory):
    return bench_start.measure(bench_start.small(tmp_path_factory.mktemp("start") / "run"), rounds=2)


@pytest.mark.parametrize("name", bench_start.ALLOWED)
def test_starts_without_what_it_does_not_need(name, starts):
    took, needless = starts[name]
    assert not needless
    # What is allowed; on a machine that does other things too, so many times what pandas alone takes.
    assert took < max(bench_start.ALLOWED[name], MOST[name] * starts[bench_start.BASE][0])


def test_a_compiled_template_is_kept_and_only_while_it_is_the_same(tmp_path, monkeypatch):
    kept = {}
    monkeypatch.setattr(compiled.sys, "dont_write_bytecode", False)
    monkeypatch.setattr(compiled, "_beside", lambda bucket: tmp_path / bucket.key.rpartition("/")[2])
    page = environment().get_template("words.html.j2")
    files = list(tmp_path.iterdir())
    assert [file.name for file in files] == ["words.html.j2"]
    kept = files[0].read_bytes()

    def compile_nothing(*_):
        raise AssertionError("compiled again")

    with monkeypatch.context() as held:
        held.setattr("jinja2.Environment._generate", compile_nothing)
        assert environment().get_template("words.html.j2").name == page.name
    # What is cut short, or of another template or other settings, is not taken.
    for bad in (b"", kept[:40], kept[:-9], b"x" * len(kept), kept[:16] + b"\x00" * 32 + marshal.dumps(0)):
        files[0].write_bytes(bad)
        environment().get_template("words.html.j2")
        assert files[0].read_bytes() == kept
    other = compiled.environment(autoescape=False)
    other.get_template("words.html.j2")
    assert files[0].read_bytes() != kept


def test_templates_are_drawn_where_nothing_may_be_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(compiled.sys, "dont_write_bytecode", False)
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setattr(compiled, "_beside", lambda bucket: tmp_path / "file" / "kept")
    with pytest.raises(Exception, match="report"):
        render("report.md.j2")  # drawn as far as the report that it is not given
