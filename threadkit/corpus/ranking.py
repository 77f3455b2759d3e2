"""The order in which cruxes are numbered and shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from threadkit.corpus.tables import MAX_Q

if TYPE_CHECKING:
    import pandas as pd

_COUNTS = ["n_independent", "n_posts", "n_authors", "n_objections"]


def by_recurrence(cruxes: pd.DataFrame) -> pd.DataFrame:
    """Sort cruxes, most recurrent first.

    Those that recur stand before those that do not, and of them those that recur more than chance gives (q up to
    MAX_Q) before those that could be chance: a crux that is broad because its words are vague reaches many posts, but
    no more than unrelated objections would. Then posts by different people, posts, authors and objections decide.
    """
    keys = cruxes.assign(beyond=(cruxes["q_value"] <= MAX_Q).fillna(value=False).astype(bool))
    by = ["recurring", "beyond", *_COUNTS, "title", "example_id"]
    order = keys.sort_values(by, ascending=[False] * 6 + [True] * 2, kind="stable")
    return order.drop(columns="beyond")
