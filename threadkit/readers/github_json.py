"""GitHub: issues, pull requests and discussions with their comments, as the REST or the GraphQL interface gives them.

Read are single objects, lists, one object a line, and any envelope around them (``{"issue": …, "comments": […]}``,
``data.repository.issue.comments.nodes``, what ``gh issue view --json`` prints). karma is thumbs up minus thumbs down
(of a discussion its upvotes); comments of an issue are flat, replies in a discussion or a review have a parent.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from threadkit.readers.body import from_markdown
from threadkit.readers.decode import CUT, peek, values
from threadkit.readers.odd_kinds import OBJECT, PARENT, TEXT, TEXT_OR_OBJECT, tell_odd
from threadkit.readers.strays import Listed, among, listed, tell
from threadkit.readers.values import edit_time, ident, number, string

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from threadkit.readers.draft import Draft
    from threadkit.readers.formats import Sample

TITLE = "GitHub: issues, pull requests, discussions (REST or GraphQL JSON)"

_SITE = "GitHub"
# A company's own GitHub may have any host, but answers under the same path.
_THREAD = re.compile(
    r"^https?://(?:(?:api\.)?github\.[^/]+/(?:api/v3/)?(?:repos/)?|[^/]+/api/v3/repos/)"
    r"([^/]+/[^/]+)/(?:issues|pulls?|discussions)/(\d+)\b"
)
_IN_THREAD = re.compile(r"#(?:issuecomment-|discussioncomment-|discussion_r|pullrequestreview-)(\d+)$|/comments/(\d+)$")
_LINKS = ("issue_url", "pull_request_url", "html_url", "url")
_KINDS = {
    "body": TEXT,
    "bodyText": TEXT,
    "user": TEXT_OR_OBJECT,
    "author": TEXT_OR_OBJECT,
    "in_reply_to_id": PARENT,
    "replyTo": OBJECT,
}
# GitHub's own name for an account that is gone.
_GHOST = "ghost"
_UP, _DOWN = "THUMBS_UP", "THUMBS_DOWN"


class _Found(NamedTuple):
    """A thread's opening or a comment, and what it stands in."""

    fields: dict[str, Any]
    place: str
    post_id: str | None
    parent: str | None


def detect(sample: Sample) -> bool:
    """Tell whether the file holds an issue or a comment of GitHub's."""
    first = peek(sample.text)
    return isinstance(first, (dict, list)) and next(_walk(first, "", "", []), None) is not None


def read(path: Path, draft: Draft) -> None:
    """Add every thread, then every comment."""
    draft.site = _SITE
    found: list[_Found] = []
    tops = list(values(path, draft))
    lists = listed(tops)
    for place, top in tops:
        if isinstance(top, dict) and isinstance(top.get("errors"), list):
            what = f"GitHub answered with {len(top['errors'])} errors"
            draft.problem(what, "ask for the export again", place=place, severity="error")
        found += _walk(top, place, path.stem, lists)
    _tell_strays(draft, found, lists)
    comments = [one for one in found if not _is_post(one.fields)]
    for one in found:
        if _is_post(one.fields):
            _add_post(draft, one)
    named = draft.posts.keys() or {thread for one in comments if (thread := _thread(one.fields))}
    lone = next(iter(named)) if len(named) == 1 else path.stem
    names = {ident(one.fields.get("id")): _name(one.fields) for one in comments}
    for one in comments:
        _add_comment(draft, one, lone, names)


def _tell_strays(draft: Draft, found: list[_Found], lists: list[Listed]) -> None:
    """Note what stands among threads and comments and is neither."""
    strays = among(lists, (one.fields for one in found))
    tell(draft, [stray for stray in strays if not _is_event(stray.value)], "a thread or comment")


def _is_event(value: Any) -> bool:
    """Tell what a timeline holds beside comments: labels set, commits pushed."""
    return isinstance(value, dict) and (
        string(value.get("event")) is not None or (string(value.get("__typename")) or "").endswith(("Event", "Commit"))
    )


