"""The analysis: every table of a run, its vectors, and how it was made; saved and loaded byte for byte."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
import pandas as pd

from threadkit.base.errors import OutputError, TableError
from threadkit.base.registry import Registry
from threadkit.corpus.corpus import Corpus
from threadkit.corpus.tables import ANALYSIS_TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping

# The report room draws; the hall only knows its name, so that nothing here imports a room.
VIEWS = Registry("view", {"plot": "threadkit.report.plot:Plots"}, group="threadkit.views")


@dataclass(frozen=True)
class Analysis:
    """A frozen bundle: the tables (as attributes), vectors (n_objections, dim) float32, and `run`.

    Row i of `vectors` belongs to ``objections.iloc[i]``. `run` holds settings, versions, seed, input
    checksums and counts. Raises TableError where a table is not as corpus/tables.py says, or where
    vectors and objections differ in length.
    """

    posts: pd.DataFrame
    comments: pd.DataFrame
    problems: pd.DataFrame
    segments: pd.DataFrame
    quotes: pd.DataFrame
    stances: pd.DataFrame
    objections: pd.DataFrame
    cruxes: pd.DataFrame
    sides: pd.DataFrame
    recurrence: pd.DataFrame
    answers: pd.DataFrame
    trends: pd.DataFrame
    matches: pd.DataFrame
    changes: pd.DataFrame
    vectors: np.ndarray
    run: Mapping[str, Any]

    def __post_init__(self) -> None:
        for name, table in ANALYSIS_TABLES.items():
            object.__setattr__(self, name, table.check(getattr(self, name)))
        if self.vectors.ndim != 2 or len(self.vectors) != len(self.objections):
            raise TableError(
                f"vectors have shape {self.vectors.shape}, but there are {len(self.objections)} objections: "
                "row i of the vectors must belong to row i of the objections"
            )
        object.__setattr__(self, "vectors", np.ascontiguousarray(self.vectors, dtype=np.float32))

    def __repr__(self) -> str:
        return (
            f"Analysis({len(self.posts):,} posts, {len(self.comments):,} comments, "
            f"{len(self.objections):,} objections, {len(self.cruxes):,} cruxes, "
            f"{int(self.cruxes['recurring'].sum()):,} recurring)"
        )

    @property
    def corpus(self) -> Corpus:
        """The corpus that was analysed."""
        return Corpus(self.posts, self.comments, self.problems, tuple(self.run.get("sources", ())))

    @cached_property
    def plot(self) -> Any:
        """Figures of this analysis: ``plot.map()``, ``plot.recurrence()``."""
        return VIEWS.load("plot")(self)

    def save(self, folder: str | Path) -> Path:
        """Write one Parquet file a table, vectors.npy and run.json into `folder`; returns it."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        for name in ANALYSIS_TABLES:
            getattr(self, name).to_parquet(folder / f"{name}.parquet", compression="zstd")
        np.save(folder / "vectors.npy", self.vectors, allow_pickle=False)
        options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
        (folder / "run.json").write_bytes(orjson.dumps(dict(self.run), option=options))
        return folder


def load(folder: str | Path) -> Analysis:
    """Read a saved run; raises OutputError where the folder is not one."""
    folder = Path(folder)
    names = [*(f"{name}.parquet" for name in ANALYSIS_TABLES), "vectors.npy", "run.json"]
    missing = [name for name in names if not (folder / name).is_file()]
    if missing:
        raise OutputError(
            f"{folder}: not a saved run ({missing[0]} is not there); give the folder that 'threadkit analyze -o' wrote"
        )
    tables = {name: pd.read_parquet(folder / f"{name}.parquet") for name in ANALYSIS_TABLES}
    vectors = np.load(folder / "vectors.npy", allow_pickle=False)
    return Analysis(**tables, vectors=vectors, run=orjson.loads((folder / "run.json").read_bytes()))
