"""Support by province, pilots and density on the map: switched on, explained, chosen, sent on."""

import json
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine, text

from geo.records.figures import Period, figure_key
from geo.store.database import transaction
from geo.store.records import Origin
from geo.store.support import load_figures
from tests.web.conftest import Watched
from tests.web.test_map_page import hash_value

Opener = Callable[..., Watched]
SOURCE = "test-of-the-map"
CALLS, EMERGENCY = ("hotline_111", "calls"), ("emergency_support", "persons_supported")
FIGURES = [
    (CALLS, "40", 3, 120), (CALLS, "40", 4, 60), (CALLS, "44", 3, 20), (CALLS, "38", 3, 0),
    (CALLS, "11", 3, 4), (EMERGENCY, "40", 3, 25),
]  # fmt: skip
NORTH = "e=2025&l=commune&v=7/19.0/105.5&p=2026-01..2026-06"
NGHE_AN = '.pin.support[title^="Tỉnh Nghệ An"]'
SHOWN = '#map[data-density="shown"]'


@pytest.fixture(scope="module", autouse=True)
def figures(demo_engine: Engine) -> Iterator[None]:
    """Monthly figures of some provinces; they go with the module."""
    rows = []
    for (programme, measure), code, month, value in FIGURES:
        period = Period(date(2026, month, 1), date(2026, month, monthrange(2026, month)[1]))
        key = figure_key(programme, measure, ("2025", code), period)
        rows.append(
            {
                "external_id": key, "programme": programme, "measure": measure,
                "edition": "2025", "code": code, "value": value, "value_by": json.dumps({}),
                "period_from": period.first, "period_to": period.last, "published": False,
            }
        )  # fmt: skip
    with transaction(demo_engine) as connection:
        load_figures(connection, pyarrow.Table.from_pylist(rows), Origin(SOURCE))
    yield
    with transaction(demo_engine) as connection:
        connection.execute(
            text("DELETE FROM support_measure WHERE source = :source"), {"source": SOURCE}
        )


def switch(page: Page, layer: str) -> Any:
    return page.locator(f'input[name="overlay"][value="{layer}"]')


def layers_in(page: Page) -> list[str]:
    return hash_value(page, "o").replace("%2C", ",").split(",")


def test_support_is_switched_on_and_read_by_keyboard(open_page: Opener) -> None:
    seen = open_page(as_leader=True)
    page = seen.open(f"/#{NORTH}&o=")
    assert not seen.asked("/support-measures/")
    assert not seen.asked("css/layers.css")
    choice = page.get_by_label("Chỉ tiêu")
    expect(choice).to_be_hidden()
    switch(page, "support").focus()
    page.keyboard.press("Space")
    mark = page.locator(NGHE_AN)
    expect(mark).to_have_attribute("title", "Tỉnh Nghệ An: 180")
    expect(page.locator(".pin.support")).to_have_count(4)
    legend = page.locator("#legend-body")
    expect(legend).to_contain_text("Tổng đài 111: cuộc gọi")
    expect(legend.locator(".swatch.sized")).to_have_count(3)
    expect(legend).to_contain_text("Báo cáo là 0")
    # The area of a circle is what it tells: 20 has a third of the width of 180.
    widths = [
        page.locator(f'.pin.support[title^="{name}"] .symbol').evaluate("one => one.offsetWidth")
        for name in ("Tỉnh Nghệ An", "Tỉnh Quảng Trị")
    ]
    assert widths[1] == pytest.approx(widths[0] / 3, abs=1)
    mark.focus()
    page.keyboard.press("Enter")
    popup = page.locator(".leaflet-popup-content article")
    expect(popup).to_be_focused()
    expect(popup).to_contain_text("Tổng đài 111: cuộc gọi")
    expect(popup).to_contain_text("180")
    expect(popup).not_to_contain_text("không nêu")
    page.keyboard.press("Escape")
    expect(mark).to_be_focused()
    # Off again.
    switch(page, "support").focus()
    page.keyboard.press("Space")
    expect(page.locator(".pin.support")).to_have_count(0)
    expect(legend).not_to_contain_text("Tổng đài 111")


def test_the_measure_and_the_months_are_chosen_and_go_along_in_the_link(
    open_page: Opener, address: str
) -> None:
    page = open_page(as_leader=True).open(f"/#{NORTH}&o=support")
    page.get_by_label("Chỉ tiêu").select_option("emergency_support.persons_supported")
    expect(page.locator(NGHE_AN)).to_have_attribute("title", "Tỉnh Nghệ An: 25")
    expect(page.locator(".pin.support")).to_have_count(1)
    assert hash_value(page, "s") == "emergency_support.persons_supported"
    sent = open_page(as_leader=True)
    other = sent.open("/" + page.url.removeprefix(address).lstrip("/"))
    expect(other.locator(NGHE_AN)).to_have_attribute("title", "Tỉnh Nghệ An: 25")
    expect(other.get_by_label("Chỉ tiêu")).to_have_value("emergency_support.persons_supported")
    april = open_page(as_leader=True).open(
        f"/#{NORTH.replace('2026-01..2026-06', '2026-04..2026-04')}&o=support&s=hotline_111.gifts"
    )
    expect(april.locator(NGHE_AN)).to_have_attribute("title", "Tỉnh Nghệ An: 60")
    expect(april.locator("#notice")).to_contain_text("chỉ tiêu hỗ trợ")


