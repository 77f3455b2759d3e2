"""Text: folding keeps offsets, and nothing from outside reaches a terminal raw."""

from hypothesis import given
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
