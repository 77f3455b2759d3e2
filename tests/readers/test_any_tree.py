"""Any tree of comments, written in each shape, is read back as it was."""

import html
import json
import re
from datetime import UTC, datetime, timedelta
from email.mime.text import MIMEText
from email.utils import format_datetime, formataddr
from typing import NamedTuple

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
                "id": str(1000 + n),
                "parent": None if parent is None else str(1000 + parent),
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


def as_dump(path, rows):
    post = {"id": "p", "title": "Tea", "selftext": "Tea is safe.", "subreddit": "tea", "num_comments": len(rows)}
    things = [post]
    for row in rows:
        data = {"id": row["id"], "link_id": "t3_p", "author": row["author"] or "[deleted]", "score": row["karma"]}
        data |= {"parent_id": f"t1_{row['parent']}" if row["parent"] else "t3_p", "subreddit": "tea"}
        data |= {"body": html.escape(escaped(row["text"]), quote=False), "created_utc": int(row["at"].timestamp())}
        things.append(data | {"score_hidden": row["karma"] is None})
    path.write_text("".join(json.dumps(thing) + "\n" for thing in things))


def nested(rows, below, write):
    """Return the comments that answer the post, each with its answers inside it under `below`."""
    made = {row["id"]: write(row) | {below: []} for row in rows}
    for row in rows:
        if row["parent"]:
            made[row["parent"]][below].append(made[row["id"]])
    return [made[row["id"]] for row in rows if not row["parent"]]


def as_bdfr(path, rows):
    def write(row):
        data = {"id": row["id"], "author": row["author"] or "DELETED", "score": row["karma"], "submission": "p"}
        data |= {"body": escaped(row["text"]), "created_utc": row["at"].timestamp()}
        return data | {"parent_id": f"t1_{row['parent']}" if row["parent"] else "t3_p"}

    post = {"id": "p", "title": "Tea", "selftext": "Tea is safe.", "permalink": "/r/tea/comments/p/tea/", "score": 1}
    post |= {"upvote_ratio": 1.0, "num_comments": len(rows), "comments": nested(rows, "replies", write)}
    path.write_text(json.dumps(post))


def as_algolia(path, rows):
    def write(row):
        data = {"id": int(row["id"]), "type": "comment", "author": row["author"], "points": row["karma"]}
        data |= {"story_id": 7, "parent_id": int(row["parent"] or 7), "created_at_i": int(row["at"].timestamp())}
        return data | {"text": f"<p>{html.escape(row['text'])}"}

    story = {"id": 7, "type": "story", "title": "Tea", "text": "Tea is safe.", "points": 1, "created_at_i": 1}
    path.write_text(json.dumps(story | {"children": nested(rows, "children", write)}))


def as_firebase(path, rows):
    kids = {None: []} | {row["id"]: [] for row in rows}
    for row in rows:
        kids[row["parent"]].append(int(row["id"]))
    items = [{"id": 7, "type": "story", "title": "Tea", "text": "Tea is safe.", "time": 1, "kids": kids[None]}]
    for row in rows:
        item = {"id": int(row["id"]), "type": "comment", "parent": int(row["parent"] or 7), "kids": kids[row["id"]]}
        item |= {"time": int(row["at"].timestamp()), "text": html.escape(row["text"])}
        items.append(item | ({"by": row["author"]} if row["author"] else {}))
    path.write_text("".join(json.dumps(item) + "\n" for item in reversed(items)))


def as_lemmy(path, rows):
    post = {"id": 7, "ap_id": "https://tea.example/post/7", "name": "Tea", "body": "Tea is safe.", "community_id": 1}
    above, views = {None: "0"}, [{"post": post}]
    for row in rows:
        above[row["id"]] = f"{above[row['parent']]}.{row['id']}"
        comment = {"id": int(row["id"]), "ap_id": row["id"], "post_id": 7, "path": above[row["id"]]}
        comment |= {"content": escaped(row["text"]), "published": row["at"].isoformat()}
        views.append({"comment": comment, "creator": {"name": row["author"]}, "counts": {"score": row["karma"]}})
    path.write_text(json.dumps({"posts": views[:1], "comments": views[:0:-1]}))


