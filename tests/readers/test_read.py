import gzip
import json
import os
import re
import shutil
from contextlib import contextmanager

import pandas as pd
import pytest

from threadkit.base.errors import FormatError, OutputError
from threadkit.corpus.losses import refuse
from threadkit.readers import jsonl
from threadkit.readers import read as reading
from threadkit.readers.read import read

POST = {"kind": "post", "id": "p", "text": "Tea is safe."}


def lines(*names, post="p"):
    return "".join(
        json.dumps({"kind": "comment", "id": n, "post_id": post, "text": f"Reply {n}."}) + "\n" for n in names
    )


@pytest.fixture
def folder(write, tmp_path):
    write("exports/b/2.jsonl", lines("c", "d"))
    write("exports/a.jsonl", json.dumps(POST) + "\n" + lines("a", "b"))
    write("exports/.hidden.jsonl", lines("h"))
    write("exports/.git/x.jsonl", lines("g"))
    write("exports/z/notes.bin", b"\x00\x01\x02")
    return tmp_path / "exports"


def test_a_run_that_stands_among_its_exports_is_none_of_them(folder, write):
    before = read(folder)
    for name in ("run.json", "cruxes.parquet", "report.md"):
        write(f"exports/out/{name}", "{}")
    same(read(folder), before)


def same(one, two):
    for name in ("posts", "comments", "problems"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(two, name))
    assert one.sources == two.sources


def test_a_folder_is_walked_in_order_and_names_are_relative(folder):
    corpus = read(folder)
    assert list(corpus.comments.index) == ["a", "b", "c", "d"]
    assert [source["name"] for source in corpus.sources] == [
        "exports/a.jsonl",
        "exports/b/2.jsonl",
        "exports/z/notes.bin",
    ]
    assert [source["format"] for source in corpus.sources] == ["threadkit-jsonl", "threadkit-jsonl", None]
    assert corpus.problems.source.tolist() == ["exports/z/notes.bin"]
    assert str(folder.parent) not in corpus.problems.to_csv() + str(corpus.sources)


def test_the_result_does_not_depend_on_where_the_folder_lies(folder, tmp_path, monkeypatch):
    here = read(folder)
    moved = tmp_path / "deep" / "er" / "exports"
    shutil.copytree(folder, moved)
    same(here, read(moved))
    monkeypatch.chdir(moved)
    same(here, read("."))
    monkeypatch.chdir(moved.parent)
    same(here, read("exports"))


def test_sources_count_each_file(folder):
    first = read(folder).sources[0]
    assert first | {"sha256": ""} == {
        "name": "exports/a.jsonl",
        "sha256": "",
        "bytes": (folder / "a.jsonl").stat().st_size,
        "format": "threadkit-jsonl",
        "posts": 1,
        "comments_stated": None,
        "comments_found": 2,
        "comments_inferred": 0,
        "comments_deleted": 0,
        "comments_stubbed": 0,
        "problems": 0,
        "lost": {},
    }
    assert len(first["sha256"]) == 64


def test_files_given_twice_are_read_once(folder):
    corpus = read(folder / "a.jsonl", folder, str(folder / "a.jsonl"))
    assert [source["name"] for source in corpus.sources][:2] == ["a.jsonl", "exports/b/2.jsonl"]
    assert len(corpus.comments) == 4


def test_links_that_lead_back_end(folder):
    (folder / "b" / "up").symlink_to(folder)
    (folder / "self").symlink_to(folder / "self")
    (folder / "gone").symlink_to(folder / "nowhere")
    corpus = read(folder)
    assert len(corpus.comments) == 4
    assert corpus.problems.source.tolist() == ["exports/gone", "exports/self", "exports/z/notes.bin"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_does_not_make_it_wait(folder):
    os.mkfifo(folder / "pipe")
    assert read(folder).problems.source.tolist() == ["exports/pipe", "exports/z/notes.bin"]


def test_a_file_that_may_not_be_read_or_is_gone_is_a_row(folder, monkeypatch):
    def refuse(path, columns):
        if path.name == "2.jsonl":
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, columns)

    real = reading.sample
    monkeypatch.setattr(reading, "sample", refuse)
    corpus = read(folder)
    [row] = corpus.problems[corpus.problems.source == "exports/b/2.jsonl"].itertuples()
    assert (row.severity, row.what) == ("error", "the file cannot be read: Permission denied")
    assert list(corpus.comments.index) == ["a", "b"]


