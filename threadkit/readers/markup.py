"""Pages saved from a browser: parsed once, their parts found by class, their address read from the head."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from lxml import etree

from threadkit.base.errors import FormatError
from threadkit.base.text import clean, squeeze
from threadkit.readers.decode import read_text
from threadkit.readers.values import parts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from threadkit.readers.draft import Draft

# What the forums that run ForumMagnum are called, whatever viewer the page comes from.
SITES = {
    "lesswrong.com": "LessWrong",
    "greaterwrong.com": "LessWrong",
    "forum.effectivealtruism.org": "EA Forum",
    "ea.greaterwrong.com": "EA Forum",
    "alignmentforum.org": "Alignment Forum",
}

_SINGLE_FILE = re.compile(r"<!--\s+Page saved with SingleFile\s+url: (https?://\S+)")
# Where a saved page tells its address: browsers' "save as", SingleFile, and the site itself.
_ADDRESSES = (
    re.compile(r"<!-- saved from url=\(\d+\)(https?://\S+)"),
    _SINGLE_FILE,
    re.compile(r"""<meta\b[^>]*\bproperty=["']?og:url["']?[^>]*\bcontent=["'](https?://[^"']+)"""),
    re.compile(r"""<link\b[^>]*\brel=["']?canonical["']?[^>]*\bhref=["'](https?://[^"']+)"""),
    re.compile(r"""<link\b[^>]*\bhref=["'](https?://[^"']+)["'][^>]*\brel=["']?canonical\b"""),
)
_HEAD = 64 * 1024
# What stands behind the end of a page (comments of the server, scripts of extensions) is shorter.
_TAIL = 2048
_WHOLE = re.compile(r"<html\b", re.IGNORECASE)
_END = re.compile(r"</(?:html|body)\b", re.IGNORECASE)
_HTML = re.compile(r"<(?:!doctype html|html|head|body|table|div|meta|script|title|!--)\b|<!--", re.IGNORECASE)


def is_page(text: str) -> bool:
    """Tell whether a text begins like HTML.

    >>> is_page(" <!DOCTYPE html><html>"), is_page("[1, 2]"), is_page("a <b>word</b>")
    (True, False, False)
    """
    return _HTML.match(text.lstrip("\ufeff \t\r\n\x00")) is not None


def address(text: str) -> str:
    """Return the address that a page tells of itself; empty where it tells none.

    >>> address("<!-- saved from url=(0030)https://example.org/t/12 --><html>")
    'https://example.org/t/12'
    """
    found = (pattern.search(text, 0, _HEAD) for pattern in _ADDRESSES)
    return next((match.group(1).replace("&amp;", "&") for match in found if match), "")


def host(url: str) -> str:
    """Return the host of an address, without ``www.``; empty where there is none."""
    return (parts_of(url).hostname or "").removeprefix("www.")


def parse(path: Path, draft: Draft) -> tuple[Any, str]:
    """Return the root of a saved page and its address; raises FormatError where there is no page."""
    text = clean(read_text(path, draft))
    # A fresh parser each: its error log tells whether libxml2 gave up (at 2048 open tags) and lost text.
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, no_network=True, remove_comments=True, remove_pis=True)
    root = etree.fromstring(text.encode(), parser) if text.strip() else None
    if root is None:
        raise FormatError("the page is empty; save it again")
    if any("Excessive depth" in entry.message for entry in parser.error_log):
        draft.problem(
            "the page nests more than 2,048 elements in one another",
            "what stands deeper is lost; save the deep branch as a page of its own, and read both",
            severity="error",
        )
    if _is_cut(text):
        draft.problem(
            "the page is cut off: it ends before its body does",
            "what stands before the cut was read; save the page again",
            severity="error",
            loss="cut",
        )
    return root, address(text)


def _is_cut(text: str) -> bool:
    """Tell whether a whole page, not a fragment of one, stops before its end.

    >>> _is_cut("<html><body><p>Tea"), _is_cut("<html><body><p>Tea</body></html>"), _is_cut("<p>Tea")
    (True, False, False)
    """
    if not _WHOLE.search(text, 0, _HEAD):
        return False
    # SingleFile leaves end tags out that HTML can do without.
    if _SINGLE_FILE.search(text, 0, _HEAD):
        return text.rfind("<") > text.rfind(">")
    return not _END.search(text, max(0, len(text) - _TAIL))


_CLASS_END = re.compile(r"[ \t\r\n]+")
_CLASS = re.compile(r"(?<![^\s\[(])[.]([A-Za-z][\w-]*)")


