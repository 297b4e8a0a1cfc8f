"""The page of a unit in a real browser: who is told what, the ways to it, on paper, and by axe."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader
from sqlalchemy import Engine, text

from geo.store.audit import newest
from geo.store.database import transaction
from tests.web.conftest import Watched, sign_in
from tests.web.layout import BEYOND
from tests.web.test_map_page import Opener

# Xã Na Loi is hot, lies on the border of Nghệ An, and was a part of huyện Kỳ Sơn.
HOT, BESIDE, DISTRICT, PROVINCE = "16834", "16819", "417", "40"
PAGE = f"/don-vi/2025/commune/{HOT}"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
REASON = "Ba vụ ở <img src=x onerror=alert(1)> hai bản."
DRAWN = ".chart-figure canvas"


@pytest.fixture(scope="module")
def axe(project_root: Path) -> str:
    """The engine's script."""
    return (project_root / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")


@pytest.fixture
def decided(demo_engine: Engine) -> Iterator[None]:
    """A leader's decision on the hot commune, with markup in its reason."""
    with demo_engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO hotspot_review (edition, level, code, version, decision, reason,"
                " priority, seen_class, seen_category, seen_cluster, stands, updated_by)"
                " VALUES ('2025', 'commune', :code, 1, 'confirm', :reason, 1, 2, 0, 0, true,"
                " 'demo-leader')"
            ),
            {"code": HOT, "reason": REASON},
        )
    yield
    with demo_engine.begin() as connection:
        connection.execute(text("DELETE FROM hotspot_review"))


def opened(seen: Watched, path: str = PAGE) -> Page:
    seen.page.goto(seen.address + path)
    expect(seen.page.locator("h1")).to_be_visible()
    return seen.page


def violations(page: Page, axe: str) -> list[Any]:
    page.evaluate(axe)
    found = page.evaluate(
        "tags => axe.run(document, { runOnly: tags })"
        ".then(({ violations }) => violations.map(v => [v.id, v.nodes.map(n => n.target)]))",
        TAGS,
    )
    assert isinstance(found, list)
    return found


def test_who_is_responsible_reads_exact_figures_and_their_drawing(
    open_page: Opener, demo_people: dict[str, str]
) -> None:
    seen = open_page()
    sign_in(seen.page, seen.address, "demo-leader", demo_people)
    page = opened(seen, f"{PAGE}?months=24")
    expect(page.locator("h1")).to_have_text("Xã Na Loi")
    expect(page.locator(DRAWN)).to_be_visible()
    expect(page.locator(".drawn")).to_have_attribute("aria-label", re.compile("Biểu đồ cột"))
    months = page.request.get(f"{seen.address}/api/v1/units/2025/commune/{HOT}").json()["months"]
    known = {"/".join(reversed(one["month"].split("-"))): one["incidents"] for one in months}
    page.locator(".chart-figure summary").click()
    rows = page.locator(".months tbody tr")
    expect(rows).to_have_count(24)
    told = {
        row.locator("th").inner_text(): row.locator("td").all_inner_texts() for row in rows.all()
    }
    names = list(told)
    assert {name: int(now) for name, (now, _) in told.items()} == {
        name: known.get(name, 0) for name in names
    }
    # The months of the first year are those before, beside the second.
    assert [before for _, before in list(told.values())[12:]] == [
        now for now, _ in list(told.values())[:12]
    ]
    total = sum(known.get(name, 0) for name in names)
    expect(page.locator(".figures dd").first).to_have_text(str(total))
    kinds = page.locator(".bars").first.locator("td").all_inner_texts()
    assert sum(map(int, kinds)) == total
    expect(page.locator(".bars")).to_have_count(2)
    expect(page.locator("#protected")).to_have_count(0)
    expect(page.locator(".strip")).to_have_count(2)


def test_who_is_not_responsible_reads_classes_and_veiled_figures(
    open_page: Opener, decided: None
) -> None:
    page = opened(open_page())
    expect(page.locator("#protected")).to_contain_text("bội của 12")
    expect(page.locator(".unit-head .verdict")).to_contain_text("Điểm nóng, tin cậy")
    assert "so với ngẫu nhiên" not in page.locator("#why").inner_text()
    expect(page.locator("main")).to_contain_text("Số vụ theo kênh chỉ nêu cho người phụ trách")
    expect(page.locator("main")).to_contain_text("Đường dây chỉ hiện cho người đăng nhập")
    expect(page.locator("main")).to_contain_text("Quyết định chỉ hiện cho người đăng nhập")
    expect(page.locator(".strip")).to_have_count(0)
    expect(page.locator(".decision")).to_have_count(0)
    counted = page.locator(".months tbody tr").evaluate_all(
        "rows => rows.flatMap(({ dataset }) => [Number(dataset.value), Number(dataset.before)])"
    )
    assert {count % 12 for count in counted} <= {0}
    # Classes of the neighbours are for everybody.
    expect(page.locator(".numbered .named")).to_have_count(page.locator(".numbered li").count())


