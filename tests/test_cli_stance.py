"""threadkit stance: the rows come back with their stance, whatever the file; a mistake is told with line and cure."""

import csv
import gzip
import io
import json

import pandas as pd
import pytest
from click.testing import CliRunner
from pyarrow.parquet import read_schema

from threadkit.cli import threadkit
from threadkit.dispute.stance import StanceClassifier
from threadkit.readers import pairs

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
    (tmp_path / "wide.csv").write_bytes(as_csv(ROWS, "\t").encode("utf-16"))
    (tmp_path / "pairs.csv.gz").write_bytes(gzip.compress(as_csv(ROWS).encode()))
    (tmp_path / "pairs.jsonl").write_text("".join(json.dumps(row) + "\n\n" for row in ROWS))
    pd.DataFrame(ROWS).to_parquet(tmp_path / "pairs.parquet")
    return tmp_path


def table(text):
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("name", ["pairs.csv", "semicolons.csv", "wide.csv", "pairs.csv.gz", "pairs.parquet"])
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
