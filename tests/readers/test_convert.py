"""Exports that are written without being held: the same rows, problems and counts as a corpus of them has."""

import json
import os
import random
import subprocess
import sys
from dataclasses import fields

import orjson
import pandas as pd
import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from threadkit.base.errors import FormatError, OutputError
from threadkit.base.progress import Silent
from threadkit.corpus.tally import tally_of
from threadkit.readers import csv, gaps, json_lines, jsonl, parquet, problem_rows, reddit_ndjson, shelf
from threadkit.readers.convert import convert
from threadkit.readers.read import read

TABLES = ("posts", "comments", "problems")


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch):
    """Let a few lines be many: blocks, chunks and files on disk begin at once."""
    for module in (jsonl, reddit_ndjson):
        monkeypatch.setattr(module, "_FEW", 2)
    monkeypatch.setattr(json_lines, "_BLOCK", 2000)
    monkeypatch.setattr(problem_rows, "_MANY", 3)
    monkeypatch.setattr(shelf, "_IN_MEMORY", 1000)


def same(folder, *paths, **more):
    """Tell by assertion that what is written is what a corpus of the same files saves; returns the corpus."""
    corpus = read(*paths, progress=Silent(), **more)
    expected = corpus.save(folder / "expected")
    tally = convert(*paths, out=folder / "found", progress=Silent(), force=True, **more)
    for name in TABLES:
        held, found = (pd.read_parquet(place / f"{name}.parquet") for place in (expected, folder / "found"))
        pd.testing.assert_frame_equal(held, found)
    assert (expected / "run.json").read_bytes() == (folder / "found" / "run.json").read_bytes()
    counted = tally_of(corpus)
    for field in fields(counted):
        held, found = getattr(counted, field.name), getattr(tally, field.name)
        assert held.equals(found) if field.name == "worst" else held == found, field.name
    return corpus


def comment(n, **more):
    return {
        "id": f"c{n}", "link_id": "t3_p", "parent_id": "t3_p", "author": f"user_{n % 7}", "body": f"Tea *{n}*.", "score": n,
        "created_utc": 1_600_000_000 + n, "permalink": f"/r/tea/comments/p/t/c{n}/", **more,
    }  # fmt: skip


def post(name, **more):
    return {
        "id": name, "title": f"Tea {name}?", "selftext": f"Tea {name}.", "author": "Mira", "score": 7, "subreddit": "tea",
        "created_utc": 1_600_000_000, "permalink": f"/r/tea/comments/{name}/", "num_comments": 2, **more,
    }  # fmt: skip


def archive(draw, n):
    """Return lines of all kinds that an archive of Reddit may hold: usual, odd, repeated, damaged."""
    lines = []
    for i in range(n):
        kind = draw.random()
        parent = f"t1_c{draw.randrange(n)}" if draw.random() < 0.6 else f"t3_p{draw.randrange(4)}"
        line = comment(draw.randrange(n) if kind < 0.1 else i, link_id=f"t3_p{draw.randrange(4)}", parent_id=parent)
        if kind < 0.3:
            line |= draw.choice([
                {"author": "AutoModerator"}, {"author": "[deleted]", "body": "[deleted]"}, {"score": None}, {"edited": 1_600_500_000},
                {"link_title": "Tea?", "link_url": "https://e.org"}, {"body": "> q\n\nNo & no"}, {"link_id": None}, {"body": None},
                {"created_utc": "soon"}, {"id": f"p{draw.randrange(4)}"}, {"score": 10**12},
            ])  # fmt: skip
        elif kind < 0.4:
            line = post(
                f"p{draw.randrange(6)}", **draw.choice([{}, {"selftext": "Other."}, {"title": None}, {"edited": 1.7e9}])
            )
        lines.append(b"{broken" if kind > 0.98 else orjson.dumps(line))
    return b"\n".join(lines) + b"\n"


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 10**6), st.integers(1, 3))
def test_an_archive_is_written_as_it_is_read(tmp_path_factory, seed, n_files):
    draw, folder = random.Random(seed), tmp_path_factory.mktemp("archive")
    for n in range(n_files):
        (folder / f"RC_{n}.zst").write_bytes(zstandard.compress(archive(draw, draw.randint(3, 60))))
    (folder / "RS.jsonl").write_bytes(b"".join(orjson.dumps(post(f"p{n}")) + b"\n" for n in range(draw.randrange(4))))
    same(tmp_path_factory.mktemp("out"), folder)


def record(n, **more):
    return {"kind": "comment", "id": f"c{n}", "post_id": "p", "author": "Ana", "karma": n, "text": f"Tea {n}.", **more}


def test_own_lines_of_several_forums_are_written_as_they_are_read(tmp_path, write):
    home = [record(n, site="teahouse", parent_id=f"c{n // 2}") for n in range(40)]
    other = [record(n, site="inn", text=f"Coffee {n}.", posted_at="2024-05-01T10:00:00Z") for n in range(30, 70)]
    posts = [{"kind": "post", "id": "p", "site": "inn", "text": "Coffee?", "n_comments_stated": 90, "agreement": 3}]
    for name, rows in (
        ("a.jsonl", home),
        ("b.jsonl", [*posts, *other]),
        ("c.jsonl", [record(n) for n in range(200, 230)]),
    ):
        write(f"in/{name}", "".join(json.dumps(row) + "\n" for row in rows))
    corpus = same(tmp_path, tmp_path / "in")
    assert {"p", "inn:p"} <= set(corpus.posts.index)


