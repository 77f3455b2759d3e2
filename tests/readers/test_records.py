import json

import orjson
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from threadkit.base.errors import FormatError
from threadkit.readers import jsonl, record_columns
from threadkit.readers.draft import Draft
from threadkit.readers.json_lines import Block, _Reader
from threadkit.readers.packed import Batch
from threadkit.readers.read import read
from threadkit.readers.records import add, renamed

CLAIM = "Tea, they say, is safe.\n\nIt is."
ANSWER = "> Tea is safe.\n\n*No*; it's hot."
ROWS = [
    {"kind": "post", "id": "p1", "title": "On tea", "author": "Mira", "text": CLAIM, "karma": 5},
    {"kind": "comment", "id": "c1", "post_id": "p1", "author": "Ines", "text": ANSWER, "karma": -2},
    {"kind": "comment", "id": "c2", "post_id": "p1", "parent_id": "c1", "text": 'Blow; "then" drink.', "agreement": 3},
]


def as_lines(rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


def as_csv(rows, **options):
    return pd.DataFrame(rows).to_csv(index=False, **options)


FILES = {
    "lines": ("a.jsonl", as_lines(ROWS)),
    "lines, wrong ending": ("a.csv", as_lines(ROWS)),
    "lines, Windows ends and mark": ("a.jsonl", ("\ufeff" + as_lines(ROWS).replace("\n", "\r\n")).encode()),
    "array": ("a.json", json.dumps(ROWS)),
    "pretty array": ("a.json", json.dumps(ROWS, indent=2)),
    "comma": ("a.csv", as_csv(ROWS)),
    "semicolon": ("a.csv", as_csv(ROWS, sep=";")),
    "bar": ("a.csv", as_csv(ROWS, sep="|")),
    "how it is cut": ("a.csv", "sep=;\r\n" + as_csv(ROWS, sep=";")),
    "tab": ("a.txt", as_csv(ROWS, sep="\t")),
    "spreadsheet": ("a.csv", as_csv(ROWS, sep="\t").encode("utf-16")),
    "mark and capitals": ("a.csv", ("\ufeff" + as_csv(ROWS).replace("kind,id", "Kind, ID ", 1)).encode()),
    "CRLF": ("a.csv", as_csv(ROWS, lineterminator="\r\n").encode()),
}


@pytest.fixture
def parquet(tmp_path):
    def _parquet(rows, name="a.parquet"):
        pd.DataFrame(rows).to_parquet(tmp_path / name)
        return tmp_path / name

    return _parquet


def check(corpus):
    assert corpus.posts.loc["p1", ["title", "author", "karma"]].tolist() == ["On tea", "Mira", 5]
    assert corpus.posts.loc["p1", "text"] == "Tea, they say, is safe.\n\nIt is."
    assert list(corpus.comments.index) == ["c1", "c2"]
    assert corpus.comments.text.tolist() == ["> Tea is safe.\n\n*No*; it's hot.", 'Blow; "then" drink.']
    assert corpus.comments.depth.tolist() == [0, 1]
    assert corpus.comments.karma.fillna(99).tolist() == [-2, 99]
    assert corpus.comments.agreement.fillna(99).tolist() == [99, 3]
    assert corpus.problems.empty


@pytest.mark.parametrize("case", FILES)
def test_every_file_gives_the_same_corpus(corpus_of, case):
    name, content = FILES[case]
    check(corpus_of(content, name=name))


def test_parquet_gives_the_same_corpus(parquet):
    check(read(parquet(ROWS)))
    check(read(parquet(ROWS, name="table.csv")))


def test_parquet_with_times_numbers_and_nothing(parquet):
    rows = [{"id": 1, "post_id": 9.0, "text": "1", "posted_at": pd.Timestamp("2024-01-02", tz="UTC")}]
    rows.append({"id": 2, "post_id": 9.0, "text": None, "posted_at": pd.NaT})
    corpus = read(parquet(rows))
    assert corpus.comments.posted_at.isna().tolist() == [False, True]
    assert corpus.comments.status.tolist() == ["live", "deleted"]
    assert set(corpus.comments.post_id) == {"9"}
    assert corpus.problems.what.str.contains("no column 'kind'").any()


def test_damaged_parquet_is_told(tmp_path, parquet):
    whole = parquet(ROWS).read_bytes()
    (tmp_path / "a.parquet").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(FormatError, match="damaged Parquet"):
        read(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        '{"name": "a", "id": 1}\n{"name": "b", "id": 2}',
        '{"kind": "event", "id": 1, "text": "x"}',
        '{"kind": "post", "text": "no id"}',
        '[1, 2, 3]',
        '["kind", "post"]',
        "{",
        "id,name\n1,2",
        "text,post_id\n1,2",
        "Some words, id and text in them, and post_id.",
        b"\x89PNG\r\n\x1a\n" + bytes(200),
        b"PAR",
    ],
)  # fmt: skip
def test_strangers_are_not_claimed(known_as, content):
    assert known_as(content) == []


