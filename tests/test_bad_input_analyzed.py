"""Bad input is the normal case: a clear row in problems, everything else still analysed."""

import json

import pytest

import threadkit as tk
from threadkit.base.progress import Silent
from threadkit.pipeline import analyze

GOOD = [
    {"kind": "post", "id": "p", "title": "Dim the street lamps", "author": "Hal", "text": "It saves a million."},
    {"kind": "comment", "id": "ok", "post_id": "p", "author": "Jo", "text": "That is wrong, it saves next to nothing."},
]


def lines(*rows):
    return "".join(json.dumps(row) + "\n" for row in [*GOOD, *rows]).encode()


def comment(**fields):
    return {"kind": "comment", "post_id": "p", "author": "Bo", "text": "No, people fall over in the dark.", **fields}


CASES = {
    "a missing parent": (lines(comment(id="a", parent_id="nowhere")), "a"),
    "a cycle": (lines(comment(id="a", parent_id="b"), comment(id="b", parent_id="a")), "a"),
    "its own parent": (lines(comment(id="a", parent_id="a")), "a"),
    "an id twice": (lines(comment(id="a"), comment(id="a", text="Quite another text altogether.")), "a"),
    "a truncated line": (lines(comment(id="a"))[:-30], "ok"),
    "no valid UTF-8": (lines(comment(id="a")).replace(b"fall", b"f\xe4ll"), "a"),
    "a post that is not there": (lines(comment(id="a", post_id="gone")), "a"),
}


@pytest.mark.parametrize("name", CASES)
def test_a_problem_is_told_and_the_rest_analysed(name, tmp_path):
    content, kept = CASES[name]
    (tmp_path / "t.jsonl").write_bytes(content)
    corpus = tk.read(tmp_path / "t.jsonl", progress=Silent())
    assert len(corpus.problems), name
    assert corpus.problems[["what", "cure"]].notna().all(axis=None)
    assert {"ok", kept} <= set(corpus.comments.index)
    analysis = analyze(corpus, progress=Silent())
    assert analysis.problems.equals(corpus.problems)
    assert (analysis.comments["depth"] >= 0).all()


def test_ten_thousand_nested_replies(tmp_path):
    rows = [
        comment(id=f"c{i}", parent_id=f"c{i - 1}" if i else None, author=f"u{i % 2}", text="No.") for i in range(10_000)
    ]
    (tmp_path / "t.jsonl").write_bytes(lines(*rows))
    corpus = tk.read(tmp_path / "t.jsonl", progress=Silent())
    assert corpus.comments["depth"].max() == 9_999
    analysis = analyze(corpus, progress=Silent())
    assert len(analysis.comments) == 10_001


def test_no_karma_anywhere(tmp_path):
    (tmp_path / "t.jsonl").write_bytes(lines())
    analysis = analyze(tk.read(tmp_path / "t.jsonl", progress=Silent()), progress=Silent())
    assert analysis.comments["karma"].isna().all()
