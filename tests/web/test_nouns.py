"""Each measure is called by its own name: incidents, victims, outreach events."""

import re
from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import expect

from tests.web.conftest import sign_in
from tests.web.test_map_page import Opener

MONTH = "2026-05"
WORDS = {
    "incidents-count": ("vụ", "incidents?"),
    "victims-count": ("nạn nhân", "victims?"),
    "outreach-count": ("hoạt động truyền thông", "outreach events?"),
}


@pytest.fixture(scope="module", autouse=True)
def leader(address: str, demo_people: dict[str, str]) -> Iterator[httpx.Client]:
    """Who is told exact counts, with an incident of three victims and two outreach events
    that are known to the province alone."""
    with httpx.Client(base_url=address, headers={"Origin": address}, timeout=120) as client:
        person = {"username": "demo-leader", "password": demo_people["demo-leader"]}
        assert client.post("/api/v1/session", json=person).status_code == 201
        when = {"occurred_from": f"{MONTH}-10", "stated_code": "40"}
        for route, own in (
            ("incidents", {"kind": "rescue", "victims": 3}),
            ("outreach-events", {"kind": "school"}),
            ("outreach-events", {"kind": "village"}),
        ):
            record = {"type": "Feature", "geometry": None, "properties": when | own}
            made = client.post(f"/api/v1/{route}", json=record | {"id": str(uuid4())})
            assert made.status_code == 201, made.text
        yield client


@pytest.mark.parametrize("theme", WORDS)
def test_what_is_shared_among_units_is_called_by_its_name(
    open_page: Opener,
    address: str,
    leader: httpx.Client,
    demo_people: dict[str, str],
    theme: str,
) -> None:
    measure = theme.split("-", maxsplit=1)[0]
    asked = {"edition": "2025", "level": "commune", "measure": measure}
    asked |= {"from": f"{MONTH}-01", "to": f"{MONTH}-31"}
    counted = leader.get("/api/v1/statistics", params=asked).json()
    shared = round(sum(counted["apportioned"].values()))
    assert shared > 0
    assert counted["unassigned"] == 0
    vi, en = WORDS[theme]
    for language, words in (("vi", f"{vi} chỉ biết đến"), ("en", f"{en} known only by")):
        seen = open_page()
        sign_in(seen.page, address, "demo-leader", demo_people)
        page = seen.open(f"/?lang={language}#t={theme}&p={MONTH}..{MONTH}")
        expect(page.locator("#legend-body")).to_contain_text(re.compile(rf"{shared} {words}"))
