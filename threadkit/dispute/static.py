"""The fast tier of stance: a reply's tokens, how it opens, and how it meets its target. No network is run.

A multinomial logistic regression, distilled from the cross-encoder by scripts/train_stance_static.py. It knows how
people say that they disagree, and little of what follows from what: `threadkit models` and the README say what that
costs. It is a stance model of its own, and the first look that tells the cross-encoder where it need not look.
"""

from __future__ import annotations

from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import sparse
from scipy.special import expit, log_softmax

from threadkit.base.inference import distinct
from threadkit.base.static import MODEL as ENCODER
from threadkit.base.static import StaticEncoder
from threadkit.base.weights import resolve
from threadkit.dispute.idioms import heard, stance_of
from threadkit.dispute.labels import CLASSES, MIN_DISAGREE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MODEL = "threadkit-stance-static"
WEIGHTS = "stance.npz"

# Columns that pairs of tokens are hashed to, those anywhere and those of the opening; tokens that open a reply.
_ANYWHERE, _OPENING = 2**16, 2**15
_OPENING_TOKENS = 12
_PRIME = 1_000_003

_NEGATIONS = ["no", "not", "never", "none", "nothing", "nobody", "nor", "neither", "cannot", "without", "t"]

# Pairs that are looked at together.
_PAIRS = 4096


class Fitted(NamedTuple):
    """Weights (features, 4), biases (4,), and the probability of disagreement under which no better model need look.

    The first three are the scores of CLASSES, the last tells a reply to somebody from a bare argument. `sure` is what
    `calibrated` needs.
    """

    weights: np.ndarray
    bias: np.ndarray
    least: float
    sure: tuple[float, float]


