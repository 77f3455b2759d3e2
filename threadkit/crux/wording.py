"""Choose the sentence that says what a crux is about: near its middle, off its neighbours, and able to stand alone.

Encoding every sentence of every crux costs as much as encoding the objections again. So a paragraph of one sentence
lends it its own vector, the others are first compared in the static table (base/static.py), and only the best few of
the cruxes that people read first are encoded.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from threadkit.base.columns import values
from threadkit.base.executor import one_numerical_thread
from threadkit.base.static import StaticEncoder
from threadkit.base.text import plain, sentences
from threadkit.crux.cells import BLOCK, PARTS
from threadkit.crux.cluster import centers
from threadkit.crux.proposition import as_proposition, fitness
from threadkit.crux.statement import case

if TYPE_CHECKING:
    from collections.abc import Callable

    from threadkit.crux.encode import Encoder

# How many sentences of a crux are compared by the encoder, those first that the static table holds to be best. Only of
# recurring cruxes: most cruxes of a large forum stand on one post or are one author's, and there the table decides.
# Measured once on two corpora of 26 and 38 recurring cruxes, beside encoding every sentence: the sum of cosine and
# fitness of what is chosen is lower by 0.007 for titles and 0.002 for claims (with 3 by 0.004 and 0.001, with 1 by 0.03
# and 0.01, drawn at random by 0.23), and a sixth as many are encoded.
N_SENTENCES = 2

# Where several points share a subject, the sentence nearest to the middle of one may as well say another. So its cosine
# to the nearest of the N_BESIDE neighbouring cruxes counts against it, by this factor: on parts for tuning and on
# topics learnt from, titles with their group's main point are most at 0.4 to 0.5 (scripts/score_titles.py).
N_BESIDE = 5
CONTRAST = 0.4

# What it takes from a sentence's fitness that it surely tells a case instead of stating a point (crux/statement.py).
# With so much, titles of KPA-2021 and Perspectrum make their group's main point as often (scripts/score_titles.py).
CASE = 0.2

# What it adds to a sentence's fitness as the claim that twice as many authors object to the passage it stands in.
ASKED = 0.1


@dataclass(frozen=True)
class Middles:
    """Where cruxes stand: crux i of n is row i of `own` (n, dim), the unit mean of its vectors."""

    own: np.ndarray

    @classmethod
    def of(cls, vectors: np.ndarray, crux: np.ndarray, n: int) -> Middles:
        """Return the middles of n cruxes; vector i belongs to crux[i], to none where that is −1."""
        own = centers(vectors, crux, n_groups=n)
        return cls(own / np.maximum(np.linalg.norm(own, axis=1, keepdims=True), 1e-12))

    @cached_property
    def beside(self) -> np.ndarray:
        """The N_BESIDE nearest other cruxes of each (n, k): products of all with all, block by block."""
        n, rows = len(self.own), self.own.astype(np.float32)
        k = max(0, min(N_BESIDE, n - 1))
        out = np.empty((n, k), dtype=np.int64)
        step = max(1, BLOCK // max(n, 1))
        with one_numerical_thread():
            for start in range(0, n if k else 0, step):
                near = np.rint(rows[start : start + step] @ rows.T * np.float32(-PARTS))
                near[np.arange(len(near)), np.arange(start, start + len(near))] = np.inf
                out[start : start + step] = np.argpartition(near, k - 1, axis=1)[:, :k]
        return out

    def near(self, vectors: np.ndarray, crux: np.ndarray) -> np.ndarray:
        """Return the cosines of vectors (m, dim) with the middles of their cruxes (m,)."""
        return np.asarray(np.einsum("ij,ij->i", vectors, self.own[crux]))

    def off(self, vectors: np.ndarray, crux: np.ndarray) -> np.ndarray:
        """Return those cosines, less CONTRAST of the highest with a neighbour's middle."""
        others = [self.near(vectors, column) for column in self.beside[crux].T]
        return self.near(vectors, crux) - CONTRAST * (np.max(others, axis=0) if others else 0)


@dataclass(frozen=True)
class Said:
    """What objectors said: their candidates for titles, one row each, and the vectors of these rows (n, dim)."""

    rows: pd.DataFrame
    vectors: np.ndarray

    @cached_property
    def roughly(self) -> np.ndarray:
        """The vectors of these rows in the static table (n, its dim)."""
        return StaticEncoder().encode(values(self.rows["text"]))

    def middles(self, n: int) -> Middles:
        """Return the middles of n cruxes in the static table."""
        return Middles.of(self.roughly, self.rows["crux_id"].to_numpy(dtype=np.int64), n)


