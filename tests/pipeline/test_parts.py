"""A corpus is looked at in parts, and the tables are those of the whole."""

from contextlib import contextmanager

import pandas as pd
import pytest

import threadkit as tk
from corpora import town
from threadkit.base.progress import Silent
from threadkit.pipeline import parts as by_parts
from threadkit.pipeline.parts import cut


@pytest.mark.parametrize("size", [1, 3, 5, 100])
def test_threads_are_never_cut(size):
    corpus = town()
    parts = list(cut(corpus, None, size))
    assert [name for part in parts for name in part.comments.index] == list(corpus.comments.index)
    assert sum(len(part.posts) for part in parts) == corpus.comments["post_id"].nunique()
    for part in parts:
        assert set(part.posts.index) == set(part.comments["post_id"])
        assert part.judged is None
        threads = part.comments["post_id"].value_counts()
        assert len(part.comments) <= max(size, threads.max())


def test_what_was_judged_before_goes_with_its_thread():
    corpus = town()
    judged = pd.DataFrame({"comment_id": [*corpus.comments.index[::-1], "of another corpus"]})
    for part in cut(corpus, judged, 3):
        assert sorted(part.judged["comment_id"]) == sorted(part.comments.index)


def test_parts_give_the_same_bytes(monkeypatch, tmp_path):
    whole = tk.analyze(town(), stability=0, threads=1).save(tmp_path / "whole")
    monkeypatch.setattr(by_parts, "AT_ONCE", 3)
    parts = tk.analyze(town(), stability=0, threads=1).save(tmp_path / "parts")
    for path in whole.iterdir():
        assert (parts / path.name).read_bytes() == path.read_bytes()


def test_a_run_that_was_killed_between_parts_takes_over_those_that_are_done(monkeypatch, tmp_path):
    monkeypatch.setattr(by_parts, "AT_ONCE", 3)
    whole = tk.analyze(town(), stability=0, threads=1).save(tmp_path / "whole")

    class Bars(Silent):
        @contextmanager
        def stage(self, name, total=None):
            if name != "judging threads":
                yield lambda _: None
                return
            yield advance

    n_done = 0

    def advance(_):
        nonlocal n_done
        n_done += 1
        if n_done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tk.analyze(town(), stability=0, threads=1, resume=tmp_path / "resume", progress=Bars())
    kept = sorted(path.name for path in (tmp_path / "resume").glob("disputes *"))
    assert kept == ["disputes 0", "disputes 1"]
    said = []
    again = tk.analyze(town(), stability=0, threads=1, resume=tmp_path / "resume", tell=said.append)
    assert said == ["An earlier run was cut off: its disputes are taken over."]
    saved = again.save(tmp_path / "again")
    for path in whole.iterdir():
        assert (saved / path.name).read_bytes() == path.read_bytes()
