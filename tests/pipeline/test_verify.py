"""A run can be repeated to the byte; where it cannot, verify says which file differs, and which input or model did."""

import json

import orjson
import pandas as pd
import pytest
from click.testing import CliRunner

import threadkit as tk
from corpora import POSTS, town
from threadkit.base.errors import OutputError, SettingError
from threadkit.cli import threadkit
from threadkit.pipeline.verify import verify
from threadkit.report.forms import write_reports


def rows():
    for post_id, (title, author, text, comments) in POSTS.items():
        yield {"kind": "post", "id": post_id, "title": title, "author": author, "text": text}
        for comment_id, parent_id, who, karma, words in comments:
            shared = {"kind": "comment", "id": comment_id, "post_id": post_id, "parent_id": parent_id}
            yield {**shared, "author": who, "karma": karma, "text": words}


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """Return the folder of a run, the exports of which stand beside it."""
    home = tmp_path_factory.mktemp("home")
    export = home / "town.jsonl"
    export.write_text("".join(json.dumps(row) + "\n" for row in rows()))
    origin = {"exports": ["town.jsonl"], "columns": None}
    analysis = tk.analyze(tk.read(export), seed=3, stability=2, threads=2, origin=origin)
    write_reports(analysis, analysis.save(home / "out"))
    return home / "out"


def copied(saved, tmp_path, **changes):
    """Return a copy of the run, of which some files have other bytes."""
    for path in (*saved.iterdir(), saved.parent / "town.jsonl"):
        place = tmp_path / ("out" if path.parent == saved else "") / path.name
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(path.read_bytes())
    return tmp_path / "out"


def test_the_same_inputs_give_the_same_bytes_on_any_number_of_threads(saved):
    verdict = verify(saved, threads=1)
    assert verdict.same
    assert verdict.causes == []
    assert set(verdict.files) == {path.name for path in saved.iterdir()}
    assert list(verdict.lines()) == [f"{len(verdict.files)} of {len(verdict.files)} files are the same to the byte"]


def test_what_was_changed_is_told_file_by_file(saved, tmp_path):
    out = copied(saved, tmp_path)
    stances = pd.read_parquet(out / "stances.parquet")
    stances.loc[stances.index[:2], "p_agree"] = 0.5
    stances.to_parquet(out / "stances.parquet")
    pd.read_parquet(out / "sides.parquet").iloc[1:].to_parquet(out / "sides.parquet")
    (out / "report.md").write_text((out / "report.md").read_text().replace("\n", "\nx", 1))
    (out / "vectors.npy").write_bytes(b"spoilt")
    (out / "trends.parquet").unlink()
    (out / "notes.txt").write_text("mine")
    run = orjson.loads((out / "run.json").read_bytes())
    run["models"]["threadkit-point"] = "0123"
    (out / "run.json").write_bytes(orjson.dumps(run))
    found = CliRunner().invoke(threadkit, ["verify", str(out)])
    assert found.exit_code == 1
    told = dict(line.split(": ", 1) for line in found.output.splitlines() if ": " in line)
    assert told["model threadkit-point"].startswith("0123 then")
    assert told["stances.parquet"].endswith(f"2 of {len(stances)} rows, in p_agree")
    assert told["sides.parquet"].endswith("0 are gone, 1 are new")
    assert told["report.md"].endswith("from line 2")
    assert told["vectors.npy"].startswith("differs from byte 0 on: it cannot be read")
    assert told["trends.parquet"] == "is not there"
    assert told["run.json"].endswith("models differ")
    assert "6 differ" in found.output.splitlines()[-1]


def test_an_input_that_changed_is_named(saved, tmp_path):
    out = copied(saved, tmp_path)
    export = tmp_path / "town.jsonl"
    export.write_text(export.read_text().replace("Shops gain", "Shops lose"))
    verdict = verify(out)
    assert [cause.split(" (")[0] for cause in verdict.causes] == ["input town.jsonl: has changed since"]
    assert verdict.files["posts.parquet"].endswith("1 of 3 rows, in text")


@pytest.mark.parametrize(
    ("spoil", "error", "words"),
    [
        (lambda out: (out.parent / "town.jsonl").unlink(), SettingError, "is not there any more"),
        (lambda out: (out / "run.json").unlink(), OutputError, "not a saved run"),
        (lambda out: (out / "run.json").write_bytes(b"{"), OutputError, "is damaged"),
        (lambda out: (out / "run.json").write_bytes(b"{}"), OutputError, "names no settings"),
    ],
)
def test_what_cannot_be_repeated_is_told_at_once(saved, tmp_path, spoil, error, words):
    out = copied(saved, tmp_path)
    spoil(out)
    with pytest.raises(error, match=words):
        verify(out)


def test_a_run_from_python_needs_its_exports_named(tmp_path):
    run = {"settings": {}, "models": {}, "sources": [], "versions": {}}
    (tmp_path / "run.json").write_bytes(orjson.dumps(run))
    with pytest.raises(SettingError, match="name them"):
        verify(tmp_path)
    (tmp_path / "run.json").write_bytes(orjson.dumps(run | {"continues": True}))
    with pytest.raises(OutputError, match="continues an earlier run"):
        verify(tmp_path)


def test_seeds_are_kept_apart():
    """Another seed may give another run; the same one gives the same, whatever the order of rows."""
    for seed in (1, 2):
        one = tk.analyze(town(), seed=seed, stability=2, threads=2)
        two = tk.analyze(town(order=-1), seed=seed, stability=2, threads=1)
        assert one.run["settings"]["seed"] == seed
        assert one.cruxes.equals(two.cruxes)
        assert one.vectors.tobytes() == two.vectors.tobytes()
