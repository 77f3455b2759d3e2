"""Canonical text → a few blocks and pieces that a page can draw safely: prose, quotes, code, links."""

from __future__ import annotations

import re
from itertools import groupby
from typing import NamedTuple

from threadkit.base.text import plain, printable, shorten
from threadkit.report.show import address

# Where one block of a passage is longer than this, the rest is left to the original (characters).
BLOCK_LIMIT = 600

_LINK = re.compile(
    r"!?\[(?P<words>[^\[\]]*)\]\((?P<target>(?:[^()\s]|\([^()\s]*\))*)\)|(?P<bare>https?://[^\s<>()\[\]]*[^\s<>()\[\].,;:!?'\"])"
)
# `printable` drops the private-use characters, so that these two can mark a link's words while `plain` works.
_OPEN, _CLOSE = "\ue000", "\ue001"
_MARKED = re.compile(f"({_OPEN}[^{_CLOSE}]*{_CLOSE}?)")
_FENCE = "```"


class Piece(NamedTuple):
    """Words, and the address they link to, if one."""

    text: str
    href: str | None = None


class Block(NamedTuple):
    """A paragraph: its kind (prose, quote or code) and its pieces."""

    kind: str
    pieces: tuple[Piece, ...]


def passage(text: str, limit: int = BLOCK_LIMIT) -> tuple[Block, ...]:
    r"""Part canonical text into blocks, each of at most `limit` characters.

    >>> [(block.kind, block.pieces[0].text) for block in passage("> you said\n\nNo, *never*.")]
    [('quote', 'you said'), ('prose', 'No, never.')]
    """
    blocks = []
    for kind, body in _paragraphs(printable(text)):
        pieces = (Piece(shorten(body, limit)),) if kind == "code" else _pieces(body, limit)
        if any(piece.text.strip() for piece in pieces):
            blocks.append(Block(kind, pieces))
    return tuple(blocks)


def _paragraphs(text: str) -> list[tuple[str, str]]:
    """Return (kind, text) of each run of lines of one kind, blank lines parting them."""
    kinds, code = [], False
    for row in text.split("\n"):
        if row.strip().startswith(_FENCE):
            code = not code
            kinds.append(("", ""))
        elif code:
            kinds.append(("code", row))
        elif row.startswith(">"):
            kinds.append(("quote", row.lstrip("> ")))
        else:
            kinds.append(("prose" if row.strip() else "", row))
    runs = groupby(kinds, key=lambda pair: pair[0])
    return [(kind, "\n".join(row for _, row in rows)) for kind, rows in runs if kind]


def _pieces(text: str, limit: int) -> tuple[Piece, ...]:
    """Return prose as pieces, link words apart from the rest, emphasis marks gone."""
    targets: list[str | None] = []

    def mark(match: re.Match[str]) -> str:
        target = match["bare"] or match["target"]
        targets.append(address(target))
        return f"{_OPEN}{match['words'] or target}{_CLOSE}"

    marked = shorten(plain(_LINK.sub(mark, text)), limit)
    links = iter(targets)
    return tuple(
        Piece(part.strip(_OPEN + _CLOSE), next(links)) if part.startswith(_OPEN) else Piece(part)
        for part in _MARKED.split(marked)
        if part
    )
