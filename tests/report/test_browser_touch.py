"""The map under fingers, on a phone in a real browser: tap, pinch, move, draw; a finger that does none scrolls on."""

import pytest
from test_browser_views import listed, places, selected

pytestmark = pytest.mark.browser
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}


@pytest.fixture
def phone(visit):
    tab = visit(**PHONE)
    tab.wait_for_selector("#explore[data-ready] #drawing[data-drawn]")
    tab.locator("#map-title").evaluate("title => title.scrollIntoView({ behavior: 'instant' })")
    tab.driver = tab.context.new_cdp_session(tab)
    yield tab
    assert tab.events == []


def touch(tab, *steps):
    """Put fingers down, move them step by step, lift them; a step is the places of all fingers."""
    for i, fingers in enumerate(steps):
        points = [{"x": x, "y": y, "id": n} for n, (x, y) in enumerate(fingers)]
        tab.driver.send("Input.dispatchTouchEvent", {"type": "touchMove" if i else "touchStart", "touchPoints": points})
    tab.driver.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def middle(tab):
    box = tab.locator("#drawing").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_tap_opens_an_objection(phone):
    assert phone.locator("[data-map][aria-pressed=true]").count() == 0
    x, y = places(phone)[3]
    phone.touchscreen.tap(x, y)
    phone.wait_for_selector("#one blockquote")
    assert phone.locator("#one blockquote").text_content() == phone.evaluate(
        "JSON.parse(document.getElementById('data').textContent).rows.text[3]"
    )


@pytest.mark.parametrize("mode", ["read", "move", "area"])
def test_two_fingers_come_nearer_and_what_is_between_them_stays(phone, mode):
    if mode != "read":
        phone.locator(f"[data-map={mode}]").tap()
    x, y = middle(phone)
    y += 40
    touch(phone, *([(x - far, y), (x + far, y)] for far in (30, 45, 60, 75, 90)))
    phone.wait_for_function("() => location.hash.includes('view=')")
    across, down, percent = map(int, phone.evaluate("location.hash").partition("view=")[2].split("."))
    assert percent == pytest.approx(300, abs=12)
    span = phone.evaluate("JSON.parse(document.getElementById('data').textContent).rows")
    assert across == pytest.approx(max(span["x"]) / 2, abs=60)
    # The place under the fingers, which is not the map's middle, has not moved: two thirds of the way there.
    assert down > max(span["y"]) / 2 + 100
    assert "area=" not in phone.evaluate("location.hash")
    selected(phone, 11)


def test_a_finger_moves_the_map_after_move(phone):
    phone.locator("[data-map=in]").tap()
    phone.locator("[data-map=move]").tap()
    phone.wait_for_function("() => location.hash.includes('view=')")
    before = phone.evaluate("location.hash")
    x, y = middle(phone)
    touch(phone, [(x, y)], [(x + 20, y + 10)], [(x + 60, y + 30)])
    phone.wait_for_function("before => location.hash !== before", arg=before)


def test_a_finger_draws_an_area_after_draw(phone):
    phone.locator("[data-map=area]").tap()
    at = places(phone)
    right = [i for i, (x, _) in enumerate(at) if x > sum(x for x, _ in at) / len(at)]
    left = min(at[i][0] for i in right) - 4
    end, top, bottom = max(x for x, _ in at) + 8, min(y for _, y in at) - 8, max(y for _, y in at) + 8
    corners = [
        (left, top),
        ((left + end) / 2, top),
        (end, top),
        (end, (top + bottom) / 2),
        (end, bottom),
        (left, bottom),
    ]
    touch(phone, *([corner] for corner in corners))
    selected(phone, len(right))
    assert len(listed(phone)) == len(right)


def test_a_finger_on_the_map_scrolls_the_page(phone):
    before = phone.evaluate("scrollY")
    x, y = middle(phone)
    touch(phone, *([(x, y - far)] for far in (0, 20, 60, 120, 160)))
    phone.wait_for_function("before => scrollY > before + 60", arg=before)
    selected(phone, 11)
