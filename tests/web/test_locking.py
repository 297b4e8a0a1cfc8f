"""A device that is left alone locks itself, and a locked one asks for all that a sign-in needs."""

import time

import httpx
import pyotp
from playwright.sync_api import expect

from tests.people import Person
from tests.web.telephone import OUTBOX, SLOW, Device
from tests.web.test_entry_offline import ENTRY, NARRATIVE, expect_drafts, fill, send


def test_a_device_left_alone_locks_itself_and_keeps_the_draft(
    device: Device, person: Person
) -> None:
    device.join(person)
    device.page.clock.install()
    page = device.open(ENTRY)
    fill(page)
    expect_drafts(device, 1)
    # Whoever works is not locked out, however long it takes.
    for _ in range(3):
        page.clock.fast_forward("14:00")
        page.keyboard.press("Shift")
    expect(page.locator("#desk")).to_be_visible()
    page.clock.fast_forward("15:30")
    expect(page.locator("#unlock")).to_be_visible()
    expect(page.locator("#desk")).to_be_hidden()
    # Neither another page nor a new tab gets the key.
    device.cut()
    page = device.open(OUTBOX)
    expect(page.locator("#unlock")).to_be_visible()
    page.goto(device.server.address + ENTRY)
    expect(page.locator("#unlock")).to_be_visible()
    device.unlock(person)
    expect(page.get_by_label("Nội dung")).to_have_value(NARRATIVE)


def test_a_touch_after_a_long_sleep_comes_too_late(device: Device, person: Person) -> None:
    device.join(person)
    device.page.clock.install()
    page = device.open(OUTBOX)
    expect(page.locator("#who")).to_have_text(person.username)
    # No timer runs while a laptop sleeps: only the time of day goes on.
    page.clock.set_system_time(time.time() + 3_600)
    page.keyboard.press("Shift")
    expect(page.locator("#unlock")).to_be_visible()
    expect(page.locator("#open")).to_be_hidden()


def test_what_was_chosen_last_is_not_kept_in_the_clear(device: Device, person: Person) -> None:
    device.join(person)
    device.page.evaluate("localStorage.setItem('bienmap-last-place', '{\"text\":\"cũ\"}')")
    page = device.open(ENTRY)
    fill(page)
    send(page)
    expect(page.locator(".stored")).to_contain_text("Xã Môn Sơn, Tỉnh Nghệ An")
    # Written by itself after the record: the page stays until it is there.
    assert page.evaluate(
        """async () => {
          const opening = indexedDB.open("bienmap");
          await new Promise((resolve) => { opening.onsuccess = resolve; });
          for (;;) {
            const asked = opening.result.transaction("vaults").objectStore("vaults").getAll();
            await new Promise((resolve) => { asked.onsuccess = resolve; });
            if (asked.result.some((vault) => vault.chosen)) return true;
          }
        }"""
    )
    page = device.open(ENTRY)
    expect(page.get_by_label("Giải cứu nạn nhân", exact=True)).to_be_checked()
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.includes('last'))") == []


def test_the_locked_outbox_asks_for_the_one_time_code(device: Device, person: Person) -> None:
    with httpx.Client(base_url=device.server.address, timeout=SLOW / 1000) as client:
        client.headers["Origin"] = device.server.address
        assert client.post("/api/v1/session", json=vars(person)).status_code == 201
        secret = client.post("/api/v1/second-factor").json()["secret"].replace(" ", "")
        sent = {"code": pyotp.TOTP(secret).now()}
        assert client.post("/api/v1/second-factor/confirmation", json=sent).is_success
    device.open()
    device.unlock(person)
    page = device.page
    expect(page.locator("#unlock-code")).to_be_focused()
    expect(page.locator("#unlock-fault")).to_contain_text("mã một lần")
    page.get_by_label("Mã một lần").fill("000000")
    page.keyboard.press("Enter")
    expect(page.locator("#unlock-fault")).to_contain_text("Mã không đúng")
    # The next one: that of now was used, and may be over before it arrives.
    code = pyotp.TOTP(secret).at(int(time.time()), counter_offset=1)
    page.get_by_label("Mã một lần").fill(code)
    page.keyboard.press("Enter")
    expect(page.locator("#who")).to_have_text(person.username)
    expect(page.locator("#unlock")).to_be_hidden()
