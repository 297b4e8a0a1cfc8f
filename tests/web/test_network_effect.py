"""What the dismantling of a network did, on the map: by keyboard, and on a telephone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.web.conftest import Watched

Opener = Callable[..., Watched]


@pytest.mark.parametrize(
    ("size", "language", "words"),
    [
        ((1440, 900), "en", ("What it did", "Incidents in ", "Controls alike (")),
        ((360, 740), "vi", ("Hiệu quả", " vụ trong 12 tháng trước", "Đối chứng tương tự (")),
    ],
)
def test_the_effect_is_asked_for_and_left_by_keyboard(
    open_page: Opener, size: tuple[int, int], language: str, words: tuple[str, str, str]
) -> None:
    seen = open_page(*size, as_leader=True)
    page = seen.open(f"/?lang={language}#o=networks&p=2024-06..2025-06")
    nodes = page.locator(".pin.node")
    nodes.first.wait_for(state="attached")
    nodes.nth(3).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".leaflet-popup article")).to_be_focused()
    assert not seen.asked("/intervention-effect")
    page.keyboard.press("Tab")
    button = page.locator(".leaflet-popup button", has_text=words[0])
    expect(button).to_be_focused()
    with page.expect_response(lambda answer: "/intervention-effect" in answer.url) as waited:
        page.keyboard.press("Enter")
    told = waited.value.json()
    panel = page.locator("#unit")
    expect(panel.locator("p[role=status]")).to_have_text(told["explanation"])
    assert words[1] in told["explanation"]
    rows = panel.locator("tbody tr")
    for row, name in enumerate(("treated", "ring", "controls")):
        group = told[name]
        assert rows.nth(row).locator("td").all_text_contents() == [
            f"{group['incidents_before']}",
            f"{group['incidents_after']}",
        ]
    expect(rows.nth(2).locator("th")).to_contain_text(words[2])
    assert page.evaluate("document.documentElement.scrollWidth") == size[0]
    assert panel.evaluate("pane => pane.scrollWidth <= pane.clientWidth")
    expect(panel).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(panel).to_be_hidden()
    expect(button).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".leaflet-popup")).to_have_count(0)
    expect(nodes.nth(3)).to_be_focused()


def test_what_a_place_in_the_far_north_says_comes_into_view(open_page: Opener) -> None:
    page = open_page(1280, 800, as_leader=True).open("/#o=networks")
    nodes = page.locator(".pin.node")
    nodes.first.wait_for(state="attached")
    heights = [node.bounding_box() for node in nodes.all()]
    tops = [box["y"] if box else 1e9 for box in heights]
    nodes.nth(tops.index(min(tops))).focus()
    page.keyboard.press("Enter")
    popup, ground = page.locator(".leaflet-popup"), page.locator("#map").bounding_box()
    expect(popup.locator("article")).to_be_focused()
    page.wait_for_timeout(1500)
    box = popup.bounding_box()
    assert box
    assert ground
    assert box["y"] >= ground["y"]


def test_a_network_without_a_day_has_no_before_and_after(open_page: Opener) -> None:
    page = open_page(as_leader=True).open("/")
    shown = page.evaluate(
        """async () => {
          const own = 'script[type=module][src], link[rel=modulepreload]';
          const { src, href } = document.querySelector(own);
          const { Networks } = await import(new URL('flows.js', new URL('./', src || href)));
          const networks = new Networks({ id: 'networks', legend: [], popup: [{}] }, () => {});
          const of = (day) => networks.content({ case_code: 'A', dismantled_on: day });
          return [of(null), of('2025-01-01')].map((one) => one.querySelectorAll('button').length);
        }"""
    )
    assert shown == [0, 1]
