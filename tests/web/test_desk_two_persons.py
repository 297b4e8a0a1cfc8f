"""The leader's desk where a confirmation needs two leaders, in a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine, text

from geo.store.actors import COUNTRY
from tests.people import make_account
from tests.web.conftest import serving, sign_in
from tests.web.test_map_page import Opener


@pytest.fixture(scope="module")
def address(demo_url: str) -> Iterator[str]:
    """A server whose installation asks for two persons."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BIENMAP_TWO_PERSON_REVIEW", "1")
        with serving(demo_url) as found:
            yield found


def desk(page: Page, address: str, person: tuple[str, str]) -> None:
    sign_in(page, address, person[0], dict([person]))
    page.goto(f"{address}/desk")
    page.locator("#decision").wait_for()
    page.wait_for_timeout(800)


def test_a_proposal_stands_once_another_leader_agrees(
    open_page: Opener, address: str, demo_engine: Engine
) -> None:
    one, two = (make_account(demo_engine, "leader", COUNTRY) for _ in range(2))
    page = open_page().page
    desk(page, address, (one.username, one.password))
    first = page.locator("#hotspots button").first
    code = first.get_attribute("data-code")
    page.get_by_role("radio", name="Xác nhận").check()
    expect(page.locator("#decision")).to_contain_text("khi một lãnh đạo khác đồng ý")
    page.get_by_label("Lý do").fill("Nhiều vụ, cùng một thủ đoạn.")
    page.get_by_role("button", name="Lưu quyết định").click()
    expect(page.locator("#case-said")).to_be_visible()
    # Its author need not look again.
    expect(page.locator(f"#hotspots button[data-code='{code}']")).to_have_count(0)

    page = open_page(width=360).page
    desk(page, address, (two.username, two.password))
    button = page.locator(f"#hotspots button[data-code='{code}']")
    expect(button).to_contain_text(f"{one.username} đề nghị xác nhận")
    expect(button.locator(".decision")).to_have_text("Đề nghị xác nhận, chờ đồng ý")
    button.click()
    expect(page.get_by_role("radio", name="Xác nhận")).to_be_checked()
    expect(page.locator("#decision")).to_contain_text(f"đồng ý với đề nghị của {one.username}")
    page.wait_for_timeout(800)
    page.get_by_label("Lý do").fill("Đồng ý.")
    page.get_by_role("button", name="Đồng ý và lưu").click()
    expect(page.locator("#case-said")).to_be_visible()
    with demo_engine.connect() as connection:
        kept = connection.execute(
            text("SELECT updated_by, stands, seconds FROM hotspot_review ORDER BY version")
        )
        assert [tuple(row) for row in kept] == [
            (one.username, False, None),
            (two.username, True, 1),
        ]
