"""What judges pairs of target and reply: a cross-encoder, the static model, or both pooled.

The two err in different ways: the cross-encoder weighs what follows from what, the static model knows how people say
that they disagree. Their log probabilities are added with weights (logarithmic pooling, Genest and Zidek 1986,
https://doi.org/10.1214/ss/1177013825), which scripts/pool_stance.py fits on replies that neither has learnt from.
Of bare arguments the static model knows nothing: the surer it is that it sees one, the more the cross-encoder decides
alone (a gate between experts, Jacobs et al. 1991, https://doi.org/10.1162/neco.1991.3.1.79). Where a reply begins with
an idiom of assent or dissent, that is mixed in (dispute/idioms.py).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from scipy.special import log_softmax

from threadkit.base.inference import Network, check_device, run
from threadkit.base.static import MODEL as ENCODER
from threadkit.base.weights import manifest, resolve
from threadkit.dispute import idioms
from threadkit.dispute.labels import CLASSES, MIN_DISAGREE, outputs
from threadkit.dispute.static import WEIGHTS, StaticStance

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# The file in a model's folder that names what it is pooled with, and how.
POOL = "pool.json"


class Judge(Protocol):
    """Anything that tells the stance of replies."""

    min_disagree: float

    def log_shares(
        self,
        pairs: Sequence[tuple[str, str]],
        threads: int | None = None,
        done: Callable[[int], None] | None = None,
        cache: Path | None = None,
    ) -> np.ndarray:
        """Return the log probability of each of CLASSES (n, 3); `done(k)` is called after each k distinct pairs."""
        ...


def open_judge(model: str, device: str = "cpu") -> Judge:
    """Return what judges by that name; raises ModelError where there is none, SettingError where no such device."""
    check_device(device)
    folder = Path(resolve(model, "stance")[0])
    if (folder / WEIGHTS).is_file():
        return StaticStance(model)
    cross = CrossStance(model, device)
    pool = _pool(folder)
    return Pooled(cross, pool) if pool else cross


def revisions(model: str) -> dict[str, str]:
    """Return the revision of a stance model and of each that it needs beside it; raises ModelError."""
    folder, revision = resolve(model, "stance")
    pool, static = _pool(Path(folder)), (Path(folder) / WEIGHTS).is_file()
    found = {model: revision}
    if pool:
        found[pool["beside"]] = resolve(pool["beside"], "stance")[1]
    if pool or static:
        found[ENCODER] = resolve(ENCODER, "encoder")[1]
    return found


def _pool(folder: Path) -> dict[str, Any] | None:
    path = folder / POOL
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


class CrossStance:
    """A cross-encoder: target and reply are read together."""

    def __init__(self, model: str, device: str = "cpu") -> None:
        self.model, self.min_disagree = model, MIN_DISAGREE
        self._network = Network("CrossEncoder", model, "stance", device)

    def log_shares(
        self,
        pairs: Sequence[tuple[str, str]],
        threads: int | None = None,
        done: Callable[[int], None] | None = None,
        cache: Path | None = None,
    ) -> np.ndarray:
        """Return log probabilities, as `Judge` says."""
        scores = run(self._network, pairs, "scores", threads, done, cache)[:, self._order()]
        return np.asarray(log_softmax(scores.astype(np.float64), axis=1))

    def _order(self) -> list[int]:
        """Return which of the network's outputs are our classes; raises ModelError where some is none."""
        if self.model in manifest():
            return list(range(len(CLASSES)))
        model = self._network.model
        return outputs(self.model, model.num_labels, getattr(model.config, "id2label", None))


class Pooled:
    """A cross-encoder and the static model beside it, by the weights in POOL."""

    def __init__(self, cross: CrossStance, pool: dict[str, Any]) -> None:
        self._cross, self._static = cross, StaticStance(pool["beside"])
        self._weights, self._bias = pool["weights"], pool["bias"]
        self.min_disagree = float(pool["min_disagree"])

    def log_shares(
        self,
        pairs: Sequence[tuple[str, str]],
        threads: int | None = None,
        done: Callable[[int], None] | None = None,
        cache: Path | None = None,
    ) -> np.ndarray:
        """Return log probabilities, as `Judge` says."""
        cross, (static, replies) = self._cross.log_shares(pairs, threads, done, cache), self._static.read(pairs)
        both = pooled(cross, static, replies, self._weights, self._bias)
        return idioms.heard(both, [reply for _, reply in pairs])


def pooled(
    cross: np.ndarray, static: np.ndarray, replies: np.ndarray, weights: Sequence[float], bias: Sequence[float]
) -> np.ndarray:
    """Return log probabilities (n, 3) of two judges by their weights (2,), a bias for each class (3,), and a gate.

    Where `replies` (n,) is 1, both count by their weights; where it is 0, only `cross` counts. The bias makes up for
    the cross-encoder's having learnt from bare arguments too, none of which is neutral.
    """
    gate = replies[:, None]
    both = weights[0] * cross + weights[1] * static + np.asarray(bias)
    return np.asarray(log_softmax(gate * both + (1 - gate) * cross, axis=1))
