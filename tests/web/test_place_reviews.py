"""The list of places to review and the bands along the border, in a real browser."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from geo.store.database import create_engine
from tests.web.conftest import Watched, fill_in
from tests.web.test_map_page import Opener
from tests.web.test_sign_in import SMALL

FAR_NORTH = (105.32, 23.27)


@pytest.fixture(scope="module")
def doubtful(demo_url: str) -> str:
    """External id of the only incident far in the north that is known to 9 km."""
    engine = create_engine(demo_url)
    with engine.begin() as connection:
        for table in ("incident", "outreach_event", "network_node"):
            connection.execute(
                text(
                    f"UPDATE {table} SET precision = 'exact', accuracy_m = NULL,"
                    " location_flags = '{}'"
                )
            )
        external_id = connection.scalar(
            text(
                "UPDATE incident SET accuracy_m = 9000, place_text = 'Đồng Văn <b>thử</b>',"
                " point = ST_SetSRID(ST_MakePoint(:x, :y), 4326) WHERE id = (SELECT min(id::text)"
                " FROM incident WHERE deleted_at IS NULL)::uuid RETURNING external_id"
            ),
            {"x": FAR_NORTH[0], "y": FAR_NORTH[1]},
        )
    engine.dispose()
    return str(external_id)


def of_leader(seen: Watched, people: dict[str, str]) -> Page:
    """The map, once a leader has signed in from there."""
    page = seen.open("/")
    page.get_by_role("link", name="Đăng nhập", exact=True).click()
    fill_in(page, "demo-leader", people["demo-leader"])
    return seen.entered()


@pytest.mark.parametrize("width", [1440, 390])
def test_a_place_is_flown_to_and_checked(
    open_page: Opener, demo_people: dict[str, str], demo_url: str, doubtful: str, width: int
) -> None:
    engine = create_engine(demo_url)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM place_check"))
    page = of_leader(open_page(width=width), demo_people)
    page.locator("#account summary").click()
    page.get_by_role("button", name="Địa điểm cần xem lại").click()
    pane = page.locator("#reviews")
    expect(pane).to_be_focused()
    expect(pane.locator("ol > li")).to_have_count(1)
    expect(pane).to_contain_text(doubtful)
    expect(pane).to_contain_text("Đồng Văn <b>thử</b>")
    expect(pane).to_contain_text("Vị trí chưa đủ chính xác")
    assert page.evaluate(SMALL) == []
    link = pane.get_by_role("link", name="Xem bản ghi")
    assert re.fullmatch(r"/nhap\?incident=[0-9a-f-]{36}", link.get_attribute("href") or "")
    pane.get_by_role("radio", name="Lệch nhau").check()
    expect(pane).to_contain_text("Không có địa điểm nào thuộc loại này.")
    pane.get_by_role("radio", name="Tất cả").check()
    pane.locator("ol > li button").first.click()
    expect(page).to_have_url(re.compile(r"v=9%2F23\.\d+%2F105\.\d+"))
    pane.get_by_role("button", name="Đã kiểm tra, đúng").click()
    expect(pane).to_contain_text("Không còn địa điểm nào cần xem lại.")
    with engine.begin() as connection:
        checked = connection.execute(text("SELECT record_type, checked_by FROM place_check")).all()
    engine.dispose()
    assert [tuple(row) for row in checked] == [("incident", "demo-leader")]
    pane.get_by_role("button", name="Đóng").click()
    expect(page.locator("#ranking")).to_be_visible()


@pytest.mark.parametrize(("width", "latitude"), [(1440, 23.278), (360, 23.279)])
def test_a_place_is_corrected_and_leaves_the_list(
    open_page: Opener,
    demo_people: dict[str, str],
    demo_url: str,
    doubtful: str,
    width: int,
    latitude: float,
) -> None:
    engine = create_engine(demo_url)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM place_check"))
        version = connection.scalar(
            text("UPDATE incident SET accuracy_m = 9000 WHERE external_id = :id RETURNING version"),
            {"id": doubtful},
        )
    page = of_leader(open_page(width=width), demo_people)
    page.locator("#account summary").click()
    page.get_by_role("button", name="Địa điểm cần xem lại").click()
    pane = page.locator("#reviews")
    pane.get_by_role("button", name="Sửa vị trí").click()
    save = pane.get_by_role("button", name="Lưu vị trí mới")
    expect(save).to_be_disabled()
    # By keyboard: the middle of the map, once it has come to the place.
    expect(page).to_have_url(re.compile(r"v=9%2F23\.2"))
    pane.get_by_role("button", name="Chọn trên bản đồ").click()
    page.locator("#map").focus()
    page.keyboard.press("Enter")
    expect(pane).to_contain_text("Đã chọn: 23,2")
    expect(save).to_be_enabled()
    assert page.evaluate(SMALL) == []
    # A unit would take the place of the measured point: that is said.
    loses = pane.get_by_text("Tọa độ đã đo của bản ghi sẽ mất")
    expect(loses).to_be_hidden()
    pane.get_by_label("Tìm địa chỉ, tọa độ").fill("xã Đồng Văn")
    pane.locator(".picker li button").first.click()
    expect(loses).to_be_visible()
    expect(save).to_be_enabled()
    # Other words mean another place, until one is chosen.
    pane.get_by_label("Tìm địa chỉ, tọa độ").fill("xã Lũng Cú")
    expect(save).to_be_disabled()
    # Another choice takes its place.
    pane.get_by_label("Tìm địa chỉ, tọa độ").fill(f"{latitude:.4f}, 105.3610")
    pane.locator(".picker li button").filter(has_text="105,36").first.click()
    save.click()
    expect(pane).to_contain_text("Không còn địa điểm nào cần xem lại.")
    with engine.begin() as connection:
        row = connection.execute(
            text(
                "SELECT round(ST_X(point)::numeric, 4), round(ST_Y(point)::numeric, 4), accuracy_m,"
                " precision, place_text, version, updated_by FROM incident WHERE external_id = :id"
            ),
            {"id": doubtful},
        ).one()
    engine.dispose()
    assert [float(row[0]), float(row[1])] == [105.361, latitude]
    assert tuple(row[2:5]) == (5.6, "exact", "Đồng Văn <b>thử</b>")
    assert (row.version, row.updated_by) == (version + 1, "demo-leader")


def test_a_name_is_added_where_it_was_searched(
    open_page: Opener, demo_people: dict[str, str]
) -> None:
    page = of_leader(open_page(width=390), demo_people)
    page.get_by_role("button", name="Tìm, xếp hạng").click()
    search = page.get_by_role("searchbox", name="Tìm địa chỉ, xã, tọa độ")
    search.fill("bản Nậm Thử, xã Môn Sơn")
    # The names of places are put together when they are asked for the first time.
    page.get_by_role("button", name="Thêm tên này").click(timeout=60_000)
    form = page.locator("#search-form")
    expect(form.get_by_label("Tên", exact=True)).to_have_value("bản Nậm Thử")
    expect(form.get_by_label("Loại")).to_have_value("hamlet")
    form.get_by_label("Tìm địa chỉ, tọa độ").fill("18.97, 104.83")
    form.locator(".picker li button").first.click()
    assert page.evaluate(SMALL) == []
    form.get_by_role("button", name="Lưu tên").click()
    expect(form).to_contain_text("Đã thêm “bản Nậm Thử”: Xã Môn Sơn, Tỉnh Nghệ An.")
    search.fill("Nậm Thử, Nghệ An")
    expect(page.locator("#search-results li").first).to_contain_text("bản Nậm Thử")


def test_counts_follow_the_distance_from_the_border(open_page: Opener) -> None:
    watched = open_page()
    page = watched.open("/#t=incidents-count&e=2025&l=province")
    page.get_by_label("Cách biên giới").select_option("0-5")
    page.get_by_label("Giáp nước").select_option("LAO")
    expect(page.locator("#legend")).to_contain_text("trong khoảng cách biên giới đã chọn")
    assert any(
        "border_band=0-5" in url and "neighbour=LAO" in url for url in watched.asked("/statistics")
    )
    assert "d=0-5" in page.url
    assert "n=LAO" in page.url


def test_who_has_not_signed_in_is_not_offered_the_list(open_page: Opener) -> None:
    page = open_page().open("/")
    assert page.locator("#open-reviews").count() == 0


def test_bands_along_the_border_are_drawn_with_their_legend(open_page: Opener) -> None:
    watched = open_page()
    page = watched.open("/?lang=en")
    page.get_by_label("Bands along the border").check()
    expect(page.locator("#legend")).to_contain_text("10-20 km")
    # One shape for each of the three neighbours.
    for colour in ("#5b3a8c", "#8a6fb3", "#b9a8d3"):
        drawn = page.locator(f'.leaflet-overlay-pane path[fill="{colour}"]')
        expect(drawn).to_have_count(3)
    assert len(watched.asked("/border-bands")) == 1
