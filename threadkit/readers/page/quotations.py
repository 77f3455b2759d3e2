"""Quotations whose mark is lost: paragraphs of the comments that repeat earlier paragraphs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from threadkit.base.passages import Passages
from threadkit.readers.page.layout import like_heading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from threadkit.readers.page.paragraphs import Paragraph


class Source(NamedTuple):
    """The earlier paragraph that a paragraph repeats."""

    in_post: bool
    place: int
    """Which paragraph of the post, or of the comments."""


def sources(body: Sequence[Paragraph], parts: Sequence[Paragraph]) -> list[Source | None]:
    """Find, for each paragraph of the comments, the earlier paragraph that it repeats.

    Short headings of the post count where they stand again as a whole line.
    """
    texts = [part.text for part in [*body, *parts]]
    passages = Passages([(str(n), text) for n, text in enumerate(texts)])
    headings = [str(n) for n, part in enumerate(body) if not part.item and like_heading(part.text)]
    found: list[Source | None] = []
    for n, text in enumerate(texts[len(body) :], len(body)):
        # The earliest holder is the one who said it; all that came later quote it.
        hit = passages.repeats(text, before=str(n)) or passages.repeats(text, headings, short=True)
        place = int(hit[0]) if hit else -1
        found.append(
            None if place < 0 else Source(place < len(body), place if place < len(body) else place - len(body))
        )
    return found


def quoted(parts: Sequence[Paragraph], found: Sequence[Source | None]) -> list[bool]:
    """Tell which paragraphs are quotations: marked as such, repeating earlier words, or an elision between two."""
    marks = [part.marked or source is not None for part, source in zip(parts, found, strict=True)]
    for i in range(1, len(parts) - 1):
        marks[i] = marks[i] or (parts[i].elided and marks[i - 1] and marks[i + 1])
    return marks
