"""Which sites score comments: those on which two karmas differ."""

import pandas as pd
import pytest

from threadkit.corpus.scored import is_scored


def told(*rows, sites):
    posts = pd.DataFrame(
        {"site": pd.array(list(sites.values()), "string")}, index=pd.Index(list(sites), dtype="string")
    )
    comments = pd.DataFrame(
        {
            "post_id": pd.array([post for post, _ in rows], "string"),
            "karma": pd.array([karma for _, karma in rows], "Int32"),
        }
    )
    return is_scored(comments, posts).to_dict()


@pytest.mark.parametrize(
    ("karmas", "scored"), [((), False), ((None, None), False), ((1, 1), False), ((1, None), False), ((1, 2), True)]
)
def test_a_site_scores_where_two_karmas_differ(karmas, scored):
    assert told(*(("p", karma) for karma in karmas), sites={"p": "town"}) == {"p": scored}


def test_posts_of_one_site_share_what_is_known():
    sites = {"p": "town", "q": "town", "r": "lake", "s": None, "t": None}
    rows = [("p", 1), ("q", 2), ("r", 7), ("s", 1), ("t", 3)]
    assert told(*rows, sites=sites) == {"p": True, "q": True, "r": False, "s": True, "t": True}
