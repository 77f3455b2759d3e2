"""Quotes whose true source is known: the asides of a Discourse forum, their markup removed so that only words remain.

A topic becomes a thread of plain paragraphs. What an aside held stays in its place: as plain paragraphs (`unmarked`),
behind `> ` (`marked`), or as lines of one paragraph that all of a post is then (`lines`); always without the name of
whom it quotes. Where a quoted paragraph stands in its source is found here by exact and by block search over all of the
source (`places`), without `threadkit.base.align`, which is what is scored.

Left out, and counted: quotes of topics or posts that the export does not hold or that come later; paragraphs
of which less than MIN_THERE stands in the source as it is now (it was edited, or the quoter wrote them); for the
unmarked form also those below the length from which an unmarked paragraph can be told from an idiom.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
from lxml import html

from threadkit.base.text import words
from threadkit.corpus.tables import COMMENTS, POSTS, QUOTES
from threadkit.dispute.quotes import trace, traced
from threadkit.dispute.segment import segment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

# Share of a quoted paragraph's letters that must stand in the named source for it to be gold.
MIN_THERE = 0.8
# Overlap from which a span counts as right.
MIN_IOU = 0.8
# Letters in a row that count as standing there, when the paragraph does not stand there as a whole.
MIN_RUN = 8
# Below so many words nobody can tell an unmarked quote from an idiom.
MIN_WORDS = 4

_BLOCKS = frozenset(words("p li pre h1 h2 h3 h4 h5 h6 td th dt dd blockquote div hr ul ol table tr aside br"))

# What stands between two paragraphs of each form.
_PARTED = {"unmarked": "\n\n", "marked": "\n\n", "lines": "\n"}

# The source of a quote that names none in its topic.
ELSEWHERE = "elsewhere"


class Paragraph(NamedTuple):
    """A paragraph of a post, and the number of the post that it quotes (None = the writer's own words)."""

    text: str
    source: str | None


class Gold(NamedTuple):
    """A quoted paragraph: who holds it, where in the holder's text, whom it quotes, where in the source's text."""

    holder: str
    start: int
    source: str
    places: tuple[tuple[int, int], ...]


class Thread(NamedTuple):
    """A topic as tables of one post and its comments, its quotes, and where any quoted paragraph begins."""

    posts: pd.DataFrame
    comments: pd.DataFrame
    gold: list[Gold]
    quoted: set[tuple[str, int]]


def topics(posts: Iterable[dict[str, Any]]) -> dict[int, list[dict[str, Any]]]:
    """Return the posts by topic, in order."""
    held: dict[int, dict[int, dict[str, Any]]] = defaultdict(dict)
    for row in posts:
        held[int(row["topic_id"])][int(row["post_number"])] = row
    return {topic: [held[topic][number] for number in sorted(held[topic])] for topic in sorted(held)}


def paragraphs(cooked: str, topic: int) -> Iterator[Paragraph]:
    """Yield a rendered post's paragraphs as plain words."""
    tree = html.fromstring(f"<div>{cooked}</div>")
    for title in tree.xpath(".//aside[contains(@class, 'quote')]/div[contains(@class, 'title')]"):
        title.drop_tree()
    parts: list[tuple[str, str | None]] = []
    _walk(tree, None, str(topic), parts)
    text, source = "", None
    for piece, of in [*parts, ("\n", "end")]:
        if piece == "\n" or of != source:
            if text.strip():
                yield Paragraph(" ".join(text.split()), source)
            text, source = "", of
        text += "" if piece == "\n" else piece


def _walk(node: Any, source: str | None, topic: str, parts: list[tuple[str, str | None]]) -> None:
    """Append the words below a node, a line end before and after each block."""
    if not isinstance(node.tag, str):
        return
    if node.tag == "aside" and "quote" in (node.get("class") or "").split():
        # A source in another topic is no source here, yet the words are no more the writer's own.
        known = node.get("data-topic") == topic and node.get("data-post")
        source = str(node.get("data-post")) if known else ELSEWHERE
    elif node.tag == "blockquote" and source is None:
        source = ELSEWHERE
    block = node.tag in _BLOCKS
    if block:
        parts.append(("\n", source))
    parts.append((node.text or "", source))
    for child in node:
        _walk(child, source, topic, parts)
        parts.append((child.tail or "", source))
    if block:
        parts.append(("\n", source))


def thread(topic: int, posts: Sequence[dict[str, Any]], left: Counter[str], form: str) -> Thread:
    """Make tables and gold of one topic; `left` counts what is left out, by reason."""
    texts: dict[str, str] = {}
    quoted: list[tuple[str, int, str, str]] = []
    for row in posts:
        number, text = str(row["post_number"]), ""
        for part in paragraphs(row["cooked"], topic):
            text += (_PARTED[form] if text else "") + ("> " if form == "marked" and part.source else "")
            if part.source:
                quoted.append((number, len(text), part.source, part.text))
            text += part.text
        texts[number] = text
    head, *others = (str(row["post_number"]) for row in posts)
    gold = list(_gold(quoted, texts, left, form))
    return Thread(
        POSTS.build([{"post_id": head, "author": posts[0]["username"], "text": texts[head]}]),
        COMMENTS.build([_comment(row, head, texts, others) for row in posts[1:]]),
        gold,
        {(holder, start) for holder, start, _, _ in quoted},
    )


def _comment(row: dict[str, Any], head: str, texts: dict[str, str], others: Sequence[str]) -> dict[str, Any]:
    number, parent = str(row["post_number"]), str(row["reply_to_post_number"])
    return {
        "comment_id": number,
        "post_id": head,
        "parent_id": parent if parent in others and int(parent) < int(number) else None,
        "author": row["username"],
        "posted_at": pd.Timestamp(row["created_at"]),
        "depth": 0,
        "origin": "stated",
        "confidence": 1.0,
        "status": "live",
        "text": texts[number],
    }


def _gold(
    quoted: Iterable[tuple[str, int, str, str]], texts: dict[str, str], left: Counter[str], form: str
) -> Iterator[Gold]:
    head = next(iter(texts))
    for holder, start, source, text in quoted:
        if source == ELSEWHERE:
            left["names no source in its topic"] += 1
        elif source not in texts or int(source) >= int(holder):
            left["source not in the export, or later"] += 1
        elif holder == head:
            left["the post itself quotes"] += 1
        elif not text.strip() or not any(c.isalnum() for c in text):
            left["no words"] += 1
        elif form != "marked" and len(text.split()) < MIN_WORDS:
            left[f"unmarked, fewer than {MIN_WORDS} words"] += 1
        else:
            found = places(text, texts[source])
            if found:
                yield Gold(holder, start, source, tuple(found))
            else:
                left["source edited since: the words are not there"] += 1


def letters_only(text: str) -> tuple[str, np.ndarray]:
    """Return the letters and digits of a text, lower-cased, and where each stands."""
    kept = [(c.lower()[0], i) for i, c in enumerate(text) if unicodedata.category(c)[0] in "LN"]
    return "".join(c for c, _ in kept), np.array([i for _, i in kept], dtype=int)


def places(quote: str, source: str) -> list[tuple[int, int]]:
    """Return every place where a quote stands in its source, as offsets; by blocks where it stands nowhere whole."""
    part, _ = letters_only(quote)
    whole, at = letters_only(source)
    found, begin = [], whole.find(part)
    while begin >= 0:
        found.append((int(at[begin]), int(at[begin + len(part) - 1]) + 1))
        begin = whole.find(part, begin + 1)
    if found:
        return found
    blocks = SequenceMatcher(None, part, whole, autojunk=False).get_matching_blocks()
    runs = [block for block in blocks if block.size >= MIN_RUN]
    if sum(block.size for block in runs) < MIN_THERE * len(part):
        return []
    return [(int(at[runs[0].b]), int(at[runs[-1].b + runs[-1].size - 1]) + 1)]


def overlap(span: tuple[int, int], other: tuple[int, int]) -> float:
    """Return the intersection over the union of two spans, 0 to 1."""
    shared = min(span[1], other[1]) - max(span[0], other[0])
    return max(0, shared) / (max(span[1], other[1]) - min(span[0], other[0]))


def outcomes(held: Thread) -> pd.DataFrame:
    """Return a row for each quoted paragraph: was its source found right, and the best IoU of its span (0 = none)."""
    segments, quotes = traced(held.comments, held.posts)
    by_comment = {str(k): v for k, v in segments.groupby("comment_id")}
    out = []
    for gold in held.gold:
        own = by_comment[gold.holder]
        # A list number or bullet at its start stands outside a segment.
        ids = own.index[(own["start"] <= gold.start + 4) & (own["stop"] > gold.start)]
        row = (
            quotes.loc[ids[-1]] if len(ids) and ids[-1] in quotes.index else QUOTES.build([{"segment_id": ""}]).iloc[0]
        )
        found = row["source_id"] if pd.notna(row["source_id"]) else None
        right = found == gold.source
        iou = (
            max(overlap((row["start"], row["stop"]), place) for place in gold.places)
            if row is not None and right
            else 0
        )
        out.append((gold.holder, gold.source, found, right, iou, own["text"].get(ids[-1], "") if len(ids) else ""))
    return pd.DataFrame(out, columns=["holder", "source", "found", "right", "iou", "text"])


def strangers(held: Thread, other: Thread) -> pd.DataFrame:
    """Trace one thread's comments as replies in another, which holds none of their words.

    Returns a row a segment: `quoted` (whether its writer quotes) and `found` (whether it "quotes" the other thread).
    """
    base = other.comments.set_axis("other " + other.comments.index)
    base["parent_id"] = "other " + base["parent_id"]
    mine = held.comments.assign(post_id=other.posts.index[0], parent_id=None)
    if len(base):
        mine["parent_id"] = [base.index[int(number) % len(base)] for number in mine.index]
    segments = segment(COMMENTS.cast(mine))
    quotes = trace(segments, COMMENTS.cast(pd.concat([base, mine.assign(text="")])), other.posts)
    found = quotes.index[quotes["source_id"].notna()]
    quoted = [key in held.quoted for key in zip(segments["comment_id"], segments["start"], strict=True)]
    return segments.assign(quoted=np.array(quoted, dtype=bool), found=segments.index.isin(found))


def score(part: dict[int, list[dict[str, Any]]], form: str) -> tuple[dict[str, float], Counter[str]]:
    """Return the figures of some topics: shares right, and found in a thread that they do not belong to."""
    left: Counter[str] = Counter()
    threads = [thread(topic, posts, left, form) for topic, posts in part.items()]
    found = pd.concat([outcomes(held) for held in threads if held.gold])
    foreign = pd.concat(
        [strangers(held, other) for held, other in zip(threads, threads[1:] + threads[:1], strict=True)]
    )
    left["scored"] = len(found)
    return {
        "right": float(found["right"].mean()),
        "spans": float((found["iou"] >= MIN_IOU).mean()),
        "none_false": float(1 - foreign["found"][~foreign["quoted"]].mean()),
        "none_strange": float(1 - foreign["found"][foreign["quoted"]].mean()),
    }, left
