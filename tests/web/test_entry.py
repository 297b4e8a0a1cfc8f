"""Records entered, corrected and deleted in a real browser."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from geo.records.personal_data import find_personal_data
from tests.corpus.personal_data import HELD_OUT, sentences
from tests.web.conftest import Watched, fill_in
from tests.web.test_map_page import Opener

PLACE = "bản Búng, xã Môn Sơn"
MARKUP = "<img src=x onerror=alert(1)><b>đậm</b>"
MOST_PRESSES = 12
# Counts what a person does with fingers: keys but those that write free text, and presses.
COUNTING = """() => {
  window.presses = 0;
  const free = (target) => target.matches("textarea, input[type=search]");
  document.addEventListener("keydown", (event) => {
    if (["Control", "Alt", "Shift"].includes(event.key)) return;
    if (free(event.target) && (event.key.length === 1 && !event.ctrlKey)) return;
    window.presses += 1;
  }, true);
  document.addEventListener("pointerdown", () => { window.presses += 1; }, true);
}"""


@pytest.fixture(scope="module")
def officer(address: str, demo_people: dict[str, str]) -> Iterator[httpx.Client]:
    """The demonstration officer of Môn Sơn, signed in to the running server."""
    with httpx.Client(base_url=address, headers={"Origin": address}, timeout=120) as client:
        person = {"username": "demo-officer", "password": demo_people["demo-officer"]}
        assert client.post("/api/v1/session", json=person).status_code == 201
        yield client


def enter(opener: Opener, officer: httpx.Client, path: str = "/nhap", **options: Any) -> Watched:
    """The entry page as the officer opens it."""
    watched = opener(**options)
    watched.page.context.add_cookies(
        [
            {"name": one.name, "value": one.value or "", "url": watched.address}
            for one in officer.cookies.jar
        ]
    )
    watched.page.goto(watched.address + path)
    watched.page.locator("form.record").wait_for()
    expect(watched.page.locator("#mine li").first).to_be_visible()
    return watched


def put_place(page: Page, text: str = PLACE) -> None:
    box = page.get_by_label("Địa điểm", exact=True)
    box.fill(text)
    box.press("Enter")
    expect(page.locator(".confirmation")).to_be_visible()
    expect(page.locator(".confirmation dd").first).to_contain_text("Xã Môn Sơn")


def choose(page: Page, *names: str) -> None:
    for name in names:
        page.get_by_label(name, exact=True).check()


def stored(page: Page, commune: str = "Xã Môn Sơn") -> Locator:
    box = page.locator(".stored")
    expect(box).to_contain_text(f"{commune}, Tỉnh Nghệ An")
    return box


def make(officer: httpx.Client, **properties: Any) -> dict[str, Any]:
    body = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [104.83, 18.97]},
        "properties": {"kind": "tip", "occurred_from": "2017-03-04"} | properties,
    }
    answer = officer.post("/api/v1/incidents", json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def read(officer: httpx.Client, identifier: str) -> dict[str, Any]:
    return dict(officer.get(f"/api/v1/incidents/{identifier}").json())


def newest(officer: httpx.Client) -> dict[str, Any]:
    entry = officer.get("/api/v1/entries").json()["entries"][0]
    return read(officer, entry["id"])


def forget_newest(officer: httpx.Client) -> None:
    """Else the next test's record would seem to be this one."""
    record = newest(officer)
    version = str(record["properties"]["version"])
    answer = officer.delete(
        f"/api/v1/incidents/{record['id']}?reason=Thử", headers={"If-Match": version}
    )
    assert answer.status_code == 204


def test_a_usual_incident_by_keyboard_takes_twelve_presses(
    open_page: Opener, officer: httpx.Client
) -> None:
    page = enter(open_page, officer).page
    page.evaluate(COUNTING)
    page.keyboard.type(PLACE)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Hôm nay")).to_be_focused()
    # Today; rescue; Zalo; China; two victims: women, 18 to 25, of a minority.
    for key in ("Enter", "4", "2", "4", "2", "Enter", "2", "5", "2"):
        page.keyboard.press(key)
    expect(page.get_by_label("Nội dung")).to_be_focused()
    page.keyboard.type("Giải cứu trên đường ra biên giới.")
    page.keyboard.press("Control+Enter")
    stored(page)
    assert page.evaluate("window.presses") <= MOST_PRESSES
    record = newest(officer)["properties"]
    assert (record["kind"], record["channels"], record["destination"]) == ("rescue", ["zalo"], "CN")
    assert record["victims"] == 2
    assert record["victims_by"] == {
        "sex": {"f": 2},
        "age": {"18-25": 2},
        "ethnicity": {"minority": 2},
    }
    assert record["narrative"] == "Giải cứu trên đường ra biên giới."
    assert record["place_text"] == PLACE
    forget_newest(officer)


