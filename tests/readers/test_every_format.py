"""What must hold for every format alike, on our own export of each."""

import bz2
import gzip
import lzma
import re
from pathlib import Path

import pandas as pd
import pytest
import zstandard

from threadkit.base.errors import FormatError
from threadkit.readers.formats import FORMATS
from threadkit.readers.read import read
from threadkit.readers.values import GONE

EXPORTS = Path(__file__).resolve().parents[1] / "data" / "exports"
BINARY = {"threadkit-parquet"}
TEXTS = [name for name in FORMATS.names() if name not in BINARY]
XML = [name for name in TEXTS if "xml" in name or "rss" in name]
MARK = b"\xef\xbb\xbf"
SECRET = "mum's recipe"
PACK = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zstd": zstandard.ZstdCompressor().compress,
}


def export(name):
    """Return the files of our export of a format: name in its folder to bytes."""
    folder = EXPORTS / name
    return {path.relative_to(folder): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def read_changed(folder, name, change):
    """Read our export of a format with every file changed."""
    folder = folder / name
    for path, data in export(name).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(change(data))
    return read(folder)


def check_same(corpus, name):
    """Compare with what the export gives as it is."""
    whole = read(EXPORTS / name)
    assert {source["format"] for source in corpus.sources} == {name}
    pd.testing.assert_frame_equal(corpus.posts, whole.posts)
    pd.testing.assert_frame_equal(corpus.comments, whole.comments)
    assert corpus.problems.what.tolist() == whole.problems.what.tolist()


@pytest.mark.parametrize("name", FORMATS.names())
@pytest.mark.parametrize("kind", PACK)
def test_packed_it_is_the_same(tmp_path, name, kind):
    check_same(read_changed(tmp_path, name, PACK[kind]), name)


@pytest.mark.parametrize("name", TEXTS)
def test_a_byte_order_mark_is_no_part_of_it(tmp_path, name):
    check_same(read_changed(tmp_path, name, lambda data: MARK + data.removeprefix(MARK)), name)


@pytest.mark.parametrize("name", TEXTS)
def test_line_ends_of_windows_are_line_ends(tmp_path, name):
    check_same(read_changed(tmp_path, name, lambda data: re.sub(rb"\r?\n", b"\r\n", data)), name)


@pytest.mark.parametrize("name", FORMATS.names())
def test_nobody_is_called_deleted(name):
    corpus = read(EXPORTS / name)
    for table in (corpus.posts, corpus.comments):
        assert not {author.strip().lower() for author in table.author.dropna()} & GONE
    gone = corpus.comments[corpus.comments.status.isin(["deleted", "removed"])]
    assert set(gone.text) <= {""}


@pytest.mark.parametrize("name", FORMATS.names())
def test_twice_in_two_files_it_is_one(tmp_path, name):
    for copy in ("a", "b"):
        for path, data in export(name).items():
            # A format whose files name no post takes the file's own name: in two folders it is the same.
            (tmp_path / copy / EXPORTS.name / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / copy / EXPORTS.name / path).write_bytes(data)
    corpus, whole = read(tmp_path), read(EXPORTS / name)
    assert sorted(corpus.comments.index) == sorted(whole.comments.index)
    assert sorted(corpus.posts.index) == sorted(whole.posts.index)


@pytest.mark.parametrize("name", XML)
def test_no_entity_opens_another_file(tmp_path, name):
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    declared = f'<!DOCTYPE x [<!ENTITY told SYSTEM "{secret.as_uri()}">]>'.encode()
    named = 0

    def lure(data):
        nonlocal named
        body = re.sub(rb"\s*<\?xml[^>]*>|\s*<!DOCTYPE[^>]*>", b"", data)
        body, n = re.subn(rb'(Text="|Body="|<message>|<description>)', rb"\1&told;", body)
        named += n
        return declared + body

    with pytest.raises(FormatError, match=r"declares XML entities|no reader knows") as refused:
        read_changed(tmp_path, name, lure)
    assert named
    assert SECRET not in str(refused.value)
