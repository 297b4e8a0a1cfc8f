"""The coverage gap on the map, by keyboard, and in the panel of a unit."""

import pytest
from playwright.sync_api import expect

from tests.web.conftest import sign_in
from tests.web.test_map_page import Opener, assert_painted, hash_value


@pytest.mark.parametrize("width", [1440, 360])
def test_the_theme_tells_where_nobody_ever_went(open_page: Opener, width: int) -> None:
    page = open_page(width).open("/?lang=en#r=all&p=2025-11..2026-10")
    if width < 900:
        page.locator('#tabs [data-panel="controls"]').click()
    page.locator('input[name="theme"][value="outreach-count"]').focus()
    page.keyboard.press("ArrowDown")
    page.wait_for_selector('body[data-coloured$="/coverage"]')
    assert hash_value(page, "t") == "coverage"
    legend = page.locator("#legend-body")
    expect(legend).to_contain_text("Clearly ahead, no session ever")
    expect(legend).to_contain_text("Incidents from 01/11/2025 to 31/10/2026")
    # Of rounded counts little is clear.
    assert_painted(page, ([91, 42, 134], 5), ([167, 150, 184], 20))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_panel_says_when_the_last_session_was(open_page: Opener) -> None:
    page = open_page().open("/?lang=en#t=coverage&r=all&u=17278&p=2025-11..2026-10")
    verdict = page.locator("#coverage-verdict")
    expect(verdict).to_contain_text("no session was ever held here")
    expect(verdict).to_contain_text("Its risk is higher than in")
    # An inland unit is not compared with those of the border.
    page.locator('input[name="border"]').check()
    expect(verdict).to_contain_text("Not compared")
    expect(verdict.locator(".swatch.hatched")).to_have_count(1)


def test_a_plan_is_made_from_a_unit_listed_and_drawn(
    open_page: Opener, address: str, demo_people: dict[str, str]
) -> None:
    seen = open_page(360)
    sign_in(seen.page, address, "demo-planner", demo_people)
    page = seen.open("/?lang=en#t=coverage&r=all&u=16849&p=2025-11..2026-10")
    page.locator("#plan summary").click()
    page.locator('#plan input[name="sessions"]').fill("7")
    page.locator('#plan input[name="teams"]').fill("2")
    page.keyboard.press("Enter")
    visits = page.locator("#plan li")
    expect(visits).to_have_count(7)
    expect(page.locator("#plan")).to_contain_text("No plan serves more.")
    expect(page.locator(".visit")).to_have_count(7)
    href = page.locator("#plan a").get_attribute("href") or ""
    book = page.request.get(f"{address}{href}")
    assert (book.status, book.body()[:2]) == (200, b"PK")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    visits.first.get_by_role("button").click()
    expect(page.locator("#unit h2")).not_to_have_text("Xã Hữu Kiệm")
    # The plan stays while its places are looked at, and goes with the question it answers.
    expect(visits).to_have_count(7)
    expect(page.locator('#plan input[name="teams"]')).to_have_value("2")
    page.locator('#tabs [data-panel="controls"]').click()
    page.locator('input[name="theme"][value="hotspots"]').check()
    expect(page.locator(".visit")).to_have_count(0)
