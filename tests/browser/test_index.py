"""The index of very many pages: searched and sorted with a script, grouped with and without one."""

import pytest
from many_units import make_report, many_units


@pytest.fixture(scope="module")
def index(ds, root, tmp_path_factory):
    folder = root / "data" / "raw" / "worcestershire-2018"
    return make_report(many_units(ds), folder, tmp_path_factory.mktemp("many")).index


def shown(page, selector):
    return [each.inner_text().split("\n")[0] for each in page.locator(selector).all() if each.is_visible()]


def test_it_is_searched_and_sorted_by_the_keyboard_and_asks_for_nothing(index, visit):
    page = visit(index)
    while page.evaluate("document.activeElement.id") != "find":
        page.keyboard.press("Tab")
    page.keyboard.type("service 7 WORKSHOP")
    assert page.locator("#shown").inner_text().startswith("18 of ")
    assert shown(page, "details.part li")[:2] == ["Service 07: workshop", "Service 17: workshop"]
    page.locator("#find").fill("")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "order"
    page.locator("#order").select_option("name")
    names = shown(page, ".matrix tbody th")
    assert names == sorted(names)
    assert len(names) == 90
    assert [address for address in page.asked if not address.startswith("data:")] == [index.as_uri()]


def test_axe_finds_nothing_while_it_is_searched(index, visit, axe):
    page = visit(index, width=320)
    page.locator("#find").fill("region")
    page.evaluate(axe)
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
    found = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", tags)
    assert [(each["id"], each["nodes"][0]["target"]) for each in found["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_without_a_script_it_is_grouped_and_offers_no_search(index, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(index.as_uri())
    assert not page.locator("#finder").is_visible()
    page.locator("details.part summary").click()
    assert page.locator("details.part li").first.is_visible()
    context.close()
