"""Real exports walked without the readers: every comment, with the author, score, time and parent that it states.

A walk yields what a file says of each post and comment, read here by other means; `wrong` names the fields in which a
row differs. Every walk is also run on a row that was damaged field by field, so that none of them can pass by saying
nothing.
"""

import gzip
import html
import json
import re
from typing import NamedTuple

import pandas as pd
import pytest
from lxml import html as pages

from threadkit.readers.read import read

WORD = re.compile(r"[^\W\d_]{3,}")
MARKUP = re.compile("[*_\\\\\u200b\u200c\u00ad\u2060\ufeff]")
LINK = re.compile(r'\]\([^)\s]*(?:\s+"[^"]*")?\)|(?:https?://|www\.)[^\s)\]]+')


class Said(NamedTuple):
    """What a file states of one post or comment."""

    name: str
    is_post: bool
    fields: dict
    words: set


def words(text):
    """Return the words of a text without links and emphasis, which may stand inside a word."""
    return set(WORD.findall(MARKUP.sub("", LINK.sub(" ", text))))


def moment(value):
    """Return a time as the tables have it."""
    return pd.Timestamp(value, unit="s", tz="UTC") if isinstance(value, (int, float)) else pd.Timestamp(value)


def wrong(row, said):
    """Return the fields in which a row is not what was stated."""
    same = {name: pd.isna(row[name]) if value is None else row[name] == value for name, value in said.fields.items()}
    return [name for name, good in same.items() if not good] + ["text"] * (not said.words <= words(row["text"]))


def damaged(row, name):
    """Return a row with another value in one field."""
    value = row[name]
    other = {"text": "", "karma": 12_345, "n_comments_stated": 12_345, "posted_at": pd.Timestamp("1999-01-01T00:00Z")}
    return {**row, name: (other.get(name, "somebody else") if pd.isna(value) or name in other else f"{value}~")}


def things(value, kinds):
    """Yield the objects of some kinds anywhere in a value of Reddit's JSON, in no order."""
    stack = [value]
    while stack:
        at = stack.pop()
        if isinstance(at, dict) and at.get("kind") in kinds:
            yield at["kind"], at["data"]
        stack += at.values() if isinstance(at, dict) else at if isinstance(at, list) else []


def reddit(path):
    """Walk a thread, a list of things, or somebody's comments."""
    found = dict(things(json.loads(path.read_bytes()), {"t3"}))
    found = [("t3", found["t3"])] if "t3" in found else []
    found += things(json.loads(path.read_bytes()), {"t1"})
    held = {data["id"] for _, data in found}
    for kind, data in found:
        body = data["selftext" if kind == "t3" else "body"]
        fields = {
            "author": None if data["author"] == "[deleted]" else data["author"],
            "karma": None if data.get("score_hidden") or data.get("hide_score") else data["score"],
            "posted_at": moment(data["created_utc"]),
        }
        gone = body in {"[deleted]", "[removed]"}
        if kind == "t1":
            mark, above = data["parent_id"].split("_")
            fields |= {"parent_id": above if mark == "t1" and above in held else None}
            gone_as = {"[deleted]": "deleted", "[removed]": "removed"}
            live = "bot" if data["author"] == "AutoModerator" else "live"
            fields |= {"post_id": data["link_id"][3:], "status": gone_as.get(body, live)}
        else:
            fields |= {"title": html.unescape(data["title"]), "n_comments_stated": data["num_comments"]}
        said = set() if gone else words(re.sub(r"&\w+;", " ", html.unescape(html.unescape(body))))
        yield Said(data["id"], kind == "t3", fields, said)


def first_quoted(post):
    """Return the number of the earlier post of the same topic that a post quotes first."""
    quotes = pages.fromstring(f"<div>{post['cooked']}</div>").xpath("//aside[contains(@class,'quote')][@data-post]")
    numbers = [int(q.get("data-post")) for q in quotes if q.get("data-topic") in {str(post["topic_id"]), None}]
    return next((n for n in numbers if n < post["post_number"]), None)


def apart(name, topics):
    """Return a post's id as it is called where a topic of the file has the same number."""
    return f"delvingbitcoin.org:{name}" if name in topics else name


