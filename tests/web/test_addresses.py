"""Addresses with parts that cannot be used, names of the other edition, and what is not loaded."""

import re

import pytest
from playwright.sync_api import expect

from tests.web.test_map_page import NEUTRAL, Opener, assert_painted, hash_value


@pytest.mark.parametrize(
    ("part", "name"),
    [
        ("v=99/999/999", "khung nhìn"),
        ("v=9/16.5", "khung nhìn"),
        ("v=9/-40/20", "khung nhìn"),
        ("u=99999", "đơn vị"),
        ("u=<b>", "đơn vị"),
        ("p=2025-13..2026-02", "thời gian"),
        ("p=2026-02..2025-01", "thời gian"),
        ("p=1950-01..1950-12", "thời gian"),
        ("e=1999&l=commune", "địa giới hoặc cấp"),
        ("e=2024&l=commune", "địa giới hoặc cấp"),
        ("t=nothing", "cách tô màu"),
        ("o=incidents,zz", "lớp hiển thị"),
        ("k=rescue,zz", "loại vụ việc"),
    ],
)
def test_a_part_that_cannot_be_used_is_left_out_and_named(
    open_page: Opener, part: str, name: str
) -> None:
    # Signed in, or a layer of records says that it needs that.
    seen = open_page(as_leader="incidents" in part)
    page = seen.open(f"/#{part}")
    expect(page.locator("#notice")).to_contain_text(f": {name}.")
    assert part not in page.url.replace("%2F", "/").replace("%2C", ",")
    expect(page.locator("#ranking-list button").first).to_be_visible()
    # Only the server knows that a code is nobody's; the browser notes its answer.
    seen.complaints = [text for text in seen.complaints if "404" not in text]


@pytest.mark.parametrize(
    ("language", "names", "choice"),
    [
        (
            "vi",
            [
                *("địa giới hoặc cấp", "cách tô màu", "thời gian", "đơn vị", "khung nhìn"),
                *("lớp hiển thị", "loại vụ việc"),
            ],
            "Số vụ việc",
        ),
        (
            "en",
            [
                *("boundaries or level", "what colours the map", "period", "unit", "view"),
                *("layers", "kinds of incident"),
            ],
            "Number of incidents",
        ),
    ],
)
def test_all_bad_parts_are_said_in_one_line_that_goes_with_the_next_choice(
    open_page: Opener, language: str, names: list[str], choice: str
) -> None:
    bad = "e=1999&l=x&t=nothing&p=9999-99..0000-00&v=NaN/1&u=abc&o=incidents,zz&k=rescue,zz"
    page = open_page(as_leader=True).open(f"/?lang={language}#{bad}")
    for name in names:
        expect(page.locator("#notice")).to_contain_text(re.compile(f"[:,] {name}[,.]"))
    page.get_by_label(choice).check()
    expect(page.locator("#notice")).to_be_hidden()


def test_a_good_address_is_followed_without_a_word(open_page: Opener) -> None:
    good = open_page().open("/")
    address = good.url[good.url.index("#") :]
    page = open_page().open(f"/{address}")
    expect(page.locator("#notice")).to_be_hidden()
    assert page.url.endswith(address)


@pytest.mark.parametrize(
    ("language", "why"), [("vi", "không có nguồn mở nào"), ("en", "no open source says clearly")]
)
def test_communes_that_do_not_ship_are_explained(
    open_page: Opener, language: str, why: str
) -> None:
    page = open_page().open(f"/?lang={language}")
    expect(page.locator("#no-communes")).to_be_hidden()
    page.locator('input[name="edition"][value="2024"]').check()
    expect(page.locator("#no-communes")).to_contain_text(why)
    expect(page.locator("#no-communes code")).to_contain_text("bienmap boundaries import")
    expect(page.locator("#no-communes code")).to_contain_text("--edition 2024 --level commune")


@pytest.mark.parametrize(
    ("language", "note"), [("vi", "(huyện, 2024)"), ("en", "(district, 2024)")]
)
def test_a_name_of_the_other_edition_is_found_there_with_a_note(
    open_page: Opener, language: str, note: str
) -> None:
    page = open_page().open(f"/?lang={language}")
    page.locator("#search-text").fill("huyen Muong Lat")
    found = page.locator("#search-results button").first
    expect(found).to_contain_text(f"Huyện Mường Lát {note}")
    found.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector('body[data-coloured="2024/district/hotspots"]')
    expect(page.locator("#unit h2")).to_have_text("Huyện Mường Lát")
    expect(page.locator('input[name="edition"][value="2024"]')).to_be_checked()
    expect(page.locator('input[name="level"][value="district"]')).to_be_checked()
    assert hash_value(page, "e") == "2024"


