"""LessWrong, EA Forum, Alignment Forum: a page saved from the forum itself (ForumMagnum), 2020 until now.

A comment answers the one it stands in. A comment that the page folds is told from one that it shows: folded to one
line it has lost its quotes, folded away it has no words, and neither have the replies below it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from lxml import etree

from threadkit.base.text import squeeze
from threadkit.readers.body import from_tree
from threadkit.readers.markup import (
    SITES,
    attribute,
    first,
    has,
    host,
    is_page,
    of_classes,
    parse,
    parts,
    raw_words,
    words,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from threadkit.readers.draft import Draft
    from threadkit.readers.formats import Sample

TITLE = "LessWrong, EA Forum, Alignment Forum: saved page (HTML)"

_FAMILY = "lesswrong-like"
_MARKS = re.compile(
    r"\b(?:comments-node|CommentsItem-root|CommentFrame-node|UsersNameDisplay-|LWPostsPage|PostsPage(?:Title|Date|Wrapper)?-"
    r"|CommentPermalink-root|CommentsListSection-)"
)
_POST = re.compile(r"/(?:posts|events|p)/([A-Za-z0-9]{17})\b")
_COMMENT = re.compile(r"(?:commentId=|/comment/|#)([A-Za-z0-9]{17})\b")
_COUNT = re.compile(r"(?:Rendering [\d,]+/)?([\d,]+) (?:comments?|answers?), sorted by")
_POST_BODY = "id('postContent postBody')"
_POST_VOTES = ("PostsVote", "LWPostsPageTopHeaderVote")
_TITLES = ("PostsPageTitle-root", "PostsPageTitle-link", "PostsTitle-root")
_LISTS = ("CommentsListMeta-root", "CommentsListSection-inline", "CommentsListSection-root")
_COUNTERS = ("LWCommentCount-comments", "PostsPageTopHeader-comments", "PostsBottomBar-commentCount")
_NODE = "comments-node"
# A comment without its replies, open or folded to one line.
_SHOWN = ("CommentsItem-root", "SingleLineComment-root")
# What a comment may stand in; most of what is around it says nothing of that.
_AROUND = re.compile(f"CommentsItem-root|SingleLineComment-root|gapIndicator|{_NODE}")
_CUT = frozenset({"read-more", "read-more-button"})
_NOTES = frozenset({"SingleLineComment-metaNotice", "SingleLineComment-postTitle"})
_BODIES = ("CommentBody-root", "CommentBody-commentStyling", "CommentBody-answerStyling")
# What may be an author's name, the surest first.
_NAMES: tuple[Callable[[Any], bool], ...] = (
    lambda part: "UsersNameDisplay-" in part.get("class", ""),
    lambda part: part.tag == "a" and "/users/" in part.get("href", ""),
    lambda part: "sername" in part.get("class", ""),
)
_DRAWN = etree.XPath("descendant::text()[not(ancestor::svg)]", smart_strings=False)
_HEADS = ("CommentsItemMeta-root", "CommentsItem-meta", "SingleLineComment-commentInfo")


class _Item(NamedTuple):
    """A comment on the page: what it prints of itself, and what it stands in."""

    name: str
    inside: dict[str, Any]
    parent: str | None
    post_id: str


def detect(sample: Sample) -> bool:
    """Tell whether it has the forum's own classes."""
    return is_page(sample.text) and "thingrow_t" not in sample.text and _MARKS.search(sample.text) is not None


def read(path: Path, draft: Draft) -> None:
    """Add the post and every comment of the page."""
    draft.family = _FAMILY
    root, url = parse(path, draft)
    draft.site = SITES.get(host(url))
    page = of_classes(root, _NODE, _SHOWN)
    nodes, own = page[_NODE], _own(page.pop(_SHOWN))
    post_id = _add_post(draft, root, {name: found[0] for name, found in page.items() if found}, url) or path.stem
    for n, node in enumerate(nodes, start=1):
        _add_comment(draft, node, own.get(node), post_id, f"comment {n}")


