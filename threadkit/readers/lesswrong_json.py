"""LessWrong, EA Forum, Alignment Forum: posts and comments as their GraphQL interface gives them.

Read is the bare list of records that most dumpers save, the envelope around it (``data.comments.results``,
``data.post.result`` …), comments nested in their post, and both kinds mixed. karma is ``baseScore``, af_karma
``afBaseScore``; agreement is taken from ``extendedScore``, on the EA Forum as agree minus disagree.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from threadkit.readers.body import from_html, from_markdown
from threadkit.readers.decode import CUT, peek, values
from threadkit.readers.draftjs import from_draft
from threadkit.readers.markup import SITES, host
from threadkit.readers.odd_kinds import OBJECT, PARENT, POST, TEXT, TEXT_OR_OBJECT, tell_odd
from threadkit.readers.strays import Listed, among, listed, tell
from threadkit.readers.values import ident, moment, number, shown, string

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from threadkit.readers.draft import Draft
    from threadkit.readers.formats import Sample

TITLE = "LessWrong, EA Forum, Alignment Forum: GraphQL JSON"

_FAMILY = "lesswrong-like"
# Its comments follow one template on every nominated post; the account is shown as "Review Bot".
_REVIEW_BOT = "tBchiz3RM7rPwujrJ"

# Where records stand, and what a record below that key is.
_ROLES = {"posts": "post", "post": "post", "comments": "comment", "comment": "comment", "latestChildren": "comment"}
_ENVELOPE = ("data", "result", "results", *_ROLES)
_COMMENT_MARKS = frozenset({"postId", "tagId", "parentCommentId", "topLevelCommentId"})
_POST_MARKS = frozenset({"title", "slug", "commentCount"})
_BODIES = frozenset({"contents", "htmlBody", "plaintextMainText"})
_FORUM_MARKS = _BODIES | {"baseScore", "extendedScore", "afBaseScore", "pageUrl", "postedAt", "voteCount"}
_ALL_MARKS = _FORUM_MARKS | _COMMENT_MARKS | _POST_MARKS
_TYPES = frozenset({"Post", "Comment"})
# What the forum calls the ways of voting: by karma alone, and by agreement beside it.
_ONE_AXIS = frozenset({"default", "reactionsAndLikes"})
_TWO_AXES = frozenset({"twoAxis", "namesAttachedReactions"})
_POST_IN_URL = re.compile(r"/posts/([A-Za-z0-9]+)")


_KINDS = {
    "contents": TEXT_OR_OBJECT,
    "htmlBody": TEXT,
    "plaintextMainText": TEXT,
    "user": OBJECT,
    "author": TEXT,
    "postId": POST,
    "parentCommentId": PARENT,
    "parentAnswerId": PARENT,
    "topLevelCommentId": PARENT,
}
_IN_CONTENTS = {"html": TEXT, "markdown": TEXT, "agentMarkdown": TEXT, "plaintextMainText": TEXT}


class _Record(NamedTuple):
    """A record, where it stands in the file, and under which post and comment."""

    fields: dict[str, Any]
    role: str
    place: str
    post_id: str | None
    parent_id: str | None


def detect(sample: Sample) -> bool:
    """Tell whether one of the first records has the `_id` and the fields of a post or comment there."""
    first = islice(_walk(peek(sample.text), "", []), 5)
    return any(
        record.fields.get("_id") and len((_FORUM_MARKS | _COMMENT_MARKS) & record.fields.keys()) > 1 for record in first
    )


def read(path: Path, draft: Draft) -> None:
    """Add every post, then every comment."""
    draft.family = _FAMILY
    records: list[_Record] = []
    tops = list(values(path, draft))
    lists = listed(tops)
    for place, top in tops:
        if isinstance(top, dict) and top.get("errors"):
            what = f"the forum answered with errors: {_messages(top['errors'])}"
            draft.problem(what, "ask for the export again", place=place, severity="error")
        records += _walk(top, place, lists)
    tell(draft, among(lists, (record.fields for record in records)), "a post or comment")
    sites = Counter(site for record in records if (site := _site(record.fields)))
    draft.site = sites.most_common(1)[0][0] if sites else None
    comments = [record for record in records if record.role == "comment"]
    for record in records:
        if record.role == "post":
            _add_post(draft, record)
    only_post = next(iter(draft.posts)) if len(draft.posts) == 1 else None
    for record in comments:
        _add_comment(draft, record, only_post or path.stem)


def _messages(errors: Any) -> str:
    listed = errors if isinstance(errors, list) else [errors]
    said = [error.get("message") if isinstance(error, dict) else error for error in listed[:3]]
    return "; ".join(shown(message) for message in said)


def _walk(top: Any, place: str, lists: list[Listed]) -> Iterator[_Record]:
    """Yield the records in the order of the file, without recursion; `lists` is given every list on the way."""
    stack: list[tuple[Any, str, str, str | None, str | None]] = [(top, "", place, None, None)]
    while stack:
        value, role, place, post_id, parent_id = stack.pop()
        if isinstance(value, list):
            lists.append(Listed(value, place))
            items = [(item, role, f"{place} record {n}".strip()) for n, item in enumerate(value, start=1)]
            stack += [(*item, post_id, parent_id) for item in reversed(items)]
        if not isinstance(value, dict):
            continue
        is_a = _role(value, role)
        if is_a:
            yield _Record(value, is_a, place, post_id, parent_id)
            name = ident(value.get("_id"))
            post_id, parent_id = (name, None) if is_a == "post" else (ident(value.get("postId")) or post_id, name)
        for key in reversed(_ENVELOPE):
            if isinstance(value.get(key), (dict, list)):
                below = (None, None) if key in {"post", "posts"} else (post_id, parent_id)
                stack.append((value[key], _ROLES.get(key, role), place, *below))


def _role(value: dict[str, Any], stands_in: str) -> str:
    """Return post or comment, or nothing where this is no record."""
    if _COMMENT_MARKS & value.keys():
        return "comment"
    if "_id" not in value:
        return ""
    if stands_in:
        kind = string(value.get("__typename"))
        return "" if kind and kind not in _TYPES and not _ALL_MARKS & value.keys() else stands_in
    return "post" if _POST_MARKS & value.keys() else "comment" if _BODIES & value.keys() else ""


def _add_post(draft: Draft, record: _Record) -> None:
    fields, post_id = record.fields, ident(record.fields.get("_id"))
    if post_id is None:
        draft.problem("a post has no _id", "it was left out; export it again", place=record.place, severity="error")
        return
    _tell_odd(draft, record, None)
    draft.post(
        post_id,
        place=record.place,
        partial=not _BODIES & fields.keys(),
        site=_site(fields),
        url=string(fields.get("pageUrl")),
        title=string(fields.get("title")),
        author=_author(fields),
        posted_at=fields.get("postedAt"),
        edited_at=_edited(fields),
        n_comments_stated=fields.get("commentCount"),
        text=_body(draft, fields, record.place, None),
        **_scores(fields, hidden=False),
    )
    if fields.get("hideCommentKarma") is True:
        draft.hide_karma(post_id)


def _add_comment(draft: Draft, record: _Record, lone_post: str) -> None:
    fields, comment_id = record.fields, ident(record.fields.get("_id"))
    if comment_id is None:
        draft.problem("a comment has no _id", "it was left out; export it again", place=record.place, severity="error")
        return
    _tell_odd(draft, record, comment_id)
    text = _body(draft, fields, record.place, comment_id)
    if fields.get(CUT) and text is None:
        what = f"comment {comment_id!r} is cut off before its text"
        draft.problem(what, "it was left out; export it again", place=record.place, severity="error")
        return
    post_id = _post_of(draft, record, lone_post)
    url = string(fields.get("pageUrl"))
    post_url = draft.posts.get(post_id, {}).get("url")
    if url is None and post_url:
        url = f"{post_url}?commentId={comment_id}"
    if fields.get("retracted") is True:
        what = "its author took the comment back (struck through)"
        draft.problem(what, "it was read like any other", place=record.place, comment_id=comment_id, severity="info")
    draft.comment(
        comment_id,
        post_id,
        place=record.place,
        parent_id=_parent(draft, record, comment_id),
        site=_site(fields),
        url=url,
        author=_author(fields),
        posted_at=fields.get("postedAt"),
        edited_at=_edited(fields),
        status=_status(fields, text),
        text=text,
        agreement=_agreement(fields.get("extendedScore"), string(fields.get("votingSystem"))),
        **_scores(fields, hidden=fields.get("hideKarma") is True),
    )


def _tell_odd(draft: Draft, record: _Record, comment_id: str | None) -> None:
    """Note the fields that hold what they should not, those of its contents among them."""
    tell_odd(draft, record.fields, _KINDS, record.place, comment_id)
    contents = record.fields.get("contents")
    if isinstance(contents, dict):
        tell_odd(draft, contents, _IN_CONTENTS, record.place, comment_id)


def _parent(draft: Draft, record: _Record, comment_id: str) -> str | None:
    """Return the comment that is answered; where the export was not asked for it, the nearest that it tells."""
    fields = record.fields
    stated = ident(fields.get("parentCommentId")) or ident(fields.get("parentAnswerId")) or record.parent_id
    top = ident(fields.get("topLevelCommentId"))
    if stated or "parentCommentId" in fields or top in {None, comment_id}:
        return stated
    what = f"the export does not tell which comment {comment_id!r} answers, but that it stands below {top!r}"
    cure = "it was read as an answer to that one; export parentCommentId"
    draft.problem(what, cure, place=record.place, comment_id=comment_id, loss="parents")
    return top


def _post_of(draft: Draft, record: _Record, lone_post: str) -> str:
    """Return the post, or the wiki page, that a comment stands under."""
    fields = record.fields
    post_id = ident(fields.get("postId")) or record.post_id
    if post_id:
        return post_id
    tag_id = ident(fields.get("tagId"))
    if tag_id:
        tag = fields.get("tag")
        name = string(tag.get("name")) if isinstance(tag, dict) else None
        draft.post(tag_id, partial=True, title=name, site=_site(fields))
        return tag_id
    post, in_url = fields.get("post"), _POST_IN_URL.search(string(fields.get("pageUrl")) or "")
    if isinstance(post, dict) and ident(post.get("_id")):
        return str(ident(post["_id"]))
    if in_url:
        return in_url.group(1)
    draft.problem("a comment names no post", f"it was put under {lone_post!r}", place=record.place)
    return lone_post


def _body(draft: Draft, fields: dict[str, Any], place: str, comment_id: str | None) -> str | None:
    """Return the body as canonical text, None where there is none."""
    inner = fields.get("contents")
    contents: dict[str, Any] = inner if isinstance(inner, dict) else {"html": inner}
    source = contents.get("originalContents")
    source = source if isinstance(source, dict) else {}
    typed = {string(source.get("type")): string(source.get("data"))}
    drawn = from_draft(source.get("data")) if source.get("type") == "draftJS" else None
    for html in (contents.get("html"), fields.get("htmlBody"), typed.get("html"), typed.get("ckEditorMarkup"), drawn):
        if string(html) is not None:
            return from_html(string(html) or "")
    for markdown in (contents.get("markdown"), typed.get("markdown"), contents.get("agentMarkdown")):
        if string(markdown) is not None:
            return from_markdown(string(markdown) or "", html=True)
    plain = string(contents.get("plaintextMainText")) or string(fields.get("plaintextMainText"))
    if plain is not None:
        draft.problem(
            "only plaintextMainText is there, from which the forum has dropped every quote",
            "whom it answers was read from the tree alone; export contents { html } instead",
            place=place,
            comment_id=comment_id,
            severity="info",
            loss="cut",
        )
    return plain


def _status(fields: dict[str, Any], text: str | None) -> str | None:
    if fields.get("deleted") is True or fields.get("deletedPublic") is True:
        return "deleted"
    if any(fields.get(name) is True for name in ("rejected", "draft", "spam")):
        return "removed"
    if text is None:
        # The forum gives null contents for what is deleted; a field that was not asked for is absent.
        asked = _BODIES & fields.keys()
        return "deleted" if asked and all(fields[name] is None for name in asked) else "stub"
    user = fields.get("user")
    ids = {ident(fields.get("userId")), ident(user.get("_id")) if isinstance(user, dict) else None}
    # A picture without words is no deleted comment.
    return "bot" if _REVIEW_BOT in ids else None if text else "live"


def _author(fields: dict[str, Any]) -> str | None:
    user = fields.get("user")
    if fields.get("hideAuthor") is True or (isinstance(user, dict) and user.get("deleted") is True):
        return None
    names = [user.get(key) for key in ("displayName", "username", "slug")] if isinstance(user, dict) else []
    return next((name for value in (*names, fields.get("author")) if (name := string(value))), None)


def _scores(fields: dict[str, Any], *, hidden: bool) -> dict[str, Any]:
    return {} if hidden else {"karma": fields.get("baseScore"), "af_karma": fields.get("afBaseScore")}


def _agreement(extended: Any, system: str | None = None) -> int | None:
    """Return the agreement score; None for the voting systems that have none.

    >>> _agreement({"agreement": -3, "approvalVoteCount": 5}), _agreement({"agree": 4, "disagree": 1})
    (-3, 3)
    >>> _agreement(None), _agreement({}), _agreement({"usersWhoLiked": [], "reacts": {}})
    (None, None, None)
    >>> _agreement({"agreement": 0}, "default"), _agreement({"approvalVoteCount": 1}, "twoAxis")
    (None, 0)
    """
    if isinstance(extended, str):
        extended = peek(extended)
    if not isinstance(extended, dict) or system in _ONE_AXIS:
        return None
    if "agreement" in extended:
        return number(extended["agreement"])
    agree, disagree = number(extended.get("agree")), number(extended.get("disagree"))
    if agree is None and disagree is None:
        # The forum prints 0 where nobody has voted on agreement yet.
        return 0 if system in _TWO_AXES else None
    return (agree or 0) - (disagree or 0)


def _edited(fields: dict[str, Any]) -> datetime | None:
    """Return when the text was last changed; None where the export was not asked for that."""
    contents = fields.get("contents")
    inner = contents.get("editedAt") if isinstance(contents, dict) else None
    times = [moment(value) for value in (fields.get("lastEditedAt"), inner)]
    asked = "lastEditedAt" in fields
    return next((time for time in times if time), moment(fields.get("postedAt")) if asked else None)


def _site(fields: dict[str, Any]) -> str | None:
    return SITES.get(host(string(fields.get("pageUrl")) or ""))
