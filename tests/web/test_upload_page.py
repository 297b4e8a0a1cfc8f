"""A file of records sent by somebody at a desk, in a real browser."""

import io
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import httpx
import openpyxl
import pytest
from playwright.sync_api import Page, Route, expect

from tests.web.conftest import Watched, fill_in
from tests.web.test_map_page import Opener

PATH = "/nap-tep"
MARKUP = "<img src=x onerror=alert(1)>"
HEAD = ["Mã", "Loại", "Ngày", "Kinh độ", "Vĩ độ", "Nội dung"]
MEND, DOWNLOADED = "31/02/2025", "vui"


def workbook(prefix: str) -> bytes:
    """Two good rows and two bad ones, whose words would be markup."""
    book = openpyxl.Workbook()
    for row in (
        HEAD,
        [f"{prefix}-1", "tip", date(2025, 8, 1), 104.83, 18.97, MARKUP],
        [f"{prefix}-2", "tip", MEND, 104.83, 18.97, MARKUP],
        [f"{prefix}-3", DOWNLOADED, date(2025, 9, 3), 104.83, 18.97, MARKUP],
        [f"{prefix}-4", "tip", date(2025, 9, 4), 104.83, 18.97, "x"],
    ):
        book.worksheets[0].append(row)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


@pytest.fixture(scope="module")
def people(address: str, demo_people: dict[str, str]) -> Iterator[dict[str, httpx.Client]]:
    """Demonstration accounts, signed in to the running server, by role."""
    made = {}
    for role in ("officer", "planner"):
        made[role] = httpx.Client(base_url=address, headers={"Origin": address}, timeout=120)
        person = {"username": f"demo-{role}", "password": demo_people[f"demo-{role}"]}
        assert made[role].post("/api/v1/session", json=person).status_code == 201
    yield made
    for client in made.values():
        client.close()


def open_as(opener: Opener, client: httpx.Client, path: str = PATH, **options: int) -> Watched:
    watched = opener(**options)
    watched.page.context.add_cookies(
        [
            {"name": one.name, "value": one.value or "", "url": watched.address}
            for one in client.cookies.jar
        ]
    )
    watched.page.goto(watched.address + path)
    return watched


def choose(page: Page, content: bytes, name: str = "thang-8.xlsx", kind: str = "Vụ việc") -> None:
    page.get_by_label(kind, exact=True).check()
    page.locator("#file").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )


def settle(page: Page) -> None:
    """Wait for the answer: a busy machine takes some seconds to start what reads a file."""
    page.locator("#progress").wait_for(state="hidden", timeout=60_000)


def check(page: Page) -> None:
    page.get_by_role("button", name="Kiểm tra tệp").click()
    settle(page)
    expect(page.locator("#result h2")).to_be_visible()


def test_a_file_is_checked_mended_stored_and_the_rest_downloaded(
    open_page: Opener, people: dict[str, httpx.Client]
) -> None:
    seen = open_as(open_page, people["officer"])
    page = seen.page
    choose(page, workbook("W"))
    check(page)
    expect(page.locator("#result h2")).to_have_text("2 dòng tốt, 2 dòng cần sửa")
    expect(page.locator("#result")).to_contain_text("Chưa ghi gì vào hệ thống")
    assert people["officer"].get("/api/v1/imports").json() == {"imports": []}
    row = page.locator('tbody[data-row="3"]')
    expect(row.locator(".reason")).to_contain_text("31/02/2025")
    row.locator("summary").click()
    expect(row.get_by_label("Nội dung")).to_have_value(MARKUP)
    cell = row.get_by_label("Ngày")
    assert cell.get_attribute("aria-invalid") == "true"
    cell.fill("28/02/2025")
    page.locator("#again").click()
    settle(page)
    expect(page.locator("#result h2")).to_have_text("3 dòng tốt, 1 dòng cần sửa")
    # A second press does nothing.
    page.locator("#store").evaluate("(button) => { button.click(); button.click(); }")
    settle(page)
    expect(page.locator("#result h2")).to_have_text("Đã ghi")
    assert len([url for url in seen.asked("/imports?") if "dry_run=false" in url]) == 1
    expect(page.locator("#result .counts")).to_contain_text("đã thêm 3")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Tải các dòng cần sửa (Excel)").click()
    saved = openpyxl.load_workbook(io.BytesIO(waiting.value.path().read_bytes())).worksheets[0]
    rows = list(saved.iter_rows(values_only=True))
    assert rows[0] == ("Hàng trong tệp", *HEAD, "Lỗi / cách sửa")
    assert (rows[1][1:3], rows[1][6]) == (("W-3", DOWNLOADED), MARKUP)
    href = page.locator("#to-map").get_attribute("href")
    assert href == "/#o=incidents&p=2025-02..2025-09"
    # What was left can be mended in place, too.
    page.get_by_label("Loại", exact=True).fill("tip")
    page.locator("#mend").click()
    settle(page)
    expect(page.locator("#result .counts")).to_contain_text("đã thêm 1")
    expect(page.locator("table.mend")).to_have_count(0)
    page.locator("#to-map").click()
    page.wait_for_selector("body[data-coloured]")
    expect(page.locator("#notice")).to_be_hidden()


def test_the_same_file_again_changes_nothing(
    open_page: Opener, people: dict[str, httpx.Client]
) -> None:
    page = open_as(open_page, people["officer"]).page
    for said in ("đã thêm 2", "đã thêm 0, đã thay đổi 0, không đổi 2"):
        choose(page, workbook("S"))
        check(page)
        page.locator("#store").click()
        settle(page)
        expect(page.locator("#result .counts")).to_contain_text(said)
        page.locator("#another").click()
        expect(page.locator("#result")).to_be_hidden()


