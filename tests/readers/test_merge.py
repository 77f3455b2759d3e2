import time

import pandas as pd
import pytest

from threadkit.readers.draft import Draft
from threadkit.readers.merge import absorb


@pytest.fixture
def merged():
    def _merged(*drafts):
        whole = Draft("")
        for draft in drafts:
            absorb(whole, draft)
        return whole.finish()

    return _merged


def draft(source, site=None):
    made = Draft(source)
    made.site = site
    return made


def test_a_parent_and_a_post_may_stand_in_another_file(merged):
    one, two = draft("1"), draft("2")
    one.comment("b", "p", parent_id="a", text="B")
    two.post("p", text="P", title="T")
    two.comment("a", "p", text="A")
    corpus = merged(one, two)
    assert corpus.comments.loc["b", ["parent_id", "depth"]].tolist() == ["a", 1]
    assert corpus.posts.loc["p", "text"] == "P"
    assert corpus.problems.empty


def test_the_same_comment_in_two_files_is_kept_once(merged):
    drafts = [draft("1"), draft("2")]
    for each in drafts:
        each.post("p", text="P")
        each.comment("a", "p", text="A")
    drafts[1].comments["a"]["karma"] = 4
    corpus = merged(*drafts)
    assert corpus.comments.karma.tolist() == [4]
    assert corpus.problems[["source", "severity"]].to_numpy().tolist() == [["2", "info"]] * 2


def test_what_one_file_holds_deleted_is_read_from_the_other(merged):
    one, two = draft("1"), draft("2")
    one.comment("a", "p", text="[deleted]", author="[deleted]")
    two.comment("a", "p", text="A", author="Ines")
    for order in ([one, two], [two, one]):
        fresh = [Draft(each.source) for each in order]
        for copy, each in zip(fresh, order, strict=True):
            copy.comments = {name: dict(row) for name, row in each.comments.items()}
        row = merged(*fresh).comments.loc["a"]
        assert row[["status", "text", "author"]].tolist() == ["live", "A", "Ines"]


def test_one_id_for_two_things_is_prefixed_with_the_site_and_its_references_follow(merged):
    one, two = draft("1", "lesswrong"), draft("2", "reddit")
    one.post("p", text="P1")
    one.comment("abc", "p", text="A1")
    two.post("p", text="P2")
    two.comment("abc", "p", text="A2")
    two.comment("d", "p", parent_id="abc", text="D2")
    corpus = merged(one, two)
    assert list(corpus.posts.index) == ["p", "reddit:p"]
    assert corpus.comments.post_id.to_dict() == {"abc": "p", "reddit:abc": "reddit:p", "d": "reddit:p"}
    assert corpus.comments.loc["d", "parent_id"] == "reddit:abc"
    assert corpus.problems.what.str.contains("stands in 1 too").sum() == 2


def test_one_id_for_three_things(merged):
    drafts = [draft(f"folder/{n}.jsonl") for n in (1, 2, 3)]
    for n, each in enumerate(drafts):
        each.site = "teahouse" if n else None
        each.post("p", text="P")
        each.comment("a", "p", text=f"A{n}")
    assert list(merged(*drafts).comments.index) == ["a", "teahouse:a", "teahouse:a~2"]


def test_without_a_site_the_name_of_the_file_parts_ids(merged):
    one, two = draft("f/one.csv"), draft("f/two.csv")
    one.post("p", text="P1")
    two.post("p", text="P2")
    assert list(merged(one, two).posts.index) == ["p", "two:p"]


def test_an_edited_post_of_one_forum_stays_one_post(merged):
    one, two = draft("1", "reddit"), draft("2", "reddit")
    one.post("p", text="P")
    two.post("p", text="P, edited", karma=3)
    two.comment("a", "p", text="A")
    corpus = merged(one, two)
    assert corpus.posts.text.tolist() == ["P"]
    assert corpus.posts.karma.tolist() == [3]
    assert corpus.problems.severity.tolist() == ["warning"]


def test_posts_of_two_forums_that_hold_no_text_stay_apart(merged):
    one, two = draft("1", "a.example.org"), draft("2", "b.example.org")
    one.comment("1", "7", text="A")
    two.comment("2", "7", text="B")
    assert list(merged(one, two).posts.index) == ["7", "b.example.org:7"]


def test_a_parent_under_another_post_is_none(merged):
    one = draft("1")
    one.post("p", text="P")
    one.post("q", text="Q")
    one.comment("a", "p", text="A")
    one.comment("b", "q", parent_id="a", text="B")
    corpus = merged(one)
    assert pd.isna(corpus.comments.loc["b", "parent_id"])
    assert corpus.problems.what.str.contains("stands under another post").sum() == 1


def test_cycles_and_missing_parents_are_cut_where_least_is_lost(merged):
    one = draft("1")
    one.post("p", text="P")
    for name, parent in {"a": "a", "b": "c", "c": "b", "d": "b", "e": "nowhere", "f": "p"}.items():
        one.comment(name, "p", parent_id=parent, text=name)
    corpus = merged(one)
    assert corpus.comments.parent_id.fillna("-").tolist() == ["-", "-", "b", "b", "-", "-"]
    assert corpus.comments.depth.tolist() == [0, 0, 1, 1, 0, 0]
    assert corpus.problems.comment_id.tolist() == ["e", "a", "b"]
    assert set(corpus.problems.source) == {"1"}


def test_an_id_twice_in_one_file(merged):
    one = draft("1")
    one.post("p", text="P")
    for text in ("A", "A", "B", "C"):
        one.comment("a", "p", text=text)
    corpus = merged(one)
    assert list(corpus.comments.index) == ["a", "a~2", "a~3"]
    assert corpus.problems.severity.tolist() == ["info", "warning", "warning"]


def test_a_comment_with_the_id_of_a_post_gets_its_own(merged):
    one = draft("1", "teahouse")
    one.post("1", text="P")
    one.comment("1", "1", text="A")
    one.comment("2", "1", parent_id="1", text="B")
    corpus = merged(one)
    assert list(corpus.comments.index) == ["teahouse:1", "2"]
    assert corpus.comments.depth.tolist() == [0, 0]


def test_a_single_draft_can_be_finished_alone(draft):
    draft.post("p", text="P", n_comments_stated="3", karma="\u22125", posted_at="2024-01-02T03:04:05Z")
    draft.comment("a", "p", text="A", karma=True)
    corpus = draft.finish()
    assert corpus.posts.loc["p", ["n_comments_stated", "karma"]].tolist() == [3, -5]
    assert corpus.problems.what.tolist() == [
        "karma is True, which is no number",
        "post 'p': 2 of its 3 comments are not in the export",
    ]


def test_thousands_of_one_id_are_told_apart_at_once(merged):
    one = draft("1")
    one.post("p", text="P")
    started = time.process_time()
    for n in range(20_000):
        one.comment("a", "p", text=str(n))
    corpus = merged(one)
    assert list(corpus.comments.index[[0, 1, -1]]) == ["a", "a~2", "a~20000"]
    assert time.process_time() - started < 10


def test_a_chain_of_thousands_that_name_no_post_is_walked_once(merged):
    n, one = 5000, draft("1", "teahouse")
    for i in reversed(range(n)):
        one.comment(f"c{i}", f"c{i - 1}" if i else "p", text=str(i), loose=True)
    started = time.process_time()
    corpus = merged(one)
    assert list(corpus.posts.index) == ["p"]
    assert corpus.comments.depth.max() == n - 1
    assert time.process_time() - started < 5
