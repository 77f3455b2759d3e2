"""The report and the terminal name the same comment for a post: the best answer, as the table recurrence has it."""

import io

import pytest
from rich.console import Console

from threadkit.crux.recurrence import recur
from threadkit.report.browse import print_crux
from threadkit.report.ledger import Ledgers
from threadkit.report.markdown import markdown

TIMES = {"c1": 1, "c2": 1, "early": 2, "late": 3}
SAID = {"status": "live", "origin": "stated", "confidence": 1.0, "depth": 0, "text": "So it is.", "post_id": "p"}


@pytest.fixture(scope="module")
def answered(make):
    """Return an analysis of one crux on one post: somebody answered it first, then the post's author."""
    comments = [
        {**SAID, "comment_id": name, "author": name.upper(), "karma": 5, "posted_at": f"2024-01-0{day}"}
        for name, day in TIMES.items()
    ]
    objections = [
        {**SAID, "segment_id": f"{name}:0", "comment_id": name, "author": name.upper(), "target_id": "p",
         "target_text": "", "p_disagree": 0.9, "p_neutral": 0.1, "p_agree": 0.0, "stance": "disagree",
         "evidence": "post", "crux_id": 0, "strength": 0.9}
        for name in ("c1", "c2")
    ]  # fmt: skip
    answers = [
        {"segment_id": f"{to}:0", "crux_id": 0, "post_id": "p", "comment_id": to, "answered": True, "answer_id": by,
         "answer_author": by.upper(), "by_post_author": by == "late", "answered_at": f"2024-01-0{TIMES[by]}",
         "karma_margin": 2, "conceded": False, "came_back": False, "answer_text": "So it is."}
        for to, by in (("c1", "early"), ("c2", "late"))
    ]  # fmt: skip
    cruxes = [{"crux_id": 0, "title": "It is not so", "n_posts": 1, "n_objections": 2, "n_answered": 1,
               "n_authors": 2, "recurring": True, "example_id": "c1:0"}]  # fmt: skip
    rows = {
        "posts": [{"post_id": "p", "author": "LATE", "title": "So it is", "text": "", "site": "town"}],
        "comments": comments, "stances": objections, "objections": objections, "answers": answers, "cruxes": cruxes,
    }  # fmt: skip
    told = make(rows)
    came_up = recur(told.objections, told.comments, told.answers).reset_index().to_dict("records")
    return make({**rows, "recurrence": came_up})


def test_report_and_terminal_name_the_best_answer_of_a_post(answered):
    (answered_by,) = answered.recurrence["answered_by"]
    assert answered_by == "late"
    (place,), _ = Ledgers(answered, [0]).shown_places(0)
    assert (place.answer.words, place.by_post_author) == ("LATE", True)
    assert "| LATE (post's author) |" in markdown(answered)
    console = Console(file=io.StringIO(), width=140)
    print_crux(answered, 0, console)
    assert "comment late" in console.file.getvalue()
    assert "comment early" not in console.file.getvalue().split("Raised on 1 post")[-1]
