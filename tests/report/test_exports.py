"""Worksheet, Argdown, AIF, CSV and workbook: whole, the same twice, inert, and without names where asked."""

import csv
import json
import os
import re
import shutil
import subprocess
import zipfile
from io import BytesIO
from pathlib import Path

import pandas as pd
import pytest
from disputes import disputed
from hypothesis import given
from hypothesis import strategies as st

from threadkit.base.errors import OutputError, SettingError
from threadkit.report import argdown as argdowns
from threadkit.report.aif import aif
from threadkit.report.case import proposition
from threadkit.report.forms import FILES, FORMS, write_as
from threadkit.report.sheets import FORMULA, neutral, sheets
from threadkit.report.worksheet import worksheet

SIBLINGS = ["analysis", "nothing", "one_comment", "no_cruxes", "bare"]


@pytest.fixture(scope="module")
def town():
    return disputed(
        {
            "c1": (None, "Quillon Marsh", 3, "Too dear. I'd be convinced if Tobermory had paid a toll. Who pays for the sand?", True),
            "c2": (None, "Tobermory", 9, "=HYPERLINK(1) is too dear, said @zephyrine_k.", True),
            "c3": ("c1", "Quillon Marsh", 1, "As I said: too dear, quillon_marsh.", False),
            "c4": (None, "zephyrine_k", 1, "Too dear, see [Marsh](https://town.example/users/quillon-marsh).", True),
        },
        ("Quillon Marsh's bridge", "Tobermory", "I think a second bridge pays for itself"),
        {"lineage": "ab", "sources": [{"name": "quillon.json"}], "settings": {}, "counts": {}},
    )  # fmt: skip


def every_byte(path):
    """Return all that an output holds, folders and packed files opened."""
    if path.is_dir():
        return b"\n".join(every_byte(each) for each in sorted(path.iterdir()))
    data = path.read_bytes()
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(BytesIO(data)) as packed:
            return b"\n".join(packed.read(name) for name in packed.namelist())
    return data


@pytest.mark.parametrize("form", [form for form in FORMS.rows if form != "html"])
@pytest.mark.parametrize("name", SIBLINGS)
def test_every_form_of_every_sibling_is_written_and_the_same_twice(form, name, request, tmp_path):
    if form == "xlsx":
        pytest.importorskip("xlsxwriter", reason="the extra xlsx is not installed")
    analysis = request.getfixturevalue(name)
    one, two = (write_as(analysis, form, None, tmp_path / n) for n in ("one", "two"))
    assert one.name == FILES[form]
    assert every_byte(one) == every_byte(two) != b""
    assert not list(tmp_path.rglob("*.partial"))


@pytest.mark.parametrize("form", FORMS.rows)
def test_no_name_is_left_in_any_byte_with_pseudonyms(form, town, tmp_path):
    if form == "xlsx":
        pytest.importorskip("xlsxwriter", reason="the extra xlsx is not installed")
    plain = every_byte(write_as(town, form, None, tmp_path / "plain")).lower()
    masked = every_byte(write_as(town.pseudonymous(), form, None, tmp_path / "masked")).lower()
    for name in (b"quillon", b"marsh", b"tobermory", b"zephyrine"):
        assert name in plain
        assert name not in masked
    assert b"author-" in masked or rb"author\-" in masked


@pytest.mark.parametrize("form", ["worksheet", "argdown", "aif", "markdown"])
def test_one_crux_alone(form, analysis, tmp_path):
    path = write_as(analysis, form, None, tmp_path, crux=2)
    assert "-2." in path.name
    text = path.read_text()
    assert "Children need the orchard" in text
    assert "Paving costs more in drains than it ever saves" not in text
    with pytest.raises(SettingError, match="no crux 9"):
        write_as(analysis, form, None, tmp_path, crux=9)


def test_an_unknown_form_is_told(analysis, tmp_path):
    with pytest.raises(SettingError, match="unknown form 'pdf': choose one of html, markdown, worksheet"):
        write_as(analysis, "pdf", None, tmp_path)


def test_worksheet_holds_both_sides_verbatim(analysis):
    text = worksheet(analysis)
    assert text.startswith("# Double-crux worksheet\n")
    assert "**The claim** (crux 1): Paving pays for itself." in text
    assert "Paving costs more in drains than it ever saves." in text
    assert "— Ana, karma 12, agreement 5, 2023-01-06, [original](https://forum.example/p1/c1)" in text
    assert text.index("### Those who deny it") < text.index("It did pay") < text.index("### Your own answer")
    assert "<script" not in text
    assert "\n\n\n" not in text
    assert not re.search(r"<NA>|\bnan\b|\bNone\b", text)


