"""Many bodies in Markdown at once: most are canonical text already, and need not be read by Python."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from threadkit.base.keys import letters
from threadkit.readers.plain_markdown import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

# The kinds of bytes. What stands for itself in a line; what may also begin one; a digit may begin one, or a list.
_OTHER, _INSIDE, _BEGINS, _DIGIT, _BLANK, _LINE = range(6)
_KINDS = bytearray(256)
for _signs, _kind in (
    (b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.,;!?'\"()/%$@^{}", _BEGINS),
    (b":=+-", _INSIDE),
    (b"0123456789", _DIGIT),
    (b" ", _BLANK),
    (b"\n", _LINE),
):
    for _sign in _signs:
        _KINDS[_sign] = _kind


def unlike(bodies: pa.Array) -> dict[int, str | None]:
    r"""Return what `body.from_markdown` makes of the bodies that are not what it makes of them; none is null.

    Most of what people write is: paragraphs of one line each without any markup, parted by one blank line. Of a body
    that holds more than paragraphs, or may do so, None is returned.

    >>> unlike(pa.array(["Tea.\n\nNo.", "*Tea*", "Tea\nno", "2 cups", "2. cups", " a", "a ", "a  b", None]))
    {1: None, 2: 'Tea no', 4: None, 5: None, 6: 'a', 7: 'a b'}
    """
    bodies = pc.fill_null(bodies, "") if bodies.null_count else bodies
    data, starts, stops = letters(bodies)
    kinds = np.frombuffer(data.translate(bytes(_KINDS)), dtype=np.uint8)
    filled = np.flatnonzero(stops > starts)
    first, last = kinds[starts[filled]], kinds[stops[filled] - 1]
    odd = np.zeros(len(starts), dtype=bool)
    odd[filled] = (first != _BEGINS) | (last == _BLANK) | (last == _LINE)
    blank = kinds == _BLANK
    bad = kinds == _OTHER
    bad[1:] |= blank[1:] & blank[:-1]
    lines = np.flatnonzero(kinds == _LINE)
    # At the ends of the data there is no neighbour, and a line's end there was told above.
    inner = lines[(lines > 0) & (lines < len(kinds) - 1)]
    before, after = kinds[inner - 1], kinds[inner + 1]
    fine = ((before == _LINE) & (after == _BEGINS)) | ((after == _LINE) & (before != _LINE) & (before != _BLANK))
    wrong = np.concatenate([np.flatnonzero(bad), inner[~fine]])
    odd[np.searchsorted(starts, wrong, side="right") - 1] = True
    again = np.flatnonzero(odd)
    held = bodies.take(pa.array(again)).to_pylist()
    told = ((n, body, plain(body)) for n, body in zip(again.tolist(), held, strict=True))
    return {n: read for n, body, read in told if read != body}


def put(column: pa.Array, values: Mapping[int, str]) -> pa.Array:
    """Return a column with other values at some places.

    >>> put(pa.array(["a", "b", "c"]), {1: "x"}).to_pylist()
    ['a', 'x', 'c']
    """
    if not values:
        return column
    mask = np.zeros(len(column), dtype=bool)
    mask[list(values)] = True
    return pc.replace_with_mask(column, pa.array(mask), pa.array([values[n] for n in sorted(values)], pa.string()))