def test_a_usual_incident_by_touch_takes_twelve_presses(
    open_page: Opener, officer: httpx.Client
) -> None:
    page = enter(open_page, officer, width=360, height=740, has_touch=True, is_mobile=True).page
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.evaluate(COUNTING)
    page.get_by_label("Địa điểm", exact=True).tap()
    page.keyboard.type("Môn Sơn, Nghệ An")
    page.locator(".results-list button").first.tap()
    for text in ("Nạn nhân tự trở về", "Facebook", "Lào"):
        page.locator(".chip", has_text=re.compile(f"^{text}$")).tap()
    page.get_by_role("button", name="Thêm một: Tổng số nạn nhân").tap()
    for axis, text in (("sex", "Nữ"), ("age", "Từ 11 đến 14 tuổi"), ("ethnicity", "Dân tộc Kinh")):
        page.locator(f".axis-{axis}").get_by_role("button", name=text, exact=True).tap()
    page.get_by_label("Nội dung").tap()
    page.keyboard.type("Tự về qua đường mòn.")
    page.get_by_role("button", name="Gửi", exact=True).tap()
    stored(page)
    assert page.evaluate("window.presses") <= MOST_PRESSES
    assert newest(officer)["properties"]["victims_by"]["age"] == {"11-14": 1}
    forget_newest(officer)


def test_a_point_on_the_map_has_its_doubt_and_is_seen_on_the_main_map(
    open_page: Opener, officer: httpx.Client
) -> None:
    watched = enter(open_page, officer)
    page = watched.page
    # The map is at the officer's commune by then.
    page.wait_for_load_state("networkidle")
    page.locator("#place-map").click()
    confirmation = page.locator(".confirmation")
    expect(confirmation).to_contain_text("Tỉnh Nghệ An")
    expect(confirmation).to_contain_text("Huyện Kỳ Sơn")
    expect(confirmation).to_contain_text("Cách biên giới")
    page.get_by_role("button", name="Loại khác…").first.click()
    choose(page, "Lợi dụng cho, nhận con nuôi")
    page.get_by_label("Nội dung").fill(f"Lời kể {MARKUP}")
    page.get_by_role("button", name="Gửi", exact=True).click()
    stored(page, "Xã Nậm Cắn")
    record = newest(officer)
    assert record["geometry"]["type"] == "Point"
    # Eight pixels of the map as it stood, in metres.
    assert record["properties"]["accuracy_m"] > 100
    assert record["properties"]["precision"] in {"village", "commune"}
    longitude, latitude = record["geometry"]["coordinates"]
    month = record["properties"]["occurred_to"][:7]
    view = f"p={month}..{month}&v=13/{latitude:.5f}/{longitude:.5f}"
    watched.open(f"/#o=incidents&k=adoption&{view}")
    page.locator(".pin.incidents:not(:has(.bunch))").click()
    page.get_by_role("link", name="Sửa bản ghi").click()
    expect(page.get_by_label("Nội dung")).to_have_value(f"Lời kể {MARKUP}")
    assert page.locator('img[src="x"]').count() == 0


def test_the_phone_says_plainly_when_its_position_is_refused(
    open_page: Opener, officer: httpx.Client
) -> None:
    page = enter(open_page, officer).page
    page.get_by_role("button", name="Vị trí của máy này").click()
    expect(page.locator(".place-box")).to_contain_text("Máy không cho phép dùng vị trí")


def test_the_phone_gives_a_point_with_its_circle(open_page: Opener, officer: httpx.Client) -> None:
    position = {"latitude": 18.97, "longitude": 104.83, "accuracy": 35}
    page = enter(open_page, officer, geolocation=position, permissions=["geolocation"]).page
    page.get_by_role("button", name="Vị trí của máy này").click()
    expect(page.locator(".confirmation")).to_contain_text("35 m")
    expect(page.get_by_label("Độ chính xác")).to_have_value("exact")
    assert page.locator("#place-map path.leaflet-interactive, #place-map svg path").count() >= 2


def test_what_seems_to_be_there_already_is_shown_first(
    open_page: Opener, officer: httpx.Client
) -> None:
    known = make(officer, kind="missing", occurred_from="2016-05-06", victims=1)
    page = enter(open_page, officer).page
    put_place(page, "18.972, 104.832")
    page.get_by_label("Ngày", exact=True).fill("2016-05-08")
    choose(page, "Người vắng mặt nghi bị mua bán")
    page.get_by_role("button", name="Gửi", exact=True).click()
    box = page.locator(".similar")
    expect(box).to_contain_text(re.compile(r"cách 30\d m|cách 3\d\d m"))
    box.get_by_role("button", name="Chính là bản ghi này").click()
    expect(page).to_have_url(re.compile(f"incident={known['id']}"))
    expect(page.locator(".correction")).to_contain_text("Phiên bản 1")


