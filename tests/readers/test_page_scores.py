"""Glued digits: all that a page settles is decided right, and nothing else is decided."""

import csv
from collections import defaultdict
from itertools import combinations, pairwise

import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from threadkit.readers import page_text
from threadkit.readers.draft import Draft
from threadkit.readers.page.headers import read_header
from threadkit.readers.page.scores import agreed, settle

# --- the real headers -----------------------------------------------------------------------------------------


def real_pages(shared):
    """Return the rows of each page: header as printed, what is true of it, and the page's own list as noted."""
    with (shared / "exports/lesswrong/header_flavours.tsv").open(encoding="utf-8") as file:
        rows = list(csv.reader(file, delimiter="\t"))[1:]
    pages = defaultdict(list)
    for source, raw, author, age, af, karma, agreement, note in rows:
        scores = tuple(int(score) if score else None for score in (af, karma, agreement))
        pages[source].append((raw.replace("\\n", "\n"), (author, age or None, *scores), note))
    return pages


def settled(rows, *, listed):
    """Read the headers of one page; it has two scores a comment where the file says so."""
    headers = [read_header(raw.split("\n"), 0) for raw, _, _ in rows]
    assert all(headers), [raw for raw, _, _ in rows]
    printed = [(truth[3], truth[0]) for _, truth, note in rows if "ToC '" in note] if listed else []
    two = any(truth[4] is not None for _, truth, _ in rows) or None
    return settle(headers, printed, two_axes=two).readings


def test_every_real_header_is_decided_right_or_not_at_all(shared):
    pages = real_pages(shared)
    assert sum(map(len, pages.values())) > 15
    n_decided = n_open = 0
    for rows in pages.values():
        for left, (raw, truth, note) in zip(settled(rows, listed=True), rows, strict=True):
            assert truth in [tuple(reading) for reading in left], raw
            assert (len(left) > 1) == ("ambiguous" in note), (raw, left)
            read = agreed(left)
            assert all(got in {None, want} for got, want in zip(read[1:], truth[1:], strict=True)), raw
            assert read.author == truth[0]
            n_decided += len(left) == 1
            n_open += len(left) > 1
    assert (n_decided, n_open) == (17, 2)


def test_without_its_own_list_a_page_leaves_open_what_only_that_told(shared):
    wrong = open_now = 0
    for rows in real_pages(shared).values():
        for left, (_, truth, _) in zip(settled(rows, listed=False), rows, strict=True):
            wrong += truth not in [tuple(reading) for reading in left]
            open_now += len(left) > 1
    assert wrong == 0
    assert open_now > 2


def test_the_names_of_the_file_are_those_it_tells(shared):
    """A name that ends in digits before an age: only the page's list, or another header, tells it."""
    raw = "[-]Noosphere8912d0-3"
    header = read_header([raw], 0)
    alone = settle([header]).readings[0]
    assert {reading.author for reading in alone} == {"Noosphere89", "Noosphere891"}
    assert (agreed(alone).author, agreed(alone).karma, agreed(alone).agreement) == ("", 0, -3)
    assert agreed(settle([header], [(0, "Noosphere89")]).readings[0]).author == "Noosphere89"


# --- any page -------------------------------------------------------------------------------------------------


def splits(digits, n):
    """Return every way to part glued digits into `n` numbers; written apart from the reader's."""
    found = []
    for cuts in combinations(range(1, len(digits)), n - 1):
        ends = (0, *cuts, len(digits))
        pieces = [digits[a:b] for a, b in pairwise(ends)]
        plain = all(piece == "0" or piece.removeprefix("-")[:1] in set("123456789") for piece in pieces)
        if plain and all("-" not in piece[1:] for piece in pieces):
            found.append(tuple(map(int, pieces)))
    return found


def allowed(rows, printed):
    """Return, for each header, every reading that the page's constraints leave, by trying them all."""
    pages = []
    for n in (1, 2):
        each = []
        for _, has_af, digits in rows:
            ways = splits(digits, n + has_af)
            each.append([way if has_af else (None, *way) for way in ways])
        if not all(each):
            continue
        if printed:
            each = [[w for w in ways if w[1] == karma] for ways, (karma, _) in zip(each, printed, strict=True)]
            if not all(each):
                continue
        pages.append([[(*w, None)[:3] for w in ways] for ways in each])
    modest = [page for page in pages if all(any(af is None or af <= karma for af, karma, _ in ways) for ways in page)]
    union = [set().union(*(page[i] for page in modest or pages)) for i in range(len(rows))]
    kept = [{w for w in ways if w[0] is None or w[0] <= w[1]} for ways in union]
    return [few or ways for few, ways in zip(kept, union, strict=True)]


@st.composite
def any_page(draw):
    n_axes = draw(st.sampled_from([1, 2, 2]))
    aged = draw(st.booleans())
    rows = []
    for i in range(draw(st.integers(1, 7))):
        name = "".join(draw(st.lists(st.sampled_from("abcdeé_z"), min_size=2, max_size=6)))
        name = f"u{name}{'xyzvwqr'[i]}"
        karma = draw(st.one_of(st.integers(-12, 30), st.integers(-400, 1500)))
        agreement = draw(st.integers(-40, 60)) if n_axes == 2 else None
        af = draw(st.integers(-5, karma)) if karma > 0 and draw(st.booleans()) else None
        rows.append((name, af, karma, agreement))
    ages = draw(st.lists(st.sampled_from(["2y", "13d", "5h", "6mo", "30d"]), min_size=7, max_size=7))
    return rows, [age if aged else "" for age in ages], draw(st.booleans())


