"""What the map says of the hotspot run it shows: its period, and whether it still holds."""

import calendar
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from geo import __version__
from geo.store.database import create_engine
from tests.web.conftest import fill_in
from tests.web.test_map_page import Opener, ask, newest_run

DAYS = re.compile(r"(\d\d)/(\d\d)/(\d{4})")


def days(iso: str) -> str:
    return "/".join(reversed(iso.split("-")))


def chosen_days(page: Page) -> tuple[str, str]:
    """The first and the last day of the months on the slider."""
    (first, first_year), (last, last_year) = re.findall(
        r"(\d\d)/(\d{4})", page.locator("#period-text").inner_text()
    )
    end = calendar.monthrange(int(last_year), int(last))[1]
    return f"{first_year}-{first}-01", f"{last_year}-{last}-{end}"


def move_period(page: Page) -> None:
    page.locator("#period-from").focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")


def test_the_ranking_says_its_period(open_page: Opener, address: str) -> None:
    run = newest_run(address, "2025", "commune")
    page = open_page().open()
    expect(page.locator("#ranking-period")).to_contain_text(days(run["period_from"]))
    expect(page.locator("#ranking-differs-box")).to_be_hidden()
    assert page.locator("#ranking-list .chosen:visible").count() == 0
    page.locator("#ranking-list button").first.click()
    expect(page.locator("#unit")).to_contain_text(f"Kỳ phân tích: {days(run['period_from'])}")


@pytest.mark.parametrize(
    ("theme", "said"),
    [
        ("hotspots", ["Getis-Ord Gi*", "chung ranh giới hoặc đỉnh", "nhị thức âm, mid-p"]),
        ("emerging", ["Mann-Kendall", "3 tháng", "nhị thức âm, mid-p"]),
        ("clusters", ["mô hình Poisson", "1 tháng", "12 bước"]),
    ],
)
def test_a_unit_tells_how_its_class_was_computed(
    open_page: Opener, address: str, theme: str, said: list[str]
) -> None:
    page = open_page().open(f"/#t={theme}")
    page.locator("#ranking-list button").first.click()
    lines = page.locator("#unit .provenance")
    lines.locator("summary").click()
    told = lines.locator("dl").inner_text()
    for text_ in (*said, "mọi đơn vị", "mọi loại", f"Bienmap {__version__}"):
        assert text_ in told
    # Sums of the whole country, and the digest of its counts, are not for everybody.
    assert "Số vụ được tính" not in told
    assert "Dấu vân số liệu" not in told
    command = lines.locator("code").inner_text()
    run = ask(address, f"/hotspot-runs/{command.split()[-1]}")
    assert command == f"bienmap hotspots rerun {run['id']}"
    assert run["boundary_fingerprint"][:12] in told


def test_a_smoothed_rate_comes_with_its_interval(open_page: Opener, address: str) -> None:
    page = open_page().open("/#t=incidents-smoothed")
    expect(page.locator("#legend")).to_contain_text("trên 100.000 dân")
    expect(page.locator("#legend")).not_to_contain_text("Không có")
    first = page.locator("#ranking-list button").first
    first.click()
    section = page.locator("#unit section").filter(has_text="Tỷ suất làm trơn")
    expect(section).to_be_visible()
    told = section.locator("dd").all_inner_texts()
    rates = ask(
        address, "/rates", edition="2025", level="commune",
        **dict(zip(("from", "to"), chosen_days(page), strict=True)),
    )  # fmt: skip
    place = rates["codes"].index(first.get_attribute("data-code"))
    shown = [float(one.replace(",", ".")) for one in (told[0], *told[1].split(" – "))]
    kept = [rates[name][place] for name in ("values", "lower", "upper")]
    assert shown == pytest.approx(kept, abs=0.051)
    expect(section).to_contain_text("số nhỏ được bảo vệ")
    side = "Cao hơn" if kept[1] > rates["reference_rates"][place] else "Chưa thể nói"
    expect(section).to_contain_text(side)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_another_period_on_the_slider_is_said_in_the_ranking_with_its_counts(
    open_page: Opener, address: str, language: str
) -> None:
    page = open_page().open(f"/?lang={language}")
    first = page.locator("#ranking-list button").first
    move_period(page)
    expect(page.locator("#ranking-differs-text")).to_contain_text(
        page.locator("#period-text").inner_text()
    )
    expect(first.locator(".chosen")).to_be_visible()
    counts = ask(
        address, "/statistics", edition="2025", level="commune",
        **dict(zip(("from", "to"), chosen_days(page), strict=True)),
    )  # fmt: skip
    by_code = dict(zip(counts["codes"], counts["values"], strict=True))
    about, few = {"vi": ("khoảng", "dưới|ít"), "en": ("about", "under|few")}[language]
    for button in page.locator("#ranking-list button").all():
        count = by_code[button.get_attribute("data-code")]
        told = re.compile(few if count is None else f"{about} {count}\\b")
        expect(button.locator(".chosen")).to_have_text(told)
    # The way to the order of that period is right there.
    expect(page.locator("#ranking-differs-box a")).to_be_visible()


