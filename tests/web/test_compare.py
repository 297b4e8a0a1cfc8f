"""Two choices of the map side by side, and the months one after the other."""

import re

from playwright.sync_api import Page, expect

from tests.web.test_map_page import Opener

YEAR = "p=2025-11..2026-10"
BEFORE = {"from": "2024-11-01", "to": "2025-10-31"}


def compared(page: Page, choice: str) -> None:
    page.wait_for_selector(f'body[data-compared="{choice}"]')


def cut(page: Page) -> str:
    """Where the map on the right begins."""
    pane = page.locator(".leaflet-compared-pane")
    return str(pane.evaluate("e => e.style.clipPath"))


def test_another_period_is_chosen_told_and_sent_as_a_link(open_page: Opener) -> None:
    seen = open_page()
    page = seen.open(f"/#t=incidents-count&l=province&e=2025&{YEAR}")
    page.locator("#compare summary").click()
    page.get_by_label("Bên phải vạch").select_option(label="Số vụ việc")
    compared(page, "incidents-count@year")
    assert seen.asked("from=2024-11-01&to=2025-10-31")
    legend = page.locator("#legend-body")
    expect(legend).to_contain_text("Bên phải: Số vụ việc, 11/2024 – 10/2025")
    expect(legend).to_contain_text("Cùng thang màu với bên trái")
    expect(page.locator(".compare-line .left")).to_contain_text("11/2025 – 10/2026")
    page.locator("#other-when").select_option(label="Kỳ liền trước, cùng độ dài")
    compared(page, "incidents-count@before")
    assert "c=incidents-count%40before" in page.url
    again = open_page().open(page.url[page.url.index("/#") :])
    compared(again, "incidents-count@before")
    expect(again.locator(".compare-line .right")).to_contain_text("11/2024 – 10/2025")
    again.get_by_label("Bên phải vạch").select_option(label="Không so sánh")
    expect(again.locator(".compare-line")).to_have_count(0)
    expect(again.locator("#legend-body")).not_to_contain_text("Bên phải")
    assert "&c=" not in again.url


def test_the_line_moves_by_keys_and_stays_where_it_is_when_the_map_moves(
    open_page: Opener,
) -> None:
    page = open_page().open(f"/#t=incidents-rate&l=province&e=2025&{YEAR}&c=outreach-count@same")
    compared(page, "outreach-count@same")
    line = page.get_by_role("slider", name="Vạch so sánh")
    line.focus()
    first, place = cut(page), line.input_value()
    page.keyboard.press("ArrowRight")
    assert int(line.input_value()) == int(place) + 2
    assert cut(page) != first
    # The keys belong to the line now; the map is moved by its own.
    second, view = cut(page), page.evaluate("location.hash")
    page.locator("#map").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("before => location.hash !== before", arg=view)
    page.wait_for_function(
        "before => document.querySelector('.leaflet-compared-pane').style.clipPath !== before",
        arg=second,
    )
    left = page.locator(".compare-line .cut").bounding_box()
    stage = page.locator("#map").bounding_box()
    assert left is not None
    assert stage is not None
    share = (left["x"] + left["width"] / 2 - stage["x"]) / stage["width"]
    assert abs(share - int(line.input_value()) / 100) < 0.01


def test_each_side_tells_its_own_values(
    open_page: Opener, address: str, demo_people: dict[str, str]
) -> None:
    seen = open_page()
    # Exact counts: those for everybody are rounded, at random.
    who = {"username": "demo-leader", "password": demo_people["demo-leader"]}
    own = {"Sec-Fetch-Site": "same-origin"}
    asking = seen.page.request
    assert asking.post(f"{address}/api/v1/session", data=who, headers=own).status == 201
    page = seen.page
    page.goto(f"{address}/#t=incidents-count&l=province&e=2025&{YEAR}&c=incidents-count@year")
    compared(page, "incidents-count@year")
    line = page.get_by_role("slider", name="Vạch so sánh")
    wanted = {"edition": "2025", "level": "province", "measure": "incidents"}
    now = {"from": "2025-11-01", "to": "2026-10-31"}

    def value(days: dict[str, str]) -> float:
        answer = asking.get(f"{address}/api/v1/statistics", params={**wanted, **days}).json()
        return float(answer["values"][answer["codes"].index("40")])

    assert value(now) != value(BEFORE)
    # Nghệ An, on the left of the line and on its right.
    for place, days in ((85, now), (15, BEFORE)):
        line.fill(str(place))
        page.mouse.move(5, 5)
        box = page.locator("#map").bounding_box()
        assert box is not None
        tip = page.locator(".tip")
        for x in range(int(box["width"] * 0.2), int(box["width"] * 0.4), 6):
            page.mouse.move(box["x"] + x, box["y"] + box["height"] * 0.27)
            page.wait_for_timeout(40)
            if tip.is_visible() and "Nghệ An" in tip.inner_text():
                break
        expect(tip).to_contain_text("Nghệ An")
        # The tip tells the class that the value lies in.
        low, high = re.findall(r"[\d.]+", tip.inner_text().replace(",", "."))[-2:]
        assert float(low) <= value(days) <= float(high)


