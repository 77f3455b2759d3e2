"""Templates, style and script are checked as files: djlint for the one, the browser itself for the others."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import threadkit.report.page as page_module
from threadkit.report.page import _SCRIPTS

TEMPLATES = Path(page_module.__file__).parent / "templates"
ROOT = Path(__file__).resolve().parents[2]
# Parses a text as strict code without running it, in a page that allows that, and says what is wrong with it.
PARSE = """text => { try { new Function(`"use strict";\\n${text}`); return ""; } catch (error) { return String(error); } }"""
UNSUPPORTED = "pairs => pairs.filter(([name, value]) => !CSS.supports(name, value)).map((pair) => pair.join(': '))"


@pytest.fixture(scope="module")
def workbench(browser):
    tab = browser.new_page()
    yield tab
    tab.close()


def test_templates_pass_djlint():
    pytest.importorskip("djlint", reason="djlint is not installed")
    done = subprocess.run(
        [sys.executable, "-m", "djlint", "--lint", "--quiet", str(TEMPLATES)], capture_output=True, text=True, cwd=ROOT
    )
    assert done.returncode == 0, done.stdout


def test_every_script_is_joined_and_none_is_forgotten():
    assert sorted(path.stem for path in (TEMPLATES / "explore").glob("*.js")) == sorted(_SCRIPTS)


@pytest.mark.browser
@pytest.mark.parametrize("name", _SCRIPTS)
def test_script_is_strict_code_of_its_own(workbench, name):
    text = (TEMPLATES / "explore" / f"{name}.js").read_text(encoding="utf-8")
    assert workbench.evaluate(PARSE, text) == ""
    assert workbench.evaluate(PARSE, text + "\n}") != ""
    # Forum text never becomes markup or code.
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|\.on\w+ =", text
    )
    assert not re.search(r"fetch\(|XMLHttpRequest|WebSocket|sendBeacon|import\(", text)
    assert text.startswith("// ")
    assert text.count("\n") < 300


@pytest.mark.browser
def test_no_name_is_declared_twice(workbench):
    text = "\n".join((TEMPLATES / "explore" / f"{name}.js").read_text(encoding="utf-8") for name in _SCRIPTS)
    declared = re.findall(r"^(?:const|let|class|function) (\w+)", text, re.MULTILINE)
    assert len(declared) == len(set(declared)) > 40
    for name in declared:
        assert len(re.findall(rf"\b{name}\b", text)) > 1, f"{name} is never used"


@pytest.mark.browser
def test_browser_knows_every_rule_of_the_style(workbench):
    text = re.sub(r"/\*.*?\*/", "", (TEMPLATES / "report.css").read_text(encoding="utf-8"), flags=re.DOTALL)
    assert text.count("{") == text.count("}")
    pairs = re.findall(r"(?<=[{;\s])([a-z-]+):\s*([^;{}]+);", re.sub(r"--[\w-]+:[^;]+;", "", text))
    pairs = [(name, value.removesuffix("!important")) for name, value in pairs]
    assert len(pairs) > 400
    assert workbench.evaluate(UNSUPPORTED, pairs) == []
    used = set(re.findall(r"var\((--[\w-]+)\)", text))
    assert used <= set(re.findall(r"(--[\w-]+):", text))
