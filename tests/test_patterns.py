"""No text makes a regular expression of threadkit take time that grows faster than the text."""

import re

import patterns
import pytest

from threadkit.readers import github_html

EVERY = patterns.every_pattern()

# Patterns that are shown the beginning of a text only, and how many characters of it.
BOUNDED = {"threadkit.readers.github_html._TITLE": github_html.MAX_TITLE}


@pytest.mark.parametrize(("pattern", "flags", "way"), EVERY, ids=EVERY.values())
def test_takes_linear_time(pattern, flags, way):
    longest = BOUNDED.get(EVERY[pattern, flags, way], patterns.LENGTHS[-1])
    found = patterns.slow(pattern, flags, way, longest)
    assert found is None, f"{pattern!r}: {found[0]!r} over and over takes {found[1]:.2f} s"


def test_patterns_are_found_wherever_they_stand():
    places = " ".join(EVERY.values())
    assert len(EVERY) > 200
    for room in ("readers", "dispute", "crux", "corpus", "report", "base"):
        assert f"threadkit.{room}" in places or f"threadkit/{room}" in places


@pytest.mark.parametrize("bad", [r"\s+$", r"(a+)+b", r"<[^>]*>", r"(\w+\s*)+:", r"x*y*x*z"])
def test_a_bad_pattern_is_noticed(bad):
    assert patterns.slow(bad, 0)


def test_a_good_pattern_passes():
    assert patterns.slow(r"(?<![ \t])[ \t]++$", re.MULTILINE) is None
