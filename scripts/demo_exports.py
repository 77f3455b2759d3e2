"""The demo threads in the shapes that forums export: page text, LessWrong, Reddit, Discourse, the plain format."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from demo_threads import (
    ID_LETTERS,
    LINK,
    Comment,
    Json,
    Thread,
    blocks,
    comment_id,
    digits,
    parent_id,
    post_id,
    stamp,
    to_html,
)

# Discourse gives this many posts of a topic at once.
_DISCOURSE_PAGE = 20
# How far Reddit's `created` runs ahead of `created_utc`, in seconds.
_REDDIT_SHIFT = 28_800
_COLUMNS = ("kind", "id", "post_id", "parent_id", "author", "karma", "agreement", "posted_at", "title", "url", "text")


def dumps(value: Any) -> bytes:
    """Return readable JSON."""
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


# --- forum page text ------------------------------------------------------------------------------------------


def to_page(text: str) -> list[str]:
    """Render canonical text as the lines that copying a page leaves: no quote marks, no fences, no addresses."""
    out: list[str] = []
    for kind, lines in blocks(text):
        marks = "  • " if kind == "list" else ""
        out += [marks + LINK.sub(r"\1", line) for line in lines]
        out.append("")
    return out


def page(thread: Thread) -> bytes:
    """Render a thread as the text of its page, as it is copied or scraped.

    With `headers = "all"` the page has its title, its own list of comments, and a header with an age for
    each comment; with `headers = "some"` it has neither, and most headers are lost.
    """
    post, whole = thread.post, thread.post["headers"] == "all"
    when = post["posted_at"]
    lines = [post["title"], f"by {post['author']}", f"{when.day}th {when:%b %Y}", ""] if whole else []
    lines += to_page(post["text"])
    lines += [str(post["karma"]), "", f"Ω {post['af_karma']}", "", "Mentioned in"]
    order = thread.tree_order
    if whole:
        lines += [f"{comment.karma}{comment.author}" for comment in order]
    lines += ["New Comment", f"{len(order)} comments, sorted by Click to highlight new comments since:", ""]
    for comment in order:
        if not comment.more.get("lost"):
            af = f"Ω{comment.more['af']}" if "af" in comment.more else ""
            age = "1y" if whole else ""
            lines += [f"[-]{comment.author}{age}{af}{comment.karma}{comment.agreement}", ""]
        body = to_page(comment.text)
        if not whole:  # pages end some paragraphs with a blank that does not break
            body[0] += "\u00a0"
        lines += body
    return "\n".join(lines).rstrip("\n").encode()


# --- LessWrong's GraphQL --------------------------------------------------------------------------------------


def lesswrong_user(name: str | None) -> Json | None:
    """Return a user as the API gives it; None where the author is hidden or gone."""
    if name is None:
        return None
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    return {"_id": digits(f"user/{name}", ID_LETTERS, 17), "slug": slug, "username": name, "displayName": name}


def extended_score(comment: Comment) -> Json | None:
    """Return the second score in the shape of the post's voting system."""
    if comment.agreement is None:
        return None
    votes = {"approvalVoteCount": 3 + comment.n % 5, "agreementVoteCount": 2 + comment.n % 4}
    voting = comment.thread.post["voting"]
    if voting == "agreeDisagree":
        against = comment.n % 3 + max(0, -comment.agreement)
        return {**votes, "agree": comment.agreement + against, "disagree": against}
    score: Json = {**votes, "agreement": comment.agreement}
    if voting == "namesAttachedReactions":
        score["reacts"] = {
            react["name"]: [
                {
                    "userId": digits(f"user/{react['by']}", ID_LETTERS, 17),
                    "displayName": react["by"],
                    "karma": 100,
                    "reactType": "created",
                    "quotes": [react["quote"]] if "quote" in react else [],
                }
            ]
            for react in comment.more.get("reacts", [])
        }
    return score


