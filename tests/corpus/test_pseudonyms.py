"""Pseudonyms: no author's name is left anywhere, offsets still cut what they cut, and the same run gives the same."""

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from disputes import disputed, texts
from hypothesis import given
from hypothesis import strategies as st

from threadkit.corpus.mask import Edit, Mask, applied, moved, tokens
from threadkit.corpus.pseudonyms import ADDRESSES, AUTHORS, IDS, OURS, WORDS, pseudonyms
from threadkit.corpus.schema import TEXT
from threadkit.corpus.tables import ANALYSIS_TABLES

NAMES = [
    "Quillon Marsh",
    "zephyrine_k",
    "Tobermory",
    "Ottoline-Vex",
    "Brindlewick",
    "will",
    "Jo",
    "9041",
    "Öztürk Nâzim",
]
WORDS_OF_NAMES = ["quillon", "marsh", "zephyrine", "tobermory", "ottoline", "vex", "brindlewick", "öztürk", "nâzim"]
RUN = {"lineage": "ab", "sources": [{"name": "dumps/tobermory.json", "sha256": "cd"}], "settings": {"seed": 0}}


@pytest.fixture(scope="module")
def named():
    return disputed(
        {
            "brindlewick-1": (None, "Brindlewick", 3, "Quillon Marsh is wrong, and QUILLON knows it. Marsh's toll is too dear.", True),
            "c2": ("brindlewick-1", "zephyrine_k", 9, ("@Tobermory and u/zephyrine_k, ask Ottoline Vex: ottoline_vex at "
                   "[the page of Vex](https://town.example/users/ottoline-vex) or https://tobermory.example/a."), True),
            "c3": ("c2", "Tobermory", 1, "> QUILLON knows it\n\nMail tobermory@town.example. I will pay, as will @will, @nobodyknown.", True),
            "c4": (None, "Ottoline-Vex", 2, "Zephyrine K, [read](https://town.example/t/a-bridge) brindlewick-1 by Öztürk Nâzim.", True),
            "c5": (None, "will", 2, "Too dear, and jo agrees with 9041 others.", True),
            "c6": (None, "Jo", 2, "Far too dear.", True),
            "c7": (None, "9041", 2, "Too dear in 9041 ways.", True),
            "c8": (None, "Öztürk Nâzim", 2, "Too dear, says ÖZTÜRK.", True),
        },
        ("Tobermory on the bridge", "Quillon Marsh", "As quillon_marsh said: it pays."),
        RUN,
    )  # fmt: skip


@pytest.fixture(scope="module")
def masked(named):
    return named.pseudonymous()


def test_no_name_is_left_in_any_table(named, masked):
    whole = "\n".join(texts(named)).casefold()
    assert all(word in whole for word in WORDS_OF_NAMES)
    left = "\n".join(texts(masked)).casefold()
    assert [word for word in WORDS_OF_NAMES if word in left] == []
    assert not set(masked.comments["author"]) & set(NAMES)


def test_marked_names_are_replaced_and_common_words_stay(named, masked):
    name = pseudonyms(named)
    text = masked.comments["text"]["c3"]
    assert f"I will pay, as will @{name['will']}, @somebody." in text
    assert "(e-mail address)" in text
    assert text.startswith("> ")
    assert (
        f"@{name['Tobermory']} and u/{name['zephyrine_k']}, ask {name['Ottoline-Vex']}:"
        in masked.comments["text"]["c2"]
    )
    assert "[" not in masked.comments["text"]["c2"]
    assert "(profile link)" in masked.comments["text"]["c2"]
    assert "[read](https://town.example/t/a-bridge)" in masked.comments["text"]["c4"]
    assert "9041 ways" in masked.comments["text"]["c7"]


def test_each_author_has_one_pseudonym_and_counts_stay(named, masked):
    for table in ("posts", "comments", "objections", "sides"):
        old, new = getattr(named, table)["author"], getattr(masked, table)["author"]
        assert [pseudonyms(named)[name] for name in old] == new.tolist()
    assert masked.comments["author"].nunique() == named.comments["author"].nunique()


def test_ids_lose_names_in_every_table_alike(named, masked):
    assert "brindlewick-1" in named.comments.index
    assert not any("brindlewick" in name.casefold() for name in masked.comments.index)
    assert masked.comments["parent_id"]["c2"] in masked.comments.index
    assert set(masked.objections["comment_id"]) <= set(masked.comments.index)
    assert set(masked.objections.index) <= set(masked.segments.index)
    assert masked.cruxes["example_id"][0] in masked.objections.index


def test_offsets_still_cut_the_segments(masked):
    for row in masked.segments.itertuples():
        assert masked.comments["text"][row.comment_id][row.start : row.stop] == row.text


def test_the_same_run_gives_the_same_and_another_run_another_order(named, masked):
    again = named.pseudonymous()
    assert list(texts(again)) == list(texts(masked))
    other = replace(named, run={**RUN, "lineage": "cd"})
    assert pseudonyms(other) != pseudonyms(named)
    assert sorted(pseudonyms(other).values()) == sorted(pseudonyms(named).values())


def test_addresses_of_people_are_dropped(named):
    renamed = disputed({"c1": (None, "Ada", 1, "Too dear.", True)}, url="https://town.example/users/ada/posts/3")
    masked = renamed.pseudonymous()
    assert masked.posts["url"].isna().all()
    assert masked.comments["url"].tolist() == renamed.comments["url"].tolist()


def test_every_text_column_has_its_place():
    kinds = [AUTHORS, IDS, ADDRESSES, WORDS, OURS]
    for table in ANALYSIS_TABLES.values():
        columns = {name for name, column in table.columns.items() if column.dtype == TEXT}
        columns |= {name for name, dtype in zip(table.index, table.index_dtypes, strict=True) if dtype == TEXT}
        for column in columns:
            assert sum(column in kind for kind in kinds) == 1, f"{table.name}.{column}"


def test_an_author_called_author_changes_the_stem():
    named = disputed({"c1": (None, "author", 1, "Too dear.", True)})
    assert all(new.startswith("Authorx-") for new in pseudonyms(named).values())


@given(st.text(alphabet="ab @_-.'/AB\n", max_size=60))
def test_no_word_of_a_free_name_stays_and_offsets_move(text):
    mask = Mask({("ab",): "X-1", ("ab", "ba"): "X-2"}, {}, {"ab": "X-1"})
    edits = mask.edits(text)
    new = applied(text, edits)
    assert ("ab",) not in {(word,) for word in tokens(new)}
    assert all(a.stop <= b.start for a, b in pairwise(edits))
    for edit in edits:
        at = moved(edit.start, edits)
        assert new[at : moved(edit.stop, edits, stop=True)] == edit.new
    outside = [i for i in range(len(text)) if not any(e.start <= i < e.stop for e in edits)]
    assert "".join(new[moved(i, edits)] for i in outside) == "".join(text[i] for i in outside)


def test_edits_and_offsets():
    assert applied("Ana met Bo.", [Edit(0, 3, "A"), Edit(8, 10, "Cyrus")]) == "A met Cyrus."
    assert re.fullmatch(
        r"\(8, 7\)", str((moved(4, [Edit(0, 3, "Bohumil")]), moved(2, [Edit(0, 3, "Bohumil")], stop=True)))
    )
