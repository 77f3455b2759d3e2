"""The demo corpus: built from its source byte for byte, planted as it says, and read back whole."""

import hashlib
import json
import sys
from collections import Counter, defaultdict
from io import BytesIO
from itertools import combinations
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from threadkit.base.text import plain, words
from threadkit.readers.read import read

ROOT = Path(__file__).resolve().parents[1]
CORPORA = ROOT / "corpora"
DEMO, TRUTH = CORPORA / "demo", CORPORA / "demo-truth"
sys.path.insert(0, str(ROOT / "scripts"))

import build_demo  # noqa: E402 - a script is no package

FORMATS = {
    "page-text", "lesswrong-json", "reddit-json", "discourse-json", "threadkit-jsonl", "threadkit-csv",
    "threadkit-parquet",
}  # fmt: skip
# No two objections that make one point may share so many words in a row: each has words of its own.
SAME_WORDS = 6


def truth(name):
    return [json.loads(line) for line in (TRUTH / f"{name}.jsonl").read_text("utf-8").splitlines()]


def said(text):
    return " ".join(words(plain(text)))


@pytest.fixture(scope="module")
def posts():
    return {row["post_id"]: row for row in truth("posts")}


@pytest.fixture(scope="module")
def comments(posts):
    return [{**row, "format": posts[row["post_id"]]["format"]} for row in truth("comments")]


@pytest.fixture(scope="module")
def paragraphs():
    return truth("objections")


@pytest.fixture(scope="module")
def points():
    return truth("points")


@pytest.fixture(scope="module")
def corpus():
    return read(DEMO)


# --- the build ------------------------------------------------------------------------------------------------


def test_the_build_gives_the_committed_bytes():
    built = build_demo.build()
    sums = built.pop(Path("demo-truth/SHA256SUMS"))
    for path, data in built.items():
        stored = (CORPORA / path).read_bytes()
        if path.suffix == ".parquet":
            new, old = pq.ParquetFile(BytesIO(data)), pq.ParquetFile(BytesIO(stored))
            assert new.read().equals(old.read())
            if new.metadata.created_by != old.metadata.created_by:  # another pyarrow writes other bytes
                continue
        assert data == stored, f"{path}: run scripts/build_demo.py"
    assert len(sums.splitlines()) == len(built)


def test_the_build_gives_the_same_bytes_twice():
    assert build_demo.build() == build_demo.build()


def test_checksums_are_of_the_files_that_stand_there():
    listed = {}
    for line in (TRUTH / "SHA256SUMS").read_text().splitlines():
        digest, path = line.split("  ")
        listed[path] = digest
        assert hashlib.sha256((CORPORA / path).read_bytes()).hexdigest() == digest
    assert {p for p in listed if p.startswith("demo/")} == {
        path.relative_to(CORPORA).as_posix() for path in DEMO.rglob("*") if path.is_file()
    }


def test_labels_that_do_not_fit_the_text_are_refused(monkeypatch):
    threads = build_demo.threads()
    comment = threads[0].comments[0]
    object.__setattr__(comment, "labels", (*comment.labels, "neutral"))
    monkeypatch.setattr(build_demo, "threads", lambda: threads)
    with pytest.raises(ValueError, match=r"adaptive-traffic-lights: comment 1: 3 paragraphs but 4 labels"):
        build_demo.build()


# --- what was planted -----------------------------------------------------------------------------------------


def test_there_are_enough_posts_comments_and_formats(posts, comments):
    assert len(posts) == 16
    assert len(comments) == sum(post["n_comments"] for post in posts.values()) == 319
    assert {post["format"] for post in posts.values()} == FORMATS
    assert len({row["author"] for row in comments if row["author"]}) >= 40


def test_twelve_points_recur_and_four_are_held_out(points):
    assert len(points) == 12
    assert sum(point["held_out"] for point in points) == 4
    for point in points:
        assert 3 <= point["n_posts"] <= 8, point
        assert point["n_authors"] >= 3, point
        assert point["n_objections"] >= point["n_posts"]
        assert len(point["posts"]) == point["n_posts"]
        assert set(point["answered_on"]) <= set(point["posts"])


