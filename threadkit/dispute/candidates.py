"""The passages that a reply may answer, how alike passages are, and which stands for its owner where none is alike."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import sparse

from threadkit.base.columns import values
from threadkit.base.lookup import looked_up
from threadkit.base.text import fold, plain, prose_only
from threadkit.dispute.segment import goes_on, pieces

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

# What counts as a word when passages are compared: numbers and "AI" too. Stop words are left out.
_COMPARED = r"[^\W_]{2,}"

# A heading has so many words at most, and no stop at its end; a title that stands for its post so many at least.
_HEADING, _TITLE = 6, 4
_STOP = re.compile(r"[.!?…:;,][\"'”’)\]]*$")

# Characters from which a passage is no longer counted as longer.
_LONG = 220

# A passage of fewer words ("Historiography") is what a reply answers only if it shares so many with it: its one word
# weighs as much as all of a paragraph's.
_SCRAP, _SHARED = 4, 2


class Passages(NamedTuple):
    """Prose passages of comments and posts: one row a passage, those of one owner side by side.

    `compared` holds the words by which a passage is found: a heading's count as those of the passage below it.
    `stands` tells which are candidates, and `opening` names for each owner the one that stands for all of them.
    """

    ids: np.ndarray
    texts: list[str]
    compared: list[str]
    posts: np.ndarray
    stands: np.ndarray
    first: dict[str, int]
    size: dict[str, int]
    opening: dict[str, int]


def passages(segments: pd.DataFrame, comments: pd.DataFrame, posts: pd.DataFrame) -> Passages:
    """Collect the prose segments of comments, and title and prose paragraphs of posts (ids `post_id`, `post_id:n`).

    No candidates are passages without a word, headings and others that only lead to the next, and the part of a
    paragraph that agrees before it turns.
    """
    prose = (segments["kind"] == "prose").to_numpy(dtype=bool)
    said = segments[prose]
    ids, texts, owners = values(said.index), list(map(plain, values(said["text"]))), values(said["comment_id"])
    where = values(looked_up(comments["post_id"], said["comment_id"]))
    for post_id, owner, name, text in _of_posts(posts):
        ids.append(name)
        texts.append(text)
        owners.append(owner)
        where.append(post_id)
    stands, compared = _standing(texts, owners)
    stands[: len(said)] &= ~goes_on(segments)[prose]
    first, size = _runs(owners)
    opening = {owner: at + _opening(texts, stands, owner, at, size[owner]) for owner, at in first.items()}
    return Passages(
        np.array(ids, dtype=object), texts, compared, np.array(where, dtype=str), stands, first, size, opening
    )


def _of_posts(posts: pd.DataFrame) -> Iterator[tuple[str, str, str, str]]:
    """Yield post, owner, id and plain text of each title and prose paragraph."""
    for post_id, title, text in zip(*map(values, (posts.index, posts["title"], posts["text"])), strict=True):
        owner = f"post {post_id}"
        if title is not None:
            yield post_id, owner, post_id, plain(title)
        for n, piece in enumerate(pieces(text)):
            if piece.kind == "prose":
                yield post_id, owner, f"{post_id}:{n}", plain(text[piece.start : piece.stop])


def _standing(texts: Sequence[str], owners: Sequence[str]) -> tuple[np.ndarray, list[str]]:
    """Return which passages say something by themselves (n,) bool, and the words by which each is found (n)."""
    stands, compared = np.ones(len(texts), dtype=bool), list(texts)
    for row, text in enumerate(texts):
        below = row + 1 if owners[row + 1 : row + 2] == owners[row : row + 1] else None
        if not wordless(text) and not (below and _leads(text, texts[below])):
            continue
        stands[row] = False
        if below and not text.endswith(":"):
            compared[below] = f"{compared[row]} {texts[below]}"
    return stands, compared


def wordless(text: str) -> bool:
    """Tell whether a text has no word that a reader could judge: it is a mere address, a smiley, dots.

    >>> wordless("https://example.org/plan"), wordless(";)"), wordless("No.")
    (True, True, False)
    """
    return not any(map(str.isalnum, prose_only(text)))


def _leads(text: str, below: str) -> bool:
    """Tell whether a passage only announces the one below: it ends in a colon, or is a heading or short title."""
    if text.endswith(":"):
        return True
    size = len(text.split())
    return size <= _HEADING and len(below.split()) > size and not _STOP.search(text)


def _runs(owners: Sequence[str]) -> tuple[dict[str, int], dict[str, int]]:
    """Return each owner's first row and how many rows it has."""
    first: dict[str, int] = {}
    size: dict[str, int] = {}
    for row, owner in enumerate(owners):
        first.setdefault(owner, row)
        size[owner] = size.get(owner, 0) + 1
    return first, size


