"""The hostile report in a real browser: nothing runs, nothing leaves, the map stands, nothing overflows."""

import shutil

import pytest

from threadkit.report.page import write_page

pytestmark = pytest.mark.browser
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
OVERFLOWING = """[...document.querySelectorAll("main *")].filter(
    (each) => each.getBoundingClientRect().right > innerWidth + 1 && !each.closest("#drawing")).length"""
INTRUDER = """const script = document.createElement("script");
    script.textContent = 'document.title = "owned"';
    document.head.append(script);"""
N_POINTS = 12


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no Chromium is on the path")
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=chromium, headless=True, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def address(analysis, tmp_path_factory):
    return write_page(analysis, tmp_path_factory.mktemp("report") / "report.html").as_uri()


@pytest.fixture
def visit(browser, address):
    """Open the report; the visit's `events` hold everything that must not happen."""
    contexts = []

    def opened(**options):
        context = browser.new_context(**options)
        contexts.append(context)
        tab = context.new_page()
        tab.events = []
        tab.on("dialog", lambda dialog: (tab.events.append(f"dialog {dialog.message}"), dialog.dismiss()))
        tab.on("request", lambda sent: sent.url != address and tab.events.append(f"request {sent.url}"))
        tab.on("console", lambda said: tab.events.append(f"console {said.text}"))
        tab.on("pageerror", lambda error: tab.events.append(f"error {error}"))
        tab.goto(address)
        return tab

    yield opened
    for context in contexts:
        context.close()


def draw(tab):
    tab.locator("#drawing").scroll_into_view_if_needed()
    tab.wait_for_selector("#drawing[data-drawn]", timeout=60_000)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_report_is_quiet_and_complete(visit, scheme, width):
    tab = visit(color_scheme=scheme, viewport={"width": width, "height": 844})
    draw(tab)
    assert tab.locator("#drawing .points path").count() == N_POINTS
    for details in tab.locator("details").all():
        details.evaluate("each => { each.open = true; }")
    assert tab.evaluate("document.documentElement.scrollWidth") == width
    assert tab.evaluate(OVERFLOWING) == 0
    assert tab.events == []


def test_pointing_shows_hostile_words_as_words_and_clicking_goes_to_the_crux(visit):
    tab = visit(viewport={"width": 1280, "height": 900})
    draw(tab)
    for point in tab.locator("#drawing .points path").all():
        box = point.bounding_box()
        tab.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        tab.wait_for_selector("#drawing .hoverlayer .hovertext")
    tab.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    tab.wait_for_function("location.hash === '#crux-3'")
    assert tab.locator("#crux-3 details[open]").count() == 1
    assert (
        tab.locator("#drawing a, #drawing img, #drawing script").count() == tab.locator("#drawing .modebar a").count()
    )
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
    assert tab.locator("article.crux h3").count() == 2
    assert tab.locator("table.ranking tbody tr").count() == 2
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
    assert not tab.locator("#map").is_visible()
    assert tab.locator("article.crux").first.is_visible()
