"""Names of provinces and units on the map: no two over each other, and none that is not shown."""

from playwright.sync_api import Page, expect

from tests.web.test_map_page import Opener

NEAR = "v=10/18.95/104.85"
OVERLAPS = """() => {
  const boxes = [...document.querySelectorAll(".place:not(.islet):not(.river) > div")]
    .map((one) => one.getBoundingClientRect()).filter(({ width }) => width);
  const clash = (a, b) => a.left < b.right - 1 && b.left < a.right - 1
    && a.top < b.bottom - 3 && b.top < a.bottom - 3;
  return boxes.flatMap((a, i) => boxes.slice(i + 1).filter((b) => clash(a, b))).length;
}"""


def names(page: Page) -> list[str]:
    return page.locator(".place.unit").all_inner_texts()


def test_provinces_are_named_from_far_and_communes_near_by(open_page: Opener) -> None:
    page = open_page().open()
    far = page.locator(".place.unit")
    expect(far.filter(has_text="Nghệ An")).to_be_visible()
    assert 8 < far.count() < 34
    assert page.evaluate(OVERLAPS) == 0
    page.goto(f"{page.url.split('#')[0]}#e=2025&l=commune&t=hotspots&{NEAR}")
    expect(page.locator(".place.unit").filter(has_text="Môn Sơn")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert {"Con Cuông", "Châu Khê"} <= set(names(page))
    assert page.evaluate(OVERLAPS) == 0


def test_names_follow_the_edition(open_page: Opener) -> None:
    page = open_page().open(f"/#e=2025&l=commune&t=hotspots&{NEAR}")
    expect(page.locator(".place.unit").filter(has_text="Môn Sơn")).to_be_visible()
    page.locator('input[name="edition"][value="2024"]').check()
    expect(page.locator(".place.unit").filter(has_text="Anh Sơn")).to_be_visible()
    expect(page.locator(".place.unit").filter(has_text="Môn Sơn")).to_have_count(0)


def test_a_telephone_shows_no_names_from_far(open_page: Opener) -> None:
    page = open_page(width=360, height=740).open()
    page.wait_for_load_state("networkidle")
    assert names(page) == []


def test_names_of_an_edition_that_was_left_are_not_asked_of_the_next(open_page: Opener) -> None:
    page = open_page().open(f"/#e=2025&l=commune&t=hotspots&{NEAR}")
    for edition in ("2024", "2025", "2024", "2025", "2024"):
        page.locator(f'input[name="edition"][value="{edition}"]').check()
    expect(page.locator(".place.unit").filter(has_text="Anh Sơn")).to_be_visible()
    page.locator('[data-edition="2024"] input[name="level"][value="province"]').check()
    # Of provinces there are no finer names, so their own stay.
    expect(page.locator(".place.unit").filter(has_text="Nghệ An")).to_be_visible()
    page.wait_for_load_state("networkidle")
    expect(page.locator("#notice")).to_be_hidden()
