"""Makes the pictures of README and user guide from a running server: docs/screenshots/*.png.

    make up && .venv/bin/python bench/screenshot.py [ADDRESS]

Not a benchmark: `make bench` passes it by, because it has no figure to print.
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from cli.server_process import SERVER  # noqa: E402
from geo.settings import load_settings  # noqa: E402

FOLDER = ROOT / "docs" / "screenshots"
DESKTOP, TELEPHONE = (1440, 900), (360, 740)
# Name, size, address, and what is clicked before the picture is taken.
PICTURES = (
    ("map.vi.png", DESKTOP, "/", None),
    ("map.en.png", DESKTOP, "/?lang=en", None),
    ("unit.vi.png", DESKTOP, "/", "#ranking-list button"),
    ("districts-2024.vi.png", DESKTOP, "/#e=2024&l=district&t=hotspots&o=border-lines", None),
    (
        "records.en.png",
        DESKTOP,
        "/?lang=en#t=incidents-rate&o=incidents,networks,border-lines,border-gates&v=8/19.2/105",
        None,
    ),
    ("telephone.vi.png", TELEPHONE, "/", None),
    ("telephone-unit.en.png", TELEPHONE, "/?lang=en&r=1", '#tabs [data-panel="ranking"]'),
)


def take(
    browser: Browser, address: str, picture: tuple[str, tuple[int, int], str, str | None]
) -> None:
    """Open a page and keep what it shows."""
    name, (width, height), path, button = picture
    page = browser.new_page(
        viewport={"width": width, "height": height}, device_scale_factor=1, reduced_motion="reduce"
    )
    page.goto(address + path)
    page.wait_for_selector("body[data-coloured]")
    page.wait_for_load_state("networkidle")
    if button:
        page.locator(button).first.click()
        page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1000)
    page.screenshot(path=FOLDER / name)
    page.close()


def pictures(address: str) -> None:
    """All of them."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-quic"]
        )
        for picture in PICTURES:
            take(browser, address, picture)
        browser.close()


if __name__ == "__main__":
    server = SERVER.running(load_settings())
    if len(sys.argv) < 2 and server is None:
        raise SystemExit("Chưa chạy / not running: make up")
    pictures(sys.argv[1] if len(sys.argv) > 1 else server.address if server else "")