def best_titles(said: Said, middles: Middles, encoder: Encoder, done: Callable[[int], None] | None) -> pd.DataFrame:
    """Return, for each crux, the sentence of its objectors that says best what it is about.

    Index crux_id; columns sentence, segment_id.
    """
    frame = cut(said.rows, "text")
    place = frame["row"].to_numpy()
    crux = frame["crux_id"].to_numpy()
    whole = (frame["n"] == 1).to_numpy()
    # A sentence fits as its paragraph does, but for what the table says it gains or loses by standing alone.
    alone = StaticEncoder().encode(values(frame["sentence"]))
    frame["fit"] -= CASE * case(values(frame["sentence"]), alone)
    gained = said.middles(len(middles.own)).near(alone - said.roughly[place], crux)
    near = middles.off(said.vectors[place], crux) + np.where(whole, 0, gained)
    return _best(frame.assign(near=near, known=whole), recurring(said.rows), middles.off, encoder, done)


def best_claims(
    asked: pd.DataFrame,
    said: Said,
    titles: pd.Series,
    middles: Middles,
    encoder: Encoder,
    done: Callable[[int], None] | None,
) -> pd.DataFrame:
    """Return, for each crux, the sentence of `target_text` that its objectors deny, and none of the titles.

    A column `asked` speaks for a sentence, by its logarithm. Index crux_id; columns sentence, segment_id.
    """
    frame = cut(asked, "target_text")
    taken = titles.astype("string").reindex(frame["crux_id"]).fillna("")
    frame = frame[frame["sentence"].to_numpy() != taken.to_numpy()].reset_index(drop=True)
    frame["fit"] += ASKED * np.log2(asked["asked"].to_numpy(dtype=np.float64)[frame["row"]])
    alone = StaticEncoder().encode(values(frame["sentence"]))
    frame["fit"] -= CASE * case(values(frame["sentence"]), alone)
    near = said.middles(len(middles.own)).near(alone, frame["crux_id"].to_numpy())
    return _best(frame.assign(near=near, known=False), recurring(said.rows), middles.near, encoder, done)


def cut(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """Cut the texts of a column into sentences.

    Columns crux_id, segment_id, sentence, `row` its place among the rows, `n` sentences in its text, fit.
    """
    columns = map(values, (rows.index, rows["crux_id"], rows[column]))
    found = [
        (int(crux), segment_id, as_proposition(sentence), row, len(parts))
        for row, (segment_id, crux, text) in enumerate(zip(*columns, strict=True))
        for parts in [sentences(plain(text))]
        for sentence in parts
    ]
    frame = pd.DataFrame(found, columns=["crux_id", "segment_id", "sentence", "row", "n"])
    frame = frame.astype({"crux_id": "int64", "sentence": "string", "row": "int64", "n": "int64"})
    frame = frame[frame["sentence"].str.len() > 0].reset_index(drop=True)
    fit = {sentence: fitness(sentence) for sentence in frame["sentence"].unique()}
    return frame.assign(fit=frame["sentence"].map(fit).astype("float64"))


def recurring(candidates: pd.DataFrame) -> set[int]:
    """Return the cruxes whose candidates come from two posts and two authors: those that people read first."""
    seen = candidates.groupby("crux_id")[["post_id", "author"]].nunique()
    return {int(crux) for crux in seen.index[(seen >= 2).all(axis=1)]}


def _best(
    frame: pd.DataFrame,
    first: set[int],
    nearness: Callable[[np.ndarray, np.ndarray], np.ndarray],
    encoder: Encoder,
    done: Callable[[int], None] | None,
) -> pd.DataFrame:
    """Return the best sentence of each crux, by `near` and `fit`; the encoder looks again at the best few of `first`.

    What is `known` to be as near as told is not encoded; `nearness` takes vectors and their cruxes.
    """
    frame = _in_order(frame)
    place = frame.groupby("crux_id").cumcount()
    asked = np.where(frame["crux_id"].isin(first), N_SENTENCES, 1)
    frame = frame[place < asked].reset_index(drop=True)
    open_ = (~frame["known"].astype(bool) & frame.duplicated("crux_id", keep=False)).to_numpy()
    if open_.any():
        vectors = encoder.encode(frame["sentence"][open_].tolist(), done)
        frame.loc[open_, "near"] = nearness(vectors, frame["crux_id"].to_numpy()[open_])
    return _in_order(frame).drop_duplicates("crux_id").set_index("crux_id")[["sentence", "segment_id"]]


def _in_order(frame: pd.DataFrame) -> pd.DataFrame:
    """Sort sentences by crux, the best first; equals by the alphabet."""
    # Beyond some digits a sum of products tells nothing but the order in which it was taken.
    score = (frame["near"] + frame["fit"]).astype("float64").round(6)
    keys = ["crux_id", "score", "sentence", "segment_id"]
    return frame.assign(score=score).sort_values(keys, ascending=[True, False, True, True]).reset_index(drop=True)
