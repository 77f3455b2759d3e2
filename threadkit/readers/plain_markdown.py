"""Bodies without any markup need no Markdown parser: plain paragraphs, a good half of what people write.

Only what could not possibly be markup is read here; everything else is the parser's (`body.from_markdown`), and
tests hold both to the same result.
"""

from __future__ import annotations

import re

from threadkit.base.text import squeeze

# Letters, digits and signs that Markdown gives no meaning, wherever they stand inside a line.
_PROSE = re.compile(r"(?:[^\W_]|[ \n.,;:!?'\"()/%=$@^{}+\u2018\u2019\u201c\u201d\u2013\u2014\u2026-])*")
# A line that begins so may be a heading, list, rule, table or code; one that ends with two blanks is broken there.
_MARKED = re.compile(r"^(?:[ #|:=+-]|\d{1,9}[.)](?!\S))|  $", re.MULTILINE)
_BLANK_LINES = re.compile(r"\n[ \n]*\n")


def plain(text: str) -> str | None:
    r"""Return canonical text; None where anything may be markup.

    >>> plain("Tea is\nsafe.\n\nIt is not.")
    'Tea is safe.\n\nIt is not.'
    >>> plain("# one"), plain("a\n---"), plain("a  \nb"), plain("`x`"), plain("*x*"), plain("> x")
    (None, None, None, None, None, None)
    """
    if not _PROSE.fullmatch(text) or _MARKED.search(text):
        return None
    return "\n\n".join(squeeze(block) for block in _BLANK_LINES.split(text.strip("\n")))