def test_a_planner_computes_the_chosen_period_from_the_ranking(
    open_page: Opener, demo_people: dict[str, str]
) -> None:
    page = open_page().open()
    move_period(page)
    page.locator("#ranking-differs-box a").click()
    fill_in(page, "demo-planner", demo_people["demo-planner"])
    page.wait_for_selector("body[data-coloured]")
    # Of one month nothing is computed for him: the page says why, and has no button.
    before = page.locator("#period-from").input_value()
    page.locator("#period-from").focus()
    page.keyboard.press("End")
    expect(page.locator("#recompute-text")).to_contain_text("Hãy chọn ít nhất 3 tháng")
    expect(page.locator("#recompute")).to_be_hidden()
    page.locator("#period-from").fill(before)
    chosen = page.locator("#period-text").inner_text().split(" – ")[0]
    page.locator("#ranking-differs").click()
    expect(page.locator("#ranking-period")).to_contain_text(f"01/{chosen}")
    expect(page.locator("#ranking-differs-box")).to_be_hidden()
    # It stays when the page is loaded again, and can be sent on.
    page.reload()
    expect(page.locator("#ranking-period")).to_contain_text(f"01/{chosen}")
    expect(page.locator("#ranking-differs-box")).to_be_hidden()


def test_a_run_of_the_address_that_is_not_there_is_said(open_page: Opener) -> None:
    seen = open_page()
    page = seen.open("/#e=2025&l=commune&t=hotspots&h=00000000-0000-0000-0000-000000000000")
    expect(page.locator("body")).to_contain_text("lần tính")
    expect(page.locator("#ranking-list button").first).to_be_visible()
    assert "h=" not in page.url.split("#")[1]
    assert len(seen.complaints) == 1
    assert "404" in seen.complaints.pop()


@pytest.fixture
def swapped(demo_url: str) -> Iterator[None]:
    """The boundaries of the communes under another fingerprint, as after a swap; then back."""
    change = (
        "UPDATE boundary_layer SET fingerprint = {} WHERE edition = '2025' AND level = 'commune'"
    )
    engine = create_engine(demo_url)
    with engine.begin() as connection:
        connection.execute(text(change.format("'swapped' || fingerprint")))
    yield
    with engine.begin() as connection:
        connection.execute(text(change.format("substr(fingerprint, 8)")))
    engine.dispose()


@pytest.mark.parametrize(
    ("language", "said"),
    [("vi", "Địa giới đã thay đổi sau lần tính này"), ("en", "Boundaries changed since this was")],
)
@pytest.mark.usefixtures("swapped")
def test_hotspots_of_boundaries_that_were_replaced_are_marked_everywhere(
    open_page: Opener, address: str, language: str, said: str
) -> None:
    run = newest_run(address, "2025", "commune")
    assert (run["stale"], run["stale_reason"]) == (True, "boundaries")
    page = open_page().open(f"/?lang={language}")
    expect(page.locator("#notice")).to_contain_text(said)
    expect(page.locator("#legend-body")).to_contain_text(said)
    expect(page.locator("#ranking-differs-text")).to_contain_text(said)
    expect(page.locator("#ranking-differs-box a")).to_be_visible()
    page.locator("#ranking-list button").first.click()
    expect(page.locator("#unit .stale")).to_contain_text(said)


def test_hotspots_of_older_records_are_marked_without_a_notice_over_the_map(
    open_page: Opener, demo_url: str
) -> None:
    engine = create_engine(demo_url)
    removed = "(SELECT id FROM incident WHERE is_countable(status, deleted_at) AND {} LIMIT 1)"
    inside = (
        "occurred_from >= (SELECT max(occurred_from) FROM incident) - interval '90 days'"
        " AND unit_set_id IN (SELECT id FROM unit_set WHERE commune_2025 IS NOT NULL)"
    )
    with engine.begin() as connection:
        connection.execute(text(f"DELETE FROM incident WHERE id = {removed.format(inside)}"))
    engine.dispose()
    page = open_page().open()
    expect(page.locator("#ranking-differs-text")).to_contain_text("Số liệu đã thay đổi")
    expect(page.locator("#legend-body")).to_contain_text("Số liệu đã thay đổi")
    expect(page.locator("#notice")).to_be_hidden()
