"""One small analysis of invented people and words, hostile on purpose, and its lesser siblings."""

import shutil

import numpy as np
import pandas as pd
import pytest

from threadkit.corpus.analysis import Analysis
from threadkit.corpus.schema import COUNT
from threadkit.corpus.tables import ANALYSIS_TABLES
from threadkit.corpus.tables import CRUXES as CRUXES_TABLE
from threadkit.report.page import write_page

# What a browser must be told to do nothing of its own on the network.
BROWSER_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

SCRIPT = "<script>alert(1)</script>"
IMAGE = '"><img src=x onerror="alert(2)">'
NOT_A_LINK = "javascript:alert(3)"
CLOSE = "</script><script>alert(4)</script>"
OVERRIDE = "safe\u202egnp.exe"
TABLE_BREAK = "a | b `c` | <b>d</b>"
FORMULA = "=1+1"
LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 3

POSTS = [
    {
        "post_id": "p1",
        "site": "Hedge Hall",
        "url": "https://forum.example/p1",
        "title": f"Should we pave the orchard? {SCRIPT}",
        "author": "Wren",
        "posted_at": "2023-01-05T08:00:00Z",
        "karma": 40,
        "n_comments_stated": 9,
        "text": "Paving pays for itself.",
    },
    {
        "post_id": "p2",
        "site": "Hedge Hall",
        "url": NOT_A_LINK,
        "title": f"Paving, a year on {TABLE_BREAK}",
        "author": pd.NA,
        "posted_at": "2024-02-01T08:00:00Z",
        "karma": pd.NA,
        "text": "The paving was cheap.",
    },
    {
        "post_id": "p3",
        "site": "Hedge Hall",
        "url": pd.NA,
        "title": pd.NA,
        "author": "Ibis",
        "text": "A post with no title whose first words stand for it.",
    },
    {"post_id": "p4", "site": "Hedge Hall", "url": pd.NA, "title": pd.NA, "author": "Ibis", "text": ""},
]

# id, post, author, karma, agreement, day, text, crux, copy of
OBJECTIONS = [
    ("c1", "p1", "Ana", 12, 5, "2023-01-06", "Paving costs more in drains than it ever saves.", 1, None),
    ("c2", "p1", "Bo|b", -3, -2, "2023-01-07", f"The drains will cost you twice. {SCRIPT}", 1, None),
    (
        "c3",
        "p2",
        IMAGE,
        1234,
        pd.NA,
        "2024-02-02",
        "You forgot the [drains](https://example.org/drains?a=1&b=2), again.",
        1,
        None,
    ),
    (
        "c4",
        "p3",
        pd.NA,
        pd.NA,
        pd.NA,
        None,
        f"> it pays for itself\n\nIt never did: [proof]({NOT_A_LINK}) {LONG_WORD}",
        1,
        None,
    ),
    ("c5", "p3", "Ana", 2, 0, "2024-03-02", "Paving costs more in drains than it ever saves.", 1, "c1:0"),
    ("c6", "p1", "Cleo", 7, 1, "2023-01-08", f"Children need the orchard. {OVERRIDE}", 2, None),
    ("c7", "p2", "Dot", 0, pd.NA, "2024-02-03", CLOSE, 2, None),
    (
        "c8",
        "p2",
        "[deleted]",
        3,
        pd.NA,
        "2024-02-04",
        "Where would the children play?\n```\nif paved: no_play()\n```",
        2,
        None,
    ),
    ("c9", "p1", "Ed", 5, 5, "2023-01-09", FORMULA, 3, None),
    ("c10", "p1", "Ed", 5, 5, "2023-01-09", "And *again*: the colour is wrong.", 3, None),
    ("c11", "p2", "Flo", 1, 1, "2024-02-05", "https://example.org/only-a-link", None, None),
    ("c12", "p4", "Gus", 1, 1, "2024-02-06", "# Heading | not | a heading $x$ @gus", None, None),
]

# Counts cannot be missing: what a test does not name is 0.
NO_COUNTS = {name: 0 for name, column in CRUXES_TABLE.columns.items() if column.dtype == COUNT}

