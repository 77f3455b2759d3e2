"""The linked views of the hostile report in a real browser: filters, list, map, heat map, timeline, keys, address."""

import json
from urllib.parse import parse_qs

import pytest

from threadkit.report.page import write_page

pytestmark = pytest.mark.browser
# In the order of the page's rows: c1 c10 c11 c12 c2 c3 c4 c6 c7 c8 c9.
ROWS = ["c1", "c10", "c11", "c12", "c2", "c3", "c4", "c6", "c7", "c8", "c9"]
FILTERS = {
    "q": ("DRAINS twice", 1),
    "crux": ("1", 4),
    "author": ("ana", 1),
    "post": ("p2", 4),
    "answered": ("no", 2),
    "from": ("2024-01-01", 5),
    "to": ("2023-01-06", 1),
    "karma-min": ("10", 2),
    "karma-max": ("-1", 1),
    "agreement-min": ("5", 3),
    "agreement-max": ("0", 1),
}
MARGIN = 18


@pytest.fixture
def tab(visit):
    opened = visit(viewport={"width": 1280, "height": 1000})
    opened.wait_for_selector("#explore[data-ready]")
    yield opened
    assert opened.events == []


def selected(tab, n):
    words = f"{n} of 11 objections selected" if n < 11 else "All 11 objections selected"
    tab.wait_for_function("words => document.getElementById('selected').textContent === words", arg=words)


def listed(tab):
    return [ROWS[int(row.get_attribute("data-row"))] for row in tab.locator("#list [data-row]").all()]


def places(tab):
    """Return where the points of the map are on the screen."""
    box = tab.locator("#drawing").bounding_box()
    rows = json.loads(tab.locator("#data").text_content())["rows"]
    wide, high = max(rows["x"]), max(rows["y"])
    unit = min((box["width"] - 2 - 2 * MARGIN) / wide, (box["height"] - 2 - 2 * MARGIN) / high)
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    return [
        (middle[0] + (x - wide / 2) * unit, middle[1] + (y - high / 2) * unit)
        for x, y in zip(rows["x"], rows["y"], strict=True)
    ]


@pytest.mark.parametrize("name", FILTERS)
def test_a_filter_keeps_what_it_says_and_stands_in_the_address(tab, name):
    value, n = FILTERS[name]
    field = tab.locator(f"#filters [name='{name}']")
    if name == "answered":
        field.select_option(value)
    else:
        field.fill(value)
    selected(tab, n)
    assert len(listed(tab)) == n
    tab.wait_for_function("() => location.hash.startsWith('#explore?')")
    assert parse_qs(tab.evaluate("location.hash.slice(9)")) == {name: [value]}
    tab.locator("#clear").click()
    selected(tab, 11)
    assert field.input_value() == ""
    tab.wait_for_function("() => location.hash === '#explore'")


def test_filters_are_joined_and_a_part_of_a_name_is_enough(tab):
    tab.fill("#filter-crux", "drains than it")
    selected(tab, 4)
    tab.fill("#filter-post", "should we pave")
    selected(tab, 2)
    tab.fill("#filter-q", "twice")
    selected(tab, 1)
    assert listed(tab) == ["c2"]
    tab.fill("#filter-q", "nobody wrote this")
    selected(tab, 0)
    # text_content, not inner_text: a section that is scrolled out of sight is not laid out and has no inner text.
    assert "No objection passes these filters." in tab.locator("#list").text_content()
    tab.locator("#clear").click()
    tab.fill("#filter-crux", "in no crux")
    selected(tab, 2)
    tab.fill("#filter-crux", "")
    tab.fill("#filter-author", "unknown")
    selected(tab, 2)


def test_hostile_words_are_found_and_shown_as_words(tab):
    tab.fill("#filter-q", "</script><script>alert(4)")
    selected(tab, 1)
    tab.locator("#list [data-row]").click()
    assert "</script><script>alert(4)</script>" in tab.locator("#one blockquote").inner_text()
    tab.fill("#filter-q", "")
    selected(tab, 11)  # else the one that is selected still may be taken for the next
    tab.fill("#filter-author", '"><img')
    selected(tab, 1)
    tab.locator("#list [data-row]").click()
    # The page answers in the next frame: until then the objection before it is open.
    tab.locator("#one .author", has_text="onerror").wait_for()
    assert tab.locator("#one .ways a").get_attribute("href") == "https://forum.example/p2/c3"
    tab.fill("#filter-author", "")
    tab.locator("#filter-author").focus()
    assert tab.locator(".views img, .views script, .views b").count() == 0
    assert {link.get_attribute("href")[:5] for link in tab.locator(".views a").all()} <= {"https", "#crux"}


