"""threadkit stance: the rows come back with their stance, whatever the file; a mistake is told with line and cure."""

import csv
import gzip
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from click.testing import CliRunner
from pyarrow.parquet import read_schema, write_table

from threadkit.cli import threadkit
from threadkit.dispute.stance import StanceClassifier
from threadkit.readers import pairs
from threadkit.report.rows import put_rows

ROWS = [
    {
        "id": "007",
        "target": "We should ban cars.",
        "reply": "No, that is a terrible idea; you are wrong.",
        "note": "=1+1",
    },
    {"id": "008", "target": "We should ban cars.", "reply": "I agree,\nwell said.", "note": "-5"},
    {"id": "009", "target": "", "reply": "No!", "note": "a, b"},
]
STANCES = ["disagree", "agree", None]
ADDED = ["stance", "p_disagree", "p_neutral", "p_agree"]


def run(*arguments):
    return CliRunner().invoke(threadkit, ["stance", *map(str, arguments)], catch_exceptions=False)


def as_csv(rows, mark=","):
    out = io.StringIO()
    table = csv.DictWriter(out, list(rows[0]), delimiter=mark)
    table.writeheader()
    table.writerows(rows)
    return out.getvalue()


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "pairs.csv").write_text(as_csv(ROWS))
    (tmp_path / "semicolons.csv").write_bytes(as_csv(ROWS, ";").encode("utf-8-sig"))
    (tmp_path / "excel.csv").write_bytes(("sep=;\r\n" + as_csv(ROWS, ";")).encode("utf-8-sig"))
    (tmp_path / "bars.csv").write_text(as_csv(ROWS, "|"))
    (tmp_path / "wide.csv").write_bytes(as_csv(ROWS, "\t").encode("utf-16"))
    (tmp_path / "pairs.csv.gz").write_bytes(gzip.compress(as_csv(ROWS).encode()))
    (tmp_path / "pairs.jsonl").write_text("".join(json.dumps(row) + "\n\n" for row in ROWS))
    pd.DataFrame(ROWS).to_parquet(tmp_path / "pairs.parquet")
    return tmp_path


def table(text):
    return list(csv.DictReader(io.StringIO(text)))


TABLES = ["pairs.csv", "semicolons.csv", "excel.csv", "bars.csv", "wide.csv", "pairs.csv.gz", "pairs.parquet"]


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_printed_with_its_stances(name, folder):
    result = run(folder / name)
    assert result.exit_code == 0, result.output
    rows = table(result.stdout)
    assert list(rows[0]) == [*ROWS[0], *ADDED]
    assert [row["stance"] or None for row in rows] == STANCES
    assert [row["id"] for row in rows] == ["007", "008", "009"]
    assert rows[1]["reply"] == ROWS[1]["reply"]
    assert sum(float(rows[0][name]) for name in ADDED[1:]) == pytest.approx(1, abs=2e-4)
    assert rows[2]["p_agree"] == "", "without a target nobody answers anything"


def test_no_cell_becomes_a_formula_and_a_number_stays_one(folder):
    rows = table(run(folder / "pairs.csv").stdout)
    assert [row["note"] for row in rows] == ["'=1+1", "-5", "a, b"]


def test_json_lines_stay_what_they_are(folder):
    rows = [json.loads(line) for line in run(folder / "pairs.jsonl").stdout.splitlines()]
    assert [{name: row[name] for name in ROWS[0]} for row in rows] == ROWS
    assert [row["stance"] for row in rows] == STANCES


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
@pytest.mark.parametrize("name", ["pairs.csv", "pairs.jsonl", "pairs.parquet"])
def test_every_form_into_every_form(name, form, folder):
    out = folder / "new" / f"judged.{form}"
    result = run(folder / name, "-o", out)
    assert result.stdout == f"Written: {out}, 3 pairs\n"
    read = {
        "csv": lambda p: pd.read_csv(p, dtype={"id": str}),
        "jsonl": lambda p: pd.read_json(p, lines=True, dtype=False),
    }
    found = read.get(form, pd.read_parquet)(out)
    assert found.columns.tolist() == [*ROWS[0], *ADDED]
    assert found["id"].tolist() == ["007", "008", "009"]
    assert [None if pd.isna(stance) else stance for stance in found["stance"]] == STANCES
    assert sorted(p.name for p in out.parent.iterdir()) == [out.name]


def test_parquet_keeps_its_types(folder):
    frame = pd.DataFrame(ROWS).assign(n=pd.array([1, None, 3], dtype="Int16"), at=pd.Timestamp("2024-01-01", tz="UTC"))
    frame.to_parquet(folder / "typed.parquet")
    run(folder / "typed.parquet", "-o", folder / "judged.parquet")
    before, after = read_schema(folder / "typed.parquet"), read_schema(folder / "judged.parquet")
    assert [after.field(name).type for name in before.names] == before.types


