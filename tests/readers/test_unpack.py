"""Packed files are read as if they were unpacked, whatever is wrong with them."""

import bz2
import gzip
import io
import json
import lzma
import random
import tarfile
import tempfile

import pandas as pd
import pytest
import zstandard
from reddit_shapes import listing, t1, thread

from threadkit.base.errors import FormatError
from threadkit.readers import unpack
from threadkit.readers.read import read

PACK = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress, "zst": zstandard.compress}
NAMES = {"gz": "gzip", "bz2": "bzip2", "xz": "xz", "zst": "zstd"}
kinds = pytest.mark.parametrize("kind", PACK)


def export(n=300, seed=1):
    """Return threadkit's own JSON Lines, long enough to fill several blocks, of words that pack badly."""
    dice = random.Random(seed)
    rows = [{"kind": "post", "id": "p", "text": "Tea is safe."}]
    rows += [
        {"kind": "comment", "id": f"c{i}", "post_id": "p", "text": f"Reply {dice.randbytes(200).hex()}."}
        for i in range(n)
    ]
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def bare(n, **more):
    """Return an archive of Reddit comments."""
    lines = [
        json.dumps({**t1(f"r{i}", link_id="t3_q")["data"], "subreddit": "drinks", "created_utc": 1_600_000_000, **more})
        for i in range(n)
    ]
    return "".join(line + "\n" for line in lines).encode()


def frame(*blocks, window=31):
    """Return a zstd frame of raw blocks, made by hand: it states a window that no compressor here would."""
    out = b"\x28\xb5\x2f\xfd\x00" + bytes([(window - 10) << 3])
    for n, block in enumerate(blocks, start=1):
        out += (len(block) << 3 | (n == len(blocks))).to_bytes(3, "little") + block
    return out


def same(one, two):
    for name in ("posts", "comments"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(two, name))
    rows = [corpus.problems.drop(columns="source") for corpus in (one, two)]
    pd.testing.assert_frame_equal(*rows)
    names = ("format", "posts", "comments_found", "comments_stated", "comments_stubbed")
    assert [[s[name] for name in names] for s in one.sources] == [[s[name] for name in names] for s in two.sources]


def table(make):
    frame = pd.DataFrame(
        [
            {"kind": "post", "id": "p", "post_id": None, "text": "Tea is safe."},
            {"kind": "comment", "id": "a", "post_id": "p", "text": "No."},
        ]
    )
    file = io.BytesIO()
    getattr(frame, make)(file, index=False)
    return file.getvalue()


SHAPES = {
    "t.json": lambda: json.dumps(thread(t1("a"), t1("b", replies=listing(t1("c", parent="t1_b"))), num_comments=9)).encode(),
    "lone.json": lambda: json.dumps(listing(t1("a", link_id=None, parent=None))).encode(),
    "t.jsonl": export,
    "r.ndjson": lambda: bare(30),
    "t.csv": lambda: table("to_csv"),
    "t.parquet": lambda: table("to_parquet"),
    "page.txt": lambda: "\n\n".join(f"Tea number {n} is the best of all the drinks that I know, and I know them all." for n in range(9)).encode(),
}  # fmt: skip


@kinds
@pytest.mark.parametrize("name", SHAPES)
def test_a_packed_file_is_read_as_if_unpacked(write, kind, name):
    data = SHAPES[name]()
    same(read(write(f"a/{name}", data)), read(write(f"b/{name}.{kind}", PACK[kind](data))))


@kinds
def test_the_name_says_nothing(write, kind):
    corpus = read(write("export.txt", PACK[kind](export())))
    assert len(corpus.comments) == 300
    assert corpus.problems.empty
    assert corpus.sources[0]["bytes"] < len(export())


def test_a_file_is_not_packed_because_it_is_called_so(write):
    assert len(read(write("export.gz", export())).comments) == 300


def test_every_real_sample_is_read_alike(shared, write):
    for path in sorted((shared / "exports" / "reddit").glob("*.json")):
        same(read(path), read(write(f"{path.name}.zst", zstandard.compress(path.read_bytes()))))


def test_the_largest_window_is_read_in_little_memory(write):
    lines = export()
    corpus = read(write("e.zst", frame(lines[:50_000], lines[50_000:100_000], lines[100_000:])))
    assert len(corpus.comments) == 300
    assert corpus.problems.empty


@kinds
def test_several_members_are_one_file(write, kind):
    lines = export()
    packed = b"".join(PACK[kind](lines[at : at + 40_000]) for at in range(0, len(lines), 40_000))
    same(read(write("a.jsonl", lines)), read(write("b.jsonl", packed)))


def test_frames_to_be_skipped_are_skipped(write):
    skipped = b"\x5e\x2a\x4d\x18\x04\x00\x00\x00skip"
    lines = export()
    packed = skipped + zstandard.compress(lines[:40_000]) + skipped + zstandard.compress(lines[40_000:]) + skipped
    same(read(write("a.jsonl", lines)), read(write("b.jsonl", packed)))