def test_an_address_that_is_none_is_no_link(tab):
    tab.evaluate("location.hash = '#explore?at=6'")
    tab.wait_for_function("() => document.querySelector('#one blockquote')")
    assert tab.locator("#one .ways a").count() == 0
    tab.evaluate("location.hash = '#explore?at=4'")
    tab.wait_for_function("() => document.querySelector('#one blockquote').textContent.includes('twice')")
    assert tab.locator("#one .ways a").get_attribute("href") == "https://forum.example/p1"
    assert tab.locator("#one .ways a").inner_text() == "post"


def test_pointing_at_the_map_reads_and_clicking_opens(tab):
    tab.locator("#drawing").scroll_into_view_if_needed()
    for i, (x, y) in enumerate(places(tab)):
        tab.mouse.move(x, y)
        tab.wait_for_function("() => document.querySelector('.tip').hidden === false")
        shown = tab.locator(".tip .words").text_content()
        assert shown == json.loads(tab.locator("#data").text_content())["rows"]["text"][i]
    tab.mouse.click(x, y)
    tab.wait_for_selector("#one a[href='#crux-3']")
    assert tab.locator("#row-10").get_attribute("aria-selected") == "true"
    assert tab.locator("#list").get_attribute("aria-activedescendant") == "row-10"
    tab.locator("#one a[href='#crux-3']").click()
    tab.wait_for_selector("#crux-3 details[open]")


def test_drawing_around_points_keeps_only_those(tab):
    tab.locator("#drawing").scroll_into_view_if_needed()
    at = places(tab)
    right = [i for i, (x, _) in enumerate(at) if x > sum(x for x, _ in at) / len(at)]
    assert 0 < len(right) < 11
    left_edge = min(at[i][0] for i in right) - 6
    ends = (max(x for x, _ in at) + 9, min(y for _, y in at) - 9, max(y for _, y in at) + 9)
    corners = [(left_edge, ends[1]), (ends[0], ends[1]), (ends[0], ends[2]), (left_edge, ends[2])]
    tab.mouse.move(*corners[0])
    tab.mouse.down()
    for corner in corners[1:]:
        tab.mouse.move(*corner, steps=4)
    tab.mouse.up()
    selected(tab, len(right))
    assert sorted(listed(tab)) == sorted(ROWS[i] for i in right)
    tab.locator("#drop-area").click()
    selected(tab, 11)
    assert tab.locator("#drop-area").is_hidden()


def test_coming_nearer_moves_the_points_apart_and_the_address_holds_it(tab):
    tab.locator("[data-map=in]").click()
    tab.wait_for_function("() => location.hash.includes('view=')")
    assert tab.evaluate("location.hash").endswith(".160")
    tab.locator("[data-map=move]").click()
    assert tab.locator("[data-map=area]").get_attribute("aria-pressed") == "false"
    box = tab.locator("#drawing").bounding_box()
    before = tab.evaluate("location.hash")
    tab.mouse.move(box["x"] + 200, box["y"] + 100)
    tab.mouse.down()
    tab.mouse.move(box["x"] + 260, box["y"] + 160, steps=3)
    tab.mouse.up()
    tab.wait_for_function("before => location.hash !== before", arg=before)
    tab.locator("[data-map=whole]").click()
    tab.wait_for_function("() => !location.hash.includes('view=')")


def test_a_sent_address_shows_the_same(visit, tab):
    tab.fill("#filter-q", "the")
    tab.locator("#filters [name='from']").fill("2023-01-07")
    tab.select_option("#filter-sort", "-karma")
    tab.locator("#list [data-row]").first.click()
    tab.wait_for_function("() => location.hash.includes('at=')")
    other = visit(place=tab.evaluate("location.hash"))
    other.wait_for_selector("#explore[data-ready]")
    for part in ("#selected", "#list .body", "#one", "#heat"):
        assert other.locator(part).text_content() == tab.locator(part).text_content() != ""
    assert other.locator("#filter-q").input_value() == "the"
    assert other.locator("#filter-sort").input_value() == "-karma"
    assert other.evaluate("Math.abs(document.getElementById('explore').getBoundingClientRect().top) < 200")
    other.evaluate("location.hash = '#explore?crux=2'")
    other.wait_for_function("() => document.getElementById('selected').textContent.startsWith('3 of')")
    assert other.locator("#filter-q").input_value() == ""
    assert "Children need the orchard" in other.locator("#filter-crux").input_value()
    # Another place of the page changes nothing.
    other.evaluate("location.hash = '#words'")
    assert other.locator("#selected").inner_text().startswith("3 of")
    assert other.events == []


@pytest.mark.parametrize(
    "place",
    [
        "#explore?at=99&area=1.2~x&view=..&sort=text&karma-min=abc&from=1st",
        "#explore?at=-1&view=1.1.99999&sort=--&answered=maybe&nothing=1&__proto__=2",
        "#explore?area=<img src=x onerror=alert(5)>&view=NaN.NaN.200",
    ],
)
def test_a_senseless_address_shows_everything(visit, place):
    tab = visit(place=place)
    tab.wait_for_selector("#explore[data-ready] #drawing[data-drawn]")
    selected(tab, 11)
    assert len(listed(tab)) == 11
    assert tab.events == []


