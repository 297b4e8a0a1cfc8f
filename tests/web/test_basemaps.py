"""Basemaps that an administrator configured: chosen, credited, sent on, and kept to their hosts."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine

from geo.pipeline.basemaps import (
    NewBasemap,
    add_tile_source,
    import_tile_archive,
    remove_basemap,
)
from geo.settings import load_settings
from tests.tile_archives import RED, archive, picture
from tests.web.test_map_page import HOT_99, Opener, assert_painted, hash_value
from tests.web.test_surroundings import colour_at_the_centre

CREDIT = "© Bản đồ <b>thử</b> 2026"
BLUE = (30, 30, 200)
OWN_POLICY = "img-src 'self' data:;"
# In China and in the East Sea: no unit covers the middle of the map.
ABROAD = "v=5/26.0/108.0"


@pytest.fixture(scope="module")
def other_host() -> Iterator[str]:
    """A host of blue tiles, and of nothing for the zooms from 7 on."""

    class Tiles(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_there = int(self.path.split("/")[1]) < 7
            self.send_response(200 if is_there else 404)
            self.end_headers()
            if is_there:
                self.wfile.write(picture(BLUE))

        def log_message(self, *_words: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Tiles)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture
def basemaps(demo_engine: Engine, other_host: str, tmp_path: Path) -> Iterator[None]:
    """An archive of red tiles and a source of blue ones; they go with the test."""
    folder = load_settings().basemap_directory
    own = NewBasemap("tep", "Ảnh <i>đỏ</i>", "Red", CREDIT)
    import_tile_archive(demo_engine, folder, own, archive(tmp_path / "a.pmtiles"))
    other = NewBasemap("xa", "Nền xa", "Far", "© Xa")
    add_tile_source(demo_engine, other, other_host + "/{z}/{x}/{y}.png", 0, 14)
    yield
    for name in ("tep", "xa"):
        remove_basemap(demo_engine, folder, name, "hết")


def choice(page: Page, name: str) -> Any:
    return page.locator(f'input[name="basemap"][value="{name}"]')


def loaded(page: Page, name: str) -> None:
    page.wait_for_selector(f'.leaflet-basemap-pane [data-loaded="{name}"]', state="attached")


def hex_of(colour: tuple[int, int, int]) -> str:
    return "#" + "".join(f"{band:02x}" for band in colour)


def test_without_any_the_page_offers_nothing_and_allows_no_other_host(
    open_page: Opener, address: str
) -> None:
    page = open_page().open("/#m=tep")
    expect(page.locator('input[name="basemap"]')).to_have_count(0)
    expect(page.locator(".leaflet-basemap-pane")).to_have_count(0)
    # A link of somebody who has it is no failure.
    expect(page.locator("#notice")).to_contain_text("nền bản đồ")
    assert OWN_POLICY in httpx.get(address, timeout=120).headers["content-security-policy"]


@pytest.mark.usefixtures("basemaps")
def test_an_archive_is_chosen_by_keyboard_credited_as_text_and_sent_on(
    open_page: Opener, address: str
) -> None:
    seen = open_page()
    page = seen.open(f"/#{ABROAD}&o=")
    assert not seen.asked("/basemaps/")
    before = colour_at_the_centre(page)
    expect(page.locator(".sources")).not_to_contain_text("Bản đồ")
    choice(page, "").focus()
    page.keyboard.press("ArrowDown")
    expect(choice(page, "tep")).to_be_checked()
    loaded(page, "tep")
    assert colour_at_the_centre(page) == hex_of(RED) != before
    expect(page.locator(".sources summary")).to_contain_text(CREDIT)
    expect(page.locator(".sources b, .controls i")).to_have_count(0)
    assert hash_value(page, "m") == "tep"
    other = open_page().open("/" + page.url.removeprefix(address).lstrip("/"))
    loaded(other, "tep")
    expect(choice(other, "tep")).to_be_checked()
    assert colour_at_the_centre(other) == hex_of(RED)
    # Back to the built-in one: nothing of it stays.
    choice(page, "").check()
    expect(page.locator(".sources summary")).not_to_contain_text(CREDIT)
    expect(page.locator(".leaflet-basemap-pane img")).to_have_count(0)
    assert colour_at_the_centre(page) == before
    assert hash_value(page, "m") == ""


@pytest.mark.usefixtures("basemaps")
def test_it_lies_under_units_that_let_it_through_and_under_all_names(open_page: Opener) -> None:
    page = open_page().open("/#m=tep")
    loaded(page, "tep")
    style = """(pane) => {
      const { zIndex, opacity } = getComputedStyle(document.querySelector(`.leaflet-${pane}-pane`));
      return [Number(zIndex), Number(opacity)];
    }"""
    panes = ("surroundings", "basemap", "tile", "rivers", "overlay", "places")
    orders, opacities = zip(*(page.evaluate(style, pane) for pane in panes), strict=True)
    assert list(orders) == sorted(orders)
    assert opacities == (1, 1, 0.65, 1, 1, 1)
    for name in ("Quần đảo Hoàng Sa", "Quần đảo Trường Sa"):
        expect(page.locator(".place", has_text=name).first).to_be_visible()


@pytest.mark.usefixtures("basemaps")
def test_tiles_of_another_host_are_asked_for_when_chosen_and_of_no_third_one(
    open_page: Opener, address: str, other_host: str
) -> None:
    policy = httpx.get(address, timeout=120).headers["content-security-policy"]
    assert f"img-src 'self' data: {other_host};" in policy
    # No other page has anything to do with it.
    entry = httpx.get(f"{address}/nhap", timeout=120).headers["content-security-policy"]
    assert other_host not in entry
    seen = open_page()
    page = seen.open(f"/#{ABROAD}&o=")
    assert not seen.outside
    choice(page, "xa").check()
    loaded(page, "xa")
    assert colour_at_the_centre(page) == hex_of(BLUE)
    assert seen.outside
    assert all(url.startswith(other_host + "/5/") for url in seen.outside)
    seen.outside.clear()
    blocked = page.evaluate(
        """async (urls) => {
          const found = [];
          addEventListener("securitypolicyviolation", ({ blockedURI, effectiveDirective }) => {
            found.push([effectiveDirective, blockedURI.split("/").slice(0, 3).join("/")]);
          });
          for (const url of urls) new Image().src = url;
          await fetch(`${urls[2]}/5/0/0.png`).catch(() => null);
          await new Promise((resolve) => setTimeout(resolve, 500));
          return found.sort();
        }""",
        ["http://127.0.0.1:1/a.png", "http://tiles.example/a.png", other_host],
    )
    assert blocked == [
        ["connect-src", other_host],
        ["img-src", "http://127.0.0.1:1"],
        ["img-src", "http://tiles.example"],
    ]
    seen.complaints.clear()
    seen.outside.clear()


@pytest.mark.usefixtures("basemaps")
def test_where_its_tiles_fail_the_map_is_what_it_was(open_page: Opener) -> None:
    seen = open_page()
    page = seen.open("/#o=&v=8/22.8/108.3")
    before = colour_at_the_centre(page)
    choice(page, "xa").check()
    expect(page.locator("#notice")).to_contain_text("Không tải được hết nền “Nền xa”")
    assert colour_at_the_centre(page) == before
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.leaflet-tile-pane')).opacity")
        == "1"
    )
    page.evaluate("location.hash = 'o=&m=xa&v=8/22.4/104.0'")
    page.wait_for_load_state()
    page.wait_for_selector("body[data-coloured]")
    assert_painted(page, (HOT_99, 100))
    choice(page, "").check()
    expect(page.locator("#notice")).to_be_hidden()
    seen.complaints.clear()
    seen.outside.clear()


@pytest.mark.usefixtures("basemaps")
def test_on_a_telephone_choices_have_room_and_the_credit_covers_no_scale(
    open_page: Opener, project_root: Path
) -> None:
    page = open_page(360, 740).open("/#m=tep")
    loaded(page, "tep")
    credit, scale = (
        page.locator(part).bounding_box() for part in (".sources", ".leaflet-control-scale")
    )
    assert credit is not None
    assert scale is not None
    assert credit["x"] >= 0
    assert credit["x"] + credit["width"] <= 360
    assert scale["y"] + scale["height"] <= credit["y"]
    page.locator('button[data-panel="controls"]').click()
    label = choice(page, "tep").locator("xpath=..")
    label.scroll_into_view_if_needed()
    box = label.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    page.evaluate((project_root / "node_modules/axe-core/axe.min.js").read_text("utf-8"))
    found = page.evaluate(
        """async () => (await axe.run({ include: [[".controls"], [".sources"]] }))
          .violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])"""
    )
    assert found == []
