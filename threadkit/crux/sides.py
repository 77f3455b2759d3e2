"""Who stands on which side of a crux: those who object, and those who hold the claim."""

from __future__ import annotations

import pandas as pd

from threadkit.base.columns import values
from threadkit.base.lookup import among, looked_up, true
from threadkit.base.text import plain
from threadkit.corpus.tables import SIDES


def take_sides(
    objections: pd.DataFrame,
    stances: pd.DataFrame,
    segments: pd.DataFrame,
    comments: pd.DataFrame,
    posts: pd.DataFrame,
) -> pd.DataFrame:
    """Return the sides table: one row a crux and segment.

    An objector wrote one of the crux's objections. A defender wrote the words objected to, or disagrees
    with a comment that makes one of its objections.
    """
    counted = true(objections["crux_id"].notna() & objections["copy_of"].isna())
    objectors = objections.loc[counted, ["crux_id", "comment_id", "post_id", "author", "text"]].assign(side="objector")
    asked = objections.loc[counted, ["crux_id", "target_id", "target_text", "post_id"]]
    parts = [
        objectors,
        _authors_of_the_claim(asked, comments, posts),
        _who_object_back(objectors[["crux_id", "comment_id"]], stances, segments, comments),
    ]
    table = pd.concat([part.rename_axis("segment_id").reset_index() for part in parts], ignore_index=True)
    del objectors, asked, parts  # of a large forum each holds the texts again
    # Keys are put in order, then the rows once.
    keys = table[["crux_id", "side", "segment_id"]].drop_duplicates(["crux_id", "segment_id"])
    order = keys.sort_values(["crux_id", "side", "segment_id"], ascending=[True, False, True]).index
    rows = order.to_numpy()
    # Column by column, each in place of the other: the texts of a large forum are not held twice.
    return SIDES.keyed(
        pd.DataFrame({name: table.pop(name).array.take(rows) for name in [*SIDES.index, *SIDES.columns]}, copy=False)
    )


def _authors_of_the_claim(asked: pd.DataFrame, comments: pd.DataFrame, posts: pd.DataFrame) -> pd.DataFrame:
    """Return the passages objected to, with who wrote them; one's own words make nobody a defender."""
    target = asked.drop_duplicates(["crux_id", "target_id"]).set_index("target_id")
    comment = target.index.to_series().str.replace(r":\d+$", "", regex=True)
    comment = comment.where(among(comment, comments.index))
    author = looked_up(comments["author"], comment).to_numpy()
    poster = looked_up(posts["author"], target["post_id"]).to_numpy()
    defender = pd.Series(author, index=target.index, dtype="string").where(comment.notna(), poster)
    out = target.assign(comment_id=comment, author=defender, text=target["target_text"], side="defender")
    return out[["crux_id", "comment_id", "post_id", "author", "text", "side"]]


def _who_object_back(
    own: pd.DataFrame, stances: pd.DataFrame, segments: pd.DataFrame, comments: pd.DataFrame
) -> pd.DataFrame:
    """Return the segments that disagree with a comment which objects."""
    against = stances.loc[true(stances["stance"] == "disagree"), ["comment_id", "post_id", "author"]]
    parent = looked_up(comments["parent_id"], against["comment_id"]).to_numpy()
    objecting = own[["crux_id", "comment_id"]].drop_duplicates()
    back = against.assign(answers=parent, id=against.index).merge(
        objecting.rename(columns={"comment_id": "answers"}), on="answers", how="inner"
    )
    text = [plain(words) for words in values(looked_up(segments["text"], back["id"]))]
    back = back.assign(text=pd.array(text, "string"), side="defender")
    return back.set_index("id")[["crux_id", "comment_id", "post_id", "author", "text", "side"]]
