"""The page of support figures in a real browser: filled in by keyboard, totals checked as typed."""

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine, text

from geo.demo.loading import load_published
from geo.store.database import transaction
from tests.people import NGHE_AN, Person, make_account
from tests.web.conftest import Watched, serving
from tests.web.test_map_page import Opener
from tests.web.test_sign_in import SMALL

YEAR = 2026


@pytest.fixture(scope="module")
def engine(module_boundaries_engine: Engine) -> Engine:
    """Boundaries and the published figures: what the page needs, and no more."""
    with transaction(module_boundaries_engine) as connection:
        load_published(connection)
    return module_boundaries_engine


@pytest.fixture(scope="module")
def address(engine: Engine, module_boundaries_url: str) -> Iterator[str]:
    with serving(module_boundaries_url) as found:
        yield found


@pytest.fixture(scope="module")
def officer(engine: Engine) -> Person:
    return make_account(engine, "officer", NGHE_AN)


def signed_in(seen: Watched, person: Person) -> Page:
    """The page of figures, after signing in as a program would."""
    answer = httpx.post(f"{seen.address}/api/v1/session", json=vars(person), timeout=120)
    cookie = next(iter(answer.cookies.jar))
    seen.page.context.add_cookies(
        [{"name": cookie.name, "value": cookie.value, "url": seen.address}]
    )
    return opened(seen)


def opened(seen: Watched, path: str = "/ho-tro") -> Page:
    seen.page.goto(seen.address + path)
    seen.page.locator("#table table").wait_for()
    return seen.page


def stored(engine: Engine) -> list[tuple[object, ...]]:
    with transaction(engine) as connection:
        rows = connection.execute(
            text(
                "SELECT measure, to_char(period_from, 'MM'), value, value_by FROM support_measure"
                " WHERE source = 'api' AND deleted_at IS NULL ORDER BY 1, 2"
            )
        )
        return [tuple(row) for row in rows]


@pytest.mark.parametrize("width", [1280, 360])
def test_figures_are_filled_in_by_keyboard_and_held_against_their_total(
    open_page: Opener, officer: Person, engine: Engine, width: int
) -> None:
    with transaction(engine) as connection:
        connection.execute(text("DELETE FROM support_measure WHERE source = 'api'"))
    seen = open_page(width=width)
    page = signed_in(seen, officer)
    expect(page.locator("#unit")).to_have_value("2025-40")
    page.locator("#year").fill(str(YEAR))
    page.locator("#year").press("Tab")
    calls = page.get_by_label(f"Tổng đài 111, Cuộc gọi, 3/{YEAR}")
    calls.fill("41")
    calls.press("Enter")
    persons = page.get_by_label(f"Tổng đài 111, Người được hỗ trợ, 3/{YEAR}", exact=True)
    expect(page.locator("#status")).to_contain_text("Đã lưu: Cuộc gọi")
    expect(persons).to_be_focused()
    persons.fill("12")
    persons.press("ArrowDown")
    expect(page.locator("#status")).to_contain_text("Đã lưu: Người được hỗ trợ")
    page.get_by_role("button", name="Người được hỗ trợ").first.press("Enter")
    women = page.get_by_label(f"Tổng đài 111, Người được hỗ trợ, Nữ, 3/{YEAR}")
    women.fill("13")
    expect(women).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#status")).to_contain_text("Cộng theo giới tính được 13, tổng là 12")
    women.fill("9")
    women.press("Tab")
    expect(page.locator("#status")).to_contain_text("Đã lưu: Người được hỗ trợ")
    assert stored(engine) == [
        ("calls", "03", 41, {}),
        ("persons_supported", "03", 12, {"sex": {"f": 9}}),
    ]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(SMALL) == []
    calls.fill("")
    calls.press("Enter")
    page.get_by_label("Lý do xóa số liệu").fill("Nhập nhầm tháng")
    page.keyboard.press("Enter")
    expect(page.locator("#status")).to_contain_text("Đã xóa")
    assert [row[0] for row in stored(engine)] == ["persons_supported"]


