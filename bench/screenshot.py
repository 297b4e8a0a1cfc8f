"""Makes the pictures of README and user guide from a running server: docs/screenshots/*.png.

    make up && .venv/bin/python bench/screenshot.py [ADDRESS]

Not a benchmark: `make bench` passes it by, because it has no figure to print.
"""

import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, StorageState, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from cli.demo_sign_ins import file_of  # noqa: E402
from cli.server_process import SERVER  # noqa: E402
from geo.settings import load_settings  # noqa: E402

FOLDER = ROOT / "docs" / "screenshots"
DESKTOP, TELEPHONE = (1440, 900), (360, 740)
COLOURED = "body[data-coloured]"
# Name, size, address, and what is clicked before the picture is taken.
PICTURES = (
    ("map.vi.png", DESKTOP, "/", None),
    ("map.en.png", DESKTOP, "/?lang=en", None),
    ("unit.vi.png", DESKTOP, "/", "#ranking-list button"),
    ("districts-2024.vi.png", DESKTOP, "/#e=2024&l=district&t=hotspots&o=border-lines", None),
    ("telephone.vi.png", TELEPHONE, "/", None),
    ("telephone-unit.en.png", TELEPHONE, "/?lang=en&r=1", '#tabs [data-panel="ranking"]'),
)
# The same for the leader of the demonstration, who is signed in.
PICTURES_OF_LEADER = (
    (
        "records.en.png",
        DESKTOP,
        "/?lang=en#t=incidents-rate&o=incidents,networks,border-lines,border-gates&v=8/19.2/105",
        None,
    ),
    ("coverage.vi.png", DESKTOP, "/#t=coverage", "#ranking-list button"),
    ("desk.vi.png", DESKTOP, "/desk", None),
    ("entry.vi.png", DESKTOP, "/nhap", None),
    ("unit-page.vi.png", DESKTOP, "/don-vi/2025/commune/16834", None),
    ("telephone-desk.vi.png", TELEPHONE, "/desk", None),
    ("telephone-unit-page.vi.png", TELEPHONE, "/don-vi/2025/commune/16834", None),
)

# The map in one file, opened from a disk.
FILE = "/map-file?province=40"
PICTURES_OF_FILE = (("map-file.vi.png", DESKTOP), ("telephone-map-file.vi.png", TELEPHONE))


def take(
    browser: Browser,
    address: str,
    picture: tuple[str, tuple[int, int], str, str | None],
    signed_in: StorageState | None = None,
) -> None:
    """Open a page and keep what it shows."""
    name, (width, height), path, button = picture
    page = browser.new_page(
        viewport={"width": width, "height": height},
        device_scale_factor=1,
        reduced_motion="reduce",
        storage_state=signed_in,
    )
    # Who has signed in listens for changes all the time: such a page would never be idle.
    page.route("**/changes", lambda route: route.abort())
    page.goto(address + path)
    if path.startswith(("/?", "/#")) or path == "/":
        page.wait_for_selector(COLOURED)
    page.wait_for_load_state("networkidle")
    if button:
        page.locator(button).first.click()
        page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1000)
    page.screenshot(path=FOLDER / name)
    page.close()


def take_file(browser: Browser, address: str, signed_in: StorageState) -> None:
    """Fetch the map in one file, and keep what it shows without a network."""
    context = browser.new_context(storage_state=signed_in)
    answer = context.request.get(address + FILE)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "map.html"
        path.write_bytes(answer.body())
        for name, (width, height) in PICTURES_OF_FILE:
            page = browser.new_page(viewport={"width": width, "height": height})
            page.goto(path.as_uri())
            page.wait_for_timeout(1000)
            page.screenshot(path=FOLDER / name)
            page.close()
    context.close()


def leader(browser: Browser, address: str, password: str) -> StorageState:
    """What a browser holds in which the leader has signed in."""
    page = browser.new_page()
    page.goto(f"{address}/sign-in")
    page.locator("input[autocomplete=username]").fill("demo-leader")
    page.locator("input[type=password]").fill(password)
    page.keyboard.press("Enter")
    page.wait_for_selector(COLOURED)
    held = page.context.storage_state()
    page.close()
    return held


def pictures(address: str, sign_ins: Path) -> None:
    """All of them; `sign_ins` has the passwords of the demonstration."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-quic"]
        )
        for picture in PICTURES:
            take(browser, address, picture)
        rows = [line.split() for line in sign_ins.read_text(encoding="utf-8").splitlines()]
        password = next(row[1] for row in rows if row[:1] == ["demo-leader"])
        signed_in = leader(browser, address, password)
        for picture in PICTURES_OF_LEADER:
            take(browser, address, picture, signed_in)
        take_file(browser, address, signed_in)
        browser.close()


if __name__ == "__main__":
    settings = load_settings()
    server = SERVER.running(settings)
    if len(sys.argv) < 2 and server is None:
        raise SystemExit("Chưa chạy / not running: make up")
    pictures(
        sys.argv[1] if len(sys.argv) > 1 else server.address if server else "",
        file_of(settings),
    )
