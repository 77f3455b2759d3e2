"""Two corpora, one: what only shares an id stays apart, what is the same stands once."""

import pandas as pd

from threadkit.corpus.corpus import Corpus
from threadkit.corpus.tables import COMMENTS, POSTS


def corpus(post_id, comments, site="town"):
    """Return a corpus of one post; comments are id → parent."""
    rows = [
        {"comment_id": name, "post_id": post_id, "parent_id": parent, "text": name, "depth": 0, "confidence": 1}
        for name, parent in comments.items()
    ]
    return Corpus(POSTS.build([{"post_id": post_id, "site": site, "text": ""}]), COMMENTS.build(rows))


OLD = corpus("1", {"2": None})
NEW = corpus("10", {"1": None, "4": "1"})


def parents(joined):
    return joined.comments["parent_id"].fillna("").to_dict()


def test_a_new_comment_that_is_called_like_an_old_post_is_renamed():
    joined = OLD.join(NEW)
    assert parents(joined) == {"2": "", "town:1": "", "4": "town:1"}
    told = joined.problems.iloc[0]
    assert told["comment_id"] == "town:1"
    assert told["what"] == "id '1' names both a post and a comment"
    assert "renamed town:1" in told["cure"]


def test_an_old_comment_that_is_called_like_a_new_post_is_renamed():
    joined = NEW.join(OLD)
    assert parents(joined) == {"2": "", "town:1": "", "4": "town:1"}
    assert joined.problems["comment_id"].tolist() == ["town:1"]


def test_a_renamed_comment_that_comes_again_stands_once():
    for joined in (OLD.join(NEW).join(NEW), OLD.join(NEW).join(OLD), NEW.join(OLD).join(NEW)):
        assert parents(joined) == {"2": "", "town:1": "", "4": "town:1"}


def test_without_a_site_the_names_stay_apart_too():
    joined = corpus("1", {"2": None}, None).join(corpus("10", {"1": None, "comment:1": "1"}, None))
    assert parents(joined) == {"2": "", "comment:1~2": "", "comment:1": "comment:1~2"}


def test_nothing_is_renamed_where_nothing_is_shared():
    joined = OLD.join(corpus("20", {"21": None}))
    assert set(joined.comments.index) == {"2", "21"}
    assert joined.problems.empty
    pd.testing.assert_frame_equal(OLD.comments, corpus("1", {"2": None}).comments)
