"""Choose the thresholds of tracing on quotes whose true source is known, and time it.

The gold is scripts/quote_gold.py's, made on the fly from a Discourse export; thresholds are chosen on the half of its
topics that is for tuning, and scripts/gate.py scores the other half.

    python scripts/sweep_quotes.py                    MIN_QUOTE_MATCH, for marked quotes
    python scripts/sweep_quotes.py --unmarked         MIDDLE_WORDS and MIN_SHARED, for unmarked ones
    python scripts/sweep_quotes.py --speed 100000     time for so many generated comments, and for a flood of copies
"""

from __future__ import annotations

import time
from collections import Counter
from itertools import product
from typing import TYPE_CHECKING

import click
import numpy as np
import pandas as pd
import quote_gold
import splits

from threadkit.base import align, passages
from threadkit.corpus.tables import COMMENTS, POSTS
from threadkit.dispute.quotes import trace
from threadkit.dispute.segment import segment

if TYPE_CHECKING:
    from collections.abc import Iterator

THRESHOLDS = np.round(np.arange(0.50, 1.001, 0.05), 3)


def matches() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return, a row a marked quote: match among what came before (0 = none), whether right, match in another topic."""
    present, right, absent = [], [], []
    held = [
        quote_gold.thread(topic, posts, Counter(), "marked")
        for topic, posts in quote_gold.topics(splits.quotes("tune")).items()
    ]
    sources = [_passages(thread) for thread in held]
    for n, thread in enumerate(held):
        for gold in thread.gold:
            text = thread.comments["text"][gold.holder][gold.start :].split("\n", 1)[0]
            hit = sources[n].find(text, before=gold.holder, min_match=THRESHOLDS[0])
            miss = sources[n - 1].find(text, min_match=THRESHOLDS[0])
            present.append(hit[1].match if hit else 0.0)
            right.append(bool(hit) and hit[0] == gold.source)
            absent.append(miss[1].match if miss else 0.0)
    return np.array(present), np.array(right), np.array(absent)


def _passages(thread: quote_gold.Thread) -> passages.Passages:
    texts = pd.concat([thread.posts["text"], thread.comments["text"]])
    return passages.Passages(list(zip(texts.index, texts, strict=True)))


def sweep_marked() -> None:
    """Print precision, recall and F1 by threshold; quotes of quotes count as wrong here, for none is followed."""
    present, right, absent = matches()
    click.echo(f"{len(present)} quotes, found by letter: {(present == 1).mean():.3f}")
    click.echo("threshold  precision  recall  F1     found in another topic")
    for threshold in THRESHOLDS:
        found = present >= threshold
        good = int((found & right).sum())
        wrong = int((found & ~right).sum()) + int((absent >= threshold).sum())
        precision, recall = good / max(good + wrong, 1), good / len(present)
        f1 = 2 * precision * recall / max(precision + recall, 1e-9)
        click.echo(f"{threshold:9.3f}  {precision:9.3f}  {recall:6.3f}  {f1:.3f}  {(absent >= threshold).mean():.3f}")


def sweep_unmarked() -> None:
    """Print what is found right and false, and the time, by MIDDLE_WORDS and MIN_SHARED."""
    part = quote_gold.topics(splits.quotes("tune"))
    for middle, shared in product((8, 20), (0.0, 0.3, 0.6)):
        align.MIDDLE_WORDS, passages.MIN_SHARED = middle, shared  # type: ignore[misc]
        began = time.process_time()
        figures, left = quote_gold.score(part, "unmarked")
        told = "  ".join(f"{name} {value:.4f}" for name, value in figures.items())
        click.echo(f"MIDDLE_WORDS {middle:2} MIN_SHARED {shared:.1f}  {told}  {time.process_time() - began:.0f} s")
        click.echo(f"  {dict(left)}")


def generated(n: int, rng: np.random.Generator, *, flood: bool) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return posts and comments: threads of 100, a fifth quoting its parent; or one thread of edited copies."""
    words = np.array([f"w{i}" for i in range(20_000)])
    weight = 1 / np.arange(5, len(words) + 5)
    size = n if flood else 100
    rows: list[dict[str, object]] = []
    copied = list(rng.choice(words, 60, p=weight / weight.sum()))
    for i in range(n):
        place = i % size
        own = list(rng.choice(words, 60, p=weight / weight.sum()))
        if flood:
            own = [*copied[: place % 50], f"edit{place}", *copied[place % 50 :]]
        parent = int(rng.integers(i - place, i)) if place else None
        text = f"{' '.join(own[:30])}.\n\n{' '.join(own[30:])}."
        if parent is not None and not flood and place % 5 == 0:
            text = f"> {str(rows[parent]['text']).splitlines()[-1]}\n\n{text}"
        rows.append({
            "comment_id": f"c{i}", "post_id": f"p{i // size}", "parent_id": None if parent is None else f"c{parent}",
            "author": f"a{i % 97}", "depth": 0, "origin": "stated", "confidence": 1.0, "status": "live", "text": text,
        })  # fmt: skip
    posts = POSTS.build([{"post_id": f"p{k}", "text": "What do you think?"} for k in range(-(-n // size))])
    return posts, COMMENTS.build(rows)


def clock(n: int) -> Iterator[str]:
    """Yield the processor time of tracing n generated comments, and a flood of n / 10 edited copies in one thread."""
    for name, size, flood in (("threads of 100", n, False), ("a flood of edited copies", n // 10, True)):
        posts, comments = generated(size, np.random.default_rng(0), flood=flood)
        segments = segment(comments)
        began = time.process_time()
        quotes = trace(segments, comments, posts)
        took = time.process_time() - began
        yield f"{name}: {size} comments, {took:.1f} s, {1e6 * took / size:.0f} µs each, {len(quotes)} quotes"


@click.command()
@click.option("--unmarked", is_flag=True, help="Sweep the thresholds of unmarked quotes.")
@click.option("--speed", type=int, metavar="N", help="Time the tracing of N generated comments.")
def main(unmarked: bool, speed: int | None) -> None:
    """Sweep MIN_QUOTE_MATCH, or what is asked."""
    if speed:
        for line in clock(speed):
            click.echo(line)
    elif unmarked:
        sweep_unmarked()
    else:
        sweep_marked()


if __name__ == "__main__":
    main()
