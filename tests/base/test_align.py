"""Quotations find their source; retorts do not."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.base.align import find_passage, repeats
from threadkit.base.letters import letters

SOURCE = """The lower gate was rebuilt in spring, and I don’t think anybody asked the millers.

- First we drained the basin\u00a0— that took a week.
- Then we [measured the leak](https://example.org/leak_(2)) with *dyed* water.

Most of the loss happens at night, when the pump is off, so a cheaper valve would fail to help the upper fields."""


def words(span, source=SOURCE):
    return source[span.start : span.stop]


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("I don't think anybody asked the millers", "I don’t think anybody asked the millers"),
        ("“The lower gate was rebuilt in spring”", "The lower gate was rebuilt in spring"),
        ("  • First we drained the basin — that took a week.", "First we drained the basin\u00a0— that took a week."),
        ("> Then we measured the leak", "Then we [measured the leak"),
        ("measured the leak with dyed water", "measured the leak](https://example.org/leak_(2)) with *dyed* water"),
        ("LOWER GATE   was\nrebuilt", "lower gate was rebuilt"),
    ],
)
def test_typography_and_markup_do_not_count(quote, found):
    span = find_passage(quote, SOURCE)
    assert span.match == 1.0
    assert words(span) == found


@pytest.mark.parametrize("mark", ["[...]", "…", "[…]", "(...)", "..."])
def test_elided_parts_are_found_in_order(mark):
    span = find_passage(f"the loss happens at night {mark} the upper fields.", SOURCE)
    assert span.match == 1.0
    assert words(span).startswith("the loss")
    assert words(span).endswith("upper fields.")
    assert find_passage(f"would fail to help the upper fields {mark} The lower gate was rebuilt", SOURCE) is None


def test_edited_and_cut_quotes_are_found_by_likeness():
    span = find_passage("Most of the losses happen at nights, when the pump is of", SOURCE)
    assert 0.8 <= span.match < 1
    assert words(span) == "Most of the loss happens at night, when the pump is off"


def test_a_sentence_put_into_the_source_later_parts_the_quote_in_blocks():
    quote = "We walked along the whole dam that evening. Nobody had seen the crack before the water came through it."
    edited = quote.replace(
        ". Nobody", ". EDIT: it was rather two evenings, as Odile now tells me in a long letter. Nobody"
    )
    assert find_passage(quote, edited).match == 1.0
    assert words(find_passage(quote, edited), edited) == edited.rstrip(".")


def test_what_is_not_there_is_not_found():
    assert find_passage("The council has never voted on a toll for barges.", SOURCE) is None
    assert find_passage("", SOURCE) is None
    assert find_passage("pump", "") is None
    assert find_passage("ate", "the gate was late") is None, "a short quote is not found inside a word"


def test_more_must_match_where_more_is_asked():
    quote = "Most of the losses happen at nights, when the pump is of"
    match = find_passage(quote, SOURCE).match
    assert find_passage(quote, SOURCE, min_match=match + 0.001) is None


@pytest.mark.parametrize(
    "paragraph",
    [
        "Most of the loss happens at night, when the pump is off",
        "“Most of the loss happens at night”",
        "Myth #1: Most of the loss happens at night",
        "  • First we drained the basin - that took a week",
        "\u00a0and I don't think anybody asked the millers.",
    ],
)
def test_a_repeat_with_lost_marks_is_a_repeat(paragraph):
    assert repeats(paragraph, SOURCE).match == 1.0


LONG = (
    "In our valley the spring flood has always come before the thaw on the northern slopes was over, and every "
    "miller on the river could tell the week of it from the colour of the ice."
)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("could tell", "could not tell"),
        ("could tell", "couldn't tell"),
        ("has always come", "has never come"),
        ("has always come", "has come"),
        ("every miller", "no miller"),
        ("every miller", "every fisherman"),
        ("before the thaw", "after the thaw"),
        ("the colour of the ice", "the sound of the ice"),
        ("northern slopes", "southern slopes"),
        ("the ice.", "the ice, which is a fairy tale."),
    ],
)
def test_a_mirror_is_no_repeat(old, new):
    assert old in LONG
    assert repeats(LONG.replace(old, new), LONG) is None
    assert repeats(LONG, LONG.replace(old, new)) is None or "fairy tale" in new


def test_a_long_paragraph_outlives_an_edit_of_its_source():
    edited = LONG.replace(" over, and", " over (EDIT: I looked it up since, and found two years out of forty), and")
    span = repeats(LONG, edited)
    assert span.match == 1.0
    assert words(span, edited) == edited.rstrip(".")
    assert repeats(LONG.replace("has always", "always has"), LONG) is None, "always moved: a word that matters"


def test_the_retort_of_the_seeds_is_no_repeat(shared):
    lines = ["", *next(shared.glob("seeds/003_*")).read_text(encoding="utf-8").split("\n")]
    assert repeats(lines[60], lines[57]) is None
    assert repeats(lines[54].lstrip("> "), lines[6]).match == 1.0
    assert not any(repeats(lines[i], lines[j]) for i in range(46, 61) if i != 54 for j in range(1, i))


@pytest.mark.parametrize("phrase", ["I agree.", "Thanks!", "Good point here", "the pump is"])
def test_common_phrases_repeat_only_as_whole_lines_and_when_asked(phrase):
    source = f"{SOURCE}\n\n{phrase}\n\nand {phrase} again"
    assert repeats(phrase, source) is None
    found = words(repeats(phrase, source, short=True), source)
    assert found == phrase.strip(".!") or found == phrase
    assert repeats(phrase, f"and {phrase} again", short=True) is None


@given(st.text(alphabet="ab \n\u00a0“”>*_[]().-–\u2022ſİ", max_size=40))
def test_every_letter_finds_its_way_back(text):
    from threadkit.base.text import fold

    folded = letters(text)
    for offset, letter in enumerate(folded.text):
        assert letter == " " or fold(text)[folded.original(offset)] == letter


def test_texts_that_repeat_themselves_are_compared_in_time():
    phrase = "the old valve held against every forecast of ours and nobody knew why it did "
    source, paragraph = phrase * 120, "Well, " + (phrase + "so ") * 80
    began = time.process_time()
    find_passage(paragraph, source)
    repeats(paragraph, source)
    assert time.process_time() - began < 5


MILL = """The council has met twice. The old sluices do not rust at all. Two millers measured the leak in March and \
found nothing. Most farmers accept the plan and it will succeed. High water is what lifts the gates in April.

The council has, as we hear, no money left for the ferry. We go on."""


@pytest.mark.parametrize(
    "mirror",
    [
        "The old sluices do rust at all.",
        "Most farmers accept the plan and it will not succeed.",
        "Few farmers accept the plan and it will succeed.",
        "Most farmers reject the plan and it will succeed.",
        "Low water is what lifts the gates in April.",
        "The old sluices do rust at all (emphasis mine).",
    ],
)
def test_words_around_a_passage_hide_no_mirror(mirror):
    assert find_passage(mirror, MILL) is None


@pytest.mark.parametrize(
    ("edited", "found"),
    [
        (
            "The council has met twice. The sluices do not rust.",
            "The council has met twice. The old sluices do not rust",
        ),
        ("Most farmers accepted the plan and it will succeed.", "Most farmers accept the plan and it will succeed."),
        ("The ancient sluices do not rust at all.", "The old sluices do not rust at all."),
    ],
)
def test_whoever_cuts_or_bends_a_word_that_has_an_opposite_still_quotes(edited, found):
    assert words(find_passage(edited, MILL), MILL) == found


@pytest.mark.parametrize(
    "quote",
    [
        "@odile Two millers measured the leak in March",
        "Two millers measured the leak in March (emphasis mine)",
        "Two millers measured the leak [my italics] in March",
    ],
)
def test_a_span_ends_where_the_words_of_the_source_do(quote):
    assert words(find_passage(quote, MILL), MILL) == "Two millers measured the leak in March"


@pytest.mark.parametrize("find", [find_passage, repeats])
def test_an_elided_quote_begins_where_its_first_words_stand_last(find):
    span = find("The council has […] no money left for the ferry.", MILL)
    assert words(span, MILL) == "The council has, as we hear, no money left for the ferry."


def test_an_unmarked_paragraph_may_say_whose_emphasis_it_has():
    assert (
        words(repeats("Two millers measured the leak (emphasis mine)", MILL), MILL) == "Two millers measured the leak"
    )


PLAN = (
    "The plan will work in the valley, as it did in 1911, and without it nobody would pay for the ferry any longer, "
    "which wouldn't please those who live on the other bank of the river and who have always gone to the town by boat."
)


@pytest.mark.parametrize(
    "put",
    [
        "The plan will [never really] work in the valley, as it did in 1911",
        "as it did in 1911 [no, in 1921], and without it nobody would pay for the ferry",
        "The plan will work in the valley [or so the board wants us to think], as it did",
    ],
)
def test_what_a_quoter_puts_in_and_means_is_no_part_of_the_quote(put):
    assert repeats(put, PLAN) is None
    span = find_passage(put, PLAN)
    assert span is None or span.match < 0.9


@pytest.mark.parametrize(
    "put",
    [
        "The plan will work [sic] in the valley, as it did in 1911",
        "The plan [of the board] will work (sic) in the valley, as it did in 1911",
        "The plan will work [the emphasis is mine, as always] in the valley, as it did in 1911",
        "The plan will work in the valley <snip> and without it nobody would pay for the ferry",
        "The plan will work in the valley, [1] as it did in 1911",
    ],
)
@pytest.mark.parametrize("find", [find_passage, repeats])
def test_notes_and_explanations_of_a_quoter_do_not_count(find, put):
    assert find(put, PLAN).match == 1.0


@pytest.mark.parametrize("elision", ["", "[…]", "<snip>"])
def test_an_elision_hides_no_mirror(elision):
    said = "The pump would fail again in the winter, and the town would have to pay for a new one in the spring."
    turned = said.replace("fail", "succeed").replace("winter,", f"winter, {elision}")
    assert find_passage(turned, said) is None
    assert find_passage(turned.replace("succeed again", "fail agian"), said) is not None


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [("without", "wihtout"), ("wouldn't", "woudn't"), ("wouldn't", "wouldnt"), ("always", "definitely always")],
)
def test_who_mends_a_misspelt_word_repeats_it(ours, theirs):
    assert repeats(PLAN, PLAN.replace(ours, theirs))
    assert repeats(PLAN.replace(ours, theirs), PLAN)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [("will", "won't"), ("without", "with"), ("wouldn't", "would"), ("ferry", "horses"), ("always", "never")],
)
def test_a_long_paragraph_with_another_word_in_place_of_one_is_a_retort(ours, theirs):
    assert len(PLAN.split()) >= 40
    assert repeats(PLAN.replace(ours, theirs), PLAN) is None
    assert repeats(PLAN, PLAN.replace(ours, theirs)) is None


def test_one_badly_misspelt_word_makes_a_long_paragraph_nobody_elses():
    said = PLAN.replace("The plan", "The neighbourhood's plan")
    assert repeats(said, said.replace("neighbourhood", "nieghborhood"))
    assert repeats(said.replace("the ferry", "the irrigation"), said.replace("the ferry", "the iteration")) is None
