"""The entry pages without a network, in a real browser, against a server that is killed."""

import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Error as BrowserError
from playwright.sync_api import expect
from sqlalchemy import Engine

from geo.store.accounts import set_password
from geo.store.database import transaction
from tests.people import NGHE_AN, Person, make_account
from tests.web.killable import Killable
from tests.web.telephone import NARRATIVE, OUTBOX, SLOW, Device, entry, resume, stored, strike


def test_fifty_records_survive_kills_of_page_and_server_at_any_point(
    device: Device, person: Person, module_boundaries_engine: Engine
) -> None:
    chance = random.Random(20261127)
    before = set(stored(module_boundaries_engine))
    device.join(person)
    device.cut()
    # Still unlocked: the key went from page to page in memory.
    device.page.reload()
    device.page.wait_for_selector("body[data-ready]")
    expect(device.page.locator("#who")).to_have_text(person.username)
    expect(device.page.locator("#network")).to_contain_text("Không có mạng")
    points = ["18.97, 104.83", "18,971; 104,831", "104.832 18.972"]
    # A commune of 2025 without marks, and a district that ended with June 2025.
    typed = ["mon son", "Huyện Con Cuông", *(chance.choice(points) for _ in range(48))]
    chance.shuffle(typed)
    entered = device.enter([entry(number, text) for number, text in enumerate(typed)])
    assert {one["state"] for one in entered} == {"unreachable"}
    expect(device.items("waiting")).to_have_count(50)
    kinds = ["server before", "server after", "answer", "page after", "answer", "page before"]
    plan = [(kind, chance.randint(1, 7)) for kind in kinds]
    for kind, count in plan:
        what, _, moment = kind.partition(" ")
        struck = strike(device, what, moment or "after", count)
        resume(device, person)
        assert struck.wait(SLOW / 1000)
        if what == "page":
            with pytest.raises(BrowserError):
                device.page.wait_for_selector("#empty:not([hidden])")
            device.context.close()
            device.start()
            device.open()
            expect(device.page.locator("#unlock")).to_be_visible()
        else:
            expect(device.page.locator("#told")).to_contain_text("Chưa gửi được")
    resume(device, person)
    device.expect_empty()
    found = {key: row for key, row in stored(module_boundaries_engine).items() if key not in before}
    assert found.keys() == {one["id"] for one in entered}
    assert len(found) == 50
    assert len(device.server.writes) > 50
    for one in entered:
        assert_as_entered(found[one["id"]], one["body"])
        assert found[one["id"]]["created_by"] == person.username
        assert found[one["id"]]["version"] == 1


def assert_as_entered(row: dict[str, Any], body: dict[str, Any]) -> None:
    """The row in the store says what was typed."""
    properties, point = body["properties"], body["geometry"]
    for name in ("kind", "victims", "narrative", "channels"):
        assert row[name] == properties[name]
    assert row["occurred_from"] == datetime.fromisoformat(properties["occurred_from"])
    assert (row["lon"], row["lat"]) == tuple(point["coordinates"] if point else (None, None))
    assert row["stated_code"] == properties.get("stated_code")


def test_nothing_of_the_queue_can_be_read_on_the_disk(
    device: Device, person: Person, tmp_path: Path
) -> None:
    device.join(person)
    device.cut()
    [entered] = device.enter([entry()])
    control = "CONTROL-can-be-read"
    device.page.evaluate(
        """(control) => new Promise((resolve) => {
          const opening = indexedDB.open("bienmap");
          opening.onsuccess = () => {
            const safely = { durability: "strict" };
            const change = opening.result.transaction("packs", "readwrite", safely);
            change.objectStore("packs").put({ code: "zz", control });
            change.oncomplete = resolve;
          };
        })""",
        control,
    )
    device.kill()
    with pytest.raises(BrowserError):
        device.page.wait_for_selector("#never")
    content = b"".join(
        path.read_bytes() for path in (tmp_path / "profile").rglob("*") if path.is_file()
    )

    def found(words: str) -> bool:
        return words.encode() in content or words.encode("utf-16-le") in content

    assert found(control)
    assert not found(NARRATIVE)
    assert not found(person.password)
    assert not found(entered["id"])


