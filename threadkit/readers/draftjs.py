"""Draft.js, the editor of old LessWrong: its blocks as HTML, which is then read like any other."""

from __future__ import annotations

from html import escape
from typing import Any

from threadkit.readers.decode import peek
from threadkit.readers.values import string

_TAGS = {
    "blockquote": "blockquote",
    "code-block": "pre",
    "unordered-list-item": "li",
    "ordered-list-item": "li",
    "header-one": "h1",
    "header-two": "h2",
    "header-three": "h3",
}
_LISTS = {"unordered-list-item": "ul", "ordered-list-item": "ol"}


def from_draft(data: Any) -> str | None:
    """Return a Draft.js document (or the JSON of one) as HTML, without links and emphasis; None where it is none.

    >>> from_draft({"blocks": [{"text": "a < b", "type": "blockquote"}, {"text": "No.", "type": "unstyled"}]})
    '<blockquote>a &lt; b</blockquote><p>No.</p>'
    >>> from_draft({"blocks": [{"text": "one", "type": "ordered-list-item"}]}), from_draft("x")
    ('<ol><li>one</li></ol>', None)
    """
    if isinstance(data, str):
        data = peek(data)
    blocks = data.get("blocks") if isinstance(data, dict) else None
    if not isinstance(blocks, list):
        return None
    html, inside = "", ""
    for block in blocks:
        if not isinstance(block, dict):
            continue
        kind = string(block.get("type")) or ""
        around = _LISTS.get(kind, "")
        if around != inside:
            html += (f"</{inside}>" if inside else "") + (f"<{around}>" if around else "")
            inside = around
        tag = _TAGS.get(kind, "p")
        html += f"<{tag}>{escape(string(block.get('text')) or '', quote=False)}</{tag}>"
    return html + (f"</{inside}>" if inside else "")
