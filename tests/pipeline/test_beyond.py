"""A real Dask scheduler with two worker processes gives the tables of a run here, also when one of them is killed."""

import os
import signal
from contextlib import contextmanager

import pytest

import threadkit as tk
from corpora import town
from threadkit.base.errors import ModelError, SettingError
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