CRUXES = [
    {
        "crux_id": 1,
        "n_threads": 4,
        "n_authors_effective": 2.6,
        "n_independent": 2,
        "n_posts_close": 2,
        "n_posts_expected": 0.8,
        "effect": 2.5,
        "effect_low": 1.25,
        "effect_high": 6.4,
        "p_value": 0.0004,
        "q_value": 0.0012,
        "spread": 0.93,
        "prevalence": 0.36,
        "prevalence_karma": 0.97,
        "prevalence_agreement": 0.004,
        "load_bearing": 0.625,
        "n_comments_defending": 3,
        "karma_defending": 41,
        "agreement_defending": -2,
        "reworded": f"In short: drains {SCRIPT}",
        "reception": "liked, disagreed with",
        "n_conceded": 1,
        "n_after_answer": 2,
        "best_answer_id": "d1",
        "n_days": 392.3,
        "rhythm": "burst",
        "set_off_by": "p2",
        "title": f"Paving costs more in drains than it saves {IMAGE}",
        "claim": f"Paving pays for itself. {SCRIPT}",
        "words": "drains, cost, twice | `x`",
        "example_id": "c1:0",
        "n_objections": 4,
        "n_copies": 1,
        "n_posts": 3,
        "n_authors": 3,
        "n_defenders": 2,
        "n_answered": 1,
        "recurring": True,
        "karma_sum": 1243,
        "karma_median": 12.0,
        "agreement_sum": 3,
        "agreement_median": 1.5,
        "first_at": "2023-01-06",
        "last_at": "2024-02-02",
        "stability": 0.8125,
    },
    {
        "crux_id": 2,
        "n_threads": 2,
        "n_authors_effective": 2.0,
        "n_independent": 2,
        "n_posts_close": 2,
        "n_posts_expected": 1.0,
        "effect": 2.0,
        "effect_low": 0.6,
        "effect_high": 5.1,
        "p_value": 0.21,
        "q_value": 0.4,
        "prevalence": 0.27,
        "n_days": 0.4,
        "rhythm": "steady",
        "title": f"{OVERRIDE} Children need the orchard",
        "claim": "Nobody uses the orchard.",
        "words": "children, play",
        "example_id": "c6:0",
        "n_objections": 3,
        "n_copies": 0,
        "n_posts": 2,
        "n_authors": 2,
        "n_defenders": 0,
        "n_answered": 0,
        "recurring": True,
        "karma_sum": 10,
        "karma_median": 3.0,
        "first_at": "2023-01-08",
        "last_at": "2024-02-04",
    },
    {
        "crux_id": 3,
        "title": FORMULA,
        "claim": pd.NA,
        "words": pd.NA,
        "example_id": "c9:0",
        "n_objections": 2,
        "n_copies": 0,
        "n_posts": 1,
        "n_authors": 1,
        "n_defenders": 0,
        "n_answered": 0,
        "recurring": False,
        "karma_sum": 5,
        "karma_median": 5.0,
    },
]

SIDES = [
    {
        "crux_id": 1,
        "segment_id": "d1:0",
        "side": "defender",
        "comment_id": "d1",
        "post_id": "p1",
        "author": "Wren",
        "text": "It *did* pay, see https://example.org/books.",
    },
    {
        "crux_id": 1,
        "segment_id": "p1:0",
        "side": "defender",
        "comment_id": pd.NA,
        "post_id": "p1",
        "author": "Wren",
        "text": "Paving pays for itself.",
    },
]

# objection, post, crux, objector, answer, by the post's author, words, margins, conceded
ANSWERS = [
    ("c1", "p1", 1, "Ana", "d1", True, f"It did pay, see [books](https://example.org/books). {SCRIPT} {LONG_WORD}",
     32, -3, True),
    ("c2", "p1", 1, "Bo|b", "d1", True, f"It did pay. {CLOSE}", 47, 4, False),
    ("c3", "p2", 1, IMAGE, None, None, None, None, None, False),
    ("c6", "p1", 2, "Cleo", None, None, None, None, None, False),
]  # fmt: skip

# crux, month, objections, posts, active posts, interval
TRENDS = [
    (1, "2023-01-01", 2, 1, 1, 0.21, 1.0),
    (1, "2023-06-01", 0, 0, 2, 0.0, 0.66),
    (1, "2024-02-01", 1, 1, 3, 0.06, 0.79),
    (2, "2023-01-01", 1, 1, 1, 0.21, 1.0),
    (2, "2024-02-01", 2, 1, 3, 0.06, 0.79),
    (3, "2023-01-01", 2, 1, 1, 0.21, 1.0),
]

# crux, kind, posts and objections before and now, other, title
CHANGES = [
    (1, "grown", 1, 3, 2, 4, None, f"Paving costs more in drains than it saves {IMAGE}"),
    (2, "new", 0, 2, 0, 3, None, f"{OVERRIDE} Children need the orchard"),
    (3, "split", 2, 1, 4, 2, 1, FORMULA),
    (77, "gone quiet", 2, 2, 2, 2, None, f"Nobody asked the neighbours {TABLE_BREAK}"),
    (1, "merged", 3, 3, 4, 4, 78, pd.NA),
]

