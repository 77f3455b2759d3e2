"""Where comments begin when their headers are lost: features, trees, and what they reach on threads never fitted on."""

from itertools import islice

import numpy as np
import pytest
from fit_boundaries import Judged, Scored, laid_out, off, right, seen

from threadkit.readers.page.boundaries import choose, likelihoods, model, shifted
from threadkit.readers.page.forest import forest
from threadkit.readers.page.gaps import FEATURES, NOTHING, features
from threadkit.readers.page.paragraphs import Paragraph
from threadkit.readers.page.quotations import sources
from threadkit.readers.page.voice import HABITS, Voices, habits

# Below what these threads give (0.77), by about what another fit of the same recipe may differ.
FLOOR_F1 = 0.72

TEXTS = [
    "I think that oak is what we should build our gates of; it has served us well, and it will serve us again.",
    "It swells in the first week. After that, nothing gets through it.",
    "lol no... oak rots!! everybody knows that",
    "what u need is elm, my granddad used it and its still there",
    "Thanks, this is helpful. I had never thought of elm.",
]


def parts_of(texts):
    return [Paragraph(n, text, 1) for n, text in enumerate(texts, 1)]


def test_features_are_finite_named_and_of_one_shape():
    parts = parts_of(TEXTS)
    found = features([], parts, sources([], parts), 0.4)
    assert found.shape == (5, len(FEATURES))
    assert len(set(FEATURES)) == len(FEATURES)
    assert np.isfinite(found).all()
    assert features([], [], []).shape == (0, len(FEATURES))
    one = features([], parts[:1], [None])
    assert one.shape == (1, len(FEATURES))
    assert one[0, FEATURES.index("stated count")] == NOTHING


def test_the_stated_count_is_a_feature_and_nothing_else_changes():
    parts = parts_of(TEXTS)
    told, silent = features([], parts, [None] * 5, 0.4), features([], parts, [None] * 5)
    changed = {FEATURES[i] for i in np.flatnonzero((told != silent).any(axis=0))}
    assert changed == {"stated count"}


def test_a_change_of_voice_is_measured():
    voices = Voices(TEXTS)
    same, other = voices.apart([0], [1]), voices.apart([1], [2])
    assert other.sum() > same.sum()
    typed = [HABITS.index(name) for name in ("starts in lower case", "ends without a mark", "ellipses")]
    assert (other[typed] == 1).all()
    assert (same[typed] == 0).all()
    assert habits("").shape == (len(HABITS),)
    assert np.isfinite(habits("\u2026")).all()


def test_a_forest_scores_as_its_nodes_say():
    grown = forest(
        {
            "bias": 0.5,
            "roots": [0, 3],
            "feature": [1, -1, -1, 0, -1, 1, -1, -1],
            "value": [2.0, -1.0, 1.0, 0.0, 10.0, 5.0, 20.0, 30.0],
            "left": [1, 0, 0, 4, 0, 6, 0, 0],
            "right": [2, 0, 0, 5, 0, 7, 0, 0],
        }
    )
    rows = np.array([[0.0, 2.0], [1.0, 5.0], [1.0, 5.1]])
    assert grown.log_odds(rows).tolist() == [0.5 - 1 + 10, 0.5 + 1 + 20, 0.5 + 1 + 30]
    assert grown.log_odds(rows[:0]).shape == (0,)


def test_the_stored_trees_are_whole():
    trees = model().trees
    inner = trees.feature >= 0
    assert trees.feature.max() < len(FEATURES)
    assert np.isfinite(trees.value).all()
    for child in (trees.left, trees.right):
        assert (child[inner] > np.flatnonzero(inner)).all()
        assert child.max() < len(trees.feature)
    assert 0.3 < model().slope < 2


def test_an_opener_is_likelier_than_what_goes_on():
    parts = parts_of([*TEXTS[:2], "Thanks, this is a great post! I agree with all of it.", "And so it goes on."])
    odds = likelihoods([], parts, [None] * 4, 0.5)
    assert odds[2] > odds[1]
    assert odds[2] > odds[3]


@pytest.mark.parametrize("n", [1, 3, 7, 12])
def test_a_count_is_kept_and_adds_up(n):
    odds = np.linspace(-4, 3, 15)
    p, chosen = choose(odds, n, floor=0.0)
    assert chosen.sum() == n
    assert p.sum() == pytest.approx(n, abs=0.01)
    assert p[chosen].min() >= p[~chosen].max()
    assert shifted(odds, n).sum() == pytest.approx(n, abs=1e-6)


def test_nothing_less_likely_than_the_floor_is_chosen():
    """Without a count and with one, each has its own; a span is a certain beginning, whatever its likelihood."""
    odds = np.linspace(-4, 3, 15)
    assert all(0 <= floor <= 0.5 for floor in model().floors)
    for n, floor in ((None, model().floors[0]), (7, model().floors[1])):
        p, chosen = choose(odds, n)
        assert (p[chosen] >= floor).all()
        assert chosen[p >= floor].all() or chosen.sum() == n
    p, chosen = choose(odds, None, floor=0.7)
    assert (chosen == (p >= 0.7)).all()
    assert chosen.any()
    assert choose(odds, None, [(0, 3)], floor=0.7)[1][:3].sum() == 1


def test_whole_comments_are_judged_from_end_to_end():
    said = Judged(np.array([0.9, 0.2, 0.8]), np.array([True, False, True]), np.array([True, False, False]))
    rows = said.comments()
    assert [good for _, good in rows] == [True, False, False]
    assert [p for p, _ in rows] == pytest.approx([0.9, 0.9 * 0.8 * 0.8, 0.8])
    assert off(np.array([0.25, 0.25, 0.25, 0.25]), np.array([1, 0, 0, 0])) == pytest.approx(0.0)
    assert off(np.array([0.9, 0.9]), np.array([1, 0])) == pytest.approx(0.4)


def scored(pages):
    fitted = model()
    return fitted, [Scored(page, {True: fitted.trees.log_odds(seen(page, counted=True))[1:]}) for page in pages]


def test_the_reader_and_the_fit_say_the_same(shared):
    (page,) = islice((p for p in laid_out("reddit", shared)), 1)
    _, (known,) = scored([page])
    odds = model().odds(known.log_odds[True])
    read = likelihoods(page.body, page.parts, page.found, float(page.begins.mean()))[1:]
    assert odds == pytest.approx(read)


def test_threads_never_fitted_on_are_parted_as_well_as_measured(shared):
    pages = [page for forum in ("reddit", "convokit") for page in laid_out(forum, shared) if page.part == "report"]
    pages += list(islice((page for page in laid_out("4forums", shared) if page.part == "report"), 8))
    assert len(pages) > 10
    fitted, known = scored(pages)
    said = [page.judge(fitted, counted=True) for page in known]
    _, _, f1 = right(said)
    y, p = np.concatenate([s.truth for s in said]), np.concatenate([s.p for s in said])
    by_chance = y.mean()
    assert f1 > FLOOR_F1
    assert f1 > by_chance + 0.2
    assert off(p, y) < 0.06
    rows = [row for s in said for row in s.comments()]
    sure = np.array([fitted.sure(product) for product, _ in rows])
    assert off(sure, np.array([good for _, good in rows])) < 0.1


def test_a_forum_of_one_thread_is_only_reported_on(shared):
    (page,) = islice(laid_out("hackernews", shared), 1)
    assert page.part == "report"
