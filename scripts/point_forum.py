"""A forum made of arguments whose points people have judged: the whole product is run on it and scored.

Each KPA-2021 topic is argued for in six posts, each holding some of its supporting arguments; its opposing arguments
are the comments, spread over the six at random, each by an author of its own. Topics are mixed.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
import pandas as pd
from grouping import compare

if TYPE_CHECKING:
    from collections.abc import Iterator

POSTS = 6
PROS = 5
"""Supporting arguments in a post."""

# A key point on so many posts can be said to recur; it is found when one crux holds this share of its arguments,
# and a crux is pure when this share of its arguments makes one key point.
MIN_POSTS, MIN_HELD, MIN_PURE = 3, 0.3, 0.5


def records(arguments: list[dict[str, Any]], seed: int) -> Iterator[dict[str, Any]]:
    """Yield the forum as threadkit's JSON Lines."""
    rng = np.random.default_rng(seed)
    for number, topic in enumerate(dict.fromkeys(a["topic"] for a in arguments)):
        pros = [a["text"] for a in arguments if a["topic"] == topic and a["stance"] > 0]
        order = rng.permutation(len(pros))
        for post in range(POSTS):
            body = "\n\n".join(pros[i] for i in order[post * PROS : (post + 1) * PROS])
            yield {"kind": "post", "id": f"{number}-{post}", "title": topic, "author": f"op {number}", "text": body}
        for a in arguments:
            if a["topic"] == topic and a["stance"] < 0:
                yield {
                    "kind": "comment", "id": a["id"], "post_id": f"{number}-{rng.integers(POSTS)}",
                    "author": f"author of {a['id']}", "text": a["text"],
                }  # fmt: skip


def score_forum(arguments: list[dict[str, Any]], seed: int = 0, cache: Path | None = None) -> dict[str, float]:
    """Run the product on the forum and return its figures.

    objections_found: share of comments with an objection. points_found: of key points on MIN_POSTS posts, the share
    of which one crux holds MIN_HELD of their arguments. pure: share of recurring cruxes that are pure. ari: adjusted
    Rand of all objections, those in no crux and those without a key point each alone; ari_all: of all comments, those
    in which no objection was found alone too, so that who finds fewer gains nothing. ungrouped: share in no crux.
    `cache` is what `threadkit.analyze` takes.
    """
    import threadkit as tk
    from threadkit.base.progress import Silent

    with tempfile.TemporaryDirectory() as folder:
        export = Path(folder) / "forum.jsonl"
        export.write_bytes(b"".join(orjson.dumps(record) + b"\n" for record in records(arguments, seed)))
        corpus = tk.read(export, progress=Silent())
        analysis = tk.analyze(corpus, seed=0, stability=0, progress=Silent(), cache=cache)
    points = {a["id"]: a["key_points"] for a in arguments}
    found = analysis.objections.reset_index().drop_duplicates("comment_id").set_index("comment_id")
    comments = analysis.comments
    point = pd.Series([(points[name] or [f"alone {name}"])[0] for name in comments.index], index=comments.index)
    crux = found["crux_id"].astype("Int64").reindex(comments.index)
    n_posts = comments["post_id"].groupby(point).nunique()
    recurring_points = n_posts.index[(n_posts >= MIN_POSTS) & ~n_posts.index.str.startswith("alone")]
    held = pd.crosstab(point, crux.astype("float64")).div(point.value_counts(), axis=0).max(axis=1)
    recurring = analysis.cruxes.index[analysis.cruxes["recurring"]]
    inside = pd.crosstab(crux.astype("float64"), point).reindex(recurring.astype("float64"))
    every = crux.fillna(-1).astype("int64")
    groups = compare(point.reindex(found.index).to_numpy(), every.reindex(found.index).to_numpy())
    return {
        "objections_found": len(found) / len(comments),
        "points_found": float((held.reindex(recurring_points).fillna(0) >= MIN_HELD).mean()),
        "pure": float((inside.max(axis=1) / inside.sum(axis=1) >= MIN_PURE).mean()) if len(inside) else 0.0,
        "ari": groups["ari"],
        "ari_all": compare(point.to_numpy(), every.to_numpy())["ari"],
        "ungrouped": groups["ungrouped"],
        "recurring_cruxes": float(len(recurring)),
    }