def test_parquet_whose_texts_are_no_utf8_is_read_as_windows(tmp_path):
    cells = {"id": [b"c1", b"c2"], "post_id": [b"p", b"p"], "text": [b"na\xefve", "na\u00efve".encode()]}
    columns = {
        name: pa.StringArray.from_buffers(len(held), *pa.array(held, pa.binary()).buffers()[1:])
        for name, held in cells.items()
    }
    pq.write_table(pa.table(columns), tmp_path / "a.parquet")
    corpus = read(tmp_path / "a.parquet")
    assert corpus.comments.text.tolist() == ["na\u00efve", "na\u00efve"]
    assert corpus.problems.what.str.contains("not UTF-8").sum() == 1


def test_parquet_of_something_else_is_not_claimed(tmp_path, parquet, known_as):
    path = parquet([{"a": 1}])
    assert known_as(path.read_bytes()) == []


def test_a_csv_without_kind_holds_comments(corpus_of):
    corpus = corpus_of("id,post_id,text\n1,9,Hello\n2,9,You\n", name="a.csv")
    assert list(corpus.comments.index) == ["1", "2"]
    assert corpus.problems[corpus.problems.severity == "info"].what.tolist() == ["the file has no column 'kind'"]


def test_cells_guarded_against_spreadsheets_are_read_as_they_were(corpus_of):
    cells = "id,post_id,text\n1,9,'=SUM(A1)\n2,9,'- a\n3,9,'tis\n4,9,'@all\n5,9,'+1\n"
    assert corpus_of(cells, name="a.csv").comments.text.tolist() == ["=SUM(A1)", "- a", "'tis", "@all", "+1"]


def test_cells_of_any_length_and_lines_in_cells(corpus_of):
    text = "word\n\n" * 60_000 + "end"
    rows = [{"kind": "post", "id": "p", "post_id": None, "text": text}, {**ROWS[1], "post_id": "p"}]
    corpus = corpus_of(as_csv(rows), name="a.csv")
    assert corpus.posts.loc["p", "text"] == text
    assert len(corpus.comments) == 1


def test_ragged_rows_are_told(corpus_of):
    corpus = corpus_of("kind,id,post_id,text\npost,p,,T\ncomment,a,p\n\ncomment,b,p,x,y\n", name="a.csv")
    assert corpus.comments.text.tolist() == ["", "x"]
    assert corpus.problems.what.str.contains("cells, the header 4").sum() == 2


def test_extra_columns_of_ours(corpus_of):
    rows = [
        {"kind": "post", "id": "p", "text": "T", "site": "Teahouse", "n_comments_stated": 3, "af_karma": 1},
        {"kind": "comment", "id": "a", "post_id": "p", "text": "x", "status": "bot", "af_karma": "\u22122"},
        {"kind": "comment", "id": "b", "post_id": "p", "text": "x", "status": "odd"},
        {"kind": "comment", "id": "c", "post_id": "p", "text": "", "status": "removed"},
    ]
    corpus = corpus_of(as_lines(rows))
    assert corpus.posts.loc["p", ["site", "n_comments_stated", "af_karma"]].tolist() == ["Teahouse", 3, 1]
    assert corpus.comments.status.tolist() == ["bot", "live", "removed"]
    assert corpus.comments.loc["a", "af_karma"] == -2
    assert corpus.problems.what.tolist() == ["status is 'odd', none of bot, deleted, live, removed, stub"]