def _add_post(draft: Draft, root: Any, page: dict[str, Any], url: str) -> str | None:
    title = next((page[name] for name in _TITLES if name in page), None)
    link = title if title is None or title.tag == "a" else first(title, "self::a")
    named = _POST.search(url) or _POST.search(attribute(link, "href"))
    if named is None:
        return None
    body = page.get("PostsPage-postContent")
    body = next(iter(root.xpath(_POST_BODY)), None) if body is None else body
    author = first(page.get("PostsAuthors-root", page.get("PostsAuthors-authorName")), "contains(@class, 'UsersName')")
    draft.post(
        named.group(1),
        place="post",
        site=draft.site,
        partial=body is None,
        url=url.partition("?")[0] or None,
        title=words(title) or _meta(root, "citation_title"),
        author=words(author) or _meta(root, "citation_author"),
        posted_at=attribute(first(page.get("PostsPageDate-date"), "self::time"), "datetime") or None,
        karma=_post_score(page, "-voteScore"),
        af_karma=_post_score(page, "-secondaryVoteScore"),
        n_comments_stated=_stated(page),
        text="" if body is None else from_tree(body),
    )
    return named.group(1)


def _meta(root: Any, name: str) -> str | None:
    return attribute(next((meta for meta in root.iter("meta") if meta.get("name") == name), None), "content") or None


def _post_score(page: dict[str, Any], which: str) -> str | None:
    score = next((page[name] for name in page if name.startswith(_POST_VOTES) and name.endswith(which)), None)
    return words(score).removeprefix("\u03a9").strip() or None


def _stated(page: dict[str, Any]) -> str | None:
    """Return how many comments the page says there are."""
    for name in _LISTS:
        # One of them holds all comments.
        if name not in page or "sorted" not in raw_words(page[name]):
            continue
        counted = _COUNT.search(words(page[name]).replace("\u00a0", " "))
        if counted:
            return counted.group(1)
    link = words(next((page[name] for name in _COUNTERS if name in page), None))
    found = re.match(r"[\d,]+", link)
    return found.group() if found else None


def _own(shown: list[Any]) -> dict[Any, Any]:
    """Return what each node prints of itself; of some that stands only in the nodes below them."""
    own: dict[Any, Any] = {}
    passed: set[Any] = set()
    for part in shown:
        nearest = True
        for node in part.iterancestors():
            if not has(node, _NODE):
                continue
            if node in passed:
                break
            passed.add(node)
            if nearest:
                own[node] = part
            nearest = False
    return own


def _is_shown(node: Any) -> bool:
    return any(has(node, name) for name in _SHOWN)


def _add_comment(draft: Draft, node: Any, shown: Any, post_id: str, place: str) -> None:
    inside = parts(shown) if shown is not None else {}
    head = next((inside[name] for name in _HEADS if name in inside), shown)
    links = [link.get("href", "") for link in head.iter("a")] if head is not None else []
    name = attribute(node, "id") or next((match.group(1) for link in links if (match := _COMMENT.search(link))), "")
    if not name:
        draft.problem("a comment has no id", "it was left out; save the page again", place=place, severity="error")
        return
    under = next((match.group(1) for link in links if "omment" in link and (match := _POST.search(link))), post_id)
    item = _Item(name, inside, _parent(draft, node, name), under)
    if shown is None or not (_HEADS[2] in inside or any(body in inside for body in _BODIES)):
        _add_folded(draft, item, head, place)
        return
    text, status = _text(draft, item, place)
    _put(draft, item, head, place, text=text, status=status)


