"""The forms in which an analysis can be written: one row each, nothing imported until it is asked for."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from threadkit.base.memory import let_go
from threadkit.base.output import folder, held
from threadkit.base.registry import Registry

if TYPE_CHECKING:
    from pathlib import Path

    from threadkit.corpus.analysis import Analysis

# Each takes an Analysis and a path, writes there whole or not at all, and returns the path.
FORMS = Registry(
    "form",
    {
        "html": "threadkit.report.page:write_page",
        "markdown": "threadkit.report.markdown:write_markdown",
        "worksheet": "threadkit.report.worksheet:write_worksheet",
        "argdown": "threadkit.report.argdown:write_argdown",
        "aif": "threadkit.report.aif:write_aif",
        "csv": "threadkit.report.tabular:write_csv",
        "xlsx": "threadkit.report.tabular:write_xlsx",
    },
    group="threadkit.forms",
)
# What a form is called where nobody names a file; csv is a folder.
FILES = {
    "html": "report.html",
    "markdown": "report.md",
    "worksheet": "worksheet.md",
    "argdown": "report.argdown",
    "aif": "aif.json",
    "csv": "csv",
    "xlsx": "report.xlsx",
}
# How report.html says who made it, and the bytes at its beginning among which it does.
_MAKER, _HEAD = b'<meta name="generator" content="threadkit">', 4096
# The tables that the report needs: of a saved run, the others are not read.
REPORT = frozenset(
    {"posts", "comments", "problems", "objections", "cruxes", "sides", "recurrence", "answers", "trends", "changes"}
)


def write_as(analysis: Analysis, form: str, path: Path | None, beside: Path, *, crux: int | None = None) -> Path:
    """Write an analysis, or one crux of it, in a form; returns where.

    Without a `path` it is written into the folder `beside`, under the form's own name and the crux's number. Raises
    SettingError for an unknown form or crux, OutputError where nothing can be written.
    """
    writer: Any = FORMS.load(form)
    file = FILES.get(form, form)
    if crux is not None:
        from threadkit.corpus.crux import only

        analysis = only(analysis, crux)
        stem, dot, ending = file.partition(".")
        file = f"{stem}-{crux}{dot}{ending}"
    where: Path = writer(analysis, beside / file if path is None else path)
    return where


def holds_reports(path: Path) -> bool:
    """Tell whether a folder holds a report.html of ours, and nothing else but files of our forms' names."""
    page = path / FILES["html"]
    if not page.is_file() or not set(held(path)) <= set(FILES.values()):
        return False
    with page.open("rb") as file:
        return _MAKER in file.read(_HEAD)


def save_reports(analysis: Analysis, path: Path, run: Path) -> Path:
    """Write report.html and report.md of a saved `run` into it, or into another folder; return the path of the page.

    Earlier reports are replaced. Raises OutputError where the folder holds another run or other files, or cannot be
    written.
    """
    own = os.path.realpath(path) == os.path.realpath(run)
    with folder(path, force=own or holds_reports(path) or None, analysis=own) as new:
        write_reports(analysis, new)
    return path / FILES["html"]


def write_reports(analysis: Analysis, place: Path) -> None:
    """Write the two that stand beside every saved run: report.html and report.md."""
    from threadkit.report.view import report

    let_go()
    shown = report(analysis)
    let_go()
    for form in ("html", "markdown"):
        FORMS.load(form)(analysis, place / FILES[form], shown)
