"""The cache: what was computed is found again, what is damaged is not believed, and no failure of it stops a run."""

import os
import sqlite3

import numpy as np
import pytest

from threadkit.base import cache as caching
from threadkit.base.cache import FILE, CacheWarning, folder, kept

ROWS = np.arange(6, dtype=np.float32).reshape(2, 3)
TEXTS = ["Too dear.", "Nobody asked us."]


def filled(place, identity="one"):
    with kept(place, identity) as store:
        store.put(TEXTS, ROWS)
    return place


def found(place, items=TEXTS, identity="one"):
    with kept(place, identity) as store:
        return {i: row.tolist() for i, row in store.get(items).items()}


def test_what_was_kept_is_found_by_the_same_model_and_text_alone(tmp_path):
    filled(tmp_path)
    assert found(tmp_path) == {0: [0, 1, 2], 1: [3, 4, 5]}
    assert found(tmp_path, ["Nobody asked us.", "new"]) == {0: [3, 4, 5]}
    assert found(tmp_path, identity="two") == {}


def test_pairs_are_not_told_apart_by_their_sum(tmp_path):
    with kept(tmp_path, "one") as store:
        store.put([("ab", "c")], ROWS[:1])
    assert found(tmp_path, [("a", "bc"), ("ab", "c"), "abc"]) == {1: [0, 1, 2]}


def test_many_keys_and_odd_letters(tmp_path):
    items = [f"text {i}" for i in range(1203)] + ["\ud800", ""]
    rows = np.arange(len(items), dtype=np.float32)[:, None]
    with kept(tmp_path, "one") as store:
        store.put(items, rows)
    assert found(tmp_path, items) == {i: [float(i)] for i in range(len(items))}


def test_no_forum_text_is_stored(tmp_path):
    filled(tmp_path)
    assert all(b"asked" not in path.read_bytes() for path in tmp_path.iterdir())


def test_without_a_place_or_a_known_revision_nothing_is_kept(tmp_path):
    for place, identity in ((None, "one"), (tmp_path / "new", None)):
        with kept(place, identity) as store:
            store.put(TEXTS, ROWS)
            assert store.get(TEXTS) == {}
    assert list(tmp_path.iterdir()) == []


def test_a_changed_row_is_not_believed(tmp_path):
    filled(tmp_path)
    with sqlite3.connect(tmp_path / FILE) as connection:
        rows = connection.execute("SELECT key, value FROM results").fetchall()
        connection.execute("UPDATE results SET value = ? WHERE key = ?", (rows[0][1][:-1] + b"\x7f", rows[0][0]))
        connection.execute("UPDATE results SET value = ? WHERE key = ?", (rows[0][1], rows[1][0]))
    connection.close()
    assert found(tmp_path) == {}


def test_a_damaged_file_is_moved_aside_and_told(tmp_path):
    (tmp_path / FILE).write_bytes(b"this is no database at all, not by a long way " * 50)
    with pytest.warns(CacheWarning, match="is damaged"):
        filled(tmp_path)
    assert found(tmp_path) == {0: [0, 1, 2], 1: [3, 4, 5]}
    assert (tmp_path / f"{FILE}.damaged").is_file()


def test_a_place_that_cannot_be_used_is_one_warning(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.warns(CacheWarning, match="the run goes on without it") as told:
        assert found(tmp_path / "file" / "cache") == {}
    assert len(told) == 1


def test_a_failure_midway_is_one_warning(tmp_path):
    filled(tmp_path)
    with kept(tmp_path, "one") as store:
        with sqlite3.connect(tmp_path / FILE) as other:
            other.execute("DROP TABLE results")
        other.close()
        with pytest.warns(CacheWarning, match="no such table"):
            store.put(TEXTS, ROWS)
        assert store.get(TEXTS) == {}


def test_the_oldest_rows_make_room(tmp_path, monkeypatch):
    with kept(tmp_path, "one") as store:
        store.put([str(i) for i in range(100)], np.zeros((100, 8), dtype=np.float32))
    monkeypatch.setattr(caching, "MAX_BYTES", 1)
    left = found(tmp_path, [str(i) for i in range(100)])
    assert set(left) == set(range(50, 100))


def test_where_it_is(tmp_path, monkeypatch):
    monkeypatch.setenv("THREADKIT_CACHE", str(tmp_path))
    assert folder() == tmp_path
    monkeypatch.delenv("THREADKIT_CACHE")
    assert folder().name == "threadkit"
    assert os.fspath(folder())
