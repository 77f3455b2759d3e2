"""Elements of an XML export one by one, whatever its size and state.

Nothing outside the file is fetched, no entity is expanded, and damage becomes a row in problems: what
stands around it is yielded.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Any

from lxml import etree

from threadkit.base.errors import FormatError
from threadkit.readers.unpack import open_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path
    from typing import BinaryIO

    from threadkit.readers.draft import Draft

# Control characters by their number, which XML forbids: the parser would drop the whole attribute that holds one.
_FORBIDDEN = re.compile(rb"&#(?:x0*(?:1?[0-8bBcCeEfF]|1[9aAdD])|0*(?:[0-8]|1[124-9]|2\d|3[01]));")
# Bytes parsed at once.
_CHUNK = 2**20
_BOMS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# A document type that declares entities: exports have none, attacks do.
_ENTITIES = re.compile(
    rb"[^<]*(?:<[?](?:(?![?]>).)*+[?]>\s*|<!--(?:(?!-->).)*+-->\s*)*+<!DOCTYPE[^<>\[]*\[.*?<!ENTITY", re.DOTALL
)


def unchanged(data: bytes) -> bytes:
    """Return the bytes as they are."""
    return data


def elements(
    path: Path, draft: Draft, tags: Collection[str], mend: Callable[[bytes], bytes] = unchanged
) -> Iterator[Any]:
    """Yield each element of these names (without namespace) once it is whole; it is emptied afterwards.

    One that stands in another of them is a field of that one, and is not yielded.

    `mend` may correct each piece of the file before it is parsed; a piece ends behind a ``>``. Raises
    FormatError where the file declares entities of its own.
    """
    parser = etree.XMLPullParser(
        events=("end",),
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    with open_bytes(path) as file:
        for n, piece in enumerate(_pieces(file)):
            piece = mend(_begin(piece, path, draft) if n == 0 else piece)
            parser.feed(_FORBIDDEN.sub(b"", piece) if b"&#" in piece else piece)
            yield from _whole(parser, tags)
    _close(parser)
    yield from _whole(parser, tags)
    _tell(parser, draft)


def local(element: Any) -> str:
    """Return an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    rest = b""
    while data := file.read(_CHUNK):
        data = rest + data
        stop = data.rfind(b">") + 1 or len(data)
        yield data[:stop]
        rest = data[stop:]
    if rest:
        yield rest


def _begin(piece: bytes, path: Path, draft: Draft) -> bytes:
    if _ENTITIES.match(piece):
        raise FormatError(
            f"{path.name}: it declares XML entities, which no export does: they can fill the memory or ask for other"
            " files; take it out"
        )
    at = piece.find(b"<")
    if at <= 0 or piece.startswith(_BOMS):
        return piece
    if piece[:at].strip():
        draft.problem(f"{piece[:20]!r} stands before the XML begins", "it was passed over", severity="info")
    return piece[at:]


def _whole(parser: Any, tags: Collection[str]) -> Iterator[Any]:
    """Yield the wanted elements that have ended, but those that are fields of another; free what stood before them."""
    for _, element in parser.read_events():
        parent = element.getparent()
        inside = parent is not None and local(parent) in tags
        # Of one name inside each other they stand where damage hid an end.
        if local(element) not in tags or (inside and local(parent) != local(element)):
            continue
        yield element
        element.clear()
        while parent is not None and not inside and element.getprevious() is not None:
            del parent[0]


def _close(parser: Any) -> None:
    try:
        parser.close()
    except etree.XMLSyntaxError:
        # What is wrong stands in the log.
        return


def _tell(parser: Any, draft: Draft) -> None:
    log = list(parser.feed_error_log)
    if not log:
        return
    first = log[0]
    more = f", and {len(log) - 1:,} more" if len(log) > 1 else ""
    draft.problem(
        f"the XML is damaged or cut off: {first.message}{more}",
        "what stands around the damage was read; export it again",
        place=f"line {first.line}",
        severity="error",
    )