def lesswrong_comment(comment: Comment) -> Json:
    """Return a comment as the API gives it."""
    top, thread = comment, comment.thread
    while top.parent is not None:
        top = next(c for c in thread.comments if c.n == top.parent)
    name, deleted, body = comment_id(comment), comment.status == "deleted", to_html(comment.text)
    return {
        "_id": name,
        "postId": post_id(thread),
        "parentCommentId": parent_id(comment),
        "topLevelCommentId": None if top is comment else comment_id(top),
        "postedAt": stamp(comment.at),
        "user": lesswrong_user(comment.author),
        "hideAuthor": bool(comment.more.get("hide_author")),
        "baseScore": comment.karma,
        "hideKarma": bool(comment.more.get("hide_karma")),
        "voteCount": 4 + comment.n % 7,
        "extendedScore": extended_score(comment),
        "af": False,
        "deleted": deleted,
        "deletedPublic": deleted,
        "contents": None if deleted else {"_id": digits(name, ID_LETTERS, 17), "html": body},
        "pageUrl": f"https://{thread.post['site']}/posts/{post_id(thread)}/{thread.slug}?commentId={name}",
    }


def lesswrong_post(thread: Thread) -> Json:
    """Return a post as the API gives it."""
    post = thread.post
    return {
        "_id": post_id(thread),
        "title": post["title"],
        "slug": thread.slug,
        "pageUrl": f"https://{post['site']}/posts/{post_id(thread)}/{thread.slug}",
        "postedAt": stamp(post["posted_at"]),
        "baseScore": post["karma"],
        "voteCount": post["karma"] // 2,
        "commentCount": len(thread.comments),
        "user": lesswrong_user(post["author"]),
        "contents": {"html": to_html(post["text"])},
    }


def lesswrong(found: list[Thread]) -> dict[str, bytes]:
    """Render threads in the three shapes that dumps have: both in one envelope, an envelope, a bare list."""
    files, posts = {}, []
    for thread in found:
        rows = [lesswrong_comment(c) for c in thread.comments]
        out: Any = rows
        if thread.post["shape"] != "bare-list":
            out = {"data": {"comments": {"results": rows}}}
        if thread.post["shape"] == "envelope-both":
            out["data"]["post"] = {"result": lesswrong_post(thread)}
        else:
            posts.append(lesswrong_post(thread))
        files[f"lesswrong/{thread.slug}.json"] = dumps(out)
    files["lesswrong/posts.json"] = dumps(posts)
    return files


# --- Reddit ---------------------------------------------------------------------------------------------------


def reddit_markdown(text: str) -> str:
    """Render canonical text as Reddit keeps it: Markdown with `&`, `<` and `>` escaped."""
    return html.escape(text, quote=False)


def listing(children: list[Json]) -> Json:
    """Return Reddit's wrapper around a list of things."""
    return {"kind": "Listing", "data": {"modhash": "", "dist": None, "children": children, "after": None}}


def reddit_comment(comment: Comment, depth: int) -> Json:
    """Return a comment with its replies."""
    thread, name = comment.thread, comment_id(comment)
    body = {"deleted": "[deleted]", "removed": "[removed]"}.get(comment.status, comment.text)
    at = comment.at.timestamp()
    replies = [reddit_comment(c, depth + 1) for c in thread.comments if c.parent == comment.n]
    replies += reddit_more(thread, comment, depth + 1)
    return {
        "kind": "t1",
        "data": {
            "id": name,
            "name": f"t1_{name}",
            "link_id": f"t3_{post_id(thread)}",
            "parent_id": f"t1_{parent_id(comment)}" if comment.parent else f"t3_{post_id(thread)}",
            "author": comment.author or "[deleted]",
            "body": reddit_markdown(body),
            "body_html": html.escape(f'<div class="md">{to_html(body)}\n</div>', quote=False),
            "score": comment.karma,
            "ups": comment.karma,
            "downs": 0,
            "score_hidden": False,
            "controversiality": int((comment.karma or 0) < 0),
            "created": at + _REDDIT_SHIFT,
            "created_utc": at,
            "edited": at + 600 if comment.n % 9 == 3 else False,
            "depth": depth,
            "is_submitter": comment.author == thread.post["author"],
            "stickied": comment.status == "bot",
            "distinguished": "moderator" if comment.status == "bot" else None,
            "subreddit": thread.post["subreddit"],
            "permalink": f"/r/{thread.post['subreddit']}/comments/{post_id(thread)}/_/{name}/",
            "replies": listing(replies) if replies else "",
        },
    }


