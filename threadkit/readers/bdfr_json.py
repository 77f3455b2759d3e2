"""Reddit, as the Bulk Downloader for Reddit saves it: one post with its comments inside, or one comment with replies.

It leaves out what Reddit shows only after a click, without a trace: the count that Reddit states tells how much.
Bodies are as they were written, without Reddit's escaping. It does not save whether a score was hidden.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from threadkit.readers.body import from_markdown
from threadkit.readers.decode import CUT, peek, values
from threadkit.readers.odd_kinds import PARENT, POST, TEXT, tell_odd
from threadkit.readers.reddit_json import HOST, SITE, bare
from threadkit.readers.strays import Stray, tell
from threadkit.readers.values import GONE, string

if TYPE_CHECKING:
    from pathlib import Path

    from threadkit.readers.draft import Draft
    from threadkit.readers.formats import Sample

_POST_FIELDS = {"author": TEXT, "selftext": TEXT, "title": TEXT}
_COMMENT_FIELDS = {"author": TEXT, "parent_id": PARENT, "submission": POST}

TITLE = "Reddit: Bulk Downloader for Reddit (BDFR), JSON"


def detect(sample: Sample) -> bool:
    """Tell whether the first object is a post with its comments inside, or a comment that names its submission."""
    first = peek(sample.text)
    first = first[0] if isinstance(first, list) and first else first
    return isinstance(first, dict) and (_is_post(first) or _is_comment(first))


def _is_post(value: dict[str, Any]) -> bool:
    comments = value.get("comments")
    if isinstance(comments, list) and comments:
        return isinstance(comments[0], dict) and _is_comment(comments[0])
    return {"selftext", "upvote_ratio", "permalink"} <= value.keys() and "subreddit" not in value


def _is_comment(value: dict[str, Any]) -> bool:
    return {"submission", "body"} <= value.keys()


def read(path: Path, draft: Draft) -> None:
    """Add every post and comment of the file."""
    draft.site = SITE
    for place, top in values(path, draft):
        for record in top if isinstance(top, list) else [top]:
            if isinstance(record, dict) and _is_post(record):
                _add_post(draft, record, place)
            elif isinstance(record, dict) and _is_comment(record):
                _add_tree(draft, [record], None, place)
            else:
                what = "what stands here is neither a post nor a comment of the Bulk Downloader"
                draft.problem(what, "it was left out", place=place, severity="error")


def _add_post(draft: Draft, data: dict[str, Any], place: str) -> None:
    post_id = bare(data.get("id")) or bare(data.get("name"))
    comments = data.get("comments")
    if post_id is None:
        cure = "it was left out, with all comments in it; export it again"
        draft.problem("a post has no id", cure, place=place, severity="error")
        return
    tell_odd(draft, data, _POST_FIELDS, place)
    permalink = string(data.get("permalink"))
    draft.post(
        post_id,
        place=place,
        site=SITE,
        url=HOST + permalink if permalink and permalink.startswith("/") else permalink or string(data.get("url")),
        title=string(data.get("title")),
        author=data.get("author"),
        posted_at=data.get("created_utc"),
        karma=data.get("score"),
        n_comments_stated=data.get("num_comments"),
        text=_body(string(data.get("selftext")) or ""),
    )
    if comments:
        _add_tree(draft, comments, post_id, place)


def _add_tree(draft: Draft, comments: Any, post_id: str | None, place: str) -> None:
    """Add comments with all their replies, in the order of the page, without recursion."""
    strays: list[Stray] = []
    stack: list[tuple[Any, str | None]] = [(comments, None)]
    while stack:
        value, parent_id = stack.pop()
        if isinstance(value, list):
            stack += [(inner, parent_id) for inner in reversed(value)]
        elif isinstance(value, dict):
            comment_id = _add_comment(draft, value, post_id, parent_id, place)
            if value.get("replies"):
                stack.append((value["replies"], comment_id or parent_id))
        else:
            strays.append(Stray(value, f"below {parent_id or post_id}"))
    tell(draft, strays, "a comment")


def _add_comment(
    draft: Draft, data: dict[str, Any], post_id: str | None, parent_id: str | None, place: str
) -> str | None:
    comment_id, body = bare(data.get("id")), string(data.get("body"))
    post_id = bare(data.get("submission")) or post_id
    if comment_id is None or body is None or post_id is None:
        lacks = "no id" if comment_id is None else f"no {'body' if body is None else 'submission'}, {comment_id!r}"
        cut = ": the file is cut off there" if data.get(CUT) else ""
        what = f"a comment has {lacks}{cut}"
        draft.problem(what, "it was left out; export it again", place=place, severity="error")
        return None
    tell_odd(draft, data, _COMMENT_FIELDS, place, comment_id)
    stated = string(data.get("parent_id")) or ""
    if data.get("submission_title"):
        draft.post(post_id, partial=True, site=SITE, title=string(data["submission_title"]))
    draft.comment(
        comment_id,
        post_id,
        place=place,
        site=SITE,
        parent_id=None if stated.startswith("t3_") else bare(stated) or parent_id,
        author=string(data.get("author")),
        posted_at=data.get("created_utc"),
        karma=data.get("score"),
        url=f"{HOST}/comments/{post_id}/_/{comment_id}/",
        text=_body(body),
    )
    return comment_id


def _body(text: str) -> str:
    return text if text.strip().lower() in GONE else from_markdown(text)