def test_by_keyboard_on_a_narrow_screen(open_page: Opener, people: dict[str, httpx.Client]) -> None:
    page = open_as(open_page, people["officer"], width=360, height=740).page
    choose(page, workbook("K"))
    page.locator("#file").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    settle(page)
    expect(page.locator("#result")).to_be_focused()
    for _ in range(4):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('input.wrong')"):
            break
    expect(page.get_by_label("Ngày")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("28/02/2025")
    page.locator("tbody summary").first.press("Enter")
    width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert width[0] <= width[1]
    small = page.evaluate(
        """() => [...document.querySelectorAll("main a, main button, main summary, main input")]
        .filter((one) => one.offsetParent && one.type !== "radio"
          && one.getBoundingClientRect().height < 43.5).map((one) => one.outerHTML)"""
    )
    assert small == []


def test_what_cannot_be_sent_is_said_plainly(
    open_page: Opener, people: dict[str, httpx.Client], tmp_path: Path
) -> None:
    seen = open_as(open_page, people["officer"])
    page, fault = seen.page, seen.page.locator("#fault")
    button = page.get_by_role("button", name="Kiểm tra tệp")
    button.click()
    expect(fault).to_have_text("Hãy chọn loại bản ghi trong tệp.")
    page.get_by_label("Vụ việc", exact=True).check()
    button.click()
    expect(fault).to_have_text("Hãy chọn một tệp.")
    choose(page, b"", "trong.csv")
    button.click()
    expect(fault).to_contain_text("0 byte")
    big = tmp_path / "to.csv"
    with big.open("wb") as file:
        file.truncate(51 * 2**20)
    page.locator("#file").set_input_files(big)
    expect(fault).to_contain_text("Tệp 51 MB lớn hơn mức 50 MB")
    button.click()
    assert [url for url in seen.asked("/api/v1/imports?") if "limit=" not in url] == []
    choose(page, f"Mã,{MARKUP}\n1,2\n".encode(), "khac.csv")
    button.click()
    settle(page)
    expect(fault).to_contain_text(f"“{MARKUP}”")
    choose(page, workbook("N"))
    page.route("**/api/v1/imports?*", lambda route: route.abort())
    button.click()
    expect(fault).to_contain_text("Không kết nối được máy chủ. Không mất gì")
    page.unroute("**/api/v1/imports?*")

    def slow(route: Route) -> None:
        expect(page.locator("#progress")).to_be_visible()
        expect(button).to_be_disabled()
        route.fallback()

    page.route("**/api/v1/imports?*", slow)
    check(page)
    expect(fault).to_be_hidden()
    expect(page.locator("#progress")).to_be_hidden()
    # Chromium notes answers of refusal, and the network that was taken away.
    seen.complaints = [text for text in seen.complaints if not re.search(r"422|ERR_FAILED", text)]


def test_who_may_come_and_the_way_there(
    open_page: Opener, people: dict[str, httpx.Client], demo_people: dict[str, str]
) -> None:
    page = open_as(open_page, people["planner"]).page
    expect(page.get_by_role("heading", level=2)).to_have_text("Tài khoản này không nạp tệp")
    expect(page.locator("form")).to_have_count(0)
    expect(page.locator("#send-file")).to_have_count(0)
    fresh = open_page().page
    fresh.goto(f"{page.url}?lang=en")
    assert fresh.url.endswith("/sign-in?lang=en&next=%2Fnap-tep")
    fresh.goto(fresh.url.replace("lang=en&", ""))
    fill_in(fresh, "demo-officer", demo_people["demo-officer"])
    expect(fresh.locator("#upload")).to_be_visible()
    assert fresh.url.endswith(PATH)
    expect(fresh.locator("#send-file")).to_have_attribute("href", PATH)
    fresh.locator("#other-language").click()
    expect(fresh.get_by_role("button", name="Check the file")).to_be_visible()
    with fresh.expect_download() as waiting:
        fresh.get_by_role("link", name=re.compile("Download an Excel template ?: Incident")).click()
    book = openpyxl.load_workbook(io.BytesIO(waiting.value.path().read_bytes()))
    assert book.sheetnames == ["Data", "Explanations", "Code lists"]


def test_files_sent_before_are_listed_and_what_is_left_is_mended(
    open_page: Opener, people: dict[str, httpx.Client]
) -> None:
    officer = people["officer"]
    files = {"file": (f"{MARKUP}.xlsx", workbook("EARLIER"))}
    sent = officer.post("/api/v1/imports", params={"record_type": "incident"}, files=files)
    assert sent.json()["rows_rejected"] == 2, sent.text
    page = open_as(open_page, officer, width=360).page
    line = page.locator("#earlier-files li").first
    expect(line).to_contain_text(f"{MARKUP}.xlsx")
    expect(line).to_contain_text("demo-officer")
    expect(line).to_contain_text(re.compile(r"\d\d:\d\d \d\d/\d\d/\d{4}"))
    expect(line).to_contain_text("đã thêm 2")
    expect(line).to_contain_text("Dòng bị từ chối: 2; còn chờ sửa: 2.")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    line.get_by_role("button", name="Mở để sửa").press("Enter")
    result = page.locator("#result")
    expect(result).to_be_focused()
    expect(result.get_by_role("link", name="Tải các dòng cần sửa (Excel)")).to_be_visible()
    result.get_by_label("Ngày", exact=True).first.fill("28/02/2025")
    result.get_by_role("button", name="Gửi các dòng đã sửa").click()
    expect(page.locator("#earlier-files li").first).to_contain_text("còn chờ sửa: 1.")
    assert page.locator("#earlier-files img").count() == 0
