"""Who stands on which side of a crux: those who object, and those who hold the claim."""

from __future__ import annotations

import numpy as np
import pandas as pd

from threadkit.base.columns import values
from threadkit.base.lookup import looked_up, true
from threadkit.base.text import fold, plain
from threadkit.corpus.owners import owners
from threadkit.corpus.tables import SIDES

# Letters by which words quoted from an objection are known in it; and what tells whether one is meant.
_QUOTED = 60
_MEANT = ("target_id", "target_text", "objection_id", "objection")


def take_sides(
    objections: pd.DataFrame,
    stances: pd.DataFrame,
    segments: pd.DataFrame,
    comments: pd.DataFrame,
    posts: pd.DataFrame,
) -> pd.DataFrame:
    """Return the sides table: one row a crux and segment.

    An objector wrote one of the crux's objections. A defender wrote the words objected to, or disagrees with one of
    its objections by somebody else. A known author stands on one side.
    """
    counted = true(objections["crux_id"].notna() & objections["copy_of"].isna())
    objectors = objections.loc[counted, ["crux_id", "comment_id", "post_id", "author", "text"]].assign(side="objector")
    asked = objections.loc[counted, ["crux_id", "target_id", "target_text", "post_id", "comment_id"]]
    parts = [
        objectors,
        _authors_of_the_claim(asked, comments, posts),
        _who_object_back(objectors[["crux_id", "comment_id", "author", "text"]], stances, segments, comments, posts),
    ]
    table = pd.concat([part.rename_axis("segment_id").reset_index() for part in parts], ignore_index=True)
    del objectors, asked, parts  # of a large forum each holds the texts again
    # Keys are put in order, then the rows once.
    keys = table[["crux_id", "side", "segment_id", "author"]].drop_duplicates(["crux_id", "segment_id"])
    keys = keys[_on_one_side(keys)]
    order = keys.sort_values(["crux_id", "side", "segment_id"], ascending=[True, False, True]).index
    rows = order.to_numpy()
    # Column by column, each in place of the other: the texts of a large forum are not held twice.
    return SIDES.keyed(
        pd.DataFrame({name: table.pop(name).array.take(rows) for name in [*SIDES.index, *SIDES.columns]}, copy=False)
    )


def _on_one_side(said: pd.DataFrame) -> np.ndarray:
    """Tell which rows stand on the side on which their author says more, bool (n,); of equals objecting counts.

    Where nobody would be left to object, all objectors do.
    """
    objects = pd.Series(true(said["side"] == "objector"), said.index)
    by_author = [said["crux_id"], said["author"]]
    n_objecting, n_all = (objects.groupby(by_author, dropna=False).transform(how) for how in ("sum", "size"))
    defends = (2 * n_objecting < n_all) & said["author"].notna()
    left = (objects & ~defends).groupby(said["crux_id"]).transform("any")
    defends &= left | (n_objecting == 0)
    return np.asarray(said["author"].isna() | (objects != defends))


def _authors_of_the_claim(asked: pd.DataFrame, comments: pd.DataFrame, posts: pd.DataFrame) -> pd.DataFrame:
    """Return the passages objected to, with who wrote them.

    What an objecting comment quotes from nobody known here is a segment of its own, and makes nobody a defender.
    """
    target = asked.drop_duplicates(["crux_id", "target_id"])
    owner = owners(target, comments, posts)
    out = target.assign(
        comment_id=owner["owner_id"], author=owner["owner"], text=target["target_text"], side="defender"
    )
    out = out[~true(owner["owner_id"] == target["comment_id"])].set_index("target_id")
    return out[["crux_id", "comment_id", "post_id", "author", "text", "side"]]


def _who_object_back(
    own: pd.DataFrame, stances: pd.DataFrame, segments: pd.DataFrame, comments: pd.DataFrame, posts: pd.DataFrame
) -> pd.DataFrame:
    """Return the segments that disagree with an objection of somebody else's, not with what else its comment says."""
    names = ["comment_id", "post_id", "author", "target_id", "target_text"]
    against = stances.loc[true(stances["stance"] == "disagree"), names]
    target = owners(against, comments, posts)["owner_id"]
    objecting = own.rename(columns={"comment_id": "answers", "author": "objector", "text": "objection"})
    objecting = objecting.rename_axis("objection_id").reset_index()
    back = against.assign(answers=target, id=against.index).merge(objecting, on="answers", how="inner")
    back = back[~true(back["author"] == back["objector"])]
    rows = zip(*(values(back[name]) for name in _MEANT), strict=True)
    back = back[np.array([_meant(*row) for row in rows], dtype=bool)].drop_duplicates(["crux_id", "id"])
    text = [plain(words) for words in values(looked_up(segments["text"], back["id"]))]
    back = back.assign(text=pd.array(text, "string"), side="defender")
    return back.set_index("id")[["crux_id", "comment_id", "post_id", "author", "text", "side"]]


def _meant(target_id: str, target_text: str, objection_id: str, objection: str) -> bool:
    """Tell whether a target is an objection, or words quoted from it."""
    quoted = fold(target_text)[:_QUOTED].rstrip(" \u2026")
    return target_id == objection_id or (bool(quoted) and quoted in fold(objection))