def test_another_account_sees_nothing_and_a_wrong_password_opens_nothing(
    device: Device, person: Person, module_boundaries_engine: Engine
) -> None:
    other = make_account(module_boundaries_engine, "officer", NGHE_AN)
    device.join(person)
    device.page.locator("#lock").click()
    device.unlock(other)
    expect(device.page.locator("#who")).to_have_text(other.username)
    device.page.locator("#lock").click()
    expect(device.page.locator("#unlock")).to_be_visible()
    device.unlock(person)
    expect(device.page.locator("#who")).to_have_text(person.username)
    device.cut()
    device.enter([entry()])
    expect(device.items("waiting")).to_have_count(1)
    device.page.locator("#lock").click()
    expect(device.page.locator("#open")).to_be_hidden()
    device.page.reload()
    fault = device.page.locator("#unlock-fault")
    for wrong, said in (
        (Person(person.username, "sai"), "Mật khẩu không đúng"),
        (Person("nobody", person.password), "chưa từng đăng nhập trên máy này"),
    ):
        device.unlock(wrong)
        expect(fault).to_contain_text(said)
    device.unlock(other)
    expect(device.page.locator("#who")).to_have_text(other.username)
    expect(device.page.locator("#empty")).to_be_visible()
    expect(device.page.locator("#waiting li")).to_have_count(0)
    device.page.locator("#lock").click()
    device.unlock(person)
    expect(device.items("waiting")).to_have_count(1)
    # Signed out without a network: the server's session ended later, and the queue says what to do.
    device.mend()
    device.page.reload()
    expect(device.page.locator("#told")).to_contain_text("Phiên đăng nhập đã hết")
    device.unlock(person)
    device.expect_empty()


def test_two_tabs_send_each_record_once(device: Device, person: Person) -> None:
    device.join(person)
    second = device.context.new_page()
    second.goto(device.server.address + OUTBOX)
    expect(second.locator("#who")).to_have_text(person.username)
    device.cut()
    entered = device.enter([entry(number, "18.97, 104.83") for number in range(6)])
    expect(second.locator("#waiting [data-state=waiting]")).to_have_count(6)
    device.mend()
    for page in (second, device.page):
        page.evaluate("document.getElementById('send-now').click()")
    device.expect_empty()
    expect(second.locator("#empty")).to_be_visible()
    assert device.server.writes == ["POST /api/v1/incidents"] * len(entered)
    second.locator("#lock").click()
    expect(device.page.locator("#unlock")).to_be_visible()


def test_what_the_server_refuses_is_kept_with_its_reason_and_can_be_mended(
    device: Device, person: Person, module_boundaries_engine: Engine
) -> None:
    device.join(person)
    # A telephone whose clock is five years ahead dates what happens today in the future.
    device.page.clock.set_system_time(datetime(2031, 11, 27, tzinfo=UTC))
    device.cut()
    device.page.reload()
    expect(device.page.locator("#who")).to_have_text(person.username)
    wrong, right = device.enter(
        [
            entry(typed="18.97, 104.83", occurred_from="2031-11-26T08:00:00+07:00"),
            entry(typed="18.97, 104.83"),
        ]
    )
    device.mend()
    refused = device.items("refused")
    expect(refused).to_have_count(1)
    expect(refused).to_contain_text("occurred_from")
    expect(device.page.locator("#told")).to_contain_text("Đồng hồ của máy lệch")
    assert set(stored(module_boundaries_engine)) & {wrong["id"], right["id"]} == {right["id"]}
    device.page.reload()
    expect(refused).to_have_count(1)
    refused.get_by_role("button", name="Mở").click()
    refused.locator("[name=occurred_from]").fill("2025-11-26T08:00:00+07:00")
    refused.get_by_role("button", name="Lưu và gửi").click()
    device.expect_empty()
    row = stored(module_boundaries_engine)[wrong["id"]]
    assert row["occurred_from"] == datetime.fromisoformat("2025-11-26T08:00:00+07:00")
    assert row["narrative"] == wrong["body"]["properties"]["narrative"]


def edit(device: Device, body: dict[str, Any], version: int) -> str:
    """Change a record as the form does; what became of it."""
    base = device.page.evaluate("document.querySelector('script[src]').getAttribute('src')")
    state: str = device.page.evaluate(
        """async ([base, body, version]) => {
          const { send } = await import(base.replace("outbox-page.js", "send.js"));
          const path = `/api/v1/incidents/${body.id}`;
          return (await send({ recordType: "incident", id: body.id, method: "PUT", path, body,
            ifMatch: `"${version}"` })).state;
        }""",
        [base, body, version],
    )
    return state


def test_an_edit_against_an_older_version_is_shown_beside_the_newer_and_decided(
    device: Device, person: Person, module_boundaries_engine: Engine
) -> None:
    device.join(person)
    [made] = device.enter([entry(typed="18.97, 104.83")])
    assert made["state"] == "stored"
    body = made["body"]
    # An edit whose answer is lost is not a conflict with itself.
    once = body | {"properties": body["properties"] | {"victims": 3}}
    struck = strike(device, "answer", "after", 1)
    assert edit(device, once, 1) == "unreachable"
    assert struck.is_set()
    resume(device, person)
    device.expect_empty()
    assert stored(module_boundaries_engine)[made["id"]]["version"] == 2
    device.cut()
    mine = body | {"properties": body["properties"] | {"victims": 7, "kind": "tip"}}
    assert edit(device, mine, 2) == "unreachable"
    device.server.start()
    with httpx.Client(base_url=device.server.address, timeout=SLOW / 1000) as colleague:
        colleague.post("/api/v1/session", json=vars(person))
        theirs = body | {"properties": body["properties"] | {"victims": 5, "narrative": "Lời khác"}}
        headers = {"If-Match": '"2"', "Origin": device.server.address}
        address = f"/api/v1/incidents/{made['id']}"
        assert colleague.put(address, json=theirs, headers=headers).status_code == 200
    device.mend()
    conflict = device.items("conflict")
    expect(conflict).to_have_count(1)
    rows = conflict.locator("tbody tr")
    expect(rows).to_have_count(3)
    expect(conflict.locator("tbody")).to_contain_text("Lời khác")
    device.page.reload()
    expect(rows).to_have_count(3)
    # The number of victims is the colleague's, the rest is mine.
    rows.filter(has_text="7").get_by_role("radio").nth(1).check()
    conflict.get_by_role("button", name="Gửi theo lựa chọn").click()
    device.expect_empty()
    row = stored(module_boundaries_engine)[made["id"]]
    assert (row["victims"], row["kind"], row["version"]) == (5, "tip", 4)
    assert row["narrative"] == body["properties"]["narrative"]