def as_disqus_json(path, rows):
    thread = {"id": "p", "title": "Tea", "clean_title": "Tea", "link": "https://tea.example/", "forum": "tea"}
    posts = []
    for row in rows:
        post = {"id": row["id"], "thread": thread | {"message": "Tea is safe.", "posts": len(rows)}, "forum": "tea"}
        post |= {"author": {"name": row["author"] or "", "username": row["author"] or ""}, "points": row["karma"]}
        post |= {"parent": row["parent"] and int(row["parent"]), "isApproved": True, "isDeleted": False}
        posts.append(post | {"createdAt": row["at"].isoformat(), "message": f"<p>{html.escape(row['text'])}</p>"})
    path.write_text(json.dumps({"code": 0, "cursor": {"hasNext": False}, "response": posts[::-1]}))


def as_disqus_xml(path, rows):
    parts = ['<?xml version="1.0"?><disqus xmlns="http://disqus.com" xmlns:dsq="http://disqus.com/disqus-internals">']
    parts.append('<thread dsq:id="p"><link>https://tea.example/</link><title>Tea</title>')
    parts.append("<message>Tea is safe.</message></thread>")
    for row in rows:
        above = f'<parent dsq:id="{row["parent"]}"/>' if row["parent"] else ""
        name, body = html.escape(row["author"] or ""), html.escape(f"<p>{html.escape(row['text'])}</p>")
        parts.append(
            f'<post dsq:id="{row["id"]}"><message>{body}</message>'
            f"<createdAt>{row['at'].isoformat()}</createdAt><isDeleted>false</isDeleted><isSpam>false</isSpam><author>"
            f'<name>{name}</name><username>{name}</username></author><thread dsq:id="p"/>{above}</post>'
        )
    path.write_text("".join([*parts, "</disqus>"]), encoding="utf-8")


def as_mail(path, rows):
    mails = [{"id": "p", "parent": None, "author": "mira", "at": START, "text": "Tea is safe."}]
    written = []
    for row in [*mails, *rows]:
        mail = MIMEText(row["text"], "plain", "utf-8")
        mail["Message-ID"], mail["Date"] = f"<{row['id']}>", format_datetime(row["at"])
        mail["Subject"] = "Tea" if row["id"] == "p" else "Re: Tea"
        if row["author"]:
            mail["From"] = formataddr((row["author"], "somebody@tea.example"))
        if row["id"] != "p":
            mail["In-Reply-To"] = f"<{row['parent'] or 'p'}>"
        written.append(b"From x Mon Jan  1 00:00:00 2024\n" + mail.as_bytes() + b"\n")
    path.write_bytes(b"".join(written))


def as_greaterwrong(path, rows):
    def write(row):
        who = html.escape(row["author"]) if row["author"] else "[deleted]"
        voted = "" if row["karma"] is None else f'<span class="karma-value">{row["karma"]:,} points</span>'
        return {"head": (
            f'<li id="comment-{row["id"]}" class="comment-item"><div class="comment" data-post-id="p"><div '
            f'class="comment-meta"><span class="author">{who}</span><a class="date" '
            f'data-js-date="{int(row["at"].timestamp()) * 1000}">then</a><div class="karma voting-controls">{voted}'
            f'</div></div><div class="body-text comment-body"><p>{html.escape(row["text"])}</p></div></div>'
        )}  # fmt: skip

    top = (
        '<!DOCTYPE html><html><body class="theme-default"><main class="post"><h1 class="post-title">Tea</h1><div '
        'class="post-meta top-post-meta"><a class="lw2-link" href="https://www.lesswrong.com/posts/p/tea">LW</a></div>'
        '<div class="body-text post-body"><p>Tea is safe.</p></div></main><ul class="comment-thread">'
    )
    below = printed(nested(rows, "below", write), '<ul class="comment-thread">', "</ul>", "</li>")
    path.write_text(f"{top}{below}</ul></body></html>")