def test_points_are_answered_on_some_posts_and_not_on_others(points):
    assert all(len(point["answered_on"]) < point["n_posts"] for point in points)
    assert sum(bool(point["answered_on"]) for point in points) >= 8
    assert any(not point["answered_on"] for point in points)


def test_counts_of_points_are_those_of_their_paragraphs(points, paragraphs):
    for point in points:
        mine = [p for p in paragraphs if p["point"] == point["point"] and p["stance"] == "disagree" and not p["copy"]]
        assert len(mine) == point["n_objections"]
        assert {p["post_id"] for p in mine} == set(point["posts"])
        assert len({p["author"] for p in mine}) == point["n_authors"]


def test_every_post_draws_several_points(paragraphs):
    of_post = defaultdict(set)
    for row in paragraphs:
        if row["point"]:
            of_post[row["post_id"]].add(row["point"])
    assert len(of_post) == 16
    assert min(map(len, of_post.values())) >= 4


def test_objections_to_one_point_have_words_of_their_own(paragraphs):
    for point, rows in pd.DataFrame(paragraphs).dropna(subset=["point"]).groupby("point"):
        runs = []
        for text in rows["text"]:
            said_words = words(text)
            runs.append({tuple(said_words[i : i + SAME_WORDS]) for i in range(len(said_words) - SAME_WORDS + 1)})
        shared = [one & two for one, two in combinations(runs, 2) if one & two]
        assert not shared, (point, shared)


def test_the_loud_author_is_alone_with_his_point(paragraphs):
    charter = [row for row in paragraphs if row["distractor"] == "charter"]
    assert len(charter) >= 10
    assert {row["author"] for row in charter} == {"gerd_plank"}
    assert len({row["post_id"] for row in charter}) == 2
    assert not [row for row in paragraphs if row["author"] == "gerd_plank" and row["point"]]


def test_other_distractors_stand_on_one_post_each():
    rows = [row for row in truth("distractors") if row["kind"] == "one post"]
    assert len(rows) >= 6
    assert all(row["n_posts"] == 1 and row["n_objections"] >= 1 for row in rows)


def test_one_text_is_pasted_on_four_posts_by_two_accounts(paragraphs):
    texts = Counter(row["text"] for row in paragraphs if len(row["text"]) >= 40)
    (text, n), *others = texts.most_common(2)
    assert n == 4
    assert others[0][1] == 1
    pasted = [row for row in paragraphs if row["text"] == text]
    assert len({row["post_id"] for row in pasted}) == 4
    assert len({row["author"] for row in pasted}) == 2
    assert [row["copy"] for row in pasted] == [False, True, True, True]
    assert not any(row["copy"] for row in paragraphs if row["text"] != text)


def test_stances_are_mixed_within_and_across_comments(paragraphs):
    stances = Counter(row["stance"] for row in paragraphs)
    assert min(stances.values()) >= 90
    of_comment = defaultdict(list)
    for row in paragraphs:
        of_comment[row["comment_id"]].append(row["stance"])
    assert any(len(each) >= 4 and each.count("disagree") == 1 for each in of_comment.values())
    assert sum({"agree", "disagree"} <= set(each) for each in of_comment.values()) >= 15


def test_the_traits_that_trip_readers_are_there(comments):
    texts = [row["text"] for row in comments]
    for mark in ("```", "](https://", "<script>", "=1+1", "“", "’", "> ", "- "):
        assert any(mark in text for text in texts), mark
    assert any(row["author"] and not row["author"].isascii() for row in comments)
    assert any((row["karma"] or 0) < 0 for row in comments)
    assert any(row["karma"] is None for row in comments)
    assert sum((row["karma"] or 0) > 8 and (row["agreement"] or 0) < 0 for row in comments) >= 4
    assert {"live", "deleted", "removed", "bot"} == {row["status"] for row in comments}
    gone = {row["comment_id"] for row in comments if row["status"] in {"deleted", "removed"}}
    assert gone & {row["parent_id"] for row in comments}, "a tombstone with living replies"
    lengths = [len(words(text)) for text in texts if text]
    assert min(lengths) <= 4
    assert max(lengths) >= 120


