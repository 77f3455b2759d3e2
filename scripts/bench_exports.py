"""Exports made of our own words, of any size and the same bytes each time: what bench_readers.py reads.

Comments of Reddit as NDJSON, with plain bodies, with those of a forum (a fifth holds links, quotes, lists), or with the
marks of real threads;
threadkit's JSON Lines; Stack Exchange rows (HTML in XML); saved pages of Hacker News, LessWrong, GreaterWrong,
LessWrong 1, GitHub.
"""

from __future__ import annotations

import json
import random
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

WORDS = [
    "tea",
    "coffee",
    "water",
    "cup",
    "hot",
    "cold",
    "never",
    "always",
    "think",
    "people",
    "shop",
    "town",
    "price",
    "study",
    "year",
    "rather",
    "because",
    "would",
    "could",
    "morning",
    "evening",
    "doubt",
    "agree",
    "wrong",
    "right",
    "reason",
    "market",
    "child",
    "street",
    "paper",
    "the",
    "a",
    "of",
    "and",
    "to",
    "in",
    "is",
    "that",
    "it",
    "not",
]
# Of a forum's bodies this share holds marks of Markdown.
MARKED = 0.2
# What bodies of real threads of Reddit hold, about as often: a half plain lines of ASCII, a quarter typographic signs
# or broken lines, a fifth marks, a thirtieth what takes a parser.
TALK = 0.5, 0.75, 0.965


def prose(draw: random.Random) -> str:
    """Return some sentences, about as long as a forum's comment."""
    said = [" ".join(draw.choices(WORDS, k=draw.randint(5, 18))).capitalize() + "." for _ in range(draw.randint(1, 7))]
    return "\n\n".join(" ".join(said[n : n + 3]) for n in range(0, len(said), 3))


def forum(draw: random.Random) -> str:
    """Return prose, a fifth of it with a quote, a link, emphasis or a list."""
    body = prose(draw)
    if draw.random() >= MARKED:
        return body
    kind = draw.randrange(4)
    if kind == 0:
        return f"> {prose(draw).splitlines()[0]}\n\n{body}"
    if kind == 1:
        return f"{body} See [this page](https://example.org/{draw.randrange(999)})."
    return f"*Really?* {body}" if kind == 2 else f"{body}\n\n* one cup\n* two cups"


def talk(draw: random.Random) -> str:
    """Return prose with the signs and marks of real threads."""
    body, kind = prose(draw), draw.random()
    if kind < TALK[0]:
        return body
    if kind < TALK[1]:
        return draw.choice(
            [body.replace(" is ", " isn\u2019t "), body.replace(". ", ".\n"), f"{body} \u2013 \u201cso?\u201d"]
        )
    if kind < TALK[2]:
        first = prose(draw).splitlines()[0]
        address = f"https://example.org/{draw.randrange(999)}?a=b&c=%20d,e"
        marks = [f">{first}\n\n{body}", body.replace(". ", ".  \n"), f"{body} [sic]", f"{body} [this page]({address})"]
        return draw.choice([*marks, forum(draw), f"**{first[:20].strip()}:** {body}"])
    return draw.choice([f"1. {body}\n2. no", f"> {body}\n>> no", f"```\n{body}\n```", f"\\*{body}\\*"])


def rows(draw: random.Random, body: Callable[[random.Random], str], first: int) -> Iterator[dict[str, object]]:
    """Yield comments, each with the number of the one it answers."""
    n = 0
    while True:
        n += 1
        above = draw.randrange(max(1, n - 20), n + 1) % n
        yield {
            "n": first + n,
            "above": first + above if above else 0,
            "text": body(draw),
            "score": draw.randint(-5, 90),
        }


def reddit(row: dict[str, object]) -> str:
    """Return a comment as the archives of Reddit have it."""
    n, above = row["n"], row["above"]
    data = {
        "author": f"user_{int(str(n)) % 5000}",
        "author_flair_text": None,
        "body": escape(str(row["text"]), quote=False),
        "controversiality": 0,
        "created_utc": 1_600_000_000 + int(str(n)),
        "distinguished": None,
        "edited": False,
        "gilded": 0,
        "id": f"g{n}",
        "link_id": "t3_post1",
        "parent_id": f"t1_g{above}" if above else "t3_post1",
        "permalink": f"/r/drinks/comments/post1/tea/g{n}/",
        "retrieved_on": 1_700_000_000,
        "score": row["score"],
        "stickied": False,
        "subreddit": "drinks",
        "subreddit_id": "t5_2x",
    }
    return json.dumps(data) + "\n"


def padded(row: dict[str, object]) -> str:
    """Return a comment of Reddit with ten times as many bytes that no table keeps."""
    return reddit(row)[:-2] + f', "media_metadata": "{"x" * 6000}"}}\n'