def test_after_a_change_of_password_the_former_one_opens_the_old_queue_once(
    device: Device, person: Person, module_boundaries_engine: Engine
) -> None:
    device.join(person)
    device.cut()
    device.enter([entry(typed="18.97, 104.83")])
    with transaction(module_boundaries_engine) as connection:
        set_password(connection, person.username, "mật khẩu mới rất dài")
    device.page.locator("#lock").click()
    device.mend()
    device.unlock(Person(person.username, "mật khẩu mới rất dài"))
    older = device.page.locator(".older")
    expect(older).to_contain_text("1 mục được khóa bằng mật khẩu trước đây")
    older.get_by_label("Mật khẩu cũ").fill("không phải")
    older.get_by_role("button", name="Mở").click()
    expect(older).to_contain_text("Mật khẩu không đúng")
    older.get_by_label("Mật khẩu cũ").fill(person.password)
    older.get_by_role("button", name="Mở").click()
    expect(older).to_have_count(0)
    expect(device.items("waiting")).to_have_count(0)
    device.expect_empty()
    assert device.server.writes == ["POST /api/v1/incidents"]


def test_an_update_of_the_software_replaces_the_cache_and_keeps_the_queue(
    device: Device, person: Person
) -> None:
    device.join(person)
    [before] = device.page.evaluate("caches.keys()")
    device.cut()
    device.enter([entry(typed="18.97, 104.83")])
    device.server.start(release="2")
    device.server.is_cut = True
    # Only the network is back: nothing is sent before the new software is there.
    device.context.set_offline(False)
    device.server.is_cut = False
    device.page.evaluate(
        "navigator.serviceWorker.getRegistration().then((found) => found.update())"
    )
    expect(device.page.locator("#newer")).to_be_visible()
    [after] = device.page.evaluate(
        """async () => {
          for (;;) {
            const names = await caches.keys();
            if (names.length === 1) return names;
            await new Promise((resolve) => setTimeout(resolve, 50));
          }
        }"""
    )
    assert after != before
    device.cut()
    device.page.reload()
    expect(device.page.locator("#who")).to_have_text(person.username)
    device.server.start(release="2")
    device.context.set_offline(False)
    device.expect_empty()
    device.server.kill()


def test_the_map_without_a_network_leads_to_the_outbox(device: Device, person: Person) -> None:
    device.join(person)
    device.cut()
    device.page.goto(device.server.address + "/?lang=en")
    expect(device.page).to_have_title("Outbox – Bienmap")
    keys = device.page.evaluate(
        "caches.keys().then(([name]) => caches.open(name)).then((cache) => cache.keys())"
        ".then((keys) => keys.map((key) => new URL(key.url).pathname))"
    )
    assert not [key for key in keys if key.startswith("/api/")]


def test_manifest_and_worker_are_as_browsers_want_them(calm: Killable) -> None:
    manifest = httpx.get(f"{calm.address}/manifest.webmanifest", timeout=SLOW / 1000)
    assert manifest.headers["content-type"].startswith("application/manifest+json")
    described = manifest.json()
    assert described["scope"] == "/"
    for icon in described["icons"]:
        assert (
            httpx.get(calm.address + icon["src"], timeout=120).headers["content-type"]
            == "image/svg+xml"
        )
    worker = httpx.get(f"{calm.address}/service-worker.js", timeout=120)
    assert worker.headers["cache-control"] == "no-cache"
    assert "connect-src 'self'" in worker.headers["content-security-policy"]
    assert "unsafe" not in worker.headers["content-security-policy"]
    page = httpx.get(calm.address + OUTBOX, timeout=120)
    again = httpx.get(
        calm.address + OUTBOX, headers={"If-None-Match": page.headers["etag"]}, timeout=120
    )
    # A browser takes the headers of a 304 for those of the page that it kept.
    assert again.status_code == 304
    policy = page.headers["content-security-policy"]
    assert again.headers["content-security-policy"] == policy
    assert "nonce" not in policy
    assert "script-src 'self';" in policy
