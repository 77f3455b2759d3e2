"""Hostile texts in all that is written, one function a kind: each tries one analysis, and says what went wrong.

What is returned is how many texts the analysis held, and what went wrong, empty for nothing. hostile_table.py says
what counts as wrong, hostile_live.py how it is noticed.
"""

from __future__ import annotations

import io
import re
from functools import cache
from typing import TYPE_CHECKING, Any

import hostile_harm as harm
import hostile_live as live
import pandas as pd
from click.testing import CliRunner
from rich.console import Console

from threadkit.base.text import words
from threadkit.cli import threadkit
from threadkit.crux.labeler import reword
from threadkit.crux.proposition import TITLE_WORDS
from threadkit.report import browse, notebook, terminal
from threadkit.report.argdown import argdown
from threadkit.report.files import print_files
from threadkit.report.forms import FORMS, write_as
from threadkit.report.markdown import markdown
from threadkit.report.page import page
from threadkit.report.tabular import write_csv, write_xlsx
from threadkit.report.worksheet import worksheet

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random


def prepare() -> None:
    """Import and build everything that is shared, before memory is bounded."""
    _headings()
    for form in FORMS.names():
        FORMS.load(form)


@cache
def _headings() -> dict[str, Any]:
    return {"report": live.headings(markdown(harm.base())), "worksheet": live.headings(worksheet(harm.base()))}


def in_html(draw: Random, folder: Path) -> tuple[int, str]:  # noqa: ARG001
    """Draw a page and a notebook's views of hostile texts."""
    analysis = harm.poisoned(draw, [*harm.HTML, *harm.ESCAPES])
    views = [
        notebook.analysis_html(analysis),
        notebook.corpus_html(analysis.corpus),
        notebook.crux_html(analysis.crux(0)),
    ]
    return harm.cells(analysis), "; ".join(filter(None, map(live.live_html, [page(analysis), *views])))


def in_markdown(draw: Random, folder: Path) -> tuple[int, str]:  # noqa: ARG001
    """Write report and worksheet of hostile texts."""
    analysis = harm.poisoned(draw, [*harm.MARKDOWN, *harm.HTML, *harm.ESCAPES])
    wrong = live.live_markdown(markdown(analysis), _headings()["report"]) or live.live_markdown(
        worksheet(analysis), _headings()["worksheet"]
    )
    return harm.cells(analysis), wrong or live.controls(argdown(analysis))


def in_sheets(draw: Random, folder: Path) -> tuple[int, str]:
    """Write sheets of hostile texts."""
    analysis = harm.poisoned(draw, [*harm.FORMULAS, *harm.ESCAPES])
    files = write_csv(analysis, folder / "out" / "csv").glob("*.csv")
    wrong = "; ".join(filter(None, (live.live_csv(file.read_bytes().decode()) for file in sorted(files))))
    book = write_xlsx(analysis, folder / "out" / "book.xlsx").read_bytes()
    return harm.cells(analysis), wrong or live.live_xlsx(book)


def on_terminal(draw: Random, folder: Path) -> tuple[int, str]:
    """Print hostile texts to a terminal, and write them where others print them."""
    analysis = harm.poisoned(draw, harm.ESCAPES)
    out = Console(file=io.StringIO(), force_terminal=True, width=draw.choice([60, 120]), highlight=False)
    browse.print_overview(analysis, out)
    browse.print_crux(analysis, 0, out)
    terminal.print_analysis(analysis, out)
    terminal.print_corpus(analysis.corpus, out)
    print_files(analysis.corpus, out)
    name = re.sub(r"[/\x00\ud800-\udfff]", "", harm.mix(draw, harm.ESCAPES))[:60] or "zq"
    data = draw.choice([b"no export", b"", b'{"kind": "comment", "id": "a", "text": 7}\n', b"\x1f\x8b\x08\x00zq"])
    path = folder / "in" / f"{name}.jsonl"
    path.write_bytes(data)
    told = CliRunner().invoke(threadkit, draw.choice([
        ["read", str(path)], ["read", str(folder / "in")], ["show", str(path)], ["report", str(folder / name)],
        ["report", str(path), "--as", name], ["compare", str(path), str(path)], ["stance", str(path)],
    ]))  # fmt: skip
    if told.exception and not isinstance(told.exception, SystemExit):
        raise told.exception
    said = f"a command prints {wrong}: {told.output[:300]!a}" if (wrong := live.live_terminal(told.output)) else ""
    aif = write_as(analysis, "aif", folder / "out" / "aif.json", folder)
    return harm.cells(analysis) + 1, live.live_terminal(out.file.getvalue()) or said or live.live_json(aif.read_bytes())  # type: ignore[attr-defined]


def labelled(draw: Random, folder: Path) -> tuple[int, str]:  # noqa: ARG001
    """Let a labeler do what the comments tell it, and look at what is kept of that."""
    ill = [*harm.PROMPTS, *harm.HTML, *harm.ESCAPES]
    texts = [
        f"It is far too dear, {draw.choice(['and', 'as'])} nobody paid for it. {harm.mix(draw, ill)}" for _ in range(3)
    ]
    objections = pd.DataFrame(
        {"crux_id": pd.array([0] * 3, dtype="Int32"), "text": texts, "strength": [0.9, 0.8, 0.7],
         "copy_of": pd.array([None] * 3, dtype="string")}, index=pd.Index(["a", "b", "c"]))  # fmt: skip
    cruxes = pd.DataFrame(
        {"title": [texts[0]], "claim": [draw.choice([None, harm.mix(draw, harm.PROMPTS)])]}, index=pd.Index([0])
    )
    whole = draw.choice(texts).split()
    at = draw.randrange(len(whole))
    good = " ".join(whole[at : at + draw.randint(2, 9)])
    bad: list[Any] = [
        None,
        7,
        "",
        [],
        {},
        "everyone agrees with this wholly",
        "It is … paid for it",
        harm.mix(draw, harm.PROMPTS),
        b"It is far too dear",
        ["a"],
    ]
    plain = "It is too dear to pay for."
    title = draw.choice(
        [
            plain,
            plain,
            f"{plain} {harm.mix(draw, [*harm.HTML, *harm.ESCAPES, *harm.PROMPTS, *harm.MARKDOWN])}",
            draw.choice(bad),
            f"{plain} \ud800",
            "zq " * 500,
        ]
    )
    given = draw.choice([[good], [good, draw.choice(bad)], (good, good), draw.choice(bad), good])

    def labeler(_: object) -> Any:
        return draw.choice(
            [{"title": title, "quotes": given}] * 6 + [None, {"title": title}, [title, given], title, {}]
        )

    found, _told = reword(cruxes, objections, labeler)
    kept = found[0]
    if pd.isna(kept):
        return 1, ""
    said = [" ".join(words(text)) for text in texts]
    quoted = isinstance(given, list | tuple) and given and all(
        isinstance(each, str) and any(" ".join(words(each)) in text for text in said) for each in given
    )  # fmt: skip
    if not quoted:
        return 1, f"kept, though it quotes {given!r}"
    if "\n" in kept or len(words(kept)) > TITLE_WORDS[1] or re.search(r"[<>]|https?:", kept):
        return 1, f"kept: {kept!r}"
    return 1, live.controls(kept)
