"""Communities of invented objections whose points are known: each point is a direction, each objection a vector near it."""

import numpy as np
import pandas as pd

from threadkit.corpus.analysis import Analysis
from threadkit.corpus.tables import ANALYSIS_TABLES
from threadkit.crux.cluster import CruxClusterer

DIM = 32
RUN = {
    "settings": {"encoder": "own", "stance_model": "judge", "distance": 0.4},
    "models": {"own": "r1", "judge": "j1"},
}
TEXT = "Paving drains orchards costs money every single winter"


def community(rows, run=None, *, titles=None, texts=None, prefix=""):
    """Return an analysis of rows (post, author, crux or None, vector, karma, answered, time)."""
    posts, authors, cruxes, vectors, karma, answered, times = zip(*rows, strict=True) if rows else [()] * 7
    n = len(rows)
    comments = [f"{prefix}c{i:05d}" for i in range(n)]
    segments = [f"{c}:0" for c in comments]
    crux_ids = sorted({k for k in cruxes if k is not None})
    own = [i for i, k in enumerate(cruxes) if k is not None]
    same = {"post_id": posts, "author": authors}
    data = {
        "posts": {"post_id": sorted(set(posts)), "site": "hall"},
        "comments": {
            "comment_id": comments,
            **same,
            "karma": pd.array(karma, dtype="Int32"),
            "posted_at": pd.to_datetime(pd.Series(times, dtype="object"), utc=True, format="ISO8601"),
            "status": "live",
        },
        "objections": {
            "segment_id": segments,
            "comment_id": comments,
            **same,
            "crux_id": pd.array(cruxes, dtype="Int32"),
            "text": texts or TEXT,
        },
        "answers": {
            "segment_id": [segments[i] for i in own],
            "crux_id": [cruxes[i] for i in own],
            "post_id": [posts[i] for i in own],
            "answered": [answered[i] for i in own],
        },
    }
    title = {k: f"{prefix}point {k}" for k in crux_ids} | (titles or {})
    data["cruxes"] = {"crux_id": crux_ids, "title": [title[k] for k in crux_ids]}
    tables = {
        name: build(table, data[name]) if n and name in data and len(data[name][table.index[0]]) else table.empty()
        for name, table in ANALYSIS_TABLES.items()
    }
    return Analysis(**tables, vectors=np.array(vectors).reshape(n, DIM), run=RUN if run is None else run)


def build(table, data):
    """Make a table of whole columns; a column that cannot be missing and is not given is 0 or false."""
    plain = {name: 0 for name, column in table.columns.items() if column.dtype in {"bool", "int16", "int32", "float32"}}
    return table.build({**plain, **data})


def direction(point, random=None, noise=0.0):
    """Return the unit vector of a point, moved a little."""
    out = np.eye(DIM)[point]
    out = out + (random.normal(size=DIM) * noise if random is not None else 0)
    return out / np.linalg.norm(out)


def population(random, n_posts, weights, prefix=""):
    """Return rows of posts that each draw point k with probability weights[k]; cruxes are grouped from the vectors."""
    found = []
    for post in range(n_posts):
        for point in np.flatnonzero(random.random(len(weights)) < weights):
            author = f"{prefix}u{random.integers(60)}"
            karma, answered = int(random.integers(-5, 40)), bool(random.random() < 0.3)
            vector = direction(point, random, 0.08)
            found.append((f"{prefix}p{post}", author, None, vector, karma, answered, f"2024-0{1 + post % 9}-01"))
    labels = CruxClusterer(0.4, random_state=0).fit_predict(np.array([row[3] for row in found]))
    return [(*row[:2], int(k) if k >= 0 else None, *row[3:]) for row, k in zip(found, labels, strict=True)]
