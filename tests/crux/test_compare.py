"""Two sides beside each other: figures by hand, mirrored sides, parts of one run, and halves that do not differ."""

import numpy as np
import pandas as pd
import pytest
from communities import RUN, TEXT, community, direction, population
from scipy import stats

from threadkit.base.errors import ModelError, OutputError, SettingError
from threadkit.corpus.comparison import load_comparison
from threadkit.crux.compare import compare, part
from threadkit.crux.contrast import differ

DAY = "2024-03-01"


def row(post, crux, point, karma=None, answered=False, author="u", day=DAY):
    return (post, author, crux, direction(point), karma, answered, day)


@pytest.fixture
def two():
    """A raises point 0 on 3 of 5 posts and point 1 on 2; B raises 0 once alone, 2 on 3 of its 4 posts."""
    a = [row(f"p{i}", 0, 0, karma=10 + i, answered=i < 2, author=f"u{i}") for i in range(3)]
    a += [row("p0", 0, 0, karma=20, author="u0"), row("p3", 1, 1, author=None), row("p4", 1, 1, author=None)]
    b = [row("q0", None, 0, karma=700)]
    b += [row(f"q{i}", 7, 2, karma=100 * i, answered=True, author=f"v{i}") for i in (1, 2, 3)]
    return community(a), community(b, prefix="b")


def test_figures_by_hand(two):
    table = compare(*two, names=("Hall", "Yard")).table
    assert table["kind"].tolist() == ["shared", "only A", "only B"]
    shared = table.loc[0]
    assert (shared["crux_ids_a"], shared["title_a"]) == ("0", "point 0")
    assert pd.isna(shared["crux_ids_b"]), "raised in B by one objection, which formed no crux there"
    assert shared[["n_posts_a", "n_posts_b", "n_objections_a", "n_authors_a"]].tolist() == [3, 1, 4, 3]
    assert shared[["prevalence_a", "prevalence_b"]].tolist() == pytest.approx([0.6, 0.25])
    assert shared["log_odds"] == pytest.approx(np.log((1.5 / 3.5) / (3.5 / 2.5)), rel=1e-6)
    assert shared["p_value"] == pytest.approx(stats.fisher_exact([[3, 2], [1, 3]])[1], rel=1e-6)
    assert shared["similarity"] == pytest.approx(1)
    # A's comments of known karma: 10, 11, 12, 20 are the places 1/8 to 7/8; B's: 100, 200, 300, 700.
    assert shared[["karma_a", "karma_b", "karma_difference"]].tolist() == pytest.approx([0.5, 7 / 8, 3 / 8])
    assert shared["answered_a"] == pytest.approx(2 / 3)
    assert pd.isna(shared["answered_b"]), "the lone objection has no crux, so nobody looked for its answer"
    assert pd.isna(shared["answered_difference"])
    assert table.loc[1, ["n_posts_a", "n_posts_b", "n_authors_a", "n_authors_b"]].tolist() == [2, 0, 1, 0]
    assert table.loc[2, ["crux_ids_b", "n_posts_b", "answered_b"]].tolist() == ["7", 3, 1]
    assert pd.isna(table.loc[2, "similarity"])
    q = stats.false_discovery_control(table["p_value"].to_numpy(dtype=float))
    assert table["q_value"].to_numpy(dtype=float) == pytest.approx(q, rel=1e-5)


def test_what_a_run_remembers(two, tmp_path):
    comparison = compare(*two, names=("Hall", "Yard"))
    run = comparison.run
    assert (run["names"], run["matched_by"], run["distance"]) == (["Hall", "Yard"], "vectors", 0.4)
    assert run["overlap_posts"] == 0
    assert [side["posts"] for side in run["sides"]] == [5, 4]
    assert run["kinds"] == {"shared": 1, "only A": 1, "only B": 1}
    again = load_comparison(comparison.save(tmp_path / "out"))
    pd.testing.assert_frame_equal(again.table, comparison.table)
    assert again.run == run
    with pytest.raises(OutputError, match="not a saved comparison"):
        load_comparison(tmp_path)


MIRROR = {
    "log_odds": "log_odds", "log_odds_low": "log_odds_high", "log_odds_high": "log_odds_low",
    "karma_difference": "karma_difference", "answered_difference": "answered_difference",
    "answered_low": "answered_high", "answered_high": "answered_low",
}  # fmt: skip


