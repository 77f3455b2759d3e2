"""Whatever stands in a file, reading it ends with a corpus or a FormatError, never with another error."""

import json
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reddit_shapes import listing, t1, thread
from test_discourse_json import post as discourse_post
from test_discourse_json import topic
from test_lesswrong_json import comment, post

from threadkit.base.errors import FormatError
from threadkit.readers.read import read

EXPORTS = {
    "reddit": thread(t1("a", replies=listing(t1("b", parent="t1_a"))), t1("c")),
    "lesswrong": {"data": {"posts": {"results": [post(comments=[comment("c1"), comment("c2", "c1")])]}}},
    "discourse": topic(discourse_post(1), discourse_post(2), discourse_post(3, reply_to_post_number=2)),
    "threadkit": [
        {"kind": "post", "id": "p", "text": "T", "karma": 1},
        {"kind": "comment", "id": "a", "post_id": "p", "parent_id": None, "author": "x", "text": "A", "karma": 2},
        {"kind": "comment", "id": "b", "post_id": "p", "parent_id": "a", "author": "y", "text": "B"},
    ],
}
ODD = [None, True, 0, -1, 1.5, 10**30, "", "x", "\ud800", "a\x00b", "[deleted]", [], {}, [[]], [{}], {"a": {"b": 1}}]


def paths(value, at=()):
    """List the ways to every value inside."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(path for key, item in inner for path in paths(item, (*at, key)))]


def changed(value, path, new):
    """Return a copy with one value replaced."""
    copy = json.loads(json.dumps(value))
    if not path:
        return new
    at = copy
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = new
    return copy


@pytest.fixture(scope="module")
def survives(tmp_path_factory):
    path = tmp_path_factory.mktemp("bad") / "export.json"

    def _survives(content):
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "replace"))
        try:
            return read(path)
        except FormatError as error:
            assert "\n" not in str(error)  # noqa: PT017 - the message is all that is left to check
            return None

    return _survives


@pytest.mark.parametrize("name", EXPORTS)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_value_may_be_anything(survives, name, data):
    export = EXPORTS[name]
    for _ in range(data.draw(st.integers(1, 3))):
        export = changed(export, data.draw(st.sampled_from(paths(export))), data.draw(st.sampled_from(ODD)))
    corpus = survives(json.dumps(export))
    if corpus is not None:
        assert (corpus.comments.depth >= 0).all()


@pytest.mark.parametrize("name", EXPORTS)
def test_a_cut_anywhere_is_survived_and_told(survives, name):
    text = json.dumps(EXPORTS[name])
    whole = len(survives(text).comments)
    found = []
    for stop in range(len(text) // 4, len(text) - 1, max(1, len(text) // 25)):
        corpus = survives(text[:stop])
        if corpus is not None:
            assert corpus.problems.severity.eq("error").any()
            found.append(len(corpus.comments))
    assert found == sorted(found)
    assert whole - 1 <= found[-1] <= whole


@pytest.mark.parametrize("name", EXPORTS)
@pytest.mark.parametrize("junk", [b"\xff\xfe\x00", b"\x00", b"\xc3", b"]", b'"', b"{", b"\\"])
def test_stray_bytes_anywhere_are_survived(survives, name, junk):
    data = json.dumps(EXPORTS[name]).encode()
    for at in range(0, len(data), max(1, len(data) // 6)):
        survives(data[:at] + junk + data[at:])


@pytest.mark.parametrize("name", EXPORTS)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_other_encodings_are_read(survives, name, encoding):
    text = re.sub(r': "(u_|user|x")', r': "ü\1', json.dumps(EXPORTS[name]))
    corpus = survives(text.encode(encoding))
    assert corpus.comments.author.str.contains("ü").any()
    assert corpus.problems.what.str.contains("not UTF-8").any() == (encoding == "cp1252")


@pytest.mark.parametrize("name", EXPORTS)
def test_lone_surrogates_and_nul_are_cleaned(survives, name):
    marks = {"reddit": "A reply.", "lesswrong": "Reply c1.", "discourse": "Words 2.", "threadkit": '"A"'}
    text = json.dumps(EXPORTS[name]).replace(marks[name], marks[name][:-1] + r"\ud800\u0000" + marks[name][-1:])
    corpus = survives(text)
    assert corpus.comments.text.str.contains("?", regex=False).any()
    assert not corpus.comments.text.str.contains("\x00").any()


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_bytes_are_survived(survives, content):
    survives(content)


@pytest.mark.parametrize("name", EXPORTS)
def test_nesting_without_end_in_any_field_is_survived(survives, name):
    deep = "[" * 3_000 + "]" * 3_000
    for path in paths(EXPORTS[name])[1::3]:
        survives(json.dumps(changed(EXPORTS[name], path, "DEEP")).replace('"DEEP"', deep))