def test_a_conflict_is_settled_field_by_field(open_page: Opener, officer: httpx.Client) -> None:
    record = make(officer, victims=1, narrative="Ban đầu", tactic="romance")
    watched = enter(open_page, officer, f"/nhap?incident={record['id']}")
    page = watched.page
    expect(page.get_by_label("Nội dung")).to_have_value("Ban đầu")
    theirs = record | {"properties": record["properties"] | {"victims": 3, "narrative": "Của họ"}}
    address = f"/api/v1/incidents/{record['id']}"
    assert officer.put(address, json=theirs, headers={"If-Match": '"1"'}).status_code == 200
    page.get_by_label("Nội dung").fill("Của tôi")
    page.get_by_label("Lý do sửa hoặc xóa").fill("Bổ sung lời kể")
    page.get_by_role("button", name="Gửi bản sửa").click()
    box = page.locator(".conflict")
    expect(box.locator("legend")).to_have_text(["Tổng số nạn nhân", "Nội dung"])
    # Only they changed the victims; both changed the narrative.
    send = box.get_by_role("button", name="Gửi bản đã chọn")
    send.click()
    expect(page.locator("form.record .fault")).to_contain_text("Còn mục chưa chọn")
    box.locator('input[name="conflict-narrative"][value="mine"]').check()
    send.click()
    stored(page)
    after = read(officer, record["id"])["properties"]
    assert (after["victims"], after["narrative"], after["version"]) == (3, "Của tôi", 3)
    assert after["tactic"] == "romance"
    versions = officer.get(f"{address}/history").json()["versions"]
    assert versions[0]["reason"] == "Bổ sung lời kể"
    # The browser repeats in its console that the answer was 409.
    assert len(watched.complaints) == 1
    assert "409" in watched.complaints.pop()


def test_a_record_is_deleted_with_its_reason(open_page: Opener, officer: httpx.Client) -> None:
    record = make(officer, kind="false_claim")
    page = enter(open_page, officer, f"/nhap?incident={record['id']}").page
    expect(page.locator(".correction")).to_be_visible()
    page.get_by_role("button", name="Xóa bản ghi này").click()
    expect(page.locator("form.record .fault")).to_contain_text("Hãy ghi lý do")
    page.get_by_label("Lý do sửa hoặc xóa").fill("Nhập trùng")
    page.get_by_role("button", name="Xóa bản ghi này").click()
    expect(page.locator(".stored")).to_contain_text("Đã xóa bản ghi")
    assert officer.get(f"/api/v1/incidents/{record['id']}").status_code == 404
    expect(page.locator("#mine .state").first).to_have_text("đã xóa")


def test_names_and_numbers_are_marked_and_taken_out(
    open_page: Opener, officer: httpx.Client
) -> None:
    page = enter(open_page, officer).page
    narrative = page.get_by_label("Nội dung")
    narrative.fill("Nạn nhân Nguyễn Thị Hoa gọi 0912.345.678")
    expect(page.locator(".passages mark")).to_have_text(["Nguyễn Thị Hoa", "0912.345.678"])
    page.get_by_role("button", name="Bỏ").first.click()
    expect(narrative).to_have_value("Nạn nhân […] gọi 0912.345.678")
    put_place(page)
    choose(page, "Tin báo nghi mua bán người")
    page.get_by_role("button", name="Gửi", exact=True).click()
    expect(page.locator("form.record .fault")).to_contain_text("xác nhận đã kiểm tra")
    page.get_by_role("button", name="Bỏ").first.click()
    expect(page.locator(".personal")).to_be_hidden()


def test_the_browser_finds_just_what_the_server_finds(
    open_page: Opener, officer: httpx.Client
) -> None:
    page = enter(open_page, officer).page
    script = page.locator('link[rel="modulepreload"][href*="personal-data"]').get_attribute("href")
    texts = [text for text, _ in [*sentences(), *sentences(HELD_OUT)]]
    found = page.evaluate(
        """async ([script, texts]) => {
          const { findPersonalData } = await import(script);
          return texts.map((text) => findPersonalData(text).map((one) => [one.start, one.end]));
        }""",
        [script, texts],
    )
    expected = [[[one.start, one.end] for one in find_personal_data(text)] for text in texts]
    assert found == expected


