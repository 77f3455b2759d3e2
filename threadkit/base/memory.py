"""Hold a run to an amount of memory, so that it ends with a clear word and not by the hand of the system."""

from __future__ import annotations

import ctypes
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from threadkit.base.errors import MemoryLimitError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def held_to(limit: float | None) -> Iterator[None]:
    """Let this process have `limit` bytes of data inside the block; None = as much as there is.

    Raises MemoryLimitError where it asks for more. Where the system has no such limit (Windows), nothing is held.
    """
    if limit is None:
        yield
        return
    before = _limited(limit)
    try:
        yield
    except (MemoryError, RuntimeError) as error:
        # torch tells it in words alone.
        if isinstance(error, RuntimeError) and "allocate memory" not in str(error):
            raise
        raise MemoryLimitError(
            f"more than the allowed {limit / 1e9:.1f} GB of memory were needed; what was done is kept: "
            "run it again with more, and it goes on from there"
        ) from error
    finally:
        if before:
            _set(before)


def let_go() -> None:
    """Give memory that is free back to the system: Arrow and the C library would keep it for later."""
    import pyarrow as pa

    pa.default_memory_pool().release_unused()
    with suppress(OSError, AttributeError):  # only glibc can
        ctypes.CDLL(None).malloc_trim(0)


def _limited(limit: float) -> tuple[int, int] | None:
    try:
        import resource
    except ImportError:
        return None
    before = resource.getrlimit(resource.RLIMIT_DATA)
    high = before[1]
    _set((int(limit) if high == resource.RLIM_INFINITY else min(int(limit), high), high))
    return before


def _set(limits: tuple[int, int]) -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_DATA, limits)
