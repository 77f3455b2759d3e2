"""What stands behind a crux: threads, prevalence, reception."""

import numpy as np
import pandas as pd

from threadkit.corpus.tables import COMMENTS, CRUXES
from threadkit.crux.evidence import weigh
from threadkit.crux.prevalence import prevalence, reception


def comments(rows):
    return COMMENTS.build(
        [
            {"comment_id": i, "post_id": p, "parent_id": up, "author": i, "karma": k, "agreement": a, "depth": 0,
             "origin": "stated", "confidence": 1, "status": "live", "text": "x"}
            for i, p, up, k, a in rows
        ]
    )  # fmt: skip


TREE = comments(
    [
        ("a", "p", None, 10, -4),
        ("b", "p", "a", 2, None),
        ("c", "p", None, 30, -2),
        ("d", "q", None, -5, 3),
        ("e", "q", "d", 1, 6),
        ("f", "q", None, 4, 1),
    ]
)
OBJECTIONS = pd.DataFrame(
    {
        "crux_id": pd.array([0, 0, 0, 1, 1, None, 0], dtype="Int32"),
        "post_id": list("pppqqqq"),
        "comment_id": list("abcdefd"),
        "author": pd.array(list("abcdefd"), dtype="string"),
        "copy_of": pd.array([None] * 6 + ["a:0"], dtype="string"),
    },
    index=[*(f"{c}:0" for c in "abcdef"), "d:1"],
)
VECTORS = np.eye(7, 8, dtype=np.float32)


def test_every_column_is_one_of_the_cruxes_table():
    table = weigh(OBJECTIONS, VECTORS, TREE)
    assert set(table.columns) <= set(CRUXES.columns)
    assert table.index.tolist() == [0, 1]
    assert table["n_threads"].tolist() == [2, 1], "b stands below a, e below d"
    assert table["n_authors_effective"].tolist() == [3, 2]


def test_prevalence_is_a_share_and_copies_do_not_count():
    table = weigh(OBJECTIONS, VECTORS, TREE)
    assert np.allclose(table["prevalence"].astype(float), [3 / 6, 2 / 6])
    assert np.allclose(table["prevalence_karma"].astype(float), [42 / 47, 1 / 47]), "negative karma weighs nothing"
    assert np.allclose(table["prevalence_agreement"].astype(float), [0, 9 / 10])


def test_liked_but_disagreed_with_and_the_reverse():
    table = weigh(OBJECTIONS, VECTORS, TREE)
    assert table["reception"].tolist() == ["liked, disagreed with", "not liked, agreed with"]


def test_scores_that_nobody_gave_are_missing_not_zero():
    bare = TREE.assign(karma=pd.array([pd.NA] * 6, dtype="Int32"), agreement=pd.array([pd.NA] * 6, dtype="Int32"))
    every = OBJECTIONS.join(bare[["karma", "agreement"]].reindex(OBJECTIONS["comment_id"]).set_axis(OBJECTIONS.index))
    own = every[every["crux_id"].notna()]
    assert prevalence(own, every)[["prevalence_karma", "prevalence_agreement"]].isna().all(axis=None)
    assert reception(own, bare).isna().all()
