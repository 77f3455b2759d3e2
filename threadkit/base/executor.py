"""Run a function over many items on several threads so that the result does not depend on how many.

A matrix product split over two threads can differ in its last bits from the same product on one. So each
item is computed with one numerical thread, and threads take different items.
"""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Item = TypeVar("Item")
Result = TypeVar("Result")


def available_threads() -> int:
    """Count the processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def one_numerical_thread() -> Iterator[None]:
    """Hold BLAS, OpenMP and torch to one thread inside the block."""
    from threadpoolctl import threadpool_limits

    torch = sys.modules.get("torch")
    before = torch.get_num_threads() if torch else 0
    with threadpool_limits(limits=1):
        if torch:
            torch.set_num_threads(1)
        try:
            yield
        finally:
            if torch:
                torch.set_num_threads(before)


def map_items(
    function: Callable[[Item], Result], items: Iterable[Item], threads: int, done: Callable[[int], None] | None = None
) -> list[Result]:
    """Apply `function` to each item on `threads` threads; results in the order of the items.

    `done(1)` is called as each item ends, in order.

    >>> map_items(abs, [-1, 2, -3], threads=2)
    [1, 2, 3]
    """
    results = []
    with one_numerical_thread(), ThreadPoolExecutor(max(1, threads)) as pool:
        for result in pool.map(function, items):
            results.append(result)
            if done:
                done(1)
    return results