def test_columns_are_renamed(folder):
    rows = [{"Parent": row["target"], "body": row["reply"], "target": "another thing"} for row in ROWS]
    (folder / "other.csv").write_text(as_csv(rows))
    found = table(run(folder / "other.csv", "--columns", "target=parent,reply=body").stdout)
    assert [row["stance"] or None for row in found] == STANCES
    assert found[0]["target"] == "another thing"


def test_blocks_and_threads_do_not_matter(folder, monkeypatch):
    many = [row | {"reply": f"{row['reply']} {n}"} for n in range(4) for row in ROWS]
    (folder / "many.csv").write_text(as_csv(many))
    monkeypatch.setattr(pairs, "BLOCK", 2)
    found = table(run(folder / "many.csv", "--threads", 2).stdout)
    assert [row["stance"] or None for row in found] == STANCES * 4
    assert [row["reply"] for row in found] == [row["reply"] for row in many]


def test_only_a_block_is_held(folder, monkeypatch):
    held = []
    judge = StanceClassifier.predict_proba
    monkeypatch.setattr(
        StanceClassifier, "predict_proba", lambda self, rows, *a: held.append(len(rows)) or judge(self, rows, *a)
    )
    monkeypatch.setattr(pairs, "BLOCK", 2)
    run(folder / "pairs.jsonl")
    assert held == [2, 0]


