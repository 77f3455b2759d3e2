"""Fit and score the model that says where comments begin on a page whose headers are lost.

Threads whose comments are known are laid out as such a page: replies under what they answer, headers and quote
marks taken away. A logistic regression learns from the cues of each paragraph whether a comment begins there;
its weights go to threadkit/readers/page/boundaries.json. Threads, never paragraphs, are held out.

    python scripts/fit_boundaries.py ../shared
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import re
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import orjson
from lxml import html
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss

from threadkit.readers.page.boundaries import Model, apart, choose, likelihoods
from threadkit.readers.page.cues import CUES, cues
from threadkit.readers.page.paragraphs import Paragraph, paragraph
from threadkit.readers.page.quotations import Source, sources

if TYPE_CHECKING:
    from collections.abc import Iterator

OUT = Path(__file__).resolve().parents[1] / "threadkit" / "readers" / "page" / "boundaries.json"
# Threads of fewer comments say little about boundaries; longer ones are cut, so that no thread weighs too much.
MIN_COMMENTS, MAX_COMMENTS = 5, 60
# A forum of one-line comments has a boundary at every paragraph, which no page of long comments has.
MIN_PARAGRAPHS = 1.4
# At most this many threads a forum.
MAX_THREADS = 150
HELD_OUT = 3
"""One thread of so many is held out."""


class Page(NamedTuple):
    """A thread as a page without headers."""

    forum: str
    thread: str
    body: list[Paragraph]
    parts: list[Paragraph]
    begins: np.ndarray
    found: list[Source | None]


def main() -> None:
    """Fit, print scores on held-out threads, store the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path)
    pages = [page for forum in FORUMS for page in laid_out(forum, parser.parse_args().shared)]
    kept_apart = [page.begins[a + 1 : b + 1].any() for page in pages for a, b in apart(page.found)]
    print(f"{np.mean(kept_apart):.3f} of {len(kept_apart)} quoted passages end before their quoter begins")
    held = [page for page in pages if digest(page.thread) % HELD_OUT == 0]
    train = [page for page in pages if digest(page.thread) % HELD_OUT]
    fitted = fit(train)
    for forum in [*FORUMS, None]:
        score([page for page in held if forum in {None, page.forum}], fitted, forum or "all")
    sweep_floor(held, fitted)
    for name, weight in sorted(zip(CUES, fitted.weights, strict=True), key=lambda pair: -abs(pair[1])):
        print(f"{weight:+.3f}  {name}")
    store(fitted, train, held)


