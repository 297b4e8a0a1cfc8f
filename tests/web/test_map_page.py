"""The map page in a real browser: what a planner does with mouse, keyboard and telephone."""

import re
import time
from collections.abc import Callable
from typing import Any

import httpx
import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Page, expect
from rasterio.io import MemoryFile
from scipy.ndimage import binary_dilation

from tests.web.conftest import COLOURED, Watched, fill_in

HOT_99 = [143, 18, 32]
HOT_95 = [207, 74, 44]
NEUTRAL = [243, 239, 230]
PAINTED = """colours => {
  const counts = colours.map(() => 0);
  for (const canvas of document.querySelectorAll("canvas.leaflet-tile")) {
    const { width, height } = canvas;
    if (!width) continue;
    const pixels = canvas.getContext("2d").getImageData(0, 0, width, height).data;
    for (let i = 0; i < pixels.length; i += 4) {
      colours.forEach(([r, g, b], n) => {
        if (pixels[i] === r && pixels[i + 1] === g && pixels[i + 2] === b) counts[n]++;
      });
    }
  }
  return counts;
}"""
Opener = Callable[..., Watched]


def assert_painted(page: Page, *wanted: tuple[list[int], int]) -> None:
    """More than so many pixels of exactly these colours come up on the map, tile by tile."""
    colours, least = zip(*wanted, strict=True)
    deadline = time.monotonic() + 20
    while True:
        counts: list[int] = page.evaluate(PAINTED, list(colours))
        if all(count > few for count, few in zip(counts, least, strict=True)):
            return
        assert time.monotonic() < deadline, (counts, least)
        page.wait_for_timeout(100)


def hash_value(page: Page, name: str) -> str:
    """A part of the state in the address."""
    found = re.search(rf"[#&]{name}=([^&]*)", page.url)
    return found.group(1).replace("%2F", "/") if found else ""


def ask(address: str, path: str, **query: Any) -> Any:
    """The API's answer."""
    answer = httpx.get(f"{address}/api/v1{path}", params=query, timeout=120)
    assert answer.status_code == 200, answer.text
    return answer.json()


def newest_run(address: str, edition: str, level: str) -> dict[str, Any]:
    asked = {"edition": edition, "level": level, "standard": True, "method": "gi_star"}
    runs = ask(address, "/hotspot-runs", **asked)
    return next(run for run in runs if not run["parameters"]["border_only"])


def test_the_page_opens_with_coloured_communes(open_page: Opener, address: str) -> None:
    page = open_page().open()
    assert_painted(page, (HOT_95, 20), (NEUTRAL, 20_000))
    result = ask(address, f"/hotspot-runs/{newest_run(address, '2025', 'commune')['id']}/results")
    count = sum(1 for value in result["classes"] if value and value > 0)
    expect(page.locator("#announcer")).to_contain_text(f"{count} điểm nóng")
    expect(page.locator("#legend-body")).to_contain_text("Điểm nóng, tin cậy 99 %")


def on_the_map(page: Page, colour: list[int]) -> NDArray[np.bool_]:
    """Where the map's part of the window has exactly this colour; the legend is put away."""
    page.locator("#legend").evaluate("legend => { legend.hidden = true; }")
    with MemoryFile(page.locator(".stage").screenshot()) as memory, memory.open() as picture:
        bands = picture.read([1, 2, 3])
    return (bands == np.array(colour)[:, None, None]).all(axis=0)


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (360, 740), (1920, 1200)])
def test_the_servers_drawing_stands_where_the_map_will_be(
    open_page: Opener, width: int, height: int
) -> None:
    scriptless = open_page(width, height)
    scriptless.page.route("**/main.js", lambda route: route.abort())
    scriptless.page.goto(scriptless.address)
    expect(scriptless.page.locator("#picture")).to_be_visible()
    live = open_page(width, height).open()
    expect(live.locator("#picture")).to_have_count(0)
    for colour in (HOT_99, NEUTRAL):
        drawn, painted_later = (on_the_map(page, colour) for page in (scriptless.page, live))
        assert drawn.sum() > 100
        assert painted_later.sum() > 20
        # Lines and names of the live map hide some of it; what it shows lies where it was drawn.
        near = binary_dilation(drawn, iterations=2)
        assert (painted_later & near).sum() > 0.95 * painted_later.sum()
    scriptless.complaints.clear()  # the module that was withheld is missed


def test_a_view_of_ones_own_opens_without_the_drawing(open_page: Opener) -> None:
    page = open_page().open("/#v=9/16.5/106.5")
    expect(page.locator("#picture")).to_have_count(0)


