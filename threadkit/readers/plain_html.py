"""Bodies of HTML that hold nothing but paragraphs, emphasis and links need no parser: most of what people write.

Only what could not possibly mean anything else is read here; everything else is the parser's (`body.from_html`), and
tests hold both to the same result.
"""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from threadkit.readers.canon import literal, visible

if TYPE_CHECKING:
    from collections.abc import Callable

# No control characters, which parsers drop or stop at, and no marks.
_WORDS = r"[^<&>\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]"
_ENTITY = r"&(?:amp|lt|gt|quot|#x27|#x2F|#39);"
_ADDRESS = r"(?:[!#-%'-;=?-~]|&amp;|&#x2F;|&#x27;)"
_LINK = rf'<a href="({_ADDRESS}*+)"(?: rel="[\w ]*")?>((?:{_WORDS}|{_ENTITY})*+)</a>'
# Each mark ends in the paragraph in which it begins: parsers differ in how they mend others.
_SPAN = rf"<(?P<tag>i|b|em|strong)>(?:{_WORDS}++|{_ENTITY}|<br ?/?>)*+</(?P=tag)>"
_PLAIN = re.compile(rf"(?:{_WORDS}++|{_ENTITY}|</?p>|<p/>|<br ?/?>|{_LINK}|{_SPAN})*+")
_STRAY = re.compile(r"(?:^|</p>|<p/>)(?:(?!<p>).)*?</p>", re.DOTALL)
_LINKS = re.compile(_LINK)
_BREAK = re.compile(r"<br ?/?>")
_PARAGRAPH = re.compile(r"</?p/?>")
_SPACES = re.compile(r"\s+")
_EMPHASIS = re.compile(r"</?(?:i|b|em|strong)>")


def plain(html: str, link: Callable[[str, str], str], *, marks: bool = False) -> str | None:
    r"""Return canonical text; None where anything may be other markup. `link` writes one, of its address and words.

    >>> plain("<p>Tea is <b>safe</b>.</p><p>No &amp; no.", str), plain("<ul><li>Tea</ul>", str)
    ('Tea is safe.\n\nNo & no.', None)
    """
    if not _PLAIN.fullmatch(html) or (marks and "&gt;" in html) or ("</p>" in html and _STRAY.search(html)):
        return None
    if "<a " in html:
        html = _LINKS.sub(lambda found: _kept(link(unescape(found[1]), _squeezed(unescape(found[2])))), html)
    if "<" in html:
        html = _EMPHASIS.sub("", html)
    blocks: list[str] = []
    for part in _PARAGRAPH.split(html):
        lines: list[str] = []
        for line in [*map(_line, _BREAK.split(part)), ""]:
            if line:
                lines.append(literal(line))
            elif lines:
                blocks.append("\n".join(lines))
                lines = []
    return "\n\n".join(blocks)


def _kept(words: str) -> str:
    """Write words so that what follows leaves them as they are."""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _squeezed(words: str) -> str:
    """Make each run of white space one blank, as a parser's words are written."""
    return _SPACES.sub(" ", visible(words))


def _line(html: str) -> str:
    words = unescape(html) if "&" in html else html
    return " ".join(visible(words).split())
