"""Discourse: a topic's JSON, or pages of its ``posts.json`` in any order.

The first post of a topic is the post, the others are its comments, under Discourse's own ids. karma is the
number of likes (``actions_summary``, id 2); Discourse's ``score`` is a ranking by visits and replies, not
the readers' approval, and is not read. A comment answers ``reply_to_post_number``, or else the post of the same
topic that it quotes first.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from threadkit.readers import emoji_codes
from threadkit.readers.body import from_html
from threadkit.readers.decode import CUT, peek, values
from threadkit.readers.discourse_raw import from_raw
from threadkit.readers.odd_kinds import NUMBER, TEXT, tell_odd
from threadkit.readers.strays import Stray, tell
from threadkit.readers.values import ident, moment, number, string

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from threadkit.readers.draft import Draft
    from threadkit.readers.formats import Sample

TITLE = "Discourse: topic or posts JSON"

_FAMILY = "discourse"
# Numbers that Discourse's source gives to the kinds of post and of action.
_SMALL_ACTION = 3
_LIKE = 2
_SYSTEM_USERS = frozenset({-1, -2})  # system, discobot

_FIELDS = {"cooked": TEXT, "raw": TEXT, "username": TEXT, "reply_to_post_number": NUMBER}
_HOST = re.compile(rb"/user_avatar/([a-z0-9][a-z0-9.-]*\.[a-z]{2,})/")
_QUOTE = re.compile(r"""<aside\b[^>]*\bclass=["'][^"']*\bquote\b[^>]*>""")
_ATTRIBUTE = re.compile(r"""\bdata-(post|topic)=["'](\d+)["']""")


class _Topic(NamedTuple):
    """What a file says about one topic, beside its posts."""

    fields: dict[str, Any]
    posts: list[Any]
    stream: list[Any]
    place: str


def detect(sample: Sample) -> bool:
    """Tell whether the file holds a post stream, or a list of numbered posts of topics."""
    return any(topic.posts or topic.stream for topic in _topics(peek(sample.text), "", []))


def read(path: Path, draft: Draft) -> None:
    """Add every topic of the file."""
    draft.family = _FAMILY
    host = _HOST.search(path.read_bytes())
    draft.site = host.group(1).decode() if host else None
    strays: list[Stray] = []
    for place, top in values(path, draft):
        for topic in _topics(top, place, strays):
            _add_topic(draft, topic, path.stem)
    tell(draft, strays, "a topic or post")


def _topics(top: Any, place: str, strays: list[Stray]) -> Iterator[_Topic]:
    """Yield the topics, then the posts that stand without theirs; `strays` is given what is neither."""
    loose: list[Any] = []
    has_posts = isinstance(top, list) and any(map(_is_post, top))
    for n, value in enumerate(top if isinstance(top, list) else [top], start=1):
        fields = value if isinstance(value, dict) else {}
        stream, page = fields.get("post_stream"), fields.get("latest_posts") or fields.get("posts")
        if isinstance(stream, dict):
            yield _Topic(fields, _list(stream.get("posts")), _list(stream.get("stream")), place)
        elif isinstance(page, list):
            # Lists of other things have the same name.
            loose += page if any(map(_is_post, page)) else []
        elif has_posts or _is_post(value):
            loose.append(value)
        elif page or not {"latest_posts", "posts"} & fields.keys():
            strays.append(Stray(value, f"{place} post {n}" if isinstance(top, list) else place))
    if loose:
        yield _Topic({}, loose, [], place)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _is_post(value: Any) -> bool:
    return isinstance(value, dict) and "post_number" in value and bool({"cooked", "raw"} & value.keys())


def _add_topic(draft: Draft, topic: _Topic, stem: str) -> None:
    heads: dict[str, dict[str, Any]] = {}
    for post in topic.posts:
        if isinstance(post, dict) and {"id", "topic_id", "post_number"} & post.keys():
            heads.setdefault(_topic_of(topic, post, stem), post)
    own = ident(topic.fields.get("id")) or next(iter(heads), stem)
    for topic_id, head in (heads or {own: {}}).items():
        fields = topic.fields if topic_id == own else {}
        stated = number(fields.get("posts_count")) or number(head.get("posts_count"))
        draft.post(
            topic_id,
            partial=True,
            place=topic.place,
            site=draft.site,
            title=string(fields.get("title")) or string(head.get("topic_title")),
            url=_url(draft, fields.get("slug") or head.get("topic_slug"), topic_id),
            n_comments_stated=None if stated is None else max(0, stated - 1),
        )
    if topic.stream:
        draft.lists(own, [name for item in topic.stream if (name := ident(item))])
    for n, post in enumerate(topic.posts, start=1):
        place = f"{topic.place} post {n}".strip()
        if isinstance(post, dict):
            _add_post(draft, post, _topic_of(topic, post, stem), place)
        else:
            came = f"a {type(post).__name__} stands where a post should"
            draft.problem(came, "it was left out; export it again", place=place, severity="error")


def _topic_of(topic: _Topic, post: dict[str, Any], stem: str) -> str:
    return ident(post.get("topic_id")) or ident(topic.fields.get("id")) or stem


def _add_post(draft: Draft, post: dict[str, Any], topic_id: str, place: str) -> None:
    name, n = ident(post.get("id")), number(post.get("post_number"))
    if name is None or ("cooked" not in post and "raw" not in post):
        what = "a post has no id" if name is None else f"post {name} has no text"
        cut = ": the file is cut off there" if post.get(CUT) else ""
        draft.problem(what + cut, "it was left out; export it again", place=place, severity="error")
        return
    if number(post.get("post_type")) == _SMALL_ACTION:
        draft.holds(topic_id, name)
        what = f"post {name} is a notice of the forum ({string(post.get('action_code')) or 'small action'})"
        draft.problem(what, "it was left out of the comments", place=place, severity="info")
        return
    odd = tell_odd(draft, post, _FIELDS, place, name)
    fields = {
        "place": place,
        "site": draft.site,
        "url": _url(draft, post.get("topic_slug"), topic_id, n),
        "author": string(post.get("username")),
        "posted_at": post.get("created_at"),
        "edited_at": moment(post.get("updated_at")),
        "karma": _likes(post),
        "text": _body(post),
    }
    if n == 1:
        draft.holds(topic_id, name)
        draft.post(topic_id, **{key: value for key, value in fields.items() if key != "url"})
        return
    if n is not None:
        draft.alias(topic_id, f"#{n}", name)
    answers = _answers(post, topic_id, n)
    parent = None if answers is None or answers == 1 else f"#{answers}"
    draft.comment(name, topic_id, parent_id=parent, status=_status(post, fields["text"], odd), **fields)


def _url(draft: Draft, slug: Any, topic_id: str, n: int | None = None) -> str:
    host = f"https://{draft.site}" if draft.site else ""
    return "/".join([f"{host}/t", string(slug) or "-", topic_id, *([str(n)] if n is not None else [])])


def _answers(post: dict[str, Any], topic_id: str, n: int | None) -> int | None:
    """Return the number of the post that this one answers, None where that is unknown."""
    stated = number(post.get("reply_to_post_number"))
    if stated is not None:
        return stated
    return first_quoted(string(post.get("cooked")) or "", topic_id, n)


def first_quoted(cooked: str, topic_id: str, n: int | None) -> int | None:
    """Return the number of the post that post `n` of a topic quotes first, None where it quotes no earlier one."""
    for quote in _QUOTE.findall(cooked):
        named = dict(_ATTRIBUTE.findall(quote))
        quoted = number(named.get("post"))
        if quoted is not None and named.get("topic", topic_id) == topic_id and (n is None or quoted < n):
            return quoted
    return None


def _likes(post: dict[str, Any]) -> Any:
    """Return the number of likes: Discourse leaves the entry out where there are none."""
    actions = post.get("actions_summary")
    if not isinstance(actions, list):
        return post.get("like_count")
    likes = [action for action in actions if isinstance(action, dict) and number(action.get("id")) == _LIKE]
    return likes[0].get("count") or 0 if likes else 0


def _status(post: dict[str, Any], text: str, odd: set[str]) -> str | None:
    if post.get("hidden") is True or post.get("deleted_at") or post.get("user_deleted") is True:
        return "deleted"
    if number(post.get("user_id")) in _SYSTEM_USERS:
        return "bot"
    if not text and odd & {"cooked", "raw"}:
        return "stub"
    # A picture without words is no deleted post.
    return "live" if not text and (post.get("cooked") or post.get("raw")) else None


def _body(post: dict[str, Any]) -> str:
    cooked = string(post.get("cooked"))
    if cooked is not None:
        return emoji_codes.shown(from_html(cooked))
    return from_raw(string(post.get("raw")) or "")
