"""Choose MIN_QUOTE_MATCH: trace quotes whose true source is known, at many thresholds.

The gold set is made on the fly from a Discourse export whose rendered posts name the source of every quote
(`<aside class="quote" data-topic data-post>`). Each quote is sought twice among the earlier posts of its
topic: with its true source there (found right, found wrong, missed), and with the true source taken
out, where whatever is found is wrong.

    python scripts/sweep_quotes.py ../shared/data/threads/delving_bitcoin_odd_topics.jsonl.gz
"""

from __future__ import annotations

import argparse
import gzip
import time
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

import numpy as np
import orjson
from lxml import html

from threadkit.base.align import Passages

THRESHOLDS = np.round(np.arange(0.50, 1.001, 0.025), 3)


class Quote(NamedTuple):
    """A quote, the post that holds it and the post that it quotes."""

    text: str
    holder: str
    source: str


def read(path: Path) -> tuple[dict[int, list[tuple[str, str]]], dict[int, list[Quote]]]:
    """Read posts (number, words without their quotes) and quotes, by topic."""
    posts: dict[int, list[tuple[str, str]]] = defaultdict(list)
    quotes: dict[int, list[Quote]] = defaultdict(list)
    with gzip.open(path) as lines:
        rows = sorted(map(orjson.loads, lines), key=lambda row: (row["topic_id"], row["post_number"]))
    for row in rows:
        tree = html.fromstring(f"<div>{row['cooked']}</div>")
        for aside in tree.xpath(".//aside[contains(@class, 'quote')][@data-post][blockquote][not(ancestor::aside)]"):
            if aside.get("data-topic") == str(row["topic_id"]):
                quoted = aside.xpath("./blockquote//text()[count(ancestor::aside) = 1]")
                quotes[row["topic_id"]].append(Quote(" ".join(quoted), str(row["post_number"]), aside.get("data-post")))
            aside.drop_tree()
        posts[row["topic_id"]].append((str(row["post_number"]), "".join(tree.itertext())))
    return posts, quotes


def trace(path: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return, a row a quote: match with the source there (0 = none), whether it was right, match without it."""
    present, right, absent = [], [], []
    posts, quotes = read(path)
    for topic, found in quotes.items():
        sources = posts[topic]
        passages = Passages(sources)
        numbers = [number for number, _ in sources]
        held = {number: place for place, number in enumerate(numbers)}
        for quote in found:
            if not quote.text.strip() or quote.source not in held or held[quote.source] >= held[quote.holder]:
                continue
            hit = passages.find(quote.text, before=quote.holder, min_match=THRESHOLDS[0])
            others = [number for number in numbers[: held[quote.holder]] if number != quote.source]
            miss = passages.find(quote.text, others, min_match=THRESHOLDS[0]) if others else None
            present.append(hit[1].match if hit else 0.0)
            right.append(bool(hit) and hit[0] == quote.source)
            absent.append(miss[1].match if miss else 0.0)
    return np.array(present), np.array(right), np.array(absent)


def main() -> None:
    """Print precision, recall and F1 by threshold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("export", type=Path)
    begun = time.perf_counter()
    present, right, absent = trace(parser.parse_args().export)
    took = time.perf_counter() - begun
    print(f"{len(present)} quotes, {took:.1f} s; found by letter: {(present == 1).mean():.3f}")
    print("threshold  precision  recall  F1     found though absent")
    for threshold in THRESHOLDS:
        found = present >= threshold
        good = int((found & right).sum())
        wrong = int((found & ~right).sum()) + int((absent >= threshold).sum())
        precision, recall = good / max(good + wrong, 1), good / len(present)
        f1 = 2 * precision * recall / max(precision + recall, 1e-9)
        rate = (absent >= threshold).mean()
        print(f"{threshold:9.3f}  {precision:9.3f}  {recall:6.3f}  {f1:.3f}  {rate:.3f}")


if __name__ == "__main__":
    main()
