"""The short way from Markdown to canonical text, for the many bodies that need no Markdown parser.

Most forum comments are paragraphs, perhaps with a quote, a link or a word in emphasis. Reading these without
a parser is a hundred times faster; `body.from_markdown` reads what is not plain, and tests hold both to the
same result.
"""

from __future__ import annotations

import re

# Characters that Markdown gives no meaning inside a line: a text of nothing else needs no second look.
_HARMLESS = b" \nABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.,;:!?'\"()/%=$@^{}+-"
# Those that it gives one in some places: each is looked for only where it stands.
_MARKUP = {
    b"&": re.compile(r"&#?\w+;"),
    b"<": re.compile(r"<(?!3?(?:\s|\Z))"),
    b"*": re.compile(r"\*"),
    b"_": re.compile(r"(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])"),
    b"]": re.compile(r"\][(:\[]"),
    b"~": re.compile(r"~~"),
    b">": re.compile(r">!"),
}
_SOMETIMES = b"#|[" + b"".join(_MARKUP)
# And those that are not kept as they are: escapes, code, controls, white space but blank and line end, the invisible.
_ODD = re.compile(
    r"[^\S \n]|[\\`\x00-\x08\x0e-\x1f\x7f-\x9f\u200b\u00ad\ufeff\u2060\ufdd0-\ufdef\ufffe\uffff\U0001fffe-\U0001ffff]"
)
# A line that begins with any of these may be a heading, a list, a rule, a table, a quote or code.
_MARKED = re.compile(r"[ #|:=+>-]|\d{1,9}[.)](?!\S)")
_SUSPECT = frozenset(" #|:=+>-0123456789")
_QUOTED = re.compile(r"> ?(?=\S)")
_ITEMS = re.compile(r"(?:^|\n\n)- ")
_STAR = re.compile(r"^\* (?=\S)", re.MULTILINE)
_BLANK_LINES = re.compile(r"\n[ \n]*\n")
_BLANKS = re.compile(r"  +")
_LINK = re.compile(
    r"(?<!!)\[[A-Za-z0-9](?:[A-Za-z0-9,.' -]*[A-Za-z0-9.])?\]\(https?://[A-Za-z0-9./?=#~_-]*[A-Za-z0-9/]\)"
)
_EMPHASIS = re.compile(
    r"""(?<![^\s("'])(\*{1,2})([A-Za-z0-9](?:[A-Za-z0-9,.?!'’ -]*[A-Za-z0-9])?)\1(?![^\s.,;:!?)"'])"""
)
# markdown-it takes its time over texts with thousands of brackets, and body.py reads them in yet another way.
_MAX_BRACKETS = 1000


def plain(text: str) -> str | None:
    r"""Return canonical text; None where this is not plain enough to be sure.

    >>> plain("> Tea is\nsafe.\n\nIt is *not*, [see](https://e.org/a).\nEver\n* one\n* two")
    '> Tea is safe.\n\nIt is not, [see](https://e.org/a). Ever\n\n- one\n- two'
    >>> plain("# one"), plain("a\n---"), plain("a  \nb"), plain("`x`")
    (None, None, None, None)
    """
    special = text.encode().translate(None, _HARMLESS)
    if special:
        if b"*" in special:
            text = _EMPHASIS.sub(r"\2", text)
            if "- " not in text:
                text = _STAR.sub("- ", text)
        if _means_something(_LINK.sub(")", text) if "](" in text else text, special):
            return None
    if "\n" not in text:
        return _block(text)
    text = text.strip("\n")
    if "  \n" in text:
        return None
    blocks = [_block(block) for block in _BLANK_LINES.split(text)] if _BLANK_LINES.search(text) else [_block(text)]
    if None in blocks:
        return None
    canonical = "\n\n".join(blocks)  # type: ignore[arg-type]
    # Lists that only a blank line parts are one list.
    return None if "\n\n- " in canonical and len(_ITEMS.findall(canonical)) > 1 else canonical


def _means_something(text: str, special: bytes) -> bool:
    """Tell whether one of the special characters of a text may be markup."""
    if special.translate(None, _SOMETIMES) and _ODD.search(text):
        return True
    if special.count(b"[") > _MAX_BRACKETS:
        return True
    return any(mark in special and pattern.search(text) for mark, pattern in _MARKUP.items())


def _block(block: str) -> str | None:
    """Return lines without a blank one between them: a paragraph, a quote of one, or a list, perhaps after one."""
    if block.startswith(">"):
        words = _paragraph([_QUOTED.sub("", line, count=1) for line in block.split("\n")])
        return "> " + words if words else None
    lines = block.split("\n")
    first = next((n for n, line in enumerate(lines) if line.startswith("- ")), None) if "- " in block else None
    if first is None:
        return _paragraph(lines)
    items = [_paragraph([line[2:]]) if line.startswith("- ") else None for line in lines[first:]]
    if not all(items):
        return None
    listed = "\n".join(f"- {item}" for item in items)
    before = _paragraph(lines[:first])
    return f"{before}\n\n{listed}" if before else listed if before == "" and not first else None


def _paragraph(lines: list[str]) -> str | None:
    """Return lines as one, with single blanks; None where one of them begins as no line of prose does."""
    for line in lines:
        if line[:1] in _SUSPECT and _MARKED.match(line):
            return None
    words = (lines[0] if len(lines) == 1 else " ".join(lines)).strip()
    return _BLANKS.sub(" ", words) if "  " in words else words
