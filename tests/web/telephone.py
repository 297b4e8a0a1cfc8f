"""A telephone: a browser whose profile outlives its process, and what an officer does with it."""

import os
import signal
import threading
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, Playwright, expect
from sqlalchemy import Engine, text

from geo.store.database import transaction
from tests.people import Person
from tests.web.browsers import BROWSER_ARGUMENTS
from tests.web.killable import Killable

OUTBOX = "/nhap/hang-doi"
# For the worst of machines: what is waited for comes at once on a quiet one.
SLOW = 120_000
NARRATIVE = "PLANTED-bi-du-do-qua-bien-gioi"
# Ids as a device makes them: the time in milliseconds first (RFC 9562, version 7).
UUID7 = """(time) => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let i = 0; i < 6; i++) bytes[i] = Math.floor(time / 2 ** (8 * (5 - i))) % 256;
  bytes[6] = 0x70 | (bytes[6] & 15); bytes[8] = 0x80 | (bytes[8] & 63);
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}"""
# Enters records as a form does: a place found by what is typed, then the one door for sending.
ENTER = f"""async ([base, entries]) => {{
  const uuid7 = {UUID7};
  const {{ send }} = await import(base + "/js/offline/send.js");
  const {{ packs }} = await import(base + "/js/offline/packs.js");
  const {{ asStated, searchPlaces }} = await import(base + "/js/offline/places.js");
  const held = await packs();
  const states = [];
  for (const entry of entries) {{
    const [place] = searchPlaces(held, entry.typed);
    const id = uuid7(Date.now());
    const stated = asStated(place);
    const properties = {{ ...entry.properties, ...stated.properties }};
    const body = {{ type: "Feature", id, properties, geometry: stated.geometry }};
    const {{ state }} = await send({{
      recordType: "incident", id, method: "POST", path: "/api/v1/incidents", body }});
    states.push({{ id, state, place, body }});
  }}
  return states;
}}"""


class Device:
    """A telephone: a browser with a profile that outlives its process, and one page of it."""

    def __init__(self, playwright: Playwright, chromium: str, server: Killable, home: Path) -> None:
        self.playwright, self.chromium, self.server, self.home = playwright, chromium, server, home
        self.context: BrowserContext
        self.page: Page
        self.complaints: list[str] = []
        self.start()

    def start(self) -> None:
        """Start the browser on what the profile has kept."""
        self.context = self.playwright.chromium.launch_persistent_context(
            self.home, executable_path=self.chromium, args=BROWSER_ARGUMENTS
        )
        self.context.set_default_timeout(SLOW)
        self.page = self.context.pages[0]
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def kill(self) -> None:
        """End the browser's process at once."""
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    command = (entry / "cmdline").read_bytes().decode(errors="replace")
                except OSError:
                    continue
                if f"--user-data-dir={self.home}\0" in command and "--type=" not in command:
                    os.kill(int(entry.name), signal.SIGKILL)

    def open(self, path: str = OUTBOX) -> Page:
        """Open the outbox and wait until it can be used."""
        self.page.goto(self.server.address + path)
        self.page.wait_for_selector("body[data-ready]")
        return self.page

    def unlock(self, person: Person) -> None:
        """Type name and password."""
        self.page.get_by_label("Tên đăng nhập").fill(person.username)
        self.page.get_by_label("Mật khẩu", exact=True).fill(person.password)
        self.page.keyboard.press("Enter")

    def join(self, person: Person) -> None:
        """Sign in with a network, and wait until everything for offline is on the device."""
        self.open()
        self.unlock(person)
        expect(self.page.locator("#who")).to_have_text(person.username)
        expect(self.page.locator("#packs")).to_contain_text("Tỉnh Nghệ An")
        self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        # Not by waiting for a function: the page's policy forbids the eval that polls it.
        self.page.evaluate(
            """async () => {
              const workers = navigator.serviceWorker;
              const controls = (take) => workers.addEventListener("controllerchange", take);
              if (!workers.controller) await new Promise(controls);
            }"""
        )

    def cut(self) -> None:
        """No network, and no server either."""
        self.server.kill()
        self.context.set_offline(True)

    def mend(self) -> None:
        """The network is back."""
        self.server.start()
        self.server.is_cut = False
        self.context.set_offline(False)

    def enter(self, entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Enter records as the form does; what became of each."""
        base = self.page.evaluate(
            "document.querySelector('script[src]').getAttribute('src').replace(/\\/js\\/.*/, '')"
        )
        entered: list[dict[str, Any]] = self.page.evaluate(ENTER, [base, entries])
        return entered

    def items(self, state: str) -> Any:
        """The items of the queue that are in a state."""
        return self.page.locator(f"#waiting [data-state={state}]")

    def expect_empty(self) -> None:
        """Wait until nothing waits any more."""
        expect(self.page.locator("#empty")).to_be_visible()


def entry(number: int = 1, typed: str = "mon son", **changes: Any) -> dict[str, Any]:
    """What an officer types."""
    day = f"2025-{1 + number % 12:02d}-{1 + number % 28:02d}"
    properties = {
        "kind": "rescue",
        "occurred_from": f"{day}T08:{number:02d}:00+07:00",
        "channels": ["zalo"],
        "victims": number % 4,
        "narrative": f"{NARRATIVE} {number}",
    }
    return {"typed": typed, "properties": properties | changes}


def stored(engine: Engine) -> dict[str, dict[str, Any]]:
    """The incidents in the store by id."""
    question = text(
        "SELECT id::text, kind, occurred_from, victims, narrative, channels, stated_code,"
        " ST_X(point) AS lon, ST_Y(point) AS lat, created_by, version FROM incident"
    )
    with transaction(engine) as connection:
        return {row["id"]: dict(row) for row in connection.execute(question).mappings()}


def resume(device: Device, person: Person) -> None:
    """The network is there again, and so is the person."""
    device.mend()
    if device.page.locator("#unlock").is_visible():
        device.unlock(person)
    else:
        device.page.locator("#send-now").click()


def strike(device: Device, what: str, moment: str, count: int) -> threading.Event:
    """At the write of that number, before or after the server did it, something dies."""
    left, struck = [count], threading.Event()

    def at(now: str, _path: str) -> None:
        if now != moment:
            return
        left[0] -= 1
        if left[0] == 0:
            if what == "server":
                device.server.kill()
            if what == "page":
                device.kill()
            # Browsers try again by themselves on a new connection: nothing passes until `mend`.
            device.server.is_cut = True
            struck.set()
            raise ConnectionError

    device.server.on_write = at
    return struck
