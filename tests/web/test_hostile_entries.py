"""Markup in records that somebody signed in has entered is shown as the text that it is."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.test_map_page import Opener

MARKUP = "<img src=x onerror=alert(1)><b>đậm</b><svg onload=alert(2)>{{7*7}}</script>"
# Long before all demonstration records: in this month there is nothing else.
MONTH = "2015-03"
PLACES = ((104.83, 18.97), (104.86, 18.99))


@pytest.fixture(scope="module")
def officer(address: str, demo_people: dict[str, str]) -> Iterator[httpx.Client]:
    """The demonstration leader, signed in to the running server."""
    with httpx.Client(base_url=address, headers={"Origin": address}, timeout=120) as client:
        person = {"username": "demo-leader", "password": demo_people["demo-leader"]}
        assert client.post("/api/v1/session", json=person).status_code == 201
        yield client


def point(position: tuple[float, float], **properties: Any) -> dict[str, Any]:
    geometry = {"type": "Point", "coordinates": list(position)}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


@pytest.fixture(scope="module", autouse=True)
def entered(officer: httpx.Client) -> None:
    """One record of each type, with markup wherever its fields take free text."""
    when, text = f"{MONTH}-14", {"place_text": f"Bản {MARKUP}", "notes": f"Ghi chú {MARKUP}"}
    incident = {"kind": "rescue", "external_id": f"H {MARKUP}", "narrative": f"Lời kể {MARKUP}"}
    records = {
        "incidents": point(
            PLACES[0], occurred_from=when, place_text=text["place_text"], **incident
        ),
        "outreach-events": point(
            PLACES[0], kind="school", occurred_from=when, topics=[f"Chủ đề {MARKUP}"], **text
        ),
        "networks": {
            "type": "Feature",
            "properties": {
                "case_code": f"Chuyên án {MARKUP}",
                "scope": "inter",
                "dismantled_on": when,
                "notes": text["notes"],
            },
            "places": [
                point(PLACES[0], role="recruit", place_text=text["place_text"]),
                point(PLACES[1], role="exit"),
            ],
            "legs": [{"from_sequence": 1, "to_sequence": 2, "crossing": None}],
        },
    }
    for route, record in records.items():
        made = officer.post(f"/api/v1/{route}", json=record | {"id": str(uuid4())})
        assert made.status_code == 201, made.text


def view(layer: str) -> str:
    longitude, latitude = PLACES[0]
    return f"/#o={layer}&p={MONTH}..{MONTH}&v=13/{latitude}/{longitude}"


def shown_as_text(place: Locator, page: Page, *beginnings: str) -> None:
    """Each text is there with its markup as letters, and no element came of it."""
    for beginning in beginnings:
        expect(place).to_contain_text(beginning + MARKUP)
    assert page.locator('img[src="x"], svg[onload], b').count() == 0


@pytest.mark.parametrize(
    ("layer", "beginnings"),
    [("incidents", ("Bản ", "H ")), ("outreach", ("Bản ", "Chủ đề ", "Ghi chú "))],
)
def test_popup_of_a_record(open_page: Opener, layer: str, beginnings: tuple[str, ...]) -> None:
    page = open_page(as_leader=True).open(view(layer))
    marker = page.locator(f".pin.{layer}:not(:has(.bunch))")
    expect(marker).to_have_count(1)
    marker.click()
    shown_as_text(page.locator(".leaflet-popup-content"), page, *beginnings)


def test_popups_of_a_network_its_place_and_its_leg(open_page: Opener) -> None:
    page = open_page(as_leader=True).open(view("networks"))
    popup = page.locator(".leaflet-popup-content")
    node = page.locator(f'.pin.node[title*="{MARKUP}"]')
    expect(node).to_have_attribute("title", f"Nơi tuyển mộ: Bản {MARKUP}")
    node.click()
    shown_as_text(popup, page, "Chuyên án ", "Ghi chú ")
    page.keyboard.press("Escape")
    expect(popup).to_have_count(0)
    # Legs out of view have an empty path; that of this network crosses the view.
    for leg in page.locator('path[marker-end]:not([d="M0 0"])').all():
        leg.dispatch_event("click")
        if MARKUP in popup.inner_text():
            break
    shown_as_text(popup, page, "Chuyên án ", "Ghi chú ")


def test_unit_panel_tip_and_search_where_it_was_entered(open_page: Opener) -> None:
    page = open_page(as_leader=True).open(view("incidents") + "&t=incidents-count")
    page.locator("#map").hover()
    expect(page.locator(".tip")).to_contain_text("Môn Sơn")
    page.locator("#map").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#unit h2")).to_have_text("Xã Môn Sơn")
    expect(page.locator("#unit .figures dd").first).to_have_text("1")
    page.locator("#search-text").evaluate("(box, text) => { box.value = text; }", MARKUP)
    page.keyboard.press("Escape")
    page.locator("#search-text").fill(MARKUP)
    expect(page.locator("#search-results")).not_to_be_empty()
    assert page.locator('img[src="x"], svg[onload], b').count() == 0