def printed_page(rows, ages, *, listed):
    heads = [f"{karma}{name}" for name, _, karma, _ in rows] if listed else []
    lines = ["A post about sluices and the men who keep them in order.", "", "41", "", *heads, "New Comment"]
    lines += [f"{len(rows)} comments, sorted by Click to highlight new comments since:", ""]
    for i, (name, af, karma, agreement) in enumerate(rows):
        omega = "" if af is None else f"Ω{af}"
        said = "" if agreement is None else agreement
        lines += [f"[-]{name}{ages[i]}{omega}{karma}{said}", "", f"What comment {i} says of the gate.", ""]
    return "\n".join(lines)


@settings(max_examples=250, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(any_page())
def test_a_page_decides_only_what_one_reading_explains_and_then_rightly(tmp_path_factory, drawn):
    rows, ages, listed = drawn
    path = tmp_path_factory.mktemp("page") / "p.txt"
    path.write_text(printed_page(rows, ages, listed=listed), encoding="utf-8")
    draft = Draft("p.txt")
    page_text.read(path, draft)
    corpus = draft.finish()
    printed = [(karma, name) for name, _, karma, _ in rows] if listed else []
    glued = [
        (name, af is not None, f"{'' if af is None else af}{karma}{'' if agreement is None else agreement}")
        for name, af, karma, agreement in rows
    ]
    left = allowed(glued, printed)
    told = dict(corpus.problems[corpus.problems.what.str.contains("can be read in")].set_index("comment_id").what)
    for i, (name, af, karma, agreement) in enumerate(rows):
        truth = (af, karma, agreement)
        assert truth in left[i]
        row = corpus.comments.loc[f"p#{i + 1}"]
        got = tuple(None if pd.isna(row[k]) else row[k] for k in ("af_karma", "karma", "agreement"))
        assert row.author == name
        same = [len({way[k] for way in left[i]}) == 1 for k in range(3)]
        assert got == tuple(value if kept else None for value, kept in zip(truth, same, strict=True)), (rows, left[i])
        assert (row.name in told) == (len(left[i]) > 1)
        if row.name in told:
            assert f"read in {len(left[i])} ways" in told[row.name]


# --- single rules ---------------------------------------------------------------------------------------------


def test_one_header_settles_the_number_of_scores_of_all():
    headers = [read_header([line], 0) for line in ("[-]Ana2y43", "[-]Bo2y107", "[-]Cy2y5")]
    assert settle(headers).axes == (1,)
    assert agreed(settle(headers).readings[0]).karma == 43
    assert settle(headers[:2]).axes == (2, 1)
    assert agreed(settle(headers[:2], two_axes=True).readings[1])[3:] == (10, 7)
    assert agreed(settle(headers[:2]).readings[1])[3:] == (None, None)


def test_alignment_karma_above_karma_stands_where_nothing_else_does():
    (left,) = settle([read_header(["[-]Ana2yΩ9", "3", "1"], 0)]).readings
    assert [tuple(reading)[2:] for reading in left] == [(9, 3, 1)]


def test_the_pages_list_names_who_ends_in_digits():
    headers = [read_header([line], 0) for line in ("[-]ferryman8820", "[-]Ana3-1")]
    left = settle(headers, [(2, "ferryman88"), (3, "Ana")]).readings
    assert [tuple(agreed(each)) for each in left] == [
        ("ferryman88", None, None, 2, 0),
        ("Ana", None, None, 3, -1),
    ]


def test_the_pages_list_is_followed_in_its_order():
    """Two comments of one author: which row is whose, the order tells."""
    headers = [read_header([line], 0) for line in ("[-]Ana2y7043", "[-]Bo2y10-3", "[-]Ana2y7043")]
    left = settle(headers, [(704, "Ana"), (10, "Bo"), (70, "Ana")]).readings
    assert [agreed(each).karma for each in left] == [704, 10, 70]
    assert len(settle(headers[1:], [(704, "Ana"), (10, "Bo"), (70, "Ana")]).readings[1]) == 1
    # A list that does not hold what stands on the page is no list of it.
    assert agreed(settle(headers, [(5, "Dee")]).readings[0]).karma is None


@pytest.mark.parametrize(
    ("line", "scores", "body"),
    [
        ("[ - ] Bo 2d 4 2 things to say", ((False, "4"), (False, "2")), "things to say"),
        ("[ - ] Bo 2d 4 2nd thoughts", ((False, "4"),), "2nd thoughts"),
        ("[ - ] Bo 2d 4 2.5 metres", ((False, "4"),), "2.5 metres"),
        ("[-]Bo1y20Thanks for it", ((False, "20"),), "Thanks for it"),
    ],
)
def test_a_body_on_the_line_of_its_header(line, scores, body):
    header = read_header([line], 0)
    assert (header.scores, header.body) == (scores, body)


def test_a_body_that_begins_with_a_number_keeps_it_where_the_page_has_one_score(write):
    lines = ("[ - ] Bo 2d 4 2 things are wrong", "[-]Cy2d5")
    text = f"New Comment\n2 comments, sorted by Click\n\n{lines[0]}\n\n{lines[1]}\n\nOne is."
    draft = Draft("p.txt")
    page_text.read(write("p.txt", text), draft)
    comments = draft.finish().comments
    assert comments.karma.tolist() == [4, 5]
    assert comments.text.tolist() == ["2 things are wrong", "One is."]
    assert settle([read_header([lines[0]], 0)]).axes == (2,)
