"""Coordinates at the API: across the border, at sea, beside words, in several zones."""

from typing import Any

import pytest
from pyproj import Transformer
from starlette.testclient import TestClient

from tests.api.test_places import LATITUDE, LONGITUDE, ask, codes

HA_TIEN, LAO_CAI, NAM_CAN = "30769", "02647", "16837"


def remarks(place: dict[str, Any]) -> dict[str, str]:
    return {one["code"]: one["text"] for one in place["remarks"]}


@pytest.mark.parametrize(
    ("written", "commune", "land", "kilometres"),
    [
        ("10.442, 104.428", HA_TIEN, "Campuchia", (1.5, 3.5)),
        ("22.5440, 103.9600", LAO_CAI, "Trung Quốc", (2.0, 3.2)),
        ("19.4500, 104.0460", NAM_CAN, "Lào", (1.3, 2.3)),
        ("19°27'00\"B 104°02'46\"Đ", NAM_CAN, "Lào", (1.3, 2.3)),
    ],
)
def test_a_point_across_the_border_says_so(
    client: TestClient, written: str, commune: str, land: str, kilometres: tuple[float, float]
) -> None:
    (place,) = ask(client, written)
    assert codes(place)["2025 commune"] == commune
    assert place["confidence"] <= 0.5
    said = remarks(place)["across_border"]
    assert f"phía {land}" in said
    distance = float(said.partition("quá đường biên ")[2].partition(" km")[0].replace(",", "."))
    assert kilometres[0] < distance < kilometres[1]
    assert distance == pytest.approx(place["border"]["distance_m"] / 1000, abs=0.06)


@pytest.mark.parametrize(
    ("written", "unit", "province"),
    [
        ("8.6447, 111.9197", "22736", "56"),
        ("11,4300; 114,3300", "22736", "56"),
        ("8°38'41\"B 111°55'11\"Đ", "22736", "56"),
        ("16.500, 112.000", "20333", "48"),
        ("15,7800; 111,2000", "20333", "48"),
    ],
)
def test_the_archipelagos_are_vietnam(
    client: TestClient, written: str, unit: str, province: str
) -> None:
    (place,) = ask(client, written)
    assert codes(place)["2025 commune"] == unit
    assert codes(place)["2025 province"] == province
    assert place["confidence"] == 1
    assert place["assignment"] == "sea"
    said = remarks(place)["waters"]
    assert "vùng biển" in said
    assert " km" in said


@pytest.mark.parametrize("written", ["20.5000,107.5000", "10,0000; 107,5000"])
def test_the_sea_is_said_to_be_sea(client: TestClient, written: str) -> None:
    (place,) = ask(client, written)
    assert (place["assignment"], place["units"]) == ("sea", [])
    assert "Trên biển, cách " in remarks(place)["sea"]


@pytest.mark.parametrize("written", ["0,0", "-0,-0", "13.7500,100.5000", "48.8566, 2.3522"])
def test_far_places_are_doubted_and_have_no_nearest_gate(client: TestClient, written: str) -> None:
    (place,) = ask(client, written)
    assert place["confidence"] <= 0.1
    assert "Ngoài Việt Nam, cách" in remarks(place)["abroad"]
    assert place["gate"] == {"name": None, "distance_m": None, "measured_from": None}


def test_the_likelier_reading_stands_first(client: TestClient) -> None:
    for written in ("18°53'18.6\"N 104°50'52.8\"Đ", "N: 18.8885 Đ: 104.848", "18.8885 10.4848"):
        found = ask(client, written)
        confidences = [place["confidence"] for place in found]
        assert confidences == sorted(confidences, reverse=True)
        assert sum(confidences) <= 1
        assert found[0]["slip"]
        assert codes(found[0])["2025 commune"] == "17263"
        assert 0.5 < found[0]["confidence"] < 0.9


