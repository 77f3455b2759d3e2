"""What of a hostile text is live in something that threadkit wrote: empty where all of it is only words.

Each function takes what was written and returns what is wrong in a few words. What a forum may do is name an address
(http or https) that becomes a link; nothing else of it may mean anything to a browser, a Markdown reader, a
spreadsheet or a terminal.
"""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

from lxml import html
from markdown_it import MarkdownIt

import threadkit.report
from threadkit.report.page import views_script
from threadkit.report.sheets import FORMULA

if TYPE_CHECKING:
    from collections.abc import Iterable

TEMPLATES = Path(threadkit.report.__file__).parent / "templates"
# Elements that our templates open, and those that a parser adds.
_SOURCES = "".join(file.read_text(encoding="utf-8") for file in sorted(TEMPLATES.glob("*.html.j2")))
ELEMENTS = {name.lower() for name in re.findall(r"<([a-zA-Z]\w*)", _SOURCES)}
ELEMENTS |= {"html", "head", "body", "tbody", "p", "code", "pre", "blockquote"}
_HARMFUL = re.compile(r"on.*|style|src|srcdoc|srcset|formaction|action|background|ping|xlink:href")
_LINK = re.compile(r"https?://[^/\s]|#|data:,$")
# What rich writes to a terminal: colours, and links whose address is one of the web.
_RICH = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;(?:id=\d+)?;(?:https?://[^\x00-\x20\x7f-\x9f]*)?\x1b\\")
_MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
_MARKUP = {"html_inline", "html_block", "image", "s_open", "fence", "code_block"}


def controls(text: str) -> str:
    """Name control, bidirectional and other invisible characters; line ends, tabs and joiners are none."""
    if text.isascii() and text.replace("\n", "").replace("\t", "").isprintable():
        return ""
    odd = {c for c in text if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co"}} - {"\n", "\t", "\u200d"}
    return f"control characters {sorted(map(ascii, odd))[:4]}" if odd else ""


class _Second(HTMLParser):
    """Another reader of HTML, which forgives other things than lxml does."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += _wrong(tag, dict(attrs))

    handle_startendtag = handle_starttag


def _wrong(tag: str, attributes: dict[str, str | None]) -> Iterable[str]:
    if tag not in ELEMENTS:
        yield f"an element <{tag}>"
    for name, text in attributes.items():
        # A style that a template writes out is ours; none of them holds anything else.
        if _HARMFUL.fullmatch(name) and f'{name}="{text}"' not in _SOURCES:
            yield f"an attribute {name} of <{tag}>"
        if name == "href" and not _LINK.match(text or ""):
            yield f"a link to {text!r}"


def live_html(text: str, scripts: int = 2) -> str:
    """Judge a page: elements and attributes that are not ours, addresses that run, scripts that are not our two."""
    tree = html.document_fromstring(text)
    elements = [element for element in tree.iter() if isinstance(element.tag, str)]
    wrong = [each for element in elements for each in _wrong(element.tag, dict(element.attrib))]
    second = _Second()
    second.feed(text)
    found = tree.xpath("//script")
    if len(found) not in {0, scripts}:
        wrong.append(f"{len(found)} scripts")
    elif found:
        json.loads(found[0].text)
        if found[1].text != str(views_script()):
            wrong.append("another script than ours")
    # The data of the page's own script is JSON in ASCII or plain text; the script sets it as text.
    return "; ".join([*wrong, *second.found][:3]) or controls(text)


def headings(text: str) -> Counter[str]:
    """Count the headings and rules of a Markdown text."""
    return Counter(token.tag for token in _MARKDOWN.parse(text) if token.type in {"heading_open", "hr"})


def live_markdown(text: str, expected: Counter[str]) -> str:
    """Judge a Markdown text: markup that is not ours, and other headings and rules than `expected`."""
    tokens = [part for token in _MARKDOWN.parse(text) for part in (token, *(token.children or []))]
    wrong = [f"markup {token.type}: {token.content[:60]!r}" for token in tokens if token.type in _MARKUP]
    links = [str(token.attrs["href"]) for token in tokens if token.type == "link_open"]
    wrong += [f"a link to {link!r}" for link in links if not _LINK.match(link)]
    if headings(text) != expected:
        wrong.append(f"headings {dict(headings(text))} for {dict(expected)}")
    return "; ".join(wrong[:3]) or controls(text)


def live_csv(text: str) -> str:
    """Judge a CSV file: cells that a spreadsheet takes for a formula, rows of another length."""
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    for row in rows:
        if len(row) != len(rows[0]):
            return f"a row of {len(row)} cells for {len(rows[0])}"
        for cell in row:
            if cell.startswith(FORMULA) and not re.fullmatch(r"-?\d[\d.e+-]*", cell):
                return f"a formula {cell[:60]!r}"
    return controls(text.removeprefix("\ufeff"))


def live_xlsx(data: bytes) -> str:
    """Judge a workbook: formulas, and links that lead elsewhere than to the web."""
    from openpyxl import load_workbook

    for sheet in load_workbook(io.BytesIO(data)):
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    return f"a formula {cell.value!r}"
                if cell.hyperlink and not _LINK.match(cell.hyperlink.target or ""):
                    return f"a link to {cell.hyperlink.target!r}"
    return ""


def live_json(data: bytes) -> str:
    """Judge JSON: it is whole, and none of its texts holds a control character."""

    def held(value: object) -> Iterable[str]:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            for key, inner in value.items():
                yield from held(key)
                yield from held(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from held(inner)

    return next(filter(None, map(controls, held(json.loads(data)))), "")


def live_terminal(text: str) -> str:
    """Judge what goes to a terminal: nothing but colours and links of ours."""
    return controls(_RICH.sub("", text))
