"""The coverage gap on the map, by keyboard, and in the panel of a unit."""

import pytest
from playwright.sync_api import expect

from tests.web.test_map_page import Opener, hash_value, painted


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
    clearly, dots = painted(page, [91, 42, 134], [167, 150, 184])
    assert min(clearly, dots) > 20
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
