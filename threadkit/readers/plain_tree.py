"""Elements that hold nothing but paragraphs, emphasis and links: most bodies of a saved page.

What `plain_html` is for fragments this is for elements of a page that is parsed already. Only what could not possibly
mean anything else is read here; everything else is walked by `body.from_tree`, and tests hold both to the same result.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from threadkit.readers.canon import literal, visible

if TYPE_CHECKING:
    from collections.abc import Callable

# Elements that may stand around a body, and around its paragraphs.
_ROOTS = frozenset({"body", "div", "span", "td"})
_WRAPPERS = frozenset({"div", "span"})
# Elements that change nothing of what canonical text holds.
_INLINE = frozenset({"b", "code", "em", "i", "small", "span", "strong", "u"})
_SPACES = re.compile(r"\s+")


def plain(
    root: Any, link: Callable[[str, str], str], *, marks: bool = False, refused: frozenset[str] = frozenset()
) -> str | None:
    r"""Return canonical text of an element; None where anything in it may be other markup.

    `link` writes a link, of its address and words; `marks` as in `body.from_html`; `refused`: classes that give an
    element another meaning than its tag has.

    >>> from lxml import etree
    >>> plain(etree.XML("<div><div><p>Tea is <b>safe</b>.</p>\n<p>No<br/>no.</p></div></div>"), lambda to, said: said)
    'Tea is safe.\n\nNo\nno.'
    >>> plain(etree.XML("<div><ul><li>Tea</li></ul></div>"), lambda to, said: said) is None
    True
    """
    if root.tag not in _ROOTS or _is_refused(root, refused):
        return None
    node = _unwrapped(root, refused)
    lines = _Lines(link, refused)
    lines.add(node.text)
    for part in node:
        if part.tag == "p":
            if not lines.add_paragraph(part):
                return None
        elif not lines.add_inline(part):
            return None
    lines.end_paragraph()
    text = "\n\n".join(lines.paragraphs)
    return None if marks and ">" in text else text


def _unwrapped(node: Any, refused: frozenset[str]) -> Any:
    """Return the innermost of elements that stand around one another, with nothing beside them."""
    while len(node) == 1 and _is_blank(node.text):
        inner = node[0]
        if inner.tag not in _WRAPPERS or not _is_blank(inner.tail) or _is_refused(inner, refused):
            break
        node = inner
    return node


def _is_blank(text: str | None) -> bool:
    return not text or text.isspace()


def _is_refused(node: Any, refused: frozenset[str]) -> bool:
    names = node.get("class")
    return names is not None and not refused.isdisjoint(names.split())


class _Lines:
    """Paragraphs in the making."""

    def __init__(self, link: Callable[[str, str], str], refused: frozenset[str]) -> None:
        self.link = link
        self.refused = refused
        self.words: list[str] = []
        self.lines: list[str] = []
        self.paragraphs: list[str] = []

    def add_paragraph(self, part: Any) -> bool:
        """Write a paragraph's element and what follows it; tell whether it could be."""
        if self.words or self.lines:
            self.end_paragraph()
        if _is_refused(part, self.refused):
            return False
        self.add(part.text)
        for inner in part:
            if not self.add_inline(inner):
                return False
        self.end_paragraph()
        self.add(part.tail)
        return True

    def add_inline(self, part: Any) -> bool:
        """Write an element within a paragraph and what follows it; tell whether it could be."""
        tag = part.tag
        if len(part) or _is_refused(part, self.refused):
            return False
        if tag == "br":
            self.end_line()
        elif tag in _INLINE:
            self.add(part.text)
        elif tag == "a":
            said = _SPACES.sub(" ", visible(part.text or ""))
            # What `link` makes of a quote's mark nobody could tell afterwards.
            if ">" in said:
                return False
            self.words.append(self.link(part.get("href") or "", said))
        else:
            return False
        self.add(part.tail)
        return True

    def add(self, text: str | None) -> None:
        """Add words; blanks say nothing where none stand before them."""
        if text and (self.words or not text.isspace()):
            self.words.append(visible(text))

    def end_line(self) -> None:
        """End the line; one without words ends the paragraph."""
        words = self.words
        line = " ".join((words[0] if len(words) == 1 else "".join(words)).split())
        words.clear()
        if line:
            self.lines.append(literal(line))
        elif self.lines:
            self.paragraphs.append("\n".join(self.lines))
            self.lines.clear()

    def end_paragraph(self) -> None:
        """End the line and the paragraph."""
        if self.words:
            self.end_line()
        if self.lines:
            self.paragraphs.append("\n".join(self.lines))
            self.lines.clear()