def mirrored(table):
    """Return the table with A and B changed, in an order that does not depend on which came first."""
    letters = {name: f"{name[:-2]}_{'ba'[name.endswith('_b')]}" for name in table.columns if name[-2:] in {"_a", "_b"}}
    out = table.rename(columns=letters)
    for name, other in MIRROR.items():
        out[name] = -table[other]
    return out.assign(kind=table["kind"].map({"shared": "shared", "only A": "only B", "only B": "only A"}))


def by_ids(table):
    keyed = table.assign(a=table["crux_ids_a"].fillna(""), b=table["crux_ids_b"].fillna(""))
    return keyed.sort_values(["a", "b"]).drop(columns=["a", "b"]).reset_index(drop=True)


@pytest.fixture(scope="module")
def halves():
    random = np.random.default_rng(3)
    weights = random.uniform(0.02, 0.5, 20)
    other = np.where(np.arange(20) < 4, 0.55 - weights, weights)
    return (
        community(population(random, 60, weights)),
        community(population(random, 45, other, prefix="b"), prefix="b"),
    )


def test_sides_mirror_each_other(halves):
    a, b = halves
    there, back = compare(a, b).table, compare(b, a).table
    assert (there["kind"] == "shared").sum() > 5
    back = mirrored(back)[there.columns].astype(there.dtypes)
    pd.testing.assert_frame_equal(by_ids(there), by_ids(back))


def test_the_order_of_rows_does_not_matter(halves):
    a, b = halves
    order = np.random.default_rng(0).permutation(len(a.objections))
    tables = {name: getattr(a, name) for name in a.__dataclass_fields__ if name not in {"vectors", "run"}}
    tables["objections"] = a.objections.iloc[order]
    tables |= {name: tables[name].sample(frac=1, random_state=1) for name in ("comments", "posts", "answers")}
    other = type(a)(**tables, vectors=a.vectors[order], run=a.run)
    pd.testing.assert_frame_equal(compare(other, b).table, compare(a, b).table)
    assert compare(other, b).run == compare(a, b).run


def test_halves_of_one_population_do_not_differ():
    called = shared = 0
    for seed in range(10):
        random = np.random.default_rng(seed)
        weights = random.uniform(0.05, 0.5, 12)
        a = community(population(random, 40, weights))
        b = community(population(random, 40, weights, prefix="b"), prefix="b")
        table = compare(a, b).table
        shared += int((table["kind"] == "shared").sum())
        called += int(((table["q_value"] <= 0.05) | (table["karma_q_value"] <= 0.05)).any())
    assert shared >= 110, "the points of both, 12 in each comparison, are found to be the same"
    # In one comparison in twenty a q-value may call a difference of frequency, in as many one of karma: one in
    # ten together, and 5 or more of 10 have a probability of 0.002. Of 100 such comparisons 4 called any.
    assert called <= 4


def test_real_differences_are_found(halves):
    table = compare(*halves).table
    sure = table[table["q_value"] <= 0.05]
    assert 2 <= len(sure) <= 8, "four points differ by design"


def test_parts_of_one_run_need_no_matching():
    rows = [row(f"p{i}", 0, 0, day=f"2024-0{i + 1}-15") for i in range(6)]
    rows += [row("p0", 1, 1, day="2024-01-20"), row("p1", 1, 1, day="2024-02-20"), row("p9", 1, 1, day=None)]
    # Two cruxes that vectors would take for one stay two: the run has told them apart.
    rows += [row(f"p{i}", 2, 0, day=f"2024-0{i + 1}-16") for i in (3, 4)]
    whole = community(rows)
    before, after = part(whole, until="2024-04-01"), part(whole, since="2024-04-01T00:00:00+00:00")
    comparison = compare(before, after, names=("before", "after"))
    table = comparison.table.set_index("crux_ids_a")
    assert comparison.run["matched_by"] == "ids"
    assert comparison.run["distance"] is None
    assert comparison.table["kind"].tolist() == ["shared", "only A", "only B"]
    assert comparison.table["crux_ids_b"].fillna("").tolist() == ["0", "", "2"]
    assert table.loc["0", ["n_posts_a", "n_posts_b"]].tolist() == [3, 3]
    assert [side["posts"] for side in comparison.run["sides"]] == [3, 3]
    assert [text for text in comparison.run["not_comparable"] if "without a time" in text] == [
        "1 objections without a time belong to no period and are left out."
    ]
    told = compare(before, after, distance=0.4)
    assert told.run["matched_by"] == "vectors"
    assert told.table["kind"].value_counts().to_dict() == {"shared": 1, "only A": 1}
    for wrong in ("soon", "", object()):
        with pytest.raises(SettingError, match="2024-05-01"):
            part(whole, since=wrong)


