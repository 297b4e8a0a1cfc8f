"""Emerging hotspots and clusters on the map, in its ranking and in the panel of a unit."""

import re

import pytest
from playwright.sync_api import expect

from tests.web.test_map_page import Opener


@pytest.mark.parametrize("width", [1440, 360])
def test_themes_with_a_time_axis_are_chosen_by_keyboard(open_page: Opener, width: int) -> None:
    page = open_page(width).open("/?lang=en#r=all")
    page.wait_for_selector("body[data-coloured]")
    if width < 900:
        page.locator('#tabs [data-panel="controls"]').click()
    page.locator('input[name="theme"][value="hotspots"]').focus()
    page.keyboard.press("ArrowDown")
    page.wait_for_selector('body[data-coloured$="/emerging"]')
    legend = page.locator("#legend-body")
    expect(legend).to_contain_text("Hot spot, consecutive")
    # Categories that no unit has are not in the way.
    expect(legend).not_to_contain_text("Cold spot, historical")
    expect(page.locator("#ranking-period")).to_contain_text("01/02/2023")
    page.keyboard.press("ArrowDown")
    page.wait_for_selector('body[data-coloured$="/clusters"]')
    expect(legend).to_contain_text("Cluster, 99 % confidence")
    expect(page.locator(".cluster-rank").first).to_have_text("1")
    expect(page.locator("#ranking-list button").first).to_contain_text(re.compile("cluster of"))
    page.keyboard.press("ArrowUp")
    expect(page.locator(".cluster-rank")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_layer_with_a_period_of_its_own_says_that_it_does_not_follow(open_page: Opener) -> None:
    page = open_page().open("/?lang=en#t=emerging&r=all&p=2026-01..2026-06")
    notice = page.locator("#notice")
    expect(notice).to_contain_text("does not follow the period and kinds chosen")
    page.locator('input[name="theme"][value="incidents-count"]').check()
    page.wait_for_selector('body[data-coloured$="/incidents-count"]')
    expect(notice).not_to_contain_text("does not follow")


def test_the_panel_says_what_the_theme_found_of_a_unit(open_page: Opener) -> None:
    page = open_page().open("/?lang=en#t=emerging&r=all&u=17272")
    verdict = page.locator("#unit .verdict")
    expect(verdict).to_contain_text("Consecutive hot spot")
    page.locator('input[name="theme"][value="clusters"]').check()
    expect(verdict).to_contain_text("In cluster")
    page.locator('input[name="theme"][value="hotspots"]').check()
    expect(verdict).to_contain_text("at 99 % confidence.")
