"""The body of an e-mail as canonical text: ``>`` quotes told apart, wrapped lines joined, signature cut."""

from __future__ import annotations

import re
from email.message import Message
from typing import NamedTuple

from threadkit.base.text import clean
from threadkit.readers.body import from_html
from threadkit.readers.canon import Canon
from threadkit.readers.decode import as_text

_MARKS = re.compile(r" ?>(?: ?>)*")
_SIGNATURE = re.compile(r"--\s*$")
_FOOTER = re.compile(r"_{20,}$")
# Lines that a signature or a mailing list's footer may have; more are a part of the letter.
_SIGNATURE_LINES = 15
_ORIGINAL = re.compile(
    r"-{3,} ?(?:Original Message|Forwarded message|Ursprüngliche Nachricht|Message d'origine) ?-{3,}"
)
# What mail programs write before a quote: the words end in a colon and tell who wrote, or when.
_ATTRIBUTION = re.compile(
    r"^(?:On\b.{6,}|.*\b(?:wrote|writes|said|schrieb|escribió|a écrit|ha scritto|skrev|schreef)\b.{0,80}):$", re.DOTALL
)
_ATTRIBUTION_CHARACTERS = 250
# A line at least this long (of the usual 72) was ended by the mail program, a shorter one by the writer.
_WRAPPED = 50
_NEW_LINE = re.compile(r"\s|[-*+•] |\(?\w{1,2}[.)] |\|")


class _Paragraph(NamedTuple):
    depth: int
    lines: list[str]


def body(message: Message) -> str:
    """Return what the writer wrote, as canonical text: the plain part of a mail, or else its HTML."""
    plain = [part for part in _inline(message) if part.get_content_type() == "text/plain"]
    if plain:
        return canonical("\n\n".join(map(_decoded, plain)), flowed=_is_flowed(plain[0]))
    rich = [part for part in _inline(message) if part.get_content_type() == "text/html"]
    return from_html("\n".join(map(_decoded, rich)))


def _inline(message: Message) -> list[Message]:
    """Return the parts that the writer wrote, without recursion: no attachment, and no mail within the mail."""
    parts: list[Message] = []
    stack = [message]
    while stack:
        part = stack.pop()
        held = part.get_payload()
        if part.get_content_maintype() == "message":
            continue
        if part.is_multipart() and isinstance(held, list):
            stack += [inner for inner in reversed(held) if isinstance(inner, Message)]
        elif part.get_content_disposition() != "attachment" and not part.get_filename():
            parts.append(part)
    return parts


def _is_flowed(part: Message) -> bool:
    return str(part.get_param("format", "")).lower() == "flowed"


def _decoded(part: Message) -> str:
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    try:
        return clean(data.decode(part.get_content_charset("utf-8")))
    except (LookupError, ValueError):
        return clean(as_text(data)[0])


def canonical(text: str, *, flowed: bool = False) -> str:
    r"""Turn a plain mail into canonical text. `flowed`: a line that ends in a blank goes on in the next one.

    >>> canonical("On 3 May, Ana wrote:\n> It is\n> > No.\n> safe.\nNever.\n\n-- \nBo")
    '> It is\n\n>> No.\n\n> safe.\n\nNever.'
    """
    paragraphs = _paragraphs(_letter(text.split("\n")), flowed=flowed)
    canon = Canon()
    for n, paragraph in enumerate(paragraphs):
        below = paragraphs[n + 1].depth if n + 1 < len(paragraphs) else 0
        if below > paragraph.depth and _is_attribution(paragraph.lines):
            continue
        canon.quote_at(paragraph.depth)
        for before, line in zip(["", *paragraph.lines], paragraph.lines, strict=False):
            if before and _breaks(before, line, flowed=flowed):
                canon.line_break()
            canon.add(" " + line)
        canon.flush()
    canon.quote_at(0)
    return canon.text()


def _letter(lines: list[str]) -> list[str]:
    """Cut signature and footer off, and quote what a mail program appended without marks."""
    for n in range(len(lines) - 1, -1, -1):
        if (_SIGNATURE.match(lines[n]) or _FOOTER.match(lines[n])) and len(lines) - n <= _SIGNATURE_LINES:
            lines = lines[:n]
    appended = next((n for n, line in enumerate(lines) if _ORIGINAL.match(line)), None)
    if appended is None:
        return lines
    return [*lines[:appended], *("> " + line for line in lines[appended + 1 :])]


def _paragraphs(lines: list[str], *, flowed: bool) -> list[_Paragraph]:
    paragraphs: list[_Paragraph] = []
    open_, before = False, 0
    for line in lines:
        mark = None if _escaped(line, before) else _MARKS.match(line)
        depth = mark.group().count(">") if mark else 0
        words = line[mark.end() :] if mark else line.removeprefix(">")
        words = words.removeprefix(" ") if mark or flowed else words
        if not words.strip():
            open_ = False
        elif open_ and paragraphs[-1].depth == depth:
            paragraphs[-1].lines.append(words)
        else:
            paragraphs.append(_Paragraph(depth, [words]))
            open_ = True
        before = depth
    return paragraphs


def _escaped(line: str, before: int) -> bool:
    """Tell a quote from a line that begins with "From ", before which mail archives put the same mark."""
    return line.startswith(">From ") and not before


def _is_attribution(lines: list[str]) -> bool:
    said = " ".join(line.strip() for line in lines)
    return len(said) <= _ATTRIBUTION_CHARACTERS and _ATTRIBUTION.match(said) is not None


def _breaks(before: str, line: str, *, flowed: bool) -> bool:
    """Tell whether the writer, and not the mail program, began a new line."""
    if flowed:
        return not before.endswith(" ")
    return len(before.rstrip()) < _WRAPPED or _NEW_LINE.match(line) is not None
