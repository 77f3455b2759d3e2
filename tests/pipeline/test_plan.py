"""A long run tells beforehand what it will take, and is held to the memory that it may have."""

import sys

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

import threadkit as tk
from corpora import town
from threadkit.base.errors import MemoryLimitError, SettingError
from threadkit.base.memory import held_to
from threadkit.base.progress import Silent
from threadkit.cli import threadkit
from threadkit.pipeline import plan as planning
from threadkit.pipeline.plan import bytes_of, check_memory, plan
from threadkit.pipeline.settings import Settings, Work
from threadkit.readers.draft import Draft


@pytest.fixture(scope="module")
def many():
    """Return a town with 60 times as many posts and comments, each under an id of its own."""
    small = town()
    posts, comments = [], []
    for n in range(60):
        posts.append(small.posts.rename(index=lambda name, n=n: f"{name}-{n}"))
        own = small.comments.rename(index=lambda name, n=n: f"{name}-{n}")
        comments.append(own.assign(post_id=own["post_id"] + f"-{n}", parent_id=own["parent_id"] + f"-{n}"))

    return tk.Corpus(pd.concat(posts), pd.concat(comments))


def test_a_plan_scales_what_it_probed(many):
    work = Work(Settings(thorough=True), 1, Silent())
    expected = plan(many, work)
    run = tk.analyze(town(), stability=0, thorough=True, threads=1)
    assert expected.comments == 60 * len(run.comments)
    assert expected.judged == pytest.approx(60 * len(run.stances), rel=0.25)
    assert expected.objections == pytest.approx(60 * len(run.objections), rel=0.4)
    assert expected.paragraphs >= expected.judged
    assert expected.seconds > 0
    assert f"{expected.comments:,} comments" in str(expected)


def test_a_long_run_tells_its_plan_and_a_short_one_does_not(monkeypatch):
    monkeypatch.setattr(planning, "LONG", 10)
    told = []
    tk.analyze(town(), stability=0, threads=1, tell=told.append)
    assert len(told) == 1
    assert told[0].startswith("Plan: 12 comments, about ")
    monkeypatch.setattr(planning, "LONG", 13)
    tk.analyze(town(), stability=0, threads=1, tell=told.append)
    assert len(told) == 1


def test_a_run_that_would_need_too_much_is_not_begun():
    with pytest.raises(SettingError, match=r"of memory would be needed, 50 MB are allowed: take --quick"):
        tk.analyze(town(), threads=1, max_memory=50e6)


def test_a_corpus_without_comments_has_a_plan():
    empty = tk.Corpus(town().posts, town().comments.head(0))
    expected = plan(empty, Work(Settings(), 1, Silent()))
    assert (expected.comments, expected.judged, expected.objections) == (0, 0, 0)
    check_memory(expected, 8e9)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts a process's data against a limit")
def test_a_run_is_held_to_its_memory():
    with pytest.raises(MemoryLimitError, match=r"more than the allowed 4\.0 GB"), held_to(4e9):
        np.ones(2**30).sum()
    assert np.ones(2**20).sum() == 2**20
    with held_to(None):
        pass


def test_another_error_is_left_as_it_is():
    with pytest.raises(RuntimeError, match="no memory of it"), held_to(100e9):
        raise RuntimeError("no memory of it")


@pytest.mark.parametrize("text", ["", "GB", "4 lots", "-1GB", "1e9", "4GBB"])
def test_sizes_that_are_none(text):
    with pytest.raises(SettingError, match="give a size such as 4GB"):
        bytes_of(text)


def test_the_command_refuses_a_size_that_is_none(tmp_path):
    found = CliRunner().invoke(
        threadkit, ["analyze", str(tmp_path), "-o", str(tmp_path / "out"), "--max-memory", "much"]
    )
    assert found.exit_code == 1
    assert "give a size such as 4GB" in found.output


def test_a_part_of_a_long_thread_is_probed_whatever_its_order(monkeypatch):
    monkeypatch.setattr(planning, "_FEWEST", 2)
    small = town()
    mine = small.comments[small.comments["post_id"] == "pump"]
    thread = tk.Corpus(small.posts.loc[["pump"]], mine.iloc[::-1])
    assert not mine["parent_id"].dropna().isin(mine.index[-4:]).all(), "a comment's parent stands outside the probe"
    assert plan(thread, Work(Settings(), 1, Silent())).comments == 5


def test_a_reply_that_comes_before_what_it_answers_stops_no_plan():
    draft = Draft("test")
    draft.post("p", title="Cars", text="Ban cars from the town.")
    for n in range(60):
        draft.comment(f"c{n:03}", "p", parent_id=None if n else "c050", author=f"u{n}", text="No, shops lose trade.")
    assert plan(draft.finish(), Work(Settings(), 1, Silent())).comments == 60