def test_what_is_read_as_a_whole_is_written_too(tmp_path, write):
    folder = write("in/own.csv", "kind,id,post_id,text\npost,p,,Tea\ncomment,a,p,No\ncomment,b,p,\n").parent
    write("in/own.json", json.dumps([{"kind": "comment", "id": "z", "post_id": "q", "text": "x", "status": "stub"}]))
    write("in/RC.jsonl", archive(random.Random(1), 40))
    write("in/noise.bin", b"\x00\x01\x02")
    same(tmp_path, folder)


@pytest.mark.parametrize("end", ["csv", "parquet"])
def test_tables_of_ours_are_written_as_they_are_read(tmp_path, write, monkeypatch, end):
    for module in (csv, parquet):
        monkeypatch.setattr(module, "_ROWS", 7)
    rows = [record(n, parent_id=f"c{n // 2}", site=None if n % 9 else "inn") for n in range(60)]
    rows[20] |= {"id": "c3"}
    rows[30] |= {"id": "c3", "text": rows[3]["text"]}
    rows[40] |= {"text": None}
    rows[41] |= {"status": "deleted", "text": ""}
    rows.insert(50, {"kind": "post", "id": "p", "text": "Tea?", "n_comments_stated": 99})
    path = tmp_path / "in" / f"own.{end}"
    path.parent.mkdir()
    table = pd.DataFrame(rows)
    table.to_csv(path, index=False) if end == "csv" else table.to_parquet(path)
    corpus = same(tmp_path, path)
    assert len(corpus.comments) == 59
    assert corpus.problems.place.str.startswith("row ").sum() == 3


@pytest.mark.parametrize("name", ["all.parquet", "all.jsonl", "below/all.ndjson"])
def test_one_file_in_our_own_format_reads_back_equal(tmp_path, write, name):
    path = write("RC_x.jsonl", archive(random.Random(2), 80))
    corpus = read(path)
    convert(path, out=tmp_path / name)
    again = read(tmp_path / name)
    pd.testing.assert_frame_equal(again.comments, corpus.comments)
    pd.testing.assert_frame_equal(again.posts, corpus.posts)
    assert not list((tmp_path / name).parent.glob(".*"))


def test_nothing_to_write_is_counted_all_the_same(write, tmp_path):
    path = write("RC_x.jsonl", archive(random.Random(3), 40))
    assert convert(path).comments == len(read(path).comments)
    assert list(tmp_path.iterdir()) == [path]


def test_an_export_is_never_overwritten_and_a_failure_leaves_nothing(write, tmp_path):
    path = write("RC_x.jsonl", archive(random.Random(4), 10))
    before = path.read_bytes()
    (tmp_path / "link.jsonl").symlink_to(path)
    for out in (path, tmp_path / "link.jsonl"):
        with pytest.raises(OutputError, match="is one of the exports"):
            convert(path, out=out)
    assert path.read_bytes() == before
    noise = write("noise.bin", b"\x00\x01")
    with pytest.raises(FormatError, match="no reader knows"):
        convert(noise, out=tmp_path / "out.parquet")
    assert not (tmp_path / "out.parquet").exists()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("mine")
    with pytest.raises(OutputError, match="holds other files"):
        convert(path, out=tmp_path / "full")


def test_posts_that_a_dump_of_comments_lacks_are_told_one_by_one_or_counted(write, monkeypatch):
    lines = b"".join(
        orjson.dumps(comment(n, link_id=f"t3_q{n % 5}", parent_id=f"t3_q{n % 5}")) + b"\n" for n in range(20)
    )
    path = write("RC_x.jsonl", lines)
    told = read(path).problems
    assert told.place.tolist() == [f"post q{n}" for n in range(5)]
    monkeypatch.setattr(gaps, "_MANY", 4)
    corpus = read(path)
    assert corpus.problems.what.tolist() == [
        "the text of 5 posts is not in the export, only comments under them or their titles are"
    ]
    assert corpus.sources[0]["lost"] == {"posts": 5}
    assert corpus.posts.text.tolist() == [""] * 5


# Prints by how many bytes the peak grew from converting an export to converting a larger one.
MEASURE = """
import resource, sys
from pathlib import Path
from threadkit.base.progress import Silent
from threadkit.corpus import writing
from threadkit.readers.convert import convert
writing._GROUP_BYTES = 2**22
small, large, out = map(Path, sys.argv[1:])
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
convert(small, out=out, progress=Silent())
before = peak()
n = convert(large, out=out, progress=Silent()).comments
print(n, peak() - before)
"""
# Comments of 2,500 characters: more than is held at once of the lines, the shelf and a row group, and more of them.
FEW, MANY = 8_000, 24_000


@pytest.mark.skipif(sys.platform == "win32", reason="the peak is asked of getrusage")
@pytest.mark.parametrize("out", ["out.jsonl", "out"])
def test_memory_does_not_grow_with_the_text(tmp_path, out):
    words = "Nobody in this town drinks it cold before the evening. " * 45
    paths = []
    for size in (FEW, MANY):
        paths.append(tmp_path / f"RC_{size}.jsonl")
        with paths[-1].open("wb") as file:
            for n in range(size):
                body = f"Tea {n}. {words}".strip()
                file.write(
                    orjson.dumps(comment(n, link_id=f"t3_q{n // 9}", parent_id=f"t3_q{n // 9}", body=body)) + b"\n"
                )
    command = [sys.executable, "-c", MEASURE, *paths, tmp_path / out]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    n, grown = map(int, done.stdout.split())
    assert n == MANY
    # Held as a corpus, what came to it takes one and a half times its size.
    assert grown < 0.25 * (paths[1].stat().st_size - paths[0].stat().st_size), f"{grown / 1e6:.0f} MB"
