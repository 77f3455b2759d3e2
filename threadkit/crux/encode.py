"""Turn texts into same-point vectors."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from threadkit.base.inference import Network, run
from threadkit.base.static import MODEL as STATIC_MODEL
from threadkit.base.static import TABLE, StaticEncoder
from threadkit.base.text import prose_only
from threadkit.base.weights import resolve

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

DEFAULT_MODEL = "threadkit-point"

# Encoders whose cosines run on another scale than the default's, and where their groups stop merging
# (scripts/choose_distance.py --encoder NAME prints the figures).
DISTANCES = {STATIC_MODEL: 0.37}


class Encoder(Protocol):
    """Anything that turns n texts into an array of shape (n, dim), rows of unit length."""

    def encode(self, texts: Sequence[str], done: Callable[[int], None] | None = None) -> np.ndarray:
        """Return the vectors; `done(k)` is called after each k distinct texts."""
        ...


def open_encoder(
    model: str = DEFAULT_MODEL, threads: int | None = None, device: str = "cpu", cache: Path | None = None
) -> Encoder:
    """Return what encodes by that name: a table of ours where the model is one, else a sentence encoder."""
    if (Path(resolve(model, "encoder")[0]) / TABLE).is_file():
        return StaticEncoder(model)
    return SentenceEncoder(model, threads, device, cache)


class SentenceEncoder:
    """Encode texts with a sentence-transformers model.

    Parameters
    ----------
    model : str
        A model of ours, or any sentence-transformers name or path.
    threads : int or None
        Threads to use; None takes all that the process may use. The result does not depend on it.
    device : str
        cpu, cuda (or cuda:1) or mps.
    cache : path or None
        Folder in which vectors are kept and found again (base/cache.py); None = nowhere. The result does not depend
        on it.

    Examples
    --------
    >>> SentenceEncoder().encode(["It costs too much.", "Too expensive!"]).shape
    (2, 384)
    """

    def __init__(
        self, model: str = DEFAULT_MODEL, threads: int | None = None, device: str = "cpu", cache: Path | None = None
    ) -> None:
        self.model = model
        self.threads = threads
        self.device = device
        self.cache = cache

    @cached_property
    def _network(self) -> Network:
        return Network("SentenceTransformer", self.model, "encoder", self.device)

    @property
    def dim(self) -> int:
        """The length of a vector."""
        return int(self._network.model.get_embedding_dimension())

    def encode(self, texts: Sequence[str], done: Callable[[int], None] | None = None) -> np.ndarray:
        """Return vectors (n, dim) float32, rows of unit length; an empty text still gets a vector."""
        if not len(texts):
            return np.zeros((0, self.dim), dtype=np.float32)
        known = [prose_only(text) for text in texts]
        vectors = run(self._network, known, "sentence_embedding", self.threads, done, self.cache)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)