def test_worksheet_lists_what_would_move_people_and_open_questions(town):
    text = worksheet(town)
    assert "“I'd be convinced if Tobermory had paid a toll.” — Quillon Marsh, karma 3" in text
    assert "“Who pays for the sand?” — Quillon Marsh" in text
    assert "A second bridge pays for itself." in text


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("I think that the toll is fair", "The toll is fair."),
        ("But honestly, I still believe the toll is fair!", "The toll is fair!"),
        ("IMO: it works", "It works."),
        ("I think", "I think."),
        ("", ""),
    ],
)
def test_propositions(claim, said):
    assert proposition(claim) == said


def test_aif_is_a_sound_graph(analysis):
    told = aif(analysis)
    assert {"AIF", "text", "dialog", "OVA"} == set(told)
    assert told["text"] == ""
    graph = told["AIF"]
    nodes = {node["nodeID"]: node for node in graph["nodes"]}
    assert len(nodes) == len(graph["nodes"])
    ends = [(nodes[edge["fromID"]]["type"], nodes[edge["toID"]]["type"]) for edge in graph["edges"]]
    assert set(ends) == {
        ("L", "YA"), ("YA", "I"), ("I", "CA"), ("CA", "I"), ("I", "RA"), ("RA", "I"), ("L", "TA"), ("TA", "L"),
        ("TA", "YA"), ("YA", "CA"),
    }  # fmt: skip
    # Nine objections that are no copies, two answers, two defences.
    kinds = [node["type"] for node in graph["nodes"]]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {"I": 16, "L": 13, "YA": 15, "CA": 11, "RA": 2, "TA": 2}
    people = {person["participantID"] for person in graph["participants"]}
    assert {said["personID"] for said in graph["locutions"]} <= people
    assert {nodes[said["nodeID"]]["type"] for said in graph["locutions"]} == {"L"}
    assert all(said["source"] is None or said["source"].startswith("https://") for said in graph["locutions"])


def test_aif_numbers_its_schemes_as_ova_does(analysis):
    graph = aif(analysis)["AIF"]
    named = {node["nodeID"]: (node["type"], node["text"]) for node in graph["nodes"]}
    assert {(*named[each["nodeID"]], each["schemeID"]) for each in graph["schemefulfillments"]} == {
        ("RA", "Default Inference", "72"),
        ("CA", "Default Conflict", "71"),
        ("TA", "Default Transition", "82"),
        ("YA", "Asserting", "74"),
        ("YA", "Disagreeing", "78"),
    }
    fulfilled = [each["nodeID"] for each in graph["schemefulfillments"]]
    assert sorted(fulfilled) == sorted(key for key, (kind, _) in named.items() if kind not in {"I", "L"})


def test_aif_anchors_an_answer_in_the_turn_from_objection_to_answer(analysis):
    graph = aif(analysis)["AIF"]
    nodes = {node["nodeID"]: node for node in graph["nodes"]}
    after, before = {}, {}
    for edge in graph["edges"]:
        after.setdefault(edge["fromID"], []).append(edge["toID"])
        before.setdefault(edge["toID"], []).append(edge["fromID"])
    turns = [key for key, node in nodes.items() if node["type"] == "TA"]
    for turn in turns:
        (objection,), (answer, disagreeing) = before[turn], after[turn]
        (conflict,) = after[disagreeing]
        (denied,) = after[conflict]
        assert nodes[denied]["text"] in nodes[objection]["text"]
        assert nodes[next(each for each in before[conflict] if each != disagreeing)]["text"] in nodes[answer]["text"]


ARGDOWN = os.environ.get("ARGDOWN_CORE", "")
CHECK = """
const {ArgdownApplication, ParserPlugin, DataPlugin, ModelPlugin} = require(process.argv[1]);
const app = new ArgdownApplication();
app.addPlugin(new ParserPlugin(), "parse"); app.addPlugin(new DataPlugin(), "model"); app.addPlugin(new ModelPlugin(), "model");
const read = app.run({input: require("fs").readFileSync(0, "utf8"), process: ["parse", "model"], logLevel: "error"});
const errors = [...(read.lexerErrors || []), ...(read.parserErrors || []), ...(read.exceptions || [])].map(e => String(e.message));
console.log(JSON.stringify({errors, arguments: Object.values(read.arguments || {}).map(
  each => ({title: each.title, text: each.members[0].text, data: each.data}))}));
"""