def _walk(top: Any, place: str, stem: str, lists: list[Listed]) -> Iterator[_Found]:
    """Yield threads and comments in the order of the file, without recursion; `lists` is given every list on the way.

    A thread that tells no address, nor one of its comments, is named after the file, whose `stem` is given.
    """
    stack: list[tuple[Any, str, str | None, str | None]] = [(top, place, None, None)]
    among_comments: set[int] = set()
    mixed: set[int] = set()
    while stack:
        value, place, post_id, parent = stack.pop()
        if isinstance(value, list):
            nodes = [one.get("node", one) if isinstance(one, dict) else one for one in value]
            if id(value) not in mixed:
                lists.append(Listed(nodes, post_id or place))
            stack += [(one, place, post_id, parent) for one in reversed(value)]
            if post_id is None and any(_is_comment(one) for one in nodes if isinstance(one, dict)):
                among_comments.update(id(one) for one in nodes if isinstance(one, dict) and _is_spoken(one))
        if not isinstance(value, dict):
            continue
        if _is_post(value):
            post_id, parent = _thread(value) or f"{stem}#{ident(value['number'])}", None
            yield _Found(value, post_id or place, post_id, None)
            timeline = value.get("timelineItems")
            # It holds much besides comments, and the query names the fields of what it asks for alone.
            mixed.update(map(id, timeline.values()) if isinstance(timeline, dict) else ())
        elif _is_comment(value) or id(value) in among_comments or (post_id is not None and _is_said(value)):
            yield _Found(value, _name(value) or place, post_id, parent)
            parent = _name(value) or parent
        elif isinstance(value.get("issue"), dict) and _is_post(value["issue"]):
            post_id = _thread(value["issue"])
        stack += [
            (below, place, post_id, parent) for below in reversed(value.values()) if isinstance(below, (dict, list))
        ]


def _link(value: dict[str, Any]) -> re.Match[str] | None:
    links = (_THREAD.match(string(value.get(key)) or "") for key in _LINKS)
    return next((link for link in links if link), None)


def _is_post(value: dict[str, Any]) -> bool:
    marked = "number" in value and "title" in value and bool({"body", "bodyText"} & value.keys())
    return marked and (_link(value) is not None or next(_comments(value), None) is not None)


