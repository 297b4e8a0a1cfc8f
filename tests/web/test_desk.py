"""The leader's desk in a real browser: deciding by keyboard, planning, and the map after that."""

import re

import httpx
import pytest
from playwright.sync_api import Locator, Page, Route, expect
from sqlalchemy import Engine, text

from tests.web.conftest import Watched, sign_in
from tests.web.layout import BEYOND
from tests.web.test_map_page import Opener
from tests.web.test_sign_in import SMALL

REASON = "Ba vụ ở hai bản giáp biên <b>cùng</b> một thủ đoạn."


@pytest.fixture(autouse=True)
def undecided(demo_engine: Engine) -> None:
    """Nothing is decided when a test begins."""
    with demo_engine.begin() as connection:
        for table in ("hotspot_action", "hotspot_review"):
            connection.execute(text(f"DELETE FROM {table}"))


def desk(opener: Opener, people: dict[str, str], user: str = "leader", **options: int) -> Watched:
    watched = opener(**options)
    sign_in(watched.page, watched.address, f"demo-{user}", people)
    watched.page.goto(f"{watched.address}/desk")
    watched.page.locator("#hotspots button[aria-current=true]").wait_for()
    watched.page.locator(".evidence").wait_for()
    return watched


def named(button: Locator) -> str:
    return button.locator(".name").inner_text()


def stored(
    engine: Engine, columns: str = "decision, reason, updated_by"
) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        rows = connection.execute(
            text("SELECT decision, reason, updated_by FROM hotspot_review ORDER BY version")
        )
        return [tuple(row) for row in rows]


def settle(page: Page) -> None:
    """What has just come up takes no click for a moment."""
    page.wait_for_timeout(800)


@pytest.mark.parametrize("width", [1440, 360])
def test_a_leader_decides_by_keyboard_and_goes_on(
    open_page: Opener, demo_people: dict[str, str], demo_engine: Engine, width: int
) -> None:
    page = desk(open_page, demo_people, width=width, height=760).page
    rows = page.locator("#hotspots button")
    waiting = rows.count()
    assert waiting > 3
    rows.nth(0).focus()
    page.keyboard.press("ArrowDown")
    expect(rows.nth(1)).to_be_focused()
    second, third = named(rows.nth(1)), named(rows.nth(2))
    page.keyboard.press("Enter")
    expect(page.locator(".case-top h2")).to_have_text(second)
    expect(page.locator("#case")).to_be_focused()
    expect(page.locator(".evidence")).to_contain_text("p sau hiệu chỉnh")
    expect(page.locator(".evidence .done")).to_contain_text("12 tháng qua")
    assert page.evaluate(SMALL) == []
    assert page.evaluate(BEYOND) == []
    settle(page)
    # A letter chooses; without a reason nothing is sent.
    page.keyboard.press("x")
    expect(page.get_by_role("radio", name="Xác nhận")).to_be_checked()
    expect(page.get_by_label("Lý do")).to_be_focused()
    save = page.get_by_role("button", name="Lưu quyết định")
    save.click()
    page.keyboard.type(REASON)
    page.get_by_label("Mức ưu tiên").select_option(label="Cao")
    page.locator("#decision").get_by_label("Hạn xử lý").fill("2099-01-31")
    save.dblclick()
    expect(page.locator("#case-said")).to_have_text(f"Đã lưu quyết định về {second}.")
    expect(page.locator(".case-top h2")).to_have_text(third)
    expect(rows).to_have_count(waiting - 1)
    assert stored(demo_engine) == [("confirm", REASON, "demo-leader")]


def test_a_reason_that_names_somebody_is_looked_at_first(
    open_page: Opener, demo_people: dict[str, str], demo_engine: Engine
) -> None:
    page = desk(open_page, demo_people).page
    settle(page)
    page.get_by_role("radio", name="Theo dõi").check()
    page.get_by_label("Lý do").fill("Gọi chị Lò Thị Mai 0912 345 678")
    expect(page.locator(".passages li")).to_have_count(2)
    page.get_by_role("button", name="Lưu quyết định").click()
    expect(page.locator("#decision .personal input")).to_be_focused()
    assert stored(demo_engine) == []
    page.locator("#decision .personal input").check()
    page.get_by_role("button", name="Lưu quyết định").click()
    expect(page.locator("#case-said")).to_be_visible()
    assert len(stored(demo_engine)) == 1