def test_argdown_is_read_by_argdown_itself(analysis, town):
    """The real parser reads it without an error, and gives every word back."""
    node = shutil.which("node")
    if not (node and ARGDOWN):
        pytest.skip("set ARGDOWN_CORE to the folder of the npm package @argdown/core, and have node")
    for each, n in ((analysis, 11), (town, 3)):
        done = subprocess.run(
            [node, "-e", CHECK, ARGDOWN], input=argdowns.argdown(each), capture_output=True, text=True, check=True
        )
        read = json.loads(done.stdout)
        assert read["errors"] == []
        assert len(read["arguments"]) == n
        assert all(argument["data"]["author"] for argument in read["arguments"])
        written = argdowns.argdown(each)
        for argument in read["arguments"]:
            assert argdowns.escape(argument["text"]) in written


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=80))
def test_escaped_argdown_has_no_bare_sign(text):
    escaped = argdowns.escape(text)
    assert "\n" not in escaped
    assert not re.search(r"(?<!\\)[@#*_\[\]<>{}/|=~^+]", re.sub(r"\\\\", "", escaped))
    assert re.sub(r"\\(.)", r"\1", escaped) == " ".join(text.split())


@given(st.text(max_size=40), st.sampled_from(["", *FORMULA]))
def test_no_cell_is_a_formula(text, sign):
    cell = neutral(sign + text)
    assert not cell.startswith(FORMULA)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", cell)


def test_no_cell_of_any_sheet_is_a_formula():
    hostile = disputed(
        {"c1": (None, "=1+1", 3, "\tx", True), "c2": (None, "-2", -3, "+a", True), "c3": (None, "＝1", 1, "@x", True)},
        ("=1+1", "@x", "-2"),
        site="+a",
    )
    seen = set()
    for sheet in sheets(hostile).values():
        for column in sheet:
            if sheet[column].dtype == "string":
                seen |= set(sheet[column].dropna())
    assert not any(cell.startswith(FORMULA) for cell in seen)
    assert {"'=1+1", "'-2", "'+a", "'@x", "'＝1"} <= seen
    assert -3 in sheets(hostile)["objections"]["karma"].tolist()


def test_csv_is_what_an_analyst_reads(analysis, tmp_path):
    folder = write_as(analysis, "csv", tmp_path / "tables", tmp_path)
    assert {path.name for path in folder.glob("*.csv")} == {f"{name}.csv" for name in sheets(analysis)}
    table = pd.read_csv(folder / "objections.csv")
    assert len(table) == len(analysis.objections)
    first = table.iloc[0]
    assert (first["author"], first["karma"], first["answered_by"], first["conceded"]) == ("Ana", 12, "Wren", True)
    assert first["url"] == "https://forum.example/p1/c1"
    assert table["url"].dropna().str.startswith("https://").all()
    with (folder / "objections.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["text"] for row in csv.DictReader(file) if row["comment_id"] == "c9"] == ["'=1+1"]
    assert write_as(analysis, "csv", folder, tmp_path) == folder


def test_csv_never_overwrites_a_run_or_other_files(analysis, tmp_path):
    analysis.save(tmp_path / "run")
    with pytest.raises(OutputError, match="holds a run"):
        write_as(analysis, "csv", tmp_path / "run", tmp_path)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/thesis.txt").write_text("years")
    with pytest.raises(OutputError, match="holds other files"):
        write_as(analysis, "csv", tmp_path / "mine", tmp_path)


def test_workbook_has_links_filters_and_no_formula(analysis, tmp_path):
    pytest.importorskip("xlsxwriter", reason="the extra xlsx is not installed")
    openpyxl = pytest.importorskip("openpyxl", reason="openpyxl, which reads workbooks in this test, is not installed")
    path = write_as(analysis, "xlsx", None, tmp_path)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == list(sheets(analysis))
    page = book["objections"]
    assert page.freeze_panes == "A2"
    assert page.auto_filter.ref == f"A1:{openpyxl.utils.get_column_letter(page.max_column)}{page.max_row}"
    head = [cell.value for cell in page[1]]
    rows = {row[head.index("comment_id")].value: row for row in page.iter_rows(min_row=2)}
    assert rows["c1"][head.index("url")].hyperlink.target == "https://forum.example/p1/c1"
    assert rows["c2"][head.index("url")].value is None
    assert rows["c2"][head.index("karma")].value == -3
    assert rows["c1"][head.index("posted_at")].value.isoformat() == "2023-01-06T10:00:00"
    assert rows["c9"][head.index("text")].value == "'=1+1"
    for sheet in book:
        assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def test_where_nothing_can_be_written_nothing_is_left(analysis, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError):
        write_as(analysis, "worksheet", Path(tmp_path / "file/sheet.md"), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