def test_a_name_of_another_level_is_found_before_that_of_another_edition(
    open_page: Opener,
) -> None:
    page = open_page().open()
    page.locator("#search-text").fill("tinh Nghe An")
    results = page.locator("#search-results button")
    expect(results.first).to_contain_text("Tỉnh Nghệ An (tỉnh, 2025)")
    expect(results.first).to_contain_text("Trước 7/2025: Tỉnh Nghệ An")


def test_a_link_put_into_an_open_map_is_followed(open_page: Opener) -> None:
    page = open_page().open()
    address = page.url.split("#")[0]
    page.goto(f"{address}#e=2025&l=commune&t=hotspots&u=16837")
    expect(page.locator("#unit")).to_contain_text("Nậm Cắn")


def test_places_are_found_by_keyboard(open_page: Opener) -> None:
    page = open_page().open()
    page.locator("#search-text").focus()
    page.keyboard.type("nậm cắn")
    page.keyboard.press("Enter")
    first = page.locator("#search-results button").first
    expect(first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#search-results button").nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.locator("#unit")).to_contain_text("Nậm Cắn")


def test_a_broken_address_opens_the_map_all_the_same(open_page: Opener) -> None:
    page = open_page().open("/#e=1999&l=x&t=nothing&p=9999-99..0000-00&k=a,b&o=zz&v=NaN/1&u=<b>")
    assert hash_value(page, "e") == "2025"
    assert_painted(page, (NEUTRAL, 20_000))


def test_back_takes_back_one_choice_after_the_other(open_page: Opener) -> None:
    page = open_page().open()
    counts = page.locator('input[name="theme"][value="incidents-count"]')
    hotspots = page.locator('input[name="theme"][value="hotspots"]')
    counts.check()
    page.wait_for_selector('body[data-coloured="2025/commune/incidents-count"]')
    page.locator("#ranking-list button").first.click()
    name = page.locator("#unit h2")
    expect(name).to_be_visible()
    title = name.inner_text()
    page.locator("#other-theme").evaluate("box => { box.closest('details').open = true }")
    page.locator("#other-theme").select_option("incidents-rate")
    page.wait_for_url(re.compile("c=incidents-rate%40year"))
    page.go_back()
    expect(page.locator("#other-theme")).to_have_value("")
    expect(name).to_have_text(title)
    page.go_back()
    expect(name).to_be_hidden()
    expect(counts).to_be_checked()
    page.go_back()
    expect(hotspots).to_be_checked()
    page.wait_for_selector('body[data-coloured="2025/commune/hotspots"]')
    page.go_forward()
    page.wait_for_selector('body[data-coloured="2025/commune/incidents-count"]')
    expect(counts).to_be_checked()


def test_back_leaves_a_map_whose_address_named_no_unit(open_page: Opener) -> None:
    seen = open_page()
    page = seen.open()
    start = page.url
    page.evaluate("location.hash = location.hash + '&u=99999'")
    expect(page.locator("#notice")).to_contain_text("đơn vị")
    page.go_back()
    page.wait_for_url(start)
    seen.complaints = [text for text in seen.complaints if "404" not in text]


def test_back_ends_the_play_of_months(open_page: Opener) -> None:
    page = open_page().open("/#e=2025&l=commune&t=incidents-count&p=2024-01..2024-06")
    page.locator('input[name="theme"][value="incidents-rate"]').check()
    page.wait_for_selector('body[data-coloured="2025/commune/incidents-rate"]')
    page.locator("#play").click()
    page.wait_for_url(re.compile("p=2024-0[2-9]"))
    page.go_back()
    page.wait_for_selector('body[data-coloured="2025/commune/incidents-count"]')
    expect(page.locator("body")).not_to_have_attribute("data-playing", "yes")
    assert hash_value(page, "p") == "2024-01..2024-06"
    page.wait_for_timeout(1200)
    assert hash_value(page, "p") == "2024-01..2024-06"