def test_exports_have_the_shapes_of_their_forums():
    dumps = {path.stem: json.loads(path.read_bytes()) for path in (DEMO / "lesswrong").glob("*.json")}
    assert isinstance(dumps["adaptive-traffic-lights"], list)
    scores = [row["extendedScore"] for row in dumps["adaptive-traffic-lights"]]
    scores += [
        row["extendedScore"]
        for name in ("fireworks-ban", "heat-pump-obligation")
        for row in dumps[name]["data"]["comments"]["results"]
    ]
    shapes = {frozenset(score) - {"approvalVoteCount", "agreementVoteCount"} if score else None for score in scores}
    assert shapes == {
        None,
        frozenset({"agreement"}),
        frozenset({"agreement", "reacts"}),
        frozenset({"agree", "disagree"}),
    }
    reddit = (DEMO / "reddit" / "school-streets.json").read_text("utf-8")
    assert '"body": "&gt; ' in reddit
    assert '"kind": "more"' in reddit
    topic = json.loads((DEMO / "discourse" / "t-412.json").read_bytes())
    assert len(topic["post_stream"]["posts"]) == 20 < len(topic["post_stream"]["stream"])
    assert any('<aside class="quote' in row["cooked"] for row in topic["post_stream"]["posts"])


# --- read back ------------------------------------------------------------------------------------------------


def test_every_file_is_read(corpus):
    assert {source["format"] for source in corpus.sources} == FORMATS
    assert len(corpus.posts) == 16


def test_every_stated_comment_is_found_as_it_was_written(corpus, comments):
    stated = [row for row in comments if row["format"] != "page-text"]
    assert len(stated) == 277
    for row in stated:
        got = corpus.comments.loc[row["comment_id"]]
        for name in ("post_id", "parent_id", "karma", "agreement", "status", "text"):
            value = None if pd.isna(got[name]) else got[name]
            assert value == row[name], (row["comment_id"], name)
        if row["status"] in {"live", "bot"}:
            assert (None if pd.isna(got["author"]) else got["author"]) == row["author"]
        assert got["posted_at"] == pd.Timestamp(row["posted_at"])


def test_every_post_is_found_as_it_was_written(corpus, posts):
    for post_id, row in posts.items():
        if row["format"] != "page-text":
            got = corpus.posts.loc[post_id]
            assert (got["title"], got["author"], got["karma"]) == (row["title"], row["author"], row["karma"])
            assert got["text"] == row["text"]


def test_what_the_exports_do_not_hold_is_told(corpus):
    stubs = corpus.problems[corpus.problems["source"].str.contains("reddit/", na=False)]
    assert stubs["what"].str.contains("not in the export").sum() >= 3


def on_page(corpus, slug):
    """Return the page's post and its comments in the order of the page."""
    path = DEMO / "forum-pages" / f"{slug}.txt"
    page = read(path)
    assert len(page.posts) == 1
    order = page.comments.index.str.rpartition("#").get_level_values(-1).astype(int)
    return page.posts.iloc[0], page.comments.iloc[order.argsort()]


def test_a_page_with_all_headers_is_read_as_it_was_written(corpus, comments, posts):
    post, found = on_page(corpus, "congestion-charge")
    written = [row for row in comments if row["post_id"] == "congestion-charge"]
    assert (post["title"], post["author"]) == (posts["congestion-charge"]["title"], "Ilse Tamm")
    assert found["author"].tolist() == [row["author"] for row in written]
    assert found["karma"].tolist() == [row["karma"] for row in written]
    assert found["agreement"].tolist() == [row["agreement"] for row in written]
    assert [said(text) for text in found["text"]] == [said(row["text"]) for row in written]
    assert found.index.isin(corpus.comments.index).all()


def test_a_page_with_lost_headers_loses_no_words(corpus, comments, posts):
    post, found = on_page(corpus, "car-free-saturdays")
    written = [row for row in comments if row["post_id"] == "car-free-saturdays"]
    kept = said(" ".join([post["text"], *found["text"]]))
    assert kept == said(" ".join([posts["car-free-saturdays"]["text"], *(row["text"] for row in written)]))
    # Without an age after it, a name that ends in digits cannot be told from its scores: ferryman88, 2, 0.
    heads = Counter(row["author"].rstrip("0123456789") for row in written if row["header"] == "stated")
    assert not heads - Counter(found["author"].dropna().str.rstrip("0123456789"))