PROBLEMS = [
    {"source": "b.json", "place": "line 9", "severity": "info", "what": "a comment stands twice", "cure": "dropped"},
    {
        "source": f"a{SCRIPT}.json",
        "place": "line 3",
        "comment_id": "c4",
        "severity": "warning",
        "what": f"no date {TABLE_BREAK}",
        "cure": "left open",
    },
    {"source": "a.json", "place": "line 1", "severity": "error", "what": f"cut off {IMAGE}", "cure": "export it again"},
]

RUN = {
    "seed": 0,
    "settings": {"min_posts": 2, "stance": {"model": "own/<b>x</b>", "threshold": 0.5, "gpu": None}},
    "versions": {"threadkit": "0.1.0"},
    "models": [{"name": "threadkit-point", "sha256": "ab" * 32}],
    "counts": {"stated": 12345, "found": 13},
    "sources": [
        {"name": f"a{SCRIPT}.json", "sha256": "cd" * 32, "format": "lesswrong-json", "found": 9},
        {"name": "b.json"},
    ],
}


def _rows():
    """Return the rows of every table; row lists and dictionaries are fresh, so that a test may change them."""
    comments, objections = [], []
    for i, (cid, post, author, karma, agreement, day, text, crux, copy) in enumerate(OBJECTIONS):
        urls = {"c2": NOT_A_LINK, "c4": pd.NA}
        comments.append(
            {
                "comment_id": cid,
                "post_id": post,
                "author": author,
                "karma": karma,
                "agreement": agreement,
                "posted_at": day and f"{day}T10:00:00Z",
                "url": urls.get(cid, f"https://forum.example/{post}/{cid}"),
                "origin": "inferred" if cid == "c4" else "stated",
                "confidence": 0.4 if cid == "c4" else 1.0,
                "depth": 0,
                "status": "live",
                "text": text,
            }
        )
        objections.append(
            {
                "segment_id": f"{cid}:0",
                "comment_id": cid,
                "post_id": post,
                "author": author,
                "target_id": post,
                "target_text": "",
                "p_disagree": 0.9,
                "p_neutral": 0.1,
                "p_agree": 0.0,
                "stance": "disagree",
                "evidence": "post",
                "text": text,
                "copy_of": copy,
                "crux_id": crux,
                "strength": 0.9 - i / 50,
                "x": float(np.cos(i)),
                "y": float(np.sin(i)),
            }
        )
    comments.append(
        {
            "comment_id": "d1",
            "post_id": "p1",
            "parent_id": "c1",
            "author": "Wren",
            "karma": 44,
            "agreement": 2,
            "posted_at": "2023-01-06T12:00:00Z",
            "url": "https://forum.example/p1/d1",
            "origin": "stated",
            "confidence": 1.0,
            "depth": 1,
            "status": "live",
            "text": "It did pay.",
        }
    )
    gone = {"post_id": "p1", "origin": "stated", "confidence": 1.0, "depth": 0, "text": ""}
    comments.append({"comment_id": "x1", "status": "deleted", **gone})
    comments.append({"comment_id": "x2", "status": "stub", **gone})
    recurrence = [
        {
            "crux_id": 1,
            "post_id": "p1",
            "n_objections": 2,
            "n_authors": 2,
            "first_at": "2023-01-06",
            "answered_by": "d1",
        },
        {"crux_id": 1, "post_id": "p2", "n_objections": 1, "n_authors": 1, "first_at": "2024-02-02"},
        {"crux_id": 1, "post_id": "p3", "n_objections": 1, "n_authors": 1},
        {"crux_id": 2, "post_id": "p1", "n_objections": 1, "n_authors": 1, "first_at": "2023-01-08"},
        {"crux_id": 2, "post_id": "p2", "n_objections": 2, "n_authors": 2, "first_at": "2024-02-03"},
        {"crux_id": 3, "post_id": "p1", "n_objections": 2, "n_authors": 1, "first_at": "2023-01-09"},
    ]
    return {
        "posts": [dict(row) for row in POSTS],
        "comments": comments,
        "problems": [{"problem": i, **row} for i, row in enumerate(PROBLEMS)],
        "segments": [],
        "quotes": [],
        "stances": objections,
        "objections": objections,
        "cruxes": [dict(row) for row in CRUXES],
        "sides": [dict(row) for row in SIDES],
        "recurrence": recurrence,
        "answers": [_answer(*row) for row in ANSWERS],
        "trends": [
            dict(zip(["crux_id", "month", "n_objections", "n_posts", "n_posts_active", "low", "high"], row, strict=True))
            | {"prevalence": row[3] / row[4]}
            for row in TRENDS
        ],
        "changes": [
            {"change": i, "crux_id": crux, "kind": kind, "n_posts_before": before, "n_posts": now,
             "n_objections_before": then, "n_objections": n, "other_id": other, "title": title}
            for i, (crux, kind, before, now, then, n, other, title) in enumerate(CHANGES)
        ],
    }  # fmt: skip