def test_the_list_is_read_and_sorted_with_keys(tab):
    tab.locator("#list").focus()
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("ArrowDown")
    tab.wait_for_selector("#one blockquote")
    tab.wait_for_function("() => document.querySelector('#list [aria-rowindex=\"3\"][aria-selected=true]')")
    tab.keyboard.press("End")
    tab.wait_for_function("() => document.querySelector('#list [aria-rowindex=\"12\"][aria-selected=true]')")
    active = tab.locator("#list").get_attribute("aria-activedescendant")
    assert tab.locator(f"#{active}").get_attribute("aria-rowindex") == "12"
    tab.keyboard.press("Home")
    tab.wait_for_function("() => document.querySelector('#list [aria-rowindex=\"2\"][aria-selected=true]')")
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.closest('#one') !== null")
    tab.locator("#list").focus()
    tab.keyboard.press("Escape")
    tab.wait_for_selector("#one .hint")
    tab.locator("#list [data-sort=karma] button").click()
    tab.wait_for_selector("#list [data-sort=karma][aria-sort=descending]")
    karma = tab.locator("#list .body .c-karma").all_inner_texts()
    assert karma == ["1,234", "12", "7", "5", "5", "3", "1", "1", "0", "−3", "–"]
    tab.locator("#list [data-sort=karma] button").click()
    tab.wait_for_selector("#list [data-sort=karma][aria-sort=ascending]")
    assert tab.locator("#list .body .c-karma").all_inner_texts()[:2] == ["−3", "0"]


def test_keys_pressed_faster_than_pictures_are_drawn_all_count(tab):
    tab.evaluate("""() => {
        const list = document.getElementById("list");
        for (const key of ["ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp", "ArrowDown", "ArrowDown"]) {
            list.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
        }
    }""")
    tab.wait_for_selector('#list [aria-rowindex="5"][aria-selected=true]')


def test_map_heat_and_timeline_answer_keys(tab):
    tab.locator("#drawing .marks").focus()
    opened = set()
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown"):
        tab.keyboard.press(key)
        tab.wait_for_function("""() => {
            const words = document.querySelector("#one blockquote")?.innerText.slice(0, 20);
            return words && document.getElementById("said").textContent.startsWith(words);
        }""")
        opened.add(tab.locator("#list [aria-selected=true]").get_attribute("data-row"))
    assert len(opened) > 2
    tab.keyboard.press("+")
    tab.wait_for_function("() => location.hash.includes('view=')")
    tab.keyboard.press("0")
    tab.keyboard.press("Escape")
    tab.wait_for_selector("#one .hint")

    tab.locator("#heat button[tabindex='0']").focus()
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("Enter")
    cell = tab.locator("#heat button[aria-pressed=true]")
    cell.wait_for()
    selected(tab, int(cell.text_content()))
    tab.wait_for_function("() => document.activeElement.getAttribute('aria-pressed') === 'true'")
    assert tab.locator("#heat tbody button").count() > 1
    tab.keyboard.press("Enter")
    selected(tab, 11)

    tab.locator("#timeline button[tabindex='0']").focus()
    tab.keyboard.press("Enter")
    selected(tab, 5)
    assert tab.locator("#filters [name='from']").input_value() == "2023-01-01"
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("End")
    tab.keyboard.press("Shift+Enter")
    selected(tab, 10)
    tab.keyboard.press("Home")
    assert tab.locator("#timeline button:focus").get_attribute("aria-label") == "2023-01: 5 of 5"


def test_the_heat_map_counts_what_the_tables_count(tab, analysis):
    cells = {
        (int(each.get_attribute("data-crux")), each.get_attribute("data-post")): int(each.text_content())
        for each in tab.locator("#heat button").all()
    }
    assert cells == analysis.recurrence["n_objections"].to_dict()


@pytest.mark.parametrize(("name", "hidden"), [("bare", ["#map", "#time"]), ("no_cruxes", ["#heat"])])
def test_what_is_unknown_is_not_offered(visit, request, tmp_path, name, hidden):
    tab = visit(write_page(request.getfixturevalue(name), tmp_path / "report.html").as_uri())
    tab.wait_for_selector("#explore[data-ready]")
    for part in hidden:
        assert not tab.locator(part).is_visible()
    assert tab.locator("#list [data-row]").count() == 11
    assert tab.locator("#filters .f-kind").is_hidden()
    if name == "bare":
        assert tab.locator("#filters .f-karma").is_hidden()
        assert tab.locator("#filters .f-day").is_hidden()
        assert tab.locator("#list .c-karma").count() == 0
    assert tab.events == []
