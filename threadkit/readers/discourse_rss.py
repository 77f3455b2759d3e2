"""Discourse: the RSS feeds of a topic (its last posts), of the latest posts, and of lists of topics.

A feed tells no karma and not which post is answered: a comment answers the post of the same topic that it
quotes first. The feed of a topic holds its last 25 posts; its description is the topic's first post.
"""

from __future__ import annotations

import re
from collections import defaultdict
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from lxml import etree

from threadkit.base.text import clean
from threadkit.readers.body import from_tree
from threadkit.readers.discourse_json import first_quoted
from threadkit.readers.discourse_raw import from_raw
from threadkit.readers.emoji_codes import shown
from threadkit.readers.values import number
from threadkit.readers.xml_stream import elements, local

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from threadkit.readers.draft import Draft
    from threadkit.readers.formats import Sample

TITLE = "Discourse: RSS of a topic, of latest posts, or of topics"
STREAMS = True

_FAMILY = "discourse"
_RSS = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*+-->\s*)*+<rss\b[^>]*>", re.DOTALL)
_GUID = re.compile(r"<guid\b[^>]*>[^<>\s]+-(?:post|topic)-\d+(?:-\d+)?</guid>")
_LINK = re.compile(
    r"https?://(?P<host>[^/\s]+)(?:/[^?#]*?)?/t/(?:[^/]+/)?(?P<topic>\d+)(?:/(?P<number>\d+))?/?(?:[?#]|$)"
)
_POST_ID = re.compile(r"-post-(\d+)$")
_COUNT = re.compile(r"\s*([\d,.]+) posts? - [\d,.]+ participants?\s*")
_HIDDEN = "This post was flagged by the community and is temporarily hidden"


class _Item(NamedTuple):
    """What a feed says of one post."""

    host: str
    topic_id: str
    number: int
    fields: dict[str, str]


def detect(sample: Sample) -> bool:
    """Tell whether the file is a feed with Discourse's own names, or with guids as Discourse makes them."""
    start = _RSS.match(sample.text)
    return start is not None and ("www.discourse.org" in start.group() or _GUID.search(sample.text) is not None)


def read(path: Path, draft: Draft) -> None:
    """Add every post of the feed."""
    draft.family = _FAMILY
    channel: dict[str, str] = {}
    numbers: dict[str, set[int]] = defaultdict(set)
    for n, element in enumerate(elements(path, draft, {"item", "title", "link", "description"}), start=1):
        if local(element) != "item":
            channel.setdefault(local(element), clean("".join(element.itertext())).strip())
            continue
        item = _item(element)
        if item is None:
            draft.problem("an item links to no post", "it was left out", place=f"element {n}", severity="error")
            continue
        draft.site = draft.site or item.host
        _add(draft, item, f"element {n}")
        numbers[item.topic_id].add(item.number)
    home = _LINK.match(channel.get("link", ""))
    if home:
        _add_first(draft, home["topic"], channel, 1 in numbers[home["topic"]])
        _tell_gaps(draft, home["topic"], numbers[home["topic"]])


def _item(element: Any) -> _Item | None:
    fields = {local(child): clean("".join(child.itertext())).strip() for child in element}
    link = _LINK.match(fields.get("link", ""))
    return None if link is None else _Item(link["host"], link["topic"], int(link["number"] or 1), fields)


def _add(draft: Draft, item: _Item, place: str) -> None:
    # The feed prints "@name Full Name", later versions the name alone.
    author = item.fields.get("creator", "")
    author = author[1:].split(" ")[0] if author.startswith("@") else author
    cooked, stated = _cooked(item.fields.get("description", ""), item.fields["link"], author)
    hidden = _HIDDEN in cooked
    text = shown(from_tree(_root(cooked))) if cooked and not hidden else ""
    shared: dict[str, Any] = {"place": place, "site": item.host, "author": author, "text": text}
    shared["posted_at"] = _moment(item.fields.get("pubDate", ""))
    title, url = item.fields.get("title"), item.fields["link"]
    if item.number == 1:
        draft.post(item.topic_id, title=title, url=url.removesuffix("/1"), n_comments_stated=stated, **shared)
        return
    draft.post(item.topic_id, partial=True, site=item.host, title=title)
    guid = item.fields.get("guid", "")
    stated_id = None if guid.endswith(f"-post-{item.topic_id}-{item.number}") else _POST_ID.search(guid)
    name = stated_id[1] if stated_id else f"{item.topic_id}#{item.number}"
    draft.alias(item.topic_id, f"#{item.number}", name)
    answers = first_quoted(cooked, item.topic_id, item.number)
    parent = None if answers in {None, 1} else f"#{answers}"
    status = "deleted" if hidden else "live" if cooked and not text else None
    draft.comment(name, item.topic_id, url=url, parent_id=parent, status=status, **shared)


def _moment(printed: str) -> datetime | None:
    try:
        return parsedate_to_datetime(printed)
    except (ValueError, OverflowError):
        return None


def _root(html: str) -> Any:
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, no_network=True, remove_comments=True, remove_pis=True)
    root = etree.fromstring(f"<html><body><div>{html}</div></body></html>".encode(), parser)
    return root.find("body/div")


def _cooked(description: str, url: str, author: str) -> tuple[str, int | None]:
    """Return a post without what the feed puts around it, and how many comments it says the topic has."""
    root = _root(description)
    stated = None
    while len(root):
        last = root[-1]
        links = [link.get("href") for link in last.iter("a")]
        count = _COUNT.fullmatch("".join(last.itertext()))
        if not (last.tag == "p" and (count or (links == [url] and not (last.text or "").strip()))):
            break
        if count:
            stated = (number(count[1]) or 1) - 1
        root.remove(last)
    inner = list(root)
    # Older versions put the whole post into a quote, under "name wrote:".
    if [each.tag for each in inner] == ["p", "blockquote"] and inner[0].findtext("a") == f"@{author}":
        root = inner[1]
    parts = [root.text or "", *(etree.tostring(child, encoding="unicode", method="html") for child in root)]
    return "".join(parts).strip(), stated


def _add_first(draft: Draft, topic_id: str, channel: dict[str, str], held: bool) -> None:
    """Add the first post of a topic from the feed's own description, where no item holds it."""
    text = "" if held else from_raw(channel.get("description", ""))
    draft.post(topic_id, partial=not (text or held), title=channel.get("title"), url=channel.get("link"), text=text)


def _tell_gaps(draft: Draft, topic_id: str, numbers: set[int]) -> None:
    lost = max(numbers, default=1) - len(numbers | {1})
    if lost:
        draft.problem(
            f"topic {topic_id!r}: {lost:,} of the posts before #{max(numbers)} are not in the feed, or were deleted",
            "a feed holds the last 25 posts; read the topic's JSON too",
            place=f"post {topic_id}",
            loss="missing",
            n_lost=lost,
        )