def test_demo_data_and_approximate_boundaries_are_said_at_the_top(open_page: Opener) -> None:
    page = open_page().open()
    expect(page.locator(".band.demo")).to_contain_text("DỮ LIỆU MINH HỌA")
    expect(page.locator(".band.demo")).to_contain_text("demo data, synthetic")
    expect(page.locator(".band.approximate")).to_contain_text("Ranh giới gần đúng")
    expect(page.locator(".sources")).to_contain_text("OpenStreetMap")


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (360, 740)])
def test_islands_and_sea_are_named_in_the_first_view(
    open_page: Opener, width: int, height: int
) -> None:
    page = open_page(width, height).open()
    for name in ("Quần đảo Hoàng Sa", "Quần đảo Trường Sa", "Biển Đông"):
        label = page.locator(".place", has_text=name).first
        expect(label).to_be_visible()
        box = label.locator("div").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert 0 < box["y"] < height


def test_switching_the_edition_shows_districts(open_page: Opener) -> None:
    seen = open_page()
    page = seen.open()
    page.get_by_label("Trước 01/7/2025").check()
    page.wait_for_selector('body[data-coloured="2024/district/hotspots"]')
    assert_painted(page, (NEUTRAL, 20_000))
    assert seen.asked("/tiles/2024/district/")
    assert hash_value(page, "e") == "2024"
    expect(page.locator('input[name="level"][value="district"]')).to_be_checked()
    expect(page.locator('input[name="level"][value="commune"]')).to_be_hidden()


def test_the_period_moves_by_keyboard_and_geometry_stays(open_page: Opener) -> None:
    seen = open_page()
    page = seen.open()
    page.get_by_label("Số vụ việc").check()
    page.wait_for_selector('body[data-coloured="2025/commune/incidents-count"]')
    seen.settle()
    tiles, before = len(seen.asked("/tiles/")), page.locator("#period-text").inner_text()
    with page.expect_response(lambda answer: "/statistics" in answer.url) as waited:
        page.locator("#period-from").focus()
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowLeft")
    assert page.locator("#period-text").inner_text() != before
    first = re.search(r"from=(\d{4}-\d\d)-01", waited.value.url)
    assert first is not None
    assert hash_value(page, "p").startswith(first.group(1))
    # Null where few or none are told.
    assert sum(filter(None, waited.value.json()["values"])) > 0
    assert len(seen.asked("/tiles/")) == tiles, "a filter must not fetch geometry again"


def test_filtering_by_kind_asks_for_that_kind_alone(open_page: Opener) -> None:
    page = open_page().open("/#t=incidents-count")
    page.locator(".kinds summary").click()
    with page.expect_response(lambda answer: "kind=rescue" in answer.url) as waited:
        page.get_by_label("Giải cứu nạn nhân").check()
    assert waited.value.json()["total"] > 0
    expect(page.locator("#kinds-text")).to_have_text("1 loại đã chọn")
    assert hash_value(page, "k") == "rescue"


def test_networks_follow_the_period(open_page: Opener, demo_url: str) -> None:
    """Places and legs on the map are those of the networks dismantled in the months chosen."""
    seen = open_page(as_leader=True)
    page = seen.open("/#o=networks&p=2024-01..2025-12")
    dots = page.locator(".pin.node")
    dots.first.wait_for(state="attached")
    both = dots.count()
    with page.expect_response(lambda answer: "/networks" in answer.url) as waited:
        page.locator("#period-from").fill(str(2025 * 12))  # January 2025
    features = waited.value.json()["features"]
    nodes = [one for one in features if one["properties"]["feature"] == "node"]
    first = re.search(r"from=(\d{4}-\d\d-01)", waited.value.url)
    assert first is not None
    expect(dots).to_have_count(len(nodes))
    assert 0 < len(nodes) < both
    days = {one["properties"]["dismantled_on"] for one in features}
    assert all(first.group(1) <= day <= "2025-12-31" for day in days)
    legs = len(features) - len(nodes)
    # A leg is two halves with an arrow between them.
    expect(page.locator("path[marker-end]")).to_have_count(legs)


