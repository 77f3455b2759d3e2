"""A real Dask scheduler with two worker processes gives the tables of a run here, also when one of them is killed."""

import os
import signal
from contextlib import contextmanager

import orjson
import pandas as pd
import pytest
from click.testing import CliRunner

import threadkit as tk
from corpora import town
from threadkit.base.errors import ModelError, SettingError
from threadkit.cli import threadkit
from threadkit.pipeline import beyond
from threadkit.pipeline.beyond import Cluster, connected
from threadkit.pipeline.settings import Settings

distributed = pytest.importorskip("distributed", reason="distributed is not installed: pip install 'threadkit[dask]'")


@pytest.fixture(scope="module")
def client():
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as here,
        distributed.Client(here) as connection,
    ):
        yield connection


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch):
    """Cut the town of twelve comments into three parts, and its dozen objections into several."""
    monkeypatch.setattr(beyond, "COMMENTS", 3)
    monkeypatch.setattr(beyond, "TEXTS", 2)


class Murder:
    """Kill a worker process as soon as the first part of a stage has come back."""

    def __init__(self, client, stage):
        self.client, self.stage_name, self.killed = client, stage, []

    @contextmanager
    def stage(self, name, total=None):
        def advance(_):
            if name == self.stage_name and not self.killed:
                self.killed.append(min(self.client.run(os.getpid).values()))
                os.kill(self.killed[0], signal.SIGKILL)

        yield advance


def files(analysis, place):
    return {path.name: path.read_bytes() for path in analysis.save(place).iterdir()}


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    return files(tk.analyze(town(), stability=2, threads=1), tmp_path_factory.mktemp("here"))


def test_a_cluster_gives_the_same_bytes(client, here, tmp_path):
    analysis = tk.analyze(town(), stability=2, threads=1, scheduler=client.scheduler.address)
    assert files(analysis, tmp_path) == here


@pytest.mark.parametrize("stage", ["judging threads", "encoding objections"])
def test_a_worker_that_is_killed_loses_nothing(client, here, tmp_path, stage):
    murder = Murder(client, stage)
    analysis = tk.analyze(town(), stability=2, threads=1, scheduler=client.scheduler.address, progress=murder)
    assert len(murder.killed) == 1
    assert murder.killed[0] not in client.run(os.getpid).values()
    assert files(analysis, tmp_path) == here


def test_match_gives_the_same_bytes(client, tmp_path):
    corpus = town()
    early = tk.Corpus(corpus.posts, corpus.comments.drop(["d3", "e1", "e2", "e3"]))
    known = tk.analyze(early, stability=0, threads=1)
    one = tk.match(corpus, known, threads=1)
    two = tk.match(corpus, known, threads=1, scheduler=client.scheduler.address)
    assert files(one, tmp_path / "one") == files(two, tmp_path / "two")


def exports(folder):
    """Write the town's threads into a file each, one of which is no export."""
    corpus = town()
    folder.mkdir()
    for post_id, comments in corpus.comments.groupby("post_id"):
        records = [
            {"kind": "post", "id": post_id, "title": f"On {post_id}", "text": "Here."},
            *(
                {"kind": "comment", "id": name, "post_id": post_id, "author": str(row["author"]), "text": row["text"]}
                for name, row in comments.iterrows()
            ),
        ]
        (folder / f"{post_id}.jsonl").write_bytes(b"".join(orjson.dumps(record) + b"\n" for record in records))
    (folder / "broken.zip").write_bytes(b"PK\x03\x04 and no more")
    return folder


def same(one, two):
    assert one.sources == two.sources
    for name in ("posts", "comments", "problems"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(two, name))


def test_files_are_read_on_the_workers(client, tmp_path):
    folder = exports(tmp_path / "town")
    told = []

    class Watched(Cluster):
        def map(self, function, items, done=None):
            told.append(function)
            return super().map(function, items, done)

    corpus = tk.read(folder, hand_out=Watched(client).read)
    assert told
    assert len(corpus.problems)
    same(corpus, tk.read(folder))


def test_a_file_that_no_worker_sees_is_read_here(client, tmp_path):
    folder = exports(tmp_path / "town")
    here = tk.read(folder)

    class Blind(Cluster):
        def map(self, function, items, done=None):
            return super().map(_nothing, items, done)

    same(tk.read(folder, hand_out=Blind(client).read), here)


def _nothing(task):
    return None


def test_the_command_reads_and_judges_on_the_workers(client, tmp_path):
    folder = exports(tmp_path / "town")
    for out, more in {"here": [], "there": ["--scheduler", client.scheduler.address]}.items():
        words = ["analyze", str(folder), "-o", str(tmp_path / out), "--fast", "--no-cache", "--quiet", *more]
        done = CliRunner().invoke(threadkit, words)
        assert done.exit_code == 0, done.output
    for path in (tmp_path / "here").iterdir():
        if path.name != "run.json":
            assert (tmp_path / "there" / path.name).read_bytes() == path.read_bytes(), path.name


def test_parts_are_handed_out_a_few_at_a_time(client):
    taken = []

    def parts():
        for number in range(40):
            taken.append(number)
            yield number

    ahead = beyond.AHEAD * sum(client.nthreads().values())
    for n_given, square in enumerate(Cluster(client).map(_square, parts())):
        assert square == n_given**2
        assert len(taken) <= 40
        if n_given == 0:
            assert len(taken) <= 2 * ahead
    assert n_given == 39


def _square(number):
    return number**2


def test_other_weights_on_a_worker_are_told(client, monkeypatch):
    def revisions(self):  # a worker looks the method up by its name, and finds its own
        return {"threadkit-stance": "0123"}

    monkeypatch.setattr(Settings, "revisions", revisions)
    with pytest.raises(ModelError, match=r"worker tcp://\S+ has threadkit-stance of revision \w+, here is 0123"):
        Cluster(client).check(Settings())


def test_where_nothing_answers(monkeypatch):
    with pytest.raises(SettingError, match="no Dask scheduler answers"), connected("tcp://127.0.0.1:9"):
        pass
    with pytest.raises(SettingError, match="there already"), connected("tcp://127.0.0.1:9", workers=2):
        pass
