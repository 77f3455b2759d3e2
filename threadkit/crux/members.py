"""Which objections make a crux, which crux each is in, and what an earlier run said of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from threadkit.base.lookup import true
from threadkit.corpus import earlier
from threadkit.corpus.tables import OBJECTIONS
from threadkit.crux.cluster import centers, strengths
from threadkit.crux.content import says_something

if TYPE_CHECKING:
    from threadkit.corpus.analysis import Analysis


def counted(objections: pd.DataFrame) -> np.ndarray:
    """Tell which objections make a crux (n,): those that make a point, in their own words."""
    own = true(objections["copy_of"].isna() & says_something(objections["text"]))
    return np.asarray(own & ~true(objections["talk"]))


def assign(objections: pd.DataFrame, labels: np.ndarray, strength: np.ndarray) -> pd.DataFrame:
    """Write crux and strength into the objections; a copy takes those of its original."""
    crux = pd.arrays.IntegerArray(labels.astype(np.int32), labels < 0)
    out = objections.assign(crux_id=crux, strength=strength.astype(np.float32))
    copies = out["copy_of"].dropna()
    out.loc[copies.index, ["crux_id", "strength"]] = out.loc[copies, ["crux_id", "strength"]].to_numpy()
    return OBJECTIONS.cast(out)


def crux_before(objections: pd.DataFrame, own: np.ndarray, known: Analysis) -> np.ndarray:
    """Return the crux that each objection that counts was in (n,), −1 = none."""
    row = earlier.rows_before(objections, known)
    crux = known.objections["crux_id"].to_numpy(dtype=np.int64, na_value=-1)
    return np.where((row >= 0) & own, np.append(crux, -1)[row], -1)


def fit(vectors: np.ndarray, ids: np.ndarray, weight: np.ndarray | None = None) -> np.ndarray:
    """Return how well each objection fits in its crux (n,); ids below 0 are in none, a row counts `weight` (n,)."""
    labels = np.full(len(ids), -1)
    labels[ids >= 0] = np.unique(ids[ids >= 0], return_inverse=True)[1]
    rows = vectors.astype(np.float64)
    return strengths(rows, labels, centers(rows, labels, weight=weight), weight)


def unmoved(objections: pd.DataFrame, known: Analysis) -> pd.Series:
    """Return the earlier run's stability of the cruxes that hold what they held then, by crux_id."""
    now, before = objections["crux_id"].dropna(), known.objections["crux_id"].dropna()
    stayed = now[before.reindex(now.index).eq(now).fillna(value=False)]
    sizes = pd.DataFrame(
        {name: ids.value_counts() for name, ids in {"now": now, "before": before, "stayed": stayed}.items()}
    )
    same = sizes.index[sizes["now"].eq(sizes["before"]) & sizes["now"].eq(sizes["stayed"])]
    return known.cruxes["stability"].reindex(same.astype("int64"))