@cache
def find(test: str) -> Callable[[Any], list[Any]]:
    """Return a search for the elements below one that pass a test, in the order of the page.

    The test is XPath, in which ``.name`` stands for "has the class `name`".

    >>> root = etree.HTML("<p class='a b'>1</p><p class='ab'>2</p><i>3</i>")
    >>> [node.text for node in find(".a or self::i")(root)]
    ['1', '3']
    """
    search: Callable[[Any], list[Any]] = etree.XPath(_below(test))
    return search


@cache
def _find_one(test: str) -> Callable[[Any], list[Any]]:
    """Return a search as `find` does, which ends at the first element."""
    search: Callable[[Any], list[Any]] = etree.XPath(f"{_below(test)}[1]")
    return search


# Most elements fail the first half, which builds no new words.
_HOLDS = r'(contains(@class, "\1") and contains(concat(" ", normalize-space(@class), " "), " \1 "))'
_OF_TAG = re.compile(r"self::(\w+)((?:\[[^\[\]]*\])?)")


def _below(test: str) -> str:
    """Return the path of the elements below one that pass a test; of one tag the others are not even tested."""
    tag = _OF_TAG.fullmatch(test)
    path = f"descendant::{tag[1]}{tag[2]}" if tag else f"descendant::*[{test}]"
    return _CLASS.sub(_HOLDS, path)


def first(node: Any, *tests: str) -> Any:
    """Return the first element below `node` that passes the first test which any passes, or None."""
    if node is not None:
        for test in tests:
            found = _find_one(test)(node)
            if found:
                return found[0]
    return None


def parts(node: Any) -> dict[str, Any]:
    """Return the first element of each class in and below an element: one pass, where a few searches cost more.

    >>> {name: part.text for name, part in parts(etree.HTML("<p class='a b'>1</p><p class='b'>2</p>")).items()}
    {'a': '1', 'b': '1'}
    """
    marked = [(names, part) for part in node.iter() if (names := part.get("class"))]
    said = tuple([names for names, _ in marked])
    layout = _layout(said) if len(said) < _MANY else _layout.__wrapped__(said)
    return {name: marked[n][1] for name, n in layout.items()}


# The comments of a page are made alike: of fewer elements than these it is remembered where their classes stand.
_MANY = 64


@lru_cache(maxsize=512)
def _layout(said: Sequence[str]) -> dict[str, int]:
    """Return where each class stands first in some attributes."""
    layout: dict[str, int] = {}
    seen = set()
    for n, names in enumerate(said):
        if names not in seen:
            seen.add(names)
            for name in names.split():
                layout.setdefault(name, n)
    return layout


def of_classes(root: Any, *names: str | tuple[str, ...]) -> dict[Any, list[Any]]:
    """Return the elements below one that have each of some classes, or one of several, in the order of the page.

    Of each other class it returns the first. On a page of thousands of comments each search of the whole page takes
    longer than to parse it; and elements that are held, so that they are not made again, cost what they save.

    >>> root = etree.HTML("<p class='a b'>1</p><p class='a'>2</p><p class='b'>3</p>")
    >>> found = of_classes(root, "b", ("a", "b"), "c")
    >>> {name: [part.text for part in parts] for name, parts in found.items()}
    {'b': ['1', '3'], ('a', 'b'): ['1', '2', '3'], 'c': [], 'a': ['1']}
    """
    found: dict[Any, list[Any]] = {name: [] for name in names}
    # Most elements have a class that stood before, in the same words.
    known: dict[str, list[list[Any]]] = {}
    for part in root.iterdescendants():
        said = part.get("class")
        if said:
            lists = known.get(said)
            if lists is None:
                own = dict.fromkeys(_CLASS_END.split(said))
                lists = known[said] = [
                    found[asked] for asked in names if asked in own or (type(asked) is tuple and own.keys() & asked)
                ]
                for name in own:
                    found.setdefault(name, [part])
            for each in lists:
                each.append(part)
    return found


def has(node: Any, name: str) -> bool:
    """Tell whether an element has a class."""
    names = node.get("class")
    return names is not None and name in names and name in names.split()


def words(node: Any) -> str:
    """Return the words in an element on one line; empty for None."""
    if node is None:
        return ""
    # An element without others inside holds its words itself, and to ask XPath costs more.
    return squeeze(raw_words(node) if len(node) else node.text or "")


raw_words: Callable[[Any], str] = etree.XPath("string()", smart_strings=False)
"""Returns the words in an element with their white space."""


def attribute(node: Any, name: str) -> str:
    """Return an attribute; empty where there is none, or no element."""
    return "" if node is None else (node.get(name) or "").strip()
