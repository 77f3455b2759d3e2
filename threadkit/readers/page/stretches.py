"""The comments of a page, parted wherever the page itself says that one begins or ends."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from threadkit.readers.page.headers import Header, read_header
from threadkit.readers.page.layout import fold_notes
from threadkit.readers.page.paragraphs import Paragraph, hard_wrapped, paragraph, paragraphs, squeezed

if TYPE_CHECKING:
    from collections.abc import Sequence

# The two paragraphs of the box that LessWrong's review posts as a comment, by their first words.
_BOX = (
    re.compile(r"^The LessWrong Review runs every year"),
    re.compile(r"^Hopefully, the review is better than karma"),
)
_BOX_YEAR = re.compile(r"end of (20\d\d)")
# The review box is posted in the year before the one it names; agreement votes came in mid-2022.
_TWO_AXES_FROM = 2023
_REPLY = re.compile(r"^Reply\d*$")
_DIGITS = re.compile(r"^\d+$")
_DECORATION = re.compile(
    r"^(?:Pinned by \S.{0,40}|Moderator Comment|(?:Nomination|Review) for 20\d\d Review|Show more|Load more.*"
    r"|\(?(?:Read|Continue) more\)?|Reason: .*|Deleted by \S.{0,60})$",
    re.IGNORECASE,
)


@dataclass
class Stretch:
    """Paragraphs from one certain beginning of a comment to the next."""

    line: int
    """Where it begins on the page."""
    header: Header | None = None
    bot: bool = False
    """The review's box."""
    closed: bool = False
    """Whether the page says where its comment ends."""
    parts: list[Paragraph] = field(default_factory=list)

    @property
    def one_comment(self) -> bool:
        """Whether the page says that this is one comment and no more."""
        return self.closed or self.bot or bool(self.header and self.header.collapsed)


def stretches(lines: Sequence[str], comments_at: int, authors: frozenset[str] = frozenset()) -> list[Stretch]:
    """Part the lines from `comments_at` on; `authors` are names known from elsewhere on the page."""
    names = authors | _named(lines, comments_at)
    wrapped = hard_wrapped(lines)
    found: list[Stretch] = []
    run: list[int] = []
    at = comments_at - 1

    def flush() -> None:
        if not run:
            return
        read = fold_notes(paragraphs(lines[run[0] : run[-1] + 1], run[0] + 1, wrapped=wrapped), lines)
        for part in read:
            _add(found, part)
        run.clear()

    while at < len(lines):
        line = squeezed(lines[at])
        header = read_header(lines, at) if line else None
        if header and (header.sure or header.names[0][0] in names):
            flush()
            found.append(Stretch(at + 1, header))
            if header.body:
                _add(found, paragraph(header.body, at + header.n_lines))
            at += header.n_lines
        elif _REPLY.match(line):
            flush()
            if found:
                found[-1].closed = True
            at += 2 if at + 1 < len(lines) and _DIGITS.match(squeezed(lines[at + 1])) else 1
        elif _DECORATION.match(line):
            flush()
            at += 1
        else:
            if line or run:
                run.append(at)
            at += 1
    flush()
    return [stretch for stretch in found if stretch.parts or stretch.header]


def _named(lines: Sequence[str], comments_at: int) -> frozenset[str]:
    """Return the names in sure headers."""
    headers = (read_header(lines, at) for at in range(comments_at - 1, len(lines)) if squeezed(lines[at]))
    return frozenset(name for header in headers if header and header.sure for name, _ in header.names)


def _add(found: list[Stretch], part: Paragraph) -> None:
    """Put a paragraph into the stretch it belongs to."""
    last = found[-1] if found else None
    if _BOX[0].match(part.text) and not (last and last.header and not last.parts):
        found.append(Stretch(part.line, bot=True, parts=[part]))
    elif last is None or _full(last, part):
        found.append(Stretch(part.line, parts=[part]))
    else:
        if _BOX[0].match(part.text):
            last.bot = True
        last.parts.append(part)


def _full(stretch: Stretch, part: Paragraph) -> bool:
    """Tell whether a stretch ended before this paragraph."""
    if stretch.bot:
        return not _BOX[1].match(part.text) or len(stretch.parts) != 1
    collapsed = bool(stretch.header and stretch.header.collapsed)
    return stretch.closed or (collapsed and bool(stretch.parts))


def give_back(found: Sequence[Stretch]) -> None:
    """Return to bodies the first word that was taken for a second score, where headers have only one."""
    for stretch in found:
        scores = stretch.header.scores if stretch.header and stretch.header.spare and stretch.parts else ()
        if len(scores) > 1 + any(af for af, _ in scores):
            stretch.parts[0] = replace(stretch.parts[0], text=f"{scores[-1][1]} {stretch.parts[0].text}")


def two_axes(found: Sequence[Stretch]) -> bool | None:
    """Tell whether comments have an agreement score, as far as the review's box dates the page."""
    for stretch in found:
        year = _BOX_YEAR.search(stretch.parts[0].text) if stretch.bot and stretch.parts else None
        if year:
            return int(year.group(1)) - 1 >= _TWO_AXES_FROM
    return None
