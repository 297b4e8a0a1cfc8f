"""The place box at the API: coordinates and addresses to communes of both editions."""

from typing import Any

import pytest
from pyproj import Transformer
from sqlalchemy import Engine, text
from starlette.testclient import TestClient

from geo.store.database import transaction

# Môn Sơn, of the embedded edition; it was in the district of Con Cuông.
LONGITUDE, LATITUDE = 104.848, 18.8885


def ask(client: TestClient, written: str, **query: str) -> list[dict[str, Any]]:
    answer = client.get("/api/v1/places", params={"q": written, **query})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["places"]
    return found


def codes(place: dict[str, Any]) -> dict[str, str]:
    return {f"{unit['edition']} {unit['level']}": unit["code"] for unit in place["units"]}


@pytest.mark.parametrize("written", ["18,8885; 104,848", "48QVF8399188497", "geo:18.8885,104.848"])
def test_coordinates_have_units_in_both_editions(client: TestClient, written: str) -> None:
    (place,) = ask(client, written)
    assert codes(place) == {
        "2025 province": "40",
        "2025 commune": "17263",
        "2024 province": "40",
        "2024 district": "422",
    }
    assert place["slip"] is None
    assert place["border"]["neighbour"] == "LAO"
    assert 5_000 < place["border"]["distance_m"] < 20_000
    assert place["gate"]["name"]


def test_a_slip_is_asked_in_the_readers_language(client: TestClient) -> None:
    query = {"q": "104.848, 18.8885"}
    for language, word in (("vi", "đổi chỗ"), ("en", "swapped")):
        answer = client.get(
            "/api/v1/places", params=query, headers={"Accept-Language": language}
        ).json()
        (place,) = answer["places"]
        assert place["slip"]["code"] == "swapped"
        assert word in place["slip"]["question"]
        assert codes(place)["2025 commune"] == "17263"


@pytest.mark.parametrize("province", ["Nghệ An", "nghe an", "Tỉnh Nghệ An", "40"])
def test_the_province_decides_the_meridian(client: TestClient, province: str) -> None:
    x, y = Transformer.from_crs(4326, 9208, always_xy=True).transform(LONGITUDE, LATITUDE)
    place = ask(client, f"{y:.0f} {x:.0f}", province=province)[0]
    assert (place["system"], place["accuracy_m"]) == ("EPSG:9208", 1.0)
    assert codes(place)["2025 commune"] == "17263"


def test_a_province_of_today_brings_the_meridians_of_those_it_was_made_of(
    client: TestClient,
) -> None:
    """Tuyên Quang has had Hà Giang (105°30') since July 2025, beside its own 106°."""
    found = ask(client, "2500000 440000", province="Tuyên Quang")
    assert {"EPSG:9209", "EPSG:9211"} <= {place["system"] for place in found}
    assert "EPSG:9208" not in {place["system"] for place in found}


def test_what_lies_outside_goes_after_what_lies_inside(client: TestClient) -> None:
    found = ask(client, "2088497 510325", province="Nghệ An")
    outside = [place["assignment"] == "outside" for place in found]
    assert outside == sorted(outside)
    assert not outside[0]


def test_unknown_province_is_said_to_be_so(client: TestClient) -> None:
    answer = client.get("/api/v1/places", params={"q": "1 2", "province": "Pù Mát"})
    assert answer.status_code == 422
    assert answer.json()["code"] == "place.province"


def test_an_address_answers_like_coordinates(client: TestClient) -> None:
    place = ask(client, "bản Búng, xã Môn Sơn, huyện Pù Mát (Nghệ An)")[0]
    assert place.keys() == ask(client, "18,8885; 104,848")[0].keys()
    assert codes(place) == {
        "2025 province": "40",
        "2025 commune": "17263",
        "2024 province": "40",
        "2024 district": "422",
    }
    assert (place["name"], place["precision"]) == ("Xã Môn Sơn", "commune")
    assert place["confidence"] > 0.9
    assert 10_000 < place["accuracy_m"] < 20_000
    assert {remark["code"] for remark in place["remarks"]} == {"below", "protected_area"}


def test_remarks_speak_the_readers_language(client: TestClient) -> None:
    query = {"q": "xã Lục Dạ, Con Cuông, Nghệ An"}
    for language, words in (("vi", "nay thuộc"), ("en", "is part of")):
        answer = client.get(
            "/api/v1/places", params=query, headers={"Accept-Language": language}
        ).json()
        assert words in answer["places"][0]["remarks"][0]["text"]


