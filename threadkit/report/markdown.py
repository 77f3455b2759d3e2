"""An analysis → report.md: Markdown in which nothing that a forum said can be markup."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from threadkit.base.output import write_text
from threadkit.report.compiled import environment
from threadkit.report.view import report

if TYPE_CHECKING:
    from pathlib import Path

    from threadkit.corpus.analysis import Analysis
    from threadkit.report.passage import Piece
    from threadkit.report.view import Report
    from threadkit.report.voice import Link

# What CommonMark and GitHub's tables, strikethrough, mathematics and mentions take for markup inside a line, and what
# stands for it. One after the other: what most text does not hold is looked for far faster so than by a pattern.
_INLINE = {"&": "&amp;", "<": "&lt;", ">": "&gt;"} | {mark: f"\\{mark}" for mark in "\\`*_[]|~!$@#"}
# White space that is not one blank already.
_SPACES = re.compile(r"\s{2,}|[^\S ]")
# What they take for a list, a heading or a rule where a line or a cell begins.
_START = re.compile(r"^(\s*)([-+=]|\d+(?=[.)](?:\s|$)))")
# A bare address becomes a link of its own accord on GitHub; a mark between its signs prevents that.
_SCHEME = re.compile(r":(?=//)|(?<=\bwww)\.", re.IGNORECASE)
# Signs that keep their meaning in an address; all others are written as %xx.
_IN_ADDRESS = ":/?#@;=,%~+-._"


class Ready(str):
    """Markdown that is written as it stands."""

    __slots__ = ()


def escape(text: str) -> str:
    r"""Return text whose every character stands for itself, in a paragraph or in a table's cell.

    >>> print(escape("a|b <i> [x](y) *z*"))
    a\|b &lt;i&gt; \[x\](y) \*z\*
    >>> print(escape("1. one"), escape("- two"), escape("https://example.org"))
    1\. one \- two https\://example.org
    """
    text = _SPACES.sub(" ", text)
    start = _START.match(text)
    head = text[: start.end()] if start else ""
    if start:
        head = f"{head}\\" if head[-1].isdigit() else f"\\{head}"
    return head + _inline(text[start.end() if start else 0 :])


def _inline(text: str) -> str:
    for mark, written in _INLINE.items():
        if mark in text:
            text = text.replace(mark, written)
    return _SCHEME.sub(r"\\\g<0>", text) if "://" in text or "www" in text.lower() else text


def link(to: Link) -> Ready:
    """Return a link whose address cannot end it early; plain words where there is no address."""
    words = escape(to.words)
    return Ready(f"[{words}]({quote(to.href, safe=_IN_ADDRESS)})" if to.href else words)


def piece(part: Piece) -> Ready:
    """Return words, linked where they lead somewhere."""
    return Ready(f"[{escape(part.text)}]({quote(part.href, safe=_IN_ADDRESS)})" if part.href else escape(part.text))


def _finalize(shown: Any) -> Any:
    """Escape everything that a template prints, unless it is ready."""
    return shown if isinstance(shown, Ready) else escape(str(shown))


def write_markdown(analysis: Analysis, path: str | Path, shown: Report | None = None) -> Path:
    """Write the report of an analysis as Markdown; returns its path.

    `shown` is what view.report() makes of it, where that is at hand. Raises OutputError where the file cannot be
    written.
    """
    return write_text(path, markdown(analysis, shown))


def markdown(analysis: Analysis, shown: Report | None = None) -> str:
    """Return the report of an analysis as Markdown."""
    return render("report.md.j2", report=shown or report(analysis))


def render(template: str, **shown: Any) -> str:
    """Return a Markdown template filled in: all that it prints is escaped, and blank lines stand alone."""
    # Markdown is no HTML: _finalize escapes every value.
    drawn_with = environment(autoescape=False, finalize=_finalize)
    drawn_with.filters |= {"link": link, "piece": piece, "raw": Ready}
    text = drawn_with.get_template(template).render(**shown)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