@kinds
@pytest.mark.parametrize("name", ["t.jsonl", "r.ndjson"])
def test_a_cut_is_told_and_what_stands_before_it_is_read(write, kind, name):
    data = {"t.jsonl": export(600), "r.ndjson": bare(3000, noise=random.Random(3).randbytes(150).hex())}[name]
    packed = PACK[kind](data)
    found = []
    for share in (0.3, 0.6, 0.9, 0.999):
        try:
            corpus = read(write(name, packed[: int(len(packed) * share)]))
        except FormatError as error:
            assert f"the {NAMES[kind]} data is damaged or cut off" in str(error)  # noqa: PT017
            found.append(0)
            continue
        [row] = corpus.problems[corpus.problems.what.str.contains("is damaged or cut off")].itertuples()
        assert row.severity == "error"
        assert NAMES[kind] in row.what
        found.append(len(corpus.comments))
    assert found == sorted(found)
    # bzip2 packs 900,000 bytes at a time, xz the whole.
    assert found[-1] > 0 or kind == "bz2"


@kinds
def test_damage_anywhere_is_survived_and_told(write, kind):
    packed = PACK[kind](export(60))
    whole = read(write("w.jsonl", packed)).comments.text
    for at in range(0, len(packed), max(1, len(packed) // 12)):
        path = write("d.jsonl", packed[:at] + bytes([packed[at] ^ 0xFF]) + packed[at + 1 :])
        try:
            corpus = read(path)
        except FormatError as error:
            assert "\n" not in str(error)  # noqa: PT017
            continue
        lost = len(corpus.comments) < 60 or not corpus.comments.text.isin(whole).all()
        # A bare zstd frame has no checksum: a wrong byte among its literals is a wrong letter.
        assert not lost or len(corpus.problems) or kind == "zst"


@kinds
def test_any_bytes_behind_the_beginning_are_survived(write, kind):
    dice = random.Random(7)
    for n in range(20):
        path = write("x.bin", PACK[kind](b"{}")[: dice.randint(6, 14)] + dice.randbytes(n * 5))
        with pytest.raises(FormatError):
            read(path)


@kinds
def test_a_packed_nothing_is_an_empty_file(write, kind):
    with pytest.raises(FormatError, match="the file is empty"):
        read(write("e.json", PACK[kind](b"")))


@kinds
@pytest.mark.parametrize("name", ["t.jsonl", "r.ndjson"])
def test_a_bomb_is_a_row_and_the_other_files_are_read(write, kind, name, monkeypatch, tmp_path):
    monkeypatch.setattr(unpack, "_MAX_HARMLESS", 2**20)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    head = {"t.jsonl": export(3), "r.ndjson": bare(3)}[name]
    write("in/bomb.zip", PACK[kind](head + b"\n" * 20_000_000))
    write("in/good.jsonl", export(5))
    corpus = read(tmp_path / "in")
    [row] = corpus.problems[corpus.problems.severity == "error"].itertuples()
    assert "times its size" in row.what
    assert "unpack it and read what comes out" in row.what
    assert len(corpus.comments) == 5 + (3 if name == "r.ndjson" else 0)
    assert not list((tmp_path / "temporary").iterdir())


def test_a_bomb_is_stopped_before_it_fills_disk_or_memory(write, monkeypatch):
    import tracemalloc

    monkeypatch.setattr(unpack, "_MAX_HARMLESS", 2**20)
    blocks = b"".join((128 * 1024 << 3 | 2).to_bytes(3, "little") + b" " for _ in range(200_000))
    path = write("b.zst", frame(b"")[:6] + blocks)
    given = 0
    tracemalloc.start()
    with unpack.open_bytes(path) as file, pytest.raises(FormatError, match="times its size"):
        while data := file.read1(2**20):
            given += len(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert given <= 2**21
    assert peak < 400 * 2**20


def test_a_copy_has_a_bound_too(write, monkeypatch):
    monkeypatch.setattr(unpack, "_MAX_COPY", 10_000)
    monkeypatch.setattr(unpack, "_CHUNK", 1000)
    # One array is held as a whole; lines are streamed, and need no copy.
    array = b"[" + b",".join(export().splitlines()) + b"]"
    with pytest.raises(FormatError, match="more than its reader can hold"):
        read(write("t.json.gz", gzip.compress(array)))


@kinds
def test_high_ratios_of_honest_text_are_no_bombs(write, kind):
    lines = b"".join(
        json.dumps({"kind": "comment", "id": f"c{n}", "post_id": "p", "text": "Yes. " * 500}).encode() + b"\n"
        for n in range(300)
    )
    assert len(read(write("y.jsonl", PACK[kind](lines))).comments) == 300


@pytest.mark.parametrize("pack", [lambda data: data, gzip.compress])
def test_a_file_of_files_is_to_be_unpacked_by_hand(write, pack):
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as tar:
        info = tarfile.TarInfo("t.jsonl")
        info.size = len(export())
        tar.addfile(info, io.BytesIO(export()))
    with pytest.raises(FormatError, match=r"unpack it \(tar\) first"):
        read(write("many.tar.gz", pack(file.getvalue())))


@kinds
def test_what_is_packed_twice_is_unpacked_once(write, kind):
    with pytest.raises(FormatError, match="no reader knows this file"):
        read(write("t.jsonl.gz.gz", PACK[kind](PACK[kind](export()))))


def test_messages_name_the_file_and_not_its_copy(write):
    page = "New Comment\n"
    with pytest.raises(FormatError) as raised:
        read(write("page.txt.gz", gzip.compress(page.encode())))
    assert "page.txt.gz" in str(raised.value)
    assert tempfile.gettempdir() + "/threadkit" not in str(raised.value)


def test_a_parquet_file_of_others_is_told(write):
    file = io.BytesIO()
    pd.DataFrame({"x": [1]}).to_parquet(file)
    with pytest.raises(FormatError, match="without our columns"):
        read(write("o.parquet.gz", gzip.compress(file.getvalue())))
