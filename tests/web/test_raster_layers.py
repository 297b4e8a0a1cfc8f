"""Raster layers in a real browser: drawn under outlines, explained, made fainter, sent on."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from rasterio.io import MemoryFile
from sqlalchemy import Engine

from geo import pipeline
from geo.settings import load_settings
from tests.raster_files import relief
from tests.web.conftest import Watched
from tests.web.test_map_page import hash_value

Opener = Callable[..., Watched]
LAYER, HIDDEN = "raster-dong", "raster-kin"
TITLE = "Độ đông <b>thử</b>"
DRAWN = f'#map[data-raster="{LAYER}"]'
NGHE_AN = "v=8/19.0/104.9"


@pytest.fixture(scope="module", autouse=True)
def layers(demo_engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One layer for everyone, one for who has signed in; they go with the module."""
    folder = load_settings().raster_directory
    path = relief(tmp_path_factory.mktemp("files") / "a.tif")
    made = [
        pipeline.import_raster(
            demo_engine,
            folder,
            pipeline.NewRaster(path, "a.tif", name, TITLE, title_en, "elevation", "m", audience),
        )
        for name, title_en, audience in (
            ("dong", "Easting", "everyone"),
            ("kin", "Hidden", "signed-in"),
        )
    ]
    yield
    for one in made:
        pipeline.remove_raster_layer(demo_engine, folder, one["id"])


def switch(page: Page) -> Any:
    return page.locator(f'input[name="overlay"][value="{LAYER}"]')


def slider(page: Page) -> Any:
    return page.locator(f'input[data-layer="{LAYER}"]')


def colour_at(page: Page, x: int, y: int) -> tuple[int, ...]:
    """The colour of the map's middle, moved by so many pixels."""
    box = page.locator("#map").bounding_box()
    assert box is not None
    at = {"x": box["x"] + box["width"] / 2 + x, "y": box["y"] + box["height"] / 2 + y}
    shot = page.screenshot(clip=at | {"width": 1, "height": 1})
    with MemoryFile(shot) as file, file.open() as picture:
        return tuple(int(value) for value in picture.read()[:3, 0, 0])


def test_a_layer_is_switched_on_by_keyboard_drawn_and_explained(open_page: Opener) -> None:
    seen = open_page()
    page = seen.open(f"/#{NGHE_AN}")
    assert not seen.asked("/raster-layers/")
    expect(slider(page)).to_be_hidden()
    before = colour_at(page, 0, 0)
    switch(page).focus()
    page.keyboard.press("Space")
    page.wait_for_selector(DRAWN)
    assert seen.asked("/raster-layers/")
    assert colour_at(page, 0, 0) != before
    legend = page.locator("#legend-body")
    expect(legend).to_contain_text(TITLE)
    expect(legend).to_contain_text("≤ 1.022 m")
    expect(legend).to_contain_text("≥ 1.098 m")
    assert LAYER in hash_value(page, "o").replace("%2C", ",").split(",")
    # Off again: its tiles, its legend and the outlines over it go.
    expect(page.locator(".leaflet-outlines-pane canvas").first).to_be_attached()
    page.keyboard.press("Space")
    expect(legend).not_to_contain_text(TITLE)
    expect(page.locator(".leaflet-rasters-pane img")).to_have_count(0)
    expect(page.locator(".leaflet-outlines-pane canvas")).to_have_count(0)


def test_it_lies_over_the_colours_and_under_the_outlines(open_page: Opener) -> None:
    page = open_page().open(f"/#{NGHE_AN}&o={LAYER}&a={LAYER}:100")
    page.wait_for_selector(DRAWN)
    order = page.evaluate(
        """() => ["tilePane", "rasters", "outlines", "overlayPane"].map((name) => {
          const pane = document.querySelector(`.leaflet-${name.replace("Pane", "")}-pane`);
          return Number(getComputedStyle(pane).zIndex);
        })"""
    )
    assert order == sorted(order)
    assert len(set(order)) == 4
    painted = """() => [...document.querySelectorAll(".leaflet-outlines-pane canvas")].some(
      (canvas) => canvas.width && canvas.getContext("2d")
        .getImageData(0, 0, canvas.width, canvas.height).data.some((value) => value))"""
    page.wait_for_function(painted)