def spoken(cooked):
    """Return the words of a rendered post without quotes' titles, previews, links and formulas."""
    tree = pages.fromstring(f"<div>{cooked}</div>")
    others = "|".join(
        f"//{test}"
        for test in (
            "a[contains(., '/') or contains(., '.') or contains(., '@') or contains(., '#')]", "img", "svg", "div[contains(@class,'title')]", "div[contains(@class,'meta')]",
            "aside[contains(@class,'onebox')]", "aside[contains(@class,'quote')][not(@data-username)]",
            "*[contains(@class,'math')]",
        )
    )  # fmt: skip
    for gone in tree.xpath(others):
        gone.clear(keep_tail=True)
        gone.tail = f" {gone.tail or ''}"
    for block in tree.iter("p", "li", "td", "th", "br", "div", "h1", "h2", "h3", "h4", "blockquote", "pre", "summary"):
        block.tail = f" {block.tail or ''}"
    # A quote that somebody typed and the forum did not take for one.
    return words(re.sub(r"\[/?quote[^\]]*\]", " ", "".join(tree.itertext())))


def discourse(posts):
    """Walk posts of topics."""
    held = {(post["topic_id"], post["post_number"]): str(post["id"]) for post in posts}
    topics = {str(post["topic_id"]) for post in posts}
    for post in {post["id"]: post for post in posts[::-1]}.values():
        likes = [action["count"] for action in post.get("actions_summary", []) if action["id"] == 2]
        fields = {
            "author": post["username"],
            "posted_at": moment(post["created_at"]),
            "karma": sum(likes) if "actions_summary" in post else None,
        }
        is_post = post["post_number"] == 1
        if not is_post:
            answered = post["reply_to_post_number"] or first_quoted(post)
            above = held.get((post["topic_id"], answered)) if answered and answered > 1 else None
            fields |= {"post_id": str(post["topic_id"]), "parent_id": above and apart(above, topics)}
        gone = "deleted by author" in post["cooked"]
        name = str(post["topic_id"]) if is_post else apart(str(post["id"]), topics)
        yield Said(name, is_post, fields, set() if gone else spoken(post["cooked"]))


def discourse_pages(folder):
    """Walk the pages of one topic, whatever their order."""
    found = [json.loads(path.read_bytes())["post_stream"]["posts"] for path in folder.glob("cf_*")]
    return discourse([post for page in found for post in page if post["post_type"] != 3])


def discourse_topic(path):
    """Walk one topic."""
    return discourse([post for post in json.loads(path.read_bytes())["post_stream"]["posts"] if post["post_type"] != 3])


def discourse_lines(path):
    """Walk an archive of posts, one a line."""
    with gzip.open(path) as lines:
        return discourse([json.loads(line) for line in lines])


def lesswrong_posts(path):
    """Walk a list of posts."""
    stack = [json.loads(path.read_bytes())]
    while stack:
        at = stack.pop()
        if isinstance(at, dict) and "_id" in at and "title" in at:
            user = at.get("user") or {}
            fields = {"title": at["title"] or None, "url": at["pageUrl"], "karma": at["baseScore"]}
            fields |= {"posted_at": moment(at["postedAt"]), "n_comments_stated": at["commentCount"]}
            fields |= {"author": (user.get("displayName") or user.get("username") or "").strip() or None}
            yield Said(at["_id"], True, fields, set())
        elif isinstance(at, (dict, list)):
            stack += at.values() if isinstance(at, dict) else at


def disqus(path):
    """Walk the comments of an XML export, as text."""
    for post in re.findall(r"<post\b.*?</post>", path.read_text(encoding="utf-8"), re.DOTALL):
        name = re.search(r'<post dsq:id="(\w+)"', post) or re.search(r"<id>(\w+)</id>", post)
        gone = "<isDeleted>true" in post or "<isSpam>true" in post
        body = re.search(r"<message>(.*?)</message>", post, re.DOTALL)
        said = re.sub(r"<!\[CDATA\[|\]\]>|<[^>]*>", " ", body[1] if body else "")
        yield Said(name[1], False, {"karma": None}, set() if gone else words(html.unescape(said)))


def lemmy(folder):
    """Walk notes, one a file."""
    for path in folder.iterdir():
        note = json.loads(path.read_bytes())
        yield Said(note["id"], False, {"karma": None}, spoken(note["content"]))