def test_others_read_the_published_figures_and_write_nothing(open_page: Opener) -> None:
    page = opened(open_page(width=360), "/ho-tro?lang=en")
    page.locator("#year").fill("2024")
    page.locator("#year").press("Tab")
    hotline = page.locator("tbody tr", has_text="published-2024").filter(has_text="Calls")
    expect(hotline.locator("td").last).to_have_text("780")
    assert page.locator("#table input").count() == 0
    assert page.locator("#model").count() == 0


def test_a_club_is_entered_at_a_place_that_is_found(
    open_page: Opener, officer: Person, engine: Engine
) -> None:
    page = signed_in(open_page(), officer)
    form = page.locator("#model")
    form.get_by_label("Loại mô hình").select_option("M06")
    form.get_by_label("Địa điểm").fill("xã Môn Sơn, Nghệ An")
    form.get_by_label("Địa điểm").press("Enter")
    expect(form.get_by_role("radio").first).to_be_focused()
    expect(form).to_contain_text("Môn Sơn")
    form.get_by_label("Số thành viên").fill("25")
    form.get_by_role("button", name="Lưu mô hình").click()
    expect(page.locator("#model-status")).to_contain_text("Đã lưu mô hình")
    with transaction(engine) as connection:
        row = connection.execute(
            text(
                "SELECT kind, members, commune_2025 FROM prevention_model"
                " JOIN unit_set ON unit_set.id = unit_set_id"
            )
        ).one()
    assert tuple(row) == ("M06", 25, "17263")


def test_notes_that_seem_to_name_somebody_are_confirmed_or_mended(
    open_page: Opener, officer: Person, engine: Engine
) -> None:
    with transaction(engine) as connection:
        connection.execute(text("DELETE FROM support_measure WHERE source = 'api'"))
    seen = open_page(width=360)
    with httpx.Client(
        base_url=seen.address, headers={"Origin": seen.address}, timeout=120
    ) as client:
        assert client.post("/api/v1/session", json=vars(officer)).status_code == 201
        figure = {
            "programme": "hotline_111", "measure": "calls", "edition": "2025", "code": "40",
            "period": f"{YEAR}-04", "value": 20, "notes": "Gặp chị Cả Sơn La",
            "personal_data_checked": True,
        }  # fmt: skip
        assert client.post("/api/v1/support-measures", json=figure).status_code == 201
    page = signed_in(seen, officer)
    page.locator("#year").fill(str(YEAR))
    page.locator("#year").press("Tab")
    calls = page.get_by_label(f"Tổng đài 111, Cuộc gọi, 4/{YEAR}")
    calls.fill("21")
    calls.press("Enter")
    box = page.locator("#notes-check")
    notes = box.get_by_label("Ghi chú")
    expect(notes).to_be_focused()
    expect(box.locator("mark")).to_have_text("Cả Sơn La")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    save = box.get_by_role("button", name="Lưu số liệu với ghi chú này")
    save.press("Enter")
    tick = box.get_by_label("Tôi đã kiểm tra")
    expect(tick).to_be_focused()
    assert stored(engine) == [("calls", "04", 20, {})]
    tick.check()
    save.press("Enter")
    expect(page.locator("#status")).to_contain_text("Đã lưu: Cuộc gọi")
    assert stored(engine) == [("calls", "04", 21, {})]
    expect(page.locator("#fault")).to_be_hidden()
    # The browser repeats in its console that the figure was refused at first.
    assert ["422" in one for one in seen.complaints] == [True]
    seen.complaints.clear()
    # A club's name is looked at as it is typed.
    form = page.locator("#model")
    form.get_by_label("Tên gọi").fill("Nhà chị Lò Thị Mai")
    expect(form.locator("mark")).to_have_text("Lò Thị Mai")
    form.get_by_role("button", name="Bỏ", exact=True).click()
    expect(form.get_by_label("Tên gọi")).to_have_value("Nhà chị […]")