def _comments(value: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the comments that an object holds, listed or as nodes."""
    held = value.get("comments")
    held = held.get("nodes") if isinstance(held, dict) else held
    for one in held if isinstance(held, list) else ():
        if isinstance(one, dict) and _is_said(one):
            yield one


def _is_said(value: dict[str, Any]) -> bool:
    """Tell whether somebody says something: below a thread that makes a comment, whatever else is not told."""
    said = {"body", "bodyText"} & value.keys() and {"user", "author"} & value.keys()
    return bool(said) and "title" not in value


def _is_spoken(value: dict[str, Any]) -> bool:
    """Tell whether there are words, and an id: among comments that makes one, whatever else is not told."""
    return "title" not in value and bool({"body", "bodyText"} & value.keys()) and _name(value) is not None


def _is_comment(value: dict[str, Any]) -> bool:
    if "title" in value or not {"body", "bodyText"} & value.keys():
        return False
    named = {"issue_url", "pull_request_url", "in_reply_to_id"} & value.keys() or _name_in_link(value)
    return bool(named) or string(value.get("__typename")) in {"IssueComment", "DiscussionComment"}


def _thread(value: dict[str, Any]) -> str | None:
    """Return the id of a thread as GitHub itself writes it (``owner/repository#12``), from its comments if need be."""
    links = (_link(one) for one in (value, *_comments(value)))
    link = next((link for link in links if link), None)
    return f"{link.group(1)}#{link.group(2)}" if link else None


def _name_in_link(value: dict[str, Any]) -> str | None:
    links = (_IN_THREAD.search(string(value.get(key)) or "") for key in ("html_url", "url"))
    return next((link.group(1) or link.group(2) for link in links if link), None)


def _name(value: dict[str, Any]) -> str | None:
    """Return a comment's number: GraphQL calls it databaseId, and both write it into the address."""
    return _name_in_link(value) or ident(value.get("databaseId")) or ident(value.get("id"))


def _add_post(draft: Draft, one: _Found) -> None:
    fields, name = one.fields, str(one.post_id)
    if _thread(fields) is None:
        what = "a thread has no address, nor has one of its comments"
        draft.problem(what, f"it was named {name!r}, after the file", place=one.place, severity="info")
    tell_odd(draft, fields, _KINDS, one.place)
    draft.post(
        name,
        place=one.place,
        partial=fields.get(CUT) is True and not _body(fields),
        site=_SITE,
        url=string(fields.get("html_url")) or string(fields.get("url")),
        title=string(fields.get("title")),
        author=_author(fields),
        posted_at=_time(fields),
        edited_at=_edited(fields),
        karma=_karma(fields),
        n_comments_stated=_stated(fields),
        text=_body(fields) or "",
    )


def _stated(fields: dict[str, Any]) -> int | None:
    comments = fields.get("comments")
    if isinstance(comments, dict):
        return number(comments.get("totalCount"))
    return None if isinstance(comments, list) else number(comments)


def _add_comment(draft: Draft, one: _Found, lone: str, names: dict[str | None, str | None]) -> None:
    fields, name = one.fields, _name(one.fields)
    body = _body(fields)
    if name is None or (fields.get(CUT) and body is None):
        what = "a comment has no id" if name is None else f"comment {name!r} is cut off before its text"
        draft.problem(what, "it was left out; export it again", place=one.place, severity="error")
        return
    odd = tell_odd(draft, fields, _KINDS, one.place, name)
    post_id = _thread(fields) or one.post_id
    if post_id is None:
        post_id, what = lone, f"comment {name!r} names no thread"
        draft.problem(what, f"it was read under {lone!r}", place=one.place, comment_id=name)
    answered = fields.get("replyTo")
    replies = ident(fields.get("in_reply_to_id")) or (ident(answered.get("id")) if isinstance(answered, dict) else None)
    if fields.get("isMinimized") is True:
        why = string(fields.get("minimizedReason")) or "no reason given"
        draft.problem(f"GitHub folds it away ({why})", "it was read like any other", comment_id=name, severity="info")
    draft.comment(
        name,
        post_id,
        place=one.place,
        site=_SITE,
        url=string(fields.get("html_url")) or string(fields.get("url")),
        parent_id=names.get(replies, replies) if replies else one.parent,
        author=_author(fields),
        posted_at=_time(fields),
        edited_at=_edited(fields),
        karma=_karma(fields),
        status=_status(fields, body, odd),
        text=body,
    )


def _status(fields: dict[str, Any], body: str | None, odd: set[str]) -> str | None:
    if body is None and odd & {"body", "bodyText"}:
        return "stub"
    return "bot" if _is_bot(fields) and body else "live" if _is_silent(fields, body) else None


def _is_silent(fields: dict[str, Any], body: str | None) -> bool:
    """Tell a comment that is no deleted one though it says nothing: a picture, or a review that only approves."""
    return not body and bool(_raw(fields) or (_raw(fields) is not None and "state" in fields))


def _raw(fields: dict[str, Any]) -> str | None:
    return string(fields.get("body")) if fields.get("body") is not None else string(fields.get("bodyText"))


def _body(fields: dict[str, Any]) -> str | None:
    raw = _raw(fields)
    return None if raw is None else from_markdown(raw, html=True)


def _user(fields: dict[str, Any]) -> dict[str, Any]:
    user = fields.get("user") if fields.get("user") is not None else fields.get("author")
    return user if isinstance(user, dict) else {"login": user}


def _author(fields: dict[str, Any]) -> str | None:
    login = string(_user(fields).get("login"))
    return None if login == _GHOST else login


def _is_bot(fields: dict[str, Any]) -> bool:
    user = _user(fields)
    kind = string(user.get("type")) or string(user.get("__typename"))
    return kind == "Bot" or user.get("is_bot") is True or (string(user.get("login")) or "").endswith("[bot]")


def _time(fields: dict[str, Any]) -> Any:
    times = (fields.get(key) for key in ("created_at", "createdAt", "submitted_at", "submittedAt"))
    return next((time for time in times if time), None)


def _edited(fields: dict[str, Any]) -> datetime | None:
    """Return when a text was last changed; None where the export was not asked for that."""
    asked = [fields[name] for name in ("updated_at", "updatedAt", "lastEditedAt") if name in fields]
    return edit_time(_time(fields), next((time for time in asked if time), None)) if asked else None


def _karma(fields: dict[str, Any]) -> int | None:
    """Return thumbs up minus thumbs down; None where the export does not hold them.

    >>> _karma({"reactions": {"+1": 3, "-1": 1}}), _karma({"upvoteCount": 4}), _karma({"reactions": {"totalCount": 2}})
    (2, 4, None)
    >>> _karma({"reactionGroups": [{"content": "THUMBS_UP", "users": {"totalCount": 5}}]})
    5
    """
    if "upvoteCount" in fields:
        return number(fields["upvoteCount"])
    reactions, groups = fields.get("reactions"), fields.get("reactionGroups")
    if isinstance(reactions, dict) and {"+1", "-1"} & reactions.keys():
        return (number(reactions.get("+1")) or 0) - (number(reactions.get("-1")) or 0)
    if not isinstance(groups, list):
        return None
    counts: Counter[str | None] = Counter()
    for group in groups:
        people = (group.get("users") or group.get("reactors")) if isinstance(group, dict) else None
        if isinstance(people, dict):
            counts[string(group.get("content"))] += number(people.get("totalCount")) or 0
    return counts[_UP] - counts[_DOWN]