def test_the_months_play_one_after_the_other_until_the_slider_is_taken(open_page: Opener) -> None:
    page = open_page().open(f"/#t=incidents-count&l=province&e=2025&{YEAR}")
    button = page.locator("#play")
    text = page.locator("#period-text")
    button.click()
    expect(button).to_have_text("❚❚ Dừng")
    # From the end on it begins anew, a month at a time, as long as before.
    spans = []
    for _ in range(3):
        before = text.inner_text()
        spans.append(before)
        expect(text).not_to_have_text(before)
    for one in spans:
        first, last = ((int(year), int(month)) for month, year in re.findall(r"(\d+)/(\d+)", one))
        assert (last[0] * 12 + last[1]) - (first[0] * 12 + first[1]) == 11
    assert spans == sorted(spans, key=lambda one: (one[3:7], one[:2]))
    assert len(set(spans)) == 3
    button.click()
    expect(button).to_have_text("▶ Từng tháng")
    still = text.inner_text()
    page.wait_for_timeout(1500)
    assert text.inner_text() == still
    button.click()
    page.locator("#period-to").press("ArrowLeft")
    expect(button).to_have_text("▶ Từng tháng")


def test_what_is_of_its_own_period_is_not_played(open_page: Opener) -> None:
    page = open_page().open(f"/#t=hotspots&e=2025&{YEAR}")
    button = page.locator("#play")
    expect(button).to_be_hidden()
    page.locator("#compare summary").click()
    page.get_by_label("Bên phải vạch").select_option(label="Số vụ việc")
    compared(page, "incidents-count@year")
    # Counts on the right follow the slider, beside hotspots that do not.
    expect(button).to_be_visible()
    page.locator("#period-to").press("ArrowLeft")
    expect(page.locator(".compare-line .right")).to_contain_text("11/2024 – 09/2025")
    page.locator('input[name="theme"][value="incidents-rate"]').check()
    page.get_by_label("Bên phải vạch").select_option(label="Không so sánh")
    expect(button).to_be_visible()
    page.locator('input[name="theme"][value="emerging"]').check()
    expect(button).to_be_hidden()


def test_a_map_is_not_compared_with_itself_nor_with_what_nobody_knows(open_page: Opener) -> None:
    page = open_page().open(f"/#t=incidents-count&l=province&e=2025&{YEAR}&c=incidents-count@same")
    expect(page.locator("#legend-body")).to_contain_text("Số vụ việc")
    expect(page.locator(".compare-line")).to_have_count(0)
    early = open_page().open(
        "/#t=incidents-count&l=province&e=2025&p=2023-01..2023-12&c=incidents-count@year"
    )
    compared(early, "incidents-count@year")
    expect(early.locator("#legend-body")).to_contain_text("Chưa có số liệu trước 01/2023")


def test_classes_of_two_sides_have_open_ends(open_page: Opener) -> None:
    page = open_page().open(f"/#t=incidents-rate&l=commune&e=2025&{YEAR}&c=incidents-rate@year")
    compared(page, "incidents-rate@year")
    legend = page.locator("#legend-body")
    expect(legend).to_contain_text("trở lên")
    expect(legend).to_contain_text("dưới")
    page.get_by_label("Bên phải vạch").select_option(label="Không so sánh")
    expect(legend).not_to_contain_text("trở lên")