def test_continued_runs_keep_their_ids_and_tell_shared_posts():
    run = {**RUN, "lineage": "first"}
    a = community([row("p", 4, 0), row("q", 4, 0)], run)
    b = community([row("p", 4, 1), row("r", 4, 1)], {**run, "models": {"own": "r2", "judge": "j1"}}, prefix="b")
    comparison = compare(a, b)
    assert comparison.table["kind"].tolist() == ["shared"]
    assert comparison.run["overlap_posts"] == 1
    assert any("1 posts stand on both sides" in words for words in comparison.run["not_comparable"])


def test_cruxes_that_merged_since_are_one():
    run = {**RUN, "lineage": "first"}
    a = community([row("p", 4, 0), row("q", 5, 1)], run)
    b = community([row("r", 4, 0)], {**run, "merged": {"5": 4}}, prefix="b")
    table = compare(a, b).table
    assert table["kind"].tolist() == ["shared"]
    assert table.loc[0, ["n_posts_a", "n_posts_b"]].tolist() == [2, 1]


def test_runs_that_cannot_be_compared(two):
    a, b = two
    other = community([row("p", 0, 0)], {**RUN, "models": {"own": "r2"}})
    with pytest.raises(ModelError, match=r"Hall.*r1.*Yard.*r2.*analyze both again"):
        compare(a, other, names=("Hall", "Yard"))
    finer = community([row("p", 0, 0)], {**RUN, "settings": {**RUN["settings"], "distance": 0.2}})
    with pytest.raises(SettingError, match=r"distance 0\.2, the other at 0\.4"):
        compare(a, finer)
    assert len(compare(a, finer, distance=0.4).table) == 2
    with pytest.raises(SettingError, match="above 0"):
        compare(a, b, distance=0)


def test_nothing_on_one_side_or_on_both(two):
    a, _ = two
    nothing = community([])
    for first, second, kind in ((a, nothing, "only A"), (nothing, a, "only B")):
        comparison = compare(first, second)
        assert comparison.table["kind"].tolist() == [kind] * 2
        assert comparison.table["q_value"].isna().all()
        assert any("holds no objection" in words for words in comparison.run["not_comparable"])
    assert compare(nothing, nothing).table.empty


def test_copies_and_empty_words_count_nowhere():
    a = community([row("p", 0, 0), row("q", 0, 0)])
    rows = [row("r", None, 0), row("s", None, 0), row("t", None, 0)]
    b = community(rows, texts=["That is simply wrong.", TEXT, TEXT], prefix="b")
    b.objections["copy_of"] = pd.array([None, None, "bc00001:0"], dtype="string")
    found = compare(a, b)
    assert found.table["n_posts_b"].tolist() == [1]
    assert found.run["sides"][1]["posts"] == 2, "a post with nothing but a copy holds no objection"


def test_differ_is_scipys():
    random = np.random.default_rng(0)
    frames = []
    for n in (40, 25):
        frames.append(pd.DataFrame({"point": random.integers(0, 5, n), "place": random.integers(0, 9, n) / 9}))
    frames[0].loc[len(frames[0])] = [9, 0.5]
    frames += [frames[0].sample(frac=1, random_state=0)]
    found = differ(frames[0], frames[1])
    assert found.index.tolist() == [0, 1, 2, 3, 4], "point 9 is known on one side only"
    for point, p in found.items():
        a, b = (frame.loc[frame["point"] == point, "place"] for frame in frames[:2])
        assert p == pytest.approx(stats.mannwhitneyu(a, b, method="asymptotic").pvalue)
    pd.testing.assert_series_equal(differ(frames[1], frames[0]), found)
    same = pd.DataFrame({"point": [1, 1], "place": [0.5, 0.5]})
    assert differ(same, same).tolist() == [1], "no spread, no difference"