def test_a_draft_outlives_a_reload_without_its_narrative(
    open_page: Opener, officer: httpx.Client
) -> None:
    page = enter(open_page, officer).page
    put_place(page)
    page.get_by_label("Nội dung").fill("Lời kể mật")
    page.wait_for_timeout(600)
    kept = page.evaluate("JSON.stringify([{ ...sessionStorage }, { ...localStorage }])")
    assert "mật" not in kept
    page.reload()
    expect(page.locator(".restored")).to_be_visible()
    expect(page.get_by_label("Địa điểm", exact=True)).to_have_value(PLACE)
    expect(page.get_by_label("Nội dung")).to_have_value("")


def test_a_network_is_put_on_the_map_and_joined(open_page: Opener, officer: httpx.Client) -> None:
    page = enter(open_page, officer, "/nhap?type=network").page
    page.get_by_label("Bí số chuyên án").fill("A731")
    choose(page, "Xuyên quốc gia")
    for text, role in (
        ("xã Môn Sơn, Nghệ An", "Nơi tuyển mộ"),
        ("18.97, 104.83", "Điểm xuất biên"),
    ):
        put_place(page, text)
        choose(page, role)
        page.get_by_role("button", name="Thêm điểm này").click()
    choose(page, "Nơi đến, nơi bóc lột")
    page.get_by_label("Nước (nếu ở ngoài Việt Nam)").select_option("LA")
    page.get_by_role("button", name="Thêm điểm này").click()
    page.locator(".legs select").last.select_option("trail")
    expect(page.locator(".route-mark")).to_have_count(2)
    page.get_by_role("button", name="Gửi", exact=True).click()
    stored(page)
    entry = officer.get("/api/v1/entries").json()["entries"][0]
    network = officer.get(f"/api/v1/networks/{entry['id']}").json()
    assert [place["properties"]["role"] for place in network["places"]] == [
        "recruit",
        "exit",
        "dest",
    ]
    assert [leg["crossing"] for leg in network["legs"]] == [None, "trail"]


def test_an_outreach_event_is_entered_in_english(open_page: Opener, officer: httpx.Client) -> None:
    page = enter(open_page, officer, "/nhap?type=outreach&lang=en").page
    box = page.get_by_label("Place", exact=True)
    box.fill("xã Môn Sơn, Nghệ An")
    box.press("Enter")
    expect(page.locator(".confirmation")).to_contain_text("Con Cuông")
    choose(page, "Market-day outreach")
    page.get_by_role("textbox", name="Attendance").fill("80")
    page.get_by_label("Topics", exact=True).fill("Việc nhẹ lương cao; Zalo")
    for partner in ("Commune police", "Youth Union"):
        choose(page, partner)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".stored")).to_contain_text("Xã Môn Sơn, Tỉnh Nghệ An")
    entry = officer.get("/api/v1/entries").json()["entries"][0]
    event = officer.get(f"/api/v1/outreach-events/{entry['id']}").json()["properties"]
    assert (event["attendance"], event["topics"]) == (80, ["Việc nhẹ lương cao", "Zalo"])
    assert event["partners"] == ["CA_X", "DTN"]
    # The partner enters it too.
    page = enter(open_page, officer, "/nhap?type=outreach&lang=en").page
    box = page.get_by_label("Place", exact=True)
    box.fill("Môn Sơn, Nghệ An")
    box.press("Enter")
    # What is said of the place moves all that stands below it.
    expect(page.locator(".confirmation")).to_be_visible()
    choose(page, "Market-day outreach")
    page.get_by_role("button", name="Send", exact=True).click()
    alike = page.locator(".similar")
    expect(alike).to_contain_text("Market-day outreach")
    expect(alike).to_contain_text("80 attended")
    alike.get_by_role("button", name="This is the same one").click()
    expect(page).to_have_url(re.compile(f"outreach={entry['id']}"))


def test_who_is_not_signed_in_signs_in_and_comes_back(
    open_page: Opener, demo_people: dict[str, str]
) -> None:
    watched = open_page()
    page = watched.page
    page.goto(watched.address + "/nhap?incident=01a21ab7-b632-74ec-9505-67df48a28697")
    expect(page).to_have_url(re.compile(r"/sign-in\?next=%2Fnhap%3Fincident%3D01a21ab7"))
    # The browser repeats in its console that nobody is signed in.
    assert len(watched.complaints) == 1
    assert "401" in watched.complaints.pop()
    fill_in(page, "demo-planner", demo_people["demo-planner"])
    expect(page).to_have_url(re.compile("/nhap"))
    expect(page.locator("main")).to_contain_text("Tài khoản này không nhập bản ghi")
    page.goto(watched.address + "/sign-in?next=//evil.example/nhap")
    assert page.locator("#back").evaluate("(link) => link.pathname") == "/"
