"""Bodies of posts and comments, HTML or Markdown, as canonical text (base/text.py)."""

from __future__ import annotations

import re
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from lxml import etree
from markdown_it import MarkdownIt

from threadkit.base.text import clean
from threadkit.readers.canon import Canon
from threadkit.readers.plain_html import plain as plain_html
from threadkit.readers.plain_markdown import plain
from threadkit.readers.plain_tree import plain as plain_tree
from threadkit.readers.quote_marks import mended
from threadkit.readers.simple_markdown import simple
from threadkit.readers.values import number

if TYPE_CHECKING:
    from collections.abc import Callable

_NAME = re.compile(r"[\w-]+")
_BLOCKS = _NAME.findall(
    "address article aside body center dd details dialog div dl dt fieldset figcaption figure footer form"
    " h1 h2 h3 h4 h5 h6 header hgroup hr html legend main menu nav p section summary tbody tfoot thead"
)
# Never words of the author.
_DROPPED = frozenset(
    _NAME.findall(
        "script style head title noscript template svg iframe object embed audio video canvas button select"
        " textarea input area map"
    )
)
# What forums put around the author's words: controls, back-links of footnotes, a formula's second rendering, the line
# over a quote that says whose it is.
_DROPPED_CLASSES = frozenset(
    _NAME.findall(
        "quote-controls footnote-back-link footnote-backref MJX_Assistive_MathML katex-html"
        " quoteheader quotefooter quotetop quotetitle bbcode_postedby bbCodeBlock-title bbCodeBlock-expandLink"
        " gmail_attr moz-cite-prefix"
    )
)
# What bulletin boards quote in, where they do not use the element for quotes.
_QUOTE_BOXES = frozenset(
    _NAME.findall("quote quotebody quotemain bbcode_quote bbCodeQuote bbCodeBlock--quote bbcodeblock")
)
_BOX_TAGS = frozenset({"div", "td"})
_WHOSE = re.compile(r":$|\b(?:wrote|writes|said|schrieb|a écrit|escribió|ha scritto)\b.{0,40}:", re.IGNORECASE)
# Elements that may stand between a quote and the line in it that says whose it is.
_AROUND_WHOSE = 3
# Links that are not the author's: the forum makes them of a name, a heading, a picture.
_NO_LINKS = frozenset({"mention", "hashtag", "anchor", "lightbox"})
# Classes that give an element another meaning than its tag has.
_MEANING = _NO_LINKS | _QUOTE_BOXES | {"mjx-math", "title", "meta", "attribution"}
_CELLS = frozenset({"td", "th"})
_BACK_LINKS = frozenset({"^", "↩", "↩︎", "↑"})
_EXPONENT = re.compile(r"[-+−]?\d{1,4}|[a-z]")
_TAG = re.compile(r"<[^<>]*>")


def from_html(html: str, *, marks: bool = False) -> str:
    r"""Turn a fragment of HTML into canonical text; never raises, whatever the fragment.

    `marks`: a paragraph that begins with ``>`` is a quote, as on Hacker News.

    >>> from_html("<blockquote><p>It is <b>safe</b>.</p></blockquote><p>No: <a href='https://e.org'>see</a>.<p>Ever")
    '> It is safe.\n\nNo: [see](https://e.org).\n\nEver'
    >>> from_html("&gt; <i>It is safe.</i><p>No.", marks=True)
    '> It is safe.\n\nNo.'
    """
    html = clean(html)
    short = plain_html(html, _link, marks=marks)
    if short is not None:
        return mended(short)
    # A fresh parser each: its error log tells whether libxml2 gave up (at 2048 open tags) and lost text.
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    data = ("<html><body>" + html).encode()
    root = etree.fromstring(data, parser)
    if root is None or any("Excessive depth" in entry.message for entry in parser.error_log):
        return from_html(_TAG.sub("<p>", html), marks=marks)
    return from_tree(root, marks=marks)


def from_tree(root: Any, *, marks: bool = False, dropped: frozenset[str] = frozenset()) -> str:
    """Turn an element of a parsed page into canonical text, without what follows it.

    `marks` as in `from_html`; `dropped`: classes of elements inside it that are not the author's words.
    """
    dropped, refused = _all_dropped(dropped)
    short = plain_tree(root, _link, marks=marks, refused=refused)
    if short is not None:
        return mended(short)
    canon = Canon(marks=marks)
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, node in walker:
        if event == "end":
            _end(canon, node)
            if node is not root:
                canon.add(node.tail)
        elif _replace(canon, node, dropped):
            walker.skip_subtree()
        else:
            _start(canon, node)
            canon.add(node.text)
    return mended(canon.text())


