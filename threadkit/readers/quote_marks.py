"""Quotes that are typed as words: tags of bulletin boards, and the line of a mail that says whom it quotes."""

from __future__ import annotations

import re

# A line that begins or ends code.
FENCE = re.compile(r"(?<![ >\t])[ >\t]*+(`{3,}|~{3,})")
# phpBB's dumps number each pair ([quote:1a2b3c]), SMF writes fields of its own behind a blank.
_TAG = re.compile(r"(\[quote(?:[=: ][^\]\n]*)?\]|\[/quote(?::[^\]\n]*)?\])", re.IGNORECASE)
_CLOSED = re.compile(r"\[/quote", re.IGNORECASE)
# What mail programs write before a quote: a day, who wrote, a colon.
_ATTRIBUTION = re.compile(
    r"(?=.{0,60}\d)(?:On|Am|Le|El|Il|Op|Den|Em)\b.{6,}"
    r"\b(?:wrote|writes|schrieb|a écrit|escribió|ha scritto|schreef|skrev|escreveu)\b.{0,80}:",
    re.DOTALL,
)
_ATTRIBUTION_CHARACTERS = 250
_MARKS = re.compile(r">* ?")


def mended(text: str) -> str:
    r"""Return canonical text with its typed quotes marked, and without the lines that mail programs put before quotes.

    >>> mended("On Mon, 3 May 2021 at 10:00, Ana <ana@example.org> wrote:\n\n> Tea is safe.\n\nNo.")
    '> Tea is safe.\n\nNo.'
    """
    text = marked(text) if "[/" in text else text
    return _without_attributions(text) if ":\n" in text and ">" in text else text


def marked(text: str) -> str:
    r"""Mark what stands between the quote tags of bulletin boards; only quotes that end count.

    >>> marked("[quote=ana]Tea is\nsafe.[/quote] No."), marked("[quote][quote]One.[/quote]Two.[/quote]")
    ('> Tea is\n> safe.\n\nNo.', '>> One.\n\n> Two.')
    """
    if not _CLOSED.search(text):
        return text
    lines = lines_in_quotes(text.split("\n"))
    if not any(depth for _, depth in lines):
        return text
    written: list[str] = []
    fence = False
    for line, depth in lines:
        is_fence = FENCE.match(line) is not None
        fence ^= is_fence
        # Canonical text has no code within quotes, and one blank line between paragraphs.
        if (depth and is_fence) or (not line and not fence and (not written or not written[-1])):
            continue
        if depth and line.strip():
            said = line.strip()
            line = ">" * depth + (said if said.startswith(">") else f" {said}")
        elif not fence and written and not written[-1]:
            line = line.lstrip()
        written.append(line)
    return "\n".join(written).strip("\n")


def lines_in_quotes(lines: list[str]) -> list[tuple[str, int]]:
    """Return every line with the number of quotes it stands in, a blank one where a quote begins or ends."""
    parts: list[str] = []
    fence = ""
    for line in lines:
        mark = FENCE.match(line)
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        parts += [line] if fence or mark or not line else filter(None, _TAG.split(line))
    ends = _ends(parts)
    depth = 0
    kept = []
    for n, part in enumerate(parts):
        if n in ends:
            # A blank line ends the quote, and the paragraph before it.
            kept.append(("", min(depth, depth + ends[n])))
            depth += ends[n]
        else:
            kept.append((part, depth))
    return kept


def _ends(parts: list[str]) -> dict[int, int]:
    """Return which parts begin (+1) or end (-1) a quote that has both."""
    open_: list[int] = []
    ends = {}
    for n, part in enumerate(parts):
        if not _TAG.fullmatch(part):
            continue
        if not part.startswith("[/"):
            open_.append(n)
        elif open_:
            ends[open_.pop()], ends[n] = 1, -1
    return ends


def _without_attributions(text: str) -> str:
    blocks = text.split("\n\n")
    kept = []
    in_code = False
    for block, below in zip(blocks, [*blocks[1:], ""], strict=True):
        in_code ^= block.count("```") % 2 == 1
        if in_code or _depth(below) <= _depth(block) or not _is_attribution(block):
            kept.append(block)
    return "\n\n".join(kept)


def _depth(block: str) -> int:
    return len(block) - len(block.lstrip(">"))


def _is_attribution(block: str) -> bool:
    if len(block) > _ATTRIBUTION_CHARACTERS or not block.endswith(":"):
        return False
    said = " ".join(line[_MARKS.match(line).end() :].strip() for line in block.split("\n"))  # type: ignore[union-attr]
    return _ATTRIBUTION.fullmatch(said) is not None
