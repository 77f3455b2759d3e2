"""Spans in quotation marks: quotations are told from terms, scare quotes and measures."""

import pytest

from threadkit.dispute.inline import goes_on, inline_spans, is_quotation


def spans(text):
    return [text[start:stop] for start, stop in inline_spans(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('You say "the valve will hold all winter" and stop there.', ["the valve will hold all winter"]),
        ("You say “the valve will hold all winter”.", ["the valve will hold all winter"]),
        ("Er schrieb „the valve will hold all winter“.", ["the valve will hold all winter"]),
        ("« the valve will hold all winter », he says", [" the valve will hold all winter "]),
        ('First "the valve will not hold", then "the valve will hold, after all".',
         ["the valve will not hold", "the valve will hold, after all"]),
        ('The so-called "safe valve" is none.', []),
        ('A pipe of 6" and one of 8" will not fit in there.', []),
        ("Don't say 'the valve will hold all winter' again.", []),
        ("You say “the valve will hold, and “all winter long it will” too.", ["all winter long it will"]),
        ("Er schrieb »the valve will hold all winter«.", ["the valve will hold all winter"]),
        ("« Oui », then « the valve will hold all winter »", [" the valve will hold all winter "]),
        ('You say “the valve will hold all winter" again.', ["the valve will hold all winter"]),
        ('You say "the valve will hold all winter” again.', ["the valve will hold all winter"]),
        ('You say “the valve "will" hold all winter”.', ['the valve "will" hold all winter']),
        ('You say _"the valve will hold all winter"_ again.', ["the valve will hold all winter"]),
        ("You say ‘the valve won’t hold all winter’ again.", ["the valve won’t hold all winter"]),
        ("In the ‘90s we all saw the valves’ rust.", []),
        ("‘Tis the season of the leaking valves’ owners.", []),
        ('An "opening mark that nobody closes', []),
        ("", []),
    ],
)  # fmt: skip
def test_quotations_are_found_and_nothing_else(text, found):
    assert spans(text) == found


def test_a_mark_that_nobody_closes_swallows_no_more_than_its_bound():
    assert spans('He said "' + "and so on " * 1000) == []


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ('"The valve will hold all winter."', True),
        ("“The valve will hold all winter” – ", True),
        ('"The valve will hold all winter." No.', False),
        ('"The valve will hold all winter" and "it never froze in March"', False),
    ],
)
def test_a_paragraph_of_one_quotation_is_told(text, whole):
    assert is_quotation(text, inline_spans(text)) is whole


@pytest.mark.parametrize("opening", ["“", '"'])
def test_a_quotation_that_no_paragraph_closes_goes_on_in_none(opening):
    assert goes_on([f"{opening}The gate leaks.", f"{opening}So does the pump.", "Says who?"]) == [False, False, False]


@pytest.mark.parametrize(
    "linked", ["[the gate](https://example.org/the/old/gate/of/the/mill)", "https://example.org/a/b/c/d"]
)
def test_the_address_of_a_link_makes_no_quotation_of_a_term(linked):
    assert inline_spans(f"They call it “{linked}” there.") == []
    assert len(inline_spans(f"They say “{linked} has leaked since March” there.")) == 1