def test_a_slip_that_leads_out_of_the_country_is_none(client: TestClient) -> None:
    """Singapore: with the point moved it would lie in Cambodia."""
    assert [place["slip"] for place in ask(client, "1.3521, 103.8198")] == [None]


@pytest.mark.parametrize(
    "written",
    [
        "xã Con Cuông, Nghệ An (18.8885, 104.848)",
        "18,8885; 104,848 xã Con Cuông",
        "Xã Con Cuông tỉnh Nghệ An: 18°53'18.6\"B 104°50'52.8\"Đ",
        "48QVF8399188497, xã Con Cuông, Nghệ An",
    ],
)
def test_a_point_elsewhere_than_written_says_how_far(client: TestClient, written: str) -> None:
    (place,) = ask(client, written)
    assert codes(place)["2025 commune"] == "17263"
    said = remarks(place)["not_where_stated"]
    assert "Xã Con Cuông" in said
    assert "12,2 km" in said
    assert place["confidence"] < 0.5


@pytest.mark.parametrize(
    "written",
    [
        "xã Môn Sơn 18.8885, 104.848",
        "18.8885, 104.848 xã Môn Sơn, huyện Con Cuông, Nghệ An",
        "18,8885 104,848 (x. Lục Dạ, h. Con Cuông)",
        "Nghệ An 18.8885, 104.848",
    ],
)
def test_words_that_fit_the_point_are_used(client: TestClient, written: str) -> None:
    (place,) = ask(client, written)
    assert place["confidence"] == 1
    assert place["remarks"] == []


def test_the_chosen_province_is_compared_too(client: TestClient) -> None:
    (place,) = ask(client, "18.8885, 104.848", province="Lào Cai")
    assert "Lào Cai" in remarks(place)["not_where_stated"]


def test_a_province_is_held_against_the_point_with_or_without_its_kind(client: TestClient) -> None:
    """Quảng Trị is a province, a town, a ward and a former commune: all are far from here."""
    found = [
        *ask(client, "18.97, 104.83, tỉnh Quảng Trị"),
        *ask(client, "18.97, 104.83, Quảng Trị"),
        *ask(client, "18.97, 104.83 quang tri"),
    ]
    assert len(found) == 3
    first, *others = found
    assert first["confidence"] < 0.1
    distance = remarks(first)["not_where_stated"].partition("cách đó ")[2]
    for place in others:
        assert place["confidence"] == first["confidence"]
        assert remarks(place)["not_where_stated"].partition("cách đó ")[2] == distance
        assert "unused" not in remarks(place)


def test_a_name_of_many_places_is_held_against_the_nearest(client: TestClient) -> None:
    """More communes are called Tân Thành than a search lists."""
    (place,) = ask(client, "8.70, 104.90, Tân Thành")
    assert "nơi gần nhất có tên này" in remarks(place)["not_where_stated"]
    (centre,) = ask(client, "Tân Thành, Cà Mau")[:1]
    (place,) = ask(client, f"{centre['latitude']}, {centre['longitude']}, Tân Thành")
    assert place["confidence"] == 1
    assert "not_where_stated" not in remarks(place)


@pytest.mark.parametrize("words", ["nhà ông Nam", "gần chợ", "đối tượng Sơn Tây"])
def test_words_that_only_resemble_names_are_held_against_nothing(
    client: TestClient, words: str
) -> None:
    (place,) = ask(client, f"18.8885, 104.848, {words}")
    assert place["confidence"] == 1
    assert "not_where_stated" not in remarks(place)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("18.97 Đ, 104.83 N", ("vĩ độ lớn hơn 90", "latitude exceeds 90")),
        ("18.97 B, 18.5 N", ("cùng ghi là vĩ độ", "Both numbers")),
        ("1897 1048", ("dấu thập phân", "decimal points")),
    ],
)
def test_coordinates_that_are_no_place_say_why(
    client: TestClient, written: str, words: tuple[str, str]
) -> None:
    for language, said in zip(("vi", "en"), words, strict=True):
        answer = client.get(
            "/api/v1/places", params={"q": written}, headers={"Accept-Language": language}
        ).json()
        assert answer["places"] == []
        assert said in answer["reason"]