def test_small_figures_are_withheld_from_others(open_page: Opener) -> None:
    page = open_page().open(f"/?lang=en#{NORTH}&o=support")
    dien_bien = page.locator('.pin.support[title^="Tỉnh Điện Biên"]')
    expect(dien_bien).to_have_attribute("title", "Tỉnh Điện Biên: Withheld to protect victims")
    expect(dien_bien.locator(".dashed-ring")).to_have_text("")
    expect(page.locator("#legend-body")).to_contain_text("Withheld to protect victims")
    expect(page.locator("#legend-body")).to_contain_text("Hotline 111: calls")


def test_figures_of_the_country_are_told_and_not_spread(open_page: Opener) -> None:
    page = open_page().open("/#e=2024&l=province&o=support&p=2024-01..2024-12")
    expect(page.locator("#legend-body")).to_contain_text("không chia cho các tỉnh: 780 (2024)")
    expect(page.locator("#notice")).to_contain_text("chỉ có số của cả nước")
    expect(page.locator(".pin.support")).to_have_count(0)
    # Another edition of the boundaries asks again.
    page.locator('input[name="edition"][value="2025"]').check(force=True)
    expect(page.locator("#legend-body")).to_contain_text("780 (2024)")


def test_pilots_have_an_outline_and_say_who_names_them(open_page: Opener) -> None:
    page = open_page().open(f"/#{NORTH}&o=")
    switch(page, "reintegration-pilots").focus()
    page.keyboard.press("Space")
    expect(page.locator(".pin.pilot")).to_have_count(3)
    expect(page.locator("path.leaflet-interactive")).to_have_count(0)
    assert page.locator('.leaflet-overlay-pane path[stroke="#0d5c3f"]').count() == 3
    page.locator('.pin.pilot[title="Tỉnh thí điểm: Tỉnh Quảng Bình"]').focus()
    page.keyboard.press("Enter")
    popup = page.locator(".leaflet-popup-content article")
    expect(popup).to_contain_text("Tỉnh Quảng Trị")
    expect(popup).to_contain_text("2024")
    expect(popup).to_contain_text("Bài tổng hợp công tác phòng, chống mua bán người năm 2024")
    assert layers_in(page) == ["reintegration-pilots"]


def test_a_density_is_shown_to_those_who_may_have_it(open_page: Opener) -> None:
    seen = open_page(as_leader=True)
    page = seen.open(f"/#{NORTH}&o=")
    assert not seen.asked("/density")
    switch(page, "density").focus()
    page.keyboard.press("Space")
    page.wait_for_selector(SHOWN, timeout=120_000)
    legend = page.locator("#legend-body")
    expect(legend).to_contain_text("Số vụ mỗi năm trên 100 km²")
    expect(legend).to_contain_text("không gửi ra ngoài")
    painted = """() => [...document.querySelectorAll(".leaflet-rasters-pane canvas")].some(
      (canvas) => canvas.getContext("2d").getImageData(0, 0, 256, 256).data.some((one) => one))"""
    page.wait_for_function(painted)
    slider = page.locator('input[data-layer="density"]')
    slider.focus()
    page.keyboard.press("ArrowLeft")
    expect(slider).to_have_attribute("aria-valuetext", "70 %")
    assert hash_value(page, "a").replace("%3A", ":") == "density:70"
    layer = page.locator(".leaflet-rasters-pane .leaflet-layer")
    assert float(layer.evaluate("one => one.style.opacity")) == pytest.approx(0.7)
    # A view further away shows the same picture; other months are another one.
    asked = len(seen.asked("/density/map"))
    page.get_by_label("Thu nhỏ").click()
    page.wait_for_function(painted)
    assert len(seen.asked("/density/map")) == asked == 1
    page.locator("#period-from").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#notice")).to_contain_text("Đang tính mật độ")
    page.wait_for_selector(SHOWN, timeout=120_000)
    assert len(seen.asked("/density/map")) == 2
    switch(page, "density").uncheck()
    expect(page.locator(".leaflet-rasters-pane canvas")).to_have_count(0)
    expect(legend).not_to_contain_text("100 km²")


def test_others_are_told_why_there_is_none(open_page: Opener) -> None:
    seen = open_page()
    page = seen.open(f"/#{NORTH}&o=density")
    expect(switch(page, "density")).to_have_count(0)
    expect(page.locator(".controls .closed")).to_contain_text("tính ngược ra nơi xảy ra vụ việc")
    expect(page.locator("#notice")).to_contain_text("lớp hiển thị")
    assert not seen.asked("/density")


def test_axe_finds_nothing_in_what_is_new(open_page: Opener, project_root: Path) -> None:
    page = open_page().open(f"/#{NORTH}&o=support,reintegration-pilots")
    expect(page.locator(".pin.pilot")).to_have_count(3)
    expect(page.locator(NGHE_AN)).to_be_visible()
    page.evaluate((project_root / "node_modules/axe-core/axe.min.js").read_text("utf-8"))
    found = page.evaluate(
        """async () => (await axe.run({ include: [
          [".option"], [".closed"], [".leaflet-marker-pane"], ["#legend-body ul"],
        ] })).violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])"""
    )
    assert found == []


def test_on_a_telephone_the_choice_has_room_and_circles_are_smaller(open_page: Opener) -> None:
    page = open_page(360, 740, as_leader=True).open(
        "/#e=2025&l=commune&p=2026-01..2026-06&o=support"
    )
    expect(page.locator(NGHE_AN)).to_be_attached()
    assert page.locator(f"{NGHE_AN} .symbol").evaluate("one => one.offsetWidth") == 30
    page.locator('button[data-panel="controls"]').click()
    choice = page.get_by_label("Chỉ tiêu")
    choice.scroll_into_view_if_needed()
    box = choice.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert box["x"] + box["width"] <= 360
