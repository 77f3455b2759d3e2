"""A bare argument answers the title of its post; a reply answers what shares its words."""

import numpy as np
import pytest

from threadkit.corpus.tables import COMMENTS, POSTS
from threadkit.dispute.bare import at_the_title
from threadkit.dispute.quotes import mark, trace
from threadkit.dispute.segment import segment
from threadkit.dispute.target import aim

TITLE = "We should abolish the ferry toll"
BODY = "The ferry toll costs commuters a tenth of their wages.\n\nThe toll pays for nothing but its own collectors."
ARGUMENT = "abolishing the ferry toll will cost the town jobs because collectors and guards would be out of work"
REPLY = "You say the toll pays for nothing but its collectors, but I looked and they also paint the jetty. Where did you get that?"


def targets(text, title=TITLE, parent=None, above=None):
    post = {"post_id": "p", "title": title, "author": "ana", "text": BODY}
    rows = [{"comment_id": "c", "post_id": "p", "author": "bo", "text": text, "depth": 0, "parent_id": parent}]
    if above:
        rows.insert(0, {"comment_id": parent, "post_id": "p", "author": "cy", "text": above, "depth": 0})
    comments = COMMENTS.build([{"origin": "stated", "confidence": 1.0, "status": "live", **row} for row in rows])
    posts = POSTS.build([post])
    segments = segment(comments)
    quotes = trace(segments, comments, posts)
    found = aim(mark(segments, quotes), quotes, comments, posts)
    return found, posts


def told(text, foreign=False, **more):
    found, posts = targets(text, **more)
    row = at_the_title(found, posts, np.full(len(found), foreign)).loc["c:0"]
    return row["evidence"], row["target_text"]


def test_a_bare_argument_answers_the_title():
    found, posts = targets(ARGUMENT)
    assert found.loc["c:0", "evidence"] == "post"
    moved = at_the_title(found, posts, np.zeros(1, dtype=bool))
    assert moved.loc["c:0", ["target_id", "target_text", "evidence"]].tolist() == ["p", TITLE, "claim"]
    assert moved.dtypes.equals(found.dtypes)
    assert moved.drop(columns=["target_id", "target_text", "evidence"]).equals(
        found.drop(columns=["target_id", "target_text", "evidence"])
    )


@pytest.mark.parametrize("text", [REPLY, "> The ferry toll costs commuters a tenth of their wages.\n\n" + ARGUMENT])
def test_who_takes_words_up_answers_them(text):
    found, posts = targets(text)
    assert at_the_title(found, posts, np.zeros(len(found), dtype=bool)).equals(found)


@pytest.mark.parametrize("title", [None, "Should we abolish the ferry toll?"])
def test_a_title_that_says_nothing_is_answered_by_nobody(title):
    assert told(ARGUMENT, title=title)[0] == "post"


def test_what_the_model_cannot_read_stays():
    assert told(ARGUMENT, foreign=True)[0] == "post"


def test_whoever_answers_a_comment_answers_it():
    assert told(ARGUMENT, parent="a", above="The ferry toll should stay, for the town needs its jobs.")[0] == "parent"


def test_nothing_is_asked():
    found, posts = targets(ARGUMENT)
    assert at_the_title(found[:0], posts, np.zeros(0, dtype=bool)).empty
