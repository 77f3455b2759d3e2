"""Cells: near rows find each other without everybody looking at everybody."""

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score
from test_cluster import planted

from threadkit.base.executor import one_numerical_thread
from threadkit.crux import cells
from threadkit.crux.cells import Cells, Everywhere
from threadkit.crux.cluster import CruxClusterer
from threadkit.crux.linkage import agree, average_linkage, distinct


@pytest.fixture
def small_cells(monkeypatch):
    """Let some hundred rows fill several cells."""
    monkeypatch.setattr(cells, "ROWS_PER_LEADER", 12)


@pytest.mark.usefixtures("small_cells")
@pytest.mark.parametrize("seed", range(3))
def test_nearly_all_nearest_are_found(seed):
    rows, _ = planted(seed, n_groups=40, per_group=20, n_alone=200, noise=0.6)
    everyone = np.arange(len(rows))
    with one_numerical_thread():
        near, cosine = Everywhere().look(rows, everyone, everyone, 1)
        found, _ = Cells(rows, seed, 1).look(rows, everyone, everyone, 1)
    assert (near == found)[cosine >= 0.5].mean() > 0.95
    assert (near == found).mean() < 1, "with so few cells to each row some must be missed, or everybody was looked at"


@pytest.mark.usefixtures("small_cells")
@pytest.mark.parametrize("seed", range(3))
def test_groups_agree_with_the_exact_ones(seed):
    rows, truth = planted(seed, n_groups=30, per_group=25, n_alone=200, noise=0.6)
    exact = CruxClusterer(random_state=0).fit_predict(rows)
    found = CruxClusterer(random_state=seed, max_exact=100).fit_predict(rows)
    assert adjusted_rand_score(exact, found) > 0.95
    assert adjusted_rand_score(truth[truth >= 0], found[truth >= 0]) > 0.95


@pytest.mark.usefixtures("small_cells")
def test_row_order_and_threads_do_not_matter():
    rows, _ = planted(5, n_groups=20, per_group=20, n_alone=100, noise=0.8)
    rows = np.vstack([rows, rows[:50]]).astype(np.float32)
    shuffle = np.random.default_rng(1).permutation(len(rows))
    one = CruxClusterer(random_state=0, n_jobs=1, max_exact=100).fit(rows)
    two = CruxClusterer(random_state=0, n_jobs=3, max_exact=100).fit(rows[shuffle])
    assert (one.labels_[shuffle] == two.labels_).all()
    assert one.centers_.tobytes() == two.centers_.tobytes()


def test_a_flood_of_equal_rows_is_one_row():
    flood = np.repeat(np.eye(8)[:2], 30_000, axis=0)
    rows = np.vstack([flood, np.eye(8)[2:]])
    labels = average_linkage(rows, 0.4, 1, max_exact=1000)
    assert labels.tolist() == [0] * 30_000 + [30_000] * 30_000 + list(range(60_000, 60_006))


def test_equal_rows_weigh_together():
    first, copy_of = distinct(np.array([[0.0, 1.0], [1.0, 0.0], [0.0, 1.0]]))
    assert (first.tolist(), copy_of.tolist()) == ([0, 1], [0, 1, 0])
    # Three of one direction and one of another: the mean leans to the three, and a fourth row is near it or not.
    rows = np.array([[1.0, 0.0]] * 3 + [[0.8, 0.6], [0.28, 0.96]])
    assert average_linkage(rows, 0.42, 1).tolist() == average_linkage(rows, 0.42, 1, max_exact=1).tolist()


def test_who_is_found_hears_of_it():
    nearest, cosine = np.array([2, 2, -1]), np.array([0.6, 0.7, -np.inf])
    agree(np.arange(3), nearest, cosine)
    assert (nearest.tolist(), cosine.tolist()) == ([2, 2, 1], [0.6, 0.7, 0.7])