def test_records_that_cannot_be_used_are_told_and_the_others_stay(corpus_of):
    rows = [
        *ROWS,
        {"kind": "comment", "id": None, "post_id": "p1", "text": "x"},
        {"kind": "comment", "id": "d", "text": "x"},
        {"kind": "vote", "id": "e"},
        {"id": "f", "post_id": "p1", "text": "no kind"},
        {"kind": "comment", "id": "g", "post_id": "p1", "text": ["x"], "karma": "many", "posted_at": "soon"},
        {"kind": "comment", "id": "h", "post_id": "p1", "text": "x", "karma": "\u22121,204", "author": None},
        {"kind": "comment", "id": "i", "post_id": "p1", "text": "x", "karma": 10**12, "title": {}},
        [1],
        "x",
    ]
    corpus = corpus_of(as_lines(rows))
    assert list(corpus.comments.index) == ["c1", "c2", "f", "g", "h", "i"]
    assert corpus.comments.loc["h", "karma"] == -1204
    assert corpus.comments.loc[["g", "i"], "karma"].isna().all()
    places = dict.fromkeys(corpus.problems.place)
    assert list(places) == ["line 4", "line 5", "line 6", "line 7", "line 8", "line 10", "line 11 record 1", "line 12"]
    assert corpus.problems.severity.eq("error").sum() == 6


def test_every_complete_line_of_a_cut_file_is_used(corpus_of):
    corpus = corpus_of(as_lines(ROWS)[:-20])
    assert list(corpus.comments.index) == ["c1"]
    assert corpus.problems[["place", "severity"]].to_numpy().tolist() == [["line 3", "error"]]


def test_a_cut_array_keeps_its_whole_records(corpus_of):
    text = json.dumps([{**row, "text": row["text"]} for row in ROWS])
    corpus = corpus_of(text[: text.index("Blow") + 2])
    assert list(corpus.comments.index) == ["c1"]
    assert corpus.problems.what.str.contains("'c2' is cut off before its text").sum() == 1


def row(n, **more):
    return {"kind": "comment", "id": f"c{n}", "post_id": "p", "author": "Ana B.", "karma": 3, "posted_at": 1.6e9, "text": f"Tea {n}."} | {
        "posted_at": 1_600_000_000 + n, "site": "teahouse", "parent_id": None, **more,
    }  # fmt: skip


ODD = st.none() | st.booleans() | st.integers(-5, 10**13) | st.floats() | st.sampled_from(
    ["", " ", "nan", "None", "[deleted]", "deleted", "AutoModerator", "a b", " a", "é", "12", "live", "stub", "comment", "post", "x\r\ny", "\x00",
     "2024-01-02T03:04:05Z", "2024-01-02T03:04:05.5+02:00", "2024-02-30T03:04:05Z", "2024-01-02", "https://e.org/a b", "> q\n\nw", "-5"]
)  # fmt: skip
NAMES = [
    "kind",
    "id",
    "post_id",
    "parent_id",
    "author",
    "karma",
    "agreement",
    "af_karma",
    "posted_at",
    "url",
    "text",
    "status",
    "site",
    "body",
]


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.dictionaries(st.sampled_from(NAMES), ODD, max_size=3), min_size=1, max_size=4),
    st.sampled_from([{}, {"text": "body"}]),
)
def test_by_columns_every_record_is_what_it_is_alone(changes, given):
    values = [orjson.loads(orjson.dumps(row(n) | change)) for n, change in enumerate(changes)]
    lines = Block(1, b"\n".join(map(orjson.dumps, values)), _Reader(Draft("x")))
    rows, others, site = record_columns.usual(lines, given)
    assert len(rows) + len(others) == len(values)
    short, long = Draft("x"), Draft("x")
    short.packed.add(Batch(rows, "x", site))
    for n, value in enumerate(values):
        if n not in others:
            add(long, renamed(value, given), f"line {n + 1}")
    if len(set(rows["comment_id"].to_pylist())) == len(rows):
        held = [*short.packed.take(short.packed.ids())], [*long.comments.values()]
        first, second = (
            [{k: v for k, v in r.items() if v not in (None, "") and k != "at"} for r in rows] for rows in held
        )
        assert first == second
        assert long.problems == []


def test_the_usual_record_needs_no_second_look():
    usual = (
        {},
        {"parent_id": "c1"},
        {"agreement": -2},
        {"author": None},
        {"posted_at": None},
        {"url": "https://e.org/1"},
        {"id": 12},
    )
    lines = Block(1, b"\n".join(orjson.dumps(row(n, **more)) for n, more in enumerate(usual)), _Reader(Draft("x")))
    assert record_columns.usual(lines, {}).others == []


