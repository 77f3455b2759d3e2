"""What an export states and does not hold is counted for each file, named in problems, and refused by --strict."""

import gzip
import io
import json
import re

import pytest
from click.testing import CliRunner
from reddit_shapes import listing, t1, thread
from rich.console import Console

from threadkit.cli import threadkit
from threadkit.corpus.losses import LOSSES, losses, totals
from threadkit.readers.read import read
from threadkit.report.files import files_table

POST = {"kind": "post", "id": "p", "title": "Tea", "text": "Tea is safe."}
WHOLE = [POST, {"kind": "comment", "id": "a", "post_id": "p", "author": "Ana", "text": "It is."}]


def jsonl(*rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


def more(count, *children):
    data = {"count": count, "children": list(children), "parent_id": "t1_a", "id": "_", "name": "t1__"}
    return {"kind": "more", "data": data}


def comment(name, **fields):
    return {"kind": "comment", "id": name, "post_id": "p", "author": "Bo", "text": "No."} | fields


def page(*lines):
    return "\n".join(lines)


LOSING = {
    "files": ("x.bin", b"\x00\x01\xff\xfe rubbish", 1),
    "records": ("x.jsonl", jsonl(*WHOLE) + '{"kind": "comment", "id": "b", "post_\n', 1),
    "missing": ("x.jsonl", jsonl(POST | {"n_comments_stated": 5}, WHOLE[1]), 4),
    "folded": (
        "x.json",
        thread(t1("a", replies=listing(t1("b", parent="t1_a"), more(7, "c", "d"))), num_comments=2),
        7,
    ),
    "parents": ("x.jsonl", jsonl(*WHOLE, comment("b", parent_id="gone")), 1),
    "stubs": ("x.jsonl", jsonl(*WHOLE, comment("b", text="", status="stub"), comment("c", text="", status="stub")), 2),
    "posts": ("x.jsonl", jsonl(comment("b"), comment("c", post_id="q")), 2),
}


@pytest.mark.parametrize("kind", LOSING)
def test_each_kind_of_loss_is_counted_and_placed(write, kind):
    name, content, n = LOSING[kind]
    write("a/whole.jsonl", jsonl({**POST, "id": "w"}, {**WHOLE[1], "id": "wa", "post_id": "w"}))
    path = write(f"a/{name}", content)
    corpus = read(path.parent)
    assert losses(corpus) == {kind: n}
    whole, lossy = corpus.sources
    assert whole["lost"] == {}
    assert lossy["lost"] == {kind: n}
    assert lossy["problems"] == (corpus.problems.source == lossy["name"]).sum() > 0


def test_page_text_without_headers_is_a_loss(write):
    lines = ["Is tea safe?", "", "I drink it daily, and I have never been ill from it in all these years.", ""]
    lines += ["New Comment", "2 comments, sorted by", "", "It may be so for you, but others have told me otherwise."]
    corpus = read(write("page.txt", page(*lines)))
    assert losses(corpus).get("inferred") == (corpus.comments.origin == "inferred").sum() > 0


def test_a_post_that_lists_its_comments_states_their_number(write):
    posts = [
        {"id": n, "post_number": n, "topic_id": 9, "username": "ana", "cooked": f"<p>Words {n}.</p>"} for n in (1, 2)
    ]
    corpus = read(write("t.json", {"post_stream": {"posts": posts, "stream": [1, 2, 3, 4]}, "id": 9}))
    assert corpus.sources[0]["comments_stated"] == 3
    assert totals(corpus) == {"stated": 3, "found": 1, "inferred": 0, "deleted": 0, "stubbed": 0}
    assert losses(corpus) == {"missing": 2}


def test_what_another_file_holds_is_not_lost(write):
    write("a/1.json", thread(t1("a", replies=listing(more(1, "c"))), num_comments=2))
    things = {"json": {"errors": [], "data": {"things": [t1("c", parent="t1_a")]}}}
    folder = write("a/2.json", things).parent
    corpus = read(folder)
    assert losses(corpus) == {}
    assert [source["comments_stubbed"] for source in corpus.sources] == [0, 0]
    assert totals(corpus)["stubbed"] == 0


def test_what_the_forum_took_away_is_no_loss(write):
    gone = [t1("a", body="[deleted]", author="[deleted]"), t1("b", body="[removed]"), t1("c", score_hidden=True)]
    corpus = read(write("x.json", thread(*gone)))
    assert losses(corpus) == {}
    assert corpus.sources[0]["comments_deleted"] == 2


def test_two_files_of_one_name_have_their_own_problems(write):
    first = write("a/x.jsonl", jsonl(*WHOLE, comment("b", parent_id="gone")))
    second = write("b/x.jsonl", jsonl(POST | {"id": "q"}, comment("c", post_id="q")))
    corpus = read(first, second)
    assert [source["name"] for source in corpus.sources] == ["x.jsonl", "x.jsonl~2"]
    assert [source["lost"] for source in corpus.sources] == [{"parents": 1}, {}]


def test_a_cut_archive_is_a_loss(write):
    packed = gzip.compress(jsonl(*WHOLE, *(comment(f"c{n}", text=f"No, {n * 7919}.") for n in range(2000))).encode())
    corpus = read(write("x.jsonl.gz", packed[: len(packed) // 2]))
    assert losses(corpus)["records"] >= 1


def run(*arguments):
    result = CliRunner().invoke(threadkit, ["read", *map(str, arguments)], catch_exceptions=False)
    return result.exit_code, result.output


@pytest.mark.parametrize("kind", LOSING)
def test_strict_ends_with_status_1_and_says_what_was_lost(write, tmp_path, kind):
    name, content, n = LOSING[kind]
    write("a/whole.jsonl", jsonl({**POST, "id": "w"}))
    folder = write(f"a/{name}", content).parent
    code, said = run(folder)
    assert code == 0
    code, said = run(folder, "--strict", "-o", tmp_path / "out")
    assert code == 1
    last = said.strip().splitlines()[-1]
    assert last.startswith("Error: lost in reading: ")
    assert f"{n:,} {LOSSES[kind][n != 1]}" in last
    assert (tmp_path / "out/problems.parquet").is_file()


def test_strict_is_content_where_nothing_is_lost(write):
    code, said = run(write("x.jsonl", jsonl(*WHOLE)), "--strict")
    assert code == 0
    assert "Lost: nothing" in said


def test_every_file_has_its_row_and_all_have_one(write):
    write("a/1.jsonl", jsonl(POST | {"n_comments_stated": 1234}, *WHOLE[1:]))
    write("a/[red]2.json", thread(t1("b", body="[deleted]"), num_comments=1))
    corpus = read(write("a/3.bin", b"\x00\x01\xff\xfe rubbish").parent)
    rows = {
        "a/1.jsonl": ("threadkit-jsonl", ["1,234", "1", "0", "0", "0", "1"]),
        "a/3.bin (not read)": ("–", ["–", "0", "0", "0", "0", "1"]),
        "a/[red]2.json": ("reddit-json", ["1", "1", "0", "1", "0", "1"]),
        "all 3 files": ("", ["1,235", "2", "0", "1", "0", "3"]),
    }
    for wide in (True, False):
        console = Console(width=160, file=io.StringIO())
        console.print(files_table(corpus, wide=wide))
        lines = [re.split(r"\s{2,}|(?<=\S) (?=[\d–])", line.strip()) for line in console.file.getvalue().splitlines()]
        assert {line[0] for line in lines[1:]} >= rows.keys() - {"all 3 files"}
        for name, (form, figures) in rows.items():
            line = next(line for line in lines if " ".join(line).startswith(name))
            assert line[-6:] == figures
            assert (form in line) == (wide or form in figures) or not form


def test_a_run_saved_before_has_no_losses_to_tell(write):
    from dataclasses import replace

    corpus = read(write("x.jsonl", jsonl(*WHOLE)))
    old = {key: value for key, value in corpus.sources[0].items() if key not in {"lost", "problems"}}
    corpus = replace(corpus, sources=(old,))
    assert losses(corpus) == {}
    assert files_table(corpus).row_count == 1
