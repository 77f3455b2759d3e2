"""One crux of an analysis: its rows of every table, for a notebook."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from threadkit.base.errors import SettingError
from threadkit.corpus.views import VIEWS

if TYPE_CHECKING:
    from threadkit.corpus.analysis import Analysis

# What a notebook wants beside an objection or a defence: how its comment was received, when, and where it stands.
_PLACE = ["karma", "agreement", "posted_at", "url"]


@dataclass(frozen=True, eq=False, repr=False)
class Crux:
    """A crux and what was said on it; every property is a plain value or a DataFrame.

    Raises SettingError where the analysis has no crux of this number.
    """

    analysis: Analysis
    crux_id: int

    def __post_init__(self) -> None:
        ids = self.analysis.cruxes.index
        if self.crux_id in ids:
            return
        merged = self.analysis.run.get("merged", {}).get(str(self.crux_id))
        if merged is not None:
            raise SettingError(f"crux {self.crux_id} was merged into crux {merged}: ask for that one")
        held = f"the analysis holds {len(ids)}, numbered {ids.min()} to {ids.max()}" if len(ids) else "it found none"
        raise SettingError(f"there is no crux {self.crux_id}: {held}")

    def __repr__(self) -> str:
        row = self.row
        return f"Crux({self.crux_id}, {self.title!r}, {row['n_objections']:,} objections, {row['n_posts']:,} posts)"

    def _repr_html_(self) -> str:
        return str(VIEWS.load("crux")(self))

    @property
    def row(self) -> pd.Series:
        """Its row of the cruxes table."""
        found: pd.Series = self.analysis.cruxes.loc[self.crux_id]  # type: ignore[assignment]  # ids are unique
        return found

    @property
    def title(self) -> str:
        """The point, in an objector's own words; empty where it has none."""
        return _text(self.row["title"])

    @property
    def claim(self) -> str:
        """The words that the objectors deny and the defenders hold; empty where they are not known."""
        return _text(self.row["claim"])

    @cached_property
    def objections(self) -> pd.DataFrame:
        """Its objections, those that fit best first, copies left out; with karma, agreement, posted_at and url."""
        own = self._own
        own = own[own["copy_of"].isna()].reset_index()
        own = own.sort_values(["strength", "segment_id"], ascending=[False, True], kind="stable")
        return self._placed(own.set_index("segment_id"))

    @cached_property
    def copies(self) -> pd.DataFrame:
        """The objections that repeat another one's words."""
        return self._placed(self._own[self._own["copy_of"].notna()])

    @cached_property
    def sides(self) -> pd.DataFrame:
        """Who objects and who defends, with their words; as `objections`, with karma, agreement, posted_at and url."""
        table = self.analysis.sides
        return self._placed(table[table.index.get_level_values("crux_id") == self.crux_id].droplevel("crux_id"))

    @cached_property
    def answers(self) -> pd.DataFrame:
        """Its rows of the ledger: whether each objection was taken up, by whom, and what came of it."""
        table = self.analysis.answers
        return table[table["crux_id"] == self.crux_id].drop(columns="crux_id")

    @cached_property
    def posts(self) -> pd.DataFrame:
        """The posts on which it came up, with their titles and addresses."""
        table = self.analysis.recurrence
        own = table[table.index.get_level_values("crux_id") == self.crux_id].droplevel("crux_id")
        return own.join(self.analysis.posts[["title", "url"]])

    @cached_property
    def trend(self) -> pd.DataFrame:
        """Its months."""
        table = self.analysis.trends
        return table[table.index.get_level_values("crux_id") == self.crux_id].droplevel("crux_id")

    @property
    def _own(self) -> pd.DataFrame:
        table = self.analysis.objections
        return table[(table["crux_id"] == self.crux_id).fillna(value=False)].drop(columns="crux_id")

    def _placed(self, rows: pd.DataFrame) -> pd.DataFrame:
        comments = self.analysis.comments[_PLACE].reindex(rows["comment_id"])
        return rows.assign(**{name: comments[name].array for name in _PLACE})


def only(analysis: Analysis, crux_id: int) -> Analysis:
    """Return the analysis with one crux alone; posts, comments and what was judged stay whole.

    Raises SettingError where there is no such crux.
    """
    Crux(analysis, crux_id)
    kept = (analysis.objections["crux_id"] == crux_id).fillna(value=False).to_numpy(dtype=bool)

    def rows(name: str) -> pd.DataFrame:
        table: pd.DataFrame = getattr(analysis, name)
        keys = table.index.get_level_values("crux_id") if "crux_id" in table.index.names else table["crux_id"]
        return table[keys == crux_id]

    names = ("cruxes", "sides", "recurrence", "answers", "trends", "changes")
    tables: dict[str, Any] = {name: rows(name) for name in names}
    return replace(analysis, objections=analysis.objections[kept], vectors=analysis.vectors[kept], **tables)


def _text(cell: object) -> str:
    return "" if cell is None or cell is pd.NA else str(cell)