def metres(epsg: int, longitude: float = LONGITUDE, latitude: float = LATITUDE) -> dict[str, str]:
    x, y = Transformer.from_crs(4326, epsg, always_xy=True).transform(longitude, latitude)
    return {"x": f"{x:.0f}", "y": f"{y:.0f}"}


@pytest.mark.parametrize(
    "written",
    [
        "VN-2000 X={y} Y={x} xã Môn Sơn, huyện Con Cuông, Nghệ An",
        "VN-2000 X={y} Y={x}, huyện Con Cuông",
        "xã Môn Sơn, Nghệ An: X={y}; Y={x} (VN2000)",
    ],
)
def test_words_choose_the_zone(client: TestClient, written: str) -> None:
    (place,) = ask(client, written.format(**metres(9208)))
    assert place["system"] == "EPSG:9208"
    assert codes(place)["2025 commune"] == "17263"
    assert place["confidence"] == 1


@pytest.mark.parametrize(
    "written",
    [
        "VN-2000 X={y} Y={x} Ngọc Hồi, Kon Tum",
        "VN-2000 X={y} Y={x} huyện Ngọc Hồi, tỉnh Kon Tum",
        "VN-2000 múi 3 Kon Tum {y} {x}",
        "X: {y} Y: {x} tỉnh Kon Tum VN-2000",
    ],
)
def test_the_zone_of_a_former_province(client: TestClient, written: str) -> None:
    place = ask(client, written.format(**metres(9216, 107.65, 14.70)))[0]
    assert place["system"] == "EPSG:9216"
    assert codes(place)["2024 province"] == "62"


@pytest.mark.parametrize("query", [{"q": "VN-2000 X={y} Y={x} Nghệ An"}, {"province": "Nghệ An"}])
def test_a_province_keeps_the_zones_whose_point_lies_in_it(
    client: TestClient, query: dict[str, str]
) -> None:
    written = query.get("q", "VN-2000 X={y} Y={x}").format(**metres(9208))
    chosen = {"province": query["province"]} if "province" in query else {}
    found = ask(client, written, **chosen)
    assert found[0]["system"] == "EPSG:9208"
    assert {codes(place)["2025 province"] for place in found} == {"40"}


@pytest.mark.parametrize(
    "written",
    [
        "VN-2000 KTT 107°45' X={y} Y={x} xã Môn Sơn, Nghệ An",
        "VN2000 kinh tuyến trục 105°30', {y} {x}, xã Môn Sơn",
        "KTT 103 X={y} Y={x} huyện Con Cuông, Nghệ An",
    ],
)
def test_a_wrong_zone_is_asked_never_put_right_in_silence(client: TestClient, written: str) -> None:
    found = ask(client, written.format(**metres(9208)))
    right = [place for place in found if place["system"] == "EPSG:9208"]
    assert [place["slip"]["code"] for place in right] == ["zone"]
    assert codes(right[0])["2025 commune"] == "17263"
    assert right[0] == found[0]
    assert right[0]["confidence"] < 0.9


@pytest.mark.parametrize(
    ("written", "systems"),
    [
        ("VN2000 KTT 106°20' X=2088497 Y=510325 Nghệ An", "EPSG:9208"),
        ("UTM 47Q 500000 2088497", "EPSG:32648"),
    ],
)
def test_a_zone_that_is_none_of_vietnams_is_asked_about(
    client: TestClient, written: str, systems: str
) -> None:
    first = ask(client, written)[0]
    assert (first["system"], first["slip"]["code"]) == (systems, "no_zone")
    assert "Việt Nam không dùng múi hoặc kinh tuyến trục đã ghi" in first["slip"]["question"]
    assert first["confidence"] <= 0.6


