"""An analysis of one crux made by hand, of our own words: who objects is said, not judged."""

import numpy as np
import pandas as pd

from threadkit.corpus.analysis import Analysis
from threadkit.corpus.schema import COUNT
from threadkit.corpus.tables import ANALYSIS_TABLES, CRUXES
from threadkit.dispute.segment import segment
from threadkit.readers.draft import Draft


def disputed(comments, post=("Build a second bridge", "Ada", "A second bridge pays for itself."), run=None, **draft):
    """Return the analysis of one post; `comments`: id → (parent, author, karma, text, whether it objects on crux 0)."""
    title, author, text = post
    made = Draft("town.jsonl")
    place = {"site": "town", "url": "https://town.example/posts/p", "posted_at": "2024-03-01T10:00:00Z"} | draft
    made.post("p", title=title, author=author, text=text, **place)
    for i, (name, (parent_id, who, karma, words, _)) in enumerate(comments.items()):
        made.comment(
            name, "p", parent_id=parent_id, author=who, karma=karma, text=words,
            url=f"https://town.example/posts/p?comment={name}", posted_at=f"2024-03-{2 + i:02}T10:00:00Z",
        )  # fmt: skip
    corpus = made.finish()
    segments = segment(corpus.comments)
    prose = segments[segments["kind"] == "prose"].drop_duplicates("comment_id")
    against = prose[prose["comment_id"].map(lambda name: comments[name][4])]
    said = [
        {
            "segment_id": segment_id, "comment_id": row.comment_id, "post_id": "p", "text": row.text,
            "author": corpus.comments["author"][row.comment_id], "target_id": comments[row.comment_id][0] or "p",
            "target_text": text, "p_disagree": 0.9, "p_neutral": 0.1, "p_agree": 0.0, "stance": "disagree",
            "evidence": "post", "crux_id": 0, "strength": 0.9, "x": 0.0, "y": float(i), "side": "objector",
        }
        for i, (segment_id, row) in enumerate(zip(against.index, against.itertuples(), strict=True))
    ]  # fmt: skip
    crux = {name: 0 for name, column in CRUXES.columns.items() if column.dtype == COUNT} | {
        "crux_id": 0, "title": against["text"].iloc[0], "claim": text, "words": "bridge, sand",
        "example_id": against.index[0], "n_objections": len(said), "n_posts": 1, "recurring": True,
    }  # fmt: skip
    came_up = {"crux_id": 0, "post_id": "p", "n_objections": len(said), "n_authors": len(said)}
    rows = {"stances": said, "objections": said, "sides": said, "cruxes": [crux], "recurrence": [came_up]}
    tables = {name: table.build(rows.get(name, [])) for name, table in ANALYSIS_TABLES.items()}
    tables |= {"posts": corpus.posts, "comments": corpus.comments, "problems": corpus.problems, "segments": segments}
    return Analysis(**tables, vectors=np.zeros((len(said), 4), dtype=np.float32), run=run or {})


def texts(analysis):
    """Yield every text that any table of an analysis holds, ids and the record of the run too."""
    for name in ANALYSIS_TABLES:
        flat = getattr(analysis, name).reset_index()
        for column in flat.columns:
            if isinstance(flat[column].dtype, pd.StringDtype):
                yield from flat[column].dropna()
    yield repr(dict(analysis.run))