def own(row: dict[str, object]) -> str:
    """Return a comment as threadkit's own line."""
    n, above = row["n"], row["above"]
    data = {
        "kind": "comment",
        "id": f"g{n}",
        "post_id": "p",
        "parent_id": f"g{above}" if above else None,
        "author": "ana",
    }
    return (
        json.dumps({**data, "karma": row["score"], "posted_at": 1_600_000_000 + int(str(n)), "text": row["text"]})
        + "\n"
    )


def stackexchange(row: dict[str, object]) -> str:
    """Return a row of Posts.xml, its HTML escaped."""
    n = int(str(row["n"]))
    kind = 'PostTypeId="1" Title="Tea"' if n % 5 == 1 else f'PostTypeId="2" ParentId="{n - (n - 1) % 5}"'
    body = escape("".join(f"<p>{part}</p>" for part in str(row["text"]).split("\n\n")))
    facts = 'CreationDate="2012-03-04T05:06:07.890" Score="3" OwnerDisplayName="ana"'
    return f'<row Id="{n}" {kind} {facts} Body="{body}" />\n'


HN_ROW = """<tr class="athing comtr" id="{n}"><td><table><tr><td class="ind" indent="0">
<img src="s.gif" height="1" width="0"></td><td class="votelinks"><a id="up_{n}" href="vote?id={n}"></a></td>
<td class="default"><div><span class="comhead"><a href="user?id=ana" class="hnuser">ana</a>
<span class="age" title="2024-05-01T10:00:00"><a href="item?id={n}">1 day</a></span></span></div><br>
<div class="comment"><div class="commtext c00">{text}</div><div class="reply"><p><font size="1"><u>
<a href="reply?id={n}">reply</a></u></font></div></div></td></tr></table></td></tr>
"""
HN_TOP = """<html><head><title>Tea | Hacker News</title></head><body><table id="hnmain"><tr><td class="subtext">
<span class="score" id="score_1">3 points</span> <a href="user?id=ana" class="hnuser">ana</a></td></tr></table>
<table class="comment-tree">
"""


def hackernews(row: dict[str, object]) -> str:
    """Return a comment of a page of Hacker News."""
    return HN_ROW.format(n=row["n"], text=str(row["text"]).replace("\n\n", "<p>"))


POST = "AbCdEfGhIjKlMnOpQ"
FM_TOP = f"""<!DOCTYPE html><html><head><title>Tea</title><meta property="og:url"
content="https://www.lesswrong.com/posts/{POST}/tea"/></head><body><h1 class="PostsPageTitle-root"><a
class="PostsPageTitle-link" href="/posts/{POST}/tea">Tea?</a></h1><div class="CommentsListSection-root">
"""
FM_NODE = """<div><div class="comments-node CommentFrame-node" id="{name}"><div><div class="CommentsItem-root
recent-comments-node"><div class="CommentsItem-body"><div class="CommentsItemMeta-root"><a
class="CommentsItemMeta-collapse">[<span>-</span>]</a><span class="CommentsItemMeta-username"><a
class="CommentUserName-author UsersNameDisplay-noColor" href="/users/ana">ana</a></span><span
class="CommentsItemDate-root"><a href="/posts/{post}/tea?commentId={name}"><time
datetime="2023-04-05T06:07:08.009Z">2y</time></a></span><span class="OverallVoteAxis-voteScore">{score}</span><span
class="AgreementVoteAxis-agreementSection"><span class="AgreementVoteAxis-agreementScore"><span>3</span></span></span>
</div><div class="ContentStyles-base content CommentBody-root"><div
class="CommentBody-commentStyling">{text}</div></div>
<div class="CommentBottom-bottom"><a>Reply</a><span>4</span></div></div></div></div></div></div>
"""
GW_TOP = f"""<!DOCTYPE html><html><head><title>Tea? - LessWrong 2.0 viewer</title></head><body><nav id="primary-bar"
class="nav-bar nav-bar-top"><a class="nav-inner" href="/">Home</a></nav><main class="post"><h1 class="post-title">Tea?
</h1><div class="post-meta top-post-meta"><div class="karma voting-controls" data-post-id='{POST}'><span
class="karma-value"
>12</span></div><a class="lw2-link" href="https://www.lesswrong.com/posts/{POST}/tea">LW link</a></div>
<div class="body-text post-body"><p>Tea.</p></div></main><div id="comments" class="comments"><ul class="comment-thread">
"""
GW_ITEM = """<li id="comment-{name}" class="comment-item depth-odd"><div class="comment" data-post-id="{post}">
<div class="comment-meta"><a class="author" href="/users/ana" data-userid="u2" data-full-name="Ana">ana</a><a
class="date" href="/posts/{post}/t#comment-{name}" data-js-date=1680400000000>2 Apr 2023</a>
<div class="karma voting-controls"><button
type="button" class="vote upvote"></button><span class="karma-value" title="5 votes">{score}<span> points</span></span>
</div><a class="permalink" href="/posts/{post}/t/comment/{name}"></a><a class="lw2-link"
href="https://www.lesswrong.com/posts/{post}/t?commentId={name}"></a></div>
<div class="body-text comment-body">{text}</div></div></li>
"""
LW1_TOP = """<!DOCTYPE html><html><head><title>Tea? - Less Wrong</title></head><body><div id="siteTable_t3_1ab">
<div id="thingrow_t3_1ab" class="post"><h1 itemprop="name"><a href="/lw/1ab/tea/">Tea?</a></h1></div></div>
"""
LW1_THING = """<div id="thingrow_t1_{name}" class="comment"><div id="entry_t1_{name}" class="entry"><div
id="display_t1_{name}"><div class="comment-meta clear"><span class="comment-author"><span class="hide-text">Comment
author:</span> <span class="author"><a id="author_t1_{name}" href="/user/ana/">ana</a></span></span><span
class="comment-date" time="1263776106"> 18 January 2010 12:05:06PM <em>*</em></span><span class="votes "
id="score_t1_{name}" title="50% positive">{score} points</span><a class="expand">[-]</a></div><div id="body_t1_{name}"
class="comment-content "><div class="md">{text}</div></div><div class="comment-links"><a id="permalink_t1_{name}"
href="http://lesswrong.com/lw/1ab/tea/{name}">Permalink</a></div></div></div></div>
"""
GITHUB_TOP = """<!DOCTYPE html><html><head><title>Tea \u00b7 Issue #3 \u00b7 mira/tea</title><meta property="og:url"
content="https://github.com/mira/tea/issues/3"></head><body><div class="gh-header-meta">mira opened this issue</div>
<h1 class="gh-header-title"><bdi class="js-issue-title">Tea?</bdi></h1><div class="js-discussion">
"""
GITHUB_ITEM = """<div class="TimelineItem js-comment-container"><div class="timeline-comment-group"
id="issuecomment-{n}">
<div class="timeline-comment comment js-comment "><h3><strong><a class="author" href="/ana">ana</a></strong> commented
<relative-time datetime="2024-05-02T10:00:00Z">x</relative-time></h3><table><tr><td
class="d-block comment-body markdown-body js-comment-body">{text}</td></tr></table></div></div></div>
"""


