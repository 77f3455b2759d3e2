"""An analysis → Argdown (https://argdown.org): each crux a claim, its objections, defences and answers as arguments."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import orjson

from threadkit.base.output import write_text
from threadkit.base.text import shorten
from threadkit.report.case import Case, Cases, Statement, words_of
from threadkit.report.show import day

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from threadkit.corpus.analysis import Analysis

# Every sign that Argdown 1.7's lexer gives a meaning (src/lexer.ts); a backslash takes it away.
_SIGNS = re.compile(r"([\\@#*_\[\]<>{}/|=~^+])")
# A dot or a colon opens a shortcode (":smile:", ".therefore.") where no blank follows; two dashes end an inference.
_SHORTCODE = re.compile(r"([.:])(?=\S)")
_DASHES = re.compile(r"-(?=[->])|(?<=<)-")


def write_argdown(analysis: Analysis, path: str | Path) -> Path:
    """Write an analysis as Argdown; returns its path. Raises OutputError where the file cannot be written."""
    return write_text(path, argdown(analysis))


def argdown(analysis: Analysis) -> str:
    """Return the recurring cruxes as Argdown, most recurrent first; where none recurs, those that there are."""
    cases = Cases(analysis)
    ranked = cases.cruxes
    wanted = ranked.index[ranked["recurring"]] if ranked["recurring"].any() else ranked.index
    parts = ["===\ntitle: What the disagreement turns on\n===\n"]
    parts += ["\n".join(_case(cases.case(crux_id))) for crux_id in wanted]
    return "\n".join(parts)


def escape(text: str) -> str:
    r"""Return text whose every character stands for itself in Argdown, on one line.

    >>> print(escape("a [b] <c> #d 3.5 e@f"))
    a \[b\] \<c\> \#d 3\.5 e\@f
    """
    line = _SIGNS.sub(r"\\\1", " ".join(text.split()))
    return _DASHES.sub(r"\\-", _SHORTCODE.sub(r"\\\1", line))


def _case(case: Case) -> Iterator[str]:
    claim = case.proposition or f"What is denied here: {case.title}"
    yield f"# {escape(shorten(case.title, 120))}\n"
    yield f"[Crux {case.crux_id}]: {escape(claim)}"
    for i, said in enumerate(case.objections, start=1):
        yield _relation(1, "-", f"Objection {case.crux_id}-{i}", said)
        answers = [answer for answer in case.answers if answer.to == said.segment_id]
        for k, answer in enumerate(answers, start=1):
            yield _relation(2, "-", f"Answer {case.crux_id}-{i}-{k}", answer)
    for i, said in enumerate(case.defences, start=1):
        yield _relation(1, "+", f"Defence {case.crux_id}-{i}", said)
    yield ""


def _relation(depth: int, sign: str, name: str, said: Statement) -> str:
    return f"{'    ' * depth}{sign} <{name}>: {escape(words_of(said))} {_data(said)}"


def _data(said: Statement) -> str:
    """Return who said it, as the YAML mapping that Argdown keeps beside an argument."""
    known = {
        "author": said.author,
        "karma": None if said.karma is None else int(said.karma),
        "date": None if said.at is None else day(said.at),
        "url": said.source.href,
    }
    return "{" + ", ".join(f"{key}: {_yaml(cell)}" for key, cell in known.items() if cell is not None) + "}"


def _yaml(cell: str | int) -> str:
    """Return a value as YAML and JSON write it, every sign of Argdown as a code."""
    if isinstance(cell, int):
        return str(cell)
    text = orjson.dumps(cell).decode("utf-8")[1:-1]
    return '"' + text.replace("{", "\\u007b").replace("}", "\\u007d") + '"'