def test_decisions_are_read_in_ones_own_units_and_stay_text(
    open_page: Opener, demo_people: dict[str, str], decided: None
) -> None:
    seen = open_page()
    sign_in(seen.page, seen.address, "demo-planner", demo_people)
    page = opened(seen)
    expect(page.locator(".plain-list", has=page.locator(".decision"))).to_contain_text(REASON)
    expect(page.locator(".decision")).to_have_text("Đã xác nhận")
    page.get_by_role("link", name="Mở ở bàn duyệt").click()
    expect(page.locator(".case-top h2")).to_have_text("Xã Na Loi")
    page.locator("#to-page").click()
    expect(page).to_have_url(seen.address + PAGE)


def test_networks_that_are_read_are_in_the_audit(
    open_page: Opener, demo_people: dict[str, str], demo_engine: Engine
) -> None:
    seen = open_page()
    sign_in(seen.page, seen.address, "demo-planner", demo_people)
    page = opened(seen, f"/don-vi/2025/province/{PROVINCE}")
    cases = page.locator("section", has=page.locator("#networks")).locator("tbody tr").count()
    assert cases > 0
    with transaction(demo_engine) as connection:
        read = next(one for one in newest(connection, 5) if one["action"] == "READ")
    assert len(read["ids"]) == cases


def test_a_district_says_that_it_ended_and_leads_to_its_communes_and_back(
    open_page: Opener,
) -> None:
    page = opened(open_page(360, 740), f"/don-vi/2024/district/{DISTRICT}")
    expect(page.locator(".notice-box").first).to_contain_text("Cấp huyện kết thúc ngày 30/6/2025")
    page.locator("section", has=page.locator("#editions")).get_by_role(
        "link", name="Xã Na Loi"
    ).click()
    expect(page.locator("h1")).to_have_text("Xã Na Loi")
    page.locator("section", has=page.locator("#editions")).get_by_role(
        "link", name="Huyện Kỳ Sơn"
    ).click()
    expect(page.locator("h1")).to_have_text("Huyện Kỳ Sơn")


def test_the_map_and_the_ranking_and_neighbours_lead_to_the_page(open_page: Opener) -> None:
    seen = open_page()
    page = seen.open(f"/?lang=en#u={HOT}")
    page.locator("#unit .to-page").click()
    expect(page).to_have_url(f"{seen.address}{PAGE}?lang=en")
    page.locator(".numbered a").first.click()
    expect(page.locator("h1")).not_to_have_text("Xã Na Loi")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("link", name="Xã Na Loi").click()
    expect(page).to_have_url(f"{seen.address}{PAGE}?lang=en")
    seen.open("/")
    first = page.locator("#ranking-list li").first
    name = first.locator(".name").inner_text()
    page.get_by_role("link", name=f"Trang của {name}", exact=True).press("Enter")
    expect(page.locator("h1")).to_have_text(name)


@pytest.mark.parametrize(
    ("path", "user"),
    [
        (PAGE, "demo-leader"),
        (f"/don-vi/2025/commune/{BESIDE}?lang=en", None),
        (f"/don-vi/2024/district/{DISTRICT}", "demo-planner"),
        (f"/don-vi/2025/province/{PROVINCE}", "demo-leader"),
        ("/don-vi/2025/commune/99999", None),
    ],
)
def test_axe_finds_nothing_and_nothing_lies_beyond_the_edge(
    open_page: Opener, demo_people: dict[str, str], axe: str, path: str, user: str | None
) -> None:
    seen = open_page()
    if user:
        sign_in(seen.page, seen.address, user, demo_people)
    page = opened(seen, path)
    seen.complaints.clear()
    for width, height in ((1440, 900), (360, 740)):
        page.set_viewport_size({"width": width, "height": height})
        assert violations(page, axe) == []
        assert page.evaluate("document.body.scrollWidth <= innerWidth")
        assert page.evaluate(BEYOND) == []


def test_on_paper_tables_are_open_and_the_drawing_fits(open_page: Opener) -> None:
    page = opened(open_page(), f"/don-vi/2025/province/{PROVINCE}")
    expect(page.locator(DRAWN)).to_be_visible()
    page.emulate_media(media="print")
    # A4 between its margins.
    page.set_viewport_size({"width": 680, "height": 1000})
    expect(page.locator("header.top")).to_be_hidden()
    expect(page.locator(".months")).to_be_visible()
    expect(page.locator("details.all li").last).to_be_visible()
    drawing = page.locator(DRAWN).bounding_box()
    assert drawing is not None
    assert drawing["width"] <= 680
    assert page.evaluate(BEYOND) == []
    sheets = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages
    assert (round(sheets[0].mediabox.width), round(sheets[0].mediabox.height)) == (595, 842)
    assert all(sheet.extract_text() for sheet in sheets)
    assert "chuỗi số liệu không đứt" in sheets[-1].extract_text()


def test_without_scripts_all_figures_are_there(open_page: Opener) -> None:
    page = opened(open_page(java_script_enabled=False), PAGE)
    expect(page.locator(".months tbody tr")).to_have_count(12)
    expect(page.locator(".months")).to_be_visible()
    expect(page.locator("#print")).to_be_hidden()


def test_an_unknown_unit_is_said_in_words(open_page: Opener) -> None:
    seen = open_page()
    answer = seen.page.goto(f"{seen.address}/don-vi/2025/district/{DISTRICT}")
    assert answer is not None
    assert answer.status == 404
    expect(seen.page.locator("h1")).to_have_text("Không có trang này")
    # The browser notes the status on its console.
    assert all("404" in said for said in seen.complaints)
    seen.complaints.clear()
