import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.readers.decode import CUT, as_text, decode, peek, values

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(json_values)
def test_what_json_writes_is_read_back(value):
    assert decode(json.dumps(value)) == (value, len(json.dumps(value)), "")
    assert decode(json.dumps(value, ensure_ascii=False, indent=1)).value == value


@given(json_values, st.floats(0, 1))
def test_a_cut_at_any_place_is_told_and_never_raises(value, share):
    text = json.dumps([value, 1])
    cut = decode(text[: int(share * (len(text) - 1))])
    assert cut.error


@given(st.text())
def test_any_text_is_read_or_refused_without_raising(text):
    decode(text)
    peek(text)


def test_records_before_the_cut_are_whole_and_the_open_one_is_marked():
    text = json.dumps([{"a": 1}, {"a": 2, "b": "long words"}])
    assert decode(text[:-6]).value == [{"a": 1}, {"a": 2, "b": None, CUT: True}]


def test_nesting_has_no_limit():
    deep = '{"a":[' * 30_000 + "7" + "]}" * 30_000
    value = decode(deep).value
    for _ in range(30_000):
        value = value["a"][0]
    assert value == 7


def test_lone_surrogates_nul_and_nan_are_read():
    assert decode('["\\ud800", "a\x00b", NaN]').value[:2] == ["\ud800", "a\x00b"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_every_usual_encoding_is_read(encoding):
    text, clean = as_text('["naïve café"]'.encode(encoding))
    assert text == '["naïve café"]'
    assert clean == (encoding != "cp1252")


def test_one_wrong_byte_does_not_spoil_the_rest():
    assert as_text("naïve ".encode() + b"\x93quoted\x94") == ("naïve “quoted”", False)


def test_a_damaged_line_is_left_out_and_the_others_stay(write, draft):
    lines = '{"n": 1}\n{"n": 2, "broken\n\n{"n": 3} extra\n{"n": 4}\n{"n": 5, "cut": "of'
    got = [value["n"] for _, value in values(write("a.jsonl", lines), draft)]
    assert got == [1, 4]
    assert [(row["place"], row["severity"]) for row in draft.problems] == [
        ("line 2", "error"),
        ("line 4", "error"),
        ("line 6", "error"),
    ]


def test_a_damaged_first_line_does_not_hide_the_others(write, draft):
    got = [value["n"] for _, value in values(write("a.jsonl", '{"n": 1, "br\n{"n": 2}\n{"n": 3}\n'), draft)]
    assert got == [2, 3]


def test_line_separators_inside_strings_part_no_lines(write, draft):
    text = '{"t": "one\u2028two\x85three"}\n{"t": "x", "y": NaN}'
    assert [value["t"] for _, value in values(write("a.jsonl", text), draft)] == ["one\u2028two\x85three", "x"]
    assert draft.problems == []


def test_values_printed_over_many_lines_one_after_another(write, draft):
    text = json.dumps({"a": 1}, indent=2) + "\n" + json.dumps({"a": 2}, indent=2)
    assert [value["a"] for _, value in values(write("a.json", text), draft)] == [1, 2]


def test_a_large_damaged_file_takes_seconds(write, draft):
    text = json.dumps([{"id": n, "text": "word " * 20} for n in range(40_000)])[:-5]
    began = time.process_time()
    [(_, value)] = values(write("a.json", text), draft)
    assert len(value) == 40_000
    assert time.process_time() - began < 20