def test_many_lines_and_few_give_the_same_corpus(write, monkeypatch):
    more = [
        row(n, parent_id=f"c{n - 1}" if n % 3 else None, author="[deleted]" if n % 5 == 0 else "Ana")
        for n in range(1, 60)
    ]
    more[7] |= {"id": "c3"}
    more[9] |= {"text": ""}
    path = write(
        "a.jsonl", as_lines([{"kind": "post", "id": "p", "text": "Tea."}, *more]) + "{broken\n" + as_lines([row(99)])
    )
    corpora = []
    for few in (0, 10**9):
        monkeypatch.setattr(jsonl, "_FEW", few)
        corpora.append(read(path))
    for name in ("posts", "comments"):
        pd.testing.assert_frame_equal(getattr(corpora[0], name), getattr(corpora[1], name))
    told = [
        corpus.problems.drop(columns="cure").sort_values(["what", "place"], ignore_index=True) for corpus in corpora
    ]
    pd.testing.assert_frame_equal(*told)
    assert corpora[0].sources == corpora[1].sources


HEAD = "id,post_id,parent_id,author,text\n"


@pytest.mark.parametrize(
    "text", [f'{HEAD}1,p,,ana,Tea.\n2,p,,bo,"It is cut', f'{HEAD}1,p,,ana,"Tea\n2,p,,bo,No.\n3,p,,cy,Ha.\n']
)
def test_a_quote_that_is_not_closed_in_a_csv_is_told(corpus_of, text):
    problems = corpus_of(text, "t.csv").problems
    row = problems[problems["severity"] == "error"].iloc[0]
    assert row.what.startswith("a quote in the row is not closed as it should be")
    assert row.place == ("row 3" if "cut" in text else "row 2")


def test_well_quoted_rows_of_several_lines_in_a_csv_are_no_error(corpus_of):
    corpus = corpus_of(f'{HEAD}1,p,,ana,"Tea\nis ""safe""." \n2,p,,bo,No.\n', "t.csv")
    assert "error" not in set(corpus.problems["severity"])
    assert len(corpus.comments) == 2


@pytest.mark.parametrize(
    ("rows", "ids"),
    [
        ("1,7.0,,ana,Tea.\n2,7.0,1.0,bo,No.\n", [("1", "7", None), ("2", "7", "1")]),
        ("1.0,7,,ana,Tea.\n2.0,7,1.0,bo,No.\n", [("1", "7", None), ("2", "7", "1")]),
        ("1.0,7,,ana,Tea.\n1.1,7,1.0,bo,No.\n", [("1.0", "7", None), ("1.1", "7", "1.0")]),
        ("a,7.0,,ana,Tea.\nb,x,a,bo,No.\n", [("a", "7.0", None), ("b", "x", None)]),
    ],
)
def test_ids_that_a_data_frame_wrote_as_floats_are_whole_numbers(corpus_of, rows, ids):
    comments = corpus_of(HEAD + rows, "t.csv").comments.reset_index()[["comment_id", "post_id", "parent_id"]]
    assert [tuple(None if pd.isna(cell) else cell for cell in row) for row in comments.to_numpy()] == ids


def test_a_time_in_parquet_beyond_all_calendars_is_left_unknown(tmp_path):
    times = pa.array([2**62, 1_700_000_000_000_000], pa.timestamp("us"))
    table = pa.table({"id": ["1", "2"], "post_id": ["p", "p"], "text": ["a", "b"], "posted_at": times})
    pq.write_table(table, tmp_path / "t.parquet")
    corpus = read(tmp_path / "t.parquet")
    assert corpus.comments["posted_at"].isna().tolist() == [True, False]
    assert corpus.problems["what"].str.contains("no time").sum() == 1


@pytest.mark.parametrize(
    ("text", "status"),
    [
        *(("(post deleted by author)", "deleted"), ("[comment deleted]", "deleted"), ("[flagged]", "removed")),
        *(("(comment removed by moderator)", "removed"), ("[dead]", "removed"), ("[dead] tea.", "live")),
    ],
)
@pytest.mark.parametrize("n", [1, 100])
def test_what_says_only_that_a_comment_is_gone_is_no_words(corpus_of, text, status, n):
    rows = [{"kind": "comment", "id": str(i), "post_id": "p", "author": "ana", "text": text} for i in range(n)]
    assert set(corpus_of("".join(json.dumps(row) + "\n" for row in rows), "t.jsonl").comments["status"]) == {status}


@pytest.mark.parametrize("author", ["DeltaBot", "RemindMeBot", "renovate[bot]"])
def test_bots_are_known_whatever_the_format(corpus_of, author):
    row = {"kind": "comment", "id": "1", "post_id": "p", "author": author, "text": "Beep."}
    assert corpus_of(json.dumps(row), "t.jsonl").comments["status"].tolist() == ["bot"]
