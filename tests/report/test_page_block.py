"""The data of the linked views: every objection once, names in tables, nothing unsafe, nothing invented."""

import json

import orjson
import pytest

from threadkit.report.block import MAP_STEPS, MAX_TEXT, MIN_TEXT, PIECE, TEXT_BYTES, _texts, block, embedded
from threadkit.report.page import page


def written(analysis, anchors):
    return "".join(embedded(orjson.dumps(block(analysis, anchors))))


@pytest.fixture(scope="module")
def data(analysis):
    return json.loads(written(analysis, {1, 2, 3}))


def by_comment(analysis, data, column):
    ids = analysis.objections[analysis.objections["copy_of"].isna()].sort_index()["comment_id"]
    return dict(zip(ids, data["rows"][column], strict=True))


def test_every_objection_but_copies_is_a_row(analysis, data):
    assert set(by_comment(analysis, data, "text")) == set(analysis.objections["comment_id"]) - {"c5"}
    assert {len(column) for column in data["rows"].values() if column is not None} == {11}


def test_names_stand_in_tables(analysis, data):
    authors = by_comment(analysis, data, "author")
    assert data["authors"][authors["c1"]] == "Ana"
    assert authors["c4"] is None
    assert data["authors"][authors["c8"]] == data["unknown"]
    cruxes = by_comment(analysis, data, "crux")
    assert data["cruxes"]["id"] == [1, 2, 3]
    assert [cruxes[each] for each in ("c1", "c6", "c9", "c11")] == [0, 1, 2, None]
    posts = by_comment(analysis, data, "post")
    assert data["posts"]["id"][posts["c7"]] == "p2"
    assert data["posts"]["name"][posts["c4"]] == "A post with no title whose first words stand for it."


def test_what_is_unknown_is_null_and_never_a_number(analysis, data):
    karma, answered = by_comment(analysis, data, "karma"), by_comment(analysis, data, "answered")
    assert (karma["c2"], karma["c3"], karma["c4"], karma["c7"]) == (-3, 1234, None, 0)
    assert (answered["c1"], answered["c3"], answered["c9"]) == (1, 0, None)
    day = by_comment(analysis, data, "day")
    assert day["c4"] is None
    assert day["c1"] == 19363  # 2023-01-06, as date -d 2023-01-06 +%s / 86400 says


def test_a_column_of_nothing_is_null(bare):
    rows = block(bare, set())["rows"]
    assert [name for name, column in rows.items() if column is None] == ["kind", "day", "karma", "agreement", "x", "y"]
    assert rows["author"] == [None] * 11


def test_only_web_addresses_travel(analysis, data):
    url = by_comment(analysis, data, "url")
    # Behind the post's own address, which stands once in its table; c2's is a script's, c4 has none.
    assert (url["c1"], url["c2"], url["c4"]) == ("/c1", None, None)
    assert url["c3"] == "https://forum.example/p2/c3"
    assert data["posts"]["url"] == ["https://forum.example/p1", None, None, None]


def test_nothing_in_the_data_could_end_its_script(analysis):
    raw = written(analysis, set())
    assert not set("<>&\u2028\u2029") & set(raw)
    assert "<script>alert(1)</script>" in " ".join(json.loads(raw)["rows"]["text"])
    assert "\u202e" not in raw


def test_pieces_end_between_letters(monkeypatch):
    monkeypatch.setattr("threadkit.report.block.PIECE", 2)
    assert PIECE > 2
    said = ["a\u00e9\U0001f600\u2028<b>", "", "\U0001f600" * 3]
    pieces = list(embedded(orjson.dumps(said)))
    assert len(pieces) > 5
    assert json.loads("".join(pieces)) == said


def test_the_map_keeps_its_shape(analysis, data):
    own = analysis.objections[analysis.objections["copy_of"].isna()].sort_index()
    x, y = data["rows"]["x"], data["rows"]["y"]
    assert max(max(x), max(y)) == MAP_STEPS
    assert min(x) == min(y) == 0
    step = (own["x"].iloc[1] - own["x"].iloc[0]) / (x[1] - x[0])
    # Up on the map is up on the screen, where y grows downwards.
    assert (own["y"].iloc[1] - own["y"].iloc[0]) / (y[0] - y[1]) == pytest.approx(step, rel=0.01)


def test_many_texts_are_cut_shorter_and_wide_ones_too(monkeypatch):
    import pandas as pd

    def longest(text, n):
        return max(map(len, _texts(pd.Series([text] * n, dtype="string"))))

    monkeypatch.setattr("threadkit.report.block.TEXT_BYTES", TEXT_BYTES // 100)
    assert longest("word " * 200, 10) <= MAX_TEXT
    assert longest("word " * 200, 150) <= TEXT_BYTES // 100 // 150
    assert longest("ж" * 999, 100) <= TEXT_BYTES // 100 // 100 // 2
    assert longest("word " * 200, 1000) <= MIN_TEXT


def test_the_kind_of_disagreement_is_a_filter_where_it_is_known(make, analysis):
    known = make({})
    for name in ("posts", "comments", "cruxes", "answers"):
        object.__setattr__(known, name, getattr(analysis, name))
    kinds = ["fact", "value", None] * 4
    object.__setattr__(known, "objections", analysis.objections.assign(kind=kinds))
    made = block(known, set())
    assert made["kinds"] == ["fact", "value"]
    assert set(made["rows"]["kind"]) == {0, 1, None}


def test_of_very_many_objections_some_are_drawn_and_the_page_says_so(analysis, data, monkeypatch):
    monkeypatch.setattr("threadkit.report.block.MAX_ROWS", 4)
    monkeypatch.setattr("threadkit.report.page.MAX_ROWS", 4)
    rows = json.loads(written(analysis, set()))["rows"]
    assert rows["text"] == [data["rows"]["text"][i] for i in (0, 3, 6, 10)]
    assert {len(column) for column in rows.values() if column is not None} == {4}
    assert "4 of 11 objections, taken evenly" in page(analysis)


def test_a_page_of_all_objections_says_so(analysis):
    assert "Every objection, copies left out" in page(analysis)
