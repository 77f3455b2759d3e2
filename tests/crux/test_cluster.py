"""CruxClusterer: scikit-learn's law, the exactness of its shortcuts, and what must hold for every seed."""

import numpy as np
import pytest
from scipy.cluster.hierarchy import fcluster, linkage
from sklearn.exceptions import NotFittedError
from sklearn.metrics import adjusted_rand_score
from sklearn.utils.estimator_checks import parametrize_with_checks

from threadkit.crux.cluster import CruxClusterer


def planted(seed, n_groups=12, per_group=9, n_alone=40, dim=32, noise=0.35):
    """Return unit rows around planted directions, and their group (−1 = a direction of its own)."""
    rng = np.random.default_rng(seed)
    middle = rng.normal(size=(n_groups, dim))
    middle /= np.linalg.norm(middle, axis=1, keepdims=True)
    rows = np.repeat(middle, per_group, axis=0) + noise * rng.normal(size=(n_groups * per_group, dim)) / np.sqrt(dim)
    rows = np.vstack([rows, rng.normal(size=(n_alone, dim))])
    truth = np.append(np.repeat(np.arange(n_groups), per_group), np.full(n_alone, -1))
    return rows / np.linalg.norm(rows, axis=1, keepdims=True), truth


@parametrize_with_checks([CruxClusterer(random_state=0)])
def test_keeps_scikit_learns_law(estimator, check):
    check(estimator)


@pytest.mark.parametrize("seed", range(5))
def test_finds_planted_groups_and_leaves_the_rest(seed):
    rows, truth = planted(seed)
    labels = CruxClusterer(random_state=seed).fit_predict(rows)
    grouped = truth >= 0
    assert adjusted_rand_score(truth[grouped], labels[grouped]) > 0.95
    assert (labels[~grouped] < 0).mean() > 0.8


@pytest.mark.parametrize("seed", range(3))
def test_groups_are_those_of_the_whole_tree(seed):
    rows, _ = planted(seed, noise=1.0)
    whole = fcluster(linkage(rows, "average", metric="cosine"), 0.45, criterion="distance")
    labels = CruxClusterer(distance=0.45, min_size=1, random_state=0).fit_predict(rows)
    assert adjusted_rand_score(whole, labels) == 1.0


def test_row_order_and_threads_do_not_matter():
    rows, _ = planted(7, noise=0.8)
    shuffle = np.random.default_rng(1).permutation(len(rows))
    one = CruxClusterer(random_state=0, n_jobs=1).fit(rows)
    two = CruxClusterer(random_state=0, n_jobs=2).fit(rows[shuffle])
    assert (one.labels_[shuffle] == two.labels_).all()
    assert one.centers_.tobytes() == two.centers_.tobytes()
    assert one.strengths_[shuffle].tobytes() == two.strengths_.tobytes()


def test_more_rows_than_are_grouped_exactly_are_still_grouped():
    rows, truth = planted(3, n_groups=6, per_group=60, n_alone=30, noise=0.5)
    sampled = CruxClusterer(distance=0.5, max_exact=150, random_state=0).fit_predict(rows)
    grouped = truth >= 0
    assert adjusted_rand_score(truth[grouped], sampled[grouped]) > 0.9


def test_predict_agrees_with_fit_on_its_own_groups():
    rows, truth = planted(11)
    clusterer = CruxClusterer(random_state=0).fit(rows)
    own = clusterer.labels_ >= 0
    assert (clusterer.predict(rows)[own] == clusterer.labels_[own]).mean() > 0.98
    assert (clusterer.predict(-rows[truth >= 0]) >= 0).mean() < 0.2


@pytest.mark.parametrize("n", [1, 2, 3])
def test_tiny_inputs(n):
    labels = CruxClusterer().fit_predict(np.eye(3)[:n])
    assert labels.tolist() == [-1] * n


def test_copies_fall_together():
    assert CruxClusterer().fit_predict(np.array([[1.0, 2.0], [1.0, 2.0], [-2.0, 1.0]])).tolist() == [0, 0, -1]


def test_a_distance_out_of_range_is_refused():
    with pytest.raises(ValueError, match="distance is 3"):
        CruxClusterer(distance=3).fit(np.eye(2))


def test_saved_and_loaded_it_predicts_the_same(tmp_path):
    rng = np.random.default_rng(7)
    X = np.concatenate([np.eye(12)[i] + rng.normal(scale=0.2, size=(20, 12)) for i in range(4)])
    new = rng.normal(size=(200, 12)) + 2 * np.eye(12)[rng.integers(12, size=200)]
    fitted = CruxClusterer(distance=0.5, random_state=3).fit(X)
    before = fitted.predict(new)
    assert len(set(before)) > 2
    fitted.save(tmp_path / "made" / "cruxes.npz")
    again = CruxClusterer.load(tmp_path / "made" / "cruxes.npz")
    assert again.get_params() == fitted.get_params()
    np.testing.assert_array_equal(again.predict(new), before)
    np.testing.assert_array_equal(again.labels_, fitted.labels_)
    assert [path.name for path in (tmp_path / "made").iterdir()] == ["cruxes.npz"], "nothing is left beside it"
    with pytest.raises(ValueError, match="12"):
        again.predict(new[:, :5])


def test_an_unfitted_clusterer_is_not_saved(tmp_path):
    with pytest.raises(NotFittedError):
        CruxClusterer().save(tmp_path / "cruxes.npz")
    assert not any(tmp_path.iterdir())


def test_some_rows_are_grouped_as_a_fit_of_them_groups_them():
    rng = np.random.default_rng(5)
    X = rng.normal(size=(8, 6)).repeat(10, axis=0) + rng.normal(0, 0.1, (80, 6))
    rows, weight = rng.permutation(80)[:50], rng.choice([0.5, 1.0], 50)
    for max_exact in (100, 20):
        clusterer = CruxClusterer(0.3, max_exact=max_exact, random_state=0)
        found = clusterer.group_rows(X, rows, weight)
        assert found.tolist() == clusterer.fit(X[rows], sample_weight=weight).labels_.tolist()
        assert found.max() >= 3