def test_a_slow_answer_neither_moves_the_reader_nor_loses_what_he_writes(
    open_page: Opener, demo_people: dict[str, str], demo_engine: Engine
) -> None:
    page = desk(open_page, demo_people).page
    held: list[Route] = []
    page.route(
        "**/api/v1/hotspot-reviews/2025/**",
        lambda route: held.append(route) if route.request.method == "PUT" else route.continue_(),
    )
    rows = page.locator("#hotspots button")
    first, second = named(rows.nth(0)), named(rows.nth(1))
    decisions = page.get_by_role("button", name="Lưu quyết định")
    for place, name in enumerate((first, second)):
        rows.nth(place).click()
        expect(page.locator("#decision h3")).to_have_text(f"Quyết định: {name}")
        settle(page)
        page.get_by_role("radio", name="Theo dõi").check()
        page.get_by_label("Lý do").fill(f"Lý do {name}")
        decisions.click()
        expect(decisions).to_be_disabled()
    rows.nth(2).click()
    expect(page.locator("#decision")).to_be_visible()
    page.get_by_label("Lý do").fill("Đang viết dở")
    third = page.locator(".case-top h2").inner_text()
    for name, route in zip((first, second), held, strict=True):
        route.continue_()
        expect(page.locator("#case-said")).to_have_text(f"Đã lưu quyết định về {name}.")
    expect(page.locator(".case-top h2")).to_have_text(third)
    expect(page.get_by_label("Lý do")).to_have_value("Đang viết dở")
    expect(rows.filter(has_text=first)).to_have_count(0)
    assert sorted(row[1] for row in stored(demo_engine)) == sorted(
        f"Lý do {name}" for name in (first, second)
    )