@cache
def _all_dropped(dropped: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Return all classes that are dropped, given those of a reader, and these with all that have a meaning."""
    dropped |= _DROPPED_CLASSES
    return dropped, dropped | _MEANING


def _classes(node: Any) -> set[str]:
    names = node.get("class")
    return set(names.split()) if names else set()


def _is(node: Any, *classes: str) -> bool:
    return node is not None and _classes(node).issuperset(classes)


def _replace(canon: Canon, node: Any, dropped: frozenset[str]) -> bool:
    """Write what stands for an element whose inside is not the author's words; tell whether it was one."""
    tag, classes = node.tag, _classes(node)
    if tag in _DROPPED or classes & dropped:
        return True
    if tag == "img":
        # Under an enlargeable or uploaded picture stands its file's name, not a description.
        named = _is(node.getparent(), "lightbox") or node.get("data-base62-sha1") is not None
        canon.add(None if named else node.get("alt"))
        return True
    if "mjx-math" in classes and node.get("aria-label"):
        canon.add(node.get("aria-label"))
        return True
    if tag == "aside" and classes & {"onebox", "quote"}:
        # The preview of a page, or of a topic, that the forum puts in the place of a link to it.
        address = node.get("data-onebox-src") if "onebox" in classes else _previewed(node)
        if "onebox" in classes or address:
            canon.flush()
            canon.add(address)
            canon.flush()
            return True
    if tag == "div" and "title" in classes and _is(node.getparent(), "quote"):
        return True
    if (tag == "cite" or {"attribution", "type"} <= classes) and _says_whose(node):
        return True
    return tag == "div" and "meta" in classes and _is(node.getparent(), "lightbox")


def _says_whose(node: Any) -> bool:
    """Tell whether an element is the first words of a quote, and says who wrote it."""
    inner = node
    for outer in islice(node.iterancestors(), _AROUND_WHOSE):
        if inner.getprevious() is not None or (outer.text or "").strip():
            return False
        if outer.tag == "blockquote" or _QUOTE_BOXES & _classes(outer):
            return _WHOSE.search("".join(node.itertext()).strip()) is not None
        inner = outer
    return False


def _is_quote_box(node: Any) -> bool:
    """Tell an element that is a quote by its class alone: nothing in it is marked as the quote, or as code."""
    return bool(_QUOTE_BOXES & _classes(node)) and next(node.iter("blockquote", "pre"), None) is None


def _previewed(quote: Any) -> str | None:
    """Return the address of the topic that a quote nobody wrote is the preview of; None for what somebody quoted."""
    if quote.get("data-username") is not None or quote.get("data-topic") is None:
        return None
    title = next((node for node in quote.iter("div") if "title" in _classes(node)), None)
    links = (link.get("href") or "" for link in (title.iter("a") if title is not None else ()))
    return next((link for link in links if re.match(r"https?://", link)), None)


_OPEN: dict[str, Callable[[Canon], None]] = {
    "a": Canon.open_span,
    "blockquote": Canon.open_quote,
    "br": Canon.line_break,
    "li": Canon.open_item,
    "pre": Canon.open_code,
    "q": lambda canon: canon.add("\u201c"),
    "sup": Canon.open_span,
    "table": Canon.open_table,
    **dict.fromkeys(_BLOCKS, Canon.flush),
}
_CLOSE: dict[str, Callable[[Canon], None]] = {
    "blockquote": Canon.close_quote,
    "li": Canon.close_item,
    "ol": Canon.close_list,
    "pre": Canon.close_code,
    "q": lambda canon: canon.add("\u201d"),
    "table": Canon.flush,
    "ul": Canon.close_list,
    **dict.fromkeys(_BLOCKS, Canon.flush),
}


def _start(canon: Canon, node: Any) -> None:
    tag = node.tag
    if tag in _BOX_TAGS and _is_quote_box(node):
        canon.open_quote()
        return
    if tag in _OPEN:
        _OPEN[tag](canon)
    elif tag in {"ul", "ol"}:
        start = number(node.get("start"))
        canon.open_list(ordered=tag == "ol", start=1 if start is None else start)
    elif tag == "tr":
        canon.open_row(node, real=_is_row(node))
    elif tag in _CELLS:
        canon.open_cell(node.getparent())


def _end(canon: Canon, node: Any) -> None:
    tag = node.tag
    if tag in _BOX_TAGS and _is_quote_box(node):
        canon.close_quote()
        return
    if tag in _CLOSE:
        _CLOSE[tag](canon)
    elif tag == "tr":
        canon.close_row(node)
    elif tag in {"a", "sup"}:
        words = canon.close_span()
        if words is not None:
            canon.add_literal(_linked(node, words) if tag == "a" else _superscript(node, words))


def _is_row(node: Any) -> bool:
    """Tell a row of a table from a row that only lays out a page: several cells, and no blocks of text in them."""
    cells = sum(child.tag in _CELLS for child in node)
    if cells < 2 or next(node.iter("blockquote", "pre", "table"), None) is not None:
        return False
    return not any(_QUOTE_BOXES & _classes(child) for child in node)


def _linked(node: Any, words: str) -> str:
    address = node.get("href") or ""
    if _classes(node) & _NO_LINKS and not address.strip().startswith("#"):
        return words
    return _link(address, words)


def _link(address: str, words: str) -> str:
    address = re.sub(r"\s", "%20", address.strip())
    said = words.strip()
    if address.startswith("#"):
        return "" if said in _BACK_LINKS else words
    known = re.match(r"(?:https?|ftp)://.|mailto:.|/.", address, re.IGNORECASE)
    if not said or not known or "\n" in said:
        return words
    if said == address.removeprefix("mailto:"):
        return words
    if re.match("https?://", said):
        # Forums shorten long addresses in the words of a link.
        return words.replace(said, address, 1)
    if set("()") & set(re.sub(r"\([^()]*\)", "", address)):
        address = address.replace("(", "%28").replace(")", "%29")
    # Words in brackets would end the link early.
    link = f"{said} ({address})" if "[" in said or "]" in said else f"[{said}]({address})"
    return words.replace(said, link, 1)


def _superscript(node: Any, words: str) -> str:
    said = words.strip()
    inner = next(iter(node), None)
    if inner is not None and inner.tag == "a" and (inner.get("href") or "").startswith("#") and said.isdigit():
        return f"[{said}]"
    return f"^{said}" if _EXPONENT.fullmatch(said) else words


# Levels of quotes and lists that markdown-it goes down, by recursion; deeper text is taken line by line.
_NESTING = 60
# markdown-it's time grows with the square of the open brackets; 2,000 take a tenth of a second.
_MAX_BRACKETS = 2000

_SPOILER = re.compile(r">!(?=\S)((?:(?!\n[ \t]*\n|>!).)+?)!<", re.DOTALL)
_SPOILER_LINE = re.compile(r"^([ \t]{0,3})>!", re.MULTILINE)
_QUOTED_LINE = re.compile(r"[ \t]{0,3}>[> \t]*")


@cache
def _markdown(*, html: bool) -> MarkdownIt:
    options = {"maxNesting": _NESTING, "html": html}
    return MarkdownIt("commonmark", options).enable(["table", "strikethrough"])


def from_markdown(text: str, *, html: bool = False) -> str:
    r"""Turn Markdown into canonical text; never raises. `html`: tags in it are markup, not words.

    Reddit's ``>!spoiler!<`` and LessWrong's ``>! spoiler`` are prose, not quotes.

    >>> from_markdown("> It is *safe*.\nreally\n\n>!No.!<\n* one\n* two")
    '> It is safe. really\n\nNo.\n\n- one\n- two'
    """
    text = clean(text)
    short = plain(text)
    short = simple(text, _link) if short is None else short
    if short is not None:
        return mended(short)
    if ">!" in text:
        text = _SPOILER_LINE.sub(r"\1", _SPOILER.sub(r"\1", text))
    if text.count("[") > _MAX_BRACKETS:
        return _literal(text)
    markdown = _markdown(html=html)
    tokens = markdown.parse(text)
    if any(token.level >= _NESTING - 1 for token in tokens):
        return _literal(text)
    return from_html(markdown.renderer.render(tokens, markdown.options, {}))


def _literal(text: str) -> str:
    """Read text as nothing but paragraphs and quoted lines."""
    canon = Canon()
    for paragraph in re.split(r"\n[^\S\n]*(?:\n|$)", text):
        for line in paragraph.split("\n"):
            mark = _QUOTED_LINE.match(line)
            depth = mark.group().count(">") if mark else 0
            canon.quote_at(depth)
            canon.add(line[mark.end() :] if mark else line)
            canon.line_break()
        canon.flush()
    canon.quote_at(0)
    return canon.text()
