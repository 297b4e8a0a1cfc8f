"""What the map's search and the entry form say of coordinates in no commune."""

import httpx
import pytest
from playwright.sync_api import expect

from tests.web.test_entry import enter, officer
from tests.web.test_map_page import Opener

__all__ = ["officer"]  # The fixture of the tests of the form.

ACROSS = ("19.4500, 104.0460", "Xã Nậm Cắn", "bên kia biên giới, phía Lào: quá đường biên 1,8 km")
TRUONG_SA = ("8.6447, 111.9197", "Đặc khu Trường Sa", "vùng biển, đảo Trường Sa")
AT_SEA = ("20.5000, 107.5000", "Trên biển", "Trên biển, cách")
ELSEWHERE = ("xã Con Cuông, Nghệ An (18.8885, 104.848)", "Xã Môn Sơn", "cách đó 12,2 km")
PLACES = [ACROSS, TRUONG_SA, AT_SEA, ELSEWHERE]


@pytest.mark.parametrize(("written", "name", "said"), PLACES)
def test_the_search_says_where_coordinates_lie(
    open_page: Opener, written: str, name: str, said: str
) -> None:
    page = open_page().open()
    page.locator("#search-text").fill(written)
    found = page.locator("#search-results button").first
    expect(found).to_contain_text(name)
    expect(found).to_contain_text(said)
    expect(found).not_to_contain_text("Ngoài Việt Nam")


def test_the_entry_form_says_where_coordinates_lie(
    open_page: Opener, officer: httpx.Client
) -> None:
    page = enter(open_page, officer).page
    box = page.get_by_label("Địa điểm", exact=True)
    for written, name, said in PLACES:
        box.fill(written)
        box.press("Enter")
        # Where nobody is sure a person chooses: Enter alone takes nothing.
        first = page.locator(".results-list button").first
        confirmation = page.locator(".confirmation")
        either = page.locator(".results-list button, .confirmation:not([hidden]) dd")
        expect(either.first).to_be_visible()
        if first.is_visible():
            expect(box).to_be_focused()
            page.keyboard.press("ArrowDown")
            expect(first).to_be_focused()
            page.keyboard.press("Enter")
        expect(confirmation.locator("dd").first).to_contain_text(name)
        expect(confirmation.locator(".caution").first).to_contain_text(said)


def test_a_gate_without_a_position_names_no_other(open_page: Opener) -> None:
    page = open_page().open()
    page.locator("#search-text").fill("cửa khẩu La Lay")
    found = page.locator("#search-results button").first
    expect(found).to_contain_text("Cửa khẩu La Lay: chưa biết vị trí")
    expect(found).not_to_contain_text("cách")


def test_the_search_says_what_is_wrong_with_coordinates(open_page: Opener) -> None:
    page = open_page().open()
    page.locator("#search-text").fill("18°70'12\"B 104°49'48\"Đ")
    expect(page.locator("#search-results")).to_contain_text("phút và giây không quá 60")
    page.locator("#search-text").fill("{{ 7*7 }}")
    expect(page.locator("#search-results")).to_contain_text("Không có nơi nào ở Việt Nam")
