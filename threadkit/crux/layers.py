"""From narrow to broad: cruxes that turn on the same thing share a theme."""

from __future__ import annotations

import numpy as np
import pandas as pd

from threadkit.base.lookup import true
from threadkit.crux.cluster import by_size, centers, in_one_order
from threadkit.crux.linkage import average_linkage

# Mean cosine distance at which themes stop merging; scripts/choose_distance.py finds it: on topics kept aside from
# training, mixed, where the groups come nearest to the topics.
BROAD = 0.6


def themes(objections: pd.DataFrame, vectors: np.ndarray, distance: float = BROAD) -> pd.Series:
    """Return the theme of each crux, by crux_id: the average linkage that made the cruxes, gone on to `distance`.

    Themes are numbered from 0 by the objections they hold. `vectors` (n_objections, dim), of unit length: row i belongs
    to objections.iloc[i]. A crux is never split over themes.
    """
    own = true(objections["crux_id"].notna() & objections["copy_of"].isna())
    ids, label = np.unique(objections["crux_id"][own].astype(np.int64), return_inverse=True)
    if not len(ids):
        return pd.Series([], index=pd.Index([], dtype=np.int64, name="crux_id"), dtype="int32")
    crux = np.full(len(own), -1)
    crux[own] = label
    # Summed in the order of the vectors, so that the order of the rows does not matter.
    middle, size = centers(vectors, crux, in_one_order(vectors, crux)), np.bincount(label).astype(np.float64)
    found = by_size(average_linkage(middle, distance, None, size), 0, size)
    return pd.Series(found, index=pd.Index(ids, name="crux_id"), dtype="int32")
