"""The map: same seed, same bytes; equal rows fall together; any size works."""

import numpy as np
import pytest

from threadkit.crux import layout
from threadkit.crux.layout import place


def rows(n, seed=0):
    X = np.random.default_rng(seed).normal(size=(n, 8)).astype(np.float32)
    return X / np.linalg.norm(X, axis=1, keepdims=True)


@pytest.mark.parametrize("n", [0, 1, 2, 5, 40])
def test_places_are_finite_and_the_same_again(n):
    X = rows(n)
    places = place(X, seed=3)
    assert places.shape == (n, 2)
    assert np.isfinite(places).all()
    assert places.tobytes() == place(X, seed=3).tobytes()


def test_row_order_does_not_matter_and_copies_fall_together():
    X = np.vstack([rows(30), rows(30)[:2]])
    order = np.random.default_rng(1).permutation(32)
    places = place(X, seed=0)
    assert places[order].tobytes() == place(X[order], seed=0).tobytes()
    assert (places[:2] == places[30:]).all()


def test_near_rows_lie_near():
    X = np.vstack([rows(1) + 0.05 * rows(40, 1), rows(1, 9) + 0.05 * rows(40, 2)])
    places = place(X, seed=0)
    own = np.linalg.norm(places[:40] - places[:40].mean(axis=0), axis=1).mean()
    assert np.linalg.norm(places[:40].mean(axis=0) - places[40:].mean(axis=0)) > 2 * own


@pytest.mark.slow
def test_large_maps_are_umaps(monkeypatch):
    monkeypatch.setattr(layout, "UMAP_FROM", 500)
    X = rows(505)
    assert place(X, seed=0).tobytes() == place(X, seed=0).tobytes()


def test_beyond_a_sample_rows_stand_beside_what_they_are_like(monkeypatch):
    monkeypatch.setattr(layout, "DRAWN", 60)
    X = np.vstack([rows(1) + 0.05 * rows(80, 1), rows(1, 9) + 0.05 * rows(80, 2)])
    X /= np.linalg.norm(X, axis=1, keepdims=True)
    places = place(X, seed=0)
    assert np.isfinite(places).all()
    middles = places[:80].mean(axis=0), places[80:].mean(axis=0)
    own = np.linalg.norm(places[:80] - middles[0], axis=1) < np.linalg.norm(places[:80] - middles[1], axis=1)
    assert own.mean() > 0.95
    order = np.random.default_rng(1).permutation(160)
    assert places[order].tobytes() == place(X[order], seed=0).tobytes()
