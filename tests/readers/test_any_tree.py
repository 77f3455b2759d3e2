"""Any tree of comments, written in each shape, is read back as it was."""

import html
import json
import re
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from threadkit.base.text import clean
from threadkit.readers.read import read

START = datetime(2024, 1, 1, tzinfo=UTC)
# Letters of any script, marks that look like markup, blanks of every kind but line ends, and what breaks files.
ODD = "aB é\u00df漢\U0001f375'\"`*_<>&;,\\[]()#|~:/=+-@\u00a0\u2019\u202e\t{}$%!?^"
NAMES = st.text(st.sampled_from("abcXYZ019_-. é漢'\",;&<>"), min_size=1, max_size=12).map(str.strip)
KARMA = st.none() | st.integers(-99, 9999)


@st.composite
def trees(draw):
    """Draw comments in the order of writing: each answers the post or an earlier one; chains go deep."""
    rows = []
    for n in range(draw(st.integers(1, 14))):
        # The last comment is answered as often as all others together.
        parent = draw(st.sampled_from([None, *range(n), *([n - 1] * n)])) if n else None
        author = draw(st.none() | NAMES)
        words = draw(st.text(st.sampled_from(ODD), min_size=1, max_size=30))
        rows.append(
            {
                "id": f"c{n:03}",
                "parent": None if parent is None else f"c{parent:03}",
                "author": author if author and author.lower() not in {"deleted", "automoderator", "discobot"} else None,
                "karma": draw(KARMA),
                "at": START + timedelta(hours=draw(st.integers(0, 3))),
                # A letter at both ends: blanks there are no words, and a lone mark is no sentence.
                "text": f"x{words}x",
            }
        )
    return rows


def lines(rows):
    """Return the rows as threadkit's own records."""
    own = [{"kind": "post", "id": "p", "post_id": None, "text": "Tea is safe.", "title": "Tea"}]
    for row in rows:
        fields = {"kind": "comment", "id": row["id"], "post_id": "p", "parent_id": row["parent"], "text": row["text"]}
        own.append(fields | {"author": row["author"], "karma": row["karma"], "posted_at": row["at"].isoformat()})
    return own


def as_jsonl(path, rows):
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in lines(rows)), encoding="utf-8")


def as_csv(path, rows):
    pd.DataFrame(lines(rows)).convert_dtypes().to_csv(path, index=False)


def as_parquet(path, rows):
    table = pd.DataFrame(lines(rows)).convert_dtypes()
    table.assign(posted_at=pd.to_datetime(table.posted_at)).to_parquet(path)


def as_reddit(path, rows):
    def thing(row):
        data = {"id": row["id"], "name": f"t1_{row['id']}", "link_id": "t3_p", "created_utc": row["at"].timestamp()}
        data |= {
            "parent_id": f"t1_{row['parent']}" if row["parent"] else "t3_p",
            "author": row["author"] or "[deleted]",
        }
        data |= {"body": html.escape(escaped(row["text"]), quote=False), "score": row["karma"]}
        return {"kind": "t1", "data": data | {"score_hidden": row["karma"] is None, "replies": ""}}

    things = {row["id"]: thing(row) for row in rows}
    listing = {None: []}
    for row in rows:
        if row["parent"] and row["parent"] not in listing:
            listing[row["parent"]] = []
            below = {"kind": "Listing", "data": {"children": listing[row["parent"]]}}
            things[row["parent"]]["data"]["replies"] = below
        listing[row["parent"]].append(things[row["id"]])
    post = {"id": "p", "name": "t3_p", "title": "Tea", "selftext": "Tea is safe.", "num_comments": len(rows)}
    tops = [[{"kind": "t3", "data": post}], listing[None]]
    path.write_text(json.dumps([{"kind": "Listing", "data": {"children": top}} for top in tops]))


