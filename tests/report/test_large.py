"""Ten thousand objections: the page stays small, quick and complete."""

import json
import re
import time

import numpy as np
import pytest

from threadkit.report.page import write_page
from threadkit.report.plot import MAX_POINTS, Plots
from threadkit.report.view import FULL_CRUXES, MAX_CRUXES, report


@pytest.fixture(scope="session")
def large(make):
    """Ten thousand objections of two hundred characters in four hundred cruxes under three hundred posts."""
    rng = np.random.default_rng(0)
    n, n_cruxes, n_posts = 10_000, 400, 300
    vocabulary = np.array([f"word{i}" for i in range(3000)])
    texts = [" ".join(rng.choice(vocabulary, 28)) for _ in range(n)]
    crux = rng.integers(1, n_cruxes * 2, n)
    posts = [
        {"post_id": f"p{i}", "title": f"Post number {i}", "url": f"https://forum.example/p{i}"} for i in range(n_posts)
    ]
    where = rng.integers(0, n_posts, n)
    comments = [
        {
            "comment_id": f"c{i}",
            "post_id": f"p{where[i]}",
            "author": f"author {i % 700}",
            "karma": i % 50,
            "depth": 0,
            "posted_at": "2024-01-01",
            "origin": "stated",
            "confidence": 1.0,
            "status": "live",
            "text": texts[i],
            "url": f"https://forum.example/p{where[i]}/c{i}",
        }
        for i in range(n)
    ]
    objections = [
        {
            "segment_id": f"c{i}:0",
            "comment_id": f"c{i}",
            "post_id": f"p{where[i]}",
            "author": f"author {i % 700}",
            "text": texts[i],
            "crux_id": int(crux[i]) if crux[i] <= n_cruxes else None,
            "strength": 0.5,
            "stance": "disagree",
            "x": float(rng.normal()),
            "y": float(rng.normal()),
        }
        for i in range(n)
    ]
    base = {
        "n_defenders": 12,
        "n_independent": 9,
        "n_posts_close": 9,
        "n_posts_expected": 2.5,
        "effect": 3.6,
        "effect_low": 2.1,
        "effect_high": 5.9,
        "q_value": 0.002,
        "prevalence": 0.01,
        "n_conceded": 3,
        "n_after_answer": 4,
        "n_days": 900.0,
        "rhythm": "steady",
        "set_off_by": "p7",
        "n_answered": 1,
        "recurring": True,
        "n_objections": 12,
        "n_posts": 12,
        "n_authors": 12,
    }
    cruxes = [
        {
            "crux_id": c,
            "title": texts[c],
            "claim": texts[-c],
            "words": "one, two, three",
            "best_answer_id": f"c{c}",
            **base,
        }
        for c in range(1, n_cruxes + 1)
    ]
    sides = [
        {
            "crux_id": int(crux[i]),
            "segment_id": f"c{(i + 7) % n}:0",
            "side": "defender",
            "comment_id": f"c{(i + 7) % n}",
            "post_id": f"p{where[(i + 7) % n]}",
            "author": f"author {i % 600}",
            "text": texts[(i + 7) % n],
        }
        for i in range(n)
        if crux[i] <= n_cruxes
    ]
    pairs = sorted({(int(crux[i]), f"p{where[i]}") for i in range(n) if crux[i] <= n_cruxes})
    recurrence = [{"crux_id": c, "post_id": p, "n_objections": 1, "n_authors": 1} for c, p in pairs]
    answers = [
        {
            "segment_id": f"c{i}:0",
            "crux_id": int(crux[i]),
            "post_id": f"p{where[i]}",
            "comment_id": f"c{i}",
            "author": f"author {i % 700}",
            "answered": True,
            "answer_id": f"c{crux[i]}",
            "answer_author": "somebody",
            "answered_at": "2024-02-01",
            "answer_text": " ".join([texts[i]] * 3)[:600],
            "conceded": i % 3 == 0,
            "came_back": False,
        }
        for i in range(n)
        if crux[i] <= n_cruxes
    ]
    months = [f"{2010 + m // 12}-{m % 12 + 1:02d}-01" for m in range(180)]
    trends = [
        {"crux_id": c, "month": month, "n_objections": 1, "n_posts": 1, "n_posts_active": 4 + (c + m) % 9,
         "prevalence": 1 / (4 + (c + m) % 9), "low": 0.1, "high": 0.5}
        for c in range(1, n_cruxes + 1)
        for m, month in enumerate(months)
    ]  # fmt: skip
    return make(
        {
            "answers": answers,
            "trends": trends,
            "posts": posts,
            "comments": comments,
            "objections": objections,
            "cruxes": cruxes,
            "sides": sides,
            "recurrence": recurrence,
        }
    )


def test_page_of_ten_thousand_objections_stays_below_five_megabytes(large, tmp_path):
    path = write_page(large, tmp_path / "report.html")
    assert path.stat().st_size < 5_000_000
    text = path.read_text(encoding="utf-8")
    assert text.count('<article class="crux"') == MAX_CRUXES
    assert "and 300 more in <code>cruxes.parquet</code>" in text
    assert len(json.loads(re.search(r'id="data">(.*?)</script>', text)[1])["rows"]["x"]) == 10_000


def test_every_crux_says_how_many_voices_it_leaves_out(large):
    shown = report(large)
    for i, crux in enumerate(shown.recurring):
        n = len(crux.objectors.voices)
        assert n + crux.objectors.more == int((large.objections["crux_id"] == crux.crux_id).sum())
        assert n <= 3 or i < FULL_CRUXES


def test_view_of_ten_thousand_objections_takes_seconds_not_minutes(large):
    start = time.process_time()
    report(large)
    assert time.process_time() - start < 20  # about one second on one quiet core


def test_map_is_thinned_evenly(large):
    figure = Plots(large).map()
    drawn = sum(len(trace.x) for trace in figure.data)
    assert drawn == MAX_POINTS == figure.layout.meta["shown"]
    pale = next(len(trace.x) for trace in figure.data if trace.meta == "ungrouped")
    share = large.objections["crux_id"].isna().mean()
    assert pale / drawn == pytest.approx(share, abs=0.01)
    assert not any(re.search("scattergl", trace.type) for trace in figure.data)