def test_opacity_moves_by_keyboard_and_goes_along_in_the_link(
    open_page: Opener, address: str
) -> None:
    page = open_page().open(f"/#{NGHE_AN}&o={LAYER}")
    page.wait_for_selector(DRAWN)
    strong = colour_at(page, 0, 0)
    slider(page).focus()
    for _ in range(5):
        page.keyboard.press("ArrowLeft")
    expect(slider(page)).to_have_attribute("aria-valuetext", "30 %")
    assert hash_value(page, "a").replace("%3A", ":") == f"{LAYER}:30"
    page.wait_for_timeout(300)
    weak = colour_at(page, 0, 0)
    assert weak != strong
    sent = open_page()
    other = sent.open("/" + page.url.removeprefix(address).lstrip("/"))
    other.wait_for_selector(DRAWN)
    expect(slider(other)).to_have_value("30")
    expect(slider(other)).to_be_visible()
    other.wait_for_timeout(300)
    assert colour_at(other, 0, 0) == weak


def test_a_unit_has_a_line_for_each_layer(open_page: Opener) -> None:
    page = open_page().open("/#u=17263")
    line = page.locator(".raster-figures")
    expect(line).to_contain_text(TITLE)
    # Môn Sơn lies at 104.8° E, which is 1,048 in this raster.
    expect(line).to_contain_text("trung bình 1.04")
    expect(line).to_contain_text(" m, từ ")
    # A title is text, whatever it holds.
    expect(page.locator(".raster-figures b, .controls b, #legend-body b")).to_have_count(0)


def test_the_page_of_a_unit_has_the_same_lines(open_page: Opener) -> None:
    seen = open_page()
    seen.page.goto(f"{seen.address}/don-vi/2025/commune/17263")
    facts = seen.page.locator("section[aria-labelledby=facts]")
    expect(facts).to_contain_text(TITLE)
    expect(facts).to_contain_text("trung bình 1.04")
    expect(facts.locator("b")).to_have_count(0)
    seen.page.goto(f"{seen.address}/don-vi/2024/province/40")
    expect(facts).not_to_contain_text(TITLE)


def test_axe_finds_nothing_in_switches_sliders_and_lines(
    open_page: Opener, project_root: Path
) -> None:
    page = open_page().open(f"/#u=17263&o={LAYER}")
    expect(page.locator(".raster-figures")).to_be_visible()
    page.evaluate((project_root / "node_modules/axe-core/axe.min.js").read_text("utf-8"))
    found = page.evaluate(
        """async () => (await axe.run({ include: [[".opacity"], [".raster-figures"]] }))
          .violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])"""
    )
    assert found == []


def test_who_has_signed_in_has_the_layers_for_him_and_nobody_else(open_page: Opener) -> None:
    public = open_page().open(f"/#o={HIDDEN}")
    expect(public.locator(f'input[value="{HIDDEN}"]')).to_have_count(0)
    expect(public.locator("#notice")).to_contain_text("lớp hiển thị")
    own = open_page(as_leader=True).open(f"/#{NGHE_AN}&o={HIDDEN}")
    own.wait_for_selector(f'#map[data-raster="{HIDDEN}"]')
    expect(own.locator(f'input[value="{HIDDEN}"]')).to_be_checked()


def test_tiles_that_fail_are_said(open_page: Opener) -> None:
    seen = open_page()
    seen.page.route("**/raster-layers/**", lambda route: route.abort())
    page = seen.open(f"/#o={LAYER}")
    expect(page.locator("#notice")).to_contain_text("Không tải được hết ảnh của lớp")
    seen.complaints.clear()  # what was withheld is missed


def test_on_a_telephone_the_switch_and_its_slider_have_room(open_page: Opener) -> None:
    page = open_page(360, 740).open(f"/#o={LAYER}")
    page.locator('button[data-panel="controls"]').click()
    slider(page).scroll_into_view_if_needed()
    for part in (slider(page), switch(page).locator("xpath=..")):
        box = part.bounding_box()
        assert box is not None
        assert box["height"] >= 44
        assert box["x"] + box["width"] <= 360
    for name in ("Quần đảo Hoàng Sa", "Quần đảo Trường Sa"):
        expect(page.locator(".place", has_text=name).first).to_be_visible()
