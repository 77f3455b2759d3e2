"""A run that is killed goes on where it was, to the same bytes; what it left is believed only where it is whole."""

from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import threadkit as tk
from corpora import town
from threadkit.base.errors import OutputError
from threadkit.pipeline.checkpoint import Checkpoints, key_of, place_of
from threadkit.pipeline.settings import Settings


class Seen:
    """Write down which stages were entered."""

    def __init__(self):
        self.stages = []

    @contextmanager
    def stage(self, name, total=None):
        self.stages.append(name)
        yield lambda n: None


def written(analysis, place):
    return {path.name: path.read_bytes() for path in analysis.save(place).iterdir()}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Return the stages of a run that nothing disturbed, and its files."""
    seen = Seen()
    analysis = tk.analyze(town(), stability=2, threads=1, progress=seen)
    return seen.stages, written(analysis, tmp_path_factory.mktemp("whole"))


class CutOffError(Exception):
    """The run is cut off."""


class Breaking(Seen):
    """End the run on entering a stage."""

    def __init__(self, at):
        super().__init__()
        self.at = at

    @contextmanager
    def stage(self, name, total=None):
        if name == self.at:
            raise CutOffError
        yield lambda n: None


def test_a_run_cut_off_at_every_stage_ends_with_the_same_bytes(whole, tmp_path):
    """scripts/fault_table.py does the same to the command, by kill -9."""
    stages, files = whole
    place = tmp_path / "kept"
    for stage in stages:
        with pytest.raises(CutOffError):
            tk.analyze(town(), stability=2, threads=1, resume=place, progress=Breaking(stage))
    told, seen = [], Seen()
    analysis = tk.analyze(town(), stability=2, threads=1, resume=place, progress=seen, tell=told.append)
    assert told == ["An earlier run was cut off: its groups, segments, stability, stances, vectors are taken over."]
    assert not {"tracing quotes", "judging stance", "encoding objections", "grouping", "testing stability"} & set(
        seen.stages
    )
    assert written(analysis, tmp_path / "out") == files


def test_what_is_damaged_is_done_again(whole, tmp_path):
    place = tmp_path / "kept"
    tk.analyze(town(), stability=2, threads=1, resume=place)
    for path in place.glob("*/*"):
        if path.parent.name != "computed" and path.name != "parts.json":
            path.write_bytes(path.read_bytes()[:-9] + b"\0" * 9)
    (place / "groups" / "parts.json").write_bytes(b"{")
    again = tk.analyze(town(), stability=2, threads=2, resume=place)
    assert written(again, tmp_path / "out") == whole[1]


def test_what_another_run_left_is_not_taken_up(tmp_path):
    place = tmp_path / "kept"
    tk.analyze(town(), seed=1, stability=0, threads=1, resume=place)
    told = []
    tk.analyze(town(), seed=2, stability=0, threads=1, resume=place, tell=told.append)
    assert told == []


def test_the_key_knows_words_settings_and_models():
    corpus, settings = town(), Settings()
    keys = {
        key_of(corpus, settings, {}),
        key_of(corpus, Settings(seed=1), {}),
        key_of(corpus, settings, {"threadkit-point": "1"}),
        key_of(corpus, settings, {}, "match"),
    }
    corpus.comments.loc[corpus.comments.index[0], "karma"] += 1
    assert len(keys | {key_of(corpus, settings, {})}) == 5


def test_tables_arrays_and_series_come_back_as_they_were(tmp_path):
    table = town().comments
    parts = {"table": table, "row": np.arange(3, dtype=np.float32), "series": pd.Series([1.5, None], dtype="Float64")}
    done = Checkpoints(tmp_path / "kept")
    assert done.begin("key") == []
    done.keep("step", lambda: parts)
    back = done.keep("step", lambda: pytest.fail("was done again"))
    pd.testing.assert_frame_equal(back["table"], table)
    pd.testing.assert_series_equal(back["series"], parts["series"])
    assert back["row"].dtype == np.float32
    assert Checkpoints(done.place).begin("key") == ["step"]
    assert Checkpoints(done.place).begin("other") == []
    done.clear()
    assert not done.place.exists()


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be written"):
        Checkpoints(tmp_path / "file" / "kept").begin("key")


def test_the_place_is_hidden_beside_the_output():
    assert place_of(Path("/somewhere/out/")) == Path("/somewhere/.out.resume")
