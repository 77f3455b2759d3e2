import json

import pandas as pd
import pytest

from threadkit.base.errors import FormatError
from threadkit.readers.draft import Draft
from threadkit.readers.formats import FORMATS, sample
from threadkit.readers.read import read
from threadkit.readers.records import mapping

GIVEN = {"id": "cid", "post_id": "thread", "parent_id": "answers", "text": "body", "author": "user", "karma": "ups"}
ROWS = [
    {"cid": 1, "thread": "t", "answers": None, "user": "Ines", "body": "Tea is safe.", "ups": 3, "text": "-"},
    {"cid": 2, "thread": "t", "answers": 1, "user": "Bo", "body": "No.", "ups": -1, "text": "-"},
]


def write_csv(path, rows):
    pd.DataFrame(rows).convert_dtypes().to_csv(path, index=False)


def write_parquet(path, rows):
    pd.DataFrame(rows).convert_dtypes().to_parquet(path)


def write_lines(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def write_array(path, rows):
    path.write_text(json.dumps(rows))


KINDS = {
    "threadkit-csv": [write_csv],
    "threadkit-parquet": [write_parquet],
    "threadkit-jsonl": [write_lines, write_array],
}
CASES = [(name, write) for name, writers in KINDS.items() for write in writers]


def read_as(name, path, given):
    """Return whether a reader detects the file, and what it makes of it, the user's columns given."""
    reader = FORMATS.load(name)
    if not reader.detect(sample(path, given)):
        return None
    draft = Draft(path.name, given)
    reader.read(path, draft)
    return draft.finish()


@pytest.mark.parametrize(("name", "write"), CASES)
def test_other_names_are_read_as_ours(tmp_path, name, write):
    write(tmp_path / "a.bin", ROWS)
    assert read_as(name, tmp_path / "a.bin", {}) is None
    corpus = read_as(name, tmp_path / "a.bin", GIVEN)
    assert corpus.comments.text.tolist() == ["Tea is safe.", "No."]
    assert corpus.comments.author.tolist() == ["Ines", "Bo"]
    assert corpus.comments.karma.tolist() == [3, -1]
    assert corpus.comments.parent_id.fillna("-").tolist() == ["-", "1"]
    assert list(corpus.posts.index) == ["t"]


@pytest.mark.parametrize(("name", "write"), CASES)
def test_a_file_with_our_own_names_is_read_all_the_same(tmp_path, name, write):
    rows = [
        {"kind": "post", "id": "p", "post_id": None, "text": "Tea?"},
        {"kind": "comment", "id": "c", "post_id": "p", "text": "Yes."},
    ]
    write(tmp_path / "a.bin", rows)
    corpus = read_as(name, tmp_path / "a.bin", GIVEN)
    assert corpus.posts.loc["p", "text"] == "Tea?"
    assert corpus.comments.loc["c", "text"] == "Yes."


@pytest.mark.parametrize(("name", "write"), CASES)
def test_kinds_may_have_another_name(tmp_path, name, write):
    rows = [
        {"what": "post", "id": "p", "post_id": None, "text": "Tea?"},
        {"what": "comment", "id": "c", "post_id": "p", "text": "Yes."},
    ]
    write(tmp_path / "a.bin", rows)
    corpus = read_as(name, tmp_path / "a.bin", {"kind": "what"})
    assert (list(corpus.posts.index), list(corpus.comments.index)) == (["p"], ["c"])


def test_one_column_may_serve_as_two(tmp_path):
    write_csv(tmp_path / "a.csv", [{"id": 1, "post_id": "t", "text": "Tea is safe.", "kind": "comment"}])
    corpus = read_as("threadkit-csv", tmp_path / "a.csv", {"author": "id"})
    assert corpus.comments.author.tolist() == ["1"]


@pytest.mark.parametrize("text", ["text", "text=", "=body", "words=body", "text=body,,words=x"])
def test_a_wrong_list_of_columns_is_told(text):
    with pytest.raises(FormatError, match=r"^columns: "):
        mapping(text)


def test_a_list_of_columns(tmp_path):
    assert mapping("text=body, author = user name,") == {"text": "body", "author": "user name"}


def test_a_column_that_is_given_twice_is_refused():
    with pytest.raises(FormatError, match="columns: 'text' is given twice"):
        mapping("text=body,id=cid,text=user")


@pytest.mark.parametrize(("name", "write"), CASES)
def test_a_column_that_is_not_there_is_told(tmp_path, name, write):
    write(tmp_path / "a.bin", ROWS * 40)
    corpus = read_as(name, tmp_path / "a.bin", GIVEN | {"karma": "nosuch", "title": "text"})
    told = corpus.problems[corpus.problems.what.str.contains("no column")]
    assert told.what.tolist()[:1] == ["the file has no column 'nosuch', which was given for karma"]
    assert told.severity.tolist()[:1] == ["warning"]
    assert corpus.comments.karma.isna().all()
    corpus = read_as(name, tmp_path / "a.bin", GIVEN)
    assert not corpus.problems.what.str.contains("which was given for").any()


@pytest.mark.parametrize(("name", "write"), CASES)
def test_a_file_that_calls_it_as_we_do_is_read_and_told(tmp_path, name, write):
    write(tmp_path / "a.bin", [{**row, "karma": 5} for row in ROWS])
    corpus = read_as(name, tmp_path / "a.bin", GIVEN | {"karma": "nosuch"})
    assert corpus.comments.karma.tolist() == [5, 5]
    told = corpus.problems[corpus.problems.what.str.contains("which was given for karma")]
    assert told.severity.tolist() == ["info"]


@pytest.mark.parametrize(("name", "write"), CASES)
def test_a_file_that_lacks_the_text_says_which_column(tmp_path, name, write):
    rows = [{key: value for key, value in row.items() if key != "text"} for row in ROWS]
    write(tmp_path / "a.bin", rows)
    with pytest.raises(FormatError, match=r"no column 'nosuch' for text.*it has cid, thread, answers, user, body, ups"):
        read(tmp_path / "a.bin", columns=GIVEN | {"text": "nosuch"})