def digest(text: str) -> int:
    """Return a number that does not change from run to run."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")


def fit(pages: list[Page]) -> Model:
    """Fit the weights; every forum weighs the same."""
    rows, labels, weights = [], [], []
    sizes = {forum: sum(len(page.parts) for page in pages if page.forum == forum) for forum in FORUMS}
    for page in pages:
        rows.append(cues(page.body, page.parts, page.found)[1:])
        labels.append(page.begins[1:])
        weights.append(np.full(len(page.parts) - 1, 1000 / sizes[page.forum]))
    X, y = np.concatenate(rows), np.concatenate(labels)
    scale = X.std(0) + 1e-9
    chosen = LogisticRegression(C=0.3, max_iter=2000).fit(X / scale, y, sample_weight=np.concatenate(weights))
    return Model(float(chosen.intercept_[0]), chosen.coef_[0] / scale)


def score(pages: list[Page], fitted: Model, name: str) -> None:
    """Print precision, recall and F1 of boundaries, and calibration, with and without the stated count."""
    if not pages:
        return
    truth, free, counted, free_mask, counted_mask = [], [], [], [], []
    for page in pages:
        odds = likelihoods(page.body, page.parts, page.found, fitted)[1:]
        truth.append(page.begins[1:])
        for n_missing, parts, masks in ((None, free, free_mask), (int(truth[-1].sum()), counted, counted_mask)):
            p, chosen = choose(odds, n_missing, apart(page.found))
            parts.append(p)
            masks.append(chosen)
    y = np.concatenate(truth)
    print(f"\n{name}: {len(pages)} threads, {len(y)} paragraphs, {y.mean():.2f} begin a comment")
    for kind, parts, masks in (("alone", free, free_mask), ("with the stated count", counted, counted_mask)):
        p, chosen = np.concatenate(parts), np.concatenate(masks)
        good = (chosen & y).sum()
        precision, recall = good / max(chosen.sum(), 1), good / y.sum()
        f1 = 2 * precision * recall / max(precision + recall, 1e-9)
        print(
            f"  {kind:22} P {precision:.3f} R {recall:.3f} F1 {f1:.3f}  AP {average_precision_score(y, p):.3f}  "
            f"Brier {brier_score_loss(y, p):.3f}  log loss {log_loss(y, p):.3f}"
        )
        bins = np.clip((p * 5).astype(int), 0, 4)
        print("    said → was: ", end="")
        print(
            ", ".join(f"{p[bins == b].mean():.2f} → {y[bins == b].mean():.2f}" for b in range(5) if (bins == b).any())
        )
    rate = y.mean()
    print(f"  every paragraph       P {rate:.3f} R 1.000 F1 {2 * rate / (1 + rate):.3f}")


def sweep_floor(pages: list[Page], fitted: Model) -> None:
    """Print precision, recall and F1 by the least likely beginning that a stated count makes us choose."""
    for floor in (0.0, 0.1, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5):
        good = chosen = missing = 0
        for page in pages:
            odds, truth = likelihoods(page.body, page.parts, page.found, fitted)[1:], page.begins[1:]
            _, mask = choose(odds, int(truth.sum()), apart(page.found), floor)
            good, chosen, missing = good + (mask & truth).sum(), chosen + mask.sum(), missing + truth.sum()
        f1 = 2 * good / (chosen + missing)
        print(f"floor {floor:.2f}: P {good / chosen:.3f} R {good / missing:.3f} F1 {f1:.3f}")


def store(fitted: Model, train: list[Page], held: list[Page]) -> None:
    """Write the weights; figures only."""
    content: dict[str, Any] = {
        "from": "scripts/fit_boundaries.py",
        "n_threads": len(train),
        "n_paragraphs": sum(len(page.parts) for page in train),
        "n_threads_held_out": len(held),
        "bias": round(fitted.bias, 4),
        "weights": {name: round(float(weight), 4) for name, weight in zip(CUES, fitted.weights, strict=True)},
    }
    OUT.write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def laid_out(forum: str, shared: Path) -> Iterator[Page]:
    """Yield the pages of a forum."""
    n = 0
    for thread, body, comments in FORUMS[forum](shared):
        kept = [comment for comment in comments if comment][:MAX_COMMENTS]
        n_parts = sum(map(len, kept))
        if len(kept) < MIN_COMMENTS or n_parts < MIN_PARAGRAPHS * len(kept):
            continue
        parts = [line(text, number) for number, text in enumerate((t for c in kept for t in c), 1)]
        begins = np.concatenate([[True] + [False] * (len(comment) - 1) for comment in kept])
        post = [line(text, 0) for text in body]
        yield Page(forum, thread, post, parts, begins, sources(post, parts))
        n += 1
        if n >= MAX_THREADS:
            return


def line(text: str, number: int) -> Paragraph:
    """Read a paragraph as the page would print it: no quote mark."""
    return paragraph(re.sub(r"^(?:>\s?)+", "", text.strip()), number)


def replies_under_parents(rows: list[dict[str, Any]], parents: dict[Any, Any]) -> list[dict[str, Any]]:
    """Order comments as a page shows them: each thread of replies together, the earlier first."""
    children = defaultdict(list)
    known = {row["id"] for row in rows}
    for row in rows:
        parent = parents.get(row["id"])
        children[parent if parent in known else None].append(row)
    ordered = []
    stack = children[None][::-1]
    while stack:
        row = stack.pop()
        ordered.append(row)
        stack.extend(children.pop(row["id"], [])[::-1])
    return ordered


Thread = tuple[str, list[str], list[list[str]]]


def iac(shared: Path) -> Iterator[Thread]:
    """Yield the threads of 4forums.com: identifier, paragraphs of the first post, paragraphs of each reply."""
    for path in sorted(shared.glob("data/threads/iac_v1_*.jsonl.gz")):
        with gzip.open(path) as lines:
            for n, row in enumerate(map(orjson.loads, lines)):
                if n >= 25:
                    break
                first, *rest = row["posts"]
                posts = [post for post in rest if post["id"] != first["id"]]
                parents = {post["id"]: post["parent"] for post in posts if post["parent"] != first["id"]}
                ordered = replies_under_parents(posts, parents)
                yield f"iac {row['thread_id']}", split(first["text"]), [split(post["text"]) for post in ordered]


def discourse(shared: Path) -> Iterator[Thread]:
    """Yield the topics of a Discourse forum."""
    topics = defaultdict(list)
    with gzip.open(shared / "data/threads/delving_bitcoin_odd_topics.jsonl.gz") as lines:
        for row in map(orjson.loads, lines):
            topics[row["topic_id"]].append({**row, "id": row["post_number"]})
    for topic, posts in topics.items():
        first, *rest = sorted(posts, key=lambda post: post["post_number"])
        parents = {post["id"]: post["reply_to_post_number"] for post in rest}
        ordered = replies_under_parents(rest, parents)
        yield f"discourse {topic}", blocks(first["cooked"]), [blocks(post["cooked"]) for post in ordered]


def reddit(shared: Path) -> Iterator[Thread]:
    """Yield Reddit threads."""
    for path in sorted(shared.glob("exports/reddit_threads/*.json")):
        post, replies = orjson.loads(path.read_bytes())
        top = post["data"]["children"][0]["data"]
        comments: list[list[str]] = []
        stack = replies["data"]["children"][::-1]
        while stack:
            child = stack.pop()
            if child["kind"] == "t1":
                comments.append(split(child["data"]["body"]))
                stack.extend((child["data"].get("replies") or {"data": {"children": []}})["data"]["children"][::-1])
        yield f"reddit {path.stem}", [top["title"], *split(top.get("selftext") or "")], comments


def split(text: str) -> list[str]:
    """Return the paragraphs of plain text or Markdown."""
    text = text.replace("&gt;", ">").replace("&lt;", "<").replace("&amp;", "&")
    return [
        part.strip() for part in re.split(r"\n\s*\n|\n(?=\s*(?:>|[-*] |\d+[.)] ))|(?<=[.!?:])\n", text) if part.strip()
    ]


def blocks(cooked: str) -> list[str]:
    """Return the paragraphs of rendered HTML, quotation marks and code gone."""
    tree = html.fromstring(f"<div>{cooked}</div>")
    for gone in tree.xpath(".//pre | .//aside/div[@class='title'] | .//aside[contains(@class, 'onebox')]"):
        gone.drop_tree()
    found = []
    for block in tree.xpath(".//p | .//li[not(p)] | .//h1 | .//h2 | .//h3 | .//h4"):
        text = " ".join("".join(block.itertext()).split())
        if text:
            found.append(f"- {text}" if block.tag == "li" else text)
    return found


FORUMS = {"4forums": iac, "discourse": discourse, "reddit": reddit}

if __name__ == "__main__":
    main()
