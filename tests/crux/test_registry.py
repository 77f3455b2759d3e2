"""The memory of cruxes: what holds for any old grouping and any new one."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from threadkit.crux.registry import MERGED, carry_on, gone_quiet, matches


@st.composite
def groupings(draw):
    n = draw(st.integers(1, 40))
    groups = draw(st.lists(st.integers(-1, 6), min_size=n, max_size=n))
    known = draw(st.lists(st.integers(-1, 5), min_size=n, max_size=n))
    return np.array(groups), np.array(known)


@given(groupings())
def test_ids_are_kept_and_never_given_twice(pair):
    groups, known = pair
    found = carry_on(groups, known, 100)
    ids = found.ids
    old = known >= 0
    stays = np.isin(known, list(found.merged)) | np.isin(ids, list(found.split))
    assert (ids[old & ~stays] == known[old & ~stays]).all(), "an old objection stays in its crux"
    assert all(ids[known == gone].tolist() == [to] * (known == gone).sum() for gone, to in found.merged.items())
    assert set(ids[ids >= 100]) <= set(range(100, found.next_id))
    assert set(found.split) <= set(range(100, found.next_id))
    assert not set(found.merged) & set(ids), "a merged crux is empty"
    new = ~old & (groups < 0)
    assert (ids[new] == -1).all(), "who is in no group is in no crux"


@given(groupings(), st.randoms(use_true_random=False))
def test_row_order_does_not_matter(pair, random):
    groups, known = pair
    order = list(range(len(groups)))
    random.shuffle(order)
    one, two = carry_on(groups, known, 50), carry_on(groups[order], known[order], 50)
    assert one.ids[order].tolist() == two.ids.tolist()
    assert (one.merged, one.split, one.next_id) == (two.merged, two.split, two.next_id)


@given(groupings())
def test_nothing_new_changes_nothing(pair):
    groups, _ = pair
    found = carry_on(groups, groups, 50)
    assert found.ids.tolist() == groups.tolist()
    assert (found.merged, found.split, found.next_id) == ({}, {}, 50)


def test_a_crux_stands_where_it_is_most_of_a_group_even_if_more_of_it_went_elsewhere():
    known = np.array([4] * 10 + [6] * 10)
    groups = np.array([0] * 4 + [1] * 16)
    found = carry_on(groups, known, 9)
    assert found.ids.tolist() == known.tolist()
    assert (found.merged, found.split) == ({}, {}), "else the rest of it would be merged when nothing new is read"


def test_a_crux_that_went_over_as_a_whole_is_merged():
    known = np.array([0] * 6 + [1] * 5)
    over = np.zeros(11, dtype=int)
    assert carry_on(over, known, 9).merged == {1: 0}
    half = np.array([0] * 6 + [0, 0, 0, 5, 5])
    assert MERGED > 3 / 5
    assert carry_on(half, known, 9).merged == {}, "three of five are not the crux"


def test_a_part_that_left_gets_an_id_of_its_own():
    known = np.array([4] * 6 + [-1])
    groups = np.array([0, 0, 0, 0, 1, 1, 1])
    found = carry_on(groups, known, 9)
    assert found.ids.tolist() == [4, 4, 4, 4, 9, 9, 9]
    assert found.split == {9: 4}
    one = carry_on(np.array([0, 0, 0, 0, 0, 1, 1]), known, 9)
    assert one.split == {}, "one objection is no part"
    assert one.ids.tolist() == [4] * 7


def test_matches_tell_known_from_new():
    objections = pd.DataFrame(
        {"crux_id": pd.array([1, 1, 7, None], dtype="Int32"), "strength": [0.9, 0.8, 0.7, 0.0]},
        index=["old:0", "a:0", "b:0", "c:0"],
    )
    table = matches(objections, pd.Index(["old:0"]), pd.Index([1]))
    assert table["how"].to_dict() == {"a:0": "known", "b:0": "new", "c:0": "none"}


def test_quiet_is_told_beside_the_forums_own_activity():
    def forum(days):
        at = pd.to_datetime("2024-01-01", utc=True) + pd.to_timedelta(range(200), "D")
        comments = pd.DataFrame({"posted_at": at}, index=[f"c{i}" for i in range(200)])
        crux = pd.array([0 if i in days else None for i in range(200)], dtype="Int32")
        objections = pd.DataFrame(
            {"crux_id": crux, "copy_of": pd.array([None] * 200, dtype="string"), "comment_id": comments.index,
             "post_id": [f"p{i}" for i in range(200)]},
            index=[f"c{i}:0" for i in range(200)],
        )  # fmt: skip
        return gone_quiet(objections, comments).to_dict()

    assert forum({5, 20, 40, 60, 80}) == {0: True}, "five posts in the first 40 %, then none"
    assert forum({5, 20, 40, 60, 195}) == {0: False}
    assert forum({5}) == {0: False}, "one post makes no rhythm"


def test_one_large_thread_is_no_long_silence():
    posts = [*range(5), *range(5), *[5] * 60]
    at = pd.Timestamp("2024-01-01", tz="UTC") + pd.to_timedelta([*range(5), *range(5), *range(5, 65)], "D")
    ids = [f"c{i}" for i in range(len(posts))]
    objections = pd.DataFrame(
        {"crux_id": pd.array([0] * 5 + [None] * 65, dtype="Int32"), "copy_of": pd.array([None] * 70, dtype="string"),
         "comment_id": ids, "post_id": [f"p{post}" for post in posts]},
        index=[f"{name}:0" for name in ids],
    )  # fmt: skip
    assert gone_quiet(objections, pd.DataFrame({"posted_at": at}, index=ids)).to_dict() == {0: False}
