"""The map in one file: opened from a disk, with no network, and what it may tell to whom."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader
from sqlalchemy import Engine, text

from geo.errors import Language
from geo.pipeline.hotspot_map import HotspotMap, MapQuestion, gather_map
from geo.pipeline.releases import PUBLIC, Audience, Releases
from geo.settings import Settings
from geo.store.actors import COUNTRY, Jurisdiction
from geo.store.database import transaction
from layers.themes import HOTSPOTS
from tests.people import NGHE_AN
from tests.web.layout import BEYOND
from web.assets import load_assets, replace_folium_links
from web.single_file import build_map_file

HA_NOI = Jurisdiction("2025", "province", "01")
PUBLIC_BASE = 12
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
HOSTILE = (
    "<img src=x onerror=alert(1)></script><script>alert(2)</script><!--{{7*7}}${alert(3)}\u2028'\"`"
)
# A point of a class's colour somewhere on the canvas.
HAS_COLOUR = """(colour) => {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  const canvas = document.querySelector("#map canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  for (let i = 0; i < data.length; i += 4)
    if (data[i] === red && data[i + 1] === green && data[i + 2] === blue) return true;
  return false;
}"""


@dataclass
class Opened:
    """A file in a browser without a network, and what it did that it must not."""

    page: Page
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@pytest.fixture
def open_file(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Opened]]:
    """Writes HTML to a file and opens it from there."""
    contexts = []

    def opened(html: str, width: int = 1440, height: int = 900) -> Opened:
        path = tmp_path / "map.html"
        path.write_text(html, encoding="utf-8")
        context = browser.new_context(
            viewport={"width": width, "height": height}, offline=True, reduced_motion="reduce"
        )
        contexts.append(context)
        seen = Opened(context.new_page())
        page = seen.page
        context.on(
            "request",
            lambda request: request.url.startswith("data:") or seen.asked.append(request.url),
        )
        page.on("console", lambda message: seen.complaints.append(message.text))
        page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        page.on("dialog", lambda one: (seen.complaints.append(one.message), one.dismiss()))
        page.goto(path.as_uri())
        assert seen.asked.pop(0) == path.as_uri()
        return seen

    yield opened
    for context in contexts:
        context.close()


def gathered(
    engine: Engine,
    province: str | None = "40",
    audience: Audience = PUBLIC,
    language: Language = "vi",
) -> HotspotMap:
    question = MapQuestion(province, date(2025, 8, 1), date(2026, 8, 1), date(2026, 8, 5), language)
    with transaction(engine) as connection:
        return gather_map(connection, question, Releases(Settings()), audience)


def written(found: HotspotMap) -> str:
    assets = load_assets(Settings())
    replace_folium_links(assets)
    return build_map_file(found, assets)


@pytest.fixture(scope="module")
def province(demo_engine: Engine) -> str:
    """The file of Nghệ An for the public."""
    return written(gathered(demo_engine))


@pytest.fixture(scope="module")
def country(demo_engine: Engine) -> str:
    """The file of the country for the public, in English."""
    return written(gathered(demo_engine, None, language="en"))


def contents(html: str) -> Any:
    """What a file holds, by layer."""
    start = html.index("bienmap.configure(") + len("bienmap.configure(")
    return json.JSONDecoder().raw_decode(html, start)[0]["contents"]


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (360, 740)])
def test_it_opens_from_a_disk_and_asks_nobody(
    open_file: Callable[..., Opened], province: str, width: int, height: int
) -> None:
    seen = open_file(province, width, height)
    page = seen.page
    expect(page.locator("h1")).to_have_text("Điểm nóng mua bán người: Tỉnh Nghệ An")
    expect(page.locator("header")).to_contain_text("01/08/2025 – 31/07/2026")
    expect(page.get_by_text("DỮ LIỆU MINH HỌA – không phải số liệu thật")).to_be_visible()
    expect(page.locator("#approximate")).to_be_visible()
    assert page.evaluate(HAS_COLOUR, HOTSPOTS.legend[0].colour)
    assert page.evaluate(BEYOND) == []
    before = page.locator("#map").get_attribute("data-zoom")
    first = page.locator("#ranking-list button").first
    name = first.locator(".name").inner_text()
    first.click()
    popup = page.locator(".leaflet-popup-content")
    expect(popup.locator("h3")).to_have_text(name)
    expect(popup).to_be_in_viewport()
    expect(popup).to_contain_text(re.compile(r"Điểm nóng ở mức tin cậy \d\d %"))
    expect(popup.locator("dd")).to_have_text(re.compile(r"khoảng \d+|dưới \d+|ít hoặc không có"))
    assert page.locator("#map").get_attribute("data-zoom") != before
    page.mouse.move(200, 300)
    page.wait_for_timeout(300)
    assert seen.asked == []
    assert seen.complaints == []


def test_the_country_has_its_islands_its_border_and_the_legend_of_the_registry(
    open_file: Callable[..., Opened], country: str
) -> None:
    seen = open_file(country)
    page = seen.page
    expect(page.locator("h1")).to_have_text("Human trafficking hotspots: Viet Nam")
    for name in ("Quần đảo Hoàng Sa", "Quần đảo Trường Sa", "Biển Đông", "Hà Nội", "Laos"):
        expect(page.get_by_text(name, exact=True).first).to_be_in_viewport()
    legend = page.locator("#legend-body li").all_inner_texts()
    assert legend[: len(HOTSPOTS.legend)] == [entry.label.en for entry in HOTSPOTS.legend]
    assert {"with China", "with Laos", "with Cambodia", "Border gate"} <= set(legend)
    assert page.locator(".pin.gate").count() > 10
    # Three borders and the outlines of 34 provinces.
    assert page.locator("#map svg path").count() >= 37
    page.get_by_role("radio", name="Districts before 7/2025").check()
    expect(page.locator("#legend-body")).to_contain_text("2024-07-01 – 2025-06-30")
    expect(page.locator("#ranking-list .name").first).to_have_text(re.compile("^(Huyện|Th|Quận)"))
    page.locator(".pin.gate").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".leaflet-popup-content")).to_contain_text("Source")
    assert seen.asked == []
    assert seen.complaints == []


def test_by_keyboard(open_file: Callable[..., Opened], province: str) -> None:
    seen = open_file(province)
    page = seen.page
    page.locator("#map").focus()
    # Out of the hot communes.
    for key in ("ArrowLeft", "ArrowLeft", "Enter"):
        page.keyboard.press(key)
    expect(page.locator(".leaflet-popup-content h3")).to_have_text(re.compile("^(Xã|Phường) "))
    expect(page.locator("#announcer")).not_to_be_empty()
    said = " ".join(page.locator(".leaflet-popup-content").inner_text().split())
    assert re.fullmatch(
        r"(Xã|Phường) .+ Tỉnh Nghệ An Chưa khác biệt rõ so với ngẫu nhiên\. Mức điểm nóng:"
        r" 01/\d\d/\d{4} – \d\d/\d\d/\d{4}\. Số vụ, 01/08/2025 – 31/07/2026"
        r" (khoảng \d+|dưới \d+|ít hoặc không có)",
        said,
    )
    page.keyboard.press("Escape")
    expect(page.locator(".leaflet-popup")).to_have_count(0)
    page.locator("#ranking-list button").nth(1).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".leaflet-popup-content h3")).to_have_text(
        page.locator("#ranking-list .name").nth(1).inner_text()
    )
    assert seen.complaints == []


def test_axe_finds_nothing(
    open_file: Callable[..., Opened], province: str, project_root: Path
) -> None:
    page = open_file(province).page
    page.evaluate((project_root / "node_modules/axe-core/axe.min.js").read_text("utf-8"))
    found = page.evaluate(
        "tags => axe.run(document, { runOnly: tags })"
        ".then(({ violations }) => violations.map(v => [v.id, v.nodes.map(n => n.target)]))",
        TAGS,
    )
    assert found == []


def test_on_paper_it_has_the_map_the_legend_and_the_list(
    open_file: Callable[..., Opened], province: str
) -> None:
    seen = open_file(province, 360, 740)
    sheets = PdfReader(
        BytesIO(seen.page.pdf(prefer_css_page_size=True, print_background=True))
    ).pages
    assert len(sheets) == 2
    first, second = (" ".join(sheet.extract_text().split()) for sheet in sheets)
    for said in ("Tỉnh Nghệ An", "DỮ LIỆU MINH HỌA", "Điểm nóng, tin cậy 99 %", "Cửa khẩu"):
        assert said in first
    assert "Địa bàn nóng nhất" in second
    assert "Lập ngày 05/08/2026" in second
    # Not kept on the screen.
    expect(seen.page.locator("body")).to_have_class("file")
    assert seen.complaints == []


def test_its_policy_refuses_what_is_put_in(open_file: Callable[..., Opened], province: str) -> None:
    intruders = (
        '<script>document.title = "taken"</script><img src="https://example.org/a.png">'
        '<style>h1 { color: red }</style><b onclick="alert(1)" id="b">b</b></body>'
    )
    seen = open_file(province.replace("</body>", intruders))
    seen.page.locator("#b").click()
    assert seen.page.title() == "Điểm nóng mua bán người: Tỉnh Nghệ An"
    refused = " ".join(seen.complaints)
    for directive in ("script-src", "img-src", "style-src"):
        assert directive in refused
    assert len(seen.complaints) == 4


def test_the_same_input_gives_the_same_bytes(demo_engine: Engine, province: str) -> None:
    assert written(gathered(demo_engine)) == province


def test_the_public_is_told_released_counts_and_the_responsible_exact_ones(
    demo_engine: Engine, province: str
) -> None:
    for level in contents(province)["hotspots"]["levels"]:
        units = level["units"]
        assert set(units["base"]) == {PUBLIC_BASE}
        assert all(count is None or count % PUBLIC_BASE == 0 for count in units["count"])
        assert not any(re.search(r"\d vụ", one) for one in level["sentences"])
    elsewhere = gathered(demo_engine, audience=Audience(own=(HA_NOI,)))
    assert elsewhere.levels == gathered(demo_engine).levels
    own = gathered(demo_engine, audience=Audience(own=(NGHE_AN,)))
    communes, districts = own.levels
    true = gathered(demo_engine, audience=Audience(own=(COUNTRY,)))
    assert {unit.incidents.base for unit in communes.units} == {None}
    # What is told exactly is of whole months on both sides.
    assert [one.incidents.value for one in communes.units] == [
        one.incidents.value for one in true.levels[0].units
    ]
    assert any(re.search(r"\d vụ, so với", one.explanation) for one in communes.units)
    assert any("sau hiệu chỉnh" in one.explanation for one in true.levels[0].units)
    assert not any("sau hiệu chỉnh" in one.explanation for one in communes.units)
    assert {unit.incidents.base for unit in districts.units} <= {None, PUBLIC_BASE}
    assert "SỐ LIỆU CHÍNH XÁC" in written(own)
    assert "SỐ LIỆU CHÍNH XÁC" not in province


def test_no_record_is_in_it(demo_engine: Engine, country: str) -> None:
    with transaction(demo_engine) as connection:
        records = connection.execute(
            text(
                "SELECT id::text, narrative, place_text, external_id FROM incident"
                " WHERE narrative IS NOT NULL LIMIT 300"
            )
        ).all()
        cases = connection.scalars(text("SELECT case_code FROM network")).all()
        # What a place was said to be may be no more than the name of a unit, which is no secret.
        named = set(connection.scalars(text("SELECT full_name FROM unit")))
    assert len(records) == 300
    told = [
        part
        for record in records
        for part in record
        if part and len(part) > 20 and part not in named
    ]
    assert told
    assert cases
    assert [part for part in (*told, *cases) if part in country] == []
    assert "fetch(" not in country


def test_hostile_texts_stay_text(open_file: Callable[..., Opened], demo_engine: Engine) -> None:
    connection = demo_engine.connect()
    for statement in (
        "UPDATE unit SET name = :text, full_name = :text, name_en = :text",
        "UPDATE boundary_layer SET source = :text, licence = :text",
        "UPDATE border_gate SET name_vi = :text, source = :text",
    ):
        connection.execute(text(statement), {"text": HOSTILE})
    question = MapQuestion("40", date(2025, 8, 1), date(2026, 8, 1), date(2026, 8, 5), "vi")
    found = gather_map(connection, question, Releases(Settings()), PUBLIC)
    connection.rollback()
    connection.close()
    seen = open_file(written(found))
    page = seen.page
    shown = HOSTILE.replace("\u2028", " ")
    for place in ("h1", "#ranking-list .name"):
        expect(page.locator(place).first).to_contain_text(shown[:60])
    page.locator("#ranking-list button").first.click()
    expect(page.locator(".leaflet-popup-content h3")).to_contain_text("{{7*7}}${alert(3)}")
    page.locator(".sources summary").click()
    expect(page.locator(".sources")).to_contain_text("onerror=alert(1)")
    assert page.locator("img[src=x]").count() == 0
    assert seen.complaints == []
