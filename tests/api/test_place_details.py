"""The place box: coordinates held against words, and from where distances are measured."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient

from geo.pipeline import add_place_name, remove_place_name
from tests.api.test_places import ask, codes

HAMLET = "bản Khe Búng Thử"


def remarks(place: dict[str, object]) -> list[str]:
    found = place["remarks"]
    assert isinstance(found, list)
    return [one["code"] for one in found]


@pytest.mark.parametrize(
    ("written", "latitude", "accuracy_m"),
    [
        # In the Mekong delta, and the words in the far north.
        ("10.5, 105.1 xã Trà Lĩnh, Cao Bằng", 10.5, 5_566),
        ("10.51, 105.12 xã Trà Lĩnh, Cao Bằng", 10.51, 557),
        ("22,85; 106,13 xã Trà Lĩnh, Cao Bằng", 22.85, 557),
        ("18.8885, 104.848 Vĩnh Long", 18.8885, 53),
    ],
)
def test_few_decimals_are_held_against_the_words(
    client: TestClient, written: str, latitude: float, accuracy_m: float
) -> None:
    (place,) = ask(client, written)
    assert place["latitude"] == latitude
    assert place["accuracy_m"] == pytest.approx(accuracy_m, rel=0.06)
    assert "not_where_stated" in remarks(place)
    assert place["confidence"] < 0.5


@pytest.mark.parametrize(
    "written", ["21.53, 107.96 Móng Cái", "19.45, 104.10 bản Huồi Tụ xã Nậm Cắn"]
)
def test_few_decimals_that_fit_the_words_are_sure(client: TestClient, written: str) -> None:
    (place,) = ask(client, written)
    assert (place["precision"], place["confidence"]) == ("village", 1.0)
    assert "not_where_stated" not in remarks(place)


def test_numbers_of_roads_and_houses_stay_with_the_address(client: TestClient) -> None:
    for written in ("QL 7, km 12,5 xã Môn Sơn, Nghệ An", "thôn 3, tổ 5, khu 2 xã Môn Sơn, Nghệ An"):
        place = ask(client, written)[0]
        assert (place["name"], place["assignment"]) == ("Xã Môn Sơn", None)


def test_labels_make_swapped_coordinates_sure(client: TestClient) -> None:
    (place,) = ask(client, "kinh độ 104,848; vĩ độ 18,8885")
    assert (place["slip"], place["confidence"]) == (None, 1.0)


def test_a_lost_zero_is_asked(client: TestClient) -> None:
    offered, written = ask(client, "18,8885 14,848")
    assert offered["slip"]["code"] == "lost_zero"
    assert "thiếu số 0" in offered["slip"]["question"]
    assert codes(offered)["2025 commune"] == "17263"
    assert (written["slip"], written["units"]) == (None, [])


def test_labelled_metres_beside_a_province_are_in_its_zone(client: TestClient) -> None:
    place = ask(client, "VN-2000 X 2089228 Y 510128 Nghệ An")[0]
    assert place["system"] == "EPSG:9208"
    assert codes(place)["2025 commune"] == "17263"
    assert place["remarks"] == []


def test_utm_without_a_zone_is_the_one_inside_vietnam(client: TestClient) -> None:
    place, other = ask(client, "UTM 2088497 483991")
    assert (place["system"], codes(place)["2025 commune"]) == ("EPSG:32648", "17263")
    assert (other["system"], other["units"]) == ("EPSG:32649", [])


@pytest.mark.parametrize(
    ("written", "query"),
    [
        ("VN-2000 X 2500000 Y 440000 Tuyên Quang", {}),
        ("VN-2000 2500000 440000", {"province": "Tuyên Quang"}),
    ],
)
def test_a_merged_province_names_the_meridians_of_the_old_ones(
    client: TestClient, written: str, query: dict[str, str]
) -> None:
    found = ask(client, written, **query)
    assert [(one["system"], one["confidence"]) for one in found] == [
        ("EPSG:9209", 0.5),
        ("EPSG:9211", 0.5),
    ]
    for place in found:
        (text,) = [one["text"] for one in place["remarks"] if one["code"] == "meridian"]
        assert "Hà Giang 105°30', Tuyên Quang 106°00'" in text


def test_an_old_province_has_one_meridian(client: TestClient) -> None:
    (place,) = ask(client, "VN-2000 X 2500000 Y 440000 tỉnh Hà Giang")
    assert place["system"] == "EPSG:9209"
    assert "meridian" not in remarks(place)


@pytest.fixture
def hamlet(api_engine: Engine) -> Iterator[str]:
    """A hamlet that somebody added, within Môn Sơn and far from its edge at the border."""
    cells = {"name": HAMLET, "lat": "18.90", "lon": "104.83"}
    identifier, _ = add_place_name(api_engine, cells, "test")
    yield HAMLET
    remove_place_name(api_engine, identifier, "test")


def test_a_hamlet_is_measured_from_its_own_point(client: TestClient, hamlet: str) -> None:
    named, (point,) = ask(client, f"{hamlet}, xã Môn Sơn")[0], ask(client, "18.90, 104.83")
    assert named["name"] == hamlet
    assert named["border"]["measured_from"] == named["gate"]["measured_from"] == "point"
    # From where it is, as the coordinates have it; its commune lies on the border.
    assert named["border"]["distance_m"] == pytest.approx(point["border"]["distance_m"], abs=1)
    assert named["border"]["distance_m"] > 10_000
    assert named["gate"] == pytest.approx(point["gate"])


def test_a_gate_is_at_itself_and_on_the_way_to_its_country(client: TestClient) -> None:
    place = ask(client, "cửa khẩu Bờ Y")[0]
    assert place["gate"] == {
        "name": "Cửa khẩu Bờ Y",
        "distance_m": 0.0,
        "measured_from": "point",
    }
    assert place["border"]["neighbours"] == ["LAO"] == [place["border"]["neighbour"]]
    assert 0 < place["border"]["distance_m"] < 2_000


def test_a_commune_at_three_countries_names_both_neighbours(client: TestClient) -> None:
    for name in ("xã Bờ Y", "xã Sín Thầu"):
        border = ask(client, name)[0]["border"]
        assert border["neighbours"][0] == border["neighbour"]
        assert len(border["neighbours"]) == 2
        assert (border["distance_m"], border["measured_from"]) == (0.0, "edge")
