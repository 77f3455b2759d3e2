"""Text: folding keeps offsets, and nothing from outside reaches a terminal raw."""

import re
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from threadkit.base.text import clean, fold, plain, printable, prose_only, sentences, shorten


@given(st.text())
def test_folding_keeps_every_offset(text):
    assert len(fold(text)) == len(text)


@given(st.text())
def test_printable_drops_every_control(text):
    assert not any(ord(c) < 32 and c not in "\n\t" for c in printable(text))
    assert "\u202e" not in printable(text)


@given(st.text(alphabet="ab. ?!\n", max_size=60))
def test_sentences_lose_no_letter(text):
    joined = "".join(sentences(text))
    assert [c for c in joined if not c.isspace()] == [c for c in text if not c.isspace()]


@given(st.text(), st.integers(2, 30))
def test_shortened_text_is_short(text, limit):
    assert len(shorten(text, limit)) <= limit


def test_what_a_model_sees():
    assert (
        prose_only("See [the study](https://a.example/x) or https://b.example, **please**[3].")
        == "See the study or please."
    )
    assert plain("2 * 3 * 4 and snake_case_name") == "2 * 3 * 4 and snake_case_name"


def test_lone_surrogates_and_nul_are_cleaned():
    assert clean("a\ud800b\x00c\r\n").encode() == b"a?bc\n"


# Emphasis as one pattern says it, which takes the square of a line's length.
EMPHASIS = re.compile(r"(?<![\w*_])(\*{1,3}|_{1,3})(?=\S)(.+?)(?<=\S)\1(?![\w*_])")


@given(st.text(alphabet="*_ab. \n\u00a0", max_size=30))
@example("***a** b* _c__ __d_ *e\nf* **g h**")
def test_emphasis_goes_as_its_pattern_says(text):
    assert plain(text) == " ".join(EMPHASIS.sub(r"\2", text).split())


@pytest.mark.parametrize("piece", ["***a ", " *a", " _a", "*a* ", "* ", "**"])
def test_hostile_marks_take_no_time(piece):
    begun = time.perf_counter()
    plain(piece * (60_000 // len(piece)))
    assert time.perf_counter() - begun < 2
