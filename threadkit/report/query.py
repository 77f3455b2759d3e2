"""Ask the tables of a saved run in SQL (DuckDB): an answer as a table, CSV or JSON; nothing else can be reached."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from itertools import count as counting
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
from rich.table import Table
from rich.text import Text

from threadkit.base.errors import OutputError, SettingError, require
from threadkit.base.text import printable
from threadkit.corpus.tables import ANALYSIS_TABLES
from threadkit.report.sheets import neutral
from threadkit.report.show import MISSING, plural

if TYPE_CHECKING:
    from rich.console import Console

# Rows that a terminal shows; CSV and JSON hold all of them.
MAX_ROWS = 500
# What only asks: everything else is refused before it runs. SHOW, DESCRIBE and SUMMARIZE count as SELECT.
_ASKING = ("SELECT", "EXPLAIN")
# Nothing outside the tables can be reached, and no statement can change that.
_LOCKS = (
    "SET TimeZone = 'UTC'",
    "SET python_enable_replacements = false",
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET enable_external_access = false",
    "SET lock_configuration = true",
)


@dataclass(frozen=True)
class Answer:
    """Column names and rows; a name that stands twice is numbered."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def ask(folder: str | Path, sql: str) -> Answer:
    """Return what one SELECT says of the tables of a run.

    Raises OutputError where the folder is not a run, SettingError where the question cannot be answered,
    MissingDependencyError where duckdb is not installed.
    """
    duckdb = require("duckdb", extra="sql")
    if any("\ud800" <= sign <= "\udfff" for sign in sql):
        raise SettingError("the question is not in the locale's encoding; set LC_ALL=C.UTF-8, or PYTHONUTF8=1")
    folder = Path(folder)
    files = {name: folder / f"{name}.parquet" for name in ANALYSIS_TABLES}
    for file in files.values():
        if not file.is_file():
            raise OutputError(f"{folder}: not a saved run ({file.name} is not there); give the folder of a run")
    try:
        with duckdb.connect(":memory:") as base:
            statements = base.extract_statements(sql)
            if len(statements) != 1 or statements[0].type.name not in _ASKING:
                raise SettingError("give one SELECT (SHOW TABLES lists the tables, DESCRIBE one of them its columns)")
            for name, file in files.items():
                # The tables are copied in before the locks are set: from then on there are no files.
                base.read_parquet(str(file)).create(name)
            for lock in _LOCKS:
                base.execute(lock)
            # By way of Arrow: duckdb's own rows want pytz for a time.
            found = base.sql(sql).to_arrow_table()
            columns = tuple(_different(found.column_names))
            return Answer(columns, tuple(zip(*(column.to_pylist() for column in found.columns), strict=True)))
    except duckdb.Error as error:
        raise SettingError(f"{printable(str(error))} (tables: {', '.join(files)})") from error


def as_csv(answer: Answer) -> str:
    """Return an answer as CSV; no cell is one that a spreadsheet takes for a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([neutral(name) for name in answer.columns])
    writer.writerows([[neutral(cell) if isinstance(cell, str) else _cell(cell) for cell in row] for row in answer.rows])
    return out.getvalue()


def as_json(answer: Answer) -> str:
    """Return an answer as JSON: one object a row."""
    rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
    return orjson.dumps(rows, default=str, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS).decode("utf-8") + "\n"


def print_answer(answer: Answer, out: Console) -> None:
    """Print an answer as a table, its control characters left out."""
    more = len(answer.rows) - MAX_ROWS
    left = plural(more, "more row", "more rows")
    caption = f"and {left}: --as csv or --as json shows all" if more > 0 else None
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold", caption=caption, caption_justify="left")
    shown = answer.rows[:MAX_ROWS]
    for k, name in enumerate(answer.columns):
        figures = all(isinstance(row[k], (int, float)) or row[k] is None for row in shown)
        table.add_column(Text(printable(name)), justify="right" if figures else "left", overflow="fold")
    for row in shown:
        table.add_row(*(Text(MISSING if cell is None else printable(str(cell))) for cell in row))
    out.print(table if answer.columns else "nothing")


def _cell(cell: Any) -> Any:
    """Return what CSV holds of a value that is no text; nothing for NaN, which differs from itself."""
    return (
        ""
        if cell is None or cell != cell
        else neutral(str(cell))
        if isinstance(cell, (list, tuple, dict, bytes))
        else cell
    )


def _different(names: list[str]) -> list[str]:
    """Give a name that stands twice a number.

    >>> _different(["a", "b", "a"])
    ['a', 'b', 'a_2']
    """
    out: list[str] = []
    for name in names:
        tries = (name if i == 1 else f"{name}_{i}" for i in counting(1))
        out.append(next(each for each in tries if each not in out))
    return out
