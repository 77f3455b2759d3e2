"""A folder is written as a whole or not at all, and never over what is not ours."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from threadkit.base.errors import OutputError
from threadkit.base.output import MARK, check, folder, write_bytes


def write(new, **files):
    for name, text in files.items():
        (new / name.replace("_", ".")).write_text(text)


def test_a_block_that_fails_leaves_nothing(tmp_path):
    with pytest.raises(RuntimeError), folder(tmp_path / "out") as new:
        write(new, run_json="{}")
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_an_earlier_result_of_ours_stays_when_the_next_fails(tmp_path):
    with folder(tmp_path / "out") as new:
        write(new, run_json="first")
    with pytest.raises(KeyboardInterrupt), folder(tmp_path / "out") as new:
        write(new, run_json="second")
        raise KeyboardInterrupt
    assert (tmp_path / "out" / MARK).read_text() == "first"


def test_parents_are_made(tmp_path):
    with folder(tmp_path / "a/b/out") as new:
        write(new, run_json="{}")
    assert (tmp_path / "a/b/out" / MARK).is_file()


def test_a_file_in_the_way_is_named(tmp_path):
    (tmp_path / "out").write_text("mine")
    with pytest.raises(OutputError, match="is a file"), folder(tmp_path / "out"):
        pass


def test_a_folder_that_cannot_be_made_is_told_with_its_cure(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="choose another folder"), folder(tmp_path / "file/out"):
        pass


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    path = write_bytes(tmp_path / "new" / "a.bin", b"one")
    write_bytes(path, b"two")
    assert path.read_bytes() == b"two"
    assert [entry.name for entry in path.parent.iterdir()] == ["a.bin"]
    (tmp_path / "folder").mkdir()
    with pytest.raises(OutputError, match="cannot be written"):
        write_bytes(tmp_path / "folder", b"one")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["folder", "new"], "nothing is left beside it"


def test_a_run_gives_way_to_a_run_alone(tmp_path):
    with folder(tmp_path / "out", analysis=True) as new:
        write(new, run_json="run", cruxes_parquet="")
    for force in (None, False, True):
        with pytest.raises(OutputError, match="holds a run"):
            check(tmp_path / "out", force=force)
    check(tmp_path / "out", analysis=True)


def test_an_option_is_named_only_where_there_is_one(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    for force, named in ((None, False), (False, True)):
        with pytest.raises(OutputError, match="holds other files") as told:
            check(tmp_path, force=force)
        assert ("--force" in str(told.value)) == named


def test_what_is_there_is_written_from_within_for_it_may_be_another_device(tmp_path):
    (tmp_path / "out").mkdir()
    with folder(tmp_path / "out") as new:
        assert new.parent == tmp_path / "out"
        write(new, run_json="{}")
    assert [entry.name for entry in (tmp_path / "out").iterdir()] == [MARK]


def test_another_device_is_written(tmp_path):
    shared = Path("/dev/shm")
    if not shared.is_dir() or shared.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no second device at /dev/shm")
    with TemporaryDirectory(dir=shared) as there:
        (tmp_path / "link").symlink_to(there)
        for text in ("first", "second"):
            with folder(tmp_path / "link") as new:
                write(new, run_json=text)
        assert (Path(there) / MARK).read_text() == "second"


def test_a_link_that_leads_nowhere_yet_is_followed(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "far/out")
    with folder(tmp_path / "link") as new:
        write(new, run_json="{}")
    assert (tmp_path / "far/out" / MARK).is_file()
    assert (tmp_path / "link").is_symlink()


def test_what_a_killed_run_left_does_not_stop_the_next(tmp_path):
    (tmp_path / "out/.out.x1.partial").mkdir(parents=True)
    check(tmp_path / "out")


def test_a_name_that_parquet_cannot_open_is_refused_at_once(tmp_path):
    with pytest.raises(OutputError, match="not UTF-8"):
        check(tmp_path / os.fsdecode(b"caf\xe9"))


def test_a_folder_is_no_file_to_write(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for path in (".", "/", ".."):
        with pytest.raises(OutputError, match="is a folder"):
            write_bytes(path, b"")
