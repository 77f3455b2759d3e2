"""Many ids at once: told apart, and found among others, by 64 bits for each."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa

# Bytes of an id that are mixed in at once; of the last ones only those that are the id's.
_WORD = 8
_INSIDE = np.array([2 ** (8 * n) - 1 for n in range(_WORD + 1)], dtype=np.uint64)
# 2^64 divided by the golden ratio, odd: Knuth's multiplicative hashing.
_MIX = np.uint64(0x9E3779B97F4A7C15)


class Letters(NamedTuple):
    """The bytes of all texts of a column one after another, and where each begins and ends."""

    data: bytes
    starts: np.ndarray
    stops: np.ndarray

    def signs(self) -> np.ndarray:
        """Return the bytes as numbers (n,) uint8."""
        return np.frombuffer(self.data, dtype=np.uint8)


def letters(column: pa.Array) -> Letters:
    """Return the bytes of a column of texts; a null has none."""
    _, places, data = column.buffers()
    kind = np.int64 if pa.types.is_large_string(column.type) else np.int32
    offsets = np.frombuffer(places, dtype=kind)[column.offset : column.offset + len(column) + 1].astype(np.int64)
    first, last = int(offsets[0]), int(offsets[-1])
    held = b"" if data is None else data.slice(first, last - first).to_pybytes()
    offsets -= first
    return Letters(held, offsets[:-1], offsets[1:])


def hashes(ids: pa.Array) -> np.ndarray:
    """Return 64 bits for each id, (n,) uint64: equal ids have equal ones, others hardly ever, and short ones never.

    Eight bytes at a time are mixed in; each step can be undone, so that ids of at most eight bytes are told apart.

    >>> len(set(hashes(pa.array(["a", "b", "ab", "ba", "a longer id", "a longer one"])).tolist()))
    6
    >>> hashes(pa.array(["a", "a longer id"]))[0] == hashes(pa.array(["a"]))[0]
    np.True_
    """
    data, starts, stops = letters(ids)
    # The eight bytes that begin at each byte; made by hand, for `sliding_window_view` takes as long as all the rest.
    windows = np.ndarray((len(data) + 1,), dtype="<u8", buffer=data + bytes(_WORD), strides=(1,))
    keys = np.zeros(len(starts), dtype=np.uint64)
    sizes = stops - starts
    for at in range(0, int(sizes.max(initial=0)), _WORD):
        # An id that has ended is mixed no further: its number must not depend on how long the others are.
        long = np.flatnonzero(sizes > at) if at else np.arange(len(sizes))
        words = windows[np.minimum(starts[long] + at, len(data))]
        mixed = (keys[long] ^ (words & _INSIDE[np.clip(sizes[long] - at, 0, _WORD)])) * _MIX
        keys[long] = mixed ^ (mixed >> np.uint64(29))
    return keys


def all_hashes(ids: pa.ChunkedArray) -> np.ndarray:
    """Return `hashes` of a column in chunks."""
    return np.concatenate([np.empty(0, dtype=np.uint64), *map(hashes, ids.chunks)])


def distinct(keys: np.ndarray) -> bool:
    """Tell whether no key stands at two places."""
    keys = np.sort(keys)
    return not (keys[1:] == keys[:-1]).any()
