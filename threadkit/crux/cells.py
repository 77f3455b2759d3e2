"""Nearest groups among very many: each looks only in the cells whose leaders are nearest to it.

An inverted file (J. Sivic and A. Zisserman, Video Google, ICCV 2003): leaders are rows drawn at random, so that they
stand as densely as the rows do; every row lies in the cells of its N_CELLS nearest leaders, and two rows find each
other where they share one. A row meets some N_CELLS² · ROWS_PER_LEADER others instead of all, however many there are.
"""

from __future__ import annotations

import numpy as np

from threadkit.base.executor import available_threads, map_items

# Cells that each row lies in, and how many rows draw one leader. scripts/bench_clusterer.py prints how many of the
# nearest neighbours within the cut are found, and how the groups agree with the exact ones.
N_CELLS, ROWS_PER_LEADER = 8, 256
# The same for more rows than MANY: a third of the time, for groups that agree less with the exact (models/TRIED.md).
MANY, N_CELLS_OF_MANY, ROWS_PER_LEADER_OF_MANY = 100_000, 6, 128

# Products held at once: 2^23 float32 are 32 MB, for each thread.
BLOCK = 2**23

# Cosines are compared after rounding to this many parts of one: beyond it single precision tells nothing, and the
# product of two vectors may differ in its last bits from the product of the same two in another block.
PARTS = 2.0**20


class Everywhere:
    """Looks at every active group: exact, and the work grows with their square."""

    def look(
        self, middle: np.ndarray, stale: np.ndarray, active: np.ndarray, threads: int | None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return for each of the groups `stale` the nearest other active group, the first of equals, and their cosine.

        `middle` (n, dim) holds the mean of each group; `stale` and `active` are sorted group numbers, `stale` among
        `active`. Runs under one numerical thread (base/executor.py).
        """
        others = middle[active].astype(np.float32)
        place = np.searchsorted(active, stale)
        step = max(1, BLOCK // len(active))

        def part(start: int) -> tuple[np.ndarray, np.ndarray]:
            return _best(others[place[start : start + step]], others, place[start : start + step])

        starts = range(0, len(stale), step)
        parts = [part(0)] if len(starts) == 1 else map_items(part, starts, threads or available_threads())
        return active[np.concatenate([p[0] for p in parts])], np.concatenate([p[1] for p in parts]) / PARTS

    def moved(self, middle: np.ndarray, groups: np.ndarray, threads: int | None) -> None:
        """Hear that the means of some groups have changed."""


class Cells(Everywhere):
    """Looks in shared cells only.

    Parameters
    ----------
    middle : ndarray of shape (n, dim)
        The rows, which are the first groups.
    seed : int
        Seed of the draw of the leaders.
    threads : int or None
        Threads; None takes all that the process may use. The result does not depend on it.
    """

    def __init__(self, middle: np.ndarray, seed: int, threads: int | None) -> None:
        many = len(middle) > MANY
        n_cells, rows = (N_CELLS_OF_MANY, ROWS_PER_LEADER_OF_MANY) if many else (N_CELLS, ROWS_PER_LEADER)
        n_leaders = max(1, len(middle) // rows)
        drawn = np.random.default_rng(seed).choice(len(middle), n_leaders, replace=False)
        self.leaders = middle[np.sort(drawn)].astype(np.float32)
        self.cells = np.zeros((len(middle), min(n_cells, n_leaders)), dtype=np.int32)
        self.moved(middle, np.arange(len(middle)), threads)

    def moved(self, middle: np.ndarray, groups: np.ndarray, threads: int | None) -> None:
        """Put groups into the cells that their means now lie in."""
        step = max(1, BLOCK // len(self.leaders))
        width = self.cells.shape[1]

        def place(start: int) -> None:
            mine = groups[start : start + step]
            near = np.rint(middle[mine].astype(np.float32) @ self.leaders.T * np.float32(-PARTS))
            self.cells[mine] = np.argpartition(near, width - 1, axis=1)[:, :width]

        map_items(place, range(0, len(groups), step), threads or available_threads())

    def look(
        self, middle: np.ndarray, stale: np.ndarray, active: np.ndarray, threads: int | None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return for each of the groups `stale` the nearest other active group that shares a cell, −1 = none."""
        members, starts = self._listed(active)
        asking, asked = self._listed(stale)

        def cell(number: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
            mine = asking[asked[number] : asked[number + 1]]
            own = members[starts[number] : starts[number + 1]]
            if not len(mine):
                return mine, mine, np.zeros(0)
            others = middle[own].astype(np.float32)
            place = np.searchsorted(own, mine)
            step = max(1, BLOCK // len(own))
            parts = [_best(others[place[i : i + step]], others, place[i : i + step]) for i in range(0, len(mine), step)]
            return mine, own[np.concatenate([p[0] for p in parts])], np.concatenate([p[1] for p in parts])

        found = map_items(cell, range(len(self.leaders)), threads or available_threads())
        who, whom, parts = (np.concatenate([f[i] for f in found]) for i in range(3))
        # Of all cells the nearest, of equals the first.
        order = np.lexsort((whom, -parts, who))
        first = order[np.flatnonzero(np.diff(who[order], prepend=-1))]
        near = np.isfinite(parts[first])
        return np.where(near, whom[first], -1), np.where(near, parts[first] / PARTS, -np.inf)

    def _listed(self, groups: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the groups by cell, sorted in each, and where each cell begins (n_leaders + 1,)."""
        cell = self.cells[groups].ravel()
        order = np.argsort(cell, kind="stable")
        starts = np.searchsorted(cell[order], np.arange(len(self.leaders) + 1))
        return np.repeat(groups, self.cells.shape[1])[order], starts


def _best(mine: np.ndarray, others: np.ndarray, place: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the nearest of `others` to each of `mine`, which stand among them at `place`, and the cosine in parts."""
    found = mine @ others.T
    np.rint(found * np.float32(PARTS), out=found)
    found[np.arange(len(mine)), place] = -np.inf
    best = found.argmax(axis=1)
    return best, found[np.arange(len(mine)), best].astype(np.float64)