def _opening(texts: Sequence[str], stands: np.ndarray, owner: str, first: int, size: int) -> int:
    """Return which of an owner's passages, from its first on, stands for all of them.

    A post is what its title says, else its first passage of some words. Of a comment the longest passage is answered
    more often than the first or the last (models/TRIED.md).
    """
    rows = [row for row in range(first, first + size) if stands[row]] or [first]
    if owner.startswith("post "):
        found = next((row for row in rows if len(texts[row].split()) >= _TITLE), rows[0])
    else:
        found = max(rows, key=lambda row: min(len(texts[row]), _LONG))
    return found - first


def weigh(texts: list[str], groups: np.ndarray) -> sparse.csr_matrix:
    """Return TF-IDF rows of unit length (n, words); a word is rare or common within its own group (n,), here a post.

    So the words of one thread weigh the same whatever else is read with it, and what its subject is weighs little.
    """
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.preprocessing import normalize

    vectorizer = CountVectorizer(preprocessor=fold, token_pattern=_COMPARED, stop_words="english", dtype=np.float32)
    try:
        counts = sparse.csr_matrix(vectorizer.fit_transform(texts))
    except ValueError:  # no text has such a word
        return sparse.csr_matrix((len(texts), 1), dtype=np.float32)
    group = np.unique(groups, return_inverse=True)[1].astype(np.int64)
    row = np.repeat(np.arange(len(texts)), np.diff(counts.indptr))
    _, place, with_word = np.unique(
        group[row] * counts.shape[1] + counts.indices, return_inverse=True, return_counts=True
    )
    n_texts = np.bincount(group)[group[row]]
    rarity = np.log((1 + n_texts) / (1 + with_word[place])) + 1
    counts.data = ((1 + np.log(counts.data)) * rarity).astype(np.float32)
    return sparse.csr_matrix(normalize(counts))


def needed(texts: Sequence[str], stands: np.ndarray) -> np.ndarray:
    """Return how many words each passage must share with what answers it (n,); 0 = it is no candidate.

    >>> needed(["The ferry is late again.", "Ferries", ";)"], np.array([True, True, False])).tolist()
    [1, 2, 0]
    """
    return np.array([(_SHARED if scrap(text) else 1) if able else 0 for text, able in zip(texts, stands, strict=True)])


def scrap(text: str) -> bool:
    """Tell whether a passage is too short to be known by one word of it."""
    return len(text.split()) < _SCRAP


def best_passages(
    rows: np.ndarray, first: np.ndarray, count: np.ndarray, weights: sparse.csr_matrix, needs: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return, for each row, the best of the passages first..first+count, as `needed` (n,) asks, and its cosine.

    All pairs are laid out in one array and multiplied in chunks: linear in their number.
    """
    best = first.copy()
    score = np.zeros(len(rows), dtype=np.float32)
    ends = np.cumsum(count)
    for start in range(0, len(rows), 4096):
        part = slice(start, start + 4096)
        sizes = count[part]
        offset = np.arange(sizes.sum()) - np.repeat(ends[part] - sizes - (ends[start] - count[start]), sizes)
        left, right = np.repeat(rows[part], sizes), np.repeat(first[part], sizes) + offset
        products = sparse.csr_matrix(weights[left].multiply(weights[right]))
        enough = (needs[right] > 0) & (products.getnnz(axis=1) >= needs[right])
        cosine = np.asarray(products.sum(axis=1)).ravel() * enough
        starts = np.cumsum(sizes) - sizes
        top = np.maximum.reduceat(cosine, starts)
        where = np.flatnonzero(cosine == np.repeat(top, sizes))
        owner = np.repeat(np.arange(len(sizes)), sizes)[where]
        lowest = np.unique(owner, return_index=True)[1]
        best[part], score[part] = right[where[lowest]], top
    return best, score
