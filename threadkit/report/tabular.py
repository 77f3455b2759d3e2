"""The sheets of an analysis → a folder of CSV files, or one Excel workbook."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import pandas as pd

from threadkit.base.errors import require
from threadkit.base.output import MARK, folder, write_bytes
from threadkit.report.forms import holds_reports
from threadkit.report.sheets import sheets

if TYPE_CHECKING:
    from threadkit.corpus.analysis import Analysis

# Excel's own bounds (https://support.microsoft.com/office/excel-specifications-and-limits): characters in a cell,
# characters in an address, addresses in a sheet, rows in a sheet.
MAX_CELL, MAX_URL, MAX_LINKS, MAX_ROWS = 32_767, 2_079, 65_530, 1_048_575
# Before it Excel has no dates.
_FIRST_DAY = pd.Timestamp("1900-03-01")
# Width of a column, in characters, by what it holds; a long text is wrapped by nobody and read in its cell.
_WIDTHS = {"text": 70, "objection": 70, "answer": 70, "answers_words": 50, "title": 60, "claim": 50, "crux": 40}
_WIDTH, _TIME_WIDTH = 14, 17


def write_csv(analysis: Analysis, path: str | Path) -> Path:
    """Write one CSV file a sheet, and how the run was made, into the folder `path`; returns it.

    UTF-8 with the mark by which a spreadsheet knows it; an earlier such folder is replaced, one of reports alone is
    added to. Raises OutputError where the folder is a run, holds other files, or cannot be written.
    """
    path = Path(path)
    with folder(path, force=holds_reports(path) or None) as new:
        for name, sheet in sheets(analysis).items():
            sheet.to_csv(new / f"{name}.csv", index=False, encoding="utf-8-sig", lineterminator="\n")
        options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
        (new / MARK).write_bytes(orjson.dumps(dict(analysis.run), option=options))
    return path


def write_xlsx(analysis: Analysis, path: str | Path) -> Path:
    """Write the sheets as an Excel workbook: links to click, headers that stay, filters; returns its path.

    Raises OutputError where the file cannot be written, MissingDependencyError where XlsxWriter is not installed.
    """
    xlsxwriter = require("xlsxwriter", extra="xlsx")
    memory = BytesIO()
    # Nothing that a forum said becomes a formula, a number or a link on its own.
    plain = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(memory, {"in_memory": True, "nan_inf_to_errors": False, **plain}) as book:
        # The same run gives the same bytes: the day of writing is no part of it.
        book.set_properties({"created": pd.Timestamp("2000-01-01").to_pydatetime()})
        looks = {
            "head": book.add_format({"bold": True, "bottom": 1}),
            "time": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
            "link": book.get_default_url_format(),
        }
        for name, sheet in sheets(analysis).items():
            _sheet(book.add_worksheet(name), sheet, looks)
    return write_bytes(path, memory.getvalue())


def _sheet(page: Any, sheet: pd.DataFrame, looks: dict[str, Any]) -> None:
    sheet, links = sheet.head(MAX_ROWS), MAX_LINKS
    for k, name in enumerate(sheet.columns):
        column = sheet[name]
        timed = isinstance(column.dtype, pd.DatetimeTZDtype)
        page.set_column(k, k, _TIME_WIDTH if timed else _WIDTHS.get(name, _WIDTH))
        page.write_string(0, k, name, looks["head"])
        linked = name.endswith("url")
        for i, cell in enumerate(column.array, start=1):
            if cell is None or pd.isna(cell):
                continue
            if linked and links and len(cell) <= MAX_URL:
                page.write_url(i, k, cell, looks["link"], cell)
                links -= 1
            else:
                _write(page, i, k, cell, looks)
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, len(sheet), max(0, len(sheet.columns) - 1))


def _write(page: Any, i: int, k: int, cell: Any, looks: dict[str, Any]) -> None:
    """Write one cell as what it is."""
    if isinstance(cell, str):
        page.write_string(i, k, cell[:MAX_CELL])
    elif isinstance(cell, pd.Timestamp):
        naive = cell.tz_localize(None)
        if naive >= _FIRST_DAY:
            page.write_datetime(i, k, naive.to_pydatetime(), looks["time"])
        else:
            page.write_string(i, k, str(naive))
    elif isinstance(cell, bool) or cell.dtype.kind == "b":
        page.write_boolean(i, k, bool(cell))
    else:
        page.write_number(i, k, float(cell))
