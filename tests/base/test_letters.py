"""Texts folded for comparison: what looks the same is the same, and every letter knows where it stood."""

import time

import pytest

from threadkit.base.align import find_passage
from threadkit.base.letters import letters


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("It is an e\ufb03cient \ufb01lter, they say.", "e\ufb03cient \ufb01lter"),
        ("It is an effi\u00adcient fil\u00adter, they say.", "effi\u00adcient fil\u00adter"),
        ("\uff29\uff34 is an \uff25\uff46ficient filter!", "\uff25\uff46ficient filter"),
    ],
)
def test_how_letters_are_printed_does_not_count(source, found):
    span = find_passage("efficient filter", source)
    assert (span.match, source[span.start : span.stop]) == (1.0, found)
    assert find_passage(found, "It is an efficient filter.").match == 1.0


def test_a_lone_ampersand_is_a_word():
    assert letters("gates & pumps").text == "gates and pumps"
    assert letters("R&D costs &amp; more").text == "r&d costs &amp; more"


def test_signs_that_spell_several_letters_take_no_longer():
    def seconds(text):
        began = time.process_time()
        letters(text)
        return time.process_time() - began

    assert seconds("\ufb03 & \u00ad" * 20_000) < 20 * seconds("the old pump leaks " * 6_000) + 0.5