def test_empty_and_packed_files_are_rows_with_a_cure(folder, write):
    write("exports/empty.jsonl", b"")
    write("exports/blank.jsonl", b"\xef\xbb\xbf \n\n")
    write("exports/old.json.gz", b"\x1f\x8b\x08\x00" + bytes(20))
    write("exports/many.zip", b"PK\x03\x04" + bytes(20))
    problems = read(folder).problems.set_index("source")
    assert problems.loc["exports/empty.jsonl", "what"] == "the file is empty"
    assert problems.loc["exports/blank.jsonl", "what"] == "the file is empty"
    assert problems.loc["exports/old.json.gz", "what"].startswith("old.json.gz: the gzip data is damaged or cut off")
    assert problems.loc["exports/many.zip", "cure"] == "unpack it (zip) first"
    assert set(problems.severity) == {"error"}


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: path / "nowhere", "nowhere: no such file or folder; check the spelling"),
        (lambda path: "-", "exports are read from files; save what is piped here to one first"),
        (lambda path: path, r"no file to read; give an export or its folder"),
        (lambda path: (path / "e.json").touch() or path, "e.json: the file is empty; nothing else was there to read"),
        (lambda path: (path / "e.json").write_bytes(b"\x00\xff\x01") and path, "no reader knows this file"),
    ],
)
def test_nothing_to_read_is_an_error_of_one_line(tmp_path, make, message):
    with pytest.raises(FormatError, match=message) as raised:
        read(make(tmp_path))
    assert "\n" not in str(raised.value)


def test_no_path_at_all():
    with pytest.raises(FormatError, match="no path: no file to read"):
        read()


def test_a_reader_that_gives_up_keeps_what_it_had(folder, monkeypatch):
    from threadkit.readers import jsonl

    def give_up(path, draft):
        real(path, draft)
        if path.name == "2.jsonl":
            raise FormatError("2.jsonl: broken off; export it again")

    real = jsonl.read
    monkeypatch.setattr(jsonl, "read", give_up)
    corpus = read(folder)
    assert len(corpus.comments) == 4
    assert corpus.problems.what.str.contains("broken off").sum() == 1


def test_a_bug_is_not_hidden(folder, monkeypatch):
    from threadkit.readers import jsonl

    def fail(path, draft):
        raise KeyError("bug")

    monkeypatch.setattr(jsonl, "read", fail)
    with pytest.raises(KeyError, match="bug"):
        read(folder)


def test_progress_counts_files(folder):
    class Counting:
        def __init__(self):
            self.stages, self.done = [], 0

        @contextmanager
        def stage(self, name, total=None):
            self.stages.append((name, total))
            yield self.add

        def add(self, n):
            self.done += n

    progress = Counting()
    read(folder, progress=progress)
    assert (progress.stages, progress.done) == ([("reading", 3)], 3)


def test_only_the_formats_asked_for_are_tried(folder):
    with pytest.raises(FormatError, match="no reader knows"):
        read(folder, formats=["reddit-json"])
    assert len(read(folder, formats=["threadkit-jsonl"]).comments) == 4


@pytest.mark.parametrize("at", ["read", "detect"])
def test_a_fault_of_a_reader_costs_its_file_alone(folder, monkeypatch, at):
    def fail(*_):
        raise KeyError("a fault\nof ours")

    monkeypatch.setattr(reading, "UNEXPECTED", (Exception,))
    whole = jsonl.detect
    monkeypatch.setattr(
        jsonl, "detect", lambda sample: whole(sample) and (fail() if "Reply c" in sample.text else True)
    )
    if at == "read":
        monkeypatch.setattr(jsonl, "detect", whole)
        read_as = jsonl.read
        monkeypatch.setattr(
            jsonl, "read", lambda path, draft: fail() if path.name == "2.jsonl" else read_as(path, draft)
        )
    corpus = read(folder)
    assert list(corpus.comments.index) == ["a", "b"]
    row = corpus.problems.set_index("source").loc["exports/b/2.jsonl"]
    assert (row.severity, "report it" in row.cure) == ("error", True)
    assert row.what.startswith("threadkit itself failed on the file: KeyError: 'a fault\\nof ours' (test_read.py:")
    assert next(source for source in corpus.sources if source["name"] == row.name)["lost"] == {"files": 1}
    with pytest.raises(FormatError, match="lost in reading: 2 files"):
        refuse(corpus)


@pytest.mark.parametrize("error", [MemoryError, KeyboardInterrupt, OutputError])
def test_what_is_no_fault_of_a_reader_ends_the_reading(folder, monkeypatch, error):
    def fail(*_):
        raise error("enough")

    monkeypatch.setattr(reading, "UNEXPECTED", (Exception,))
    monkeypatch.setattr(jsonl, "read", fail)
    with pytest.raises(error):
        read(folder)


@pytest.mark.parametrize(
    ("content", "cure"),
    [
        (b"PK\x03\x04" + bytes(20) + b"[Content_Types].xml xl/workbook.xml", "save the workbook as CSV first"),
        (b"\xd0\xcf\x11\xe0" + bytes(60), "save the workbook as CSV first"),
        (b'PK\x03\x04a.jsonl{"kind": "comment"}\n' + (json.dumps(POST) + "\n").encode() * 9, "unpack it (zip) first"),
        (gzip.compress(gzip.compress(json.dumps(POST).encode())), "unpack it (gzip) first"),
    ],
)
def test_what_is_packed_otherwise_is_told(write, content, cure):
    with pytest.raises(FormatError, match=re.escape(cure)):
        read(write("x.bin", content))
