"""Words that turn the meaning: opposites in all their forms."""

import pytest

from threadkit.base.senses import pole


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("raise", "cut"), ("raises", "lowers"), ("before", "after"), ("above", "below"), ("accepts", "rejects"),
        ("easy", "hard"), ("open", "close"), ("high", "low"), ("nothing", "something"), ("old", "new"),
    ],
)  # fmt: skip
def test_opposites_say_different_things(word, other):
    assert pole(word) != pole(other)


@pytest.mark.parametrize(
    ("word", "other"), [("cut", "cuts"), ("accept", "accepted"), ("open", "opens"), ("big", "large")]
)
def test_forms_of_one_word_say_the_same(word, other):
    assert pole(word) == pole(other) != ""
