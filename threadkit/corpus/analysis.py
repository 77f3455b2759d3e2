"""The analysis: every table of a run, its vectors, and how it was made; saved and loaded byte for byte."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import orjson
from pyarrow.parquet import ParquetFile

from threadkit.base.errors import OutputError, TableError
from threadkit.base.lookup import fresh
from threadkit.base.memory import let_go
from threadkit.corpus.corpus import Corpus
from threadkit.corpus.crux import Crux
from threadkit.corpus.tables import ANALYSIS_TABLES
from threadkit.corpus.views import VIEWS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    import pandas as pd
    from networkx import DiGraph

Part = TypeVar("Part")


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
        """Figures: ``plot.map()``, ``recurrence()``, ``timeline()``, ``sides(crux_id)``, ``network()``."""
        return VIEWS.load("plot")(self)

    def _repr_html_(self) -> str:
        return str(VIEWS.load("analysis")(self))

    def crux(self, crux_id: int) -> Crux:
        """Return one crux with its rows of every table; raises SettingError where there is none of this number."""
        return Crux(self, crux_id)

    def pseudonymous(self) -> Analysis:
        """Return the same analysis with every author's name replaced, in texts too (corpus/pseudonyms.py)."""
        from threadkit.corpus.pseudonyms import pseudonymous

        return pseudonymous(self)

    def to_networkx(self, of: str = "authors") -> DiGraph:
        """Return a directed graph: who objects to whom ("authors"), or which comment answers which ("comments")."""
        from threadkit.corpus.graph import graph

        return graph(self, of)

    def to_convokit(self) -> Any:
        """Return a convokit.Corpus whose utterances carry what was found; raises MissingDependencyError without it."""
        from threadkit.corpus.convokit import convokit_corpus

        return convokit_corpus(self)

    def save(self, folder: str | Path) -> Path:
        """Write one Parquet file a table, vectors.npy and run.json into `folder`; returns it."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        let_go()
        for name in ANALYSIS_TABLES:
            table = getattr(self, name)
            # To write a table pandas makes a hash table of its index, which goes with a fresh one.
            table.set_axis(fresh(table.index)).to_parquet(folder / f"{name}.parquet", compression="zstd")
        np.save(folder / "vectors.npy", self.vectors, allow_pickle=False)
        options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
        (folder / "run.json").write_bytes(orjson.dumps(dict(self.run), option=options))
        return folder


def load(folder: str | Path, tables: Collection[str] | None = None) -> Analysis:
    """Read a saved run; raises OutputError where the folder is not one.

    Where only some `tables` are asked for, the others are empty; the vectors come with the objections.
    """
    folder = Path(folder)
    wanted = ANALYSIS_TABLES.keys() if tables is None else tables
    names = [*(f"{name}.parquet" for name in ANALYSIS_TABLES), "vectors.npy", "run.json"]
    missing = [name for name in names if not (folder / name).is_file()]
    if missing:
        raise OutputError(
            f"{folder}: not a saved run ({missing[0]} is not there); give the folder that 'threadkit analyze -o' wrote"
        )
    read = {
        name: table.with_new_columns(_part(folder / f"{name}.parquet", _table)) if name in wanted else table.empty()
        for name, table in ANALYSIS_TABLES.items()
    }
    vectors = _part(folder / "vectors.npy", _vectors)
    if "objections" not in wanted:
        vectors = vectors[:0]
    return Analysis(**read, vectors=vectors, run=_part(folder / "run.json", _record))


def _part(path: Path, reader: Callable[[Path], Part]) -> Part:
    """Read one file of a run; raises OutputError where it is damaged."""
    try:
        return reader(path)
    except (OSError, ValueError, EOFError) as error:  # ValueError: what stands there is no table, array, JSON
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise OutputError(
            f"{path}: is damaged ({reason}); run 'threadkit analyze' or 'threadkit match' again"
        ) from error


def _record(path: Path) -> dict[str, Any]:
    """Read the record of a run; raises ValueError where it, or one of its parts, is something else."""
    record = orjson.loads(path.read_bytes())
    parts = {"the record": record}
    if isinstance(record, dict):
        parts |= {name: record.get(name, {}) for name in ("settings", "versions", "models", "counts", "merged")}
    if wrong := [name for name, part in parts.items() if not isinstance(part, dict)]:
        raise ValueError(f"{wrong[0]} holds no names")
    return dict(record)


def _vectors(path: Path) -> np.ndarray:
    return np.asarray(np.load(path, allow_pickle=False))


def _table(path: Path) -> pd.DataFrame:
    """Read one Parquet file of ours: pandas' own reader first imports what reads from clouds and from many files."""
    with ParquetFile(path) as file:
        table: pd.DataFrame = file.read().to_pandas()
        return table
