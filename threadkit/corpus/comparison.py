"""The comparison of two communities or periods: one table, and how it was made; saved and loaded byte for byte."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import pandas as pd

from threadkit.base.errors import OutputError
from threadkit.corpus.tables import COMPARISON

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Comparison:
    """A frozen bundle: `table`, one row a crux of either side or of both, and `run`.

    `run` holds the names of both sides, how many posts and objections each has, how their cruxes were taken
    for the same, and what could not be compared. Raises TableError where the table is not as corpus/tables.py says.
    """

    table: pd.DataFrame
    run: Mapping[str, Any]

    def __post_init__(self) -> None:
        object.__setattr__(self, "table", COMPARISON.check(self.table))

    def __repr__(self) -> str:
        kinds = self.table["kind"].value_counts()
        named = ", ".join(f"{int(kinds.get(kind, 0)):,} {kind}" for kind in ("shared", "only A", "only B"))
        return f"Comparison({len(self.table):,} cruxes: {named})"

    def save(self, folder: str | Path) -> Path:
        """Write comparison.parquet and run.json into `folder`; returns it."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        self.table.to_parquet(folder / "comparison.parquet", compression="zstd")
        options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
        (folder / "run.json").write_bytes(orjson.dumps(dict(self.run), option=options))
        return folder


def load_comparison(folder: str | Path) -> Comparison:
    """Read a saved comparison; raises OutputError where the folder holds none."""
    folder = Path(folder)
    if missing := [name for name in ("comparison.parquet", "run.json") if not (folder / name).is_file()]:
        raise OutputError(
            f"{folder}: not a saved comparison ({missing[0]} is not there); "
            "give the folder that 'threadkit compare -o' wrote"
        )
    table = pd.read_parquet(folder / "comparison.parquet")
    return Comparison(table, orjson.loads((folder / "run.json").read_bytes()))
