"""Fit and score the model that says where comments begin on a page whose headers are lost.

Threads whose comments are known are laid out as such a page: replies under what they answer, headers and quote
marks taken away, blanks as a browser shows them. Boosted trees learn from the features of each gap between two
paragraphs whether a comment begins there; they go to threadkit/readers/page/boundaries.json. Threads, never
paragraphs, are parted in three: six tenths to fit, two to choose and calibrate, two to report, once.

    python scripts/fit_boundaries.py ../shared
    python scripts/fit_boundaries.py ../shared --by-forum    also fit without each forum, and report on it
    python scripts/fit_boundaries.py ../shared --choose      score on the second part, to compare; store nothing
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import re
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import orjson
from lxml import html
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss

from threadkit.readers.page.boundaries import Model, apart, choose
from threadkit.readers.page.forest import forest
from threadkit.readers.page.gaps import FEATURES, NOTHING, features
from threadkit.readers.page.paragraphs import Paragraph, paragraph
from threadkit.readers.page.quotations import Source, sources

if TYPE_CHECKING:
    from collections.abc import Iterator

OUT = Path(__file__).resolve().parents[1] / "threadkit" / "readers" / "page" / "boundaries.json"
# Threads of fewer comments say little about boundaries; longer ones are cut, so that no thread weighs too much.
MIN_COMMENTS, MAX_COMMENTS = 5, 60
# A forum of one-line comments has a boundary at every paragraph.
MIN_PARAGRAPHS = 1.4
# At most this many threads of each topic of 4forums.com, the largest of the sources.
MAX_THREADS = 120
# Comments of the one Hacker News thread that make a page.
CUT = 40
# A forum of which there is one thread alone is never fitted on.
UNSEEN = frozenset({"hackernews"})
# Of ten threads, so many are to fit; so many of the rest to choose; the others to report.
TO_FIT, TO_CHOOSE = 6, 2
# One thread of so many is fitted as if its page stated no count.
COUNT_LEFT_OUT = 3
# What follows, down to AGAINST, was chosen with --choose; all above is set by hand.
# A forum of n paragraphs weighs n to this power, so that the largest does not drown the others.
FORUM_WEIGHT = 0.6
TREES = {
    "max_iter": 300,
    "learning_rate": 0.06,
    "max_leaf_nodes": 16,
    "min_samples_leaf": 60,
    "l2_regularization": 5.0,
    "max_features": 0.25,
    "random_state": 0,
}
# What speaks for a beginning, and against one, on any forum: a tree may not learn the contrary from one of them.
FOR = frozenset(
    {
        "opens with agreement, thanks or praise",
        "opens with an answer or a question",
        "opens with a name called",
        "quotation of the paragraph above",
    }
)
AGAINST = frozenset(
    {
        "opens with a word that goes on",
        "opens in lower case or brackets",
        "under a colon",
        "list item",
        "words under a quotation",
    }
)
# The probability from which a paragraph is taken to begin a comment: with a stated count set by hand, as F1 on the
# part to choose is the same (0.769) from 0 to 0.4; without one, the best of these.
COUNTED_FLOOR = 0.3
FLOORS = (0.0, 0.1, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55)
# Tenths of what is said, by which its calibration is judged.
BINS = 10
GONE = frozenset({"", "[deleted]", "[removed]"})
_SEEN: dict[tuple[str, str], np.ndarray] = {}
"""The features of each page: they take longer than all the rest."""


class Page(NamedTuple):
    """A thread as a page without headers."""

    forum: str
    thread: str
    body: list[Paragraph]
    parts: list[Paragraph]
    begins: np.ndarray
    found: list[Source | None]

    @property
    def part(self) -> str:
        """What the thread is for: to fit, to choose, or to report."""
        if self.forum in UNSEEN:
            return "report"
        place = digest(self.thread) % 10
        return "fit" if place < TO_FIT else "choose" if place < TO_FIT + TO_CHOOSE else "report"


class Scored(NamedTuple):
    """A page with the trees' log odds for each gap, (n - 1,), by whether its count is stated."""

    page: Page
    log_odds: dict[bool, np.ndarray]

    def judge(self, fitted: Model, *, counted: bool) -> Judged:
        """Let the calibrated model choose the beginnings, as the reader does."""
        truth = self.page.begins[1:]
        odds = fitted.odds(self.log_odds[counted])
        spans = [(a, b) for a, b in apart(self.page.found) if a < b]
        p, chosen = choose(odds, int(truth.sum()) if counted else None, spans, fitted.floors[counted])
        return Judged(p, chosen, truth)


