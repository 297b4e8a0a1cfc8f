"""The land around Vietnam is no sea, and its neighbours have their names."""

import re

import pytest
from playwright.sync_api import Page, expect
from rasterio.io import MemoryFile

from layers.overlays import SURROUNDINGS
from tests.web.test_map_page import Opener

NAMES = {"vi": ("Trung Quốc", "Lào", "Campuchia"), "en": ("China", "Laos", "Cambodia")}


def colour_at_the_centre(page: Page) -> str:
    """What is painted in the middle of the map, as #rrggbb."""
    with MemoryFile(page.locator("#map").screenshot()) as memory, memory.open() as picture:
        bands = picture.read([1, 2, 3])
    middle = bands[:, bands.shape[1] // 2, bands.shape[2] // 2]
    return "#" + "".join(f"{band:02x}" for band in middle)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(("width", "height"), [(1366, 768), (360, 740)])
def test_neighbours_are_named_in_the_first_view(
    open_page: Opener, language: str, width: int, height: int
) -> None:
    page = open_page(width, height).open(f"/?lang={language}")
    stage = page.locator("#map").bounding_box()
    assert stage is not None
    for name in NAMES[language]:
        label = page.locator(".place.country", has_text=re.compile(f"^{name}$"))
        expect(label).to_be_visible()
        box = label.locator("div").bounding_box()
        assert box is not None
        assert stage["x"] <= box["x"]
        assert box["x"] + box["width"] <= stage["x"] + stage["width"]


def test_nothing_covers_the_name_of_hoang_sa_on_a_low_screen(open_page: Opener) -> None:
    page = open_page(1366, 768).open()
    box = page.locator(".place", has_text="Quần đảo Hoàng Sa").locator("div").bounding_box()
    legend = page.locator("#legend").bounding_box()
    assert box is not None
    assert legend is not None
    assert box["x"] + box["width"] <= legend["x"] or legend["y"] + legend["height"] <= box["y"]


@pytest.mark.parametrize(
    ("place", "is_land"),
    [
        ("19.9/102.1", True),  # Luang Prabang
        ("11.6/104.9", True),  # Phnom Penh
        ("22.8/108.3", True),  # Nam Ninh
        ("12.5/110.5", False),  # Biển Đông
        ("16.4/112.9", False),  # east of Hoàng Sa
    ],
)
def test_land_and_sea_have_tones_of_their_own(open_page: Opener, place: str, is_land: bool) -> None:
    page = open_page().open(f"/#o=&v=8/{place}")
    sea = page.evaluate("getComputedStyle(document.body).getPropertyValue('--sea').trim()")
    expected = SURROUNDINGS.style["land"] if is_land else sea
    assert colour_at_the_centre(page) == expected


def test_rivers_come_after_the_colours(open_page: Opener) -> None:
    seen = open_page()
    seen.open()
    first = max(seen.requests.index(url) for url in seen.asked("/results"))
    (rivers,) = seen.asked("rivers.json")
    assert seen.requests.index(rivers) > first
    assert seen.requests.index(rivers) > seen.requests.index(seen.asked("surroundings.json")[0])


RIVER_PIXELS = """() => {
  const canvas = document.querySelector(".leaflet-rivers-pane canvas");
  const copy = Object.assign(document.createElement("canvas"), {
    width: canvas.width, height: canvas.height,
  });
  const context = copy.getContext("2d", { willReadFrequently: true });
  context.drawImage(canvas, 0, 0);
  const { data } = context.getImageData(0, 0, copy.width, copy.height);
  let count = 0;
  for (let i = 3; i < data.length; i += 4) count += data[i] > 0;
  return count;
}"""


def test_great_rivers_are_seen_first_and_the_others_from_near(open_page: Opener) -> None:
    seen = open_page()
    page = seen.open("/#o=&v=7/21.5/105.0")
    far = page.wait_for_function(RIVER_PIXELS).json_value()
    assert not seen.asked("streams.json")
    page.locator(".leaflet-control-zoom button").first.click()
    page.wait_for_function("document.querySelector('#map').dataset.zoom === '8'")
    seen.settle()
    assert len(seen.asked("streams.json")) == 1
    page.wait_for_function(f"({RIVER_PIXELS})() > {1.5 * far}")
    page.locator(".leaflet-control-zoom button").nth(1).click()
    page.wait_for_function(f"({RIVER_PIXELS})() < {1.2 * far}")


COVERING = """() => {
  const texts = [...document.querySelectorAll(".place > div")]
    .filter((text) => getComputedStyle(text).visibility === "visible");
  const boxes = texts.map((text) => [text, text.getBoundingClientRect()]);
  const isRiver = (text) => text.parentElement.matches(".river");
  const covers = (a, b) => a.left < b.right && b.left < a.right
    && a.top < b.bottom && b.top < a.bottom;
  return boxes.flatMap(([one, a], n) => boxes.slice(n + 1)
    .filter(([other, b]) => (isRiver(one) || isRiver(other)) && covers(a, b))
    .map(([other]) => `${one.textContent} / ${other.textContent}`));
}"""


@pytest.mark.parametrize("zoom", [7, 8])  # beyond it they only move apart
@pytest.mark.parametrize("place", ["21.8/105.0", "13.5/107.0", "10.8/106.3"])
def test_names_of_rivers_cover_no_other_name(open_page: Opener, zoom: int, place: str) -> None:
    page = open_page(1600, 1200).open(f"/#o=&v={zoom}/{place}")
    page.wait_for_selector(".place.river", state="attached")
    # Names that come later than others take their room with the next frame.
    page.wait_for_function(f"!({COVERING})().length")
    shown = page.evaluate(
        "[...document.querySelectorAll('.place.river')]"
        ".filter((one) => getComputedStyle(one).visibility === 'visible').length"
    )
    assert bool(shown) == (zoom >= 8)