def _answer(comment, post, crux, author, answer, by_poster, text, karma, agreement, conceded):
    return {
        "segment_id": f"{comment}:0",
        "crux_id": crux,
        "post_id": post,
        "comment_id": comment,
        "author": author,
        "answered": answer is not None,
        "answer_id": answer,
        "answer_author": answer and "Wren",
        "by_post_author": by_poster,
        "answered_at": answer and "2023-01-06T12:00:00Z",
        "karma_margin": karma,
        "agreement_margin": agreement,
        "answer_text": text,
        "conceded": conceded,
        "came_back": answer is not None,
    }


@pytest.fixture(scope="session")
def make():
    return make_analysis


def make_analysis(rows, run=None):
    """Make an analysis from rows through the real class."""
    tables = {}
    rows = {**rows, "cruxes": [{**NO_COUNTS, **row} for row in rows.get("cruxes", [])]}
    for name, table in ANALYSIS_TABLES.items():
        columns = dict.fromkeys([*table.index, *table.columns])
        frame = pd.DataFrame(rows.get(name, []), columns=list(columns), dtype="object")
        for column, spec in table.columns.items():
            if spec.dtype.startswith("datetime"):
                frame[column] = pd.to_datetime(frame[column], utc=True).astype(spec.dtype)
        if "month" in table.index:
            frame["month"] = pd.to_datetime(frame["month"], utc=True)
        tables[name] = table.cast(frame.set_index(list(table.index)))
    return Analysis(**tables, vectors=np.zeros((len(rows.get("objections", [])), 4)), run=run or {})


@pytest.fixture(scope="session")
def analysis():
    return make_analysis(_rows(), RUN)


@pytest.fixture(scope="session")
def nothing():
    return make_analysis({})


@pytest.fixture(scope="session")
def one_comment():
    post, comment = POSTS[0], _rows()["comments"][0]
    return make_analysis({"posts": [post], "comments": [comment]})


@pytest.fixture(scope="session")
def no_cruxes():
    rows = _rows()
    for row in rows["objections"]:
        row["crux_id"] = None
    gone = ("cruxes", "sides", "recurrence", "answers", "trends", "changes")
    return make_analysis({**rows, **{name: [] for name in gone}}, RUN)


@pytest.fixture(scope="session")
def bare():
    """The same with no date, karma, agreement, author, address, title or place anywhere."""
    rows = _rows()
    empty = {
        "posted_at",
        "karma",
        "agreement",
        "author",
        "url",
        "title",
        "karma_sum",
        "karma_median",
        "x",
        "y",
        "agreement_sum",
        "agreement_median",
        "first_at",
        "last_at",
        "claim",
        "words",
        "stability",
        "n_authors_effective",
        "n_posts_expected",
        "effect",
        "effect_low",
        "effect_high",
        "p_value",
        "q_value",
        "spread",
        "prevalence",
        "prevalence_karma",
        "prevalence_agreement",
        "reception",
        "n_days",
        "rhythm",
        "set_off_by",
        "answer_author",
        "by_post_author",
        "answered_at",
        "karma_margin",
        "agreement_margin",
        "answer_text",
        "other_id",
    }
    rows["trends"] = []
    stripped = {
        name: [{k: None if k in empty else v for k, v in row.items()} for row in table] for name, table in rows.items()
    }
    return make_analysis(stripped)


@pytest.fixture(scope="session")
def browser():
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no Chromium is on the path")
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=chromium, headless=True, args=BROWSER_FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def address(analysis, tmp_path_factory):
    """Return where the hostile report stands."""
    return write_page(analysis, tmp_path_factory.mktemp("report") / "report.html").as_uri()


@pytest.fixture
def visit(browser, address):
    """Open a report, the hostile one unless another is named; the visit's `events` hold all that must not happen.

    `before` is done with the empty tab.
    """
    contexts = []

    def opened(page=address, place="", before=None, **options):
        context = browser.new_context(**options)
        contexts.append(context)
        tab = context.new_page()
        tab.set_default_timeout(120_000)
        tab.events = []
        tab.on("dialog", lambda dialog: (tab.events.append(f"dialog {dialog.message}"), dialog.dismiss()))
        tab.on("request", lambda sent: sent.url.split("#")[0] != page and tab.events.append(f"request {sent.url}"))
        tab.on("console", lambda said: tab.events.append(f"console {said.text}"))
        tab.on("pageerror", lambda error: tab.events.append(f"error {error}"))
        if before:
            before(tab)
        tab.goto(page + place)
        return tab

    yield opened
    for context in contexts:
        context.close()