class Judged(NamedTuple):
    """What a model says of the gaps of one page, each (n - 1,)."""

    p: np.ndarray
    chosen: np.ndarray
    truth: np.ndarray

    def comments(self) -> list[tuple[float, bool]]:
        """List the inferred comments: the product of their boundaries, and whether each is one whole comment."""
        p, truth = np.r_[1.0, self.p, 1.0], np.r_[True, self.truth, True]
        starts = [0, *(np.flatnonzero(self.chosen) + 1), len(p) - 1]
        rows = []
        for start, stop in pairwise(starts):
            said = p[start] * np.prod(1 - p[start + 1 : stop]) * p[stop]
            rows.append((float(said), bool(truth[start] and truth[stop] and not truth[start + 1 : stop].any())))
        return rows


def main() -> None:
    """Fit, choose, report, store."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--by-forum", action="store_true")
    parser.add_argument("--choose", action="store_true")
    given = parser.parse_args()
    pages = [page for forum in FORUMS for page in laid_out(forum, given.shared)]
    run(pages, by_forum=given.by_forum, choosing=given.choose)


def run(pages: list[Page], *, by_forum: bool, choosing: bool) -> None:
    """Fit on the first part, choose on the second, report on the third."""
    to = {part: [page for page in pages if page.part == part] for part in ("fit", "choose", "report")}
    kept_apart = [page.begins[a + 1 : b + 1].any() for page in to["fit"] for a, b in apart(page.found)]
    print(f"{np.mean(kept_apart):.3f} of {len(kept_apart)} quoted passages end before their quoter begins")
    trees = fit(to["fit"])
    fitted = calibrated(Model(forest(trees)), to["choose"], loud=True)
    if not choosing:
        store(fitted, trees, {part: len(some) for part, some in to.items()})
    for forum in [*FORUMS, None]:
        report([p for p in to["choose" if choosing else "report"] if forum in {None, p.forum}], fitted, forum or "all")
    for forum in [name for name in FORUMS if by_forum and not choosing and name not in UNSEEN]:
        others = calibrated(
            Model(forest(fit([page for page in to["fit"] if page.forum != forum]))),
            [page for page in to["choose"] if page.forum != forum],
        )
        report([page for page in to["report"] if page.forum == forum], others, f"{forum}, fitted without it")


def digest(text: str) -> int:
    """Return a number that does not change from run to run."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")


def fit(pages: list[Page]) -> dict[str, Any]:
    """Fit the trees, and return them laid end to end; they are not calibrated yet."""
    sizes = {page.forum: sum(len(p.parts) for p in pages if p.forum == page.forum) for page in pages}
    rows, labels, weights = [], [], []
    for page in pages:
        counted = digest(page.thread + "/count") % COUNT_LEFT_OUT
        rows.append(seen(page, counted=bool(counted))[1:])
        labels.append(page.begins[1:])
        weights.append(np.full(len(page.parts) - 1, sizes[page.forum] ** (FORUM_WEIGHT - 1)))
    weight = np.concatenate(weights)
    one_way = [(name in FOR) - (name in AGAINST) for name in FEATURES]
    trees = HistGradientBoostingClassifier(**TREES, monotonic_cst=one_way)
    X, y = np.concatenate(rows), np.concatenate(labels)
    trees.fit(X, y, sample_weight=weight / weight.mean())
    laid = arrays(trees)
    worst = np.abs(forest(laid).log_odds(X) - trees.decision_function(X)).max()
    print(f"the stored trees differ from the fitted by at most {worst:.4f} of log odds")
    return laid


def seen(page: Page, *, counted: bool) -> np.ndarray:
    """Return the features of a page, with its count or without."""
    key = page.forum, page.thread
    if key not in _SEEN:
        _SEEN[key] = features(page.body, page.parts, page.found, float(page.begins.mean()))
    found = _SEEN[key].copy()
    if not counted:
        found[:, FEATURES.index("stated count")] = NOTHING
    return found


def arrays(trees: HistGradientBoostingClassifier) -> dict[str, Any]:
    """Lay the fitted trees end to end. scikit-learn has no public way to look into them."""
    laid: dict[str, Any] = {"bias": round(float(trees._baseline_prediction.ravel()[0]), 6), "roots": []}
    laid |= {name: [] for name in ("feature", "value", "left", "right")}
    for (tree,) in trees._predictors:
        root = len(laid["feature"])
        laid["roots"].append(root)
        for node in tree.nodes:
            leaf = bool(node["is_leaf"])
            laid["feature"].append(-1 if leaf else int(node["feature_idx"]))
            laid["value"].append(float(f"{node['value' if leaf else 'num_threshold']:.9g}"))
            laid["left"].append(0 if leaf else root + int(node["left"]))
            laid["right"].append(0 if leaf else root + int(node["right"]))
    return laid