def _text(draft: Draft, item: _Item, place: str) -> tuple[str, str | None]:
    """Return a comment's words, and its status where the words alone would not tell."""
    inside, name = item.inside, item.name
    if _HEADS[2] in inside:
        line = inside.get("SingleLineComment-truncatedHighlight")
        what = "the page folds it to one line: its quotes and paragraphs are lost, and its end may be"
        draft.problem(what, "open the comment before saving the page", place=place, comment_id=name, loss="cut")
        return ("", "stub") if line is None else (from_tree(line, dropped=_NOTES | _CUT), None)
    body = next(inside[body] for body in _BODIES if body in inside)
    if not _CUT.isdisjoint(inside) and not _CUT.isdisjoint(parts(body)):
        what = "the page cuts it off behind 'read more'"
        draft.problem(what, "open the comment before saving the page", place=place, comment_id=name, loss="cut")
    if "CommentBody-retracted" in inside:
        what = "its author took the comment back (struck through)"
        draft.problem(what, "it was read like any other", place=place, comment_id=name, severity="info")
    text = from_tree(body, dropped=_CUT)
    # A picture without words is no deleted comment.
    return text, None if text else "live"


def _add_folded(draft: Draft, item: _Item, head: Any, place: str) -> None:
    """Add a comment without words: deleted, or folded away with all its replies."""
    said = "" if head is None else words(head)
    deleted = "[comment deleted]" in said or "CommentDeletedMetadata-root" in item.inside
    _put(draft, item, head, place, text="", status="deleted" if deleted else "stub")
    if re.search(r"\[\s*\+\s*\]", said) or not deleted:
        draft.stub(item.post_id, 0, place=f"below {item.name}, which the page folds away")


def _put(draft: Draft, item: _Item, head: Any, place: str, *, text: str, status: str | None) -> None:
    times = [] if head is None else head.iterdescendants("time")
    when = next((time for time in times if time.get("datetime") is not None), None)
    draft.comment(
        item.name,
        item.post_id,
        place=place,
        site=draft.site,
        url=_url(draft, item),
        parent_id=item.parent,
        author=_author(head),
        posted_at=attribute(when, "datetime") or None,
        status=status,
        text=text,
        **_scores(item.inside),
    )


def _url(draft: Draft, item: _Item) -> str | None:
    post = draft.posts.get(item.post_id, {}).get("url")
    return f"{post}?commentId={item.name}" if post else None


def _author(head: Any) -> str | None:
    below = [] if head is None else list(head.iterdescendants())
    for is_name in _NAMES:
        for part in filter(is_name, below):
            # A face that is not there is drawn as initials.
            said = squeeze("".join(_DRAWN(part)) if len(part) else part.text or "")
            if said:
                return said.removeprefix("Answer by ")
    return None


def _scores(inside: dict[str, Any]) -> dict[str, str | None]:
    """Return the scores; a blank means that the forum hides them."""
    karma, other, sign = (inside.get(name) for name in _score_classes(tuple(inside)))
    symbol = words(sign)
    said = words(karma if karma is not None else inside.get("SingleLineComment-karma")) or None
    # On the Alignment Forum the first score is that forum's, and the second is LessWrong's.
    here, there = (said, words(other) or None) if symbol != "LW" else (words(other) or said, None)
    agreement = words(inside.get("AgreementVoteAxis-agreementScore")) or None
    return {"karma": here, "af_karma": there, "agreement": agreement}


@lru_cache(maxsize=512)
def _score_classes(names: tuple[str, ...]) -> tuple[str, str, str]:
    """Return which of a comment's classes are of its score, of the second one, and of what that stands for."""
    ends = ("-voteScore", "-secondaryScoreNumber", "-secondarySymbol")
    told = [name for name in names if not (name.endswith(ends[0]) and "Agreement" in name)]
    karma, other, sign = (next((name for name in told if name.endswith(end)), "") for end in ends)
    return karma, other, sign


def _parent(draft: Draft, node: Any, name: str) -> str | None:
    """Return the comment that a node stands in; None at the top, and in a preview inside another comment."""
    for above in node.iterancestors():
        names = above.get("class") or ""
        if not _AROUND.search(names):
            continue
        if _is_shown(above):
            return None
        if "gapIndicator" in names:
            what = "the page leaves out what stands between this comment and the one that it was put under"
            draft.problem(what, "save the page with every comment opened", comment_id=name)
        if has(above, _NODE):
            return attribute(above, "id") or None
    return None