class StaticStance:
    """Tell a reply's stance toward its target by its tokens alone.

    Parameters
    ----------
    model : str
        A static stance model of ours.

    Examples
    --------
    >>> StaticStance().log_shares([("We should ban cars.", "No, that is wrong.")]).shape
    (1, 3)
    """

    def __init__(self, model: str = MODEL) -> None:
        self.model, self.min_disagree = model, MIN_DISAGREE
        self._folder = Path(resolve(model, "stance")[0])

    @property
    def fitted(self) -> Fitted:
        """What was learnt."""
        return _fitted(self._folder)

    @cached_property
    def _encoder(self) -> StaticEncoder:
        # It was trained on this encoder's tokens and vectors; no other's will do.
        return StaticEncoder(ENCODER)

    def log_shares(
        self,
        pairs: Sequence[tuple[str, str]],
        threads: int | None = None,  # noqa: ARG002  dispute/judges.py: one thread is enough
        done: Callable[[int], None] | None = None,
        cache: Path | None = None,  # noqa: ARG002  dispute/judges.py: looking it up would take as long
    ) -> np.ndarray:
        """Return the log probability of each of CLASSES (n, 3); `done(k)` is called after each k distinct pairs."""
        return heard(calibrated(self.read(pairs, done)[0], *self.fitted.sure), [reply for _, reply in pairs])

    def read(
        self, pairs: Sequence[tuple[str, str]], done: Callable[[int], None] | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return log probabilities before `calibrated` (n, 3), and how surely each is no bare argument (n,), 0 to 1."""
        once, places = distinct(pairs)
        logs, replies = np.zeros((len(once), len(CLASSES))), np.zeros(len(once))
        for start in range(0, len(once), _PAIRS):
            part = once[start : start + _PAIRS]
            scores = features(part, self._encoder) @ self.fitted.weights + self.fitted.bias
            logs[start : start + len(part)] = log_softmax(scores[:, :-1], axis=1)
            replies[start : start + len(part)] = expit(scores[:, -1])
            if done:
                done(len(part))
        return logs[places], replies[places]

    def may_disagree(self, pairs: Sequence[tuple[str, str]]) -> np.ndarray:
        """Tell which replies may disagree (n,) bool, by an idiom or their tokens: the threshold was set on recall."""
        told = np.array([stance_of(reply) == "disagree" for _, reply in pairs], dtype=bool)
        return np.asarray(told | (self.read(pairs)[0][:, CLASSES.index("disagree")] >= np.log(self.fitted.least)))


@cache
def _fitted(folder: Path) -> Fitted:
    """Return what was learnt, opened once a process: every part of a run asks for it."""
    with np.load(folder / WEIGHTS, allow_pickle=False) as stored:
        sharper, neutral = map(float, stored["sure"])
        return Fitted(stored["weights"].astype(np.float32), stored["bias"], float(stored["least"]), (sharper, neutral))


def calibrated(logs: np.ndarray, sharper: float, neutral: float) -> np.ndarray:
    """Return log probabilities (n, 3) made `sharper` times as large, neutral raised by so much.

    The penalty leaves the model less sure than it may be (temperature scaling: Guo et al. 2017,
    https://arxiv.org/abs/1706.04599), and what it knows of bare arguments, that it cannot know, is not neutral.
    """
    raised = neutral * (np.arange(len(CLASSES)) == CLASSES.index("neutral"))
    return np.asarray(log_softmax(sharper * logs + raised, axis=1))


def features(pairs: Sequence[tuple[str, str]], encoder: StaticEncoder) -> sparse.csr_matrix:
    """Return the features of (target, reply) pairs (n, width): tokens, pairs of tokens, the opening, shape, meaning."""
    n_tokens = len(encoder.vocabulary)
    targets, which = distinct([target for target, _ in pairs])
    (ids, lengths), (asked, sizes) = encoder.tokens([reply for _, reply in pairs]), encoder.tokens(targets)
    place = np.arange(len(ids)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    # Before a reply's first token stands nothing: 0.
    pair = np.where(place > 0, np.roll(ids, 1), 0) * _PRIME + ids
    opening = pair[place < _OPENING_TOKENS] % _OPENING
    replies, theirs = _bags(ids, lengths, n_tokens), _bags(asked, sizes, n_tokens)
    words = [
        replies,
        _bags(pair % _ANYWHERE, lengths, _ANYWHERE),
        _bags(opening, np.minimum(lengths, _OPENING_TOKENS), _OPENING),
    ]
    ours, other = encoder.means(ids, lengths), encoder.means(asked, sizes)[which]
    both = ours * other
    dense = [_shape(replies, theirs[which], encoder.vocabulary), ours, both, both.sum(axis=1, keepdims=True)]
    return sparse.csr_matrix(sparse.hstack([*words, *map(sparse.csr_matrix, dense)], format="csr", dtype=np.float32))


def _bags(columns: np.ndarray, lengths: np.ndarray, width: int) -> sparse.csr_matrix:
    """Return which of `width` things each text holds (n, width), 1 or 0; `columns` holds those of all in a row."""
    begins = np.concatenate([[0], np.cumsum(lengths)])
    held = sparse.csr_matrix((np.ones(len(columns), np.float32), columns, begins), (len(lengths), width))
    held.sum_duplicates()
    held.data[:] = 1
    return held


def _shape(replies: sparse.csr_matrix, targets: sparse.csr_matrix, vocabulary: dict[str, int]) -> np.ndarray:
    """Return lengths, the share of tokens that both hold, whether either asks, and whether either denies (n, 8)."""
    n, m = (np.asarray(bag.sum(axis=1)).ravel() for bag in (replies, targets))
    shared = np.asarray(replies.multiply(targets).sum(axis=1)).ravel() / np.maximum(1, np.minimum(n, m))
    no, asks = [vocabulary[word] for word in _NEGATIONS], vocabulary["?"]
    denied = [np.asarray(bag[:, no].sum(axis=1)).ravel() > 0 for bag in (replies, targets)]
    asked = [bag[:, [asks]].toarray().ravel() for bag in (replies, targets)]
    columns = [np.log1p(n) / 5, np.log1p(m) / 5, shared, *asked, *denied, denied[0] != denied[1]]
    return np.column_stack(columns).astype(np.float32)