def scored(pages: list[Page], fitted: Model) -> list[Scored]:
    """Score every gap of the pages, with their counts and without."""

    def log_odds(page: Page, *, counted: bool) -> np.ndarray:
        return fitted.trees.log_odds(seen(page, counted=counted))[1:]

    return [Scored(page, {kind: log_odds(page, counted=kind) for kind in (True, False)}) for page in pages]


def calibrated(fitted: Model, pages: list[Page], *, loud: bool = False) -> Model:
    """Choose slope and offset of the odds by log loss, the floor by F1, then slope and offset of whole comments."""
    known = scored(pages, fitted)

    def loss(slope: float, offset: float, *, counted: bool) -> float:
        said = [page.judge(fitted._replace(slope=slope, offset=offset), counted=counted) for page in known]
        return float(log_loss(np.concatenate([s.truth for s in said]), np.concatenate([s.p for s in said])))

    slope = round(min(np.arange(0.5, 1.31, 0.1), key=lambda value: loss(value, 0.0, counted=True)), 2)
    offset = round(min(np.arange(-0.6, 0.61, 0.1), key=lambda value: loss(slope, value, counted=False)), 2)
    fitted = fitted._replace(slope=float(slope), offset=float(offset))
    fitted = fitted._replace(floors=(best_floor(known, fitted), COUNTED_FLOOR))
    rows = [row for page in known for row in page.judge(fitted, counted=True).comments()]
    said = np.clip([p for p, _ in rows], 1e-9, 1 - 1e-9)
    line = LogisticRegression(C=1e6).fit(np.log(said / (1 - said))[:, None], [right for _, right in rows])
    fitted = fitted._replace(whole=(round(float(line.coef_[0, 0]), 3), round(float(line.intercept_[0]), 3)))
    if loud:
        print(f"chosen: slope {slope}, offset {offset}, whole comments {fitted.whole}, floors {fitted.floors}")
    return fitted


def best_floor(known: list[Scored], fitted: Model) -> float:
    """Choose the least likely beginning taken where no count is stated: of the best F1, of equals the lowest."""

    def f1(floor: float) -> float:
        return right([page.judge(fitted._replace(floors=(floor, floor)), counted=False) for page in known])[2]

    return max(FLOORS, key=f1)


def right(said: list[Judged]) -> tuple[float, float, float]:
    """Return precision, recall and F1 of the boundaries."""
    good = sum(int((page.chosen & page.truth).sum()) for page in said)
    chosen, begin = sum(int(page.chosen.sum()) for page in said), sum(int(page.truth.sum()) for page in said)
    return good / max(chosen, 1), good / max(begin, 1), 2 * good / max(chosen + begin, 1)


def report(pages: list[Page], fitted: Model, name: str) -> None:
    """Print how well boundaries are found and how true the confidences are, with and without the count."""
    if not pages:
        return
    known = scored(pages, fitted)
    n = sum(len(page.begins) - 1 for page in pages)
    share = sum(int(page.begins[1:].sum()) for page in pages) / n
    print(f"\n{name}: {len(pages)} threads, {n} gaps, {share:.2f} begin a comment; F1 by chance {share:.2f}")
    for counted in (True, False):
        said = [page.judge(fitted, counted=counted) for page in known]
        y, p = np.concatenate([s.truth for s in said]), np.concatenate([s.p for s in said])
        mask = np.concatenate([s.chosen for s in said])
        rows = [row for s in said for row in s.comments()]
        sure, true = np.array([fitted.sure(product) for product, _ in rows]), np.array([good for _, good in rows])
        precision, recall, f1 = right(said)
        print(
            f"  {'with the count' if counted else 'without       '} P {precision:.3f} R {recall:.3f} F1 {f1:.3f}  "
            f"AP {average_precision_score(y, p):.3f}  Brier {brier_score_loss(y, p):.3f}  calibration error: gaps "
            f"{off(p, y):.3f}, chosen {off(p[mask], y[mask]):.3f}, whole comments {off(sure, true):.3f} "
            f"({true.mean():.2f} whole)"
        )