def test_another_period_can_be_computed_by_whoever_signs_in(
    open_page: Opener, demo_people: dict[str, str]
) -> None:
    page = open_page().open()
    expect(page.locator("#recompute-box")).to_be_hidden()
    page.locator("#period-from").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#recompute-box")).to_be_visible()
    page.locator("#recompute-box").get_by_role("link", name="Đăng nhập để tính").click()
    fill_in(page, "demo-planner", demo_people["demo-planner"])
    # The choice made before signing in is still there.
    page.wait_for_selector(COLOURED)
    expect(page.locator("#recompute-box")).to_be_visible()
    before = page.locator("#ranking-period").inner_text()
    page.locator("#recompute").click()
    expect(page.locator("#ranking-period")).not_to_have_text(before)
    # His own run is on the map and explains units; the page says that it is his.
    page.locator("#ranking-list button").first.click()
    expect(page.locator("#unit")).to_contain_text("lần tính riêng")
    # Whoever opens the map without it gets the standard run.
    other = open_page().open()
    other.locator("#ranking-list button").first.click()
    expect(other.locator("#unit .verdict")).to_be_visible()
    expect(other.locator("#unit")).not_to_contain_text("lần tính riêng")


def test_the_ranking_takes_the_map_to_a_unit_by_keyboard(open_page: Opener, address: str) -> None:
    page = open_page().open()
    run = newest_run(address, "2025", "commune")
    first = ask(address, f"/hotspot-runs/{run['id']}/ranking", border_only=True, limit=1)[0]
    button = page.locator("#ranking-list button").first
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#unit h2")).to_have_text(first["full_name"])
    expect(page.locator("#unit")).to_be_focused()
    zoom, latitude, longitude = map(float, hash_value(page, "v").split("/"))
    west, south, east, north = first["bounds"]
    assert zoom >= 8
    assert south <= latitude <= north
    # All of it stands on the map, in what the legend leaves free.
    box, legend = page.locator("#map").bounding_box(), page.locator("#legend").bounding_box()
    assert box is not None
    assert legend is not None
    middle, pixels_per_degree = box["x"] + box["width"] / 2, 256 * 2**zoom / 360
    assert box["x"] <= middle + (west - longitude) * pixels_per_degree
    assert middle + (east - longitude) * pixels_per_degree <= legend["x"]
    assert hash_value(page, "u") == first["code"]
    page.keyboard.press("Escape")
    expect(page.locator("#unit")).to_be_hidden()
    expect(page.locator("#ranking-list button").first).to_be_focused()


def test_a_click_on_the_map_opens_the_unit(open_page: Opener, address: str) -> None:
    unit = ask(address, "/units", edition="2025", level="commune", q="Nậm Cắn")["units"][0]
    page = open_page().open(f"/#v=10/{unit['lat']:.4f}/{unit['lon']:.4f}")
    box = page.locator("#map").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator("#unit h2")).to_have_text(unit["full_name"])
    # Who has not signed in is told the class, and why counts are rounded.
    expect(page.locator("#unit .verdict")).to_contain_text(re.compile("iểm nóng|khác biệt"))
    expect(page.locator("#unit")).to_contain_text("Số nhỏ được bảo vệ")
    expect(page.locator("#unit")).to_contain_text(f"nguồn: {unit['population_source']}")
    chart = page.locator("#unit svg[role=img]")
    expect(chart).to_be_visible()
    assert "tổng" in (chart.get_attribute("aria-label") or "")
    months = page.locator("#unit .chart-table tbody tr").count()
    (first, last) = page.evaluate(
        "[...document.querySelectorAll('#unit .chart text')].slice(-2)"
        ".map((text) => text.textContent)"
    )
    spans = [int(text[3:]) * 12 + int(text[:2]) for text in (first, last)]
    assert months == spans[1] - spans[0] + 1 > len(unit_months(address, unit["code"]))


def unit_months(address: str, code: str) -> list[str]:
    """Months between a unit's first and last record."""
    unit = ask(address, f"/units/2025/commune/{code}")
    return [month["month"] for month in unit["months"]]


def test_the_map_is_used_by_keyboard_alone(open_page: Opener, address: str) -> None:
    unit = ask(address, "/units", edition="2025", level="commune", q="Nậm Cắn")["units"][0]
    page = open_page().open(f"/#v=9/{unit['lat']:.4f}/{unit['lon']:.4f}")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.locator("#map").focus()
    page.keyboard.press("+")
    expect(page.locator("#map")).to_have_attribute("data-zoom", "10")
    page.keyboard.press("Enter")
    expect(page.locator("#unit h2")).to_have_text(unit["full_name"])


def test_records_are_clustered_and_open_as_text(open_page: Opener) -> None:
    seen = open_page(as_leader=True)
    page = seen.open()
    assert not seen.asked("markercluster"), "the library is only loaded when it is needed"
    page.get_by_label("Vụ việc", exact=True).check()
    expect(page.locator(".bunch.incidents").first).to_be_visible()
    page.get_by_label("Đường dây đã triệt phá").check()
    expect(page.locator("path[marker-end]").first).to_be_attached()
    page.get_by_label("Cửa khẩu").check()
    expect(page.locator(".pin.gate").first).to_be_visible()


