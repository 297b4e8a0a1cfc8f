"""The place box at the API: coordinates to communes of both editions."""

from typing import Any

import pytest
from pyproj import Transformer
from starlette.testclient import TestClient

# Môn Sơn, of the embedded edition; it was in the district of Con Cuông.
LONGITUDE, LATITUDE = 104.848, 18.8885


def ask(client: TestClient, text: str, **query: str) -> list[dict[str, Any]]:
    answer = client.get("/api/v1/places", params={"q": text, **query})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["places"]
    return found


def codes(place: dict[str, Any]) -> dict[str, str]:
    return {f"{unit['edition']} {unit['level']}": unit["code"] for unit in place["units"]}


@pytest.mark.parametrize("text", ["18,8885; 104,848", "48QVF8399188497", "geo:18.8885,104.848"])
def test_coordinates_have_units_in_both_editions(client: TestClient, text: str) -> None:
    (place,) = ask(client, text)
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
    found = ask(client, "2510000 480000", province="Tuyên Quang")
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


@pytest.mark.parametrize(
    "text", ["không có nơi nào cả", "'; DROP TABLE unit; --", "{{ 7*7 }}", "1" * 1999]
)
def test_other_text_has_no_position(client: TestClient, text: str) -> None:
    assert ask(client, text) == []
