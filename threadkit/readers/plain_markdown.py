"""Bodies without any markup need no Markdown parser: plain paragraphs, a good half of what people write.

Only what could not possibly be markup is read here; everything else is the parser's (`body.from_markdown`), and
tests hold both to the same result.
"""

from __future__ import annotations

import re

# Letters, digits and signs that Markdown gives no meaning, wherever they stand inside a line.
_ASCII = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 \n.,;:!?'\"()/%=$@^{}+-"
_OTHERS = re.compile("(?:[^\\W_]|[\u2018\u2019\u201c\u201d\u2013\u2014\u2026])*")
# A line that begins so may be a heading, list, rule, table or code; one that ends with two blanks is broken there.
_ODD_LINE = re.compile(r"\n(?:[ #|:=+-]|\d{1,9}[.)](?!\S))")
_BLANK_LINES = re.compile(r"\n[ \n]*\n")


def plain(text: str) -> str | None:
    r"""Return canonical text; None where anything may be markup.

    >>> plain("Tea is\nsafe.\n\nIt is not.")
    'Tea is safe.\n\nIt is not.'
    >>> plain("# one"), plain("a\n---"), plain("a  \nb"), plain("`x`"), plain("*x*"), plain("> x")
    (None, None, None, None, None, None)
    """
    others = text.encode().translate(None, _ASCII)
    if others and not _OTHERS.fullmatch(others.decode()):
        return None
    if "  \n" in text or text.endswith("  ") or _ODD_LINE.search(f"\n{text}"):
        return None
    return "\n\n".join(" ".join(block.split()) for block in _BLANK_LINES.split(text.strip("\n")))
