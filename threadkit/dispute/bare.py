"""What a bare argument answers: the post's title, not whichever of its passages shares words with it.

A reply takes words up, so that shared words show what it answers. An argument that is put under a post and speaks to
nobody shares words with passages of either side, and is for or against what the post as a whole says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from threadkit.base.columns import values
from threadkit.base.lookup import looked_up
from threadkit.base.text import plain, shorten
from threadkit.dispute.stance import as_pairs, pairs_of, seen
from threadkit.dispute.static import StaticStance
from threadkit.dispute.target import MAX_TARGET

if TYPE_CHECKING:
    import pandas as pd


def at_the_title(targets: pd.DataFrame, posts: pd.DataFrame, foreign: np.ndarray) -> pd.DataFrame:
    """Return targets, as `dispute.target.aim` gives them, of which bare arguments answer the title of their post.

    Those of which only shared words told what they answer (evidence `post`), and whose post has a title that does not
    ask. `foreign` (n,) bool: not in English, which is all that the model of bare arguments reads.
    """
    title = looked_up(posts["title"], targets["post_id"])
    stated = ~title.fillna("?").str.rstrip().str.endswith("?").to_numpy(dtype=bool)
    rows = np.flatnonzero(targets["evidence"].eq("post").to_numpy(dtype=bool) & stated & ~foreign)
    if not len(rows):
        return targets
    part = targets.iloc[rows]
    bare = StaticStance().read(seen(as_pairs(pairs_of(part))))[1] < 0.5
    rows, part = rows[bare], part[bare]
    told = {
        "target_id": values(part["post_id"]),
        "target_text": [shorten(plain(words), MAX_TARGET) for words in values(title.iloc[rows])],
        "evidence": ["claim"] * len(rows),
    }
    columns = {name: targets[name].to_numpy(dtype=object, copy=True) for name in told}
    for name, column in columns.items():
        column[rows] = told[name]
    return targets.assign(**columns)