def test_nothing_is_decided_on_what_is_not_there_yet(
    open_page: Opener, demo_people: dict[str, str]
) -> None:
    page = desk(open_page, demo_people).page
    settle(page)
    page.get_by_label("Lý do").fill("Của nơi trước")
    page.locator("#case").evaluate("room => { room.scrollTop = 500; }")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/api/v1/hotspot-reviews/2025/commune/*", hold)
    rows = page.locator("#hotspots button")
    rows.nth(1).click()
    expect(page.locator(".case-top h2")).to_have_text(named(rows.nth(1)))
    expect(page.locator(".case-top h2")).to_be_in_viewport()
    expect(page.locator("#decision")).to_have_count(0)
    page.keyboard.press("b")
    held[0].continue_()
    expect(page.locator("#decision h3")).to_contain_text(named(rows.nth(1)))
    expect(page.get_by_role("radio", name="Bác bỏ")).not_to_be_checked()
    page.unroute_all()
    rows.nth(0).click()
    expect(page.get_by_label("Lý do")).to_have_value("Của nơi trước")


def test_who_decided_meanwhile_is_told_and_what_was_written_stays(
    open_page: Opener, demo_people: dict[str, str], demo_engine: Engine, address: str
) -> None:
    watched = desk(open_page, demo_people)
    page = watched.page
    settle(page)
    code = page.locator("#hotspots button").first.get_attribute("data-code")
    page.get_by_role("radio", name="Bác bỏ").check()
    page.get_by_label("Lý do").fill(REASON)
    decide(address, demo_people, str(code), "watch")
    page.get_by_role("button", name="Lưu quyết định").click()
    expect(page.locator("#case-fault")).to_contain_text("người khác vừa quyết định")
    expect(page.locator(".past")).to_contain_text("Đang theo dõi")
    expect(page.get_by_label("Lý do")).to_have_value(REASON)
    settle(page)
    page.get_by_role("button", name="Lưu quyết định").click()
    expect(page.locator("#case-said")).to_be_visible()
    assert [row[0] for row in stored(demo_engine)] == ["watch", "dismiss"]
    # The browser notes the refusal on its console; nothing else may be there.
    assert [complaint for complaint in watched.complaints if "409" not in complaint] == []
    watched.complaints.clear()


def decide(address: str, people: dict[str, str], code: str, decision: str) -> None:
    """As a leader at another machine."""
    with httpx.Client(base_url=address, headers={"Origin": address}, timeout=120) as client:
        person = {"username": "demo-leader", "password": people["demo-leader"]}
        assert client.post("/api/v1/session", json=person).status_code == 201
        made = client.put(
            f"/api/v1/hotspot-reviews/2025/commune/{code}",
            json={"decision": decision, "reason": REASON},
            headers={"If-Match": '"0"'},
        )
        assert made.status_code == 200, made.text


def test_a_planner_answers_a_confirmed_hotspot(
    open_page: Opener, demo_people: dict[str, str], demo_engine: Engine, address: str
) -> None:
    page = desk(open_page, demo_people, "planner", width=360, height=760).page
    first = page.locator("#hotspots button").first
    code = str(first.get_attribute("data-code"))
    expect(page.locator("#decision")).to_have_count(0)
    expect(page.locator(".judgement")).to_contain_text("Khi điểm nóng được lãnh đạo xác nhận")
    decide(address, demo_people, code, "confirm")
    page.reload()
    expect(page.locator("#hotspots [aria-current=true] .decision")).to_have_text("Đã xác nhận")
    plan = page.locator(".plan-action")
    expect(page.locator(".past")).to_contain_text(REASON)
    settle(page)
    plan.get_by_label("Loại việc").select_option(label="Buổi truyền thông")
    plan.get_by_label("Ngày dự kiến").fill("2099-01-15")
    plan.get_by_label("Ghi chú").fill("Phiên chợ chủ nhật.")
    plan.get_by_role("button", name="Lập việc này").dblclick()
    row = page.locator(".actions li")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("Phiên chợ chủ nhật.")
    assert page.evaluate(SMALL) == []
    assert page.evaluate(BEYOND) == []
    settle(page)
    row.get_by_role("button", name="Đánh dấu đã làm").click()
    expect(row.locator(".state")).to_have_text("Đã làm")
    with demo_engine.connect() as connection:
        kept = connection.execute(text("SELECT state, version, updated_by FROM hotspot_action"))
        assert [tuple(one) for one in kept] == [("done", 2, "demo-planner")]


@pytest.mark.parametrize(
    ("decision", "told", "width"),
    [("dismiss", "Đã bác bỏ", 1440), ("watch", "Đang theo dõi", 360)],
)
def test_the_map_tells_what_was_decided(
    open_page: Opener,
    demo_people: dict[str, str],
    address: str,
    decision: str,
    told: str,
    width: int,
) -> None:
    watched = open_page(width=width)
    sign_in(watched.page, address, "demo-leader", demo_people)
    page = watched.open("/#r=all")
    page.locator("#ranking-list button").first.wait_for(state="attached")
    code = page.locator("#ranking-list button").first.get_attribute("data-code")
    badge = page.locator("#desk-badge")
    expect(badge).to_be_visible()
    waiting = int(badge.locator("[aria-hidden]").inner_text())
    decide(address, demo_people, str(code), decision)
    page.reload()
    expect(badge.locator("[aria-hidden]")).to_have_text(str(waiting - 1))
    marked = page.locator(f"#ranking-list button[data-code='{code}'] .decision")
    expect(marked).to_have_text(told)
    page.goto("about:blank")
    page.goto(f"{address}/#r=all&u={code}")
    section = page.locator("#unit .leaders")
    expect(section).to_contain_text(told)
    expect(section).to_contain_text(REASON)
    expect(section).to_contain_text("demo-leader")
    section.get_by_role("link", name="Mở ở bàn duyệt").click()
    expect(page).to_have_url(re.compile(rf"/desk#2025/commune/{code}$"))
    expect(page.locator("#hotspots [aria-current=true] .decision")).to_have_text(told)


def test_the_desk_is_for_leaders_and_planners(
    open_page: Opener, demo_people: dict[str, str], address: str
) -> None:
    page = open_page(width=360).page
    page.goto(f"{address}/desk")
    expect(page).to_have_url(re.compile(r"/sign-in\?next=%2Fdesk"))
    sign_in(page, address, "demo-officer", demo_people)
    page.goto(f"{address}/desk?lang=en")
    expect(page.locator("main")).to_contain_text("The desk is for leaders and planners.")
    expect(page.locator("#desk-link")).to_have_count(0)


def test_letters_follow_the_language(open_page: Opener, demo_people: dict[str, str]) -> None:
    watched = desk(open_page, demo_people)
    page = watched.page
    page.goto(f"{watched.address}/desk?lang=en")
    page.locator("#decision").wait_for()
    page.locator("#hotspots button").first.focus()
    page.keyboard.press("w")
    expect(page.get_by_role("radio", name="Watch")).to_be_checked()
    # What is written is no choice.
    page.keyboard.type("cd")
    expect(page.get_by_role("radio", name="Watch")).to_be_checked()
    expect(page.get_by_label("Reason")).to_have_value("cd")
