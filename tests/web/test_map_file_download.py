"""The map in one file as the site hands it out: to whom, with what trace, and its links."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect
from sqlalchemy import Engine
from starlette.testclient import TestClient

from geo.settings import Settings
from geo.store.actors import COUNTRY, Jurisdiction
from geo.store.audit import newest
from geo.store.database import transaction
from tests.people import NGHE_AN, make_account, signed_in
from tests.web.conftest import Watched
from web.app import create_app

ASKED = {"province": "40", "from": "2025-08-01", "to": "2026-07-31"}


@pytest.fixture(scope="module")
def visitor(demo_url: str, demo_engine: Engine) -> Iterator[Callable[..., TestClient]]:
    """Somebody of a role and units, or nobody."""
    site = create_app(Settings(database_url=demo_url))
    opened = []

    def client(role: str | None = None, *units: Jurisdiction) -> TestClient:
        one = TestClient(site, "http://localhost", follow_redirects=False)
        opened.append(one)
        return signed_in(one, make_account(demo_engine, role, *units)) if role else one

    yield client
    for one in opened:
        one.close()


def test_who_takes_it_out_leaves_a_trace(
    visitor: Callable[..., TestClient], demo_engine: Engine
) -> None:
    answer = visitor("officer", NGHE_AN).get("/map-file", params=ASKED)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"] == (
        'attachment; filename="ban-do-40-2025-08-01-2026-07-31.html"'
    )
    assert "SỐ LIỆU CHÍNH XÁC" in answer.text
    with transaction(demo_engine) as connection:
        read = next(one for one in newest(connection, 5) if one["action"] == "READ")
    assert read["actor"].startswith("officer-")
    assert read["object"] == "hotspot_run"
    assert len(read["ids"]) == 2


def test_without_a_province_it_is_of_the_country(visitor: Callable[..., TestClient]) -> None:
    answer = visitor("planner", NGHE_AN).get("/map-file", params={"lang": "en"})
    assert answer.status_code == 200
    assert 'filename="ban-do-ca-nuoc-' in answer.headers["content-disposition"]
    assert "Human trafficking hotspots: Viet Nam" in answer.text


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"province": "99"}, 404),
        ({"province": "abc"}, 422),
        (ASKED | {"to": "2024-01-01"}, 422),
        (ASKED | {"lang": "fr"}, 422),
        ({"province": "40", "to": "9999-12-31"}, 422),  # a year of which no day has come
    ],
)
def test_what_cannot_be_had_is_said(
    visitor: Callable[..., TestClient], asked: dict[str, str], status: int
) -> None:
    answer = visitor("planner", NGHE_AN).get("/map-file", params=asked)
    assert answer.status_code == status, answer.text


def test_nobody_gets_it_without_signing_in(visitor: Callable[..., TestClient]) -> None:
    answer = visitor().get("/map-file", params=ASKED)
    assert (answer.status_code, answer.headers["location"][:8]) == (303, "/sign-in")


def test_an_administrator_is_told_what_the_public_knows(
    visitor: Callable[..., TestClient],
) -> None:
    answer = visitor("administrator", COUNTRY).get("/map-file", params=ASKED)
    assert answer.status_code == 200
    assert "SỐ LIỆU CHÍNH XÁC" not in answer.text


def test_the_panel_of_a_unit_leads_to_the_map_of_its_province(
    open_page: Callable[..., Watched],
) -> None:
    page = open_page(as_leader=True).open("/#e=2025&l=commune&p=2025-08..2026-07&u=17263")
    expect(page.get_by_role("link", name="Bản đồ cả nước (HTML)")).to_be_visible()
    link = page.get_by_role("link", name="Tải bản đồ của tỉnh")
    with page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename == "ban-do-40-2025-08-01-2026-07-31.html"
    assert "Điểm nóng mua bán người: Tỉnh Nghệ An" in download.value.path().read_text("utf-8")
