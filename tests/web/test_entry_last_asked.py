"""Of all that was asked about a place the last counts, whatever is answered late."""

import httpx
import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.web.test_entry import enter, officer
from tests.web.test_entry_place import box, take
from tests.web.test_map_page import Opener

__all__ = ["box", "officer"]

POSITION = "({ coords: { latitude: 18.97, longitude: 104.83, accuracy: 35 } })"
HOLD_POSITION = """navigator.geolocation.getCurrentPosition = (answer) => {
  window.measured = answer;
}"""


class Held:
    """Answers to one address in words that wait until they are let go."""

    def __init__(self, page: Page, words: str) -> None:
        self.routes: list[Route] = []
        self.page = page
        page.route(lambda url: f"q={words}" in url, self.hold)

    def hold(self, route: Route) -> None:
        self.routes.append(route)

    def wait(self) -> None:
        for _ in range(2_000):
            if self.routes:
                return
            self.page.wait_for_timeout(20)
        raise AssertionError("nothing was asked")

    def let_go(self) -> None:
        for route in self.routes:
            route.continue_()
        # Long enough for what must not happen.
        self.page.wait_for_timeout(1_500)


def put(page: Page) -> Locator:
    """A point on the map, in Nậm Cắn; what is said of it."""
    page.wait_for_load_state("networkidle")
    page.locator("#place-map").click()
    said = page.locator(".confirmation")
    expect(said).to_contain_text("Xã Nậm Cắn")
    return said


def reload(page: Page) -> None:
    # Drafts are kept a moment after the last change.
    page.wait_for_timeout(600)
    page.reload()
    expect(page.locator(".restored")).to_be_visible()
    expect(page.locator(".confirmation dd").first).not_to_have_text("…")


def send(page: Page) -> None:
    page.get_by_role("button", name="Gửi", exact=True).click()


def test_a_point_on_the_map_outlives_a_late_answer_to_the_words(box: Locator) -> None:
    page = box.page
    page.wait_for_load_state("networkidle")
    held = Held(page, "mon+son")
    box.fill("mon son nghe an")
    box.press("Enter")
    held.wait()
    said = put(page)
    held.let_go()
    expect(said).to_contain_text("Xã Nậm Cắn")
    expect(page.locator(".place-box .caution")).to_contain_text("Chữ đã ghi chỉ Xã Môn Sơn")
    expect(page.locator(".results-list button")).to_have_count(0)


def test_a_late_answer_to_words_that_are_gone_takes_nothing(box: Locator) -> None:
    page = box.page
    held = Held(page, "mon+son")
    box.fill("mon son nghe an")
    box.press("Enter")
    held.wait()
    box.fill("n")
    held.let_go()
    expect(page.locator(".confirmation")).to_be_hidden()
    expect(page.locator(".results-list button")).to_have_count(0)
    expect(box).to_be_focused()


def test_a_late_position_leaves_the_place_chosen_since(box: Locator) -> None:
    page = box.page
    page.evaluate(HOLD_POSITION)
    page.get_by_role("button", name="Vị trí của máy này").click()
    take(page, box, "Nậm Cắn, Nghệ An")
    page.evaluate(f"measured{POSITION}")
    page.wait_for_timeout(1_000)
    expect(page.locator(".confirmation")).to_contain_text("Xã Nậm Cắn")
    expect(page.locator(".confirmation")).not_to_contain_text("35 m")


def test_words_written_while_the_position_is_measured_describe_it(box: Locator) -> None:
    page = box.page
    page.evaluate(HOLD_POSITION)
    page.get_by_role("button", name="Vị trí của máy này").click()
    box.fill("sau trường học")
    expect(page.locator(".place-box")).to_contain_text("Đang đo vị trí")
    page.evaluate(f"measured{POSITION}")
    expect(page.locator(".confirmation")).to_contain_text("35 m")
    expect(box).to_have_value("sau trường học")


@pytest.mark.parametrize("words", ["18.97, 104.83", "bản Búng, xã Môn Sơn"])
def test_after_a_reload_other_words_drop_the_place_of_the_first(box: Locator, words: str) -> None:
    page = box.page
    take(page, box, words)
    reload(page)
    box.fill("Nậm Cắn, Kỳ Sơn, Nghệ An")
    expect(page.locator(".confirmation")).to_be_hidden()
    box.press("Tab")
    send(page)
    expect(page.get_by_text("Chưa có địa điểm")).to_be_visible()
    box.press("Enter")
    expect(page.locator(".confirmation dd").first).to_contain_text("Xã Nậm Cắn")


def test_after_a_reload_a_point_on_the_map_stays_beside_other_words(box: Locator) -> None:
    page = box.page
    put(page)
    reload(page)
    box.fill("sau trường học")
    box.press("Enter")
    expect(page.locator(".confirmation")).to_contain_text("Xã Nậm Cắn")


def test_words_that_name_another_commune_than_the_point_are_told_and_may_take_its_place(
    box: Locator,
) -> None:
    page = box.page
    said = put(page)
    box.fill("Môn Sơn, Nghệ An")
    box.press("Enter")
    caution = page.locator(".place-box .caution").filter(has_text="Chữ đã ghi chỉ")
    expect(caution).to_contain_text("chỉ Xã Môn Sơn, Tỉnh Nghệ An, nhưng điểm nằm ở Xã Nậm Cắn")
    # Longer than what is listed while somebody writes waits.
    page.wait_for_timeout(500)
    expect(page.locator(".results-list button")).to_have_count(0)
    expect(box).not_to_be_focused()
    box.fill("Nậm Cắn, Nghệ An")
    expect(caution).to_have_count(0)
    box.fill("Môn Sơn, Nghệ An")
    box.press("Enter")
    page.get_by_role("button", name="Bỏ điểm, lấy nơi đã ghi").click()
    expect(said.locator("dd").first).to_contain_text("Xã Môn Sơn")
    expect(caution).to_have_count(0)


def test_a_stored_point_of_other_words_goes_with_them(
    open_page: Opener, officer: httpx.Client
) -> None:
    body = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [104.83, 18.97]},
        "properties": {"kind": "tip", "occurred_from": "2016-02-03", "place_text": "18.97, 104.83"},
    }
    record = officer.post("/api/v1/incidents", json=body).json()
    page = enter(open_page, officer, f"/nhap?incident={record['id']}").page
    page.wait_for_load_state("networkidle")
    expect(page.locator(".confirmation dd").first).to_contain_text("Xã Môn Sơn")
    page.get_by_label("Địa điểm", exact=True).fill("Kỳ Sơn")
    expect(page.locator(".confirmation")).to_be_hidden()


def test_that_the_place_is_missing_is_said_at_the_box_until_it_is_there(box: Locator) -> None:
    page = box.page
    held = Held(page, "mon+son")
    box.fill("mon son nghe an")
    box.press("Enter")
    held.wait()
    send(page)
    missing = page.get_by_text("Chưa có địa điểm")
    expect(missing).to_be_visible()
    near = missing.evaluate("(fault) => fault.previousElementSibling.matches('input[type=search]')")
    assert near
    held.let_go()
    expect(page.locator(".confirmation dd").first).to_contain_text("Xã Môn Sơn")
    expect(missing).to_be_hidden()