def reddit_more(thread: Thread, parent: Comment | None, depth: int) -> list[Json]:
    """Return the stubs that stand for comments the export does not hold."""
    return [
        {
            "kind": "more",
            "data": {
                "count": 0 if stub["ids"] == ["_"] else len(stub["ids"]),
                "id": stub["ids"][0],
                "name": f"t1_{stub['ids'][0]}",
                "parent_id": f"t1_{comment_id(parent)}" if parent else f"t3_{post_id(thread)}",
                "depth": depth,
                "children": [] if stub["ids"] == ["_"] else stub["ids"],
            },
        }
        for stub in thread.post.get("more", [])
        if stub["under"] == (parent.n if parent else 0)
    ]


def reddit(thread: Thread) -> bytes:
    """Render a thread as Reddit's .json address gives it."""
    post, name = thread.post, post_id(thread)
    unseen = sum(len([i for i in stub["ids"] if i != "_"]) for stub in post.get("more", []))
    data = {
        "id": name,
        "name": f"t3_{name}",
        "subreddit": post["subreddit"],
        "title": html.escape(post["title"], quote=False),
        "author": post["author"],
        "selftext": reddit_markdown(post["text"]),
        "selftext_html": html.escape(f'<div class="md">{to_html(post["text"])}\n</div>', quote=False),
        "score": post["karma"],
        "upvote_ratio": 0.87,
        "num_comments": len(thread.comments) + unseen,
        "is_self": True,
        "created": post["posted_at"].timestamp() + _REDDIT_SHIFT,
        "created_utc": post["posted_at"].timestamp(),
        "edited": False,
        "permalink": f"/r/{post['subreddit']}/comments/{name}/{thread.slug.replace('-', '_')}/",
        "url": f"https://www.reddit.com/r/{post['subreddit']}/comments/{name}/",
    }
    top = [reddit_comment(c, 0) for c in thread.comments if c.parent is None]
    return dumps([listing([{"kind": "t3", "data": data}]), listing(top + reddit_more(thread, None, 0))])


# --- Discourse ------------------------------------------------------------------------------------------------


def discourse_quote(thread: Thread, n: int, words: str) -> str:
    """Return a quote as Discourse keeps it, with the number of the post it was taken from."""
    who = thread.post["author"] if n == 0 else next(c.author for c in thread.comments if c.n == n)
    number = 1 if n == 0 else thread.number(n)
    return (
        f'<aside class="quote no-group" data-username="{who}" data-post="{number}" data-topic="{thread.post["topic"]}">'
        f'\n<div class="title">\n<div class="quote-controls"></div>\n {who}:</div>\n<blockquote>\n<p>'
        f"{html.escape(words, quote=False)}</p>\n</blockquote>\n</aside>"
    )


def cooked(comment: Comment) -> str:
    """Return a comment's HTML."""
    if comment.status == "deleted":
        return "<p>(post deleted by author)</p>"
    if not comment.text.startswith("> "):
        return to_html(comment.text)
    quote, rest = comment.text.split("\n\n", 1)
    source = int(comment.labels[0].partition(":")[2])
    return discourse_quote(comment.thread, source, quote.removeprefix("> ")) + "\n" + to_html(rest)


def discourse_row(thread: Thread, number: int, **given: Any) -> Json:
    """Return one post of a topic; the topic's own first post is number 1."""
    likes = given.pop("likes")
    return {
        "id": thread.post["topic"] * 100 + number,
        "name": "",
        **given,
        "post_number": number,
        "post_type": 1,
        "topic_id": thread.post["topic"],
        "topic_slug": thread.slug,
        "actions_summary": [{"id": 2, "count": likes}] if likes else [],
        "hidden": False,
        "deleted_at": None,
    }


