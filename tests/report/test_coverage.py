"""What was read, and what was not: comments whose target is not there."""

import dataclasses

import pytest

from threadkit.dispute.segment import segment
from threadkit.report.coverage import coverage

POSTS = [
    {"post_id": "p", "title": "Pave the orchard?", "text": ""},
    {"post_id": "q", "text": ""},
    {"post_id": "r", "title": "–", "text": "Paving pays."},
]
SAID = {"status": "live", "origin": "stated", "confidence": 1.0, "depth": 0, "text": "The drains cost more than that."}


def missed(make, *rows, judged=()):
    """Return n and the share of comments whose target is not there; a row is id, post, parent, and what is changed."""
    names = ("comment_id", "post_id", "parent_id")
    comments = [{**SAID, **dict(zip(names, row[:3], strict=True)), **(row[3] if row[3:] else {})} for row in rows]
    stances = [
        {"segment_id": f"{name}:0", "comment_id": name, "post_id": "q", "target_id": "q", "target_text": "",
         "p_disagree": 0.9, "p_neutral": 0.1, "p_agree": 0.0, "stance": "disagree", "evidence": "quote"}
        for name in judged
    ]  # fmt: skip
    made = make({"posts": POSTS, "comments": comments, "stances": stances})
    made = dataclasses.replace(made, segments=segment(made.comments))
    found = [item for item in coverage(made).unread if item.label == "comments whose target is not in the export"]
    return [(item.n, item.share) for item in found]


@pytest.mark.parametrize(
    ("row", "lost"),
    [
        (("a", "p", None), False),
        (("a", "q", None), True),
        (("a", "r", None), False),
        (("a", "q", "b"), False),
        (("a", "p", "gone"), True),
        (("a", "q", None, {"text": ""}), False),
        (("a", "q", None, {"status": "bot"}), False),
    ],
)
def test_a_comment_whose_target_has_no_words_here_is_counted(make, row, lost):
    others = [("b", "p", None), ("gone", "p", None, {"status": "deleted", "text": ""})]
    n_live = 1 + (row[3:] == () or row[3].get("status", "live") == "live")
    assert missed(make, row, *others) == ([(1, f"{100 / n_live:.0f}%")] if lost else [])


def test_what_was_judged_all_the_same_is_not_counted(make):
    rows = [("a", "q", None), ("b", "q", None)]
    assert missed(make, *rows) == [(2, "100%")]
    assert missed(make, *rows, judged=["a"]) == [(1, "50%")]
