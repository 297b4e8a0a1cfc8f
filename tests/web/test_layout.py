"""Every page as wide as a telephone and as a desk: nothing lies beyond the edge."""

import pytest
from playwright.sync_api import Page

from tests.web.conftest import sign_in
from tests.web.layout import BEYOND
from tests.web.test_map_page import Opener

# Each page, with what is there once it is complete.
PAGES = {
    "/": "body[data-coloured]",
    "/account": "#tokens .rows",
    "/nhap": "#desk:not([hidden])",
    "/nap-tep": "#file",
    "/nhap/hang-doi": "main",
    "/ho-tro": "#table table",
    "/desk": ".refusal",
    "/don-vi/2025/commune/17263": ".locator",
    "/don-vi/2024/district/422": ".locator",
}


def wide(page: Page, width: int) -> list[str]:
    page.set_viewport_size({"width": width, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
    assert page.evaluate("document.body.scrollWidth <= innerWidth"), page.url
    head = page.locator("header.top").bounding_box()
    assert head is not None, page.url
    assert (head["x"], head["width"]) == (0, width), page.url
    name = page.locator(".brand h1, .brand .name").first.bounding_box()
    assert name is not None, page.url
    assert name["width"] > 50, page.url
    return [f"{page.url} at {width}: {one}" for one in page.evaluate(BEYOND)]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_nothing_lies_beyond_the_edge_of_any_page(
    open_page: Opener, address: str, demo_people: dict[str, str], language: str
) -> None:
    page = open_page(360, 740).page
    page.goto(f"{address}/sign-in?lang={language}")
    found = [*wide(page, 360), *wide(page, 1440)]
    sign_in(page, address, "demo-officer", demo_people)
    for path, complete in PAGES.items():
        page.set_viewport_size({"width": 360, "height": 740})
        page.goto(f"{address}{path}?lang={language}")
        page.locator(complete).first.wait_for(state="attached")
        found += [*wide(page, 360), *wide(page, 1440)]
    assert found == []


@pytest.mark.parametrize("path", ["/", "/sign-in", "/ho-tro"])
def test_the_name_is_not_covered_on_the_narrowest_page(
    open_page: Opener, address: str, path: str
) -> None:
    page = open_page(240, 500).page
    page.goto(f"{address}{path}")
    name = page.locator(".brand h1, .brand .name").first
    room, link = name.bounding_box(), page.locator("header nav a").bounding_box()
    assert room is not None
    assert link is not None
    assert name.evaluate("e => e.scrollWidth <= e.clientWidth")
    assert room["x"] + room["width"] <= link["x"]
    assert page.evaluate("document.documentElement.scrollWidth") == 240
