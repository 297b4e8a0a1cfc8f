"""Scripts in every text field of the data are shown as text and never executed."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from geo.store.database import create_engine
from tests.web.test_map_page import Opener

PAYLOAD = (
    "<img src=x onerror=alert(1)>${alert(2)}{{7*7}}</script><script>alert(3)</script>"
    "'\"><svg onload=alert(4)>`\u202egnp.exe\u2066"
)
TEXT_COLUMNS = {
    "incident": ("place_text", "agency", "narrative", "origin", "destination", "status", "tactic"),
    "outreach_event": ("place_text", "organiser", "notes", "prevention_model"),
    "network": ("case_code", "lead_agency", "notes", "scope", "status"),
    "network_node": ("place_text",),
    "unit": ("full_name", "name", "name_en", "unit_type"),
    "border_gate": ("name_vi", "name_en", "source"),
    "boundary_layer": ("source", "licence"),
}


@pytest.fixture(scope="module", autouse=True)
def poisoned(demo_url: str) -> None:
    """Put the payload into every text that a file or a person can bring in."""
    engine = create_engine(demo_url)
    with engine.begin() as connection:
        for table, columns in TEXT_COLUMNS.items():
            values = ", ".join(f"{column} = :payload" for column in columns)
            connection.execute(text(f"UPDATE {table} SET {values}"), {"payload": PAYLOAD})
        connection.execute(
            text("UPDATE incident SET external_id = :payload || external_id, kind = 'tip'"),
            {"payload": PAYLOAD},
        )
        connection.execute(
            text("UPDATE outreach_event SET topics = ARRAY[:payload], audiences = ARRAY[:payload]"),
            {"payload": PAYLOAD},
        )
    engine.dispose()


def nothing_ran(page: Page) -> None:
    """No element of the payload exists, and its text was not computed."""
    assert page.locator('img[src="x"], svg[onload], script:not([src]):not([nonce])').count() == 0
    assert "{{7*7}}" in page.locator("body").inner_text()


def test_units_in_ranking_panel_tip_search_and_sources(open_page: Opener) -> None:
    page = open_page().open()
    first = page.locator("#ranking-list button").first
    expect(first).to_contain_text("<img src=x onerror=alert(1)>")
    first.click()
    expect(page.locator("#unit h2")).to_contain_text("</script><script>alert(3)</script>")
    page.locator("#map").hover()
    expect(page.locator(".tip")).to_contain_text("${alert(2)}")
    page.keyboard.press("Escape")
    page.locator("#search-text").fill("alert")
    expect(page.locator("#search-results button").first).to_contain_text("onerror")
    page.locator(".sources summary").click()
    expect(page.locator(".sources")).to_contain_text("<svg onload=alert(4)>")
    nothing_ran(page)


@pytest.mark.parametrize(
    ("layer", "marker"),
    [
        ("incidents", ".pin.incidents:not(:has(.bunch))"),
        ("outreach", ".pin.outreach:not(:has(.bunch))"),
        ("networks", ".pin.node"),
        ("border-gates", ".pin.gate"),
    ],
)
def test_popups_of_records(open_page: Opener, layer: str, marker: str) -> None:
    page = open_page(as_leader=True).open(f"/?lang=en#o={layer}&v=11/19.4/104.09")
    page.locator(marker).first.wait_for(state="attached")
    page.locator(marker).first.dispatch_event("click")
    popup = page.locator(".leaflet-popup-content")
    expect(popup).to_contain_text("<img src=x onerror=alert(1)>")
    # The bidi override stays within its own element.
    assert popup.locator("bdi").count() > 0
    nothing_ran(page)
