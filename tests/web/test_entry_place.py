"""The place of a record is the one its words name; none is taken that nobody is sure of."""

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.test_entry import enter, officer
from tests.web.test_map_page import Opener

__all__ = ["officer"]


@pytest.fixture
def box(open_page: Opener, officer: httpx.Client) -> Locator:
    """The place box of a new incident."""
    return enter(open_page, officer).page.get_by_label("Địa điểm", exact=True)


def take(page: Page, box: Locator, words: str) -> None:
    box.fill(words)
    box.press("Enter")
    expect(page.locator(".confirmation")).to_be_visible()


def test_other_words_drop_the_place_of_the_first(box: Locator) -> None:
    page = box.page
    take(page, box, "mon son")
    box.fill("Nậm Cắn, Nghệ An")
    expect(page.locator(".confirmation")).to_be_hidden()
    page.get_by_role("button", name="Gửi", exact=True).click()
    expect(page.get_by_text("Chưa có địa điểm")).to_be_visible()
    box.press("Enter")
    expect(page.locator(".confirmation dd").first).to_contain_text("Xã Nậm Cắn")


def test_words_beside_a_point_on_the_map_leave_it(box: Locator) -> None:
    page = box.page
    page.locator(".leaflet-container").click(position={"x": 150, "y": 100})
    expect(page.locator(".confirmation dd").first).not_to_have_text("…")
    before = page.locator(".confirmation").inner_text()
    box.fill("sau trường học")
    expect(page.locator(".confirmation")).to_be_visible()
    assert page.locator(".confirmation").inner_text() == before


@pytest.mark.parametrize(
    ("words", "first"),
    [
        # A lost digit: the correction is offered, not what the digits say.
        ("18.8885 10.4848", "Môn Sơn"),
        # A name that many bear.
        ("Kỳ Sơn", "Nghệ An"),
        # A former district: which of its communes is not said.
        ("Kỳ Sơn, Nghệ An", "đã chia về"),
        ("bản Búng, Con Cuông, Nghệ An", "đã chia về"),
        # A province in which it does not lie, and three words that were read otherwise.
        ("Môn Sơn, Sơn La", "“Sơn La” không khớp"),
        ("xã Mốn Sơ, Con Cuôg, Nghệ Am", "Đọc “Mốn Sơ” là “Môn Sơn”"),
        ("xyzzy qqq", None),
    ],
)
def test_enter_takes_nothing_that_is_not_sure(box: Locator, words: str, first: str | None) -> None:
    page = box.page
    take(page, box, "mon son")
    box.fill(words)
    box.press("Enter")
    lines = page.locator(".results-list button")
    if first:
        expect(page.get_by_text("Chưa chắc là nơi nào")).to_be_visible()
        expect(lines.filter(has_text=first).first).to_be_visible()
        # A second Enter in haste takes none either.
        expect(box).to_be_focused()
        box.press("Enter")
        expect(lines.filter(has_text=first).first).to_be_visible()
    else:
        expect(page.get_by_text("Không có nơi nào ở Việt Nam trong câu này")).to_be_visible()
    expect(page.locator(".confirmation")).to_be_hidden()


def test_an_arrow_and_enter_take_what_is_not_sure(box: Locator) -> None:
    page = box.page
    box.fill("Kỳ Sơn, Nghệ An")
    box.press("Enter")
    expect(page.get_by_text("Chưa chắc là nơi nào")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    said = page.locator(".confirmation")
    expect(said).to_contain_text("Huyện Kỳ Sơn")
    expect(said).to_contain_text("đã chia về")
    expect(said).to_contain_text("chỉ chắc")


def test_what_did_not_fit_is_said_of_what_was_taken(box: Locator) -> None:
    page = box.page
    take(page, box, "bản Búng, xã Môn Sơn, huyện Pù Mát (Nghệ An)")
    said = page.locator(".confirmation")
    expect(said).to_contain_text("Xã Môn Sơn")
    expect(said).to_contain_text("“huyện Pù Mát” không phải đơn vị hành chính")
    expect(said).to_contain_text("có thể là: Xã Môn Sơn, Xã Lục Dạ")
    expect(said).to_contain_text("chắc 100 %")
