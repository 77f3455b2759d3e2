"""The fast tier: a text's vector is the mean of its tokens' vectors, looked up in a table. No network is run.

The table was distilled from the sentence encoder by scripts/train_static.py: the mean of a text's rows comes as near
to the encoder's vector as a mean can. Which words stand beside which is lost; `threadkit models` and the README say
what that costs.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from threadkit.base.inference import distinct
from threadkit.base.text import prose_only
from threadkit.base.weights import resolve

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

TABLE = "table.npz"

# Texts that are tokenized and looked up at once.
_TEXTS = 1024


class StaticEncoder:
    """Encode texts by a table of token vectors.

    Parameters
    ----------
    model : str
        A static model of ours.

    Examples
    --------
    >>> StaticEncoder().encode(["It costs too much.", "Too expensive!"]).shape
    (2, 256)
    """

    def __init__(self, model: str = "threadkit-static") -> None:
        self.model = model

    @cached_property
    def _table(self) -> np.ndarray:
        """The vector of each token (n_tokens, dim) float32; stored as bytes with one scale a token."""
        with np.load(Path(self._folder) / TABLE, allow_pickle=False) as stored:
            return np.asarray(stored["rows"].astype(np.float32) * stored["scales"].astype(np.float32)[:, None])

    @cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import Tokenizer

        return Tokenizer.from_file(str(Path(self._folder) / "tokenizer.json"))

    @cached_property
    def _folder(self) -> str:
        return resolve(self.model, "encoder")[0]

    @property
    def dim(self) -> int:
        """The length of a vector."""
        return int(self._table.shape[1])

    def encode(self, texts: Sequence[str], done: Callable[[int], None] | None = None) -> np.ndarray:
        """Return vectors (n, dim) float32, rows of unit length; a text without a known token gets zeros."""
        once, places = distinct([prose_only(text) for text in texts])
        vectors = np.zeros((len(once), self.dim), dtype=np.float32)
        for start in range(0, len(once), _TEXTS):
            part = once[start : start + _TEXTS]
            vectors[start : start + len(part)] = self._means(part)
            if done:
                done(len(part))
        return np.asarray(vectors[places])

    def _means(self, texts: list[str]) -> np.ndarray:
        found = [line.ids for line in self._tokenizer.encode_batch_fast(texts, add_special_tokens=False)]
        lengths = np.array([len(ids) for ids in found])
        out = np.zeros((len(texts), self.dim), dtype=np.float32)
        some = lengths > 0
        if some.any():
            ids = np.concatenate([np.array(ids) for ids in found if ids])
            starts = np.concatenate([[0], np.cumsum(lengths[some])[:-1]])
            out[some] = np.add.reduceat(self._table[ids], starts, axis=0)
        return np.asarray(out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-12))
