"""Part a group in which people object to one another: "it leaks" and "no, it does not" lie near, and are two points.

Vectors of the same point hardly tell for from against, but who answers whom does. Where a member of a group disagrees
with the author of another one under the same post, the authors of the group are put on two sides, so that as many of
its objections as possible go from one side to the other (a maximum cut, found greedily and mended: S. Sahni and
T. Gonzalez, Journal of the ACM 23 (1976), https://doi.org/10.1145/321958.321975). Those who neither object to another
member nor are objected to stay together, with the side that is nearer to them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from threadkit.corpus.owners import owners
from threadkit.crux.cluster import by_size, unit

if TYPE_CHECKING:
    from collections.abc import Iterator

# How often each author may change sides before no further objection goes across.
_PASSES = 10


class Opposition(NamedTuple):
    """Who objects to whom: for each objection a number for its author, for whom it disagrees with, and for its post.

    All (n,); −1 = nobody else is known to have written the words that it disagrees with.
    """

    author: np.ndarray
    against: np.ndarray
    post: np.ndarray

    @classmethod
    def of(cls, objections: pd.DataFrame, comments: pd.DataFrame, posts: pd.DataFrame) -> Opposition:
        """Tell who wrote the objections and what they disagree with; an unknown author is another in each comment."""
        target = owners(objections, comments, posts)
        wrote = _people(objections["author"], objections["comment_id"])
        met = _people(target["owner"], target["owner_id"])
        number = pd.factorize(pd.concat([wrote, met], ignore_index=True))[0]
        author, against = number[: len(objections)], number[len(objections) :]
        return cls(author, np.where(against == author, -1, against), pd.factorize(objections["post_id"])[0])

    def within(self, labels: np.ndarray) -> np.ndarray:
        """Tell which objections disagree with somebody whose objections under the same post are in their group (n,)."""
        places = pd.DataFrame({"label": labels, "post": self.post})
        held = pd.MultiIndex.from_frame(places.assign(who=self.author)[labels >= 0].drop_duplicates())
        asked = pd.MultiIndex.from_frame(places.assign(who=self.against))
        return np.asarray((labels >= 0) & (self.against >= 0) & (held.get_indexer(asked) >= 0))

    def part(self, labels: np.ndarray, vectors: np.ndarray, weight: np.ndarray) -> np.ndarray:
        """Return the groups (n,) after those with opponents inside are parted; a half lighter than 2 is in none (−1).

        `labels` (n,) are the groups, numbered from 0, −1 = in none; `vectors` (n, dim) are what was grouped, `weight`
        (n,) is what each row counts. All that one author says in a group stays together, and makes no group alone.
        """
        meets = self.within(labels)
        out = labels.copy()
        members = pd.Series(np.arange(len(labels))).groupby(labels).indices
        for new, group in enumerate(np.unique(labels[meets]), start=int(labels.max(initial=-1)) + 1):
            rows = np.asarray(members[group])
            out[rows[self._other_side(rows, meets[rows], vectors, weight)]] = new
        out[self._alone(out)] = -1
        return labels if np.array_equal(out, labels) else by_size(out, 2, weight)

    def _alone(self, labels: np.ndarray) -> np.ndarray:
        """Tell which rows are in a group of one author (n,) bool."""
        held = pd.DataFrame({"label": labels, "who": self.author}).drop_duplicates()
        several = np.flatnonzero(np.bincount(held["label"] + 1) > 1) - 1
        return (labels >= 0) & ~np.isin(labels, several)

    def _other_side(self, rows: np.ndarray, meets: np.ndarray, vectors: np.ndarray, weight: np.ndarray) -> np.ndarray:
        """Tell which rows of one group stand on the second side (k,) bool; `meets` (k,) those that object inside it."""
        names, person = np.unique(self.author[rows], return_inverse=True)
        n = len(names)
        ends = person[meets], np.searchsorted(names, self.against[rows[meets]])
        once = sparse.coo_matrix((np.ones(len(ends[0])), ends), shape=(n, n)).tocsr()
        wrote = sparse.csr_matrix((weight[rows], (person, np.arange(len(rows)))), shape=(n, len(rows)))
        said = wrote @ unit(vectors, order=rows)
        side = np.zeros(n)
        placed = np.zeros((2, said.shape[1]))  # what the people on each side say, together
        for people in _circles(once + once.T, side):
            mine = np.stack([said[people[side[people] == sign]].sum(axis=0) for sign in (1, -1)])
            if (mine * placed[::-1]).sum() > (mine * placed).sum():
                side[people] *= -1
                mine = mine[::-1]
            placed += mine
        # Those who took no part stay together, on the side that is nearer to them.
        rest = said[side == 0].sum(axis=0)
        much = [(wrote @ np.ones(len(rows)))[side == sign].sum() for sign in (1, -1)]
        second = rest @ placed[1] * much[0] > rest @ placed[0] * much[1]
        return np.asarray(np.where(side == 0, second, side < 0)[person])


def _people(names: pd.Series, comments: pd.Series) -> pd.Series:
    """Return who wrote each comment (n,): the author, or the comment itself where no author is known."""
    named = names.astype("string")
    return named.where(named.notna(), "\0" + comments.astype("string"))


def _circles(links: sparse.csr_matrix, side: np.ndarray) -> Iterator[np.ndarray]:
    """Yield those who object to one another, the largest circle first, each with its sides (+1, −1) in `side`."""
    n, circle = connected_components(links, directed=False)
    size = np.bincount(circle, minlength=n)
    members = np.split(np.argsort(circle, kind="stable"), np.cumsum(size)[:-1])
    degree = np.asarray(links.sum(axis=1)).ravel()
    for number in np.lexsort((np.arange(n), -size)):
        if size[number] < 2:
            return
        people = members[number]
        order = _outward(links, int(people[degree[people].argmax()]))
        for _ in range(_PASSES):
            before = side[order]
            for one in order:
                part = slice(links.indptr[one], links.indptr[one + 1])
                against = links.data[part] @ side[links.indices[part]]
                side[one] = -np.sign(against) or side[one] or 1
            if np.array_equal(before, side[order]):
                break
        yield people


def _outward(links: sparse.csr_matrix, first: int) -> list[int]:
    """Return everybody whom a chain of objections joins to the first, the nearest first."""
    order, seen = [first], {first}
    for one in order:
        for other in links.indices[links.indptr[one] : links.indptr[one + 1]].tolist():
            if other not in seen:
                seen.add(other)
                order.append(other)
    return order