def test_the_province_asked_for_tells_places_of_one_name_apart(client: TestClient) -> None:
    anywhere, there = ask(client, "Tân Thành"), ask(client, "Tân Thành", province="Nghệ An")
    assert len(anywhere) > len(there) > 0
    assert {codes(place)["2025 province"] for place in there} == {"40"}


def test_a_name_that_changed_is_found_at_once(client: TestClient, api_engine: Engine) -> None:
    assert ask(client, "xã Tên Mới Toanh") == []
    rename = text(
        "INSERT INTO unit_amendment (edition, level, code, valid_from, full_name,"
        " unit_type, source) VALUES ('2025', 'commune', '17263', '2026-01-01',"
        " 'Xã Tên Mới Toanh', 'Xã', 'test')"
    )
    with transaction(api_engine) as connection:
        connection.execute(rename)
    try:
        assert codes(ask(client, "xã Tên Mới Toanh")[0])["2025 commune"] == "17263"
        assert codes(ask(client, "xã Môn Sơn, Nghệ An")[0])["2025 commune"] == "17263"
    finally:
        with transaction(api_engine) as connection:
            connection.execute(text("DELETE FROM unit_amendment WHERE source = 'test'"))


@pytest.mark.parametrize(
    "written", ["không có nơi nào cả", "'; DROP TABLE unit; --", "{{ 7*7 }}", "1" * 1999]
)
def test_other_text_names_no_place(client: TestClient, written: str) -> None:
    assert ask(client, written) == []


def test_the_province_may_be_named_beside_the_metres(client: TestClient) -> None:
    x, y = Transformer.from_crs(4326, 9208, always_xy=True).transform(LONGITUDE, LATITUDE)
    for written in (f"X={y:.0f} Y={x:.0f} VN-2000 Nghệ An", f"tỉnh Nghệ An, {x:.0f} {y:.0f}"):
        place = ask(client, written)[0]
        assert place["system"] == "EPSG:9208"
        assert codes(place)["2025 commune"] == "17263"
        assert place["remarks"] == []


def test_words_that_are_no_province_are_left_beside_coordinates(client: TestClient) -> None:
    (place,) = ask(client, "18.8885, 104.848 gần nhà văn hóa")
    assert codes(place)["2025 commune"] == "17263"
    assert [one["code"] for one in place["remarks"]] == ["unused"]


def test_a_short_link_says_what_to_do(client: TestClient) -> None:
    answer = client.get("/api/v1/places", params={"q": "https://maps.app.goo.gl/AbCd123"})
    assert (answer.status_code, answer.json()["code"]) == (422, "place.link")
    assert "chép tọa độ" in answer.json()["detail"]


@pytest.mark.parametrize("written", ["Pù Mát", "vườn quốc gia Pù Mát", "vqg pu mat"])
def test_a_park_alone_is_each_unit_that_it_lies_in(client: TestClient, written: str) -> None:
    found = ask(client, written)
    assert {codes(place)["2024 district"] for place in found} == {"422", "418", "424"}
    assert {one["code"] for place in found for one in place["remarks"]} == {"protected_area"}
    assert all(place["confidence"] < 0.5 for place in found)


def test_a_post_that_nobody_added_is_not_said_to_be_found(client: TestClient) -> None:
    place = ask(client, "đồn biên phòng Môn Sơn, Nghệ An")[0]
    assert codes(place)["2025 commune"] == "17263"
    assert [one["code"] for one in place["remarks"]] == ["below"]


def test_the_fourth_ward_of_my_tho_lies_in_my_tho_alone(client: TestClient) -> None:
    place, *others = ask(client, "phường 4, Mỹ Tho")
    assert place["name"] == "Phường Đạo Thạnh"
    assert place["confidence"] > 0.9
    assert "Phường Cao Lãnh" not in {one["name"] for one in others}


def test_coordinates_have_the_communes_that_it_can_have_been(client: TestClient) -> None:
    (place,) = ask(client, "18,8885; 104,848")
    assert [(one["full_name"], one["share"]) for one in place["predecessors"]] == [
        ("Xã Môn Sơn", 1.0),
        ("Xã Lục Dạ", 1.0),
    ]


def test_a_commune_that_grew_from_one_alone_has_its_unit(client: TestClient) -> None:
    place = ask(client, "xã Na Mèo, Thanh Hóa")[0]
    assert codes(place)["2024 commune"]
    assert place["predecessors"] == []


