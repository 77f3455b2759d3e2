"""The hostile report in a real browser: nothing runs, nothing leaves, the views stand, nothing overflows."""

import pytest

pytestmark = pytest.mark.browser
# What scrolls in a box of its own may be wider than the page.
OVERFLOWING = """[...document.querySelectorAll("main *")].filter((each) =>
    each.getBoundingClientRect().right > innerWidth + 1 && !each.closest("#heat, #list, .hidden")).length"""
INTRUDER = """const script = document.createElement("script");
    script.textContent = 'document.title = "owned"';
    document.head.append(script);"""
COLOURS = """[...new Uint32Array(document.querySelector("#drawing .points").getContext("2d").getImageData(0, 0,
    document.querySelector("#drawing .points").width, document.querySelector("#drawing .points").height).data.buffer)]
    .filter((pixel, _, all) => pixel !== all[0]).length"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 820, 1280])
def test_report_is_quiet_and_complete(visit, scheme, width):
    tab = visit(color_scheme=scheme, viewport={"width": width, "height": 844})
    tab.wait_for_selector("#explore[data-ready] #drawing[data-drawn]")
    # Eleven points of some forty pixels each.
    assert 300 < tab.evaluate(COLOURS) < 1500
    for details in tab.locator("details").all():
        details.evaluate("each => { each.open = true; }")
    assert tab.evaluate("document.documentElement.scrollWidth") == width
    assert tab.evaluate(OVERFLOWING) == 0
    assert tab.events == []


def test_policy_stops_a_script_that_got_in(visit):
    tab = visit()
    tab.evaluate(INTRUDER)
    assert tab.title() == "What the disagreement turns on · threadkit"
    assert any("Content Security Policy" in event for event in tab.events)


def test_page_is_readable_without_scripts(visit):
    tab = visit(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    assert "scripts are off" in tab.locator("noscript").inner_text()
    assert tab.locator("noscript").bounding_box()["height"] > 20
    assert not tab.locator(".views").is_visible()
    assert tab.locator("article.crux h3").count() == 2
    assert tab.locator("table.ranking tbody th").count() == 2
    assert tab.events == []


def test_keyboard_reaches_the_skip_link_first(visit):
    tab = visit()
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip"
    assert tab.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    tab.keyboard.press("Enter")
    assert tab.evaluate("location.hash") == "#main"


def test_print_hides_what_only_works_on_a_screen(visit):
    tab = visit()
    tab.emulate_media(media="print")
    assert not tab.locator("nav").is_visible()
    assert not tab.locator("#explore").is_visible()
    assert tab.locator("article.crux").first.is_visible()
    assert tab.locator("article.crux .places").first.is_visible()


def test_going_to_a_folded_crux_unfolds_it(visit):
    tab = visit(place="#crux-3")
    assert tab.locator("#crux-3 details[open]").count() == 1