def page(template: str) -> Callable[[dict[str, object]], str]:
    """Return what writes a comment of a saved page."""

    def write_comment(row: dict[str, object]) -> str:
        text = "".join(f"<p>{part}</p>" for part in str(row["text"]).split("\n\n"))
        return template.format(n=row["n"], name=f"g{row['n']:0>16}", post=POST, score=row["score"], text=text)

    return write_comment


Shape = tuple[str, "Callable[[dict[str, object]], str]", "Callable[[random.Random], str]", str, float]
# name of the file, a comment in it, its body, what stands above them, share of the megabytes asked for
CASES: dict[str, Shape] = {
    "ndjson-plain": ("RC.jsonl", reddit, prose, "", 1),
    "ndjson-forum": ("RC.jsonl", reddit, forum, "", 1),
    "ndjson-talk": ("RC.jsonl", reddit, talk, "", 1),
    "ndjson-padded": ("RC.jsonl", padded, prose, "", 1),
    "jsonl-own": ("own.jsonl", own, prose, '{"kind": "post", "id": "p", "text": "Tea."}\n', 1),
    "xml-stackexchange": ("Posts.xml", stackexchange, prose, '<?xml version="1.0"?>\n<posts>\n', 0.25),
    "html-hackernews": ("item.html", hackernews, prose, HN_TOP, 0.125),
    "html-forummagnum": ("page.html", page(FM_NODE), prose, FM_TOP, 0.125),
    "html-greaterwrong": ("page.html", page(GW_ITEM), prose, GW_TOP, 0.125),
    "html-lesswrong1": ("page.html", page(LW1_THING), prose, LW1_TOP, 0.125),
    "html-github": ("page.html", page(GITHUB_ITEM), prose, GITHUB_TOP, 0.125),
}


def write(case: str, path: Path, megabytes: float, part: int = 0) -> Path:
    """Write the export of a case, the same bytes each time; of several parts each has comments of its own."""
    name, shape, body, top, share = CASES[case]
    draw = random.Random(f"{case}{part or ''}")
    left = int(megabytes * share * 1e6)
    out = path / (f"{part}-{name}" if part else name)
    with out.open("w", encoding="utf-8") as file:
        left -= file.write(top)
        for row in rows(draw, body, part * 10**7):
            left -= file.write(shape(row))
            if left <= 0:
                break
        file.write("</posts>" if name == "Posts.xml" else "")
    return out