def discourse(thread: Thread) -> dict[str, bytes]:
    """Render a topic as its first page, and what does not fit as a second."""
    post, topic = thread.post, thread.post["topic"]
    rows = [
        discourse_row(
            thread, 1, username=post["author"], created_at=stamp(post["posted_at"]), cooked=to_html(post["text"]),
            reply_to_post_number=None, likes=post["karma"], user_deleted=False,
        )
    ]  # fmt: skip
    for comment in sorted(thread.comments, key=lambda c: thread.number(c.n)):
        answers = None if comment.parent is None or comment.more.get("reply_unmarked") else comment.parent
        row = discourse_row(
            thread, thread.number(comment.n), username=comment.author, created_at=stamp(comment.at),
            cooked=cooked(comment), reply_to_post_number=thread.number(answers) if answers else None,
            likes=comment.karma, user_deleted=comment.status == "deleted",
        )  # fmt: skip
        rows.append(row)
    whole = {
        "post_stream": {"posts": rows[:_DISCOURSE_PAGE], "stream": [row["id"] for row in rows]},
        "id": topic,
        "title": post["title"],
        "fancy_title": html.escape(post["title"], quote=False),
        "slug": thread.slug,
        "posts_count": len(rows),
        "reply_count": sum(row["reply_to_post_number"] is not None for row in rows),
        "created_at": stamp(post["posted_at"]),
        "like_count": post["karma"] + sum(c.karma or 0 for c in thread.comments),
        "archetype": "regular",
    }
    files = {f"discourse/t-{topic}.json": dumps(whole)}
    if len(rows) > _DISCOURSE_PAGE:
        rest = {"post_stream": {"posts": rows[_DISCOURSE_PAGE:]}, "id": topic}
        files[f"discourse/t-{topic}-posts-from-{_DISCOURSE_PAGE + 1}.json"] = dumps(rest)
    return files


# --- threadkit's plain format ---------------------------------------------------------------------------------


def plain_rows(found: list[Thread]) -> list[Json]:
    """Return posts and comments as rows of the plain format."""
    rows = []
    for thread in found:
        post = thread.post
        url = f"https://{post['site']}/{thread.slug}"
        kept = {"author": post["author"], "karma": post["karma"], "agreement": None, "title": post["title"], "url": url}
        at = stamp(post["posted_at"])
        rows.append({"kind": "post", "id": post_id(thread), **kept, "posted_at": at, "text": post["text"]})
        for comment in thread.comments:
            row: Json = {"kind": "comment", "id": comment_id(comment), "post_id": post_id(thread)}
            row |= {"parent_id": parent_id(comment), "author": comment.author, "karma": comment.karma}
            row |= {"agreement": comment.agreement, "posted_at": stamp(comment.at), "text": comment.text}
            rows.append(row)
    return [{name: row.get(name) for name in _COLUMNS} for row in rows]


def jsonl(rows: list[Json]) -> bytes:
    """Render rows as JSON Lines; what is missing is left out."""
    kept = [{k: v for k, v in row.items() if v is not None} for row in rows]
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in kept).encode()


def comma_separated(rows: list[Json]) -> bytes:
    """Render rows as CSV; what is missing is empty."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()


def parquet(rows: list[Json]) -> bytes:
    """Render rows as Parquet, uncompressed, so that few things can change its bytes."""
    kinds = {"karma": pa.int32(), "agreement": pa.int32(), "posted_at": pa.timestamp("us", tz="UTC")}
    rows = [{**row, "posted_at": datetime.fromisoformat(row["posted_at"])} for row in rows]
    schema = pa.schema([(name, kinds.get(name, pa.string())) for name in rows[0]])
    stream = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows, schema), stream, compression="none", store_schema=False)
    return stream.getvalue()


def exports(found: list[Thread]) -> dict[str, bytes]:
    """Render all threads: the path of each file in corpora/demo and its bytes."""
    of: dict[str, list[Thread]] = {}
    for thread in found:
        of.setdefault(thread.post["format"], []).append(thread)
    files = {f"forum-pages/{thread.slug}.txt": page(thread) for thread in of["page-text"]}
    files |= lesswrong(of["lesswrong-json"])
    files |= {f"reddit/{thread.slug}.json": reddit(thread) for thread in of["reddit-json"]}
    for thread in of["discourse-json"]:
        files |= discourse(thread)
    files["plain/commons.jsonl"] = jsonl(plain_rows(of["threadkit-jsonl"]))
    files["plain/weavers-board.csv"] = comma_separated(plain_rows(of["threadkit-csv"]))
    files["plain/parents.parquet"] = parquet(plain_rows(of["threadkit-parquet"]))
    return files