def as_forummagnum(path, rows):
    def write(row):
        who = html.escape(row["author"]) if row["author"] else "[anonymous]"
        user = f'<a class="UsersNameDisplay-noColor" href="/users/x">{who}</a>' if row["author"] else who
        score = " " if row["karma"] is None else f'<span class="OverallVoteAxis-voteScore">{row["karma"]}</span>'
        return {"head": (
            f'<div class="comments-node CommentFrame-node" id="{row["id"]}"><div class="CommentsItem-root"><div '
            f'class="CommentsItemMeta-root"><span class="CommentsItemMeta-username">{user}</span><time '
            f'datetime="{row["at"].isoformat()}">2y</time>{score}</div><div class="CommentBody-root"><p>'
            f'{html.escape(row["text"])}</p></div></div>'
        )}  # fmt: skip

    top = (
        f'<!DOCTYPE html><html><head><meta property="og:url" content="https://www.lesswrong.com/posts/{"P" * 17}/tea"/>'
        '</head><body><h1 class="PostsPageTitle-root">Tea</h1><div id="postBody"><div class="PostsPage-postContent"><p>'
        'Tea is safe.</p></div></div><div class="CommentsListSection-root">'
    )
    below = printed(nested(rows, "below", write), '<div class="CommentsNode-children">', "</div>", "</div>")
    path.write_text(f"{top}{below}</div></body></html>")


def printed(rows, opened, closed, end):
    """Return nested comments as HTML, without recursion."""
    said, stack = "", list(reversed(rows))
    while stack:
        row = stack.pop()
        if isinstance(row, str):
            said += row
        else:
            said += row["head"]
            stack += [end, *([closed, *reversed(row["below"]), opened] if row["below"] else [])]
    return said


def escaped(text):
    r"""Return words that Markdown reads as they are: every mark behind a backslash."""
    return "".join(f"\\{c}" if c.isascii() and not c.isalnum() and not c.isspace() else c for c in text)


def canonical(text):
    """Return what HTML and Markdown make of words: runs of blanks are one, tabs and NBSP too."""
    return " ".join(text.split())


class Shape(NamedTuple):
    """How a tree is written, what is read of its words and names, and what the shape cannot hold."""

    write: object
    words: object = canonical
    post_id: str = "p"
    names: object = str
    lacks: frozenset = frozenset()


KARMA_ONLY = frozenset({"karma"})
SHAPES = {
    "jsonl": Shape(as_jsonl, clean),
    "csv": Shape(as_csv, clean, names=lambda name: re.sub(r"^'(?=[=+\-@])", "", name)),
    "parquet": Shape(as_parquet, clean),
    "reddit": Shape(as_reddit),
    "reddit dump": Shape(as_dump),
    "bulk downloader": Shape(as_bdfr),
    "discourse": Shape(as_discourse),
    "lesswrong": Shape(as_lesswrong),
    "greaterwrong page": Shape(as_greaterwrong, names=canonical),
    "lesswrong page": Shape(as_forummagnum, post_id="P" * 17, names=canonical),
    "algolia": Shape(as_algolia, post_id="7"),
    "firebase": Shape(as_firebase, post_id="7", lacks=KARMA_ONLY),
    "lemmy": Shape(as_lemmy, post_id="https://tea.example/post/7"),
    "disqus api": Shape(as_disqus_json),
    "disqus xml": Shape(as_disqus_xml, lacks=KARMA_ONLY),
    "mbox": Shape(as_mail, names=canonical, lacks=KARMA_ONLY),
}


def check(path, shape, rows):
    """Write the rows, read them, and compare every field."""
    write, words, post_id, names, lacks = SHAPES[shape]
    write(path, rows)
    corpus = read(path)
    assert list(corpus.posts.index) == [post_id]
    assert corpus.posts.loc[post_id, ["title", "text"]].tolist() == ["Tea", "Tea is safe."]
    assert sorted(corpus.comments.index) == [row["id"] for row in rows]
    found = corpus.comments.astype(object).to_dict("index")
    depths = {None: -1}
    for row in rows:
        got = found[row["id"]]
        depths[row["id"]] = depths[row["parent"]] + 1
        assert got["depth"] == depths[row["id"]]
        stated = {"parent_id": row["parent"], "author": row["author"] and names(row["author"]), "posted_at": row["at"]}
        for name, value in (stated | {"karma": row["karma"]}).items():
            if name in lacks:
                continue
            assert (value is None and pd.isna(got[name])) or got[name] == value, name
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
            "id": str(1000 + n),
            "parent": str(999 + n) if n else None,
            "author": None,
            "karma": n,
            "at": START,
            "text": "x",
        }
        for n in range(150)
    ]
    check(tmp_path / "export.bin", shape, rows)