def test_a_named_commune_has_its_border(client: TestClient) -> None:
    place = ask(client, "xã Môn Sơn, Nghệ An")[0]
    unit = client.get("/api/v1/units/2025/commune/17263").json()
    assert place["border"] == {
        "neighbour": "LAO",
        "neighbours": ["LAO"],
        "distance_m": 0.0,
        "measured_from": "edge",
    }
    assert place["gate"]["distance_m"] == pytest.approx(unit["gate_m"], abs=1)
    assert place["gate"]["measured_from"] == "edge"
    measured = ask(client, "18,8885; 104,848")[0]
    assert measured["border"]["measured_from"] == measured["gate"]["measured_from"] == "point"


@pytest.mark.parametrize("name", ["La Lay", "Lóng Sập", "Xa Mát", "Bình Hiệp"])
def test_a_gate_without_a_position_names_no_other(client: TestClient, name: str) -> None:
    place = ask(client, f"cửa khẩu {name}")[0]
    assert place["gate"] == {
        "name": f"Cửa khẩu {name}",
        "distance_m": None,
        "measured_from": None,
    }
    assert place["border"]["distance_m"] is not None


@pytest.mark.parametrize(
    "text",
    ["đặc khu Hoàng Sa", "Trường Sa, Khánh Hòa", "16.5, 111.6", "8.6447, 111.9197", "20.5, 107.5"],
)
def test_at_sea_there_is_no_land_border(client: TestClient, text: str) -> None:
    place = ask(client, text)[0]
    assert (place["border"]["neighbour"], place["border"]["neighbours"]) == (None, [])
    assert place["border"]["distance_m"] is place["border"]["measured_from"] is None
    assert place["gate"] == {"name": None, "distance_m": None, "measured_from": None}


def test_the_special_zones_have_no_distance(client: TestClient) -> None:
    for path in ("2025/commune/20333", "2025/commune/22736", "2024/district/498"):
        unit = client.get(f"/api/v1/units/{path}").json()
        assert unit["border_m"] is unit["gate_m"] is unit["nearest_neighbour"] is None
    mainland = client.get("/api/v1/units/2025/province/48").json()
    assert mainland["border_m"] == 0


def test_an_empty_answer_says_why(client: TestClient) -> None:
    for language, word in (("vi", "Ví dụ"), ("en", "for example")):
        answer = client.get(
            "/api/v1/places", params={"q": "NaN, NaN"}, headers={"Accept-Language": language}
        ).json()
        assert answer["places"] == []
        assert word in answer["reason"]


def test_a_place_abroad_is_said_to_be_there(client: TestClient) -> None:
    for language, country in (("vi", "Lào"), ("en", "Laos")):
        answer = client.get(
            "/api/v1/places", params={"q": "Viêng Chăn"}, headers={"Accept-Language": language}
        ).json()
        assert answer["places"] == []
        assert country in answer["reason"]


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        ("Môn Sơn, Nghệ An", True),
        ("Môn Sơn, Sơn La", False),
        ("18.8885, 104.848", True),
        # A lost digit: the likeliest is a correction.
        ("18.8885 10.4848", False),
    ],
)
def test_only_the_sure_are_taken_without_choosing(
    client: TestClient, text: str, sure: bool
) -> None:
    assert ask(client, text)[0]["sure"] == sure


def test_near_an_edge_that_is_drawn_approximately_the_next_commune_is_named(
    client: TestClient,
) -> None:
    [place] = ask(client, "21.3588, 102.9395")
    [remark] = [one for one in place["remarks"] if one["code"] == "approximate_edge"]
    # Where real boundaries have it; by the approximate ones it lies in Thanh Yên.
    assert "Thanh Nưa" in remark["text"]
    [middle] = ask(client, "18.97, 104.83")
    assert middle["remarks"] == []
    # Words that name the other side of such an edge are no contradiction.
    [written] = ask(client, "19.4217, 104.1086 xã Nậm Cắn")
    codes = {one["code"] for one in written["remarks"]}
    assert "approximate_edge" in codes
    assert "not_where_stated" not in codes
    assert written["confidence"] > 0.9


def test_readings_in_several_systems_are_told_apart_by_name(client: TestClient) -> None:
    places = ask(client, "VN-2000 2148367.4 432448.3 Nghệ An")
    assert {one["system_name"] for one in places} == {"VN-2000 KTT 104°45'", "VN-2000 UTM múi 48"}
