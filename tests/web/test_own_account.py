"""The page of one's own account, by keyboard and on a telephone."""

import time
from collections.abc import Iterator

import pyotp
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from geo.store.database import create_engine, transaction
from tests.people import MON_SON, Person, make_account
from tests.web.conftest import Watched, fill_in, serving
from tests.web.test_map_page import Opener
from tests.web.test_sign_in import SMALL


@pytest.fixture(scope="module")
def address(module_boundaries_url: str) -> Iterator[str]:
    """Where a server with a secret key answers."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BIENMAP_SECRET_KEY", "A" * 43 + "=")
        with serving(module_boundaries_url) as found:
            yield found


@pytest.fixture
def officer(module_boundaries_url: str) -> Person:
    """An officer of one commune."""
    engine = create_engine(module_boundaries_url)
    made = make_account(engine, "officer", MON_SON)
    engine.dispose()
    return made


def at_account(seen: Watched, person: Person, language: str = "vi") -> Page:
    """The page of the account, signed in just now."""
    made = seen.page.request.post(f"{seen.address}/api/v1/session", data=vars(person))
    assert made.status == 201
    seen.page.goto(f"{seen.address}/account?lang={language}")
    seen.page.locator("#sessions li").first.wait_for()
    seen.page.wait_for_load_state("networkidle")
    return seen.page


def refused(seen: Watched, *statuses: str) -> None:
    """The browser notes refusals on its console; nothing else may be there."""
    assert seen.complaints
    assert all(any(one in line for one in statuses) for line in seen.complaints), seen.complaints
    seen.complaints.clear()


def test_codes_are_turned_on_by_keyboard_and_asked_for_at_sign_in(
    open_page: Opener, officer: Person, module_boundaries_url: str
) -> None:
    seen = open_page(360, 640)
    page = at_account(seen, officer)
    page.get_by_role("button", name="Bật mã một lần").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#factor-code")).to_be_focused()
    picture = page.get_by_role("img", name="Mã QR")
    expect(picture).to_be_visible()
    assert picture.evaluate("e => e.complete && e.naturalWidth > 100")
    secret = page.locator("#second-factor code").inner_text().replace(" ", "")
    page.keyboard.type(pyotp.TOTP(secret).now())
    page.keyboard.press("Enter")
    codes = page.locator(".codes li")
    expect(codes).to_have_count(8)
    expect(page.get_by_role("heading", name="Đã bật")).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#second-factor .part")).to_contain_text("Còn 8 mã dự phòng")
    # At the door: the password, then the code, the password still in the form.
    page.goto(f"{seen.address}/sign-in")
    fill_in(page, officer.username, officer.password)
    expect(page.get_by_label("Mã một lần")).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text("mã một lần")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.evaluate(SMALL) == []
    page.keyboard.type("000000")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Mã không đúng")
    refused(seen, "401")
    with page.expect_response("**/api/v1/session") as answer:
        # The next one: that of now was used, and may be over before it arrives.
        page.keyboard.type(pyotp.TOTP(secret).at(int(time.time()), counter_offset=1))
        page.keyboard.press("Enter")
    assert answer.value.status == 201
    page.wait_for_url(f"{seen.address}/")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_tokens_are_made_after_the_password_and_revoked(
    open_page: Opener, officer: Person, module_boundaries_url: str, language: str
) -> None:
    seen = open_page(360, 640)
    page = at_account(seen, officer, language)
    engine = create_engine(module_boundaries_url)
    with transaction(engine) as connection:
        connection.execute(text("UPDATE session SET confirmed_at = now() - interval '1 hour'"))
    engine.dispose()
    page.locator("#token-name").fill("<b>QGIS</b>")
    page.locator("#token-name").press("Enter")
    expect(page.locator("#proof")).to_be_visible()
    expect(page.locator("#proof-password")).to_be_focused()
    assert page.locator("#proof").evaluate("e => e.getBoundingClientRect().right <= 360")
    page.keyboard.press("Escape")
    expect(page.locator("#proof")).to_be_hidden()
    assert page.locator("#tokens .rows li").count() == 0
    page.locator("#token-name").press("Enter")
    page.locator("#proof-password").fill("sai mật khẩu")
    page.keyboard.press("Enter")
    expect(page.locator("#proof [role=alert]")).to_be_visible()
    page.locator("#proof-password").fill(officer.password)
    page.keyboard.press("Enter")
    expect(page.locator("#tokens .rows li")).to_have_count(1)
    expect(page.locator("#tokens .rows")).to_contain_text("<b>QGIS</b>")
    expect(page.locator("#tokens .done code")).to_contain_text("bienmap_")
    refused(seen, "401", "403")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.evaluate(SMALL) == []
    page.locator("#tokens .rows button").press("Enter")
    expect(page.locator("#tokens .rows li")).to_have_count(0)
    expect(page.locator("#tokens h2")).to_be_focused()


def test_another_session_is_ended_and_the_password_changed(
    open_page: Opener, officer: Person
) -> None:
    elsewhere = open_page()
    at_account(elsewhere, officer)
    seen = open_page(360, 640)
    page = at_account(seen, officer)
    rows = page.locator("#sessions li")
    expect(rows).to_have_count(2)
    expect(page.locator(".part-hint")).to_contain_text("120 phút")
    expect(rows.locator(".mark-current")).to_have_count(1)
    rows.get_by_role("button", name="Kết thúc phiên này").press("Enter")
    expect(rows).to_have_count(1)
    elsewhere.page.goto(f"{seen.address}/account")
    expect(elsewhere.page).to_have_title("Đăng nhập – Bienmap")
    page.locator("#old").fill(officer.password)
    page.locator("#new").fill("mật khẩu mới tinh")
    page.locator("#again").fill("mật khẩu khác đi")
    page.locator("#again").press("Enter")
    expect(page.locator("#password-part [role=alert]")).to_contain_text("không giống nhau")
    page.locator("#again").fill("mật khẩu mới tinh")
    page.locator("#again").press("Enter")
    expect(page.locator("#password-part [role=status]")).to_contain_text("Đã đổi mật khẩu")
    assert page.evaluate(SMALL) == []


def test_nobody_sees_the_page_without_a_sign_in(open_page: Opener) -> None:
    seen = open_page()
    seen.page.goto(f"{seen.address}/account?lang=en")
    expect(seen.page.get_by_role("heading", name="Sign in")).to_be_visible()
