"""Signing in and out in a real browser."""

import httpx
import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from geo.store.database import create_engine
from tests.web.conftest import COLOURED, Watched, fill_in
from tests.web.test_hostile_text import PAYLOAD
from tests.web.test_map_page import Opener

SMALL = """() => [...document.querySelectorAll("button, a, summary, input")]
  .filter((e) => e.checkVisibility() && e.getBoundingClientRect().height < 43.5
    && !e.closest(".sources, .leaflet-marker-pane, .switch, .choice, .segment, .skip"))
  .map((e) => e.outerHTML.slice(0, 120))"""


def refused(seen: Watched) -> None:
    """The browser notes the answer 401 on its console; nothing else may be there."""
    assert seen.complaints
    assert all("401" in complaint for complaint in seen.complaints), seen.complaints
    seen.complaints.clear()


def test_sign_in_see_the_name_sign_out(open_page: Opener, demo_people: dict[str, str]) -> None:
    seen = open_page()
    page = seen.open("/#t=incidents-rate")
    page.get_by_role("link", name="Đăng nhập", exact=True).click()
    expect(page).to_have_title("Đăng nhập – Bienmap")
    expect(page.get_by_label("Tên đăng nhập")).to_be_focused()
    expect(page.locator("#sign-in")).to_contain_text("tài khoản minh họa")
    fill_in(page, "demo-officer", demo_people["demo-officer"])
    seen.entered()
    assert "t=incidents-rate" in page.url
    name = page.locator("#account summary")
    expect(name).to_contain_text("Cán bộ minh họa, xã Môn Sơn")
    name.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".account-menu")).to_contain_text("demo-officer · Cán bộ")
    page.keyboard.press("Escape")
    expect(page.locator("#sign-out")).to_be_hidden()
    page.keyboard.press("Enter")
    for name in ("enter", "send-file", "support", "open-reviews", "own-account", "sign-out"):
        page.keyboard.press("Tab")
        expect(page.locator(f"#account #{name}")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Đăng nhập", exact=True)).to_be_visible()
    assert page.context.cookies() == []


def test_who_signs_out_in_one_tab_leaves_no_name_in_another(
    open_page: Opener, demo_people: dict[str, str]
) -> None:
    seen = open_page()
    first = seen.open()
    first.get_by_role("link", name="Đăng nhập", exact=True).click()
    fill_in(first, "demo-officer", demo_people["demo-officer"])
    seen.entered()
    second = first.context.new_page()
    second.goto(first.url.split("#")[0])
    second.wait_for_selector(COLOURED)
    second.locator("#account summary").click()
    second.locator("#sign-out").click()
    for page in (second, first):
        expect(page.get_by_role("link", name="Đăng nhập", exact=True)).to_be_visible()
        expect(page.locator("#account")).to_have_count(0)


def test_a_tab_of_somebody_else_sends_nothing_in_the_name_of_who_came_after(
    open_page: Opener, demo_people: dict[str, str]
) -> None:
    """As where a telephone had put the tab to sleep, so that it heard nothing."""
    seen = open_page()
    page = seen.open()
    page.get_by_role("link", name="Đăng nhập", exact=True).click()
    fill_in(page, "demo-officer", demo_people["demo-officer"])
    seen.entered()
    page.locator("#account summary").click()
    page.locator("#own-account").click()
    tokens = page.locator("#tokens")
    tokens.get_by_role("button").last.wait_for()
    # Its own browser's cookie is another person's now.
    who = {"username": "demo-leader", "password": demo_people["demo-leader"]}
    own = {"Sec-Fetch-Site": "same-origin"}
    session = page.url.replace("/account", "/api/v1/session")
    assert page.request.post(session, data=who, headers=own).status == 201
    tokens.locator("#token-name").fill("QGIS")
    tokens.get_by_role("button", name="Tạo").click()
    expect(tokens.locator(".fault")).to_contain_text("đã đăng nhập bằng tài khoản khác")
    listed = page.request.get(session.replace("session", "tokens")).json()
    assert listed == []
    assert seen.complaints == [complaint for complaint in seen.complaints if "403" in complaint]
    seen.complaints.clear()


def test_the_cookie_is_out_of_reach_of_scripts(
    open_page: Opener, demo_people: dict[str, str]
) -> None:
    seen = open_page()
    page = seen.open()
    page.goto(page.url.split("#")[0] + "sign-in")
    fill_in(page, "demo-leader", demo_people["demo-leader"])
    seen.entered()
    [cookie] = page.context.cookies()
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (True, "Lax", "/")
    assert page.evaluate("document.cookie") == ""


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("vi", "Tên đăng nhập hoặc mật khẩu không đúng."),
        ("en", "The username or the password is wrong."),
    ],
)
def test_a_wrong_password_is_told_in_a_plain_sentence(
    open_page: Opener, address: str, language: str, said: str
) -> None:
    seen = open_page()
    seen.page.goto(f"{address}/sign-in?lang={language}")
    form = seen.page.locator("#sign-in")
    form.locator("button:enabled").wait_for()
    form.locator("#username").fill("demo-officer")
    form.locator("#password").fill("sai mật khẩu")
    form.locator("button").click()
    expect(seen.page.get_by_role("alert")).to_have_text(said)
    expect(form.locator("#password")).to_be_focused()
    expect(form.locator("#password")).to_have_value("")
    expect(form.locator("#username")).to_have_value("demo-officer")
    refused(seen)


