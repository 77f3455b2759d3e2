"""Lines are read by the thousand as they are read one by one, in whatever state they are."""

import random

import orjson
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from threadkit.readers import jsonl, reddit_ndjson
from threadkit.readers.draft import Draft
from threadkit.readers.json_lines import Block, _object, _Reader
from threadkit.readers.read import read

NAMES = ("id", "body", "n", "absent")
SNIPPETS = [
    b'{"id": "a", "body": "Tea."}', b'{"id":"b","n":1.5e3,"x":[{"id":"no"}]}', b'{"i\\u0064":"c","body":"\\ud83d\\ude00"}',
    b'{"id":"d","x":"\xff"}', b'{"id":"e","x":"\\ud800"}', b'{"id":"f","x":1e999}', b'{"id":"g"}{"id":"h"}', b'{"id":',
    b'"i"}', b"[1]", b"null", b"", b" ", b"{}", b'{"id":"j","id":"k"}', b'{"id":"l"}\r', b'{"n":18446744073709551616}',
    b'{"x":' + b"[" * 1100 + b"]" * 1100 + b',"id":"m"}', b'{"id":"n","x":01}', b'{"id":"o",}', b'\xef\xbb\xbf{"id":"p"}',
]  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(SNIPPETS) | st.binary(max_size=8).map(lambda b: b.replace(b"\n", b"}")), max_size=6))
def test_fields_are_those_of_each_line_alone(lines):
    reader = _Reader(Draft("x"))
    block = Block(1, b"\n".join(lines), reader)
    held = block.fields(*NAMES) if len(block) else {}
    assert block.numbers.tolist() == [n for n, line in enumerate(lines, start=1) if line]
    for n, line in enumerate(filter(None, lines)):
        found = {name: held[name][n] for name in NAMES if held[name][n] is not None}
        alone = {name: value for name, value in _object(line).items() if name in NAMES and value is not None}
        if found != alone:
            # What orjson gives up on (an endless number, a thousand brackets) is read alone with more patience.
            value = reader.value(line, n)
            assert found == {name: value[name] for name in found}
            assert found.keys() >= alone.keys()


def test_an_object_on_two_lines_is_none_though_two_stand_on_the_next():
    held = Block(1, b'{"id":\n"a"}{"id":"b"}', _Reader(Draft("x"))).fields("id", "n")
    assert list(held["id"]) == [None, None]


def test_a_blank_line_hides_no_second_object():
    held = Block(1, b'\n{"id":"a"}{"id":"b"}', _Reader(Draft("x"))).fields("id", "n")
    assert list(held["id"]) == [None]


def comment(draw, n):
    body = draw.choice(
        ["Tea.", "*Tea* is &gt; milk", "&gt; q\n\nno", "[removed]", "naïve “tea” – yes", "a\r\nb", "2. cups", "x  y"]
    )
    return {
        "id": draw.choice([f"a{n}", f"a{n}", "a1", n]), "link_id": draw.choice(["t3_p", "t3_q", 25]), "author": draw.choice(["ana", "[deleted]", "Ünal", None]),
        "parent_id": draw.choice(["t3_p", f"t1_a{n - 1}", f"t1_a{n + 1}", "t1_gone", None]), "body": f"{body} {draw.choice(['', n])}".strip(),
        "score": draw.choice([1, -3, "7", None, 10**12, True]), "created_utc": draw.choice([1_600_000_000, "1600000000", 1.6e9, None]),
        "edited": draw.choice([False, False, True, 1.7e9]), "retrieved_on": draw.choice([1_600_000_100, 1_700_000_000, None]),
        "permalink": draw.choice(["/r/x/comments/p/t/a/", None, "https://e.org/a"]), "score_hidden": draw.choice([False, True]),
    }  # fmt: skip


def own(draw, n):
    return {
        "kind": draw.choice(["comment", "comment", "Comment", None]), "id": draw.choice([f"a{n}", n, "nan"]), "post_id": draw.choice(["p", "q", 7]),
        "parent_id": draw.choice([f"a{n - 1}", f"a{n + 1}", None]), "author": draw.choice(["Ana", "Bo Li", "[deleted]", None]), "karma": draw.choice([1, "2", None]),
        "posted_at": draw.choice(["2024-01-02T03:04:05Z", 1_600_000_000]), "text": draw.choice(["Tea.", "a\rb", "x\x00", "", "[removed]"]),
    }  # fmt: skip


@pytest.mark.parametrize(("reader", "row"), [(reddit_ndjson, comment), (jsonl, own)])
@pytest.mark.parametrize("seed", range(8))
def test_a_hostile_file_gives_the_same_tables_either_way(reader, row, seed, write, monkeypatch):
    draw = random.Random(seed)
    lines = [orjson.dumps(row(draw, n)) for n in range(200)]
    for _ in range(seed * 4):
        n = draw.randrange(10, len(lines))
        at = draw.randrange(len(lines[n]))
        lines[n] = lines[n][:at] + bytes([draw.randrange(256)]).replace(b"\n", b"") + lines[n][at + draw.randrange(2) :]
    path = write("x.jsonl", b"\n".join(lines) + b"\n")
    found = []
    for few in (0, 10**9):
        monkeypatch.setattr(reader, "_FEW", few)
        found.append(read(path))
    pd.testing.assert_frame_equal(found[0].comments, found[1].comments)
    pd.testing.assert_frame_equal(found[0].posts, found[1].posts)
    told = [sorted(map(tuple, corpus.problems.fillna("").to_numpy().tolist())) for corpus in found]
    assert told[0] == told[1]
    assert found[0].sources == found[1].sources
