"""docs/exporting.md promises nothing that the readers do not keep."""

import re
from pathlib import Path

from threadkit.readers.draft import STATUSES
from threadkit.readers.formats import FORMATS
from threadkit.readers.records import COLUMNS, mapping

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "exporting.md").read_text(encoding="utf-8")


def test_the_example_of_json_lines_is_read(corpus_of):
    lines = [line.strip() for line in PAGE.split("\n") if line.startswith('    {"kind"')]
    corpus = corpus_of("\n".join(lines), name="a.jsonl")
    assert corpus.posts.loc["p1", ["title", "author"]].tolist() == ["On tea", "mira"]
    assert corpus.comments.loc["c1", ["author", "karma", "text"]].tolist() == ["ines", 3, "> Tea is safe.\n\nIs it?"]
    assert corpus.problems.empty


def test_every_format_has_its_section():
    named = [name for line in re.findall(r"\*Read as ([^*]*)\*", PAGE) for name in re.findall(r"`([\w-]+)`", line)]
    assert set(named) == set(FORMATS.names())


def test_every_column_and_status_is_told():
    table = PAGE[PAGE.index("| Field | Meaning |") :]
    named = {name for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)}
    assert named == set(COLUMNS)
    row = re.search(r"^\| `status` \| (.*) \|$", PAGE, re.MULTILINE)[1]
    assert set(re.findall(r"`(\w+)`", row)) == STATUSES


def test_the_example_of_columns_is_understood():
    given = re.search(r"--columns (\S+)", PAGE)[1]
    assert mapping(given) == {"text": "body", "author": "user", "post_id": "thread"}