@pytest.mark.parametrize(
    ("written", "said"),
    [("18,8885; 104,848", None), ("104.848, 18.8885", "bị đổi chỗ"), ("48QVF8399188497", None)],
)
def test_the_search_takes_coordinates(open_page: Opener, written: str, said: str | None) -> None:
    page = open_page().open()
    page.locator("#search-text").fill(written)
    found = page.locator("#search-results button").first
    expect(found).to_contain_text("Môn Sơn")
    if said:
        expect(found).to_contain_text(said)
    expect(found).to_contain_text("Cách biên giới Lào")
    expect(found).to_contain_text("gần nhất trong các cửa khẩu đã có tọa độ")
    expect(found).not_to_contain_text("mép gần nhất")
    expect(found).to_contain_text(re.compile(r"chắc \d+ %"))
    found.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#unit h2")).to_have_text("Xã Môn Sơn")
    expect(
        page.locator("#map path.leaflet-interactive, #map .leaflet-overlay-pane path")
    ).not_to_have_count(0)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("bản Búng, xã Môn Sơn, huyện Pù Mát (Nghệ An)", "Pù Mát là vườn quốc gia"),
        ("xa luc da, con cuong, nghe an", "nay thuộc Xã Môn Sơn"),
        ("Môn Sơm, Con Cuông, Nghệ An", "Đọc “Môn Sơm” là “Môn Sơn”"),
    ],
)
def test_the_search_takes_addresses(open_page: Opener, written: str, said: str) -> None:
    page = open_page().open()
    page.locator("#search-text").fill(written)
    found = page.locator("#search-results button").first
    expect(found).to_contain_text("Xã Môn Sơn")
    expect(found).to_contain_text("Huyện Con Cuông")
    expect(found).to_contain_text("Trong xã, phường này")
    expect(found).to_contain_text(said)
    expect(found).to_contain_text("Giáp biên giới Lào; Cửa khẩu Cầu Treo cách 47 km")
    expect(found).to_contain_text("tính từ mép gần nhất của xã")
    found.click()
    expect(page.locator("#unit h2")).to_have_text("Xã Môn Sơn")


def test_a_name_of_many_places_is_asked_about(open_page: Opener) -> None:
    page = open_page().open()
    page.locator("#search-text").fill("Tân Thành")
    found = page.locator("#search-results button")
    expect(found.nth(3)).to_be_visible()
    expect(found.first).to_contain_text("hãy ghi thêm tỉnh")


def test_a_number_in_a_name_is_still_a_name(open_page: Opener) -> None:
    page = open_page().open("/#e=2024&l=district")
    page.locator("#search-text").fill("Quận 10")
    expect(page.locator("#search-results button").first).to_contain_text("Quận 10")


def test_the_search_finds_without_tone_marks(open_page: Opener) -> None:
    page = open_page().open()
    page.locator("#search-text").fill("nam can")
    found = page.locator("#search-results button", has_text="Nậm Cắn").first
    expect(found).to_be_visible()
    found.click()
    expect(page.locator("#unit h2")).to_contain_text("Nậm Cắn")


def test_english_and_back_with_the_same_view(open_page: Opener) -> None:
    page = open_page().open("/?lang=en#t=incidents-rate")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", name="Hottest areas")).to_be_visible()
    expect(page.locator("#legend-body")).to_contain_text("Rate per 100,000 inhabitants")
    page.locator("#other-language").click()
    page.wait_for_selector('body[data-coloured="2025/commune/incidents-rate"]')
    expect(page.locator("html")).to_have_attribute("lang", "vi")
    expect(page.locator("#legend-body")).to_contain_text("Tỷ suất trên 100.000 dân")


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("panel", [None, "controls", "ranking"])
def test_nothing_overflows_at_360_pixels(
    open_page: Opener, language: str, panel: str | None
) -> None:
    page = open_page(360, 740).open(f"/?lang={language}")
    if panel:
        page.locator(f'#tabs [data-panel="{panel}"]').click()
        expect(page.locator(f"#{panel}")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, a, summary, label, input[type=search]")]
          .filter((e) => e.checkVisibility() && e.getBoundingClientRect().height < 43.5
            && !e.closest(".sources, .leaflet-marker-pane, .skip") && !e.classList.contains("skip"))
          .map((e) => e.outerHTML.slice(0, 120))"""
    )
    assert small == []