def as_discourse(path, rows):
    numbers = {None: 1} | {row["id"]: n for n, row in enumerate(rows, start=2)}
    posts = [{"id": "p1", "post_number": 1, "topic_id": "p", "username": "mira", "cooked": "<p>Tea is safe.</p>"}]
    for row in rows:
        post = {"id": row["id"], "post_number": numbers[row["id"]], "topic_id": "p", "username": row["author"]}
        post |= {"cooked": f"<p>{html.escape(row['text'])}</p>", "created_at": row["at"].isoformat(), "post_type": 1}
        # Discourse never hides its likes, so the test lets them be absent instead.
        likes = None if row["karma"] is None else [{"id": 2, "count": row["karma"]}]
        posts.append(post | {"reply_to_post_number": numbers[row["parent"]], "actions_summary": likes})
    stream = {"posts": posts[::-1], "stream": [post["id"] for post in posts]}
    path.write_text(json.dumps({"post_stream": stream, "id": "p", "title": "Tea", "posts_count": len(posts)}))


def as_lesswrong(path, rows):
    records = [{"_id": "p", "title": "Tea", "slug": "tea", "contents": {"html": "<p>Tea is safe.</p>"}}]
    for row in rows:
        record = {"_id": row["id"], "postId": "p", "parentCommentId": row["parent"], "postedAt": row["at"].isoformat()}
        record |= {"contents": {"html": f"<p>{html.escape(row['text'])}</p>"}, "baseScore": row["karma"]}
        records.append(record | {"user": row["author"] and {"displayName": row["author"]}})
    path.write_text(json.dumps(records[::-1]))


def escaped(text):
    r"""Return words that Markdown reads as they are: every mark behind a backslash."""
    return "".join(f"\\{c}" if c.isascii() and not c.isalnum() and not c.isspace() else c for c in text)


def canonical(text):
    """Return what HTML and Markdown make of words: runs of blanks are one, tabs and NBSP too."""
    return " ".join(text.split())


SHAPES = {
    "jsonl": (as_jsonl, clean),
    "csv": (as_csv, clean),
    "parquet": (as_parquet, clean),
    "reddit": (as_reddit, canonical),
    "discourse": (as_discourse, canonical),
    "lesswrong": (as_lesswrong, canonical),
}


def check(path, shape, rows):
    """Write the rows, read them, and compare every field."""
    write, words = SHAPES[shape]
    write(path, rows)
    corpus = read(path)
    assert list(corpus.posts.index) == ["p"]
    assert corpus.posts.loc["p", ["title", "text"]].tolist() == ["Tea", "Tea is safe."]
    assert sorted(corpus.comments.index) == [row["id"] for row in rows]
    found = corpus.comments.astype(object).to_dict("index")
    depths = {None: -1}
    for row in rows:
        got = found[row["id"]]
        depths[row["id"]] = depths[row["parent"]] + 1
        assert got["depth"] == depths[row["id"]]
        stated = {"parent_id": row["parent"], "author": row["author"], "karma": row["karma"], "posted_at": row["at"]}
        if shape == "csv" and row["author"]:
            # A cell's apostrophe before a sign is what keeps a spreadsheet from calculating; it is no letter of a name.
            stated["author"] = re.sub(r"^'(?=[=+\-@])", "", row["author"])
        for name, value in stated.items():
            assert (value is None and pd.isna(got[name])) or got[name] == value
        assert got["text"] == words(row["text"])
        assert got["status"] == "live"
    assert not corpus.problems.severity.eq("error").any()


@pytest.mark.parametrize("shape", SHAPES)
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(rows=trees())
def test_any_tree_is_read_back(tmp_path, shape, rows):
    check(tmp_path / "export.bin", shape, rows)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_long_chain_is_read_back(tmp_path, shape):
    # Reddit nests four levels of JSON for every reply, and Python's own writer stops near a thousand.
    rows = [
        {
            "id": f"c{n:03}",
            "parent": f"c{n - 1:03}" if n else None,
            "author": None,
            "karma": n,
            "at": START,
            "text": "x",
        }
        for n in range(150)
    ]
    check(tmp_path / "export.bin", shape, rows)
