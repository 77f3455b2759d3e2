"""axe-core finds nothing to say against the report: light and dark, desk and phone, with the views in use."""

import pytest

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
pytestmark = pytest.mark.browser
# The last four are rules of WCAG 2.2 and of good practice that axe leaves out by itself.
OPTIONS = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_no_violation(visit, scheme, width):
    tab = visit(color_scheme=scheme, viewport={"width": width, "height": 900})
    tab.wait_for_selector("#explore[data-ready]")
    tab.locator("#list [data-row]").first.click()
    tab.fill("#filter-q", "the")
    tab.wait_for_selector("#one blockquote")
    for details in tab.locator("details").all():
        details.evaluate("each => { each.open = true; }")
    # What is out of sight is not drawn, and axe could not judge it.
    tab.add_style_tag(content=".crux, .views > section { content-visibility: visible !important; }")
    found = axe.Axe().run(tab, options=OPTIONS).response["violations"]
    assert [(each["id"], [node["html"][:160] for node in each["nodes"]][:3]) for each in found] == []