def github(path):
    """Walk the issues of a recording of the REST interface."""
    stack = [json.loads(path.read_bytes())]
    while stack:
        at = stack.pop()
        if isinstance(at, dict) and "number" in at and "node_id" in at:
            thumbs = at.get("reactions")
            fields = {"author": at["user"]["login"], "url": at["html_url"], "posted_at": moment(at["created_at"])}
            fields |= {"karma": thumbs["+1"] - thumbs["-1"] if thumbs else None, "n_comments_stated": at["comments"]}
            owner = re.search(r"github\.com/([^/]+/[^/]+)/", at["html_url"])[1]
            said = re.sub(r"```.*?```|`[^`]*`|<[^>]*>|!\[[^\]]*\]|&\w+;", " ", at["body"] or "", flags=re.DOTALL)
            yield Said(f"{owner}#{at['number']}", True, fields, words(said))
        stack += at.values() if isinstance(at, dict) else at if isinstance(at, list) else []


def utterances(folder):
    """Walk the texts of a ConvoKit corpus."""
    with gzip.open(folder / "utterances.jsonl.gz") as lines:
        for row in map(json.loads, lines):
            gone = row["text"].strip() in {"", "[deleted]", "[removed]"}
            said = re.sub(r"&\w+;", " ", html.unescape(html.unescape(row["text"])))
            yield Said(row["id"], row["id"] == row["conversation_id"], {}, set() if gone else words(said))


# Where the samples lie, how each is walked, and how many posts and comments it holds.
WALKS = {
    "reddit/graw_thread.json": (reddit, 1, 199),
    "reddit/graw_morechildren.json": (reddit, 0, 50),
    "reddit/graw_user.json": (reddit, 1, 23),
    "discourse": (discourse_pages, 1, 74),
    "discourse/discourse_api_topic.json": (discourse_topic, 1, 3),
    "../data/threads/delving_bitcoin_odd_topics.jsonl.gz": (discourse_lines, 298, 2085),
    "lesswrong/lw_graphql_posts_2023-04.json": (lesswrong_posts, 658, 0),
    "disqus/isso_disqus.xml": (disqus, 0, 6),
    "disqus/remark42_disqus.xml": (disqus, 0, 6),
    "disqus/remark42_disqus-deleted-post.xml": (disqus, 0, 6),
    "lemmy": (lemmy, 0, 2),
    "github/octokit_paginate_issues_raw.json": (github, 13, 0),
    "convokit": (utterances, 50, 1469),
}


def faults(corpus, stated):
    """Return the rows that are missing or wrong, and a wrong row for every field that could be."""
    rows = {(True, name): row for name, row in corpus.posts.to_dict("index").items()}
    rows |= {(False, name): row for name, row in corpus.comments.to_dict("index").items()}
    found = [(said.name, "missing") for said in stated if (said.is_post, said.name) not in rows]
    held = [(said, rows[said.is_post, said.name]) for said in stated if (said.is_post, said.name) in rows]
    found += [(said.name, *fields) for said, row in held if (fields := wrong(row, said))]
    unseen = [
        name
        for said, row in held
        for name in (*said.fields, *["text"] * bool(said.words))
        if not wrong(damaged(row, name), said)
    ]
    return found, unseen


@pytest.mark.parametrize("name", WALKS)
def test_every_post_and_comment_is_read_as_its_file_states_it(shared, name):
    walk, n_posts, n_comments = WALKS[name]
    path = shared / "exports" / name
    stated = {(said.is_post, said.name): said for said in walk(path)}.values()
    assert (sum(said.is_post for said in stated), sum(not said.is_post for said in stated)) == (n_posts, n_comments)
    found, unseen = faults(read(path), stated)
    assert found == []
    assert unseen == [], "the walk passes damaged rows"


def test_every_comment_of_every_reddit_thread_is_read_as_its_file_states_it(shared):
    paths = sorted((shared / "exports/reddit_threads").iterdir())
    stated = [said for path in paths for said in reddit(path)]
    assert len(stated) == 902 + 33
    assert faults(read(shared / "exports/reddit_threads"), stated) == ([], [])