def test_a_zone_outside_vietnam_says_so(client: TestClient) -> None:
    outside = next(one for one in ask(client, "UTM 47Q 700000 2300000") if not one["slip"])
    assert outside["system"] == "EPSG:32647"
    assert "múi UTM 47 như đã ghi" in remarks(outside)["foreign_zone"]
    assert "Ngoài Việt Nam, cách" in remarks(outside)["abroad"]


@pytest.mark.parametrize("system", ["VN-2000 ", ""])
def test_what_is_wrong_with_metres_is_told_beside_a_name(client: TestClient, system: str) -> None:
    answer = client.get(
        "/api/v1/places", params={"q": f"{system}X=20892280 Y=510128 Nghệ An"}
    ).json()
    (place,) = answer["places"]
    assert (place["name"], place["confidence"]) == ("Tỉnh Nghệ An", pytest.approx(0.5, abs=0.02))
    assert remarks(place) == {"coordinates": answer["reason"]}
    assert "mét" in answer["reason"] or "m, Y khoảng" in answer["reason"]


def test_the_zone_of_the_named_province_goes_before_one_far_away(client: TestClient) -> None:
    found = ask(client, "VN2000 X=1620000 Y=450000 Kon Tum")
    # The former province is part of Quảng Ngãi.
    assert codes(found[0])["2024 province"] == "62"
    assert found[0]["slip"]["code"] == "zone"
    written = [one["system"] for one in found if not one["slip"]]
    assert written[0] == "EPSG:9216"
    assert ask(client, "VN2000 X=1620000 Y=520000 Kon Tum")[0]["system"] == "EPSG:9216"


def test_two_bare_numbers_ask_for_a_meridian_or_a_province(client: TestClient) -> None:
    first, *others = ask(client, "2088497 510325")
    assert "kinh tuyến trục (KTT) hoặc tỉnh" in remarks(first)["meridian"]
    assert len(others) > 5
    assert all("meridian" not in remarks(one) for one in others)
    for written in ("2088497 510325 KTT 104°45'", "2088497 510325 Nghệ An"):
        assert "meridian" not in remarks(ask(client, written)[0])


@pytest.mark.parametrize("mark", ["", "/@19.5,105.5,7z"])
def test_the_name_in_a_link_is_looked_up(client: TestClient, mark: str) -> None:
    link = f"https://www.google.com/maps/dir/21.0285,105.8542/Môn+Sơn,+Nghệ+An{mark}"
    place = ask(client, link)[0]
    assert codes(place)["2025 commune"] == "17263"
    assert place["remarks"] == []


def test_the_middle_of_a_map_is_no_pin(client: TestClient) -> None:
    (view,) = ask(client, "https://www.google.com/maps/@18.8885,104.848,9z")
    assert view["confidence"] == 0.5
    assert "giữa bản đồ" in remarks(view)["map_middle"]
    named = ask(client, "https://www.google.com/maps/place/Zzzxq/@18.8885,104.848,9z")
    assert "map_middle" in remarks(named[0])
    (pin,) = ask(client, "https://maps.google.com/?ll=10.5123,106.5123&q=18.8885,104.848")
    assert (pin["confidence"], pin["remarks"]) == (1, [])
    assert codes(pin)["2025 commune"] == "17263"


def test_an_end_of_a_way_that_is_not_found_is_named(client: TestClient) -> None:
    link = "https://www.google.com/maps/dir/21.0285,105.8542/Zzzxq/@18.9,104.8,12z"
    answer = client.get("/api/v1/places", params={"q": link})
    assert (answer.status_code, answer.json()["code"]) == (422, "place.link")
    assert "“Zzzxq”" in answer.json()["detail"]


def test_words_of_a_hemisphere_are_used(client: TestClient) -> None:
    (place,) = ask(client, "18 độ 53 phút 18 giây Bắc 104 độ 50 phút 53 giây Đông")
    assert codes(place)["2025 commune"] == "17263"
    assert (place["confidence"], place["remarks"]) == (1, [])