def test_hostile_names_are_text(
    open_page: Opener, demo_url: str, address: str, demo_people: dict[str, str]
) -> None:
    seen = open_page()
    page = seen.page
    page.goto(f"{address}/sign-in")
    fill_in(page, PAYLOAD, "x")
    expect(page.get_by_role("alert")).to_have_text("Tên đăng nhập hoặc mật khẩu không đúng.")
    refused(seen)
    engine = create_engine(demo_url)
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE account SET display_name = :name WHERE username = 'demo-planner'"),
            {"name": PAYLOAD},
        )
    engine.dispose()
    fill_in(page, "demo-planner", demo_people["demo-planner"])
    seen.entered()
    name = page.locator("#account summary bdi")
    expect(name).to_contain_text("<img src=x onerror=alert(1)>${alert(2)}{{7*7}}</script>")
    assert page.locator('img[src="x"], svg[onload], script:not([src]):not([nonce])').count() == 0


def test_a_sign_in_page_of_another_language_keeps_the_view(open_page: Opener, address: str) -> None:
    page = open_page().page
    page.goto(f"{address}/sign-in#t=outreach")
    page.locator("#sign-in button:enabled").wait_for()
    page.locator("#other-language").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert page.url.endswith("/sign-in?lang=en#t=outreach")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_nothing_overflows_on_a_telephone(
    open_page: Opener, address: str, demo_people: dict[str, str], language: str
) -> None:
    seen = open_page(360, 640)
    page = seen.page
    page.goto(f"{address}/sign-in?lang={language}")
    form = page.locator("#sign-in")
    form.locator("button:enabled").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.evaluate(SMALL) == []
    form.locator("#username").fill("demo-leader")
    form.locator("#password").fill(demo_people["demo-leader"])
    form.locator("button").click()
    seen.entered()
    page.locator("#account summary").click()
    expect(page.locator("#sign-out")).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.evaluate(SMALL) == []
    brand = page.locator(".brand h1")
    assert brand.evaluate("e => e.scrollWidth <= e.parentElement.clientWidth")


def test_the_page_carries_the_strict_policy_and_is_not_kept(address: str) -> None:
    answer = httpx.get(f"{address}/sign-in", timeout=120)
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "form-action 'self'" in policy
    assert answer.headers["cache-control"] == "no-store"
    assert answer.text.count("<script") == answer.text.count("nonce=")


@pytest.mark.parametrize(
    ("layer", "route"),
    [("incidents", "incidents"), ("networks", "networks"), ("network-flows", "network-flows")],
)
def test_layers_of_records_offer_the_sign_in(open_page: Opener, layer: str, route: str) -> None:
    """The hotspot map is there for everybody; what needs an account says so and leads there."""
    seen = open_page()
    page = seen.open(f"/#o={layer}&t=incidents-count")
    notice = page.locator("#notice")
    expect(notice).to_contain_text("chỉ dành cho người đã đăng nhập")
    assert not seen.asked(f"/api/v1/{route}")
    notice.get_by_role("link", name="Đăng nhập").click()
    page.wait_for_url("**/sign-in#*")
    assert f"o={layer}" in page.url
