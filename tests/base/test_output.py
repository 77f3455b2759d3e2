"""A folder is written as a whole or not at all, and never over what is not ours."""

import pytest

from threadkit.base.errors import OutputError
from threadkit.base.output import MARK, folder, write_bytes


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
