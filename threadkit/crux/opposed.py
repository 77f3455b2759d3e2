"""Part a group in which people object to one another: "it leaks" and "no, it does not" lie near, and are two points.

Vectors of the same point hardly tell for from against, but who answers whom does: the authors of a group are put on
two sides so that as many of its objections as possible go from one side to the other (a maximum cut, found greedily
and mended: S. Sahni and T. Gonzalez, Journal of the ACM 23 (1976), https://doi.org/10.1145/321958.321975). Those who
neither object to another member nor are objected to stay together, with the side that is nearer to them.
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
    """Who objects to whom among objections: pairs of rows (m, 2), and the author of each row (n,) as a number."""

    pairs: np.ndarray
    author: np.ndarray

    @classmethod
    def of(cls, objections: pd.DataFrame, comments: pd.DataFrame, posts: pd.DataFrame) -> Opposition:
        """Pair each objection with those that the comment holds whose words it disagrees with, if another wrote it."""
        author = _authors(objections)
        target, comment = owners(objections, comments, posts)["owner_id"].array, objections["comment_id"].array
        asked = pd.DataFrame({"first": np.arange(len(objections)), "comment_id": target.astype("string")}).dropna()
        held = pd.DataFrame({"second": np.arange(len(objections)), "comment_id": comment.astype("string")})
        pairs = asked.merge(held, on="comment_id")[["first", "second"]].to_numpy(dtype=np.int64)
        return cls(pairs[author[pairs[:, 0]] != author[pairs[:, 1]]], author)

    def within(self, labels: np.ndarray) -> np.ndarray:
        """Return the pairs (k, 2) that stand in one group."""
        of = labels[self.pairs]
        return np.asarray(self.pairs[(of[:, 0] >= 0) & (of[:, 0] == of[:, 1])])

    def part(self, labels: np.ndarray, vectors: np.ndarray, weight: np.ndarray) -> np.ndarray:
        """Return the groups (n,) after those with opponents inside are parted; a half lighter than 2 is in none (−1).

        `labels` (n,) are the groups, numbered from 0, −1 = in none; `vectors` (n, dim) are what was grouped, `weight`
        (n,) is what each row counts. All that one author says in a group stays together.
        """
        inside = self.within(labels)
        if not len(inside):
            return labels
        out, fresh = labels.copy(), int(labels.max()) + 1
        inside = inside[np.argsort(labels[inside[:, 0]], kind="stable")]
        ends = np.flatnonzero(np.diff(labels[inside[:, 0]])) + 1
        members = pd.Series(np.arange(len(labels))).groupby(labels).indices
        for number, pairs in enumerate(np.split(inside, ends), start=fresh):
            rows = np.asarray(members[labels[pairs[0, 0]]])
            out[rows[_other_side(rows, pairs, self.author[rows], vectors, weight)]] = number
        return by_size(out, 2, weight)


def _authors(objections: pd.DataFrame) -> np.ndarray:
    """Return a number for the author of each objection (n,); whoever is not known is somebody else each time."""
    number = pd.factorize(objections["author"])[0]
    return np.where(number < 0, len(number) + np.arange(len(number)), number)


def _other_side(
    rows: np.ndarray, pairs: np.ndarray, author: np.ndarray, vectors: np.ndarray, weight: np.ndarray
) -> np.ndarray:
    """Tell which rows of one group stand on the second side (n,) bool; `author` (n,) tells who wrote each."""
    names, person = np.unique(author, return_inverse=True)
    n = len(names)
    ends = person[np.searchsorted(rows, pairs)]
    once = sparse.coo_matrix((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(n, n)).tocsr()
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
