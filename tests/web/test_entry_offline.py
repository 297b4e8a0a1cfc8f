"""The form of the entry page without a network, on a device that keeps what is entered."""

import re

import httpx
from playwright.sync_api import Page, expect
from sqlalchemy import Engine, text

from geo.store.database import transaction
from tests.people import Person
from tests.web.killable import Killable
from tests.web.telephone import SLOW, Device, stored

ENTRY = "/nhap"
NARRATIVE = "Giải cứu trên đường ra biên giới"


def fill(page: Page, place: str = "mon son") -> None:
    """What an officer enters of an incident."""
    box = page.get_by_label("Địa điểm", exact=True)
    box.fill(place)
    box.press("Enter")
    expect(page.locator(".confirmation dd").first).to_contain_text("Môn Sơn")
    page.get_by_label("Giải cứu nạn nhân", exact=True).check()
    page.get_by_label("Nội dung").fill(NARRATIVE)


def send(page: Page) -> None:
    page.get_by_role("button", name="Gửi", exact=True).click()


def drafts(device: Device) -> int:
    """How many drafts are on the disk."""
    found: int = device.page.evaluate(
        """() => new Promise((resolve) => {
          const opening = indexedDB.open("bienmap");
          opening.onsuccess = () => {
            const count = opening.result.transaction("drafts").objectStore("drafts").count();
            count.onsuccess = () => resolve(count.result);
          };
        })"""
    )
    return found


def expect_drafts(device: Device, count: int) -> None:
    for _ in range(200):
        if drafts(device) == count:
            return
        device.page.wait_for_timeout(50)
    assert drafts(device) == count


def test_a_record_entered_without_a_network_is_stored_once_when_it_returns(
    device: Device, person: Person, module_boundaries_engine: Engine
) -> None:
    before = stored(module_boundaries_engine)
    device.join(person)
    device.cut()
    # From the worker: nobody opened this page on the device before.
    page = device.open(ENTRY)
    expect(page.locator("#queue")).to_contain_text("Không có mạng")
    expect(page.locator("#map-note")).to_contain_text("Bản đồ đầy đủ cần mạng")
    fill(page)
    expect(page.locator(".confirmation")).to_contain_text("Theo địa danh trên máy")
    expect_drafts(device, 1)
    # The draft is there from the first field on; what was typed last is sealed a moment later.
    page.wait_for_timeout(2_000)
    page.reload()
    expect(page.locator(".restored")).to_be_visible()
    expect(page.get_by_label("Nội dung")).to_have_value(NARRATIVE)
    expect(page.locator(".confirmation dd").first).to_contain_text("Môn Sơn")
    send(page)
    expect(page.locator(".stored")).to_contain_text("Đã lưu trên máy này, chờ gửi")
    expect(page.locator("#queue a")).to_contain_text("1 mục")
    expect_drafts(device, 0)
    # From the outbox back into the form: it takes its own place in the queue.
    page.locator("#queue a").click()
    page.get_by_role("link", name="Sửa trong biểu mẫu").click()
    expect(page.get_by_label("Nội dung")).to_have_value(NARRATIVE)
    page.get_by_label("Nội dung").fill(f"{NARRATIVE}, hai người")
    send(page)
    expect(page.locator(".stored")).to_contain_text("chờ gửi")
    expect(page.locator("#queue a")).to_contain_text("1 mục")
    device.mend()
    expect(page.locator(".stored")).to_contain_text("Xã Môn Sơn, Tỉnh Nghệ An")
    expect(page.locator("#queue a")).to_have_text("Hàng đợi gửi")
    after = stored(module_boundaries_engine)
    [identifier] = after.keys() - before.keys()
    assert after[identifier]["narrative"] == f"{NARRATIVE}, hai người"
    assert after[identifier]["version"] == 1
    assert [line for line in device.server.writes if line.endswith("/incidents")] == [
        "POST /api/v1/incidents"
    ]


def test_a_locked_device_asks_for_the_password_and_loses_nothing(
    device: Device, person: Person, module_boundaries_engine: Engine
) -> None:
    device.join(person)
    device.page.locator("#lock").click()
    expect(device.page.locator("#unlock")).to_be_visible()
    device.cut()
    page = device.page
    page.goto(device.server.address + ENTRY)
    expect(page.locator("#unlock")).to_be_visible()
    expect(page.locator("form.record")).to_have_count(0)
    device.unlock(Person(person.username, "sai"))
    expect(page.locator("#unlock-fault")).to_contain_text("Mật khẩu không đúng")
    device.unlock(person)
    fill(page)
    device.mend()
    # Signed out above: the session has ended, and the record waits for the password.
    with transaction(module_boundaries_engine) as connection:
        connection.execute(text("DELETE FROM session"))
    send(page)
    expect(page.locator(".stored")).to_contain_text("Phiên đăng nhập đã hết")
    page.get_by_label("Mật khẩu", exact=True).fill(person.password)
    page.keyboard.press("Enter")
    expect(page.locator(".stored")).to_contain_text("Xã Môn Sơn, Tỉnh Nghệ An")


def test_a_session_on_a_locked_device_keeps_the_record_once_it_is_unlocked(
    device: Device, person: Person
) -> None:
    device.join(person)
    device.page.locator("#lock").click()
    expect(device.page.locator("#unlock")).to_be_visible()
    # Signed in elsewhere on this browser, without the device's password.
    with httpx.Client(base_url=device.server.address, timeout=SLOW / 1000) as client:
        client.post("/api/v1/session", json=vars(person))
        cookies = [
            {"name": one.name, "value": one.value or "", "url": device.server.address}
            for one in client.cookies.jar
        ]
    device.context.add_cookies(cookies)  # type: ignore[arg-type]
    page = device.open(ENTRY)
    fill(page, "xã Môn Sơn, Nghệ An")
    device.cut()
    send(page)
    expect(page.locator("form.record .fault")).to_contain_text("máy này đang khóa")
    page.get_by_label("Mật khẩu", exact=True).fill(person.password)
    page.keyboard.press("Enter")
    expect(page.locator(".stored")).to_contain_text("Đã lưu trên máy này, chờ gửi")


def test_the_page_is_the_same_for_everybody(calm: Killable, person: Person) -> None:
    with httpx.Client(base_url=calm.address, timeout=SLOW / 1000) as client:
        stranger = client.get(ENTRY)
        client.post("/api/v1/session", json=vars(person))
        known = client.get(f"{ENTRY}?type=network")
    assert stranger.status_code == 200
    assert stranger.content == known.content
    assert "nonce" not in stranger.text
    assert "unsafe" not in stranger.headers["content-security-policy"]
    assert not re.search(r"<script(?![^>]*(src=|application/json))", stranger.text)
