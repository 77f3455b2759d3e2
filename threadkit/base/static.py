"""The fast tier: a text's vector is the mean of its tokens' vectors, looked up in a table. No network is run.

The table was distilled from the sentence encoder by scripts/train_static.py: the mean of a text's rows comes as near
to the encoder's vector as a mean can. Which words stand beside which is lost; `threadkit models` and the README say
what that costs.
"""

from __future__ import annotations

from functools import cache, cached_property
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

from threadkit.base.inference import distinct
from threadkit.base.text import prose_only
from threadkit.base.weights import resolve

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MODEL = "threadkit-static"
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

    def __init__(self, model: str = MODEL) -> None:
        self.model = model

    @property
    def _table(self) -> np.ndarray:
        """The vector of each token (n_tokens, dim) float32."""
        return _opened(self._folder)[0]

    @property
    def _tokenizer(self) -> Any:
        return _opened(self._folder)[1]

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
        first = np.unique(places, return_index=True)[1]
        vectors = np.zeros((len(places), self.dim), dtype=np.float32)
        for start in range(0, len(once), _TEXTS):
            part = once[start : start + _TEXTS]
            vectors[first[start : start + len(part)]] = self.means(*self.tokens(part))
            if done:
                done(len(part))
        again = np.flatnonzero(first[places] != np.arange(len(places)))
        vectors[again] = vectors[first[places[again]]]
        return vectors

    def tokens(self, texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """Return the token numbers of all texts in a row (n_tokens,), and how many each text has (n,)."""
        found = [line.ids for line in self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)]
        lengths = np.fromiter(map(len, found), dtype=np.int64, count=len(found))
        return np.fromiter(chain.from_iterable(found), dtype=np.int64, count=int(lengths.sum())), lengths

    def means(self, ids: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        """Return the vectors of texts (n, dim) from their token numbers, as `tokens` returns them."""
        begins = np.concatenate([[0], np.cumsum(lengths)])
        held = sparse.csr_matrix((np.ones(len(ids), np.float32), ids, begins), (len(lengths), len(self._table)))
        out = held @ self._table
        return np.asarray(out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-12))

    @cached_property
    def vocabulary(self) -> dict[str, int]:
        """The number of each token."""
        return dict(self._tokenizer.get_vocab())


@cache
def _opened(folder: str) -> tuple[np.ndarray, Any]:
    """Return a model's table and tokenizer, opened once a process: naming, stance and every part of a run ask for them.

    The table is stored as bytes with one scale a token.
    """
    from tokenizers import Tokenizer

    with np.load(Path(folder) / TABLE, allow_pickle=False) as stored:
        table = stored["rows"].astype(np.float32) * stored["scales"].astype(np.float32)[:, None]
    return table, Tokenizer.from_file(str(Path(folder) / "tokenizer.json"))
