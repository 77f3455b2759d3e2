"""Layers: a broader one holds the groups of a narrower one whole."""

import numpy as np
import pandas as pd
import pytest

from threadkit.crux.cluster import CruxClusterer
from threadkit.crux.layers import themes


def nested(seed):
    """Return unit rows of 3 directions, 4 near each, 5 rows near each of these, with direction and sub-direction."""
    rng = np.random.default_rng(seed)
    broad = np.repeat(np.arange(3), 20)
    narrow = np.repeat(np.arange(12), 5)
    rows = 3 * np.eye(24)[broad] + 2 * np.eye(24)[3 + narrow] + 0.05 * rng.normal(size=(60, 24))
    return rows / np.linalg.norm(rows, axis=1, keepdims=True), broad, narrow


def test_merging_on_gives_the_broader_groups():
    rows, broad, narrow = nested(0)
    clusterer = CruxClusterer(distance=0.1, random_state=0).fit(rows)
    assert len(clusterer.centers_) == 12
    above = clusterer.broader(0.5)
    assert len(set(zip(clusterer.labels_, narrow, strict=True))) == 12
    assert len(set(zip(above[clusterer.labels_], broad, strict=True))) == 3
    assert clusterer.broader(0.1).tolist() == list(range(12)), "nothing merges on where it has stopped"


def test_a_narrower_layer_is_no_broader_one():
    rows, _, _ = nested(0)
    with pytest.raises(ValueError, match=r"at least 0\.3"):
        CruxClusterer(distance=0.3).fit(rows).broader(0.2)


def table(narrow, vectors):
    crux = pd.array(narrow, dtype="Int32")
    return pd.DataFrame({"crux_id": crux, "copy_of": pd.array([None] * len(vectors), dtype="string")})


def test_themes_are_numbered_by_size_and_never_split_a_crux():
    rows, broad, narrow = nested(1)
    keep = np.flatnonzero((broad != 1) | (np.arange(60) % 2 == 0))
    found = themes(table(narrow[keep], rows[keep]), rows[keep], 0.5)
    assert found.index.tolist() == list(range(12))
    assert found.groupby(np.arange(12) // 4).nunique().tolist() == [1, 1, 1]
    assert found[4] == 2, "the theme of the fewest objections comes last"
    shuffled = np.random.default_rng(2).permutation(len(keep))
    again = themes(table(narrow[keep][shuffled], rows[keep][shuffled]), rows[keep][shuffled], 0.5)
    assert again.equals(found)


def test_no_crux_no_theme():
    assert themes(table([], np.zeros((0, 4))), np.zeros((0, 4), dtype=np.float32)).empty