def off(said: np.ndarray, true: np.ndarray) -> float:
    """Return the expected calibration error: how far what is said lies from what happens, by tenths of what is said."""
    bins = np.clip((said * BINS).astype(int), 0, BINS - 1)
    gaps = [(bins == b).mean() * abs(said[bins == b].mean() - true[bins == b].mean()) for b in set(bins.tolist())]
    return float(sum(gaps))


def store(fitted: Model, trees: dict[str, Any], n_threads: dict[str, int]) -> None:
    """Write the trees and their calibration; figures only."""
    content = {
        "from": "scripts/fit_boundaries.py",
        "n_threads": n_threads,
        "slope": fitted.slope,
        "offset": fitted.offset,
        "whole": list(fitted.whole),
        "floors": list(fitted.floors),
        "trees": trees,
    }
    OUT.write_bytes(orjson.dumps(content, option=orjson.OPT_APPEND_NEWLINE))


def laid_out(forum: str, shared: Path) -> Iterator[Page]:
    """Yield the pages of a forum."""
    for thread, body, comments in FORUMS[forum](shared):
        kept = [printed for printed in map(lines, comments) if printed][:MAX_COMMENTS]
        parts = [part for comment in kept for part in comment]
        if len(kept) < MIN_COMMENTS or len(parts) < MIN_PARAGRAPHS * len(kept):
            continue
        begins = np.concatenate([[True] + [False] * (len(comment) - 1) for comment in kept])
        post = lines(body)
        yield Page(forum, thread, post, parts, begins, sources(post, parts))


def lines(texts: list[str]) -> list[Paragraph]:
    """Read paragraphs as a page prints them: no quote mark, and one blank between two words."""
    read = (paragraph(re.sub(r"^(?:>\s?)+", "", " ".join(text.split())), 0) for text in texts)
    return [part for part in read if part.text]


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
        with gzip.open(path) as rows:
            threads = [row for row in map(orjson.loads, rows) if len(row["posts"]) > MIN_COMMENTS]
        for row in sorted(threads, key=lambda row: digest(f"iac {row['thread_id']}"))[:MAX_THREADS]:
            first, *rest = row["posts"]
            posts = [post for post in rest if post["id"] != first["id"]]
            parents = {post["id"]: post["parent"] for post in posts if post["parent"] != first["id"]}
            ordered = replies_under_parents(posts, parents)
            yield f"iac {row['thread_id']}", split(first["text"]), [split(post["text"]) for post in ordered]


def discourse(shared: Path) -> Iterator[Thread]:
    """Yield the topics of a Discourse forum."""
    topics = defaultdict(list)
    with gzip.open(shared / "data/threads/delving_bitcoin_odd_topics.jsonl.gz") as rows:
        for row in map(orjson.loads, rows):
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


def convokit(shared: Path) -> Iterator[Thread]:
    """Yield the Reddit conversations of a ConvoKit corpus."""
    threads = defaultdict(list)
    with gzip.open(shared / "exports/convokit/utterances.jsonl.gz") as rows:
        for row in map(orjson.loads, rows):
            threads[row.get("conversation_id") or row.get("root")].append(row)
    for thread, said in threads.items():
        said.sort(key=lambda row: row.get("timestamp") or 0)
        rest = [row for row in said if row["id"] != thread]
        ordered = replies_under_parents(rest, {row["id"]: row.get("reply-to", row.get("reply_to")) for row in rest})
        live = [split(row["text"]) for row in ordered if (row["text"] or "").strip() not in GONE]
        yield f"convokit {thread}", [text for row in said if row["id"] == thread for text in split(row["text"])], live


def hackernews(shared: Path) -> Iterator[Thread]:
    """Yield pieces of one long Hacker News thread."""
    for path in sorted(shared.glob("exports/hackernews/circumflex_thread-*.json.gz")):
        comments = [typed(row.get("text") or "") for row in orjson.loads(gzip.decompress(path.read_bytes()))]
        for begin in range(0, len(comments) - CUT + 1, CUT):
            yield f"hn {begin}", [], comments[begin : begin + CUT]


def typed(text: str) -> list[str]:
    """Return the paragraphs of Hacker News markup, which parts them and does not close them."""
    parts = [part for part in re.split(r"</?p>", text) if part.strip() and not part.lstrip().startswith("<pre")]
    return [html.fromstring(f"<div>{part}</div>").text_content().strip() for part in parts]


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


FORUMS = {"4forums": iac, "discourse": discourse, "reddit": reddit, "convokit": convokit, "hackernews": hackernews}

if __name__ == "__main__":
    main()
