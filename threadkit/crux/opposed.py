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
from scipy.sparse.csgraph import breadth_first_order, connected_components

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
    """Tell which rows of one group stand on the second side (n,) bool."""
    _, person = np.unique(author, return_inverse=True)
    place = np.searchsorted(rows, pairs)
    n = int(person.max()) + 1
    ends = person[place]
    once = sparse.coo_matrix((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(n, n)).tocsr()
    side = np.zeros(n)
    near = unit(vectors, order=rows) * weight[rows, None]
    for people in _circles(once + once.T, side):
        side[people] *= _turned(person, people, side, near)
    return _beside(person, side, near)


def _circles(links: sparse.csr_matrix, side: np.ndarray) -> Iterator[np.ndarray]:
    """Yield those who object to one another, the largest circle first, each with its sides (+1, −1) in `side`."""
    n, circle = connected_components(links, directed=False)
    size = np.bincount(circle, minlength=n)
    degree = np.asarray(links.sum(axis=1)).ravel()
    for number in np.lexsort((np.arange(n), -size)):
        if size[number] < 2:
            return
        people = np.flatnonzero(circle == number)
        order = breadth_first_order(links, people[degree[people].argmax()], directed=False)[0]
        for _ in range(_PASSES):
            before = side[order].copy()
            for one in order:
                part = slice(links.indptr[one], links.indptr[one + 1])
                against = links.data[part] @ side[links.indices[part]]
                side[one] = -np.sign(against) or side[one] or 1
            if np.array_equal(before, side[order]):
                break
        yield people


def _turned(person: np.ndarray, people: np.ndarray, side: np.ndarray, near: np.ndarray) -> int:
    """Return −1 where a circle stands nearer to those already placed when its two sides change places, else 1."""
    mine = np.isin(person, people)
    placed = side[person]
    ours = [near[mine & (placed == sign)].sum(axis=0) for sign in (1, -1)]
    theirs = [near[~mine & (placed == sign)].sum(axis=0) for sign in (1, -1)]
    straight = ours[0] @ theirs[0] + ours[1] @ theirs[1]
    across = ours[0] @ theirs[1] + ours[1] @ theirs[0]
    return -1 if across > straight else 1


def _beside(person: np.ndarray, side: np.ndarray, near: np.ndarray) -> np.ndarray:
    """Tell which rows stand on the second side; those of nobody placed stay together, on the side nearer to them."""
    placed = side[person]
    first, second, rest = (near[placed == sign].sum(axis=0) for sign in (1, -1, 0))
    count = [(placed == sign).sum() for sign in (1, -1)]
    return np.asarray(np.where(placed == 0, rest @ second / count[1] > rest @ first / count[0], placed < 0))
