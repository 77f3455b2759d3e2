"""The docs: written pages are current, commands that they name exist, and the site builds without a warning or the net."""

import os
import re
import shlex
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import click
import commands_page
import pytest
import tables_page

import threadkit as tk
from threadkit.cli import threadkit
from threadkit.corpus import tables

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
NEEDED = ("mkdocs", "material", "mkdocstrings_handlers", "griffe")


def commands_in(text):
    """Yield the words of each threadkit command in the shell blocks and indented lines of a page."""
    blocks = "".join(re.findall(r"(?ms)^```sh\n(.*?)^```", text))
    lines = "".join(re.findall(r"(?m)^ {4}.*\n", re.sub(r"(?ms)^```.*?^```", "", text)))
    for line in re.findall(r"\bthreadkit (?!=).*", (blocks + lines).replace("\\\n", " ")):
        yield shlex.split(line, comments=True)[1:]


@pytest.mark.parametrize("page", [commands_page, tables_page], ids=lambda page: page.__name__)
def test_a_written_page_is_current(page):
    assert page.PAGE.read_text(encoding="utf-8") == page.page(), f"run scripts/{page.__name__}.py --write"


def test_every_command_and_every_option_is_on_its_page():
    text = commands_page.PAGE.read_text(encoding="utf-8")
    for name, command in threadkit.commands.items():
        assert f"\n## threadkit {name}\n" in text
        section = text.split(f"\n## threadkit {name}\n")[1].split("\n## ")[0]
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert all(option in section for option in parameter.opts), parameter.opts


def test_every_table_and_every_column_is_on_its_page():
    text = tables_page.PAGE.read_text(encoding="utf-8")
    found = [table for table in vars(tables).values() if isinstance(table, tables.Table)]
    assert len(found) == len(tables_page.ROWS)
    for table in found:
        section = text.split(f"\n## {table.name}\n")[1].split("\n## ")[0]
        assert re.findall(r"(?m)^\| `(\w+)` \|", section) == [*table.index, *table.columns]


def test_every_name_of_the_face_is_in_the_reference():
    listed = re.findall(r"(?m)^::: threadkit\.(\w+)$", (DOCS / "reference" / "python.md").read_text(encoding="utf-8"))
    assert sorted(listed) == sorted(set(tk.__all__) - {"__version__"})


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(DOCS).as_posix())
def test_commands_that_a_page_gives_are_commands(path):
    for name, *arguments in commands_in(path.read_text(encoding="utf-8")):
        if name.startswith("-"):
            continue
        assert name in threadkit.commands, name
        if arguments and not {"-h", "--help"} & set(arguments):
            threadkit.commands[name].make_context(name, arguments)


def test_commands_are_found_and_a_wrong_option_is_told():
    found = list(commands_in("```sh\n.venv/bin/threadkit read a \\\n  --stricter  # so\n```\n"))
    assert found == [["read", "a", "--stricter"]]
    with pytest.raises(click.NoSuchOption):
        threadkit.commands["read"].make_context("read", found[0][1:])


def test_python_on_the_pages_is_python():
    blocks = [code for path in PAGES for code in re.findall(r"(?ms)^```python\n(.*?)^```", path.read_text("utf-8"))]
    assert len(blocks) >= 3
    for code in blocks:
        compile(code, "a page's example", "exec")
        for name in re.findall(r"\btk\.(\w+)", code):
            assert hasattr(tk, name), name


def build(folder, *options):
    """Build the site as .ci/run does; with -q mkdocs would count no warning, and --strict would say nothing."""
    absent = [name for name in NEEDED if find_spec(name) is None]
    if absent:
        pytest.skip(f"{', '.join(absent)} is not installed: pip install -e '.[docs]' builds the docs")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-d", str(folder), *options]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    built = build(folder)
    assert built.returncode == 0, built.stdout + built.stderr
    return folder


def test_ci_builds_so_that_warnings_count():
    script = ROOT / ".ci" / "run"
    if not script.is_file():
        pytest.skip("a source distribution holds no .ci")
    (line,) = re.findall(r"(?m)^.*mkdocs build.*$", script.read_text(encoding="utf-8"))
    assert "--strict" in line
    assert not re.search(r" (?:-q|--quiet)\b", line)


@pytest.mark.parametrize("link", ["[x](nowhere.md)", "[x](index.md#nowhere)", "[x](/nowhere)"])
def test_a_broken_link_breaks_the_build(link, tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text(f"# A page\n\n{link}\n", encoding="utf-8")
    settings = f"INHERIT: {ROOT / 'mkdocs.yml'}\ndocs_dir: docs\nnav: [index.md]\nplugins: [search]\n"
    (tmp_path / "mkdocs.yml").write_text(settings, encoding="utf-8")
    built = build(tmp_path / "site", "-f", str(tmp_path / "mkdocs.yml"))
    assert built.returncode == 1
    assert "Aborted with 1 warnings in strict mode" in built.stdout + built.stderr


def test_the_site_holds_every_page_and_what_docstrings_say(site):
    pages = {path.relative_to(site).with_suffix(".md").as_posix() for path in site.rglob("*.html")} - {"404.md"}
    assert pages == {path.relative_to(DOCS).as_posix() for path in PAGES}
    reference = (site / "reference" / "python.html").read_text(encoding="utf-8")
    for name in set(tk.__all__) - {"__version__"}:
        assert f'id="threadkit.{name}"' in reference, name
    assert "The same seed" in (site / "reference" / "commands.html").read_text(encoding="utf-8")


def test_the_site_loads_nothing_from_the_net(site):
    loaded = r"""<(?:script|img|iframe|source)\b[^>]*\bsrc=["']?(?:https?:)?//|<link\b[^>]*\bhref=["']?(?:https?:)?//"""
    for path in site.rglob("*.html"):
        assert not re.search(loaded, path.read_text(encoding="utf-8")), path.name
    for path in site.rglob("*.css"):
        assert not re.search(r"(?:url\(|@import\s)[\"']?(?:https?:)?//", path.read_text(encoding="utf-8")), path.name