MISTAKES = {
    "absent.csv": (None, "there is no such file"),
    "empty.csv": ("", "is empty; give a table with the columns target and reply"),
    "names.csv": (
        "parent,reply\na,b\n",
        "no column 'target'; it has 'parent', 'reply'; say which holds the target: --columns target=NAME",
    ),
    "cells.csv": (
        "target,reply\na,b\nc,d, or e\n",
        "cells.csv:3: the row that ends here has 3 cells, the header 2; put texts that hold",
    ),
    "twice.csv": ("target,reply,x,x\n", "'x' stands twice in the header; rename one"),
    "taken.csv": ("target,reply,stance\na,b,pro\n", "already have a column 'stance'; rename it"),
    "damaged.jsonl": ('{"target": "a", "reply": "b"}\n{"target": "a", \n', "damaged.jsonl:2: not JSON"),
    "number.jsonl": ('{"target": "a", "reply": "b"}\n7\n', "number.jsonl:2: a int, expected an object"),
    "array.json": ('[{"target": "a", "reply": "b"}]', "one object a line"),
    "damaged.parquet": ("PAR1 and no more", "damaged Parquet file"),
    "book.xlsx": ("PK\x03\x04\x14 and no more", "is a workbook or archive; save the sheet as CSV"),
    "long.csv": (f"{'x' * 5000},reply\na,b\n", f"it has '{'x' * 39}…', 'reply'; say"),
    "many.csv": (",".join(f"c{n}" for n in range(50)) + "\n", "'c19' and 30 more; say"),
    "open.csv": ('target,reply\na,b\na,"no\na,b\n', "open.csv:3: a quote in the row that begins here is not closed"),
    "last.csv": ('target,reply\na,"no', "last.csv:2: a quote"),
    "swallowed.csv": ('target,reply\na,"no\na,"never"\na,b\n', "swallowed.csv:2: a quote"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_one_line_with_its_cure(name, tmp_path):
    content, words = MISTAKES[name]
    if content is not None:
        (tmp_path / name).write_text(content)
    out = tmp_path / "out.csv"
    result = run(tmp_path / name, "-o", out)
    assert result.exit_code == 1
    assert words in result.output
    assert len(result.output.strip().splitlines()) == 1
    assert [p.name for p in tmp_path.iterdir() if p.name != name] == [], "nothing is left half-written"


def test_wrong_settings_are_told(folder):
    assert "end it with .csv, .jsonl or .parquet" in run(folder / "pairs.csv", "-o", folder / "out.txt").output
    assert "no model 'threadkit-none'" in run(folder / "pairs.csv", "--stance-model", "threadkit-none").output
    assert "none of threadkit's columns: target, reply" in run(folder / "pairs.csv", "--columns", "text=reply").output


def test_a_column_that_comes_late_needs_json_lines(folder, monkeypatch):
    (folder / "late.jsonl").write_text("".join(json.dumps(row) + "\n" for row in [*ROWS, ROWS[0] | {"late": 1}]))
    monkeypatch.setattr(pairs, "BLOCK", 2)
    assert (
        "'late' is none of the first rows'; write .jsonl" in run(folder / "late.jsonl", "-o", folder / "o.csv").output
    )
    assert run(folder / "late.jsonl", "-o", folder / "o.jsonl").exit_code == 0


def test_explain_adds_the_words_that_carried_it(folder):
    rows = table(run(folder / "pairs.csv", "--explain").stdout)
    assert list(rows[0])[-1] == "carried_by"
    assert "agree," in rows[1]["carried_by"]
    assert rows[2]["carried_by"] == ""


FAST = ("--stance-model", "threadkit-stance-static")


def found_in(path, content, *more):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    result = run(path, *FAST, *more)
    assert result.exit_code == 0, result.output
    return table(result.stdout)


def test_sloppy_quotes_pass(tmp_path):
    content = 'target,reply\r\n5" pipe,"he said "no" to me"\r\n"a" ,she said "no\r\n"a","b\r\nc" \r\n"","x ""y"""'
    rows = found_in(tmp_path / "sloppy.csv", content)
    assert [(row["target"], row["reply"]) for row in rows] == [
        ('5" pipe', 'he said no" to me"'), ("a ", 'she said "no'), ("a", "b\nc "), ("", 'x "y"'),
    ]  # fmt: skip


def test_blank_rows_stay_where_they_stood(tmp_path):
    rows = found_in(tmp_path / "blank.csv", 'target,reply,id\na,No,1\n,,\n,\n\n  ,"", \na,Yes,5\n')
    assert [row["id"] for row in rows] == ["1", "", "", "", "5"]
    assert [row["stance"] == "" for row in rows] == [False, True, True, True, False]


def test_columns_without_a_name_pass(tmp_path):
    [row] = found_in(tmp_path / "trailing.csv", "target,reply,,\nBan cars,No,,x\n")
    assert list(row) == ["target", "reply", "column 3", "column 4", *ADDED]
    assert row["column 4"] == "x"


def test_a_name_written_just_so_comes_first(tmp_path):
    content = "Target,target,reply\n,Ban cars,No\n"
    for more in ((), ("--columns", "target=target")):
        assert found_in(tmp_path / "case.csv", content, *more)[0]["stance"]


def test_the_mark_is_the_one_that_parts_our_names(tmp_path):
    [row] = found_in(tmp_path / "marks.csv", "target;reply;a, b, c, d\nBan cars;No;1\n")
    assert row["a, b, c, d"] == "1"


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_bytes_that_are_not_utf_8_are_told_once(form, tmp_path):
    told = {
        "csv": "target,reply\nok,é\nça,é\nça,é\n",
        "jsonl": '{"target": "ok", "reply": "no"}\n{"target": "ça", "reply": "é"}\n',
    }
    path = tmp_path / f"latin.{form}"
    path.write_bytes(told[form].encode().replace("ça".encode(), b"\xe7a"))
    result = run(path, *FAST)
    assert result.stderr == (
        f"Warning: latin.{form}:{3 if form == 'csv' else 2}: some bytes are not UTF-8; they were read as Windows-1252; "
        "save the file as UTF-8 if letters look wrong\n"
    )
    assert "ça" in result.stdout
    assert "é" in result.stdout, "what is UTF-8 stays so"


def test_json_lines_may_be_utf_16(tmp_path):
    path = tmp_path / "wide.jsonl"
    path.write_bytes("".join(json.dumps(row) + "\r\n" for row in ROWS).encode("utf-16"))
    assert [json.loads(line)["id"] for line in run(path, *FAST).stdout.splitlines()] == ["007", "008", "009"]


def test_binary_columns_are_text(tmp_path):
    binary = {name: [row[name].encode() for row in ROWS] for name in ("target", "reply")}
    write_table(pa.table(binary), tmp_path / "binary.parquet")
    plain = {name: [row[name] for row in ROWS] for name in ("target", "reply")}
    write_table(pa.table(plain), tmp_path / "plain.parquet")
    assert run(tmp_path / "binary.parquet", *FAST).stdout == run(tmp_path / "plain.parquet", *FAST).stdout
    run(tmp_path / "binary.parquet", *FAST, "-o", tmp_path / "out.jsonl")
    assert json.loads((tmp_path / "out.jsonl").read_text().splitlines()[1])["reply"] == ROWS[1]["reply"]


@pytest.mark.parametrize(
    ("late", "name"), [({"late": 1}, "late"), ({"d": {"a": 1, "b": 2}}, "d.b"), ({"l": [{"a": 1}, {"c": 1}]}, "l.c")]
)
def test_parquet_drops_no_key_that_comes_late(late, name, tmp_path, monkeypatch):
    first = ROWS[0] | {"d": {"a": 1}, "l": [{"a": 1}]}
    (tmp_path / "late.jsonl").write_text("".join(json.dumps(row) + "\n" for row in [first, first, first | late]))
    monkeypatch.setattr(pairs, "BLOCK", 2)
    result = run(tmp_path / "late.jsonl", *FAST, "-o", tmp_path / "out.parquet")
    assert f"column {name!r} is none of the first rows'; write .jsonl, not Parquet" in result.output
    assert not (tmp_path / "out.parquet").exists()


def test_a_stance_of_a_late_row_is_not_overwritten(tmp_path, monkeypatch):
    (tmp_path / "mine.jsonl").write_text("".join(json.dumps(row) + "\n" for row in [*ROWS, ROWS[0] | {"stance": "x"}]))
    monkeypatch.setattr(pairs, "BLOCK", 2)
    result = run(tmp_path / "mine.jsonl", *FAST, "-o", tmp_path / "out.jsonl")
    assert "row 4 already has a column 'stance'; rename it, or take it out" in result.output
    assert not (tmp_path / "out.jsonl").exists()


@pytest.mark.parametrize("model", ["threadkit-none", ""])
def test_where_nothing_can_be_judged_nothing_is_printed(model, folder):
    result = run(folder / "pairs.csv", "--stance-model", model)
    assert result.exit_code == 1
    assert result.stdout == ""


def test_standard_input_and_pipes_are_read(folder):
    content = (folder / "pairs.csv.gz").read_bytes()
    expected = run(folder / "pairs.csv", *FAST).stdout
    result = CliRunner().invoke(threadkit, ["stance", "-", *FAST], input=content)
    assert result.stdout == expected
    result = CliRunner().invoke(threadkit, ["stance", "-", *FAST], input="target\nx\n")
    assert result.output.startswith("Error: -: no column 'reply'")
    if Path("/dev/fd").exists():
        reading, writing = os.pipe()
        os.write(writing, content)
        os.close(writing)
        assert run(f"/dev/fd/{reading}", *FAST).stdout == expected
        os.close(reading)


def test_what_is_printed_is_utf_8_whatever_the_system_says(tmp_path):
    (tmp_path / "emoji.csv").write_text("target,reply\nBan cars \U0001f697,No!\n", encoding="utf-8")
    command = [sys.executable, "-m", "threadkit", "stance", str(tmp_path / "emoji.csv"), *FAST]
    done = subprocess.run(
        command, capture_output=True, check=True, env=os.environ | {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}
    )
    assert "\U0001f697" in done.stdout.decode("utf-8")


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are UTF-8 there")
def test_parquet_is_written_under_a_name_that_is_not_utf_8(folder):
    out = folder / os.fsdecode(b"caf\xe9.parquet")
    assert put_rows([[{"a": "b"}]], out, "jsonl", ["a"], []) == 1
    assert out.is_file()


def test_replies_of_which_only_the_start_is_read_are_told_once(tmp_path):
    long = "The pier was built in May. " * 40 + "You are completely wrong."
    rows = [{"target": "The pier is new.", "reply": reply} for reply in (long, "No.", long)]
    (tmp_path / "pairs.csv").write_text(as_csv(rows))
    result = run(tmp_path / "pairs.csv")
    assert [row["reply"] for row in table(result.stdout)] == [row["reply"] for row in rows]
    assert result.stderr.splitlines() == [
        "At least 2 replies are longer than what is read, 156 tokens with its target: cut them into passages."
    ]
    assert run(tmp_path / "pairs.csv", *FAST).stderr == "", "the static model reads them whole"


def test_what_is_said_to_be_read_is_what_the_model_reads():
    from transformers import AutoTokenizer

    from threadkit.base.inference import STEP
    from threadkit.base.weights import shipped
    from threadkit.dispute.pairs import READS, overruns

    tokenizer = AutoTokenizer.from_pretrained(shipped("models") / "threadkit-stance")
    longest = tokenizer.model_max_length // STEP * STEP - 1
    assert longest - tokenizer.num_special_tokens_to_add(pair=True) == READS
    target, reply = "The pier is new.", "Anti-disestablishmentarian piers, e.g. it\u2019s \u00e9t\u00e9! \u8f66 " * 12
    assert overruns(target, reply)
    assert len(tokenizer(target, reply)["input_ids"]) > longest


@pytest.mark.parametrize("text", ["> a\n", ">", "a ", "\n", ">  "])
def test_long_text_is_looked_through_in_no_time(text):
    import time

    from threadkit.dispute.pairs import overruns
    from threadkit.dispute.stance import as_pairs, told

    start = time.process_time()
    overruns("Ban cars.", text * (100_000 // len(text)))
    told(as_pairs([("Ban cars.", text * (100_000 // len(text)))]))
    assert time.process_time() - start < 1
